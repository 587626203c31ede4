/* kube-duration.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean kube_duration_parse (const char *text,
                              gint64     *nanoseconds,
                              GError    **error);
char    *kube_duration_print (gint64 nanoseconds);
char    *kube_duration_print_short (gint64 nanoseconds);

G_END_DECLS
