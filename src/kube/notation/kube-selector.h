/* kube-selector.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _KubeSelector KubeSelector;

KubeSelector *kube_selector_parse (const char *text,
                                   GError    **error);
void          kube_selector_free (KubeSelector *self);
gboolean      kube_selector_matches (const KubeSelector *self,
                                     GHashTable         *labels);
char         *kube_selector_print (const KubeSelector *self);
gboolean      kube_selector_check_field (const char *text,
                                         GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeSelector, kube_selector_free)

G_END_DECLS
