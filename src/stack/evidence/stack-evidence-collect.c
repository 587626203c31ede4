/* stack-evidence-collect.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-evidence-private.h"

#include "base-json.h"
#include "kube-deadline.h"
#include "kube-error.h"
#include "kube-list.h"
#include "kube-pod.h"
#include "stack-selector-private.h"
#include "stack-status.h"

#include <string.h>

/* Looks at what a failed deployment has left: Deployment → pods → events → logs, one container
 * after the other. Whatever cannot be read is noted as a problem, and the rest goes on. */

/* Enough for one that is stuck between two versions. */
#define N_PODS 6
#define N_LINES 50
#define PAGE 500

/* A log of fifty lines may still be of any length. */
#define MAX_LOG (64 * 1024)

/* Looking must not take longer than the failure is worth. */
#define TIME_LIMIT_SECONDS 15

/* A log that is to be read. */
typedef struct
{
  char       *pod;       /* (owned) */
  JsonObject *container; /* (owned) where it goes */
  gboolean    previous;
} Log;

typedef struct
{
  KubeClient   *client;   /* (owned) */
  char         *ns;       /* (owned) */
  KubeDeadline *deadline; /* (owned) */
  JsonObject   *document; /* (owned) */
  JsonArray    *problems; /* (owned by the document) */
  GHashTable   *names;    /* (element-type utf8) (owned) of objects whose events count */
  GPtrArray    *logs;     /* (element-type Log) (owned) */
  GString      *text;     /* (owned) of the log that is being read */
} Collect;

static void
log_free (gpointer data)
{
  Log *log = data;

  g_free (log->pod);
  json_object_unref (log->container);
  g_free (log);
}

static void
collect_free (gpointer data)
{
  Collect *collect = data;

  g_clear_pointer (&collect->deadline, kube_deadline_free);
  g_clear_object (&collect->client);
  g_clear_pointer (&collect->ns, g_free);
  g_clear_pointer (&collect->document, json_object_unref);
  g_clear_pointer (&collect->names, g_hash_table_unref);
  g_clear_pointer (&collect->logs, g_ptr_array_unref);
  g_string_free (collect->text, TRUE);
  g_free (collect);
}

static GCancellable *
get_limit (Collect *collect)
{
  return kube_deadline_get_cancellable (collect->deadline);
}

static void
note_problem (Collect      *collect,
              const char   *what,
              const GError *error)
{
  g_autofree char *words = g_strdup_printf ("%s: %s", what, error->message);

  json_array_add_string_element (collect->problems, words);
}

static void
copy_texts (JsonObject        *target,
            JsonNode          *source,
            const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *text = base_json_get_string (source, names[i], NULL);

      if (text != NULL)
        json_object_set_string_member (target, names[i], text);
    }
}

static void
finish (GTask *task)
{
  Collect    *collect = g_task_get_task_data (task);
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  const char *ns = collect->ns;

  if (json_array_get_length (collect->problems) == 0)
    json_object_remove_member (collect->document, "problems");
  json_node_take_object (node, g_steal_pointer (&collect->document));
  g_task_return_pointer (task, stack_evidence_new (ns, node), g_object_unref);
}

/* Fourth part: what the containers said. */

static void read_log (GTask *task);

static gboolean
take_log (const char *data,
          gsize       length,
          gpointer    user_data,
          GError    **error)
{
  GString *text = user_data;

  g_string_append_len (text, data, (gssize) MIN (length, MAX_LOG - MIN (text->len, MAX_LOG)));

  return TRUE;
}

static JsonArray *
split_lines (GString *text)
{
  JsonArray       *array = json_array_new ();
  g_autofree char *valid = g_utf8_make_valid (text->str, (gssize) text->len);
  g_auto(GStrv) lines = g_strsplit (valid, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (lines[i][0] != '\0')
        json_array_add_string_element (array, lines[i]);
    }

  return array;
}

static void
stack_evidence_collect_log_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Collect *collect = g_task_get_task_data (task);
  Log     *log = g_ptr_array_index (collect->logs, 0);

  if (kube_client_read_finish (KUBE_CLIENT (source), result, &error))
    json_object_set_array_member (log->container, log->previous ? "previousLog" : "log",
                                  split_lines (collect->text));
  /* A container that has not started has said nothing: its state tells why. */
  else if (!g_error_matches (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST))
    note_problem (collect, log->pod, error);

  g_ptr_array_remove_index (collect->logs, 0);
  read_log (task);
}

static void
read_log (GTask *task)
{
  Collect *collect = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = NULL;
  Log *log;

  if (collect->logs->len == 0)
    {
      finish (task);
      return;
    }

  log = g_ptr_array_index (collect->logs, 0);
  g_string_truncate (collect->text, 0);
  request = kube_request_new_log (collect->ns, log->pod,
                                  json_object_get_string_member (log->container, "name"), FALSE,
                                  log->previous, FALSE, N_LINES, NULL);
  kube_client_read_async (collect->client, request, take_log, collect->text, get_limit (collect),
                          stack_evidence_collect_log_cb, g_object_ref (task));
}

/* Third part: the events. */

static void
add_event (Collect   *collect,
           JsonArray *events,
           JsonNode  *event)
{
  static const char *const names[] = { "type", "reason", "message", NULL };
  const char              *kind = base_json_get_string (event, "involvedObject", "kind", NULL);
  const char              *name = base_json_get_string (event, "involvedObject", "name", NULL);
  const char              *time = base_json_get_string (event, "lastTimestamp", NULL);
  g_autofree char         *object = NULL;
  JsonObject              *row;

  if (name == NULL || !g_hash_table_contains (collect->names, name))
    return;
  if (time == NULL)
    time = base_json_get_string (event, "eventTime", NULL);
  if (time == NULL)
    time = base_json_get_string (event, "metadata", "creationTimestamp", NULL);

  object = g_strdup_printf ("%s %s", kind, name);
  row = json_object_new ();
  json_object_set_string_member (row, "time", time != NULL ? time : "");
  json_object_set_string_member (row, "object", object);
  copy_texts (row, event, names);
  json_object_set_int_member (row, "count", base_json_get_int (event, 1, "count", NULL));
  json_array_add_object_element (events, row);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  return strcmp (json_object_get_string_member (*(JsonObject *const *) a, "time"),
                 json_object_get_string_member (*(JsonObject *const *) b, "time"));
}

static JsonArray *
sort_events (JsonArray *events)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new ();
  JsonArray *sorted = json_array_new ();

  for (guint i = 0; i < json_array_get_length (events); i++)
    g_ptr_array_add (rows, json_array_get_object_element (events, i));
  g_ptr_array_sort (rows, compare_times);
  for (guint i = 0; i < rows->len; i++)
    json_array_add_object_element (sorted, json_object_ref (g_ptr_array_index (rows, i)));

  return sorted;
}

static void
stack_evidence_collect_events_cb (GObject      *source,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  g_autoptr(JsonArray) events = json_array_new ();
  JsonArray *items = base_json_get_array (list, "items", NULL);
  Collect   *collect = g_task_get_task_data (task);

  if (list == NULL || !kube_list_check (&KUBE_EVENT, list, &error))
    note_problem (collect, "Events", error);
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    add_event (collect, events, json_array_get_element (items, i));
  json_object_set_array_member (collect->document, "events", sort_events (events));

  read_log (task);
}

/* Second part: the pods. */

static void
add_log (Collect    *collect,
         const char *pod,
         JsonObject *container,
         gboolean    previous)
{
  Log *log = g_new0 (Log, 1);

  log->pod = g_strdup (pod);
  log->container = json_object_ref (container);
  log->previous = previous;
  g_ptr_array_add (collect->logs, log);
}

static void
copy_state (JsonObject *target,
            JsonNode   *status,
            const char *name)
{
  JsonNode *state = base_json_get (status, name, NULL);

  if (state != NULL)
    json_object_set_member (target, name, base_json_copy (state));
}

static JsonArray *
build_containers (Collect    *collect,
                  JsonNode   *pod,
                  const char *name)
{
  static const char *const lists[] = { "initContainerStatuses", "containerStatuses" };
  JsonArray               *containers = json_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonArray *statuses = base_json_get_array (pod, "status", lists[i], NULL);

      for (guint j = 0; statuses != NULL && j < json_array_get_length (statuses); j++)
        {
          JsonNode   *status = json_array_get_element (statuses, j);
          JsonObject *container = json_object_new ();

          json_object_set_string_member (container, "name",
                                         base_json_get_string (status, "name", NULL));
          copy_state (container, status, "state");
          copy_state (container, status, "lastState");
          json_array_add_object_element (containers, container);
          add_log (collect, name, container, FALSE);
          if (base_json_get_int (status, 0, "restartCount", NULL) > 0)
            add_log (collect, name, container, TRUE);
        }
    }

  return containers;
}

static JsonObject *
build_pod (Collect  *collect,
           JsonNode *pod)
{
  JsonObject      *object = json_object_new ();
  const char      *name = base_json_get_string (pod, "metadata", "name", NULL);
  const char      *node = base_json_get_string (pod, "spec", "nodeName", NULL);
  g_autofree char *status = kube_pod_dup_status (pod);
  JsonNode        *conditions = base_json_get (pod, "status", "conditions", NULL);

  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "status", status);
  if (node != NULL)
    json_object_set_string_member (object, "node", node);
  json_object_set_boolean_member (object, "ready", kube_pod_is_ready (pod));
  json_object_set_int_member (object, "restarts", kube_pod_get_restarts (pod));
  if (conditions != NULL)
    json_object_set_member (object, "conditions", base_json_copy (conditions));
  json_object_set_array_member (object, "containers", build_containers (collect, pod, name));

  return object;
}

/* Takes the pods that are ready, or those that are not: these tell more, and come first. */
static void
add_pods (Collect   *collect,
          JsonArray *pods,
          JsonArray *items,
          gboolean   ready)
{
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode   *pod = json_array_get_element (items, i);
      const char *name = base_json_get_string (pod, "metadata", "name", NULL);

      if (name == NULL || kube_pod_is_ready (pod) != ready)
        continue;
      g_hash_table_add (collect->names, g_strdup (name));
      if (json_array_get_length (pods) < N_PODS)
        json_array_add_object_element (pods, build_pod (collect, pod));
    }
}

/* The ReplicaSet of a pod says why there is no pod. */
static void
add_owners (Collect   *collect,
            JsonArray *items)
{
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonArray *owners = base_json_get_array (json_array_get_element (items, i), "metadata",
                                               "ownerReferences", NULL);

      for (guint j = 0; owners != NULL && j < json_array_get_length (owners); j++)
        {
          const char *name = base_json_get_string (json_array_get_element (owners, j), "name",
                                                   NULL);

          if (name != NULL)
            g_hash_table_add (collect->names, g_strdup (name));
        }
    }
}

static void
stack_evidence_collect_pods_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  g_autoptr(KubeRequest) request = NULL;
  JsonArray *pods = json_array_new ();
  JsonArray *items = base_json_get_array (list, "items", NULL);
  Collect   *collect = g_task_get_task_data (task);

  if (list == NULL || !kube_list_check (&KUBE_POD, list, &error))
    note_problem (collect, "Pods", error);
  if (items != NULL)
    {
      add_pods (collect, pods, items, FALSE);
      add_pods (collect, pods, items, TRUE);
      add_owners (collect, items);
    }
  json_object_set_array_member (collect->document, "pods", pods);

  request = kube_request_new_list (&KUBE_EVENT, collect->ns, KUBE_FORM_OBJECT, NULL, PAGE, NULL);
  kube_client_call_async (collect->client, request, get_limit (collect),
                          stack_evidence_collect_events_cb, g_object_ref (task));
}

/* First part: the Deployment. */

static JsonArray *
build_conditions (JsonNode *deployment)
{
  static const char *const names[] = { "type", "status", "reason", "message", NULL };
  JsonArray               *source = base_json_get_array (deployment, "status", "conditions", NULL);
  JsonArray               *conditions = json_array_new ();

  for (guint i = 0; source != NULL && i < json_array_get_length (source); i++)
    {
      JsonObject *condition = json_object_new ();

      copy_texts (condition, json_array_get_element (source, i), names);
      json_array_add_object_element (conditions, condition);
    }

  return conditions;
}

static void
stack_evidence_collect_deployment_cb (GObject      *source,
                                      GAsyncResult *result,
                                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) deployment = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  g_autoptr(KubeRequest) request = NULL;
  g_autofree char *selector = NULL;
  JsonObject      *object = json_object_new ();
  Collect         *collect = g_task_get_task_data (task);

  json_object_set_object_member (collect->document, "deployment", object);
  if (deployment == NULL)
    {
      note_problem (collect, "Deployment", error);
      finish (task);
      return;
    }

  json_object_set_array_member (object, "conditions", build_conditions (deployment));
  selector = stack_selector_build (base_json_get_object (deployment, "spec", "selector",
                                                         "matchLabels", NULL));
  request = kube_request_new_list (&KUBE_POD, collect->ns, KUBE_FORM_OBJECT, selector, PAGE, NULL);
  kube_client_call_async (collect->client, request, get_limit (collect),
                          stack_evidence_collect_pods_cb, g_object_ref (task));
}

static JsonObject *
new_document (const char *ns)
{
  JsonObject *document = json_object_new ();
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);

  json_object_set_string_member (document, "type", "evidence");
  json_object_set_string_member (document, "time", time);
  json_object_set_string_member (document, "namespace", ns);
  json_object_set_array_member (document, "problems", json_array_new ());

  return document;
}

static Collect *
collect_new (KubeClient   *client,
             const char   *ns,
             GCancellable *cancellable)
{
  Collect *collect = g_new0 (Collect, 1);

  collect->client = g_object_ref (client);
  collect->ns = g_strdup (ns);
  collect->deadline = kube_deadline_new (cancellable, TIME_LIMIT_SECONDS);
  collect->document = new_document (ns);
  collect->problems = json_object_get_array_member (collect->document, "problems");
  collect->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  collect->logs = g_ptr_array_new_with_free_func (log_free);
  collect->text = g_string_new (NULL);
  g_hash_table_add (collect->names, g_strdup (STACK_APP_DEPLOYMENT));

  return collect;
}

/**
 * stack_evidence_collect_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done, after a quarter of a minute at most
 * @user_data: data for @callback
 *
 * Reads what can be seen of the app's pods now: the last 50 lines of each container, and of the
 * one before it if it was restarted; pods that are not ready first, six at most.
 */
void
stack_evidence_collect_async (KubeClient         *client,
                              const char         *ns,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Collect *collect;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  collect = collect_new (client, ns, cancellable);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_evidence_collect_async);
  g_task_set_task_data (task, collect, collect_free);

  request = kube_request_new_get (&KUBE_DEPLOYMENT, ns, STACK_APP_DEPLOYMENT);
  kube_client_call_async (client, request, get_limit (collect), stack_evidence_collect_deployment_cb,
                          g_steal_pointer (&task));
}

/**
 * stack_evidence_collect_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * What could not be read is told in the evidence. The only possible error is
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the evidence
 */
StackEvidence *
stack_evidence_collect_finish (GAsyncResult *result,
                               GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_evidence_collect_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
