/* stack-image-scratch-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     _stack_image_scratch_make_async (GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
char    *_stack_image_scratch_make_finish (GAsyncResult *result,
                                           GError      **error);
void     _stack_image_scratch_remove_async (const char         *path,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
gboolean _stack_image_scratch_remove_finish (GAsyncResult *result,
                                             GError      **error);

G_END_DECLS
