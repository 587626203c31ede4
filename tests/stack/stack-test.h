/* stack-test.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-manifest-set.h"
#include "stack-settings.h"

#include <gio/gio.h>

/* Runs the default main context until an answer is there. */

typedef struct
{
  GAsyncResult *result;
} StackAnswer;

static inline void
stack_answer_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  StackAnswer *answer = user_data;

  answer->result = g_object_ref (result);
}

static inline GAsyncResult *
stack_answer_wait (StackAnswer *answer)
{
  while (answer->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&answer->result);
}

static inline StackManifestSet *
stack_test_load_manifests (const char *directory,
                           GError    **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_manifest_set_load_async (directory, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_manifest_set_load_finish (result, error);
}

static inline gboolean
stack_test_load (StackSettings *settings,
                 VaultStore    *store,
                 GError       **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_settings_load_async (settings, store, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_settings_load_finish (settings, result, error);
}

static inline gboolean
stack_test_save (StackSettings *settings,
                 VaultStore    *store,
                 GError       **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_settings_save_async (settings, store, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_settings_save_finish (settings, result, error);
}
