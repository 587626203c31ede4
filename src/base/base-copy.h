/* base-copy.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     base_copy_async (GInputStream       *source,
                          GOutputStream      *target,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data);
gboolean base_copy_finish (GAsyncResult *result,
                           GError      **error);

G_END_DECLS
