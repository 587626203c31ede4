/* stack-endpoints.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-endpoints-private.h"

#include "base-json.h"
#include "kube-error.h"
#include "stack-error.h"
#include "stack-operation-private.h"
#include "stack-retry-private.h"

/* Whether a Service leads anywhere: its EndpointSlices name the pods that it sends visitors to.
 * Their controller may lag behind the pods, and is given time. */

typedef struct
{
  KubeClient     *client;    /* (owned) */
  StackOperation *operation; /* (owned) */
  char           *ns;        /* (owned) */
  char           *service;   /* (owned) */
  StackRetry      retry;
  StackOutcome    outcome;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_object (&look->client);
  g_clear_object (&look->operation);
  g_free (look->ns);
  g_free (look->service);
  stack_retry_clear (&look->retry);
  g_free (look);
}

/* Those without a word about it are ready (discovery/v1: EndpointConditions). */
static guint
count_ready (JsonNode *slice)
{
  JsonArray *endpoints = base_json_get_array (slice, "endpoints", NULL);
  guint      n = 0;

  for (guint i = 0; endpoints != NULL && i < json_array_get_length (endpoints); i++)
    n += base_json_get_boolean (json_array_get_element (endpoints, i), TRUE, "conditions", "ready",
                                NULL)
             ? 1
             : 0;

  return n;
}

static guint
count_all_ready (JsonNode *list)
{
  JsonArray *slices = base_json_get_array (list, "items", NULL);
  guint      n = 0;

  for (guint i = 0; slices != NULL && i < json_array_get_length (slices); i++)
    n += count_ready (json_array_get_element (slices, i));

  return n;
}

static void ask (GTask *task);

static gboolean
on_ask_again_cb (gpointer user_data)
{
  if (!g_task_return_error_if_cancelled (user_data))
    ask (user_data);

  return G_SOURCE_REMOVE;
}

static void
ask_again_or_end (GTask        *task,
                  const GError *error)
{
  Look            *look = g_task_get_task_data (task);
  g_autofree char *words = NULL;

  if (stack_retry_again (&look->retry, error))
    {
      words = stack_retry_explain (error);
      stack_operation_set_detail (look->operation, words);
      stack_retry_wait (&look->retry, task, on_ask_again_cb);
    }
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN) ||
           g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    {
      g_task_return_pointer (task, g_strdup_printf ("Not asked. %s", error->message), g_free);
    }
  else if (error->domain == KUBE_ERROR)
    {
      g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_UNHEALTHY,
                               "The app is well, but whether its Service leads to it is not known. "
                               "%s",
                               error->message);
    }
  else
    {
      g_task_return_error (task, g_error_copy (error));
    }
}

static void
handle_none (GTask *task)
{
  Look            *look = g_task_get_task_data (task);
  g_autofree char *words = NULL;
  g_autoptr(GError) error = NULL;

  error = g_error_new (KUBE_ERROR, KUBE_ERROR_UNAVAILABLE,
                       "Service %s leads to no pod yet.", look->service);
  if (stack_retry_again (&look->retry, error))
    ask_again_or_end (task, error);
  else
    g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_UNHEALTHY,
                             "The pods are ready, but Service %s leads to none of them, so no "
                             "visitor reaches the app. Its selector may not fit the labels of the "
                             "pods. Compare both, correct the manifests and deploy again.",
                             look->service);
}

static void
stack_endpoints_look_list_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Look *look = g_task_get_task_data (task);
  guint n;

  if (list == NULL)
    {
      ask_again_or_end (task, error);
      return;
    }

  n = count_all_ready (list);
  if (n == 0)
    {
      handle_none (task);
      return;
    }

  look->outcome = STACK_OUTCOME_READY;
  g_task_return_pointer (task, g_strdup_printf ("%u ready endpoint%s", n, n == 1 ? "" : "s"),
                         g_free);
}

static void
ask (GTask *task)
{
  Look            *look = g_task_get_task_data (task);
  GCancellable    *cancellable = g_task_get_cancellable (task);
  g_autofree char *selector = NULL;
  g_autoptr(KubeRequest) request = NULL;

  selector = g_strconcat ("kubernetes.io/service-name=", look->service, NULL);
  request = kube_request_new_list (&KUBE_ENDPOINT_SLICE, look->ns, KUBE_FORM_OBJECT, selector, 0,
                                   NULL);
  kube_client_call_async (look->client, request, cancellable, stack_endpoints_look_list_cb,
                          g_object_ref (task));
}

/*
 * stack_endpoints_look_async:
 * @client: the cluster
 * @ns: the Service's namespace
 * @service: its name
 * @deadline: until when to try while the cluster is away, in µs of the monotonic clock; 0 for ever
 * @operation: whose detail says what is waited for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Counts the endpoints of a Service that are ready; where there is none, for a minute.
 */
void
stack_endpoints_look_async (KubeClient         *client,
                            const char         *ns,
                            const char         *service,
                            gint64              deadline,
                            StackOperation     *operation,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Look *look;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL && service != NULL);
  g_return_if_fail (STACK_IS_OPERATION (operation));

  look = g_new0 (Look, 1);
  look->client = g_object_ref (client);
  look->operation = g_object_ref (operation);
  look->ns = g_strdup (ns);
  look->service = g_strdup (service);
  stack_retry_init (&look->retry, deadline);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_endpoints_look_async);
  g_task_set_task_data (task, look, look_free);
  ask (task);
}

/*
 * stack_endpoints_look_finish:
 * @result: what the callback was given
 * @outcome: (out): %STACK_OUTCOME_READY, or %STACK_OUTCOME_NONE when it could not be asked
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_UNHEALTHY and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): how many there are, or why it could not be asked, in words
 */
char *
stack_endpoints_look_finish (GAsyncResult *result,
                             StackOutcome *outcome,
                             GError      **error)
{
  Look *look;

  g_return_val_if_fail (g_async_result_is_tagged (result, stack_endpoints_look_async), NULL);
  g_return_val_if_fail (outcome != NULL, NULL);

  look = g_task_get_task_data (G_TASK (result));
  *outcome = look->outcome;

  return g_task_propagate_pointer (G_TASK (result), error);
}
