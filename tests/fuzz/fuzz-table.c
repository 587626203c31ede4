/* fuzz-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-json.h"
#include "kube-columns.h"
#include "kube-object.h"
#include "kube-table.h"
#include "kube-watch-decoder.h"
#include "property.h"

#define NOW G_GINT64_CONSTANT (1700000000000000)

static guint
count_rows (JsonNode *page)
{
  gboolean   is_table = g_strcmp0 (base_json_get_string (page, "kind", NULL), "Table") == 0;
  JsonArray *rows = base_json_get_array (page, is_table ? "rows" : "items", NULL);

  if (rows != NULL)
    return json_array_get_length (rows);
  return !is_table && base_json_get (page, "metadata", "name", NULL) != NULL;
}

/* Every row has a cell in every column that is shown, of one line. */
static void
check_rows (KubeTable     *table,
            KubeTableFlags flags,
            const char    *type_name)
{
  g_autoptr(GPtrArray) rows = kube_table_dup_rows (table, flags, type_name);
  guint n_columns = g_strv_length (g_ptr_array_index (rows, 0));

  g_assert_cmpuint (rows->len, ==, kube_table_get_length (table) + 1);
  for (guint i = 0; i < rows->len; i++)
    {
      GStrv row = g_ptr_array_index (rows, i);

      g_assert_cmpuint (g_strv_length (row), ==, n_columns);
      for (guint j = 0; j < n_columns; j++)
        g_assert_true (g_utf8_validate (row[j], -1, NULL));
    }
}

static void
check_table (JsonNode *page)
{
  g_autoptr(KubeTable) table = kube_table_new (NOW);
  g_auto(GStrv) names = NULL;

  kube_table_add (table, page);
  g_assert_cmpuint (kube_table_get_length (table), ==, count_rows (page));
  check_rows (table, KUBE_TABLE_NONE, NULL);
  check_rows (table, KUBE_TABLE_WIDE | KUBE_TABLE_NAMESPACE, "pod");
  names = kube_table_dup_names (table);
  g_assert_cmpuint (g_strv_length (names), <=, kube_table_get_length (table));

  /* another page has its rows put behind */
  kube_table_add (table, page);
  g_assert_cmpuint (kube_table_get_length (table), ==, 2 * count_rows (page));
  check_rows (table, KUBE_TABLE_WIDE, NULL);
}

static void
check_columns (JsonNode *page)
{
  g_autoptr(KubeColumns) columns = kube_columns_new (page);
  const char *const *normal;

  if (columns == NULL)
    return;
  normal = kube_columns_get_normal (columns);
  for (guint i = 0; normal[i] != NULL; i++)
    {
      int found = kube_columns_find (columns, normal[i]);

      g_assert_cmpint (found, >=, 0);
      g_assert_cmpint (found, <=, (int) i);
    }
}

static void
check_objects (JsonNode *page,
               KubeForm  form)
{
  g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_POD, form);
  g_autoptr(GPtrArray) objects = kube_watch_decoder_decode_list (decoder, page);

  g_assert_cmpuint (objects->len, <=, count_rows (page));
  for (guint i = 0; i < objects->len; i++)
    {
      KubeObject *object = g_ptr_array_index (objects, i);

      g_assert_nonnull (kube_object_get_name (object));
      g_assert_true (g_str_has_suffix (kube_object_get_key (object),
                                       kube_object_get_name (object)));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(JsonNode) page = base_json_parse (text, (gssize) size, NULL);

  if (page == NULL)
    return 0;
  check_columns (page);
  check_table (page);
  check_objects (page, KUBE_FORM_TABLE);
  check_objects (page, KUBE_FORM_OBJECT);
  return 0;
}
