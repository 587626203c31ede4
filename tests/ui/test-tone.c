/* test-tone.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-tone.h"

#include <glib.h>

static void
test_pod (void)
{
  static const struct
  {
    const char *status;
    gboolean    ready;
    UiTone      tone;
  } CASES[] = {
    { "Running", TRUE, UI_TONE_SUCCESS },
    { "Running", FALSE, UI_TONE_PROGRESS },
    { "Pending", FALSE, UI_TONE_PROGRESS },
    { "ContainerCreating", FALSE, UI_TONE_PROGRESS },
    { "Init:0/2", FALSE, UI_TONE_PROGRESS },
    { "PodInitializing", FALSE, UI_TONE_PROGRESS },
    { "Init:Error", FALSE, UI_TONE_ERROR },
    { "Init:CrashLoopBackOff", FALSE, UI_TONE_ERROR },
    { "ImagePullBackOff", FALSE, UI_TONE_ERROR },
    { "ErrImageNeverPull", FALSE, UI_TONE_ERROR },
    { "CrashLoopBackOff", FALSE, UI_TONE_ERROR },
    { "OOMKilled", FALSE, UI_TONE_ERROR },
    { "Evicted", FALSE, UI_TONE_ERROR },
    { "SomethingNewerThanThisTest", FALSE, UI_TONE_ERROR },
    { "Terminating", FALSE, UI_TONE_NEUTRAL },
    { "Completed", FALSE, UI_TONE_NEUTRAL },
    { "Unknown", FALSE, UI_TONE_WARNING },
    { "", FALSE, UI_TONE_NEUTRAL },
    { NULL, FALSE, UI_TONE_NEUTRAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (CASES); i++)
    g_assert_cmpint (ui_tone_for_pod (CASES[i].status, CASES[i].ready), ==, CASES[i].tone);
}

static void
test_ready (void)
{
  g_assert_true (ui_tone_is_all_ready ("1/1"));
  g_assert_true (ui_tone_is_all_ready ("10/10"));
  g_assert_false (ui_tone_is_all_ready ("1/10"));
  g_assert_false (ui_tone_is_all_ready ("1/11"));
  g_assert_false (ui_tone_is_all_ready ("0/1"));
  g_assert_false (ui_tone_is_all_ready ("1"));
  g_assert_false (ui_tone_is_all_ready ("/"));
  g_assert_false (ui_tone_is_all_ready (""));
  g_assert_false (ui_tone_is_all_ready (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tone/pod", test_pod);
  g_test_add_func ("/tone/ready", test_ready);
  return g_test_run ();
}
