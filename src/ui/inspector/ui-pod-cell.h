/* ui-pod-cell.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "kube-reflector.h"

G_BEGIN_DECLS

typedef enum
{
  UI_POD_CELL_NAME,
  UI_POD_CELL_READY,
  UI_POD_CELL_STATUS,
  UI_POD_CELL_RESTARTS,
  UI_POD_CELL_AGE,
  UI_POD_CELL_NODE,
} UiPodCellKind;

#define UI_TYPE_POD_CELL (ui_pod_cell_get_type ())

G_DECLARE_FINAL_TYPE (UiPodCell, ui_pod_cell, UI, POD_CELL, GtkWidget)

GtkWidget  *ui_pod_cell_new (UiPodCellKind kind);
void        ui_pod_cell_bind (UiPodCell     *self,
                              KubeReflector *pods,
                              KubeObject    *pod);
void        ui_pod_cell_unbind (UiPodCell *self);
const char *ui_pod_cell_get_text (KubeReflector *pods,
                                  KubeObject    *pod,
                                  UiPodCellKind  kind);

G_END_DECLS
