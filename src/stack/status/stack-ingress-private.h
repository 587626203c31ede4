/* stack-ingress-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The name of the app's Ingress. */
#define STACK_APP_INGRESS "hackystack-ingress"

const char *stack_ingress_get_host (JsonNode *ingress);
gboolean    stack_ingress_has_tls (JsonNode *ingress);
const char *stack_ingress_get_scheme (JsonNode *ingress);
const char *stack_ingress_get_secret (JsonNode *ingress);
const char *stack_ingress_get_address (JsonNode *ingress);
guint16     stack_ingress_get_port (JsonNode *ingress);

G_END_DECLS
