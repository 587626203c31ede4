/* kube-log-group.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-group-private.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-log-merger.h"
#include "kube-log-source-private.h"
#include "kube-log-status.h"
#include "kube-log-stream-private.h"
#include "kube-pod.h"
#include "kube-reflector.h"

/* How long a new line waits for older ones of other containers. */
#define WINDOW_MS 500

/**
 * KubeLogGroup:
 *
 * The logs of many containers as one, in the order of their time stamps.
 *
 * What was written before the group started is merged exactly. What is written
 * later goes on after half a second, in which lines of other containers may arrive
 * that belong before it. Each container is read by a [class@KubeLogStream] of its
 * own, so that a cut loses and doubles no line of any of them.
 *
 * With a label selector, pods that come later join by themselves, and so do
 * containers that are added to a pod. Those that have ended stay in the list of
 * sources.
 */
struct _KubeLogGroup
{
  GObject parent_instance;

  /* Inputs */
  KubeClient            *client;  /* (owned) */
  char                  *ns;      /* (owned) */
  KubeLogOptions         options; /* its text owned */
  KubeLogContainers      containers;
  char                  *container; /* (owned) (nullable) */
  guint                  max_requests;
  KubeLogSink            sink; /* (nullable) */
  gpointer               sink_data;
  const KubeRetryTiming *timing; /* (nullable): other waits than the usual ones */
  guint                  silence_ms;

  /* In progress */
  KubeReflector *reflector; /* (owned) (nullable): of the pods */
  KubeLogMerger *merger;    /* (owned) */
  GHashTable    *known;     /* (element-type utf8) (owned): "uid/container" of each source */
  GQueue         queue;     /* (element-type KubeLogSource): those that have no place yet */
  GSource       *timer;     /* (owned) (nullable): until the next line is due */
  guint          n_running;
  gboolean       begun; /* the pods of the beginning are known */

  /* Results */
  GListStore    *sources; /* (owned) */
  KubeLogBuffer *buffer;  /* (owned) */
  KubeLogStatus  status;
};

G_DEFINE_FINAL_TYPE (KubeLogGroup, kube_log_group, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  N_PROPS
};

enum
{
  LINES,
  SOURCE_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void
set_state (KubeLogGroup *self,
           KubeLogState  state,
           const GError *error)
{
  kube_log_status_set (&self->status, G_OBJECT (self), &properties[PROP_STATE], state, error, NULL);
}

static gboolean
is_active (KubeLogGroup *self)
{
  return self->status.state == KUBE_LOG_CONNECTING || self->status.state == KUBE_LOG_FOLLOWING || self->status.state == KUBE_LOG_WAITING;
}

static void
clear_timer (KubeLogGroup *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void release (KubeLogGroup *self);

static gboolean
timer_cb (gpointer user_data)
{
  KubeLogGroup *self = user_data;

  clear_timer (self);
  release (self);

  return G_SOURCE_REMOVE;
}

/* Gives on the lines whose time has come. Whoever takes them may stop the group. */
static void
release (KubeLogGroup *self)
{
  g_autoptr(KubeLogGroup) kept = g_object_ref (self);
  gint64 now = g_get_monotonic_time ();
  gint64 next = kube_log_merger_release (self->merger, now);

  if (next < 0 || self->timer != NULL || !is_active (self))
    return;

  self->timer = g_timeout_source_new ((guint) ((next - now) / 1000 + 1));
  g_source_set_static_name (self->timer, "kube-log-group window");
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

static void
on_merged_cb (const KubeLogEntry *entries,
              guint               n_entries,
              gpointer            user_data)
{
  KubeLogGroup *self = user_data;
  guint         n_kept;

  if (self->sink != NULL)
    {
      self->sink (entries, n_entries, self->sink_data);
      return;
    }

  n_kept = kube_log_buffer_append_many (self->buffer, entries, n_entries);
  g_signal_emit (self, signals[LINES], 0,
                 g_list_model_get_n_items (G_LIST_MODEL (self->buffer)) - n_kept, n_kept);
}

/* What the sink of one source is given. */
typedef struct
{
  KubeLogGroup *group;
  guint         index;
} Inlet;

static void
on_lines_cb (const KubeLogEntry *entries,
             guint               n_entries,
             gpointer            user_data)
{
  Inlet *inlet = user_data;

  kube_log_merger_push (inlet->group->merger, inlet->index, entries, n_entries,
                        g_get_monotonic_time ());
  release (inlet->group);
}

static void
finish (KubeLogGroup *self,
        KubeLogState  state,
        const GError *error)
{
  guint i;

  if (self->reflector != NULL)
    g_signal_handlers_disconnect_by_data (self->reflector, self);
  g_clear_object (&self->reflector);
  clear_timer (self);
  for (i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      KubeLogSource *source = kube_log_group_get_source (self, i);
      KubeLogStream *stream = _kube_log_source_get_stream (source);

      g_signal_handlers_block_matched (source, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
      if (stream != NULL && !_kube_log_source_is_over (source))
        kube_log_stream_stop (stream);
      g_signal_handlers_unblock_matched (source, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, self);
    }
  set_state (self, state, error);
}

/* When every log has ended and no pod can join. */
static void
check_end (KubeLogGroup *self)
{
  guint n_sources = g_list_model_get_n_items (G_LIST_MODEL (self->sources));
  g_autoptr(GError) error = NULL;
  guint i;

  if (!self->begun || !is_active (self) || self->reflector != NULL || self->n_running > 0 ||
      self->queue.length > 0)
    return;

  for (i = 0; i < n_sources && error == NULL; i++)
    {
      GError *own = kube_log_source_get_error (kube_log_group_get_source (self, i));

      error = own != NULL ? g_error_copy (own) : NULL;
    }
  kube_log_merger_flush (self->merger);
  if (is_active (self))
    finish (self, error != NULL ? KUBE_LOG_FAILED : KUBE_LOG_ENDED, error);
}

static void start_waiting (KubeLogGroup *self);

static void
on_source_notify_cb (KubeLogSource *source,
                     GParamSpec    *pspec,
                     KubeLogGroup  *self)
{
  g_autoptr(KubeLogGroup) kept = g_object_ref (self);
  KubeLogState state = kube_log_source_get_state (source);
  guint        index = kube_log_source_get_index (source);

  g_signal_emit (self, signals[SOURCE_CHANGED], 0, source);
  if (!is_active (self) || !g_str_equal (pspec->name, "state"))
    return;

  if (_kube_log_source_is_over (source))
    {
      self->n_running--;
      kube_log_merger_close (self->merger, index);
      release (self);
      start_waiting (self);
      check_end (self);
    }
  else if (state == KUBE_LOG_WAITING)
    {
      /* Who has nothing to say now must not hold up the others. */
      kube_log_merger_settle (self->merger, index);
      release (self);
    }
}

static void
on_caught_up_cb (KubeLogStream *stream,
                 GParamSpec    *pspec,
                 Inlet         *inlet)
{
  kube_log_merger_settle (inlet->group->merger, inlet->index);
  release (inlet->group);
}

static void
free_inlet (gpointer  data,
            GClosure *closure)
{
  g_free (data);
}

static void
start_source (KubeLogGroup  *self,
              KubeLogSource *source)
{
  KubeLogStream *stream = kube_log_stream_new (self->client, self->ns,
                                               kube_log_source_get_pod (source),
                                               kube_log_source_get_container (source));
  Inlet         *inlet = g_new0 (Inlet, 1);

  inlet->group = self;
  inlet->index = kube_log_source_get_index (source);
  kube_log_stream_set_options (stream, &self->options);
  kube_log_stream_set_sink (stream, on_lines_cb, inlet);
  _kube_log_stream_set_split (stream, self->options.follow);
  if (self->timing != NULL)
    _kube_log_stream_set_timing (stream, self->timing, self->silence_ms);
  g_signal_connect_data (stream, "notify::caught-up", G_CALLBACK (on_caught_up_cb), inlet,
                         free_inlet, 0);
  _kube_log_source_take_stream (source, stream);
  self->n_running++;
  kube_log_stream_start (stream);
}

/* As many at once as the server shall carry. */
static void
start_waiting (KubeLogGroup *self)
{
  g_autofree char *detail = NULL;
  GList           *link;

  while (is_active (self) && self->queue.length > 0 && self->n_running < self->max_requests)
    start_source (self, g_queue_pop_head (&self->queue));

  detail = g_strdup_printf ("%u logs are read at once, and no more: waiting for one to end.",
                            self->max_requests);
  for (link = self->queue.head; link != NULL; link = link->next)
    _kube_log_source_set_detail (link->data, detail);
}

static void
add_source (KubeLogGroup *self,
            const char   *pod,
            const char   *uid,
            const char   *container)
{
  g_autofree char *key = g_strconcat (uid != NULL ? uid : pod, "/", container, NULL);
  g_autoptr(KubeLogSource) source = NULL;

  if (g_hash_table_contains (self->known, key) ||
      g_hash_table_size (self->known) > G_MAXUINT16)
    return;

  g_hash_table_add (self->known, g_steal_pointer (&key));
  source = _kube_log_source_new (kube_log_merger_add_source (self->merger, !self->begun), pod,
                                 container);
  g_signal_connect (source, "notify", G_CALLBACK (on_source_notify_cb), self);
  g_list_store_append (self->sources, source);
  g_queue_push_tail (&self->queue, source);
}

static void
add_pod (KubeLogGroup *self,
         JsonNode     *pod)
{
  const char *name = base_json_get_string (pod, "metadata", "name", NULL);
  const char *uid = base_json_get_string (pod, "metadata", "uid", NULL);
  g_auto(GStrv) names = kube_pod_dup_all_containers (pod);
  g_autofree char *chosen = kube_pod_dup_default_container (pod);
  guint            i;

  if (name == NULL)
    return;

  if (self->containers == KUBE_LOG_DEFAULT_CONTAINER && chosen != NULL)
    add_source (self, name, uid, chosen);
  for (i = 0; self->containers != KUBE_LOG_DEFAULT_CONTAINER && names[i] != NULL; i++)
    {
      if (self->containers == KUBE_LOG_ALL_CONTAINERS || g_str_equal (names[i], self->container))
        add_source (self, name, uid, names[i]);
    }
}

static void
on_pod_changed_cb (KubeObject   *object,
                   GParamSpec   *pspec,
                   KubeLogGroup *self)
{
  if (!is_active (self) || kube_object_get_node (object) == NULL)
    return;

  add_pod (self, kube_object_get_node (object));
  start_waiting (self);
}

static void
add_objects (KubeLogGroup *self,
             guint         position,
             guint         n_objects)
{
  GListModel *model = kube_reflector_get_model (self->reflector);
  guint       i;

  for (i = position; i < position + n_objects; i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_signal_connect_object (object, "notify::node", G_CALLBACK (on_pod_changed_cb), self, 0);
      add_pod (self, kube_object_get_node (object));
    }
}

static void
on_pods_changed_cb (GListModel   *model,
                    guint         position,
                    guint         n_removed,
                    guint         n_added,
                    KubeLogGroup *self)
{
  if (!self->begun || !is_active (self))
    return;

  add_objects (self, position, n_added);
  start_waiting (self);
}

/* The pods of the beginning are known. */
static void
begin (KubeLogGroup *self)
{
  guint n_sources = g_list_model_get_n_items (G_LIST_MODEL (self->sources));
  g_autoptr(GError) error = NULL;

  self->begun = TRUE;
  if (self->options.follow && n_sources > self->max_requests)
    {
      error = g_error_new (KUBE_ERROR, KUBE_ERROR_INVALID,
                           "%u logs would be followed at once, and the limit is %u. Each takes "
                           "a connection to the server. Choose fewer pods, or raise the limit.",
                           n_sources, self->max_requests);
      finish (self, KUBE_LOG_FAILED, error);
      return;
    }

  if (self->options.follow)
    set_state (self, KUBE_LOG_FOLLOWING, NULL);
  start_waiting (self);
  check_end (self);
}

static void
on_synced_cb (KubeLogGroup *self)
{
  if (self->begun || !is_active (self))
    return;

  add_objects (self, 0, g_list_model_get_n_items (kube_reflector_get_model (self->reflector)));
  if (!self->options.follow)
    {
      g_signal_handlers_disconnect_by_data (self->reflector, self);
      g_signal_handlers_disconnect_by_data (kube_reflector_get_model (self->reflector), self);
      g_clear_object (&self->reflector);
    }
  begin (self);
}

/* A refusal of the first list ends it; later on, what was lost may come back. */
static void
on_reflector_state_cb (KubeLogGroup *self)
{
  KubeReflectorState state = kube_reflector_get_state (self->reflector);
  GError            *error = kube_reflector_get_error (self->reflector);

  if (!is_active (self))
    return;

  if (state == KUBE_REFLECTOR_FAILED && !self->begun)
    {
      g_autoptr(GError) copy = g_error_copy (error);

      finish (self, KUBE_LOG_FAILED, copy);
    }
  else if (state == KUBE_REFLECTOR_BACKING_OFF || state == KUBE_REFLECTOR_FAILED)
    {
      set_state (self, KUBE_LOG_WAITING, error);
    }
  else if (state == KUBE_REFLECTOR_WATCHING && self->begun)
    {
      set_state (self, KUBE_LOG_FOLLOWING, NULL);
    }
}

static void
kube_log_group_dispose (GObject *object)
{
  KubeLogGroup *self = KUBE_LOG_GROUP (object);
  guint         i;

  if (self->reflector != NULL)
    g_signal_handlers_disconnect_by_data (self->reflector, self);
  g_clear_object (&self->reflector);
  clear_timer (self);
  for (i = 0; self->sources != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->sources)); i++)
    {
      KubeLogSource *source = kube_log_group_get_source (self, i);

      g_signal_handlers_disconnect_by_data (source, self);
      if (_kube_log_source_get_stream (source) != NULL)
        kube_log_stream_stop (_kube_log_source_get_stream (source));
    }
  g_queue_clear (&self->queue);
  g_clear_object (&self->sources);
  g_clear_object (&self->buffer);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (kube_log_group_parent_class)->dispose (object);
}

static void
kube_log_group_finalize (GObject *object)
{
  KubeLogGroup *self = KUBE_LOG_GROUP (object);

  g_clear_pointer (&self->merger, kube_log_merger_free);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->ns, g_free);
  g_clear_pointer (&self->container, g_free);
  g_free ((char *) self->options.since_time);
  kube_log_status_clear (&self->status);

  G_OBJECT_CLASS (kube_log_group_parent_class)->finalize (object);
}

static void
kube_log_group_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  KubeLogGroup *self = KUBE_LOG_GROUP (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, kube_log_group_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, kube_log_group_get_error (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_log_group_class_init (KubeLogGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = kube_log_group_dispose;
  object_class->finalize = kube_log_group_finalize;
  object_class->get_property = kube_log_group_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, KUBE_TYPE_LOG_STATE,
                                              KUBE_LOG_IDLE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * KubeLogGroup::lines:
   * @self: a group
   * @first: index in the buffer of the first new line
   * @n: how many
   *
   * Emitted after lines were appended to the buffer.
   */
  signals[LINES] = g_signal_new ("lines", KUBE_TYPE_LOG_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  /**
   * KubeLogGroup::source-changed:
   * @self: a group
   * @source: a source
   *
   * Emitted when something else is to be said of a source: that it is read, waits
   * or has ended.
   */
  signals[SOURCE_CHANGED] = g_signal_new ("source-changed", KUBE_TYPE_LOG_GROUP,
                                          G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                          KUBE_TYPE_LOG_SOURCE);
}

static void
kube_log_group_init (KubeLogGroup *self)
{
  self->buffer = kube_log_buffer_new ();
  self->sources = g_list_store_new (KUBE_TYPE_LOG_SOURCE);
  self->merger = kube_log_merger_new (WINDOW_MS * 1000, on_merged_cb, self);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->max_requests = KUBE_LOG_MAX_REQUESTS;
}

/**
 * kube_log_group_new:
 * @client: the cluster
 * @ns: the namespace of the pods
 * @options: which part of each log to read; copied
 *
 * Returns: (transfer full): a group that has not been started, without a pod
 */
KubeLogGroup *
kube_log_group_new (KubeClient           *client,
                    const char           *ns,
                    const KubeLogOptions *options)
{
  KubeLogGroup *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ns != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (KUBE_TYPE_LOG_GROUP, NULL);
  self->client = g_object_ref (client);
  self->ns = g_strdup (ns);
  self->options = *options;
  self->options.since_time = g_strdup (options->since_time);
  if (options->previous)
    self->options.follow = FALSE;

  return self;
}

/**
 * kube_log_group_set_containers:
 * @self: a group without pods
 * @containers: which containers of each pod to read: what
 *   [func@pod_dup_default_container] names if nothing is set; all means init
 *   containers and ephemeral ones, too
 * @name: (nullable): the one to read, with %KUBE_LOG_NAMED_CONTAINER; pods without
 *   it are left out
 *
 * Chooses whose logs to read.
 */
void
kube_log_group_set_containers (KubeLogGroup     *self,
                               KubeLogContainers containers,
                               const char       *name)
{
  g_return_if_fail (KUBE_IS_LOG_GROUP (self));
  g_return_if_fail (containers != KUBE_LOG_NAMED_CONTAINER || name != NULL);

  self->containers = containers;
  g_free (self->container);
  self->container = g_strdup (name);
}

/**
 * kube_log_group_set_max_requests:
 * @self: a group that is not started
 * @max_requests: how many logs to read at once, at least 1; %KUBE_LOG_MAX_REQUESTS if
 *   nothing is set
 *
 * To follow more than that from the beginning fails. Those of pods that join later
 * wait until another one ends.
 */
void
kube_log_group_set_max_requests (KubeLogGroup *self,
                                 guint         max_requests)
{
  g_return_if_fail (KUBE_IS_LOG_GROUP (self));
  g_return_if_fail (max_requests > 0);

  self->max_requests = max_requests;
}

/**
 * kube_log_group_set_sink:
 * @self: a group that is not started
 * @sink: (scope forever) (nullable): what takes the lines in their order
 * @user_data: for @sink
 *
 * Lets the lines be taken as they come instead of being kept in the buffer.
 */
void
kube_log_group_set_sink (KubeLogGroup *self,
                         KubeLogSink   sink,
                         gpointer      user_data)
{
  g_return_if_fail (KUBE_IS_LOG_GROUP (self));

  self->sink = sink;
  self->sink_data = user_data;
}

/**
 * kube_log_group_set_selector:
 * @self: a group that was never started
 * @label_selector: (nullable): which pods, %NULL for all of the namespace
 *
 * Lets the group find its pods. Where it follows, pods that come later join.
 */
void
kube_log_group_set_selector (KubeLogGroup *self,
                             const char   *label_selector)
{
  g_return_if_fail (KUBE_IS_LOG_GROUP (self));
  g_return_if_fail (self->status.state == KUBE_LOG_IDLE);

  g_clear_object (&self->reflector);
  self->reflector = kube_reflector_new (self->client, &KUBE_POD, self->ns, KUBE_FORM_OBJECT,
                                        label_selector);
}

/**
 * kube_log_group_add_pod:
 * @self: a group that was never started
 * @pod: a Pod
 *
 * Adds one pod that is there.
 */
void
kube_log_group_add_pod (KubeLogGroup *self,
                        JsonNode     *pod)
{
  g_return_if_fail (KUBE_IS_LOG_GROUP (self));
  g_return_if_fail (pod != NULL);
  g_return_if_fail (self->status.state == KUBE_LOG_IDLE);

  add_pod (self, pod);
}

/**
 * kube_log_group_start:
 * @self: a group that was never started
 *
 * Starts reading.
 */
void
kube_log_group_start (KubeLogGroup *self)
{
  g_autoptr(KubeLogGroup) kept = NULL;

  g_return_if_fail (KUBE_IS_LOG_GROUP (self));
  g_return_if_fail (self->status.state == KUBE_LOG_IDLE && !self->begun);

  kept = g_object_ref (self);
  set_state (self, KUBE_LOG_CONNECTING, NULL);
  if (self->reflector == NULL)
    {
      begin (self);
      return;
    }

  g_signal_connect_object (kube_reflector_get_model (self->reflector), "items-changed",
                           G_CALLBACK (on_pods_changed_cb), self, 0);
  g_signal_connect_object (self->reflector, "notify::synced", G_CALLBACK (on_synced_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reflector, "notify::state", G_CALLBACK (on_reflector_state_cb),
                           self, G_CONNECT_SWAPPED);
  kube_reflector_start (self->reflector);
}

/**
 * kube_log_group_stop:
 * @self: a group
 *
 * Ends everything that is under way. Lines that are held are given on.
 */
void
kube_log_group_stop (KubeLogGroup *self)
{
  g_return_if_fail (KUBE_IS_LOG_GROUP (self));

  if (!is_active (self))
    return;

  finish (self, KUBE_LOG_IDLE, NULL);
  kube_log_merger_flush (self->merger);
}

/**
 * kube_log_group_get_buffer:
 * @self: a group
 *
 * Returns: (transfer none): the lines; [method@LogLine.get_source] is an index into
 *   the list of [method@LogGroup.get_sources]
 */
KubeLogBuffer *
kube_log_group_get_buffer (KubeLogGroup *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_GROUP (self), NULL);

  return self->buffer;
}

/**
 * kube_log_group_get_sources:
 * @self: a group
 *
 * Returns: (transfer none): a list of [class@KubeLogSource] that only grows
 */
GListModel *
kube_log_group_get_sources (KubeLogGroup *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_GROUP (self), NULL);

  return G_LIST_MODEL (self->sources);
}

/**
 * kube_log_group_get_source:
 * @self: a group
 * @index: number of a source
 *
 * Returns: (transfer none) (nullable): the source
 */
KubeLogSource *
kube_log_group_get_source (KubeLogGroup *self,
                           guint         index)
{
  g_autoptr(KubeLogSource) source = NULL;

  g_return_val_if_fail (KUBE_IS_LOG_GROUP (self), NULL);

  /* The list keeps it. */
  source = g_list_model_get_item (G_LIST_MODEL (self->sources), index);

  return source;
}

/**
 * kube_log_group_get_state:
 * @self: a group
 *
 * Returns: what it is doing: %KUBE_LOG_CONNECTING until the pods are known and, if it
 *   does not follow, while it reads
 */
KubeLogState
kube_log_group_get_state (KubeLogGroup *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_GROUP (self), KUBE_LOG_IDLE);

  return self->status.state;
}

/**
 * kube_log_group_get_error:
 * @self: a group
 *
 * Returns: (transfer none) (nullable): why it failed, or what it is waiting out; a
 *   %KUBE_ERROR
 */
GError *
kube_log_group_get_error (KubeLogGroup *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_GROUP (self), NULL);

  return self->status.error;
}

/*
 * _kube_log_group_set_timing:
 * @self: a group that is not started
 * @timing: (not nullable): other waits than the usual ones; must stay
 * @silence_ms: how long a quiet connection is trusted, in milliseconds
 * @window_ms: how long a new line waits for older ones, in milliseconds
 *
 * Lets tests be quick.
 */
void
_kube_log_group_set_timing (KubeLogGroup          *self,
                            const KubeRetryTiming *timing,
                            guint                  silence_ms,
                            guint                  window_ms)
{
  g_return_if_fail (KUBE_IS_LOG_GROUP (self));
  g_return_if_fail (timing != NULL);
  g_return_if_fail (g_list_model_get_n_items (G_LIST_MODEL (self->sources)) == 0);

  self->timing = timing;
  self->silence_ms = silence_ms;
  kube_log_merger_free (self->merger);
  self->merger = kube_log_merger_new ((gint64) window_ms * 1000, on_merged_cb, self);
}
