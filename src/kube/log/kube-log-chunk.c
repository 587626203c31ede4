/* kube-log-chunk.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-chunk.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* With what malloc() adds, they fill whole pages. */
#define SMALL_SIZE (((gsize) 64 << 10) - 64)
#define LARGE_SIZE (((gsize) 1 << 20) - 64)

/**
 * KubeLogChunk:
 *
 * Lines that come and go together: 64 KiB of them, or 1 MiB.
 *
 * The bytes fill it from the front, one line behind the other with a NUL after
 * each; what is known of each line fills it from the back, 16 bytes a line. It is
 * full when they meet, so that nothing is left unused and nothing ever moves.
 */
struct _KubeLogChunk
{
  gsize   size; /* of data, in bytes, a multiple of that of a slot */
  gsize   used; /* by the bytes of lines */
  guint   n_lines;
  guint64 data[];
};

typedef struct
{
  gint64  time_ns;
  guint32 offset; /* of the stamp, if there is one, else of the text */
  guint16 source;
  guint8  stamp_length;
  guint8  flags;
} Slot;

G_STATIC_ASSERT (sizeof (Slot) == 16);

static Slot *
get_slot (const KubeLogChunk *self,
          guint               index)
{
  return (Slot *) ((char *) self->data + self->size) - 1 - index;
}

static KubeLogChunk *
allocate (gsize size)
{
  KubeLogChunk *self = g_malloc (sizeof *self + size);

  self->size = size / sizeof (Slot) * sizeof (Slot);
  self->used = 0;
  self->n_lines = 0;

  return self;
}

/**
 * kube_log_chunk_new: (skip)
 * @min_length: how many bytes a line must have room for, less than 1 GiB
 * @large: whether a small one would soon be followed by others
 *
 * Returns: (transfer full): an empty chunk that has room for such a line
 */
KubeLogChunk *
kube_log_chunk_new (gsize    min_length,
                    gboolean large)
{
  gsize needed = min_length + 1 + 2 * sizeof (Slot);

  g_return_val_if_fail (min_length < (gsize) 1 << 30, NULL);

  return allocate (MAX (large ? LARGE_SIZE : SMALL_SIZE, needed));
}

/**
 * kube_log_chunk_free:
 * @self: (nullable): a chunk
 *
 * Frees @self.
 */
void
kube_log_chunk_free (KubeLogChunk *self)
{
  g_free (self);
}

/**
 * kube_log_chunk_append:
 * @self: a chunk
 * @entry: a line; its bytes are copied
 * @keep_stamp: whether the stamp before the text is copied, too
 *
 * Returns: %FALSE if there is no room for it
 */
gboolean
kube_log_chunk_append (KubeLogChunk       *self,
                       const KubeLogEntry *entry,
                       gboolean            keep_stamp)
{
  gsize stamp_length = keep_stamp ? entry->stamp_length : 0;
  gsize length = stamp_length + entry->length;
  char *target = (char *) self->data + self->used;
  Slot *slot = get_slot (self, self->n_lines);

  if ((gsize) ((char *) slot - (char *) self->data) < self->used + length + 1 ||
      self->used + length + 1 > self->size)
    return FALSE;

  if (length > 0)
    memcpy (target, entry->text - stamp_length, length);
  target[length] = '\0';
  slot->time_ns = entry->time_ns;
  slot->offset = (guint32) self->used;
  slot->source = entry->source;
  slot->stamp_length = (guint8) stamp_length;
  slot->flags = (guint8) entry->flags;
  self->used += length + 1;
  self->n_lines++;

  return TRUE;
}

/* All at once, since a fault for each page takes longer than what is written to it. A system that
 * cannot do it brings them one by one. */
static void
bring_pages (KubeLogChunk *self)
{
#ifdef MADV_POPULATE_WRITE
  guintptr page = (guintptr) sysconf (_SC_PAGESIZE);
  guintptr begin = ((guintptr) self->data + page - 1) & ~(page - 1);
  guintptr end = ((guintptr) self->data + self->size) & ~(page - 1);

  if (end > begin)
    madvise ((gpointer) begin, end - begin, MADV_POPULATE_WRITE);
#endif
}

/**
 * kube_log_chunk_gather: (skip)
 * @entries: (array length=n_entries) (inout): lines, of less than 1 GiB together;
 *   copied without their stamps, and then moved to the copies
 * @n_entries: how many
 *
 * Returns: (transfer full): a chunk of these lines that has no room for others
 */
KubeLogChunk *
kube_log_chunk_gather (KubeLogEntry *entries,
                       guint         n_entries)
{
  KubeLogChunk *self;
  gsize         size = 0;
  guint         i;

  g_return_val_if_fail (entries != NULL || n_entries == 0, NULL);

  for (i = 0; i < n_entries; i++)
    size += entries[i].length + 1 + sizeof (Slot);
  self = allocate (size + 2 * sizeof (Slot));
  bring_pages (self);
  for (i = 0; i < n_entries; i++)
    {
      kube_log_chunk_append (self, &entries[i], FALSE);
      entries[i].text = (const char *) self->data + get_slot (self, i)->offset;
      entries[i].stamp_length = 0;
    }

  return self;
}

/**
 * kube_log_chunk_get_n_lines:
 * @self: a chunk
 *
 * Returns: how many lines it has
 */
guint
kube_log_chunk_get_n_lines (const KubeLogChunk *self)
{
  return self->n_lines;
}

/**
 * kube_log_chunk_get:
 * @self: a chunk
 * @index: number of a line that is there
 * @entry: (out caller-allocates): the line; its bytes are followed by a NUL, and
 *   stay where they are until the chunk is freed
 *
 * Gets a line.
 */
void
kube_log_chunk_get (const KubeLogChunk *self,
                    guint               index,
                    KubeLogEntry       *entry)
{
  const Slot *slot = get_slot (self, index);
  gsize       end = index + 1 < self->n_lines ? get_slot (self, index + 1)->offset : self->used;

  g_return_if_fail (index < self->n_lines);

  entry->time_ns = slot->time_ns;
  entry->source = slot->source;
  entry->stamp_length = slot->stamp_length;
  entry->flags = slot->flags;
  entry->text = (const char *) self->data + slot->offset + slot->stamp_length;
  entry->length = end - 1 - slot->offset - slot->stamp_length;
}
