/* cli-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-error.h"

#include "stack-error.h"

#include "base-json.h"
#include "kube-error.h"

#include <gio/gio.h>

G_DEFINE_QUARK (cli - error - quark, cli_error)

static const char *const cli_codes[] = {
  [CLI_ERROR_USAGE] = "usage",
  [CLI_ERROR_INPUT] = "input",
  [CLI_ERROR_MISSING_VALUES] = "missing-values",
  [CLI_ERROR_WRONG_VALUES] = "wrong-values",
  [CLI_ERROR_NOT_DEPLOYED] = "not-deployed",
  [CLI_ERROR_CANCELLED] = "cancelled",
};

static const char *const stack_codes[] = {
  [STACK_ERROR_VALUES] = "values",
  [STACK_ERROR_MANIFEST] = "manifest",
  [STACK_ERROR_REFUSED] = "refused",
  [STACK_ERROR_CONFLICT] = "conflict",
  [STACK_ERROR_NOT_READY] = "not-ready",
  [STACK_ERROR_TIMED_OUT] = "timed-out",
  [STACK_ERROR_NOT_CONNECTED] = "not-connected",
  [STACK_ERROR_UNHEALTHY] = "unhealthy",
  [STACK_ERROR_NOT_DEPLOYED] = "not-deployed",
  [STACK_ERROR_NO_REVISION] = "no-revision",
  [STACK_ERROR_NO_DOCKERFILE] = "no-dockerfile",
  [STACK_ERROR_NO_TOOL] = "no-tool",
  [STACK_ERROR_NOT_MINIKUBE] = "not-minikube",
  [STACK_ERROR_BUILD] = "build",
};

static const char *const kube_codes[] = {
  [KUBE_ERROR_CONFIG] = "kubeconfig",
  [KUBE_ERROR_CREDENTIALS] = "credentials",
  [KUBE_ERROR_UNREACHABLE] = "unreachable",
  [KUBE_ERROR_TLS] = "tls",
  [KUBE_ERROR_PROTOCOL] = "protocol",
  [KUBE_ERROR_BAD_REQUEST] = "bad-request",
  [KUBE_ERROR_METHOD_NOT_ALLOWED] = "method-not-allowed",
  [KUBE_ERROR_NOT_ACCEPTABLE] = "not-acceptable",
  [KUBE_ERROR_TOO_LARGE] = "too-large",
  [KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE] = "unsupported-media-type",
  [KUBE_ERROR_UNAUTHORIZED] = "unauthorized",
  [KUBE_ERROR_FORBIDDEN] = "forbidden",
  [KUBE_ERROR_NOT_FOUND] = "not-found",
  [KUBE_ERROR_ALREADY_EXISTS] = "already-exists",
  [KUBE_ERROR_CONFLICT] = "conflict",
  [KUBE_ERROR_EXPIRED] = "expired",
  [KUBE_ERROR_INVALID] = "invalid",
  [KUBE_ERROR_TOO_MANY_REQUESTS] = "too-many-requests",
  [KUBE_ERROR_SERVER] = "server",
  [KUBE_ERROR_SERVER_TIMEOUT] = "server-timeout",
  [KUBE_ERROR_STORAGE] = "storage",
  [KUBE_ERROR_UNAVAILABLE] = "unavailable",
  [KUBE_ERROR_TIMEOUT] = "timeout",
  [KUBE_ERROR_FAILED] = "failed",
};

static const char *
find_code (const char *const *codes,
           guint              n_codes,
           int                code)
{
  if (code < 0 || (guint) code >= n_codes || codes[code] == NULL)
    return "failed";

  return codes[code];
}

/**
 * cli_error_to_exit:
 * @error: why a verb ended
 *
 * Finds the exit status that the terminal contract gives to @error: 130 for a
 * cancelled run, 3 for one that ran out of time, 2 for wrong usage and 1 for
 * every other failure.
 *
 * Returns: the exit status of the process
 */
CliExit
cli_error_to_exit (const GError *error)
{
  g_return_val_if_fail (error != NULL, CLI_EXIT_FAILED);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, CLI_ERROR, CLI_ERROR_CANCELLED))
    return CLI_EXIT_CANCELLED;
  if (g_error_matches (error, STACK_ERROR, STACK_ERROR_TIMED_OUT))
    return CLI_EXIT_TIMED_OUT;
  if (g_error_matches (error, CLI_ERROR, CLI_ERROR_USAGE))
    return CLI_EXIT_USAGE;

  return CLI_EXIT_FAILED;
}

/**
 * cli_error_to_code:
 * @error: why a verb ended
 *
 * Finds the word that stands for the kind of @error in `--json` output. The
 * words are part of the documented interface (docs/hackystackctl.md).
 *
 * Returns: (transfer none): a word of lower-case letters and hyphens
 */
const char *
cli_error_to_code (const GError *error)
{
  g_return_val_if_fail (error != NULL, "failed");

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cancelled";
  if (error->domain == CLI_ERROR)
    return find_code (cli_codes, G_N_ELEMENTS (cli_codes), error->code);
  if (error->domain == STACK_ERROR)
    return find_code (stack_codes, G_N_ELEMENTS (stack_codes), error->code);
  if (error->domain == KUBE_ERROR)
    return find_code (kube_codes, G_N_ELEMENTS (kube_codes), error->code);

  return "failed";
}

static void
add_detail (GPtrArray  *details,
            const char *name,
            const char *text)
{
  if (text != NULL && text[0] != '\0')
    g_ptr_array_add (details, g_strdup_printf ("%s: %s", name, text));
}

static void
add_causes (GPtrArray *details,
            JsonNode  *status)
{
  JsonArray *causes = base_json_get_array (status, "details", "causes", NULL);
  guint      n_causes = causes != NULL ? json_array_get_length (causes) : 0;

  for (guint i = 0; i < n_causes; i++)
    {
      JsonNode   *cause = json_array_get_element (causes, i);
      const char *field = base_json_get_string (cause, "field", NULL);
      const char *message = base_json_get_string (cause, "message", NULL);
      const char *reason = base_json_get_string (cause, "reason", NULL);

      g_ptr_array_add (details, g_strdup_printf ("cause: %s: %s (%s)",
                                                 field != NULL ? field : "-",
                                                 message != NULL ? message : "-",
                                                 reason != NULL ? reason : "-"));
    }
}

/**
 * cli_error_dup_details:
 * @error: why a verb ended
 *
 * Collects what `--verbose` adds to an error: its kind and, when the API server
 * answered with a Status object, the HTTP status, the reason, the message and
 * every cause in it.
 *
 * Returns: (transfer full) (element-type utf8): one detail a line
 */
GPtrArray *
cli_error_dup_details (const GError *error)
{
  g_autoptr(GPtrArray) details = g_ptr_array_new_with_free_func (g_free);
  JsonNode *status;

  g_return_val_if_fail (error != NULL, g_steal_pointer (&details));

  g_ptr_array_add (details, g_strdup_printf ("kind: %s (%s)", cli_error_to_code (error),
                                             g_quark_to_string (error->domain)));
  if (error->domain != KUBE_ERROR)
    return g_steal_pointer (&details);

  if (kube_error_get_http_status (error) != 0)
    g_ptr_array_add (details, g_strdup_printf ("HTTP status: %u",
                                               kube_error_get_http_status (error)));
  status = kube_error_get_status (error);
  if (status != NULL)
    {
      add_detail (details, "reason", base_json_get_string (status, "reason", NULL));
      add_detail (details, "message", base_json_get_string (status, "message", NULL));
      add_causes (details, status);
    }
  else
    {
      add_detail (details, "answer", kube_error_get_excerpt (error));
    }

  return g_steal_pointer (&details);
}
