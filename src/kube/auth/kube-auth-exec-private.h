/* kube-auth-exec-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-auth-exec.h"

G_BEGIN_DECLS

/* How long a program may take; it may wait for a sign-in in the browser. */
#define KUBE_AUTH_EXEC_SECONDS 60

void _kube_auth_exec_set_seconds (KubeAuthExec *self,
                                  guint         seconds);

G_END_DECLS
