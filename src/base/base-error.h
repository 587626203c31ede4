/* base-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BASE_ERROR (base_error_quark ())

typedef enum
{
  BASE_ERROR_SYNTAX,
  BASE_ERROR_TOO_LARGE,
  BASE_ERROR_TOO_DEEP,
  BASE_ERROR_BINARY,
} BaseError;

GQuark base_error_quark (void) G_GNUC_CONST;

G_END_DECLS
