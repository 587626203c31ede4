/* stack-change-try.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-change-private.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-request.h"
#include "stack-refusal-private.h"
#include "stack-shown-text-private.h"

/* Tries one object: GET, to know what there is → server-side apply as a dry run → where others own
 * fields, the same once more with force, to know what taking them over would lead to. */

#define NEW_NAMESPACE "Its namespace is new, so the cluster could not try this object yet."

typedef struct
{
  JsonNode *live;       /* (owned) (nullable) what there is */
  gboolean  with_force; /* the dry run that is under way takes fields over */
} Try;

static void
try_free (gpointer data)
{
  Try *try = data;

  g_clear_pointer (&try->live, json_node_unref);
  g_free (try);
}

static void
return_done (GTask *task)
{
  g_task_return_boolean (task, TRUE);
}

/* Takes @error. */
static void
return_refused (GTask  *task,
                GError *error)
{
  StackChange *self = g_task_get_source_object (task);
  Try         *try = g_task_get_task_data (task);

  stack_change_set_error (self, error);
  stack_change_set_result (self, STACK_ACTION_REFUSED, try->live, self->sent, "");
  return_done (task);
}

/* What was not tried will do what comparing names tells. */
static void
return_untried (GTask      *task,
                const char *note)
{
  StackChange *self = g_task_get_source_object (task);
  Try         *try = g_task_get_task_data (task);
  StackAction  action = try->live != NULL ? STACK_ACTION_CHANGE : STACK_ACTION_CREATE;

  stack_change_set_error (self, NULL);
  stack_change_set_result (self, action, try->live, self->sent, note);
  return_done (task);
}

/* Whether it is this object that the server does not take, and not anything at all. */
static gboolean
is_refusal (const GError *error)
{
  guint http_status = kube_error_get_http_status (error);

  return error->domain == KUBE_ERROR && http_status >= 400 && http_status < 500 &&
         error->code != KUBE_ERROR_UNAUTHORIZED && error->code != KUBE_ERROR_TOO_MANY_REQUESTS;
}

/* An admission webhook that cannot be reached, or that has effects of its own and so cannot be
 * tried, says nothing about the object. */
static gboolean
is_not_to_be_tried (const GError *error)
{
  const char *words = base_json_get_string (kube_error_get_status (error), "message", NULL);

  if (words == NULL)
    return FALSE;

  return strstr (words, "does not support dry run") != NULL ||
         (kube_error_get_http_status (error) == 500 && strstr (words, "webhook") != NULL);
}

/* Which fields are ours, as the server noted them down; NULL for none. */
static JsonNode *
find_own_fields (JsonNode *object)
{
  JsonArray *entries = base_json_get_array (object, "metadata", "managedFields", NULL);

  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    {
      JsonNode *entry = json_array_get_element (entries, i);

      if (g_strcmp0 (base_json_get_string (entry, "manager", NULL), STACK_FIELD_MANAGER) == 0 &&
          g_strcmp0 (base_json_get_string (entry, "operation", NULL), "Apply") == 0)
        return base_json_get (entry, "fieldsV1", NULL);
    }

  return NULL;
}

/* An object that looks right is not done with while fields are not ours: they could go with
 * whoever set them. */
static gboolean
is_owned_alike (JsonNode *live,
                JsonNode *after)
{
  JsonNode        *live_fields = find_own_fields (live);
  JsonNode        *after_fields = find_own_fields (after);
  g_autofree char *live_digest = NULL;
  g_autofree char *after_digest = NULL;

  if (live_fields == NULL || after_fields == NULL)
    return FALSE;

  live_digest = base_json_digest (live_fields);
  after_digest = base_json_digest (after_fields);

  return g_str_equal (live_digest, after_digest);
}

/* ".data.A stays as “helm” set it. …" */
static char *
describe_kept (StackChange *self)
{
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < stack_change_get_n_conflicts (self); i++)
    {
      const KubeFieldConflict *conflict = stack_change_get_conflict (self, i);

      if (stack_change_get_choice (self, i) == STACK_CHOICE_KEEP)
        g_string_append_printf (words, "%s%s stays as “%s” set it.", words->len > 0 ? " " : "",
                                conflict->field,
                                conflict->manager != NULL ? conflict->manager : "another program");
    }

  return g_strdup (words->str);
}

static void
judge (GTask    *task,
       JsonNode *after)
{
  StackChange     *self = g_task_get_source_object (task);
  Try             *try = g_task_get_task_data (task);
  g_autofree char *note = describe_kept (self);

  if (try->live == NULL)
    {
      /* What the server would add by itself tells nothing about the object. */
      stack_change_set_result (self, STACK_ACTION_CREATE, NULL, self->sent, note);
    }
  else if (!stack_shown_text_is_equal (try->live, after))
    {
      stack_change_set_result (self, STACK_ACTION_CHANGE, try->live, after, note);
    }
  else
    {
      if (is_owned_alike (try->live, after))
        self->version = g_strdup (base_json_get_string (try->live, "metadata", "resourceVersion",
                                                        NULL));
      stack_change_set_result (self, STACK_ACTION_UNCHANGED, try->live, after, note);
    }
  return_done (task);
}

static void send_dry_run (GTask *task);

static void
handle_failure (GTask        *task,
                const GError *error)
{
  StackChange     *self = g_task_get_source_object (task);
  Try             *try = g_task_get_task_data (task);
  g_autofree char *note = NULL;

  if (!try->with_force && kube_error_has_cause (error, "FieldManagerConflict"))
    {
      stack_change_add_conflicts (self, error);
      stack_change_set_error (self, stack_refusal_explain (self->object, error));
      try->with_force = TRUE;
      send_dry_run (task);
    }
  else if (is_not_to_be_tried (error))
    {
      note = g_strdup_printf ("The cluster could not try this object. %s", error->message);
      return_untried (task, note);
    }
  else if (is_refusal (error))
    {
      return_refused (task, stack_refusal_explain (self->object, error));
    }
  else
    {
      g_task_return_error (task, g_error_copy (error));
    }
}

static void
keep_warnings (StackChange  *self,
               KubeClient   *client,
               GAsyncResult *result)
{
  g_strfreev (self->warnings);
  self->warnings = g_strdupv ((GStrv) kube_client_call_get_warnings (client, result));
}

static void
stack_change_try_dry_run_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) after = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  StackChange *self = g_task_get_source_object (task);
  Try         *try = g_task_get_task_data (task);

  keep_warnings (self, KUBE_CLIENT (source), result);
  if (after == NULL)
    {
      handle_failure (task, error);
    }
  else if (try->with_force && !self->forced)
    {
      stack_change_set_result (self, STACK_ACTION_CONFLICT, try->live, after, "");
      return_done (task);
    }
  else
    {
      stack_change_set_error (self, NULL);
      judge (task, after);
    }
}

static void
send_dry_run (GTask *task)
{
  StackChange   *self = g_task_get_source_object (task);
  Try           *try = g_task_get_task_data (task);
  KubeApplyFlags flags = KUBE_APPLY_DRY_RUN | KUBE_APPLY_STRICT;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  g_autoptr(KubeRequest) request = NULL;
  GError *error = NULL;

  flags |= try->with_force ? KUBE_APPLY_FORCE : KUBE_APPLY_NONE;
  request = kube_request_new_apply (self->sent, STACK_FIELD_MANAGER, flags, &error);
  if (request == NULL)
    g_task_return_error (task, error);
  else
    kube_client_call_async (self->client, request, cancellable, stack_change_try_dry_run_cb,
                            g_object_ref (task));
}

static void
stack_change_try_get_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackChange *self = g_task_get_source_object (task);
  Try         *try = g_task_get_task_data (task);

  try->live = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (try->live == NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    handle_failure (task, error);
  else if (base_json_get_string (try->live, "metadata", "deletionTimestamp", NULL) != NULL)
    return_refused (task, stack_refusal_explain_going (self->object, try->live));
  else
    send_dry_run (task);
}

/*
 * stack_change_try_async:
 * @self: a change
 * @new_namespace: whether its namespace is not there yet
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks the cluster what applying the object would do, with fields of others as they were decided
 * about.
 */
void
stack_change_try_async (StackChange        *self,
                        gboolean            new_namespace,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(KubeRequest) request = NULL;

  g_return_if_fail (STACK_IS_CHANGE (self));

  g_task_set_source_tag (task, stack_change_try_async);
  g_task_set_task_data (task, g_new0 (Try, 1), try_free);

  self->forced = FALSE;
  g_clear_pointer (&self->version, g_free);
  stack_change_set_error (self, NULL);
  stack_change_build_sent (self);
  if (new_namespace)
    {
      return_untried (task, NEW_NAMESPACE);
      return;
    }

  request = kube_request_new_get (self->resource,
                                  base_json_get_string (self->object, "metadata", "namespace", NULL),
                                  stack_change_get_name (self));
  kube_client_call_async (self->client, request, cancellable, stack_change_try_get_cb,
                          g_steal_pointer (&task));
}

/*
 * stack_change_try_finish:
 * @self: a change
 * @result: what the callback was given
 * @error: return location for an error
 *
 * That the cluster would not take the object is a result. Possible errors are those of
 * [error@Kube.Error], when it could not be asked, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether there is a result
 */
gboolean
stack_change_try_finish (StackChange  *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
