/* client-fixture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "await.h"
#include "kube-client.h"
#include "kube-config.h"

/* Connects to a context of a kubeconfig, the current one if @name is NULL. */
static inline KubeClient *
connect_client (const char *kubeconfig,
                const char *name,
                GError    **error)
{
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(KubeConfig) config = NULL;
  KubeContext *context;

  kube_config_load_async (kubeconfig, NULL, await_cb, &loaded);
  config = kube_config_load_finish (await (&loaded), error);
  context = config != NULL ? kube_config_get_context (config, name, error) : NULL;
  if (context == NULL)
    return NULL;

  kube_client_connect_async (context, NULL, await_cb, &connected);
  return kube_client_connect_finish (await (&connected), error);
}

static inline JsonNode *
call (KubeClient  *client,
      KubeRequest *request,
      GError     **error)
{
  g_autoptr(KubeRequest) owned = request;
  g_autoptr(GAsyncResult) result = NULL;

  kube_client_call_async (client, request, NULL, await_cb, &result);
  return kube_client_call_finish (client, await (&result), error);
}

static inline JsonNode *
call_path (KubeClient *client,
           const char *path,
           GError    **error)
{
  return call (client, kube_request_new ("GET", path), error);
}
