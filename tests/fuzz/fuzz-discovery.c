/* fuzz-discovery.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-json.h"
#include "kube-discovery.h"
#include "property.h"

static void
check_resource (const KubeApiResource *a,
                const KubeApiResource *b)
{
  g_assert_cmpstr (a->resource.group, ==, b->resource.group);
  g_assert_cmpstr (a->resource.version, ==, b->resource.version);
  g_assert_cmpstr (a->resource.plural, ==, b->resource.plural);
  g_assert_cmpstr (a->resource.kind, ==, b->resource.kind);
  g_assert_cmpint (a->resource.namespaced, ==, b->resource.namespaced);
  g_assert_cmpstr (a->singular, ==, b->singular);
  g_assert_cmpint (a->preferred, ==, b->preferred);
  g_assert_true (g_strv_equal ((const char *const *) a->short_names,
                               (const char *const *) b->short_names));
  g_assert_true (g_strv_equal ((const char *const *) a->categories,
                               (const char *const *) b->categories));
  g_assert_true (g_strv_equal ((const char *const *) a->verbs, (const char *const *) b->verbs));
}

/* What is remembered on disk reads as the same kinds again. */
static void
check_memory (KubeDiscovery *discovery)
{
  g_autoptr(JsonNode) written = kube_discovery_to_json (discovery);
  g_autofree char *text = base_json_print (written, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) read = base_json_parse (text, -1, &error);
  g_autoptr(KubeDiscovery) other = kube_discovery_new ();
  GPtrArray *a = kube_discovery_get_resources (discovery);
  GPtrArray *b = kube_discovery_get_resources (other);

  g_assert_no_error (error);
  g_assert_true (kube_discovery_add_groups (other, read));
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    check_resource (g_ptr_array_index (a, i), g_ptr_array_index (b, i));
}

static void
check_names (KubeDiscovery *discovery,
             const char    *name)
{
  const KubeApiResource *found = kube_discovery_lookup (discovery, name);
  g_auto(GStrv) near_names = kube_discovery_dup_near_names (discovery, name);
  g_autoptr(GPtrArray) category = kube_discovery_find_category (discovery, name);
  GPtrArray *resources = kube_discovery_get_resources (discovery);

  g_assert_true (found == NULL || g_ptr_array_find (resources, found, NULL));
  g_assert_cmpuint (g_strv_length (near_names), <=, resources->len);
  g_assert_cmpuint (category->len, <=, resources->len);
}

static void
check_discovery (KubeDiscovery *discovery)
{
  GPtrArray *resources = kube_discovery_get_resources (discovery);

  check_memory (discovery);
  for (guint i = 0; i < resources->len && i < 8; i++)
    {
      const KubeApiResource *resource = g_ptr_array_index (resources, i);
      g_autofree char       *type_name = kube_api_resource_dup_type_name (resource);

      check_names (discovery, type_name);
      check_names (discovery, resource->resource.plural);
      /* a plural that is one word finds something, if not this one */
      if (*resource->resource.plural != '\0' && strchr (resource->resource.plural, '.') == NULL)
        g_assert_nonnull (kube_discovery_lookup (discovery, resource->resource.plural));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(JsonNode) answer = base_json_parse (text, (gssize) size, NULL);
  g_autoptr(KubeDiscovery) aggregated = kube_discovery_new ();
  g_autoptr(KubeDiscovery) single = kube_discovery_new ();

  if (answer == NULL)
    return 0;
  kube_discovery_add_groups (aggregated, answer);
  check_discovery (aggregated);
  kube_discovery_add_version (single, "apps", "v1", answer);
  check_discovery (single);
  return 0;
}
