/* stack-image-tools-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The programs that can build, and the PATH on which they and what they call are found. */
typedef struct
{
  char *path;
  char *minikube; /* (nullable) */
  char *docker;   /* (nullable) */
} StackImageTools;

void             _stack_image_tools_find_async (GCancellable       *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer            user_data);
StackImageTools *_stack_image_tools_find_finish (GAsyncResult *result,
                                                 GError      **error);
void             _stack_image_tools_free (StackImageTools *self);
char            *_stack_image_tools_find_id (const char *document,
                                             const char *reference,
                                             GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackImageTools, _stack_image_tools_free)

G_END_DECLS
