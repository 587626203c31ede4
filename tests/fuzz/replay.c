/* replay.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "property.h"

/* Stands in for libFuzzer where the tests are built: gives a target each input of its corpus. */

static void
replay (gconstpointer user_data)
{
  const char      *path = user_data;
  g_autofree char *data = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  LLVMFuzzerTestOneInput ((const uint8_t *) data, size);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GDir) directory = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  LLVMFuzzerInitialize (&argc, &argv);

  directory = g_dir_open (argv[1], 0, NULL);
  g_assert_nonnull (directory);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *test = g_strconcat ("/fuzz/", name, NULL);

      g_test_add_data_func_full (test, g_build_filename (argv[1], name, NULL), replay, g_free);
    }

  return g_test_run ();
}
