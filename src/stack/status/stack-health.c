/* stack-health.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-health-private.h"

#include "base-json.h"
#include "base-redact.h"
#include "kube-error.h"

/* Asks the app's own health route through the API server and the app's Service, so that neither
 * an Ingress nor a way into the cluster's network is needed. */

static StackHealth *
health_new (gboolean    healthy,
            guint       http_status,
            const char *words)
{
  StackHealth *self = g_new0 (StackHealth, 1);

  self->healthy = healthy;
  self->http_status = http_status;
  self->words = base_redact_text (words);

  return self;
}

/*
 * stack_health_free:
 * @self: (transfer full): an answer
 *
 * Frees it.
 */
void
stack_health_free (StackHealth *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->words);
  g_free (self);
}

/* {"status":"healthy","checks":{"database":"healthy",…},…} */
static StackHealth *
read_answer (JsonNode *answer)
{
  const char *status = base_json_get_string (answer, "status", NULL);
  const char *error = base_json_get_string (answer, "error", NULL);

  if (status == NULL)
    return health_new (FALSE, 200, "The answer is not that of Hacky Stack's health route.");

  return health_new (g_str_equal (status, "healthy"), 200, error != NULL ? error : status);
}

/* The app's reason out of the readable piece of its answer, which may be cut short. */
static char *
read_reason (const char *excerpt)
{
  g_autoptr(GRegex) regex = NULL;
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(JsonNode) answer = base_json_parse (excerpt, -1, NULL);
  const char *error = base_json_get_string (answer, "error", NULL);

  if (error != NULL)
    return g_strdup (error);

  if (g_str_has_suffix (excerpt, "…") &&
      g_regex_match_simple ("\"database\":\\s*\"unhealthy\"", excerpt, G_REGEX_DEFAULT,
                            G_REGEX_MATCH_DEFAULT))
    return g_strdup ("it does not reach its database");

  regex = g_regex_new ("\"error\":\\s*\"((?:[^\"\\\\]|\\\\.)+)", G_REGEX_DEFAULT, 0, NULL);
  if (g_regex_match (regex, excerpt, 0, &match))
    return g_match_info_fetch (match, 1);

  return g_strdup (excerpt);
}

static void
stack_health_ask_call_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  guint       http_status = error != NULL ? kube_error_get_http_status (error) : 200;
  const char *text = error != NULL ? kube_error_get_text (error) : NULL;

  if (answer != NULL)
    g_task_return_pointer (task, read_answer (answer), (GDestroyNotify) stack_health_free);
  else if (http_status != 0 && kube_error_get_status (error) == NULL && text != NULL)
    {
      g_autofree char *reason = read_reason (text);

      g_task_return_pointer (task, health_new (FALSE, http_status, reason),
                             (GDestroyNotify) stack_health_free);
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/*
 * stack_health_ask_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @service: the app's Service
 * @port: the Service's port, by name or number
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks the app for its health, once.
 */
void
stack_health_ask_async (KubeClient         *client,
                        const char         *ns,
                        const char         *service,
                        const char         *port,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL && service != NULL && port != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_health_ask_async);

  request = kube_request_new_service_proxy (ns, service, port, STACK_HEALTH_PATH);
  kube_client_call_async (client, request, cancellable, stack_health_ask_call_cb,
                          g_steal_pointer (&task));
}

/*
 * stack_health_ask_pod_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @pod: one of the app's pods
 * @port: the number of the port it listens on
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks one pod for its health, past the Service. Finish with stack_health_ask_finish().
 */
void
stack_health_ask_pod_async (KubeClient         *client,
                            const char         *ns,
                            const char         *pod,
                            gint64              port,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autofree char *base = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL && pod != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_health_ask_pod_async);

  base = kube_resource_build_path (&KUBE_POD, ns, pod, NULL);
  path = g_strdup_printf ("%s:%" G_GINT64_FORMAT "/proxy" STACK_HEALTH_PATH, base, port);
  request = kube_request_new ("GET", path);
  kube_client_call_async (client, request, cancellable, stack_health_ask_call_cb,
                          g_steal_pointer (&task));
}

/*
 * stack_health_ask_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * An app that answers that it is not well is an answer, not an error. Possible errors are those of
 * [error@Kube.Error], when the question did not reach the app, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): what the app said
 */
StackHealth *
stack_health_ask_finish (GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
