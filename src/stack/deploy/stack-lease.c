/* stack-lease.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-lease-private.h"

#include "base-json.h"
#include "kube-deadline.h"
#include "kube-error.h"
#include "kube-request-change.h"
#include "kube-resource.h"
#include "stack-change.h"
#include "stack-error.h"
#include "stack-holder-private.h"
#include "stack-operation-private.h"
#include "stack-retry-private.h"

#include <time.h>

#define NAME "hackystack-deployment"

/* A holder that has not been heard of for so long is given up. Neither its clock nor ours has to be
 * right: what counts is for how long we see its object stay as it is. */
#define LAPSE_SECONDS 6
#define RENEW_SECONDS 2
#define LOOK_MS 700

/* Whoever lets go need not be heard. */
#define RELEASE_SECONDS 3

/*
 * StackLease:
 *
 * Lets only one at a time change the app in a namespace: a `Lease` (coordination.k8s.io) that is
 * there while somebody writes. Without it two deployments could leave the settings of the one
 * beside the secrets of the other. Whoever was killed meanwhile is found to be gone at once on the
 * same machine, elsewhere when it has not renewed the Lease for some seconds. Whoever was only
 * stopped for so long asks before it goes on writing, see stack_lease_is_in_doubt().
 *
 * Where a Lease may not be made, everybody goes on without.
 */
struct _StackLease
{
  GObject parent_instance;

  KubeClient *client; /* (owned) */
  char       *ns;     /* (owned) */
  char       *holder; /* (owned) this lease's name for itself */

  /* Held */
  gboolean      held;
  gboolean      moved;   /* others had it, or may have had it, before that */
  gboolean      lost;    /* it is there no longer, or another one's */
  char         *uid;     /* (owned) (nullable) */
  gint64        renewed; /* in µs of get_time(): when the last renewal that arrived went out */
  gint64        sent;    /* the renewal that is under way */
  GSource      *renew;   /* (owned) (nullable) */
  GCancellable *renewal; /* (owned) (nullable) one is under way */

  /* Being acquired */
  StackOperation *operation; /* (owned) (nullable) whose detail says what is waited for */
  gint64          deadline;  /* monotonic µs, 0 for none */
  StackRetry      retry;
  StackRetry      look;    /* while another one holds it */
  gint64          asked;   /* when the last request went out, by get_time() */
  char           *version; /* (owned) (nullable) the other's Lease, as it was seen last */
  gint64          since;   /* monotonic µs since it has been so */
};

G_DEFINE_FINAL_TYPE (StackLease, stack_lease, G_TYPE_OBJECT)

static void
stop_renewing (StackLease *self)
{
  if (self->renew != NULL)
    g_source_destroy (self->renew);
  g_clear_pointer (&self->renew, g_source_unref);
  g_cancellable_cancel (self->renewal);
  g_clear_object (&self->renewal);
}

static void
stack_lease_dispose (GObject *object)
{
  StackLease *self = STACK_LEASE (object);

  stop_renewing (self);
  stack_retry_clear (&self->retry);
  stack_retry_clear (&self->look);
  g_clear_object (&self->operation);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (stack_lease_parent_class)->dispose (object);
}

static void
stack_lease_finalize (GObject *object)
{
  StackLease *self = STACK_LEASE (object);

  g_free (self->ns);
  g_free (self->holder);
  g_free (self->uid);
  g_free (self->version);

  G_OBJECT_CLASS (stack_lease_parent_class)->finalize (object);
}

static void
stack_lease_class_init (StackLeaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = stack_lease_dispose;
  object_class->finalize = stack_lease_finalize;
}

static void
stack_lease_init (StackLease *self)
{
  self->holder = stack_holder_build ();
}

/*
 * stack_lease_new:
 * @client: the cluster
 * @ns: the namespace to write into
 *
 * Returns: (transfer full): a lease that nobody holds yet
 */
StackLease *
stack_lease_new (KubeClient *client,
                 const char *ns)
{
  StackLease *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ns != NULL, NULL);

  self = g_object_new (STACK_TYPE_LEASE, NULL);
  self->client = g_object_ref (client);
  self->ns = g_strdup (ns);

  return self;
}

static const KubeResource *
get_resource (void)
{
  return kube_resource_find ("coordination.k8s.io/v1", "Lease");
}

/* MicroTime of apimachinery, which takes exactly this form. */
static char *
format_now (void)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
}

/* In µs. The monotonic clock stands still while the machine sleeps; others do not. */
static gint64
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* Holding it. */

/* The server says that the Lease is not ours: it has gone, or it has another UID. */
static gboolean
is_not_ours (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_INVALID);
}

static void
stack_lease_renew_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(StackLease) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) lease = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  /* The lease was let go. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->renewal);
  if (lease != NULL)
    self->renewed = self->sent;
  else if (is_not_ours (error))
    self->lost = TRUE;
  else
    g_debug ("The lease of %s was not renewed: %s", self->ns, error->message);
}

/* With its UID, so that nobody else's is renewed. */
static gboolean
on_renew_cb (gpointer user_data)
{
  StackLease      *self = user_data;
  g_autofree char *now = format_now ();
  g_autofree char *text = g_strdup_printf ("{\"metadata\":{\"uid\":\"%s\"},\"spec\":{\"renewTime\":"
                                           "\"%s\"}}",
                                           self->uid != NULL ? self->uid : "", now);
  g_autoptr(JsonNode) patch = base_json_parse (text, -1, NULL);
  g_autoptr(KubeRequest) request = NULL;

  if (self->renewal != NULL)
    return G_SOURCE_CONTINUE;

  self->renewal = g_cancellable_new ();
  self->sent = get_time ();
  request = kube_request_new_patch (get_resource (), self->ns, NAME, NULL, KUBE_PATCH_MERGE, patch);
  kube_request_set_change (request, STACK_FIELD_MANAGER, KUBE_CHANGE_NONE);
  kube_client_call_async (self->client, request, self->renewal, stack_lease_renew_cb,
                          g_object_ref (self));

  return G_SOURCE_CONTINUE;
}

/* The Lease was made or seen after @self->asked. */
static void
hold (GTask    *task,
      JsonNode *lease)
{
  StackLease *self = g_task_get_source_object (task);
  const char *uid = base_json_get_string (lease, "metadata", "uid", NULL);

  self->moved = !self->held || g_strcmp0 (uid, self->uid) != 0;
  self->held = TRUE;
  self->lost = FALSE;
  self->renewed = self->asked;
  g_free (self->uid);
  self->uid = g_strdup (uid);
  stop_renewing (self);
  self->renew = g_timeout_source_new_seconds (RENEW_SECONDS);
  g_source_set_callback (self->renew, on_renew_cb, self, NULL);
  g_source_attach (self->renew, g_task_get_context (task));
  g_task_return_boolean (task, TRUE);
}

/*
 * stack_lease_is_in_doubt:
 * @self: a lease
 *
 * Whoever was stopped, or cut off from the cluster, for as long as a holder is believed to live may
 * have been taken for gone.
 *
 * Returns: whether the lease is held and has to be acquired again before more is written
 */
gboolean
stack_lease_is_in_doubt (StackLease *self)
{
  g_return_val_if_fail (STACK_IS_LEASE (self), FALSE);

  return self->held &&
         (self->lost || get_time () - self->renewed >= LAPSE_SECONDS * G_USEC_PER_SEC);
}

/*
 * stack_lease_get_moved:
 * @self: a lease that was acquired
 *
 * Returns: whether others may have written since it was acquired the time before; %TRUE for the
 *   first time
 */
gboolean
stack_lease_get_moved (StackLease *self)
{
  g_return_val_if_fail (STACK_IS_LEASE (self), FALSE);

  return self->moved;
}

/* Getting it: create → if there is one, look whose → wait, or take it away → create. */

static void attempt (GTask *task);
static void look (GTask *task);

static gboolean
on_attempt_cb (gpointer user_data)
{
  if (!g_task_return_error_if_cancelled (user_data))
    attempt (user_data);

  return G_SOURCE_REMOVE;
}

/* What is no answer is waited for; any other leads to a deployment without a lease, whose objects
 * will be refused in better words if they are. */
static void
handle_failure (GTask        *task,
                const GError *error)
{
  StackLease      *self = g_task_get_source_object (task);
  g_autofree char *words = NULL;

  if (stack_retry_again (&self->retry, error))
    {
      /* Nor could its holder be heard. */
      g_clear_pointer (&self->version, g_free);
      words = stack_retry_explain (error);
      stack_operation_set_detail (self->operation, words);
      stack_retry_wait (&self->retry, task, on_attempt_cb);
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_error_copy (error));
    }
  else
    {
      g_debug ("There is no lease in %s: %s", self->ns, error->message);
      self->moved = TRUE;
      self->held = FALSE;
      g_task_return_boolean (task, TRUE);
    }
}

static void
stack_lease_take_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  /* It has gone, or its holder is alive after all, or somebody else was quicker. */
  if (answer != NULL || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) ||
      g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT))
    attempt (task);
  else
    handle_failure (task, error);
}

static void
take (GTask    *task,
      JsonNode *lease)
{
  StackLease       *self = g_task_get_source_object (task);
  KubeDeleteOptions options = KUBE_DELETE_OPTIONS_INIT;
  g_autoptr(KubeRequest) request = NULL;

  options.uid = base_json_get_string (lease, "metadata", "uid", NULL);
  options.resource_version = base_json_get_string (lease, "metadata", "resourceVersion", NULL);
  request = kube_request_new_delete_with (get_resource (), self->ns, NAME, &options);
  kube_client_call_async (self->client, request, g_task_get_cancellable (task), stack_lease_take_cb,
                          g_object_ref (task));
}

static gboolean
on_look_cb (gpointer user_data)
{
  if (!g_task_return_error_if_cancelled (user_data))
    look (user_data);

  return G_SOURCE_REMOVE;
}

/* Whether the other one has been silent for long enough. */
static gboolean
has_lapsed (StackLease *self,
            JsonNode   *lease)
{
  const char *version = base_json_get_string (lease, "metadata", "resourceVersion", NULL);
  gint64      now = g_get_monotonic_time ();

  if (self->version == NULL || g_strcmp0 (self->version, version) != 0)
    {
      g_free (self->version);
      self->version = g_strdup (version);
      self->since = now;
    }

  return now - self->since >= LAPSE_SECONDS * G_USEC_PER_SEC;
}

static void
wait_for_other (GTask      *task,
                const char *holder)
{
  StackLease      *self = g_task_get_source_object (task);
  g_autofree char *author = stack_holder_dup_author (holder);
  g_autofree char *words = NULL;

  if (self->deadline != 0 && g_get_monotonic_time () >= self->deadline)
    {
      g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_TIMED_OUT,
                               "Another change, of %s, is under way in the namespace %s and did not "
                               "come to its end in time. Two at once could mix their settings. Wait "
                               "for it, then try again.",
                               author, self->ns);
      return;
    }

  words = g_strdup_printf ("Another change, of %s, is under way. Waiting for it…", author);
  stack_operation_set_detail (self->operation, words);
  base_backoff_init (&self->look.backoff, LOOK_MS, LOOK_MS, 1.0, 0.3);
  stack_retry_wait (&self->look, task, on_look_cb);
}

static void
stack_lease_look_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) lease = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  StackLease *self = g_task_get_source_object (task);
  const char *holder = base_json_get_string (lease, "spec", "holderIdentity", NULL);

  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    attempt (task);
  else if (lease == NULL)
    handle_failure (task, error);
  /* The answer to our own request was lost. */
  else if (g_strcmp0 (holder, self->holder) == 0)
    hold (task, lease);
  else if (holder == NULL || stack_holder_is_gone (holder) || has_lapsed (self, lease))
    take (task, lease);
  else
    wait_for_other (task, holder);
}

static void
look (GTask *task)
{
  StackLease *self = g_task_get_source_object (task);
  g_autoptr(KubeRequest) request = kube_request_new_get (get_resource (), self->ns, NAME);

  self->asked = get_time ();
  kube_client_call_async (self->client, request, g_task_get_cancellable (task), stack_lease_look_cb,
                          g_object_ref (task));
}

static void
stack_lease_create_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) lease = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  if (lease != NULL)
    hold (task, lease);
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_ALREADY_EXISTS))
    look (task);
  else
    handle_failure (task, error);
}

static JsonNode *
build_lease (StackLease *self)
{
  static const char form[] =
      "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":"
      "\"" NAME "\",\"labels\":{\"app.kubernetes.io/name\":\"hackystack\","
      "\"app.kubernetes.io/part-of\":\"hackystack\","
      "\"app.kubernetes.io/managed-by\":\"hackystack-desktop\"}},\"spec\":{}}";
  JsonNode        *node = base_json_parse (form, -1, NULL);
  JsonObject      *spec = base_json_get_object (node, "spec", NULL);
  g_autofree char *now = format_now ();

  json_object_set_string_member (spec, "holderIdentity", self->holder);
  json_object_set_int_member (spec, "leaseDurationSeconds", LAPSE_SECONDS);
  json_object_set_string_member (spec, "acquireTime", now);
  json_object_set_string_member (spec, "renewTime", now);

  return node;
}

static void
attempt (GTask *task)
{
  StackLease *self = g_task_get_source_object (task);
  g_autoptr(JsonNode) lease = build_lease (self);
  g_autoptr(KubeRequest) request = NULL;

  self->asked = get_time ();
  request = kube_request_new_create (get_resource (), self->ns, lease, STACK_FIELD_MANAGER,
                                     KUBE_CHANGE_NONE);
  kube_client_call_async (self->client, request, g_task_get_cancellable (task),
                          stack_lease_create_cb, g_object_ref (task));
}

/*
 * stack_lease_acquire_async:
 * @self: a lease that is not held, or that is in doubt
 * @deadline: when to give up, in µs of the monotonic clock; 0 for never
 * @operation: whose detail says what is waited for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Waits until nobody else holds the lease, and takes it.
 */
void
stack_lease_acquire_async (StackLease         *self,
                           gint64              deadline,
                           StackOperation     *operation,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (STACK_IS_LEASE (self));
  g_return_if_fail (STACK_IS_OPERATION (operation));

  stop_renewing (self);
  stack_retry_clear (&self->retry);
  stack_retry_clear (&self->look);
  g_clear_pointer (&self->version, g_free);
  g_set_object (&self->operation, operation);
  self->deadline = deadline;
  stack_retry_init (&self->retry, deadline);
  stack_retry_init (&self->look, deadline);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_lease_acquire_async);
  attempt (task);
}

/*
 * stack_lease_acquire_finish:
 * @self: a lease
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_TIMED_OUT, when another one did not let go, and
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether to go on, with the lease or because there cannot be one
 */
gboolean
stack_lease_acquire_finish (StackLease   *self,
                            GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (STACK_IS_LEASE (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Letting it go. */

static void
stack_lease_release_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);

  if (answer == NULL)
    g_debug ("The lease stays until it lapses: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

/*
 * stack_lease_release_async:
 * @self: a lease
 * @callback: (scope async): called when it is done, after three seconds at most
 * @user_data: data for @callback
 *
 * Lets go what is held. It does nothing when nothing is.
 */
void
stack_lease_release_async (StackLease         *self,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  KubeDeleteOptions options = KUBE_DELETE_OPTIONS_INIT;
  KubeDeadline     *deadline;
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;

  g_return_if_fail (STACK_IS_LEASE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, stack_lease_release_async);
  stop_renewing (self);
  if (!self->held)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->held = FALSE;
  deadline = kube_deadline_new (NULL, RELEASE_SECONDS);
  g_task_set_task_data (task, deadline, (GDestroyNotify) kube_deadline_free);
  options.uid = self->uid;
  request = kube_request_new_delete_with (get_resource (), self->ns, NAME, &options);
  kube_client_call_async (self->client, request, kube_deadline_get_cancellable (deadline),
                          stack_lease_release_cb, g_object_ref (task));
}

/*
 * stack_lease_release_finish:
 * @self: a lease
 * @result: what the callback was given
 *
 * Ends [method@Lease.release_async]. A lease that could not be let go lapses by itself.
 */
void
stack_lease_release_finish (StackLease   *self,
                            GAsyncResult *result)
{
  g_return_if_fail (STACK_IS_LEASE (self));
  g_return_if_fail (g_task_is_valid (result, self));

  g_task_propagate_boolean (G_TASK (result), NULL);
}
