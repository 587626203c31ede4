/* kube-log-buffer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-buffer-private.h"

#include "kube-log-line.h"

#define DEFAULT_MAX_LINES 100000

/* Dropping a chunk drops at most this share of the lines. */
#define SHARES 8

/**
 * KubeLogBuffer:
 *
 * The lines of a log, newest last, as a list model of [class@KubeLogLine].
 *
 * A busy log has more lines than one wants to have objects: the lines lie in
 * chunks of 1 MiB, 17 bytes more each than their text has, and a #KubeLogLine
 * exists only while somebody looks at it. When there are more than
 * #KubeLogBuffer:max-lines lines, the oldest chunk goes.
 *
 * The bytes are kept as they came; they need not be UTF-8.
 */
struct _KubeLogBuffer
{
  GObject parent_instance;

  GArray *chunks;   /* (element-type Place) (owned), oldest first */
  guint64 n_before; /* lines dropped so far: the number of the first one that is there */
  guint64 n_after;  /* the number of the next one */
  guint   recent;   /* the chunk that was looked at last */
  guint   max_lines;
};

typedef struct
{
  KubeLogChunk *chunk; /* (owned) */
  guint64       first; /* number of its first line */
} Place;

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KubeLogBuffer, kube_log_buffer, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

enum
{
  PROP_0,
  PROP_MAX_LINES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
place_clear (gpointer data)
{
  Place *place = data;

  g_clear_pointer (&place->chunk, kube_log_chunk_free);
}

static Place *
get_place (KubeLogBuffer *self,
           guint          index)
{
  return &g_array_index (self->chunks, Place, index);
}

static guint
get_n_lines (KubeLogBuffer *self)
{
  return (guint) (self->n_after - self->n_before);
}

/* Returns: how many lines went to make room for @n_more */
static guint
make_room (KubeLogBuffer *self,
           guint          n_more)
{
  guint before = get_n_lines (self);
  guint n_chunks = 0;

  while (n_chunks < self->chunks->len && (guint64) get_n_lines (self) + n_more > self->max_lines)
    self->n_before += kube_log_chunk_get_n_lines (get_place (self, n_chunks++)->chunk);
  if (n_chunks > 0)
    g_array_remove_range (self->chunks, 0, n_chunks);
  self->recent = 0;

  return before - get_n_lines (self);
}

static gboolean
append_to_last (KubeLogBuffer      *self,
                const KubeLogEntry *entry)
{
  KubeLogChunk *chunk;

  if (self->chunks->len == 0)
    return FALSE;

  chunk = get_place (self, self->chunks->len - 1)->chunk;

  return kube_log_chunk_get_n_lines (chunk) < MAX (1, self->max_lines / SHARES) &&
         kube_log_chunk_append (chunk, entry, FALSE);
}

static void
append_entry (KubeLogBuffer      *self,
              const KubeLogEntry *entry)
{
  Place place;

  if (!append_to_last (self, entry))
    {
      place.chunk = kube_log_chunk_new (entry->length, self->chunks->len > 0);
      place.first = self->n_after;
      g_array_append_val (self->chunks, place);
      kube_log_chunk_append (place.chunk, entry, FALSE);
    }
  self->n_after++;
}

/* Whoever looks at one line is likely to look at its neighbours. */
static void
get_line (KubeLogBuffer *self,
          guint          index,
          KubeLogEntry  *entry)
{
  guint64 number = self->n_before + index;
  guint   low = 0;
  guint   high = self->chunks->len;
  Place  *place = get_place (self, self->recent);

  if (number < place->first ||
      number - place->first >= kube_log_chunk_get_n_lines (place->chunk))
    {
      while (high - low > 1)
        {
          guint middle = low + (high - low) / 2;

          if (get_place (self, middle)->first <= number)
            low = middle;
          else
            high = middle;
        }
      self->recent = low;
      place = get_place (self, low);
    }
  kube_log_chunk_get (place->chunk, (guint) (number - place->first), entry);
}

static GType
get_item_type (GListModel *model)
{
  return KUBE_TYPE_LOG_LINE;
}

static guint
get_n_items (GListModel *model)
{
  return get_n_lines (KUBE_LOG_BUFFER (model));
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  KubeLogBuffer *self = KUBE_LOG_BUFFER (model);
  KubeLogEntry   entry;

  if (position >= get_n_lines (self))
    return NULL;

  get_line (self, position, &entry);
  return kube_log_line_new (&entry);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
kube_log_buffer_finalize (GObject *object)
{
  KubeLogBuffer *self = KUBE_LOG_BUFFER (object);

  g_clear_pointer (&self->chunks, g_array_unref);

  G_OBJECT_CLASS (kube_log_buffer_parent_class)->finalize (object);
}

static void
kube_log_buffer_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  KubeLogBuffer *self = KUBE_LOG_BUFFER (object);

  switch (prop_id)
    {
    case PROP_MAX_LINES:
      g_value_set_uint (value, kube_log_buffer_get_max_lines (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_log_buffer_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  KubeLogBuffer *self = KUBE_LOG_BUFFER (object);

  switch (prop_id)
    {
    case PROP_MAX_LINES:
      kube_log_buffer_set_max_lines (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_log_buffer_class_init (KubeLogBufferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = kube_log_buffer_finalize;
  object_class->get_property = kube_log_buffer_get_property;
  object_class->set_property = kube_log_buffer_set_property;

  properties[PROP_MAX_LINES] =
      g_param_spec_uint ("max-lines", NULL, NULL, 1, G_MAXUINT, DEFAULT_MAX_LINES,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kube_log_buffer_init (KubeLogBuffer *self)
{
  self->chunks = g_array_new (FALSE, FALSE, sizeof (Place));
  g_array_set_clear_func (self->chunks, place_clear);
  self->max_lines = DEFAULT_MAX_LINES;
}

/**
 * kube_log_buffer_new:
 *
 * Returns: (transfer full): an empty buffer for 100 000 lines
 */
KubeLogBuffer *
kube_log_buffer_new (void)
{
  return g_object_new (KUBE_TYPE_LOG_BUFFER, NULL);
}

/**
 * kube_log_buffer_get_max_lines:
 * @self: a buffer
 *
 * Returns: how many lines there can be before the oldest ones go
 */
guint
kube_log_buffer_get_max_lines (KubeLogBuffer *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_BUFFER (self), 0);

  return self->max_lines;
}

/**
 * kube_log_buffer_set_max_lines:
 * @self: a buffer
 * @max_lines: how many lines to keep at most, at least 1
 *
 * Lines beyond @max_lines go at once, together with those that lie in the same chunk.
 */
void
kube_log_buffer_set_max_lines (KubeLogBuffer *self,
                               guint          max_lines)
{
  guint n_dropped;

  g_return_if_fail (KUBE_IS_LOG_BUFFER (self));
  g_return_if_fail (max_lines > 0);

  if (self->max_lines == max_lines)
    return;

  self->max_lines = max_lines;
  n_dropped = make_room (self, 0);
  if (n_dropped > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_dropped, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_LINES]);
}

/**
 * kube_log_buffer_append:
 * @self: a buffer
 * @time_us: when the line was written, microseconds since the epoch, 0 when unknown
 * @text: (array length=length): the bytes of the line, without its line end; copied
 * @length: number of bytes
 *
 * Appends one line. Many at once go faster through
 * [method@KubeLogBuffer.append_many].
 */
void
kube_log_buffer_append (KubeLogBuffer *self,
                        gint64         time_us,
                        const char    *text,
                        gsize          length)
{
  KubeLogEntry entry = { .time_ns = time_us * 1000, .text = text, .length = length };

  g_return_if_fail (KUBE_IS_LOG_BUFFER (self));
  g_return_if_fail (text != NULL || length == 0);

  kube_log_buffer_append_many (self, &entry, 1);
}

/**
 * kube_log_buffer_append_many:
 * @self: a buffer
 * @entries: (array length=n_entries): the lines; copied
 * @n_entries: how many
 *
 * Appends lines in one go: one signal for what had to go and one for what came.
 * Of more lines than the buffer holds only the last ones are kept.
 *
 * Returns: how many of @entries are in the buffer now, at its end
 */
guint
kube_log_buffer_append_many (KubeLogBuffer      *self,
                             const KubeLogEntry *entries,
                             guint               n_entries)
{
  guint n_skipped;
  guint n_dropped;
  guint first;
  guint i;

  g_return_val_if_fail (KUBE_IS_LOG_BUFFER (self), 0);
  g_return_val_if_fail (entries != NULL || n_entries == 0, 0);

  if (n_entries == 0)
    return 0;

  n_skipped = n_entries > self->max_lines ? n_entries - self->max_lines : 0;
  n_dropped = make_room (self, n_entries - n_skipped);
  if (n_dropped > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_dropped, 0);

  first = get_n_lines (self);
  for (i = n_skipped; i < n_entries; i++)
    append_entry (self, &entries[i]);
  g_list_model_items_changed (G_LIST_MODEL (self), first, 0, n_entries - n_skipped);

  return n_entries - n_skipped;
}

/*
 * _kube_log_buffer_take_chunk:
 * @self: a buffer
 * @chunk: (transfer full): lines, at least one; not to be appended to any more
 *
 * Appends lines without copying them.
 *
 * Returns: %FALSE if they are too many to go at once later on; @chunk is left alone then
 */
gboolean
_kube_log_buffer_take_chunk (KubeLogBuffer *self,
                             KubeLogChunk  *chunk)
{
  guint n_lines = kube_log_chunk_get_n_lines (chunk);
  Place place = { .chunk = chunk };
  guint n_dropped;

  g_return_val_if_fail (KUBE_IS_LOG_BUFFER (self), FALSE);

  if (n_lines > self->max_lines / SHARES)
    return FALSE;

  n_dropped = make_room (self, n_lines);
  if (n_dropped > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_dropped, 0);

  place.first = self->n_after;
  g_array_append_val (self->chunks, place);
  self->n_after += n_lines;
  g_list_model_items_changed (G_LIST_MODEL (self), get_n_lines (self) - n_lines, 0, n_lines);

  return TRUE;
}

/**
 * kube_log_buffer_clear:
 * @self: a buffer
 *
 * Drops every line.
 */
void
kube_log_buffer_clear (KubeLogBuffer *self)
{
  guint n_lines;

  g_return_if_fail (KUBE_IS_LOG_BUFFER (self));

  n_lines = get_n_lines (self);
  g_array_set_size (self->chunks, 0);
  self->n_before = self->n_after;
  self->recent = 0;
  if (n_lines > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_lines, 0);
}

/**
 * kube_log_buffer_get_text:
 * @self: a buffer
 * @index: number of a line, 0 is the oldest
 * @length: (out) (optional): number of bytes
 * @time_us: (out) (optional): when it was written, microseconds since the epoch,
 *   0 when unknown
 *
 * Returns: (transfer none) (nullable): the bytes of the line, followed by a NUL;
 *   not necessarily UTF-8; valid until lines are appended or dropped; %NULL when
 *   there is no such line
 */
const char *
kube_log_buffer_get_text (KubeLogBuffer *self,
                          guint          index,
                          gsize         *length,
                          gint64        *time_us)
{
  KubeLogEntry entry = { 0 };

  g_return_val_if_fail (KUBE_IS_LOG_BUFFER (self), NULL);

  kube_log_buffer_get_entry (self, index, &entry);
  if (length != NULL)
    *length = entry.length;
  if (time_us != NULL)
    *time_us = entry.time_ns / 1000;

  return entry.text;
}

/**
 * kube_log_buffer_get_entry:
 * @self: a buffer
 * @index: number of a line, 0 is the oldest
 * @entry: (out caller-allocates): the line; its bytes are followed by a NUL and
 *   valid until lines are appended or dropped
 *
 * Gets all that is known of a line.
 *
 * Returns: %FALSE when there is no such line; @entry is left alone then
 */
gboolean
kube_log_buffer_get_entry (KubeLogBuffer *self,
                           guint          index,
                           KubeLogEntry  *entry)
{
  g_return_val_if_fail (KUBE_IS_LOG_BUFFER (self), FALSE);
  g_return_val_if_fail (entry != NULL, FALSE);

  if (index >= get_n_lines (self))
    return FALSE;
  get_line (self, index, entry);

  return TRUE;
}
