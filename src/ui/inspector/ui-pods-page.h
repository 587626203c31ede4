/* ui-pods-page.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "kube-reflector.h"

G_BEGIN_DECLS

#define UI_TYPE_PODS_PAGE (ui_pods_page_get_type ())

G_DECLARE_FINAL_TYPE (UiPodsPage, ui_pods_page, UI, PODS_PAGE, GtkWidget)

void ui_pods_page_set_pods (UiPodsPage    *self,
                            KubeReflector *pods,
                            const char    *namespace_);
void ui_pods_page_show_problem (UiPodsPage *self,
                                const char *problem);
void ui_pods_page_find (UiPodsPage *self);

G_END_DECLS
