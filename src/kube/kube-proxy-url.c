/* kube-proxy-url.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-proxy-url.h"

#include <string.h>

/**
 * kube_proxy_url_find_problem:
 * @url: the field `proxy-url` of a cluster
 * @cluster_name: the cluster, for messages
 *
 * Says why a proxy cannot be used. Those that client-go knows can: http, https and socks5. The
 * URL is not repeated, since a password may stand in it.
 *
 * Returns: (transfer full) (nullable): whole sentences, or %NULL if it can be used
 */
char *
kube_proxy_url_find_problem (const char *url,
                             const char *cluster_name)
{
  g_autoptr(GUri) uri = NULL;
  const char *scheme;

  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (cluster_name != NULL, NULL);

  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return g_strdup_printf ("The “proxy-url” of the cluster “%s” is not usable. Write it as "
                            "http://HOST:PORT.",
                            cluster_name);

  scheme = g_uri_get_scheme (uri);
  if (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0 &&
      strcmp (scheme, "socks5") != 0)
    return g_strdup_printf ("The “proxy-url” of the cluster “%s” begins with “%s”, a kind of proxy "
                            "that cannot be used. Use one with http, https or socks5.",
                            cluster_name, scheme);
  /* libsoup asks for the password of such a proxy by itself and does not take it from the URL. */
  if (strcmp (scheme, "http") == 0 && g_uri_get_userinfo (uri) != NULL)
    return g_strdup_printf ("The “proxy-url” of the cluster “%s” has a name and a password for "
                            "an http proxy, which cannot be used. Use an https or socks5 proxy, "
                            "or one without a password.",
                            cluster_name);

  return NULL;
}

/**
 * kube_proxy_url_dup_place:
 * @url: a proxy's URL without a problem
 *
 * Returns: (transfer full): the URL as it may be shown, without a name and a password
 */
char *
kube_proxy_url_dup_place (const char *url)
{
  g_autoptr(GUri) uri = NULL;

  g_return_val_if_fail (url != NULL, NULL);

  uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  return g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO);
}
