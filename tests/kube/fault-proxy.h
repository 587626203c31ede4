/* fault-proxy.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "fault-scanner.h"

G_BEGIN_DECLS

/* What happens at the place. But for DRIP, INJECT and STALL the connection ends there. */
typedef enum
{
  FAULT_CUT,     /* the line goes dead: a FIN without a word of TLS */
  FAULT_CLOSE,   /* TLS and TCP end in order */
  FAULT_RESET,   /* RST */
  FAULT_POISON,  /* bytes that are not of the TLS session */
  FAULT_STALL,   /* nothing more until fault_proxy_release(), then the rest */
  FAULT_DRIP,    /* the rest comes byte by byte */
  FAULT_GARBLE,  /* the next byte is another one */
  FAULT_INJECT,  /* .text comes in between, as a chunk */
  FAULT_REPLACE, /* .text is the whole answer, head included; then FAULT_CLOSE */
} FaultAction;

/* A fault of the answers to requests "METHOD /path?query" like @pattern: after @skip of them
 * @times are hit, all if 0. The place is the @nth of its kind, counted from 0. */
typedef struct
{
  const char *pattern;
  FaultAction action;
  FaultPlace  place;
  guint       nth;
  guint       skip;
  guint       times;
  const char *text;
  gssize      length; /* of @text, 0 if it ends with a NUL */
} Fault;

/* A server on a port of this machine, in threads of its own, whose answers fail as told. What
 * they are says a function, which writes them to the exchange as they go over the wire. */
typedef struct _FaultProxy    FaultProxy;
typedef struct _FaultExchange FaultExchange;

/* Called in the thread of a connection; ends when the answer does, or when a write says FALSE. */
typedef void (*FaultAnswerFunc) (FaultExchange *exchange,
                                 gpointer       user_data);

FaultProxy *fault_proxy_new (FaultAnswerFunc  answer,
                             gpointer         user_data,
                             GTlsCertificate *certificate);
void        fault_proxy_free (FaultProxy *self);
guint       fault_proxy_get_port (FaultProxy *self);
void        fault_proxy_add (FaultProxy  *self,
                             const Fault *fault);
void        fault_proxy_clear (FaultProxy *self);
void        fault_proxy_release (FaultProxy *self);
void        fault_proxy_cut_all (FaultProxy *self);
guint       fault_proxy_count_hits (FaultProxy *self);
guint       fault_proxy_count (FaultProxy *self,
                               const char *pattern);

const char *fault_exchange_get_method (FaultExchange *exchange);
const char *fault_exchange_get_target (FaultExchange *exchange);
const char *fault_exchange_get_head (FaultExchange *exchange);
GBytes     *fault_exchange_get_body (FaultExchange *exchange);
gboolean    fault_exchange_write (FaultExchange *exchange,
                                  const char    *data,
                                  gssize         length);
gboolean    fault_exchange_is_open (FaultExchange *exchange);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultProxy, fault_proxy_free)

G_END_DECLS
