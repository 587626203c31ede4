/* test-answer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-answer.h"
#include "kube-error.h"

#include <string.h>

/* A header may hold any bytes; a message for people may not. */
static void
test_content_type_is_text (void)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new ();
  g_autoptr(KubeResponse) response = kube_response_new (200, "t\xf0xt/plain", NULL, 0, stream);
  g_autoptr(KubeRequest) request = kube_request_new ("GET", "/version");
  g_autoptr(GByteArray) body = g_byte_array_new ();
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  g_byte_array_append (body, (const guint8 *) "ok", 2);
  node = kube_answer_parse (request, response, body, &error);
  g_assert_null (node);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_nonnull (strstr (error->message, "t\xef\xbf\xbdxt/plain"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/answer/content-type-is-text", test_content_type_is_text);

  return g_test_run ();
}
