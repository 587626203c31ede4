/* stack-deployer-guard.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-deployer-private.h"

#include "base-json.h"
#include "stack-operation-private.h"

/* Two deployments at once write one after the other: settings, secrets, pods and revision of the
 * one, then those of the other. Whoever is second waits while the first writes, and not while the
 * first waits for its pods. */

typedef struct
{
  GTask                    *task; /* (owned) the run */
  StackDeployerContinueFunc next;
  StackDeployerFailFunc     fail; /* (nullable) */
} Step;

static Step *
step_new (GTask                    *task,
          StackDeployerContinueFunc next,
          StackDeployerFailFunc     fail)
{
  Step *step = g_new0 (Step, 1);

  step->task = g_object_ref (task);
  step->next = next;
  step->fail = fail;

  return step;
}

static void
step_free (Step *step)
{
  g_object_unref (step->task);
  g_free (step);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Step, step_free)

static const char *
get_kind (StackDeployer *self,
          guint          index)
{
  return base_json_get_string (g_ptr_array_index (self->objects, index), "kind", NULL);
}

/*
 * stack_deployer_wants_guard:
 * @self: a deployer whose next object is about to be applied
 *
 * Returns: whether it has to be seen to that nobody else writes from here on: the namespace is
 *   there, and pods are to be made of what follows
 */
gboolean
stack_deployer_wants_guard (StackDeployer *self)
{
  if (self->lease != NULL)
    return stack_lease_is_in_doubt (self->lease);
  if (self->guarded || self->current >= self->objects->len ||
      g_str_equal (get_kind (self, self->current), "Namespace"))
    return FALSE;

  for (guint i = self->current; i < self->objects->len; i++)
    {
      if (g_str_equal (get_kind (self, i), "Deployment"))
        return TRUE;
    }

  return FALSE;
}

static void
stack_deployer_guard_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(Step) step = user_data;
  StackDeployer *self = g_task_get_source_object (step->task);
  GError        *error = NULL;

  if (!stack_lease_acquire_finish (STACK_LEASE (source), result, &error))
    {
      step->fail (self, step->task, error);
      return;
    }

  /* Others have written over what was applied. */
  if (stack_lease_get_moved (self->lease))
    self->current = self->guard_start;
  step->next (step->task);
}

/*
 * stack_deployer_guard:
 * @self: a deployer
 * @task: (transfer none): the run
 * @deadline: until when to wait, in µs of the monotonic clock; 0 for ever
 * @next: what to do when nobody else writes
 * @fail: what to do when somebody else goes on writing
 *
 * Waits for others.
 */
void
stack_deployer_guard (StackDeployer            *self,
                      GTask                    *task,
                      gint64                    deadline,
                      StackDeployerContinueFunc next,
                      StackDeployerFailFunc     fail)
{
  g_autoptr(StackOperation) operation = NULL;
  JsonNode   *object = g_ptr_array_index (self->objects, self->current);
  const char *ns = base_json_get_string (object, "metadata", "namespace", NULL);

  operation = g_list_model_get_item (G_LIST_MODEL (self->operations), self->current);
  stack_operation_start (operation);
  if (self->lease == NULL)
    {
      self->guarded = TRUE;
      self->guard_start = self->current;
      self->lease = stack_lease_new (self->client, ns);
    }
  stack_lease_acquire_async (self->lease, deadline, operation, g_task_get_cancellable (task),
                             stack_deployer_guard_cb, step_new (task, next, fail));
}

static void
stack_deployer_unguard_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(Step) step = user_data;

  stack_lease_release_finish (STACK_LEASE (source), result);
  step->next (step->task);
}

/*
 * stack_deployer_unguard:
 * @self: a deployer
 * @task: (transfer none): the run
 * @next: what to do afterwards
 *
 * Lets others write, if they were kept from it.
 */
void
stack_deployer_unguard (StackDeployer            *self,
                        GTask                    *task,
                        StackDeployerContinueFunc next)
{
  g_autoptr(StackLease) lease = g_steal_pointer (&self->lease);

  if (lease == NULL)
    next (task);
  else
    stack_lease_release_async (lease, stack_deployer_unguard_cb, step_new (task, next, NULL));
}
