/* kube-log-stream.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-stream-private.h"

#include "base-json.h"
#include "kube-caller.h"
#include "kube-container.h"
#include "kube-error.h"
#include "kube-log-buffer-private.h"
#include "kube-log-filter.h"
#include "kube-log-reader.h"
#include "kube-log-status.h"
#include "kube-pod-wait.h"
#include "kube-pod.h"

/* A quiet log looks like a dead connection: after so long it is made anew. */
#define SILENCE_MS (2 * 60 * 1000)

/* A connection that is shorter and brings nothing new must not be made again at once. */
#define SHORT_CONNECTION (1 * G_TIME_SPAN_SECOND)

/**
 * KubeLogStream:
 *
 * The log of one container, followed across whatever cuts it off.
 *
 * The server ends a followed log when the container ends, when the log is rotated
 * and when the connection breaks, and does not say which. So after each end the
 * stream looks at the pod: it goes on where it was when the container runs, waits
 * when it will be started again, and ends when there is nothing more to come and
 * everything has been read. Each line is in the buffer once.
 */
struct _KubeLogStream
{
  GObject parent_instance;

  /* Inputs */
  char          *ns;        /* (owned) */
  char          *pod;       /* (owned) */
  char          *container; /* (owned) (nullable): NULL until the pod has told the default */
  KubeLogOptions options;   /* its text owned */
  gboolean       split;     /* read what there is to its end before following */
  KubeLogSink    sink;      /* (nullable) */
  gpointer       sink_data;
  guint          silence_ms;

  /* In progress */
  KubeCaller    *caller;      /* (owned) */
  KubeLogReader *reader;      /* (owned) (nullable): of the connection under way */
  KubeLogFilter *filter;      /* (owned) (nullable): NULL until it is started */
  char          *uid;         /* (owned) (nullable): of the pod, once it has been there */
  gint64         opened;      /* monotonic time */
  gboolean       allowed;     /* the server has let us read */
  gboolean       following;   /* this connection goes on */
  gboolean       fruitful;    /* this connection has brought a new line */
  gboolean       last;        /* the instance ended before this connection was made */
  gboolean       catching_up; /* this connection reads the rest of the instance before */
  gint64         instance;    /* the number of the instance that is read, -1: none yet */
  gint64         connected;   /* the one of the last connection, -1: none yet */
  gint64         drained;     /* the latest instance that is read to its end, -1: none */

  /* Results */
  KubeLogBuffer *buffer; /* (owned) */
  KubeLogStatus  status;
  gboolean       caught_up;
};

G_DEFINE_FINAL_TYPE (KubeLogStream, kube_log_stream, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_DETAIL,
  PROP_CONTAINER,
  PROP_CAUGHT_UP,
  N_PROPS
};

enum
{
  LINES,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void look (KubeLogStream *self);
static void read_log (KubeLogStream *self);

static void
set_state (KubeLogStream *self,
           KubeLogState   state,
           const GError  *error,
           const char    *detail)
{
  kube_log_status_set (&self->status, G_OBJECT (self), &properties[PROP_STATE], state, error,
                       detail);
}

static void
catch_up (KubeLogStream *self)
{
  if (self->caught_up)
    return;

  self->caught_up = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAUGHT_UP]);
}

/* Answers to calls made before are ignored from now on. */
static void
drop_connection (KubeLogStream *self)
{
  g_clear_object (&self->reader);
  kube_caller_abandon (self->caller);
}

/* The last state: nothing is under way any more. */
static void
finish (KubeLogStream *self,
        KubeLogState   state,
        const GError  *error,
        const char    *detail)
{
  g_clear_object (&self->reader);
  kube_caller_stop (self->caller);
  set_state (self, state, error, detail);
}

/* What asking again cannot mend, and a refusal before anything was read. */
static gboolean
is_hopeless (KubeLogStream *self,
             const GError  *error)
{
  if (error->domain != KUBE_ERROR)
    return FALSE;

  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_INVALID) || (kube_retry_is_refusal (error) && !self->allowed);
}

static void
suffer (KubeLogStream *self,
        const GError  *cause)
{
  g_autoptr(GError) error = kube_caller_describe_cut (cause);

  if (is_hopeless (self, error))
    {
      finish (self, KUBE_LOG_FAILED, error, NULL);
      return;
    }

  g_clear_object (&self->reader);
  kube_caller_retry (self->caller, error);
  set_state (self, KUBE_LOG_WAITING, error, NULL);
}

static void
resume_cb (gpointer owner)
{
  look (owner);
}

/* What is left of the connection may be dead; the tail knows where to go on. */
static void
doubt_cb (gpointer  owner,
          KubeDoubt doubt)
{
  KubeLogStream *self = owner;

  drop_connection (self);
  look (self);
}

/* Copies only where it has to. Returns: how many are in the buffer now, at its end */
static guint
keep (KubeLogStream      *self,
      const KubeLogEntry *entries,
      guint               n_entries,
      gboolean            all)
{
  g_autoptr(KubeLogChunk) chunk = all ? kube_log_reader_steal_chunk (self->reader) : NULL;

  if (chunk != NULL && _kube_log_buffer_take_chunk (self->buffer, chunk))
    {
      g_steal_pointer (&chunk);
      return n_entries;
    }

  return kube_log_buffer_append_many (self->buffer, entries, n_entries);
}

static void
append_lines (KubeLogStream *self,
              GArray        *entries)
{
  KubeLogEntry *first = (KubeLogEntry *) (gpointer) entries->data;
  guint         n_read = entries->len;
  guint         n_entries = kube_log_filter_choose (self->filter, first, n_read);
  guint         n_kept;

  if (n_entries == 0)
    return;

  self->fruitful = TRUE;
  kube_caller_succeed (self->caller);
  if (self->sink != NULL)
    {
      self->sink (first, n_entries, self->sink_data);
      return;
    }

  n_kept = keep (self, first, n_entries, n_entries == n_read);
  g_signal_emit (self, signals[LINES], 0,
                 g_list_model_get_n_items (G_LIST_MODEL (self->buffer)) - n_kept, n_kept);
}

static void
end_connection (KubeLogStream *self)
{
  gboolean brief = g_get_monotonic_time () - self->opened < SHORT_CONNECTION;

  if (self->catching_up)
    self->drained = self->instance;
  else if (self->last)
    self->drained = MAX (self->drained, self->instance);

  drop_connection (self);
  if (!self->options.follow || kube_log_filter_is_over (self->filter))
    {
      finish (self, KUBE_LOG_ENDED, NULL, NULL);
      return;
    }

  if (!self->following && !self->catching_up)
    catch_up (self);
  if (brief && self->following && !self->fruitful && !self->last)
    kube_caller_retry (self->caller, NULL);
  else
    look (self);
}

static void
read_log_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(KubeLogReader) reader = g_object_ref (KUBE_LOG_READER (source));
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeLogStream) self = NULL;
  GArray *entries;

  entries = kube_log_reader_read_finish (reader, result, &error);
  self = kube_call_dup_owner (call);
  if (self == NULL)
    return;
  if (error != NULL)
    {
      suffer (self, error);
      return;
    }

  kube_caller_guard (self->caller, self->silence_ms);
  if (entries != NULL)
    append_lines (self, entries);
  else if (self->last || self->catching_up || !self->options.follow)
    /* The last words of an instance may lack their line end. */
    append_lines (self, kube_log_reader_get_rest (reader));

  /* Whoever listens may have stopped it. */
  if (kube_call_is_abandoned (call))
    return;
  if (entries != NULL && !kube_log_filter_is_over (self->filter))
    read_log (self);
  else
    end_connection (self);
}

static void
read_log (KubeLogStream *self)
{
  KubeCall *call = kube_caller_begin (self->caller);

  /* Below the priority of drawing: a busy log must not freeze a window. */
  kube_log_reader_read_async (self->reader, G_PRIORITY_DEFAULT_IDLE,
                              kube_call_get_cancellable (call), read_log_cb, call);
}

/* The server's own no: the container has no log yet, or not the one before any more. */
static void
take_bad_request (KubeLogStream *self,
                  const GError  *error)
{
  if (self->catching_up)
    {
      self->drained = self->instance;
      look (self);
    }
  else if (self->options.follow)
    {
      catch_up (self);
      kube_caller_retry (self->caller, NULL);
      set_state (self, KUBE_LOG_WAITING, NULL, error->message);
    }
  else
    {
      finish (self, KUBE_LOG_FAILED, error, NULL);
    }
}

static void
connect_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(KubeLogStream) self = NULL;

  stream = kube_client_stream_finish (KUBE_CLIENT (source), result, &error);
  self = kube_call_dup_owner (call);
  if (self == NULL)
    return;
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST))
    {
      kube_caller_abandon (self->caller);
      take_bad_request (self, error);
      return;
    }
  if (stream == NULL)
    {
      suffer (self, error);
      return;
    }

  kube_caller_answered (self->caller);
  self->allowed = TRUE;
  g_clear_object (&self->reader);
  self->reader = kube_log_reader_new (stream, self->sink == NULL && self->options.limit_bytes == 0);
  kube_caller_guard (self->caller, self->silence_ms);
  set_state (self, KUBE_LOG_FOLLOWING, NULL, NULL);
  if (!kube_call_is_abandoned (call))
    read_log (self);
}

static void
connect_log (KubeLogStream *self,
             gboolean       follow,
             gboolean       previous)
{
  KubeLogTail     *tail = kube_log_filter_get_tail (self->filter);
  g_autofree char *since = kube_log_tail_dup_since (tail);
  g_autoptr(KubeRequest) request = NULL;
  KubeLogOptions options = self->options;

  kube_log_tail_resume (tail, self->instance == self->connected);
  self->connected = self->instance;
  self->opened = g_get_monotonic_time ();
  self->following = follow;
  self->fruitful = FALSE;
  options.follow = follow;
  options.previous = previous;
  request = kube_log_options_build_request (&options, self->ns, self->pod, self->container, since);
  kube_caller_guard (self->caller, self->silence_ms);
  kube_caller_stream (self->caller, request, connect_cb);

  /* The server keeps the head of its answer back until there is a first line. */
  if (follow)
    set_state (self, KUBE_LOG_FOLLOWING, NULL, NULL);
}

static void
wait_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeLogStream) self = NULL;
  gboolean changed;

  changed = kube_pod_wait_finish (KUBE_CLIENT (source), result, &error);
  self = kube_call_dup_owner (call);
  if (self == NULL)
    return;

  kube_caller_abandon (self->caller);
  if (changed)
    look (self);
  else if (error == NULL || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_EXPIRED))
    kube_caller_retry (self->caller, NULL);
  else
    suffer (self, error);
}

/* Until the server says something new about the pod. */
static void
wait_for_pod (KubeLogStream *self,
              JsonNode      *pod,
              const char    *detail)
{
  const char *version = base_json_get_string (pod, "metadata", "resourceVersion", NULL);
  KubeCall   *call = kube_caller_begin (self->caller);

  kube_caller_guard (self->caller, self->silence_ms);
  kube_pod_wait_async (kube_caller_get_client (self->caller), self->ns, self->pod, version,
                       kube_call_get_cancellable (call), wait_cb, call);
  set_state (self, KUBE_LOG_WAITING, NULL, detail);
}

/* Whether the instance before ended, out of our sight, with lines we have not read. */
static gboolean
has_missed_end (KubeLogStream       *self,
                const KubeContainer *container)
{
  return self->instance >= 0 && container->restarts > self->instance && self->drained < container->restarts - 1;
}

static void
decide (KubeLogStream       *self,
        JsonNode            *pod,
        const KubeContainer *container)
{
  g_autoptr(GError) error = NULL;

  self->catching_up = FALSE;
  self->last = FALSE;
  if (self->options.previous)
    {
      connect_log (self, FALSE, TRUE);
    }
  else if (container->has_log && has_missed_end (self, container))
    {
      self->catching_up = TRUE;
      self->instance = container->restarts - 1;
      connect_log (self, FALSE, TRUE);
    }
  else if (container->has_log && (container->running || self->drained < container->restarts))
    {
      self->last = !container->running;
      self->instance = container->restarts;
      connect_log (self, self->options.follow && (self->caught_up || !self->split), FALSE);
    }
  else if (!container->returns)
    {
      finish (self, KUBE_LOG_ENDED, NULL, container->detail);
    }
  else if (self->options.follow)
    {
      catch_up (self);
      wait_for_pod (self, pod, container->detail);
    }
  else
    {
      error = g_error_new (KUBE_ERROR, KUBE_ERROR_BAD_REQUEST,
                           "There is no log of pod %s yet. %s Follow the log to see it as soon "
                           "as there is one.",
                           self->pod, container->detail);
      finish (self, KUBE_LOG_FAILED, error, NULL);
    }
}

/* Returns: FALSE with @error set when the pod has no such container */
static gboolean
choose_container (KubeLogStream *self,
                  JsonNode      *pod,
                  KubeContainer *container,
                  GError       **error)
{
  g_auto(GStrv) names = NULL;
  g_autofree char *list = NULL;

  if (self->container == NULL)
    {
      self->container = kube_pod_dup_default_container (pod);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTAINER]);
    }
  if (self->container != NULL)
    kube_container_read (container, pod, self->container);
  if (container->found)
    return TRUE;

  names = kube_pod_dup_all_containers (pod);
  list = g_strjoinv (", ", names);
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
               "Pod %s has no container %s. It has: %s.", self->pod,
               self->container != NULL ? self->container : "yet", list);

  return FALSE;
}

/* One that has the name now, but is not the pod that was read. */
static gboolean
is_other_pod (KubeLogStream *self,
              JsonNode      *pod)
{
  const char *uid = base_json_get_string (pod, "metadata", "uid", NULL);

  if (self->uid == NULL)
    self->uid = g_strdup (uid != NULL ? uid : "");

  return uid != NULL && !g_str_equal (uid, self->uid);
}

static void
look_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) pod = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  g_autoptr(KubeLogStream) self = kube_call_dup_owner (call);
  g_auto(KubeContainer) container = { 0 };

  if (self == NULL)
    return;
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) && self->uid != NULL)
    {
      finish (self, KUBE_LOG_ENDED, NULL, "The pod is gone.");
      return;
    }
  if (pod == NULL)
    {
      suffer (self, error);
      return;
    }

  kube_caller_unguard (self->caller);
  kube_caller_answered (self->caller);
  if (is_other_pod (self, pod))
    finish (self, KUBE_LOG_ENDED, NULL, "The pod is gone; there is another one of its name.");
  else if (!choose_container (self, pod, &container, &error))
    finish (self, KUBE_LOG_FAILED, error, NULL);
  else if (!kube_call_is_abandoned (call))
    decide (self, pod, &container);
}

/* Asks for the pod: it tells whether there is a log and whether more is to come. */
static void
look (KubeLogStream *self)
{
  g_autoptr(KubeRequest) request = kube_request_new_get (&KUBE_POD, self->ns, self->pod);

  kube_caller_guard (self->caller, self->silence_ms);
  kube_caller_call (self->caller, request, look_cb);
}

static void
kube_log_stream_dispose (GObject *object)
{
  KubeLogStream *self = KUBE_LOG_STREAM (object);

  g_clear_pointer (&self->caller, kube_caller_free);
  g_clear_object (&self->reader);
  g_clear_object (&self->buffer);

  G_OBJECT_CLASS (kube_log_stream_parent_class)->dispose (object);
}

static void
kube_log_stream_finalize (GObject *object)
{
  KubeLogStream *self = KUBE_LOG_STREAM (object);

  g_clear_pointer (&self->filter, kube_log_filter_free);
  g_clear_pointer (&self->ns, g_free);
  g_clear_pointer (&self->pod, g_free);
  g_clear_pointer (&self->container, g_free);
  g_clear_pointer (&self->uid, g_free);
  g_free ((char *) self->options.since_time);
  kube_log_status_clear (&self->status);

  G_OBJECT_CLASS (kube_log_stream_parent_class)->finalize (object);
}

static void
kube_log_stream_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  KubeLogStream *self = KUBE_LOG_STREAM (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, kube_log_stream_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, kube_log_stream_get_error (self));
      break;
    case PROP_DETAIL:
      g_value_set_string (value, kube_log_stream_get_detail (self));
      break;
    case PROP_CONTAINER:
      g_value_set_string (value, kube_log_stream_get_container (self));
      break;
    case PROP_CAUGHT_UP:
      g_value_set_boolean (value, kube_log_stream_get_caught_up (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_log_stream_class_init (KubeLogStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = kube_log_stream_dispose;
  object_class->finalize = kube_log_stream_finalize;
  object_class->get_property = kube_log_stream_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, KUBE_TYPE_LOG_STATE,
                                              KUBE_LOG_IDLE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_CONTAINER] = g_param_spec_string ("container", NULL, NULL, NULL, flags);
  properties[PROP_CAUGHT_UP] = g_param_spec_boolean ("caught-up", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * KubeLogStream::lines:
   * @self: a stream
   * @first: index in the buffer of the first new line
   * @n: how many
   *
   * Emitted after lines were appended to the buffer.
   */
  signals[LINES] = g_signal_new ("lines", KUBE_TYPE_LOG_STREAM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
}

static void
kube_log_stream_init (KubeLogStream *self)
{
  self->buffer = kube_log_buffer_new ();
  self->options = (KubeLogOptions) KUBE_LOG_OPTIONS_INIT;
  self->instance = -1;
  self->connected = -1;
  self->drained = -1;
  self->silence_ms = SILENCE_MS;
}

/**
 * kube_log_stream_new:
 * @client: the cluster
 * @ns: the namespace of the pod
 * @pod: the name of the pod
 * @container: (nullable): one of its containers, %NULL for the one that
 *   [func@pod_dup_default_container] names
 *
 * Returns: (transfer full): a stream that has not been started, of the whole log
 *   so far without following
 */
KubeLogStream *
kube_log_stream_new (KubeClient *client,
                     const char *ns,
                     const char *pod,
                     const char *container)
{
  KubeLogStream *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ns != NULL, NULL);
  g_return_val_if_fail (pod != NULL, NULL);

  self = g_object_new (KUBE_TYPE_LOG_STREAM, NULL);
  self->caller = kube_caller_new (self, client, resume_cb, doubt_cb);
  self->ns = g_strdup (ns);
  self->pod = g_strdup (pod);
  self->container = g_strdup (container);

  return self;
}

/**
 * kube_log_stream_set_options:
 * @self: a stream that was never started
 * @options: which part of the log to read; copied
 *
 * Chooses what to read.
 */
void
kube_log_stream_set_options (KubeLogStream        *self,
                             const KubeLogOptions *options)
{
  char *since_time;

  g_return_if_fail (KUBE_IS_LOG_STREAM (self));
  g_return_if_fail (options != NULL);
  g_return_if_fail (options->tail_lines >= -1);
  g_return_if_fail (self->filter == NULL);

  since_time = g_strdup (options->since_time);
  g_free ((char *) self->options.since_time);
  self->options = *options;
  self->options.since_time = since_time;
  if (options->previous)
    self->options.follow = FALSE;
}

/**
 * kube_log_stream_set_sink:
 * @self: a stream that is not started
 * @sink: (scope forever) (nullable): what takes the lines
 * @user_data: for @sink
 *
 * Lets the lines be taken as they arrive instead of being kept in the buffer. What
 * takes them may stop the stream.
 */
void
kube_log_stream_set_sink (KubeLogStream *self,
                          KubeLogSink    sink,
                          gpointer       user_data)
{
  g_return_if_fail (KUBE_IS_LOG_STREAM (self));

  self->sink = sink;
  self->sink_data = user_data;
}

/**
 * kube_log_stream_start:
 * @self: a stream
 *
 * Starts reading. After [method@KubeLogStream.stop] it goes on where it stopped;
 * does nothing while it is reading.
 */
void
kube_log_stream_start (KubeLogStream *self)
{
  g_return_if_fail (KUBE_IS_LOG_STREAM (self));

  if (self->status.state != KUBE_LOG_IDLE && self->status.state != KUBE_LOG_ENDED && self->status.state != KUBE_LOG_FAILED)
    return;

  if (self->filter == NULL)
    self->filter = kube_log_filter_new (&self->options);
  set_state (self, KUBE_LOG_CONNECTING, NULL, NULL);
  look (self);
}

/**
 * kube_log_stream_stop:
 * @self: a stream
 *
 * Ends everything that is under way. The buffer keeps its lines.
 */
void
kube_log_stream_stop (KubeLogStream *self)
{
  g_return_if_fail (KUBE_IS_LOG_STREAM (self));

  finish (self, KUBE_LOG_IDLE, NULL, NULL);
}

/**
 * kube_log_stream_get_buffer:
 * @self: a stream
 *
 * Returns: (transfer none): the lines
 */
KubeLogBuffer *
kube_log_stream_get_buffer (KubeLogStream *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_STREAM (self), NULL);

  return self->buffer;
}

/**
 * kube_log_stream_get_state:
 * @self: a stream
 *
 * Returns: what it is doing
 */
KubeLogState
kube_log_stream_get_state (KubeLogStream *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_STREAM (self), KUBE_LOG_IDLE);

  return self->status.state;
}

/**
 * kube_log_stream_get_error:
 * @self: a stream
 *
 * Returns: (transfer none) (nullable): why it failed, or what it is waiting out; a
 *   %KUBE_ERROR
 */
GError *
kube_log_stream_get_error (KubeLogStream *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_STREAM (self), NULL);

  return self->status.error;
}

/**
 * kube_log_stream_get_detail:
 * @self: a stream
 *
 * Returns: (transfer none) (nullable): what it waits for or why it ended, in words
 */
const char *
kube_log_stream_get_detail (KubeLogStream *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_STREAM (self), NULL);

  return self->status.detail;
}

/**
 * kube_log_stream_get_container:
 * @self: a stream
 *
 * Returns: (transfer none) (nullable): whose log it is; %NULL until the pod has
 *   told it
 */
const char *
kube_log_stream_get_container (KubeLogStream *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_STREAM (self), NULL);

  return self->container;
}

/*
 * _kube_log_stream_set_timing:
 * @self: a stream that is not started
 * @timing: other waits than the usual ones
 * @silence_ms: how long a quiet connection is trusted, in milliseconds
 *
 * Lets tests be quick.
 */
void
_kube_log_stream_set_timing (KubeLogStream         *self,
                             const KubeRetryTiming *timing,
                             guint                  silence_ms)
{
  g_return_if_fail (KUBE_IS_LOG_STREAM (self));
  g_return_if_fail (timing != NULL);

  kube_caller_set_timing (self->caller, timing);
  self->silence_ms = silence_ms;
}

/**
 * kube_log_stream_get_caught_up:
 * @self: a stream that follows
 *
 * Returns: whether what was written before it started has been read, as far as this
 *   is known: only where the stream reads that part to its end first
 */
gboolean
kube_log_stream_get_caught_up (KubeLogStream *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_STREAM (self), FALSE);

  return self->caught_up;
}

/*
 * _kube_log_stream_set_split:
 * @self: a stream that is not started
 * @split: whether to read what there is to its end first, and then to follow; it
 *   takes a request more
 *
 * Lets the past of several logs be put in order before what comes in now.
 */
void
_kube_log_stream_set_split (KubeLogStream *self,
                            gboolean       split)
{
  g_return_if_fail (KUBE_IS_LOG_STREAM (self));

  self->split = split;
}
