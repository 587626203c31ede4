/* ui-tone.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  UI_TONE_NEUTRAL,
  UI_TONE_PROGRESS,
  UI_TONE_SUCCESS,
  UI_TONE_WARNING,
  UI_TONE_ERROR,
} UiTone;

const char *ui_tone_get_icon_name (UiTone tone);
const char *ui_tone_get_css_class (UiTone tone);
UiTone      ui_tone_for_pod (const char *status,
                             gboolean    ready);
gboolean    ui_tone_is_all_ready (const char *ready);

G_END_DECLS
