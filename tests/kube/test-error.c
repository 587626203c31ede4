/* test-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-json.h"
#include "base-redact.h"
#include "kube-error.h"
#include "kube-excerpt.h"

#define STATUS "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","

/* Bodies as API servers send them. */
static const struct
{
  const char *name;
  guint       http_status;
  const char *status;
  KubeError   code;
  const char *message;
} cases[] = {
  { "bad-request", 400, STATUS "\"message\":\"container \\\"app\\\" in pod \\\"a\\\" is waiting "
                               "to start: ContainerCreating\",\"reason\":\"BadRequest\",\"code\":400}",
    KUBE_ERROR_BAD_REQUEST, "container \"app\" in pod \"a\" is waiting to start: "
                            "ContainerCreating. " },
  { "unauthorized", 401, STATUS "\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\","
                                "\"code\":401}",
    KUBE_ERROR_UNAUTHORIZED, "does not accept the credentials: Unauthorized." },
  { "forbidden", 403, STATUS "\"message\":\"pods is forbidden: User \\\"viewer\\\" cannot list "
                             "resource \\\"pods\\\" in API group \\\"\\\" in the namespace \\\"x\\\"\","
                             "\"reason\":\"Forbidden\",\"details\":{\"kind\":\"pods\"},\"code\":403}",
    KUBE_ERROR_FORBIDDEN, "Ask the cluster's administrator for the right to list pods in the "
                          "namespace “x”." },
  { "forbidden-cluster", 403, STATUS "\"message\":\"namespaces is forbidden: User \\\"v\\\" "
                                     "cannot create resource \\\"namespaces\\\" in API group \\\"\\\" at the cluster scope\","
                                     "\"reason\":\"Forbidden\",\"code\":403}",
    KUBE_ERROR_FORBIDDEN,
    "for the right to create namespaces." },
  { "forbidden-path", 403, STATUS "\"message\":\"forbidden: User \\\"system:anonymous\\\" cannot "
                                  "get path \\\"/\\\"\",\"reason\":\"Forbidden\",\"code\":403}",
    KUBE_ERROR_FORBIDDEN,
    "the right to get /." },
  { "quota", 403, STATUS "\"message\":\"pods \\\"a\\\" is forbidden: exceeded quota: q, "
                         "requested: pods=1, used: pods=1, limited: pods=1\",\"reason\":\"Forbidden\",\"code\":403}",
    KUBE_ERROR_FORBIDDEN, "limited: pods=1. This is a rule of the cluster" },
  { "not-found", 404, STATUS "\"message\":\"deployments.apps \\\"a\\\" not found\","
                             "\"reason\":\"NotFound\",\"details\":{\"name\":\"a\",\"group\":\"apps\","
                             "\"kind\":\"deployments\"},\"code\":404}",
    KUBE_ERROR_NOT_FOUND,
    "deployments.apps \"a\" not found." },
  { "already-exists", 409, STATUS "\"message\":\"namespaces \\\"a\\\" already exists\","
                                  "\"reason\":\"AlreadyExists\",\"code\":409}",
    KUBE_ERROR_ALREADY_EXISTS, "already exists." },
  { "stale", 409, STATUS "\"message\":\"Operation cannot be fulfilled on pods \\\"a\\\": the "
                         "object has been modified; please apply your changes to the latest version and try again\","
                         "\"reason\":\"Conflict\",\"code\":409}",
    KUBE_ERROR_CONFLICT, "by someone else" },
  { "managers", 409, STATUS "\"message\":\"Apply failed with 1 conflict: conflict with "
                            "\\\"kubectl\\\" using apps/v1: .spec.replicas\",\"reason\":\"Conflict\",\"details\":{"
                            "\"causes\":[{\"reason\":\"FieldManagerConflict\",\"message\":\"conflict with \\\"kubectl\\\" "
                            "using apps/v1\",\"field\":\".spec.replicas\"}]},\"code\":409}",
    KUBE_ERROR_CONFLICT,
    "Another program manages some of these fields: Apply failed with 1 conflict: conflict with "
    "\"kubectl\" using apps/v1: .spec.replicas." },
  { "expired", 410, STATUS "\"message\":\"too old resource version: 1 (2)\","
                           "\"reason\":\"Expired\",\"code\":410}",
    KUBE_ERROR_EXPIRED, "too old resource version" },
  { "gone-in-watch", 200, STATUS "\"message\":\"too old resource version: 1 (2)\","
                                 "\"reason\":\"Gone\",\"code\":410}",
    KUBE_ERROR_EXPIRED, "too old resource version" },
  { "invalid", 422, STATUS "\"message\":\"Deployment.apps \\\"a\\\" is invalid: spec.replicas: "
                           "Invalid value: -1: must be greater than or equal to 0\",\"reason\":\"Invalid\",\"details\":"
                           "{\"causes\":[{\"reason\":\"FieldValueInvalid\",\"message\":\"Invalid value: -1: must be "
                           "greater than or equal to 0\",\"field\":\"spec.replicas\"}]},\"code\":422}",
    KUBE_ERROR_INVALID, "greater than or equal to 0. Correct the named fields" },
  { "cause-apart", 422, STATUS "\"message\":\"it is invalid\",\"reason\":\"Invalid\",\"details\":"
                               "{\"causes\":[{\"message\":\"must be short\",\"field\":\"spec.name\"}]},\"code\":422}",
    KUBE_ERROR_INVALID, "it is invalid; spec.name: must be short. " },
  { "too-many", 429, STATUS "\"message\":\"Too many requests, please try again later.\","
                            "\"reason\":\"TooManyRequests\",\"details\":{\"retryAfterSeconds\":7},\"code\":429}",
    KUBE_ERROR_TOO_MANY_REQUESTS, "please try again later. Try again in 7 seconds." },
  { "internal", 500, STATUS "\"message\":\"Internal error occurred: failed calling webhook "
                            "\\\"validate.nginx.ingress.kubernetes.io\\\"\",\"reason\":\"InternalError\",\"code\":500}",
    KUBE_ERROR_SERVER, "failed calling webhook" },
  { "unavailable", 503, STATUS "\"message\":\"no endpoints available for service \\\"a\\\"\","
                               "\"reason\":\"ServiceUnavailable\",\"code\":503}",
    KUBE_ERROR_UNAVAILABLE, "no endpoints" },
  { "timeout", 504, STATUS "\"message\":\"Timeout: request did not complete within requested "
                           "timeout\",\"reason\":\"Timeout\",\"code\":504}",
    KUBE_ERROR_TIMEOUT, "did not complete" },
  { "media-type", 415, STATUS "\"message\":\"the body is not supported\","
                              "\"reason\":\"UnsupportedMediaType\",\"code\":415}",
    KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE, "not supported. Use another form" },
  { "method", 405, STATUS "\"message\":\"the server does not allow this method on the requested "
                          "resource\",\"reason\":\"MethodNotAllowed\",\"code\":405}",
    KUBE_ERROR_METHOD_NOT_ALLOWED, "does not allow this method on the requested resource. " },
  { "acceptable", 406, STATUS "\"message\":\"only the following media types are accepted: "
                              "application/json\",\"reason\":\"NotAcceptable\",\"code\":406}",
    KUBE_ERROR_NOT_ACCEPTABLE, "only the following media types are accepted: application/json. " },
  { "lines", 406, STATUS "\"message\":\"406: Not Acceptable\\n\\nAvailable representations: a\\r\\nb\\n\","
                         "\"reason\":\"NotAcceptable\",\"code\":406}",
    KUBE_ERROR_NOT_ACCEPTABLE, ": 406: Not Acceptable Available representations: a b. Ask" },
  { "too-large", 413, STATUS "\"message\":\"Request entity too large: limit is 3145728\","
                             "\"reason\":\"RequestEntityTooLarge\",\"code\":413}",
    KUBE_ERROR_TOO_LARGE, "limit is 3145728. Make it smaller" },
  { "server-timeout", 500, STATUS "\"message\":\"The POST operation against Pod could not be "
                                  "completed at this time, please try again.\",\"reason\":\"ServerTimeout\","
                                  "\"details\":{\"retryAfterSeconds\":1},\"code\":500}",
    KUBE_ERROR_SERVER_TIMEOUT, "please try again. Try again in a moment." },
  { "storage", 500, STATUS "\"message\":\"failed to read one or more secrets from the storage\","
                           "\"reason\":\"StorageReadError\",\"code\":500}",
    KUBE_ERROR_STORAGE, "from the storage. The cluster's administrator" },
  { "disruption-budget", 429, STATUS "\"message\":\"Cannot evict pod as it would violate the pod's "
                                     "disruption budget.\",\"reason\":\"TooManyRequests\",\"details\":{\"name\":"
                                     "\"web-1\",\"causes\":[{\"reason\":\"DisruptionBudget\",\"message\":\"The disruption "
                                     "budget web needs 2 healthy pods and has 2 currently\"}]},\"code\":429}",
    KUBE_ERROR_TOO_MANY_REQUESTS,
    "The pod “web-1” must not be evicted now: Cannot evict pod as it would violate the pod's "
    "disruption budget; The disruption budget web needs 2 healthy pods and has 2 currently. A "
    "PodDisruptionBudget keeps" },
  { "unknown-field", 500, STATUS "\"message\":\"failed to create typed patch object (a/d; /v1, "
                                 "Kind=ConfigMap): .dta: field not declared in schema\",\"code\":500}",
    KUBE_ERROR_INVALID,
    ".dta: field not declared in schema. Correct the named fields" },
  { "no-reason", 404, STATUS "\"message\":\"gone\"}", KUBE_ERROR_NOT_FOUND, "gone" },
  { "no-reason-5xx", 507, STATUS "\"message\":\"full\"}", KUBE_ERROR_SERVER, "full" },
  { "code-in-body-only", 0, STATUS "\"message\":\"slow\",\"code\":429}",
    KUBE_ERROR_TOO_MANY_REQUESTS, "slow" },
  { "unknown-reason", 418, STATUS "\"message\":\"tea\",\"reason\":\"Teapot\",\"code\":418}",
    KUBE_ERROR_FAILED, "The cluster refused the request: tea." },
  { "no-message", 403, STATUS "\"reason\":\"Forbidden\"}", KUBE_ERROR_FORBIDDEN, "Forbidden" },
  { "wrong-types", 409, "{\"kind\":\"Status\",\"message\":1,\"reason\":[],\"details\":\"x\"}",
    KUBE_ERROR_CONFLICT, "no reason given" },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(JsonNode) status = NULL;
  g_autoptr(GError) error = NULL;

  status = base_json_parse (cases[index].status, -1, &error);
  g_assert_no_error (error);
  error = kube_error_new_from_status (cases[index].http_status, status, NULL);
  g_test_message ("%s", error->message);
  g_assert_error (error, KUBE_ERROR, (int) cases[index].code);
  g_assert_nonnull (strstr (error->message, cases[index].message));
  g_assert_null (strstr (error->message, ".."));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_true (kube_error_get_status (error) == status);
}

static void
test_details (void)
{
  g_autoptr(JsonNode) status = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) copy = NULL;

  status = base_json_parse (STATUS "\"reason\":\"TooManyRequests\",\"message\":\"m\","
                                   "\"details\":{\"retryAfterSeconds\":3}}",
                            -1, NULL);
  error = kube_error_new_from_status (429, status, NULL);
  g_assert_cmpuint (kube_error_get_retry_after (error), ==, 3);
  g_assert_cmpuint (kube_error_get_http_status (error), ==, 429);
  kube_error_set_retry_after (error, 9);

  copy = g_error_copy (error);
  g_assert_cmpuint (kube_error_get_retry_after (copy), ==, 9);
  g_assert_cmpstr (base_json_get_string (kube_error_get_status (copy), "message", NULL), ==, "m");
}

/* Every value of metav1.StatusReason, under the status that the API server gives it. */
static void
test_reasons (void)
{
  static const struct
  {
    const char *reason;
    guint       http_status;
    KubeError   code;
    gboolean    trouble;
  } known[] = {
    { "", 418, KUBE_ERROR_FAILED, FALSE },
    { "Unauthorized", 401, KUBE_ERROR_UNAUTHORIZED, FALSE },
    { "Forbidden", 403, KUBE_ERROR_FORBIDDEN, FALSE },
    { "NotFound", 404, KUBE_ERROR_NOT_FOUND, FALSE },
    { "AlreadyExists", 409, KUBE_ERROR_ALREADY_EXISTS, FALSE },
    { "Conflict", 409, KUBE_ERROR_CONFLICT, FALSE },
    { "Gone", 410, KUBE_ERROR_EXPIRED, FALSE },
    { "Invalid", 422, KUBE_ERROR_INVALID, FALSE },
    { "ServerTimeout", 500, KUBE_ERROR_SERVER_TIMEOUT, TRUE },
    { "StorageReadError", 500, KUBE_ERROR_STORAGE, TRUE },
    { "Timeout", 504, KUBE_ERROR_TIMEOUT, FALSE },
    { "TooManyRequests", 429, KUBE_ERROR_TOO_MANY_REQUESTS, TRUE },
    { "BadRequest", 400, KUBE_ERROR_BAD_REQUEST, FALSE },
    { "MethodNotAllowed", 405, KUBE_ERROR_METHOD_NOT_ALLOWED, FALSE },
    { "NotAcceptable", 406, KUBE_ERROR_NOT_ACCEPTABLE, FALSE },
    { "RequestEntityTooLarge", 413, KUBE_ERROR_TOO_LARGE, FALSE },
    { "UnsupportedMediaType", 415, KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE, FALSE },
    { "InternalError", 500, KUBE_ERROR_SERVER, TRUE },
    { "Expired", 410, KUBE_ERROR_EXPIRED, FALSE },
    { "ServiceUnavailable", 503, KUBE_ERROR_UNAVAILABLE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *text = g_strdup_printf (STATUS "\"message\":\"m\",\"reason\":\"%s\"}",
                                               known[i].reason);
      g_autoptr(JsonNode) status = base_json_parse (text, -1, NULL);
      g_autoptr(GError) by_reason = kube_error_new_from_status (0, status, NULL);
      g_autoptr(GError) by_both = kube_error_new_from_status (known[i].http_status, status, NULL);

      g_assert_error (by_both, KUBE_ERROR, (int) known[i].code);
      g_assert_error (by_reason, KUBE_ERROR, (int) known[i].code);
      g_assert_cmpint (kube_error_is_server_trouble (by_both), ==, known[i].trouble);
      g_assert_cmpstr (kube_error_get_reason (by_both), ==,
                       *known[i].reason != '\0' ? known[i].reason : NULL);
    }
}

static void
test_causes (void)
{
  g_autoptr(JsonNode) status = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  status = base_json_parse (STATUS "\"message\":\"m\",\"reason\":\"Timeout\",\"details\":{\"causes\":"
                                   "[{\"reason\":\"ResourceVersionTooLarge\"}]}}",
                            -1, NULL);
  error = kube_error_new_from_status (504, status, NULL);
  g_assert_true (kube_error_has_cause (error, "ResourceVersionTooLarge"));
  g_assert_false (kube_error_has_cause (error, "DisruptionBudget"));
  g_assert_false (kube_error_has_cause (other, "DisruptionBudget"));
  g_assert_null (kube_error_get_reason (other));
  g_assert_false (kube_error_is_server_trouble (NULL));
}

/* A server may say more than anybody reads. */
static void
test_many_words (void)
{
  g_autoptr(GString) text = g_string_new (STATUS "\"message\":\"one\\r\\n\\n\\r\\ntwo\\nthree\","
                                                  "\"reason\":\"Invalid\",\"details\":{\"causes\":[");
  g_autoptr(JsonNode) status = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "%s{\"field\":\"f\",\"message\":\"cause %u\"}", i > 0 ? "," : "", i);
  g_string_append (text, "]}}");
  status = base_json_parse (text->str, -1, NULL);
  error = kube_error_new_from_status (422, status, NULL);
  g_assert_nonnull (strstr (error->message, ": one two three; f: cause 0; f: cause 1; "));
  g_assert_nonnull (strstr (error->message, "; …. "));
  g_assert_cmpuint (strlen (error->message), <, 5000);
}

static void
test_other_domains (void)
{
  g_autoptr(GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  g_autoptr(GError) plain = g_error_new_literal (KUBE_ERROR, KUBE_ERROR_CONFIG, "x");

  g_assert_null (kube_error_get_status (other));
  g_assert_cmpuint (kube_error_get_retry_after (other), ==, 0);
  g_assert_cmpuint (kube_error_get_http_status (other), ==, 0);
  g_assert_null (kube_error_get_excerpt (other));
  g_assert_null (kube_error_get_status (plain));
}

static void
test_strangers (void)
{
  g_autoptr(GError) bad_gateway = kube_error_new_from_status (502, NULL, "502 Bad Gateway nginx");
  g_autoptr(GError) empty = kube_error_new_from_status (302, NULL, "");

  g_assert_error (bad_gateway, KUBE_ERROR, KUBE_ERROR_SERVER);
  g_assert_true (g_str_has_prefix (bad_gateway->message,
                                   "The answer did not come from a Kubernetes API server: HTTP "
                                   "502 (Bad Gateway) “502 Bad Gateway nginx”."));
  g_assert_cmpstr (kube_error_get_excerpt (bad_gateway), ==, "502 Bad Gateway nginx");
  g_assert_error (empty, KUBE_ERROR, KUBE_ERROR_FAILED);
  g_assert_nonnull (strstr (empty->message, "HTTP 302 (Found). "));
}

static void
test_relayed (void)
{
  g_autoptr(GError) error = kube_error_new_from_relay (503, "{\"database\":\"down\"}");

  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "The app answered with HTTP 503 (Service Unavailable): "
                                            "“{\"database\":\"down\"}”."));
  g_assert_cmpuint (kube_error_get_http_status (error), ==, 503);
  g_assert_cmpstr (kube_error_get_excerpt (error), ==, "{\"database\":\"down\"}");
}

static void
test_secrets_are_masked (void)
{
  g_autoptr(JsonNode) status = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *excerpt = NULL;

  base_redact_add ("hunter2-hunter2");
  status = base_json_parse (STATUS "\"message\":\"bad value hunter2-hunter2\"}", -1, NULL);
  error = kube_error_new_from_status (422, status, NULL);
  excerpt = kube_excerpt_new ("<p>hunter2-hunter2</p>", -1);
  base_redact_remove ("hunter2-hunter2");

  g_assert_null (strstr (error->message, "hunter2"));
  g_assert_nonnull (strstr (error->message, "bad value •••"));
  g_assert_cmpstr (excerpt, ==, "•••");
}

static void
test_excerpts (void)
{
  g_autofree char *long_text = g_strnfill (5000, 'x');
  const struct
  {
    const char *text;
    const char *excerpt;
  } texts[] = {
    { "", "" },
    { "  plain\n text ", "plain text" },
    { "<html><head><title>502 Bad Gateway</title><style>a {}</style></head>\r\n<body><h1>502 Bad "
      "Gateway</h1></body></html>",
      "502 Bad Gateway 502 Bad Gateway" },
    { "a < b", "a < b" },
    { "<unfinished", "" },
    { "<!-- c --><script>if (a < b) x ();</script>words", "words" },
    { "{\"a\":1}", "{\"a\":1}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *excerpt = kube_excerpt_new (texts[i].text, -1);

      g_assert_cmpstr (excerpt, ==, texts[i].excerpt);
    }

  {
    g_autofree char *cut = kube_excerpt_new (long_text, -1);
    g_autofree char *binary = kube_excerpt_new ("\xff\x00z", 3);

    g_assert_cmpint (g_utf8_strlen (cut, -1), ==, 201);
    g_assert_true (g_utf8_validate (binary, -1, NULL));
  }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/error/status/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/kube/error/details", test_details);
  g_test_add_func ("/kube/error/reasons", test_reasons);
  g_test_add_func ("/kube/error/causes", test_causes);
  g_test_add_func ("/kube/error/many-words", test_many_words);
  g_test_add_func ("/kube/error/other-domains", test_other_domains);
  g_test_add_func ("/kube/error/strangers", test_strangers);
  g_test_add_func ("/kube/error/relayed", test_relayed);
  g_test_add_func ("/kube/error/secrets-are-masked", test_secrets_are_masked);
  g_test_add_func ("/kube/error/excerpts", test_excerpts);

  return g_test_run ();
}
