/* cli-target.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-discovery.h"

G_BEGIN_DECLS

/* Objects of one kind that the command line asks for. */
typedef struct
{
  const KubeApiResource *kind;  /* of the discovery it was found in */
  GStrv                  names; /* (nullable): all */
} CliTarget;

gboolean   cli_target_check (const char *const *operands,
                             GError           **error);
GPtrArray *cli_target_resolve (const char *const *operands,
                               KubeDiscovery     *discovery,
                               GError           **error);

G_END_DECLS
