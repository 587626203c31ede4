/* kube-discovery-cache.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-discovery-cache.h"

#include "base-json.h"

#include <errno.h>

#define LIFETIME (6 * G_TIME_SPAN_HOUR)

/* The name is hashed: an address may hold what no file name may. */
static char *
build_path (const char *server)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, server, -1);
  g_autofree char *name = g_strconcat (hash, ".json", NULL);

  return g_build_filename (g_get_user_cache_dir (), "hackystack", "discovery", name, NULL);
}

/**
 * kube_discovery_cache_load: (skip)
 * @server: the address of an API server
 * @now: the present moment, microseconds since the epoch
 *
 * Reads what is remembered of the kinds of a server, from
 * `$XDG_CACHE_HOME/hackystack/discovery`. Waits for the disk: to be called in a thread.
 *
 * Returns: (transfer full) (nullable): the kinds; %NULL if there is nothing, or nothing that is
 *   younger than six hours
 */
KubeDiscovery *
kube_discovery_cache_load (const char *server,
                           gint64      now)
{
  g_autoptr(KubeDiscovery) self = kube_discovery_new ();
  g_autoptr(JsonNode) document = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  JsonNode        *kinds;
  gsize            length;
  gint64           age;

  g_return_val_if_fail (server != NULL, NULL);

  path = build_path (server);
  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  document = base_json_parse (text, (gssize) length, NULL);
  if (document == NULL || g_strcmp0 (base_json_get_string (document, "server", NULL), server) != 0)
    return NULL;

  /* A file from the future was written while the clock was wrong. */
  age = now - base_json_get_int (document, 0, "time", NULL);
  kinds = base_json_get (document, "kinds", NULL);
  if (age < 0 || age >= LIFETIME || kinds == NULL || !kube_discovery_add_groups (self, kinds))
    return NULL;
  /* No server is without kinds, so that something is wrong with the file. */
  if (kube_discovery_get_resources (self)->len == 0)
    return NULL;
  kube_discovery_set_cached (self, TRUE);

  return g_steal_pointer (&self);
}

/**
 * kube_discovery_cache_store:
 * @server: the address of an API server
 * @kinds: its kinds, as of [method@Discovery.to_json]
 * @now: the present moment, microseconds since the epoch
 * @error: return location for an error
 *
 * Remembers the kinds of a server, in a file that its owner alone can read. Waits for the disk:
 * to be called in a thread.
 *
 * Possible errors: %G_FILE_ERROR.
 *
 * Returns: whether they are remembered
 */
gboolean
kube_discovery_cache_store (const char *server,
                            JsonNode   *kinds,
                            gint64      now,
                            GError    **error)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) document = NULL;
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (server != NULL, FALSE);
  g_return_val_if_fail (kinds != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "server");
  json_builder_add_string_value (builder, server);
  json_builder_set_member_name (builder, "time");
  json_builder_add_int_value (builder, now);
  json_builder_set_member_name (builder, "kinds");
  json_builder_add_value (builder, json_node_copy (kinds));
  json_builder_end_object (builder);
  document = json_builder_get_root (builder);

  path = build_path (server);
  folder = g_path_get_dirname (path);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (errno),
                   "The folder %s cannot be made: %s.", folder, g_strerror (errno));
      return FALSE;
    }
  text = base_json_print (document, FALSE);

  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}
