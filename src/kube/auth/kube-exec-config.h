/* kube-exec-config.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The field "exec" of a user: the program by which the user signs in. */
typedef struct
{
  char    *command;
  char    *path; /* (nullable) absolute, if the command is one and not just a name */
  GStrv    arguments;
  GStrv    environment; /* names and values by turns; the values may be secret */
  char    *api_version;
  char    *install_hint; /* (nullable) */
  gboolean wants_cluster;
} KubeExecConfig;

KubeExecConfig *kube_exec_config_new (JsonNode   *exec,
                                      const char *source,
                                      const char *user_name,
                                      gboolean    used,
                                      char      **problem);
void            kube_exec_config_free (KubeExecConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeExecConfig, kube_exec_config_free)

G_END_DECLS
