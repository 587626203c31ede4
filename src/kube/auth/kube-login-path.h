/* kube-login-path.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     kube_login_path_find_async (GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
char    *kube_login_path_find_finish (GAsyncResult *result,
                                      GError      **error);
gboolean kube_login_path_is_wanted (void);
char    *kube_login_path_extend (const char *path,
                                 const char *login_path);
char    *kube_login_path_search (const char *path,
                                 const char *program);

G_END_DECLS
