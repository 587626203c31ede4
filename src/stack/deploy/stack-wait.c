/* stack-wait.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-wait-private.h"

#include "base-redact.h"
#include "kube-error.h"
#include "stack-operation-private.h"
#include "stack-retry-private.h"

/*
 * StackWait:
 *
 * What waiting for objects of the cluster has in common, as a part of the object that knows what it
 * waits for: the lists that are followed, the verdict that is asked for anew with each of their
 * changes, the deadline, the cancellation, and what is told meanwhile. A cluster that is away is
 * waited for.
 */

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/*
 * stack_wait_init:
 * @self: memory for it
 * @owner: (transfer none): the object that it is a part of
 * @judge: called with @owner while the wait goes on, whenever there is news and at the deadline
 *
 * Makes a wait that has not begun.
 */
void
stack_wait_init (StackWait         *self,
                 GObject           *owner,
                 StackWaitJudgeFunc judge)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (G_IS_OBJECT (owner));
  g_return_if_fail (judge != NULL);

  *self = (StackWait){ .owner = owner, .judge = judge };
  self->reflectors = g_ptr_array_new_with_free_func (g_object_unref);
}

/*
 * stack_wait_clear:
 * @self: a wait that does not go on
 *
 * Frees what it holds. It may be called twice.
 */
void
stack_wait_clear (StackWait *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->task == NULL);

  for (guint i = 0; self->reflectors != NULL && i < self->reflectors->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->reflectors, i), self);
  g_clear_pointer (&self->reflectors, g_ptr_array_unref);
  g_clear_pointer (&self->reason, g_free);
  g_clear_object (&self->operation);
  clear_source (&self->timer);
  clear_source (&self->cancel);
}

static void
on_news_cb (StackWait *self)
{
  if (self->task != NULL)
    self->judge (self->owner);
}

/*
 * stack_wait_follow:
 * @self: a wait that has not begun
 * @client: the cluster
 * @resource: the kind
 * @ns: the namespace
 * @selector: (nullable): which of them, as a label selector
 *
 * Has news of these objects judged, too.
 *
 * Returns: (transfer none): the list, in full form, which is read when the wait begins
 */
KubeReflector *
stack_wait_follow (StackWait          *self,
                   KubeClient         *client,
                   const KubeResource *resource,
                   const char         *ns,
                   const char         *selector)
{
  KubeReflector *reflector;

  g_return_val_if_fail (self != NULL && self->task == NULL, NULL);

  reflector = kube_reflector_new (client, resource, ns, KUBE_FORM_OBJECT, selector);
  g_signal_connect_swapped (reflector, "changed", G_CALLBACK (on_news_cb), self);
  g_signal_connect_swapped (reflector, "notify::state", G_CALLBACK (on_news_cb), self);
  g_ptr_array_add (self->reflectors, reflector);

  return reflector;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = stack_wait_end (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
follow_cancellable (StackWait *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  if (cancellable == NULL)
    return;

  self->cancel = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
  g_source_attach (self->cancel, g_task_get_context (self->task));
}

/*
 * stack_wait_begin:
 * @self: a wait that has not begun
 * @task: (transfer full): what ends with it
 * @deadline: when to give up, in µs of the monotonic clock; 0 for never
 * @operation: whose detail says what is waited for
 *
 * Begins it. The cancellable of @task ends it.
 */
void
stack_wait_begin (StackWait      *self,
                  GTask          *task,
                  gint64          deadline,
                  StackOperation *operation)
{
  g_return_if_fail (self != NULL && self->task == NULL);
  g_return_if_fail (G_IS_TASK (task));
  g_return_if_fail (STACK_IS_OPERATION (operation));

  self->task = task;
  self->deadline = deadline;
  g_set_object (&self->operation, operation);
  follow_cancellable (self);
  stack_wait_look_again (self, 0);

  for (guint i = 0; i < self->reflectors->len; i++)
    kube_reflector_start (g_ptr_array_index (self->reflectors, i));
}

static gboolean
on_timer_cb (gpointer user_data)
{
  StackWait *self = user_data;

  stack_wait_look_again (self, 0);
  on_news_cb (self);

  return G_SOURCE_REMOVE;
}

/*
 * stack_wait_look_again:
 * @self: a wait that goes on
 * @wait_us: in how many µs the verdict may become another one without any news; 0 for never
 *
 * Has it judged then, or at the deadline, whichever comes first. Only the last call counts.
 */
void
stack_wait_look_again (StackWait *self,
                       gint64     wait_us)
{
  gint64 left;

  g_return_if_fail (self != NULL && self->task != NULL);

  left = self->deadline != 0 ? MAX (self->deadline - g_get_monotonic_time (), 0) : 0;
  clear_source (&self->timer);
  if (self->deadline != 0 && (wait_us == 0 || left < wait_us))
    wait_us = MAX (left, 1);
  if (wait_us == 0)
    return;

  self->timer = g_timeout_source_new (MIN (wait_us / 1000 + 1, G_MAXUINT));
  g_source_set_callback (self->timer, on_timer_cb, self, NULL);
  g_source_attach (self->timer, g_task_get_context (self->task));
}

/*
 * stack_wait_is_over:
 * @self: a wait
 *
 * Returns: whether its deadline has passed
 */
gboolean
stack_wait_is_over (StackWait *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->deadline != 0 && g_get_monotonic_time () >= self->deadline;
}

/*
 * stack_wait_find_trouble:
 * @self: a wait
 *
 * Returns: (nullable): why the news may be old; %NULL while all is followed
 */
const GError *
stack_wait_find_trouble (StackWait *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->reflectors->len; i++)
    {
      KubeReflector *reflector = g_ptr_array_index (self->reflectors, i);
      const GError  *error = kube_reflector_get_error (reflector);

      /* A list that has to be read again is nothing to tell people. */
      if (error != NULL && kube_reflector_get_state (reflector) == KUBE_REFLECTOR_BACKING_OFF &&
          !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_EXPIRED))
        return error;
    }

  return NULL;
}

/*
 * stack_wait_say:
 * @self: a wait that goes on
 * @reason: (nullable): what is waited for, in words; %NULL when nothing is known yet
 *
 * Tells it, unless there is trouble to tell of, and keeps it.
 */
void
stack_wait_say (StackWait  *self,
                const char *reason)
{
  const GError    *trouble = stack_wait_find_trouble (self);
  g_autofree char *words = NULL;

  g_return_if_fail (self != NULL && self->task != NULL);

  if (trouble != NULL)
    {
      g_autofree char *explained = stack_retry_explain (trouble);

      words = base_redact_text (explained);
    }
  else if (reason != NULL)
    words = base_redact_text (reason);

  if (words != NULL)
    stack_operation_set_detail (self->operation, words);
  if (reason != NULL)
    {
      g_free (self->reason);
      self->reason = g_strdup (reason);
    }
}

/*
 * stack_wait_end:
 * @self: a wait that goes on
 *
 * Ends it.
 *
 * Returns: (transfer full): its task, to be returned from
 */
GTask *
stack_wait_end (StackWait *self)
{
  GTask *task;

  g_return_val_if_fail (self != NULL, NULL);

  /* First of all, since a reflector that stops says so, and nothing is to be judged then. */
  task = g_steal_pointer (&self->task);
  for (guint i = 0; i < self->reflectors->len; i++)
    kube_reflector_stop (g_ptr_array_index (self->reflectors, i));
  clear_source (&self->timer);
  clear_source (&self->cancel);
  g_clear_object (&self->operation);

  return task;
}

/*
 * stack_wait_fail:
 * @self: a wait that goes on
 * @code: the kind of failure
 * @words: what happened, why, and what to do next
 *
 * Ends it with an error.
 */
void
stack_wait_fail (StackWait  *self,
                 StackError  code,
                 const char *words)
{
  g_autoptr(GTask) task = stack_wait_end (self);
  g_autofree char *redacted = base_redact_text (words);

  g_task_return_new_error (task, STACK_ERROR, code, "%s", redacted);
}
