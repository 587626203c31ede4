/* stack-status.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-status.h"

#include "base-json.h"
#include "base-redact.h"
#include "base-time.h"
#include "kube-error.h"
#include "kube-pod.h"
#include "kube-readiness.h"
#include "kube-request.h"
#include "stack-health-private.h"
#include "stack-ingress-private.h"
#include "stack-selector-private.h"

/* More pods than a hundred are never deployed; a page holds them all. */
#define PAGE 500

/**
 * StackStatus:
 *
 * What runs at one moment: for `hackystackctl status` and the first line of the overview.
 */
G_DEFINE_BOXED_TYPE (StackStatus, stack_status, stack_status_ref, stack_status_unref)

typedef struct
{
  /* Input */
  KubeClient *client; /* (owned) */
  char       *ns;     /* (owned) */

  /* In progress */
  JsonNode  *deployment; /* (owned) (nullable) */
  GPtrArray *pods;       /* (element-type JsonNode) (owned) */
  guint      n_pending;
  gboolean   healthy;
  GError    *error; /* (owned) (nullable) the first one */

  /* Result */
  StackStatus *status; /* (owned) */
} Read;

static void
read_free (gpointer data)
{
  Read *read = data;

  g_clear_object (&read->client);
  g_clear_pointer (&read->ns, g_free);
  g_clear_pointer (&read->deployment, json_node_unref);
  g_clear_pointer (&read->pods, g_ptr_array_unref);
  g_clear_error (&read->error);
  g_clear_pointer (&read->status, stack_status_unref);
  g_free (read);
}

static StackStatus *
status_new (void)
{
  StackStatus *self = g_atomic_rc_box_new0 (StackStatus);

  self->pods = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_pod_status_free);

  return self;
}

static StackPodStatus *
read_pod (JsonNode *pod)
{
  StackPodStatus *status = g_new0 (StackPodStatus, 1);
  const char     *created = base_json_get_string (pod, "metadata", "creationTimestamp", NULL);
  gint64          age_us = created != NULL ? g_get_real_time () - base_time_parse (created) : 0;

  status->name = g_strdup (base_json_get_string (pod, "metadata", "name", NULL));
  status->status = kube_pod_dup_status (pod);
  status->restarts = kube_pod_get_restarts (pod);
  status->ready = kube_pod_is_ready (pod);
  status->age_seconds = MAX (age_us, 0) / G_USEC_PER_SEC;
  status->node = g_strdup (base_json_get_string (pod, "spec", "nodeName", NULL));

  return status;
}

static char *
build_summary (Read *read)
{
  StackStatus     *status = read->status;
  g_autofree char *reason = NULL;
  const char      *plural = status->desired == 1 ? "" : "s";
  KubeReadiness    readiness;

  if (!status->deployed)
    return g_strdup_printf ("Hacky Stack is not deployed in the namespace %s.", read->ns);

  readiness = kube_readiness_deployment (read->deployment, read->pods, NULL, g_get_real_time (),
                                         &reason);
  if (readiness == KUBE_READINESS_FAILED)
    return g_strdup_printf ("Hacky Stack does not get ready: %s.", reason);
  if (readiness == KUBE_READINESS_TERMINATING)
    return g_strdup ("Hacky Stack is being deleted.");
  if (readiness == KUBE_READINESS_IN_PROGRESS)
    return g_strdup_printf ("Hacky Stack is on its way: %s.", reason);
  if (status->desired == 0)
    return g_strdup ("Hacky Stack is switched off: it is scaled to no pods.");
  if (status->health_status == 0)
    return g_strdup_printf ("%u of %u pod%s ready; the app itself could not be asked.",
                            status->ready, status->desired, plural);
  if (!read->healthy)
    return g_strdup_printf ("%u of %u pod%s ready, but the app is not well: %s.", status->ready,
                            status->desired, plural, status->health);

  return g_strdup_printf ("Hacky Stack works: %u of %u pod%s ready, and the app is healthy.",
                          status->ready, status->desired, plural);
}

static void
finish (GTask *task)
{
  Read            *read = g_task_get_task_data (task);
  g_autofree char *summary = NULL;

  if (--read->n_pending > 0)
    return;

  if (read->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&read->error));
      return;
    }

  summary = build_summary (read);
  read->status->summary = base_redact_text (summary);
  g_task_return_pointer (task, g_steal_pointer (&read->status),
                         (GDestroyNotify) stack_status_unref);
}

static void
stack_status_read_health_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackHealth) health = stack_health_ask_finish (result, &error);
  Read *read = g_task_get_task_data (task);

  if (health != NULL)
    {
      read->healthy = health->healthy;
      read->status->health = g_strdup (health->words);
      read->status->health_status = health->http_status;
    }
  else
    read->status->health = g_strdup (error->message);

  finish (task);
}

static void
stack_status_read_ingress_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(JsonNode) ingress = kube_client_call_finish (KUBE_CLIENT (source), result, NULL);
  Read *read = g_task_get_task_data (task);

  read->status->host = g_strdup (stack_ingress_get_host (ingress));
  finish (task);
}

static void
stack_status_read_pods_cb (GObject      *source,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  JsonArray *items = base_json_get_array (list, "items", NULL);
  Read      *read = g_task_get_task_data (task);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *pod = json_array_get_element (items, i);

      g_ptr_array_add (read->pods, json_node_ref (pod));
      g_ptr_array_add (read->status->pods, read_pod (pod));
    }
  if (list == NULL && read->error == NULL)
    read->error = g_steal_pointer (&error);

  finish (task);
}

static void
read_details (GTask *task)
{
  Read            *read = g_task_get_task_data (task);
  GCancellable    *cancellable = g_task_get_cancellable (task);
  JsonObject      *labels = base_json_get_object (read->deployment, "spec", "selector", "matchLabels",
                                                  NULL);
  g_autofree char *selector = stack_selector_build (labels);
  g_autoptr(KubeRequest) pods = NULL;
  g_autoptr(KubeRequest) ingress = NULL;

  pods = kube_request_new_list (&KUBE_POD, read->ns, KUBE_FORM_OBJECT, selector, PAGE, NULL);
  ingress = kube_request_new_get (&KUBE_INGRESS, read->ns, STACK_APP_INGRESS);

  read->n_pending += 3;
  kube_client_call_async (read->client, pods, cancellable, stack_status_read_pods_cb,
                          g_object_ref (task));
  kube_client_call_async (read->client, ingress, cancellable, stack_status_read_ingress_cb,
                          g_object_ref (task));
  stack_health_ask_async (read->client, read->ns, STACK_APP_SERVICE, STACK_APP_PORT, cancellable,
                          stack_status_read_health_cb, g_object_ref (task));
}

static void
take_deployment (Read *read)
{
  StackStatus *status = read->status;
  JsonArray   *containers = base_json_get_array (read->deployment, "spec", "template", "spec",
                                                 "containers", NULL);

  status->deployed = TRUE;
  status->paused = base_json_get_boolean (read->deployment, FALSE, "spec", "paused", NULL);
  status->desired = base_json_get_int (read->deployment, 1, "spec", "replicas", NULL);
  status->ready = base_json_get_int (read->deployment, 0, "status", "readyReplicas", NULL);
  if (containers != NULL && json_array_get_length (containers) > 0)
    status->image = g_strdup (base_json_get_string (json_array_get_element (containers, 0),
                                                    "image", NULL));
}

static void
stack_status_read_deployment_cb (GObject      *source,
                                 GAsyncResult *result,
                                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Read *read = g_task_get_task_data (task);

  read->deployment = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (read->deployment != NULL)
    {
      take_deployment (read);
      read_details (task);
    }
  else if (!g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    read->error = g_steal_pointer (&error);

  finish (task);
}

/**
 * stack_status_ref:
 * @self: a status
 *
 * Returns: (transfer full): @self with one more reference
 */
StackStatus *
stack_status_ref (StackStatus *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
status_clear (gpointer data)
{
  StackStatus *self = data;

  g_clear_pointer (&self->summary, g_free);
  g_clear_pointer (&self->image, g_free);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->health, g_free);
  g_clear_pointer (&self->pods, g_ptr_array_unref);
}

/**
 * stack_status_unref:
 * @self: (transfer full): a status
 *
 * Gives a reference back.
 */
void
stack_status_unref (StackStatus *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, status_clear);
}

/**
 * stack_status_read_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks once what runs: the Deployment, and if there is one its pods, the Ingress and the app's own
 * health.
 */
void
stack_status_read_async (KubeClient         *client,
                         const char         *ns,
                         GCancellable       *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Read *read;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  read = g_new0 (Read, 1);
  read->client = g_object_ref (client);
  read->ns = g_strdup (ns);
  read->pods = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  read->status = status_new ();
  read->n_pending = 1;

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_status_read_async);
  g_task_set_task_data (task, read, read_free);

  request = kube_request_new_get (&KUBE_DEPLOYMENT, ns, STACK_APP_DEPLOYMENT);
  kube_client_call_async (client, request, cancellable, stack_status_read_deployment_cb,
                          g_steal_pointer (&task));
}

/**
 * stack_status_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * An app that is not deployed, or not well, is a status and no error. Possible errors are those of
 * [error@Kube.Error] for the Deployment and its pods, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): what runs
 */
StackStatus *
stack_status_read_finish (GAsyncResult *result,
                          GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_status_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
