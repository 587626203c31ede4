/* fake-server.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* An API server on a port of this machine that says only what a test makes it say.
 * A request waits until the test takes it by fake_server_expect() and answers. */
typedef struct _FakeServer   FakeServer;
typedef struct _FakeExchange FakeExchange;

FakeServer   *fake_server_new (void);
FakeServer   *fake_server_new_secure (const char *directory);
void          fake_server_free (FakeServer *self);
KubeClient   *fake_server_connect (FakeServer *self);
KubeClient   *fake_server_connect_at (FakeServer *self,
                                      const char *host,
                                      const char *settings);
FakeExchange *fake_server_expect (FakeServer *self,
                                  const char *pattern);
guint         fake_server_count (FakeServer *self);
void          fake_server_go_away (FakeServer *self);
void          fake_server_come_back (FakeServer *self);

const char *fake_exchange_get_query (FakeExchange *exchange,
                                     const char   *name);
void        fake_exchange_add_header (FakeExchange *exchange,
                                      const char   *name,
                                      const char   *value);
const char *fake_exchange_get_header (FakeExchange *exchange,
                                      const char   *name);
const char *fake_exchange_get_method (FakeExchange *exchange);
gsize       fake_exchange_get_body_size (FakeExchange *exchange);
void        fake_exchange_reply_bytes (FakeExchange *exchange,
                                       guint         status,
                                       const char   *content_type,
                                       GBytes       *body);
void        fake_exchange_reply (FakeExchange *exchange,
                                 guint         status,
                                 const char   *content_type,
                                 const char   *body);
void        fake_exchange_begin (FakeExchange *exchange);
void        fake_exchange_send (FakeExchange *exchange,
                                const char   *text);
void        fake_exchange_end (FakeExchange *exchange);
void        fake_exchange_cut (FakeExchange *exchange);
gboolean    fake_exchange_is_finished (FakeExchange *exchange);
gboolean    fake_exchange_is_closed (FakeExchange *exchange);

void fake_iterate (const char *what,
                   gint64      since);

/* Runs the main loop until @condition holds; a test that waits in vain fails. */
#define WAIT_UNTIL(condition)                    \
  G_STMT_START                                   \
  {                                              \
    gint64 wait_since = g_get_monotonic_time (); \
                                                 \
    while (!(condition))                         \
      fake_iterate (#condition, wait_since);     \
  }                                              \
  G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)

G_END_DECLS
