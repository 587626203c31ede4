/* kube-error.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KUBE_ERROR (kube_error_quark ())

typedef enum
{
  KUBE_ERROR_CONFIG,
  KUBE_ERROR_CREDENTIALS,
  KUBE_ERROR_UNREACHABLE,
  KUBE_ERROR_TLS,
  KUBE_ERROR_PROTOCOL,
  KUBE_ERROR_BAD_REQUEST,
  KUBE_ERROR_METHOD_NOT_ALLOWED,
  KUBE_ERROR_NOT_ACCEPTABLE,
  KUBE_ERROR_TOO_LARGE,
  KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE,
  KUBE_ERROR_UNAUTHORIZED,
  KUBE_ERROR_FORBIDDEN,
  KUBE_ERROR_NOT_FOUND,
  KUBE_ERROR_ALREADY_EXISTS,
  KUBE_ERROR_CONFLICT,
  KUBE_ERROR_EXPIRED,
  KUBE_ERROR_INVALID,
  KUBE_ERROR_TOO_MANY_REQUESTS,
  KUBE_ERROR_SERVER,
  KUBE_ERROR_SERVER_TIMEOUT,
  KUBE_ERROR_STORAGE,
  KUBE_ERROR_UNAVAILABLE,
  KUBE_ERROR_TIMEOUT,
  KUBE_ERROR_FAILED,
} KubeError;

GQuark      kube_error_quark (void);
GError     *kube_error_new_from_status (guint       http_status,
                                        JsonNode   *status,
                                        const char *body_excerpt);
GError     *kube_error_new_from_relay (guint       http_status,
                                       const char *excerpt);
JsonNode   *kube_error_get_status (const GError *error);
const char *kube_error_get_reason (const GError *error);
gboolean    kube_error_has_cause (const GError *error,
                                  const char   *reason);
gboolean    kube_error_is_server_trouble (const GError *error);
guint       kube_error_get_retry_after (const GError *error);
void        kube_error_set_retry_after (GError *error,
                                        guint   seconds);
guint       kube_error_get_http_status (const GError *error);
const char *kube_error_get_excerpt (const GError *error);
const char *kube_error_get_text (const GError *error);
void        kube_error_take_text (GError *error,
                                  char   *text);
gboolean    kube_error_get_cut (const GError *error);
void        kube_error_set_cut (GError *error);
gboolean    kube_error_get_in_doubt (const GError *error);
void        kube_error_set_in_doubt (GError *error);

G_END_DECLS
