/* stack-undo.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-undo.h"

#include "base-json.h"
#include "stack-error.h"
#include "stack-revision-private.h"

/**
 * StackUndo:
 *
 * The way back to an earlier revision, found and not yet gone: settings, secrets and pod template
 * together. What it will change is [method@Running.build_change] of [method@Undo.get_running],
 * whose deployer carries it out.
 */
struct _StackUndo
{
  GObject parent_instance;

  StackHistory  *history;     /* (owned) */
  StackRunning  *running;     /* (owned) (nullable) with the revision put in */
  StackRevision *revision;    /* (owned) (nullable) */
  guint          number;      /* 0: the last one that was proven */
  gboolean       interrupted; /* somebody was on that way already */
};

G_DEFINE_FINAL_TYPE (StackUndo, stack_undo, G_TYPE_OBJECT)

static void
stack_undo_finalize (GObject *object)
{
  StackUndo *self = STACK_UNDO (object);

  g_clear_object (&self->history);
  g_clear_object (&self->running);
  g_clear_object (&self->revision);

  G_OBJECT_CLASS (stack_undo_parent_class)->finalize (object);
}

static void
stack_undo_class_init (StackUndoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_undo_finalize;
}

static void
stack_undo_init (StackUndo *self)
{
}

static gboolean
is_equal (JsonNode *a,
          JsonNode *b)
{
  g_autofree char *left = base_json_digest (a);
  g_autofree char *right = base_json_digest (b);

  return g_str_equal (left, right);
}

/* Whether what runs are the pods of @from with a part of the settings of @to already. */
static gboolean
is_between (StackRevision *running,
            StackRevision *from,
            StackRevision *to)
{
  JsonNode *settings = stack_revision_get_config_map (running);
  JsonNode *secrets = stack_revision_get_secret (running);

  return is_equal (stack_revision_get_template (running), stack_revision_get_template (from)) &&
         (is_equal (settings, stack_revision_get_config_map (from)) ||
          is_equal (settings, stack_revision_get_config_map (to))) &&
         (is_equal (secrets, stack_revision_get_secret (from)) ||
          is_equal (secrets, stack_revision_get_secret (to)));
}

/* Where somebody was on the way back to, when the program ended: what runs is an earlier revision,
 * and nobody has noted down that it works this time; or it has settings of an earlier one and the
 * pods of the latest. */
static StackRevision *
find_interrupted (StackUndo *self)
{
  GListModel    *model = G_LIST_MODEL (self->history);
  StackRevision *running = stack_running_get_revision (self->running);
  g_autoptr(StackRevision) latest = g_list_model_get_item (model, 0);
  gboolean recorded = latest != NULL && stack_revision_is_same (latest, running);

  if (recorded && stack_revision_get_outcome (latest) != STACK_REVISION_DEPLOYING)
    return NULL;

  for (guint i = 1; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(StackRevision) earlier = g_list_model_get_item (model, i);

      if (stack_revision_get_outcome (earlier) != STACK_REVISION_PROVEN)
        continue;
      /* The list keeps it. */
      if (stack_revision_is_same (earlier, running) ||
          (!recorded && is_between (running, latest, earlier)))
        return earlier;
    }

  return NULL;
}

static StackRevision *
find_revision (StackUndo *self,
               GError   **error)
{
  StackRevision *running = stack_running_get_revision (self->running);
  StackRevision *revision;

  if (self->number != 0)
    {
      revision = stack_history_find (self->history, self->number);
      if (revision == NULL)
        g_set_error (error, STACK_ERROR, STACK_ERROR_NO_REVISION,
                     "There is no revision %u. The last ten are kept, and those that were undone "
                     "count as well. Choose one that “hackystackctl history” shows.",
                     self->number);
      return revision;
    }

  revision = find_interrupted (self);
  self->interrupted = revision != NULL;
  if (revision == NULL)
    revision = stack_history_find_proven (self->history, running);
  if (revision == NULL)
    g_set_error_literal (error, STACK_ERROR, STACK_ERROR_NO_REVISION,
                         "There is nothing to go back to. No other revision than the one that runs "
                         "was ever proven to work. Correct the settings or the image and deploy "
                         "again.");

  return revision;
}

static void
stack_undo_prepare_history_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackUndo     *self = g_task_get_task_data (task);
  StackRevision *revision = NULL;

  if (stack_history_load_finish (STACK_HISTORY (source), result, &error))
    revision = find_revision (self, &error);
  if (revision == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->revision = g_object_ref (revision);
  stack_running_restore (self->running, revision);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
stack_undo_prepare_running_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackUndo    *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->running = stack_running_read_finish (result, &error);
  if (self->running == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    stack_history_load_async (self->history, cancellable, stack_undo_prepare_history_cb,
                              g_steal_pointer (&task));
}

/**
 * stack_undo_prepare_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @number: the revision to go back to; 0 for the newest that was proven and is not what runs
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Finds the way back. Nothing is changed yet. An undo that was begun and not seen to its end is gone
 * on with when @number is 0.
 */
void
stack_undo_prepare_async (KubeClient         *client,
                          const char         *ns,
                          guint               number,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  GTask     *task;
  StackUndo *self;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  self = g_object_new (STACK_TYPE_UNDO, NULL);
  self->history = stack_history_new (client, ns);
  self->number = number;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_undo_prepare_async);
  g_task_set_task_data (task, self, g_object_unref);
  stack_running_read_async (client, ns, cancellable, stack_undo_prepare_running_cb, task);
}

/**
 * stack_undo_prepare_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_NO_REVISION, %STACK_ERROR_NOT_DEPLOYED, those of
 * [error@Kube.Error] and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the way back
 */
StackUndo *
stack_undo_prepare_finish (GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_undo_prepare_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stack_undo_get_revision:
 * @self: a way back
 *
 * Returns: (transfer none): the revision that it leads to
 */
StackRevision *
stack_undo_get_revision (StackUndo *self)
{
  g_return_val_if_fail (STACK_IS_UNDO (self), NULL);

  return self->revision;
}

/**
 * stack_undo_get_interrupted:
 * @self: a way back
 *
 * Returns: whether an undo to that revision was begun and not seen to its end, so that there is
 *   something to wait for even if nothing has to change
 */
gboolean
stack_undo_get_interrupted (StackUndo *self)
{
  g_return_val_if_fail (STACK_IS_UNDO (self), FALSE);

  return self->interrupted;
}

/**
 * stack_undo_get_running:
 * @self: a way back
 *
 * Returns: (transfer none): what is deployed, with the revision put in
 */
StackRunning *
stack_undo_get_running (StackUndo *self)
{
  g_return_val_if_fail (STACK_IS_UNDO (self), NULL);

  return self->running;
}
