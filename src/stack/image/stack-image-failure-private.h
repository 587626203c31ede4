/* stack-image-failure-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-image-output.h"

G_BEGIN_DECLS

GError *_stack_image_failure_new (StackImageOutput *output,
                                  const char       *command,
                                  int               exit_status,
                                  const char       *profile);
GError *_stack_image_failure_new_silent (StackImageOutput *output,
                                         const char       *profile);
GError *_stack_image_failure_new_missing (const char *program);

G_END_DECLS
