/* vault-generator.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-generator.h"

#include "vault-error.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static gboolean
fill_random (guint8  *bytes,
             gsize    length,
             GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      gssize n = getrandom (bytes + done, length - done, 0);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_set_error (error, VAULT_ERROR, VAULT_ERROR_FAILED,
                       "A random secret could not be made: %s. Type one of your own, at least "
                       "32 characters long.",
                       g_strerror (errno));
          return FALSE;
        }
      done += n;
    }

  return TRUE;
}

/**
 * vault_generate_secret:
 * @n_bytes: how many random bytes, at most 1024
 * @error: return location for an error
 *
 * Makes a secret of @n_bytes from the kernel's random source (getrandom), written in base64, as
 * `openssl rand -base64 N` does. The only possible error is %VAULT_ERROR_FAILED.
 *
 * Returns: (transfer full): the secret, or %NULL with @error set
 */
VaultSecret *
vault_generate_secret (guint    n_bytes,
                       GError **error)
{
  guint8       bytes[1024];
  VaultSecret *secret;
  char        *text;

  g_return_val_if_fail (n_bytes > 0 && n_bytes <= sizeof bytes, NULL);

  if (!fill_random (bytes, n_bytes, error))
    return NULL;

  text = g_base64_encode (bytes, n_bytes);
  secret = vault_secret_new (text);
  explicit_bzero (bytes, sizeof bytes);
  explicit_bzero (text, strlen (text));
  g_free (text);

  return secret;
}
