/* test-config-write.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "await.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kube-config-private.h"
#include "kube-error.h"

#define CONTEXTS "contexts:\n- name: x\n  context: {cluster: c}\n- name: why\n  context: {cluster: c}\n"

typedef struct
{
  char *directory;
  char *first;
  char *second;
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

static char *
read_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);

  return contents;
}

static void
assert_file (const char *path,
             const char *expected)
{
  g_autofree char *contents = read_file (path);

  g_assert_cmpstr (contents, ==, expected);
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kube-config-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->first = g_build_filename (fixture->directory, "first", NULL);
  fixture->second = g_build_filename (fixture->directory, "second", NULL);
}

/* Nothing but the two files may be left: no lock, and nothing half-written. */
static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  g_unlink (fixture->first);
  g_unlink (fixture->second);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->first);
  g_free (fixture->second);
  g_free (fixture->directory);
  g_unsetenv ("KUBECONFIG");
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

static char *
set_current (KubeConfig *config,
             const char *name,
             GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  kube_config_set_current_context_async (config, name, NULL, await_cb, &result);

  return kube_config_set_current_context_finish (config, await (&result), error);
}

static void
assert_refused (KubeConfig *config,
                const char *name,
                const char *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (set_current (config, name, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

static void
assert_set (KubeConfig *config,
            const char *name,
            const char *path)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *written = set_current (config, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (written, ==, path);
}

static void
test_keeps_all_else (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(KubeConfig) again = NULL;
  struct stat status;

  write_file (fixture->first, "# mine\nfuture: {a: [1, 0x2]} # kept\n\ncurrent-context: 'x'  # now\n" CONTEXTS);
  g_assert_cmpint (g_chmod (fixture->first, 0640), ==, 0);
  config = load (fixture->first);
  assert_set (config, "why", fixture->first);
  assert_file (fixture->first, "# mine\nfuture: {a: [1, 0x2]} # kept\n\ncurrent-context: why  # now\n" CONTEXTS);
  g_assert_cmpint (stat (fixture->first, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0640);

  g_assert_cmpstr (kube_config_get_current_context (config), ==, "x");
  again = load (fixture->first);
  g_assert_cmpstr (kube_config_get_current_context (again), ==, "why");
  g_assert_false (kube_config_equal (config, again));
}

static void
test_owner (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  struct stat status;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can give files away");
      return;
    }
  write_file (fixture->first, CONTEXTS);
  g_assert_cmpint (chown (fixture->first, 12345, 54321), ==, 0);
  config = load (fixture->first);
  assert_set (config, "why", fixture->first);
  g_assert_cmpint (stat (fixture->first, &status), ==, 0);
  g_assert_cmpuint (status.st_uid, ==, 12345);
  g_assert_cmpuint (status.st_gid, ==, 54321);
}

static void
test_link (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  g_autofree char *link = NULL;

  write_file (fixture->second, "current-context: x\n" CONTEXTS);
  g_assert_cmpint (symlink ("second", fixture->first), ==, 0);
  config = load (fixture->first);
  assert_set (config, "why", fixture->first);
  link = g_file_read_link (fixture->first, NULL);
  g_assert_cmpstr (link, ==, "second");
  assert_file (fixture->second, "current-context: why\n" CONTEXTS);
}

/* As kubectl does it: always into the first file that exists. */
static void
test_several_files (Fixture      *fixture,
                    gconstpointer data)
{
  g_autofree char *variable = g_strdup_printf ("%s/none:%s:%s", fixture->directory, fixture->first,
                                               fixture->second);
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(KubeConfig) again = NULL;

  write_file (fixture->first, "clusters:\n- {name: c, cluster: {server: 'https://h'}}\n");
  write_file (fixture->second, "current-context: x\n" CONTEXTS);
  g_setenv ("KUBECONFIG", variable, TRUE);
  config = load (NULL);
  assert_set (config, "why", fixture->first);
  assert_file (fixture->first, "current-context: why\nclusters:\n"
                               "- {name: c, cluster: {server: 'https://h'}}\n");
  assert_file (fixture->second, "current-context: x\n" CONTEXTS);
  again = load (NULL);
  g_assert_cmpstr (kube_config_get_current_context (again), ==, "why");
}

static void
test_same (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  struct stat before, after;

  write_file (fixture->first, "current-context: x\n" CONTEXTS);
  config = load (fixture->first);
  g_assert_cmpint (stat (fixture->first, &before), ==, 0);
  assert_set (config, "x", fixture->first);
  g_assert_cmpint (stat (fixture->first, &after), ==, 0);
  g_assert_cmpuint (before.st_ino, ==, after.st_ino);
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->first, "current-context: x\n" CONTEXTS);
  config = load (fixture->first);
  assert_refused (config, "z", "Choose one of: x, why.");

  write_file (fixture->first, "current-context: x # changed\n" CONTEXTS);
  assert_refused (config, "why", "was changed since it was read");
  assert_file (fixture->first, "current-context: x # changed\n" CONTEXTS);

  write_file (fixture->first, "- not: a kubeconfig\n");
  assert_refused (config, "why", "was changed since it was read");

  g_unlink (fixture->first);
  assert_refused (config, "why", "was removed");
}

static void
test_another_before (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *variable = g_strdup_printf ("%s:%s", fixture->first, fixture->second);
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->second, CONTEXTS);
  g_setenv ("KUBECONFIG", variable, TRUE);
  config = load (NULL);
  write_file (fixture->first, "");
  assert_refused (config, "why", "another one was put before it");
  assert_file (fixture->second, CONTEXTS);
}

static void
test_write_protected (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->first, CONTEXTS);
  g_assert_cmpint (g_chmod (fixture->first, 0400), ==, 0);
  config = load (fixture->first);
  assert_refused (config, "why", "may not be written: permission denied");
  assert_file (fixture->first, CONTEXTS);
}

static void
test_shared_value (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;

  write_file (fixture->first, "future: &name x\ncurrent-context: *name\n" CONTEXTS);
  config = load (fixture->first);
  g_assert_cmpstr (kube_config_get_current_context (config), ==, "x");
  assert_refused (config, "why", "Change it by hand");
  assert_file (fixture->first, "future: &name x\ncurrent-context: *name\n" CONTEXTS);
}

static void
test_locked (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  g_autofree char *lock = g_strconcat (fixture->first, ".lock", NULL);
  struct timespec  times[2] = { { 1000000000, 0 }, { 1000000000, 0 } };

  write_file (fixture->first, CONTEXTS);
  config = load (fixture->first);
  write_file (lock, "");
  assert_refused (config, "why", "just being changed by another program");
  g_assert_cmpint (utimensat (AT_FDCWD, lock, times, 0), ==, 0);
  assert_refused (config, "why", "is locked since 2001-09-09");
  assert_file (fixture->first, CONTEXTS);

  /* It is somebody else's, so it stays. */
  g_assert_cmpint (g_unlink (lock), ==, 0);
  assert_set (config, "why", fixture->first);
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture->first, CONTEXTS);
  config = load (fixture->first);
  g_cancellable_cancel (cancellable);
  kube_config_set_current_context_async (config, "why", cancellable, await_cb, &result);
  g_assert_null (kube_config_set_current_context_finish (config, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_file (fixture->first, CONTEXTS);
}

static void
add (const char *name,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/kube/config-write/", name, NULL);

  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("TZ", "UTC", TRUE);

  add ("keeps-all-else", test_keeps_all_else);
  add ("owner", test_owner);
  add ("link", test_link);
  add ("several-files", test_several_files);
  add ("same", test_same);
  add ("refused", test_refused);
  add ("another-before", test_another_before);
  add ("write-protected", test_write_protected);
  add ("shared-value", test_shared_value);
  add ("locked", test_locked);
  add ("cancelled", test_cancelled);

  return g_test_run ();
}
