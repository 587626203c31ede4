/* test-watch-decoder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "kube-error.h"
#include "kube-watch-decoder.h"

#define COLUMNS "\"columnDefinitions\":[{\"name\":\"Name\",\"priority\":0}," \
                "{\"name\":\"IP\",\"priority\":1},{\"name\":\"Restarts\",\"priority\":0}],"
#define ROW(name, version) "{\"cells\":[\"" name "\",\"10.0.0.1\",3],\"object\":"               \
                           "{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"" name \
                           "\",\"namespace\":\"shop\",\"resourceVersion\":\"" version "\"}}}"

static KubeWatchEvent *
decode (KubeWatchDecoder *decoder,
        const char       *line,
        GError          **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (line, strlen (line));

  return kube_watch_decoder_decode_line (decoder, bytes, error);
}

static void
test_lines (void)
{
  static const struct
  {
    const char *line;
    int         type; /* -1: cannot be read */
    guint       n_objects;
    const char *version;
  } rows[] = {
    { "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}}",
      KUBE_WATCH_ADDED, 1, "5" },
    { "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":{\"name\":\"a\","
      "\"resourceVersion\":\"6\"}}}",
      KUBE_WATCH_MODIFIED, 1, "6" },
    { "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"a\","
      "\"resourceVersion\":\"7\"}}}",
      KUBE_WATCH_DELETED, 1, "7" },
    { "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"metadata\":{"
      "\"resourceVersion\":\"8\"}}}",
      KUBE_WATCH_BOOKMARK, 0, "8" },
    { "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\",\"metadata\":{"
      "\"resourceVersion\":\"9\"}," COLUMNS "\"rows\":[" ROW ("a", "4") "]}}",
      KUBE_WATCH_ADDED, 1, "9" },
    { "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\",\"metadata\":{},\"rows\":[" ROW ("a", "4") "]}}", KUBE_WATCH_ADDED, 1, "4" },
    { "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Table\",\"metadata\":{"
      "\"resourceVersion\":\"10\"},\"rows\":[" ROW ("", "10") "]}}",
      KUBE_WATCH_BOOKMARK, 0,
      "10" },
    { "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\"", -1, 0, NULL },
    { "{\"type\":\"MOVED\",\"object\":{}}", -1, 0, NULL },
    { "{\"type\":\"ADDED\"}", -1, 0, NULL },
    { "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"resourceVersion\":\"5\"}}}", -1, 0, NULL },
    { "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"}}}", -1, 0,
      NULL },
    { "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":"
      "\"5\"},\"rows\":[{\"cells\":[]}]}}",
      -1, 0, NULL },
    { "{\"type\":\"ADDED\",\"object\":[]}", -1, 0, NULL },
    { "[]", -1, 0, NULL },
    { "", -1, 0, NULL },
  };
  guint i;

  for (i = 0; i < 2 * G_N_ELEMENTS (rows); i++)
    {
      KubeForm form = i < G_N_ELEMENTS (rows) ? KUBE_FORM_OBJECT : KUBE_FORM_TABLE;
      g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_POD, form);
      g_autoptr(GError) error = NULL;
      g_autoptr(KubeWatchEvent) event = decode (decoder, rows[i % G_N_ELEMENTS (rows)].line, &error);

      g_test_message ("%s", rows[i % G_N_ELEMENTS (rows)].line);
      if (rows[i % G_N_ELEMENTS (rows)].type < 0)
        {
          g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
          g_assert_null (event);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint ((int) event->type, ==, rows[i % G_N_ELEMENTS (rows)].type);
      g_assert_cmpuint (event->objects->len, ==, rows[i % G_N_ELEMENTS (rows)].n_objects);
      g_assert_cmpstr (event->resource_version, ==, rows[i % G_N_ELEMENTS (rows)].version);
      g_assert_no_error (event->error);
    }
}

static void
test_error_event (void)
{
  static const struct
  {
    const char *status;
    KubeError   code;
  } rows[] = {
    { "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old\"}",
      KUBE_ERROR_EXPIRED },
    { "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Gone\",\"message\":\"too old\"}",
      KUBE_ERROR_EXPIRED },
    { "{\"kind\":\"Status\",\"code\":500,\"reason\":\"InternalError\",\"message\":\"etcd\"}",
      KUBE_ERROR_SERVER },
    { "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"no\"}",
      KUBE_ERROR_FORBIDDEN },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_POD, KUBE_FORM_TABLE);
      g_autofree char *line = g_strdup_printf ("{\"type\":\"ERROR\",\"object\":%s}",
                                               rows[i].status);
      g_autoptr(GError) error = NULL;
      g_autoptr(KubeWatchEvent) event = decode (decoder, line, &error);

      g_assert_no_error (error);
      g_assert_cmpint ((int) event->type, ==, KUBE_WATCH_ERROR);
      g_assert_error (event->error, KUBE_ERROR, (int) rows[i].code);
      g_assert_nonnull (kube_error_get_status (event->error));
    }
}

static void
test_list (void)
{
  g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_DEPLOYMENT,
                                                                 KUBE_FORM_OBJECT);
  g_autoptr(JsonNode) list = base_json_parse (
      "{\"kind\":\"DeploymentList\",\"items\":[{\"metadata\":{\"name\":\"a\"}},"
      "{\"kind\":\"Other\",\"apiVersion\":\"v9\",\"metadata\":{\"name\":\"b\"}},7]}",
      -1, NULL);
  g_autoptr(GPtrArray) objects = kube_watch_decoder_decode_list (decoder, list);
  JsonNode *node;

  g_assert_cmpuint (objects->len, ==, 2);
  node = kube_object_get_node (g_ptr_array_index (objects, 0));
  g_assert_cmpstr (base_json_get_string (node, "kind", NULL), ==, "Deployment");
  g_assert_cmpstr (base_json_get_string (node, "apiVersion", NULL), ==, "apps/v1");
  node = kube_object_get_node (g_ptr_array_index (objects, 1));
  g_assert_cmpstr (base_json_get_string (node, "kind", NULL), ==, "Other");
  g_assert_cmpstr (base_json_get_string (node, "apiVersion", NULL), ==, "v9");
}

static void
test_table (void)
{
  g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_POD, KUBE_FORM_TABLE);
  g_autoptr(JsonNode) list = base_json_parse (
      "{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"1\"}," COLUMNS
      "\"rows\":[" ROW ("a", "1") "," ROW ("b", "1") "]}",
      -1, NULL);
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(KubeWatchEvent) event = NULL;
  KubeColumns *columns;
  KubeObject  *row;

  g_assert_null (kube_watch_decoder_get_columns (decoder));
  objects = kube_watch_decoder_decode_list (decoder, list);
  g_assert_cmpuint (objects->len, ==, 2);

  /* The wide column comes last, and its cell with it. */
  columns = kube_watch_decoder_get_columns (decoder);
  g_assert_cmpuint (g_strv_length ((GStrv) kube_columns_get_normal (columns)), ==, 2);
  g_assert_cmpstr (kube_columns_get_normal (columns)[1], ==, "Restarts");
  g_assert_cmpint (kube_columns_find (columns, "Restarts"), ==, 1);
  g_assert_cmpint (kube_columns_find (columns, "IP"), ==, 2);
  g_assert_cmpint (kube_columns_find (columns, "Node"), ==, -1);
  row = g_ptr_array_index (objects, 1);
  g_assert_cmpstr (kube_object_get_key (row), ==, "shop/b");
  g_assert_cmpstr (kube_object_get_cell (row, 0), ==, "b");
  g_assert_cmpstr (kube_object_get_cell (row, 1), ==, "3");
  g_assert_cmpstr (kube_object_get_cell (row, 2), ==, "10.0.0.1");

  /* Later events do not name the columns any more. */
  event = decode (decoder, "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Table\",\"metadata\":{},"
                           "\"rows\":[{\"cells\":[\"a\",null],\"object\":{\"metadata\":{"
                           "\"name\":\"a\"}}}]}}",
                  NULL);
  row = g_ptr_array_index (event->objects, 0);
  g_assert_cmpstr (kube_object_get_cell (row, 0), ==, "a");
  g_assert_cmpstr (kube_object_get_cell (row, 1), ==, "");
  g_assert_cmpstr (kube_object_get_cell (row, 2), ==, "");
}

static void
assert_same_objects (KubeObject *a,
                     KubeObject *b,
                     guint       n_cells)
{
  g_assert_cmpstr (kube_object_get_key (a), ==, kube_object_get_key (b));
  g_assert_cmpstr (kube_object_get_name (a), ==, kube_object_get_name (b));
  g_assert_cmpstr (kube_object_get_namespace (a), ==, kube_object_get_namespace (b));
  g_assert_cmpstr (kube_object_get_uid (a), ==, kube_object_get_uid (b));
  g_assert_cmpstr (kube_object_get_resource_version (a), ==, kube_object_get_resource_version (b));
  g_assert_cmpint (kube_object_get_creation_time (a), ==, kube_object_get_creation_time (b));
  for (guint i = 0; i <= n_cells; i++)
    g_assert_cmpstr (kube_object_get_cell (a, i), ==, kube_object_get_cell (b, i));
}

/* A row that is read without a tree is the same as one that is. */
static void
test_same (void)
{
  static const char *const rows[] = {
    ROW ("a", "4"),
    ROW ("a", "4") "," ROW ("b", "5"),
    "{\"cells\":[\"\\u00fc \\\"x\\\"\",null,true],\"object\":{\"metadata\":{\"name\":\"a\",\"uid\":\"u\"}}}",
    "{\"cells\":[\"\\ud83d\\ude00\",1.50,[1, {\"x\":2}]],\"object\":{\"metadata\":{\"name\":\"a\"}}}",
    "{\"cells\":[\"a\"],\"object\":{\"metadata\":{\"name\":\"a\",\"creationTimestamp\":\"2026-01-02T03:04:05Z\"}}}",
    "{\"cells\":[\"a\",2,3,4,5,6],\"object\":{\"metadata\":{\"name\":\"first\",\"name\":\"last\"}}}",
    "{\"object\":{\"metadata\":{\"na\\u006de\":\"a\"}}}",
    "{\"cells\":{},\"object\":{\"metadata\":{\"name\":\"a\",\"namespace\":null,\"uid\":7}}}",
    "{ \"cells\" : [ \"a\" , 99999999999999999 , -0 ] , \"object\" : { \"metadata\" : { \"name\" : \"a\" } } }",
    "{\"cells\":[\"a\"],\"object\":{\"metadata\":{\"name\":\"a\",\"managedFields\":[{\"manager\":\"m\"}],\"labels\":{\"l\":\"v\"}}}}",
    "{\"cells\":[\"a\"],\"object\":{\"metadata\":{\"labels\":{}}}}",
    "{\"cells\":[\"a\"]}",
    "{\"cells\":[\"a\"],\"object\":null}",
  };
  static const char *const formats[] = {
    "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"9\"}," COLUMNS "\"rows\":[%s]}}",
    "{\"object\":{\"rows\":[%s]," COLUMNS "\"metadata\":{\"resourceVersion\":\"\"},\"kind\":\"Table\"},\"type\":\"DELETED\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (formats) * G_N_ELEMENTS (rows); i++)
    {
      const char *row = rows[i / G_N_ELEMENTS (formats)];
      g_autoptr(GString) line = g_string_new (formats[i % G_N_ELEMENTS (formats)]);
      g_autoptr(KubeWatchDecoder) by_tree = kube_watch_decoder_new (&KUBE_POD, KUBE_FORM_OBJECT);
      g_autoptr(KubeWatchDecoder) by_text = kube_watch_decoder_new (&KUBE_POD, KUBE_FORM_TABLE);
      g_autoptr(KubeWatchEvent) a = NULL;
      g_autoptr(KubeWatchEvent) b = NULL;

      g_string_replace (line, "%s", row, 0);
      g_test_message ("%s", line->str);
      a = decode (by_tree, line->str, NULL);
      b = decode (by_text, line->str, NULL);
      /* The last ones are rows of nothing. */
      g_assert_true ((a == NULL) == (i / G_N_ELEMENTS (formats) >= G_N_ELEMENTS (rows) - 3));
      g_assert_true ((b == NULL) == (a == NULL));
      if (a == NULL)
        continue;
      g_assert_cmpint (a->type, ==, b->type);
      g_assert_cmpstr (a->resource_version, ==, b->resource_version);
      g_assert_cmpuint (a->objects->len, ==, b->objects->len);
      for (guint j = 0; j < a->objects->len; j++)
        assert_same_objects (g_ptr_array_index (a->objects, j), g_ptr_array_index (b->objects, j),
                             3);
    }
}

/* The tree is there when it is asked for, without what nobody reads. */
static void
test_node (void)
{
  static const char line[] = "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Table\",\"metadata\":{"
                             "\"resourceVersion\":\"9\"},\"rows\":[{\"cells\":[],\"object\":{\"metadata\":{"
                             "\"name\":\"a\",\"managedFields\":[{\"manager\":\"m\"}],\"labels\":{\"l\":\"v\"}}}}]}}";
  g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_POD, KUBE_FORM_TABLE);
  g_autoptr(KubeWatchEvent) event = decode (decoder, line, NULL);
  JsonNode *node = kube_object_get_node (g_ptr_array_index (event->objects, 0));

  g_assert_cmpstr (base_json_get_string (node, "metadata", "labels", "l", NULL), ==, "v");
  g_assert_cmpuint (json_array_get_length (base_json_get_array (node, "metadata", "managedFields",
                                                                NULL)),
                    ==, 0);
  g_assert_true (kube_object_get_node (g_ptr_array_index (event->objects, 0)) == node);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/watch-decoder/lines", test_lines);
  g_test_add_func ("/kube/watch-decoder/error-event", test_error_event);
  g_test_add_func ("/kube/watch-decoder/list", test_list);
  g_test_add_func ("/kube/watch-decoder/table", test_table);
  g_test_add_func ("/kube/watch-decoder/same", test_same);
  g_test_add_func ("/kube/watch-decoder/node", test_node);
  return g_test_run ();
}
