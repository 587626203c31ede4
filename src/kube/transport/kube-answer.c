/* kube-answer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-answer.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-excerpt.h"

static const char *
get_text (GByteArray *body)
{
  return body->len > 0 ? (const char *) body->data : "";
}

static gboolean
is_type (KubeResponse *response,
         const char   *type)
{
  return g_strcmp0 (kube_response_get_content_type (response), type) == 0;
}

static JsonNode *
new_text_node (GByteArray *body)
{
  g_autofree char *text = g_utf8_make_valid (get_text (body), body->len);

  return json_node_init_string (json_node_alloc (), text);
}

/* The API server itself speaks plain text where it is too busy to do more ("Too many requests,
 * please try again later."); client-go makes a Status of it too (errors.NewGenericServerResponse).
 */
static JsonNode *
new_status (KubeResponse *response,
            const char   *message)
{
  JsonObject *object = json_object_new ();
  JsonObject *details = json_object_new ();
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "kind", "Status");
  json_object_set_string_member (object, "apiVersion", "v1");
  json_object_set_string_member (object, "status", "Failure");
  json_object_set_string_member (object, "message", message);
  json_object_set_int_member (object, "code", kube_response_get_status (response));
  json_object_set_int_member (details, "retryAfterSeconds",
                              MAX (kube_response_get_retry_after (response), 0));
  json_object_set_object_member (object, "details", details);
  json_node_take_object (node, object);

  return node;
}

/**
 * kube_answer_is_failure:
 * @response: an answer
 *
 * Tells by the HTTP status whether an answer reports a failure. Redirections count as such: the
 * API has none.
 *
 * Returns: %TRUE for a failure
 */
gboolean
kube_answer_is_failure (KubeResponse *response)
{
  guint status;

  g_return_val_if_fail (KUBE_IS_RESPONSE (response), TRUE);

  status = kube_response_get_status (response);
  return status < 200 || status > 299;
}

/**
 * kube_answer_build_error:
 * @request: what was asked
 * @response: the head of an answer that reports a failure
 * @body: its body, or as much of it as was read
 *
 * Makes an error from the answer of the API server, of an app behind it, or of something in
 * between.
 *
 * Returns: (transfer full): an error of the domain %KUBE_ERROR
 */
GError *
kube_answer_build_error (KubeRequest  *request,
                         KubeResponse *response,
                         GByteArray   *body)
{
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *excerpt = NULL;
  gboolean         is_status;
  guint            status;
  GError          *error;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (KUBE_IS_RESPONSE (response), NULL);
  g_return_val_if_fail (body != NULL, NULL);

  status = kube_response_get_status (response);
  node = base_json_parse (get_text (body), body->len, NULL);
  excerpt = kube_excerpt_new (get_text (body), body->len);
  is_status = g_strcmp0 (base_json_get_string (node, "kind", NULL), "Status") == 0;
  if (is_status)
    error = kube_error_new_from_status (status, node, NULL);
  else if (kube_request_get_relayed (request))
    error = kube_error_new_from_relay (status, excerpt);
  else if (is_type (response, "text/plain") && *excerpt != '\0')
    {
      g_clear_pointer (&node, json_node_unref);
      node = new_status (response, excerpt);
      error = kube_error_new_from_status (status, node, NULL);
    }
  else
    error = kube_error_new_from_status (status, NULL, excerpt);
  if (!is_status)
    kube_error_take_text (error, kube_excerpt_dup_text (get_text (body), body->len));
  if (kube_response_get_retry_after (response) > 0)
    kube_error_set_retry_after (error, kube_response_get_retry_after (response));

  return error;
}

static char
get_first_character (GByteArray *body)
{
  guint i = 0;

  while (i < body->len && g_ascii_isspace ((char) body->data[i]))
    i++;

  return i < body->len ? (char) body->data[i] : '\0';
}

/* Whether the text is JSON up to where it ends, which is too early: its brackets, or a string, are
 * still open. libsoup takes a chunked answer for whole when the connection ends between chunks. */
static gboolean
is_cut_short (GByteArray *body)
{
  const char *text = get_text (body);
  char        first = get_first_character (body);
  gboolean    string = FALSE;
  guint       depth = 0;

  if (first != '{' && first != '[')
    return FALSE;

  for (guint i = 0; i < body->len; i++)
    {
      if (string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        string = !string;
      else if (!string && (text[i] == '{' || text[i] == '['))
        depth++;
      else if (!string && (text[i] == '}' || text[i] == ']') && depth > 0)
        depth--;
    }

  return string || depth > 0;
}

static GError *
new_stranger_error (KubeResponse *response,
                    GByteArray   *body)
{
  g_autofree char *excerpt = kube_excerpt_new (get_text (body), body->len);
  const char      *type = kube_response_get_content_type (response);

  return g_error_new (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                      "The answer did not come from a Kubernetes API server: it is %s “%s”. A "
                      "proxy or a sign-in page may stand in between: check the server address of "
                      "the context.",
                      type != NULL ? type : "of an unknown kind:", excerpt);
}

/* Why an answer in the API's own form cannot be read. */
static GError *
new_damage_error (GByteArray *body)
{
  if (body->len == 0)
    return g_error_new_literal (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                                "The cluster's answer is empty. The connection may have been cut: "
                                "try again in a moment.");
  if (is_cut_short (body))
    return g_error_new_literal (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                                "The cluster's answer ends in the middle. The connection may have "
                                "been cut: try again in a moment.");

  return g_error_new_literal (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                              "The cluster's answer is damaged. Try again; if it stays, check what "
                              "lies between this computer and the cluster.");
}

/**
 * kube_answer_parse:
 * @request: what was asked
 * @response: the head of an answer that reports success
 * @body: its whole body
 * @error: return location for an error
 *
 * Parses an answer. Plain text, and whatever an app answers that is no JSON, comes as a JSON
 * string.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL if the answer is neither, %KUBE_ERROR_UNREACHABLE if it
 * ends too early.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with @error set
 */
JsonNode *
kube_answer_parse (KubeRequest  *request,
                   KubeResponse *response,
                   GByteArray   *body,
                   GError      **error)
{
  g_autoptr(GError) parse_error = NULL;
  JsonNode *node;

  g_return_val_if_fail (request != NULL, NULL);
  g_return_val_if_fail (KUBE_IS_RESPONSE (response), NULL);
  g_return_val_if_fail (body != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (is_type (response, "text/plain"))
    return new_text_node (body);

  node = base_json_parse (get_text (body), body->len, &parse_error);
  if (node != NULL)
    return node;
  if (kube_request_get_relayed (request))
    return new_text_node (body);

  g_debug ("An answer cannot be read: %s", parse_error->message);
  if (is_type (response, "application/json") && get_first_character (body) != '<')
    g_propagate_error (error, new_damage_error (body));
  else
    g_propagate_error (error, new_stranger_error (response, body));

  return NULL;
}
