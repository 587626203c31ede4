/* stack-knock-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void  stack_knock_async (const char         *address,
                         guint16             port,
                         const char         *host,
                         const char         *path,
                         gboolean            tls,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data);
guint stack_knock_finish (GAsyncResult     *result,
                          GTlsCertificate **certificate,
                          GError          **error);

G_END_DECLS
