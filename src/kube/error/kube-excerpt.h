/* kube-excerpt.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kube_excerpt_new (const char *data,
                        gssize      length);
char *kube_excerpt_dup_text (const char *data,
                             gssize      length);

G_END_DECLS
