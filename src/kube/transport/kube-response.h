/* kube-response.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define KUBE_TYPE_RESPONSE (kube_response_get_type ())
G_DECLARE_FINAL_TYPE (KubeResponse, kube_response, KUBE, RESPONSE, GObject)

KubeResponse      *kube_response_new (guint              status,
                                      const char        *content_type,
                                      const char *const *warnings,
                                      int                retry_after,
                                      GInputStream      *body);
KubeResponse      *kube_response_new_from_headers (guint               status,
                                                   SoupMessageHeaders *headers,
                                                   GInputStream       *body);
guint              kube_response_get_status (KubeResponse *self);
const char        *kube_response_get_content_type (KubeResponse *self);
const char *const *kube_response_get_warnings (KubeResponse *self);
int                kube_response_get_retry_after (KubeResponse *self);
GInputStream      *kube_response_get_body (KubeResponse *self);

G_END_DECLS
