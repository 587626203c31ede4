/* stack-deployer-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-deployer.h"
#include "stack-job-run-private.h"
#include "stack-lease-private.h"
#include "stack-retry-private.h"
#include "stack-rollout-private.h"

G_BEGIN_DECLS

/* The operations: one for each object, then the wait, then the proof. These follow the objects. */
enum
{
  STACK_STEP_WAIT,
  STACK_STEP_HEALTH,
  STACK_STEP_ENDPOINTS,
  STACK_STEP_VISIT,
  STACK_STEP_N_OTHERS,
};

/* What a run does next. */
typedef void (*StackDeployerContinueFunc) (GTask *task);
/* Takes @error. */
typedef void (*StackDeployerFailFunc) (StackDeployer *self,
                                       GTask         *task,
                                       GError        *error);

struct _StackDeployer
{
  GObject parent_instance;

  /* Input */
  KubeClient       *client;    /* (owned) */
  StackManifestSet *manifests; /* (owned) (nullable) */
  StackSettings    *settings;  /* (owned) (nullable) */
  VaultStore       *vault;     /* (owned) (nullable) */
  GPtrArray        *given;     /* (element-type JsonNode) (owned) (nullable) in their place: filled */
  StackPlan        *plan;      /* (owned) (nullable) what @given is of */
  gboolean          force;
  guint             timeout; /* seconds, 0 for none */

  /* In progress */
  GPtrArray    *shapes;      /* (element-type JsonNode) (owned) in order, those that will be filled */
  GPtrArray    *objects;     /* (element-type JsonNode) (owned) (nullable) filled */
  guint         current;     /* the operation whose turn it is */
  JsonNode     *deployment;  /* (owned) (nullable) as the server took it */
  StackRollout *rollout;     /* (owned) (nullable) */
  StackJobRun  *job_run;     /* (owned) (nullable) */
  StackLease   *lease;       /* (owned) (nullable) while others are kept from writing */
  gboolean      guarded;     /* they were kept from it, as far as that can be */
  guint         guard_start; /* the first object since */
  StackOutcome  outcome;     /* of the object whose turn it is */
  StackRetry    retry;       /* of the certificate, the record or the proof */
  guint         n_unasked;   /* how often the proof's question did not reach the app */

  GError              *error; /* (owned) (nullable) why it failed */
  StackRevisionOutcome end;   /* what the record is to say */

  StackDeployerContinueFunc next; /* (nullable) after what is written down now */

  /* Results */
  GListStore        *operations; /* (element-type StackOperation) (owned) */
  GListStore        *pods;       /* (element-type KubeObject) (owned) */
  char              *health;     /* (owned) (nullable) */
  StackDeployerState state;
  gboolean           changed;
  StackRevision     *revision; /* (owned) (nullable) what was deployed */
  StackEvidence     *evidence; /* (owned) (nullable) of a failure */
};

guint    stack_deployer_count_operations (StackDeployer *self);
void     stack_deployer_choose (StackDeployer *self);
void     stack_deployer_reset_operations (StackDeployer *self);
void     stack_deployer_set_state (StackDeployer     *self,
                                   StackDeployerState state);
void     stack_deployer_set_health (StackDeployer *self,
                                    const char    *health);
void     stack_deployer_clear_run (StackDeployer *self);
void     stack_deployer_start (StackDeployer *self,
                               GTask         *task);
gboolean stack_deployer_wants_guard (StackDeployer *self);
void     stack_deployer_guard (StackDeployer            *self,
                               GTask                    *task,
                               gint64                    deadline,
                               StackDeployerContinueFunc next,
                               StackDeployerFailFunc     fail);
void     stack_deployer_unguard (StackDeployer            *self,
                                 GTask                    *task,
                                 StackDeployerContinueFunc next);
void     stack_deployer_begin_record (StackDeployer            *self,
                                      GTask                    *task,
                                      gint64                    deadline,
                                      StackDeployerContinueFunc next);
void     stack_deployer_end_record (StackDeployer            *self,
                                    GTask                    *task,
                                    gboolean                  failed,
                                    StackDeployerContinueFunc next);

G_END_DECLS
