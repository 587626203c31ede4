/* kube-reflector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-reflector-private.h"

#include "base-json.h"
#include "kube-caller.h"
#include "kube-error.h"
#include "kube-rows.h"
#include "kube-list.h"
#include "kube-store.h"
#include "kube-watch-cursor.h"

#define PAGE_SIZE 500
#define MAX_LINE_LENGTH ((gsize) 32 << 20)

/* As in client-go: the server ends a watch after this many seconds, by chance. */
#define WATCH_SECONDS_MIN 300
#define WATCH_SECONDS_MAX 600
#define GRACE_MS 5000

/* The API server sends the head of its answer at once, and, where it has bookmarks, one of them
 * about every minute, and before a watch ends. Until one has come a watch is short, so that its
 * end is the sign of life. */
#define HEAD_MS 30000
#define BOOKMARKS_MS 100000
#define WATCH_SECONDS_FIRST 60

/**
 * KubeReflector:
 *
 * Keeps a list model equal to a set of objects in the cluster.
 *
 * It lists the objects in pages, puts them into the model once the last page is
 * there, then watches from the list's resource version. Lists ask for the latest
 * state, never for a server's cached one, so the model does not go back in time. A
 * watch that the server ends is resumed where it ended, so nothing is missed; when
 * the server has forgotten that version (410) everything is listed again and the
 * model changed by the differences only. A connection that may be dead, because
 * nothing comes, the computer has been asleep or the network has changed, is made
 * again. While the server cannot be reached the model keeps what
 * was known last; #KubeReflector:state, #KubeReflector:error and
 * #KubeReflector:last-contact tell how much that is worth.
 *
 * The items are [class@KubeObject]s. The same object in the cluster stays the
 * same instance, updated in place: `notify::node` is emitted on it then, but no
 * [signal@Gio.ListModel::items-changed].
 */
struct _KubeReflector
{
  GObject parent_instance;

  /* Inputs */
  const KubeResource *resource;
  char               *ns;             /* (owned) (nullable) */
  char               *label_selector; /* (owned) (nullable) */
  char               *field_selector; /* (owned) (nullable) */
  KubeForm            form;
  guint               watch_seconds; /* 0: by chance */
  guint               grace_ms;
  guint               head_ms;
  guint               bookmarks_ms;

  /* In progress */
  KubeCaller     *caller;         /* (owned) */
  char           *continue_token; /* (owned) (nullable): of the next page */
  KubeWatchCursor cursor;
  guint           guard_ms;      /* how long the watch may be silent */
  gint64          watch_started; /* monotonic time */
  gboolean        bookmarks;     /* this server has them */

  /* Results */
  KubeStore         *store; /* (owned) */
  KubeReflectorState state;
  GError            *error; /* (owned) (nullable) */
  gint64             last_contact;
  gboolean           synced;
};

G_DEFINE_ENUM_TYPE (KubeReflectorState, kube_reflector_state, G_DEFINE_ENUM_VALUE (KUBE_REFLECTOR_IDLE, "idle"), G_DEFINE_ENUM_VALUE (KUBE_REFLECTOR_LISTING, "listing"), G_DEFINE_ENUM_VALUE (KUBE_REFLECTOR_WATCHING, "watching"), G_DEFINE_ENUM_VALUE (KUBE_REFLECTOR_BACKING_OFF, "backing-off"), G_DEFINE_ENUM_VALUE (KUBE_REFLECTOR_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (KubeReflector, kube_reflector, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_SYNCED,
  PROP_ERROR,
  PROP_LAST_CONTACT,
  N_PROPS
};

enum
{
  CHANGED,
  EVENT,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void list_page (KubeReflector *self);
static void list_rows (KubeReflector *self);
static void open_watch (KubeReflector *self);
static void read_watch (KubeReflector *self);

static void
set_state (KubeReflector     *self,
           KubeReflectorState state,
           const GError      *error)
{
  g_object_freeze_notify (G_OBJECT (self));

  if (self->error != NULL || error != NULL)
    {
      g_clear_error (&self->error);
      self->error = error != NULL ? g_error_copy (error) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

static void
event_cb (KubeWatchEventType type,
          KubeObject        *object,
          gpointer           user_data)
{
  g_signal_emit (user_data, signals[EVENT], 0, type, object);
}

/* Events cost time, and mostly nobody listens. */
static void
prepare_events (KubeReflector *self)
{
  gboolean heard = g_signal_has_handler_pending (self, signals[EVENT], 0, FALSE);

  kube_store_set_event_func (self->store, heard ? event_cb : NULL, self);
}

static void
touch (KubeReflector *self)
{
  self->last_contact = g_get_real_time ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_CONTACT]);
}

/* Lists anew when there is no version to watch from. */
static void
proceed (KubeReflector *self)
{
  if (self->cursor.resource_version == NULL)
    {
      g_clear_pointer (&self->continue_token, g_free);
      kube_store_begin_list (self->store);
      if (!self->synced && self->ns == NULL && self->form == KUBE_FORM_TABLE && self->resource->namespaced)
        list_rows (self);
      else
        list_page (self);
    }
  else
    {
      open_watch (self);
    }
}

static void
resume_cb (gpointer owner)
{
  proceed (owner);
}

/* Ends what is under way and asks again. Errors below HTTP have no words for people yet. */
static void
fail (KubeReflector *self,
      const GError  *cause)
{
  g_autoptr(GError) error = kube_caller_describe_cut (cause);

  kube_caller_abandon (self->caller);
  if (kube_watch_cursor_fail (&self->cursor, error) == KUBE_WATCH_RELIST)
    {
      proceed (self);
      return;
    }

  kube_caller_retry (self->caller, error);
  set_state (self,
             kube_retry_is_refusal (error) ? KUBE_REFLECTOR_FAILED : KUBE_REFLECTOR_BACKING_OFF,
             error);
}

/* After a sleep the model is as old as the sleep was long, and is not to look like new. */
static void
doubt_cb (gpointer  owner,
          KubeDoubt doubt)
{
  KubeReflector *self = owner;
  const char    *words = doubt == KUBE_DOUBT_SLEEP ? "This computer was asleep."
                                                   : "The cluster has said nothing for too long.";
  g_autoptr(GError) error = NULL;

  error = g_error_new (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                       "%s The connection may be dead and is being made again.", words);
  if (doubt == KUBE_DOUBT_SILENCE)
    {
      fail (self, error);
      return;
    }

  g_object_freeze_notify (G_OBJECT (self));
  kube_caller_abandon (self->caller);
  if (doubt == KUBE_DOUBT_SLEEP)
    set_state (self, KUBE_REFLECTOR_BACKING_OFF, error);
  proceed (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/* The last page is there: the model changes now. */
static void
finish_list (KubeReflector *self,
             const char    *resource_version)
{
  kube_watch_cursor_set_list (&self->cursor, resource_version);
  prepare_events (self);
  kube_store_swap_list (self->store);

  if (!self->synced)
    {
      self->synced = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SYNCED]);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
list_page_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  g_autoptr(KubeReflector) self = kube_call_dup_owner (call);
  const char *token;

  if (self == NULL)
    return;
  if (list == NULL || !kube_list_check (self->resource, list, &error))
    {
      fail (self, error);
      return;
    }

  kube_caller_answered (self->caller);
  kube_store_add_page (self->store, list);
  token = base_json_get_string (list, "metadata", "continue", NULL);
  g_free (self->continue_token);
  self->continue_token = token != NULL && token[0] != '\0' ? g_strdup (token) : NULL;
  touch (self);

  /* Whoever listens may have stopped it, here and below. */
  if (!kube_call_is_abandoned (call) && self->continue_token == NULL)
    finish_list (self, base_json_get_string (list, "metadata", "resourceVersion", NULL));
  if (kube_call_is_abandoned (call))
    return;
  if (self->continue_token != NULL)
    list_page (self);
  else
    open_watch (self);
}

static void
list_page (KubeReflector *self)
{
  g_autoptr(KubeRequest) request =
                 kube_request_new_list (self->resource, self->ns, self->form, self->label_selector, PAGE_SIZE,
                                        self->continue_token);

  if (self->field_selector != NULL)
    kube_request_add_query (request, "fieldSelector", self->field_selector);
  if (self->error == NULL)
    set_state (self, KUBE_REFLECTOR_LISTING, NULL);
  kube_caller_call (self->caller, request, list_page_cb);
}

static void
take_columns (JsonArray *definitions,
              gpointer   call)
{
  g_autoptr(KubeReflector) self = kube_call_dup_owner (call);

  if (self != NULL)
    kube_store_add_columns (self->store, definitions);
}

static void
take_row (const KubeListRow *row,
          const char        *namespace_,
          gpointer           call)
{
  g_autoptr(KubeReflector) self = kube_call_dup_owner (call);

  if (self != NULL)
    kube_store_add_row (self->store, row, namespace_);
}

static void
take_item (JsonNode *item,
           gpointer  call)
{
  g_autoptr(KubeReflector) self = kube_call_dup_owner (call);

  if (self != NULL)
    kube_store_add_item (self->store, item);
}

static void
forget_rows (gpointer call)
{
  g_autoptr(KubeReflector) self = kube_call_dup_owner (call);

  if (self != NULL)
    kube_store_begin_list (self->store);
}

static const KubeRowsFuncs rows_funcs = {
  .columns = take_columns,
  .row = take_row,
  .item = take_item,
  .restart = forget_rows,
};

static void
list_rows_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *version = kube_rows_read_finish (KUBE_CLIENT (source), result, &error);
  g_autoptr(KubeReflector) self = kube_call_dup_owner (call);

  if (self == NULL)
    return;
  if (version == NULL)
    {
      fail (self, error);
      return;
    }

  kube_caller_answered (self->caller);
  touch (self);
  if (!kube_call_is_abandoned (call))
    finish_list (self, version);
  if (!kube_call_is_abandoned (call))
    open_watch (self);
}

/* The first list of all namespaces: rows without metadata where these are many. Later lists are
 * compared with what is known, for which they need it. */
static void
list_rows (KubeReflector *self)
{
  KubeCall *call = kube_caller_begin (self->caller);

  if (self->error == NULL)
    set_state (self, KUBE_REFLECTOR_LISTING, NULL);
  kube_rows_read_async (kube_caller_get_client (self->caller), self->resource, self->label_selector,
                        self->field_selector, &rows_funcs, call, kube_call_get_cancellable (call),
                        list_rows_cb, call);
}

static void
open_watch_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(KubeReflector) self = NULL;

  stream = kube_client_stream_finish (KUBE_CLIENT (source), result, &error);
  self = kube_call_dup_owner (call);
  if (self == NULL)
    return;
  if (stream == NULL)
    {
      fail (self, error);
      return;
    }

  kube_caller_answered (self->caller);
  kube_caller_guard (self->caller, self->guard_ms);
  kube_caller_take_stream (self->caller, stream, MAX_LINE_LENGTH);
  g_object_freeze_notify (G_OBJECT (self));
  touch (self);
  set_state (self, KUBE_REFLECTOR_WATCHING, NULL);
  g_object_thaw_notify (G_OBJECT (self));
  if (!kube_call_is_abandoned (call))
    read_watch (self);
}

static void
open_watch (KubeReflector *self)
{
  g_autoptr(KubeRequest) request = NULL;
  guint seconds = self->watch_seconds;

  if (seconds == 0)
    seconds = self->bookmarks ? (guint) g_random_int_range (WATCH_SECONDS_MIN, WATCH_SECONDS_MAX + 1)
                              : WATCH_SECONDS_FIRST;

  request = kube_request_new_watch (self->resource, self->ns, self->form, self->label_selector,
                                    self->cursor.resource_version, seconds);
  if (self->field_selector != NULL)
    kube_request_add_query (request, "fieldSelector", self->field_selector);
  kube_watch_cursor_begin (&self->cursor);
  self->watch_started = g_get_monotonic_time ();
  self->guard_ms = seconds * 1000 + self->grace_ms;
  if (self->bookmarks)
    self->guard_ms = MIN (self->guard_ms, self->bookmarks_ms);
  kube_caller_guard (self->caller, MIN (self->guard_ms, self->head_ms));
  kube_caller_stream (self->caller, request, open_watch_cb);
}

/* A clean end is normal; one at once without a word is not. */
static void
end_watch (KubeReflector *self)
{
  g_autoptr(GError) error = NULL;

  if (kube_watch_cursor_end (&self->cursor, g_get_monotonic_time () - self->watch_started))
    {
      kube_caller_abandon (self->caller);
      kube_caller_succeed (self->caller);
      open_watch (self);
      return;
    }

  error = g_error_new (KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                       "The cluster ends every watch of %s at once. It may be starting or "
                       "overloaded; it is asked again.",
                       self->resource->plural);
  fail (self, error);
}

static void
read_watch_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(KubeCall) call = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) lines = NULL;
  g_autoptr(KubeReflector) self = NULL;

  lines = base_line_reader_read_finish (BASE_LINE_READER (source), result, &error);
  self = kube_call_dup_owner (call);
  if (self == NULL)
    return;
  if (lines == NULL && error != NULL)
    {
      fail (self, error);
      return;
    }
  if (lines == NULL)
    {
      end_watch (self);
      return;
    }

  prepare_events (self);
  kube_store_apply_lines (self->store, lines, &self->cursor, &error);
  /* Whoever listens may have stopped it, here and below. */
  if (kube_call_is_abandoned (call))
    {
      kube_watch_cursor_clear (&self->cursor);
      return;
    }
  if (self->cursor.eventful)
    kube_caller_succeed (self->caller);
  if (self->cursor.bookmarked)
    {
      self->bookmarks = TRUE;
      self->guard_ms = MIN (self->guard_ms, self->bookmarks_ms);
    }
  kube_caller_guard (self->caller, self->guard_ms);
  touch (self);
  g_signal_emit (self, signals[CHANGED], 0);

  if (kube_call_is_abandoned (call))
    return;
  if (error == NULL)
    read_watch (self);
  else
    fail (self, error);
}

static void
read_watch (KubeReflector *self)
{
  kube_caller_read (self->caller, read_watch_cb);
}

static void
kube_reflector_dispose (GObject *object)
{
  KubeReflector *self = KUBE_REFLECTOR (object);

  g_clear_pointer (&self->caller, kube_caller_free);

  G_OBJECT_CLASS (kube_reflector_parent_class)->dispose (object);
}

static void
kube_reflector_finalize (GObject *object)
{
  KubeReflector *self = KUBE_REFLECTOR (object);

  g_clear_pointer (&self->store, kube_store_free);
  g_clear_pointer (&self->continue_token, g_free);
  g_clear_pointer (&self->ns, g_free);
  g_clear_pointer (&self->label_selector, g_free);
  g_clear_pointer (&self->field_selector, g_free);
  kube_watch_cursor_clear (&self->cursor);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (kube_reflector_parent_class)->finalize (object);
}

static void
kube_reflector_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  KubeReflector *self = KUBE_REFLECTOR (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, kube_reflector_get_state (self));
      break;
    case PROP_SYNCED:
      g_value_set_boolean (value, kube_reflector_get_synced (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, kube_reflector_get_error (self));
      break;
    case PROP_LAST_CONTACT:
      g_value_set_int64 (value, kube_reflector_get_last_contact (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_reflector_class_init (KubeReflectorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = kube_reflector_dispose;
  object_class->finalize = kube_reflector_finalize;
  object_class->get_property = kube_reflector_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, KUBE_TYPE_REFLECTOR_STATE,
                                              KUBE_REFLECTOR_IDLE, flags);
  properties[PROP_SYNCED] = g_param_spec_boolean ("synced", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_LAST_CONTACT] = g_param_spec_int64 ("last-contact", NULL, NULL, 0, G_MAXINT64,
                                                      0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * KubeReflector::changed:
   *
   * Emitted once the model has been brought up to date with a batch of events or a
   * list.
   */
  signals[CHANGED] = g_signal_new ("changed", KUBE_TYPE_REFLECTOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  /**
   * KubeReflector::event:
   * @self: the reflector
   * @type: what has happened
   * @object: the object as the event has it, which is not the instance of the model
   *
   * Emitted for each event that is about to change the model, in their order, for
   * who shows what happens rather than what there is. A list that is not the first
   * counts as the events that make its differences; the first counts as additions.
   */
  signals[EVENT] = g_signal_new ("event", KUBE_TYPE_REFLECTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, KUBE_TYPE_WATCH_EVENT_TYPE,
                                 KUBE_TYPE_OBJECT);
}

static void
kube_reflector_init (KubeReflector *self)
{
  self->grace_ms = GRACE_MS;
  self->head_ms = HEAD_MS;
  self->bookmarks_ms = BOOKMARKS_MS;
}

/**
 * kube_reflector_new:
 * @client: the cluster
 * @resource: (transfer none): what to keep; must outlive the reflector
 * @ns: (nullable): a namespace, %NULL for all
 * @form: whole objects, or the server's printed rows with metadata
 * @label_selector: (nullable): which objects, %NULL for all
 *
 * Returns: (transfer full): a reflector that has not been started
 */
KubeReflector *
kube_reflector_new (KubeClient         *client,
                    const KubeResource *resource,
                    const char         *ns,
                    KubeForm            form,
                    const char         *label_selector)
{
  KubeReflector *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (resource != NULL, NULL);

  self = g_object_new (KUBE_TYPE_REFLECTOR, NULL);
  self->caller = kube_caller_new (self, client, resume_cb, doubt_cb);
  self->resource = resource;
  self->ns = g_strdup (ns);
  self->form = form;
  self->label_selector = g_strdup (label_selector);
  self->store = kube_store_new (resource, form);

  return self;
}

/**
 * kube_reflector_set_field_selector:
 * @self: a reflector that has not been started
 * @field_selector: (nullable): which objects by their fields, such as
 *   "status.phase=Running"; %NULL for all
 *
 * What fields can be selected by depends on the kind; the server refuses others
 * with %KUBE_ERROR_BAD_REQUEST.
 */
void
kube_reflector_set_field_selector (KubeReflector *self,
                                   const char    *field_selector)
{
  g_return_if_fail (KUBE_IS_REFLECTOR (self));
  g_return_if_fail (self->state == KUBE_REFLECTOR_IDLE);

  g_free (self->field_selector);
  self->field_selector = g_strdup (field_selector);
}

/**
 * kube_reflector_start:
 * @self: a reflector
 *
 * Lists, then watches until [method@KubeReflector.stop] or the end of @self.
 * Does nothing when it is started already.
 */
void
kube_reflector_start (KubeReflector *self)
{
  g_return_if_fail (KUBE_IS_REFLECTOR (self));

  if (self->state == KUBE_REFLECTOR_IDLE)
    proceed (self);
}

/**
 * kube_reflector_stop:
 * @self: a reflector
 *
 * Ends everything that is under way. The model keeps what is in it; a later
 * start lists again.
 */
void
kube_reflector_stop (KubeReflector *self)
{
  g_return_if_fail (KUBE_IS_REFLECTOR (self));

  kube_caller_stop (self->caller);
  kube_watch_cursor_clear (&self->cursor);
  set_state (self, KUBE_REFLECTOR_IDLE, NULL);
}

/**
 * kube_reflector_get_model:
 * @self: a reflector
 *
 * Returns: (transfer none): the objects as [class@KubeObject], sorted by key
 */
GListModel *
kube_reflector_get_model (KubeReflector *self)
{
  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), NULL);

  return kube_store_get_model (self->store);
}

/**
 * kube_reflector_lookup:
 * @self: a reflector
 * @key: "namespace/name", or "name" for an object of the whole cluster
 *
 * Returns: (transfer none) (nullable): the object of that key
 */
KubeObject *
kube_reflector_lookup (KubeReflector *self,
                       const char    *key)
{
  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return kube_store_lookup (self->store, key);
}

/**
 * kube_reflector_get_columns:
 * @self: a reflector
 *
 * The server's columns in Table form. The index of a name is the one that
 * [method@KubeObject.get_cell] wants.
 *
 * Returns: (transfer none): names of the columns of the normal view; empty until
 *   the first list and in object form
 */
const char *const *
kube_reflector_get_columns (KubeReflector *self)
{
  static const char *const none[] = { NULL };
  KubeColumns             *columns;

  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), NULL);

  columns = kube_store_get_columns (self->store);
  return columns != NULL ? kube_columns_get_normal (columns) : none;
}

/**
 * kube_reflector_find_column:
 * @self: a reflector
 * @name: name of a column, such as "Restarts"; those of the wide view, such as
 *   "Node", are found too
 *
 * Returns: the index for [method@KubeObject.get_cell], -1 when there is none
 */
int
kube_reflector_find_column (KubeReflector *self,
                            const char    *name)
{
  KubeColumns *columns;

  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), -1);
  g_return_val_if_fail (name != NULL, -1);

  columns = kube_store_get_columns (self->store);
  return columns != NULL ? kube_columns_find (columns, name) : -1;
}

/**
 * kube_reflector_get_nth_column:
 * @self: a reflector
 * @position: counted from 0 in the server's order, which is that of kubectl
 * @name: (out) (transfer none): the name of the column there
 * @wide: (out): whether only the wide view has it
 *
 * Returns: the index for [method@KubeObject.get_cell], -1 behind the last column
 */
int
kube_reflector_get_nth_column (KubeReflector *self,
                               guint          position,
                               const char   **name,
                               gboolean      *wide)
{
  KubeColumns *columns;

  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), -1);
  g_return_val_if_fail (name != NULL && wide != NULL, -1);

  columns = kube_store_get_columns (self->store);
  return columns != NULL ? kube_columns_get_nth (columns, position, name, wide) : -1;
}

/**
 * kube_reflector_get_state:
 * @self: a reflector
 *
 * Returns: what it is doing
 */
KubeReflectorState
kube_reflector_get_state (KubeReflector *self)
{
  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), KUBE_REFLECTOR_IDLE);

  return self->state;
}

/**
 * kube_reflector_get_synced:
 * @self: a reflector
 *
 * Returns: %TRUE once the model has held a complete list
 */
gboolean
kube_reflector_get_synced (KubeReflector *self)
{
  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), FALSE);

  return self->synced;
}

/**
 * kube_reflector_get_error:
 * @self: a reflector
 *
 * Returns: (transfer none) (nullable): the failure that keeps it from watching,
 *   a %KUBE_ERROR; %NULL while all is well
 */
GError *
kube_reflector_get_error (KubeReflector *self)
{
  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), NULL);

  return self->error;
}

/**
 * kube_reflector_get_last_contact:
 * @self: a reflector
 *
 * Returns: when the server last said something, in microseconds since the epoch;
 *   0 when it has not yet
 */
gint64
kube_reflector_get_last_contact (KubeReflector *self)
{
  g_return_val_if_fail (KUBE_IS_REFLECTOR (self), 0);

  return self->last_contact;
}

/*
 * _kube_reflector_set_timing:
 * @self: a reflector that has not been started
 * @timing: other waits than the usual ones
 *
 * Lets tests be quick.
 */
void
_kube_reflector_set_timing (KubeReflector             *self,
                            const KubeReflectorTiming *timing)
{
  g_return_if_fail (KUBE_IS_REFLECTOR (self));
  g_return_if_fail (timing != NULL);

  kube_caller_set_timing (self->caller, &timing->retry);
  self->watch_seconds = timing->watch_seconds;
  self->grace_ms = timing->grace_ms;
  self->head_ms = timing->head_ms;
  self->bookmarks_ms = timing->bookmarks_ms;
}
