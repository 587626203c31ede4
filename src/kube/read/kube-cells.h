/* kube-cells.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char **kube_cells_new (const char *const *texts,
                             guint              n_texts);

G_END_DECLS
