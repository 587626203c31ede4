/* kube-client.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-client-private.h"

#include <string.h>

#include "base-json.h"
#include "kube-answer.h"
#include "kube-attempts.h"
#include "kube-change-doubt.h"
#include "kube-connection-error.h"
#include "kube-context-private.h"
#include "kube-credentials.h"
#include "kube-deadline.h"
#include "kube-error.h"
#include "kube-soup-transport.h"

/* The API server itself gives up after 60 seconds. */
#define SILENCE_SECONDS 90
#define MAX_BODY_SIZE (64 * 1024 * 1024)
#define MAX_FAILURE_SIZE (256 * 1024)
#define CHUNK_SIZE (64 * 1024)
#define MAX_WARNINGS 1000
/* Parsing more than this takes longer than a frame may. */
#define MAX_PARSE_INLINE (64 * 1024)

/**
 * KubeClient:
 *
 * Speaks with the API server of one context, as one user.
 */
struct _KubeClient
{
  GObject parent_instance;

  KubeContext     *context;
  KubeTransport   *transport;
  GTlsCertificate *certificate; /* (nullable) with which the user signs in */
  GHashTable      *warnings;    /* (element-type utf8) those that were told already */
  guint            silence;     /* seconds without a byte after which an answer is given up */
};

G_DEFINE_FINAL_TYPE (KubeClient, kube_client, G_TYPE_OBJECT)

enum
{
  WARNING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  /* Input */
  KubeRequest *request;
  gboolean     stream; /* the body of a success is handed out unread */

  /* The body of a success goes here, piece by piece */
  KubeClientSink sink; /* (nullable) */
  gpointer       sink_data;

  /* In progress */
  KubeAttempts  attempts;
  KubeDeadline *deadline; /* (nullable) */
  KubeResponse *response; /* (nullable) */
  GByteArray   *body;
} Call;

static void
clear_body (GByteArray **body)
{
  /* It may have held the values of Secrets. */
  if (*body != NULL && (*body)->len > 0)
    explicit_bzero ((*body)->data, (*body)->len);
  g_clear_pointer (body, g_byte_array_unref);
}

static void
call_free (Call *call)
{
  kube_request_unref (call->request);
  g_clear_pointer (&call->deadline, kube_deadline_free);
  g_clear_object (&call->response);
  clear_body (&call->body);
  g_free (call);
}

static void
kube_client_dispose (GObject *object)
{
  KubeClient *self = KUBE_CLIENT (object);

  g_clear_object (&self->context);
  g_clear_object (&self->transport);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->warnings, g_hash_table_unref);

  G_OBJECT_CLASS (kube_client_parent_class)->dispose (object);
}

static void
kube_client_class_init (KubeClientClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_client_dispose;

  /**
   * KubeClient::warning:
   * @self: the client
   * @text: what the API server warns of
   *
   * The API server warns of something, such as a deprecated version. Each text comes once.
   */
  signals[WARNING] = g_signal_new ("warning", KUBE_TYPE_CLIENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kube_client_init (KubeClient *self)
{
  self->warnings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->silence = SILENCE_SECONDS;
}

/**
 * kube_client_new:
 * @context: a context
 * @transport: how requests reach its API server
 *
 * Creates a client over a transport of one's own; see [id@kube_client_connect_async] for the
 * usual way.
 *
 * Returns: (transfer full): a new client
 */
KubeClient *
kube_client_new (KubeContext   *context,
                 KubeTransport *transport)
{
  KubeClient *self;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (KUBE_IS_TRANSPORT (transport), NULL);

  self = g_object_new (KUBE_TYPE_CLIENT, NULL);
  self->context = g_object_ref (context);
  self->transport = g_object_ref (transport);

  return self;
}

static void
connect_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError          *error = NULL;
  KubeCredentials *credentials;

  credentials = kube_credentials_load (KUBE_CONTEXT (task_data), cancellable, &error);
  if (credentials != NULL)
    g_task_return_pointer (task, credentials, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * kube_client_connect_async:
 * @context: a context
 * @cancellable: (nullable): a cancellable
 * @callback: called when the client is ready
 * @user_data: data for @callback
 *
 * Makes a client for a context: reads the certificates, the private key and the token, and
 * checks them. Contacts nobody.
 */
void
kube_client_connect_async (KubeContext        *context,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CONTEXT (context));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_client_connect_async);
  g_task_set_task_data (task, g_object_ref (context), g_object_unref);
  /* A thread, because the files may lie on a network share and checking keys is arithmetic. */
  g_task_run_in_thread (task, connect_thread);
}

/**
 * kube_client_connect_finish:
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes making a client.
 *
 * Possible errors: %KUBE_ERROR_CONFIG if the context has a problem, %KUBE_ERROR_CREDENTIALS,
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the client, or %NULL with @error set
 */
KubeClient *
kube_client_connect_finish (GAsyncResult *result,
                            GError      **error)
{
  g_autoptr(KubeCredentials) credentials = NULL;
  g_autoptr(KubeSoupTransport) transport = NULL;
  KubeClient *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_client_connect_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  credentials = g_task_propagate_pointer (G_TASK (result), error);
  if (credentials == NULL)
    return NULL;

  transport = kube_soup_transport_new (credentials);
  self = kube_client_new (kube_credentials_get_context (credentials),
                          KUBE_TRANSPORT (transport));
  g_set_object (&self->certificate, kube_credentials_get_certificate (credentials));

  return self;
}

/**
 * kube_client_get_context:
 * @self: a client
 *
 * Returns: (transfer none): the context that the client was made for
 */
KubeContext *
kube_client_get_context (KubeClient *self)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);

  return self->context;
}

static void
tell_warnings (KubeClient   *self,
               KubeResponse *response)
{
  const char *const *warnings = kube_response_get_warnings (response);

  for (guint i = 0; warnings[i] != NULL; i++)
    if (g_hash_table_size (self->warnings) < MAX_WARNINGS &&
        g_hash_table_add (self->warnings, g_strdup (warnings[i])))
      g_signal_emit (self, signals[WARNING], 0, warnings[i]);
}

/* The server says no more than "Unauthorized"; who was refused is known here only. */
static void
explain_unauthorized (KubeClient *self,
                      GError     *error)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) end = NULL;
  g_autofree char *date = NULL;
  const char      *user = self->context->user_name;

  if (self->certificate != NULL)
    end = g_tls_certificate_get_not_valid_after (self->certificate);
  g_free (error->message);

  if (end != NULL && g_date_time_compare (now, end) > 0)
    {
      date = g_date_time_format (end, "%Y-%m-%d");
      error->message = g_strdup_printf ("The cluster does not accept the credentials of user “%s”: "
                                        "the client certificate expired on %s. Fetch a new one "
                                        "from the cluster (for Minikube: minikube start).",
                                        user,
                                        date);
    }
  else if (user != NULL)
    error->message = g_strdup_printf ("The cluster does not accept the credentials of user “%s” "
                                      "(context “%s”). They may have expired, or belong to "
                                      "another cluster. Renew them, or choose another context.",
                                      user, self->context->name);
  else
    error->message = g_strdup_printf ("The cluster demands credentials, but the context “%s” "
                                      "names no user. Add a user to it, or choose another "
                                      "context.",
                                      self->context->name);
}

static GError *
build_error (KubeClient   *self,
             KubeRequest  *request,
             KubeResponse *response,
             GByteArray   *body)
{
  GError *error = kube_answer_build_error (request, response, body);

  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED) &&
      !kube_request_get_relayed (request))
    explain_unauthorized (self, error);

  return error;
}

static GError *
describe_cause (KubeClient   *self,
                Call         *call,
                const GError *cause)
{
  if (call->deadline != NULL && kube_deadline_has_expired (call->deadline))
    return g_error_new (KUBE_ERROR, KUBE_ERROR_TIMEOUT,
                        "The cluster at %s did not answer within %u %s. It may be "
                        "overloaded, or the connection is lost. Try again in a moment.",
                        self->context->server, self->silence,
                        self->silence == 1 ? "second" : "seconds");

  if (call->response != NULL)
    return kube_connection_error_new_cut (self->context, cause);

  return kube_connection_error_new (self->context, cause, 0, NULL);
}

static guint
get_status (Call *call)
{
  return call->response != NULL ? kube_response_get_status (call->response) : 0;
}

/* Why a step of a call failed, for people. */
static GError *
describe_failure (KubeClient   *self,
                  Call         *call,
                  const GError *cause)
{
  GError *error = describe_cause (self, call, cause);

  kube_change_doubt_explain (call->request, get_status (call), error);
  return error;
}

static GCancellable *
get_cancellable (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  return call->deadline != NULL ? kube_deadline_get_cancellable (call->deadline)
                                : g_task_get_cancellable (task);
}

static void send_attempt (GTask *task);

static gboolean
on_retry_cb (gpointer user_data)
{
  GTask *task = user_data;

  if (!g_task_return_error_if_cancelled (task))
    send_attempt (g_object_ref (task));

  return G_SOURCE_REMOVE;
}

static gboolean
on_retry_cancelled_cb (GCancellable *cancellable,
                       gpointer      user_data)
{
  return G_SOURCE_REMOVE;
}

/* Takes the task. The waiting ends early when the call is cancelled. */
static void
retry_later (GTask *task,
             guint  wait_ms)
{
  Call         *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GSource) source = g_timeout_source_new (wait_ms);

  g_clear_object (&call->response);
  clear_body (&call->body);
  g_clear_pointer (&call->deadline, kube_deadline_free);

  if (cancellable != NULL)
    {
      g_autoptr(GSource) child = g_cancellable_source_new (cancellable);

      g_source_set_callback (child, G_SOURCE_FUNC (on_retry_cancelled_cb), NULL, NULL);
      g_source_add_child_source (source, child);
    }
  g_source_set_callback (source, on_retry_cb, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

/* Whoever reads a stream decides about opening it again; and what an app behind the server says
 * is its own affair. */
static gboolean
may_repeat (Call         *call,
            const GError *error,
            guint        *wait_ms)
{
  if (call->stream ||
      (kube_request_get_relayed (call->request) && kube_error_get_status (error) == NULL))
    return FALSE;
  if (call->response == NULL)
    return kube_error_get_cut (error) &&
           kube_attempts_after_cut (&call->attempts, kube_request_get_method (call->request),
                                    wait_ms);

  return kube_attempts_after_answer (&call->attempts, kube_response_get_status (call->response),
                                     kube_response_get_retry_after (call->response), wait_ms);
}

/* Takes the task. Tries again, or ends the call with the error. */
static void
fail_or_repeat (GTask  *owned,
                GError *failure)
{
  g_autoptr(GTask) task = owned;
  g_autoptr(GError) error = failure;
  Call *call = g_task_get_task_data (task);
  guint wait_ms;

  if (may_repeat (call, error, &wait_ms))
    {
      retry_later (g_steal_pointer (&task), wait_ms);
      return;
    }

  if (error->domain == KUBE_ERROR)
    kube_attempts_explain (&call->attempts, error);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
parse_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Call     *call = task_data;
  GError   *error = NULL;
  JsonNode *node = kube_answer_parse (call->request, call->response, call->body, &error);

  if (node != NULL)
    {
      g_task_return_pointer (task, node, (GDestroyNotify) json_node_unref);
      return;
    }

  kube_change_doubt_explain (call->request, get_status (call), error);
  g_task_return_error (task, error);
}

/* Takes the task. */
static void
finish_call (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  KubeClient *self = g_task_get_source_object (task);
  Call       *call = g_task_get_task_data (task);

  g_clear_pointer (&call->deadline, kube_deadline_free);
  if (kube_answer_is_failure (call->response))
    {
      fail_or_repeat (g_steal_pointer (&task), build_error (self, call->request, call->response, call->body));
      return;
    }

  if (call->sink != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  /* A thread for large answers only, because a page of 500 objects takes 100 ms to parse. */
  if (call->body->len > MAX_PARSE_INLINE)
    g_task_run_in_thread (task, parse_thread);
  else
    parse_thread (task, self, call, NULL);
}

static void read_chunk (GTask *task);

/* Keeps a piece of the body, or hands it on. */
static gboolean
take_chunk (Call    *call,
            GBytes  *chunk,
            GError **error)
{
  gsize         length;
  gconstpointer data = g_bytes_get_data (chunk, &length);

  if (call->sink != NULL && !kube_answer_is_failure (call->response))
    return length == 0 || call->sink (data, length, call->sink_data, error);

  g_byte_array_append (call->body, data, (guint) length);

  return TRUE;
}

static void
kube_client_call_read_cb (GObject      *source_object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  KubeClient *self = g_task_get_source_object (task);
  Call       *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) chunk = NULL;
  gboolean failure = kube_answer_is_failure (call->response);

  chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source_object), result, &error);
  if (chunk == NULL)
    {
      g_task_return_error (task, describe_failure (self, call, error));
      return;
    }

  if (!take_chunk (call, chunk, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  kube_deadline_restart (call->deadline);
  if (g_bytes_get_size (chunk) == 0 || (failure && call->body->len > MAX_FAILURE_SIZE))
    finish_call (g_steal_pointer (&task));
  else if (call->body->len > MAX_BODY_SIZE)
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                             "The answer of %s is too large: it has more than 64 MiB. Ask for "
                             "less, for example one namespace at a time.",
                             self->context->server);
  else
    read_chunk (g_steal_pointer (&task));
}

/* Takes the task. */
static void
read_chunk (GTask *task)
{
  Call *call = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (kube_response_get_body (call->response), CHUNK_SIZE,
                                   g_task_get_priority (task), get_cancellable (task),
                                   kube_client_call_read_cb, task);
}

static void
kube_client_call_send_cb (GObject      *source_object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  KubeClient *self = g_task_get_source_object (task);
  Call       *call = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  call->response = kube_transport_send_finish (self->transport, result, &error);
  if (call->response == NULL)
    {
      fail_or_repeat (g_steal_pointer (&task), describe_failure (self, call, error));
      return;
    }

  tell_warnings (self, call->response);
  if (call->stream && !kube_answer_is_failure (call->response))
    {
      g_task_return_pointer (task, g_object_ref (kube_response_get_body (call->response)),
                             g_object_unref);
      return;
    }

  call->body = g_byte_array_new ();
  if (call->deadline == NULL)
    call->deadline = kube_deadline_new (g_task_get_cancellable (task), self->silence);
  kube_deadline_restart (call->deadline);
  read_chunk (g_steal_pointer (&task));
}

/* Takes the task. */
static void
send_attempt (GTask *task)
{
  KubeClient *self = g_task_get_source_object (task);
  Call       *call = g_task_get_task_data (task);

  /* The head of a stream may take its time: a log that has nothing to say. */
  if (!call->stream)
    call->deadline = kube_deadline_new (g_task_get_cancellable (task), self->silence);
  kube_transport_send_async (self->transport, call->request, get_cancellable (task),
                             kube_client_call_send_cb, task);
}

static void
start_call (KubeClient         *self,
            KubeRequest        *request,
            gboolean            stream,
            KubeClientSink      sink,
            gpointer            sink_data,
            GCancellable       *cancellable,
            GAsyncReadyCallback callback,
            gpointer            user_data,
            gpointer            source_tag)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Call *call = g_new0 (Call, 1);

  call->request = kube_request_ref (request);
  call->stream = stream;
  kube_attempts_init (&call->attempts);
  call->sink = sink;
  call->sink_data = sink_data;
  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  send_attempt (g_steal_pointer (&task));
}

/**
 * kube_client_call_async:
 * @self: a client
 * @request: (transfer none): what to ask
 * @cancellable: (nullable): a cancellable
 * @callback: called when the whole answer is there
 * @user_data: data for @callback
 *
 * Sends a request and reads the whole answer, at most 64 MiB. A request that the server puts off
 * with 429 or 5xx and a time to come back after is repeated, and so is one that only reads and
 * whose connection was cut before the answer: at most ten times and with one minute of waiting in
 * all, see `kube_attempts_after_answer()`. The error tells how often it was tried.
 */
void
kube_client_call_async (KubeClient         *self,
                        KubeRequest        *request,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_return_if_fail (KUBE_IS_CLIENT (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  start_call (self, request, FALSE, NULL, NULL, cancellable, callback, user_data,
              kube_client_call_async);
}

/**
 * kube_client_call_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes a call. An answer that is plain text comes as a JSON string.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with @error set
 */
JsonNode *
kube_client_call_finish (KubeClient   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_client_call_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_client_call_get_warnings:
 * @self: a client
 * @result: the result that the callback of [id@kube_client_call_async] got
 *
 * What the server warned of in its answer to this one call, told before or not; see also
 * `KubeClient::warning`.
 *
 * Returns: (transfer none) (array zero-terminated=1): the texts, as long as @result
 */
const char *const *
kube_client_call_get_warnings (KubeClient   *self,
                               GAsyncResult *result)
{
  static const char *const none[] = { NULL };
  const Call              *call;

  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  call = g_task_get_task_data (G_TASK (result));

  return call->response != NULL ? kube_response_get_warnings (call->response) : none;
}

/**
 * kube_client_read_async:
 * @self: a client
 * @request: (transfer none): what to ask
 * @sink: (scope async): takes the body of a success, piece by piece
 * @sink_data: data for @sink; must stay until the end
 * @cancellable: (nullable): a cancellable
 * @callback: called when the whole answer has been read
 * @user_data: data for @callback
 *
 * As [method@Client.call_async], for answers that are too large to be kept as a whole: of any
 * length, and parsed by @sink while they come. Nothing is repeated once @sink has got something.
 */
void
kube_client_read_async (KubeClient         *self,
                        KubeRequest        *request,
                        KubeClientSink      sink,
                        gpointer            sink_data,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_return_if_fail (KUBE_IS_CLIENT (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (sink != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  start_call (self, request, FALSE, sink, sink_data, cancellable, callback, user_data,
              kube_client_read_async);
}

/**
 * kube_client_read_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes reading.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED, those of the sink.
 *
 * Returns: whether the answer was a success and has been read to its end
 */
gboolean
kube_client_read_finish (KubeClient   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_client_read_async), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kube_client_stream_async:
 * @self: a client
 * @request: (transfer none): what to ask
 * @cancellable: (nullable): a cancellable
 * @callback: called when the head of the answer is there
 * @user_data: data for @callback
 *
 * Sends a request whose answer is read piece by piece: a watch, or a log. Nothing is repeated.
 */
void
kube_client_stream_async (KubeClient         *self,
                          KubeRequest        *request,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_return_if_fail (KUBE_IS_CLIENT (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  start_call (self, request, TRUE, NULL, NULL, cancellable, callback, user_data,
              kube_client_stream_async);
}

/**
 * kube_client_stream_finish:
 * @self: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes opening a stream. Reading from it can fail with the errors of GIO. Dropping it ends
 * the connection.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the body of the answer, or %NULL with @error set
 */
GInputStream *
kube_client_stream_finish (KubeClient   *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_client_stream_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/*
 * _kube_client_set_silence:
 * @self: a client
 * @seconds: after how long without a byte a whole answer is given up
 *
 * Lets tests be quick.
 */
void
_kube_client_set_silence (KubeClient *self,
                          guint       seconds)
{
  g_return_if_fail (KUBE_IS_CLIENT (self));

  self->silence = seconds;
}

/*
 * _kube_client_get_transport:
 * @self: a client
 *
 * Returns: (transfer none): how requests reach the API server
 */
KubeTransport *
_kube_client_get_transport (KubeClient *self)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);

  return self->transport;
}

/*
 * _kube_client_build_error:
 * @self: a client
 * @request: what was asked
 * @response: an answer that is none to @request
 * @body: its body
 *
 * Makes an error of an answer, after telling what it warns of.
 *
 * Returns: (transfer full): an error of the domain %KUBE_ERROR
 */
GError *
_kube_client_build_error (KubeClient   *self,
                          KubeRequest  *request,
                          KubeResponse *response,
                          GByteArray   *body)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);

  tell_warnings (self, response);

  return build_error (self, request, response, body);
}
