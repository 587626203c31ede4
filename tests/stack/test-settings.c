/* test-settings.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-redact.h"
#include "stack-error.h"
#include "stack-profiles.h"
#include "stack-settings.h"
#include "stack-test.h"
#include "vault-session-store.h"

#include <glib/gstdio.h>
#include <string.h>

#define URL "postgresql://app:d0-n0t-f1nd-m3@db.example.org/app"

static void
on_changed_cb (StackSettings *settings,
               StackFieldId   id,
               GString       *log)
{
  g_string_append_printf (log, "%s ", stack_field_get (id)->key);
}

static void
test_fallbacks (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("default");

  g_assert_cmpstr (stack_settings_get_profile (settings), ==, "default");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NAMESPACE), ==, "hackystack");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_REPLICAS), ==, "2");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL), ==,
                   "https://hackystack.local");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_DATABASE_URL), ==, "");
  g_assert_cmpuint (g_hash_table_size (stack_settings_get_extra (settings)), ==, 0);
  g_assert_null (stack_settings_get_context (settings));
}

static void
test_callback (void)
{
  static const struct
  {
    const char *url;
    const char *callback;
  } cases[] = {
    { "https://hackystack.local", "https://hackystack.local/api/auth/callback/github" },
    { "https://hackystack.local:8443//", "https://hackystack.local:8443/api/auth/callback/github" },
    { "https://hackystack.local/api/auth/", "https://hackystack.local/api/auth/callback/github" },
    { " http://localhost:3000\n", "http://localhost:3000/api/auth/callback/github" },
    { "", NULL },
    { "/", NULL },
  };
  g_autoptr(StackSettings) settings = stack_settings_new ("default");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *callback = NULL;

      stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_URL, cases[i].url);
      callback = stack_settings_dup_callback_url (settings);
      g_assert_cmpstr (callback, ==, cases[i].callback);
    }
}

static void
test_changed (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("default");
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (settings, "changed", G_CALLBACK (on_changed_cb), log);
  stack_settings_set_text (settings, STACK_FIELD_REPLICAS, "2");
  g_assert_cmpstr (log->str, ==, "");
  stack_settings_set_text (settings, STACK_FIELD_REPLICAS, "3");
  g_assert_cmpstr (log->str, ==, "replicas ");

  /* The address goes along with the host, until it has one of its own. */
  g_string_truncate (log, 0);
  stack_settings_set_text (settings, STACK_FIELD_HOST, "app.example.org");
  g_assert_cmpstr (log->str, ==, "host nextauthUrl ");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL), ==,
                   "https://app.example.org");
  stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_URL, "http://other");
  stack_settings_set_text (settings, STACK_FIELD_HOST, "x.example.org");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL), ==,
                   "http://other");
}

static void
assert_masked (gboolean masked)
{
  g_autofree char *text = base_redact_text ("see " URL " there");

  g_assert_true ((strstr (text, "d0-n0t-f1nd-m3") == NULL) == masked);
}

static void
test_redacted (void)
{
  StackSettings *settings = stack_settings_new ("default");

  assert_masked (FALSE);
  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, URL);
  assert_masked (TRUE);
  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, "postgresql://else");
  assert_masked (FALSE);
  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, URL);
  assert_masked (TRUE);
  g_assert_finalize_object (settings);
  assert_masked (FALSE);
}

static void
test_generate (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("default");
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;

  g_assert_true (stack_settings_generate (settings, &error));
  g_assert_no_error (error);
  first = g_strdup (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_SECRET));
  g_assert_cmpuint (strlen (first), ==, 44);

  /* One that is there stays. */
  g_assert_true (stack_settings_generate (settings, &error));
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_SECRET), ==, first);
}

static void
test_values (void)
{
  static const char yaml[] =
      "namespace: team-7\n"
      "host: app.example.org\n"
      "replicas: 3\n"
      "ingressClass: \"traefik\"\n"
      "image:\n"
      "databaseUrl: '" URL "'\n"
      "nextauthSecret: |-\n"
      "  it's \"quoted\"\n"
      "extra:\n"
      "  LOG_LEVEL: debug\n"
      "  FLAG: \"true\"\n";
  g_autoptr(StackSettings) settings = stack_settings_new ("default");
  g_autoptr(GError) error = NULL;
  GHashTable *extra;

  stack_settings_read_values (settings, yaml, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NAMESPACE), ==, "team-7");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_REPLICAS), ==, "3");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_INGRESS_CLASS), ==, "traefik");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_IMAGE), ==, "hackystack:latest");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_DATABASE_URL), ==, URL);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_SECRET), ==,
                   "it's \"quoted\"");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL), ==,
                   "https://app.example.org");

  extra = stack_settings_get_extra (settings);
  g_assert_cmpuint (g_hash_table_size (extra), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (extra, "LOG_LEVEL"), ==, "debug");
  g_assert_cmpstr (g_hash_table_lookup (extra, "FLAG"), ==, "true");
}

/* A switch is a word, but YAML's own words for it are understood; the address follows. */
static void
test_switch (void)
{
  static const struct
  {
    const char *yaml;
    const char *text;
    const char *url;
  } cases[] = {
    { "tls: no", "no", "http://hackystack.local" },
    { "tls: false", "no", "http://hackystack.local" },
    { "tls: \"no\"", "no", "http://hackystack.local" },
    { "tls: true", "yes", "https://hackystack.local" },
    { "tls: yes", "yes", "https://hackystack.local" },
    { "tls: no\nhost: a.example.org", "no", "http://a.example.org" },
    { "tls: no\nnextauthUrl: https://b.example.org", "no", "https://b.example.org" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(StackSettings) settings = stack_settings_new ("default");
      g_autoptr(GError) error = NULL;

      stack_settings_read_values (settings, cases[i].yaml, -1, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_TLS), ==, cases[i].text);
      g_assert_cmpint (stack_settings_get_enabled (settings, STACK_FIELD_TLS), ==,
                       g_str_equal (cases[i].text, "yes"));
      g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_URL), ==,
                       cases[i].url);
    }
}

static void
test_bad_values (void)
{
  static const struct
  {
    const char *yaml;
    const char *words;
  } cases[] = {
    { "host: a.example.org\nhots: b\nDATABASE_URL: c\n", "“hots”, “DATABASE_URL”" },
    { "host: a.example.org\nnamespace: 7\n", "namespace is a number" },
    { "host: a.example.org\nnextauthSecret: true\n", "nextauthSecret is true or false" },
    { "host: a.example.org\nreplicas: 2.5\n", "replicas is a number" },
    { "host: a.example.org\nreplicas: [2]\n", "replicas is a list" },
    { "host: a.example.org\nimage: {name: x}\n", "image is a map" },
    { "host: a.example.org\ntls: 1\n", "tls is a number" },
    { "host: a.example.org\npullPolicy: true\n", "pullPolicy is true or false" },
    { "host: a.example.org\nextra: [A]\n", "extra is not a map" },
    { "host: a.example.org\nextra: {A: 1}\n", "extra.A is a number" },
    { "host: a.example.org\nextra: {1A: x}\n", "“1A”" },
    { "host: a.example.org\nextra: {DATABASE_URL: x}\n", "databaseUrl" },
    { "host: a.example.org\nextra: {PORT: \"80\"}\n", "PORT" },
    { "host: a.example.org\n  image: x\n", "line 2" },
    { "host: a.example.org\nhost: b.example.org\n", "host" },
    { "- host: a.example.org\n", "holds no settings" },
    { "", "holds no settings" },
    { "databaseUrl: " URL "\nhost: 1\n", "host is a number" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(StackSettings) settings = stack_settings_new ("default");
      g_autoptr(GError) error = NULL;
      g_autoptr(GString) log = g_string_new (NULL);

      g_signal_connect (settings, "changed", G_CALLBACK (on_changed_cb), log);
      g_assert_false (stack_settings_read_values (settings, cases[i].yaml, -1, &error));
      g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
      g_test_message ("%s", error->message);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("“%s” is not in: %s", cases[i].words, error->message);
      g_assert_null (strstr (error->message, "d0-n0t-f1nd-m3"));
      /* All or nothing. */
      g_assert_cmpstr (log->str, ==, "");
      g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_HOST), ==,
                       "hackystack.local");
    }
}

static char *
build_path (const char *profile)
{
  g_autofree char *name = g_strconcat (profile, ".json", NULL);

  return g_build_filename (g_get_user_data_dir (), "hackystack", "profiles", name, NULL);
}

static void
assert_mode (const char *path,
             guint       mode)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, mode);
}

static void
test_save (void)
{
  g_autoptr(VaultStore) store = vault_session_store_new ();
  g_autoptr(StackSettings) first = stack_settings_new ("round");
  g_autoptr(StackSettings) second = stack_settings_new ("round");
  g_autoptr(StackSettings) other = stack_settings_new ("other");
  g_autoptr(GError) error = NULL;
  g_autofree char *path = build_path ("round");
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;

  stack_settings_read_values (first, "replicas: 5\ndatabaseUrl: " URL "\n"
                                     "nextauthSecret: s3cr3t-s3cr3t\n"
                                     "githubClientId: Ov23liABCDEFGHIJKLMN\n"
                                     "githubClientSecret: g1thub-s3cr3t\nextra: {A: b}\n",
                              -1, &error);
  g_assert_no_error (error);
  stack_settings_set_context (first, "minikube");
  stack_test_save (first, store, &error);
  g_assert_no_error (error);

  assert_mode (path, 0600);
  assert_mode (folder, 0700);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "s3cr3t"));
  g_assert_null (strstr (text, "d0-n0t-f1nd-m3"));
  g_assert_null (strstr (text, "Ov23li"));

  stack_test_load (second, store, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    g_assert_cmpstr (stack_settings_get_text (second, i), ==, stack_settings_get_text (first, i));
  g_assert_cmpstr (stack_settings_get_context (second), ==, "minikube");
  g_assert_cmpstr (g_hash_table_lookup (stack_settings_get_extra (second), "A"), ==, "b");

  /* What is emptied is forgotten, in the vault too; another profile never knew. */
  stack_settings_set_text (first, STACK_FIELD_DATABASE_URL, "");
  stack_test_save (first, store, &error);
  g_assert_no_error (error);
  stack_test_load (second, store, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_settings_get_text (second, STACK_FIELD_DATABASE_URL), ==, "");
  stack_test_load (other, store, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_settings_get_text (other, STACK_FIELD_NEXTAUTH_SECRET), ==, "");
  g_assert_cmpstr (stack_settings_get_text (other, STACK_FIELD_REPLICAS), ==, "2");
}

static void
test_bad_profiles (void)
{
  static const char *const names[] = { "", "../x", "a/b", ".hidden", "a\n", "-x" };
  g_autoptr(VaultStore) store = vault_session_store_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(StackSettings) settings = stack_settings_new (names[i]);
      g_autoptr(GError) error = NULL;

      g_assert_false (stack_test_save (settings, store, &error));
      g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
      g_clear_error (&error);
      g_assert_false (stack_test_load (settings, store, &error));
      g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
    }
}

static void
test_bad_files (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "{ not json", "cannot be read" },
    { "{}", "is not a profile" },
    { "{\"version\": 2}", "newer version" },
    { "[]", "is not a profile" },
  };
  g_autoptr(VaultStore) store = vault_session_store_new ();
  g_autofree char *path = build_path ("broken");
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(StackSettings) settings = stack_settings_new ("broken");
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (path, cases[i].text, -1, NULL));
      g_assert_false (stack_test_load (settings, store, &error));
      g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("“%s” is not in: %s", cases[i].words, error->message);
    }
}

static void
remove_profiles (const char *home)
{
  g_autofree char *parent = g_build_filename (home, "hackystack", NULL);
  g_autofree char *folder = g_build_filename (parent, "profiles", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
  g_rmdir (parent);
  g_rmdir (home);
}

/* Deleted, a profile leaves nothing behind, neither here nor in the vault. */
static void
test_profiles (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("doomed");
  g_autoptr(VaultStore) store = vault_session_store_new ();
  g_autoptr(StackSettings) again = stack_settings_new ("doomed");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = NULL;
  StackAnswer answer = { NULL };

  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, URL);
  stack_settings_set_text (settings, STACK_FIELD_NAMESPACE, "doomed");
  stack_test_save (settings, store, &error);
  g_assert_no_error (error);
  g_assert_true (stack_profiles_exists ("doomed"));
  names = stack_profiles_list (&error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains ((const char *const *) names, "doomed"));
  g_assert_true (g_strv_contains ((const char *const *) names, STACK_DEFAULT_PROFILE));

  stack_profiles_delete_async ("doomed", store, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  g_assert_true (stack_profiles_delete_finish (result, &error));
  g_assert_no_error (error);
  g_assert_false (stack_profiles_exists ("doomed"));
  stack_test_load (again, store, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_settings_get_text (again, STACK_FIELD_DATABASE_URL), ==, "");
  g_assert_cmpstr (stack_settings_get_text (again, STACK_FIELD_NAMESPACE), ==, "hackystack");

  g_assert_false (stack_profiles_use ("../up", &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
}

/* How many answers are others than those that are kept; a lent one is none of them. */
static void
test_changes (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("changing");
  g_autoptr(VaultStore) store = vault_session_store_new ();
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 0);
  stack_settings_set_text (settings, STACK_FIELD_HOST, "app.example.org");
  g_assert_true (stack_settings_is_changed (settings, STACK_FIELD_HOST));
  g_assert_true (stack_settings_is_changed (settings, STACK_FIELD_NEXTAUTH_URL));
  g_assert_false (stack_settings_is_changed (settings, STACK_FIELD_IMAGE));
  g_assert_true (stack_settings_set_variable (settings, "A", "b", &error));
  stack_settings_lend_text (settings, STACK_FIELD_NAMESPACE, "lent");
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 3);
  stack_settings_set_text (settings, STACK_FIELD_HOST, "hackystack.local");
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 1);
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "hackystack:v2");

  stack_test_save (settings, store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 0);
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "hackystack:v3");
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 1);
  stack_test_load (settings, store, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_IMAGE), ==, "hackystack:v2");
  g_assert_cmpuint (stack_settings_get_n_changes (settings), ==, 0);
}

/* What is lent for once is used, and not kept. */
static void
test_lent (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("lending");
  g_autoptr(StackSettings) again = stack_settings_new ("lending");
  g_autoptr(StackSettings) copy = NULL;
  g_autoptr(VaultStore) store = vault_session_store_new ();
  g_autoptr(GError) error = NULL;

  stack_settings_set_text (settings, STACK_FIELD_NAMESPACE, "own");
  stack_settings_lend_text (settings, STACK_FIELD_NAMESPACE, "lent");
  stack_settings_lend_text (settings, STACK_FIELD_NAMESPACE, "lent-again");
  stack_settings_lend_text (settings, STACK_FIELD_DATABASE_URL, URL);
  stack_settings_lend_text (settings, STACK_FIELD_IMAGE, "hackystack:v2");
  /* What is said afterwards counts, even the same. */
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "hackystack:v2");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NAMESPACE), ==, "lent-again");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_DATABASE_URL), ==, URL);
  stack_test_save (settings, store, &error);
  g_assert_no_error (error);
  stack_test_load (again, store, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_settings_get_text (again, STACK_FIELD_NAMESPACE), ==, "own");
  g_assert_cmpstr (stack_settings_get_text (again, STACK_FIELD_DATABASE_URL), ==, "");
  g_assert_cmpstr (stack_settings_get_text (again, STACK_FIELD_IMAGE), ==, "hackystack:v2");
  copy = stack_settings_copy (settings, "copied");
  g_assert_cmpstr (stack_settings_get_text (copy, STACK_FIELD_NAMESPACE), ==, "own");
}

/* Renamed, a profile is the same one, and the old name is free. */
static void
test_rename (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("before");
  g_autoptr(StackSettings) renamed = stack_settings_new ("after");
  g_autoptr(StackSettings) old = stack_settings_new ("before");
  g_autoptr(VaultStore) store = vault_session_store_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) refused = NULL;
  g_autoptr(GError) error = NULL;
  StackAnswer answer = { NULL };
  StackAnswer refusal = { NULL };

  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, URL);
  stack_settings_set_text (settings, STACK_FIELD_HOST, "app.example.org");
  stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_URL, "https://other.example.org");
  g_assert_true (stack_settings_set_variable (settings, "A", "b", &error));
  stack_settings_set_context (settings, "minikube");
  stack_test_save (settings, store, &error);
  g_assert_no_error (error);

  stack_profiles_rename_async ("before", "after", store, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  g_assert_true (stack_profiles_rename_finish (result, &error));
  g_assert_no_error (error);
  g_assert_false (stack_profiles_exists ("before"));
  stack_test_load (renamed, store, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    g_assert_cmpstr (stack_settings_get_text (renamed, i), ==, stack_settings_get_text (settings, i));
  g_assert_cmpstr (stack_settings_get_context (renamed), ==, "minikube");
  g_assert_cmpstr (g_hash_table_lookup (stack_settings_get_extra (renamed), "A"), ==, "b");
  stack_test_load (old, store, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stack_settings_get_text (old, STACK_FIELD_DATABASE_URL), ==, "");

  stack_test_save (settings, store, &error);
  g_assert_no_error (error);
  stack_profiles_rename_async ("before", "after", store, NULL, stack_answer_cb, &refusal);
  refused = stack_answer_wait (&refusal);
  g_assert_false (stack_profiles_rename_finish (refused, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
  g_assert_true (stack_profiles_exists ("before"));
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  g_autofree char *home = g_dir_make_tmp ("settings-XXXXXX", &error);
  int              status;

  g_assert_no_error (error);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/settings/fallbacks", test_fallbacks);
  g_test_add_func ("/stack/settings/profiles", test_profiles);
  g_test_add_func ("/stack/settings/callback", test_callback);
  g_test_add_func ("/stack/settings/changed", test_changed);
  g_test_add_func ("/stack/settings/redacted", test_redacted);
  g_test_add_func ("/stack/settings/generate", test_generate);
  g_test_add_func ("/stack/settings/values", test_values);
  g_test_add_func ("/stack/settings/switch", test_switch);
  g_test_add_func ("/stack/settings/bad-values", test_bad_values);
  g_test_add_func ("/stack/settings/save", test_save);
  g_test_add_func ("/stack/settings/changes", test_changes);
  g_test_add_func ("/stack/settings/lent", test_lent);
  g_test_add_func ("/stack/settings/rename", test_rename);
  g_test_add_func ("/stack/settings/bad-profiles", test_bad_profiles);
  g_test_add_func ("/stack/settings/bad-files", test_bad_files);

  status = g_test_run ();
  remove_profiles (home);

  return status;
}
