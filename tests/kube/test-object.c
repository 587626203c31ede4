/* test-object.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "kube-object-private.h"

static KubeObject *
new_object (const char *json,
            GStrv       cells)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = base_json_parse (json, -1, &error);

  g_assert_no_error (error);
  return kube_object_new (node, cells);
}

static void
test_metadata (void)
{
  g_autoptr(KubeObject) object = new_object (
      "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u1\","
      "\"resourceVersion\":\"7\",\"creationTimestamp\":\"1970-01-01T00:00:02Z\"}}",
      NULL);

  g_assert_cmpstr (kube_object_get_name (object), ==, "web");
  g_assert_cmpstr (kube_object_get_namespace (object), ==, "shop");
  g_assert_cmpstr (kube_object_get_key (object), ==, "shop/web");
  g_assert_cmpstr (kube_object_get_uid (object), ==, "u1");
  g_assert_cmpstr (kube_object_get_resource_version (object), ==, "7");
  g_assert_cmpint (kube_object_get_creation_time (object), ==, 2 * G_USEC_PER_SEC);
  g_assert_null (kube_object_get_cell (object, 0));
}

static void
test_cluster_wide (void)
{
  g_autoptr(KubeObject) object = new_object ("{\"metadata\":{\"name\":\"shop\"}}", NULL);

  g_assert_cmpstr (kube_object_get_key (object), ==, "shop");
  g_assert_cmpstr (kube_object_get_name (object), ==, "shop");
  g_assert_null (kube_object_get_namespace (object));
  g_assert_cmpint (kube_object_get_creation_time (object), ==, 0);
}

static void
test_without_metadata (void)
{
  g_autoptr(KubeObject) object = new_object ("{}", NULL);

  g_assert_cmpstr (kube_object_get_key (object), ==, "");
  g_assert_null (kube_object_get_uid (object));
}

static void
test_cells (void)
{
  char *cells[] = { (char *) "web", (char *) "1/1", NULL };
  g_autoptr(KubeObject) object = new_object ("{\"metadata\":{\"name\":\"web\"}}", cells);

  g_assert_cmpstr (kube_object_get_cell (object, 0), ==, "web");
  g_assert_cmpstr (kube_object_get_cell (object, 1), ==, "1/1");
  g_assert_null (kube_object_get_cell (object, 2));
}

static void
on_notify_cb (GObject    *object,
              GParamSpec *pspec,
              gpointer    user_data)
{
  guint *count = user_data;

  (*count)++;
}

static void
test_assign (void)
{
  char *cells[] = { (char *) "2/2", NULL };
  g_autoptr(KubeObject) object = new_object (
      "{\"metadata\":{\"name\":\"web\",\"resourceVersion\":\"7\"}}", NULL);
  g_autoptr(KubeObject) same = new_object (
      "{\"metadata\":{\"name\":\"web\",\"resourceVersion\":\"7\"}}", NULL);
  g_autoptr(KubeObject) newer = new_object (
      "{\"metadata\":{\"name\":\"web\",\"resourceVersion\":\"8\"},\"new\":true}", cells);
  guint n_notified = 0;

  g_signal_connect (object, "notify::node", G_CALLBACK (on_notify_cb), &n_notified);

  g_assert_false (_kube_object_assign (object, same));
  g_assert_cmpuint (n_notified, ==, 0);

  g_assert_true (_kube_object_assign (object, newer));
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_cmpstr (kube_object_get_resource_version (object), ==, "8");
  g_assert_cmpstr (kube_object_get_cell (object, 0), ==, "2/2");
  g_assert_true (base_json_get_boolean (kube_object_get_node (object), FALSE, "new", NULL));
}

static void
test_properties (void)
{
  g_autoptr(KubeObject) object = new_object (
      "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"uid\":\"u1\","
      "\"resourceVersion\":\"7\",\"creationTimestamp\":\"1970-01-01T00:00:02Z\"}}",
      NULL);
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *name = NULL;
  g_autofree char *namespace = NULL;
  g_autofree char *key = NULL;
  g_autofree char *uid = NULL;
  g_autofree char *version = NULL;
  gint64           created = 0;

  g_object_get (object, "node", &node, "name", &name, "namespace", &namespace, "key", &key,
                "uid", &uid, "resource-version", &version, "creation-time", &created, NULL);
  g_assert_true (json_node_get_object (node) == json_node_get_object (kube_object_get_node (object)));
  g_assert_cmpstr (name, ==, "web");
  g_assert_cmpstr (namespace, ==, "shop");
  g_assert_cmpstr (key, ==, "shop/web");
  g_assert_cmpstr (uid, ==, "u1");
  g_assert_cmpstr (version, ==, "7");
  g_assert_cmpint (created, ==, 2 * G_USEC_PER_SEC);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/object/metadata", test_metadata);
  g_test_add_func ("/kube/object/cluster-wide", test_cluster_wide);
  g_test_add_func ("/kube/object/without-metadata", test_without_metadata);
  g_test_add_func ("/kube/object/cells", test_cells);
  g_test_add_func ("/kube/object/assign", test_assign);
  g_test_add_func ("/kube/object/properties", test_properties);
  return g_test_run ();
}
