/* stack-ingress.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-ingress-private.h"

#include "base-json.h"

/* What an Ingress says of its first rule, and its controller of where that is served. */

#define HTTP_PORT 80
#define HTTPS_PORT 443

static JsonNode *
get_first (JsonArray *array)
{
  return array != NULL && json_array_get_length (array) > 0 ? json_array_get_element (array, 0)
                                                            : NULL;
}

/*
 * stack_ingress_get_host:
 * @ingress: (nullable): an Ingress
 *
 * Returns: (transfer none) (nullable): the host name
 */
const char *
stack_ingress_get_host (JsonNode *ingress)
{
  JsonNode *rule = get_first (base_json_get_array (ingress, "spec", "rules", NULL));

  return base_json_get_string (rule, "host", NULL);
}

static JsonNode *
get_tls (JsonNode *ingress)
{
  return get_first (base_json_get_array (ingress, "spec", "tls", NULL));
}

/*
 * stack_ingress_has_tls:
 * @ingress: an Ingress
 *
 * Returns: whether it ends TLS; one that does not is served without
 */
gboolean
stack_ingress_has_tls (JsonNode *ingress)
{
  return get_tls (ingress) != NULL;
}

/*
 * stack_ingress_get_scheme:
 * @ingress: an Ingress
 *
 * Returns: (transfer none): "https" or "http"
 */
const char *
stack_ingress_get_scheme (JsonNode *ingress)
{
  return stack_ingress_has_tls (ingress) ? "https" : "http";
}

/*
 * stack_ingress_get_secret:
 * @ingress: an Ingress
 *
 * Returns: (transfer none) (nullable): the name of the Secret with its certificate
 */
const char *
stack_ingress_get_secret (JsonNode *ingress)
{
  return base_json_get_string (get_tls (ingress), "secretName", NULL);
}

static JsonNode *
get_entry (JsonNode *ingress)
{
  return get_first (base_json_get_array (ingress, "status", "loadBalancer", "ingress", NULL));
}

/*
 * stack_ingress_get_address:
 * @ingress: an Ingress
 *
 * Returns: (transfer none) (nullable): the IP address or the name at which its controller serves it;
 *   %NULL while none does
 */
const char *
stack_ingress_get_address (JsonNode *ingress)
{
  JsonNode   *entry = get_entry (ingress);
  const char *ip = base_json_get_string (entry, "ip", NULL);

  return ip != NULL ? ip : base_json_get_string (entry, "hostname", NULL);
}

/*
 * stack_ingress_get_port:
 * @ingress: an Ingress
 *
 * Where a controller lists its ports (IngressPortStatus), the usual one for the scheme if it is among
 * them. Else they stand in the usual order: that for plain HTTP first, that for TLS last.
 *
 * Returns: the port at which it is served
 */
guint16
stack_ingress_get_port (JsonNode *ingress)
{
  gboolean   tls = stack_ingress_has_tls (ingress);
  JsonArray *ports = base_json_get_array (get_entry (ingress), "ports", NULL);
  guint      n = ports != NULL ? json_array_get_length (ports) : 0;
  gint64     usual = tls ? HTTPS_PORT : HTTP_PORT;
  gint64     other = tls ? HTTP_PORT : HTTPS_PORT;
  gint64     found = usual;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *status = json_array_get_element (ports, tls ? i : n - 1 - i);
      gint64    port = base_json_get_int (status, 0, "port", NULL);

      if (port == usual)
        return (guint16) usual;
      if (port > 0 && port <= G_MAXUINT16 && port != other)
        found = port;
    }

  return (guint16) found;
}
