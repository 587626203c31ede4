/* fuzz-table.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-json.h"
#include "kube-columns.h"
#include "kube-error.h"
#include "kube-list-reader.h"
#include "kube-table.h"
#include "kube-watch-decoder.h"
#include "property.h"
#include "read-lines.h"

#define NOW G_GINT64_CONSTANT (1700000000000000)

/* What a reader handed on, in words, so that two can be compared. */
typedef struct
{
  GString   *story;
  KubeTable *table;
} Listener;

static void
listener_clear (Listener *self)
{
  g_string_free (self->story, TRUE);
  kube_table_free (self->table);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listener, listener_clear)

static void
append_node (GString  *story,
             JsonNode *node)
{
  g_autofree char *text = node != NULL ? base_json_print (node, FALSE) : g_strdup ("-");

  g_string_append_printf (story, "%s\n", text);
}

static void
take_columns (JsonArray *definitions,
              gpointer   user_data)
{
  Listener *self = user_data;

  g_string_append_printf (self->story, "columns %u\n", json_array_get_length (definitions));
  kube_table_add_columns (self->table, definitions);
}

static void
take_row (const KubeListRow *row,
          gpointer           user_data)
{
  Listener *self = user_data;

  for (guint i = 0; i < row->n_cells; i++)
    {
      g_assert_true (row->cells[i] == NULL || g_utf8_validate (row->cells[i], -1, NULL));
      g_string_append_printf (self->story, "cell %s\n", row->cells[i]);
    }
  append_node (self->story, row->object);
  kube_table_add_row (self->table, row, NULL);
}

static void
take_item (JsonNode *item,
           gpointer  user_data)
{
  Listener *self = user_data;

  append_node (self->story, item);
  kube_table_add_object (self->table, item);
}

static const KubeListFuncs funcs = { .columns = take_columns, .row = take_row, .item = take_item };

static void
append_end (GString        *story,
            KubeListReader *reader,
            const GError   *error)
{
  g_string_append_printf (story, "%s %s %s %" G_GINT64_FORMAT " %u\n",
                          kube_list_reader_get_kind (reader),
                          kube_list_reader_get_continue (reader),
                          kube_list_reader_get_resource_version (reader),
                          kube_list_reader_get_remaining (reader),
                          kube_list_reader_get_length (reader));
  if (error != NULL)
    g_string_append_printf (story, "%d\n", error->code);
}

/* Returns: whether it was a whole list */
static gboolean
listen (Listener   *self,
        const char *data,
        gsize       size,
        guint       max_chunk)
{
  g_autoptr(KubeListReader) reader = kube_list_reader_new (&funcs, self, KUBE_LIST_NONE);
  g_autoptr(GRand) random = g_rand_new_with_seed (read_lines_seed (data, size));
  g_autoptr(GError) error = NULL;
  gsize    length;
  gboolean read = TRUE;

  self->story = g_string_new (NULL);
  self->table = kube_table_new (NOW);
  for (gsize position = 0; position < size && read; position += length)
    {
      g_autofree char *chunk = NULL;

      length = (gsize) g_rand_int_range (random, 1, (gint32) max_chunk + 1);
      length = MIN (length, size - position);
      chunk = g_memdup2 (data + position, length);
      read = kube_list_reader_feed (reader, chunk, length, &error);
    }
  read = read && kube_list_reader_finish (reader, &error);
  g_assert_true (read == (error == NULL));
  if (error != NULL)
    property_is_error (error, KUBE_ERROR);
  g_assert_cmpuint (kube_table_get_length (self->table), ==, kube_list_reader_get_length (reader));
  append_end (self->story, reader, error);

  return read;
}

/* Every row has a cell in every column that is shown. */
static void
check_rows (KubeTable     *table,
            KubeTableFlags flags,
            const char    *type_name)
{
  g_autoptr(GPtrArray) rows = kube_table_list_rows (table, flags, type_name);
  guint n_columns = g_strv_length (g_ptr_array_index (rows, 0));

  g_assert_cmpuint (rows->len, ==, kube_table_get_length (table) + 1);
  for (guint i = 0; i < rows->len; i++)
    {
      GStrv row = g_ptr_array_index (rows, i);

      g_assert_cmpuint (g_strv_length (row), ==, n_columns);
      for (guint j = 0; j < n_columns; j++)
        {
          g_assert_true (g_utf8_validate (row[j], -1, NULL));
          g_assert_true (i == 0 || strpbrk (row[j], "\n\r\f") == NULL || type_name != NULL ||
                         flags & KUBE_TABLE_NAMESPACE);
        }
    }
  for (guint i = 0; i < kube_table_get_length (table); i++)
    kube_table_get_name (table, i);
}

static void
check_table (KubeTable *table)
{
  check_rows (table, KUBE_TABLE_NONE, NULL);
  check_rows (table, KUBE_TABLE_WIDE | KUBE_TABLE_NAMESPACE, "pod");
  kube_table_sort_namespaces (table);
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

  for (guint i = 0; i < objects->len; i++)
    {
      KubeObject *object = g_ptr_array_index (objects, i);

      g_assert_nonnull (kube_object_get_name (object));
      g_assert_true (g_str_has_suffix (kube_object_get_key (object),
                                       kube_object_get_name (object)));
    }
}

static void
check_tree (JsonNode *page)
{
  g_autoptr(KubeTable) table = kube_table_new (NOW);

  check_columns (page);
  kube_table_add_answer (table, page);
  check_table (table);
  check_objects (page, KUBE_FORM_TABLE);
  check_objects (page, KUBE_FORM_OBJECT);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(JsonNode) page = base_json_parse (text, (gssize) size, NULL);
  g_auto(Listener) whole = { NULL };
  g_auto(Listener) pieces = { NULL };
  gboolean read;

  /* in pieces it is the same list, as far as it can be read */
  read = listen (&whole, text, size, G_MAXINT32 - 1);
  g_assert_cmpint (listen (&pieces, text, size, 1 + read_lines_seed (text, size) % 31), ==, read);
  if (read)
    g_assert_cmpstr (whole.story->str, ==, pieces.story->str);
  check_table (whole.table);
  if (page != NULL)
    check_tree (page);
  return 0;
}
