/* cli-review.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

#include "stack-plan.h"

G_BEGIN_DECLS

void       cli_review_run_async (CliInvocation      *invocation,
                                 GCancellable       *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer            user_data);
StackPlan *cli_review_run_finish (GAsyncResult *result,
                                  GError      **error);

G_END_DECLS
