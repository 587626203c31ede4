/* kube-config-paths.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GStrv kube_config_paths_list (const char *path);

G_END_DECLS
