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
    { "{\"type\":\"ADDED\",\"object\":[]}", -1, 0, NULL },
    { "[]", -1, 0, NULL },
    { "", -1, 0, NULL },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_POD, KUBE_FORM_OBJECT);
      g_autoptr(GError) error = NULL;
      g_autoptr(KubeWatchEvent) event = decode (decoder, rows[i].line, &error);

      g_test_message ("%s", rows[i].line);
      if (rows[i].type < 0)
        {
          g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
          g_assert_null (event);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpint ((int) event->type, ==, rows[i].type);
      g_assert_cmpuint (event->objects->len, ==, rows[i].n_objects);
      g_assert_cmpstr (event->resource_version, ==, rows[i].version);
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/watch-decoder/lines", test_lines);
  g_test_add_func ("/kube/watch-decoder/error-event", test_error_event);
  g_test_add_func ("/kube/watch-decoder/list", test_list);
  g_test_add_func ("/kube/watch-decoder/table", test_table);
  return g_test_run ();
}
