/* stack-entrance.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STACK_TYPE_ENTRANCE (stack_entrance_get_type ())

typedef struct
{
  char    *url;       /* where browsers go */
  char    *host;      /* the name that they look up */
  char    *address;   /* nullable: no controller has given the Ingress one */
  char    *found;     /* nullable: what this computer finds under the name; it knows none */
  gboolean leads;     /* what it finds is the address, or cannot be compared with it */
  char    *authority; /* nullable: who issued the certificate, PEM; without TLS, or not known */
} StackEntrance;

GType          stack_entrance_get_type (void) G_GNUC_CONST;
StackEntrance *stack_entrance_ref (StackEntrance *self);
void           stack_entrance_unref (StackEntrance *self);
char          *stack_entrance_dup_hosts_line (const StackEntrance *self);
void           stack_entrance_read_async (KubeClient         *client,
                                          const char         *ns,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
StackEntrance *stack_entrance_read_finish (GAsyncResult *result,
                                           GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackEntrance, stack_entrance_unref)

G_END_DECLS
