/* stack-plan.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-plan-private.h"

#include "base-json.h"
#include "stack-error.h"

/**
 * StackPlan:
 *
 * What a deployment would do, before it is done: a list of [class@Change], one for each object, in
 * the order of application. The cluster itself is asked, by dry runs of which it keeps nothing.
 */
struct _StackPlan
{
  GObject parent_instance;

  KubeClient *client;  /* (owned) */
  GPtrArray  *changes; /* (element-type StackChange) (owned) */
};

static void stack_plan_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StackPlan, stack_plan, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, stack_plan_list_model_init))

/* A round of trials: first what has no namespace, so that it is known which namespaces are new. */
typedef struct
{
  gboolean namespaced; /* the second part is under way */
  guint    n_pending;  /* one more than there are, until all have been started */
  GError  *error;      /* (owned) (nullable) the first */
} Round;

static void
round_free (gpointer data)
{
  Round *round = data;

  g_clear_error (&round->error);
  g_free (round);
}

static GType
stack_plan_get_item_type (GListModel *model)
{
  return STACK_TYPE_CHANGE;
}

static guint
stack_plan_get_n_items (GListModel *model)
{
  return STACK_PLAN (model)->changes->len;
}

static gpointer
stack_plan_get_item (GListModel *model,
                     guint       position)
{
  StackPlan *self = STACK_PLAN (model);

  return position < self->changes->len ? g_object_ref (g_ptr_array_index (self->changes, position))
                                       : NULL;
}

static void
stack_plan_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = stack_plan_get_item_type;
  iface->get_n_items = stack_plan_get_n_items;
  iface->get_item = stack_plan_get_item;
}

static void
stack_plan_finalize (GObject *object)
{
  StackPlan *self = STACK_PLAN (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->changes, g_ptr_array_unref);

  G_OBJECT_CLASS (stack_plan_parent_class)->finalize (object);
}

static void
stack_plan_class_init (StackPlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_plan_finalize;
}

static void
stack_plan_init (StackPlan *self)
{
  self->changes = g_ptr_array_new_with_free_func (g_object_unref);
}

/*
 * stack_plan_get_change:
 * @self: a plan
 * @index: of an object
 *
 * Returns: (transfer none): what is to be done with it
 */
StackChange *
stack_plan_get_change (StackPlan *self,
                       guint      index)
{
  g_return_val_if_fail (STACK_IS_PLAN (self), NULL);
  g_return_val_if_fail (index < self->changes->len, NULL);

  return g_ptr_array_index (self->changes, index);
}

static gboolean
is_new_namespace (StackPlan  *self,
                  const char *name)
{
  for (guint i = 0; i < self->changes->len; i++)
    {
      StackChange *change = stack_plan_get_change (self, i);

      if (g_str_equal (stack_change_get_kind (change), "Namespace") &&
          g_str_equal (stack_change_get_name (change), name) &&
          stack_change_get_action (change) == STACK_ACTION_CREATE)
        return TRUE;
    }

  return FALSE;
}

static void start_round (GTask *task);

/* Ends a part of a round, when all of it has come back. */
static void
end_one (GTask *task)
{
  Round *round = g_task_get_task_data (task);

  if (--round->n_pending > 0)
    return;

  if (round->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&round->error));
    }
  else if (!round->namespaced)
    {
      round->namespaced = TRUE;
      start_round (task);
    }
  else
    {
      g_task_return_boolean (task, TRUE);
    }
}

static void
stack_plan_try_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Round *round = g_task_get_task_data (task);

  if (!stack_change_try_finish (STACK_CHANGE (source), result, &error) && round->error == NULL)
    round->error = g_steal_pointer (&error);
  end_one (task);
}

static void
start_round (GTask *task)
{
  StackPlan    *self = g_task_get_source_object (task);
  Round        *round = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  round->n_pending = 1;
  for (guint i = 0; i < self->changes->len; i++)
    {
      StackChange *change = stack_plan_get_change (self, i);
      const char  *ns = base_json_get_string (change->object, "metadata", "namespace", NULL);

      if (change->resource->namespaced != round->namespaced)
        continue;
      round->n_pending++;
      stack_change_try_async (change, ns != NULL && is_new_namespace (self, ns), cancellable,
                              stack_plan_try_cb, g_object_ref (task));
    }
  end_one (task);
}

/**
 * stack_plan_try_again_async:
 * @self: a plan that is not being tried
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks the cluster again, with fields of others as they were decided about by
 * [method@Change.set_choice].
 */
void
stack_plan_try_again_async (StackPlan          *self,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (STACK_IS_PLAN (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_plan_try_again_async);
  g_task_set_task_data (task, g_new0 (Round, 1), round_free);
  start_round (task);
}

/**
 * stack_plan_try_again_finish:
 * @self: a plan
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [func@Plan.make_finish].
 *
 * Returns: whether every object was tried
 */
gboolean
stack_plan_try_again_finish (StackPlan    *self,
                             GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (STACK_IS_PLAN (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
stack_plan_make_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackPlan *self = STACK_PLAN (source);
  GError    *error = NULL;

  if (stack_plan_try_again_finish (self, result, &error))
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * stack_plan_make_async:
 * @client: the cluster
 * @objects: (element-type JsonNode): filled objects of built-in kinds, in the order of application
 * @force: whether fields that others own are to be taken over without anybody deciding
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks the cluster what applying the objects would do. It keeps nothing of that. What belongs into
 * a namespace that does not exist yet cannot be tried; its [method@Change.get_note] says so.
 */
void
stack_plan_make_async (KubeClient         *client,
                       GPtrArray          *objects,
                       gboolean            force,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(StackPlan) self = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (objects != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  self = g_object_new (STACK_TYPE_PLAN, NULL);
  self->client = g_object_ref (client);
  for (guint i = 0; i < objects->len; i++)
    g_ptr_array_add (self->changes,
                     stack_change_new (client, g_ptr_array_index (objects, i), force));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_plan_make_async);
  stack_plan_try_again_async (self, cancellable, stack_plan_make_cb, g_steal_pointer (&task));
}

/**
 * stack_plan_make_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * That the cluster would not take an object is no error of this function: it stands in that
 * object's change, see [method@Plan.check]. Possible errors are those of [error@Kube.Error], when
 * the cluster could not be asked, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the plan; it holds secrets
 */
StackPlan *
stack_plan_make_finish (GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_plan_make_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stack_plan_get_client:
 * @self: a plan
 *
 * Returns: (transfer none): the cluster that was asked
 */
KubeClient *
stack_plan_get_client (StackPlan *self)
{
  g_return_val_if_fail (STACK_IS_PLAN (self), NULL);

  return self->client;
}

/**
 * stack_plan_count:
 * @self: a plan
 * @action: an action
 *
 * Returns: with how many objects that is to be done
 */
guint
stack_plan_count (StackPlan  *self,
                  StackAction action)
{
  guint n = 0;

  g_return_val_if_fail (STACK_IS_PLAN (self), 0);

  for (guint i = 0; i < self->changes->len; i++)
    n += stack_change_get_action (stack_plan_get_change (self, i)) == action ? 1 : 0;

  return n;
}

/**
 * stack_plan_get_n_changes:
 * @self: a plan
 *
 * Returns: how many objects would be created or changed
 */
guint
stack_plan_get_n_changes (StackPlan *self)
{
  return stack_plan_count (self, STACK_ACTION_CREATE) + stack_plan_count (self, STACK_ACTION_CHANGE);
}

/**
 * stack_plan_dup_summary:
 * @self: a plan
 *
 * Returns: (transfer full): "2 to create, 1 to change, 3 unchanged", without what is none
 */
char *
stack_plan_dup_summary (StackPlan *self)
{
  static const char *const words[] = {
    [STACK_ACTION_CREATE] = "to create",
    [STACK_ACTION_CHANGE] = "to change",
    [STACK_ACTION_UNCHANGED] = "unchanged",
    [STACK_ACTION_CONFLICT] = "with fields of others",
    [STACK_ACTION_REFUSED] = "refused",
  };
  GString *summary;

  g_return_val_if_fail (STACK_IS_PLAN (self), NULL);

  summary = g_string_new (NULL);
  for (guint action = 0; action < G_N_ELEMENTS (words); action++)
    {
      guint n = stack_plan_count (self, action);

      if (n > 0)
        g_string_append_printf (summary, "%s%u %s", summary->len > 0 ? ", " : "", n, words[action]);
    }

  return g_string_free (summary, FALSE);
}

/**
 * stack_plan_check:
 * @self: a plan
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_REFUSED and %STACK_ERROR_CONFLICT: the first object that the
 * cluster would not take, or about whose fields nobody has decided.
 *
 * Returns: whether the plan can be carried out
 */
gboolean
stack_plan_check (StackPlan *self,
                  GError   **error)
{
  g_return_val_if_fail (STACK_IS_PLAN (self), FALSE);

  for (guint i = 0; i < self->changes->len; i++)
    {
      const GError *why = stack_change_get_error (stack_plan_get_change (self, i));

      if (why == NULL)
        continue;
      g_set_error (error, why->domain, why->code, "%s Nothing was sent to the cluster.",
                   why->message);
      return FALSE;
    }

  return TRUE;
}

/**
 * stack_plan_check_refusals:
 * @self: a plan
 * @error: return location for an error
 *
 * Like [method@Plan.check], but fields of others are no reason against it.
 *
 * Returns: whether the cluster would take every object; or else %STACK_ERROR_REFUSED for the first
 *   that it would not
 */
gboolean
stack_plan_check_refusals (StackPlan *self,
                           GError   **error)
{
  guint n = stack_plan_count (self, STACK_ACTION_REFUSED);

  g_return_val_if_fail (STACK_IS_PLAN (self), FALSE);

  for (guint i = 0; i < self->changes->len; i++)
    {
      StackChange *change = stack_plan_get_change (self, i);

      if (stack_change_get_action (change) != STACK_ACTION_REFUSED)
        continue;
      g_set_error (error, STACK_ERROR, STACK_ERROR_REFUSED,
                   "The cluster would refuse %u of %u objects, and nothing would be deployed. %s", n,
                   self->changes->len, stack_change_get_error (change)->message);
      return FALSE;
    }

  return TRUE;
}

/*
 * stack_plan_list_objects:
 * @self: a plan
 *
 * Returns: (transfer full) (element-type JsonNode): the objects as they are to be sent
 */
GPtrArray *
stack_plan_list_objects (StackPlan *self)
{
  GPtrArray *objects;

  g_return_val_if_fail (STACK_IS_PLAN (self), NULL);

  objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  for (guint i = 0; i < self->changes->len; i++)
    g_ptr_array_add (objects, json_node_ref (stack_change_get_sent (stack_plan_get_change (self, i))));

  return objects;
}
