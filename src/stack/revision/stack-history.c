/* stack-history.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-history.h"

#include "base-json.h"
#include "kube-list.h"
#include "stack-revision-change.h"
#include "stack-revision-private.h"

/* Ten are kept; a page holds many more. */
#define PAGE 500

/**
 * StackHistory:
 *
 * The revisions of the app that the cluster keeps, [class@Revision], newest first. Empty until it
 * was loaded; loaded again it shows what has come since.
 */
struct _StackHistory
{
  GObject parent_instance;

  KubeClient *client;    /* (owned) */
  char       *ns;        /* (owned) */
  GPtrArray  *revisions; /* (element-type StackRevision) (owned) newest first */
};

static void stack_history_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StackHistory, stack_history, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, stack_history_list_model_init))

static GType
stack_history_get_item_type (GListModel *model)
{
  return STACK_TYPE_REVISION;
}

static guint
stack_history_get_n_items (GListModel *model)
{
  return STACK_HISTORY (model)->revisions->len;
}

static gpointer
stack_history_get_item (GListModel *model,
                        guint       position)
{
  StackHistory *self = STACK_HISTORY (model);

  return position < self->revisions->len
             ? g_object_ref (g_ptr_array_index (self->revisions, position))
             : NULL;
}

static void
stack_history_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = stack_history_get_item_type;
  iface->get_n_items = stack_history_get_n_items;
  iface->get_item = stack_history_get_item;
}

static void
stack_history_finalize (GObject *object)
{
  StackHistory *self = STACK_HISTORY (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->ns, g_free);
  g_clear_pointer (&self->revisions, g_ptr_array_unref);

  G_OBJECT_CLASS (stack_history_parent_class)->finalize (object);
}

static void
stack_history_class_init (StackHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_history_finalize;
}

static void
stack_history_init (StackHistory *self)
{
  self->revisions = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * stack_history_new:
 * @client: the cluster
 * @ns: the app's namespace
 *
 * Reads nothing yet: see [method@History.load_async].
 *
 * Returns: (transfer full): a history
 */
StackHistory *
stack_history_new (KubeClient *client,
                   const char *ns)
{
  StackHistory *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ns != NULL, NULL);

  self = g_object_new (STACK_TYPE_HISTORY, NULL);
  self->client = g_object_ref (client);
  self->ns = g_strdup (ns);

  return self;
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  guint left = stack_revision_get_number (*(StackRevision *const *) a);
  guint right = stack_revision_get_number (*(StackRevision *const *) b);

  return left < right ? 1 : left > right ? -1
                                         : 0;
}

static void
summarize (GPtrArray *revisions)
{
  for (guint i = 0; i < revisions->len; i++)
    {
      StackRevision *revision = g_ptr_array_index (revisions, i);

      if (i + 1 < revisions->len)
        {
          g_autoptr(StackRevisionChange) change = NULL;
          g_autofree char *words = NULL;

          change = stack_revision_change_new (g_ptr_array_index (revisions, i + 1), revision);
          words = stack_revision_change_describe (change);
          stack_revision_set_summary (revision, words);
        }
      else
        {
          stack_revision_set_summary (revision, stack_revision_get_number (revision) == 1
                                                    ? "first deployment"
                                                    : "the one before is no longer kept");
        }
    }
}

/* A Secret that is no revision does not hide those that are. */
static GPtrArray *
read_revisions (JsonNode *list)
{
  JsonArray *items = base_json_get_array (list, "items", NULL);
  GPtrArray *revisions = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      g_autoptr(GError) error = NULL;
      StackRevision *revision;

      revision = stack_revision_new_from_secret (json_array_get_element (items, i), &error);
      if (revision != NULL)
        g_ptr_array_add (revisions, revision);
      else
        g_debug ("%s", error->message);
    }
  g_ptr_array_sort (revisions, compare_newest_first);
  summarize (revisions);

  return revisions;
}

static void
take_revisions (StackHistory *self,
                GPtrArray    *revisions)
{
  g_autoptr(GPtrArray) before = g_steal_pointer (&self->revisions);

  self->revisions = revisions;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before->len, revisions->len);
}

static void
stack_history_load_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  if (list == NULL || !kube_list_check (&KUBE_SECRET, list, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  take_revisions (g_task_get_source_object (task), read_revisions (list));
  g_task_return_boolean (task, TRUE);
}

/**
 * stack_history_load_async:
 * @self: a history
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Reads the revisions. What was there before stays until then, and when it fails.
 */
void
stack_history_load_async (StackHistory       *self,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr(KubeRequest) request = NULL;
  GTask *task;

  g_return_if_fail (STACK_IS_HISTORY (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_history_load_async);
  request = kube_request_new_list (&KUBE_SECRET, self->ns, KUBE_FORM_OBJECT,
                                   STACK_REVISION_SELECTOR, PAGE, NULL);
  kube_client_call_async (self->client, request, cancellable, stack_history_load_cb, task);
}

/**
 * stack_history_load_finish:
 * @self: a history
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error], %KUBE_ERROR_FORBIDDEN where Secrets may not be
 * listed, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether the revisions were read
 */
gboolean
stack_history_load_finish (StackHistory *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (STACK_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * stack_history_find:
 * @self: a history that was loaded
 * @number: a revision's number
 *
 * Returns: (transfer none) (nullable): the revision of that number
 */
StackRevision *
stack_history_find (StackHistory *self,
                    guint         number)
{
  g_return_val_if_fail (STACK_IS_HISTORY (self), NULL);

  for (guint i = 0; i < self->revisions->len; i++)
    {
      StackRevision *revision = g_ptr_array_index (self->revisions, i);

      if (stack_revision_get_number (revision) == number)
        return revision;
    }

  return NULL;
}

/**
 * stack_history_find_proven:
 * @self: a history that was loaded
 * @running: (nullable): what runs now
 *
 * Returns: (transfer none) (nullable): the newest revision that was proven and deploys another
 *   thing than @running: where to go back to
 */
StackRevision *
stack_history_find_proven (StackHistory  *self,
                           StackRevision *running)
{
  g_return_val_if_fail (STACK_IS_HISTORY (self), NULL);

  for (guint i = 0; i < self->revisions->len; i++)
    {
      StackRevision *revision = g_ptr_array_index (self->revisions, i);

      if (stack_revision_get_outcome (revision) == STACK_REVISION_PROVEN &&
          (running == NULL || !stack_revision_is_same (revision, running)))
        return revision;
    }

  return NULL;
}

/**
 * stack_history_find_same:
 * @self: a history that was loaded
 * @running: what runs now
 *
 * Returns: (transfer none) (nullable): the newest revision that deploys the same as @running;
 *   %NULL when something was changed since, or none was kept
 */
StackRevision *
stack_history_find_same (StackHistory  *self,
                         StackRevision *running)
{
  g_return_val_if_fail (STACK_IS_HISTORY (self), NULL);
  g_return_val_if_fail (STACK_IS_REVISION (running), NULL);

  for (guint i = 0; i < self->revisions->len; i++)
    {
      if (stack_revision_is_same (g_ptr_array_index (self->revisions, i), running))
        return g_ptr_array_index (self->revisions, i);
    }

  return NULL;
}
