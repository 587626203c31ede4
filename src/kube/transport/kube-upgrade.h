/* kube-upgrade.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-response.h"

G_BEGIN_DECLS

/**
 * KubeUpgradeState:
 * @KUBE_UPGRADE_WAITING: the answer has not come whole
 * @KUBE_UPGRADE_DONE: the server speaks WebSocket from now on
 * @KUBE_UPGRADE_REFUSED: the server answered something else
 * @KUBE_UPGRADE_FAILED: the answer is not what it should be
 *
 * How far an upgrade is.
 */
typedef enum
{
  KUBE_UPGRADE_WAITING,
  KUBE_UPGRADE_DONE,
  KUBE_UPGRADE_REFUSED,
  KUBE_UPGRADE_FAILED,
} KubeUpgradeState;

typedef struct _KubeUpgrade KubeUpgrade;

KubeUpgrade     *kube_upgrade_new (const char *const *protocols);
void             kube_upgrade_free (KubeUpgrade *self);
char            *kube_upgrade_dup_request (KubeUpgrade        *self,
                                           GUri               *uri,
                                           SoupMessageHeaders *headers);
KubeUpgradeState kube_upgrade_feed (KubeUpgrade  *self,
                                    const guint8 *data,
                                    gsize         length,
                                    GError      **error);
const char      *kube_upgrade_get_protocol (KubeUpgrade *self);
GBytes          *kube_upgrade_dup_rest (KubeUpgrade *self);
KubeResponse    *kube_upgrade_dup_refusal (KubeUpgrade *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeUpgrade, kube_upgrade_free)

G_END_DECLS
