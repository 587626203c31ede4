/* ui-deployment-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "stack-session.h"

G_BEGIN_DECLS

#define UI_TYPE_DEPLOYMENT_PAGE (ui_deployment_page_get_type ())

G_DECLARE_FINAL_TYPE (UiDeploymentPage, ui_deployment_page, UI, DEPLOYMENT_PAGE, GtkWidget)

StackSession *ui_deployment_page_get_session (UiDeploymentPage *self);
void          ui_deployment_page_set_session (UiDeploymentPage *self,
                                              StackSession     *session);
void          ui_deployment_page_go_on (UiDeploymentPage *self);
void          ui_deployment_page_cancel (UiDeploymentPage *self);

G_END_DECLS
