/* kube-object-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-object.h"

G_BEGIN_DECLS

gboolean _kube_object_assign (KubeObject *self,
                              KubeObject *newer);

G_END_DECLS
