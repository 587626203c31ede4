/* fuzz-values.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "property.h"
#include "stack-error.h"
#include "stack-settings.h"

static GPtrArray *
dup_texts (StackSettings *settings)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < N_STACK_FIELDS; i++)
    g_ptr_array_add (texts, g_strdup (stack_settings_get_text (settings, i)));
  return texts;
}

/* A file that cannot be used changes nothing. */
static void
check_untouched (StackSettings *settings,
                 GPtrArray     *before,
                 guint          n_extra)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    g_assert_cmpstr (stack_settings_get_text (settings, i), ==, g_ptr_array_index (before, i));
  g_assert_cmpuint (g_hash_table_size (stack_settings_get_extra (settings)), ==, n_extra);
}

/* To take the same file twice is to take it once. */
static void
check_again (StackSettings *settings,
             const char    *text,
             size_t         size)
{
  g_autoptr(GPtrArray) before = dup_texts (settings);
  g_autoptr(GError) error = NULL;
  guint n_extra = g_hash_table_size (stack_settings_get_extra (settings));

  stack_settings_read_values (settings, text, (gssize) size, &error);
  g_assert_no_error (error);
  check_untouched (settings, before, n_extra);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(StackSettings) settings = stack_settings_new ("fuzz");
  g_autoptr(GPtrArray) before = dup_texts (settings);
  g_autoptr(GError) error = NULL;

  if (stack_settings_read_values (settings, text, (gssize) size, &error))
    {
      g_assert_no_error (error);
      check_again (settings, text, size);
      return 0;
    }
  property_is_error (error, STACK_ERROR);
  g_assert_cmpint (error->code, ==, STACK_ERROR_VALUES);
  check_untouched (settings, before, 0);
  return 0;
}
