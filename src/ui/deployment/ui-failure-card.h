/* ui-failure-card.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-evidence.h"
#include "stack-revision.h"

G_BEGIN_DECLS

#define UI_TYPE_FAILURE_CARD (ui_failure_card_get_type ())

G_DECLARE_FINAL_TYPE (UiFailureCard, ui_failure_card, UI, FAILURE_CARD, GtkWidget)

void ui_failure_card_show (UiFailureCard *self,
                           const char    *title,
                           const char    *words);
void ui_failure_card_show_evidence (UiFailureCard *self,
                                    StackEvidence *evidence);
void ui_failure_card_show_way_back (UiFailureCard *self,
                                    StackRevision *revision,
                                    const char    *words);
void ui_failure_card_set_narrow (UiFailureCard *self,
                                 gboolean       narrow);

G_END_DECLS
