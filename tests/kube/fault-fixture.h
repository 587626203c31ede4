/* fault-fixture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "fault-certificates.h"
#include "fault-cluster.h"
#include "fault-proxy.h"
#include "kube-client.h"

G_BEGIN_DECLS

/* A cluster behind a faulting server, and a client that talks to it through TLS. */
typedef struct
{
  FaultCertificates *certificates; /* kept by the program */
  FaultCluster      *cluster;      /* (nullable): something else is behind the server */
  FaultProxy        *proxy;
  KubeClient        *client;
  guint              watchdog_id;
} FaultFixture;

gboolean    fault_fixture_begin (void);
void        fault_fixture_end (void);
void        fault_fixture_set_up (FaultFixture *self,
                                  gboolean      secure,
                                  const char   *name);
void        fault_fixture_set_up_with (FaultFixture   *self,
                                       FaultAnswerFunc answer,
                                       gpointer        user_data,
                                       gboolean        secure,
                                       const char     *name);
void        fault_fixture_tear_down (FaultFixture *self);
KubeClient *fault_fixture_connect (FaultCertificates *certificates,
                                   guint              port,
                                   const char        *scheme,
                                   const char        *cluster,
                                   const char        *user,
                                   GError           **error);
void        fault_assert_for_people (const char *message);
void        fault_iterate (void);

/* Runs the main loop until @condition holds; the fixture's watchdog ends a test that hangs. */
#define FAULT_WAIT(condition) \
  G_STMT_START                \
  {                           \
    while (!(condition))      \
      fault_iterate ();       \
  }                           \
  G_STMT_END

G_END_DECLS
