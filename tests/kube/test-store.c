/* test-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "kube-store.h"

#include <string.h>

#define COLUMNS "[{\"name\":\"Name\",\"format\":\"name\"},{\"name\":\"Status\"},{\"name\":\"Age\"}]"
#define EARLY "2020-01-01T00:00:00Z"
#define LATE "2999-01-01T00:00:00Z"
#define OBJECT(name, uid, created, version) "{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"namespace\":\"n\","         \
                                            "\"name\":\"" name "\",\"uid\":\"" uid "\",\"resourceVersion\":\"" version "\"," \
                                            "\"creationTimestamp\":\"" created "\"}}"

typedef struct
{
  KubeStore *store;
  GString   *events;
} Fixture;

static void
on_event (KubeWatchEventType type,
          KubeObject        *object,
          gpointer           events)
{
  g_string_append_printf (events, "%d:%s ", type, kube_object_get_name (object));
}

static void
add_row (Fixture    *fixture,
         const char *name,
         const char *status,
         const char *age,
         const char *object)
{
  g_autoptr(JsonNode) node = object != NULL ? base_json_parse (object, -1, NULL) : NULL;
  const char *cells[] = { name, status, age };
  KubeListRow row = { .n_cells = 3, .cells = cells, .object = node };

  kube_store_add_row (fixture->store, &row, object == NULL ? "n" : NULL);
}

static void
begin_list (Fixture *fixture)
{
  g_autoptr(JsonNode) columns = base_json_parse (COLUMNS, -1, NULL);

  kube_store_begin_list (fixture->store);
  kube_store_add_columns (fixture->store, json_node_get_array (columns));
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->store = kube_store_new (&KUBE_POD, KUBE_FORM_TABLE);
  fixture->events = g_string_new (NULL);
  begin_list (fixture);
  add_row (fixture, "a", "Running", "5m", NULL);
  add_row (fixture, "b", "Running", "5m", NULL);
  kube_store_swap_list (fixture->store);
  kube_store_set_event_func (fixture->store, on_event, fixture->events);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  kube_store_free (fixture->store);
  g_string_free (fixture->events, TRUE);
}

static void
count_cb (KubeObject *object,
          GParamSpec *pspec,
          guint      *n)
{
  (*n)++;
}

static void
test_bare (Fixture      *fixture,
           gconstpointer data)
{
  KubeObject *object = kube_store_lookup (fixture->store, "n/a");

  g_assert_cmpuint (g_list_model_get_n_items (kube_store_get_model (fixture->store)), ==, 2);
  g_assert_cmpstr (kube_object_get_namespace (object), ==, "n");
  g_assert_cmpstr (kube_object_get_name (object), ==, "a");
  g_assert_cmpstr (kube_object_get_cell (object, 1), ==, "Running");
  g_assert_null (kube_object_get_uid (object));
  g_assert_null (kube_object_get_resource_version (object));
  g_assert_cmpint (kube_object_get_creation_time (object), ==, 0);
  g_assert_cmpstr (base_json_get_string (kube_object_get_node (object), "metadata", "name", NULL), ==, "a");
  g_assert_cmpstr (base_json_get_string (kube_object_get_node (object), "metadata", "namespace", NULL), ==, "n");
}

static void
on_items_changed_cb (GListModel *model,
                     guint       position,
                     guint       n_removed,
                     guint       n_added,
                     guint      *n_signals)
{
  (*n_signals)++;
}

/* Namespaces come side by side, and an object that moves between two pages comes twice. */
static void
test_any_order (Fixture      *fixture,
                gconstpointer data)
{
  static const char *const keys[] = { "n/a", "n/b", "n/c", "n/d" };
  GListModel              *model = kube_store_get_model (fixture->store);
  guint                    n_signals = 0;

  g_signal_connect (model, "items-changed", G_CALLBACK (on_items_changed_cb), &n_signals);
  begin_list (fixture);
  add_row (fixture, "d", "Pending", "5m", NULL);
  add_row (fixture, "a", "Running", "5m", NULL);
  add_row (fixture, "c", "Running", "5m", NULL);
  add_row (fixture, "b", "Running", "5m", NULL);
  add_row (fixture, "d", "Running", "5m", NULL);
  kube_store_swap_list (fixture->store);

  g_assert_cmpuint (n_signals, ==, 1);
  g_assert_cmpstr (fixture->events->str, ==, "0:c 0:d ");
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, G_N_ELEMENTS (keys));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_assert_cmpstr (kube_object_get_key (object), ==, keys[i]);
      g_assert_cmpstr (kube_object_get_cell (object, 1), ==, "Running");
    }
}

static void
apply (Fixture    *fixture,
       const char *line)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  KubeWatchCursor cursor = { 0 };
  g_autoptr(GError) error = NULL;

  g_ptr_array_add (lines, g_bytes_new (line, strlen (line)));
  kube_watch_cursor_set_list (&cursor, "1");
  g_assert_true (kube_store_apply_lines (fixture->store, lines, &cursor, &error));
  g_assert_no_error (error);
  kube_watch_cursor_clear (&cursor);
}

/* An event tells the rest, also of an object that the server's clock calls young. */
static void
test_event_completes (Fixture      *fixture,
                      gconstpointer data)
{
  KubeObject *object = kube_store_lookup (fixture->store, "n/a");
  guint       n = 0;

  g_signal_connect (object, "notify::creation-time", G_CALLBACK (count_cb), &n);
  g_signal_connect (object, "notify::node", G_CALLBACK (count_cb), &n);
  apply (fixture, "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"9\"},\"rows\":[{"
                  "\"cells\":[\"a\",\"Failed\",\"6m\"],\"object\":" OBJECT ("a", "u", LATE, "9") "}]}}");
  g_assert_true (kube_store_lookup (fixture->store, "n/a") == object);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (kube_object_get_uid (object), ==, "u");
  g_assert_cmpstr (kube_object_get_resource_version (object), ==, "9");
  g_assert_cmpint (kube_object_get_creation_time (object), >, 0);
  g_assert_cmpstr (kube_object_get_cell (object, 1), ==, "Failed");
  g_assert_cmpstr (base_json_get_string (kube_object_get_node (object), "metadata", "uid", NULL), ==, "u");
}

/* A later list tells the rest of what was there already, and that is no event. */
static void
test_list_completes (Fixture      *fixture,
                     gconstpointer data)
{
  KubeObject *object = kube_store_lookup (fixture->store, "n/a");

  begin_list (fixture);
  add_row (fixture, "a", "Running", "1h", OBJECT ("a", "u", EARLY, "8"));
  add_row (fixture, "b", "Failed", "1h", OBJECT ("b", "v", EARLY, "9"));
  kube_store_swap_list (fixture->store);
  g_assert_true (kube_store_lookup (fixture->store, "n/a") == object);
  g_assert_cmpstr (kube_object_get_uid (object), ==, "u");
  g_assert_cmpstr (kube_object_get_cell (object, 2), ==, "1h");
  g_assert_cmpstr (fixture->events->str, ==, "1:b ");
}

/* What was made after the first list is another one of the same name. */
static void
test_made_again (Fixture      *fixture,
                 gconstpointer data)
{
  KubeObject *object = kube_store_lookup (fixture->store, "n/a");
  KubeObject *other;

  begin_list (fixture);
  add_row (fixture, "a", "Running", "5m", OBJECT ("a", "u", LATE, "8"));
  kube_store_swap_list (fixture->store);
  other = kube_store_lookup (fixture->store, "n/a");
  g_assert_true (other != object);
  g_assert_cmpstr (kube_object_get_uid (other), ==, "u");
  g_assert_null (kube_store_lookup (fixture->store, "n/b"));
  g_assert_cmpstr (fixture->events->str, ==, "2:b 1:a ");

  /* The same once more is nothing new; another uid is. */
  begin_list (fixture);
  add_row (fixture, "a", "Running", "6m", OBJECT ("a", "u", LATE, "8"));
  kube_store_swap_list (fixture->store);
  g_assert_true (kube_store_lookup (fixture->store, "n/a") == other);
  begin_list (fixture);
  add_row (fixture, "a", "Running", "6m", OBJECT ("a", "w", LATE, "10"));
  kube_store_swap_list (fixture->store);
  g_assert_true (kube_store_lookup (fixture->store, "n/a") != other);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/store/bare", Fixture, NULL, set_up, test_bare, tear_down);
  g_test_add ("/store/any-order", Fixture, NULL, set_up, test_any_order, tear_down);
  g_test_add ("/store/event-completes", Fixture, NULL, set_up, test_event_completes, tear_down);
  g_test_add ("/store/list-completes", Fixture, NULL, set_up, test_list_completes, tear_down);
  g_test_add ("/store/made-again", Fixture, NULL, set_up, test_made_again, tear_down);

  return g_test_run ();
}
