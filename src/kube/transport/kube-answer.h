/* kube-answer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "kube-request.h"
#include "kube-response.h"

G_BEGIN_DECLS

gboolean  kube_answer_is_failure (KubeResponse *response);
GError   *kube_answer_build_error (KubeRequest  *request,
                                   KubeResponse *response,
                                   GByteArray   *body);
JsonNode *kube_answer_parse (KubeRequest  *request,
                             KubeResponse *response,
                             GByteArray   *body,
                             GError      **error);

G_END_DECLS
