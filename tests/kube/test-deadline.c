/* test-deadline.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-deadline.h"

static gboolean
on_second_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Longer than a deadline of one second. */
static void
let_time_pass (void)
{
  gboolean passed = FALSE;

  g_timeout_add (2500, on_second_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_expires (void)
{
  g_autoptr(KubeDeadline) deadline = kube_deadline_new (NULL, 1);

  g_assert_false (kube_deadline_has_expired (deadline));
  while (!g_cancellable_is_cancelled (kube_deadline_get_cancellable (deadline)))
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (kube_deadline_has_expired (deadline));
}

static void
test_follows_outer (void)
{
  g_autoptr(GCancellable) outer = g_cancellable_new ();
  g_autoptr(KubeDeadline) deadline = kube_deadline_new (outer, 60);
  g_autoptr(KubeDeadline) late = NULL;

  g_assert_false (g_cancellable_is_cancelled (kube_deadline_get_cancellable (deadline)));
  g_cancellable_cancel (outer);
  g_assert_true (g_cancellable_is_cancelled (kube_deadline_get_cancellable (deadline)));
  g_assert_false (kube_deadline_has_expired (deadline));

  late = kube_deadline_new (outer, 60);
  g_assert_true (g_cancellable_is_cancelled (kube_deadline_get_cancellable (late)));
}

static void
test_leaves_outer_alone (void)
{
  g_autoptr(GCancellable) outer = g_cancellable_new ();
  g_autoptr(KubeDeadline) deadline = kube_deadline_new (outer, 1);

  while (!kube_deadline_has_expired (deadline))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (g_cancellable_is_cancelled (outer));
}

static void
test_stopped (void)
{
  g_autoptr(GCancellable) outer = g_cancellable_new ();
  g_autoptr(KubeDeadline) deadline = kube_deadline_new (outer, 1);
  g_autoptr(GCancellable) cancellable = g_object_ref (kube_deadline_get_cancellable (deadline));

  kube_deadline_stop (deadline);
  let_time_pass ();
  g_assert_false (g_cancellable_is_cancelled (cancellable));

  kube_deadline_restart (deadline);
  g_clear_pointer (&deadline, kube_deadline_free);
  let_time_pass ();
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  g_cancellable_cancel (outer);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/deadline/expires", test_expires);
  g_test_add_func ("/kube/deadline/follows-outer", test_follows_outer);
  g_test_add_func ("/kube/deadline/leaves-outer-alone", test_leaves_outer_alone);
  g_test_add_func ("/kube/deadline/stopped", test_stopped);

  return g_test_run ();
}
