/* stack-status.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-pod-status.h"

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_STATUS (stack_status_get_type ())

/* The name of the app's Deployment. */
#define STACK_APP_DEPLOYMENT "hackystack-app"

/* The name of its Service, and of the port there. */
#define STACK_APP_SERVICE "hackystack-service"
#define STACK_APP_PORT "http"

typedef struct
{
  gboolean   deployed;
  gboolean   paused; /* the rollout: changes do not reach the pods */
  guint      ready;
  guint      desired;
  char      *summary;       /* one sentence: what runs */
  char      *image;         /* nullable: not deployed */
  char      *host;          /* nullable: no Ingress, or it may not be read */
  GPtrArray *pods;          /* (element-type StackPodStatus) (owned) */
  char      *health;        /* the app's word, or why it could not be asked; nullable */
  guint      health_status; /* HTTP status of the app's answer, 0 without an answer */
} StackStatus;

GType        stack_status_get_type (void) G_GNUC_CONST;
StackStatus *stack_status_ref (StackStatus *self);
void         stack_status_unref (StackStatus *self);
void         stack_status_read_async (KubeClient         *client,
                                      const char         *ns,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
StackStatus *stack_status_read_finish (GAsyncResult *result,
                                       GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackStatus, stack_status_unref)

G_END_DECLS
