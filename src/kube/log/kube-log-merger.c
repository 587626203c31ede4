/* kube-log-merger.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-merger.h"

#include "kube-log-chunk.h"

/* So many lines are given on at once. */
#define BATCH 1024

/**
 * KubeLogMerger:
 *
 * Puts the lines of several logs in the order of their time stamps. Does no I/O and
 * knows no clock.
 *
 * What the logs held before is merged exactly: a line goes on when every log whose
 * past is still being read has shown what comes next in it. A line that was written
 * later is held for a while, in which lines of other logs may arrive that belong
 * before it; one that arrives later than that is not held back for its order.
 *
 * The lines of one source stay in the order in which they came, since containers
 * do not write strictly in the order of the stamps: a line counts as no older than
 * those before it. Of lines with equal stamps the source that was added first
 * comes first.
 */
struct _KubeLogMerger
{
  gint64      window_us;
  KubeLogSink sink;
  gpointer    user_data;

  GPtrArray *sources; /* (element-type Source) (owned) */
  GPtrArray *heap;    /* (element-type Source): those with lines, the next one first */
  GArray    *batch;   /* (element-type KubeLogEntry) (owned): on their way to the sink */
  GPtrArray *spent;   /* (element-type KubeLogChunk) (owned): where those lie */
  guint      n_open;  /* sources that may bring more */
  guint      n_empty; /* sources whose past is not known to its end, without a line */
};

typedef struct
{
  guint  index;
  GQueue chunks;  /* (element-type KubeLogChunk) (owned), oldest first */
  guint  next;    /* line of the first chunk */
  GQueue batches; /* (element-type Batch) (owned), oldest first */
  gint64 key;     /* of the line that goes next */
  gint64 newest;  /* the latest stamp so far */
  guint  has_past : 1;
  guint  is_open : 1;
} Source;

/* Lines that arrived together. */
typedef struct
{
  guint  n_lines;
  gint64 due_us; /* when they go on at the latest, 0: their time has come */
  gint64 newest; /* the latest stamp up to their end */
} Batch;

static void
source_free (gpointer data)
{
  Source *source = data;

  g_queue_clear_full (&source->chunks, (GDestroyNotify) kube_log_chunk_free);
  g_queue_clear_full (&source->batches, g_free);
  g_free (source);
}

/**
 * kube_log_merger_new: (skip)
 * @window_us: how long a new line is held, in microseconds
 * @sink: (scope forever): what takes the lines in their order; it must not free the
 *   merger
 * @user_data: for @sink
 *
 * Returns: (transfer full): a merger without sources
 */
KubeLogMerger *
kube_log_merger_new (gint64      window_us,
                     KubeLogSink sink,
                     gpointer    user_data)
{
  KubeLogMerger *self;

  g_return_val_if_fail (window_us >= 0, NULL);
  g_return_val_if_fail (sink != NULL, NULL);

  self = g_new0 (KubeLogMerger, 1);
  self->window_us = window_us;
  self->sink = sink;
  self->user_data = user_data;
  self->sources = g_ptr_array_new_with_free_func (source_free);
  self->heap = g_ptr_array_new ();
  self->batch = g_array_sized_new (FALSE, FALSE, sizeof (KubeLogEntry), BATCH);
  self->spent = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_log_chunk_free);

  return self;
}

/**
 * kube_log_merger_free:
 * @self: (nullable): a merger
 *
 * Frees @self with the lines that are held.
 */
void
kube_log_merger_free (KubeLogMerger *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->heap, g_ptr_array_unref);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->batch, g_array_unref);
  g_clear_pointer (&self->spent, g_ptr_array_unref);
  g_free (self);
}

static gboolean
goes_before (const Source *a,
             const Source *b)
{
  return a->key < b->key || (a->key == b->key && a->index < b->index);
}

static void
sift_up (GPtrArray *heap)
{
  guint i = heap->len - 1;

  while (i > 0 && goes_before (heap->pdata[i], heap->pdata[(i - 1) / 2]))
    {
      gpointer source = heap->pdata[i];

      heap->pdata[i] = heap->pdata[(i - 1) / 2];
      heap->pdata[(i - 1) / 2] = source;
      i = (i - 1) / 2;
    }
}

static void
sift_down (GPtrArray *heap)
{
  guint i = 0;

  for (;;)
    {
      guint    child = 2 * i + 1;
      gpointer source;

      if (child + 1 < heap->len && goes_before (heap->pdata[child + 1], heap->pdata[child]))
        child++;
      if (child >= heap->len || !goes_before (heap->pdata[child], heap->pdata[i]))
        return;

      source = heap->pdata[i];
      heap->pdata[i] = heap->pdata[child];
      heap->pdata[child] = source;
      i = child;
    }
}

static Source *
get_source (KubeLogMerger *self,
            guint          index)
{
  return g_ptr_array_index (self->sources, index);
}

/**
 * kube_log_merger_add_source:
 * @self: a merger
 * @has_past: whether lines of others must wait until its past is known
 *
 * Returns: the number of the new source: how many there were before
 */
guint
kube_log_merger_add_source (KubeLogMerger *self,
                            gboolean       has_past)
{
  Source *source;

  g_return_val_if_fail (self != NULL, 0);

  source = g_new0 (Source, 1);
  source->index = self->sources->len;
  source->has_past = has_past != FALSE;
  source->is_open = TRUE;
  source->key = G_MININT64;
  source->newest = G_MININT64;
  g_ptr_array_add (self->sources, source);
  self->n_open++;
  if (has_past)
    self->n_empty++;

  return source->index;
}

static void
queue_entry (Source             *source,
             const KubeLogEntry *entry)
{
  KubeLogChunk *chunk = g_queue_peek_tail (&source->chunks);
  KubeLogEntry  own = *entry;

  own.source = (guint16) source->index;
  if (own.time_ns != 0)
    source->newest = MAX (source->newest, own.time_ns);
  if (chunk != NULL && kube_log_chunk_append (chunk, &own, TRUE))
    return;

  chunk = kube_log_chunk_new (own.length + own.stamp_length, chunk != NULL);
  kube_log_chunk_append (chunk, &own, TRUE);
  g_queue_push_tail (&source->chunks, chunk);
}

/* Looks at the line that goes next; @source has one. */
static void
find_key (Source *source)
{
  KubeLogEntry entry;

  kube_log_chunk_get (g_queue_peek_head (&source->chunks), source->next, &entry);
  if (entry.time_ns != 0)
    source->key = MAX (source->key, entry.time_ns);
}

/**
 * kube_log_merger_push:
 * @self: a merger
 * @source: number of a source
 * @entries: (array length=n_entries): lines of it; copied
 * @n_entries: how many, at least one
 * @now_us: the time, in microseconds of any clock that only goes forward
 *
 * Takes lines. They go on in kube_log_merger_release().
 */
void
kube_log_merger_push (KubeLogMerger      *self,
                      guint               source,
                      const KubeLogEntry *entries,
                      guint               n_entries,
                      gint64              now_us)
{
  Source *target;
  Batch  *batch;
  guint   i;

  g_return_if_fail (self != NULL);
  g_return_if_fail (source < self->sources->len);
  g_return_if_fail (entries != NULL && n_entries > 0);

  target = get_source (self, source);
  for (i = 0; i < n_entries; i++)
    queue_entry (target, &entries[i]);

  batch = g_new0 (Batch, 1);
  batch->n_lines = n_entries;
  batch->due_us = target->has_past ? 0 : now_us + self->window_us;
  batch->newest = target->newest;
  g_queue_push_tail (&target->batches, batch);
  if (target->batches.length > 1)
    return;

  if (target->has_past)
    self->n_empty--;
  find_key (target);
  g_ptr_array_add (self->heap, target);
  sift_up (self->heap);
}

/**
 * kube_log_merger_settle:
 * @self: a merger
 * @source: number of a source
 *
 * Tells that the past of a source is known to its end: what it brings from now on
 * is new.
 */
void
kube_log_merger_settle (KubeLogMerger *self,
                        guint          source)
{
  Source *target;

  g_return_if_fail (self != NULL);
  g_return_if_fail (source < self->sources->len);

  target = get_source (self, source);
  if (!target->has_past)
    return;

  target->has_past = FALSE;
  if (target->batches.length == 0)
    self->n_empty--;
}

/**
 * kube_log_merger_close:
 * @self: a merger
 * @source: number of a source
 *
 * Tells that a source brings no more lines.
 */
void
kube_log_merger_close (KubeLogMerger *self,
                       guint          source)
{
  Source *target;

  g_return_if_fail (self != NULL);
  g_return_if_fail (source < self->sources->len);

  kube_log_merger_settle (self, source);
  target = get_source (self, source);
  if (!target->is_open)
    return;

  target->is_open = FALSE;
  self->n_open--;
}

static void
give_batch (KubeLogMerger *self)
{
  if (self->batch->len > 0)
    self->sink ((const KubeLogEntry *) (gpointer) self->batch->data, self->batch->len,
                self->user_data);
  g_array_set_size (self->batch, 0);
  g_ptr_array_set_size (self->spent, 0);
}

static void
take_first (KubeLogMerger *self)
{
  Source       *source = g_ptr_array_index (self->heap, 0);
  KubeLogChunk *chunk = g_queue_peek_head (&source->chunks);
  Batch        *batch = g_queue_peek_head (&source->batches);
  KubeLogEntry  entry;

  kube_log_chunk_get (chunk, source->next++, &entry);
  g_array_append_val (self->batch, entry);
  if (source->next == kube_log_chunk_get_n_lines (chunk))
    {
      g_ptr_array_add (self->spent, g_queue_pop_head (&source->chunks));
      source->next = 0;
    }
  if (--batch->n_lines == 0)
    g_free (g_queue_pop_head (&source->batches));

  if (source->batches.length > 0)
    {
      find_key (source);
    }
  else
    {
      if (source->has_past)
        self->n_empty++;
      self->heap->pdata[0] = self->heap->pdata[self->heap->len - 1];
      g_ptr_array_set_size (self->heap, (int) self->heap->len - 1);
    }
  sift_down (self->heap);
}

/* The stamp up to which lines are to go on, since a line that has it is due.
 * @next_us: when the next line is, -1 if none is held */
static gint64
find_limit (KubeLogMerger *self,
            gint64         now_us,
            gint64        *next_us)
{
  gint64 limit = G_MININT64;
  guint  i;

  *next_us = -1;
  for (i = 0; i < self->heap->len; i++)
    {
      Source *source = g_ptr_array_index (self->heap, i);
      GList  *link;

      for (link = source->batches.head; link != NULL; link = link->next)
        {
          Batch *batch = link->data;

          /* With nobody else to wait for, nothing waits. */
          if (batch->due_us > now_us && self->n_open > 1)
            {
              *next_us = *next_us < 0 ? batch->due_us : MIN (*next_us, batch->due_us);
              break;
            }
          limit = MAX (limit, batch->newest);
        }
    }

  return limit;
}

/**
 * kube_log_merger_release:
 * @self: a merger
 * @now_us: the time
 *
 * Gives on the lines whose time has come.
 *
 * Returns: when the next line that is held is due, -1 when none waits for its time
 */
gint64
kube_log_merger_release (KubeLogMerger *self,
                         gint64         now_us)
{
  gint64 next_us;
  gint64 limit;

  g_return_val_if_fail (self != NULL, -1);

  limit = find_limit (self, now_us, &next_us);
  while (self->n_empty == 0 && self->heap->len > 0 &&
         ((Source *) g_ptr_array_index (self->heap, 0))->key <= limit)
    {
      take_first (self);
      if (self->batch->len == BATCH)
        give_batch (self);
    }
  give_batch (self);

  return self->n_empty == 0 ? next_us : -1;
}

/**
 * kube_log_merger_flush:
 * @self: a merger
 *
 * Gives on every line that is held, in order.
 */
void
kube_log_merger_flush (KubeLogMerger *self)
{
  g_return_if_fail (self != NULL);

  while (self->heap->len > 0)
    {
      take_first (self);
      if (self->batch->len == BATCH)
        give_batch (self);
    }
  give_batch (self);
}
