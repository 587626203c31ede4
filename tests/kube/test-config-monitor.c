/* test-config-monitor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "await.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include "kube-config-monitor.h"

#define X "contexts: [{name: x, context: {}}]\n"
#define Y "contexts: [{name: why, context: {}}]\n"

typedef struct
{
  char              *directory;
  char              *first;
  char              *second;
  KubeConfigMonitor *monitor;
  guint              n_changes;
} Fixture;

/* In place, so that it stays the same file. */
static void
write_file (const char *path,
            const char *contents)
{
  FILE *file = g_fopen (path, "w");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs (contents, file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
replace_file (const char *path,
              const char *contents)
{
  g_autofree char *other = g_strconcat (path, ".new", NULL);

  write_file (other, contents);
  g_assert_cmpint (g_rename (other, path), ==, 0);
}

static KubeConfig *
load (const char *path)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  KubeConfig *config;

  kube_config_load_async (path, NULL, await_cb, &result);
  config = kube_config_load_finish (await (&result), &error);
  g_assert_no_error (error);

  return config;
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *variable = NULL;

  fixture->directory = g_dir_make_tmp ("kube-config-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->first = g_build_filename (fixture->directory, "first", NULL);
  fixture->second = g_build_filename (fixture->directory, "second", NULL);
  variable = g_strdup_printf ("%s:%s", fixture->first, fixture->second);
  g_setenv ("KUBECONFIG", variable, TRUE);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  g_assert_finalize_object (fixture->monitor);
  g_unlink (fixture->first);
  g_unlink (fixture->second);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->first);
  g_free (fixture->second);
  g_free (fixture->directory);
  g_unsetenv ("KUBECONFIG");
}

static void
on_changed_cb (Fixture *fixture)
{
  fixture->n_changes++;
}

static void
follow (Fixture    *fixture,
        KubeConfig *config)
{
  fixture->monitor = kube_config_monitor_new (NULL);
  g_signal_connect_swapped (fixture->monitor, "changed", G_CALLBACK (on_changed_cb), fixture);
  kube_config_monitor_follow (fixture->monitor, config);
}

static void
await_change (Fixture *fixture)
{
  guint n_changes = fixture->n_changes;

  while (fixture->n_changes == n_changes)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (fixture->n_changes, ==, n_changes + 1);
}

static void
assert_changed_to (Fixture    *fixture,
                   const char *name)
{
  KubeConfig *changed = kube_config_monitor_get_changed (fixture->monitor);
  g_autoptr(GError) error = NULL;

  g_assert_no_error (kube_config_monitor_get_error (fixture->monitor));
  g_assert_nonnull (changed);
  g_assert_nonnull (kube_config_get_context (changed, name, &error));
}

static void
test_written (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->first, X);
  config = load (NULL);
  follow (fixture, config);
  write_file (fixture->first, Y);
  await_change (fixture);
  assert_changed_to (fixture, "why");

  /* What is in use is back. */
  write_file (fixture->first, X);
  await_change (fixture);
  g_assert_null (kube_config_monitor_get_changed (fixture->monitor));
}

static void
test_replaced (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->first, X);
  config = load (NULL);
  follow (fixture, config);
  replace_file (fixture->first, Y);
  await_change (fixture);
  assert_changed_to (fixture, "why");
  replace_file (fixture->first, X Y);
  await_change (fixture);
  g_assert_nonnull (kube_config_monitor_get_error (fixture->monitor));
}

static void
on_over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

/* The change that counts comes last, so that one that does not count would be seen before it. */
static void
test_not_changed (Fixture      *fixture,
                  gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  gboolean over = FALSE;

  write_file (fixture->first, "a: 1\nb: {c: [1, x], d: 2}\n" X);
  config = load (NULL);
  follow (fixture, config);
  g_assert_cmpint (g_utime (fixture->first, NULL), ==, 0);
  replace_file (fixture->first, "# said\n" X "b:\n  d: 2\n  c:\n  - 1\n  - x\na: 1\n");
  /* Until the pause after it is over. */
  g_timeout_add_once (600, on_over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  write_file (fixture->first, Y);
  await_change (fixture);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  assert_changed_to (fixture, "why");
}

static void
test_broken (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->first, X);
  config = load (NULL);
  follow (fixture, config);
  write_file (fixture->first, "contexts: [");
  await_change (fixture);
  g_assert_null (kube_config_monitor_get_changed (fixture->monitor));
  g_assert_nonnull (strstr (kube_config_monitor_get_error (fixture->monitor)->message,
                            "is not valid YAML"));
  write_file (fixture->first, Y);
  await_change (fixture);
  assert_changed_to (fixture, "why");
  g_unlink (fixture->first);
  await_change (fixture);
  g_assert_nonnull (strstr (kube_config_monitor_get_error (fixture->monitor)->message,
                            "No kubeconfig was found"));
}

/* A file that was not there yet, of which the first one is the more important. */
static void
test_appears (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->second, X);
  config = load (NULL);
  follow (fixture, config);
  replace_file (fixture->first, Y);
  await_change (fixture);
  assert_changed_to (fixture, "why");
  assert_changed_to (fixture, "x");
}

static void
test_nothing_before (Fixture      *fixture,
                     gconstpointer data)
{
  follow (fixture, NULL);
  write_file (fixture->second, X);
  await_change (fixture);
  g_assert_cmpuint (fixture->n_changes, ==, 1);
  assert_changed_to (fixture, "x");
}

static void
test_link_target (Fixture      *fixture,
                  gconstpointer data)
{
  g_autofree char *variable = g_strdup (fixture->first);
  g_autofree char *folder = g_build_filename (fixture->directory, "elsewhere", NULL);
  g_autofree char *target = g_build_filename (folder, "config", NULL);
  g_autoptr(KubeConfig) config = NULL;

  g_setenv ("KUBECONFIG", variable, TRUE);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  write_file (target, X);
  g_assert_cmpint (symlink (target, fixture->first), ==, 0);
  config = load (NULL);
  follow (fixture, config);
  replace_file (target, Y);
  await_change (fixture);
  assert_changed_to (fixture, "why");
  g_unlink (target);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* What was changed between reading and watching is told, too; and what is taken into use no more. */
static void
test_changed_before (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(KubeConfig) changed = NULL;

  write_file (fixture->first, X);
  config = load (NULL);
  write_file (fixture->first, Y);
  follow (fixture, config);
  await_change (fixture);
  assert_changed_to (fixture, "why");

  changed = g_object_ref (kube_config_monitor_get_changed (fixture->monitor));
  kube_config_monitor_follow (fixture->monitor, changed);
  g_assert_null (kube_config_monitor_get_changed (fixture->monitor));
  write_file (fixture->first, X);
  await_change (fixture);
  assert_changed_to (fixture, "x");
}

static void
add (const char *name,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/kube/config-monitor/", name, NULL);

  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("written", test_written);
  add ("replaced", test_replaced);
  add ("not-changed", test_not_changed);
  add ("broken", test_broken);
  add ("appears", test_appears);
  add ("nothing-before", test_nothing_before);
  add ("link-target", test_link_target);
  add ("changed-before", test_changed_before);

  return g_test_run ();
}
