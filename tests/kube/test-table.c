/* test-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "kube-table.h"

#include <string.h>

static const char first[] =
    "{\"kind\":\"Table\",\"columnDefinitions\":["
    "{\"name\":\"Name\",\"format\":\"name\",\"priority\":0},{\"name\":\"IP\",\"priority\":1},"
    "{\"name\":\"Restarts\",\"priority\":0},{\"name\":\"Note\",\"priority\":0}],\"rows\":["
    "{\"cells\":[\"web\",\"10.0.0.1\",3,\"two\\nlines\"],\"object\":{\"metadata\":{\"name\":"
    "\"web\",\"namespace\":\"shop\"}}}]}";
static const char second[] =
    "{\"kind\":\"Table\",\"columnDefinitions\":null,\"rows\":["
    "{\"cells\":[\"db\",null,true],\"object\":null}]}";

/* Cells joined by "|", rows by a space. */
static char *
print (KubeTable     *table,
       KubeTableFlags flags,
       const char    *type_name)
{
  g_autoptr(GPtrArray) rows = kube_table_list_rows (table, flags, type_name);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *row = g_strjoinv ("|", g_ptr_array_index (rows, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", row);
    }

  return g_string_free (text, FALSE);
}

static void
take_columns (JsonArray *definitions,
              gpointer   table)
{
  kube_table_add_columns (table, definitions);
}

static void
take_row (const KubeListRow *row,
          gpointer           table)
{
  kube_table_add_row (table, row, NULL);
}

static void
take_item (JsonNode *item,
           gpointer  table)
{
  kube_table_add_object (table, item);
}

static const KubeListFuncs funcs = { .columns = take_columns, .row = take_row, .item = take_item };

/* Adds a page of a list. */
static void
add (KubeTable  *table,
     const char *text)
{
  g_autoptr(KubeListReader) reader = kube_list_reader_new (&funcs, table, KUBE_LIST_NONE);
  g_autoptr(GError) error = NULL;

  kube_list_reader_feed (reader, text, strlen (text), &error);
  g_assert_no_error (error);
  kube_list_reader_finish (reader, &error);
  g_assert_no_error (error);
}

/* Adds what came for a single object. */
static void
add_answer (KubeTable  *table,
            const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = base_json_parse (text, -1, &error);

  g_assert_no_error (error);
  kube_table_add_answer (table, node);
}

static void
test_rows (void)
{
  const struct
  {
    KubeTableFlags flags;
    const char    *type_name;
    const char    *expected;
  } cases[] = {
    { KUBE_TABLE_NONE, NULL, "NAME|RESTARTS|NOTE web|3|two... db|true|" },
    { KUBE_TABLE_WIDE, NULL, "NAME|IP|RESTARTS|NOTE web|10.0.0.1|3|two... db||true|" },
    { KUBE_TABLE_NAMESPACE, NULL,
      "NAMESPACE|NAME|RESTARTS|NOTE shop|web|3|two... |db|true|" },
    { KUBE_TABLE_NONE, "pod", "NAME|RESTARTS|NOTE pod/web|3|two... pod/db|true|" },
  };
  g_autoptr(KubeTable) table = kube_table_new (0);
  g_autoptr(KubeTable) single = kube_table_new (0);
  g_autofree char *whole = NULL;

  add (table, first);
  add (table, second);
  g_assert_cmpuint (kube_table_get_length (table), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *printed = print (table, cases[i].flags, cases[i].type_name);

      g_assert_cmpstr (printed, ==, cases[i].expected);
    }
  add_answer (single, first);
  add_answer (single, second);
  whole = print (single, KUBE_TABLE_WIDE | KUBE_TABLE_NAMESPACE, NULL);
  g_assert_cmpstr (whole, ==, "NAMESPACE|NAME|IP|RESTARTS|NOTE shop|web|10.0.0.1|3|two... |db||true|");
  g_assert_cmpstr (kube_table_get_name (table, 0), ==, "web");
  g_assert_cmpstr (kube_table_get_name (table, 1), ==, "db");
}

/* Rows without metadata are told their namespace, and come in the order of the server's keys. */
static void
test_namespaces (void)
{
  static const struct
  {
    const char *namespace_;
    const char *cell;
  } rows[] = { { "b", "z" }, { "a", "2" }, { "a-b", "y" }, { "a", "1" }, { "b", "x" }, { "ab", "w" } };
  g_autoptr(KubeTable) table = kube_table_new (0);
  g_autofree char *printed = NULL;
  g_autofree char *cleared = NULL;

  add (table, "{\"kind\":\"Table\",\"columnDefinitions\":[{\"name\":\"Name\",\"format\":\"name\"}],\"rows\":[]}");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const KubeListRow row = { .n_cells = 1, .cells = &rows[i].cell };

      kube_table_add_row (table, &row, rows[i].namespace_);
    }
  kube_table_sort_namespaces (table);
  printed = print (table, KUBE_TABLE_NAMESPACE, NULL);
  g_assert_cmpstr (printed, ==, "NAMESPACE|NAME a-b|y a|2 a|1 ab|w b|z b|x");

  kube_table_clear (table);
  cleared = print (table, KUBE_TABLE_NAMESPACE, NULL);
  g_assert_cmpstr (cleared, ==, "NAMESPACE|NAME");
}

/* What an aggregated API answers that knows no tables. */
static void
test_objects (void)
{
  const gint64 now = G_GINT64_CONSTANT (1577836800000000); /* 2020-01-01T00:00:00Z */
  const char   list[] =
      "{\"kind\":\"WidgetList\",\"items\":[{\"metadata\":{\"name\":\"a\",\"namespace\":\"x\","
      "\"creationTimestamp\":\"2019-12-31T23:59:15Z\"}},{\"metadata\":{\"name\":\"b\"}}]}";
  const char object[] = "{\"kind\":\"Widget\",\"metadata\":{\"name\":\"c\"}}";
  g_autoptr(KubeTable) table = kube_table_new (now);
  g_autoptr(KubeTable) empty = kube_table_new (now);
  g_autofree char *printed = NULL;

  add (table, list);
  add_answer (table, object);
  printed = print (table, KUBE_TABLE_NAMESPACE, NULL);
  g_assert_cmpstr (printed, ==, "NAMESPACE|NAME|AGE x|a|45s |b|<unknown> |c|<unknown>");

  add (empty, "{\"kind\":\"WidgetList\",\"metadata\":{},\"items\":[]}");
  g_assert_cmpuint (kube_table_get_length (empty), ==, 0);
}

/* No server of Kubernetes writes them in this order, but something in between may. */
static void
test_columns_last (void)
{
  g_autoptr(KubeTable) table = kube_table_new (0);
  g_autofree char *printed = NULL;

  add (table, "{\"kind\":\"Table\",\"rows\":[{\"cells\":[\"a\",1]},{\"cells\":[]}],"
              "\"columnDefinitions\":[{\"name\":\"N\"},{\"name\":\"M\"}]}");
  add (table, "{\"kind\":\"Table\",\"rows\":[{\"cells\":[\"b\",2]}]}");
  printed = print (table, KUBE_TABLE_NONE, NULL);
  g_assert_cmpstr (printed, ==, "N|M | | b|2");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/table/rows", test_rows);
  g_test_add_func ("/table/namespaces", test_namespaces);
  g_test_add_func ("/table/objects", test_objects);
  g_test_add_func ("/table/columns-last", test_columns_last);

  return g_test_run ();
}
