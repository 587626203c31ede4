/* test-list-reader.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "kube-error.h"
#include "kube-list-reader.h"

#include <string.h>

/* Everything that is handed on, as text. */
static void
note_columns (JsonArray *definitions,
              gpointer   user_data)
{
  g_string_append (user_data, "columns");
  for (guint i = 0; i < json_array_get_length (definitions); i++)
    g_string_append_printf (user_data, " %s", base_json_get_string (json_array_get_element (definitions, i), "name", NULL));
  g_string_append_c (user_data, '\n');
}

static void
note_row (const KubeListRow *row,
          gpointer           user_data)
{
  g_autofree char *object = row->object != NULL ? base_json_print (row->object, FALSE) : NULL;

  for (guint i = 0; i < row->n_cells; i++)
    g_string_append_printf (user_data, "%s|", row->cells[i] != NULL ? row->cells[i] : "(null)");
  g_string_append_printf (user_data, " %s\n", object != NULL ? object : "-");
}

static void
note_item (JsonNode *item,
           gpointer  user_data)
{
  g_autofree char *text = base_json_print (item, FALSE);

  g_string_append_printf (user_data, "%s\n", text);
}

static const KubeListFuncs funcs = { .columns = note_columns, .row = note_row, .item = note_item };

/* Reads @text in pieces of @piece bytes. */
static char *
read_pieces (const char   *text,
             gsize         piece,
             KubeListFlags flags,
             GError      **error)
{
  GString *noted = g_string_new (NULL);
  g_autoptr(KubeListReader) reader = kube_list_reader_new (&funcs, noted, flags);
  gsize    length = strlen (text);
  gboolean right = TRUE;

  for (gsize at = 0; right && at < length; at += piece)
    right = kube_list_reader_feed (reader, text + at, MIN (piece, length - at), error);
  right = right && kube_list_reader_finish (reader, error);
  g_string_append_printf (noted, "%s %s %s %" G_GINT64_FORMAT " %u", kube_list_reader_get_kind (reader),
                          kube_list_reader_get_resource_version (reader),
                          kube_list_reader_get_continue (reader), kube_list_reader_get_remaining (reader),
                          kube_list_reader_get_length (reader));

  return g_string_free (noted, !right);
}

#define METADATA "{\"name\":\"a\",\"managedFields\":[{\"fieldsV1\":{\"f:x\":{}}}],\"labels\":{\"managedFields\":\"1\"}}"

static void
test_lists (void)
{
  const struct
  {
    const char   *text;
    KubeListFlags flags;
    const char   *expected;
  } cases[] = {
    { "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"t\","
      "\"remainingItemCount\":12},\"columnDefinitions\":[{\"name\":\"Name\"},{\"name\":\"Age\"}],\"rows\":["
      "{\"cells\":[\"a\",3,true,null,\"\",1.50],\"object\":null},"
      "{\"cells\":[],\"conditions\":[{\"type\":\"Completed\"}],\"object\":{\"kind\":\"PartialObjectMetadata\",\"metadata\":" METADATA "}},"
      "{\"cells\":[{\"b\":[1,{}],\"managedFields\":2},[\"x\"],\"y\"],\"object\":null}]}",
      0,
      "columns Name Age\na|3|true|(null)||1.50| -\n"
      " {\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"a\",\"labels\":{\"managedFields\":\"1\"}}}\n"
      "{\"b\":[1,{}],\"managedFields\":2}|[\"x\"]|y| -\nTable 7 t 12 3" },
    { "{\"kind\":\"PodList\",\"metadata\":{\"continue\":[1],\"resourceVersion\":{},\"remainingItemCount\":[]},"
      "\"items\":[]}",
      0, "PodList (null) (null) -1 0" },
    { "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"\",\"continue\":\"\"},\"items\":["
      "{\"metadata\":" METADATA ",\"spec\":{\"managedFields\":1,\"metadata\":{\"managedFields\":2}}},{}]}",
      0,
      "{\"metadata\":{\"name\":\"a\",\"labels\":{\"managedFields\":\"1\"}},\"spec\":{\"managedFields\":1,\"metadata\":"
      "{\"managedFields\":2}},\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\n"
      "PodList (null) (null) -1 2" },
    { "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"managedFields\":[1]}}]}", KUBE_LIST_MANAGED_FIELDS,
      "{\"metadata\":{\"managedFields\":[1]},\"apiVersion\":\"v1\",\"kind\":\"Pod\"}\nPodList (null) (null) -1 1" },
    /* Of custom kinds */
    { "{\"apiVersion\":\"e.io/v1\",\"items\":[{\"apiVersion\":\"e.io/v1\",\"kind\":\"Foo\"}],\"kind\":\"FooList\",\"metadata\":"
      "{\"continue\":\"next\",\"resourceVersion\":\"5\"}}",
      0,
      "{\"apiVersion\":\"e.io/v1\",\"kind\":\"Foo\"}\nFooList 5 next -1 1" },
    { "{\"kind\":\"PodList\",\"metadata\":null,\"items\":null}", 0, "PodList (null) (null) -1 0" },
    { "{\"kind\":\"Table\",\"columnDefinitions\":null,\"rows\":[1,[],\"x\",{}]}", 0, " -\nTable (null) (null) -1 1" },
    { "{\"kind\":\"PodList\",\"items\":[1,[{\"a\":[]}],\"x\",null],\"rows\":[]}", 0, "PodList (null) (null) -1 0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gsize piece = 1; piece < 400; piece += 1 + piece / 4)
      {
        g_autoptr(GError) error = NULL;
        g_autofree char *noted = read_pieces (cases[i].text, piece, cases[i].flags, &error);

        g_assert_no_error (error);
        g_assert_cmpstr (noted, ==, cases[i].expected);
      }
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    int         code;
  } cases[] = {
    { "", KUBE_ERROR_UNREACHABLE },
    { "{\"items\":[{}]", KUBE_ERROR_UNREACHABLE },
    { "{\"kind\":\"Table\",\"rows\":[{\"cells\":[1", KUBE_ERROR_UNREACHABLE },
    { "<html>", KUBE_ERROR_PROTOCOL },
    { "{\"kind\":\"Status\"}", KUBE_ERROR_PROTOCOL },
    { "[]", KUBE_ERROR_PROTOCOL },
    { "[{\"kind\":\"PodList\",\"items\":[]}]", KUBE_ERROR_PROTOCOL },
    { "\"items\"", KUBE_ERROR_PROTOCOL },
    { "{\"items\":[]}", KUBE_ERROR_PROTOCOL },
    { "{\"kind\":\"Pod\",\"items\":[]}", KUBE_ERROR_PROTOCOL },
    { "{\"kind\":\"PodList\",\"items\":7}", KUBE_ERROR_PROTOCOL },
    { "{\"kind\":\"PodList\",\"items\":{}}", KUBE_ERROR_PROTOCOL },
    { "{\"kind\":\"Table\",\"rows\":\"x\"}", KUBE_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *noted = read_pieces (cases[i].text, 3, 0, &error);

      g_assert_null (noted);
      g_assert_error (error, KUBE_ERROR, cases[i].code);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/list-reader/lists", test_lists);
  g_test_add_func ("/list-reader/errors", test_errors);

  return g_test_run ();
}
