/* stack-change.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-change-private.h"

#include <string.h>

#include "base-json.h"
#include "base-redact.h"
#include "kube-context.h"
#include "stack-field-removal-private.h"
#include "stack-shown-text-private.h"

/**
 * StackChange:
 *
 * What applying one object would do, as the cluster itself says: nothing of it is kept there. Part
 * of a [class@Plan].
 */
G_DEFINE_FINAL_TYPE (StackChange, stack_change, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (StackAction, stack_action, G_DEFINE_ENUM_VALUE (STACK_ACTION_CREATE, "create"), G_DEFINE_ENUM_VALUE (STACK_ACTION_CHANGE, "change"), G_DEFINE_ENUM_VALUE (STACK_ACTION_UNCHANGED, "unchanged"), G_DEFINE_ENUM_VALUE (STACK_ACTION_CONFLICT, "conflict"), G_DEFINE_ENUM_VALUE (STACK_ACTION_REFUSED, "refused"))

G_DEFINE_ENUM_TYPE (StackChoice, stack_choice, G_DEFINE_ENUM_VALUE (STACK_CHOICE_NONE, "none"), G_DEFINE_ENUM_VALUE (STACK_CHOICE_KEEP, "keep"), G_DEFINE_ENUM_VALUE (STACK_CHOICE_TAKE, "take"))

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
stack_change_finalize (GObject *object)
{
  StackChange *self = STACK_CHANGE (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->object, json_node_unref);
  g_clear_pointer (&self->sent, json_node_unref);
  g_clear_pointer (&self->diff, stack_diff_unref);
  g_clear_pointer (&self->warnings, g_strfreev);
  g_clear_pointer (&self->conflicts, g_ptr_array_unref);
  g_clear_pointer (&self->choices, g_array_unref);
  g_clear_error (&self->error);
  g_free (self->title);
  g_free (self->version);
  g_free (self->live_text);
  g_free (self->wanted_text);
  g_free (self->note);

  G_OBJECT_CLASS (stack_change_parent_class)->finalize (object);
}

static void
stack_change_class_init (StackChangeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_change_finalize;

  /**
   * StackChange::changed:
   * @self: a change
   *
   * It was tried again, or somebody decided about a field.
   */
  signals[CHANGED] = g_signal_new ("changed", STACK_TYPE_CHANGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
stack_change_init (StackChange *self)
{
  self->live_text = g_strdup ("");
  self->wanted_text = g_strdup ("");
  self->note = g_strdup ("");
  self->warnings = g_new0 (char *, 1);
  self->conflicts = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_field_conflict_free);
  self->choices = g_array_new (FALSE, FALSE, sizeof (StackChoice));
}

/*
 * stack_change_new:
 * @client: the cluster
 * @object: the object, filled; of a kind that is built in
 * @take_all: whether fields of others are taken over where nobody decides otherwise
 *
 * Returns: (transfer full): a change that has not been tried
 */
StackChange *
stack_change_new (KubeClient *client,
                  JsonNode   *object,
                  gboolean    take_all)
{
  StackChange *self = g_object_new (STACK_TYPE_CHANGE, NULL);

  self->client = g_object_ref (client);
  self->object = json_node_ref (object);
  self->resource = kube_resource_find (base_json_get_string (object, "apiVersion", NULL),
                                       base_json_get_string (object, "kind", NULL));
  self->take_all = take_all;
  self->sent = json_node_ref (object);
  self->title = g_strdup_printf ("%s %s", stack_change_get_kind (self),
                                 stack_change_get_name (self));

  return self;
}

/**
 * stack_change_get_kind:
 * @self: a change
 *
 * Returns: (transfer none): the object's kind
 */
const char *
stack_change_get_kind (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return base_json_get_string (self->object, "kind", NULL);
}

/**
 * stack_change_get_name:
 * @self: a change
 *
 * Returns: (transfer none): the object's name
 */
const char *
stack_change_get_name (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return base_json_get_string (self->object, "metadata", "name", NULL);
}

/**
 * stack_change_get_title:
 * @self: a change
 *
 * Returns: (transfer none): kind and name
 */
const char *
stack_change_get_title (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return self->title;
}

/**
 * stack_change_get_action:
 * @self: a change
 *
 * Returns: what applying the object would do
 */
StackAction
stack_change_get_action (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), STACK_ACTION_UNCHANGED);

  return self->action;
}

/**
 * stack_change_get_live_text:
 * @self: a change
 *
 * Returns: (transfer none): the object as the cluster has it, as YAML, without what the server
 *   notes down and without the values of a Secret; "" if it is not there
 */
const char *
stack_change_get_live_text (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return self->live_text;
}

/**
 * stack_change_get_wanted_text:
 * @self: a change
 *
 * Returns: (transfer none): the object as it would be afterwards, as YAML like
 *   [method@Change.get_live_text]
 */
const char *
stack_change_get_wanted_text (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return self->wanted_text;
}

/**
 * stack_change_get_diff:
 * @self: a change
 *
 * Returns: (transfer none): what differs between the two texts
 */
StackDiff *
stack_change_get_diff (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  if (self->diff == NULL)
    self->diff = stack_diff_new (self->live_text, self->wanted_text);

  return self->diff;
}

/**
 * stack_change_get_note:
 * @self: a change
 *
 * Returns: (transfer none): what else is to be known, such as that the object could not be tried
 *   yet; "" for nothing
 */
const char *
stack_change_get_note (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return self->note;
}

/**
 * stack_change_get_error:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): why the cluster would not take the object: for
 *   %STACK_ACTION_REFUSED and %STACK_ACTION_CONFLICT
 */
const GError *
stack_change_get_error (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return self->error;
}

/**
 * stack_change_get_warnings:
 * @self: a change
 *
 * Returns: (transfer none): what the cluster warns of, such as a version that will go
 */
const char *const *
stack_change_get_warnings (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return (const char *const *) self->warnings;
}

static char *
quote (const char *word)
{
  return strspn (word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:@/") ==
                     strlen (word) &&
                 *word != '\0'
             ? g_strdup (word)
             : g_shell_quote (word);
}

/**
 * stack_change_dup_command:
 * @self: a change
 *
 * Names the kubectl command that does the same with the saved manifest, whose file is named after
 * the object's kind.
 *
 * Returns: (transfer full): a line for a shell
 */
char *
stack_change_dup_command (StackChange *self)
{
  g_autofree char *context = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  context = quote (kube_context_get_name (kube_client_get_context (self->client)));
  file = g_ascii_strdown (stack_change_get_kind (self), -1);

  return g_strdup_printf ("kubectl --context=%s apply --server-side --field-manager=%s%s -f %s.yaml",
                          context, STACK_FIELD_MANAGER, self->forced ? " --force-conflicts" : "",
                          file);
}

/**
 * stack_change_get_n_conflicts:
 * @self: a change
 *
 * Returns: how many fields others own that applying the object would change
 */
guint
stack_change_get_n_conflicts (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), 0);

  return self->conflicts->len;
}

/**
 * stack_change_get_conflict:
 * @self: a change
 * @index: which one
 *
 * Returns: (transfer none): a field and who owns it
 */
const KubeFieldConflict *
stack_change_get_conflict (StackChange *self,
                           guint        index)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);
  g_return_val_if_fail (index < self->conflicts->len, NULL);

  return g_ptr_array_index (self->conflicts, index);
}

/**
 * stack_change_get_choice:
 * @self: a change
 * @index: which conflict
 *
 * Returns: what becomes of the field
 */
StackChoice
stack_change_get_choice (StackChange *self,
                         guint        index)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), STACK_CHOICE_NONE);
  g_return_val_if_fail (index < self->conflicts->len, STACK_CHOICE_NONE);

  return g_array_index (self->choices, StackChoice, index);
}

/**
 * stack_change_set_choice:
 * @self: a change
 * @index: which conflict
 * @choice: what becomes of the field
 *
 * Decides about a field, for each of those who own it. What it leads to is known after
 * [method@Plan.try_again_async].
 */
void
stack_change_set_choice (StackChange *self,
                         guint        index,
                         StackChoice  choice)
{
  const KubeFieldConflict *conflict;

  g_return_if_fail (STACK_IS_CHANGE (self));
  g_return_if_fail (index < self->conflicts->len);

  conflict = stack_change_get_conflict (self, index);
  for (guint i = 0; i < self->conflicts->len; i++)
    {
      const KubeFieldConflict *other = g_ptr_array_index (self->conflicts, i);

      if (g_str_equal (other->field, conflict->field))
        g_array_index (self->choices, StackChoice, i) = choice;
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

/*
 * stack_change_get_sent:
 * @self: a change
 *
 * Returns: (transfer none): the object, without the fields that others keep
 */
JsonNode *
stack_change_get_sent (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return self->sent;
}

/*
 * stack_change_get_forced:
 * @self: a change
 *
 * Returns: whether fields of others are to be taken over
 */
gboolean
stack_change_get_forced (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), FALSE);

  return self->forced;
}

/*
 * stack_change_get_version:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): at which version of the object in the cluster there is
 *   nothing to do; %NULL if there is something to do
 */
const char *
stack_change_get_version (StackChange *self)
{
  g_return_val_if_fail (STACK_IS_CHANGE (self), NULL);

  return self->version;
}

static gboolean
has_choice (StackChange *self,
            StackChoice  choice)
{
  for (guint i = 0; i < self->choices->len; i++)
    {
      if (g_array_index (self->choices, StackChoice, i) == choice)
        return TRUE;
    }

  return FALSE;
}

/*
 * stack_change_build_sent:
 * @self: a change
 *
 * Takes out of the object what others keep.
 */
void
stack_change_build_sent (StackChange *self)
{
  g_return_if_fail (STACK_IS_CHANGE (self));

  g_clear_pointer (&self->sent, json_node_unref);
  self->sent = base_json_copy (self->object);
  for (guint i = 0; i < self->conflicts->len; i++)
    {
      const KubeFieldConflict *conflict = g_ptr_array_index (self->conflicts, i);

      if (stack_change_get_choice (self, i) == STACK_CHOICE_KEEP)
        stack_field_removal_apply (self->sent, conflict->field);
    }
}

/* Whether the conflict is known. One whose field should have been kept, and that is there all the
 * same, has to be decided anew: the field cannot be left out. */
static gboolean
find_conflict (StackChange             *self,
               const KubeFieldConflict *conflict)
{
  for (guint i = 0; i < self->conflicts->len; i++)
    {
      const KubeFieldConflict *known = g_ptr_array_index (self->conflicts, i);

      if (!g_str_equal (known->field, conflict->field) ||
          g_strcmp0 (known->manager, conflict->manager) != 0)
        continue;
      if (stack_change_get_choice (self, i) == STACK_CHOICE_KEEP)
        g_array_index (self->choices, StackChoice, i) = STACK_CHOICE_NONE;

      return TRUE;
    }

  return FALSE;
}

/*
 * stack_change_add_conflicts:
 * @self: a change
 * @error: why the object was not taken
 *
 * Notes down which fields others own. A field that they were to keep and that could not be taken
 * out of the object is undecided again.
 *
 * Returns: whether everything about them is decided, and they may be taken over
 */
gboolean
stack_change_add_conflicts (StackChange  *self,
                            const GError *error)
{
  g_autoptr(GPtrArray) conflicts = kube_field_conflict_list (error);

  g_return_val_if_fail (STACK_IS_CHANGE (self), FALSE);

  g_ptr_array_set_free_func (conflicts, NULL);
  for (guint i = 0; i < conflicts->len; i++)
    {
      KubeFieldConflict *conflict = g_ptr_array_index (conflicts, i);
      StackChoice        choice = self->take_all ? STACK_CHOICE_TAKE : STACK_CHOICE_NONE;

      if (find_conflict (self, conflict))
        {
          kube_field_conflict_free (conflict);
          continue;
        }
      g_ptr_array_add (self->conflicts, conflict);
      g_array_append_val (self->choices, choice);
    }
  self->forced = has_choice (self, STACK_CHOICE_TAKE) && !has_choice (self, STACK_CHOICE_NONE);

  return self->forced;
}

static void
set_text (char **text,
          char  *value)
{
  g_free (*text);
  *text = value;
}

/*
 * stack_change_set_result:
 * @self: a change
 * @action: what applying it would do
 * @live: (nullable): the object as the cluster has it
 * @wanted: the object as it would be
 * @note: what else is to be known, "" for nothing
 *
 * Keeps what came of trying it.
 */
void
stack_change_set_result (StackChange *self,
                         StackAction  action,
                         JsonNode    *live,
                         JsonNode    *wanted,
                         const char  *note)
{
  g_return_if_fail (STACK_IS_CHANGE (self));
  g_return_if_fail (wanted != NULL);
  g_return_if_fail (note != NULL);

  self->action = action;
  set_text (&self->live_text, stack_shown_text_build_live (live, wanted));
  set_text (&self->wanted_text, stack_shown_text_build_wanted (wanted, live));
  set_text (&self->note, base_redact_text (note));
  g_clear_pointer (&self->diff, stack_diff_unref);
  g_signal_emit (self, signals[CHANGED], 0);
}

/*
 * stack_change_set_error:
 * @self: a change
 * @error: (transfer full) (nullable): why the cluster would not take it
 *
 * Keeps the error, without secrets.
 */
void
stack_change_set_error (StackChange *self,
                        GError      *error)
{
  g_return_if_fail (STACK_IS_CHANGE (self));

  g_clear_error (&self->error);
  if (error == NULL)
    return;

  set_text (&error->message, base_redact_text (error->message));
  self->error = error;
}
