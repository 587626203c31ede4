/* kube-label.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean kube_label_is_key (const char *text);
gboolean kube_label_is_value (const char *text);
char    *kube_label_print_all (JsonNode *labels);

G_END_DECLS
