/* stack-database-probe.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-database-probe.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-reflector.h"
#include "stack-database-job-private.h"
#include "stack-database-url-private.h"
#include "stack-error.h"

/* Looks for the database from inside the cluster: is the namespace there? → may such a pod run?
 * (dry run) → create the Job → watch its pod → delete the Job, whatever happened. */

/* Enough for an image that has to be fetched. */
#define PATIENCE_SECONDS 90

#define FALLBACK_NAMESPACE "default"
#define JOBS "/apis/batch/v1/namespaces/%s/jobs"
#define PODS "/api/v1/namespaces/%s/pods?dryRun=All"

typedef struct
{
  /* Input */
  KubeClient *client; /* (owned) */
  char       *ns;     /* (owned) */
  char       *name;   /* (owned) of the Job */
  char       *image;  /* (owned) */
  char       *host;   /* (owned) */
  guint16     port;

  /* In progress */
  JsonNode      *job;       /* (owned) */
  KubeReflector *pods;      /* (owned) (nullable) */
  GSource       *timeout;   /* (owned) (nullable) */
  GSource       *cancelled; /* (owned) (nullable) */
  gboolean       creating;  /* the Job is on its way */
  gboolean       created;   /* there is a Job to delete */
  gboolean       leaving;   /* it is on its way out */

  /* Result */
  StackDatabaseState state;
  char              *words; /* (owned) (nullable) */
  GError            *error; /* (owned) (nullable) */
} Probe;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
probe_free (gpointer data)
{
  Probe *probe = data;

  g_clear_object (&probe->client);
  g_clear_object (&probe->pods);
  clear_source (&probe->timeout);
  clear_source (&probe->cancelled);
  g_clear_pointer (&probe->job, json_node_unref);
  g_free (probe->ns);
  g_free (probe->name);
  g_free (probe->image);
  g_free (probe->host);
  g_free (probe->words);
  g_clear_error (&probe->error);
  g_free (probe);
}

static void
return_result (GTask *task)
{
  Probe *probe = g_task_get_task_data (task);

  if (probe->error != NULL)
    g_task_return_error (task, g_steal_pointer (&probe->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
stack_database_probe_delete_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  /* The cluster removes it by itself, a minute after its end. */
  if (error != NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    g_debug ("The Job that looked for the database was not deleted: %s", error->message);
  return_result (task);
}

static void
delete_job (GTask *task)
{
  Probe           *probe = g_task_get_task_data (task);
  g_autofree char *collection = g_strdup_printf (JOBS, probe->ns);
  g_autofree char *path = g_strconcat (collection, "/", probe->name, NULL);
  g_autoptr(KubeRequest) request = kube_request_new ("DELETE", path);

  kube_request_add_query (request, "propagationPolicy", "Background");
  kube_client_call_async (probe->client, request, NULL, stack_database_probe_delete_cb,
                          g_object_ref (task));
}

/* Ends the look, with @error or without: the Job goes first, even when somebody cancels. */
static void
leave (GTask  *task,
       GError *error)
{
  Probe *probe = g_task_get_task_data (task);

  if (probe->leaving)
    {
      g_clear_error (&error);
      return;
    }

  probe->leaving = TRUE;
  probe->error = error;
  clear_source (&probe->timeout);
  clear_source (&probe->cancelled);
  if (probe->pods != NULL)
    {
      g_signal_handlers_disconnect_by_data (probe->pods, task);
      kube_reflector_stop (probe->pods);
    }
  if (probe->created)
    delete_job (task);
  else if (!probe->creating)
    return_result (task);
}

static void
look_at_pods (GTask *task)
{
  Probe      *probe = g_task_get_task_data (task);
  GListModel *pods = kube_reflector_get_model (probe->pods);

  for (guint i = 0; i < g_list_model_get_n_items (pods); i++)
    {
      g_autoptr(KubeObject) pod = g_list_model_get_item (pods, i);

      g_clear_pointer (&probe->words, g_free);
      if (stack_database_job_read_pod (kube_object_get_node (pod), &probe->state, &probe->words))
        {
          leave (task, NULL);
          return;
        }
    }
}

static void
on_pods_changed_cb (KubeReflector *pods,
                    gpointer       user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);

  look_at_pods (task);
}

static void
on_pods_state_cb (KubeReflector *pods,
                  GParamSpec    *pspec,
                  gpointer       user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);

  if (kube_reflector_get_state (pods) == KUBE_REFLECTOR_FAILED)
    leave (task, g_error_copy (kube_reflector_get_error (pods)));
}

static gboolean
on_timeout_cb (gpointer user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);
  Probe *probe = g_task_get_task_data (task);

  probe->state = STACK_DATABASE_UNKNOWN;
  g_free (probe->words);
  probe->words = g_strdup_printf ("it did not start within %d seconds", PATIENCE_SECONDS);
  leave (task, NULL);

  return G_SOURCE_REMOVE;
}

static void
watch_pods (GTask *task)
{
  Probe           *probe = g_task_get_task_data (task);
  g_autofree char *selector = g_strconcat (STACK_DATABASE_JOB_LABEL "=", probe->name, NULL);

  probe->pods = kube_reflector_new (probe->client, &KUBE_POD, probe->ns, KUBE_FORM_OBJECT,
                                    selector);
  g_signal_connect (probe->pods, "changed", G_CALLBACK (on_pods_changed_cb), task);
  g_signal_connect (probe->pods, "notify::state", G_CALLBACK (on_pods_state_cb), task);
  kube_reflector_start (probe->pods);
}

static void
stack_database_probe_create_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Probe *probe = g_task_get_task_data (task);

  /* Without an answer there may be one all the same. */
  probe->creating = FALSE;
  probe->created = TRUE;
  if (probe->leaving)
    delete_job (task);
  else if (answer == NULL)
    leave (task, g_steal_pointer (&error));
  else
    watch_pods (task);
}

static void
stack_database_probe_try_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  g_autoptr(KubeRequest) request = NULL;
  Probe           *probe = g_task_get_task_data (task);
  g_autofree char *path = g_strdup_printf (JOBS, probe->ns);

  if (probe->leaving)
    return;
  if (answer == NULL)
    {
      g_prefix_error (&error, "The pod that would look for the database was refused. ");
      leave (task, g_steal_pointer (&error));
      return;
    }

  probe->creating = TRUE;
  request = kube_request_new ("POST", path);
  kube_request_set_json (request, "application/json", probe->job);
  kube_client_call_async (probe->client, request, NULL, stack_database_probe_create_cb,
                          g_steal_pointer (&task));
}

static void
try_pod (GTask *task)
{
  Probe *probe = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = NULL;
  g_autoptr(JsonNode) pod = NULL;
  g_autofree char *path = g_strdup_printf (PODS, probe->ns);

  probe->job = stack_database_job_new (probe->name, probe->ns, probe->image, probe->host,
                                       probe->port);
  pod = stack_database_job_dup_pod (probe->job);
  request = kube_request_new ("POST", path);
  kube_request_set_json (request, "application/json", pod);
  kube_client_call_async (probe->client, request, NULL, stack_database_probe_try_cb,
                          g_object_ref (task));
}

static void
stack_database_probe_namespace_cb (GObject      *source,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Probe *probe = g_task_get_task_data (task);

  if (probe->leaving)
    return;

  /* Before the first deployment there is none. Who may not look may still create. */
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    {
      g_free (probe->ns);
      probe->ns = g_strdup (FALLBACK_NAMESPACE);
    }
  else if (error != NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN))
    {
      leave (task, g_steal_pointer (&error));
      return;
    }

  try_pod (task);
}

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = g_object_ref (user_data);

  leave (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                    "The look for the database was cancelled."));

  return G_SOURCE_REMOVE;
}

static void
add_sources (GTask        *task,
             GCancellable *cancellable)
{
  Probe *probe = g_task_get_task_data (task);

  probe->timeout = g_timeout_source_new_seconds (PATIENCE_SECONDS);
  g_task_attach_source (task, probe->timeout, on_timeout_cb);
  if (cancellable == NULL)
    return;

  probe->cancelled = g_cancellable_source_new (cancellable);
  g_task_attach_source (task, probe->cancelled, G_SOURCE_FUNC (on_cancelled_cb));
}

/**
 * stack_database_probe_async:
 * @settings: the answers
 * @client: the cluster
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is known
 * @user_data: data for @callback
 *
 * Looks from inside the cluster whether PostgreSQL answers where DATABASE_URL leads. A pod of the
 * app's image does that, in the app's namespace, or in "default" while there is none. It is told
 * host and port and nothing else, and signs in nowhere. It fits PodSecurity's restricted profile.
 * The pod is removed in the end, also when it is cancelled; when this program is killed, the
 * cluster removes it (ttlSecondsAfterFinished, activeDeadlineSeconds of its Job).
 *
 * It creates something in the cluster: have the user's word first.
 */
void
stack_database_probe_async (StackSettings      *settings,
                            KubeClient         *client,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Probe *probe;

  g_return_if_fail (STACK_IS_SETTINGS (settings));
  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  probe = g_new0 (Probe, 1);
  probe->client = g_object_ref (client);
  probe->ns = g_strdup (stack_settings_get_text (settings, STACK_FIELD_NAMESPACE));
  probe->image = g_strdup (stack_settings_get_text (settings, STACK_FIELD_IMAGE));
  probe->name = g_strdup_printf ("hackystack-database-check-%08x", g_random_int ());
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_database_probe_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, probe, probe_free);
  if (!stack_database_url_find_server (stack_settings_get_text (settings, STACK_FIELD_DATABASE_URL),
                                       &probe->host, &probe->port))
    {
      g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_VALUES,
                               "DATABASE_URL does not say where the database is. Nothing can be "
                               "looked for. Correct it first.");
      return;
    }

  add_sources (task, cancellable);
  request = kube_request_new_get (&KUBE_NAMESPACE, NULL, probe->ns);
  kube_client_call_async (client, request, NULL, stack_database_probe_namespace_cb,
                          g_object_ref (task));
}

static char *
describe (Probe *probe)
{
  static const struct
  {
    const char *before; /* the server */
    const char *after;
  } messages[] = {
    [STACK_DATABASE_ANSWERS] = { "From inside the cluster PostgreSQL answers at ",
                                 ". Whether it lets the user in was not tried." },
    [STACK_DATABASE_NAME] = { "Inside the cluster nobody knows the name of ",
                              ". Pods do not read this machine's /etc/hosts. Use a name of the "
                              "cluster's, an address, or host.minikube.internal for the machine "
                              "that Minikube runs on." },
    [STACK_DATABASE_REFUSED] = { "Connections from inside the cluster are refused by ",
                                 ". Nothing listens there for others: PostgreSQL listens to its "
                                 "own machine alone unless listen_addresses says otherwise. Start "
                                 "it, or correct the port." },
    [STACK_DATABASE_TIMED_OUT] = { "Inside the cluster nothing came back from ",
                                   ". A firewall or a network policy may swallow it, or the "
                                   "address is wrong. Let the cluster's nodes through." },
    [STACK_DATABASE_OTHER] = { "What answers is not PostgreSQL at ",
                               ". Correct host and port of DATABASE_URL." },
    [STACK_DATABASE_UNREACHABLE] = { "No way leads from inside the cluster to ",
                                     ". The address may be wrong, or its network not be joined "
                                     "with the cluster's. Correct it." },
    [STACK_DATABASE_UNKNOWN] = { "It is not known whether the cluster reaches ",
                                 ". The pod that was to look could not" },
  };
  g_autofree char *server = g_strdup_printf ("%s, port %u", probe->host, probe->port);
  gboolean         unknown = probe->state == STACK_DATABASE_UNKNOWN;

  return g_strconcat (messages[probe->state].before, server, messages[probe->state].after,
                      unknown ? ": " : "", unknown ? probe->words : "",
                      unknown ? ". Put that right and look again." : "", NULL);
}

/**
 * stack_database_probe_finish:
 * @result: what the callback was given
 * @state: (out): what was found
 * @message: (out) (transfer full): the same in words, without a secret
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_VALUES (DATABASE_URL names no server), those of
 * [error@Kube.Error] (the cluster does not answer, or refuses the pod) and %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether the look came to an end; @state and @message are set then
 */
gboolean
stack_database_probe_finish (GAsyncResult       *result,
                             StackDatabaseState *state,
                             char              **message,
                             GError            **error)
{
  Probe *probe;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_database_probe_async), FALSE);
  g_return_val_if_fail (state != NULL && message != NULL, FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  probe = g_task_get_task_data (G_TASK (result));
  *state = probe->state;
  *message = describe (probe);

  return TRUE;
}
