/* kube-config-monitor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-monitor.h"

#include <string.h>

#include "kube-config-paths.h"

/* A program that writes a file in several steps is given time to come to the last one. */
#define PAUSE_MS 250
#define MAX_LINKS 16

/**
 * KubeConfigMonitor:
 *
 * Watches the files of a kubeconfig, those that are not there yet too, and reads them when they
 * change. What they say is compared with the kubeconfig that is in use, so that a file that was
 * only touched or written anew is no change. It never replaces anything by itself: whoever uses
 * it offers the changed one. For the main thread only.
 */
struct _KubeConfigMonitor
{
  GObject parent_instance;

  char         *path;     /* (nullable) */
  KubeConfig   *config;   /* (nullable) what is in use */
  GPtrArray    *monitors; /* (element-type GFileMonitor) */
  GSource      *pause;    /* (nullable) until the files are read */
  GCancellable *reading;  /* (nullable) while they are read */

  KubeConfig *changed; /* (nullable) what they say now */
  GError     *error;   /* (nullable) why they cannot be used now */
};

G_DEFINE_FINAL_TYPE (KubeConfigMonitor, kube_config_monitor, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void schedule (KubeConfigMonitor *self);

static void
stop_pause (KubeConfigMonitor *self)
{
  if (self->pause != NULL)
    g_source_destroy (self->pause);
  g_clear_pointer (&self->pause, g_source_unref);
}

static void
stop_reading (KubeConfigMonitor *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
monitor_free (gpointer data)
{
  GFileMonitor *monitor = data;

  g_file_monitor_cancel (monitor);
  g_object_unref (monitor);
}

static void
kube_config_monitor_dispose (GObject *object)
{
  KubeConfigMonitor *self = KUBE_CONFIG_MONITOR (object);

  stop_pause (self);
  stop_reading (self);
  for (guint i = 0; i < self->monitors->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (self->monitors, i), self);
  g_ptr_array_set_size (self->monitors, 0);
  g_clear_object (&self->config);
  g_clear_object (&self->changed);

  G_OBJECT_CLASS (kube_config_monitor_parent_class)->dispose (object);
}

static void
kube_config_monitor_finalize (GObject *object)
{
  KubeConfigMonitor *self = KUBE_CONFIG_MONITOR (object);

  g_clear_pointer (&self->monitors, g_ptr_array_unref);
  g_clear_error (&self->error);
  g_free (self->path);

  G_OBJECT_CLASS (kube_config_monitor_parent_class)->finalize (object);
}

static void
kube_config_monitor_class_init (KubeConfigMonitorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_config_monitor_dispose;
  G_OBJECT_CLASS (klass)->finalize = kube_config_monitor_finalize;

  /**
   * KubeConfigMonitor::changed:
   * @self: a monitor
   *
   * The files say something else than before: see [method@ConfigMonitor.get_changed] and
   * [method@ConfigMonitor.get_error]. If both are unset they say again what is in use.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_config_monitor_init (KubeConfigMonitor *self)
{
  self->monitors = g_ptr_array_new_with_free_func (monitor_free);
}

/**
 * kube_config_monitor_new:
 * @path: (nullable): what [func@Config.load_async] was given
 *
 * Creates a monitor, which does nothing until [method@ConfigMonitor.follow].
 *
 * Returns: (transfer full): a monitor
 */
KubeConfigMonitor *
kube_config_monitor_new (const char *path)
{
  KubeConfigMonitor *self = g_object_new (KUBE_TYPE_CONFIG_MONITOR, NULL);

  self->path = g_strdup (path);

  return self;
}

static gboolean
is_same_config (KubeConfig *a,
                KubeConfig *b)
{
  return a == b || (a != NULL && b != NULL && kube_config_equal (a, b));
}

static gboolean
is_same_error (const GError *a,
               const GError *b)
{
  return (a == NULL && b == NULL) ||
         (a != NULL && b != NULL && strcmp (a->message, b->message) == 0);
}

/* Takes @error. */
static void
set_state (KubeConfigMonitor *self,
           KubeConfig        *changed,
           GError            *error)
{
  gboolean same = is_same_config (self->changed, changed) && is_same_error (self->error, error);

  g_set_object (&self->changed, changed);
  g_clear_error (&self->error);
  self->error = error;
  if (!same)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
monitor_load_cb (GObject      *source_object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(KubeConfigMonitor) self = user_data;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;

  config = kube_config_load_finish (result, &error);
  /* Another reading has taken the place of this one, or nobody listens any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->reading);
  /* What could not be used before and cannot now is nothing new. */
  if (config == NULL && self->config == NULL)
    g_clear_error (&error);
  if (config != NULL && self->config != NULL && kube_config_equal (config, self->config))
    g_clear_object (&config);
  set_state (self, config, g_steal_pointer (&error));
}

static void
on_file_changed_cb (KubeConfigMonitor *self)
{
  schedule (self);
}

static void
watch (KubeConfigMonitor *self,
       GPtrArray         *monitors,
       const char        *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  GFileMonitor *monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);

  if (monitor == NULL)
    {
      g_debug ("The kubeconfig %s cannot be watched: %s", path, error->message);
      return;
    }

  g_signal_connect_object (monitor, "changed", G_CALLBACK (on_file_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (monitors, monitor);
}

/* A link, and what it leads to, may be replaced independently of each other. */
static void
watch_with_links (KubeConfigMonitor *self,
                  GPtrArray         *monitors,
                  const char        *path)
{
  g_autofree char *current = g_strdup (path);

  for (guint i = 0; i < MAX_LINKS && current != NULL; i++)
    {
      g_autofree char *link = g_file_read_link (current, NULL);
      g_autofree char *folder = g_path_get_dirname (current);

      watch (self, monitors, current);
      g_free (current);
      current = link != NULL ? g_canonicalize_filename (link, folder) : NULL;
    }
}

/* The new ones stand before the old ones go and before the files are read, so that no change
 * falls in between. */
static void
renew_monitors (KubeConfigMonitor *self)
{
  g_autoptr(GPtrArray) old = g_steal_pointer (&self->monitors);
  g_auto(GStrv) places = kube_config_paths_list (self->path);

  self->monitors = g_ptr_array_new_with_free_func (monitor_free);
  for (guint i = 0; places[i] != NULL; i++)
    watch_with_links (self, self->monitors, places[i]);
}

static gboolean
on_pause_over_cb (gpointer user_data)
{
  KubeConfigMonitor *self = user_data;

  stop_pause (self);
  stop_reading (self);
  renew_monitors (self);
  self->reading = g_cancellable_new ();
  kube_config_load_async (self->path, self->reading, monitor_load_cb, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

/* Not put off by further changes, so that a file that changes all the time is read, too. */
static void
schedule (KubeConfigMonitor *self)
{
  if (self->pause != NULL)
    return;

  self->pause = g_timeout_source_new (PAUSE_MS);
  g_source_set_callback (self->pause, on_pause_over_cb, self, NULL);
  g_source_attach (self->pause, g_main_context_get_thread_default ());
}

/**
 * kube_config_monitor_follow:
 * @self: a monitor
 * @config: (nullable): the kubeconfig that is in use, %NULL if there was none that can be
 *
 * Begins to watch, and tells of everything that differs from @config; also of what has changed
 * since that was read. To be called again when another one is taken into use.
 */
void
kube_config_monitor_follow (KubeConfigMonitor *self,
                            KubeConfig        *config)
{
  g_return_if_fail (KUBE_IS_CONFIG_MONITOR (self));
  g_return_if_fail (config == NULL || KUBE_IS_CONFIG (config));

  g_set_object (&self->config, config);
  stop_reading (self);
  renew_monitors (self);
  set_state (self, NULL, NULL);
  schedule (self);
}

/**
 * kube_config_monitor_get_changed:
 * @self: a monitor
 *
 * Gets the kubeconfig that has changed.
 *
 * Returns: (transfer none) (nullable): what the files say now; %NULL if that is what is in use, or
 *   if they cannot be used
 */
KubeConfig *
kube_config_monitor_get_changed (KubeConfigMonitor *self)
{
  g_return_val_if_fail (KUBE_IS_CONFIG_MONITOR (self), NULL);

  return self->changed;
}

/**
 * kube_config_monitor_get_error:
 * @self: a monitor
 *
 * Gets what is wrong with a kubeconfig that has changed.
 *
 * Returns: (transfer none) (nullable): why the files cannot be used as they are now, of
 *   %KUBE_ERROR_CONFIG; %NULL if they can
 */
const GError *
kube_config_monitor_get_error (KubeConfigMonitor *self)
{
  g_return_val_if_fail (KUBE_IS_CONFIG_MONITOR (self), NULL);

  return self->error;
}
