/* stack-manifest-set.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "stack-manifest-set-private.h"

#include "base-json.h"
#include "base-yaml.h"
#include "kube-resource.h"
#include "stack-error.h"
#include "stack-template-private.h"

#include <string.h>

/**
 * StackManifestSet:
 *
 * The manifests that make up the app, read from a folder of YAML files and kept in the order in
 * which they are applied: first what others need, last what lets visitors in.
 */
struct _StackManifestSet
{
  GObject parent_instance;

  char      *directory; /* (owned) */
  GPtrArray *templates; /* (element-type JsonNode) (owned) with placeholders, in order */
  GPtrArray *files;     /* (element-type utf8) (owned) the file of each template */
  GPtrArray *headings;  /* (element-type utf8) (owned) the comment at the top of each file */

  StackCertificate *certificate;   /* (owned) (nullable) */
  char             *ingress_class; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (StackManifestSet, stack_manifest_set, G_TYPE_OBJECT)

/* An object with this annotation is left to people. */
#define APPLY_ANNOTATION "desktop.hackystack.io/apply"
#define BY_HAND "by-hand"

#define RUN_DIGEST_LENGTH 10

typedef struct
{
  JsonNode *node;    /* (owned) */
  char     *file;    /* (owned) */
  char     *heading; /* (owned) */
} Template;

static void
template_free (gpointer data)
{
  Template *template = data;

  g_clear_pointer (&template->node, json_node_unref);
  g_clear_pointer (&template->file, g_free);
  g_clear_pointer (&template->heading, g_free);
  g_free (template);
}

static guint
rank (JsonNode *node)
{
  static const char *const early[] = { "Namespace", "ConfigMap", "Secret", "Service" };
  static const char *const late[] = { "Job", "Deployment", "Ingress" };
  const char              *kind = base_json_get_string (node, "kind", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (early); i++)
    {
      if (g_str_equal (kind, early[i]))
        return i;
    }
  for (guint i = 0; i < G_N_ELEMENTS (late); i++)
    {
      if (g_str_equal (kind, late[i]))
        return G_N_ELEMENTS (early) + 1 + i;
    }

  return G_N_ELEMENTS (early);
}

static int
compare_templates (gconstpointer a,
                   gconstpointer b)
{
  const Template *left = *(Template *const *) a;
  const Template *right = *(Template *const *) b;
  guint           left_rank = rank (left->node);
  guint           right_rank = rank (right->node);

  if (left_rank != right_rank)
    return left_rank < right_rank ? -1 : 1;

  return strcmp (left->file, right->file);
}

static gboolean
check_document (JsonNode   *node,
                const char *file,
                GError    **error)
{
  const char *version = base_json_get_string (node, "apiVersion", NULL);
  const char *kind = base_json_get_string (node, "kind", NULL);
  const char *name = base_json_get_string (node, "metadata", "name", NULL);

  if (version == NULL || kind == NULL || name == NULL)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST,
                   "%s: %s is missing. Without it the cluster does not know what the object is. "
                   "Add it to the file.",
                   file,
                   version == NULL ? "apiVersion" : kind == NULL ? "kind"
                                                                 : "metadata.name");
      return FALSE;
    }
  if (kube_resource_find (version, kind) == NULL)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST,
                   "%s, kind: this program does not know %s of %s. Look for a typing error, or "
                   "take the object out of the file.",
                   file, kind, version);
      return FALSE;
    }

  return TRUE;
}

static gboolean
is_by_hand (JsonNode *node)
{
  return g_strcmp0 (base_json_get_string (node, "metadata", "annotations", APPLY_ANNOTATION, NULL),
                    BY_HAND) == 0;
}

/* The comment that a file begins with, without the line about its licence. */
static char *
read_heading (const char *text)
{
  GString *heading = g_string_new (NULL);

  while (*text == '#')
    {
      gsize length = strcspn (text, "\n");

      if (!g_str_has_prefix (text, "# SPDX-License-Identifier:") &&
          (heading->len > 0 || length > 1))
        g_string_append_printf (heading, "%.*s\n", (int) length, text);
      text += length;
      if (*text == '\n')
        text++;
    }

  return g_string_free (heading, FALSE);
}

static gboolean
read_file (const char *directory,
           const char *name,
           GPtrArray  *templates,
           GError    **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) documents = NULL;
  g_autoptr(GError) local_error = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;

  documents = base_yaml_parse_all (text, length, &local_error);
  if (documents == NULL)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST, "%s: %s", name,
                   local_error->message);
      return FALSE;
    }

  for (guint i = 0; i < documents->len; i++)
    {
      JsonNode *node = g_ptr_array_index (documents, i);
      Template *template;

      if (JSON_NODE_HOLDS_NULL (node))
        continue;
      if (!check_document (node, name, error))
        return FALSE;
      if (is_by_hand (node))
        continue;

      template = g_new0 (Template, 1);
      template->node = json_node_ref (node);
      template->file = g_strdup (name);
      template->heading = read_heading (text);
      g_ptr_array_add (templates, template);
    }

  return TRUE;
}

static GPtrArray *
read_directory (const char *directory,
                GError    **error)
{
  g_autoptr(GPtrArray) templates = g_ptr_array_new_with_free_func (template_free);
  g_autoptr(GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    {
      g_prefix_error (error, "The manifests cannot be read. Install the program again. ");
      return NULL;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_suffix (name, ".yaml") && !read_file (directory, name, templates, error))
        return NULL;
    }

  if (templates->len == 0)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST,
                   "There are no manifests in %s. They are the files that end in .yaml. Install "
                   "the program again.",
                   directory);
      return NULL;
    }

  g_ptr_array_sort (templates, compare_templates);

  return g_steal_pointer (&templates);
}

/* Whether one of a pod's containers takes its variables from that ConfigMap or Secret. */
static gboolean
takes_from (JsonNode   *workload,
            const char *reference,
            const char *name)
{
  JsonArray *containers = base_json_get_array (workload, "spec", "template", "spec", "containers",
                                               NULL);

  for (guint i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    {
      JsonArray *sources = base_json_get_array (json_array_get_element (containers, i), "envFrom",
                                                NULL);

      for (guint j = 0; sources != NULL && j < json_array_get_length (sources); j++)
        {
          if (g_strcmp0 (base_json_get_string (json_array_get_element (sources, j), reference,
                                               "name", NULL),
                         name) == 0)
            return TRUE;
        }
    }

  return FALSE;
}

/* Whether pods read it when they start, and have to be started anew when it changes. */
static gboolean
is_input (StackManifestSet *self,
          JsonNode         *node)
{
  const char *kind = base_json_get_string (node, "kind", NULL);
  const char *name = base_json_get_string (node, "metadata", "name", NULL);
  const char *reference = g_str_equal (kind, "ConfigMap") ? "configMapRef"
                          : g_str_equal (kind, "Secret")  ? "secretRef"
                                                          : NULL;

  for (guint i = 0; reference != NULL && i < self->templates->len; i++)
    {
      if (takes_from (g_ptr_array_index (self->templates, i), reference, name))
        return TRUE;
    }

  return FALSE;
}

static void
add_extra (JsonNode      *config_map,
           StackSettings *settings)
{
  JsonObject    *object = json_node_get_object (config_map);
  JsonObject    *data = base_json_get_object (config_map, "data", NULL);
  GHashTableIter iter;
  gpointer       name;
  gpointer       value;

  if (data == NULL)
    {
      data = json_object_new ();
      json_object_set_object_member (object, "data", data);
    }

  g_hash_table_iter_init (&iter, stack_settings_get_extra (settings));
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (data, name, value);
}

static void
add_to_digest (JsonArray *array,
               JsonNode  *filled)
{
  JsonNode *data = base_json_get (filled, "data", NULL);

  if (data != NULL)
    json_array_add_element (array, json_node_ref (data));
}

/* Fills those templates that are, or are not, inputs of the digest. */
static gboolean
fill_pass (StackManifestSet   *self,
           const StackFilling *filling,
           GPtrArray          *filled,
           GError            **error)
{
  gboolean extra_added = FALSE;

  for (guint i = 0; i < self->templates->len; i++)
    {
      JsonNode *template = g_ptr_array_index (self->templates, i);
      JsonNode *node = NULL;

      if (is_input (self, template) != (filling->digest == NULL))
        continue;
      if (!stack_template_fill (template, filling, g_ptr_array_index (self->files, i), &node,
                                error))
        return FALSE;

      g_ptr_array_index (filled, i) = node;
      if (node != NULL && filling->digest == NULL && !extra_added &&
          g_str_equal (base_json_get_string (template, "kind", NULL), "ConfigMap"))
        {
          add_extra (node, filling->settings);
          extra_added = TRUE;
        }
    }

  return TRUE;
}

static char *
build_digest (GPtrArray *filled)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new ();

  json_node_take_array (node, array);
  for (guint i = 0; i < filled->len; i++)
    {
      if (g_ptr_array_index (filled, i) != NULL)
        add_to_digest (array, g_ptr_array_index (filled, i));
    }

  return base_json_digest (node);
}

/* A Job runs anew when the settings or one of the images are others. It becomes part of a name,
 * and so is short. */
static char *
build_run_digest (StackSettings *settings,
                  const char    *digest)
{
  static const StackFieldId ids[] = {
    STACK_FIELD_IMAGE,
    STACK_FIELD_MIGRATION_IMAGE,
    STACK_FIELD_PULL_POLICY,
  };
  g_autoptr(GString) text = g_string_new (digest);
  g_autofree char *whole = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_string_append_printf (text, "\n%s", stack_settings_get_text (settings, ids[i]));
  whole = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, text->len);

  return g_strndup (whole, RUN_DIGEST_LENGTH);
}

static void
node_unref (gpointer data)
{
  if (data != NULL)
    json_node_unref (data);
}

static void
stack_manifest_set_finalize (GObject *object)
{
  StackManifestSet *self = STACK_MANIFEST_SET (object);

  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->templates, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->headings, g_ptr_array_unref);
  g_clear_pointer (&self->certificate, stack_certificate_unref);
  g_clear_pointer (&self->ingress_class, g_free);

  G_OBJECT_CLASS (stack_manifest_set_parent_class)->finalize (object);
}

static void
stack_manifest_set_class_init (StackManifestSetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_manifest_set_finalize;
}

static void
stack_manifest_set_init (StackManifestSet *self)
{
  self->templates = g_ptr_array_new_with_free_func (node_unref);
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->headings = g_ptr_array_new_with_free_func (g_free);
}

/* A trial finds unknown placeholders when the files are read, not when somebody deploys. */
static gboolean
check_placeholders (StackManifestSet *self,
                    GError          **error)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("trial");
  g_autoptr(GPtrArray) filled = NULL;

  stack_settings_set_text (settings, STACK_FIELD_MIGRATION_IMAGE, "trial");
  filled = stack_manifest_set_fill (self, settings, error);

  return filled != NULL;
}

static char *
find_directory (const char *directory)
{
  const char *data = g_getenv ("HACKYSTACK_DATA_DIR");

  if (directory != NULL)
    return g_strdup (directory);

  return g_build_filename (data != NULL && *data != '\0' ? data : PKGDATADIR, "manifests", "basic",
                           NULL);
}

/* A thread, because GLib reads folders and small files synchronously. */
static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(StackManifestSet) self = g_object_new (STACK_TYPE_MANIFEST_SET, NULL);
  g_autoptr(GPtrArray) templates = NULL;
  GError *error = NULL;

  self->directory = g_strdup (task_data);
  templates = read_directory (self->directory, &error);
  if (templates == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < templates->len; i++)
    {
      Template *template = g_ptr_array_index (templates, i);

      g_ptr_array_add (self->templates, g_steal_pointer (&template->node));
      g_ptr_array_add (self->files, g_steal_pointer (&template->file));
      g_ptr_array_add (self->headings, g_steal_pointer (&template->heading));
    }

  if (check_placeholders (self, &error))
    g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * stack_manifest_set_load_async:
 * @directory: (nullable): a folder of YAML files; %NULL for manifests/basic in the folder named by
 *   the environment variable HACKYSTACK_DATA_DIR, or else in the program's data folder
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Reads all files of the folder that end in .yaml, each of one document or several.
 */
void
stack_manifest_set_load_async (const char         *directory,
                               GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_manifest_set_load_async);
  g_task_set_task_data (task, find_directory (directory), g_free);
  g_task_run_in_thread (task, load_thread);
}

/**
 * stack_manifest_set_load_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_MANIFEST, with the file and the path of the field, those of
 * [error@GLib.FileError], and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the manifests
 */
StackManifestSet *
stack_manifest_set_load_finish (GAsyncResult *result,
                                GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_manifest_set_load_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stack_manifest_set_get_directory:
 * @self: manifests
 *
 * Returns: (transfer none): the folder they were read from
 */
const char *
stack_manifest_set_get_directory (StackManifestSet *self)
{
  g_return_val_if_fail (STACK_IS_MANIFEST_SET (self), NULL);

  return self->directory;
}

/**
 * stack_manifest_set_get_templates:
 * @self: manifests
 *
 * Returns: (transfer none) (element-type JsonNode): the objects with their placeholders, in the
 *   order of application
 */
GPtrArray *
stack_manifest_set_get_templates (StackManifestSet *self)
{
  g_return_val_if_fail (STACK_IS_MANIFEST_SET (self), NULL);

  return self->templates;
}

/**
 * stack_manifest_set_get_certificate:
 * @self: manifests
 *
 * Returns: (transfer none) (nullable): the certificate that is put in
 */
StackCertificate *
stack_manifest_set_get_certificate (StackManifestSet *self)
{
  g_return_val_if_fail (STACK_IS_MANIFEST_SET (self), NULL);

  return self->certificate;
}

/**
 * stack_manifest_set_set_certificate:
 * @self: manifests
 * @certificate: (nullable): a certificate for the host of the settings
 *
 * What `${tlsCertificate}`, `${tlsKey}` and `${tlsAuthority}` stand for. Without one the Secret
 * for it is left out; see [func@provision_async].
 */
void
stack_manifest_set_set_certificate (StackManifestSet *self,
                                    StackCertificate *certificate)
{
  g_return_if_fail (STACK_IS_MANIFEST_SET (self));

  if (certificate != NULL)
    stack_certificate_ref (certificate);
  g_clear_pointer (&self->certificate, stack_certificate_unref);
  self->certificate = certificate;
}

/**
 * stack_manifest_set_get_ingress_class:
 * @self: manifests
 *
 * Returns: (transfer none) (nullable): the Ingress class for settings that name none
 */
const char *
stack_manifest_set_get_ingress_class (StackManifestSet *self)
{
  g_return_val_if_fail (STACK_IS_MANIFEST_SET (self), NULL);

  return self->ingress_class;
}

/**
 * stack_manifest_set_set_ingress_class:
 * @self: manifests
 * @ingress_class: (nullable): a class that the cluster has; %NULL to leave it to the cluster
 *
 * What `${ingressClass}` stands for while the settings name none.
 */
void
stack_manifest_set_set_ingress_class (StackManifestSet *self,
                                      const char       *ingress_class)
{
  g_return_if_fail (STACK_IS_MANIFEST_SET (self));

  g_free (self->ingress_class);
  self->ingress_class = g_strdup (ingress_class);
}

/**
 * stack_manifest_set_select:
 * @self: manifests
 * @settings: the answers
 *
 * Tells before anything is filled which objects there will be: some exist only with certain
 * answers.
 *
 * Returns: (transfer container) (element-type JsonNode): those of
 *   [method@ManifestSet.get_templates] that [method@ManifestSet.fill] would fill
 */
GPtrArray *
stack_manifest_set_select (StackManifestSet *self,
                           StackSettings    *settings)
{
  GPtrArray   *chosen = g_ptr_array_new ();
  StackFilling filling = {
    .settings = settings,
    .certificate = self->certificate,
  };

  g_return_val_if_fail (STACK_IS_SETTINGS (settings), chosen);

  for (guint i = 0; i < self->templates->len; i++)
    {
      JsonNode *template = g_ptr_array_index (self->templates, i);

      if (stack_template_applies (template, &filling))
        g_ptr_array_add (chosen, template);
    }

  return chosen;
}

static void
filled_file_free (gpointer data)
{
  StackFilledFile *file = data;

  g_clear_pointer (&file->node, json_node_unref);
  g_free (file);
}

static gboolean
fill_all (StackManifestSet *self,
          StackSettings    *settings,
          GPtrArray        *nodes,
          GError          **error)
{
  g_autofree char *digest = NULL;
  g_autofree char *run_digest = NULL;
  StackFilling     filling = {
        .settings = settings,
        .ingress_class = self->ingress_class,
        .certificate = self->certificate,
  };

  if (!fill_pass (self, &filling, nodes, error))
    return FALSE;

  digest = build_digest (nodes);
  run_digest = build_run_digest (settings, digest);
  filling.digest = digest;
  filling.run_digest = run_digest;

  return fill_pass (self, &filling, nodes, error);
}

/*
 * stack_manifest_set_fill_files:
 * @self: manifests
 * @settings: the answers to put in
 * @error: return location for an error
 *
 * Like [method@ManifestSet.fill], with the file of each object.
 *
 * Returns: (transfer full) (element-type StackFilledFile): the objects, in the order of
 *   application; to be freed before @self
 */
GPtrArray *
stack_manifest_set_fill_files (StackManifestSet *self,
                               StackSettings    *settings,
                               GError          **error)
{
  g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func (node_unref);
  GPtrArray *files;

  g_return_val_if_fail (STACK_IS_MANIFEST_SET (self), NULL);
  g_return_val_if_fail (STACK_IS_SETTINGS (settings), NULL);

  g_ptr_array_set_size (nodes, self->templates->len);
  if (!fill_all (self, settings, nodes, error))
    return NULL;

  files = g_ptr_array_new_with_free_func (filled_file_free);
  for (guint i = 0; i < nodes->len; i++)
    {
      StackFilledFile *file;

      if (g_ptr_array_index (nodes, i) == NULL)
        continue;

      file = g_new0 (StackFilledFile, 1);
      file->node = g_steal_pointer (&g_ptr_array_index (nodes, i));
      file->file = g_ptr_array_index (self->files, i);
      file->heading = g_ptr_array_index (self->headings, i);
      file->rank = rank (file->node);
      g_ptr_array_add (files, file);
    }

  return files;
}

/**
 * stack_manifest_set_fill:
 * @self: manifests
 * @settings: the answers to put in
 * @error: return location for an error
 *
 * Puts the answers in place of the placeholders `${key}` and `${key|base64}`, the certificate in
 * place of `${tlsCertificate}`, `${tlsKey}` and `${tlsAuthority}`, the extra variables into the
 * first ConfigMap, a SHA-256 over the data of the ConfigMaps and Secrets that pods take variables
 * from in place of `${digest}`, and ten digits of one over that and the images in place of
 * `${runDigest}`. What a `${when}` rules out is left out. The answers are not judged: see
 * [func@doctor_check].
 *
 * Possible errors are %STACK_ERROR_MANIFEST (unknown placeholder, with the file and the path of
 * the field) and %STACK_ERROR_VALUES (a number that is none).
 *
 * Returns: (transfer full) (element-type JsonNode): the objects, in the order of application.
 *   They hold secrets: show and keep them nowhere.
 */
GPtrArray *
stack_manifest_set_fill (StackManifestSet *self,
                         StackSettings    *settings,
                         GError          **error)
{
  g_autoptr(GPtrArray) files = stack_manifest_set_fill_files (self, settings, error);
  GPtrArray *nodes;

  if (files == NULL)
    return NULL;

  nodes = g_ptr_array_new_with_free_func (node_unref);
  for (guint i = 0; i < files->len; i++)
    {
      StackFilledFile *file = g_ptr_array_index (files, i);

      g_ptr_array_add (nodes, g_steal_pointer (&file->node));
    }

  return nodes;
}
