/* stack-visit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-visit-private.h"

#include "base-json.h"
#include "base-redact.h"
#include "kube-error.h"
#include "stack-error.h"
#include "stack-health-private.h"
#include "stack-ingress-private.h"
#include "stack-knock-private.h"
#include "stack-operation-private.h"
#include "stack-retry-private.h"

/* Visits the app as its visitors do, but for looking up its name: the Ingress says at which address
 * it is served → the Secret says with which certificate → the address is asked for the name. */

/* A controller takes a moment for a new Ingress; one that was cut off from the API server needs up to
 * a minute until it knows of it. What does not fail the visit is not waited for that long. */
#define LENIENT_PATIENCE_US (10 * G_USEC_PER_SEC)
#define PATIENCE_US (60 * G_USEC_PER_SEC)

typedef struct
{
  KubeClient      *client;           /* (owned) */
  StackOperation  *operation;        /* (owned) */
  JsonNode        *ingress;          /* (owned) as it was applied, then as the server has it */
  GTlsCertificate *certificate;      /* (owned) (nullable) which the Ingress should show */
  char            *missing;          /* (owned) (nullable) why there is none */
  gint64           lenient_deadline; /* in µs of the monotonic clock */
  gboolean         class_asked;      /* whether there is the class */
  StackRetry       retry;
  StackOutcome     outcome;
} Visit;

static void
visit_free (gpointer data)
{
  Visit *visit = data;

  g_clear_object (&visit->client);
  g_clear_object (&visit->operation);
  g_clear_object (&visit->certificate);
  g_clear_pointer (&visit->ingress, json_node_unref);
  g_free (visit->missing);
  stack_retry_clear (&visit->retry);
  g_free (visit);
}

static const char *
get_namespace (Visit *visit)
{
  return base_json_get_string (visit->ingress, "metadata", "namespace", NULL);
}

/* What could not be asked is said, and no reason to call the deployment failed. */
static void
return_unasked (GTask      *task,
                const char *words)
{
  g_autofree char *redacted = base_redact_text (words);

  g_task_return_pointer (task, g_strdup_printf ("Not asked. %s", redacted), g_free);
}

static void look_up (GTask *task);

static gboolean
on_again_cb (gpointer user_data)
{
  if (!g_task_return_error_if_cancelled (user_data))
    look_up (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
is_over (gint64 deadline)
{
  return g_get_monotonic_time () >= deadline;
}

/* Whether it is asked once more, because of what has not come yet. */
static gboolean
ask_again (GTask        *task,
           const GError *error)
{
  Visit           *visit = g_task_get_task_data (task);
  g_autofree char *words = NULL;

  if (!stack_retry_again (&visit->retry, error))
    return FALSE;

  words = stack_retry_explain (error);
  stack_operation_set_detail (visit->operation, words);
  stack_retry_wait (&visit->retry, task, on_again_cb);

  return TRUE;
}

static char *
describe_certificate (Visit           *visit,
                      GTlsCertificate *shown)
{
  if (shown == NULL)
    return g_strdup ("without TLS");
  if (visit->certificate == NULL)
    return g_strdup_printf ("with a certificate of the controller's own: %s", visit->missing);
  if (g_tls_certificate_is_same (shown, visit->certificate))
    return g_strdup ("with our certificate");

  return g_strdup ("but with another certificate than ours");
}

/* A controller follows the Secret in its own time. */
static gboolean
await_certificate (GTask           *task,
                   GTlsCertificate *shown)
{
  Visit *visit = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (shown == NULL || visit->certificate == NULL || is_over (visit->lenient_deadline) ||
      g_tls_certificate_is_same (shown, visit->certificate))
    return FALSE;

  error = g_error_new_literal (KUBE_ERROR, KUBE_ERROR_UNAVAILABLE,
                               "The Ingress shows another certificate than ours.");

  return ask_again (task, error);
}

static void
judge (GTask           *task,
       guint            status,
       GTlsCertificate *shown)
{
  Visit           *visit = g_task_get_task_data (task);
  g_autofree char *certificate = describe_certificate (visit, shown);
  g_autoptr(GError) error = NULL;

  if (status < 400)
    {
      if (await_certificate (task, shown))
        return;

      visit->outcome = STACK_OUTCOME_READY;
      g_task_return_pointer (task,
                             g_strdup_printf ("%s://%s answers (HTTP %u) %s", stack_ingress_get_scheme (visit->ingress),
                                              stack_ingress_get_host (visit->ingress), status, certificate),
                             g_free);
      return;
    }

  error = g_error_new (KUBE_ERROR, KUBE_ERROR_UNAVAILABLE, "The Ingress answers HTTP %u.", status);
  if (!ask_again (task, error))
    g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_UNHEALTHY,
                             "The app is well, but visitors of %s://%s get HTTP %u from the "
                             "Ingress controller at %s. It may not serve this class or this host. "
                             "Look at “kubectl describe ingress -n %s”, correct the settings and "
                             "deploy again.",
                             stack_ingress_get_scheme (visit->ingress), stack_ingress_get_host (visit->ingress), status, stack_ingress_get_address (visit->ingress),
                             get_namespace (visit));
}

static void
stack_visit_make_knock_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GTlsCertificate) shown = NULL;
  g_autofree char *words = NULL;
  Visit           *visit = g_task_get_task_data (task);
  guint            status = stack_knock_finish (result, &shown, &error);

  if (status != 0)
    {
      judge (task, status, shown);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  words = g_strdup_printf ("The Ingress's address %s:%u does not answer this computer: %s. "
                           "Visitors from elsewhere may reach it.",
                           stack_ingress_get_address (visit->ingress), stack_ingress_get_port (visit->ingress), error->message);
  return_unasked (task, words);
}

static void
knock (GTask *task)
{
  Visit        *visit = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  stack_knock_async (stack_ingress_get_address (visit->ingress), stack_ingress_get_port (visit->ingress), stack_ingress_get_host (visit->ingress), STACK_HEALTH_PATH,
                     stack_ingress_has_tls (visit->ingress), cancellable, stack_visit_make_knock_cb, g_object_ref (task));
}

static GTlsCertificate *
read_certificate (JsonNode *secret)
{
  const char        *base64 = base_json_get_string (secret, "data", "tls.crt", NULL);
  g_autofree guchar *pem = NULL;
  gsize              length = 0;

  if (base64 == NULL)
    return NULL;

  pem = g_base64_decode (base64, &length);

  return g_tls_certificate_new_from_pem ((const char *) pem, (gssize) length, NULL);
}

static void
stack_visit_make_secret_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) secret = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Visit *visit = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (secret != NULL)
    visit->certificate = read_certificate (secret);
  if (visit->certificate == NULL)
    visit->missing = g_strdup (secret != NULL ? "the Secret of the Ingress holds none"
                                              : "the Secret of the Ingress cannot be read");
  knock (task);
}

static void
ask_certificate (GTask *task)
{
  Visit        *visit = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  const char   *name = stack_ingress_get_secret (visit->ingress);
  g_autoptr(KubeRequest) request = NULL;

  if (!stack_ingress_has_tls (visit->ingress) || visit->certificate != NULL || visit->missing != NULL)
    {
      knock (task);
      return;
    }
  if (name == NULL)
    {
      visit->missing = g_strdup ("the Ingress names none");
      knock (task);
      return;
    }

  request = kube_request_new_get (&KUBE_SECRET, get_namespace (visit), name);
  kube_client_call_async (visit->client, request, cancellable, stack_visit_make_secret_cb,
                          g_object_ref (task));
}

static const char *
get_class (Visit *visit)
{
  return base_json_get_string (visit->ingress, "spec", "ingressClassName", NULL);
}

static void
handle_no_address (GTask *task)
{
  Visit *visit = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  error = g_error_new_literal (KUBE_ERROR, KUBE_ERROR_UNAVAILABLE,
                               "No controller has given the Ingress an address yet.");
  if (is_over (visit->lenient_deadline) || !ask_again (task, error))
    return_unasked (task, "No controller has given the Ingress an address. On Minikube, “minikube "
                          "addons enable ingress” installs one.");
}

/* With a class that the cluster does not have, no controller ever will. */
static void
stack_visit_make_class_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) class = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Visit *visit = g_task_get_task_data (task);

  visit->class_asked = TRUE;
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_UNHEALTHY,
                             "The app is well, but no visitor reaches it: the cluster has no Ingress "
                             "class “%s”, so that no controller serves the Ingress. Choose a class "
                             "that “kubectl get ingressclass” shows, or install the controller that "
                             "serves this one, and deploy again.",
                             get_class (visit));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    handle_no_address (task);
}

static void
ask_class (GTask *task)
{
  Visit *visit = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = NULL;

  request = kube_request_new_get (&KUBE_INGRESS_CLASS, NULL, get_class (visit));
  kube_client_call_async (visit->client, request, g_task_get_cancellable (task),
                          stack_visit_make_class_cb, g_object_ref (task));
}

static void
stack_visit_make_ingress_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) ingress = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Visit *visit = g_task_get_task_data (task);

  if (ingress == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_task_return_error (task, g_steal_pointer (&error));
      else if (!ask_again (task, error))
        return_unasked (task, error->message);
      return;
    }

  json_node_unref (visit->ingress);
  visit->ingress = g_steal_pointer (&ingress);
  if (stack_ingress_get_host (visit->ingress) == NULL)
    return_unasked (task, "The Ingress has no host name.");
  else if (stack_ingress_get_address (visit->ingress) != NULL)
    ask_certificate (task);
  else if (get_class (visit) != NULL && !visit->class_asked)
    ask_class (task);
  else
    handle_no_address (task);
}

static void
look_up (GTask *task)
{
  Visit        *visit = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(KubeRequest) request = NULL;

  request = kube_request_new_get (&KUBE_INGRESS, get_namespace (visit),
                                  base_json_get_string (visit->ingress, "metadata", "name", NULL));
  kube_client_call_async (visit->client, request, cancellable, stack_visit_make_ingress_cb,
                          g_object_ref (task));
}

/*
 * stack_visit_make_async:
 * @client: the cluster
 * @ingress: the Ingress, as it was applied
 * @operation: whose detail says what is waited for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks the app's health by the Ingress: at the address that its controller has given it, for the
 * host name, which this computer need not be able to look up.
 */
void
stack_visit_make_async (KubeClient         *client,
                        JsonNode           *ingress,
                        StackOperation     *operation,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Visit *visit;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ingress != NULL);
  g_return_if_fail (STACK_IS_OPERATION (operation));

  visit = g_new0 (Visit, 1);
  visit->client = g_object_ref (client);
  visit->operation = g_object_ref (operation);
  visit->ingress = json_node_ref (ingress);
  visit->lenient_deadline = g_get_monotonic_time () + LENIENT_PATIENCE_US;
  stack_retry_init (&visit->retry, g_get_monotonic_time () + PATIENCE_US);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_visit_make_async);
  g_task_set_task_data (task, visit, visit_free);
  look_up (task);
}

/*
 * stack_visit_make_finish:
 * @result: what the callback was given
 * @outcome: (out): %STACK_OUTCOME_READY, or %STACK_OUTCOME_NONE when it could not be asked
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_UNHEALTHY, when the Ingress answers with an error for a minute
 * or is of a class that the cluster does not have, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): what answered with which certificate, or why it could not be asked, in
 *   words
 */
char *
stack_visit_make_finish (GAsyncResult *result,
                         StackOutcome *outcome,
                         GError      **error)
{
  Visit *visit;

  g_return_val_if_fail (g_async_result_is_tagged (result, stack_visit_make_async), NULL);
  g_return_val_if_fail (outcome != NULL, NULL);

  visit = g_task_get_task_data (G_TASK (result));
  *outcome = visit->outcome;

  return g_task_propagate_pointer (G_TASK (result), error);
}
