/* kube-discovery-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-discovery-reader.h"

#include "base-json.h"
#include "kube-discovery-cache.h"
#include "kube-error.h"

/* The order of the parameters is the one that old servers understand. */
#define ACCEPT_AGGREGATED                                                 \
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList," \
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
#define ACCEPT_PLAIN "application/json"
/* Each takes as long as the client waits for an answer: so many, and it is not their fault. */
#define MAX_STALLED 2

/* A version of a group that has to be asked by itself. */
typedef struct
{
  char *group;
  char *version;
} Version;

typedef struct
{
  char *server; /* (owned) */

  /* In progress */
  const char    *accept;
  KubeDiscovery *discovery; /* (owned) */
  GQueue         versions;  /* (element-type Version): still to ask */
  guint          n_stalled; /* versions that nobody answered for in time */
  JsonNode      *kinds;     /* (owned) (nullable): to be remembered */
} Reading;

static void ask_version (GTask *task);

static void
version_free (Version *version)
{
  g_free (version->group);
  g_free (version->version);
  g_free (version);
}

static void
reading_free (Reading *reading)
{
  g_free (reading->server);
  g_clear_pointer (&reading->discovery, kube_discovery_unref);
  g_queue_clear_full (&reading->versions, (GDestroyNotify) version_free);
  g_clear_pointer (&reading->kinds, json_node_unref);
  g_free (reading);
}

static void
store_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Reading *reading = task_data;
  g_autoptr(GError) error = NULL;

  /* Without it the server is asked again the next time. */
  if (!kube_discovery_cache_store (reading->server, reading->kinds, g_get_real_time (), &error))
    g_debug ("The kinds of %s are not remembered: %s", reading->server, error->message);

  g_task_return_pointer (task, g_steal_pointer (&reading->discovery),
                         (GDestroyNotify) kube_discovery_unref);
}

/* Takes the task. What may be incomplete is not remembered. */
static void
finish_reading (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  Reading *reading = g_task_get_task_data (task);

  if (kube_discovery_get_failures (reading->discovery)->len > 0)
    {
      g_task_return_pointer (task, g_steal_pointer (&reading->discovery),
                             (GDestroyNotify) kube_discovery_unref);
      return;
    }

  reading->kinds = kube_discovery_to_json (reading->discovery);
  g_task_run_in_thread (task, store_thread);
}

static void
queue_version (Reading    *reading,
               const char *group,
               const char *name)
{
  Version *version = g_new0 (Version, 1);

  version->group = g_strdup (group);
  version->version = g_strdup (name);
  g_queue_push_tail (&reading->versions, version);
}

/* An APIVersions: the versions of the core group. */
static gboolean
queue_core (Reading  *reading,
            JsonNode *answer)
{
  JsonArray *versions = base_json_get_array (answer, "versions", NULL);

  if (versions == NULL)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (versions); i++)
    if (JSON_NODE_HOLDS_VALUE (json_array_get_element (versions, i)) &&
        json_array_get_string_element (versions, i) != NULL)
      queue_version (reading, "", json_array_get_string_element (versions, i));

  return TRUE;
}

/* An APIGroupList: the preferred version of each group first. */
static gboolean
queue_groups (Reading  *reading,
              JsonNode *answer)
{
  JsonArray *groups = base_json_get_array (answer, "groups", NULL);

  if (groups == NULL)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (groups); i++)
    {
      JsonNode   *group = json_array_get_element (groups, i);
      const char *name = base_json_get_string (group, "name", NULL);
      const char *preferred = base_json_get_string (group, "preferredVersion", "version", NULL);
      JsonArray  *versions = base_json_get_array (group, "versions", NULL);

      if (name != NULL && preferred != NULL)
        queue_version (reading, name, preferred);
      for (guint j = 0; versions != NULL && j < json_array_get_length (versions); j++)
        {
          const char *version = base_json_get_string (json_array_get_element (versions, j),
                                                      "version", NULL);

          if (name != NULL && version != NULL && g_strcmp0 (version, preferred) != 0)
            queue_version (reading, name, version);
        }
    }

  return TRUE;
}

/* Whether the rest of the server may still be asked. */
static gboolean
is_bearable (Reading      *reading,
             const GError *error)
{
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TIMEOUT) &&
      kube_error_get_http_status (error) == 0)
    return ++reading->n_stalled < MAX_STALLED;

  return error->domain == KUBE_ERROR && error->code != KUBE_ERROR_UNREACHABLE &&
         error->code != KUBE_ERROR_TLS && error->code != KUBE_ERROR_UNAUTHORIZED &&
         error->code != KUBE_ERROR_CREDENTIALS;
}

/* What is no list of kinds must not pass as one without any, and be remembered as such. */
static GError *
new_no_kinds (void)
{
  return g_error_new_literal (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                              "The kinds of objects that the cluster has are not known: what came "
                              "is no list of them. Check the server address in the kubeconfig, and "
                              "what lies between this computer and the cluster.");
}

static void
ask_version_cb (GObject      *source_object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source_object), result,
                                                         &error);
  Version *version = g_queue_peek_head (&reading->versions);

  if (answer == NULL && !is_bearable (reading, error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (answer != NULL && base_json_get_array (answer, "resources", NULL) != NULL)
    kube_discovery_add_version (reading->discovery, version->group, version->version, answer);
  else
    kube_discovery_add_failure (reading->discovery, version->group, version->version);
  version_free (g_queue_pop_head (&reading->versions));
  ask_version (g_steal_pointer (&task));
}

/* Takes the task. */
static void
ask_version (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  Version *version = g_queue_peek_head (&reading->versions);
  g_autoptr(KubeRequest) request = NULL;
  g_autofree char *path = NULL;

  if (version == NULL)
    {
      finish_reading (task);
      return;
    }

  path = version->group[0] == '\0' ? g_strdup_printf ("/api/%s", version->version)
                                   : g_strdup_printf ("/apis/%s/%s", version->group,
                                                      version->version);
  request = kube_request_new ("GET", path);
  kube_client_call_async (g_task_get_source_object (task), request, g_task_get_cancellable (task),
                          ask_version_cb, task);
}

/* Takes the task. The kind of the answer says which form the server chose. */
static void
ask_root (GTask              *task,
          const char         *path,
          GAsyncReadyCallback callback)
{
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = kube_request_new ("GET", path);

  kube_request_set_accept (request, reading->accept);
  kube_client_call_async (g_task_get_source_object (task), request, g_task_get_cancellable (task),
                          callback, task);
}

/* Whether to ask for the form that every server knows: what stands before an old one may take
 * exception to the others. */
static gboolean
may_ask_plainly (Reading      *reading,
                 const GError *error)
{
  if (!g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_ACCEPTABLE) ||
      g_str_equal (reading->accept, ACCEPT_PLAIN))
    return FALSE;

  reading->accept = ACCEPT_PLAIN;
  return TRUE;
}

static void
ask_apis_cb (GObject      *source_object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source_object), result,
                                                         &error);

  if (may_ask_plainly (reading, error))
    {
      ask_root (g_steal_pointer (&task), "/apis", ask_apis_cb);
      return;
    }

  if (answer != NULL && !kube_discovery_add_groups (reading->discovery, answer) &&
      !queue_groups (reading, answer))
    error = new_no_kinds ();
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    ask_version (g_steal_pointer (&task));
}

static void
ask_api_cb (GObject      *source_object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source_object), result,
                                                         &error);

  if (may_ask_plainly (reading, error))
    {
      ask_root (g_steal_pointer (&task), "/api", ask_api_cb);
      return;
    }

  if (answer != NULL && !kube_discovery_add_groups (reading->discovery, answer) &&
      !queue_core (reading, answer))
    error = new_no_kinds ();
  /* A server that only extends another one has no core group. */
  if (error != NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    ask_root (g_steal_pointer (&task), "/apis", ask_apis_cb);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, kube_discovery_cache_load (task_data, g_get_real_time ()),
                         (GDestroyNotify) kube_discovery_unref);
}

static void
load_cb (GObject      *source_object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  KubeDiscovery *remembered = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (remembered != NULL)
    g_task_return_pointer (task, remembered, (GDestroyNotify) kube_discovery_unref);
  else
    ask_root (g_steal_pointer (&task), "/api", ask_api_cb);
}

/**
 * kube_discovery_read_async:
 * @client: a client
 * @refresh: whether to ask the server even if its kinds are remembered
 * @cancellable: (nullable): a cancellable
 * @callback: called when the kinds are known
 * @user_data: data for @callback
 *
 * Finds out which kinds of objects a server has. It is asked for aggregated discovery (Kubernetes
 * 1.27 and later); an older one, or one that takes exception to that form (406), is asked group by
 * group. An API that is broken or does not answer does not stop the others, unless a second one
 * does not answer. The answer is remembered for six hours, if it is complete.
 */
void
kube_discovery_read_async (KubeClient         *client,
                           gboolean            refresh,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GTask) load = NULL;
  Reading *reading;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_discovery_read_async);
  reading = g_new0 (Reading, 1);
  reading->server = g_strdup (kube_context_get_server (kube_client_get_context (client)));
  reading->accept = ACCEPT_AGGREGATED;
  reading->discovery = kube_discovery_new ();
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  if (refresh)
    {
      ask_root (g_steal_pointer (&task), "/api", ask_api_cb);
      return;
    }

  load = g_task_new (NULL, cancellable, load_cb, g_steal_pointer (&task));
  g_task_set_source_tag (load, load_thread);
  g_task_set_task_data (load, g_strdup (reading->server), g_free);
  g_task_run_in_thread (load, load_thread);
}

/**
 * kube_discovery_read_finish: (skip)
 * @client: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes finding out.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the kinds, or %NULL with @error set
 */
KubeDiscovery *
kube_discovery_read_finish (KubeClient   *client,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_discovery_read_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
