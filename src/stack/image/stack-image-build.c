/* stack-image-build.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-build.h"

#include "stack-error.h"
#include "stack-image-failure-private.h"
#include "stack-image-program-private.h"
#include "stack-image-scratch-private.h"
#include "stack-image-steps-private.h"

#include <string.h>

/* Who signs Minikube's clusters in the kubeconfig. */
#define MINIKUBE_PROVIDER "minikube.sigs.k8s.io"

/* What is kept of the output. */
#define MAX_LINES 5000

/* As registries have it (distribution/reference: regexp.go). */
#define TAG_PATTERN "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"

/**
 * StackImageBuild:
 *
 * Builds an image from a folder with a Dockerfile and puts it on the nodes of a cluster of
 * Minikube's, by the programs that are made for it. It runs once.
 *
 * The image is called `hackystack:` and the first twelve digits of its ID, which is made from its
 * contents: a build that changes something has another name, so the pods are replaced by a rolling
 * update and an undo finds the image from before; one that changes nothing has the same name. What
 * of the folder belongs to the image (.dockerignore) is for the programs to say.
 */
struct _StackImageBuild
{
  GObject parent_instance;

  KubeContext      *context; /* (owned) */
  char             *folder;  /* (owned) */
  char             *tag;     /* (owned) (nullable) */
  StackImageOutput *output;  /* (owned) */
  const char       *step;    /* (nullable) */
  StackImageTool    tool;
};

enum
{
  PROP_0,
  PROP_STEP,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (StackImageBuild, stack_image_build, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void start_step (GTask *task);

static void
stack_image_build_finalize (GObject *object)
{
  StackImageBuild *self = STACK_IMAGE_BUILD (object);

  g_clear_object (&self->context);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->tag, g_free);
  g_clear_object (&self->output);

  G_OBJECT_CLASS (stack_image_build_parent_class)->finalize (object);
}

static void
stack_image_build_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STEP:
      g_value_set_string (value, stack_image_build_get_step (STACK_IMAGE_BUILD (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_image_build_class_init (StackImageBuildClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = stack_image_build_finalize;
  object_class->get_property = stack_image_build_get_property;

  /**
   * StackImageBuild:step:
   *
   * What is going on, in words; %NULL before and after.
   */
  properties[PROP_STEP] =
      g_param_spec_string ("step", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
stack_image_build_init (StackImageBuild *self)
{
  self->output = stack_image_output_new (MAX_LINES);
}

/**
 * stack_image_build_new:
 * @context: the cluster
 * @folder: (type filename): a folder with a Dockerfile
 * @tool: what shall build
 *
 * Returns: (transfer full): a build that has not begun
 */
StackImageBuild *
stack_image_build_new (KubeContext   *context,
                       const char    *folder,
                       StackImageTool tool)
{
  StackImageBuild *self;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (STACK_TYPE_IMAGE_BUILD, NULL);
  self->context = g_object_ref (context);
  /* Whole, so that no name is taken for an option. */
  self->folder = g_canonicalize_filename (folder, NULL);
  self->tool = tool;

  return self;
}

/**
 * stack_image_build_set_tag:
 * @self: a build that has not begun
 * @tag: the tag for the image
 * @error: return location for an error
 *
 * Has the image called `hackystack:TAG` rather than after its contents. When it is built anew with
 * the same tag, pods that run are not replaced.
 *
 * Possible errors: %STACK_ERROR_VALUES if it is no tag, or `latest`.
 *
 * Returns: whether it can be used
 */
gboolean
stack_image_build_set_tag (StackImageBuild *self,
                           const char      *tag,
                           GError         **error)
{
  g_return_val_if_fail (STACK_IS_IMAGE_BUILD (self), FALSE);
  g_return_val_if_fail (tag != NULL, FALSE);

  if (!g_regex_match_simple (TAG_PATTERN, tag, G_REGEX_DOLLAR_ENDONLY, 0))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "“%s” cannot be the tag of an image. It may hold letters, digits, “_”, “.” and "
                   "“-”, at most 128, and begins with a letter, a digit or “_”. Choose another one.",
                   tag);
      return FALSE;
    }
  if (g_str_equal (tag, "latest"))
    {
      g_set_error_literal (error, STACK_ERROR, STACK_ERROR_VALUES,
                           "“latest” is no good tag. It does not tell one build from the next, so "
                           "pods would go on with the old one. Choose another, or none: the image "
                           "is then called after its contents.");
      return FALSE;
    }

  g_free (self->tag);
  self->tag = g_strdup (tag);

  return TRUE;
}

/**
 * stack_image_build_get_folder:
 * @self: a build
 *
 * Returns: (transfer none) (type filename): the folder, as an absolute path
 */
const char *
stack_image_build_get_folder (StackImageBuild *self)
{
  g_return_val_if_fail (STACK_IS_IMAGE_BUILD (self), NULL);

  return self->folder;
}

/**
 * stack_image_build_get_step:
 * @self: a build
 *
 * Returns: (transfer none) (nullable): what is going on, in words
 */
const char *
stack_image_build_get_step (StackImageBuild *self)
{
  g_return_val_if_fail (STACK_IS_IMAGE_BUILD (self), NULL);

  return self->step;
}

/**
 * stack_image_build_get_output:
 * @self: a build
 *
 * Returns: (transfer none): what was run and what it says, the last 5000 lines
 */
StackImageOutput *
stack_image_build_get_output (StackImageBuild *self)
{
  g_return_val_if_fail (STACK_IS_IMAGE_BUILD (self), NULL);

  return self->output;
}

static void
set_step (StackImageBuild *self,
          const char      *step)
{
  self->step = step;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
}

static void
build_remove_scratch_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackImageRun   *run = g_task_get_task_data (task);
  StackImageBuild *self = g_task_get_source_object (task);

  if (!_stack_image_scratch_remove_finish (result, &error))
    g_debug ("%s", error->message);
  set_step (self, NULL);
  if (run->error != NULL)
    g_task_return_error (task, g_steal_pointer (&run->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&run->reference), g_free);
}

/* Takes the task, and the error if there is one. */
static void
finish (GTask  *task,
        GError *error)
{
  StackImageRun   *run = g_task_get_task_data (task);
  StackImageBuild *self = g_task_get_source_object (task);

  if (run->scratch == NULL)
    {
      set_step (self, NULL);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  run->error = error;
  _stack_image_scratch_remove_async (run->scratch, build_remove_scratch_cb, task);
}

static void
build_step_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  StackImageRun   *run = g_task_get_task_data (task);
  StackImageBuild *self = g_task_get_source_object (task);
  GError          *error = NULL;
  int              status;

  if (_stack_image_program_run_finish (result, &status, &error))
    {
      if (status != 0)
        error = _stack_image_failure_new (self->output, run->step->command, status,
                                          run->profile);
      else if (run->step->take != NULL)
        run->step->take (run, &error);
    }

  if (error == NULL && (++run->step)->command != NULL)
    start_step (g_steal_pointer (&task));
  else
    finish (g_steal_pointer (&task), error);
}

/* As one would type it: the program without its folder. */
static char *
quote_command (GPtrArray *argv)
{
  GString *command = g_string_new ("$");

  for (guint i = 0; i < argv->len && g_ptr_array_index (argv, i) != NULL; i++)
    {
      const char      *word = g_ptr_array_index (argv, i);
      g_autofree char *name = i == 0 ? g_path_get_basename (word) : g_filename_display_name (word);
      gboolean         plain = strpbrk (name, " \t\n'\"\\$`*?[](){}<>|&;#~!") == NULL && *name != '\0';
      g_autofree char *quoted = plain ? g_strdup (name) : g_shell_quote (name);

      g_string_append_printf (command, " %s", quoted);
    }

  return g_string_free (command, FALSE);
}

/* Takes the task. */
static void
start_step (GTask *task)
{
  StackImageRun   *run = g_task_get_task_data (task);
  StackImageBuild *self = g_task_get_source_object (task);
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *command = NULL;

  run->step->add_arguments (run, argv);
  g_ptr_array_add (argv, NULL);
  command = quote_command (argv);
  set_step (self, run->step->words);
  stack_image_output_begin (self->output, command);
  g_string_truncate (run->document, 0);
  _stack_image_program_run_async ((const char *const *) argv->pdata,
                                  (const char *const *) run->environment, self->output,
                                  run->step->reads ? run->document : NULL,
                                  g_task_get_cancellable (task), build_step_cb, task);
}

static void
build_make_scratch_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError          *error = NULL;
  StackImageRun   *run = g_task_get_task_data (task);
  StackImageBuild *self = g_task_get_source_object (task);

  run->scratch = _stack_image_scratch_make_finish (result, &error);
  if (run->scratch == NULL)
    {
      finish (g_steal_pointer (&task), error);
      return;
    }

  run->environment = g_environ_setenv (g_get_environ (), "PATH", run->tools->path, TRUE);
  run->environment = g_environ_setenv (run->environment, "TMPDIR", run->scratch, TRUE);
  run->step = self->tool == STACK_IMAGE_TOOL_DOCKER ? _stack_image_docker_steps
                                                    : _stack_image_minikube_steps;
  start_step (g_steal_pointer (&task));
}

static void
build_find_tools_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GCancellable    *cancellable = g_task_get_cancellable (task);
  GError          *error = NULL;
  StackImageRun   *run = g_task_get_task_data (task);
  StackImageBuild *self = g_task_get_source_object (task);

  run->tools = _stack_image_tools_find_finish (result, &error);
  if (error == NULL && run->tools->minikube == NULL)
    error = _stack_image_failure_new_missing ("minikube");
  else if (error == NULL && run->tools->docker == NULL && self->tool == STACK_IMAGE_TOOL_DOCKER)
    error = _stack_image_failure_new_missing ("docker");

  if (error != NULL)
    finish (g_steal_pointer (&task), error);
  else
    _stack_image_scratch_make_async (cancellable, build_make_scratch_cb, g_steal_pointer (&task));
}

static GError *
new_folder_error (StackImageBuild *self,
                  GError          *cause,
                  gboolean         is_there)
{
  g_autofree char *name = g_filename_display_name (self->folder);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && !is_there)
    return g_error_new (STACK_ERROR, STACK_ERROR_NO_DOCKERFILE,
                        "No image can be built from “%s”: there is no such folder. Choose the folder "
                        "with the app's sources.",
                        name);
  if (!is_there)
    return g_error_new (STACK_ERROR, STACK_ERROR_NO_DOCKERFILE,
                        "No image can be built from “%s”: %s. Choose the folder with the app's "
                        "sources.",
                        name, cause != NULL ? cause->message : "it is not a folder");

  return g_error_new (STACK_ERROR, STACK_ERROR_NO_DOCKERFILE,
                      "No image can be built from “%s”: it holds no file called Dockerfile, which "
                      "says how. Choose the folder with the app's sources, or write one there.",
                      name);
}

static void
build_query_dockerfile_cb (GObject      *object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (object), result, &error);
  StackImageBuild *self = g_task_get_source_object (task);
  GCancellable    *cancellable = g_task_get_cancellable (task);

  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    finish (g_steal_pointer (&task), new_folder_error (self, error, TRUE));
  else
    _stack_image_tools_find_async (cancellable, build_find_tools_cb, g_steal_pointer (&task));
}

static void
query_type (GFile              *file,
            GTask              *task,
            GAsyncReadyCallback callback)
{
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, g_task_get_cancellable (task), callback,
                           g_object_ref (task));
}

static void
build_query_folder_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInfo) info = g_file_query_info_finish (G_FILE (object), result, &error);
  g_autoptr(GFile) dockerfile = g_file_get_child (G_FILE (object), "Dockerfile");
  StackImageBuild *self = g_task_get_source_object (task);

  if (info == NULL || g_file_info_get_file_type (info) != G_FILE_TYPE_DIRECTORY)
    finish (g_steal_pointer (&task), new_folder_error (self, error, FALSE));
  else
    query_type (dockerfile, task, build_query_dockerfile_cb);
}

static GError *
new_cluster_error (StackImageBuild *self)
{
  g_autofree char *name = g_filename_display_name (self->folder);

  return g_error_new (STACK_ERROR, STACK_ERROR_NOT_MINIKUBE,
                      "The context “%s” is no cluster of Minikube's, so no image can be put on its "
                      "nodes from here. Build it with “docker build -t REGISTRY/" STACK_IMAGE_NAME ":TAG %s”, "
                      "push it with “docker push REGISTRY/" STACK_IMAGE_NAME ":TAG” to a registry that the "
                      "cluster can reach, and enter that name as the image.",
                      kube_context_get_name (self->context), name);
}

/**
 * stack_image_build_run_async:
 * @self: a build that has not begun
 * @cancellable: (nullable): a cancellable, which ends the programs with all that they have started
 * @callback: (scope async): called when the nodes have the image, or will not get it
 * @user_data: data for @callback
 *
 * Builds the image and sees to it that the cluster has it. The programs are looked for on our own
 * PATH and that of the login shell, run for as long as they take, and are not believed: Minikube
 * calls builds that failed a success. What is to be seen of them is in
 * [method@ImageBuild.get_output].
 */
void
stack_image_build_run_async (StackImageBuild    *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GFile) folder = NULL;
  StackImageRun *run;

  g_return_if_fail (STACK_IS_IMAGE_BUILD (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_image_build_run_async);
  run = _stack_image_run_new (stack_image_get_profile (self->context), self->folder, self->tag,
                              self->output);
  g_task_set_task_data (task, run, _stack_image_run_free);

  set_step (self, "Looking at the folder");
  if (run->profile == NULL)
    {
      finish (g_steal_pointer (&task), new_cluster_error (self));
      return;
    }

  folder = g_file_new_for_path (self->folder);
  query_type (folder, task, build_query_folder_cb);
}

/**
 * stack_image_build_run_finish:
 * @self: a build
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors: %STACK_ERROR_NO_DOCKERFILE, %STACK_ERROR_NO_TOOL, %STACK_ERROR_NOT_MINIKUBE,
 * %STACK_ERROR_BUILD with the last words of what failed, and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the reference of the image, or %NULL with @error set
 */
char *
stack_image_build_run_finish (StackImageBuild *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_image_build_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * stack_image_get_profile:
 * @context: a cluster
 *
 * Gets what Minikube calls the cluster: it gives its name to the cluster in the kubeconfig.
 *
 * Returns: (transfer none) (nullable): the name of a profile; %NULL if it is no cluster of
 *   Minikube's, for which no image can be built
 */
const char *
stack_image_get_profile (KubeContext *context)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (context), NULL);

  return g_strcmp0 (kube_context_get_provider (context), MINIKUBE_PROVIDER) == 0
             ? kube_context_get_cluster_name (context)
             : NULL;
}

/**
 * stack_image_use:
 * @reference: an image that the nodes have, and no registry
 * @settings: answers
 *
 * Answers the question for the image. The pull policy becomes IfNotPresent if it was Always: the
 * nodes would look in vain for the image in a registry.
 */
void
stack_image_use (const char    *reference,
                 StackSettings *settings)
{
  g_return_if_fail (reference != NULL);
  g_return_if_fail (STACK_IS_SETTINGS (settings));

  stack_settings_set_text (settings, STACK_FIELD_IMAGE, reference);
  if (g_str_equal (stack_settings_get_text (settings, STACK_FIELD_PULL_POLICY), "Always"))
    stack_settings_set_text (settings, STACK_FIELD_PULL_POLICY, "IfNotPresent");
}
