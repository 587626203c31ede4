/* list-client.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Lists the pods of all namespaces into a model, in the form that the window shows them in:
 * list-client KUBECONFIG. Ends when the model is complete. */

#include "kube-config.h"
#include "kube-process.h"
#include "kube-reflector.h"

#include <stdio.h>

typedef struct
{
  GMainLoop     *loop;
  KubeReflector *reflector;
  int            status;
} Client;

static void
on_changed_cb (KubeReflector *reflector,
               GParamSpec    *pspec,
               Client        *client)
{
  GError *error = kube_reflector_get_error (reflector);

  if (error != NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      client->status = 1;
    }
  if (error != NULL || kube_reflector_get_synced (reflector))
    g_main_loop_quit (client->loop);
}

static void
connect_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Client *client = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeClient) kube = kube_client_connect_finish (result, &error);

  if (kube == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      client->status = 1;
      g_main_loop_quit (client->loop);
      return;
    }

  client->reflector = kube_reflector_new (kube, &KUBE_POD, NULL, KUBE_FORM_TABLE, NULL);
  g_signal_connect (client->reflector, "notify::synced", G_CALLBACK (on_changed_cb), client);
  g_signal_connect (client->reflector, "notify::error", G_CALLBACK (on_changed_cb), client);
  kube_reflector_start (client->reflector);
}

static void
config_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Client *client = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = kube_config_load_finish (result, &error);
  KubeContext *context = NULL;

  if (config != NULL)
    context = kube_config_get_context (config, NULL, &error);
  if (context != NULL)
    {
      kube_client_connect_async (context, NULL, connect_cb, client);
      return;
    }

  fprintf (stderr, "%s\n", error->message);
  client->status = 1;
  g_main_loop_quit (client->loop);
}

int
main (int    argc,
      char **argv)
{
  Client client = { 0 };

  kube_process_prepare ();
  g_assert (argc == 2);
  client.loop = g_main_loop_new (NULL, FALSE);
  kube_config_load_async (argv[1], NULL, config_cb, &client);
  g_main_loop_run (client.loop);
  if (client.reflector != NULL)
    printf ("%u\n", g_list_model_get_n_items (kube_reflector_get_model (client.reflector)));
  /* The system takes the model back quicker than its rows are freed, which is nobody's wait. */

  return client.status;
}
