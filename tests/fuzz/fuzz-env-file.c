/* fuzz-env-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "property.h"
#include "stack-env-import.h"
#include "stack-error.h"

/* Every variable has a name, and each name stands once. */
static void
check_entries (StackEnvFile *file)
{
  for (guint i = 0; i < file->entries->len; i++)
    {
      const StackEnvEntry *entry = g_ptr_array_index (file->entries, i);

      g_assert_cmpstr (entry->name, !=, "");
      g_assert_true (g_utf8_validate (entry->value, -1, NULL));
      g_assert_true (stack_env_file_find (file, entry->name) == entry);
    }
}

/* Written plainly, in the quotes that a value does not hold, each variable is read as the same. */
static void
read_again (StackEnvFile *file)
{
  for (guint i = 0; i < file->entries->len; i++)
    {
      const StackEnvEntry *entry = g_ptr_array_index (file->entries, i);
      g_autofree char     *text = g_strdup_printf ("%s='%s'\n", entry->name, entry->value);
      g_autoptr(GError) error = NULL;
      g_autoptr(StackEnvFile) again = NULL;

      if (strpbrk (entry->value, "'\\\r") != NULL || strlen (text) > 100000)
        continue;
      again = stack_env_file_parse (text, -1, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (again->entries->len, ==, 1);
      g_assert_cmpstr (stack_env_file_find (again, entry->name)->value, ==, entry->value);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) import_error = NULL;
  g_autoptr(StackEnvFile) file = stack_env_file_parse (text, (gssize) size, &error);
  g_autoptr(StackSettings) settings = stack_settings_new ("fuzz");
  g_autoptr(StackEnvImport) import = NULL;

  import = stack_env_import_new (settings, text, (gssize) size, &import_error);
  if (file == NULL || file->entries->len == 0)
    {
      g_assert_null (import);
      property_is_error (import_error, STACK_ERROR);
    }
  if (file == NULL)
    {
      property_is_error (error, STACK_ERROR);
      return 0;
    }

  check_entries (file);
  if (file->entries->len < 64)
    read_again (file);
  if (import != NULL)
    stack_env_import_take (import);
  return 0;
}
