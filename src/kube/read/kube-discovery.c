/* kube-discovery.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-discovery.h"

#include "base-json.h"

#include <string.h>

#define AGGREGATED_KIND "APIGroupDiscoveryList"
#define MAX_NEAR_NAMES 5
/* What is further away is another word, not a slip. */
#define MAX_DISTANCE 2
#define MAX_NAME_LENGTH 63

/**
 * KubeDiscovery:
 *
 * The kinds of objects that a server has, in the order in which the server prefers its groups
 * and their versions.
 */
struct _KubeDiscovery
{
  GPtrArray *resources; /* (element-type KubeApiResource) */
  GPtrArray *failures;  /* (element-type utf8): "group/version" */
  gboolean   cached;
};

/**
 * kube_discovery_new: (skip)
 *
 * Returns: (transfer full): an empty set of kinds
 */
KubeDiscovery *
kube_discovery_new (void)
{
  KubeDiscovery *self = g_atomic_rc_box_new0 (KubeDiscovery);

  self->resources = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_api_resource_free);
  self->failures = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/**
 * kube_discovery_ref: (skip)
 * @self: a set of kinds
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
KubeDiscovery *
kube_discovery_ref (KubeDiscovery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
kube_discovery_clear (KubeDiscovery *self)
{
  g_ptr_array_unref (self->resources);
  g_ptr_array_unref (self->failures);
}

/**
 * kube_discovery_unref:
 * @self: (transfer full): a set of kinds
 *
 * Drops a reference.
 */
void
kube_discovery_unref (KubeDiscovery *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, (GDestroyNotify) kube_discovery_clear);
}

static GStrv
dup_texts (JsonNode   *node,
           const char *member)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = base_json_get_array (node, member, NULL);
  guint      length = array != NULL ? json_array_get_length (array) : 0;

  for (guint i = 0; i < length; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (element));
    }

  return g_strv_builder_end (builder);
}

static gboolean
is_known (KubeDiscovery *self,
          const char    *group,
          const char    *plural)
{
  for (guint i = 0; i < self->resources->len; i++)
    {
      const KubeApiResource *other = g_ptr_array_index (self->resources, i);

      if (strcmp (other->resource.group, group) == 0 &&
          strcmp (other->resource.plural, plural) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Takes @resource. The versions of a group come in the server's order: the first that has a
 * kind is the preferred one. */
static void
add_resource (KubeDiscovery   *self,
              KubeApiResource *resource,
              JsonNode        *node,
              const char      *singular)
{
  g_free (resource->singular);
  resource->singular = g_strdup (singular != NULL ? singular : "");
  g_strfreev (resource->short_names);
  resource->short_names = dup_texts (node, "shortNames");
  g_strfreev (resource->categories);
  resource->categories = dup_texts (node, "categories");
  g_strfreev (resource->verbs);
  resource->verbs = dup_texts (node, "verbs");
  resource->preferred = !is_known (self, resource->resource.group, resource->resource.plural);
  g_ptr_array_add (self->resources, resource);
}

static void
add_aggregated_version (KubeDiscovery *self,
                        const char    *group,
                        JsonNode      *node)
{
  const char *version = base_json_get_string (node, "version", NULL);
  const char *freshness = base_json_get_string (node, "freshness", NULL);
  JsonArray  *resources = base_json_get_array (node, "resources", NULL);
  guint       length = resources != NULL ? json_array_get_length (resources) : 0;

  if (version == NULL)
    return;
  if (g_strcmp0 (freshness, "Stale") == 0)
    kube_discovery_add_failure (self, group, version);

  for (guint i = 0; i < length; i++)
    {
      JsonNode   *element = json_array_get_element (resources, i);
      const char *plural = base_json_get_string (element, "resource", NULL);
      const char *kind = base_json_get_string (element, "responseKind", "kind", NULL);
      const char *scope = base_json_get_string (element, "scope", NULL);

      if (plural == NULL || kind == NULL)
        continue;
      add_resource (self, kube_api_resource_new (group, version, plural, kind, g_strcmp0 (scope, "Namespaced") == 0),
                    element, base_json_get_string (element, "singularResource", NULL));
    }
}

/**
 * kube_discovery_add_groups:
 * @self: a set of kinds
 * @list: an answer to a request for `/api` or `/apis`
 *
 * Adds the kinds of an APIGroupDiscoveryList (apidiscovery.k8s.io/v2 or v2beta1). What a broken
 * API had before is kept, and its version counts as failed.
 *
 * Returns: %FALSE if @list is no such list: the server is too old for it
 */
gboolean
kube_discovery_add_groups (KubeDiscovery *self,
                           JsonNode      *list)
{
  JsonArray *groups = base_json_get_array (list, "items", NULL);

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (list != NULL, FALSE);

  if (g_strcmp0 (base_json_get_string (list, "kind", NULL), AGGREGATED_KIND) != 0)
    return FALSE;

  for (guint i = 0; groups != NULL && i < json_array_get_length (groups); i++)
    {
      JsonNode   *group = json_array_get_element (groups, i);
      const char *name = base_json_get_string (group, "metadata", "name", NULL);
      JsonArray  *versions = base_json_get_array (group, "versions", NULL);

      for (guint j = 0; versions != NULL && j < json_array_get_length (versions); j++)
        add_aggregated_version (self, name != NULL ? name : "",
                                json_array_get_element (versions, j));
    }

  return TRUE;
}

/**
 * kube_discovery_add_version:
 * @self: a set of kinds
 * @group: an API group, "" for the core
 * @version: one of its versions
 * @list: the APIResourceList of that version
 *
 * Adds the kinds of one version of a group, as servers without aggregated discovery list them.
 * Subresources are left out.
 */
void
kube_discovery_add_version (KubeDiscovery *self,
                            const char    *group,
                            const char    *version,
                            JsonNode      *list)
{
  JsonArray *resources = base_json_get_array (list, "resources", NULL);
  guint      length = resources != NULL ? json_array_get_length (resources) : 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (group != NULL);
  g_return_if_fail (version != NULL);

  for (guint i = 0; i < length; i++)
    {
      JsonNode   *element = json_array_get_element (resources, i);
      const char *plural = base_json_get_string (element, "name", NULL);
      const char *kind = base_json_get_string (element, "kind", NULL);

      if (plural == NULL || kind == NULL || strchr (plural, '/') != NULL)
        continue;
      add_resource (self, kube_api_resource_new (group, version, plural, kind, base_json_get_boolean (element, FALSE, "namespaced", NULL)),
                    element, base_json_get_string (element, "singularName", NULL));
    }
}

/**
 * kube_discovery_add_failure:
 * @self: a set of kinds
 * @group: an API group, "" for the core
 * @version: a version that could not be asked
 *
 * Notes that kinds may be missing.
 */
void
kube_discovery_add_failure (KubeDiscovery *self,
                            const char    *group,
                            const char    *version)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (group != NULL);
  g_return_if_fail (version != NULL);

  g_ptr_array_add (self->failures, g_strconcat (group, group[0] != '\0' ? "/" : "", version,
                                                NULL));
}

/**
 * kube_discovery_set_cached:
 * @self: a set of kinds
 * @cached: whether it was remembered rather than asked for
 *
 * Says where the set comes from.
 */
void
kube_discovery_set_cached (KubeDiscovery *self,
                           gboolean       cached)
{
  g_return_if_fail (self != NULL);

  self->cached = cached;
}

/**
 * kube_discovery_get_cached:
 * @self: a set of kinds
 *
 * Returns: whether the set was remembered: the server may know more by now
 */
gboolean
kube_discovery_get_cached (KubeDiscovery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->cached;
}

/**
 * kube_discovery_get_resources:
 * @self: a set of kinds
 *
 * Returns: (transfer none) (element-type KubeApiResource): all kinds in all their versions
 */
GPtrArray *
kube_discovery_get_resources (KubeDiscovery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->resources;
}

/**
 * kube_discovery_get_failures:
 * @self: a set of kinds
 *
 * Returns: (transfer none) (element-type utf8): versions of which kinds may be missing, such as
 *   "metrics.k8s.io/v1beta1"
 */
GPtrArray *
kube_discovery_get_failures (KubeDiscovery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->failures;
}

static gboolean
has_short_name (const KubeApiResource *resource,
                const char            *name)
{
  for (guint i = 0; resource->short_names[i] != NULL; i++)
    if (g_ascii_strcasecmp (resource->short_names[i], name) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
has_full_name (const KubeApiResource *resource,
               const char            *name)
{
  return g_ascii_strcasecmp (resource->resource.plural, name) == 0 ||
         g_ascii_strcasecmp (resource->singular, name) == 0 ||
         g_ascii_strcasecmp (resource->resource.kind, name) == 0;
}

/* The part behind the first point: "apps", "v1.apps", or "v1." for the core group. */
static gboolean
has_suffix (const KubeApiResource *resource,
            const char            *suffix,
            gboolean               whole)
{
  const char *group = resource->resource.group;
  gsize       version_length = strlen (resource->resource.version);

  if (suffix == NULL)
    return TRUE;
  if (!whole)
    return g_str_has_prefix (group, suffix);
  if (strcmp (group, suffix) == 0)
    return TRUE;

  return strncmp (suffix, resource->resource.version, version_length) == 0 &&
         suffix[version_length] == '.' && strcmp (suffix + version_length + 1, group) == 0;
}

static const KubeApiResource *
find (KubeDiscovery *self,
      const char    *name,
      const char    *suffix,
      gboolean       is_short,
      gboolean       whole)
{
  for (guint i = 0; i < self->resources->len; i++)
    {
      const KubeApiResource *resource = g_ptr_array_index (self->resources, i);

      if ((is_short ? has_short_name (resource, name) : has_full_name (resource, name)) &&
          has_suffix (resource, suffix, whole))
        return resource;
    }

  return NULL;
}

/**
 * kube_discovery_lookup:
 * @self: a set of kinds
 * @name: a name as people type it: plural, singular, short or the kind, in any case, optionally
 *   followed by the group ("deploy.apps"), its beginning, or version and group
 *   ("deployments.v1.apps", "pods.v1.")
 *
 * Finds a kind by the names that `kubectl` accepts. Full names come before short ones, and the
 * server's preferred groups and versions before others.
 *
 * Returns: (transfer none) (nullable): the kind; %NULL if there is none of that name
 */
const KubeApiResource *
kube_discovery_lookup (KubeDiscovery *self,
                       const char    *name)
{
  g_auto(GStrv) parts = NULL;
  const KubeApiResource *found = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  parts = g_strsplit (name, ".", 2);
  if (parts[0] == NULL || parts[0][0] == '\0')
    return NULL;

  for (guint pass = 0; pass < 4 && found == NULL; pass++)
    found = find (self, parts[0], parts[1], pass % 2 == 1, pass < 2);

  return found;
}

/**
 * kube_discovery_find_category:
 * @self: a set of kinds
 * @category: the name of a group of kinds, such as "all"
 *
 * Returns: (transfer container) (element-type KubeApiResource): the kinds of that category that
 *   can be listed, in their preferred versions
 */
GPtrArray *
kube_discovery_find_category (KubeDiscovery *self,
                              const char    *category)
{
  GPtrArray *found = g_ptr_array_new ();

  g_return_val_if_fail (self != NULL, found);
  g_return_val_if_fail (category != NULL, found);

  for (guint i = 0; i < self->resources->len; i++)
    {
      KubeApiResource *resource = g_ptr_array_index (self->resources, i);

      if (resource->preferred && kube_api_resource_has_verb (resource, "list") &&
          g_strv_contains ((const char *const *) resource->categories, category))
        g_ptr_array_add (found, resource);
    }

  return found;
}

/* How many letters have to be changed, added or taken away (Levenshtein). */
static guint
measure_distance (const char *a,
                  const char *b)
{
  guint row[MAX_NAME_LENGTH + 1];
  gsize a_length = strlen (a);
  gsize b_length = strlen (b);

  if (a_length > MAX_NAME_LENGTH || b_length > MAX_NAME_LENGTH)
    return G_MAXUINT;

  for (guint i = 0; i <= b_length; i++)
    row[i] = i;
  for (guint i = 1; i <= a_length; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (guint j = 1; j <= b_length; j++)
        {
          guint above = row[j];
          guint cost = g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1]);

          row[j] = MIN (MIN (above, row[j - 1]) + 1, diagonal + cost);
          diagonal = above;
        }
    }

  return row[b_length];
}

static guint
measure_resource (const KubeApiResource *resource,
                  const char            *name)
{
  guint distance = MIN (measure_distance (name, resource->resource.plural),
                        measure_distance (name, resource->singular));

  for (guint i = 0; resource->short_names[i] != NULL; i++)
    distance = MIN (distance, measure_distance (name, resource->short_names[i]) + 1);
  if (strlen (name) > MAX_DISTANCE && g_str_has_prefix (resource->resource.plural, name))
    distance = MIN (distance, 1);

  return distance;
}

/**
 * kube_discovery_dup_near_names:
 * @self: a set of kinds
 * @name: a name that was not found
 *
 * Returns: (transfer full) (array zero-terminated=1): plurals of kinds whose names are much like
 *   @name, the nearest first
 */
GStrv
kube_discovery_dup_near_names (KubeDiscovery *self,
                               const char    *name)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint distance = 0; distance <= MAX_DISTANCE; distance++)
    for (guint i = 0; i < self->resources->len; i++)
      {
        KubeApiResource *resource = g_ptr_array_index (self->resources, i);

        if (g_hash_table_size (seen) < MAX_NEAR_NAMES && measure_resource (resource, name) == distance && g_hash_table_add (seen, (gpointer) resource->resource.plural))
          g_strv_builder_add (builder, resource->resource.plural);
      }

  return g_strv_builder_end (builder);
}

static void
add_texts (JsonBuilder *builder,
           const char  *member,
           GStrv        texts)
{
  json_builder_set_member_name (builder, member);
  json_builder_begin_array (builder);
  for (guint i = 0; texts[i] != NULL; i++)
    json_builder_add_string_value (builder, texts[i]);
  json_builder_end_array (builder);
}

static void
add_text (JsonBuilder *builder,
          const char  *member,
          const char  *text)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_string_value (builder, text);
}

static void
add_json_resource (JsonBuilder           *builder,
                   const KubeApiResource *resource)
{
  json_builder_begin_object (builder);
  add_text (builder, "resource", resource->resource.plural);
  json_builder_set_member_name (builder, "responseKind");
  json_builder_begin_object (builder);
  add_text (builder, "kind", resource->resource.kind);
  json_builder_end_object (builder);
  add_text (builder, "scope", resource->resource.namespaced ? "Namespaced" : "Cluster");
  add_text (builder, "singularResource", resource->singular);
  add_texts (builder, "verbs", resource->verbs);
  add_texts (builder, "shortNames", resource->short_names);
  add_texts (builder, "categories", resource->categories);
  json_builder_end_object (builder);
}

static gboolean
begins_version (KubeDiscovery *self,
                guint          i)
{
  const KubeApiResource *resource = g_ptr_array_index (self->resources, i);
  const KubeApiResource *before = i > 0 ? g_ptr_array_index (self->resources, i - 1) : NULL;

  return before == NULL || strcmp (resource->resource.group, before->resource.group) != 0 ||
         strcmp (resource->resource.version, before->resource.version) != 0;
}

static void
begin_json_version (JsonBuilder           *builder,
                    const KubeApiResource *resource)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "metadata");
  json_builder_begin_object (builder);
  add_text (builder, "name", resource->resource.group);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "versions");
  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  add_text (builder, "version", resource->resource.version);
  json_builder_set_member_name (builder, "resources");
  json_builder_begin_array (builder);
}

static void
end_json_version (JsonBuilder *builder)
{
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * kube_discovery_to_json:
 * @self: a set of kinds
 *
 * Writes the kinds in the form that [id@kube_discovery_add_groups] reads.
 *
 * Returns: (transfer full): an APIGroupDiscoveryList
 */
JsonNode *
kube_discovery_to_json (KubeDiscovery *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  json_builder_begin_object (builder);
  add_text (builder, "kind", AGGREGATED_KIND);
  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->resources->len; i++)
    {
      const KubeApiResource *resource = g_ptr_array_index (self->resources, i);

      if (begins_version (self, i) && i > 0)
        end_json_version (builder);
      if (begins_version (self, i))
        begin_json_version (builder, resource);
      add_json_resource (builder, resource);
    }
  if (self->resources->len > 0)
    end_json_version (builder);
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
