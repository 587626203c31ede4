/* kube-log-buffer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-buffer.h"

#include "kube-log-line.h"

#include <string.h>

#define SEGMENT_SIZE ((gsize) 1 << 20)
#define DEFAULT_MAX_LINES 100000

/* Dropping a segment drops at most this share of the lines. */
#define SHARES 8

/**
 * KubeLogBuffer:
 *
 * The lines of a log, newest last, as a list model of [class@KubeLogLine].
 *
 * A busy log has more lines than one wants to have objects: the bytes lie one
 * behind the other in segments of 1 MiB, each line is found by one offset of 8
 * bytes, and a #KubeLogLine exists only while somebody looks at it. When there
 * are more than #KubeLogBuffer:max-lines lines, the oldest segment goes.
 *
 * The bytes are kept as they came; they need not be UTF-8.
 */
struct _KubeLogBuffer
{
  GObject parent_instance;

  GPtrArray *segments;      /* (element-type Segment) (owned), oldest first */
  GArray    *positions;     /* (element-type guint64) (owned): segment << 32 | offset */
  guint      first;         /* index into positions of the oldest line */
  guint64    first_segment; /* number of segments dropped so far */
  guint      max_lines;
};

typedef struct
{
  char *data; /* (owned) */
  gsize size;
  gsize used;
  guint n_lines;
} Segment;

/* Before the bytes of each line, which a NUL follows. */
typedef struct
{
  gint64  time_us;
  guint64 length;
} Header;

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KubeLogBuffer, kube_log_buffer, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

enum
{
  PROP_0,
  PROP_MAX_LINES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static Segment *
segment_new (gsize size)
{
  Segment *segment = g_new0 (Segment, 1);

  segment->data = g_malloc (size);
  segment->size = size;

  return segment;
}

static void
segment_free (gpointer data)
{
  Segment *segment = data;

  g_free (segment->data);
  g_free (segment);
}

static guint
get_n_lines (KubeLogBuffer *self)
{
  return self->positions->len - self->first;
}

static Segment *
get_last_segment (KubeLogBuffer *self)
{
  if (self->segments->len == 0)
    return NULL;

  return g_ptr_array_index (self->segments, self->segments->len - 1);
}

/* The gap that dropped lines leave in the offsets is closed only when it is large. */
static void
drop_oldest_segment (KubeLogBuffer *self)
{
  Segment *segment = g_ptr_array_index (self->segments, 0);

  self->first += segment->n_lines;
  self->first_segment++;
  g_ptr_array_remove_index (self->segments, 0);

  if (self->first > self->positions->len / 2)
    {
      g_array_remove_range (self->positions, 0, self->first);
      self->first = 0;
    }
}

/* Returns: how many lines went to make room for @n_more */
static guint
make_room (KubeLogBuffer *self,
           guint          n_more)
{
  guint before = get_n_lines (self);

  while (self->segments->len > 0 && (guint64) get_n_lines (self) + n_more > self->max_lines)
    drop_oldest_segment (self);

  return before - get_n_lines (self);
}

static Segment *
ensure_segment (KubeLogBuffer *self,
                gsize          size)
{
  Segment *segment = get_last_segment (self);

  if (segment != NULL && segment->size - segment->used >= size && segment->n_lines < MAX (1, self->max_lines / SHARES))
    return segment;

  segment = segment_new (MAX (size, SEGMENT_SIZE));
  g_ptr_array_add (self->segments, segment);

  return segment;
}

static void
append_entry (KubeLogBuffer      *self,
              const KubeLogEntry *entry)
{
  Header   header = { entry->time_us, entry->length };
  Segment *segment = ensure_segment (self, sizeof header + entry->length + 1);
  guint64  number = self->first_segment + self->segments->len - 1;
  guint64  position = number << 32 | segment->used;
  char    *target = segment->data + segment->used;

  memcpy (target, &header, sizeof header);
  if (entry->length > 0)
    memcpy (target + sizeof header, entry->text, entry->length);
  target[sizeof header + entry->length] = '\0';

  segment->used += sizeof header + entry->length + 1;
  segment->n_lines++;
  g_array_append_val (self->positions, position);
}

static const char *
get_line (KubeLogBuffer *self,
          guint          index,
          Header        *header)
{
  guint64     position = g_array_index (self->positions, guint64, self->first + index);
  Segment    *segment = g_ptr_array_index (self->segments, (position >> 32) - self->first_segment);
  const char *source = segment->data + (position & G_MAXUINT32);

  memcpy (header, source, sizeof *header);

  return source + sizeof *header;
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
  const char    *text;
  Header         header;

  if (position >= get_n_lines (self))
    return NULL;

  text = get_line (self, position, &header);
  return kube_log_line_new (header.time_us, text, header.length);
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

  g_clear_pointer (&self->segments, g_ptr_array_unref);
  g_clear_pointer (&self->positions, g_array_unref);

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
  self->segments = g_ptr_array_new_with_free_func (segment_free);
  self->positions = g_array_new (FALSE, FALSE, sizeof (guint64));
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
 * Lines beyond @max_lines go at once, together with those that lie in the same segment.
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
  KubeLogEntry entry = { time_us, text, length };

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
  g_ptr_array_set_size (self->segments, 0);
  g_array_set_size (self->positions, 0);
  self->first = 0;
  self->first_segment = 0;
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
  const char *text = NULL;
  Header      header = { 0 };

  g_return_val_if_fail (KUBE_IS_LOG_BUFFER (self), NULL);

  if (index < get_n_lines (self))
    text = get_line (self, index, &header);
  if (length != NULL)
    *length = header.length;
  if (time_us != NULL)
    *time_us = header.time_us;

  return text;
}
