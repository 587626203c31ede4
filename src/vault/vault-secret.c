/* vault-secret.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-secret.h"

#include <string.h>

/**
 * VaultSecret:
 *
 * A text that nobody else should see. It cannot be changed, is shared by reference, and its
 * memory is overwritten when the last reference goes.
 */
struct _VaultSecret
{
  gatomicrefcount ref_count;
  gsize           length;
  char            text[];
};

G_DEFINE_BOXED_TYPE (VaultSecret, vault_secret, vault_secret_ref, vault_secret_unref)

/**
 * vault_secret_new:
 * @text: the secret, UTF-8
 *
 * Copies @text. The caller's own buffer stays the caller's to wipe.
 *
 * Returns: (transfer full): a new secret
 */
VaultSecret *
vault_secret_new (const char *text)
{
  VaultSecret *self;
  gsize        length;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  self = g_malloc (sizeof (VaultSecret) + length + 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->length = length;
  memcpy (self->text, text, length + 1);

  return self;
}

/**
 * vault_secret_ref:
 * @self: a secret
 *
 * Returns: (transfer full): @self with one more reference
 */
VaultSecret *
vault_secret_ref (VaultSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * vault_secret_unref:
 * @self: (transfer full): a secret
 *
 * Gives a reference back; the last one overwrites the text and frees it.
 */
void
vault_secret_unref (VaultSecret *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  explicit_bzero (self->text, self->length);
  g_free (self);
}

/**
 * vault_secret_get_text:
 * @self: a secret
 *
 * Returns: (transfer none): the text, valid as long as @self
 */
const char *
vault_secret_get_text (VaultSecret *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * vault_secret_equal:
 * @a: (nullable): a secret
 * @b: (nullable): another one
 *
 * Returns: whether both hold the same text, or both are %NULL
 */
gboolean
vault_secret_equal (VaultSecret *a,
                    VaultSecret *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return a->length == b->length && memcmp (a->text, b->text, a->length) == 0;
}
