/* kube-tls-material.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "kube-context-private.h"

G_BEGIN_DECLS

/* What a context has of certificates and keys, read and checked. */
typedef struct
{
  GTlsDatabase    *database;     /* (nullable) the system's authorities count if unset */
  GTlsCertificate *certificate;  /* (nullable) with its private key */
  JsonNode        *exec_cluster; /* what a program to sign in by is told of the cluster */
  char            *stamp;        /* (nullable) of the files that it was read from */
} KubeTlsMaterial;

char            *kube_tls_material_dup_stamp (KubeContext *context);
KubeTlsMaterial *kube_tls_material_load (KubeContext  *context,
                                         GCancellable *cancellable,
                                         GError      **error);
void             kube_tls_material_free (KubeTlsMaterial *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeTlsMaterial, kube_tls_material_free)

G_END_DECLS
