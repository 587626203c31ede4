/* test-keyring.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-error.h"
#include "vault-keyring-store.h"
#include "vault-keyring.h"
#include "vault-session-store.h"
#include "vault-test.h"

#include <libsecret/secret.h>
#include <string.h>

/* Against a real gnome-keyring-daemon, in the state that with-keyring.sh has put it into. */

#define SECRET "postgresql://app:d0-n0t-f1nd-m3@db.example.org/app"

static VaultStore *
open_vault (gboolean           may_prompt,
            GCancellable      *cancellable,
            VaultKeyringState *state,
            GError           **error)
{
  VaultAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  vault_open_async (may_prompt, cancellable, vault_answer_cb, &answer);
  result = vault_answer_wait (&answer);

  return vault_open_finish (result, state, error);
}

static void
test_ready (void)
{
  VaultKeyringState state = VAULT_KEYRING_ABSENT;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultStore) store = open_vault (FALSE, NULL, &state, &error);

  g_assert_no_error (error);
  g_assert_cmpint (state, ==, VAULT_KEYRING_READY);
  g_assert_true (VAULT_IS_KEYRING_STORE (store));
  g_assert_true (vault_store_is_persistent (store));
  vault_test_life (store);
}

static void
test_new_store (void)
{
  g_autoptr(VaultStore) first = vault_keyring_store_new ();
  g_autoptr(VaultStore) second = vault_keyring_store_new ();
  g_autoptr(VaultSecret) secret = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (vault_test_save (first, "default", "DATABASE_URL", SECRET, &error));
  g_assert_no_error (error);
  g_clear_object (&first);

  secret = vault_test_lookup (second, "default", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (vault_secret_get_text (secret), ==, SECRET);
}

/* Replaced, not added: one item, whose attributes hold names only. */
static void
test_attributes (void)
{
  g_autoptr(VaultStore) store = vault_keyring_store_new ();
  g_autoptr(GHashTable) attributes = NULL;
  g_autoptr(GHashTable) found = NULL;
  g_autoptr(SecretService) service = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *label = NULL;
  GHashTableIter   iter;
  gpointer         value;
  GList           *items;

  g_assert_true (vault_test_save (store, "default", "DATABASE_URL", "older", &error));
  g_assert_true (vault_test_save (store, "default", "DATABASE_URL", SECRET, &error));
  g_assert_no_error (error);

  service = secret_service_get_sync (SECRET_SERVICE_OPEN_SESSION, NULL, &error);
  g_assert_no_error (error);
  attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (attributes, (char *) "xdg:schema", (char *) "io.github.hackystack.Desktop");
  g_hash_table_insert (attributes, (char *) "profile", (char *) "default");
  items = secret_service_search_sync (service, NULL, attributes, SECRET_SEARCH_ALL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (items), ==, 1);

  label = secret_item_get_label (items->data);
  g_assert_cmpstr (label, ==, "Hacky Stack: DATABASE_URL (default)");
  found = secret_item_get_attributes (items->data);
  g_assert_cmpstr (g_hash_table_lookup (found, "name"), ==, "DATABASE_URL");
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_assert_null (strstr (value, "d0-n0t-f1nd-m3"));

  g_list_free_full (items, g_object_unref);
}

static guint
search_files (const char *folder,
              const char *needle)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint       n_files = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize            length = 0;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        n_files += search_files (path, needle);
      else if (g_file_test (path, G_FILE_TEST_IS_REGULAR) &&
               g_file_get_contents (path, &text, &length, NULL))
        {
          n_files++;
          if (memmem (text, length, needle, strlen (needle)) != NULL)
            g_error ("%s holds the secret in clear", path);
        }
    }

  return n_files;
}

static void
test_files (void)
{
  g_autoptr(VaultStore) store = vault_keyring_store_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *base64 = NULL;
  const char      *home = g_getenv ("HACKYSTACK_TEST_HOME");

  g_assert_nonnull (home);
  g_assert_true (vault_test_save (store, "default", "DATABASE_URL", SECRET, &error));
  g_assert_no_error (error);

  base64 = g_base64_encode ((const guchar *) SECRET, strlen (SECRET));
  g_assert_cmpuint (search_files (home, "d0-n0t-f1nd-m3"), >, 0);
  search_files (home, base64);
}

static void
test_write (void)
{
  g_autoptr(VaultStore) store = vault_keyring_store_new ();
  g_autoptr(GError) error = NULL;

  g_assert_true (vault_test_save (store, "default", "DATABASE_URL", SECRET, &error));
  g_assert_no_error (error);
}

static void
test_restart (void)
{
  g_autoptr(VaultStore) store = vault_keyring_store_new ();
  g_autoptr(VaultSecret) secret = NULL;
  g_autoptr(GError) error = NULL;

  secret = vault_test_lookup (store, "default", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_nonnull (secret);
  g_assert_cmpstr (vault_secret_get_text (secret), ==, SECRET);
}

static void
assert_session (VaultStore *store)
{
  g_assert_true (VAULT_IS_SESSION_STORE (store));
  g_assert_false (vault_store_is_persistent (store));
  vault_test_life (store);
}

/* Neither asked nor, without a display, able to ask. */
static void
test_locked (void)
{
  for (guint may_prompt = 0; may_prompt < 2; may_prompt++)
    {
      VaultKeyringState state = VAULT_KEYRING_READY;
      g_autoptr(GError) error = NULL;
      g_autoptr(VaultStore) store = open_vault (may_prompt, NULL, &state, &error);

      g_assert_no_error (error);
      g_assert_cmpint (state, ==, VAULT_KEYRING_LOCKED);
      assert_session (store);
    }
}

static void
test_locked_store (void)
{
  g_autoptr(VaultStore) store = vault_keyring_store_new ();
  g_autoptr(VaultSecret) secret = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (vault_test_save (store, "default", "DATABASE_URL", SECRET, &error));
  g_assert_error (error, VAULT_ERROR, VAULT_ERROR_LOCKED);
  g_clear_error (&error);
  g_assert_false (vault_test_clear (store, "default", "DATABASE_URL", &error));
  g_assert_error (error, VAULT_ERROR, VAULT_ERROR_LOCKED);
  g_clear_error (&error);

  /* Nothing was ever stored, so there is nothing locked to find. */
  secret = vault_test_lookup (store, "default", "DATABASE_URL", &error);
  g_assert_no_error (error);
  g_assert_null (secret);
}

/* The desktop's prompter, such as one that shows a dialog which nobody answers. */

static const char prompter_xml[] =
    "<node><interface name='org.gnome.keyring.internal.Prompter'>"
    "<method name='BeginPrompting'><arg name='callback' type='o' direction='in'/></method>"
    "<method name='PerformPrompt'><arg name='callback' type='o' direction='in'/>"
    "<arg name='type' type='s' direction='in'/><arg name='properties' type='a{sv}' direction='in'/>"
    "<arg name='exchange' type='s' direction='in'/></method>"
    "<method name='StopPrompting'><arg name='callback' type='o' direction='in'/></method>"
    "</interface></node>";

typedef struct
{
  GDBusConnection *bus;
  GCancellable    *cancellable;
  guint            object;
  guint            name;
  gboolean         owned;
  guint            n_prompts;
} Prompter;

static void
on_prompter_call_cb (GDBusConnection       *connection,
                     const char            *sender,
                     const char            *object_path,
                     const char            *interface_name,
                     const char            *method_name,
                     GVariant              *parameters,
                     GDBusMethodInvocation *invocation,
                     gpointer               user_data)
{
  Prompter *prompter = user_data;

  if (g_str_equal (method_name, "BeginPrompting"))
    {
      prompter->n_prompts++;
      g_cancellable_cancel (prompter->cancellable);
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
on_name_acquired_cb (GDBusConnection *connection,
                     const char      *name,
                     gpointer         user_data)
{
  Prompter *prompter = user_data;

  prompter->owned = TRUE;
}

static const GDBusInterfaceVTable prompter_vtable = { on_prompter_call_cb };

static void
prompter_start (Prompter *prompter)
{
  g_autoptr(GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (prompter_xml, NULL);
  g_autoptr(GError) error = NULL;

  prompter->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  prompter->object = g_dbus_connection_register_object (prompter->bus,
                                                        "/org/gnome/keyring/Prompter",
                                                        info->interfaces[0], &prompter_vtable,
                                                        prompter, NULL, &error);
  g_assert_no_error (error);
  prompter->name = g_bus_own_name_on_connection (prompter->bus,
                                                 "org.gnome.keyring.SystemPrompter",
                                                 G_BUS_NAME_OWNER_FLAGS_NONE,
                                                 on_name_acquired_cb, NULL, prompter, NULL);
  while (!prompter->owned)
    g_main_context_iteration (NULL, TRUE);
}

static void
prompter_stop (Prompter *prompter)
{
  g_bus_unown_name (prompter->name);
  g_dbus_connection_unregister_object (prompter->bus, prompter->object);
  g_clear_object (&prompter->bus);
}

/* libsecret itself never calls back here. */
static void
test_locked_cancel (void)
{
  VaultKeyringState state = VAULT_KEYRING_READY;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultStore) store = NULL;
  Prompter prompter = { .cancellable = cancellable };

  prompter_start (&prompter);
  g_setenv ("DISPLAY", ":not-a-display", TRUE);
  store = open_vault (TRUE, cancellable, &state, &error);
  g_unsetenv ("DISPLAY");
  prompter_stop (&prompter);

  g_assert_cmpuint (prompter.n_prompts, ==, 1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (store);
}

/* There is a display, but nobody who could show a prompt on it. */
static void
test_locked_no_prompter (void)
{
  VaultKeyringState state = VAULT_KEYRING_READY;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultStore) store = NULL;

  g_setenv ("DISPLAY", ":not-a-display", TRUE);
  store = open_vault (TRUE, NULL, &state, &error);
  g_unsetenv ("DISPLAY");

  g_assert_no_error (error);
  g_assert_cmpint (state, ==, VAULT_KEYRING_LOCKED);
  assert_session (store);
}

static void
test_absent (void)
{
  VaultKeyringState state = VAULT_KEYRING_READY;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultStore) store = open_vault (TRUE, NULL, &state, &error);

  g_assert_no_error (error);
  g_assert_cmpint (state, ==, VAULT_KEYRING_ABSENT);
  assert_session (store);
}

static void
test_absent_store (void)
{
  g_autoptr(VaultStore) store = vault_keyring_store_new ();
  g_autoptr(VaultSecret) secret = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (vault_test_save (store, "default", "DATABASE_URL", SECRET, &error));
  g_assert_error (error, VAULT_ERROR, VAULT_ERROR_UNAVAILABLE);
  g_assert_null (strstr (error->message, "d0-n0t-f1nd-m3"));
  g_clear_error (&error);

  secret = vault_test_lookup (store, "default", "DATABASE_URL", &error);
  g_assert_error (error, VAULT_ERROR, VAULT_ERROR_UNAVAILABLE);
  g_assert_null (secret);
}

static void
test_cancelled (void)
{
  VaultKeyringState state = VAULT_KEYRING_READY;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultStore) store = NULL;

  g_cancellable_cancel (cancellable);
  store = open_vault (FALSE, cancellable, &state, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (store);
}

static const struct
{
  const char *state;
  const char *path;
  GTestFunc   func;
} tests[] = {
  { "ready", "/vault/keyring/ready/life", test_ready },
  { "ready", "/vault/keyring/ready/new-store", test_new_store },
  { "ready", "/vault/keyring/ready/attributes", test_attributes },
  { "ready", "/vault/keyring/ready/files", test_files },
  { "ready", "/vault/keyring/ready/cancelled", test_cancelled },
  { "write", "/vault/keyring/write", test_write },
  { "restart", "/vault/keyring/restart", test_restart },
  { "restart", "/vault/keyring/restart/files", test_files },
  { "locked", "/vault/keyring/locked/open", test_locked },
  { "locked", "/vault/keyring/locked/store", test_locked_store },
  { "locked", "/vault/keyring/locked/no-prompter", test_locked_no_prompter },
  { "locked", "/vault/keyring/locked/cancel", test_locked_cancel },
  { "absent", "/vault/keyring/absent/open", test_absent },
  { "absent", "/vault/keyring/absent/store", test_absent_store },
  { "absent", "/vault/keyring/absent/cancelled", test_cancelled },
};

int
main (int   argc,
      char *argv[])
{
  const char *state = g_getenv ("HACKYSTACK_TEST_KEYRING");

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      if (g_strcmp0 (tests[i].state, state) == 0)
        g_test_add_func (tests[i].path, tests[i].func);
    }

  return g_test_run ();
}
