/* kube-exec-status.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KUBE_EXIT_NOT_EXECUTABLE 126
#define KUBE_EXIT_NOT_FOUND 127

gboolean kube_exec_status_parse (const char *text,
                                 const char *command,
                                 int        *exit_status,
                                 GError    **error);

G_END_DECLS
