/* ui-tone.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-tone.h"

#include <string.h>

static const struct
{
  const char *icon_name;
  const char *css_class;
} TONES[] = {
  [UI_TONE_NEUTRAL] = { "ui-neutral-symbolic", "dim-label" },
  [UI_TONE_PROGRESS] = { "ui-progress-symbolic", "accent" },
  [UI_TONE_SUCCESS] = { "ui-success-symbolic", "success" },
  [UI_TONE_WARNING] = { "ui-warning-symbolic", "warning" },
  [UI_TONE_ERROR] = { "ui-error-symbolic", "error" },
};

/**
 * ui_tone_get_icon_name:
 * @tone: a tone
 *
 * Names the picture that goes with a state. It never stands without a word.
 *
 * Returns: (transfer none): a symbolic icon of the program's own resources
 */
const char *
ui_tone_get_icon_name (UiTone tone)
{
  g_return_val_if_fail ((guint) tone < G_N_ELEMENTS (TONES), NULL);

  return TONES[tone].icon_name;
}

/**
 * ui_tone_get_css_class:
 * @tone: a tone
 *
 * Names libadwaita's style class whose colour repeats what the word says.
 *
 * Returns: (transfer none): a style class
 */
const char *
ui_tone_get_css_class (UiTone tone)
{
  g_return_val_if_fail ((guint) tone < G_N_ELEMENTS (TONES), NULL);

  return TONES[tone].css_class;
}

/**
 * ui_tone_for_pod:
 * @status: (nullable): the STATUS column of a pod, as kubectl prints it
 * @ready: whether all its containers are ready
 *
 * Judges a pod by the words the API server prints. Whatever is neither running, starting
 * nor ending is a failure: the reasons of failing are many and the server may add to them.
 *
 * Returns: the tone of the status
 */
UiTone
ui_tone_for_pod (const char *status,
                 gboolean    ready)
{
  static const char *const STARTING[] = { "Pending", "ContainerCreating", "PodInitializing",
                                          "SchedulingGated", NULL };

  if (status == NULL || *status == '\0')
    return UI_TONE_NEUTRAL;
  if (g_str_equal (status, "Running"))
    return ready ? UI_TONE_SUCCESS : UI_TONE_PROGRESS;
  if (g_strv_contains (STARTING, status))
    return UI_TONE_PROGRESS;
  /* "Init:0/1" counts what is done; "Init:Error" and its like name a failure. */
  if (g_str_has_prefix (status, "Init:") && g_ascii_isdigit (status[5]))
    return UI_TONE_PROGRESS;
  if (g_str_equal (status, "Completed") || g_str_equal (status, "Succeeded") || g_str_equal (status, "Terminating"))
    return UI_TONE_NEUTRAL;
  if (g_str_equal (status, "Unknown") || g_str_equal (status, "NotReady"))
    return UI_TONE_WARNING;
  return UI_TONE_ERROR;
}

/**
 * ui_tone_is_all_ready:
 * @ready: (nullable): the READY column of a pod, such as "1/2"
 *
 * Tells whether as many containers are ready as there are.
 *
 * Returns: %TRUE for "2/2", %FALSE for "1/2" and for what is no such pair
 */
gboolean
ui_tone_is_all_ready (const char *ready)
{
  const char *slash = ready != NULL ? strchr (ready, '/') : NULL;

  return slash != NULL && slash != ready && strncmp (ready, slash + 1, slash - ready) == 0 && slash[1 + (slash - ready)] == '\0';
}
