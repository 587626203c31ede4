/* fault-wire.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  FAULT_WIRE_CUT,   /* both ends are told that there is no more */
  FAULT_WIRE_RESET, /* RST to the client */
  FAULT_WIRE_HALF,  /* nothing more comes, but what the client says still arrives */
  FAULT_WIRE_MUTE,  /* nothing passes until fault_wire_release(), then all of it */
  FAULT_WIRE_DRIP,  /* the rest comes byte by byte */
} FaultWireAction;

/* What befalls a connection after so many bytes of the server's, or of the client's if @upstream:
 * the next @times connections, all if 0. */
typedef struct
{
  FaultWireAction action;
  gboolean        upstream;
  guint64         after;
  guint           times;
} FaultWireFault;

/* A way to a real server, on a port of this machine and in threads of its own, which fails as
 * told. What passes is between the two: TLS stays theirs. */
typedef struct _FaultWire FaultWire;

FaultWire *fault_wire_new (const char *host,
                           guint16     port);
void       fault_wire_free (FaultWire *self);
guint16    fault_wire_get_port (FaultWire *self);
void       fault_wire_set (FaultWire            *self,
                           const FaultWireFault *fault);
void       fault_wire_clear (FaultWire *self);
void       fault_wire_release (FaultWire *self);
void       fault_wire_cut_all (FaultWire *self);
void       fault_wire_refuse (FaultWire *self);
void       fault_wire_accept (FaultWire *self);
guint      fault_wire_count_hits (FaultWire *self);
guint64    fault_wire_get_passed (FaultWire *self,
                                  gboolean   upstream);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultWire, fault_wire_free)

G_END_DECLS
