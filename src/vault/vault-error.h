/* vault-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VAULT_ERROR (vault_error_quark ())

typedef enum
{
  VAULT_ERROR_LOCKED,
  VAULT_ERROR_UNAVAILABLE,
  VAULT_ERROR_FAILED,
} VaultError;

GQuark vault_error_quark (void);

G_END_DECLS
