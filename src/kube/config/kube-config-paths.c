/* kube-config-paths.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-paths.h"

#include <string.h>

static void
add_path (GPtrArray  *paths,
          const char *path)
{
  g_autofree char *absolute = NULL;

  if (*path == '\0')
    return;

  absolute = g_canonicalize_filename (path, NULL);
  for (guint i = 0; i < paths->len; i++)
    if (strcmp (g_ptr_array_index (paths, i), absolute) == 0)
      return;

  g_ptr_array_add (paths, g_steal_pointer (&absolute));
}

/**
 * kube_config_paths_list:
 * @path: (nullable): a kubeconfig that was asked for by name
 *
 * Lists the places where the kubeconfig may be, by the rules of client-go
 * (tools/clientcmd/loader.go): @path alone; or else those in the variable `KUBECONFIG`, of which
 * empty ones and repetitions are skipped; or else `~/.kube/config`. Nothing need exist there.
 *
 * Returns: (transfer full) (array zero-terminated=1): absolute paths, the most important first;
 *   none if `KUBECONFIG` holds only separators
 */
GStrv
kube_config_paths_list (const char *path)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();
  const char *variable = g_getenv ("KUBECONFIG");
  g_auto(GStrv) entries = NULL;

  if (path != NULL)
    g_ptr_array_add (paths, g_canonicalize_filename (path, NULL));
  else if (variable == NULL || *variable == '\0')
    g_ptr_array_add (paths, g_build_filename (g_get_home_dir (), ".kube", "config", NULL));
  else
    {
      entries = g_strsplit (variable, G_SEARCHPATH_SEPARATOR_S, -1);
      for (guint i = 0; entries[i] != NULL; i++)
        add_path (paths, entries[i]);
    }
  g_ptr_array_add (paths, NULL);

  return (GStrv) g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}
