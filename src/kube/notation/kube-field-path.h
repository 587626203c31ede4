/* kube-field-path.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean kube_field_path_split (const char *path,
                                char      **field,
                                char      **subscript);
char    *kube_field_path_read (JsonNode   *pod,
                               const char *path,
                               GError    **error);
char    *kube_field_path_dup_container (const char *path);

G_END_DECLS
