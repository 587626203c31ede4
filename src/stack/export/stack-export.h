/* stack-export.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-manifest-set.h"
#include "stack-settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  STACK_EXPORT_NONE = 0,
  STACK_EXPORT_SECRETS = 1 << 0,
  STACK_EXPORT_OVERWRITE = 1 << 1,
} StackExportFlags;

void  stack_export_async (StackManifestSet   *manifests,
                          StackSettings      *settings,
                          const char         *directory,
                          StackExportFlags    flags,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data);
GStrv stack_export_finish (GAsyncResult *result,
                           GError      **error);

G_END_DECLS
