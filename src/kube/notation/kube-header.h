/* kube-header.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

int  kube_header_parse_retry_after (const char *value,
                                    gint64      now);
void kube_header_parse_warnings (const char *value,
                                 GPtrArray  *texts);

G_END_DECLS
