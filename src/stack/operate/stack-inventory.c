/* stack-inventory.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-inventory.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-list.h"
#include "kube-reflector.h"
#include "kube-request-change.h"
#include "stack-lease-private.h"
#include "stack-operation-private.h"
#include "stack-retry-private.h"

#define PAGE 500

/* How long a cluster that is away is waited for. */
#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define HOLDS_DATA "holds data, or belongs to the database"

/* In the order of deletion: first what lets visitors in, last what others need. */
static const char *const kinds[] = {
  "ingresses",
  "horizontalpodautoscalers",
  "poddisruptionbudgets",
  "deployments",
  "statefulsets",
  "jobs",
  "cronjobs",
  "services",
  "networkpolicies",
  "configmaps",
  "secrets",
  "serviceaccounts",
  "rolebindings",
  "roles",
  "persistentvolumeclaims",
};

/**
 * StackInventory:
 *
 * Every object of the app in its namespace, found by its labels, and which of them a reset deletes.
 * Volumes and what belongs to a database stay unless that was asked for. The namespace itself goes
 * only when nothing else is left in it, and if it was made for the app.
 */
struct _StackInventory
{
  GObject parent_instance;

  KubeClient *client; /* (owned) */
  char       *ns;     /* (owned) */
  gboolean    delete_volumes;
  GPtrArray  *items;   /* (element-type StackInventoryItem) (owned) */
  GString    *foreign; /* (owned) what is not the app's */
  gboolean    keeps;   /* something stays */

  /* The deletion */
  GListStore    *operations; /* (element-type StackOperation) (owned) one for each that goes */
  GPtrArray     *doomed;     /* (element-type StackInventoryItem) (owned) borrows its items */
  guint          current;
  KubeReflector *reflector; /* (owned) (nullable) waits until the object is gone */
  GSource       *cancel;    /* (owned) (nullable) */
  StackRetry     retry;     /* of the object whose turn it is */
  StackLease    *lease;     /* (owned) (nullable) against deployments at the same time */
  GTask         *task;      /* (owned) (nullable) */
  GError        *error;     /* (owned) (nullable) why it did not come to its end */
};

G_DEFINE_FINAL_TYPE (StackInventory, stack_inventory, G_TYPE_OBJECT)

static void
item_free (gpointer data)
{
  StackInventoryItem *item = data;

  g_free (item->name);
  g_free (item->uid);
  g_free (item->kept);
  g_free (item);
}

static void
stop_waiting (StackInventory *self)
{
  if (self->cancel != NULL)
    g_source_destroy (self->cancel);
  g_clear_pointer (&self->cancel, g_source_unref);
  if (self->reflector != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->reflector, self);
      kube_reflector_stop (self->reflector);
    }
  g_clear_object (&self->reflector);
}

static void
stack_inventory_finalize (GObject *object)
{
  StackInventory *self = STACK_INVENTORY (object);

  stop_waiting (self);
  stack_retry_clear (&self->retry);
  g_clear_object (&self->lease);
  g_clear_error (&self->error);
  g_clear_object (&self->client);
  g_clear_object (&self->operations);
  g_clear_pointer (&self->ns, g_free);
  g_clear_pointer (&self->doomed, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_string_free (self->foreign, TRUE);

  G_OBJECT_CLASS (stack_inventory_parent_class)->finalize (object);
}

static void
stack_inventory_class_init (StackInventoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_inventory_finalize;
}

static void
stack_inventory_init (StackInventory *self)
{
  self->items = g_ptr_array_new_with_free_func (item_free);
  self->doomed = g_ptr_array_new ();
  self->foreign = g_string_new (NULL);
  self->operations = g_list_store_new (STACK_TYPE_OPERATION);
}

/* Reading: one kind after the other, then the namespace. */

static const char *
get_label (JsonNode   *object,
           const char *name)
{
  const char *text = base_json_get_string (object, "metadata", "labels", name, NULL);

  return text != NULL ? text : "";
}

static gboolean
is_ours (JsonNode *object)
{
  return g_str_equal (get_label (object, "app.kubernetes.io/part-of"), "hackystack") &&
         g_str_equal (get_label (object, "app.kubernetes.io/managed-by"), "hackystack-desktop");
}

/* What the cluster puts into every namespace, or what goes with another object. */
static gboolean
is_incidental (const KubeResource *resource,
               JsonNode           *object)
{
  const char *name = base_json_get_string (object, "metadata", "name", NULL);

  return base_json_get_array (object, "metadata", "ownerReferences", NULL) != NULL ||
         g_strcmp0 (name, "kube-root-ca.crt") == 0 ||
         (g_str_equal (resource->plural, "serviceaccounts") && g_strcmp0 (name, "default") == 0);
}

static void
add_item (StackInventory     *self,
          const KubeResource *resource,
          JsonNode           *object)
{
  StackInventoryItem *item = g_new0 (StackInventoryItem, 1);

  item->resource = resource;
  item->name = g_strdup (base_json_get_string (object, "metadata", "name", NULL));
  item->uid = g_strdup (base_json_get_string (object, "metadata", "uid", NULL));
  item->database = g_str_equal (resource->plural, "persistentvolumeclaims") ||
                   g_str_equal (get_label (object, "app.kubernetes.io/component"), "database");
  if (item->database && !self->delete_volumes)
    item->kept = g_strdup (HOLDS_DATA);
  g_ptr_array_add (self->items, item);
}

static void
take_list (StackInventory     *self,
           const KubeResource *resource,
           JsonNode           *list)
{
  JsonArray *array = base_json_get_array (list, "items", NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *object = json_array_get_element (array, i);

      if (is_ours (object))
        add_item (self, resource, object);
      else if (!is_incidental (resource, object))
        g_string_append_printf (self->foreign, "%s%s %s", self->foreign->len > 0 ? ", " : "",
                                resource->kind,
                                base_json_get_string (object, "metadata", "name", NULL));
    }
}

static gboolean
is_namespace (const StackInventoryItem *item)
{
  return item->resource == &KUBE_NAMESPACE;
}

/* The namespace can only go when nothing stays in it. */
static void
judge_namespace (StackInventory     *self,
                 StackInventoryItem *namespace_)
{
  gboolean keeps = FALSE;

  for (guint i = 0; i < self->items->len; i++)
    {
      const StackInventoryItem *item = g_ptr_array_index (self->items, i);

      keeps |= !is_namespace (item) && item->kept != NULL;
    }

  g_clear_pointer (&namespace_->kept, g_free);
  if (keeps)
    namespace_->kept = g_strdup ("something in it is kept");
  else if (self->foreign->len > 0)
    namespace_->kept = g_strdup_printf ("holds what is not the app's: %s", self->foreign->str);
}

/* Finds out what goes, from what stays. */
static void
choose (StackInventory *self)
{
  g_list_store_remove_all (self->operations);
  g_ptr_array_set_size (self->doomed, 0);
  for (guint i = 0; i < self->items->len; i++)
    {
      StackInventoryItem *item = g_ptr_array_index (self->items, i);
      g_autofree char    *title = g_strdup_printf ("%s %s", item->resource->kind, item->name);
      g_autoptr(StackOperation) operation = NULL;

      if (is_namespace (item))
        judge_namespace (self, item);
      if (item->kept != NULL)
        continue;
      operation = stack_operation_new (title);
      g_list_store_append (self->operations, operation);
      g_ptr_array_add (self->doomed, item);
    }
}

static void
stack_inventory_read_namespace_cb (GObject      *source,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) namespace_ = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  StackInventory *self = g_task_get_task_data (task);

  if (namespace_ == NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) &&
      !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (namespace_ != NULL && is_ours (namespace_))
    add_item (self, &KUBE_NAMESPACE, namespace_);
  choose (self);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void read_next (GTask *task);

static void
stack_inventory_read_list_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  StackInventory     *self = g_task_get_task_data (task);
  const KubeResource *resource = kube_resource_find_plural (kinds[self->current]);

  /* A list that is not complete must not pass for the whole. */
  if (list == NULL || !kube_list_check (resource, list, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  take_list (self, resource, list);
  self->current++;
  read_next (task);
}

static void
read_next (GTask *task)
{
  StackInventory *self = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = NULL;
  gboolean lists = self->current < G_N_ELEMENTS (kinds);

  if (lists)
    request = kube_request_new_list (kube_resource_find_plural (kinds[self->current]), self->ns,
                                     KUBE_FORM_OBJECT, NULL, PAGE, NULL);
  else
    request = kube_request_new_get (&KUBE_NAMESPACE, NULL, self->ns);
  kube_client_call_async (self->client, request, g_task_get_cancellable (task),
                          lists ? stack_inventory_read_list_cb : stack_inventory_read_namespace_cb,
                          g_object_ref (task));
}

/**
 * stack_inventory_read_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @delete_volumes: whether volumes and what belongs to a database shall go, too
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Lists what there is of the app. Nothing is changed.
 */
void
stack_inventory_read_async (KubeClient         *client,
                            const char         *ns,
                            gboolean            delete_volumes,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  StackInventory *self;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  self = g_object_new (STACK_TYPE_INVENTORY, NULL);
  self->client = g_object_ref (client);
  self->ns = g_strdup (ns);
  self->delete_volumes = delete_volumes;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_inventory_read_async);
  g_task_set_task_data (task, self, g_object_unref);
  read_next (task);
}

/**
 * stack_inventory_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error] and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the inventory
 */
StackInventory *
stack_inventory_read_finish (GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stack_inventory_get_client:
 * @self: an inventory
 *
 * Returns: (transfer none): the cluster
 */
KubeClient *
stack_inventory_get_client (StackInventory *self)
{
  g_return_val_if_fail (STACK_IS_INVENTORY (self), NULL);

  return self->client;
}

/**
 * stack_inventory_get_namespace:
 * @self: an inventory
 *
 * Returns: (transfer none): the app's namespace
 */
const char *
stack_inventory_get_namespace (StackInventory *self)
{
  g_return_val_if_fail (STACK_IS_INVENTORY (self), NULL);

  return self->ns;
}

/**
 * stack_inventory_get_items:
 * @self: an inventory
 *
 * Returns: (transfer none) (element-type StackInventoryItem): the app's objects, in the order of
 *   deletion
 */
GPtrArray *
stack_inventory_get_items (StackInventory *self)
{
  g_return_val_if_fail (STACK_IS_INVENTORY (self), NULL);

  return self->items;
}

/**
 * stack_inventory_set_deleted:
 * @self: an inventory that was not deleted yet
 * @index: of an item that is a volume, or belongs to a database
 * @deleted: whether it shall go, too
 *
 * Decides about what cannot be made anew. Whether the namespace goes follows from that, and the
 * operations are new ones.
 */
void
stack_inventory_set_deleted (StackInventory *self,
                             guint           index,
                             gboolean        deleted)
{
  StackInventoryItem *item;

  g_return_if_fail (STACK_IS_INVENTORY (self));
  g_return_if_fail (self->task == NULL);
  g_return_if_fail (index < self->items->len);

  item = g_ptr_array_index (self->items, index);
  g_return_if_fail (item->database);

  g_clear_pointer (&item->kept, g_free);
  if (!deleted)
    item->kept = g_strdup (HOLDS_DATA);
  choose (self);
}

/**
 * stack_inventory_count_deleted:
 * @self: an inventory
 *
 * Returns: how many objects go
 */
guint
stack_inventory_count_deleted (StackInventory *self)
{
  g_return_val_if_fail (STACK_IS_INVENTORY (self), 0);

  return self->doomed->len;
}

/**
 * stack_inventory_get_operations:
 * @self: an inventory
 *
 * Returns: (transfer none): the steps of the deletion, [class@Operation], one for each object that
 *   goes
 */
GListModel *
stack_inventory_get_operations (StackInventory *self)
{
  g_return_val_if_fail (STACK_IS_INVENTORY (self), NULL);

  return G_LIST_MODEL (self->operations);
}

/* Deleting: one after the other, each until it is gone. */

static void delete_next (StackInventory *self);

static StackOperation *
get_operation (StackInventory *self)
{
  g_autoptr(StackOperation) operation = NULL;

  operation = g_list_model_get_item (G_LIST_MODEL (self->operations), self->current);

  /* The list keeps it. */
  return operation;
}

static void
stack_inventory_delete_release_cb (GObject      *source,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  StackInventory *self = user_data;
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  stack_lease_release_finish (STACK_LEASE (source), result);
  if (self->error != NULL)
    g_task_return_error (task, g_steal_pointer (&self->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* Lets others write again. The task keeps @self. */
static void
finish (StackInventory *self)
{
  g_autoptr(StackLease) lease = g_steal_pointer (&self->lease);

  stack_lease_release_async (lease, stack_inventory_delete_release_cb, self);
}

/* Takes @error. */
static void
return_failure (StackInventory *self,
                GError         *error)
{
  stop_waiting (self);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    stack_operation_cancel (get_operation (self));
  else
    stack_operation_fail (get_operation (self), error);
  self->error = error;
  finish (self);
}

static void
go_on (StackInventory *self)
{
  stop_waiting (self);
  stack_operation_finish (get_operation (self), STACK_OUTCOME_NONE, "deleted");
  self->current++;
  delete_next (self);
}

static char *
build_key (StackInventory     *self,
           StackInventoryItem *item)
{
  return item->resource->namespaced ? g_strdup_printf ("%s/%s", self->ns, item->name)
                                    : g_strdup (item->name);
}

static void
look (StackInventory *self)
{
  StackInventoryItem *item = g_ptr_array_index (self->doomed, self->current);
  g_autofree char    *key = build_key (self, item);
  KubeObject         *object;

  if (self->task == NULL || self->reflector == NULL)
    return;
  if (kube_reflector_get_state (self->reflector) == KUBE_REFLECTOR_FAILED)
    {
      return_failure (self, g_error_copy (kube_reflector_get_error (self->reflector)));
      return;
    }
  if (!kube_reflector_get_synced (self->reflector))
    return;

  object = kube_reflector_lookup (self->reflector, key);
  if (object == NULL || g_strcmp0 (kube_object_get_uid (object), item->uid) != 0)
    go_on (self);
}

static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  return_failure (user_data, error);

  return G_SOURCE_REMOVE;
}

/* Finalizers, and pods that end, take their time. */
static void
wait_until_gone (StackInventory *self)
{
  StackInventoryItem *item = g_ptr_array_index (self->doomed, self->current);
  GCancellable       *cancellable = g_task_get_cancellable (self->task);

  stack_operation_set_detail (get_operation (self), "waiting until it is gone");
  self->reflector = kube_reflector_new (self->client, item->resource,
                                        item->resource->namespaced ? self->ns : NULL,
                                        KUBE_FORM_OBJECT, NULL);
  g_signal_connect_object (self->reflector, "changed", G_CALLBACK (look), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reflector, "notify::state", G_CALLBACK (look), self,
                           G_CONNECT_SWAPPED);
  if (cancellable != NULL)
    {
      self->cancel = g_cancellable_source_new (cancellable);
      g_source_set_callback (self->cancel, G_SOURCE_FUNC (on_cancelled_cb), self, NULL);
      g_source_attach (self->cancel, g_task_get_context (self->task));
    }
  kube_reflector_start (self->reflector);
}

static void delete_one (StackInventory *self);

static gboolean
on_delete_again_cb (gpointer user_data)
{
  StackInventory *self = g_task_get_source_object (user_data);
  GError         *error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (user_data), &error))
    return_failure (self, error);
  else
    delete_one (self);

  return G_SOURCE_REMOVE;
}

/* By its UID an object is deleted once, however often that is asked for. */
static gboolean
delete_again (StackInventory *self,
              const GError   *error)
{
  g_autofree char *words = NULL;

  if (!stack_retry_again (&self->retry, error))
    return FALSE;

  words = stack_retry_explain (error);
  stack_operation_set_detail (get_operation (self), words);
  stack_retry_wait (&self->retry, self->task, on_delete_again_cb);

  return TRUE;
}

static void
stack_inventory_delete_call_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(StackInventory) self = user_data;
  g_autoptr(JsonNode) answer = NULL;
  GError *error = NULL;

  answer = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (answer != NULL)
    wait_until_gone (self);
  /* Gone already, or another one of that name is there. */
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND) ||
           g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT))
    {
      g_clear_error (&error);
      go_on (self);
    }
  else if (delete_again (self, error))
    g_clear_error (&error);
  else
    return_failure (self, error);
}

static gboolean
is_workload (const StackInventoryItem *item)
{
  return g_str_equal (item->resource->group, "apps") || g_str_equal (item->resource->group, "batch");
}

static void
delete_one (StackInventory *self)
{
  KubeDeleteOptions   options = KUBE_DELETE_OPTIONS_INIT;
  StackInventoryItem *item = g_ptr_array_index (self->doomed, self->current);
  g_autoptr(KubeRequest) request = NULL;

  /* The pods go before their Deployment does. */
  options.propagation_policy = is_workload (item) ? "Foreground" : "Background";
  options.uid = item->uid;
  request = kube_request_new_delete_with (item->resource,
                                          item->resource->namespaced ? self->ns : NULL, item->name,
                                          &options);
  kube_client_call_async (self->client, request, g_task_get_cancellable (self->task),
                          stack_inventory_delete_call_cb, g_object_ref (self));
}

static void
delete_next (StackInventory *self)
{
  if (self->current >= self->doomed->len)
    {
      finish (self);
      return;
    }

  stack_retry_clear (&self->retry);
  stack_retry_init (&self->retry, g_get_monotonic_time () + PATIENCE_US);
  stack_operation_start (get_operation (self));
  delete_one (self);
}

static void
stack_inventory_delete_acquire_cb (GObject      *source,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  StackInventory *self = user_data;
  GError         *error = NULL;

  if (stack_lease_acquire_finish (STACK_LEASE (source), result, &error))
    delete_next (self);
  else
    return_failure (self, error);
}

/**
 * stack_inventory_delete_async:
 * @self: an inventory that was not deleted yet
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Deletes what is not kept, one object after the other, and waits until each is gone. A deployment
 * that is writing is waited for, and others wait meanwhile. What is deleted does not come back when
 * it is cancelled; a new inventory tells what is left.
 */
void
stack_inventory_delete_async (StackInventory     *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_return_if_fail (STACK_IS_INVENTORY (self));
  g_return_if_fail (self->task == NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  self->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, stack_inventory_delete_async);
  self->current = 0;
  self->lease = stack_lease_new (self->client, self->ns);
  if (self->doomed->len == 0)
    {
      finish (self);
      return;
    }

  stack_operation_start (get_operation (self));
  stack_lease_acquire_async (self->lease, g_get_monotonic_time () + PATIENCE_US,
                             get_operation (self), cancellable, stack_inventory_delete_acquire_cb,
                             self);
}

/**
 * stack_inventory_delete_finish:
 * @self: an inventory
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error], %STACK_ERROR_TIMED_OUT when somebody else went on
 * writing, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether everything that was to go is gone
 */
gboolean
stack_inventory_delete_finish (StackInventory *self,
                               GAsyncResult   *result,
                               GError        **error)
{
  g_return_val_if_fail (STACK_IS_INVENTORY (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
