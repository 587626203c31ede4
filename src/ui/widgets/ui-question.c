/* ui-question.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-question.h"

/* A row of the form, whatever it is answered with: it has a line under it for what is said of the
 * answer. */
G_DEFINE_INTERFACE (UiQuestion, ui_question, GTK_TYPE_WIDGET)

static void
ui_question_default_init (UiQuestionInterface *iface)
{
}

/**
 * ui_question_insist:
 * @self: a question
 *
 * Lets an empty answer be judged, too.
 */
void
ui_question_insist (UiQuestion *self)
{
  g_return_if_fail (UI_IS_QUESTION (self));

  ui_field_caption_insist (UI_QUESTION_GET_IFACE (self)->get_caption (self));
}

/**
 * ui_question_show_findings:
 * @self: a question
 * @findings: (nullable) (element-type StackFinding): what a cluster says about all answers
 *
 * Shows what concerns this one, until the answer changes.
 */
void
ui_question_show_findings (UiQuestion *self,
                           GPtrArray  *findings)
{
  g_return_if_fail (UI_IS_QUESTION (self));

  ui_field_caption_show_findings (UI_QUESTION_GET_IFACE (self)->get_caption (self), findings);
}
