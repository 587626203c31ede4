/* kube-object.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-object-private.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-cells.h"

#include <string.h>

/**
 * KubeObject:
 *
 * One object of the cluster, or one row of a Table, as the server last told it.
 *
 * The instance stands for the object itself: who watches it through a
 * [class@KubeReflector] keeps the same instance while the object lives, and
 * hears of changes by `notify::node`. Name, namespace, key, uid and creation
 * time never change. Only of a row that came without metadata, as in the first
 * list of all namespaces, uid, version and creation time are unknown until it
 * changes or is listed again: then they are notified, too.
 */
struct _KubeObject
{
  GObject parent_instance;

  JsonNode *node; /* (owned) (nullable): NULL until it is asked for */
  GBytes   *text; /* (owned) (nullable): what the node is made of then */
  char     *key;  /* (owned) */

  const char **cells; /* (owned) (nullable): the printed cells of the row, in one block */

  const char *name;          /* borrowed from the key */
  char *namespace;           /* (owned) (nullable) */
  gboolean bare;             /* only its name and its cells are known */
  char    *uid;              /* (owned) (nullable) */
  char    *resource_version; /* (owned) (nullable) */
  gint64   creation_time;
};

G_DEFINE_FINAL_TYPE (KubeObject, kube_object, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NODE,
  PROP_NAME,
  PROP_NAMESPACE,
  PROP_KEY,
  PROP_UID,
  PROP_RESOURCE_VERSION,
  PROP_CREATION_TIME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kube_object_finalize (GObject *object)
{
  KubeObject *self = KUBE_OBJECT (object);

  g_clear_pointer (&self->node, json_node_unref);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->cells, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->namespace, g_free);
  g_clear_pointer (&self->uid, g_free);
  g_clear_pointer (&self->resource_version, g_free);

  G_OBJECT_CLASS (kube_object_parent_class)->finalize (object);
}

static void
kube_object_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  KubeObject *self = KUBE_OBJECT (object);

  switch (prop_id)
    {
    case PROP_NODE:
      g_value_set_boxed (value, kube_object_get_node (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, kube_object_get_name (self));
      break;
    case PROP_NAMESPACE:
      g_value_set_string (value, kube_object_get_namespace (self));
      break;
    case PROP_KEY:
      g_value_set_string (value, kube_object_get_key (self));
      break;
    case PROP_UID:
      g_value_set_string (value, kube_object_get_uid (self));
      break;
    case PROP_RESOURCE_VERSION:
      g_value_set_string (value, kube_object_get_resource_version (self));
      break;
    case PROP_CREATION_TIME:
      g_value_set_int64 (value, kube_object_get_creation_time (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_object_class_init (KubeObjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = kube_object_finalize;
  object_class->get_property = kube_object_get_property;

  properties[PROP_NODE] = g_param_spec_boxed ("node", NULL, NULL, JSON_TYPE_NODE, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_NAMESPACE] = g_param_spec_string ("namespace", NULL, NULL, NULL, flags);
  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, flags);
  properties[PROP_UID] = g_param_spec_string ("uid", NULL, NULL, NULL, flags);
  properties[PROP_RESOURCE_VERSION] = g_param_spec_string ("resource-version", NULL, NULL, NULL,
                                                           flags);
  properties[PROP_CREATION_TIME] = g_param_spec_int64 ("creation-time", NULL, NULL, 0, G_MAXINT64,
                                                       0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kube_object_init (KubeObject *self)
{
}

static void
set_name (KubeObject *self,
          const char *name)
{
  self->key = self->namespace != NULL ? g_strconcat (self->namespace, "/", name, NULL)
                                      : g_strdup (name);
  self->name = self->key + strlen (self->key) - strlen (name);
}

static const char **
copy_cells (const char *const *cells)
{
  guint n = 0;

  if (cells == NULL)
    return NULL;

  while (cells[n] != NULL)
    n++;

  return kube_cells_new (cells, n);
}

/* Of several members with the same name the last one counts. */
static void
take_member (KubeObject         *self,
             const BaseJsonWalk *walk,
             char              **name,
             char              **created)
{
  const struct
  {
    const char *name;
    char      **target;
  } members[] = {
    { "name", name },
    { "namespace", &self->namespace },
    { "uid", &self->uid },
    { "resourceVersion", &self->resource_version },
    { "creationTimestamp", created },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      if (!base_json_slice_equals (&walk->name, members[i].name))
        continue;
      g_free (*members[i].target);
      *members[i].target = base_json_slice_dup_string (&walk->value);
    }
}

/**
 * kube_object_new:
 * @node: the object, or the PartialObjectMetadata of a Table row
 * @cells: (nullable): the printed cells of the row
 *
 * Makes a live object of what the server sent. @node is kept, not copied: it
 * must not be changed afterwards.
 *
 * Returns: (transfer full): the object
 */
KubeObject *
kube_object_new (JsonNode *node,
                 GStrv     cells)
{
  const char *name = base_json_get_string (node, "metadata", "name", NULL);
  const char *created = base_json_get_string (node, "metadata", "creationTimestamp", NULL);
  KubeObject *self;

  g_return_val_if_fail (node != NULL, NULL);

  self = g_object_new (KUBE_TYPE_OBJECT, NULL);
  self->node = json_node_ref (node);
  self->cells = copy_cells ((const char *const *) cells);
  self->namespace = g_strdup (base_json_get_string (node, "metadata", "namespace", NULL));
  self->uid = g_strdup (base_json_get_string (node, "metadata", "uid", NULL));
  self->resource_version =
      g_strdup (base_json_get_string (node, "metadata", "resourceVersion", NULL));
  self->creation_time = created != NULL ? base_time_parse (created) : 0;

  set_name (self, name != NULL ? name : "");

  return self;
}

/* Who set which fields is most of a row's bytes, and nobody reads it there. */
static GBytes *
copy_without_managed_fields (const BaseJsonSlice *object,
                             const BaseJsonSlice *managed_fields)
{
  static const char none[] = "[]";
  gsize             before = (gsize) (managed_fields->text - object->text);
  gsize             after = object->length - before - managed_fields->length;
  char             *text;

  if (managed_fields->text == NULL)
    return g_bytes_new (object->text, object->length);

  text = g_malloc (before + strlen (none) + after);
  memcpy (text, object->text, before);
  memcpy (text + before, none, strlen (none));
  memcpy (text + before + strlen (none), managed_fields->text + managed_fields->length, after);

  return g_bytes_new_take (text, before + strlen (none) + after);
}

/*
 * _kube_object_new_row:
 * @object: the PartialObjectMetadata of a Table row
 * @cells: (transfer full) (nullable): the printed cells of the row, of [func@kube_cells_new]
 *
 * Makes a live object of the text that the server sent. The tree is built only if it is asked
 * for; its managedFields are empty.
 *
 * Returns: (transfer full) (nullable): the object; %NULL when it has no name that can be read
 */
KubeObject *
_kube_object_new_row (const BaseJsonSlice *object,
                      const char         **cells)
{
  static const char *const members[] = { "metadata" };

  g_autofree char *name = NULL;
  g_autofree char *created = NULL;
  BaseJsonSlice    managed_fields = { 0 };
  BaseJsonSlice    metadata;
  BaseJsonWalk     walk;
  KubeObject      *self = g_object_new (KUBE_TYPE_OBJECT, NULL);

  self->cells = cells;
  base_json_slice_get (object, 1, members, &metadata);
  if (base_json_slice_is_object (&metadata))
    {
      base_json_walk_init (&walk, &metadata);
      while (base_json_walk_next (&walk))
        {
          if (base_json_slice_equals (&walk.name, "managedFields"))
            managed_fields = walk.value;
          else
            take_member (self, &walk, &name, &created);
        }
    }
  if (name == NULL)
    {
      g_object_unref (self);
      return NULL;
    }

  self->text = copy_without_managed_fields (object, &managed_fields);
  self->creation_time = created != NULL ? base_time_parse (created) : 0;
  set_name (self, name);

  return self;
}

/*
 * _kube_object_new_bare:
 * @namespace_: its namespace
 * @name: its name
 * @cells: (transfer full) (nullable): the printed cells of the row, of [func@kube_cells_new]
 *
 * Makes a live object of a row that came without metadata. [func@_kube_object_assign] gives it the
 * rest.
 *
 * Returns: (transfer full): the object
 */
KubeObject *
_kube_object_new_bare (const char  *namespace_,
                       const char  *name,
                       const char **cells)
{
  KubeObject *self = g_object_new (KUBE_TYPE_OBJECT, NULL);

  self->bare = TRUE;
  self->cells = cells;
  self->namespace = g_strdup (namespace_);
  set_name (self, name);

  return self;
}

/*
 * _kube_object_is_bare:
 * @self: an object
 *
 * Returns: whether only its name and its cells are known yet
 */
gboolean
_kube_object_is_bare (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), FALSE);

  return self->bare;
}

/*
 * _kube_object_has_cells:
 * @self: an object
 * @other: another one
 * @except: index of a column that does not count, or -1
 *
 * Returns: whether both have the same cells
 */
gboolean
_kube_object_has_cells (KubeObject *self,
                        KubeObject *other,
                        int         except)
{
  guint i = 0;

  if (self->cells == NULL || other->cells == NULL)
    return self->cells == other->cells;

  for (; self->cells[i] != NULL && other->cells[i] != NULL; i++)
    if ((int) i != except && strcmp (self->cells[i], other->cells[i]) != 0)
      return FALSE;

  return self->cells[i] == other->cells[i];
}

static JsonNode *
build_bare_node (KubeObject *self)
{
  JsonNode   *node = json_node_init_object (json_node_alloc (), NULL);
  JsonObject *object = json_object_new ();
  JsonObject *metadata = json_object_new ();

  json_object_set_string_member (metadata, "name", self->name);
  if (self->namespace != NULL)
    json_object_set_string_member (metadata, "namespace", self->namespace);
  json_object_set_object_member (object, "metadata", metadata);
  json_node_take_object (node, object);

  return node;
}

/**
 * kube_object_get_node:
 * @self: an object
 *
 * The whole object as the server sent it; in Table form its
 * PartialObjectMetadata (kind, name, labels, owners, but no spec or status, and
 * who manages which field may be left out).
 *
 * Returns: (transfer none): the node; replaced, never changed, on updates
 */
JsonNode *
kube_object_get_node (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  if (self->node == NULL && self->bare)
    {
      self->node = build_bare_node (self);
    }
  else if (self->node == NULL)
    {
      gsize       length;
      const char *text = g_bytes_get_data (self->text, &length);

      self->node = base_json_parse (text, (gssize) length, NULL);
      g_clear_pointer (&self->text, g_bytes_unref);
    }

  return self->node;
}

/**
 * kube_object_get_name:
 * @self: an object
 *
 * Returns: (transfer none): metadata.name
 */
const char *
kube_object_get_name (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->name;
}

/**
 * kube_object_get_namespace:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): metadata.namespace; %NULL for an object
 *   of the whole cluster
 */
const char *
kube_object_get_namespace (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->namespace;
}

/**
 * kube_object_get_key:
 * @self: an object
 *
 * Returns: (transfer none): "namespace/name", or "name" for an object of the
 *   whole cluster; unique within one resource
 */
const char *
kube_object_get_key (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->key;
}

/**
 * kube_object_get_uid:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): metadata.uid
 */
const char *
kube_object_get_uid (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->uid;
}

/**
 * kube_object_get_resource_version:
 * @self: an object
 *
 * Returns: (transfer none) (nullable): metadata.resourceVersion, to be compared
 *   for equality only
 */
const char *
kube_object_get_resource_version (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->resource_version;
}

/**
 * kube_object_get_creation_time:
 * @self: an object
 *
 * Returns: metadata.creationTimestamp in microseconds since the epoch, 0 when
 *   the server gave none
 */
gint64
kube_object_get_creation_time (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), 0);

  return self->creation_time;
}

/**
 * kube_object_get_cell:
 * @self: an object
 * @column: index of a column, as of [method@KubeReflector.get_columns] or
 *   [method@KubeReflector.find_column]
 *
 * The server's printed text of one column. Cells with ages stand still: reckon
 * those from the creation time instead.
 *
 * Returns: (transfer none) (nullable): the text; %NULL beyond the last cell and
 *   for objects that are not rows of a Table
 */
const char *
kube_object_get_cell (KubeObject *self,
                      guint       column)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  if (self->cells == NULL || column >= g_strv_length ((GStrv) self->cells))
    return NULL;

  return self->cells[column];
}

/*
 * _kube_object_assign:
 * @self: an object
 * @newer: what the server says about the same object now
 *
 * Brings @self up to date in place. Nothing happens when both have the same
 * resource version, so that a list read again does not disturb anyone.
 *
 * Returns: %TRUE if @self changed; `notify::node` has been emitted then
 */
gboolean
_kube_object_assign (KubeObject *self,
                     KubeObject *newer)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), FALSE);
  g_return_val_if_fail (KUBE_IS_OBJECT (newer), FALSE);
  g_return_val_if_fail (g_strcmp0 (self->key, newer->key) == 0, FALSE);

  if (self->resource_version != NULL && g_strcmp0 (self->resource_version, newer->resource_version) == 0)
    return FALSE;

  g_clear_pointer (&self->node, json_node_unref);
  g_clear_pointer (&self->text, g_bytes_unref);
  if (newer->node != NULL)
    self->node = json_node_ref (newer->node);
  else if (newer->text != NULL)
    self->text = g_bytes_ref (newer->text);
  if (self->bare && !newer->bare)
    {
      self->bare = FALSE;
      self->uid = g_strdup (newer->uid);
      self->creation_time = newer->creation_time;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UID]);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CREATION_TIME]);
    }
  g_free (self->cells);
  self->cells = copy_cells (newer->cells);
  g_free (self->resource_version);
  self->resource_version = g_strdup (newer->resource_version);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESOURCE_VERSION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NODE]);

  return TRUE;
}
