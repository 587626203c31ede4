/* kube-pod-target.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-pod-target.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-pod.h"

#define DEFAULT_CONTAINER "kubectl.kubernetes.io/default-container"

/**
 * KubePodTarget:
 *
 * The pod that is meant by a Service, a Deployment or something else that has pods, or by its own
 * name.
 */
struct _KubePodTarget
{
  JsonNode *object; /* (owned) what was named: the pod itself, or what chooses pods */
  JsonNode *pod;    /* (owned) */
};

typedef struct
{
  char     *namespace_;
  JsonNode *object; /* (nullable) */
} Find;

static void
find_free (Find *find)
{
  g_free (find->namespace_);
  g_clear_pointer (&find->object, json_node_unref);
  g_free (find);
}

/**
 * kube_pod_target_free:
 * @self: (transfer full): a target
 *
 * Frees @self.
 */
void
kube_pod_target_free (KubePodTarget *self)
{
  g_return_if_fail (self != NULL);

  json_node_unref (self->object);
  json_node_unref (self->pod);
  g_free (self);
}

static const char *
get_name (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "name", NULL);
}

static const char *
get_kind (JsonNode *object)
{
  return base_json_get_string (object, "kind", NULL);
}

static void
append_requirement (GString    *selector,
                    const char *text)
{
  if (selector->len > 0)
    g_string_append_c (selector, ',');
  g_string_append (selector, text);
}

static void
append_labels (GString    *selector,
               JsonObject *labels)
{
  g_autoptr(GList) names = json_object_get_members (labels);

  names = g_list_sort (g_steal_pointer (&names), (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    {
      const char      *value = base_json_get_string (json_object_get_member (labels, l->data), NULL);
      g_autofree char *text = g_strdup_printf ("%s=%s", (const char *) l->data,
                                               value != NULL ? value : "");

      append_requirement (selector, text);
    }
}

static char *
join_values (JsonNode *expression)
{
  JsonArray *values = base_json_get_array (expression, "values", NULL);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
    {
      const char *value = base_json_get_string (json_array_get_element (values, i), NULL);

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", value != NULL ? value : "");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_expression (GString  *selector,
                   JsonNode *expression)
{
  const char      *key = base_json_get_string (expression, "key", NULL);
  const char      *operator= base_json_get_string (expression, "operator", NULL);
  g_autofree char *values = join_values (expression);
  g_autofree char *text = NULL;

  if (g_strcmp0 (operator, "In") == 0)
    text = g_strdup_printf ("%s in (%s)", key, values);
  else if (g_strcmp0 (operator, "NotIn") == 0)
    text = g_strdup_printf ("%s notin (%s)", key, values);
  else if (g_strcmp0 (operator, "DoesNotExist") == 0)
    text = g_strdup_printf ("!%s", key);
  else
    text = g_strdup (key);
  append_requirement (selector, text);
}

/**
 * kube_pod_target_dup_selector:
 * @object: a Service, a Deployment or something else that has pods
 *
 * Writes the label selector by which an object chooses its pods (apimachinery:
 * `LabelSelectorAsSelector`; a Service has labels only).
 *
 * Returns: (transfer full) (nullable): the selector, or %NULL if @object chooses none
 */
char *
kube_pod_target_dup_selector (JsonNode *object)
{
  JsonObject *labels = base_json_get_object (object, "spec", "selector", NULL);
  JsonObject *match = base_json_get_object (object, "spec", "selector", "matchLabels", NULL);
  JsonArray  *expressions = base_json_get_array (object, "spec", "selector", "matchExpressions",
                                                 NULL);
  g_autoptr(GString) selector = g_string_new (NULL);

  if (match != NULL)
    append_labels (selector, match);
  else if (expressions == NULL && labels != NULL)
    append_labels (selector, labels);
  for (guint i = 0; expressions != NULL && i < json_array_get_length (expressions); i++)
    append_expression (selector, json_array_get_element (expressions, i));

  return selector->len > 0 ? g_string_free (g_steal_pointer (&selector), FALSE) : NULL;
}

static gboolean
is_usable (JsonNode *pod)
{
  return base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) == NULL &&
         g_strcmp0 (base_json_get_string (pod, "status", "phase", NULL), "Running") == 0;
}

/* One that is ready before one that runs; of those the first, so that the same is found again. */
static JsonNode *
choose_pod (JsonArray *pods)
{
  JsonNode *running = NULL;

  for (guint i = 0; i < json_array_get_length (pods); i++)
    {
      JsonNode *pod = json_array_get_element (pods, i);

      if (!is_usable (pod))
        continue;
      if (kube_pod_is_ready (pod))
        return pod;
      if (running == NULL)
        running = pod;
    }

  return running;
}

/**
 * kube_pod_target_new: (skip)
 * @object: what was named: a pod, or what chooses pods
 * @pods: (nullable): a PodList of those that it chooses; %NULL for a pod
 * @error: return location for an error
 *
 * Chooses a pod that runs, and is ready if there is such a one.
 *
 * Possible errors: %KUBE_ERROR_NOT_FOUND if none runs.
 *
 * Returns: (transfer full) (nullable): the target, or %NULL with @error set
 */
KubePodTarget *
kube_pod_target_new (JsonNode *object,
                     JsonNode *pods,
                     GError  **error)
{
  KubePodTarget   *self;
  JsonNode        *pod = object;
  JsonArray       *items;
  g_autofree char *status = NULL;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (pods != NULL)
    {
      items = base_json_get_array (pods, "items", NULL);
      pod = items != NULL ? choose_pod (items) : NULL;
      if (pod == NULL && items != NULL && json_array_get_length (items) > 0)
        status = kube_pod_dup_status (json_array_get_element (items, 0));
      if (pod == NULL)
        {
          g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                       "%s “%s” has no pod that runs%s%s. Wait until it has one, or look why with "
                       "“get pods”.",
                       get_kind (object), get_name (object),
                       status != NULL ? ": the first is " : "", status != NULL ? status : "");
          return NULL;
        }
    }

  self = g_new0 (KubePodTarget, 1);
  self->object = json_node_ref (object);
  self->pod = json_node_ref (pod);

  return self;
}

static void
kube_pod_target_find_list_cb (GObject      *source_object,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Find *find = g_task_get_task_data (task);
  g_autoptr(JsonNode) pods = NULL;
  KubePodTarget *target = NULL;
  GError        *error = NULL;

  pods = kube_client_call_finish (KUBE_CLIENT (source_object), result, &error);
  if (pods != NULL)
    target = kube_pod_target_new (find->object, pods, &error);
  if (target != NULL)
    g_task_return_pointer (task, target, (GDestroyNotify) kube_pod_target_free);
  else
    g_task_return_error (task, error);
}

static void
kube_pod_target_find_get_cb (GObject      *source_object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Find         *find = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(KubeRequest) request = NULL;
  g_autofree char *selector = NULL;
  GError          *error = NULL;

  find->object = kube_client_call_finish (KUBE_CLIENT (source_object), result, &error);
  if (find->object == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_strcmp0 (get_kind (find->object), "Pod") == 0)
    {
      g_task_return_pointer (task, kube_pod_target_new (find->object, NULL, NULL),
                             (GDestroyNotify) kube_pod_target_free);
      return;
    }

  selector = kube_pod_target_dup_selector (find->object);
  if (selector == NULL)
    {
      g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                               "%s “%s” has no pods of its own: it has no selector. Name a pod, or "
                               "something that has pods.",
                               get_kind (find->object), get_name (find->object));
      return;
    }
  request = kube_request_new_list (&KUBE_POD, find->namespace_, KUBE_FORM_OBJECT, selector, 0,
                                   NULL);
  kube_client_call_async (KUBE_CLIENT (source_object), request, cancellable,
                          kube_pod_target_find_list_cb, g_steal_pointer (&task));
}

/**
 * kube_pod_target_find_async:
 * @client: a client
 * @namespace_: a namespace
 * @resource: what kind @name is of: pods, services, deployments …
 * @name: the name of an object
 * @cancellable: (nullable): a cancellable
 * @callback: called when the pod is found
 * @user_data: data for @callback
 *
 * Finds the pod that is meant by an object.
 */
void
kube_pod_target_find_async (KubeClient         *client,
                            const char         *namespace_,
                            const KubeResource *resource,
                            const char         *name,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Find *find;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (namespace_ != NULL && resource != NULL && name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  find = g_new0 (Find, 1);
  find->namespace_ = g_strdup (namespace_);
  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_pod_target_find_async);
  g_task_set_task_data (task, find, (GDestroyNotify) find_free);
  request = kube_request_new_get (resource, namespace_, name);
  kube_client_call_async (client, request, cancellable, kube_pod_target_find_get_cb,
                          g_steal_pointer (&task));
}

/**
 * kube_pod_target_find_finish: (skip)
 * @client: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes looking for a pod.
 *
 * Possible errors: all of %KUBE_ERROR; %KUBE_ERROR_NOT_FOUND also if no pod runs;
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the target, or %NULL with @error set
 */
KubePodTarget *
kube_pod_target_find_finish (KubeClient   *client,
                             GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_pod_target_find_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_pod_target_get_pod:
 * @self: a target
 *
 * Returns: (transfer none): the name of the pod
 */
const char *
kube_pod_target_get_pod (KubePodTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return get_name (self->pod);
}

/**
 * kube_pod_target_dup_containers:
 * @self: a target
 *
 * Returns: (transfer full): the names of the pod's containers
 */
GStrv
kube_pod_target_dup_containers (KubePodTarget *self)
{
  JsonArray *containers;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);

  containers = base_json_get_array (self->pod, "spec", "containers", NULL);
  for (guint i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    g_strv_builder_add (names, base_json_get_string (json_array_get_element (containers, i), "name",
                                                     NULL));

  return g_strv_builder_end (names);
}

/**
 * kube_pod_target_dup_container:
 * @self: a target
 *
 * Finds the container that is meant when none is named: that of the annotation
 * `kubectl.kubernetes.io/default-container`, or the first.
 *
 * Returns: (transfer full): the name of a container
 */
char *
kube_pod_target_dup_container (KubePodTarget *self)
{
  g_auto(GStrv) containers = NULL;
  const char *name;

  g_return_val_if_fail (self != NULL, NULL);

  containers = kube_pod_target_dup_containers (self);
  name = base_json_get_string (self->pod, "metadata", "annotations", DEFAULT_CONTAINER, NULL);
  if (name == NULL || !g_strv_contains ((const char *const *) containers, name))
    name = containers[0];

  return g_strdup (name);
}

/* The port of a container that has a name. */
static guint16
find_named_port (JsonNode   *pod,
                 const char *name)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  for (guint i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    {
      JsonNode  *container = json_array_get_element (containers, i);
      JsonArray *ports = base_json_get_array (container, "ports", NULL);

      for (guint j = 0; ports != NULL && j < json_array_get_length (ports); j++)
        {
          JsonNode *port = json_array_get_element (ports, j);

          if (g_strcmp0 (base_json_get_string (port, "name", NULL), name) == 0)
            return (guint16) base_json_get_int (port, 0, "containerPort", NULL);
        }
    }

  return 0;
}

static guint16
parse_port (const char *text)
{
  guint64 number;

  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL) ? (guint16) number
                                                                              : 0;
}

/* Where a Service leads one of its ports: to a number or to a name. */
static guint16
find_target_port (KubePodTarget *self,
                  JsonNode      *port)
{
  const char *name = base_json_get_string (port, "targetPort", NULL);
  guint16     number = (guint16) base_json_get_int (port, 0, "targetPort", NULL);

  /* The names of a headless Service lead to the pods themselves. */
  if (g_strcmp0 (base_json_get_string (self->object, "spec", "clusterIP", NULL), "None") == 0)
    return (guint16) base_json_get_int (port, 0, "port", NULL);
  if (name != NULL)
    return find_named_port (self->pod, name);
  if (number != 0)
    return number;

  return (guint16) base_json_get_int (port, 0, "port", NULL);
}

static guint16
find_service_port (KubePodTarget *self,
                   const char    *text)
{
  JsonArray *ports = base_json_get_array (self->object, "spec", "ports", NULL);
  guint16    number = parse_port (text);

  for (guint i = 0; ports != NULL && i < json_array_get_length (ports); i++)
    {
      JsonNode *port = json_array_get_element (ports, i);

      if ((number != 0 && base_json_get_int (port, 0, "port", NULL) == number) ||
          g_strcmp0 (base_json_get_string (port, "name", NULL), text) == 0)
        return find_target_port (self, port);
    }

  return 0;
}

/**
 * kube_pod_target_find_port:
 * @self: a target
 * @port: a number or a name: a port of the Service if that was named, else one of the pod
 * @error: return location for an error
 *
 * Finds the port of the pod. As with kubectl, a number that is a port of no container may be one
 * all the same; a Service has only those that it lists.
 *
 * Possible errors: %KUBE_ERROR_NOT_FOUND if there is no such port.
 *
 * Returns: the port, or 0 with @error set
 */
guint16
kube_pod_target_find_port (KubePodTarget *self,
                           const char    *port,
                           GError       **error)
{
  guint16 number;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (port != NULL, 0);
  g_return_val_if_fail (error == NULL || *error == NULL, 0);

  if (g_strcmp0 (get_kind (self->object), "Service") == 0)
    number = find_service_port (self, port);
  else
    number = parse_port (port) != 0 ? parse_port (port) : find_named_port (self->pod, port);
  if (number == 0)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                 "%s “%s” has no port “%s”. Look which ones it has, and name one of those.",
                 get_kind (self->object), get_name (self->object), port);

  return number;
}
