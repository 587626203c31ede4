/* fault-gateway.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "fault-proxy.h"

G_BEGIN_DECLS

/* What a FaultProxy answers when a real API server stands behind it: it speaks to that one with
 * the certificates of a kubeconfig, so that the faults sit in the server's own plain answers. */
typedef struct _FaultGateway FaultGateway;

FaultGateway *fault_gateway_new (const char *kubeconfig);
void          fault_gateway_free (FaultGateway *self);
const char   *fault_gateway_get_host (FaultGateway *self,
                                      guint16      *port);
void          fault_gateway_answer (FaultExchange *exchange,
                                    gpointer       user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultGateway, fault_gateway_free)

G_END_DECLS
