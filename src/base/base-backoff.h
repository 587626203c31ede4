/* base-backoff.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint  initial_ms;
  guint  maximum_ms;
  double factor;
  double jitter;
  guint  attempts;
} BaseBackoff;

void  base_backoff_init (BaseBackoff *self,
                         guint        initial_ms,
                         guint        maximum_ms,
                         double       factor,
                         double       jitter);
guint base_backoff_next (BaseBackoff *self);
void  base_backoff_reset (BaseBackoff *self);

G_END_DECLS
