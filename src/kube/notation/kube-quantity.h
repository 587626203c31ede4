/* kube-quantity.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _KubeQuantity KubeQuantity;

KubeQuantity *kube_quantity_parse (const char *text,
                                   GError    **error);
void          kube_quantity_free (KubeQuantity *self);
char         *kube_quantity_print (const KubeQuantity *self);
int           kube_quantity_compare (const KubeQuantity *self,
                                     const KubeQuantity *other);
double        kube_quantity_get_value (const KubeQuantity *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeQuantity, kube_quantity_free)

G_END_DECLS
