/* stack-provision.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-manifest-set.h"
#include "stack-settings.h"

#include "kube-client.h"
#include "vault-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TLS_SECRET "hackystack-tls"

void     stack_provision_async (StackManifestSet   *manifests,
                                StackSettings      *settings,
                                KubeClient         *client,
                                VaultStore         *vault,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data);
gboolean stack_provision_finish (GAsyncResult *result,
                                 gboolean     *present,
                                 GError      **error);

G_END_DECLS
