/* stack-image-build.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-image-output.h"

#include "kube-context.h"
#include "stack-settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StackImageTool:
 * @STACK_IMAGE_TOOL_MINIKUBE: Minikube, on the nodes of the cluster
 * @STACK_IMAGE_TOOL_DOCKER: Docker, on this computer; Minikube brings the image to the nodes
 *
 * What builds an image.
 */
typedef enum
{
  STACK_IMAGE_TOOL_MINIKUBE,
  STACK_IMAGE_TOOL_DOCKER,
} StackImageTool;

#define STACK_TYPE_IMAGE_BUILD (stack_image_build_get_type ())

G_DECLARE_FINAL_TYPE (StackImageBuild, stack_image_build, STACK, IMAGE_BUILD, GObject)

StackImageBuild  *stack_image_build_new (KubeContext   *context,
                                         const char    *folder,
                                         StackImageTool tool);
gboolean          stack_image_build_set_tag (StackImageBuild *self,
                                             const char      *tag,
                                             GError         **error);
const char       *stack_image_build_get_folder (StackImageBuild *self);
const char       *stack_image_build_get_profile (StackImageBuild *self);
const char       *stack_image_build_get_step (StackImageBuild *self);
StackImageOutput *stack_image_build_get_output (StackImageBuild *self);
void              stack_image_build_run_async (StackImageBuild    *self,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
char             *stack_image_build_run_finish (StackImageBuild *self,
                                                GAsyncResult    *result,
                                                GError         **error);
const char       *stack_image_get_profile (KubeContext *context);
void              stack_image_use (const char    *reference,
                                   StackSettings *settings);

G_END_DECLS
