/* kube-log-status.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-log-state.h"

G_BEGIN_DECLS

/**
 * KubeLogStatus:
 * @state: what is being done
 * @error: (nullable): why it failed, or what is being waited out
 * @detail: (nullable): what is waited for or why it ended, in words
 *
 * What is told of the reading of a log.
 */
typedef struct
{
  KubeLogState state;
  GError      *error;
  char        *detail;
} KubeLogStatus;

void kube_log_status_set (KubeLogStatus     *self,
                          GObject           *owner,
                          GParamSpec *const *properties,
                          KubeLogState       state,
                          const GError      *error,
                          const char        *detail);
void kube_log_status_clear (KubeLogStatus *self);

G_END_DECLS
