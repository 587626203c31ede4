/* base-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-error.h"

/**
 * BaseError:
 * @BASE_ERROR_SYNTAX: the text breaks the grammar of its format.
 * @BASE_ERROR_TOO_LARGE: the text, or what it expands to, is over a size limit.
 * @BASE_ERROR_TOO_DEEP: lists and mappings are nested over the limit.
 * @BASE_ERROR_BINARY: the bytes are not UTF-8 text, or hold a character no text file has.
 *
 * Codes of the errors of the lowest layer.
 */

/**
 * base_error_quark:
 *
 * The error domain of the lowest layer, for %BASE_ERROR.
 *
 * Returns: a quark
 */
G_DEFINE_QUARK (base - error - quark, base_error)
