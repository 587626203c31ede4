/* stack-apply.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-apply-private.h"

#include "base-json.h"
#include "base-redact.h"
#include "kube-error.h"
#include "kube-resource.h"
#include "stack-error.h"
#include "stack-operation-private.h"
#include "stack-refusal-private.h"
#include "stack-retry-private.h"

#include <string.h>

/* Applies one object: GET, to know what there was → if it is on its way out, wait and ask again →
 * server-side apply → compare. */

typedef struct
{
  /* Input */
  KubeClient         *client;    /* (owned) */
  JsonNode           *object;    /* (owned) */
  StackOperation     *operation; /* (owned) its detail says what is waited for */
  const KubeResource *resource;
  char               *right_version; /* (owned) (nullable) at this version there is nothing to do */
  gboolean            force;

  /* In progress */
  StackRetry retry;
  JsonNode  *before; /* (owned) (nullable) what there was */
  gboolean   asked;  /* @before is known, if only as nothing */
  gboolean   open;   /* a request was sent, and nobody knows whether it was carried out */

  /* Result */
  StackOutcome outcome;
} Apply;

static void
apply_free (gpointer data)
{
  Apply *apply = data;

  g_clear_object (&apply->client);
  g_clear_object (&apply->operation);
  g_clear_pointer (&apply->object, json_node_unref);
  g_clear_pointer (&apply->before, json_node_unref);
  g_clear_pointer (&apply->right_version, g_free);
  stack_retry_clear (&apply->retry);
  g_free (apply);
}

static const char *
get_name (Apply *apply)
{
  return base_json_get_string (apply->object, "metadata", "name", NULL);
}

static const char *
get_namespace (Apply *apply)
{
  return base_json_get_string (apply->object, "metadata", "namespace", NULL);
}

/* What the object says, without what the server notes down about it. */
static char *
build_digest (JsonNode *object)
{
  static const char *const notes[] = { "managedFields", "resourceVersion", "generation" };
  g_autoptr(JsonNode) copy = base_json_copy (object);
  JsonObject *metadata = base_json_get_object (copy, "metadata", NULL);
  JsonObject *annotations = base_json_get_object (copy, "metadata", "annotations", NULL);

  json_object_remove_member (json_node_get_object (copy), "status");
  for (guint i = 0; metadata != NULL && i < G_N_ELEMENTS (notes); i++)
    json_object_remove_member (metadata, notes[i]);
  /* The Deployment's controller counts revisions while we look. */
  if (annotations != NULL)
    json_object_remove_member (annotations, "deployment.kubernetes.io/revision");

  return base_json_digest (copy);
}

static gboolean
is_equal (JsonNode   *a,
          JsonNode   *b,
          const char *member)
{
  return g_strcmp0 (base_json_get_string (a, "metadata", member, NULL),
                    base_json_get_string (b, "metadata", member, NULL)) == 0;
}

static StackOutcome
compare (JsonNode *before,
         JsonNode *after)
{
  g_autofree char *digest_before = NULL;
  g_autofree char *digest_after = NULL;

  if (before == NULL || !is_equal (before, after, "uid"))
    return STACK_OUTCOME_CREATED;
  if (is_equal (before, after, "resourceVersion"))
    return STACK_OUTCOME_UNCHANGED;

  /* Somebody wrote in between, perhaps only a controller its status. */
  digest_before = build_digest (before);
  digest_after = build_digest (after);

  return g_str_equal (digest_before, digest_after) ? STACK_OUTCOME_UNCHANGED
                                                   : STACK_OUTCOME_CHANGED;
}

static void
return_failure (GTask        *task,
                const GError *cause)
{
  Apply *apply = g_task_get_task_data (task);
  g_autoptr(GError) error = stack_refusal_explain (apply->object, cause);
  g_autofree char *message = base_redact_text (error->message);

  if (error->domain == STACK_ERROR)
    g_task_return_new_error (task, STACK_ERROR, error->code, "%s", message);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void attempt (GTask *task);

static gboolean
on_retry_cb (gpointer user_data)
{
  attempt (user_data);

  return G_SOURCE_REMOVE;
}

/* Somebody wrote to the object, or made it, while the server was merging: nothing stands against
 * merging once more. Fields of others do. */
static gboolean
has_crossed (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_ALREADY_EXISTS) ||
         (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT) &&
          !kube_error_has_cause (error, "FieldManagerConflict"));
}

static void
retry_or_fail (GTask        *task,
               const GError *error)
{
  Apply           *apply = g_task_get_task_data (task);
  g_autofree char *detail = NULL;

  if (!stack_retry_again (&apply->retry, error) &&
      !(has_crossed (error) && stack_retry_endure (&apply->retry)))
    {
      return_failure (task, error);
      return;
    }

  detail = stack_retry_explain (error);
  stack_operation_set_detail (apply->operation, detail);
  stack_retry_wait (&apply->retry, task, on_retry_cb);
}

/* Once in doubt, always in doubt: a later refusal says nothing of the request before. */
static void
note_doubt (Apply        *apply,
            const GError *error)
{
  apply->open |= kube_error_get_in_doubt (error) ||
                 g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  apply->outcome = apply->open ? STACK_OUTCOME_UNCONFIRMED : STACK_OUTCOME_NONE;
}

static void
stack_apply_patch_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) after = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Apply *apply = g_task_get_task_data (task);

  if (after == NULL)
    {
      note_doubt (apply, error);
      retry_or_fail (task, error);
      return;
    }

  apply->outcome = compare (apply->before, after);
  g_task_return_pointer (task, g_steal_pointer (&after), (GDestroyNotify) json_node_unref);
}

static void
send_patch (GTask *task)
{
  Apply         *apply = g_task_get_task_data (task);
  KubeApplyFlags flags = KUBE_APPLY_STRICT | (apply->force ? KUBE_APPLY_FORCE : KUBE_APPLY_NONE);
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(GError) error = NULL;

  request = kube_request_new_apply (apply->object, STACK_FIELD_MANAGER, flags, &error);
  if (request == NULL)
    {
      return_failure (task, error);
      return;
    }

  kube_client_call_async (apply->client, request, g_task_get_cancellable (task),
                          stack_apply_patch_cb, g_object_ref (task));
}

/* Nothing can be put into a namespace, or written to an object, that is on its way out. */
static gboolean
is_going (Apply *apply)
{
  return base_json_get_string (apply->before, "metadata", "deletionTimestamp", NULL) != NULL;
}

/* Most objects are gone within seconds; what holds one longer is said. */
static void
wait_until_gone (GTask *task)
{
  Apply *apply = g_task_get_task_data (task);
  g_autoptr(GError) error = stack_refusal_explain_going (apply->object, apply->before);
  g_autofree char *detail = NULL;

  if (!stack_retry_endure (&apply->retry))
    {
      return_failure (task, error);
      return;
    }

  detail = stack_refusal_describe_going (apply->before);
  stack_operation_set_detail (apply->operation, detail);
  g_clear_pointer (&apply->before, json_node_unref);
  apply->asked = FALSE;
  stack_retry_wait (&apply->retry, task, on_retry_cb);
}

/* Nobody has written to it since it was found to be as it shall be. */
static gboolean
is_right (Apply *apply)
{
  const char *version = base_json_get_string (apply->before, "metadata", "resourceVersion", NULL);

  return version != NULL && g_strcmp0 (version, apply->right_version) == 0;
}

static void
stack_apply_get_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) before = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Apply *apply = g_task_get_task_data (task);

  if (before == NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    {
      retry_or_fail (task, error);
      return;
    }

  apply->before = g_steal_pointer (&before);
  apply->asked = TRUE;
  if (is_going (apply))
    {
      wait_until_gone (task);
      return;
    }
  if (is_right (apply))
    {
      apply->outcome = STACK_OUTCOME_UNCHANGED;
      g_task_return_pointer (task, g_steal_pointer (&apply->before), (GDestroyNotify) json_node_unref);
      return;
    }

  send_patch (task);
}

static void
attempt (GTask *task)
{
  Apply *apply = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (apply->asked)
    {
      send_patch (task);
      return;
    }

  request = kube_request_new_get (apply->resource, get_namespace (apply), get_name (apply));
  kube_client_call_async (apply->client, request, g_task_get_cancellable (task),
                          stack_apply_get_cb, g_object_ref (task));
}

/*
 * stack_apply_async:
 * @client: the cluster
 * @object: the object, filled
 * @force: whether to take over fields that another manager owns
 * @right_version: (nullable): the version in the cluster at which nothing has to be done
 * @deadline: until when to try while the cluster is away, in µs of the monotonic clock; 0 for ever
 * @operation: whose detail says what is waited for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Applies @object on the server's side, with fields that it does not know refused.
 */
void
stack_apply_async (KubeClient         *client,
                   JsonNode           *object,
                   gboolean            force,
                   const char         *right_version,
                   gint64              deadline,
                   StackOperation     *operation,
                   GCancellable       *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Apply *apply;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (object != NULL);
  g_return_if_fail (STACK_IS_OPERATION (operation));

  apply = g_new0 (Apply, 1);
  apply->client = g_object_ref (client);
  apply->object = json_node_ref (object);
  apply->operation = g_object_ref (operation);
  apply->resource = kube_resource_find (base_json_get_string (object, "apiVersion", NULL),
                                        base_json_get_string (object, "kind", NULL));
  apply->force = force;
  apply->right_version = g_strdup (right_version);
  stack_retry_init (&apply->retry, deadline);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_apply_async);
  g_task_set_task_data (task, apply, apply_free);

  attempt (task);
}

/*
 * stack_apply_finish:
 * @result: what the callback was given
 * @outcome: (out): created, changed or unchanged; after an error %STACK_OUTCOME_UNCONFIRMED when
 *   a request was sent and nobody knows whether the server carried it out
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_REFUSED, %STACK_ERROR_CONFLICT, %STACK_ERROR_TIMED_OUT, those
 * of [error@Kube.Error] and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the object as the server has it now
 */
JsonNode *
stack_apply_finish (GAsyncResult *result,
                    StackOutcome *outcome,
                    GError      **error)
{
  Apply *apply;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (outcome != NULL, NULL);

  apply = g_task_get_task_data (G_TASK (result));
  *outcome = apply->outcome;

  return g_task_propagate_pointer (G_TASK (result), error);
}
