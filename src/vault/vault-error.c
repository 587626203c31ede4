/* vault-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "vault-error.h"

/**
 * VAULT_ERROR:
 *
 * The error domain of the vault layer: the keyring is locked, does not answer, or answered with
 * an error of its own. No message holds a secret.
 */
G_DEFINE_QUARK (vault - error - quark, vault_error)
