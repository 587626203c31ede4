/* stack-deployer-steps.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-deployer-private.h"

#include "base-json.h"
#include "stack-operation-private.h"

#include <string.h>

static gboolean
has_kind (GPtrArray  *objects,
          const char *kind)
{
  for (guint i = 0; i < objects->len; i++)
    {
      if (g_strcmp0 (base_json_get_string (g_ptr_array_index (objects, i), "kind", NULL), kind) == 0)
        return TRUE;
    }

  return FALSE;
}

/*
 * stack_deployer_count_operations:
 * @self: a deployer
 *
 * Returns: how many there are: one for each object, then the wait and the proof, if there is
 *   something to wait for
 */
guint
stack_deployer_count_operations (StackDeployer *self)
{
  gboolean waits = self->given == NULL || has_kind (self->given, "Deployment");
  gboolean visits = has_kind (self->shapes, "Ingress");

  return self->shapes->len + (waits ? (visits ? STACK_STEP_VISIT : STACK_STEP_ENDPOINTS) + 1 : 0);
}

/* What a name ends in may be known only when it is filled: its length up to a placeholder, and
 * without the dash before that. */
static int
get_fixed_length (const char *name)
{
  const char *placeholder = strstr (name, "${");
  gsize       length = placeholder != NULL ? (gsize) (placeholder - name) : strlen (name);

  if (placeholder != NULL && length > 0 && name[length - 1] == '-')
    length--;

  return (int) length;
}

/* What the operation at @index does. */
static char *
build_title (StackDeployer *self,
             guint          index)
{
  static const char *const others[STACK_STEP_N_OTHERS] = {
    [STACK_STEP_WAIT] = "Wait for the pods",
    [STACK_STEP_HEALTH] = "Ask the app's health",
    [STACK_STEP_ENDPOINTS] = "Look for the Service's endpoints",
    [STACK_STEP_VISIT] = "Visit the app by its Ingress",
  };
  JsonNode   *shape;
  const char *kind;
  const char *name;

  if (index >= self->shapes->len)
    return g_strdup (others[index - self->shapes->len]);

  shape = g_ptr_array_index (self->shapes, index);
  kind = base_json_get_string (shape, "kind", NULL);
  name = base_json_get_string (shape, "metadata", "name", NULL);
  if (self->settings != NULL && g_str_equal (kind, "Namespace"))
    name = stack_settings_get_text (self->settings, STACK_FIELD_NAMESPACE);

  return g_strdup_printf ("%s %.*s", kind, get_fixed_length (name), name);
}

/*
 * stack_deployer_choose:
 * @self: a deployer
 *
 * Finds out which objects there will be, and makes operations for them unless there are as many.
 */
void
stack_deployer_choose (StackDeployer *self)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_before = g_list_model_get_n_items (G_LIST_MODEL (self->operations));

  g_clear_pointer (&self->shapes, g_ptr_array_unref);
  self->shapes = self->given != NULL
                     ? g_ptr_array_ref (self->given)
                     : stack_manifest_set_select (self->manifests, self->settings);
  if (n_before == stack_deployer_count_operations (self))
    return;

  for (guint i = 0; i < stack_deployer_count_operations (self); i++)
    {
      g_autofree char *title = build_title (self, i);

      g_ptr_array_add (fresh, stack_operation_new (title));
    }
  g_list_store_splice (self->operations, 0, n_before, fresh->pdata, fresh->len);
}

/*
 * stack_deployer_reset_operations:
 * @self: a deployer
 *
 * Makes the operations as they are before a run.
 */
void
stack_deployer_reset_operations (StackDeployer *self)
{
  stack_deployer_choose (self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autofree char *title = build_title (self, i);
      g_autoptr(StackOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      stack_operation_reset (operation);
      stack_operation_set_title (operation, title);
    }
}
