/* cluster-fixture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "client-fixture.h"

/* The real cluster of tests/cluster: a folder with a kubeconfig for each of several identities, and
 * the program that leads to its kubectl. */
#define CLUSTER_KUBECONFIGS "HACKYSTACK_TEST_KUBECONFIGS"
#define CLUSTER_PROGRAM "HACKYSTACK_TEST_CLUSTER"

static inline gboolean
cluster_is_there (void)
{
  return g_getenv (CLUSTER_KUBECONFIGS) != NULL && g_getenv (CLUSTER_PROGRAM) != NULL;
}

static inline KubeClient *
cluster_connect (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv (CLUSTER_KUBECONFIGS), name, NULL);
  g_autoptr(GError) error = NULL;
  KubeClient *client = connect_client (path, NULL, &error);

  g_assert_no_error (error);
  return client;
}
