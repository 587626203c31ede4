/* kube-sleep-monitor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-sleep-monitor.h"

#include <glib-unix.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* The two clocks are not read at the same moment. */
#define SHORTEST_SLEEP (1 * G_TIME_SPAN_SECOND)

/**
 * KubeSleepMonitor:
 *
 * Tells when the computer has been asleep: connections that were open before are
 * not to be trusted any longer, and what was known is as old as the sleep was long.
 *
 * The monotonic clock stands still during a sleep and the boot clock goes on
 * (clock_gettime(2)); the kernel tells of a sleep's end through a timer that is
 * cancelled whenever the real clock jumps (timerfd_create(2),
 * `TFD_TIMER_CANCEL_ON_SET`), so nothing needs to be polled.
 */
struct _KubeSleepMonitor
{
  GObject parent_instance;

  GSource *source; /* (owned) (nullable) */
  int      fd;     /* -1: none */
  gint64   slept;  /* microseconds since the computer was started */
};

G_DEFINE_FINAL_TYPE (KubeSleepMonitor, kube_sleep_monitor, G_TYPE_OBJECT)

enum
{
  WOKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gint64
read_clock (clockid_t clock)
{
  struct timespec time = { 0 };

  clock_gettime (clock, &time);

  return (gint64) time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gint64
measure_sleep (void)
{
  return read_clock (CLOCK_BOOTTIME) - read_clock (CLOCK_MONOTONIC);
}

/* A timer that never ends, but for a jump of the real clock. */
static gboolean
arm (KubeSleepMonitor *self)
{
  const struct itimerspec never = { .it_value.tv_sec = G_MAXINT32 };

  return timerfd_settime (self->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never,
                          NULL) == 0;
}

static gboolean
on_clock_jumped_cb (int          fd,
                    GIOCondition condition,
                    gpointer     user_data)
{
  g_autoptr(KubeSleepMonitor) self = g_object_ref (user_data);
  guint64  expirations;
  gboolean armed = TRUE;

  if (read (fd, &expirations, sizeof expirations) < 0)
    armed = arm (self);
  kube_sleep_monitor_look (self, measure_sleep ());

  return armed;
}

static void
kube_sleep_monitor_finalize (GObject *object)
{
  KubeSleepMonitor *self = KUBE_SLEEP_MONITOR (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  if (self->fd >= 0)
    close (self->fd);

  G_OBJECT_CLASS (kube_sleep_monitor_parent_class)->finalize (object);
}

static void
kube_sleep_monitor_class_init (KubeSleepMonitorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_sleep_monitor_finalize;

  /**
   * KubeSleepMonitor::woken:
   *
   * The computer has been asleep.
   */
  signals[WOKEN] = g_signal_new ("woken", KUBE_TYPE_SLEEP_MONITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_sleep_monitor_init (KubeSleepMonitor *self)
{
  self->slept = measure_sleep ();
  /* Where the kernel has no such timer, dead connections show later, by their silence. */
  self->fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->fd < 0 || !arm (self))
    return;

  self->source = g_unix_fd_source_new (self->fd, G_IO_IN);
  g_source_set_static_name (self->source, "kube-sleep-monitor");
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_clock_jumped_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

/**
 * kube_sleep_monitor_dup_default:
 *
 * Gets the one monitor, which belongs to the thread-default main context of who
 * asks first. It lives as long as somebody has it.
 *
 * Returns: (transfer full): the monitor
 */
KubeSleepMonitor *
kube_sleep_monitor_dup_default (void)
{
  static GWeakRef   weak;
  KubeSleepMonitor *self = g_weak_ref_get (&weak);

  if (self == NULL)
    {
      self = g_object_new (KUBE_TYPE_SLEEP_MONITOR, NULL);
      g_weak_ref_set (&weak, self);
    }

  return self;
}

/**
 * kube_sleep_monitor_look:
 * @self: a monitor
 * @slept: how long the computer has slept since it was started, in microseconds
 *
 * Emits [signal@SleepMonitor::woken] when that has grown. Called by itself after
 * each jump of the clock.
 */
void
kube_sleep_monitor_look (KubeSleepMonitor *self,
                         gint64            slept)
{
  gboolean woken;

  g_return_if_fail (KUBE_IS_SLEEP_MONITOR (self));

  woken = slept - self->slept >= SHORTEST_SLEEP;
  self->slept = slept;
  if (woken)
    g_signal_emit (self, signals[WOKEN], 0);
}
