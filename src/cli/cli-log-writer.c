/* cli-log-writer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-log-writer.h"

/**
 * CliLogWriter:
 *
 * Writes lines of logs to standard output, byte for byte as they are, in one go for
 * as many as come at once.
 */
struct _CliLogWriter
{
  CliPrinter *printer;  /* (owned) */
  GByteArray *out;      /* (owned) */
  GPtrArray  *prefixes; /* (element-type utf8) (owned): by source, NULL for those without */
  gboolean    timestamps;
  gboolean    open;   /* what was written last lacks its line end … */
  guint       source; /* … and is of this one */
};

/**
 * cli_log_writer_new:
 * @printer: the printer
 * @timestamps: whether to write the time before each line, as the server wrote it
 *
 * Returns: (transfer full): a writer
 */
CliLogWriter *
cli_log_writer_new (CliPrinter *printer,
                    gboolean    timestamps)
{
  CliLogWriter *self;

  g_return_val_if_fail (CLI_IS_PRINTER (printer), NULL);

  self = g_new0 (CliLogWriter, 1);
  self->printer = g_object_ref (printer);
  self->out = g_byte_array_new ();
  self->prefixes = g_ptr_array_new_with_free_func (g_free);
  self->timestamps = timestamps;

  return self;
}

/**
 * cli_log_writer_free:
 * @self: a writer
 *
 * Frees @self.
 */
void
cli_log_writer_free (CliLogWriter *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->printer);
  g_byte_array_unref (self->out);
  g_ptr_array_unref (self->prefixes);
  g_free (self);
}

/**
 * cli_log_writer_set_prefix:
 * @self: a writer
 * @source: the number that lines have
 * @pod: the pod they are of
 * @container: its container
 *
 * Lets the lines of a source be told by what stands before each, as kubectl does.
 */
void
cli_log_writer_set_prefix (CliLogWriter *self,
                           guint         source,
                           const char   *pod,
                           const char   *container)
{
  g_return_if_fail (self != NULL);

  if (self->prefixes->len <= source)
    g_ptr_array_set_size (self->prefixes, (int) source + 1);
  g_free (self->prefixes->pdata[source]);
  self->prefixes->pdata[source] = g_strdup_printf ("[pod/%s/%s] ", pod, container);
}

/**
 * cli_log_writer_begin:
 * @self: a writer
 *
 * Tells that another log begins, which follows the one before byte for byte, as with
 * kubectl: if that lacked its last line end, there is none.
 */
void
cli_log_writer_begin (CliLogWriter *self)
{
  g_return_if_fail (self != NULL);

  self->open = FALSE;
}

static void
add (CliLogWriter *self,
     const char   *data,
     gsize         length)
{
  g_byte_array_append (self->out, (const guint8 *) data, (guint) length);
}

static void
add_entry (CliLogWriter       *self,
           const KubeLogEntry *entry)
{
  gboolean goes_on = self->open && (entry->flags & KUBE_LOG_CONTINUED) != 0 &&
                     entry->source == self->source;
  const char *prefix = entry->source < self->prefixes->len ? self->prefixes->pdata[entry->source] : NULL;
  gsize       stamp_length = self->timestamps && !goes_on ? entry->stamp_length : 0;

  if (self->open && !goes_on)
    add (self, "\n", 1);
  if (prefix != NULL && !goes_on)
    add (self, prefix, strlen (prefix));
  add (self, entry->text - stamp_length, stamp_length + entry->length);

  self->open = (entry->flags & KUBE_LOG_OPEN) != 0;
  self->source = entry->source;
  if (!self->open)
    add (self, "\n", 1);
}

/**
 * cli_log_writer_write:
 * @self: a writer
 * @entries: (array length=n_entries): lines
 * @n_entries: how many
 *
 * Writes lines. A line that lacks its end gets one only when another follows.
 */
void
cli_log_writer_write (CliLogWriter       *self,
                      const KubeLogEntry *entries,
                      guint               n_entries)
{
  g_return_if_fail (self != NULL);

  g_byte_array_set_size (self->out, 0);
  for (guint i = 0; i < n_entries; i++)
    add_entry (self, &entries[i]);
  cli_printer_raw (self->printer, (const char *) self->out->data, self->out->len);
}
