/* base-object-list.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-object-list.h"

#include <string.h>

typedef struct
{
  GObject *item; /* (owned) */
  char     key[];
} Entry;

/* Changes in neighbouring positions that one signal tells of. */
typedef struct
{
  guint position;
  guint n_removed;
  guint n_added;
} Run;

/**
 * BaseObjectList:
 *
 * A list model of objects with a key each, sorted by key in the order of `strcmp()`.
 *
 * Signals are as narrow as the changes: an object that stays is never reported. Handlers of
 * [signal@Gio.ListModel::items-changed] must not change the list.
 */
struct _BaseObjectList
{
  GObject parent_instance;

  GType item_type;

  /* Owned */
  GSequence  *entries; /* (element-type Entry) */
  GHashTable *iters;   /* (element-type utf8 GSequenceIter), keys borrowed from the entries */
};

enum
{
  PROP_0,
  PROP_ITEM_TYPE,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void base_object_list_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BaseObjectList, base_object_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, base_object_list_list_model_init))

static Entry *
entry_new (const char *key,
           gpointer    item)
{
  gsize  size = strlen (key) + 1;
  Entry *self = g_malloc (sizeof (Entry) + size);

  self->item = g_object_ref (item);
  memcpy (self->key, key, size);
  return self;
}

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_object_unref (self->item);
  g_free (self);
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const Entry *first = a;
  const Entry *second = b;

  return strcmp (first->key, second->key);
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return strcmp (a, b);
}

static void
emit_changed (BaseObjectList *self,
              const Run      *run)
{
  if (run->n_removed == 0 && run->n_added == 0)
    return;
  g_list_model_items_changed (G_LIST_MODEL (self), run->position, run->n_removed, run->n_added);
  if (run->n_removed != run->n_added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

/* Makes the run reach the position, which comes after it; tells of it first if it does not. */
static void
continue_run (BaseObjectList *self,
              Run            *run,
              guint           position)
{
  if (run->position + run->n_added == position)
    return;
  emit_changed (self, run);
  *run = (Run){ .position = position };
}

/* Adds an item whose key is not there yet, in front of another one. */
static void
add_before (BaseObjectList *self,
            GSequenceIter  *next,
            Entry          *entry,
            Run            *run)
{
  continue_run (self, run, (guint) g_sequence_iter_get_position (next));
  g_hash_table_insert (self->iters, entry->key, g_sequence_insert_before (next, entry));
  run->n_added++;
}

/* Whether a key comes behind all that are there, as when a list is filled in order. */
static gboolean
is_last (BaseObjectList *self,
         const char     *key)
{
  GSequenceIter *end = g_sequence_get_end_iter (self->entries);
  const Entry   *last;

  if (g_sequence_iter_is_begin (end))
    return TRUE;

  last = g_sequence_get (g_sequence_iter_prev (end));
  return strcmp (last->key, key) < 0;
}

static void
put (BaseObjectList *self,
     const char     *key,
     gpointer        item,
     Run            *run)
{
  GSequenceIter *iter;
  Entry         *entry;

  if (is_last (self, key))
    {
      add_before (self, g_sequence_get_end_iter (self->entries), entry_new (key, item), run);
      return;
    }

  iter = g_hash_table_lookup (self->iters, key);
  if (iter == NULL)
    {
      entry = entry_new (key, item);
      add_before (self, g_sequence_search (self->entries, entry, compare_entries, NULL), entry, run);
      return;
    }

  entry = g_sequence_get (iter);
  if (entry->item == item)
    return;
  continue_run (self, run, (guint) g_sequence_iter_get_position (iter));
  g_set_object (&entry->item, item);
  run->n_removed++;
  run->n_added++;
}

/* Removes the entries of [begin, end), which start at the position, and tells of it. */
static void
remove_range (BaseObjectList *self,
              GSequenceIter  *begin,
              GSequenceIter  *end,
              guint           position)
{
  Run run = { .position = position };

  for (GSequenceIter *iter = begin; iter != end; iter = g_sequence_iter_next (iter))
    {
      Entry *entry = g_sequence_get (iter);

      g_hash_table_remove (self->iters, entry->key);
      run.n_removed++;
    }
  g_sequence_remove_range (begin, end);
  emit_changed (self, &run);
}

static GType
base_object_list_get_item_type (GListModel *model)
{
  BaseObjectList *self = BASE_OBJECT_LIST (model);

  return self->item_type;
}

static guint
base_object_list_get_n_items (GListModel *model)
{
  BaseObjectList *self = BASE_OBJECT_LIST (model);

  return (guint) g_sequence_get_length (self->entries);
}

static gpointer
base_object_list_get_item (GListModel *model,
                           guint       position)
{
  BaseObjectList *self = BASE_OBJECT_LIST (model);
  GSequenceIter  *iter;
  Entry          *entry;

  if (position >= (guint) g_sequence_get_length (self->entries))
    return NULL;
  iter = g_sequence_get_iter_at_pos (self->entries, (int) position);
  entry = g_sequence_get (iter);
  return g_object_ref (entry->item);
}

static void
base_object_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = base_object_list_get_item_type;
  iface->get_n_items = base_object_list_get_n_items;
  iface->get_item = base_object_list_get_item;
}

static void
base_object_list_finalize (GObject *object)
{
  BaseObjectList *self = BASE_OBJECT_LIST (object);

  g_clear_pointer (&self->iters, g_hash_table_unref);
  g_clear_pointer (&self->entries, g_sequence_free);

  G_OBJECT_CLASS (base_object_list_parent_class)->finalize (object);
}

static void
base_object_list_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  GListModel *model = G_LIST_MODEL (object);

  switch (prop_id)
    {
    case PROP_ITEM_TYPE:
      g_value_set_gtype (value, g_list_model_get_item_type (model));
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, g_list_model_get_n_items (model));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
base_object_list_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  BaseObjectList *self = BASE_OBJECT_LIST (object);

  switch (prop_id)
    {
    case PROP_ITEM_TYPE:
      self->item_type = g_value_get_gtype (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
base_object_list_class_init (BaseObjectListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = base_object_list_finalize;
  object_class->get_property = base_object_list_get_property;
  object_class->set_property = base_object_list_set_property;

  /**
   * BaseObjectList:item-type:
   *
   * The type that all items have.
   */
  properties[PROP_ITEM_TYPE] =
      g_param_spec_gtype ("item-type", NULL, NULL, G_TYPE_OBJECT,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * BaseObjectList:n-items:
   *
   * How many items there are.
   */
  properties[PROP_N_ITEMS] =
      g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
base_object_list_init (BaseObjectList *self)
{
  self->entries = g_sequence_new (entry_free);
  self->iters = g_hash_table_new (g_str_hash, g_str_equal);
}

/**
 * base_object_list_new:
 * @item_type: the type that all items have, an object type
 *
 * Creates an empty list.
 *
 * Returns: (transfer full): a new list
 */
BaseObjectList *
base_object_list_new (GType item_type)
{
  g_return_val_if_fail (g_type_is_a (item_type, G_TYPE_OBJECT), NULL);

  return g_object_new (BASE_TYPE_OBJECT_LIST, "item-type", item_type, NULL);
}

/**
 * base_object_list_lookup:
 * @self: a list
 * @key: a key
 *
 * Finds an item by its key.
 *
 * Returns: (transfer none) (nullable): the item, or %NULL if there is none
 */
gpointer
base_object_list_lookup (BaseObjectList *self,
                         const char     *key)
{
  GSequenceIter *iter;
  Entry         *entry;

  g_return_val_if_fail (BASE_IS_OBJECT_LIST (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  iter = g_hash_table_lookup (self->iters, key);
  if (iter == NULL)
    return NULL;
  entry = g_sequence_get (iter);
  return entry->item;
}

/**
 * base_object_list_insert:
 * @self: a list
 * @key: the key of the item
 * @item: (transfer none): an object of the list's type
 *
 * Puts an item at its place, instead of the one that has the same key. Putting the item that is
 * there already changes nothing.
 */
void
base_object_list_insert (BaseObjectList *self,
                         const char     *key,
                         gpointer        item)
{
  Run run = { 0 };

  g_return_if_fail (BASE_IS_OBJECT_LIST (self));
  g_return_if_fail (key != NULL);
  g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (item, self->item_type));

  put (self, key, item, &run);
  emit_changed (self, &run);
}

/**
 * base_object_list_remove:
 * @self: a list
 * @key: the key of an item
 *
 * Removes the item with the key.
 *
 * Returns: whether there was one
 */
gboolean
base_object_list_remove (BaseObjectList *self,
                         const char     *key)
{
  GSequenceIter *iter;

  g_return_val_if_fail (BASE_IS_OBJECT_LIST (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  iter = g_hash_table_lookup (self->iters, key);
  if (iter == NULL)
    return FALSE;
  remove_range (self, iter, g_sequence_iter_next (iter),
                (guint) g_sequence_iter_get_position (iter));
  return TRUE;
}

/**
 * base_object_list_retain:
 * @self: a list
 * @keys: (element-type utf8 gpointer): a set of the keys to keep, compared with `g_str_equal()`
 *
 * Removes all items whose key is not in the set, neighbours with one signal.
 */
void
base_object_list_retain (BaseObjectList *self,
                         GHashTable     *keys)
{
  GSequenceIter *iter;
  guint          position = 0;

  g_return_if_fail (BASE_IS_OBJECT_LIST (self));
  g_return_if_fail (keys != NULL);

  iter = g_sequence_get_begin_iter (self->entries);
  while (!g_sequence_iter_is_end (iter))
    {
      GSequenceIter *begin = iter;

      while (!g_sequence_iter_is_end (iter) &&
             !g_hash_table_contains (keys, ((Entry *) g_sequence_get (iter))->key))
        iter = g_sequence_iter_next (iter);
      if (iter != begin)
        {
          remove_range (self, begin, iter, position);
        }
      else
        {
          iter = g_sequence_iter_next (iter);
          position++;
        }
    }
}

/**
 * base_object_list_clear:
 * @self: a list
 *
 * Removes all items, with one signal if there are any.
 */
void
base_object_list_clear (BaseObjectList *self)
{
  g_return_if_fail (BASE_IS_OBJECT_LIST (self));

  remove_range (self, g_sequence_get_begin_iter (self->entries),
                g_sequence_get_end_iter (self->entries), 0);
}

/**
 * base_object_list_add_many:
 * @self: a list
 * @items: (element-type utf8 GObject): items by their keys
 *
 * Puts many items at their places, as [method@ObjectList.insert] does with one. Changes in
 * neighbouring positions make one signal.
 */
void
base_object_list_add_many (BaseObjectList *self,
                           GHashTable     *items)
{
  g_autoptr(GList) keys = NULL;
  Run run = { 0 };

  g_return_if_fail (BASE_IS_OBJECT_LIST (self));
  g_return_if_fail (items != NULL);

  keys = g_list_sort (g_hash_table_get_keys (items), compare_keys);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      gpointer item = g_hash_table_lookup (items, l->data);

      g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (item, self->item_type));
      put (self, l->data, item, &run);
    }
  emit_changed (self, &run);
}

/**
 * base_object_list_add_sorted:
 * @self: a list
 * @items: (element-type GObject): items, sorted by key, no key twice
 * @get_key: (scope call): tells the key of an item
 *
 * As [method@ObjectList.add_many], for items that are in order already.
 */
void
base_object_list_add_sorted (BaseObjectList       *self,
                             GPtrArray            *items,
                             BaseObjectListKeyFunc get_key)
{
  Run run = { 0 };

  g_return_if_fail (BASE_IS_OBJECT_LIST (self));
  g_return_if_fail (items != NULL);
  g_return_if_fail (get_key != NULL);

  for (guint i = 0; i < items->len; i++)
    {
      gpointer item = g_ptr_array_index (items, i);

      g_return_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (item, self->item_type));
      put (self, get_key (item), item, &run);
    }
  emit_changed (self, &run);
}
