/* stack-health-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_HEALTH_PATH "/api/health"

/* What the app says about itself. */
typedef struct
{
  gboolean healthy;
  guint    http_status;
  char    *words; /* "healthy", or what it says is wrong */
} StackHealth;

void         stack_health_free (StackHealth *self);
void         stack_health_ask_async (KubeClient         *client,
                                     const char         *ns,
                                     const char         *service,
                                     const char         *port,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
void         stack_health_ask_pod_async (KubeClient         *client,
                                         const char         *ns,
                                         const char         *pod,
                                         gint64              port,
                                         GCancellable       *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer            user_data);
StackHealth *stack_health_ask_finish (GAsyncResult *result,
                                      GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackHealth, stack_health_free)

G_END_DECLS
