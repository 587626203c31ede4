/* test-renewed-files.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "client-fixture.h"
#include "secure-server.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base-json.h"
#include "kube-config-private.h"
#include "kube-error.h"
#include "kube-process.h"

/* Files of a kubeconfig that are renewed while a program runs. A refused request has them looked
 * at for the next one, so that no test waits until their time is over. */

static void
copy (SecureServer *server,
      const char   *from,
      const char   *to)
{
  g_autofree char *path = secure_server_get_path (server, from);
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  secure_server_write (server, to, 0600, contents);
}

static void
assert_identity (KubeClient *client,
                 const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call_path (client, "/version", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (node, "identity", NULL), ==, expected);
}

static void
assert_refused (KubeClient *client,
                KubeError   code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call_path (client, "/version", &error);

  g_assert_error (error, KUBE_ERROR, (int) code);
  g_assert_null (node);
}

static void
test_certificate (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  server->closes = TRUE;
  copy (server, "one.crt", "user.crt");
  copy (server, "one.key", "user.key");
  client = secure_server_connect (server, "", "client-certificate: user.crt, client-key: user.key",
                                  &error);
  g_assert_no_error (error);
  assert_identity (client, "- CN=one");

  /* Half of it is there, so the old pair stays in use. */
  copy (server, "two.crt", "user.crt");
  server->refused = "CN=one";
  assert_refused (client, KUBE_ERROR_UNAUTHORIZED);
  server->refused = NULL;
  assert_identity (client, "- CN=one");

  copy (server, "two.key", "user.key");
  server->refused = "CN=one";
  assert_refused (client, KUBE_ERROR_UNAUTHORIZED);
  assert_identity (client, "- CN=two");
}

static void
test_token (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autofree char *path = secure_server_get_path (server, "token");
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  secure_server_write (server, "token", 0600, "old\n");
  client = secure_server_connect (server, "", "tokenFile: token", &error);
  g_assert_no_error (error);
  assert_identity (client, "Bearer old -");
  secure_server_write (server, "token", 0600, "new\n");
  assert_identity (client, "Bearer old -");
  server->refused = "Bearer old";
  assert_refused (client, KUBE_ERROR_UNAUTHORIZED);
  assert_identity (client, "Bearer new -");

  server->refused = "Bearer new";
  g_unlink (path);
  assert_refused (client, KUBE_ERROR_UNAUTHORIZED);
  server->refused = NULL;
  assert_identity (client, "Bearer new -");
}

/* The file counts over the token beside it, as soon as it can be read. */
static void
test_token_beside (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  client = secure_server_connect (server, "", "token: beside, tokenFile: token", &error);
  g_assert_no_error (error);
  assert_identity (client, "Bearer beside -");
  secure_server_write (server, "token", 0600, "from-file");
  server->refused = "Bearer beside";
  assert_refused (client, KUBE_ERROR_UNAUTHORIZED);
  assert_identity (client, "Bearer from-file -");
}

static void
test_authority (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  copy (server, "ca.crt", "right.crt");
  copy (server, "one.crt", "ca.crt");
  client = secure_server_connect (server, "", "token: t", &error);
  g_assert_no_error (error);
  assert_refused (client, KUBE_ERROR_TLS);
  copy (server, "right.crt", "ca.crt");
  assert_identity (client, "Bearer t -");

  /* A connection that stands is not trusted any more either. */
  copy (server, "one.crt", "ca.crt");
  server->refused = "Bearer t";
  assert_refused (client, KUBE_ERROR_UNAUTHORIZED);
  assert_refused (client, KUBE_ERROR_TLS);
}

/* A request that comes upon a connection which the server has just ended is made on another: by
 * whom it was made, and not by nobody. */
static void
test_connection (void)
{
  g_autoptr(SecureServer) server = secure_server_new ();
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  client = secure_server_connect (server, "", "client-certificate: one.crt, client-key: one.key",
                                  &error);
  g_assert_no_error (error);
  assert_identity (client, "- CN=one");
  for (guint i = 0; i < 3; i++)
    {
      server->n_requests = 0;
      server->cuts = TRUE;
      assert_identity (client, "- CN=one");
      g_assert_cmpuint (server->n_requests, ==, 2);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");

  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  if (openssl == NULL)
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  g_test_add_func ("/kube/renewed-files/certificate", test_certificate);
  g_test_add_func ("/kube/renewed-files/token", test_token);
  g_test_add_func ("/kube/renewed-files/token-beside", test_token_beside);
  g_test_add_func ("/kube/renewed-files/authority", test_authority);
  g_test_add_func ("/kube/renewed-files/connection", test_connection);

  return g_test_run ();
}
