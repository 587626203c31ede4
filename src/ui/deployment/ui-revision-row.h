/* ui-revision-row.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-revision.h"
#include "ui-tone.h"

G_BEGIN_DECLS

#define UI_TYPE_REVISION_ROW (ui_revision_row_get_type ())

G_DECLARE_FINAL_TYPE (UiRevisionRow, ui_revision_row, UI, REVISION_ROW, AdwPreferencesRow)

GtkWidget     *ui_revision_row_new (StackRevision *revision);
StackRevision *ui_revision_row_get_revision (UiRevisionRow *self);
void           ui_revision_row_set_place (UiRevisionRow *self,
                                          gboolean       latest,
                                          gboolean       running);
char          *ui_revision_row_describe_origin (StackRevision *revision);

G_END_DECLS
