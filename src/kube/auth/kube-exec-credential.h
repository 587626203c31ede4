/* kube-exec-credential.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "kube-exec-config.h"

G_BEGIN_DECLS

/* What a program has answered. */
typedef struct
{
  gatomicrefcount  ref_count;
  char            *token;       /* (nullable) secret, wiped with the last reference */
  GTlsCertificate *certificate; /* (nullable) with its private key */
  gint64           expiry;      /* µs since 1970-01-01 UTC, 0 if it does not expire */
} KubeExecCredential;

KubeExecCredential *kube_exec_credential_parse (const KubeExecConfig *config,
                                                const char           *user_name,
                                                const char           *output,
                                                gsize                 length,
                                                GError              **error);
KubeExecCredential *kube_exec_credential_ref (KubeExecCredential *self);
void                kube_exec_credential_unref (KubeExecCredential *self);
gboolean            kube_exec_credential_is_fresh (KubeExecCredential *self,
                                                   gint64              now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeExecCredential, kube_exec_credential_unref)

G_END_DECLS
