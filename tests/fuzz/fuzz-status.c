/* fuzz-status.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-json.h"
#include "kube-answer.h"
#include "kube-error.h"
#include "kube-field-conflict.h"
#include "kube-retry.h"
#include "property.h"

/* An input is "STATUS CONTENT-TYPE RETRY-AFTER\n" and the body of the answer. */

static void
check_conflicts (const GError *error)
{
  g_autoptr(GPtrArray) conflicts = kube_field_conflict_list (error);

  for (guint i = 0; conflicts != NULL && i < conflicts->len; i++)
    {
      const KubeFieldConflict *conflict = g_ptr_array_index (conflicts, i);

      g_assert_nonnull (conflict->field);
      g_assert_nonnull (conflict->message);
    }
}

/* A text without white space and full stops, which may be joined and dropped. */
static char *
squeeze (const char *text)
{
  GString *squeezed = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (!g_ascii_isspace (*text) && *text != '.')
      g_string_append_c (squeezed, *text);
  return g_string_free (squeezed, FALSE);
}

/* The server's own words stay. */
static void
check_words (const GError *error,
             JsonNode     *status)
{
  const char      *message = base_json_get_string (status, "message", NULL);
  g_autofree char *words = squeeze (message != NULL ? message : "");
  g_autofree char *all = squeeze (error->message);

  g_assert_nonnull (strstr (all, words));
  g_assert_null (strpbrk (error->message, "\r\n"));
}

static void
check_failure (KubeRequest  *request,
               KubeResponse *response,
               GByteArray   *body)
{
  g_autoptr(GError) error = kube_answer_build_error (request, response, body);
  g_autoptr(GError) copy = g_error_copy (error);
  JsonNode *status = kube_error_get_status (error);

  property_is_error (error, KUBE_ERROR);
  g_assert_cmpuint (kube_error_get_retry_after (error), <=, G_MAXINT);
  if (kube_response_get_retry_after (response) > 0)
    g_assert_cmpuint (kube_error_get_retry_after (error), ==,
                      kube_response_get_retry_after (response));
  if (kube_error_get_excerpt (error) != NULL)
    g_assert_true (g_utf8_validate (kube_error_get_excerpt (error), -1, NULL));
  if (status != NULL)
    check_words (error, status);
  check_conflicts (error);

  g_assert_cmpstr (copy->message, ==, error->message);
  g_assert_true (kube_error_get_status (copy) == status);
  g_assert_cmpuint (kube_error_get_http_status (copy), ==, kube_error_get_http_status (error));
  /* a refusal is no absence */
  if (kube_retry_is_refusal (error))
    g_assert_false (kube_retry_is_away (error));
}

static void
check_success (KubeRequest  *request,
               KubeResponse *response,
               GByteArray   *body)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = kube_answer_parse (request, response, body, &error);

  if (node == NULL)
    {
      property_is_error (error, KUBE_ERROR);
      /* or what broke off */
      g_assert_true (error->code == KUBE_ERROR_PROTOCOL || error->code == KUBE_ERROR_UNREACHABLE);
      return;
    }
  g_assert_no_error (error);
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_assert_true (g_utf8_validate (json_node_get_string (node), -1, NULL));
}

/* (transfer full) (nullable) */
static KubeResponse *
read_head (const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", 3);
  g_autoptr(GInputStream) stream = NULL;
  guint64 status = 0;
  guint64 retry_after = 0;

  if (g_strv_length (words) != 3 ||
      !g_ascii_string_to_unsigned (words[0], 10, 100, 999, &status, NULL) ||
      !g_ascii_string_to_unsigned (words[2], 10, 0, G_MAXINT, &retry_after, NULL))
    return NULL;
  stream = g_memory_input_stream_new ();
  return kube_response_new ((guint) status, *words[1] != '\0' ? words[1] : NULL, NULL,
                            (guint) retry_after, stream);
}

/* Takes @request. */
static void
check (KubeRequest  *owned,
       KubeResponse *response,
       GByteArray   *body)
{
  g_autoptr(KubeRequest) request = owned;

  if (kube_answer_is_failure (response))
    check_failure (request, response, body);
  else
    check_success (request, response, body);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const uint8_t   *newline = size > 0 ? memchr (data, '\n', size) : NULL;
  g_autofree char *head = NULL;
  g_autoptr(KubeResponse) response = NULL;
  g_autoptr(GByteArray) body = NULL;

  if (newline == NULL)
    return 0;
  head = g_strndup ((const char *) data, (gsize) (newline - data));
  response = read_head (head);
  if (response == NULL)
    return 0;
  body = g_byte_array_new ();
  g_byte_array_append (body, newline + 1, (guint) (data + size - newline - 1));

  check (kube_request_new ("GET", "/api/v1/namespaces/default/pods"), response, body);
  check (kube_request_new_service_proxy ("default", "app", "80", "/"), response, body);
  return 0;
}
