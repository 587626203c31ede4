/* stack-database-url.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-database-url-private.h"

#include <string.h>

#define DEFAULT_PORT 5432

/*
 * stack_database_url_split:
 * @self: (out caller-allocates): the pieces
 * @text: a URL that holds "://"
 *
 * Takes a URL apart: scheme://userinfo@host:port/path?query. A fragment is dropped.
 */
void
stack_database_url_split (StackDatabaseUrl *self,
                          const char       *text)
{
  const char *rest = strstr (text, "://") + strlen ("://");
  const char *end = rest + strcspn (rest, "/?#");
  const char *at = memchr (rest, '@', end - rest);
  const char *host = at != NULL ? at + 1 : rest;
  const char *colon;

  self->scheme = g_strndup (text, rest - text);
  self->userinfo = at != NULL ? g_strndup (rest, at - rest) : NULL;

  /* In an IPv6 address in brackets colons do not begin the port. */
  colon = *host == '[' ? memchr (host, ']', end - host) : host;
  colon = colon != NULL ? memchr (colon, ':', end - colon) : NULL;
  self->host = g_strndup (host, (colon != NULL ? colon : end) - host);
  self->port = colon != NULL ? g_strndup (colon + 1, end - colon - 1) : NULL;

  self->path = g_strndup (end, strcspn (end, "?#"));
  end += strlen (self->path);
  self->query = *end == '?' ? g_strndup (end + 1, strcspn (end + 1, "#")) : NULL;
}

/*
 * stack_database_url_join:
 * @self: the pieces
 * @host: the host to write
 * @query: (nullable): the parameters to write
 *
 * Returns: (transfer full): the URL with another host and other parameters; a secret
 */
char *
stack_database_url_join (const StackDatabaseUrl *self,
                         const char             *host,
                         const char             *query)
{
  return g_strconcat (self->scheme, self->userinfo != NULL ? self->userinfo : "",
                      self->userinfo != NULL ? "@" : "", host, self->port != NULL ? ":" : "",
                      self->port != NULL ? self->port : "", self->path, query != NULL ? "?" : "",
                      query != NULL ? query : "", NULL);
}

/*
 * stack_database_url_clear:
 * @self: the pieces
 *
 * Frees and wipes them.
 */
void
stack_database_url_clear (StackDatabaseUrl *self)
{
  char **parts[] = { &self->scheme, &self->userinfo, &self->host, &self->port, &self->path,
                     &self->query };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (*parts[i] != NULL)
        explicit_bzero (*parts[i], strlen (*parts[i]));
      g_clear_pointer (parts[i], g_free);
    }
}

/*
 * stack_database_url_find_server:
 * @text: DATABASE_URL
 * @host: (out) (transfer full): host name or address, an IPv6 one without brackets
 * @port: (out): the port, PostgreSQL's own when none is given
 *
 * Finds out which server a URL leads to. Neither of the two is a secret.
 *
 * Returns: whether there is one
 */
gboolean
stack_database_url_find_server (const char *text,
                                char      **host,
                                guint16    *port)
{
  g_auto(StackDatabaseUrl) url = { NULL };
  g_autofree char *decoded = NULL;
  guint64          number = DEFAULT_PORT;
  gsize            length;

  if (strstr (text, "://") == NULL)
    return FALSE;

  stack_database_url_split (&url, text);
  decoded = g_uri_unescape_string (url.host, NULL);
  length = decoded != NULL ? strlen (decoded) : 0;
  if (url.port != NULL && *url.port != '\0' &&
      !g_ascii_string_to_unsigned (url.port, 10, 1, 65535, &number, NULL))
    return FALSE;
  if (length == 0 || strpbrk (decoded, "/,@ ") != NULL)
    return FALSE;

  if (*decoded == '[' && decoded[length - 1] == ']')
    *host = g_strndup (decoded + 1, length - 2);
  else
    *host = g_steal_pointer (&decoded);
  *port = number;

  return TRUE;
}
