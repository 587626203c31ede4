/* fake-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"

#include "base-json.h"
#include "kube-config.h"
#include "kube-selector.h"
#include "stack-test.h"

#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* A cluster in memory, for what a real one cannot be made to do at will: it keeps what is applied,
 * says that each Deployment has its pods, and answers with faults when a test has ordered them. */

typedef struct
{
  char *method;
  char *path;
  guint n_times; /* 0: always */
  guint status;  /* or a FakeClusterFault */
  char *body;
} Answer;

struct _FakeCluster
{
  GObject parent_instance;

  GHashTable *objects; /* (element-type utf8 JsonNode) (owned) path → object */
  GPtrArray  *answers; /* (element-type Answer) (owned) */
  GPtrArray  *log;     /* (element-type utf8) (owned) "METHOD path" */
  GArray     *pipes;   /* (element-type int) ends that keep watches open */
  guint       version;
  gboolean    jobs_fail;
};

static void fake_cluster_transport_init (KubeTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeCluster, fake_cluster, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (KUBE_TYPE_TRANSPORT, fake_cluster_transport_init))

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->method);
  g_free (answer->path);
  g_free (answer->body);
  g_free (answer);
}

static KubeResponse *
build_response (guint       status,
                const char *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);

  return kube_response_new (status, "application/json", NULL, -1, stream);
}

static KubeResponse *
build_status (guint       code,
              const char *reason,
              const char *message)
{
  g_autofree char *body = NULL;

  body = g_strdup_printf ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\","
                          "\"code\":%u,\"reason\":\"%s\",\"message\":\"%s\"}",
                          code, reason,
                          message);

  return build_response (code, body);
}

/* A watch that says nothing and stays open as long as the cluster. */
static KubeResponse *
build_watch (FakeCluster *self)
{
  g_autoptr(GInputStream) stream = NULL;
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_array_append_val (self->pipes, ends[1]);
  stream = g_unix_input_stream_new (ends[0], TRUE);

  return kube_response_new (200, "application/json", NULL, -1, stream);
}

/* What `labelSelector=` of a request for Secrets asks for; NULL for everything. The objects of other
 * kinds that tests put there have no labels. */
static KubeSelector *
read_selector (KubeRequest *request,
               const char  *path)
{
  const char      *found = strstr (kube_request_get_path (request), "labelSelector=");
  g_autofree char *escaped = NULL;
  g_autofree char *text = NULL;

  if (found == NULL || !g_str_has_suffix (path, "/secrets"))
    return NULL;

  found += strlen ("labelSelector=");
  escaped = g_strndup (found, strcspn (found, "&"));
  text = g_uri_unescape_string (escaped, NULL);

  return kube_selector_parse (text, NULL);
}

static gboolean
is_selected (KubeSelector *selector,
             JsonNode     *object)
{
  JsonObject *labels = base_json_get_object (object, "metadata", "labels", NULL);
  g_autoptr(GHashTable) table = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  if (selector == NULL)
    return TRUE;

  if (labels != NULL)
    {
      json_object_iter_init (&iter, labels);
      while (json_object_iter_next (&iter, &name, &value))
        g_hash_table_insert (table, (gpointer) name, (gpointer) json_node_get_string (value));
    }

  return kube_selector_matches (selector, table);
}

static KubeResponse *
build_list (FakeCluster *self,
            KubeRequest *request,
            const char  *path)
{
  g_autoptr(KubeSelector) selector = read_selector (request, path);
  g_autoptr(GString) body = g_string_new (NULL);
  g_autofree char *prefix = g_strconcat (path, "/", NULL);
  GHashTableIter   iter;
  gpointer         key;
  gpointer         object;
  guint            n = 0;

  g_string_printf (body, "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":"
                         "{\"resourceVersion\":\"%u\"},\"items\":[",
                   self->version);
  g_hash_table_iter_init (&iter, self->objects);
  while (g_hash_table_iter_next (&iter, &key, &object))
    {
      g_autofree char *text = NULL;

      if (!g_str_has_prefix (key, prefix) || strchr ((char *) key + strlen (prefix), '/') != NULL ||
          !is_selected (selector, object))
        continue;
      text = base_json_print (object, FALSE);
      g_string_append_printf (body, "%s%s", n++ > 0 ? "," : "", text);
    }
  g_string_append (body, "]}");

  return build_response (200, body->str);
}

/* An Ingress has its address at once: one at which nobody listens. */
static void
set_address (JsonNode *object)
{
  static const char text[] = "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"127.0.0.1\",\"ports\":["
                             "{\"port\":1,\"protocol\":\"TCP\"}]}]}}";
  g_autoptr(JsonNode) status = base_json_parse (text, -1, NULL);

  json_object_set_member (json_node_get_object (object), "status", g_steal_pointer (&status));
}

/* A Deployment has its pods at once. */
static void
set_ready (JsonNode *object)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) status = NULL;
  gint64 n = base_json_get_int (object, 1, "spec", "replicas", NULL);

  text = g_strdup_printf ("{\"observedGeneration\":1,\"replicas\":%d,\"updatedReplicas\":%d,"
                          "\"readyReplicas\":%d,\"availableReplicas\":%d,\"conditions\":["
                          "{\"type\":\"Available\",\"status\":\"True\"},{\"type\":\"Progressing\","
                          "\"status\":\"True\",\"reason\":\"NewReplicaSetAvailable\"}]}",
                          (int) n, (int) n, (int) n, (int) n);
  status = base_json_parse (text, -1, NULL);
  json_object_set_member (json_node_get_object (object), "status", g_steal_pointer (&status));
}

/* A Job has come to its end at once, in one way or the other. */
static void
set_ended (FakeCluster *self,
           JsonNode    *object)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) status = NULL;

  text = g_strdup_printf ("{\"conditions\":[{\"type\":\"%s\",\"status\":\"True\",\"message\":"
                          "\"it has had its tries\"}]}",
                          self->jobs_fail ? "Failed" : "Complete");
  status = base_json_parse (text, -1, NULL);
  json_object_set_member (json_node_get_object (object), "status", g_steal_pointer (&status));
}

static char *
build_digest (JsonNode *object)
{
  g_autoptr(JsonNode) copy = base_json_copy (object);
  JsonObject *metadata = base_json_get_object (copy, "metadata", NULL);

  json_object_remove_member (json_node_get_object (copy), "status");
  json_object_remove_member (metadata, "uid");
  json_object_remove_member (metadata, "resourceVersion");
  json_object_remove_member (metadata, "generation");
  json_object_remove_member (metadata, "managedFields");

  return base_json_digest (copy);
}

static gboolean
is_dry_run (KubeRequest *request)
{
  return strstr (kube_request_get_path (request), "dryRun=All") != NULL;
}

/* Everything that is applied belongs to whoever applied it last. */
static void
set_owner (JsonNode *object)
{
  static const char text[] = "[{\"manager\":\"hackystack-desktop\",\"operation\":\"Apply\","
                             "\"fieldsV1\":{\"f:all\":{}}}]";
  g_autoptr(JsonNode) entries = base_json_parse (text, -1, NULL);

  json_object_set_member (base_json_get_object (object, "metadata", NULL), "managedFields",
                          g_steal_pointer (&entries));
}

static KubeResponse *
apply (FakeCluster *self,
       KubeRequest *request,
       const char  *path)
{
  GBytes   *bytes = kube_request_get_body (request);
  JsonNode *before = g_hash_table_lookup (self->objects, path);
  g_autoptr(JsonNode) object = NULL;
  g_autofree char *digest_before = before != NULL ? build_digest (before) : NULL;
  g_autofree char *digest_after = NULL;
  g_autofree char *version = NULL;
  g_autofree char *text = NULL;
  JsonObject      *metadata;

  object = base_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  g_assert_nonnull (object);
  digest_after = build_digest (object);
  set_owner (object);
  if (g_strcmp0 (digest_before, digest_after) != 0 && is_dry_run (request))
    {
      text = base_json_print (object, FALSE);
      return build_response (before != NULL ? 200 : 201, text);
    }
  if (g_strcmp0 (digest_before, digest_after) != 0)
    {
      version = g_strdup_printf ("%u", ++self->version);
      metadata = base_json_get_object (object, "metadata", NULL);
      json_object_set_string_member (metadata, "uid", path);
      json_object_set_string_member (metadata, "resourceVersion", version);
      json_object_set_int_member (metadata, "generation", 1);
      if (g_strcmp0 (base_json_get_string (object, "kind", NULL), "Deployment") == 0)
        set_ready (object);
      if (g_strcmp0 (base_json_get_string (object, "kind", NULL), "Ingress") == 0)
        set_address (object);
      if (g_strcmp0 (base_json_get_string (object, "kind", NULL), "Job") == 0)
        set_ended (self, object);
      g_hash_table_replace (self->objects, g_strdup (path), json_node_ref (object));
    }

  text = base_json_print (g_hash_table_lookup (self->objects, path), FALSE);

  return build_response (before != NULL ? 200 : 201, text);
}

/* Members of the patch replace those of the object, null removes them (RFC 7396). */
static void
merge (JsonObject *object,
       JsonObject *patch)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  json_object_iter_init (&iter, patch);
  while (json_object_iter_next (&iter, &name, &value))
    {
      JsonNode *member = json_object_get_member (object, name);

      if (JSON_NODE_HOLDS_NULL (value))
        json_object_remove_member (object, name);
      else if (JSON_NODE_HOLDS_OBJECT (value) && member != NULL && JSON_NODE_HOLDS_OBJECT (member))
        merge (json_node_get_object (member), json_node_get_object (value));
      else
        json_object_set_member (object, name, base_json_copy (value));
    }
}

static KubeResponse *
merge_patch (FakeCluster *self,
             KubeRequest *request,
             const char  *path)
{
  GBytes   *bytes = kube_request_get_body (request);
  JsonNode *object = g_hash_table_lookup (self->objects, path);
  g_autoptr(JsonNode) patch = NULL;
  g_autofree char *text = NULL;

  if (object == NULL)
    return build_status (404, "NotFound", "not found");

  patch = base_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  g_assert_nonnull (patch);
  merge (json_node_get_object (object), json_node_get_object (patch));
  text = base_json_print (object, FALSE);

  return build_response (200, text);
}

static KubeResponse *
create (FakeCluster *self,
        KubeRequest *request,
        const char  *collection)
{
  GBytes *bytes = kube_request_get_body (request);
  g_autoptr(JsonNode) object = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *uid = g_strdup_printf ("%u", ++self->version);

  object = base_json_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL);
  g_assert_nonnull (object);
  json_object_set_string_member (base_json_get_object (object, "metadata", NULL), "uid", uid);
  path = g_strdup_printf ("%s/%s", collection,
                          base_json_get_string (object, "metadata", "name", NULL));
  if (g_hash_table_contains (self->objects, path))
    return build_status (409, "AlreadyExists", "already exists");

  text = base_json_print (object, FALSE);
  g_hash_table_replace (self->objects, g_steal_pointer (&path), g_steal_pointer (&object));

  return build_response (201, text);
}

static Answer *
find_answer (FakeCluster *self,
             const char  *method,
             const char  *path)
{
  for (guint i = 0; i < self->answers->len; i++)
    {
      Answer *answer = g_ptr_array_index (self->answers, i);

      gsize            length = strchr (answer->path, '?') != NULL ? strlen (path) : strcspn (path, "?");
      g_autofree char *part = g_strndup (path, length);

      if (g_str_equal (answer->method, method) && g_pattern_match_simple (answer->path, part))
        return answer;
    }

  return NULL;
}

static KubeResponse *
use_answer (FakeCluster *self,
            Answer      *answer,
            GError     **error)
{
  KubeResponse *response = NULL;

  if (answer->status == FAKE_CLUSTER_AWAY)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "Connection refused");
  else if (answer->status == FAKE_CLUSTER_CUT)
    response = build_response (200, "{\"kind\":\"Con");
  else if (answer->status == FAKE_CLUSTER_STALL)
    response = build_watch (self);
  else
    response = build_response (answer->status, answer->body);
  if (answer->n_times > 0 && --answer->n_times == 0)
    g_ptr_array_remove (self->answers, answer);

  return response;
}

static gboolean
is_collection (const char *path)
{
  static const char *const plurals[] = { "/deployments", "/replicasets", "/pods", "/secrets", "/jobs", "/ingressclasses",
                                         "/events", "/horizontalpodautoscalers" };

  for (guint i = 0; i < G_N_ELEMENTS (plurals); i++)
    {
      if (g_str_has_suffix (path, plurals[i]))
        return TRUE;
    }

  return FALSE;
}

static KubeResponse *
respond (FakeCluster *self,
         KubeRequest *request,
         const char  *path,
         GError     **error)
{
  const char      *method = kube_request_get_method (request);
  Answer          *answer = find_answer (self, method, kube_request_get_path (request));
  JsonNode        *object = g_hash_table_lookup (self->objects, path);
  g_autofree char *text = NULL;

  g_ptr_array_add (self->log, g_strdup_printf ("%s %s", is_dry_run (request) ? "DRY-RUN" : method,
                                               path));
  if (answer != NULL)
    {
      /* It has arrived, but nobody hears that. */
      if (answer->status == FAKE_CLUSTER_CUT && g_str_equal (method, "PATCH"))
        g_object_unref (apply (self, request, path));
      return use_answer (self, answer, error);
    }
  if (g_str_equal (method, "PATCH") &&
      g_str_equal (kube_request_get_content_type (request), "application/merge-patch+json"))
    return merge_patch (self, request, path);
  if (g_str_equal (method, "PATCH"))
    return apply (self, request, path);
  if (g_str_equal (method, "POST"))
    return create (self, request, path);
  if (g_str_equal (method, "DELETE") && g_hash_table_remove (self->objects, path))
    return build_status (200, "", "deleted");
  if (strstr (kube_request_get_path (request), "watch=1") != NULL)
    return build_watch (self);
  if (is_collection (path))
    return build_list (self, request, path);
  if (g_str_has_suffix (path, "/endpointslices"))
    return build_response (200, "{\"items\":[{\"endpoints\":[{},{\"conditions\":{\"ready\":true}},"
                                "{\"conditions\":{\"ready\":false}}]}]}");
  if (g_str_has_suffix (path, "/proxy/api/health"))
    return build_response (200, "{\"status\":\"healthy\"}");
  if (object == NULL)
    return build_status (404, "NotFound", "not found");

  text = base_json_print (object, FALSE);

  return build_response (200, text);
}

static void
fake_cluster_send_async (KubeTransport      *transport,
                         KubeRequest        *request,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  FakeCluster *self = FAKE_CLUSTER (transport);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char      *path = kube_request_get_path (request);
  g_autofree char *bare = g_strndup (path, strcspn (path, "?"));
  KubeResponse    *response;
  GError          *error = NULL;

  g_task_set_source_tag (task, fake_cluster_send_async);
  response = respond (self, request, bare, &error);
  if (response != NULL)
    g_task_return_pointer (task, response, g_object_unref);
  else
    g_task_return_error (task, error);
}

static KubeResponse *
fake_cluster_send_finish (KubeTransport *transport,
                          GAsyncResult  *result,
                          GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_cluster_transport_init (KubeTransportInterface *iface)
{
  iface->send_async = fake_cluster_send_async;
  iface->send_finish = fake_cluster_send_finish;
}

static void
fake_cluster_finalize (GObject *object)
{
  FakeCluster *self = FAKE_CLUSTER (object);

  for (guint i = 0; i < self->pipes->len; i++)
    close (g_array_index (self->pipes, int, i));
  g_array_unref (self->pipes);
  g_hash_table_unref (self->objects);
  g_ptr_array_unref (self->answers);
  g_ptr_array_unref (self->log);

  G_OBJECT_CLASS (fake_cluster_parent_class)->finalize (object);
}

static void
fake_cluster_class_init (FakeClusterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_cluster_finalize;
}

static void
fake_cluster_init (FakeCluster *self)
{
  self->objects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) json_node_unref);
  self->answers = g_ptr_array_new_with_free_func (answer_free);
  self->log = g_ptr_array_new_with_free_func (g_free);
  self->pipes = g_array_new (FALSE, FALSE, sizeof (int));
}

FakeCluster *
fake_cluster_new (void)
{
  return g_object_new (FAKE_TYPE_CLUSTER, NULL);
}

/* A client that talks to nobody else. */
KubeClient *
fake_cluster_connect (FakeCluster *self)
{
  static const char text[] =
      "apiVersion: v1\nkind: Config\ncurrent-context: fake\n"
      "clusters: [{name: fake, cluster: {server: 'https://fake.invalid'}}]\n"
      "users: [{name: fake, user: {token: fake}}]\n"
      "contexts: [{name: fake, context: {cluster: fake, user: fake}}]\n";
  g_autofree char *path = NULL;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  StackAnswer  answer = { NULL };
  KubeContext *context;
  int          fd;

  fd = g_file_open_tmp ("kubeconfig-XXXXXX", &path, &error);
  g_assert_no_error (error);
  close (fd);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  kube_config_load_async (path, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  config = kube_config_load_finish (result, &error);
  g_remove (path);
  g_assert_no_error (error);
  context = kube_config_get_context (config, NULL, &error);
  g_assert_no_error (error);

  return kube_client_new (context, KUBE_TRANSPORT (self));
}

/* Orders an answer, or a FakeClusterFault; @n_times 0 is for ever. A @path with a question mark is
 * compared with the query, too. */
void
fake_cluster_answer (FakeCluster *self,
                     const char  *method,
                     const char  *path,
                     guint        n_times,
                     guint        status,
                     const char  *body)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->method = g_strdup (method);
  answer->path = g_strdup (path);
  answer->n_times = n_times;
  answer->status = status;
  answer->body = g_strdup (body);
  g_ptr_array_add (self->answers, answer);
}

/* Whether Jobs that are applied from now on fail. */
void
fake_cluster_set_jobs_fail (FakeCluster *self,
                            gboolean     jobs_fail)
{
  self->jobs_fail = jobs_fail;
}

void
fake_cluster_put (FakeCluster *self,
                  const char  *path,
                  const char  *json)
{
  JsonNode *object = base_json_parse (json, -1, NULL);

  g_assert_nonnull (object);
  g_hash_table_replace (self->objects, g_strdup (path), object);
}

JsonNode *
fake_cluster_get (FakeCluster *self,
                  const char  *path)
{
  return g_hash_table_lookup (self->objects, path);
}

/* How often it was asked. */
guint
fake_cluster_count (FakeCluster *self,
                    const char  *method,
                    const char  *path)
{
  g_autofree char *pattern = g_strdup_printf ("%s %s", method, path);
  guint            n = 0;

  for (guint i = 0; i < self->log->len; i++)
    {
      if (g_pattern_match_simple (pattern, g_ptr_array_index (self->log, i)))
        n++;
    }

  return n;
}
