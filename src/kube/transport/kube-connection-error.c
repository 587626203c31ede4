/* kube-connection-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-connection-error.h"

#include <libsoup/soup.h>
#include <string.h>

#include "kube-context-private.h"
#include "kube-error.h"
#include "kube-proxy-url.h"

#define MAX_NAMES 8

static GError *
new_unreachable (KubeContext *context,
                 const char  *why,
                 const char  *advice)
{
  gsize length = strlen (why);

  while (length > 0 && why[length - 1] == '.')
    length--;

  return g_error_new (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                      "Cannot reach the cluster at %s: %.*s. %s", context->server, (int) length,
                      why, advice);
}

static void
append_name (GString *names,
             guint    index,
             char    *name)
{
  g_autofree char *owned = name;

  if (index < MAX_NAMES)
    g_string_append_printf (names, "%s%s", index > 0 ? ", " : "", name);
  else if (index == MAX_NAMES)
    g_string_append (names, " and others");
}

/* "a, b, 10.0.0.1": the names that a certificate is made out to; NULL if there are none. */
static char *
list_names (GTlsCertificate *certificate)
{
  g_autoptr(GPtrArray) dns = g_tls_certificate_get_dns_names (certificate);
  g_autoptr(GPtrArray) ips = g_tls_certificate_get_ip_addresses (certificate);
  g_autoptr(GString) names = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; dns != NULL && i < dns->len; i++)
    {
      gsize       size;
      const char *data = g_bytes_get_data (g_ptr_array_index (dns, i), &size);

      append_name (names, n++, g_utf8_make_valid (data, size));
    }
  for (guint i = 0; ips != NULL && i < ips->len; i++)
    append_name (names, n++, g_inet_address_to_string (g_ptr_array_index (ips, i)));

  return n > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static char *
format_date (GDateTime *date)
{
  return date != NULL ? g_date_time_format (date, "%Y-%m-%d %H:%M UTC")
                      : g_strdup ("an unknown date");
}

static GError *
new_untrusted (KubeContext *context)
{
  if (context->authority_file == NULL && context->authority_data == NULL)
    return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                        "The server at %s is not trusted: its certificate is not signed by an "
                        "authority that this computer knows, and the kubeconfig names none. Fetch "
                        "the kubeconfig anew, so that it holds the cluster's certificate "
                        "authority.",
                        context->server);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                      "The server at %s is not trusted: its certificate is not signed by the "
                      "certificate authority in the kubeconfig. The kubeconfig may belong to "
                      "another or a deleted cluster, or someone else answers at this address. "
                      "Fetch the kubeconfig anew from your cluster.",
                      context->server);
}

static GError *
new_wrong_name (KubeContext     *context,
                GTlsCertificate *peer)
{
  g_autoptr(GUri) uri = g_uri_parse (context->server, G_URI_FLAGS_NONE, NULL);
  g_autofree char *names = list_names (peer);
  const char      *wanted = context->tls_server_name;

  if (wanted == NULL)
    wanted = g_uri_get_host (uri);
  if (names == NULL)
    return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                        "The server at %s cannot be recognized: its certificate is made out to "
                        "nobody, not to %s. Ask the cluster's administrator for one that names the "
                        "server.",
                        context->server, wanted);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                      "The server at %s is not the expected one: its certificate is made out to "
                      "%s, not to %s. Correct the server address in the kubeconfig, or set "
                      "“tls-server-name” to one of these names.",
                      context->server, names, wanted);
}

/* The first certificate from the server's own upwards whose time is over or has not come.
 *
 * Returns: (nullable): NULL if it is one that the server did not send */
static GTlsCertificate *
find_untimely (GTlsCertificate *peer,
               GDateTime       *now,
               gboolean         expired)
{
  for (GTlsCertificate *at = peer; at != NULL; at = g_tls_certificate_get_issuer (at))
    {
      g_autoptr(GDateTime) date = expired ? g_tls_certificate_get_not_valid_after (at)
                                           : g_tls_certificate_get_not_valid_before (at);

      if (date != NULL && (g_date_time_compare (now, date) > 0) == expired)
        return at;
    }

  return NULL;
}

static GError *
new_untimely (KubeContext     *context,
              GTlsCertificate *peer,
              gboolean         expired)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  GTlsCertificate *at = find_untimely (peer, now, expired);
  g_autoptr(GDateTime) date = NULL;
  g_autofree char *now_text = format_date (now);
  g_autofree char *date_text = NULL;
  const char      *whose = at == peer ? "certificate of the server" : "authority behind the certificate of the server";

  if (at != NULL)
    date = expired ? g_tls_certificate_get_not_valid_after (at)
                   : g_tls_certificate_get_not_valid_before (at);
  date_text = format_date (date);
  if (expired)
    return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                        "The %s at %s expired on %s. Ask the cluster's administrator to renew it "
                        "(for Minikube: minikube start), or set this computer's clock if it is "
                        "wrong: it says %s.",
                        whose, context->server, date_text, now_text);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                      "The %s at %s is not valid before %s. Set this computer's clock if it is "
                      "wrong: it says %s.",
                      whose, context->server, date_text, now_text);
}

static GError *
new_unverified (KubeContext         *context,
                GTlsCertificateFlags flags,
                GTlsCertificate     *peer)
{
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return new_untrusted (context);
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return new_wrong_name (context, peer);
  if (flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED))
    return new_untimely (context, peer, (flags & G_TLS_CERTIFICATE_EXPIRED) != 0);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                      "The server at %s is not trusted: its certificate is revoked, uses weak "
                      "methods or is not meant for servers. Ask the cluster's administrator to "
                      "renew it.",
                      context->server);
}

/* What the TLS library says may end with a full stop of its own. */
static char *
dup_words (const GError *cause)
{
  gsize length = strlen (cause->message);

  while (length > 0 && cause->message[length - 1] == '.')
    length--;

  return g_strndup (cause->message, length);
}

/* Whether the server itself refuses, as it does after the handshake, too: by TLS 1.3 it looks at
 * the client's certificate only then. GIO has no code for it. */
static gboolean
is_alert (const GError *cause)
{
  const char      *form = g_dgettext ("glib-networking", "Peer sent fatal TLS alert: %s");
  g_autofree char *words = g_strndup (form, strcspn (form, "%"));

  return g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_MISC) &&
         strstr (cause->message, words) != NULL;
}

static GError *
new_tls_failure (KubeContext  *context,
                 const GError *cause)
{
  g_autofree char *words = dup_words (cause);

  /* That is what a connection is called that ends during the handshake, as one does which a proxy
   * or a tunnel takes for a server that is not there. */
  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS))
    return new_unreachable (context, "the server ended the connection before it was secure",
                            "It may be starting, or not use TLS: try again in a moment, or check "
                            "the address and the port in the kubeconfig.");
  if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED))
    return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                        "The server at %s demands a client certificate that it accepts. Choose a "
                        "context with one.",
                        context->server);
  if (is_alert (cause))
    return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                        "The server at %s refuses the secure connection: %s. If it demands a "
                        "client certificate, check that of the user in the kubeconfig; otherwise "
                        "check the address.",
                        context->server, words);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                      "There is no secure connection to the server at %s: %s. It may not use TLS at "
                      "all, or an outdated form of it. Check the address and the port in the "
                      "kubeconfig, and what lies between this computer and the cluster.",
                      context->server, words);
}

static gboolean
is_proxy_failure (KubeContext  *context,
                  const GError *cause)
{
  const int codes[] = {
    G_IO_ERROR_CONNECTION_REFUSED,
    G_IO_ERROR_TIMED_OUT,
    G_IO_ERROR_HOST_UNREACHABLE,
    G_IO_ERROR_HOST_NOT_FOUND,
    G_IO_ERROR_CONNECTION_CLOSED,
    G_IO_ERROR_PROXY_FAILED,
    G_IO_ERROR_PROXY_AUTH_FAILED,
    G_IO_ERROR_PROXY_NEED_AUTH,
    G_IO_ERROR_PROXY_NOT_ALLOWED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (cause, G_IO_ERROR, codes[i]))
      return TRUE;

  /* The certificate of the cluster's server is looked at elsewhere. */
  return cause->domain == G_RESOLVER_ERROR ||
         (cause->domain == G_TLS_ERROR && g_str_has_prefix (context->proxy_url, "https:"));
}

/* Either of the two ways may be at fault. */
static GError *
new_proxy_failure (KubeContext  *context,
                   const GError *cause)
{
  g_autofree char *place = kube_proxy_url_dup_place (context->proxy_url);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                      "Cannot reach the cluster at %s through the proxy %s: %s. Check “proxy-url” "
                      "in the kubeconfig and that the proxy runs and lets you through, then that "
                      "the cluster runs.",
                      context->server, place, cause->message);
}

static GError *
new_cut (KubeContext *context)
{
  GError *error = new_unreachable (context, "the connection was cut", "Try again in a moment.");

  kube_error_set_cut (error);
  return error;
}

static GError *
new_io_failure (KubeContext  *context,
                const GError *cause)
{
  const char *start = "The cluster may be stopped or asleep. Start it (for Minikube: minikube "
                      "start) and try again.";
  const char *network = "Check the network connection and the VPN, and try again.";

  switch (cause->code)
    {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return new_unreachable (context, "connection refused", start);
    case G_IO_ERROR_TIMED_OUT:
      return new_unreachable (context, "no answer in time", start);
    case G_IO_ERROR_HOST_UNREACHABLE:
      return new_unreachable (context, "there is no way to this host", start);
    case G_IO_ERROR_NETWORK_UNREACHABLE:
      return new_unreachable (context, "there is no way to this network", network);
    case G_IO_ERROR_HOST_NOT_FOUND:
      return new_unreachable (context, "the host name is not known", network);
    case G_IO_ERROR_CONNECTION_CLOSED:
    case G_IO_ERROR_PARTIAL_INPUT:
      return new_cut (context);
    default:
      return new_unreachable (context, cause->message, network);
    }
}

/**
 * kube_connection_error_new:
 * @context: the context whose server was called
 * @cause: why there was no answer, or no whole answer
 * @flags: what was wrong with the server's certificate, 0 if nothing was
 * @peer: (nullable): the server's certificate; must be set if @flags is
 *
 * Turns an error of the network libraries into one that says what happened, why, and what to do.
 * A cancellation stays what it is.
 *
 * Returns: (transfer full): %KUBE_ERROR_UNREACHABLE, %KUBE_ERROR_TLS, %KUBE_ERROR_PROTOCOL or
 *   %G_IO_ERROR_CANCELLED
 */
GError *
kube_connection_error_new (KubeContext         *context,
                           const GError        *cause,
                           GTlsCertificateFlags flags,
                           GTlsCertificate     *peer)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (cause != NULL, NULL);
  g_return_val_if_fail (flags == 0 || G_IS_TLS_CERTIFICATE (peer), NULL);

  if (cause->domain == KUBE_ERROR || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (flags != 0)
    return new_unverified (context, flags, peer);
  if (context->proxy_url != NULL && is_proxy_failure (context, cause))
    return new_proxy_failure (context, cause);
  if (cause->domain == G_TLS_ERROR)
    return new_tls_failure (context, cause);
  if (cause->domain == G_IO_ERROR)
    return new_io_failure (context, cause);
  if (cause->domain == G_RESOLVER_ERROR)
    return new_unreachable (context, "the host name is not known",
                            "Check the server address in the kubeconfig, the network connection "
                            "and the VPN.");
  if (cause->domain == SOUP_SESSION_ERROR)
    return g_error_new (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                        "The answer did not come from a Kubernetes API server, or was cut off at "
                        "its beginning: what %s said is not HTTP. Try again; if it stays, check "
                        "the server address in the kubeconfig.",
                        context->server);

  return new_unreachable (context, cause->message, "Try again in a moment.");
}

/**
 * kube_connection_error_new_cut:
 * @context: the context whose server was called
 * @cause: why there was no answer, or no whole answer
 *
 * Turns an error of the network libraries that came after the connection stood into one for
 * people. Then whatever goes wrong is a broken connection, not a wrong address or certificate,
 * unless the server says so. A cancellation stays what it is.
 *
 * Returns: (transfer full): %KUBE_ERROR_UNREACHABLE, %KUBE_ERROR_TLS if the server refuses,
 *   %KUBE_ERROR_PROTOCOL if the answer itself is damaged, or %G_IO_ERROR_CANCELLED
 */
GError *
kube_connection_error_new_cut (KubeContext  *context,
                               const GError *cause)
{
  g_autofree char *words = NULL;
  GError          *error;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (cause != NULL, NULL);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return g_error_new_literal (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                                "The cluster's answer is damaged. Try again; if it stays, check "
                                "what lies between this computer and the cluster.");
  if (cause->domain != G_TLS_ERROR || is_alert (cause) ||
      g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED))
    return kube_connection_error_new (context, cause, 0, NULL);

  words = dup_words (cause);
  error = g_error_new (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                       "The connection to the cluster at %s broke: %s. Try again in a moment; if it "
                       "stays, check what lies between this computer and the cluster.",
                       context->server, words);
  kube_error_set_cut (error);

  return error;
}
