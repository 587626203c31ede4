/* watch-client.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Watches the pods of a kubeconfig's server in the form that the window shows them in, and tells
 * what that cost: watch-client KUBECONFIG EVENTS. Ends after so many events. */

#include "kube-config.h"
#include "kube-process.h"
#include "kube-reflector.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

typedef struct
{
  GMainLoop     *loop;
  KubeReflector *reflector;
  guint          n_expected;
  guint          n_events;
  guint          n_rows;
  double         begin_cpu;
  gint64         begin;
  gint64         end;
} Client;

/* How long the main loop was busy between two polls since the list: by the clock on the wall, which
 * also counts what other processes take, and by the time of the processor. */
typedef struct
{
  gint64 since;
  gint64 longest;
  guint  n; /* over 8 ms */
} Stall;

static Stall wall_stall;
static Stall cpu_stall;
static guint n_turns;

static gint64
read_thread_clock (void)
{
  struct timespec time = { 0 };

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);

  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
begin_turn (void)
{
  wall_stall.since = g_get_monotonic_time ();
  cpu_stall.since = read_thread_clock ();
}

static void
end_turn (Stall *stall,
          gint64 now)
{
  gint64 busy = now - stall->since;

  stall->longest = MAX (stall->longest, busy);
  stall->n += busy > 8 * G_TIME_SPAN_MILLISECOND;
}

static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  int result;

  end_turn (&wall_stall, g_get_monotonic_time ());
  end_turn (&cpu_stall, read_thread_clock ());
  n_turns++;
  result = g_poll (fds, n_fds, timeout);
  begin_turn ();

  return result;
}

static double
read_cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
on_reflector_event_cb (KubeReflector     *reflector,
                       KubeWatchEventType type,
                       KubeObject        *object,
                       gpointer           user_data)
{
  Client *client = user_data;

  if (!kube_reflector_get_synced (reflector))
    return;

  if (client->n_events == 0)
    client->begin = g_get_monotonic_time ();
  client->n_events++;
}

static void
on_reflector_changed_cb (KubeReflector *reflector,
                         gpointer       user_data)
{
  Client *client = user_data;

  if (client->n_events < client->n_expected)
    return;

  client->end = g_get_monotonic_time ();
  g_main_loop_quit (client->loop);
}

static void
on_reflector_synced_cb (KubeReflector *reflector,
                        GParamSpec    *pspec,
                        gpointer       user_data)
{
  Client *client = user_data;

  client->n_rows = g_list_model_get_n_items (kube_reflector_get_model (reflector));
}

/* The measuring begins with the watch. */
static void
on_reflector_state_cb (KubeReflector *reflector,
                       GParamSpec    *pspec,
                       gpointer       user_data)
{
  Client       *client = user_data;
  const GError *error = kube_reflector_get_error (reflector);

  if (error != NULL)
    g_printerr ("%s\n", error->message);
  if (kube_reflector_get_state (reflector) != KUBE_REFLECTOR_WATCHING || client->begin_cpu > 0)
    return;

  client->begin_cpu = read_cpu ();
  wall_stall = (Stall){ 0 };
  cpu_stall = (Stall){ 0 };
  n_turns = 0;
  begin_turn ();
}

static void
connect_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Client *client = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeClient) kube = kube_client_connect_finish (result, &error);

  if (kube == NULL)
    g_error ("%s", error->message);

  client->reflector = kube_reflector_new (kube, &KUBE_POD, NULL, KUBE_FORM_TABLE, NULL);
  g_signal_connect (client->reflector, "event", G_CALLBACK (on_reflector_event_cb), client);
  g_signal_connect (client->reflector, "changed", G_CALLBACK (on_reflector_changed_cb), client);
  g_signal_connect (client->reflector, "notify::synced", G_CALLBACK (on_reflector_synced_cb),
                    client);
  g_signal_connect (client->reflector, "notify::state", G_CALLBACK (on_reflector_state_cb),
                    client);
  kube_reflector_start (client->reflector);
}

static void
config_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = kube_config_load_finish (result, &error);
  KubeContext *context = NULL;

  if (config != NULL)
    context = kube_config_get_context (config, kube_config_get_current_context (config), &error);
  if (context == NULL)
    g_error ("%s", error->message);

  kube_client_connect_async (context, NULL, connect_cb, user_data);
}

/* Whether each row shows the last event that was about it. */
static guint
count_wrong_rows (Client *client)
{
  GListModel       *model = kube_reflector_get_model (client->reflector);
  guint             column = (guint) kube_reflector_find_column (client->reflector, "Restarts");
  guint             n = g_list_model_get_n_items (model);
  guint             n_wrong = 0;
  g_autofree guint *last = g_new0 (guint, n);

  for (guint i = 1; i <= client->n_expected; i++)
    last[(guint64) i * 7919 % n] = i;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);
      const char *name = kube_object_get_name (object);
      guint64     index = g_ascii_strtoull (strrchr (name, '-') + 1, NULL, 10);
      guint64     shown = g_ascii_strtoull (kube_object_get_cell (object, column), NULL, 10);

      if (index >= n || shown != last[index])
        n_wrong++;
    }

  return n_wrong;
}

int
main (int   argc,
      char *argv[])
{
  Client client = { 0 };
  double cpu;
  double seconds;

  g_assert (argc == 3);
  kube_process_prepare ();
  client.loop = g_main_loop_new (NULL, FALSE);
  client.n_expected = (guint) g_ascii_strtoull (argv[2], NULL, 10);
  g_main_context_set_poll_func (NULL, poll_cb);
  kube_config_load_async (argv[1], NULL, config_cb, &client);
  g_main_loop_run (client.loop);

  cpu = read_cpu ();
  seconds = (double) (client.end - client.begin) / G_USEC_PER_SEC;
  printf ("{\"rows\":%u,\"events\":%u,\"wrong\":%u,\"seconds\":%.3f,\"cpu\":%.3f,\"total_cpu\":%.3f,"
          "\"stall_ms\":%.3f,\"stalls\":%u,\"busy_ms\":%.3f,\"busies\":%u,\"turns\":%u}\n",
          client.n_rows, client.n_events, count_wrong_rows (&client), seconds,
          cpu - client.begin_cpu, cpu, (double) wall_stall.longest / 1000, wall_stall.n, (double) cpu_stall.longest / 1000, cpu_stall.n, n_turns);
  g_object_unref (client.reflector);
  g_main_loop_unref (client.loop);

  return 0;
}
