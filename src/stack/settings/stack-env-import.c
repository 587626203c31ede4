/* stack-env-import.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-env-import.h"

#include "stack-error.h"
#include "stack-settings-private.h"
#include "stack-variable.h"

#include <string.h>

/* What of a .env file becomes an answer, what a further variable, and what nothing. */

struct _StackEnvImport
{
  StackSettings *settings; /* (owned) */
  StackEnvFile  *file;     /* (owned) */
  GPtrArray     *items;    /* (element-type StackEnvItem) (owned) in the order of the file */
};

/* Names of Auth.js 5 for what NextAuth 4, and the form, call otherwise. */
static const struct
{
  const char  *name;
  StackFieldId field;
} aliases[] = {
  { "AUTH_SECRET", STACK_FIELD_NEXTAUTH_SECRET },
  { "AUTH_URL", STACK_FIELD_NEXTAUTH_URL },
  { "AUTH_GITHUB_ID", STACK_FIELD_GITHUB_CLIENT_ID },
  { "AUTH_GITHUB_SECRET", STACK_FIELD_GITHUB_CLIENT_SECRET },
};

static void
item_free (gpointer data)
{
  StackEnvItem *item = data;

  g_free (item->name);
  g_free (item->refusal);
  g_free (item->remark);
  g_free (item);
}

static const StackField *
find_field (const char *name)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (g_strcmp0 (stack_field_get (i)->variable, name) == 0)
        return stack_field_get (i);
    }
  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    {
      if (g_str_equal (aliases[i].name, name))
        return stack_field_get (aliases[i].field);
    }

  return NULL;
}

/* Why the app is not to be given a variable of that name from a file made for another machine. */
static char *
explain_refusal (StackEnvImport   *self,
                 const char       *name,
                 const StackField *field)
{
  g_autoptr(GError) error = NULL;

  if (field != NULL && !g_str_equal (field->variable, name) &&
      stack_env_file_find (self->file, field->variable) != NULL)
    return g_strdup_printf ("%s stands in the file, too, and counts.", field->variable);
  if (field != NULL)
    return NULL;

  if (g_str_equal (name, "NODE_ENV") || g_str_equal (name, "AUTH_TRUST_HOST"))
    return g_strdup ("The deployment sets it itself, since the app runs in production there.");
  if (!stack_variable_check_name (name, &error))
    return g_strdup (error->message);

  return NULL;
}

/* Whether the value holds something that other programs would replace. */
static gboolean
has_reference (const char *value)
{
  return g_regex_match_simple ("\\$(?:[A-Za-z_]|\\{)", value, G_REGEX_DEFAULT,
                               G_REGEX_MATCH_DEFAULT);
}

static gboolean
differs (StackEnvImport      *self,
         const StackField    *field,
         const StackEnvEntry *entry)
{
  GHashTable *extra = stack_settings_get_extra (self->settings);
  const char *now = field != NULL ? stack_settings_get_text (self->settings, field->id)
                                  : g_hash_table_lookup (extra, entry->name);

  return g_strcmp0 (now, entry->value) != 0;
}

static StackEnvItem *
judge (StackEnvImport      *self,
       const StackEnvEntry *entry)
{
  StackEnvItem *item = g_new0 (StackEnvItem, 1);
  gboolean      exposed;

  item->name = g_strdup (entry->name);
  item->field = find_field (entry->name);
  item->refusal = explain_refusal (self, entry->name, item->field);
  item->differs = differs (self, item->field, entry);
  exposed = item->field == NULL && stack_variable_seems_secret (entry->name, entry->value);
  if (item->refusal == NULL && *entry->value == '\0' && item->field != NULL)
    item->refusal = g_strdup ("It has no value in the file.");

  if (item->refusal == NULL && exposed)
    item->remark = g_strdup ("It sounds like a secret. Further variables are kept in the profile's "
                             "file and in the ConfigMap, where more people can read them. It is "
                             "taken only if you choose it.");
  else if (item->refusal == NULL && has_reference (entry->value))
    item->remark = g_strdup ("It holds a $, and is taken as it stands: nothing is put in its "
                             "place.");
  item->chosen = item->refusal == NULL && item->differs && !exposed;

  return item;
}

/**
 * stack_env_import_new:
 * @settings: the answers
 * @text: a .env file
 * @length: its length in bytes, -1 when it is terminated by NUL
 * @error: return location for an error
 *
 * Reads a .env file ([func@env_file_parse]) and sees what becomes of each variable. Those of the
 * app's questions, and the names that Auth.js 5 has for them, become answers; the others become
 * further variables. Chosen are all that can be taken and would change something, but for further
 * variables whose name sounds like a secret. Nothing is changed yet. The only possible error is
 * %STACK_ERROR_VALUES.
 *
 * Returns: (transfer full) (nullable): what could be taken
 */
StackEnvImport *
stack_env_import_new (StackSettings *settings,
                      const char    *text,
                      gssize         length,
                      GError       **error)
{
  StackEnvImport *self;
  StackEnvFile   *file;

  g_return_val_if_fail (STACK_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  file = stack_env_file_parse (text, length, error);
  if (file == NULL)
    return NULL;
  if (file->entries->len == 0)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "The file holds no variables. A .env file has one NAME=value on each line. "
                   "Choose another file.");
      stack_env_file_free (file);
      return NULL;
    }

  self = g_new0 (StackEnvImport, 1);
  self->settings = g_object_ref (settings);
  self->file = file;
  self->items = g_ptr_array_new_with_free_func (item_free);
  for (guint i = 0; i < file->entries->len; i++)
    g_ptr_array_add (self->items, judge (self, g_ptr_array_index (file->entries, i)));

  return self;
}

/**
 * stack_env_import_free:
 * @self: (transfer full): an import
 *
 * Frees it and wipes the file's values.
 */
void
stack_env_import_free (StackEnvImport *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->file, stack_env_file_free);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_free (self);
}

/**
 * stack_env_import_get_items:
 * @self: an import
 *
 * Returns: (transfer none) (element-type StackEnvItem): the variables, in the order of the file
 */
GPtrArray *
stack_env_import_get_items (StackEnvImport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->items;
}

/**
 * stack_env_import_get_passed_over:
 * @self: an import
 *
 * Returns: (transfer none) (element-type guint): numbers of the lines that are no variables
 */
GArray *
stack_env_import_get_passed_over (StackEnvImport *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->file->passed_over;
}

/**
 * stack_env_import_get_shown_value:
 * @self: an import
 * @item: one of its variables
 *
 * Returns: (transfer none) (nullable): its value in the file; %NULL when it is a secret, or a
 *   further variable that may be one, and must not be shown
 */
const char *
stack_env_import_get_shown_value (StackEnvImport     *self,
                                  const StackEnvItem *item)
{
  const StackEnvEntry *entry;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (item != NULL, NULL);

  entry = stack_env_file_find (self->file, item->name);
  if (item->field != NULL)
    return item->field->secret ? NULL : entry->value;

  return stack_variable_may_be_shown (item->name, entry->value) ? entry->value : NULL;
}

/**
 * stack_env_import_count_chosen:
 * @self: an import
 *
 * Returns: how many variables are chosen
 */
guint
stack_env_import_count_chosen (StackEnvImport *self)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->items->len; i++)
    n += ((StackEnvItem *) g_ptr_array_index (self->items, i))->chosen;

  return n;
}

static StackEnvItem *
find_item (StackEnvImport *self,
           const char     *name)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      StackEnvItem *item = g_ptr_array_index (self->items, i);

      if (g_str_equal (item->name, name))
        return item;
    }

  return NULL;
}

/**
 * stack_env_import_choose:
 * @self: an import
 * @names: (array zero-terminated=1): names of variables of the file
 * @error: return location for an error
 *
 * Chooses these variables and no others. The only possible error is %STACK_ERROR_VALUES: one of
 * them is not in the file, or cannot be taken; then the choice stays as it was.
 *
 * Returns: whether they are chosen
 */
gboolean
stack_env_import_choose (StackEnvImport    *self,
                         const char *const *names,
                         GError           **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (names != NULL, FALSE);

  for (guint i = 0; names[i] != NULL; i++)
    {
      StackEnvItem *item = find_item (self, names[i]);

      if (item != NULL && item->refusal == NULL)
        continue;
      if (item == NULL)
        g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                     "%s is not in the file. Names are written as the file writes them. Look "
                     "for a typing error.",
                     names[i]);
      else
        g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                     "%s cannot be taken from the file. %s", names[i], item->refusal);
      return FALSE;
    }

  for (guint i = 0; i < self->items->len; i++)
    {
      StackEnvItem *item = g_ptr_array_index (self->items, i);

      item->chosen = g_strv_contains (names, item->name);
    }

  return TRUE;
}

/**
 * stack_env_import_take:
 * @self: an import
 *
 * Takes the chosen variables over into the settings; what is not in the file stays as it is.
 * Nothing is saved yet.
 */
void
stack_env_import_take (StackEnvImport *self)
{
  g_autoptr(GHashTable) extra = NULL;
  GHashTableIter iter;
  gpointer       name;
  gpointer       value;

  g_return_if_fail (self != NULL);

  extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, stack_settings_get_extra (self->settings));
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (extra, g_strdup (name), g_strdup (value));

  for (guint i = 0; i < self->items->len; i++)
    {
      StackEnvItem  *item = g_ptr_array_index (self->items, i);
      StackEnvEntry *entry = stack_env_file_find (self->file, item->name);

      if (item->chosen && item->field != NULL)
        stack_settings_set_text (self->settings, item->field->id, entry->value);
      else if (item->chosen)
        g_hash_table_insert (extra, g_strdup (item->name), g_strdup (entry->value));
    }

  stack_settings_set_extra (self->settings, extra);
}
