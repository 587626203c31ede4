/* log-client.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads a pod's whole log into a KubeLogBuffer and tells what it took:
 * log-client KUBECONFIG NAMESPACE POD */

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kube-config.h"
#include "kube-log-stream.h"
#include "kube-process.h"

typedef struct
{
  const char    *kubeconfig;
  const char    *ns;
  const char    *pod;
  GMainLoop     *loop;
  KubeConfig    *config;
  KubeLogStream *stream;
  gint64         resident_before;
  gint64         ended_us; /* monotonic */
  GError        *error;
} Bench;

/* Since the main loop last looked what there is to do. */
static gint64 looked_us;
static gint64 longest_us;

/* The processor's time of this thread: what other programs take meanwhile is no stall. */
static gint64
get_busy_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  int n_ready;

  longest_us = MAX (longest_us, get_busy_us () - looked_us);
  n_ready = g_poll (fds, n_fds, timeout);
  looked_us = get_busy_us ();

  return n_ready;
}

/* In KiB, from /proc: "VmRSS:" is what is used now, "VmHWM:" the most there was. */
static gint64
read_memory (const char *field)
{
  g_autofree char *text = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, field);

  return line != NULL ? g_ascii_strtoll (line + strlen (field), NULL, 10) : 0;
}

static void
fail (Bench        *bench,
      const GError *error)
{
  bench->error = g_error_copy (error);
  g_main_loop_quit (bench->loop);
}

/* From here on turns count: before that the libraries of TLS are loaded. */
static void
on_first_lines_cb (Bench *bench)
{
  g_signal_handlers_disconnect_by_func (bench->stream, on_first_lines_cb, bench);
  looked_us = get_busy_us ();
  longest_us = 0;
}

static void
on_state_cb (Bench *bench)
{
  KubeLogState state = kube_log_stream_get_state (bench->stream);

  if (state == KUBE_LOG_FAILED || state == KUBE_LOG_WAITING)
    fail (bench, kube_log_stream_get_error (bench->stream));
  else if (state == KUBE_LOG_ENDED)
    {
      bench->ended_us = g_get_monotonic_time ();
      g_main_loop_quit (bench->loop);
    }
}

static void
connect_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeClient) client = kube_client_connect_finish (result, &error);

  if (client == NULL)
    {
      fail (bench, error);
      return;
    }

  bench->stream = kube_log_stream_new (client, bench->ns, bench->pod, NULL);
  kube_log_buffer_set_max_lines (kube_log_stream_get_buffer (bench->stream), G_MAXUINT);
  g_signal_connect_swapped (bench->stream, "notify::state", G_CALLBACK (on_state_cb), bench);
  g_signal_connect_swapped (bench->stream, "lines", G_CALLBACK (on_first_lines_cb), bench);
  bench->resident_before = read_memory ("VmRSS:");
  kube_log_stream_start (bench->stream);
}

static void
load_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr(GError) error = NULL;
  KubeContext *context;

  bench->config = kube_config_load_finish (result, &error);
  context = bench->config != NULL ? kube_config_get_context (bench->config, NULL, &error) : NULL;
  if (context == NULL)
    fail (bench, error);
  else
    kube_client_connect_async (context, NULL, connect_cb, bench);
}

static void
report (Bench *bench)
{
  KubeLogBuffer *buffer = kube_log_stream_get_buffer (bench->stream);
  guint          n_lines = g_list_model_get_n_items (G_LIST_MODEL (buffer));
  gint64         grown = read_memory ("VmRSS:") - bench->resident_before;
  guint64        n_bytes = 0;
  guint          i;

  for (i = 0; i < n_lines; i++)
    {
      gsize length;

      kube_log_buffer_get_text (buffer, i, &length, NULL);
      n_bytes += length + 1;
    }
  printf ("{\"lines\": %u, \"bytes\": %" G_GUINT64_FORMAT ", \"grown_kib\": %" G_GINT64_FORMAT
          ", \"peak_kib\": %" G_GINT64_FORMAT ", \"stall_ms\": %.3f, \"ended_us\": %" G_GINT64_FORMAT "}\n",
          n_lines, n_bytes, grown,
          read_memory ("VmHWM:"), (double) longest_us / 1000, bench->ended_us);
}

int
main (int   argc,
      char *argv[])
{
  Bench bench = { 0 };

  if (argc != 4)
    {
      fprintf (stderr, "usage: %s KUBECONFIG NAMESPACE POD\n", argv[0]);
      return 2;
    }

  kube_process_prepare ();
  bench.kubeconfig = argv[1];
  bench.ns = argv[2];
  bench.pod = argv[3];
  bench.loop = g_main_loop_new (NULL, FALSE);
  g_main_context_set_poll_func (NULL, poll_cb);
  kube_config_load_async (bench.kubeconfig, NULL, load_cb, &bench);
  g_main_loop_run (bench.loop);
  if (bench.error != NULL)
    fprintf (stderr, "%s\n", bench.error->message);
  else
    report (&bench);

  g_clear_object (&bench.stream);
  g_clear_object (&bench.config);
  g_main_loop_unref (bench.loop);

  return bench.error != NULL ? 1 : 0;
}
