/* kube-object-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "base-json-slice.h"
#include "kube-object.h"

G_BEGIN_DECLS

KubeObject *_kube_object_new_row (const BaseJsonSlice *object,
                                  const char         **cells);
KubeObject *_kube_object_new_bare (const char *namespace_, const char *name, const char **cells);
gboolean    _kube_object_is_bare (KubeObject *self);
gboolean    _kube_object_has_cells (KubeObject *self, KubeObject *other, int except);
gboolean    _kube_object_assign (KubeObject *self,
                                 KubeObject *newer);

G_END_DECLS
