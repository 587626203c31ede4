/* test-client.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-json.h"
#include "client-fixture.h"
#include "kube-error.h"
#include "kube-process.h"

#define STATUS "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
#define JSON "application/json"

typedef struct
{
  SoupServer *server;
  KubeClient *client;
  char       *directory;
  char       *kubeconfig;
  guint       n_requests;

  /* What a test hangs on */
  GCancellable      *cancellable; /* (nullable) cancelled when the server has the request */
  SoupServerMessage *held;        /* (nullable) left without an answer, or with half of one */
  GSource           *watch;       /* (nullable) sees the client leave the held message */
  gboolean           gone;        /* it has left */
} Fixture;

/* Answers that are the same each time. */
static const struct
{
  const char *path;
  guint       status;
  const char *type; /* (nullable) */
  const char *body;
} answers[] = {
  { "/version", 200, JSON, "{\"gitVersion\":\"v1.30.0\"}" },
  { "/healthz", 200, "text/plain", "ok" },
  { "/text-that-is-json", 200, "text/plain", "{}" },
  { "/forbidden", 403, JSON, STATUS "\"message\":\"pods is forbidden: User \\\"u\\\" cannot list "
                                    "resource \\\"pods\\\" in API group \\\"\\\" in the namespace \\\"n\\\"\","
                                    "\"reason\":\"Forbidden\",\"code\":403}" },
  { "/missing", 404, JSON, STATUS "\"message\":\"pods \\\"a\\\" not found\","
                                  "\"reason\":\"NotFound\",\"code\":404}" },
  { "/unauthorized", 401, JSON, STATUS "\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\","
                                       "\"code\":401}" },
  { "/conflict", 409, JSON, STATUS "\"message\":\"Apply failed with 1 conflict\","
                                   "\"reason\":\"Conflict\",\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\","
                                   "\"message\":\"conflict with \\\"kubectl\\\"\",\"field\":\".spec.replicas\"}]},\"code\":409}" },
  { "/bad-gateway", 502, "text/html", "<html><head><title>502 Bad Gateway</title></head>"
                                      "<body><center>nginx</center></body></html>" },
  { "/unavailable", 503, JSON, STATUS "\"message\":\"not yet\",\"reason\":\"ServiceUnavailable\","
                                      "\"code\":503}" },
  { "/sign-in", 200, "text/html", "<!DOCTYPE html><h1>Sign in</h1>" },
  { "/damaged", 200, JSON, "{\"a\":}" },
  { "/no-type", 200, NULL, "{\"a\":1}" },
  { "/no-body", 500, NULL, "" },
  { "/api/v1/namespaces/n/services/app:http/proxy/page", 200, "text/html", "<h1>Hello</h1>" },
  { "/api/v1/namespaces/n/services/app:http/proxy/health", 503, JSON, "{\"database\":\"down\"}" },
};

/* All that a client can still say on a held connection is goodbye. */
static gboolean
on_held_socket_cb (GSocket     *socket,
                   GIOCondition condition,
                   gpointer     user_data)
{
  Fixture *fixture = user_data;

  fixture->gone = TRUE;
  g_clear_pointer (&fixture->watch, g_source_unref);

  return G_SOURCE_REMOVE;
}

static void
hold (Fixture           *fixture,
      SoupServerMessage *message)
{
  g_assert_null (fixture->held);
  fixture->held = g_object_ref (message);
  soup_server_message_pause (message);
  fixture->watch = g_socket_create_source (soup_server_message_get_socket (message),
                                           G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (fixture->watch, G_SOURCE_FUNC (on_held_socket_cb), fixture, NULL);
  g_source_attach (fixture->watch, NULL);
  if (fixture->cancellable != NULL)
    g_cancellable_cancel (fixture->cancellable);
}

static void
release (Fixture *fixture)
{
  if (fixture->watch != NULL)
    g_source_destroy (fixture->watch);
  g_clear_pointer (&fixture->watch, g_source_unref);
  g_clear_object (&fixture->held);
}

static void
wait_until_gone (Fixture *fixture)
{
  while (!fixture->gone)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_held_wrote_chunk_cb (SoupServerMessage *message,
                        gpointer           user_data)
{
  Fixture *fixture = user_data;

  if (fixture->held == NULL)
    hold (fixture, message);
}

static void
answer_endless (Fixture           *fixture,
                SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody    *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, JSON, NULL);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "{\"type\":\"ADDED\"}\n", 17);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_held_wrote_chunk_cb), fixture);
}

static void
answer_huge (SoupServerMessage *message)
{
  gsize            size = 65 * 1024 * 1024;
  g_autofree char *data = g_malloc (size);

  memset (data, ' ', size);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, JSON, SOUP_MEMORY_TAKE, g_steal_pointer (&data),
                                    size);
}

static void
answer_echo (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody    *body = soup_server_message_get_request_body (message);
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = json_node_alloc ();
  g_autofree char       *text = NULL;
  SoupMessageHeadersIter iter;
  const char            *name;
  const char            *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);
  json_object_set_string_member (object, "method", soup_server_message_get_method (message));
  json_object_set_int_member (object, "length", body->length);
  json_node_init_object (node, object);
  text = base_json_print (node, FALSE);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, JSON, SOUP_MEMORY_COPY, text, strlen (text));
}

static void
answer_warning (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_append (headers, "Warning", "299 - \"v1 \\\"Thing\\\" is deprecated\"");
  soup_message_headers_append (headers, "Warning", "299 - \"unknown field\"");
  soup_message_headers_append (headers, "Warning", "199 - \"something else\"");
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, JSON, SOUP_MEMORY_STATIC, "{}", 2);
}

static void
answer_cut (SoupServerMessage *message)
{
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection (message);
  const char *half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":";

  g_output_stream_write_all (g_io_stream_get_output_stream (stream), half, strlen (half), NULL,
                             NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
answer_fixed (SoupServerMessage *message,
              const char        *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (strcmp (answers[i].path, path) == 0)
      {
        soup_server_message_set_status (message, answers[i].status, NULL);
        soup_server_message_set_response (message, answers[i].type != NULL ? answers[i].type : JSON,
                                          SOUP_MEMORY_STATIC, answers[i].body,
                                          strlen (answers[i].body));
        if (answers[i].type == NULL)
          soup_message_headers_remove (soup_server_message_get_response_headers (message),
                                       "Content-Type");
        return;
      }
  soup_server_message_set_status (message, 404, NULL);
}

static void
on_request_cb (SoupServer        *server,
               SoupServerMessage *message,
               const char        *path,
               GHashTable        *query,
               gpointer           user_data)
{
  Fixture *fixture = user_data;

  fixture->n_requests++;
  if (strcmp (path, "/silent") == 0)
    hold (fixture, message);
  else if (strcmp (path, "/endless") == 0)
    answer_endless (fixture, message);
  else if (strcmp (path, "/huge") == 0)
    answer_huge (message);
  else if (strcmp (path, "/echo") == 0)
    answer_echo (message);
  else if (strcmp (path, "/warning") == 0)
    answer_warning (message);
  else if (strcmp (path, "/cut") == 0)
    answer_cut (message);
  else if (strcmp (path, "/redirect") == 0)
    soup_server_message_set_redirect (message, 302, "/version");
  else
    answer_fixed (message, path);
}

static char *
dup_address (SoupServer *server)
{
  g_autoptr(GSList) uris = NULL;
  char *address;

  uris = soup_server_get_uris (server);
  address = g_uri_to_string (uris->data);
  g_slist_free_full (g_steal_pointer (&uris), (GDestroyNotify) g_uri_unref);

  return address;
}

static void
write_kubeconfig (Fixture    *fixture,
                  const char *address,
                  const char *user)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("clusters: [{name: c, cluster: {server: '%s'}}]\n"
                          "users: [{name: u, user: {%s}}]\n"
                          "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
                          "current-context: x\n",
                          address, user);
  g_assert_true (g_file_set_contents (fixture->kubeconfig, text, -1, NULL));
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, on_request_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  address = dup_address (fixture->server);

  fixture->directory = g_dir_make_tmp ("kube-client-XXXXXX", NULL);
  fixture->kubeconfig = g_build_filename (fixture->directory, "config", NULL);
  write_kubeconfig (fixture, address, "token: s3cr3t-token");
  fixture->client = connect_client (fixture->kubeconfig, NULL, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  g_clear_object (&fixture->cancellable);
  release (fixture);
  g_assert_finalize_object (fixture->client);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_remove (fixture->kubeconfig);
  g_rmdir (fixture->directory);
  g_free (fixture->kubeconfig);
  g_free (fixture->directory);
}

static void
assert_fails (Fixture    *fixture,
              const char *path,
              KubeError   code,
              const char *message)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call_path (fixture->client, path, &error);

  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
  g_assert_null (strstr (error->message, "s3cr3t"));
}

static void
test_success (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) version = call_path (fixture->client, "/version", &error);
  g_autoptr(JsonNode) health = call_path (fixture->client, "/healthz", &error);
  g_autoptr(JsonNode) text = call_path (fixture->client, "/text-that-is-json", &error);
  g_autoptr(JsonNode) untyped = call_path (fixture->client, "/no-type", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (base_json_get_string (version, "gitVersion", NULL), ==, "v1.30.0");
  g_assert_cmpstr (json_node_get_string (health), ==, "ok");
  g_assert_cmpstr (json_node_get_string (text), ==, "{}");
  g_assert_cmpint (base_json_get_int (untyped, 0, "a", NULL), ==, 1);
  g_assert_cmpstr (kube_context_get_name (kube_client_get_context (fixture->client)), ==, "x");
}

static void
test_failures (Fixture      *fixture,
               gconstpointer data)
{
  assert_fails (fixture, "/forbidden", KUBE_ERROR_FORBIDDEN, "the right to list pods");
  assert_fails (fixture, "/missing", KUBE_ERROR_NOT_FOUND, "pods \"a\" not found");
  assert_fails (fixture, "/unauthorized", KUBE_ERROR_UNAUTHORIZED,
                "does not accept the credentials of user “u”");
  assert_fails (fixture, "/bad-gateway", KUBE_ERROR_SERVER,
                "The answer did not come from a Kubernetes API server: HTTP 502 (Bad Gateway) "
                "“502 Bad Gateway nginx”.");
  assert_fails (fixture, "/unavailable", KUBE_ERROR_UNAVAILABLE, "not yet");
  assert_fails (fixture, "/no-body", KUBE_ERROR_SERVER, "HTTP 500");
  assert_fails (fixture, "/redirect", KUBE_ERROR_FAILED, "HTTP 302");
  assert_fails (fixture, "/sign-in", KUBE_ERROR_PROTOCOL, "it is text/html “Sign in”");
  assert_fails (fixture, "/damaged", KUBE_ERROR_PROTOCOL, "is damaged");
  assert_fails (fixture, "/cut", KUBE_ERROR_UNREACHABLE, "connection was cut");
  g_assert_cmpuint (fixture->n_requests, ==, 10);
}

static void
test_conflict_causes (Fixture      *fixture,
                      gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = call_path (fixture->client, "/conflict", &error);
  JsonArray *causes;

  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFLICT);
  g_assert_nonnull (strstr (error->message, ".spec.replicas: conflict with \"kubectl\""));
  causes = base_json_get_array (kube_error_get_status (error), "details", "causes", NULL);
  g_assert_cmpstr (base_json_get_string (json_array_get_element (causes, 0), "field", NULL), ==,
                   ".spec.replicas");
}

static void
test_huge (Fixture      *fixture,
           gconstpointer data)
{
  assert_fails (fixture, "/huge", KUBE_ERROR_PROTOCOL, "more than 64 MiB");
}

static void
test_headers (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = g_bytes_new_static ("{}", 2);
  KubeRequest *request = kube_request_new ("PATCH", "/echo");
  g_autoptr(JsonNode) list = NULL;
  g_autoptr(JsonNode) patch = NULL;
  g_autoptr(JsonNode) watch = NULL;
  KubeRequest *log;

  kube_request_set_body (request, "application/apply-patch+yaml", body);
  list = call_path (fixture->client, "/echo", &error);
  patch = call (fixture->client, request, &error);
  g_assert_no_error (error);

  g_assert_true (g_str_has_prefix (base_json_get_string (list, "User-Agent", NULL),
                                   "hackystack-desktop/"));
  g_assert_cmpstr (base_json_get_string (list, "Accept", NULL), ==, JSON);
  g_assert_cmpstr (base_json_get_string (list, "Accept-Encoding", NULL), ==, "identity");
  g_assert_cmpstr (base_json_get_string (patch, "method", NULL), ==, "PATCH");
  g_assert_cmpstr (base_json_get_string (patch, "Content-Type", NULL), ==,
                   "application/apply-patch+yaml");
  g_assert_cmpint (base_json_get_int (patch, 0, "length", NULL), ==, 2);

  /* The connection is not encrypted, so the token stays here. */
  g_assert_null (base_json_get_string (list, "Authorization", NULL));

  log = kube_request_new_log ("n", "p", NULL, TRUE, FALSE, FALSE, -1, NULL);
  g_assert_null (call (fixture->client, log, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

static void
on_client_warning_cb (KubeClient *client,
                      const char *text,
                      gpointer    user_data)
{
  g_ptr_array_add (user_data, g_strdup (text));
}

static void
test_warnings (Fixture      *fixture,
               gconstpointer data)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;

  g_signal_connect (fixture->client, "warning", G_CALLBACK (on_client_warning_cb), texts);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(JsonNode) node = call_path (fixture->client, "/warning", &error);

      g_assert_no_error (error);
    }
  g_assert_cmpuint (texts->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (texts, 0), ==, "v1 \"Thing\" is deprecated");
  g_assert_cmpstr (g_ptr_array_index (texts, 1), ==, "unknown field");
  g_signal_handlers_disconnect_by_data (fixture->client, texts);
}

static void
test_relayed (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) page = NULL;

  page = call (fixture->client, kube_request_new_service_proxy ("n", "app", "http", "/page"),
               &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_node_get_string (page), ==, "<h1>Hello</h1>");

  g_assert_null (call (fixture->client,
                       kube_request_new_service_proxy ("n", "app", "http", "/health"), &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "The app answered with HTTP 503"));
  g_assert_cmpstr (kube_error_get_excerpt (error), ==, "{\"database\":\"down\"}");
  g_assert_cmpstr (kube_error_get_text (error), ==, "{\"database\":\"down\"}");
}

static void
assert_cancelled (Fixture    *fixture,
                  const char *path,
                  gboolean    before)
{
  g_autoptr(KubeRequest) request = kube_request_new ("GET", path);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  fixture->cancellable = g_cancellable_new ();
  if (before)
    g_cancellable_cancel (fixture->cancellable);
  kube_client_call_async (fixture->client, request, fixture->cancellable, await_cb, &result);
  g_assert_null (kube_client_call_finish (fixture->client, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_before (Fixture      *fixture,
                    gconstpointer data)
{
  assert_cancelled (fixture, "/version", TRUE);
  g_assert_cmpuint (fixture->n_requests, ==, 0);
}

static void
test_cancel_while_waiting (Fixture      *fixture,
                           gconstpointer data)
{
  assert_cancelled (fixture, "/silent", FALSE);
  wait_until_gone (fixture);
}

static void
test_cancel_while_reading (Fixture      *fixture,
                           gconstpointer data)
{
  assert_cancelled (fixture, "/endless", FALSE);
  wait_until_gone (fixture);
}

static void
test_cancel_after (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/version");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  kube_client_call_async (fixture->client, request, cancellable, await_cb, &result);
  node = kube_client_call_finish (fixture->client, await (&result), &error);
  g_cancellable_cancel (cancellable);
  g_assert_no_error (error);

  /* Neither the client nor its connections are hurt. */
  g_clear_pointer (&node, json_node_unref);
  node = call_path (fixture->client, "/version", &error);
  g_assert_no_error (error);
}

static GInputStream *
open_stream (Fixture    *fixture,
             const char *path,
             GError    **error)
{
  g_autoptr(KubeRequest) request = kube_request_new ("GET", path);
  g_autoptr(GAsyncResult) result = NULL;

  kube_client_stream_async (fixture->client, request, NULL, await_cb, &result);
  return kube_client_stream_finish (fixture->client, await (&result), error);
}

static void
test_stream (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  stream = open_stream (fixture, "/endless", &error);
  g_assert_no_error (error);
  g_input_stream_read_bytes_async (stream, 100, G_PRIORITY_DEFAULT, cancellable, await_cb,
                                   &result);
  bytes = g_input_stream_read_bytes_finish (stream, await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 17);

  /* A quiet stream can be left in the middle of a read. */
  g_clear_object (&result);
  g_input_stream_read_bytes_async (stream, 100, G_PRIORITY_DEFAULT, cancellable, await_cb,
                                   &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (g_input_stream_read_bytes_finish (stream, await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  g_clear_object (&stream);
  wait_until_gone (fixture);
}

static void
test_stream_dropped (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;
  GInputStream *stream = open_stream (fixture, "/endless", &error);

  g_assert_no_error (error);
  g_object_unref (stream);
  wait_until_gone (fixture);
  node = call_path (fixture->client, "/version", &error);
  g_assert_no_error (error);
}

static void
test_stream_failure (Fixture      *fixture,
                     gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (open_stream (fixture, "/missing", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

/* More streams at once than libsoup allows by itself. */
static void
test_many_streams (Fixture      *fixture,
                   gconstpointer data)
{
  GInputStream *streams[20];
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    {
      streams[i] = open_stream (fixture, "/endless", &error);
      g_assert_no_error (error);
      release (fixture);
    }
  node = call_path (fixture->client, "/version", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    g_object_unref (streams[i]);
}

static void
test_refused (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *address = dup_address (fixture->server);
  g_autofree char *message = NULL;

  soup_server_disconnect (fixture->server);
  address[strlen (address) - 1] = '\0';
  message = g_strdup_printf ("Cannot reach the cluster at %s: connection refused. The cluster may "
                             "be stopped or asleep. Start it (for Minikube: minikube start) and "
                             "try again.",
                             address);
  assert_fails (fixture, "/version", KUBE_ERROR_UNREACHABLE, message);
}

static void
test_unknown_host (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  write_kubeconfig (fixture, "https://no-such-host.invalid:6443", "token: t");
  client = connect_client (fixture->kubeconfig, "x", &error);
  g_assert_no_error (error);
  g_assert_null (call_path (client, "/version", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "the host name is not known"));
}

/* @user: the fields of a user; @message: part of the error. */
static void
assert_unusable (Fixture    *fixture,
                 const char *user,
                 KubeError   code,
                 const char *message)
{
  g_autoptr(KubeClient) client = NULL;
  g_autoptr(GError) error = NULL;

  write_kubeconfig (fixture, "https://h", user);
  client = connect_client (fixture->kubeconfig, "x", &error);
  g_assert_null (client);
  g_assert_error (error, KUBE_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
  g_assert_null (strstr (error->message, "s3cr3t"));
}

static void
test_unusable (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *empty = g_build_filename (fixture->directory, "empty", NULL);

  assert_unusable (fixture, "exec: {command: aws}", KUBE_ERROR_CONFIG,
                   "The context “x” cannot be used. The program “aws”, by which the user “u” "
                   "signs in, has no “apiVersion”.");
  assert_unusable (fixture, "tokenFile: nowhere", KUBE_ERROR_CREDENTIALS,
                   "nowhere with the token is missing");
  assert_unusable (fixture, "token: \"s3cr3t\\r\\nX-Header: 1\"", KUBE_ERROR_CREDENTIALS,
                   "such as line breaks");
  assert_unusable (fixture, "username: 'a:b', password: s3cr3t-password", KUBE_ERROR_CREDENTIALS,
                   "has a colon");
  assert_unusable (fixture, "client-certificate: no.crt, client-key: no.key",
                   KUBE_ERROR_CREDENTIALS, "no.crt with the client certificate is missing");
  assert_unusable (fixture, "client-certificate-data: czNjcjN0, client-key-data: czNjcjN0",
                   KUBE_ERROR_CREDENTIALS, "The former is not in PEM form.");

  g_assert_true (g_file_set_contents (empty, "\n", -1, NULL));
  assert_unusable (fixture, "tokenFile: empty", KUBE_ERROR_CREDENTIALS, "is empty");
  g_remove (empty);
}

static void
add (const char *name,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/kube/client/", name, NULL);

  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  add ("success", test_success);
  add ("failures", test_failures);
  add ("conflict-causes", test_conflict_causes);
  add ("huge", test_huge);
  add ("headers", test_headers);
  add ("warnings", test_warnings);
  add ("relayed", test_relayed);
  add ("cancel-before", test_cancel_before);
  add ("cancel-while-waiting", test_cancel_while_waiting);
  add ("cancel-while-reading", test_cancel_while_reading);
  add ("cancel-after", test_cancel_after);
  add ("stream", test_stream);
  add ("stream-dropped", test_stream_dropped);
  add ("stream-failure", test_stream_failure);
  add ("many-streams", test_many_streams);
  add ("refused", test_refused);
  add ("unknown-host", test_unknown_host);
  add ("unusable", test_unusable);

  return g_test_run ();
}
