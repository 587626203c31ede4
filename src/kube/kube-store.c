/* kube-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-store.h"

#include "base-object-list.h"
#include "kube-error.h"
#include "kube-object-private.h"
#include "kube-watch-decoder.h"

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
  GHashTable       *listed;  /* (element-type utf8 KubeObject) (owned): of a list under way */
};

/**
 * kube_store_new:
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
  self->listed = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);

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

  g_clear_pointer (&self->listed, g_hash_table_unref);
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

  g_hash_table_remove_all (self->listed);
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
  g_autoptr(GPtrArray) objects = NULL;
  guint i;

  g_return_if_fail (self != NULL);
  g_return_if_fail (list != NULL);

  objects = kube_watch_decoder_decode_list (self->decoder, list);
  for (i = 0; i < objects->len; i++)
    {
      KubeObject *object = g_ptr_array_index (objects, i);

      g_hash_table_replace (self->listed, (gpointer) kube_object_get_key (object),
                            g_object_ref (object));
    }
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
  if (g_strcmp0 (kube_object_get_uid (existing), kube_object_get_uid (object)) != 0)
    base_object_list_insert (self->model, key, object);
  else
    _kube_object_assign (existing, object);

  return TRUE;
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
  g_autoptr(GHashTable) added = NULL;
  GHashTableIter iter;
  gpointer       key;
  gpointer       object;

  g_return_if_fail (self != NULL);

  added = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  base_object_list_retain (self->model, self->listed);
  g_hash_table_iter_init (&iter, self->listed);
  while (g_hash_table_iter_next (&iter, &key, &object))
    {
      if (base_object_list_lookup (self->model, key) == NULL)
        g_hash_table_insert (added, key, g_object_ref (object));
      else
        update_object (self, object);
    }
  g_hash_table_remove_all (self->listed);
  base_object_list_add_many (self->model, added);
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
 * @resource_version: (inout) (transfer full): the version of the model, replaced
 *   by that of the latest event; %NULL after a line that cannot be read, since then
 *   the model has missed something
 * @error: return location
 *
 * Applies events up to the first that ends the watch. Errors: %KUBE_ERROR_PROTOCOL
 * for a line that cannot be read, that of an ERROR event.
 *
 * Returns: how many events were applied, bookmarks included; less than the number
 *   of lines with @error set
 */
guint
kube_store_apply_lines (KubeStore *self,
                        GPtrArray *lines,
                        char     **resource_version,
                        GError   **error)
{
  g_autoptr(GHashTable) added = NULL;
  guint i;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (lines != NULL, 0);
  g_return_val_if_fail (resource_version != NULL, 0);

  added = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  for (i = 0; i < lines->len; i++)
    {
      g_autoptr(KubeWatchEvent) event =
                     kube_watch_decoder_decode_line (self->decoder, g_ptr_array_index (lines, i), error);

      if (event == NULL)
        {
          g_clear_pointer (resource_version, g_free);
          break;
        }
      if (event->type == KUBE_WATCH_ERROR)
        {
          g_propagate_error (error, g_steal_pointer (&event->error));
          break;
        }

      apply_event (self, event, added);
      if (event->resource_version != NULL)
        {
          g_free (*resource_version);
          *resource_version = g_steal_pointer (&event->resource_version);
        }
    }
  base_object_list_add_many (self->model, added);

  return i;
}
