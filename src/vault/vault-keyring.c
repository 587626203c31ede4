/* vault-keyring.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-keyring.h"

#include "vault-guard-private.h"
#include "vault-keyring-store.h"
#include "vault-session-store.h"

#include <libsecret/secret.h>

/* Long enough to start a daemon on demand. */
#define PROBE_SECONDS 10
/* Long enough to find and type a password; then the program goes on without the keyring. */
#define PROMPT_SECONDS 60

G_DEFINE_ENUM_TYPE (VaultKeyringState, vault_keyring_state, G_DEFINE_ENUM_VALUE (VAULT_KEYRING_READY, "ready"), G_DEFINE_ENUM_VALUE (VAULT_KEYRING_LOCKED, "locked"), G_DEFINE_ENUM_VALUE (VAULT_KEYRING_ABSENT, "absent"))

typedef struct
{
  /* Input */
  gboolean may_prompt;

  /* Result */
  VaultKeyringState state;
} Open;

static void
return_store (GTask            *task,
              VaultKeyringState state)
{
  Open *open = g_task_get_task_data (task);

  open->state = state;
  g_task_return_pointer (task,
                         state == VAULT_KEYRING_READY ? vault_keyring_store_new ()
                                                      : vault_session_store_new (),
                         g_object_unref);
}

/* The probe and the prompt are tasks of their own, each under a guard: that one of them is not
 * answered in time is no error of the whole, but an answer. */

/* Probe: returns the default collection; NULL without an error when there is none yet. */

static void
probe_collection_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GTask) task = vault_guard_steal_task (guard);
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretCollection) collection = secret_collection_for_alias_finish (result, &error);

  if (task == NULL)
    return;
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&collection), g_object_unref);
}

static void
probe_service_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretService) service = secret_service_get_finish (result, &error);
  GCancellable *cancellable = vault_guard_get_cancellable (guard);

  if (vault_guard_peek_task (guard) == NULL)
    return;

  if (service == NULL)
    {
      g_autoptr(GTask) task = vault_guard_steal_task (guard);

      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  secret_collection_for_alias (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                               cancellable, probe_collection_cb, g_steal_pointer (&guard));
}

static void
probe_async (GCancellable       *cancellable,
             GAsyncReadyCallback callback,
             gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  VaultGuard *guard;

  g_task_set_source_tag (task, probe_async);
  guard = vault_guard_new (task, PROBE_SECONDS);
  secret_service_get (SECRET_SERVICE_OPEN_SESSION, vault_guard_get_cancellable (guard),
                      probe_service_cb, guard);
}

/* Prompt: unlocks the default collection, or makes one where there is none. */

static void
prompt_unlock_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GTask) task = vault_guard_steal_task (guard);
  g_autoptr(GError) error = NULL;
  int n_unlocked = secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, &error);

  if (task == NULL)
    return;
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, n_unlocked > 0);
}

static void
prompt_create_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(VaultGuard) guard = user_data;
  g_autoptr(GTask) task = vault_guard_steal_task (guard);
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretCollection) collection = secret_collection_create_finish (result, &error);

  if (task == NULL)
    return;
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, collection != NULL);
}

static void
prompt_async (SecretCollection   *collection,
              GCancellable       *cancellable,
              GAsyncReadyCallback callback,
              gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  VaultGuard *guard;

  g_task_set_source_tag (task, prompt_async);
  guard = vault_guard_new (task, PROMPT_SECONDS);
  if (collection != NULL)
    {
      g_autoptr(GList) objects = g_list_prepend (NULL, collection);

      secret_service_unlock (secret_collection_get_service (collection), objects,
                             vault_guard_get_cancellable (guard), prompt_unlock_cb, guard);
    }
  else
    secret_collection_create (NULL, "Default keyring", SECRET_COLLECTION_DEFAULT,
                              SECRET_COLLECTION_CREATE_NONE,
                              vault_guard_get_cancellable (guard), prompt_create_cb, guard);
}

static gboolean
has_display (void)
{
  return g_getenv ("WAYLAND_DISPLAY") != NULL || g_getenv ("DISPLAY") != NULL;
}

static void
vault_open_prompt_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  gboolean unlocked = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (error != NULL)
    g_debug ("The keyring stays locked: %s", error->message);
  return_store (task, unlocked ? VAULT_KEYRING_READY : VAULT_KEYRING_LOCKED);
}

static void
vault_open_probe_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretCollection) collection = NULL;
  Open *open = g_task_get_task_data (task);

  collection = g_task_propagate_pointer (G_TASK (result), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (error != NULL)
    {
      g_debug ("There is no keyring: %s", error->message);
      return_store (task, VAULT_KEYRING_ABSENT);
    }
  else if (collection != NULL && !secret_collection_get_locked (collection))
    return_store (task, VAULT_KEYRING_READY);
  else if (open->may_prompt && has_display ())
    prompt_async (collection, g_task_get_cancellable (task), vault_open_prompt_cb,
                  g_object_ref (task));
  else
    return_store (task, VAULT_KEYRING_LOCKED);
}

/**
 * vault_open_async:
 * @may_prompt: whether the desktop may ask for the keyring's password
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Finds out which store there is. The keyring is probed without a prompt, by the lock of its
 * default collection. A locked one is unlocked by the desktop's own prompt when @may_prompt is
 * set and there is a display to show it on; a keyring that has no default collection yet is
 * treated as locked, and the prompt then asks for a new password.
 *
 * It always returns: a keyring that does not answer within 10 seconds counts as absent, a prompt
 * that is not answered within 60 seconds as refused.
 */
void
vault_open_async (gboolean            may_prompt,
                  GCancellable       *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Open *open;

  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  open = g_new0 (Open, 1);
  open->may_prompt = may_prompt;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, vault_open_async);
  g_task_set_task_data (task, open, g_free);

  probe_async (cancellable, vault_open_probe_cb, g_steal_pointer (&task));
}

/**
 * vault_open_finish:
 * @result: what the callback was given
 * @state: (out) (optional): how the keyring was found
 * @error: return location for an error
 *
 * The only possible error is %G_IO_ERROR_CANCELLED: a keyring that is absent or stays locked is
 * an answer in @state, and secrets are then kept in memory.
 *
 * Returns: (transfer full): a [class@KeyringStore] when @state is %VAULT_KEYRING_READY, else a
 *   [class@SessionStore]
 */
VaultStore *
vault_open_finish (GAsyncResult      *result,
                   VaultKeyringState *state,
                   GError           **error)
{
  Open *open;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, vault_open_async), NULL);

  open = g_task_get_task_data (G_TASK (result));
  if (state != NULL)
    *state = open->state;

  return g_task_propagate_pointer (G_TASK (result), error);
}
