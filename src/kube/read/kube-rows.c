/* kube-rows.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-rows.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-pages.h"

#include <string.h>

/* So many rows come with their metadata at once: those of most lists. */
#define FIRST_PAGE 100
/* A page of rows without metadata is 150 bytes a row. */
#define BARE_PAGE 5000
#define SIDE_BY_SIDE 3
/* A request takes the server as long as the metadata of so many rows. */
#define ROWS_PER_REQUEST 25

typedef struct
{
  /* Input */
  const KubeResource  *resource; /* kept alive by the caller */
  char                *label_selector;
  char                *field_selector;
  const KubeRowsFuncs *funcs;
  gpointer             funcs_data;

  /* In progress */
  KubeListReader *first;       /* (owned) (nullable): of the first page */
  int             name_column; /* the server's index of the cells with names; -1: there are none */
  char           *last;        /* (nullable): the namespace in which the first page ends … */
  GHashTable     *known;       /* (element-type utf8) (owned): … and the names of its rows there */
  GPtrArray      *namespaces;  /* (element-type utf8) (owned): from that one on */
  guint           asked;       /* so many of these */
  guint           n_running;
  gint64          n_rows; /* without metadata, so far */
  GError         *error;  /* (nullable): of one of these lists */
  gboolean        restarted;
} Rows;

/* One namespace's list. */
typedef struct
{
  GTask *task; /* (owned) */
  char  *namespace_;
} Part;

static void
rows_free (Rows *rows)
{
  g_free (rows->label_selector);
  g_free (rows->field_selector);
  kube_list_reader_free (rows->first);
  g_free (rows->last);
  g_hash_table_unref (rows->known);
  g_ptr_array_unref (rows->namespaces);
  g_clear_error (&rows->error);
  g_free (rows);
}

static void
part_free (Part *part)
{
  g_object_unref (part->task);
  g_free (part->namespace_);
  g_free (part);
}

static void
take_columns (JsonArray *definitions,
              gpointer   user_data)
{
  Rows *rows = user_data;

  for (guint i = json_array_get_length (definitions); i > 0; i--)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (definitions, i - 1), "format", NULL),
                   "name") == 0)
      rows->name_column = (int) i - 1;
  rows->funcs->columns (definitions, rows->funcs_data);
}

/* Where the first page ends. Its rows may have an order of their own. */
static void
note_namespace (Rows     *rows,
                JsonNode *object)
{
  const char *namespace_ = base_json_get_string (object, "metadata", "namespace", NULL);
  const char *name = base_json_get_string (object, "metadata", "name", NULL);
  int         order;

  if (namespace_ == NULL || name == NULL)
    return;

  order = rows->last != NULL ? kube_rows_compare_namespaces (namespace_, rows->last) : 1;
  if (order > 0)
    {
      g_free (rows->last);
      rows->last = g_strdup (namespace_);
      g_hash_table_remove_all (rows->known);
    }
  if (order >= 0)
    g_hash_table_add (rows->known, g_strdup (name));
}

static void
take_first_row (const KubeListRow *row,
                gpointer           user_data)
{
  Rows *rows = user_data;

  note_namespace (rows, row->object);
  rows->funcs->row (row, NULL, rows->funcs_data);
}

static void
take_row (const KubeListRow *row,
          gpointer           user_data)
{
  Rows *rows = user_data;

  rows->funcs->row (row, NULL, rows->funcs_data);
}

static void
take_item (JsonNode *item,
           gpointer  user_data)
{
  Rows *rows = user_data;

  rows->funcs->item (item, rows->funcs_data);
}

static void
restart (gpointer user_data)
{
  Rows *rows = user_data;

  rows->restarted = TRUE;
  rows->funcs->restart (rows->funcs_data);
}

static const KubeListFuncs first_funcs = {
  .columns = take_columns,
  .row = take_first_row,
  .item = take_item,
};

static const KubeListFuncs whole_funcs = {
  .columns = take_columns,
  .row = take_row,
  .item = take_item,
  .restart = restart,
};

static void
read_whole_cb (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Rows   *rows = g_task_get_task_data (task);
  GError *error = NULL;
  char   *version = kube_pages_read_finish (KUBE_CLIENT (source_object), result, &error);

  if (version == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* That of the first page is the lowest, and the only one if all went well. */
  if (!rows->restarted && kube_list_reader_get_resource_version (rows->first) != NULL)
    {
      g_free (version);
      version = g_strdup (kube_list_reader_get_resource_version (rows->first));
    }
  g_task_return_pointer (task, version, g_free);
}

/* Takes the task. All namespaces at once, with metadata: from @token on, or anew. */
static void
read_whole (GTask      *task,
            const char *token)
{
  Rows          *rows = g_task_get_task_data (task);
  KubePagesQuery query = {
    .resource = rows->resource,
    .form = KUBE_FORM_TABLE,
    .label_selector = rows->label_selector,
    .field_selector = rows->field_selector,
    .continue_token = token,
  };

  kube_pages_read_async (g_task_get_source_object (task), &query, &whole_funcs, rows,
                         g_task_get_cancellable (task), read_whole_cb, task);
}

/* Whether the first page has that row of the namespace in which it ends. */
static gboolean
is_known (Rows              *rows,
          const KubeListRow *row,
          const char        *namespace_)
{
  const char *name = rows->name_column < (int) row->n_cells ? row->cells[rows->name_column] : NULL;

  return name != NULL && strcmp (namespace_, rows->last) == 0 && g_hash_table_contains (rows->known, name);
}

static void
take_part_row (const KubeListRow *row,
               gpointer           user_data)
{
  Part *part = user_data;
  Rows *rows = g_task_get_task_data (part->task);

  /* Those of the other lists may still come after one has failed. */
  if (rows->error != NULL || is_known (rows, row, part->namespace_))
    return;

  rows->n_rows++;
  rows->funcs->row (row, part->namespace_, rows->funcs_data);
}

static const KubeListFuncs part_funcs = { .row = take_part_row };

static void read_parts (GTask *task);

/* Takes the task. The lists by namespace are at their end. What does not add up is read in the
 * plain way: a namespace may have gone since the first page, and its objects with it. */
static void
finish_parts (GTask *task)
{
  Rows  *rows = g_task_get_task_data (task);
  gint64 expected = kube_list_reader_get_remaining (rows->first);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  if (rows->error == NULL && rows->n_rows == expected)
    {
      g_task_return_pointer (task, g_strdup (kube_list_reader_get_resource_version (rows->first)), g_free);
      g_object_unref (task);
      return;
    }

  g_debug ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " rows by namespace: %s", rows->n_rows, expected,
           rows->error != NULL ? rows->error->message : "they do not add up");
  restart (rows);
  read_whole (task, NULL);
}

static void
read_part_cb (GObject      *source_object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Part *part = user_data;
  g_autoptr(GTask) task = g_object_ref (part->task);
  Rows *rows = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *version = kube_pages_read_finish (KUBE_CLIENT (source_object), result, &error);

  part_free (part);
  rows->n_running--;
  if (version == NULL && rows->error == NULL)
    rows->error = g_steal_pointer (&error);
  read_parts (task);
}

static void
read_part (GTask      *task,
           const char *namespace_)
{
  Rows          *rows = g_task_get_task_data (task);
  Part          *part = g_new0 (Part, 1);
  KubePagesQuery query = {
    .resource = rows->resource,
    .namespace_ = namespace_,
    .form = KUBE_FORM_TABLE,
    .no_metadata = TRUE,
    .resource_version = kube_list_reader_get_resource_version (rows->first),
    .limit = BARE_PAGE,
  };

  part->task = g_object_ref (task);
  part->namespace_ = g_strdup (namespace_);
  rows->n_running++;
  kube_pages_read_async (g_task_get_source_object (task), &query, &part_funcs, part,
                         g_task_get_cancellable (task), read_part_cb, part);
}

static void
read_parts (GTask *task)
{
  Rows *rows = g_task_get_task_data (task);

  while (rows->error == NULL && rows->n_running < SIDE_BY_SIDE && rows->asked < rows->namespaces->len)
    read_part (task, g_ptr_array_index (rows->namespaces, rows->asked++));
  if (rows->n_running == 0)
    finish_parts (g_object_ref (task));
}

/* The first page has everything of those before the one in which it ends. */
static void
add_namespace (Rows       *rows,
               const char *name)
{
  if (name != NULL && kube_rows_compare_namespaces (name, rows->last) >= 0)
    g_ptr_array_add (rows->namespaces, g_strdup (name));
}

static void
take_namespace (JsonNode *item,
                gpointer  user_data)
{
  add_namespace (user_data, base_json_get_string (item, "metadata", "name", NULL));
}

static void
take_namespace_row (const KubeListRow *row,
                    gpointer           user_data)
{
  add_namespace (user_data, row->n_cells > 0 ? row->cells[0] : NULL);
}

static void
forget_namespaces (gpointer user_data)
{
  Rows *rows = user_data;

  g_ptr_array_set_size (rows->namespaces, 0);
}

static const KubeListFuncs namespace_funcs = {
  .row = take_namespace_row,
  .item = take_namespace,
  .restart = forget_namespaces,
};

static void
read_namespaces_cb (GObject      *source_object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Rows *rows = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autofree char *version = kube_pages_read_finish (KUBE_CLIENT (source_object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Whoever may not list the namespaces, or has very many of them, gets the rest as it began. */
  if (version == NULL ||
      kube_list_reader_get_remaining (rows->first) < (gint64) rows->namespaces->len * ROWS_PER_REQUEST)
    {
      const char *token = kube_list_reader_get_continue (rows->first);

      read_whole (g_steal_pointer (&task), token);
      return;
    }

  read_parts (task);
}

static void
read_first_cb (GObject      *source_object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Rows *rows = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  KubePagesQuery query = { .resource = &KUBE_NAMESPACE, .form = KUBE_FORM_TABLE, .no_metadata = TRUE };
  const char    *token;
  const char    *version;

  if (!kube_client_read_finish (KUBE_CLIENT (source_object), result, &error) || !kube_list_reader_finish (rows->first, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  token = kube_list_reader_get_continue (rows->first);
  version = kube_list_reader_get_resource_version (rows->first);
  if (token == NULL)
    g_task_return_pointer (task, g_strdup (version != NULL ? version : ""), g_free);
  else if (kube_list_reader_get_remaining (rows->first) < 0 || version == NULL || rows->name_column < 0 || rows->last == NULL)
    read_whole (g_steal_pointer (&task), token);
  else
    kube_pages_read_async (KUBE_CLIENT (source_object), &query, &namespace_funcs, rows,
                           g_task_get_cancellable (task), read_namespaces_cb,
                           g_object_ref (task));
}

static gboolean
first_sink (const char *data,
            gsize       length,
            gpointer    user_data,
            GError    **error)
{
  Rows *rows = user_data;

  return kube_list_reader_feed (rows->first, data, length, error);
}

/**
 * kube_rows_compare_namespaces: (skip)
 * @a: a namespace
 * @b: another one
 *
 * Compares in the order in which the server lists all namespaces at once. Its keys are namespace,
 * slash, name: "a-b/x" comes before "a/x".
 *
 * Returns: less than, equal to or greater than 0
 */
int
kube_rows_compare_namespaces (const char *a,
                              const char *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, 0);

  while (*a == *b && *a != '\0')
    {
      a++;
      b++;
    }

  return (*a != '\0' ? *a : '/') - (*b != '\0' ? *b : '/');
}

/**
 * kube_rows_read_async:
 * @client: a client
 * @resource: a kind of object that lives in namespaces; must stay until the end
 * @label_selector: (nullable): which objects
 * @field_selector: (nullable): which objects
 * @funcs: take what comes; must stay until the end
 * @funcs_data: data for @funcs; must stay until the end
 * @cancellable: (nullable): a cancellable
 * @callback: called when everything has been handed on
 * @user_data: data for @callback
 *
 * Reads the rows of all namespaces, as a Table, in the cheapest way.
 *
 * In such a list only its metadata tells the namespace of a row: 4 kB for each, thirty times of
 * what is shown, and the server needs ten times as long for it. So only the first hundred rows
 * come with metadata. If there are many more, each namespace from the last of these on is listed
 * by itself, some side by side, with cells only, all of the moment of the first list. The rest
 * comes with metadata where that costs less, where the namespaces may not be listed, and with
 * selectors, for which the server does not say how many there are.
 */
void
kube_rows_read_async (KubeClient          *client,
                      const KubeResource  *resource,
                      const char          *label_selector,
                      const char          *field_selector,
                      const KubeRowsFuncs *funcs,
                      gpointer             funcs_data,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Rows *rows;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (resource != NULL && resource->namespaced);
  g_return_if_fail (funcs != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_rows_read_async);
  rows = g_new0 (Rows, 1);
  rows->resource = resource;
  rows->label_selector = g_strdup (label_selector);
  rows->field_selector = g_strdup (field_selector);
  rows->funcs = funcs;
  rows->funcs_data = funcs_data;
  rows->first = kube_list_reader_new (&first_funcs, rows, KUBE_LIST_NONE);
  rows->name_column = -1;
  rows->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rows->namespaces = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, rows, (GDestroyNotify) rows_free);

  request = kube_request_new_list (resource, NULL, KUBE_FORM_TABLE, label_selector, FIRST_PAGE,
                                   NULL);
  if (field_selector != NULL)
    kube_request_add_query (request, "fieldSelector", field_selector);
  kube_client_read_async (client, request, first_sink, rows, cancellable, read_first_cb,
                          g_steal_pointer (&task));
}

/**
 * kube_rows_read_finish:
 * @client: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes reading.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the version from which a watch misses nothing; empty if
 *   the server names none; %NULL with @error set
 */
char *
kube_rows_read_finish (KubeClient   *client,
                       GAsyncResult *result,
                       GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_rows_read_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
