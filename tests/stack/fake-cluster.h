/* fake-cluster.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* In place of a status. */
typedef enum
{
  FAKE_CLUSTER_AWAY,  /* no connection */
  FAKE_CLUSTER_CUT,   /* what is asked for is done, and the answer breaks off */
  FAKE_CLUSTER_STALL, /* the answer begins and never ends */
} FakeClusterFault;

#define FAKE_TYPE_CLUSTER (fake_cluster_get_type ())

G_DECLARE_FINAL_TYPE (FakeCluster, fake_cluster, FAKE, CLUSTER, GObject)

FakeCluster *fake_cluster_new (void);
KubeClient  *fake_cluster_connect (FakeCluster *self);
void         fake_cluster_answer (FakeCluster *self,
                                  const char  *method,
                                  const char  *path,
                                  guint        n_times,
                                  guint        status,
                                  const char  *body);
void         fake_cluster_set_jobs_fail (FakeCluster *self,
                                         gboolean     jobs_fail);
void         fake_cluster_put (FakeCluster *self,
                               const char  *path,
                               const char  *json);
JsonNode    *fake_cluster_get (FakeCluster *self,
                               const char  *path);
guint        fake_cluster_count (FakeCluster *self,
                                 const char  *method,
                                 const char  *path);

G_END_DECLS
