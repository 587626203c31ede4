/* cli-pod-operand.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-resource.h"

G_BEGIN_DECLS

gboolean cli_pod_operand_parse (const char          *operand,
                                const char          *verb,
                                const KubeResource **resource,
                                char               **name,
                                GError             **error);

G_END_DECLS
