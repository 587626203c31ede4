/* stack-image-line.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define STACK_TYPE_IMAGE_LINE (stack_image_line_get_type ())

G_DECLARE_FINAL_TYPE (StackImageLine, stack_image_line, STACK, IMAGE_LINE, GObject)

StackImageLine *stack_image_line_new (const char *text,
                                      gboolean    is_command);
const char     *stack_image_line_get_text (StackImageLine *self);
gboolean        stack_image_line_is_command (StackImageLine *self);

G_END_DECLS
