/* kube-list.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "kube-resource.h"

G_BEGIN_DECLS

gboolean kube_list_check (const KubeResource *resource,
                          JsonNode           *list,
                          GError            **error);

G_END_DECLS
