/* stack-image-program-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-image-output.h"

G_BEGIN_DECLS

void     _stack_image_program_run_async (const char *const  *argv,
                                         const char *const  *environment,
                                         StackImageOutput   *output,
                                         GString            *document,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean _stack_image_program_run_finish (GAsyncResult *result,
                                          int          *exit_status,
                                          GError      **error);

G_END_DECLS
