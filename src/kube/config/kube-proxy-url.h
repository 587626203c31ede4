/* kube-proxy-url.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kube_proxy_url_find_problem (const char *url,
                                   const char *cluster_name);
char *kube_proxy_url_dup_authorization (const char *url);
char *kube_proxy_url_dup_place (const char *url);

G_END_DECLS
