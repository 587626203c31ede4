/* stack-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define STACK_ERROR (stack_error_quark ())

typedef enum
{
  STACK_ERROR_VALUES,
  STACK_ERROR_MANIFEST,
  STACK_ERROR_REFUSED,
  STACK_ERROR_CONFLICT,
  STACK_ERROR_NOT_READY,
  STACK_ERROR_TIMED_OUT,
  STACK_ERROR_NOT_CONNECTED,
  STACK_ERROR_UNHEALTHY,
  STACK_ERROR_NOT_DEPLOYED,
  STACK_ERROR_NO_REVISION,
} StackError;

GQuark stack_error_quark (void);

G_END_DECLS
