/* base-redact.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void             base_redact_add (const char *secret);
void             base_redact_remove (const char *secret);
char            *base_redact_text (const char *text);
GLogWriterOutput base_redact_log_writer (GLogLevelFlags   level,
                                         const GLogField *fields,
                                         gsize            n_fields,
                                         gpointer         user_data);

G_END_DECLS
