/* test-field.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-field.h"

static void
test_table (void)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      const StackField *field = stack_field_get (i);

      g_assert_cmpint (field->id, ==, i);
      g_assert_cmpstr (field->title, !=, "");
      g_assert_true (g_str_has_suffix (field->explanation, "."));
      /* Secrets have no default, and the app reads each of them from its environment. */
      if (field->secret)
        {
          g_assert_null (field->fallback);
          g_assert_nonnull (field->variable);
        }
      g_assert_true (stack_field_find_key (field->key) == field);
    }
}

static void
test_find_key (void)
{
  g_assert_cmpint (stack_field_find_key ("nextauthUrl")->id, ==, STACK_FIELD_NEXTAUTH_URL);
  g_assert_null (stack_field_find_key ("NEXTAUTH_URL"));
  g_assert_null (stack_field_find_key ("extra"));
  g_assert_null (stack_field_find_key (""));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/field/table", test_table);
  g_test_add_func ("/stack/field/find-key", test_find_key);

  return g_test_run ();
}
