/* kube-condition.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode   *kube_condition_find (JsonNode   *object,
                                 const char *type);
const char *kube_condition_get_reason (JsonNode   *object,
                                       const char *type);
gboolean    kube_condition_is_true (JsonNode   *object,
                                    const char *type);
gboolean    kube_condition_is_false (JsonNode   *object,
                                     const char *type);

G_END_DECLS
