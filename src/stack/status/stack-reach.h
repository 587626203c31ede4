/* stack-reach.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-config.h"

G_BEGIN_DECLS

/* What came of asking one cluster for its version. Either @version or @error is set. */
typedef struct
{
  KubeContext *context;
  char        *version;
  GError      *error;
} StackReach;

void       stack_reach_check_async (KubeConfig         *config,
                                    GCancellable       *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer            user_data);
GPtrArray *stack_reach_check_finish (GAsyncResult *result,
                                     GError      **error);

G_END_DECLS
