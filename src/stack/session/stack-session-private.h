/* stack-session-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-session.h"

#include "kube-config-monitor.h"

G_BEGIN_DECLS

struct _StackSession
{
  GObject parent_instance;

  char    *kubeconfig; /* (owned) (nullable) */
  char    *profile;    /* (owned) */
  gboolean may_prompt;

  KubeConfig        *config;         /* (owned) (nullable) */
  GError            *config_error;   /* (owned) (nullable) */
  KubeConfigMonitor *config_monitor; /* (owned) (nullable) */
  StackSettings     *settings;       /* (owned) */
  VaultStore        *vault;          /* (owned) (nullable) */
  gboolean           shares_vault;   /* it is another session's */
  VaultKeyringState  keyring_state;
  StackManifestSet  *manifests; /* (owned) (nullable) */

  KubeContext    *context; /* (owned) (nullable) */
  KubeClient     *client;  /* (owned) (nullable) */
  StackConnection connection;
  GError         *connection_error; /* (owned) (nullable) */
  char           *server_version;   /* (owned) (nullable) */
  GCancellable   *selecting;        /* (owned) (nullable) the selection under way */
  GHashTable     *pods;             /* (element-type utf8 KubeReflector) (owned keys) */
};

void stack_session_set_config (StackSession *self,
                               KubeConfig   *config,
                               GError       *error);
void stack_session_forget_pods (StackSession *self);
void stack_session_stop_selecting (StackSession *self);

G_END_DECLS
