/* cli-settings.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-settings.h"

G_BEGIN_DECLS

GPtrArray *cli_settings_list_missing (StackSettings *settings);
void       cli_settings_read_environment (StackSettings *settings);
void       cli_settings_read_file_async (StackSettings      *settings,
                                         const char         *path,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
gboolean   cli_settings_read_file_finish (StackSettings *settings,
                                          GAsyncResult  *result,
                                          GError       **error);

G_END_DECLS
