/* stack-operation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-operation-private.h"

/**
 * StackOperation:
 *
 * One line of progress: what is done, how far it is, and what it waits for or what happened, in
 * words. Windows and terminals show the same objects.
 */
struct _StackOperation
{
  GObject parent_instance;

  char               *title;  /* (owned) */
  char               *detail; /* (owned) */
  GError             *error;  /* (owned) (nullable) */
  StackOperationState state;
  StackOutcome        outcome;
  gint64              started;
  gint64              finished;
};

G_DEFINE_FINAL_TYPE (StackOperation, stack_operation, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (StackOperationState, stack_operation_state, G_DEFINE_ENUM_VALUE (STACK_OPERATION_PENDING, "pending"), G_DEFINE_ENUM_VALUE (STACK_OPERATION_RUNNING, "running"), G_DEFINE_ENUM_VALUE (STACK_OPERATION_DONE, "done"), G_DEFINE_ENUM_VALUE (STACK_OPERATION_FAILED, "failed"), G_DEFINE_ENUM_VALUE (STACK_OPERATION_CANCELLED, "cancelled"))

G_DEFINE_ENUM_TYPE (StackOutcome, stack_outcome, G_DEFINE_ENUM_VALUE (STACK_OUTCOME_NONE, "none"), G_DEFINE_ENUM_VALUE (STACK_OUTCOME_CREATED, "created"), G_DEFINE_ENUM_VALUE (STACK_OUTCOME_CHANGED, "changed"), G_DEFINE_ENUM_VALUE (STACK_OUTCOME_UNCHANGED, "unchanged"), G_DEFINE_ENUM_VALUE (STACK_OUTCOME_READY, "ready"), G_DEFINE_ENUM_VALUE (STACK_OUTCOME_UNCONFIRMED, "unconfirmed"))

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_OUTCOME,
  PROP_DETAIL,
  PROP_ERROR,
  PROP_STARTED,
  PROP_FINISHED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
notify (StackOperation *self,
        guint           prop_id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static void
set_state (StackOperation     *self,
           StackOperationState state)
{
  if (self->state == state)
    return;

  self->state = state;
  notify (self, PROP_STATE);
}

static void
set_outcome (StackOperation *self,
             StackOutcome    outcome)
{
  if (self->outcome == outcome)
    return;

  self->outcome = outcome;
  notify (self, PROP_OUTCOME);
}

static void
set_times (StackOperation *self,
           gint64          started,
           gint64          finished)
{
  if (self->started != started)
    {
      self->started = started;
      notify (self, PROP_STARTED);
    }
  if (self->finished != finished)
    {
      self->finished = finished;
      notify (self, PROP_FINISHED);
    }
}

static void
set_error (StackOperation *self,
           const GError   *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  notify (self, PROP_ERROR);
}

static void
stack_operation_finalize (GObject *object)
{
  StackOperation *self = STACK_OPERATION (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->detail, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (stack_operation_parent_class)->finalize (object);
}

static void
stack_operation_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  StackOperation *self = STACK_OPERATION (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, stack_operation_get_title (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, stack_operation_get_state (self));
      break;
    case PROP_OUTCOME:
      g_value_set_enum (value, stack_operation_get_outcome (self));
      break;
    case PROP_DETAIL:
      g_value_set_string (value, stack_operation_get_detail (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, stack_operation_get_error (self));
      break;
    case PROP_STARTED:
      g_value_set_int64 (value, stack_operation_get_started (self));
      break;
    case PROP_FINISHED:
      g_value_set_int64 (value, stack_operation_get_finished (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_operation_class_init (StackOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = stack_operation_finalize;
  object_class->get_property = stack_operation_get_property;

  /**
   * StackOperation:title:
   *
   * What is done: "Namespace hackystack", "Wait for the pods".
   */
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);

  /**
   * StackOperation:state:
   *
   * How far it is.
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, STACK_TYPE_OPERATION_STATE,
                                              STACK_OPERATION_PENDING, flags);

  /**
   * StackOperation:outcome:
   *
   * What it led to, once it is done.
   */
  properties[PROP_OUTCOME] = g_param_spec_enum ("outcome", NULL, NULL, STACK_TYPE_OUTCOME,
                                                STACK_OUTCOME_NONE, flags);

  /**
   * StackOperation:detail:
   *
   * What it waits for, or what happened, in words; "" when there is nothing to say.
   */
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, "", flags);

  /**
   * StackOperation:error:
   *
   * Why it failed.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);

  /**
   * StackOperation:started:
   *
   * When it started, in µs of the monotonic clock; 0 when it has not.
   */
  properties[PROP_STARTED] = g_param_spec_int64 ("started", NULL, NULL, 0, G_MAXINT64, 0, flags);

  /**
   * StackOperation:finished:
   *
   * When it ended, in µs of the monotonic clock; 0 when it has not.
   */
  properties[PROP_FINISHED] = g_param_spec_int64 ("finished", NULL, NULL, 0, G_MAXINT64, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
stack_operation_init (StackOperation *self)
{
  self->title = g_strdup ("");
  self->detail = g_strdup ("");
}

/*
 * stack_operation_new:
 * @title: what is done
 *
 * Returns: (transfer full): a pending operation
 */
StackOperation *
stack_operation_new (const char *title)
{
  StackOperation *self = g_object_new (STACK_TYPE_OPERATION, NULL);

  stack_operation_set_title (self, title);

  return self;
}

/**
 * stack_operation_get_title:
 * @self: an operation
 *
 * Returns: (transfer none): what is done
 */
const char *
stack_operation_get_title (StackOperation *self)
{
  g_return_val_if_fail (STACK_IS_OPERATION (self), NULL);

  return self->title;
}

/*
 * stack_operation_set_title:
 * @self: an operation
 * @title: what is done
 *
 * Renames it, as the namespace may change before the run.
 */
void
stack_operation_set_title (StackOperation *self,
                           const char     *title)
{
  g_return_if_fail (STACK_IS_OPERATION (self));
  g_return_if_fail (title != NULL);

  if (g_str_equal (self->title, title))
    return;

  g_free (self->title);
  self->title = g_strdup (title);
  notify (self, PROP_TITLE);
}

/**
 * stack_operation_get_state:
 * @self: an operation
 *
 * Returns: how far it is
 */
StackOperationState
stack_operation_get_state (StackOperation *self)
{
  g_return_val_if_fail (STACK_IS_OPERATION (self), STACK_OPERATION_PENDING);

  return self->state;
}

/**
 * stack_operation_get_outcome:
 * @self: an operation
 *
 * Returns: what it led to
 */
StackOutcome
stack_operation_get_outcome (StackOperation *self)
{
  g_return_val_if_fail (STACK_IS_OPERATION (self), STACK_OUTCOME_NONE);

  return self->outcome;
}

/**
 * stack_operation_get_detail:
 * @self: an operation
 *
 * Returns: (transfer none): what it waits for or what happened; "" for nothing
 */
const char *
stack_operation_get_detail (StackOperation *self)
{
  g_return_val_if_fail (STACK_IS_OPERATION (self), NULL);

  return self->detail;
}

/*
 * stack_operation_set_detail:
 * @self: an operation
 * @detail: what it waits for or what happened
 *
 * Changes the words beside the title.
 */
void
stack_operation_set_detail (StackOperation *self,
                            const char     *detail)
{
  g_return_if_fail (STACK_IS_OPERATION (self));
  g_return_if_fail (detail != NULL);

  if (g_str_equal (self->detail, detail))
    return;

  g_free (self->detail);
  self->detail = g_strdup (detail);
  notify (self, PROP_DETAIL);
}

/**
 * stack_operation_get_error:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): why it failed
 */
const GError *
stack_operation_get_error (StackOperation *self)
{
  g_return_val_if_fail (STACK_IS_OPERATION (self), NULL);

  return self->error;
}

/**
 * stack_operation_get_started:
 * @self: an operation
 *
 * Returns: when it started, in µs of the monotonic clock; 0 when it has not
 */
gint64
stack_operation_get_started (StackOperation *self)
{
  g_return_val_if_fail (STACK_IS_OPERATION (self), 0);

  return self->started;
}

/**
 * stack_operation_get_finished:
 * @self: an operation
 *
 * Returns: when it ended, in µs of the monotonic clock; 0 when it has not
 */
gint64
stack_operation_get_finished (StackOperation *self)
{
  g_return_val_if_fail (STACK_IS_OPERATION (self), 0);

  return self->finished;
}

/*
 * stack_operation_start:
 * @self: a pending operation
 *
 * It runs from now on.
 */
void
stack_operation_start (StackOperation *self)
{
  g_return_if_fail (STACK_IS_OPERATION (self));

  set_times (self, g_get_monotonic_time (), 0);
  set_state (self, STACK_OPERATION_RUNNING);
}

/*
 * stack_operation_finish:
 * @self: a running operation
 * @outcome: what it led to
 * @detail: what happened
 *
 * It is done.
 */
void
stack_operation_finish (StackOperation *self,
                        StackOutcome    outcome,
                        const char     *detail)
{
  g_return_if_fail (STACK_IS_OPERATION (self));

  set_times (self, self->started, g_get_monotonic_time ());
  set_outcome (self, outcome);
  stack_operation_set_detail (self, detail);
  set_state (self, STACK_OPERATION_DONE);
}

/*
 * stack_operation_fail:
 * @self: a running operation
 * @error: why
 *
 * It failed; the error's message becomes the detail.
 */
void
stack_operation_fail (StackOperation *self,
                      const GError   *error)
{
  g_return_if_fail (STACK_IS_OPERATION (self));
  g_return_if_fail (error != NULL);

  set_times (self, self->started, g_get_monotonic_time ());
  set_error (self, error);
  stack_operation_set_detail (self, error->message);
  set_state (self, STACK_OPERATION_FAILED);
}

/*
 * stack_operation_leave_unconfirmed:
 * @self: an operation that is about to fail or to be cancelled
 *
 * Nobody knows whether what it is for was done.
 */
void
stack_operation_leave_unconfirmed (StackOperation *self)
{
  g_return_if_fail (STACK_IS_OPERATION (self));

  set_outcome (self, STACK_OUTCOME_UNCONFIRMED);
}

/*
 * stack_operation_cancel:
 * @self: a running operation
 *
 * Somebody stopped it.
 */
void
stack_operation_cancel (StackOperation *self)
{
  g_return_if_fail (STACK_IS_OPERATION (self));

  set_times (self, self->started, g_get_monotonic_time ());
  stack_operation_set_detail (self, "Cancelled");
  set_state (self, STACK_OPERATION_CANCELLED);
}

/*
 * stack_operation_reset:
 * @self: an operation
 *
 * It is pending again, for another run.
 */
void
stack_operation_reset (StackOperation *self)
{
  g_return_if_fail (STACK_IS_OPERATION (self));

  set_times (self, 0, 0);
  set_error (self, NULL);
  set_outcome (self, STACK_OUTCOME_NONE);
  stack_operation_set_detail (self, "");
  set_state (self, STACK_OPERATION_PENDING);
}
