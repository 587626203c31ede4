/* stack-record.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-record-private.h"

#include "base-json.h"
#include "kube-deadline.h"
#include "kube-error.h"
#include "kube-request-change.h"
#include "stack-history.h"
#include "stack-revision-private.h"

/* Keeps what was deployed as a revision: read what the app's variables come from, where it was not
 * applied just now → list what is there → create the next, unless the latest is the same → delete
 * what is too old. Two programs that deploy at once get two numbers, since the
 * second one's create finds the name taken and lists again. */

#define FIELD_MANAGER "hackystack-desktop"
#define N_KEPT 10
#define N_ATTEMPTS 5

/* That the last word does not come through is no reason to wait for long. */
#define END_SECONDS 5

/* What the app's variables come from. */
static const struct
{
  const char         *reference; /* in the pod template */
  const KubeResource *resource;
} inputs[] = {
  { "configMapRef", &KUBE_CONFIG_MAP },
  { "secretRef", &KUBE_SECRET },
};

#define N_INPUTS G_N_ELEMENTS (inputs)

typedef struct
{
  /* Input */
  KubeClient *client;     /* (owned) */
  JsonNode   *deployment; /* (owned) */
  GPtrArray  *objects;    /* (element-type JsonNode) (owned) what was applied with it */

  /* In progress */
  JsonNode      *inputs[N_INPUTS]; /* (owned) (nullable) */
  guint          n_inputs;         /* how many were looked for */
  StackRevision *wanted;           /* (owned) (nullable) */
  StackHistory  *history;          /* (owned) */
  StackRevision *made;             /* (owned) (nullable) */
  guint          n_attempts;
  guint          n_looked;  /* how many of the history were looked at, oldest first */
  guint          n_deleted; /* how many of them were too many */
} Record;

static void
record_free (gpointer data)
{
  Record *record = data;

  g_clear_object (&record->client);
  g_clear_pointer (&record->deployment, json_node_unref);
  g_clear_pointer (&record->objects, g_ptr_array_unref);
  for (guint i = 0; i < N_INPUTS; i++)
    g_clear_pointer (&record->inputs[i], json_node_unref);
  g_clear_object (&record->wanted);
  g_clear_object (&record->history);
  g_clear_object (&record->made);
  g_free (record);
}

static const char *
get_namespace (Record *record)
{
  return base_json_get_string (record->deployment, "metadata", "namespace", NULL);
}

static void
return_revision (GTask         *task,
                 StackRevision *revision)
{
  g_task_return_pointer (task, g_object_ref (revision), g_object_unref);
}

/* Third part: no more than ten are kept. */

static void delete_next (GTask *task);

static void
stack_record_begin_delete_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Record *record = g_task_get_task_data (task);

  /* What could not be deleted now is too old next time, too. */
  if (answer == NULL)
    return_revision (task, record->made);
  else
    delete_next (task);
}

/* The oldest that nobody needs; %NULL when there are not too many. The history does not have the
 * new one yet. */
static StackRevision *
find_doomed (Record *record)
{
  GListModel    *model = G_LIST_MODEL (record->history);
  guint          n_revisions = g_list_model_get_n_items (model);
  StackRevision *proven = stack_history_find_proven (record->history, NULL);

  while (record->n_looked < n_revisions && n_revisions + 1 - record->n_deleted > N_KEPT)
    {
      g_autoptr(StackRevision) revision = NULL;

      revision = g_list_model_get_item (model, n_revisions - 1 - record->n_looked);
      record->n_looked++;
      if (revision == proven)
        continue;
      record->n_deleted++;
      /* The list keeps it. */
      return revision;
    }

  return NULL;
}

static void
delete_next (GTask *task)
{
  Record        *record = g_task_get_task_data (task);
  StackRevision *doomed = find_doomed (record);
  g_autoptr(KubeRequest) request = NULL;

  if (doomed == NULL)
    {
      return_revision (task, record->made);
      return;
    }

  request = kube_request_new_delete (&KUBE_SECRET, get_namespace (record),
                                     stack_revision_get_name (doomed), NULL);
  kube_client_call_async (record->client, request, g_task_get_cancellable (task),
                          stack_record_begin_delete_cb, g_object_ref (task));
}

/* Second part: the new one. */

static void list (GTask *task);

static void
stack_record_begin_create_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) secret = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Record *record = g_task_get_task_data (task);

  if (secret != NULL)
    record->made = stack_revision_new_from_secret (secret, &error);

  if (record->made != NULL)
    delete_next (task);
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_ALREADY_EXISTS) &&
           ++record->n_attempts < N_ATTEMPTS)
    list (task);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
create (GTask *task,
        guint  number)
{
  Record *record = g_task_get_task_data (task);
  g_autoptr(JsonNode) secret = NULL;
  g_autoptr(KubeRequest) request = NULL;

  secret = stack_revision_build_secret (record->wanted, record->deployment, number);
  request = kube_request_new_create (&KUBE_SECRET, get_namespace (record), secret, FIELD_MANAGER,
                                     KUBE_CHANGE_STRICT);
  kube_client_call_async (record->client, request, g_task_get_cancellable (task),
                          stack_record_begin_create_cb, g_object_ref (task));
}

/* First part: what is there. */

static void
stack_record_begin_list_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackRevision) latest = NULL;
  Record *record = g_task_get_task_data (task);

  if (!stack_history_load_finish (STACK_HISTORY (source), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  latest = g_list_model_get_item (G_LIST_MODEL (record->history), 0);
  if (latest != NULL && stack_revision_is_same (latest, record->wanted))
    return_revision (task, latest);
  else
    create (task, latest != NULL ? stack_revision_get_number (latest) + 1 : 1);
}

static void
list (GTask *task)
{
  Record *record = g_task_get_task_data (task);

  stack_history_load_async (record->history, g_task_get_cancellable (task),
                            stack_record_begin_list_cb, g_object_ref (task));
}

/* Before that: what the app's variables come from. */

static JsonNode *
find_object (GPtrArray  *objects,
             const char *kind,
             const char *name)
{
  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode *object = g_ptr_array_index (objects, i);

      if (g_strcmp0 (base_json_get_string (object, "kind", NULL), kind) == 0 &&
          g_strcmp0 (base_json_get_string (object, "metadata", "name", NULL), name) == 0)
        return object;
    }

  return NULL;
}

static void read_inputs (GTask *task);

static void
stack_record_begin_get_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) object = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Record *record = g_task_get_task_data (task);

  if (object == NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  record->inputs[record->n_inputs++] = g_steal_pointer (&object);
  read_inputs (task);
}

static void
read_inputs (GTask *task)
{
  Record *record = g_task_get_task_data (task);
  JsonNode *template = base_json_get (record->deployment, "spec", "template", NULL);

  for (; record->n_inputs < N_INPUTS; record->n_inputs++)
    {
      const KubeResource *resource = inputs[record->n_inputs].resource;
      const char         *name = stack_revision_find_input (template, inputs[record->n_inputs].reference);
      JsonNode           *object = find_object (record->objects, resource->kind, name);
      g_autoptr(KubeRequest) request = NULL;

      if (object != NULL)
        record->inputs[record->n_inputs] = json_node_ref (object);
      if (object != NULL || name == NULL)
        continue;

      request = kube_request_new_get (resource, get_namespace (record), name);
      kube_client_call_async (record->client, request, g_task_get_cancellable (task),
                              stack_record_begin_get_cb, g_object_ref (task));
      return;
    }

  record->wanted = stack_revision_new (record->inputs[0], record->inputs[1], template);
  list (task);
}

/*
 * stack_record_begin_async:
 * @client: the cluster
 * @deployment: the Deployment as the server has it
 * @objects: (element-type JsonNode): what was applied with it; the app's ConfigMap and Secret are
 *   read from the cluster if they are not among it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Keeps what is being deployed, unless the latest revision is just that.
 */
void
stack_record_begin_async (KubeClient         *client,
                          JsonNode           *deployment,
                          GPtrArray          *objects,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Record *record;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (deployment != NULL);
  g_return_if_fail (objects != NULL);

  record = g_new0 (Record, 1);
  record->client = g_object_ref (client);
  record->deployment = json_node_ref (deployment);
  record->objects = g_ptr_array_ref (objects);
  record->history = stack_history_new (client, get_namespace (record));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_record_begin_async);
  g_task_set_task_data (task, record, record_free);
  read_inputs (task);
}

/*
 * stack_record_begin_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error] and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the revision
 */
StackRevision *
stack_record_begin_finish (GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The outcome. */

typedef struct
{
  StackRevision       *revision; /* (owned) */
  StackRevisionOutcome outcome;
  KubeDeadline        *deadline; /* (owned) */
} End;

static void
end_free (gpointer data)
{
  End *end = data;

  g_clear_pointer (&end->deadline, kube_deadline_free);
  g_clear_object (&end->revision);
  g_free (end);
}

static void
stack_record_end_patch_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) secret = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  End *end = g_task_get_task_data (task);

  if (secret == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_revision_set_outcome (end->revision, end->outcome);
  g_task_return_boolean (task, TRUE);
}

static JsonNode *
build_patch (StackRevisionOutcome outcome)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{\"metadata\":{\"annotations\":{\"" STACK_REVISION_OUTCOME_ANNOTATION
                          "\":\"%s\"}}}",
                          stack_revision_outcome_get_word (outcome));

  return base_json_parse (text, -1, NULL);
}

/*
 * stack_record_end_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @revision: a revision that the cluster keeps
 * @outcome: what became of it
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done, after five seconds at most
 * @user_data: data for @callback
 *
 * Notes down what became of a revision. One that was proven once stays so.
 */
void
stack_record_end_async (KubeClient          *client,
                        const char          *ns,
                        StackRevision       *revision,
                        StackRevisionOutcome outcome,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(JsonNode) patch = NULL;
  StackRevisionOutcome before;
  End                 *end;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (STACK_IS_REVISION (revision));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_record_end_async);
  before = stack_revision_get_outcome (revision);
  if (before == outcome || before == STACK_REVISION_PROVEN)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  end = g_new0 (End, 1);
  end->revision = g_object_ref (revision);
  end->outcome = outcome;
  end->deadline = kube_deadline_new (cancellable, END_SECONDS);
  g_task_set_task_data (task, end, end_free);

  patch = build_patch (outcome);
  request = kube_request_new_patch (&KUBE_SECRET, ns, stack_revision_get_name (revision), NULL,
                                    KUBE_PATCH_MERGE, patch);
  kube_request_set_change (request, FIELD_MANAGER, KUBE_CHANGE_STRICT);
  kube_client_call_async (client, request, kube_deadline_get_cancellable (end->deadline), stack_record_end_patch_cb,
                          g_steal_pointer (&task));
}

/*
 * stack_record_end_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error], and %G_IO_ERROR_CANCELLED also when the cluster
 * did not answer in time.
 *
 * Returns: whether the cluster knows
 */
gboolean
stack_record_end_finish (GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
