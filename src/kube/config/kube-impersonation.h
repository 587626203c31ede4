/* kube-impersonation.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

GStrv kube_impersonation_read (JsonNode   *user,
                               const char *user_name,
                               char      **problem);

G_END_DECLS
