/* kube-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-store.h"

#include "base-json.h"
#include "base-object-list.h"
#include "kube-error.h"
#include "kube-object-private.h"
#include "kube-watch-decoder.h"

#include <string.h>

/**
 * KubeStore:
 *
 * The objects of one resource as a list model, and how lists and watch events
 * change it.
 *
 * A list is gathered page by page and swapped in at its end: whoever looks at the
 * model sees the differences only. An object keeps its instance as long as it
 * lives. Does no I/O.
 */
struct _KubeStore
{
  BaseObjectList   *model;   /* (owned) */
  KubeWatchDecoder *decoder; /* (owned) */
  GPtrArray        *listed;  /* (element-type KubeObject) (owned): of a list under way, as they came */

  KubeStoreEventFunc event_func; /* (nullable) */
  gpointer           event_data;

  int      name_column; /* the server's index of the cells with names; -1: there are none */
  gint64   bare_since;  /* when rows without metadata were asked for; microseconds since the epoch */
  gboolean watched;     /* what comes are the events of a watch: none is missing before them */
};

/**
 * kube_store_new: (skip)
 * @resource: (transfer none): whose objects; must outlive the store
 * @form: the form they are asked for in
 *
 * Returns: (transfer full): an empty store
 */
KubeStore *
kube_store_new (const KubeResource *resource,
                KubeForm            form)
{
  KubeStore *self;

  g_return_val_if_fail (resource != NULL, NULL);

  self = g_new0 (KubeStore, 1);
  self->model = base_object_list_new (KUBE_TYPE_OBJECT);
  self->decoder = kube_watch_decoder_new (resource, form);
  self->listed = g_ptr_array_new_with_free_func (g_object_unref);
  self->name_column = -1;

  return self;
}

/**
 * kube_store_free:
 * @self: (nullable): a store
 *
 * Frees @self; the model lives on with whoever has a reference.
 */
void
kube_store_free (KubeStore *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->listed, g_ptr_array_unref);
  g_clear_pointer (&self->decoder, kube_watch_decoder_free);
  g_clear_object (&self->model);
  g_free (self);
}

/**
 * kube_store_get_model:
 * @self: a store
 *
 * Returns: (transfer none): the objects, sorted by key
 */
GListModel *
kube_store_get_model (KubeStore *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return G_LIST_MODEL (self->model);
}

/**
 * kube_store_lookup:
 * @self: a store
 * @key: "namespace/name", or "name" for an object of the whole cluster
 *
 * Returns: (transfer none) (nullable): the object of that key
 */
KubeObject *
kube_store_lookup (KubeStore  *self,
                   const char *key)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return base_object_list_lookup (self->model, key);
}

/**
 * kube_store_get_columns:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): the columns of the Tables so far
 */
KubeColumns *
kube_store_get_columns (KubeStore *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return kube_watch_decoder_get_columns (self->decoder);
}

/**
 * kube_store_begin_list:
 * @self: a store
 *
 * Forgets the pages of a list that has not been swapped in.
 */
void
kube_store_begin_list (KubeStore *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_set_size (self->listed, 0);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0)
    self->bare_since = g_get_real_time ();
}

/**
 * kube_store_add_page:
 * @self: a store
 * @list: a page of a list, or a Table
 *
 * Gathers the objects of @list; the model stays as it is.
 */
void
kube_store_add_page (KubeStore *self,
                     JsonNode  *list)
{
  GPtrArray *objects;

  g_return_if_fail (self != NULL);
  g_return_if_fail (list != NULL);

  objects = kube_watch_decoder_decode_list (self->decoder, list);
  g_ptr_array_extend_and_steal (self->listed, objects);
}

/**
 * kube_store_add_columns:
 * @self: a store
 * @definitions: the `columnDefinitions` of a Table
 *
 * Takes the columns of the rows that [method@Store.add_row] adds.
 */
void
kube_store_add_columns (KubeStore *self,
                        JsonArray *definitions)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (definitions != NULL);

  kube_watch_decoder_set_columns (self->decoder, definitions);
  self->name_column = -1;
  for (guint i = json_array_get_length (definitions); i > 0; i--)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (definitions, i - 1), "format", NULL), "name") == 0)
      self->name_column = (int) i - 1;
}

/**
 * kube_store_add_row:
 * @self: a store
 * @row: a row of a Table
 * @namespace_: (nullable): its namespace, where it has no metadata
 *
 * Gathers a row; the model stays as it is.
 */
void
kube_store_add_row (KubeStore         *self,
                    const KubeListRow *row,
                    const char        *namespace_)
{
  KubeColumns            *columns;
  KubeObject             *object;
  g_autofree const char **cells = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (row != NULL);

  columns = kube_watch_decoder_get_columns (self->decoder);
  cells = columns != NULL ? kube_columns_dup_cells_of_row (columns, row) : NULL;
  if (base_json_get_string (row->object, "metadata", "name", NULL) != NULL)
    object = kube_object_new (row->object, (GStrv) cells);
  else if (self->name_column >= 0 && self->name_column < (int) row->n_cells && row->cells[self->name_column] != NULL)
    object = _kube_object_new_bare (namespace_, row->cells[self->name_column], g_steal_pointer (&cells));
  else
    return;

  g_ptr_array_add (self->listed, object);
}

/**
 * kube_store_add_item:
 * @self: a store
 * @item: an object of a list, complete with its kind
 *
 * Gathers an object; the model stays as it is.
 */
void
kube_store_add_item (KubeStore *self,
                     JsonNode  *item)
{
  KubeObject *object;

  g_return_if_fail (self != NULL);
  g_return_if_fail (item != NULL);

  object = kube_object_new (item, NULL);
  g_ptr_array_add (self->listed, object);
}

static void
tell_event (KubeStore         *self,
            KubeWatchEventType type,
            KubeObject        *object)
{
  if (self->event_func != NULL)
    self->event_func (type, object, self->event_data);
}

/* Whether both are the same object of the cluster. Of a row that came without metadata that is so if
 * the object was there already when the row was. */
static gboolean
is_same (KubeStore  *self,
         KubeObject *existing,
         KubeObject *object)
{
  if (!_kube_object_is_bare (existing))
    return g_strcmp0 (kube_object_get_uid (existing), kube_object_get_uid (object)) == 0;

  return self->watched || kube_object_get_creation_time (object) <= self->bare_since;
}

/* Whether the server tells something new. */
static gboolean
is_changed (KubeStore  *self,
            KubeObject *existing,
            KubeObject *object)
{
  KubeColumns *columns = kube_watch_decoder_get_columns (self->decoder);

  if (!_kube_object_is_bare (existing))
    return g_strcmp0 (kube_object_get_resource_version (existing),
                      kube_object_get_resource_version (object)) != 0;

  return !is_same (self, existing, object) ||
         !_kube_object_has_cells (existing, object, columns != NULL ? kube_columns_find (columns, "Age") : -1);
}

/* Puts an object into the model, or brings the instance up to date that is there.
 *
 * Returns: FALSE when there is none of that name: the caller adds it with others */
static gboolean
update_object (KubeStore  *self,
               KubeObject *object)
{
  const char *key = kube_object_get_key (object);
  KubeObject *existing = base_object_list_lookup (self->model, key);

  if (existing == NULL)
    return FALSE;

  /* Deleted and made again under the same name while nobody was watching. */
  if (!is_same (self, existing, object))
    base_object_list_insert (self->model, key, object);
  else
    _kube_object_assign (existing, object);

  return TRUE;
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  KubeObject *const *first = a;
  KubeObject *const *second = b;

  return strcmp (kube_object_get_key (*first), kube_object_get_key (*second));
}

static gboolean
is_sorted (GPtrArray *objects)
{
  for (guint i = 1; i < objects->len; i++)
    if (compare_keys (&objects->pdata[i - 1], &objects->pdata[i]) >= 0)
      return FALSE;

  return TRUE;
}

/* Sorts what has been listed by key: most comes in that order. Of several with one key the last one
 * counts. */
static void
sort_listed (KubeStore *self)
{
  g_autoptr(GPtrArray) sorted = NULL;

  if (is_sorted (self->listed))
    return;

  g_ptr_array_sort (self->listed, compare_keys);
  sorted = g_ptr_array_new_full (self->listed->len, g_object_unref);
  for (guint i = 0; i < self->listed->len; i++)
    if (i + 1 == self->listed->len || compare_keys (&self->listed->pdata[i], &self->listed->pdata[i + 1]) != 0)
      g_ptr_array_add (sorted, g_object_ref (self->listed->pdata[i]));
  g_ptr_array_unref (self->listed);
  self->listed = g_steal_pointer (&sorted);
}

static GHashTable *
build_set (GPtrArray *objects)
{
  GHashTable *keys = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < objects->len; i++)
    g_hash_table_add (keys, (gpointer) kube_object_get_key (objects->pdata[i]));

  return keys;
}

/* The events that would have made the difference. */
static void
tell_differences (KubeStore  *self,
                  GHashTable *keys)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->model), i);

      if (!g_hash_table_contains (keys, kube_object_get_key (object)))
        tell_event (self, KUBE_WATCH_DELETED, object);
    }
  for (guint i = 0; i < self->listed->len; i++)
    {
      KubeObject *object = self->listed->pdata[i];
      KubeObject *existing = base_object_list_lookup (self->model, kube_object_get_key (object));

      if (existing == NULL)
        tell_event (self, KUBE_WATCH_ADDED, object);
      else if (is_changed (self, existing, object))
        tell_event (self, KUBE_WATCH_MODIFIED, object);
    }
}

static const char *
get_key (gpointer object)
{
  return kube_object_get_key (object);
}

/**
 * kube_store_swap_list:
 * @self: a store
 *
 * Makes the model equal to the pages gathered, by the differences: objects that
 * are gone are removed, those that are there are updated, new ones are added.
 */
void
kube_store_swap_list (KubeStore *self)
{
  g_autoptr(GPtrArray) listed = NULL;
  g_autoptr(GPtrArray) added = NULL;
  g_autoptr(GHashTable) keys = NULL;

  g_return_if_fail (self != NULL);

  self->watched = FALSE;
  sort_listed (self);
  keys = g_list_model_get_n_items (G_LIST_MODEL (self->model)) > 0 ? build_set (self->listed) : NULL;
  if (self->event_func != NULL)
    tell_differences (self, keys);
  /* Whoever is told of what changes may begin another list. */
  listed = g_steal_pointer (&self->listed);
  self->listed = g_ptr_array_new_with_free_func (g_object_unref);
  if (keys == NULL)
    {
      base_object_list_add_sorted (self->model, listed, get_key);
      return;
    }

  added = g_ptr_array_new ();
  base_object_list_retain (self->model, keys);
  for (guint i = 0; i < listed->len; i++)
    if (!update_object (self, listed->pdata[i]))
      g_ptr_array_add (added, listed->pdata[i]);
  base_object_list_add_sorted (self->model, added, get_key);
}

static void
remove_object (KubeStore  *self,
               KubeObject *object,
               GHashTable *added)
{
  const char *key = kube_object_get_key (object);

  if (!g_hash_table_remove (added, key))
    base_object_list_remove (self->model, key);
}

/* New objects are gathered in @added, so that many of them make one signal. */
static void
apply_event (KubeStore      *self,
             KubeWatchEvent *event,
             GHashTable     *added)
{
  guint i;

  for (i = 0; i < event->objects->len; i++)
    {
      KubeObject *object = g_ptr_array_index (event->objects, i);

      tell_event (self, event->type, object);
      if (event->type == KUBE_WATCH_DELETED)
        remove_object (self, object, added);
      else if (!update_object (self, object))
        g_hash_table_replace (added, (gpointer) kube_object_get_key (object),
                              g_object_ref (object));
    }
}

/**
 * kube_store_apply_lines:
 * @self: a store
 * @lines: (element-type GBytes): lines of a watch
 * @cursor: moved behind the events
 * @error: return location
 *
 * Applies events up to the first that ends the watch. Errors: %KUBE_ERROR_PROTOCOL
 * for a line that cannot be read, that of an ERROR event.
 *
 * Returns: %TRUE if all were applied, %FALSE with @error set
 */
gboolean
kube_store_apply_lines (KubeStore       *self,
                        GPtrArray       *lines,
                        KubeWatchCursor *cursor,
                        GError         **error)
{
  g_autoptr(GHashTable) added = NULL;
  gboolean whole = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (lines != NULL, FALSE);
  g_return_val_if_fail (cursor != NULL, FALSE);

  self->watched = TRUE;
  added = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  for (guint i = 0; i < lines->len && whole; i++)
    {
      g_autoptr(KubeWatchEvent) event =
                     kube_watch_decoder_decode_line (self->decoder, g_ptr_array_index (lines, i), error);

      whole = event != NULL && event->type != KUBE_WATCH_ERROR;
      if (event == NULL)
        {
          kube_watch_cursor_lose (cursor);
          break;
        }
      apply_event (self, event, added);
      kube_watch_cursor_take_event (cursor, event);
      if (event->error != NULL)
        g_propagate_error (error, g_steal_pointer (&event->error));
    }
  base_object_list_add_many (self->model, added);

  return whole;
}

/**
 * kube_store_set_event_func: (skip)
 * @self: a store
 * @func: (nullable): told of each event from now on; a list that is swapped in
 *   counts as the events that make its differences
 * @user_data: for @func
 *
 * For who shows what happens rather than what there is.
 */
void
kube_store_set_event_func (KubeStore         *self,
                           KubeStoreEventFunc func,
                           gpointer           user_data)
{
  g_return_if_fail (self != NULL);

  self->event_func = func;
  self->event_data = user_data;
}
