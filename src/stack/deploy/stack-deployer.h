/* stack-deployer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-evidence.h"
#include "stack-manifest-set.h"
#include "stack-operation.h"
#include "stack-plan.h"
#include "stack-revision.h"
#include "stack-settings.h"

#include "kube-client.h"
#include "vault-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  STACK_DEPLOYER_IDLE,
  STACK_DEPLOYER_RUNNING,
  STACK_DEPLOYER_DONE,
  STACK_DEPLOYER_FAILED,
  STACK_DEPLOYER_CANCELLED,
} StackDeployerState;

#define STACK_TYPE_DEPLOYER_STATE (stack_deployer_state_get_type ())
#define STACK_TYPE_DEPLOYER (stack_deployer_get_type ())

G_DECLARE_FINAL_TYPE (StackDeployer, stack_deployer, STACK, DEPLOYER, GObject)

GType              stack_deployer_state_get_type (void) G_GNUC_CONST;
StackDeployer     *stack_deployer_new (KubeClient       *client,
                                       StackManifestSet *manifests,
                                       StackSettings    *settings);
StackDeployer     *stack_deployer_new_for_objects (KubeClient *client,
                                                   GPtrArray  *objects);
StackDeployer     *stack_deployer_new_for_plan (StackPlan *plan);
GListModel        *stack_deployer_get_operations (StackDeployer *self);
GListModel        *stack_deployer_get_pods (StackDeployer *self);
void               stack_deployer_set_vault (StackDeployer *self,
                                             VaultStore    *vault);
void               stack_deployer_set_force (StackDeployer *self,
                                             gboolean       force);
void               stack_deployer_set_timeout (StackDeployer *self,
                                               guint          seconds);
void               stack_deployer_run_async (StackDeployer      *self,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            user_data);
gboolean           stack_deployer_run_finish (StackDeployer *self,
                                              GAsyncResult  *result,
                                              GError       **error);
StackDeployerState stack_deployer_get_state (StackDeployer *self);
gboolean           stack_deployer_get_changed (StackDeployer *self);
const char        *stack_deployer_get_health (StackDeployer *self);
StackRevision     *stack_deployer_get_revision (StackDeployer *self);
StackEvidence     *stack_deployer_get_evidence (StackDeployer *self);

G_END_DECLS
