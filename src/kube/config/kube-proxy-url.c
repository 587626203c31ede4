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

  return NULL;
}

/**
 * kube_proxy_url_dup_authorization:
 * @url: (nullable): a proxy's URL without a problem
 *
 * Returns: (transfer full) (nullable): secret: the header `Proxy-Authorization` for an http proxy
 *   whose URL has a name and a password. GIO signs in at the other kinds by itself
 */
char *
kube_proxy_url_dup_authorization (const char *url)
{
  g_autoptr(GUri) uri = NULL;
  const char *password;
  char       *both;
  char       *encoded;
  char       *authorization;

  if (url == NULL)
    return NULL;
  uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL || strcmp (g_uri_get_scheme (uri), "http") != 0 || g_uri_get_user (uri) == NULL)
    return NULL;

  password = g_uri_get_password (uri);
  both = g_strconcat (g_uri_get_user (uri), ":", password != NULL ? password : "", NULL);
  encoded = g_base64_encode ((const guchar *) both, strlen (both));
  authorization = g_strconcat ("Basic ", encoded, NULL);
  explicit_bzero (both, strlen (both));
  explicit_bzero (encoded, strlen (encoded));
  g_free (both);
  g_free (encoded);

  return authorization;
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
