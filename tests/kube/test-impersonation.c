/* test-impersonation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "client-fixture.h"

/* @user: the fields of a user; @headers: what goes out, "Name: value" one a line. */
static const struct
{
  const char *name;
  const char *user;
  const char *headers;
} cases[] = {
  { "none", "token: t", "" },
  { "empty", "as: '', as-groups: [], as-user-extra: {}", "" },
  { "user", "as: jane", "Impersonate-User: jane\n" },
  { "uid", "as: jane, as-uid: '4711'", "Impersonate-User: jane\nImpersonate-Uid: 4711\n" },
  { "groups", "as: jane, as-groups: [one, 'group two']",
    "Impersonate-User: jane\nImpersonate-Group: one\nImpersonate-Group: group two\n" },
  { "extra", "as: jane, as-user-extra: {reason: [a, b], acme.com/project: [c], 'x y%': [d]}",
    "Impersonate-User: jane\nImpersonate-Extra-reason: a\nImpersonate-Extra-reason: b\n"
    "Impersonate-Extra-acme.com%2Fproject: c\nImpersonate-Extra-x%20y%25: d\n" },
};

static void
on_request_cb (SoupServer        *server,
               SoupServerMessage *message,
               const char        *path,
               GHashTable        *query,
               gpointer           user_data)
{
  GString               *seen = user_data;
  SoupMessageHeadersIter iter;
  const char            *name;
  const char            *value;

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_str_has_prefix (name, "Impersonate-"))
      g_string_append_printf (seen, "%s: %s\n", name, value);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

static SoupServer *
start_server (GString *seen,
              guint   *port)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoptr(GError) error = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, on_request_cb, seen, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  *port = (guint) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return server;
}

static void
test_case (gconstpointer data)
{
  guint            index = GPOINTER_TO_UINT (data);
  g_autofree char *directory = g_dir_make_tmp ("kube-impersonation-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "config", NULL);
  g_autoptr(GString) seen = g_string_new (NULL);
  g_autoptr(SoupServer) server = NULL;
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  guint            port;

  server = start_server (seen, &port);
  text = g_strdup_printf ("clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%u'}}]\n"
                          "users: [{name: u, user: {%s}}]\n"
                          "contexts: [{name: x, context: {cluster: c, user: u}}]\n",
                          port,
                          cases[index].user);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  client = connect_client (path, "x", &error);
  g_assert_no_error (error);
  node = call_path (client, "/version", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->str, ==, cases[index].headers);

  soup_server_disconnect (server);
  g_remove (path);
  g_rmdir (directory);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/impersonation/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }

  return g_test_run ();
}
