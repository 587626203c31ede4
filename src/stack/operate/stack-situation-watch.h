/* stack-situation-watch.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-reflector.h"

G_BEGIN_DECLS

#define STACK_TYPE_SITUATION_WATCH (stack_situation_watch_get_type ())

G_DECLARE_FINAL_TYPE (StackSituationWatch, stack_situation_watch, STACK, SITUATION_WATCH, GObject)

StackSituationWatch *stack_situation_watch_new (KubeClient    *client,
                                                const char    *ns,
                                                KubeReflector *pods);

G_END_DECLS
