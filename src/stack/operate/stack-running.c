/* stack-running.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-running.h"

#include "base-json.h"
#include "kube-error.h"
#include "stack-error.h"
#include "stack-revision-private.h"
#include "stack-status.h"

#include <string.h>

#define DIGEST_ANNOTATION "desktop.hackystack.io/config-digest"
#define PAGE 500

/**
 * StackRunning:
 *
 * What is deployed, read from the cluster alone, and what it shall become: the Deployment with the
 * ConfigMap and the Secret that its variables come from. Changes are made here first, looked at by
 * [method@Running.build_change], and carried out by the deployer of
 * [method@Running.new_deployer]. So an image, a number of pods or a setting can be changed without
 * the manifests' other values at hand.
 */
struct _StackRunning
{
  GObject parent_instance;

  KubeClient *client;     /* (owned) */
  char       *ns;         /* (owned) */
  JsonNode   *deployment; /* (owned) as it is to be */
  JsonNode   *config_map; /* (owned) (nullable) as it is to be */
  JsonNode   *secret;     /* (owned) (nullable) as it is to be */
  char       *autoscaler; /* (owned) (nullable) */
  gboolean    paused;

  StackRevision *revision; /* (owned) as it is */
};

G_DEFINE_FINAL_TYPE (StackRunning, stack_running, G_TYPE_OBJECT)

static void
stack_running_finalize (GObject *object)
{
  StackRunning *self = STACK_RUNNING (object);

  g_clear_object (&self->client);
  g_clear_object (&self->revision);
  g_clear_pointer (&self->ns, g_free);
  g_clear_pointer (&self->deployment, json_node_unref);
  g_clear_pointer (&self->config_map, json_node_unref);
  g_clear_pointer (&self->secret, json_node_unref);
  g_clear_pointer (&self->autoscaler, g_free);

  G_OBJECT_CLASS (stack_running_parent_class)->finalize (object);
}

static void
stack_running_class_init (StackRunningClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_running_finalize;
}

static void
stack_running_init (StackRunning *self)
{
}

/* An object of the cluster as one that can be applied: without what the server notes down, and
 * without what programs beside us keep there for themselves. */
static JsonNode *
build_wanted (JsonNode *object)
{
  static const char *const kept[] = { "name", "namespace", "labels", "annotations" };
  static const char *const foreign[] = {
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/last-applied-configuration",
  };
  JsonNode   *copy = base_json_copy (object);
  JsonObject *metadata = json_object_new ();
  JsonObject *annotations;

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      JsonNode *member = base_json_get (object, "metadata", kept[i], NULL);

      if (member != NULL)
        json_object_set_member (metadata, kept[i], base_json_copy (member));
    }
  json_object_set_object_member (json_node_get_object (copy), "metadata", metadata);
  json_object_remove_member (json_node_get_object (copy), "status");

  annotations = base_json_get_object (copy, "metadata", "annotations", NULL);
  for (guint i = 0; annotations != NULL && i < G_N_ELEMENTS (foreign); i++)
    json_object_remove_member (annotations, foreign[i]);

  return copy;
}

static JsonObject *
get_spec (StackRunning *self)
{
  return base_json_get_object (self->deployment, "spec", NULL);
}

static void
set_template (StackRunning *self,
              JsonNode *template)
{
  json_object_set_member (get_spec (self), "template", base_json_copy (template));
}

/* Reading. */

static void
take_all (StackRunning *self,
          JsonNode     *deployment,
          JsonNode     *config_map,
          JsonNode     *secret)
{
  JsonNode *template = base_json_get (deployment, "spec", "template", NULL);

  self->revision = stack_revision_new (config_map, secret, template);
  self->paused = base_json_get_boolean (deployment, FALSE, "spec", "paused", NULL);
  self->deployment = build_wanted (deployment);
  json_object_remove_member (get_spec (self), "paused");
  /* Without the mark of a restart: it belongs to whoever restarted. */
  set_template (self, stack_revision_get_template (self->revision));
  if (config_map != NULL)
    self->config_map = build_wanted (config_map);
  if (secret != NULL)
    self->secret = build_wanted (secret);
}

typedef struct
{
  StackRunning *running;    /* (owned) */
  JsonNode     *deployment; /* (owned) (nullable) */
  JsonNode     *config_map; /* (owned) (nullable) */
  JsonNode     *secret;     /* (owned) (nullable) */
} Read;

static void
read_free (gpointer data)
{
  Read *read = data;

  g_clear_object (&read->running);
  g_clear_pointer (&read->deployment, json_node_unref);
  g_clear_pointer (&read->config_map, json_node_unref);
  g_clear_pointer (&read->secret, json_node_unref);
  g_free (read);
}

/* "HorizontalPodAutoscaler web sets the number of pods, between 2 and 5" */
static char *
find_autoscaler (JsonNode *list)
{
  JsonArray *items = base_json_get_array (list, "items", NULL);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode   *item = json_array_get_element (items, i);
      const char *kind = base_json_get_string (item, "spec", "scaleTargetRef", "kind", NULL);
      const char *name = base_json_get_string (item, "spec", "scaleTargetRef", "name", NULL);

      if (g_strcmp0 (kind, "Deployment") != 0 || g_strcmp0 (name, STACK_APP_DEPLOYMENT) != 0)
        continue;
      return g_strdup_printf ("The HorizontalPodAutoscaler %s sets the number of pods, between "
                              "%" G_GINT64_FORMAT " and %" G_GINT64_FORMAT,
                              base_json_get_string (item, "metadata", "name", NULL),
                              base_json_get_int (item, 1, "spec", "minReplicas", NULL),
                              base_json_get_int (item, 1, "spec", "maxReplicas", NULL));
    }

  return NULL;
}

/* Without the right to see autoscalers there is none to tell of. */
static void
stack_running_read_autoscalers_cb (GObject      *source,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) list = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Read *read = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  read->running->autoscaler = find_autoscaler (list);
  take_all (read->running, read->deployment, read->config_map, read->secret);
  g_task_return_pointer (task, g_steal_pointer (&read->running), g_object_unref);
}

static void
read_autoscalers (GTask *task)
{
  Read               *read = g_task_get_task_data (task);
  StackRunning       *running = read->running;
  const KubeResource *resource = kube_resource_find_plural ("horizontalpodautoscalers");
  g_autoptr(KubeRequest) request = NULL;

  request = kube_request_new_list (resource, running->ns, KUBE_FORM_OBJECT, NULL, PAGE, NULL);
  kube_client_call_async (running->client, request, g_task_get_cancellable (task),
                          stack_running_read_autoscalers_cb, g_object_ref (task));
}

static gboolean
is_absent (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

static void
stack_running_read_secret_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Read *read = g_task_get_task_data (task);

  read->secret = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (read->secret == NULL && !is_absent (error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    read_autoscalers (task);
}

static void
read_secret (GTask *task)
{
  Read         *read = g_task_get_task_data (task);
  StackRunning *running = read->running;
  const char   *name;
  g_autoptr(KubeRequest) request = NULL;

  name = stack_revision_find_input (base_json_get (read->deployment, "spec", "template", NULL),
                                    "secretRef");
  if (name == NULL)
    {
      read_autoscalers (task);
      return;
    }

  request = kube_request_new_get (&KUBE_SECRET, running->ns, name);
  kube_client_call_async (running->client, request, g_task_get_cancellable (task),
                          stack_running_read_secret_cb, g_object_ref (task));
}

static void
stack_running_read_config_map_cb (GObject      *source,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Read *read = g_task_get_task_data (task);

  read->config_map = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (read->config_map == NULL && !is_absent (error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    read_secret (task);
}

static void
read_config_map (GTask *task)
{
  Read         *read = g_task_get_task_data (task);
  StackRunning *running = read->running;
  const char   *name;
  g_autoptr(KubeRequest) request = NULL;

  name = stack_revision_find_input (base_json_get (read->deployment, "spec", "template", NULL),
                                    "configMapRef");
  if (name == NULL)
    {
      read_secret (task);
      return;
    }

  request = kube_request_new_get (&KUBE_CONFIG_MAP, running->ns, name);
  kube_client_call_async (running->client, request, g_task_get_cancellable (task),
                          stack_running_read_config_map_cb, g_object_ref (task));
}

static void
stack_running_read_deployment_cb (GObject      *source,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Read *read = g_task_get_task_data (task);

  read->deployment = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (read->deployment != NULL)
    read_config_map (task);
  else if (is_absent (error))
    g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_NOT_DEPLOYED,
                             "Hacky Stack is not deployed in the namespace %s. There is no "
                             "Deployment " STACK_APP_DEPLOYMENT ". Deploy it first, or choose "
                             "another namespace.",
                             read->running->ns);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * stack_running_read_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Reads what is deployed.
 */
void
stack_running_read_async (KubeClient         *client,
                          const char         *ns,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Read *read;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  read = g_new0 (Read, 1);
  read->running = g_object_new (STACK_TYPE_RUNNING, NULL);
  read->running->client = g_object_ref (client);
  read->running->ns = g_strdup (ns);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_running_read_async);
  g_task_set_task_data (task, read, read_free);
  request = kube_request_new_get (&KUBE_DEPLOYMENT, ns, STACK_APP_DEPLOYMENT);
  kube_client_call_async (client, request, cancellable, stack_running_read_deployment_cb,
                          g_steal_pointer (&task));
}

/**
 * stack_running_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_NOT_DEPLOYED, those of [error@Kube.Error] and
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): what is deployed
 */
StackRunning *
stack_running_read_finish (GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_running_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stack_running_get_revision:
 * @self: what is deployed
 *
 * Returns: (transfer none): it as it was read, without a number
 */
StackRevision *
stack_running_get_revision (StackRunning *self)
{
  g_return_val_if_fail (STACK_IS_RUNNING (self), NULL);

  return self->revision;
}

/**
 * stack_running_get_replicas:
 * @self: what is deployed
 *
 * Returns: how many pods there shall be
 */
guint
stack_running_get_replicas (StackRunning *self)
{
  g_return_val_if_fail (STACK_IS_RUNNING (self), 0);

  return (guint) base_json_get_int (self->deployment, 1, "spec", "replicas", NULL);
}

/**
 * stack_running_get_paused:
 * @self: what is deployed
 *
 * Returns: whether the rollout is paused: then no change of the pods is carried out
 */
gboolean
stack_running_get_paused (StackRunning *self)
{
  g_return_val_if_fail (STACK_IS_RUNNING (self), FALSE);

  return self->paused;
}

/**
 * stack_running_get_autoscaler:
 * @self: what is deployed
 *
 * Returns: (transfer none) (nullable): which autoscaler sets the number of pods, in words without
 *   a full stop; %NULL if none does
 */
const char *
stack_running_get_autoscaler (StackRunning *self)
{
  g_return_val_if_fail (STACK_IS_RUNNING (self), NULL);

  return self->autoscaler;
}

/* The app's variables. */

static const char *
find_text (JsonNode   *object,
           const char *name)
{
  return base_json_get_string (object, "data", name, NULL);
}

/**
 * stack_running_is_secret:
 * @self: what is deployed
 * @name: the name of a variable
 *
 * Returns: whether it comes from the Secret
 */
gboolean
stack_running_is_secret (StackRunning *self,
                         const char   *name)
{
  g_return_val_if_fail (STACK_IS_RUNNING (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  return find_text (self->secret, name) != NULL;
}

/**
 * stack_running_dup_variable:
 * @self: what is deployed
 * @name: the name of a variable
 *
 * Returns: (transfer full) (nullable): its value, which may be a secret; %NULL if it is not set
 */
char *
stack_running_dup_variable (StackRunning *self,
                            const char   *name)
{
  const char        *text;
  g_autofree guchar *bytes = NULL;
  gsize              length = 0;
  char              *copy;

  g_return_val_if_fail (STACK_IS_RUNNING (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  text = find_text (self->secret, name);
  if (text == NULL)
    return g_strdup (find_text (self->config_map, name));

  bytes = g_base64_decode (text, &length);
  copy = g_strndup ((const char *) bytes, length);
  explicit_bzero (bytes, length);

  return copy;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * stack_running_list_variables:
 * @self: what is deployed
 *
 * Returns: (transfer full): the names of all variables, sorted
 */
GStrv
stack_running_list_variables (StackRunning *self)
{
  GPtrArray *names = g_ptr_array_new ();
  JsonNode  *objects[2];

  g_return_val_if_fail (STACK_IS_RUNNING (self), NULL);

  objects[0] = self->config_map;
  objects[1] = self->secret;
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      JsonObject *data = base_json_get_object (objects[i], "data", NULL);
      g_autoptr(GList) members = data != NULL ? json_object_get_members (data) : NULL;

      for (GList *l = members; l != NULL; l = l->next)
        {
          if (i == 0 || find_text (objects[0], l->data) == NULL)
            g_ptr_array_add (names, g_strdup (l->data));
        }
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);

  return (GStrv) g_ptr_array_free (names, FALSE);
}

/* Changing. */

/**
 * stack_running_set_replicas:
 * @self: what is deployed
 * @replicas: how many pods there shall be
 *
 * Takes effect with a deployer's run.
 */
void
stack_running_set_replicas (StackRunning *self,
                            guint         replicas)
{
  g_return_if_fail (STACK_IS_RUNNING (self));

  json_object_set_int_member (get_spec (self), "replicas", replicas);
}

/**
 * stack_running_set_image:
 * @self: what is deployed
 * @image: the app's image
 *
 * Takes effect with a deployer's run.
 */
void
stack_running_set_image (StackRunning *self,
                         const char   *image)
{
  JsonArray *containers;

  g_return_if_fail (STACK_IS_RUNNING (self));
  g_return_if_fail (image != NULL);

  containers = base_json_get_array (self->deployment, "spec", "template", "spec", "containers",
                                    NULL);
  if (containers != NULL && json_array_get_length (containers) > 0)
    json_object_set_string_member (json_array_get_object_element (containers, 0), "image", image);
}

static JsonObject *
ensure_data (JsonNode *object)
{
  JsonObject *data = base_json_get_object (object, "data", NULL);

  if (data == NULL)
    {
      data = json_object_new ();
      json_object_set_object_member (json_node_get_object (object), "data", data);
    }

  return data;
}

static JsonObject *
ensure_annotations (JsonNode *template)
{
  JsonObject *metadata = base_json_get_object (template, "metadata", NULL);
  JsonObject *annotations = base_json_get_object (template, "metadata", "annotations", NULL);

  if (metadata == NULL)
    {
      metadata = json_object_new ();
      json_object_set_object_member (json_node_get_object (template), "metadata", metadata);
    }
  if (annotations == NULL)
    {
      annotations = json_object_new ();
      json_object_set_object_member (metadata, "annotations", annotations);
    }

  return annotations;
}

/* Pods read their variables when they start: a new fingerprint makes new pods. It is the one that
 * the manifests would get. */
static void
renew_digest (StackRunning *self)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *digest = NULL;
  JsonArray       *array = json_array_new ();
  JsonNode        *inputs[] = { self->config_map, self->secret };

  json_node_take_array (node, array);
  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      JsonNode *data = base_json_get (inputs[i], "data", NULL);

      if (data != NULL)
        json_array_add_element (array, base_json_copy (data));
    }
  digest = base_json_digest (node);
  json_object_set_string_member (ensure_annotations (base_json_get (self->deployment, "spec",
                                                                    "template", NULL)),
                                 DIGEST_ANNOTATION, digest);
}

/**
 * stack_running_set_variable:
 * @self: what is deployed
 * @name: the name of a variable
 * @text: its new value
 *
 * Changes the variable where it comes from; a new one is put into the ConfigMap. Takes effect with
 * a deployer's run, which makes new pods.
 */
void
stack_running_set_variable (StackRunning *self,
                            const char   *name,
                            const char   *text)
{
  g_return_if_fail (STACK_IS_RUNNING (self));
  g_return_if_fail (name != NULL && text != NULL);

  if (stack_running_is_secret (self, name))
    {
      char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

      json_object_set_string_member (ensure_data (self->secret), name, encoded);
      explicit_bzero (encoded, strlen (encoded));
      g_free (encoded);
    }
  else if (self->config_map != NULL)
    {
      json_object_set_string_member (ensure_data (self->config_map), name, text);
    }
  renew_digest (self);
}

/* Sets the variables whose value in @template is just that answer. */
static gboolean
set_by_template (StackRunning *self,
                 JsonNode *template,
                 const StackField *field,
                 const char       *text)
{
  JsonObject      *data = base_json_get_object (template, "data", NULL);
  g_autofree char *plain = g_strdup_printf ("${%s}", field->key);
  g_autofree char *encoded = g_strdup_printf ("${%s|base64}", field->key);
  gboolean         found = FALSE;
  JsonObjectIter   iter;
  const char      *name;
  JsonNode        *value;

  if (data == NULL)
    return FALSE;

  json_object_iter_init (&iter, data);
  while (json_object_iter_next (&iter, &name, &value))
    {
      const char *placeholder = find_text (template, name);

      if (g_strcmp0 (placeholder, plain) != 0 && g_strcmp0 (placeholder, encoded) != 0)
        continue;
      stack_running_set_variable (self, name, text);
      found = TRUE;
    }

  return found;
}

/**
 * stack_running_set_field:
 * @self: what is deployed
 * @manifests: the manifests, which tell what variables an answer becomes
 * @id: which answer
 * @text: the answer
 *
 * Changes every variable that the answer becomes. Takes effect with a deployer's run, which makes
 * new pods.
 *
 * Returns: whether there is such a variable
 */
gboolean
stack_running_set_field (StackRunning     *self,
                         StackManifestSet *manifests,
                         StackFieldId      id,
                         const char       *text)
{
  GPtrArray *templates;
  gboolean   found = FALSE;

  g_return_val_if_fail (STACK_IS_RUNNING (self), FALSE);
  g_return_val_if_fail (STACK_IS_MANIFEST_SET (manifests), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  templates = stack_manifest_set_get_templates (manifests);
  for (guint i = 0; i < templates->len; i++)
    found |= set_by_template (self, g_ptr_array_index (templates, i), stack_field_get (id), text);

  return found;
}

static void
set_data (JsonNode *object,
          JsonNode *data)
{
  if (object != NULL)
    json_object_set_member (json_node_get_object (object), "data", base_json_copy (data));
}

/**
 * stack_running_restore:
 * @self: what is deployed
 * @revision: a revision
 *
 * Puts settings, secrets and pod template of @revision in the place of those that are deployed.
 * The number of pods stays. Takes effect with a deployer's run.
 */
void
stack_running_restore (StackRunning  *self,
                       StackRevision *revision)
{
  g_return_if_fail (STACK_IS_RUNNING (self));
  g_return_if_fail (STACK_IS_REVISION (revision));

  set_data (self->config_map, stack_revision_get_config_map (revision));
  set_data (self->secret, stack_revision_get_secret (revision));
  set_template (self, stack_revision_get_template (revision));
}

/**
 * stack_running_build_change:
 * @self: what is deployed
 *
 * Returns: (transfer full): what the changes made so far will change in settings, secrets and pods
 */
StackRevisionChange *
stack_running_build_change (StackRunning *self)
{
  g_autoptr(StackRevision) wanted = NULL;

  g_return_val_if_fail (STACK_IS_RUNNING (self), NULL);

  wanted = stack_revision_new (self->config_map, self->secret,
                               base_json_get (self->deployment, "spec", "template", NULL));

  return stack_revision_change_new (self->revision, wanted);
}

static void
add_object (GPtrArray *objects,
            JsonNode  *object)
{
  if (object != NULL)
    g_ptr_array_add (objects, base_json_copy (object));
}

/**
 * stack_running_build_objects:
 * @self: what is deployed
 *
 * Returns: (transfer full) (element-type JsonNode): the objects with the changes made so far, in the
 *   order of application, such as [func@Plan.make_async] takes them. They hold secrets: show and
 *   keep them nowhere.
 */
GPtrArray *
stack_running_build_objects (StackRunning *self)
{
  GPtrArray *objects;

  g_return_val_if_fail (STACK_IS_RUNNING (self), NULL);

  objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  add_object (objects, self->config_map);
  add_object (objects, self->secret);
  add_object (objects, self->deployment);

  return objects;
}

/**
 * stack_running_new_deployer:
 * @self: what is deployed
 *
 * Makes a deployer that carries the changes made so far out, waits for the pods and asks the app's
 * health. It takes fields over that another manager has set: whoever asked for the change has seen
 * what they are now.
 *
 * Returns: (transfer full): a deployer that has not run
 */
StackDeployer *
stack_running_new_deployer (StackRunning *self)
{
  g_autoptr(GPtrArray) objects = NULL;
  StackDeployer *deployer;

  g_return_val_if_fail (STACK_IS_RUNNING (self), NULL);

  objects = stack_running_build_objects (self);
  deployer = stack_deployer_new_for_objects (self->client, objects);
  stack_deployer_set_force (deployer, TRUE);

  return deployer;
}
