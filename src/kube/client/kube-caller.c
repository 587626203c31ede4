/* kube-caller.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-caller.h"

#include <string.h>

#include "kube-error.h"
#include "kube-sleep-monitor.h"

/* A change of the network comes in several steps. */
#define SETTLE_MS 1000

/**
 * KubeCaller:
 *
 * One call after another to the same server for as long as its owner lives, such
 * as a reflector's lists and watches.
 *
 * At most one call is under way. Each has a cancellable of its own, so that an
 * answer that comes late, after the caller has turned to something else, is known
 * as such ([method@Call.dup_owner]). A guard tells when a connection has been
 * silent for too long; so do the end of a sleep and a change of the network, after
 * which it may be dead without saying so. After a failure the caller waits and then
 * goes on, at once when one of these happens.
 */
struct _KubeCaller
{
  gpointer             owner;  /* (not owned): owns the caller */
  KubeClient          *client; /* (owned) */
  KubeRetry           *retry;  /* (owned) */
  KubeCallerResumeFunc resume;
  KubeCallerDoubtFunc  doubt;
  KubeSleepMonitor    *sleep; /* (owned) */
  gulong               woken_id;
  GNetworkMonitor     *network; /* (owned) */
  gulong               network_changed_id;
  guint                settle_ms;

  GCancellable   *cancellable; /* (owned) (nullable): of the call under way */
  BaseLineReader *reader;      /* (owned) (nullable): of the stream under way */
  GSource        *guard;       /* (owned) (nullable) */
  GSource        *settling;    /* (owned) (nullable): until the network has settled */
};

static void
retry_cb (gpointer user_data)
{
  KubeCaller *self = user_data;
  g_autoptr(GObject) owner = g_object_ref (self->owner);

  self->resume (owner);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_timeout (GSource   **source,
             guint       after_ms,
             GSourceFunc callback,
             KubeCaller *self)
{
  clear_source (source);
  *source = g_timeout_source_new (after_ms);
  g_source_set_static_name (*source, "kube-caller");
  g_source_set_callback (*source, callback, self, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

/* The wait, or the call, is not what the owner should go on with. */
static void
raise_doubt (KubeCaller *self,
             KubeDoubt   doubt)
{
  g_autoptr(GObject) owner = g_object_ref (self->owner);

  kube_caller_unguard (self);
  clear_source (&self->settling);
  kube_retry_hurry (self->retry);
  if (self->cancellable != NULL)
    self->doubt (owner, doubt);
}

static void
on_monitor_woken_cb (KubeSleepMonitor *monitor,
                     gpointer          user_data)
{
  raise_doubt (user_data, KUBE_DOUBT_SLEEP);
}

static gboolean
settling_cb (gpointer user_data)
{
  raise_doubt (user_data, KUBE_DOUBT_NETWORK);

  return G_SOURCE_REMOVE;
}

static void
on_monitor_network_changed_cb (GNetworkMonitor *monitor,
                               gboolean         available,
                               gpointer         user_data)
{
  KubeCaller *self = user_data;

  kube_retry_hurry (self->retry);
  if (self->cancellable != NULL)
    set_timeout (&self->settling, self->settle_ms, settling_cb, self);
}

/**
 * kube_caller_new: (skip)
 * @owner: (type GObject): who makes the calls; frees the caller when it is disposed of
 * @client: the server
 * @resume: called with @owner when a wait that [method@Caller.retry] began is over
 * @doubt: called with @owner when the connection of the call under way may be dead:
 *   it is up to @owner to abandon it
 *
 * Returns: (transfer full): a caller that calls nobody yet
 */
KubeCaller *
kube_caller_new (gpointer             owner,
                 KubeClient          *client,
                 KubeCallerResumeFunc resume,
                 KubeCallerDoubtFunc  doubt)
{
  KubeCaller *self;

  g_return_val_if_fail (G_IS_OBJECT (owner), NULL);
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (resume != NULL, NULL);
  g_return_val_if_fail (doubt != NULL, NULL);

  self = g_new0 (KubeCaller, 1);
  self->owner = owner;
  self->client = g_object_ref (client);
  self->retry = kube_retry_new (retry_cb, self);
  self->resume = resume;
  self->doubt = doubt;
  self->settle_ms = SETTLE_MS;
  self->sleep = kube_sleep_monitor_dup_default ();
  self->woken_id = g_signal_connect (self->sleep, "woken", G_CALLBACK (on_monitor_woken_cb), self);
  self->network = g_object_ref (g_network_monitor_get_default ());
  self->network_changed_id = g_signal_connect (self->network, "network-changed",
                                               G_CALLBACK (on_monitor_network_changed_cb), self);

  return self;
}

/**
 * kube_caller_free:
 * @self: (nullable): a caller
 *
 * Abandons what is under way and frees @self.
 */
void
kube_caller_free (KubeCaller *self)
{
  if (self == NULL)
    return;

  kube_caller_abandon (self);
  g_clear_signal_handler (&self->woken_id, self->sleep);
  g_object_unref (self->sleep);
  g_clear_signal_handler (&self->network_changed_id, self->network);
  g_object_unref (self->network);
  kube_retry_free (self->retry);
  g_object_unref (self->client);
  g_free (self);
}

/**
 * kube_caller_set_timing:
 * @self: a caller
 * @timing: other waits than the usual ones
 *
 * Lets tests be quick.
 */
void
kube_caller_set_timing (KubeCaller            *self,
                        const KubeRetryTiming *timing)
{
  g_return_if_fail (self != NULL);

  kube_retry_set_timing (self->retry, timing);
  self->settle_ms = timing->initial_ms;
}

/**
 * kube_caller_get_client:
 * @self: a caller
 *
 * Returns: (transfer none): the server
 */
KubeClient *
kube_caller_get_client (KubeCaller *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->client;
}

/**
 * kube_caller_begin: (skip)
 * @self: a caller
 *
 * Begins a call; [method@Call.get_cancellable] is the cancellable to make it with.
 * The one before must be over or abandoned.
 *
 * Returns: (transfer full): user data for the callback of the call
 */
KubeCall *
kube_caller_begin (KubeCaller *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();

  return kube_call_new (self->owner, self->cancellable);
}

/**
 * kube_caller_call:
 * @self: a caller
 * @request: what to ask
 * @callback: given a #KubeCall, which it owns
 *
 * Makes a call with [method@Client.call_async].
 */
void
kube_caller_call (KubeCaller         *self,
                  KubeRequest        *request,
                  GAsyncReadyCallback callback)
{
  KubeCall *call = kube_caller_begin (self);

  kube_client_call_async (self->client, request, self->cancellable, callback, call);
}

/**
 * kube_caller_stream:
 * @self: a caller
 * @request: what to ask
 * @callback: given a #KubeCall, which it owns
 *
 * Makes a call with [method@Client.stream_async].
 */
void
kube_caller_stream (KubeCaller         *self,
                    KubeRequest        *request,
                    GAsyncReadyCallback callback)
{
  KubeCall *call = kube_caller_begin (self);

  kube_client_stream_async (self->client, request, self->cancellable, callback, call);
}

/**
 * kube_caller_take_stream:
 * @self: a caller
 * @stream: the answer to [method@Caller.stream]
 * @max_line_length: how many bytes a line may have
 *
 * Lets [method@Caller.read] read the lines of @stream.
 */
void
kube_caller_take_stream (KubeCaller   *self,
                         GInputStream *stream,
                         gsize         max_line_length)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->reader);
  self->reader = base_line_reader_new (stream, max_line_length);
}

/**
 * kube_caller_read:
 * @self: a caller with a stream
 * @callback: given a #KubeCall, which it owns
 *
 * Reads lines with `base_line_reader_read_async()`.
 */
void
kube_caller_read (KubeCaller         *self,
                  GAsyncReadyCallback callback)
{
  KubeCall *call = kube_caller_begin (self);

  /* Below the priority of drawing: a flood of lines must not freeze a window. */
  base_line_reader_read_async (self->reader, G_PRIORITY_DEFAULT_IDLE, self->cancellable, callback,
                               call);
}

/**
 * kube_caller_get_reader: (skip)
 * @self: a caller
 *
 * Returns: (transfer none) (nullable): the reader of the stream under way
 */
BaseLineReader *
kube_caller_get_reader (KubeCaller *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->reader;
}

static gboolean
guard_cb (gpointer user_data)
{
  raise_doubt (user_data, KUBE_DOUBT_SILENCE);

  return G_SOURCE_REMOVE;
}

/**
 * kube_caller_guard:
 * @self: a caller
 * @silence_ms: how long the call under way may say nothing, in milliseconds
 *
 * Waits for a sign of life, anew after each.
 */
void
kube_caller_guard (KubeCaller *self,
                   guint       silence_ms)
{
  g_return_if_fail (self != NULL);

  set_timeout (&self->guard, silence_ms, guard_cb, self);
}

/**
 * kube_caller_unguard:
 * @self: a caller
 *
 * Ends the wait for a sign of life.
 */
void
kube_caller_unguard (KubeCaller *self)
{
  g_return_if_fail (self != NULL);

  clear_source (&self->guard);
}

/**
 * kube_caller_abandon:
 * @self: a caller
 *
 * Ends the call under way: its answer is not wanted any longer.
 */
void
kube_caller_abandon (KubeCaller *self)
{
  g_return_if_fail (self != NULL);

  clear_source (&self->guard);
  clear_source (&self->settling);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reader);
}

/**
 * kube_caller_retry:
 * @self: a caller
 * @error: (nullable): what went wrong
 *
 * Abandons the call under way and goes on after a wait that fits @error; see
 * [method@Retry.schedule].
 */
void
kube_caller_retry (KubeCaller   *self,
                   const GError *error)
{
  g_return_if_fail (self != NULL);

  kube_caller_abandon (self);
  kube_retry_schedule (self->retry, error);
}

/**
 * kube_caller_stop:
 * @self: a caller
 *
 * Abandons the call under way, and the wait.
 */
void
kube_caller_stop (KubeCaller *self)
{
  g_return_if_fail (self != NULL);

  kube_caller_abandon (self);
  kube_retry_cancel (self->retry);
}

/**
 * kube_caller_answered:
 * @self: a caller
 *
 * Tells that the server answered as it should; see [method@Retry.answered].
 */
void
kube_caller_answered (KubeCaller *self)
{
  g_return_if_fail (self != NULL);

  kube_retry_answered (self->retry);
}

/**
 * kube_caller_succeed:
 * @self: a caller
 *
 * Tells that all goes well: every wait starts short again.
 */
void
kube_caller_succeed (KubeCaller *self)
{
  g_return_if_fail (self != NULL);

  kube_retry_succeed (self->retry);
}

/**
 * kube_caller_describe_cut:
 * @cause: why a call or a stream ended
 *
 * Errors below HTTP, as reading a stream has them, get words for people.
 *
 * Returns: (transfer full): @cause, or a %KUBE_ERROR_UNREACHABLE that tells it
 */
GError *
kube_caller_describe_cut (const GError *cause)
{
  gsize length;

  g_return_val_if_fail (cause != NULL, NULL);

  if (cause->domain == KUBE_ERROR)
    return g_error_copy (cause);

  /* What the TLS library says may end with a full stop of its own. */
  length = strlen (cause->message);
  while (length > 0 && cause->message[length - 1] == '.')
    length--;

  return g_error_new (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                      "The connection to the cluster was cut: %.*s. It is being made again.",
                      (int) length, cause->message);
}
