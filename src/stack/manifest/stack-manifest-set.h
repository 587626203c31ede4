/* stack-manifest-set.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-certificate.h"
#include "stack-settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_MANIFEST_SET (stack_manifest_set_get_type ())

G_DECLARE_FINAL_TYPE (StackManifestSet, stack_manifest_set, STACK, MANIFEST_SET, GObject)

void              stack_manifest_set_load_async (const char         *directory,
                                                 GCancellable       *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer            user_data);
StackManifestSet *stack_manifest_set_load_finish (GAsyncResult *result,
                                                  GError      **error);
const char       *stack_manifest_set_get_directory (StackManifestSet *self);
GPtrArray        *stack_manifest_set_get_templates (StackManifestSet *self);
StackCertificate *stack_manifest_set_get_certificate (StackManifestSet *self);
void              stack_manifest_set_set_certificate (StackManifestSet *self,
                                                      StackCertificate *certificate);
const char       *stack_manifest_set_get_ingress_class (StackManifestSet *self);
void              stack_manifest_set_set_ingress_class (StackManifestSet *self,
                                                        const char       *ingress_class);
GPtrArray        *stack_manifest_set_select (StackManifestSet *self,
                                             StackSettings    *settings);
GPtrArray        *stack_manifest_set_fill (StackManifestSet *self,
                                           StackSettings    *settings,
                                           GError          **error);

G_END_DECLS
