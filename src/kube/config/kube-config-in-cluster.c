/* kube-config-in-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-in-cluster.h"

#include <string.h>

#define NAME "in-cluster"

/* { "name": "in-cluster", MEMBER: ENTRY }, the only element of a list. */
static void
add_list (JsonObject *root,
          const char *list,
          const char *member,
          JsonObject *entry)
{
  JsonArray  *array = json_array_new ();
  JsonObject *element = json_object_new ();

  json_object_set_string_member (element, "name", NAME);
  json_object_set_object_member (element, member, entry);
  json_array_add_object_element (array, element);
  json_object_set_array_member (root, list, array);
}

static JsonObject *
build_cluster (const char *directory,
               const char *host,
               const char *port)
{
  JsonObject      *cluster = json_object_new ();
  g_autofree char *authority = g_build_filename (directory, "ca.crt", NULL);
  g_autofree char *server = NULL;

  server = g_strdup_printf (strchr (host, ':') != NULL ? "https://[%s]:%s" : "https://%s:%s", host,
                            port);
  json_object_set_string_member (cluster, "server", server);
  /* As in client-go, the system's authorities count without it. */
  if (g_file_test (authority, G_FILE_TEST_IS_REGULAR))
    json_object_set_string_member (cluster, "certificate-authority", authority);

  return cluster;
}

static JsonObject *
build_context (const char *directory)
{
  JsonObject      *context = json_object_new ();
  const char      *given = g_getenv ("POD_NAMESPACE");
  g_autofree char *path = g_build_filename (directory, "namespace", NULL);
  g_autofree char *namespace_ = NULL;

  json_object_set_string_member (context, "cluster", NAME);
  json_object_set_string_member (context, "user", NAME);
  /* What the pod was told of itself counts first (client-go: tools/clientcmd/client_config.go). */
  if (given != NULL && *given != '\0')
    json_object_set_string_member (context, "namespace", given);
  else if (g_file_get_contents (path, &namespace_, NULL, NULL) &&
           g_utf8_validate (namespace_, -1, NULL) && *g_strstrip (namespace_) != '\0')
    json_object_set_string_member (context, "namespace", namespace_);

  return context;
}

/**
 * kube_config_in_cluster_build: (skip)
 * @directory: where a pod finds its service account, %KUBE_CONFIG_IN_CLUSTER_DIRECTORY
 *
 * Builds a kubeconfig for a program that runs in a pod, by the rules of client-go
 * (rest/config.go, InClusterConfig): the variables `KUBERNETES_SERVICE_HOST` and
 * `KUBERNETES_SERVICE_PORT`, the files `token`, `ca.crt` and `namespace`, and before the last the
 * variable `POD_NAMESPACE`. Its path is that
 * of the token. This blocks and belongs into a thread.
 *
 * Returns: (transfer full) (nullable): a document with one context, %NULL outside of a pod
 */
KubeConfigDocument *
kube_config_in_cluster_build (const char *directory)
{
  const char      *host = g_getenv ("KUBERNETES_SERVICE_HOST");
  const char      *port = g_getenv ("KUBERNETES_SERVICE_PORT");
  g_autofree char *token = NULL;
  JsonNode        *node;
  JsonObject      *root;
  JsonObject      *user;

  g_return_val_if_fail (directory != NULL && g_path_is_absolute (directory), NULL);

  token = g_build_filename (directory, "token", NULL);
  if (host == NULL || *host == '\0' || port == NULL || *port == '\0' ||
      !g_file_test (token, G_FILE_TEST_IS_REGULAR))
    return NULL;

  node = json_node_new (JSON_NODE_OBJECT);
  root = json_object_new ();
  json_node_take_object (node, root);
  user = json_object_new ();
  json_object_set_string_member (user, "tokenFile", token);
  add_list (root, "clusters", "cluster", build_cluster (directory, host, port));
  add_list (root, "users", "user", user);
  add_list (root, "contexts", "context", build_context (directory));
  json_object_set_string_member (root, "current-context", NAME);

  return kube_config_document_new (token, node);
}
