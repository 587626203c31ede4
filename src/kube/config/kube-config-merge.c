/* kube-config-merge.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-private.h"

#include <string.h>

#include "base-json.h"
#include "base-redact.h"
#include "kube-auth-provider.h"
#include "kube-context-private.h"
#include "kube-error.h"
#include "kube-exec-config.h"
#include "kube-impersonation.h"
#include "kube-material.h"
#include "kube-proxy-url.h"

/* A named entry of one of the lists "clusters", "users" and "contexts". */
typedef struct
{
  const char *path; /* of the file that it stands in */
  JsonNode   *node; /* (nullable) its contents */
} Entry;

typedef struct
{
  GHashTable *clusters;      /* (element-type utf8 Entry) */
  GHashTable *users;         /* (element-type utf8 Entry) */
  GHashTable *contexts;      /* (element-type utf8 Entry) */
  GPtrArray  *context_names; /* (element-type utf8) in the order of the files */
} Entries;

static void
entries_clear (Entries *entries)
{
  g_clear_pointer (&entries->clusters, g_hash_table_unref);
  g_clear_pointer (&entries->users, g_hash_table_unref);
  g_clear_pointer (&entries->contexts, g_hash_table_unref);
  g_clear_pointer (&entries->context_names, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Entries, entries_clear)

static gboolean
is_unset (JsonNode *node)
{
  return node == NULL || JSON_NODE_HOLDS_NULL (node);
}

static gboolean
is_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

static gboolean
check_root (KubeConfigDocument *document,
            GError            **error)
{
  const char *kind;
  const char *version;

  if (is_unset (document->root))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (document->root))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "%s is not a kubeconfig: it does not consist of named fields such as "
                   "“clusters:” and “contexts:”. Choose another file.",
                   document->path);
      return FALSE;
    }
  kind = base_json_get_string (document->root, "kind", NULL);
  if (kind != NULL && *kind != '\0' && strcmp (kind, "Config") != 0)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "%s is not a kubeconfig: it describes a %s. Choose another file.",
                   document->path, kind);
      return FALSE;
    }
  version = base_json_get_string (document->root, "apiVersion", NULL);
  if (version != NULL && *version != '\0' && strcmp (version, "v1") != 0)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "%s is a kubeconfig of version “%s”, and only v1 is known. Check “apiVersion”, or "
                   "fetch the kubeconfig anew.",
                   document->path, version);
      return FALSE;
    }

  return TRUE;
}

/* The first file wins for each name, with the whole entry; a name that stands twice in the same
 * file is a mistake (client-go: clientcmd/api/v1/conversion.go). */
static gboolean
add_entry (GHashTable         *table,
           GPtrArray          *names,
           KubeConfigDocument *document,
           const char         *list,
           const char         *member,
           JsonNode           *element,
           GError            **error)
{
  const char *name = base_json_get_string (element, "name", NULL);
  Entry      *entry;

  if (name == NULL)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The kubeconfig %s has an entry under “%s” without a name. Add “name” with a "
                   "text in quotes.",
                   document->path, list);
      return FALSE;
    }

  entry = g_hash_table_lookup (table, name);
  if (entry != NULL && entry->path == document->path)
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The kubeconfig %s names “%s” twice under “%s”. Remove or rename one of the "
                   "two.",
                   document->path, name, list);
      return FALSE;
    }
  if (entry != NULL)
    return TRUE;

  entry = g_new0 (Entry, 1);
  entry->path = document->path;
  entry->node = base_json_get (element, member, NULL);
  g_hash_table_insert (table, g_strdup (name), entry);
  if (names != NULL)
    g_ptr_array_add (names, g_strdup (name));

  return TRUE;
}

static gboolean
add_list (GHashTable         *table,
          GPtrArray          *names,
          KubeConfigDocument *document,
          const char         *list,
          const char         *member,
          GError            **error)
{
  JsonNode  *node = base_json_get (document->root, list, NULL);
  JsonArray *array;

  if (is_unset (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The kubeconfig %s is not in order: “%s” is not a list. Correct it, or choose "
                   "another file.",
                   document->path, list);
      return FALSE;
    }

  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!add_entry (table, names, document, list, member, json_array_get_element (array, i),
                    error))
      return FALSE;

  return TRUE;
}

static gboolean
collect_entries (GPtrArray *documents,
                 Entries   *entries,
                 GError   **error)
{
  entries->clusters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  entries->users = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  entries->contexts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  entries->context_names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < documents->len; i++)
    {
      KubeConfigDocument *document = g_ptr_array_index (documents, i);

      if (!check_root (document, error) ||
          !add_list (entries->clusters, NULL, document, "clusters", "cluster", error) ||
          !add_list (entries->users, NULL, document, "users", "user", error) ||
          !add_list (entries->contexts, entries->context_names, document, "contexts", "context",
                     error))
        return FALSE;
    }

  return TRUE;
}

/* The first problem is the one that is told. */
static void G_GNUC_PRINTF (2, 3)
    set_problem (KubeContext *self,
                 const char  *format,
                 ...)
{
  va_list arguments;

  if (self->problem != NULL)
    return;

  va_start (arguments, format);
  self->problem = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

/* Both absent and empty are unset, as in client-go. */
static char *
dup_text (KubeContext *self,
          JsonNode    *node,
          const char  *field)
{
  JsonNode   *member = base_json_get (node, field, NULL);
  const char *text;

  if (is_unset (member))
    return NULL;
  if (!is_text (member))
    {
      set_problem (self, "The field “%s” must hold a text. Put its value in quotes.", field);
      return NULL;
    }
  text = json_node_get_string (member);

  return *text != '\0' ? g_strdup (text) : NULL;
}

static char *
dup_secret (KubeContext *self,
            JsonNode    *node,
            const char  *field)
{
  char *secret = dup_text (self, node, field);

  if (secret != NULL)
    base_redact_add (secret);

  return secret;
}

/* What is not base64 is an error in client-go, too (encoding/json); line breaks are not. */
static char *
dup_data (KubeContext *self,
          JsonNode    *node,
          const char  *field)
{
  char *data = dup_text (self, node, field);

  if (data != NULL && !kube_material_is_base64 (data))
    set_problem (self, "The field “%s” is not in base64. Fetch the kubeconfig anew.", field);

  return data;
}

static char *
dup_path (KubeContext *self,
          const Entry *entry,
          const char  *field)
{
  g_autofree char *path = dup_text (self, entry->node, field);
  g_autofree char *directory = NULL;

  if (path == NULL || g_path_is_absolute (path))
    return g_steal_pointer (&path);

  directory = g_path_get_dirname (entry->path);
  return g_build_filename (directory, path, NULL);
}

static gboolean
read_flag (KubeContext *self,
           JsonNode    *node,
           const char  *field)
{
  JsonNode *member = base_json_get (node, field, NULL);

  if (is_unset (member))
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (member) || json_node_get_value_type (member) != G_TYPE_BOOLEAN)
    {
      set_problem (self, "The field “%s” must be true or false, without quotes.", field);
      return FALSE;
    }

  return json_node_get_boolean (member);
}

static void
check_server (KubeContext *self)
{
  g_autoptr(GUri) uri = NULL;

  if (self->server == NULL)
    {
      set_problem (self, "The cluster “%s” has no server address. Add “server” to it.",
                   self->cluster_name);
      return;
    }

  uri = g_uri_parse (self->server, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (strcmp (g_uri_get_scheme (uri), "https") != 0 &&
       strcmp (g_uri_get_scheme (uri), "http") != 0) ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL)
    set_problem (self, "The server address of the cluster “%s” is not usable. Write it as "
                       "https://HOST:PORT.",
                 self->cluster_name);

  /* A password may stand in it: then it must not be shown. */
  if (uri != NULL && g_uri_get_userinfo (uri) != NULL)
    g_clear_pointer (&self->server, g_free);
}

static void
fill_proxy (KubeContext *self,
            JsonNode    *cluster)
{
  g_autofree char *problem = NULL;
  g_autoptr(GUri) uri = NULL;

  self->proxy_url = dup_text (self, cluster, "proxy-url");
  if (self->proxy_url == NULL)
    return;

  uri = g_uri_parse (self->proxy_url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri != NULL && g_uri_get_password (uri) != NULL)
    {
      self->proxy_password = g_strdup (g_uri_get_password (uri));
      base_redact_add (self->proxy_password);
    }
  problem = kube_proxy_url_find_problem (self->proxy_url, self->cluster_name);
  if (problem != NULL)
    set_problem (self, "%s", problem);
}

/* What the cluster has for the program by which its users sign in is an extension with a
 * reserved name (client-go: rest/exec.go). */
static void
fill_exec_settings (KubeContext *self,
                    JsonNode    *cluster)
{
  JsonArray *extensions = base_json_get_array (cluster, "extensions", NULL);

  for (guint i = 0; extensions != NULL && i < json_array_get_length (extensions); i++)
    {
      JsonNode *element = json_array_get_element (extensions, i);
      JsonNode *settings = base_json_get (element, "extension", NULL);

      if (self->exec_settings == NULL && !is_unset (settings) &&
          g_strcmp0 (base_json_get_string (element, "name", NULL),
                     "client.authentication.k8s.io/exec") == 0)
        self->exec_settings = base_json_print (settings, FALSE);
    }
}

/* Programs that make clusters sign them so (minikube: pkg/minikube/kubeconfig/extension.go). */
static void
fill_provider (KubeContext *self,
               JsonNode    *cluster)
{
  JsonArray *extensions = base_json_get_array (cluster, "extensions", NULL);

  for (guint i = 0; extensions != NULL && i < json_array_get_length (extensions); i++)
    {
      JsonNode   *element = json_array_get_element (extensions, i);
      const char *provider = base_json_get_string (element, "extension", "provider", NULL);

      if (self->provider == NULL)
        self->provider = g_strdup (provider);
    }
}

static void
fill_cluster (KubeContext *self,
              const Entry *entry)
{
  gsize length;

  self->server = dup_text (self, entry->node, "server");
  length = self->server != NULL ? strlen (self->server) : 0;
  while (length > 0 && self->server[length - 1] == '/')
    self->server[--length] = '\0';
  check_server (self);

  self->tls_server_name = dup_text (self, entry->node, "tls-server-name");
  self->authority_file = dup_path (self, entry, "certificate-authority");
  self->authority_data = dup_data (self, entry->node, "certificate-authority-data");
  self->insecure = read_flag (self, entry->node, "insecure-skip-tls-verify");

  if (self->authority_file != NULL && self->authority_data != NULL)
    set_problem (self, "The cluster “%s” has both “certificate-authority” and "
                       "“certificate-authority-data”. Remove one of the two.",
                 self->cluster_name);
  if (self->insecure && (self->authority_file != NULL || self->authority_data != NULL))
    set_problem (self, "The cluster “%s” has a certificate authority and also says "
                       "“insecure-skip-tls-verify”. Remove “insecure-skip-tls-verify”, so that the "
                       "server is checked.",
                 self->cluster_name);
  fill_proxy (self, entry->node);
  self->disable_compression = read_flag (self, entry->node, "disable-compression");
  fill_exec_settings (self, entry->node);
  fill_provider (self, entry->node);
}

static void
check_pair (KubeContext *self)
{
  gboolean certificate = self->certificate_file != NULL || self->certificate_data != NULL;
  gboolean key = self->key_file != NULL || self->key_data != NULL;

  if (self->certificate_file != NULL && self->certificate_data != NULL)
    set_problem (self, "The user “%s” has both “client-certificate” and "
                       "“client-certificate-data”. Remove one of the two.",
                 self->user_name);
  if (self->key_file != NULL && self->key_data != NULL)
    set_problem (self, "The user “%s” has both “client-key” and “client-key-data”. Remove one "
                       "of the two.",
                 self->user_name);
  if (certificate && !key)
    set_problem (self, "The user “%s” has a client certificate without its private key. Add "
                       "“client-key”.",
                 self->user_name);
}

static gboolean
has_credentials (KubeContext *self)
{
  return self->token != NULL || self->token_file != NULL || self->username != NULL ||
         self->certificate_file != NULL || self->certificate_data != NULL;
}

/* client-go does not look at a key without a certificate, which is fine where there is another way
 * to sign in. */
static void
check_lonely_key (KubeContext *self)
{
  if ((self->key_file != NULL || self->key_data != NULL) && !has_credentials (self) &&
      self->auth_exec == NULL)
    set_problem (self, "The user “%s” has a private key without its client certificate. Add "
                       "“client-certificate”.",
                 self->user_name);
}

static void
fill_impersonation (KubeContext *self,
                    JsonNode    *user)
{
  g_autofree char *problem = NULL;

  self->impersonation = kube_impersonation_read (user, self->user_name, &problem);
  if (problem != NULL)
    set_problem (self, "%s", problem);
}

/* All that a program is run with, in a form from which nothing can be guessed. */
static char *
build_exec_key (KubeContext *self,
                const char  *path,
                JsonNode    *exec)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  char       *printed = base_json_print (exec, FALSE);
  const char *texts[] = {
    path,
    self->user_name,
    printed,
    self->server,
    self->tls_server_name,
    self->authority_file,
    self->authority_data,
    self->insecure ? "insecure" : NULL,
    self->proxy_url,
    self->disable_compression ? "uncompressed" : NULL,
    self->exec_settings,
  };

  /* A NUL ends each text, and something else stands for one that is not there. */
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_checksum_update (checksum, (const guchar *) (texts[i] != NULL ? texts[i] : "\1"),
                       texts[i] != NULL ? (gssize) strlen (texts[i]) + 1 : 2);
  explicit_bzero (printed, strlen (printed));
  g_free (printed);

  return g_strdup (g_checksum_get_string (checksum));
}

/* A program is not run when the user has other credentials (client-go:
 * plugin/pkg/client/auth/exec/exec.go), but it has to be in order all the same
 * (tools/clientcmd/validation.go). */
static void
fill_plugins (KubeContext *self,
              const Entry *entry)
{
  JsonNode        *exec = base_json_get (entry->node, "exec", NULL);
  JsonNode        *provider = base_json_get (entry->node, "auth-provider", NULL);
  const char      *name = base_json_get_string (provider, "name", NULL);
  g_autofree char *problem = NULL;
  g_autofree char *key = NULL;
  KubeExecConfig  *config;

  if (!is_unset (exec) && !is_unset (provider))
    set_problem (self, "The user “%s” has both “exec” and “auth-provider”. Remove one of the "
                       "two.",
                 self->user_name);
  if (!is_unset (provider))
    {
      problem = kube_auth_provider_find_problem (name, self->user_name);
      set_problem (self, "%s", problem);
    }
  if (is_unset (exec) || !is_unset (provider))
    return;

  config = kube_exec_config_new (exec, entry->path, self->user_name, !has_credentials (self),
                                 &problem);
  if (config == NULL)
    set_problem (self, "%s", problem);
  else if (has_credentials (self))
    kube_exec_config_free (config);
  else
    {
      key = build_exec_key (self, entry->path, exec);
      self->auth_exec = kube_auth_exec_dup_shared (config, self->user_name, key);
    }
}

static void
fill_user (KubeContext *self,
           const Entry *entry)
{
  self->certificate_file = dup_path (self, entry, "client-certificate");
  self->certificate_data = dup_data (self, entry->node, "client-certificate-data");
  self->key_file = dup_path (self, entry, "client-key");
  self->key_data = dup_data (self, entry->node, "client-key-data");
  if (self->key_data != NULL)
    base_redact_add (self->key_data);
  self->token_file = dup_path (self, entry, "tokenFile");
  self->token = dup_secret (self, entry->node, "token");
  self->username = dup_text (self, entry->node, "username");
  self->password = dup_secret (self, entry->node, "password");

  check_pair (self);
  if ((self->token != NULL || self->token_file != NULL) &&
      (self->username != NULL || self->password != NULL))
    set_problem (self, "The user “%s” has both a token and a name with password. Remove one of "
                       "the two.",
                 self->user_name);
  if (self->password != NULL && self->username == NULL)
    set_problem (self, "The user “%s” has a password without a name. Add “username”.",
                 self->user_name);
  fill_impersonation (self, entry->node);
  fill_plugins (self, entry);
  check_lonely_key (self);
}

static void
resolve_cluster (KubeContext *self,
                 GHashTable  *clusters)
{
  Entry *entry = NULL;

  if (self->cluster_name == NULL)
    set_problem (self, "The context “%s” names no cluster. Add “cluster” to it.", self->name);
  else
    entry = g_hash_table_lookup (clusters, self->cluster_name);

  if (entry != NULL)
    fill_cluster (self, entry);
  else if (self->cluster_name != NULL)
    set_problem (self, "The context “%s” refers to the cluster “%s”, which the kubeconfig does "
                       "not have. The cluster may have been deleted or stopped: start it again, or "
                       "choose another context.",
                 self->name, self->cluster_name);
}

/* Without a user, requests go out without credentials, as in client-go. */
static void
resolve_user (KubeContext *self,
              GHashTable  *users)
{
  Entry *entry;

  if (self->user_name == NULL)
    return;

  entry = g_hash_table_lookup (users, self->user_name);
  if (entry != NULL)
    fill_user (self, entry);
  else
    set_problem (self, "The context “%s” refers to the user “%s”, which the kubeconfig does not "
                       "have. Add the user, or choose another context.",
                 self->name, self->user_name);
}

/* RFC 1123, as Kubernetes has it for the names of namespaces. */
static gboolean
is_label (const char *name)
{
  gsize length = strlen (name);

  return length <= 63 && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
         g_ascii_isalnum (name[0]) && g_ascii_isalnum (name[length - 1]);
}

static void
check_names (KubeContext *self)
{
  if (*self->name == '\0')
    set_problem (self, "The context has an empty name. Give it one in the kubeconfig.");
  if (!is_label (self->namespace_))
    set_problem (self, "The context “%s” names the namespace “%s”, which cannot be one: it may hold "
                       "lower-case letters, digits and hyphens only, at most 63, with a letter or "
                       "a digit at both ends. Correct it.",
                 self->name, self->namespace_);
}

static KubeContext *
build_context (const char *name,
               Entries    *entries)
{
  const Entry *entry = g_hash_table_lookup (entries->contexts, name);
  KubeContext *self = g_object_new (KUBE_TYPE_CONTEXT, NULL);

  self->name = g_strdup (name);
  self->source = g_strdup (entry->path);
  self->cluster_name = dup_text (self, entry->node, "cluster");
  self->user_name = dup_text (self, entry->node, "user");
  self->namespace_ = dup_text (self, entry->node, "namespace");
  if (self->namespace_ == NULL)
    self->namespace_ = g_strdup ("default");
  check_names (self);
  resolve_cluster (self, entries->clusters);
  resolve_user (self, entries->users);

  return self;
}

static char *
find_current_context (GPtrArray *documents)
{
  for (guint i = 0; i < documents->len; i++)
    {
      KubeConfigDocument *document = g_ptr_array_index (documents, i);
      const char         *name = base_json_get_string (document->root, "current-context", NULL);

      if (name != NULL && *name != '\0')
        return g_strdup (name);
    }

  return NULL;
}

static gboolean
check_any_content (GPtrArray *documents,
                   GError   **error)
{
  KubeConfigDocument *first = g_ptr_array_index (documents, 0);

  for (guint i = 0; i < documents->len; i++)
    {
      KubeConfigDocument *document = g_ptr_array_index (documents, i);

      if (!is_unset (document->root))
        return TRUE;
    }

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
               "The kubeconfig %s is empty. Create a cluster (for Minikube: minikube start), or "
               "copy the kubeconfig of your cluster there.",
               first->path);
  return FALSE;
}

/**
 * kube_config_merge:
 * @documents: (element-type KubeConfigDocument): the files, at least one, the most important
 *   first
 * @contexts: (element-type KubeContext): an empty list to fill
 * @current_context: (out) (transfer full) (nullable): the current context's name
 * @error: return location for an error
 *
 * Merges the files of a kubeconfig by the rules of client-go (tools/clientcmd/loader.go): the
 * first file wins for each named entry, with the whole entry; the current context is from the
 * first file that sets one; relative paths start at the folder of the file that they stand in.
 * What is wrong with a single context becomes its problem.
 *
 * Possible errors: %KUBE_ERROR_CONFIG where a file is not in order as a whole.
 *
 * Returns: %TRUE on success
 */
gboolean
kube_config_merge (GPtrArray  *documents,
                   GListStore *contexts,
                   char      **current_context,
                   GError    **error)
{
  g_auto(Entries) entries = { NULL, NULL, NULL, NULL };

  g_return_val_if_fail (documents != NULL && documents->len > 0, FALSE);
  g_return_val_if_fail (G_IS_LIST_STORE (contexts), FALSE);
  g_return_val_if_fail (current_context != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!check_any_content (documents, error) || !collect_entries (documents, &entries, error))
    return FALSE;

  for (guint i = 0; i < entries.context_names->len; i++)
    {
      g_autoptr(KubeContext) context = NULL;

      context = build_context (g_ptr_array_index (entries.context_names, i), &entries);
      g_list_store_append (contexts, context);
    }
  *current_context = find_current_context (documents);

  return TRUE;
}
