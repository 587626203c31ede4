/* kube-request.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "kube-resource.h"

G_BEGIN_DECLS

typedef enum
{
  KUBE_FORM_OBJECT,
  KUBE_FORM_TABLE,
} KubeForm;

typedef enum
{
  KUBE_APPLY_NONE = 0,
  KUBE_APPLY_DRY_RUN = 1 << 0,
  KUBE_APPLY_FORCE = 1 << 1,
  KUBE_APPLY_STRICT = 1 << 2,
} KubeApplyFlags;

#define KUBE_TYPE_REQUEST (kube_request_get_type ())

typedef struct _KubeRequest KubeRequest;

GType        kube_request_get_type (void);
KubeRequest *kube_request_new (const char *method,
                               const char *path);
KubeRequest *kube_request_ref (KubeRequest *self);
void         kube_request_unref (KubeRequest *self);
void         kube_request_add_query (KubeRequest *self,
                                     const char  *name,
                                     const char  *value);
void         kube_request_set_body (KubeRequest *self,
                                    const char  *content_type,
                                    GBytes      *body);
void         kube_request_set_json (KubeRequest *self,
                                    const char  *content_type,
                                    JsonNode    *body);
void         kube_request_set_accept (KubeRequest *self,
                                      const char  *accept);
void         kube_request_set_form (KubeRequest *self,
                                    KubeForm     form);
const char  *kube_request_get_method (KubeRequest *self);
const char  *kube_request_get_path (KubeRequest *self);
const char  *kube_request_get_accept (KubeRequest *self);
const char  *kube_request_get_content_type (KubeRequest *self);
GBytes      *kube_request_get_body (KubeRequest *self);
gboolean     kube_request_get_streaming (KubeRequest *self);
gboolean     kube_request_get_relayed (KubeRequest *self);
KubeRequest *kube_request_new_get (const KubeResource *resource,
                                   const char         *namespace_,
                                   const char         *name);
KubeRequest *kube_request_new_list (const KubeResource *resource,
                                    const char         *namespace_,
                                    KubeForm            form,
                                    const char         *label_selector,
                                    guint               limit,
                                    const char         *continue_token);
KubeRequest *kube_request_new_watch (const KubeResource *resource,
                                     const char         *namespace_,
                                     KubeForm            form,
                                     const char         *label_selector,
                                     const char         *resource_version,
                                     guint               timeout_seconds);
KubeRequest *kube_request_new_apply (JsonNode      *object,
                                     const char    *field_manager,
                                     KubeApplyFlags flags,
                                     GError       **error);
KubeRequest *kube_request_new_apply_as (const KubeResource *resource,
                                        JsonNode           *object,
                                        const char         *field_manager,
                                        KubeApplyFlags      flags,
                                        GError            **error);
KubeRequest *kube_request_new_delete (const KubeResource *resource,
                                      const char         *namespace_,
                                      const char         *name,
                                      const char         *propagation_policy);
KubeRequest *kube_request_new_log (const char *namespace_,
                                   const char *pod,
                                   const char *container,
                                   gboolean    follow,
                                   gboolean    previous,
                                   gboolean    timestamps,
                                   gint64      tail_lines,
                                   const char *since_time);
KubeRequest *kube_request_new_service_proxy (const char *namespace_,
                                             const char *service,
                                             const char *port,
                                             const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeRequest, kube_request_unref)

G_END_DECLS
