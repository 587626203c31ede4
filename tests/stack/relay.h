/* relay.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A wire between a client and a server on this machine that a test can cut and mend. */
typedef struct _Relay Relay;

Relay  *relay_new (const char *host_and_port);
void    relay_free (Relay *self);
guint16 relay_get_port (Relay *self);
void    relay_cut (Relay *self);
void    relay_mend (Relay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Relay, relay_free)

G_END_DECLS
