/* kube-exec-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-exec-cluster.h"

#include "base-json.h"
#include "kube-context-private.h"

/**
 * kube_exec_cluster_build:
 * @context: a context
 * @authorities: (nullable): the authorities of its cluster in PEM form
 * @length: their length in bytes
 *
 * Builds what a program that signs in is told about the cluster (the type `Cluster` of
 * client.authentication.k8s.io/v1). Fields without a value are left out.
 *
 * Returns: (transfer full): an object
 */
JsonNode *
kube_exec_cluster_build (KubeContext *context,
                         const char  *authorities,
                         gsize        length)
{
  JsonNode        *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject      *cluster = json_object_new ();
  g_autofree char *data = NULL;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (authorities != NULL || length == 0, NULL);

  json_node_take_object (node, cluster);
  json_object_set_string_member (cluster, "server", context->server);
  if (context->tls_server_name != NULL)
    json_object_set_string_member (cluster, "tls-server-name", context->tls_server_name);
  if (context->insecure)
    json_object_set_boolean_member (cluster, "insecure-skip-tls-verify", TRUE);
  if (length > 0)
    {
      data = g_base64_encode ((const guchar *) authorities, length);
      json_object_set_string_member (cluster, "certificate-authority-data", data);
    }
  if (context->proxy_url != NULL)
    json_object_set_string_member (cluster, "proxy-url", context->proxy_url);
  if (context->disable_compression)
    json_object_set_boolean_member (cluster, "disable-compression", TRUE);
  if (context->exec_settings != NULL)
    json_object_set_member (cluster, "config",
                            base_json_parse (context->exec_settings, -1, NULL));

  return node;
}
