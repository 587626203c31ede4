/* ui-cluster-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_CLUSTER_ROW (ui_cluster_row_get_type ())

G_DECLARE_FINAL_TYPE (UiClusterRow, ui_cluster_row, UI, CLUSTER_ROW, AdwPreferencesRow)

void ui_cluster_row_set_session (UiClusterRow *self,
                                 StackSession *session);

G_END_DECLS
