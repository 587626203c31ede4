/* kube-access.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * KubeAccess:
 * @allowed: the user may do it
 * @denied: it is forbidden for good: asking other authorizers would not change it
 * @reason: (nullable): why, in the server's words
 * @problem: (nullable): what went wrong while the server found out; the answer stands all the same
 *
 * The answer to a `SelfSubjectAccessReview`.
 */
typedef struct
{
  gboolean allowed;
  gboolean denied;
  char    *reason;
  char    *problem;
} KubeAccess;

gboolean kube_access_read (KubeAccess *self,
                           JsonNode   *review,
                           GError    **error);
void     kube_access_clear (KubeAccess *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KubeAccess, kube_access_clear)

G_END_DECLS
