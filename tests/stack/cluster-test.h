/* cluster-test.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "relay.h"
#include "stack-settings.h"

#include "kube-client.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gboolean       cluster_test_can_run (void);
gboolean       cluster_test_is_ours (void);
const char    *cluster_test_get_program (void);
char          *cluster_test_find_kubeconfig (const char *name);
KubeClient    *cluster_test_connect (const char *kubeconfig);
KubeClient    *cluster_test_connect_by_relay (const char *kubeconfig,
                                              Relay     **relay);
StackSettings *cluster_test_new_settings (const char *purpose);
JsonNode      *cluster_test_call (KubeClient  *client,
                                  KubeRequest *request,
                                  GError     **error);
void           cluster_test_drop (KubeClient    *client,
                                  StackSettings *settings);

G_END_DECLS
