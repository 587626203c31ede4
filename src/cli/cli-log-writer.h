/* cli-log-writer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include "kube-log-entry.h"

G_BEGIN_DECLS

typedef struct _CliLogWriter CliLogWriter;

CliLogWriter *cli_log_writer_new (CliPrinter *printer,
                                  gboolean    timestamps);
void          cli_log_writer_free (CliLogWriter *self);
void          cli_log_writer_set_prefix (CliLogWriter *self,
                                         guint         source,
                                         const char   *pod,
                                         const char   *container);
void          cli_log_writer_begin (CliLogWriter *self);
void          cli_log_writer_write (CliLogWriter       *self,
                                    const KubeLogEntry *entries,
                                    guint               n_entries);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliLogWriter, cli_log_writer_free)

G_END_DECLS
