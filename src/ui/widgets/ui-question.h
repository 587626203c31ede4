/* ui-question.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui-field-caption.h"

G_BEGIN_DECLS

#define UI_TYPE_QUESTION (ui_question_get_type ())

G_DECLARE_INTERFACE (UiQuestion, ui_question, UI, QUESTION, GtkWidget)

struct _UiQuestionInterface
{
  GTypeInterface parent_iface;

  UiFieldCaption *(*get_caption) (UiQuestion *self);
};

void ui_question_insist (UiQuestion *self);
void ui_question_show_findings (UiQuestion *self,
                                GPtrArray  *findings);

G_END_DECLS
