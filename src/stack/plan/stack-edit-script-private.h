/* stack-edit-script-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void stack_edit_script_find (const guint *before,
                             guint        n_before,
                             const guint *after,
                             guint        n_after,
                             gboolean    *removed,
                             gboolean    *added);

G_END_DECLS
