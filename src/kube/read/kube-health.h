/* kube-health.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/**
 * KubeHealthState:
 * @KUBE_HEALTH_OK: it passed
 * @KUBE_HEALTH_FAILED: it failed
 * @KUBE_HEALTH_EXCLUDED: the request left it out
 *
 * How a check of the API server ended.
 */
typedef enum
{
  KUBE_HEALTH_OK,
  KUBE_HEALTH_FAILED,
  KUBE_HEALTH_EXCLUDED,
} KubeHealthState;

/**
 * KubeHealthCheck:
 * @name: "etcd", "poststarthook/start-apiextensions-controllers" …
 * @state: how it ended
 * @detail: (nullable): why it failed, as far as the server says it: mostly "reason withheld"
 *
 * One of the checks that an API server makes of itself.
 */
typedef struct
{
  char           *name;
  KubeHealthState state;
  char           *detail;
} KubeHealthCheck;

typedef struct _KubeHealth KubeHealth;

KubeHealth            *kube_health_parse (const char *text);
void                   kube_health_free (KubeHealth *self);
gboolean               kube_health_get_passed (KubeHealth *self);
guint                  kube_health_get_n_checks (KubeHealth *self);
const KubeHealthCheck *kube_health_get_check (KubeHealth *self,
                                              guint       position);
const KubeHealthCheck *kube_health_find_check (KubeHealth *self,
                                               const char *name);
void                   kube_health_ask_async (KubeClient         *client,
                                              const char         *endpoint,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
KubeHealth            *kube_health_ask_finish (GAsyncResult *result,
                                               GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeHealth, kube_health_free)

G_END_DECLS
