/* ui-pod-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "kube-object.h"

G_BEGIN_DECLS

#define UI_TYPE_POD_ROW (ui_pod_row_get_type ())

G_DECLARE_FINAL_TYPE (UiPodRow, ui_pod_row, UI, POD_ROW, AdwPreferencesRow)

GtkWidget  *ui_pod_row_new (KubeObject *pod);
KubeObject *ui_pod_row_get_pod (UiPodRow *self);

G_END_DECLS
