/* kube-request-change.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-request.h"

G_BEGIN_DECLS

/**
 * KubeChangeFlags:
 * @KUBE_CHANGE_NONE: nothing besides
 * @KUBE_CHANGE_DRY_RUN: check everything, admission included, but keep nothing
 * @KUBE_CHANGE_STRICT: refuse fields that are unknown or occur twice
 *
 * What to ask for when something is created or changed.
 */
typedef enum
{
  KUBE_CHANGE_NONE = 0,
  KUBE_CHANGE_DRY_RUN = 1 << 0,
  KUBE_CHANGE_STRICT = 1 << 1,
} KubeChangeFlags;

/**
 * KubePatchForm:
 * @KUBE_PATCH_MERGE: JSON merge patch (RFC 7396): arrays are replaced whole, null removes
 * @KUBE_PATCH_STRATEGIC: strategic merge patch: arrays of the built-in kinds are merged by the
 *   keys of their elements; custom kinds do not take it (%KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE)
 *
 * How a patch is to be understood.
 */
typedef enum
{
  KUBE_PATCH_MERGE,
  KUBE_PATCH_STRATEGIC,
} KubePatchForm;

/**
 * KubeDeleteOptions:
 * @propagation_policy: (nullable): "Background", "Foreground" or "Orphan"; %NULL for the
 *   resource's own default
 * @grace_period_seconds: how long the object may take to end, 0 for at once, -1 for its own wish
 * @uid: (nullable): delete this object only, not another one of the same name
 * @resource_version: (nullable): delete it only as it was then
 * @dry_run: check everything, but delete nothing
 *
 * How to delete, as `metav1.DeleteOptions` has it. Start from %KUBE_DELETE_OPTIONS_INIT.
 */
typedef struct
{
  const char *propagation_policy;
  gint64      grace_period_seconds;
  const char *uid;
  const char *resource_version;
  gboolean    dry_run;
} KubeDeleteOptions;

#define KUBE_DELETE_OPTIONS_INIT \
  {                              \
    NULL, -1, NULL, NULL, FALSE  \
  }

KubeRequest *kube_request_new_create (const KubeResource *resource,
                                      const char         *namespace_,
                                      JsonNode           *object,
                                      const char         *field_manager,
                                      KubeChangeFlags     flags);
KubeRequest *kube_request_new_patch (const KubeResource *resource,
                                     const char         *namespace_,
                                     const char         *name,
                                     const char         *subresource,
                                     KubePatchForm       form,
                                     JsonNode           *patch);
void         kube_request_set_change (KubeRequest    *self,
                                      const char     *field_manager,
                                      KubeChangeFlags flags);
KubeRequest *kube_request_new_get_scale (const KubeResource *resource,
                                         const char         *namespace_,
                                         const char         *name);
KubeRequest *kube_request_new_set_scale (const KubeResource *resource,
                                         const char         *namespace_,
                                         const char         *name,
                                         guint               replicas);
KubeRequest *kube_request_new_replace_scale (const KubeResource *resource,
                                             const char         *namespace_,
                                             const char         *name,
                                             JsonNode           *scale,
                                             guint               replicas);
KubeRequest *kube_request_new_eviction (const char              *namespace_,
                                        const char              *pod,
                                        const KubeDeleteOptions *options);
KubeRequest *kube_request_new_delete_with (const KubeResource      *resource,
                                           const char              *namespace_,
                                           const char              *name,
                                           const KubeDeleteOptions *options);

G_END_DECLS
