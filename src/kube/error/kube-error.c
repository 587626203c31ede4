/* kube-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base-json.h"
#include "base-redact.h"

/* From here on further causes are left out: nobody reads so many. */
#define MAX_WORDS 4096

typedef struct
{
  JsonNode *status;  /* (nullable) */
  char     *excerpt; /* (nullable) */
  char     *text;    /* (nullable) */
  guint     http_status;
  guint     retry_after;
  gboolean  cut;
  gboolean  in_doubt;
} KubeErrorPrivate;

static void kube_error_private_init (KubeErrorPrivate *priv);
static void kube_error_private_copy (const KubeErrorPrivate *source,
                                     KubeErrorPrivate       *target);
static void kube_error_private_clear (KubeErrorPrivate *priv);

/**
 * KubeError:
 * @KUBE_ERROR_CONFIG: the kubeconfig, or a context of it, cannot be used
 * @KUBE_ERROR_CREDENTIALS: the certificates, the token or the program to sign in by cannot be used
 * @KUBE_ERROR_UNREACHABLE: no answer came, or it was cut off
 * @KUBE_ERROR_TLS: the server is not trusted, or does not speak TLS
 * @KUBE_ERROR_PROTOCOL: the answer is not one of a Kubernetes API server
 * @KUBE_ERROR_BAD_REQUEST: reason `BadRequest`
 * @KUBE_ERROR_METHOD_NOT_ALLOWED: reason `MethodNotAllowed`
 * @KUBE_ERROR_NOT_ACCEPTABLE: reason `NotAcceptable`
 * @KUBE_ERROR_TOO_LARGE: reason `RequestEntityTooLarge`
 * @KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE: reason `UnsupportedMediaType`
 * @KUBE_ERROR_UNAUTHORIZED: reason `Unauthorized`: the credentials are not accepted
 * @KUBE_ERROR_FORBIDDEN: reason `Forbidden`: the user may not do this
 * @KUBE_ERROR_NOT_FOUND: reason `NotFound`
 * @KUBE_ERROR_ALREADY_EXISTS: reason `AlreadyExists`
 * @KUBE_ERROR_CONFLICT: reason `Conflict`: the object has changed, or belongs to another manager
 * @KUBE_ERROR_EXPIRED: reasons `Expired` and `Gone`: the server has forgotten that version
 * @KUBE_ERROR_INVALID: reason `Invalid`: fields have wrong values
 * @KUBE_ERROR_TOO_MANY_REQUESTS: reason `TooManyRequests`
 * @KUBE_ERROR_SERVER: reason `InternalError`
 * @KUBE_ERROR_SERVER_TIMEOUT: reason `ServerTimeout`
 * @KUBE_ERROR_STORAGE: reason `StorageReadError`: what is stored cannot be read
 * @KUBE_ERROR_UNAVAILABLE: reason `ServiceUnavailable`
 * @KUBE_ERROR_TIMEOUT: reason `Timeout`, or no answer in the time that it was given
 * @KUBE_ERROR_FAILED: another failure that the server told of
 *
 * Why something in Kubernetes did not work. Those of the API server have the names of its reasons.
 */

/**
 * kube_error_quark:
 *
 * The error domain of the Kubernetes layer. Errors of this domain carry more than a message:
 * see [id@kube_error_get_status], [id@kube_error_get_retry_after] and
 * [id@kube_error_get_http_status].
 *
 * Returns: the domain
 */
G_DEFINE_EXTENDED_ERROR (KubeError, kube_error)

/* All values of `metav1.StatusReason` (k8s.io/apimachinery/pkg/apis/meta/v1/types.go) but the
 * empty one, which says nothing. */
static const struct
{
  const char *reason;
  KubeError   code;
} reasons[] = {
  { "AlreadyExists", KUBE_ERROR_ALREADY_EXISTS },
  { "BadRequest", KUBE_ERROR_BAD_REQUEST },
  { "Conflict", KUBE_ERROR_CONFLICT },
  { "Expired", KUBE_ERROR_EXPIRED },
  { "Forbidden", KUBE_ERROR_FORBIDDEN },
  { "Gone", KUBE_ERROR_EXPIRED },
  { "InternalError", KUBE_ERROR_SERVER },
  { "Invalid", KUBE_ERROR_INVALID },
  { "MethodNotAllowed", KUBE_ERROR_METHOD_NOT_ALLOWED },
  { "NotAcceptable", KUBE_ERROR_NOT_ACCEPTABLE },
  { "NotFound", KUBE_ERROR_NOT_FOUND },
  { "RequestEntityTooLarge", KUBE_ERROR_TOO_LARGE },
  { "ServerTimeout", KUBE_ERROR_SERVER_TIMEOUT },
  { "ServiceUnavailable", KUBE_ERROR_UNAVAILABLE },
  { "StorageReadError", KUBE_ERROR_STORAGE },
  { "Timeout", KUBE_ERROR_TIMEOUT },
  { "TooManyRequests", KUBE_ERROR_TOO_MANY_REQUESTS },
  { "Unauthorized", KUBE_ERROR_UNAUTHORIZED },
  { "UnsupportedMediaType", KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE },
};

static const struct
{
  guint     http_status;
  KubeError code;
} http_statuses[] = {
  { 400, KUBE_ERROR_BAD_REQUEST },
  { 401, KUBE_ERROR_UNAUTHORIZED },
  { 403, KUBE_ERROR_FORBIDDEN },
  { 404, KUBE_ERROR_NOT_FOUND },
  { 405, KUBE_ERROR_METHOD_NOT_ALLOWED },
  { 406, KUBE_ERROR_NOT_ACCEPTABLE },
  { 408, KUBE_ERROR_TIMEOUT },
  { 409, KUBE_ERROR_CONFLICT },
  { 410, KUBE_ERROR_EXPIRED },
  { 413, KUBE_ERROR_TOO_LARGE },
  { 415, KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE },
  { 422, KUBE_ERROR_INVALID },
  { 429, KUBE_ERROR_TOO_MANY_REQUESTS },
  { 503, KUBE_ERROR_UNAVAILABLE },
  { 504, KUBE_ERROR_TIMEOUT },
};

/* What surrounds the server's words. */
static const struct
{
  KubeError   code;
  const char *before;
  const char *advice;
} frames[] = {
  { KUBE_ERROR_BAD_REQUEST, "The cluster cannot carry out this request",
    "Change what the server names and try again." },
  { KUBE_ERROR_METHOD_NOT_ALLOWED, "The cluster does not offer this for this kind of object",
    "Do it another way, or look up what the kind allows (kubectl api-resources -o wide)." },
  { KUBE_ERROR_NOT_ACCEPTABLE, "The cluster cannot answer in the wanted form",
    "Ask for another form." },
  { KUBE_ERROR_TOO_LARGE, "This is more than the cluster takes at once",
    "Make it smaller, or divide it." },
  { KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE, "The cluster does not take this form of a change",
    "Use another form: objects of a custom kind take no strategic merge patch, for example." },
  { KUBE_ERROR_UNAUTHORIZED, "The cluster does not accept the credentials",
    "Renew them, or choose another context." },
  { KUBE_ERROR_NOT_FOUND, "The cluster does not have this",
    "Check the name and the namespace." },
  { KUBE_ERROR_ALREADY_EXISTS, "The cluster has this already",
    "Choose another name, or change what is there." },
  { KUBE_ERROR_EXPIRED, "The cluster no longer keeps this version",
    "Read it again." },
  { KUBE_ERROR_INVALID, "The cluster found a mistake in the object",
    "Correct the named fields and try again." },
  { KUBE_ERROR_SERVER, "The cluster could not do this, for a reason of its own",
    "Try again in a moment." },
  { KUBE_ERROR_SERVER_TIMEOUT, "The cluster could not finish this now",
    "Try again in a moment." },
  { KUBE_ERROR_STORAGE, "The cluster cannot read what it has stored",
    "The cluster's administrator has to repair or remove the named objects." },
  { KUBE_ERROR_UNAVAILABLE, "What this needs is not available in the cluster now",
    "Try again in a moment." },
  { KUBE_ERROR_TIMEOUT, "The cluster did not finish in time",
    "Try again in a moment." },
};

static void
kube_error_private_init (KubeErrorPrivate *priv)
{
  memset (priv, 0, sizeof *priv);
}

static void
kube_error_private_copy (const KubeErrorPrivate *source,
                         KubeErrorPrivate       *target)
{
  target->status = source->status != NULL ? json_node_ref (source->status) : NULL;
  target->excerpt = g_strdup (source->excerpt);
  target->text = g_strdup (source->text);
  target->cut = source->cut;
  target->in_doubt = source->in_doubt;
  target->http_status = source->http_status;
  target->retry_after = source->retry_after;
}

static void
kube_error_private_clear (KubeErrorPrivate *priv)
{
  g_clear_pointer (&priv->status, json_node_unref);
  g_clear_pointer (&priv->excerpt, g_free);
  g_clear_pointer (&priv->text, g_free);
}

static KubeError
find_code (guint       http_status,
           const char *reason,
           const char *message)
{
  /* The API server reports fields that a server-side apply must not have as a failure of its own
   * (500 without a reason), although repeating cannot help. */
  if (http_status == 500 && message != NULL &&
      g_str_has_prefix (message, "failed to create typed patch object"))
    return KUBE_ERROR_INVALID;

  for (guint i = 0; reason != NULL && i < G_N_ELEMENTS (reasons); i++)
    if (strcmp (reasons[i].reason, reason) == 0)
      return reasons[i].code;

  for (guint i = 0; i < G_N_ELEMENTS (http_statuses); i++)
    if (http_statuses[i].http_status == http_status)
      return http_statuses[i].code;

  return http_status >= 500 ? KUBE_ERROR_SERVER : KUBE_ERROR_FAILED;
}

static void
drop_full_stop (GString *words)
{
  while (words->len > 0 && (words->str[words->len - 1] == '.' ||
                            g_ascii_isspace (words->str[words->len - 1])))
    g_string_truncate (words, words->len - 1);
}

/* What is shown in one line must not break in the middle. */
static void
join_lines (GString *words)
{
  gsize length = 0;
  char  last = '\0';

  for (gsize i = 0; i < words->len; i++)
    {
      char c = words->str[i];

      if (c != '\r' && (c != '\n' || last != '\n'))
        words->str[length++] = c == '\n' ? ' ' : c;
      if (c != '\r')
        last = c;
    }
  g_string_truncate (words, length);
}

/* The server's message, with those causes that it does not already name, without a full stop. */
static char *
collect_words (JsonNode *status)
{
  const char *message = base_json_get_string (status, "message", NULL);
  const char *reason = base_json_get_string (status, "reason", NULL);
  JsonArray  *causes = base_json_get_array (status, "details", "causes", NULL);
  g_autoptr(GString) words = g_string_new (NULL);

  if (message != NULL && *message != '\0')
    g_string_append (words, message);
  else
    g_string_append (words, reason != NULL && *reason != '\0' ? reason : "no reason given");

  for (guint i = 0; causes != NULL && i < json_array_get_length (causes); i++)
    {
      JsonNode   *cause = json_array_get_element (causes, i);
      const char *text = base_json_get_string (cause, "message", NULL);
      const char *field = base_json_get_string (cause, "field", NULL);

      if (words->len > MAX_WORDS)
        {
          g_string_append (words, "; …");
          break;
        }
      if (text == NULL || strstr (words->str, text) != NULL)
        continue;
      drop_full_stop (words);
      g_string_append_printf (words, "; %s%s%s", field != NULL ? field : "",
                              field != NULL ? ": " : "", text);
    }

  join_lines (words);
  drop_full_stop (words);
  return base_redact_text (words->str);
}

/* "cannot list resource "pods" in API group "" in the namespace "x"": the form of the
 * authorizers of the API server (apiserver: endpoints/handlers/responsewriters). Other refusals
 * (quotas, admission) are not about rights. */
static char *
describe_missing_right (const char *words)
{
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *verb = NULL;
  g_autofree char *resource = NULL;
  g_autofree char *namespace_ = NULL;

  regex = g_regex_new ("cannot ([a-z]+) (?:resource|path) \"([^\"]+)\""
                       "(?:.*in the namespace \"([^\"]+)\")?",
                       G_REGEX_DOTALL, 0, NULL);
  if (!g_regex_match (regex, words, 0, &match))
    return NULL;

  verb = g_match_info_fetch (match, 1);
  resource = g_match_info_fetch (match, 2);
  namespace_ = g_match_info_fetch (match, 3);
  if (namespace_ == NULL || *namespace_ == '\0')
    return g_strdup_printf ("Ask the cluster's administrator for the right to %s %s.", verb,
                            resource);

  return g_strdup_printf ("Ask the cluster's administrator for the right to %s %s in the "
                          "namespace “%s”.",
                          verb, resource, namespace_);
}

static gboolean
has_cause (JsonNode   *status,
           const char *reason)
{
  JsonArray *causes = base_json_get_array (status, "details", "causes", NULL);

  for (guint i = 0; causes != NULL && i < json_array_get_length (causes); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (causes, i), "reason", NULL),
                   reason) == 0)
      return TRUE;

  return FALSE;
}

static char *
build_conflict_message (JsonNode   *status,
                        const char *words)
{
  if (has_cause (status, "FieldManagerConflict"))
    return g_strdup_printf ("Another program manages some of these fields: %s. Take the fields "
                            "over on purpose, or leave them to that program.",
                            words);

  return g_strdup_printf ("The object was changed by someone else in the meantime: %s. Read it "
                          "again and repeat the change.",
                          words);
}

static char *
build_forbidden_message (const char *words)
{
  g_autofree char *advice = describe_missing_right (words);

  if (advice == NULL)
    advice = g_strdup ("This is a rule of the cluster: adapt to it, or ask the cluster's "
                       "administrator.");

  return g_strdup_printf ("The cluster does not allow this: %s. %s", words, advice);
}

/* Evicting a pod is refused with the same status as any other request to a busy server. */
static char *
build_budget_message (JsonNode   *status,
                      const char *words)
{
  const char *pod = base_json_get_string (status, "details", "name", NULL);

  return g_strdup_printf ("The pod%s%s%s must not be evicted now: %s. A PodDisruptionBudget keeps so "
                          "many pods of this app running. Wait until more of them are ready, or "
                          "start more.",
                          pod != NULL ? " “" : "", pod != NULL ? pod : "",
                          pod != NULL ? "”" : "", words);
}

static char *
build_busy_message (const char *words,
                    guint       retry_after)
{
  if (retry_after == 0)
    return g_strdup_printf ("The cluster is busy: %s. Try again in a moment.", words);

  return g_strdup_printf ("The cluster is busy: %s. Try again in %u %s.", words, retry_after,
                          retry_after == 1 ? "second" : "seconds");
}

static char *
build_message (KubeError   code,
               JsonNode   *status,
               const char *words,
               guint       retry_after)
{
  if (code == KUBE_ERROR_CONFLICT)
    return build_conflict_message (status, words);
  if (code == KUBE_ERROR_FORBIDDEN)
    return build_forbidden_message (words);
  if (code == KUBE_ERROR_TOO_MANY_REQUESTS && has_cause (status, "DisruptionBudget"))
    return build_budget_message (status, words);
  if (code == KUBE_ERROR_TOO_MANY_REQUESTS)
    return build_busy_message (words, retry_after);

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    if (frames[i].code == code)
      return g_strconcat (frames[i].before, ": ", words, ". ", frames[i].advice, NULL);

  return g_strconcat ("The cluster refused the request: ", words, ". Change what the server "
                                                                  "names and try again.",
                      NULL);
}

static const char *
get_phrase (guint http_status)
{
  const char *phrase = soup_status_get_phrase (http_status);

  return g_strcmp0 (phrase, "Unknown Error") == 0 ? "unknown status" : phrase;
}

static char *
build_stranger_message (KubeError   code,
                        guint       http_status,
                        const char *excerpt)
{
  const char *advice = "Something between this computer and the cluster may have answered, such "
                       "as a proxy or a sign-in page: check the server address of the context.";
  gboolean    empty = excerpt == NULL || *excerpt == '\0';

  /* An API server itself may answer without a body; then the status alone has to do. */
  if (empty && code == KUBE_ERROR_UNAUTHORIZED)
    advice = "Renew the credentials, or choose another context.";

  return g_strdup_printf ("The answer did not come from a Kubernetes API server: HTTP %u "
                          "(%s)%s%s%s. %s",
                          http_status, get_phrase (http_status), empty ? "" : " “",
                          empty ? "" : excerpt, empty ? "" : "”", advice);
}

/**
 * kube_error_new_from_status:
 * @http_status: the HTTP status of the answer; for a watch's ERROR event 200 or 0
 * @status: (nullable): the answer's `Status` object, or %NULL if it holds none
 * @body_excerpt: (nullable): without @status, a short readable piece of the answer
 *
 * Makes an error from an answer that reports a failure. The code follows the reason in @status
 * (apimachinery: `metav1.StatusReason`), and @http_status where there is no reason. The message
 * keeps the server's own words, and says what to do next. Remembered secrets are masked.
 *
 * Returns: (transfer full): an error of the domain %KUBE_ERROR
 */
GError *
kube_error_new_from_status (guint       http_status,
                            JsonNode   *status,
                            const char *body_excerpt)
{
  g_autofree char  *words = NULL;
  g_autofree char  *message = NULL;
  KubeErrorPrivate *priv;
  GError           *error;
  KubeError         code;
  guint             retry_after;

  if (http_status < 400)
    http_status = CLAMP (base_json_get_int (status, http_status, "code", NULL), 0, 999);
  code = find_code (http_status, base_json_get_string (status, "reason", NULL),
                    base_json_get_string (status, "message", NULL));
  /* That all is well is no failure that the server told of. */
  if (status == NULL && http_status >= 200 && http_status < 300)
    code = KUBE_ERROR_PROTOCOL;
  retry_after = CLAMP (base_json_get_int (status, 0, "details", "retryAfterSeconds", NULL),
                       0, G_MAXINT);

  if (status != NULL)
    {
      words = collect_words (status);
      message = build_message (code, status, words, retry_after);
    }
  else
    message = build_stranger_message (code, http_status, body_excerpt);

  error = g_error_new_literal (KUBE_ERROR, code, message);
  priv = kube_error_get_private (error);
  priv->status = status != NULL ? json_node_ref (status) : NULL;
  priv->excerpt = g_strdup (body_excerpt);
  priv->http_status = http_status;
  priv->retry_after = retry_after;

  return error;
}

/**
 * kube_error_new_from_relay:
 * @http_status: the HTTP status of the answer
 * @excerpt: a short readable piece of the answer
 *
 * Makes an error from the failure that an app behind the API server's proxy reported, which is
 * not a failure of the cluster.
 *
 * Returns: (transfer full): an error of the domain %KUBE_ERROR, its code by @http_status
 */
GError *
kube_error_new_from_relay (guint       http_status,
                           const char *excerpt)
{
  KubeErrorPrivate *priv;
  gboolean          empty;
  GError           *error;

  g_return_val_if_fail (excerpt != NULL, NULL);

  empty = *excerpt == '\0';
  error = g_error_new (KUBE_ERROR, find_code (http_status, NULL, NULL),
                       "The app answered with HTTP %u (%s)%s%s%s. Read the app's log for the "
                       "cause.",
                       http_status, get_phrase (http_status), empty ? "" : ": “",
                       excerpt, empty ? "" : "”");
  priv = kube_error_get_private (error);
  priv->excerpt = g_strdup (excerpt);
  priv->http_status = http_status;

  return error;
}

/**
 * kube_error_get_status:
 * @error: an error of any domain
 *
 * Gets the `Status` object with which the server explained the failure, causes included.
 *
 * Returns: (transfer none) (nullable): the object, or %NULL if there is none
 */
JsonNode *
kube_error_get_status (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == KUBE_ERROR ? kube_error_get_private (error)->status : NULL;
}

/**
 * kube_error_get_reason:
 * @error: an error of any domain
 *
 * Gets the server's own word for why it failed, one of `metav1.StatusReason` or what an
 * extension of the API made up. The code of @error follows it, but holds less: "Gone" and
 * "Expired" are %KUBE_ERROR_EXPIRED, for example.
 *
 * Returns: (transfer none) (nullable): the reason, or %NULL if the server gave none
 */
const char *
kube_error_get_reason (const GError *error)
{
  const char *reason;

  g_return_val_if_fail (error != NULL, NULL);

  reason = base_json_get_string (kube_error_get_status (error), "reason", NULL);
  return reason != NULL && *reason != '\0' ? reason : NULL;
}

/**
 * kube_error_has_cause:
 * @error: an error of any domain
 * @reason: a value of `metav1.CauseType`, such as "FieldManagerConflict", "DisruptionBudget",
 *   "NamespaceTerminating" or "ResourceVersionTooLarge"
 *
 * Asks whether the server named a cause, as `errors.HasStatusCause` of apimachinery does.
 *
 * Returns: %TRUE if there is such a cause in the status of @error
 */
gboolean
kube_error_has_cause (const GError *error,
                      const char   *reason)
{
  g_return_val_if_fail (error != NULL, FALSE);
  g_return_val_if_fail (reason != NULL, FALSE);

  return has_cause (kube_error_get_status (error), reason);
}

/**
 * kube_error_is_server_trouble:
 * @error: (nullable): an error of any domain
 *
 * Asks whether the server is there and understood, but could not do it for a reason of its own
 * that may pass: too many requests, or a failure of its own (5xx).
 *
 * Returns: %TRUE for %KUBE_ERROR_SERVER, %KUBE_ERROR_SERVER_TIMEOUT, %KUBE_ERROR_STORAGE,
 *   %KUBE_ERROR_UNAVAILABLE and %KUBE_ERROR_TOO_MANY_REQUESTS
 */
gboolean
kube_error_is_server_trouble (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_SERVER) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_SERVER_TIMEOUT) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_STORAGE) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNAVAILABLE) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TOO_MANY_REQUESTS);
}

/**
 * kube_error_get_retry_after:
 * @error: an error of any domain
 *
 * Gets how long the server asked to wait before the next attempt.
 *
 * Returns: seconds, 0 if the server named no time
 */
guint
kube_error_get_retry_after (const GError *error)
{
  g_return_val_if_fail (error != NULL, 0);

  return error->domain == KUBE_ERROR ? kube_error_get_private (error)->retry_after : 0;
}

/**
 * kube_error_set_retry_after:
 * @error: an error of the domain %KUBE_ERROR
 * @seconds: the value of the answer's `Retry-After` header
 *
 * Sets how long the server asked to wait, where the answer says it in a header.
 */
void
kube_error_set_retry_after (GError *error,
                            guint   seconds)
{
  g_return_if_fail (error != NULL && error->domain == KUBE_ERROR);

  kube_error_get_private (error)->retry_after = seconds;
}

/**
 * kube_error_get_http_status:
 * @error: an error of any domain
 *
 * Gets the HTTP status of the answer that the error was made from.
 *
 * Returns: the status, 0 if the error was not made from an answer
 */
guint
kube_error_get_http_status (const GError *error)
{
  g_return_val_if_fail (error != NULL, 0);

  return error->domain == KUBE_ERROR ? kube_error_get_private (error)->http_status : 0;
}

/**
 * kube_error_get_excerpt:
 * @error: an error of any domain
 *
 * Gets a short readable piece of an answer that was not a `Status` object, for example what an
 * app behind the API server's proxy said.
 *
 * Returns: (transfer none) (nullable): the excerpt
 */
const char *
kube_error_get_excerpt (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == KUBE_ERROR ? kube_error_get_private (error)->excerpt : NULL;
}

/**
 * kube_error_get_text:
 * @error: an error of any domain
 *
 * Gets what an answer that was no `Status` object said, line breaks included: what an app behind
 * the API server's proxy answered, or the checks of the API server. It is at most 16 KiB long,
 * with "…" at the end where more is missing.
 *
 * Returns: (transfer none) (nullable): the text
 */
const char *
kube_error_get_text (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == KUBE_ERROR ? kube_error_get_private (error)->text : NULL;
}

/**
 * kube_error_take_text:
 * @error: an error of the domain %KUBE_ERROR
 * @text: (transfer full) (nullable): what the answer said
 *
 * Keeps what an answer that was no `Status` object said.
 */
void
kube_error_take_text (GError *error,
                      char   *text)
{
  KubeErrorPrivate *priv;

  g_return_if_fail (error != NULL && error->domain == KUBE_ERROR);

  priv = kube_error_get_private (error);
  g_free (priv->text);
  priv->text = text;
}

/**
 * kube_error_get_cut:
 * @error: an error of any domain
 *
 * Asks whether a connection stood, but ended before the answer was complete.
 *
 * Returns: %TRUE if it was cut
 */
gboolean
kube_error_get_cut (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return error->domain == KUBE_ERROR && kube_error_get_private (error)->cut;
}

/**
 * kube_error_set_cut:
 * @error: an error of the domain %KUBE_ERROR
 *
 * Notes that a connection stood, but ended before the answer was complete.
 */
void
kube_error_set_cut (GError *error)
{
  g_return_if_fail (error != NULL && error->domain == KUBE_ERROR);

  kube_error_get_private (error)->cut = TRUE;
}

/**
 * kube_error_get_in_doubt:
 * @error: an error of any domain
 *
 * Asks whether a change was sent of which nobody knows whether it was made, since the answer was
 * lost, or of which only the answer's beginning is known.
 *
 * Returns: %FALSE when it is known that nothing was changed
 */
gboolean
kube_error_get_in_doubt (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return error->domain == KUBE_ERROR && kube_error_get_private (error)->in_doubt;
}

/**
 * kube_error_set_in_doubt:
 * @error: an error of the domain %KUBE_ERROR
 *
 * Notes that a change may have been made.
 */
void
kube_error_set_in_doubt (GError *error)
{
  g_return_if_fail (error != NULL && error->domain == KUBE_ERROR);

  kube_error_get_private (error)->in_doubt = TRUE;
}
