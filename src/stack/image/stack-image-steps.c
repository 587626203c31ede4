/* stack-image-steps.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-steps-private.h"

#include "stack-error.h"
#include "stack-image-failure-private.h"

#include <string.h>

#define ARCHIVE "image.tar"
#define DIGEST "sha256:"

/* Digits of an image's ID that are its tag, as Docker shows them. */
#define ID_DIGITS 12

/*
 * _stack_image_run_new:
 * @profile: (nullable): the profile of Minikube
 * @folder: the folder
 * @tag: (nullable): the tag that the user wants
 * @output: where goes what is said
 *
 * Returns: (transfer full): a build that has not begun
 */
StackImageRun *
_stack_image_run_new (const char       *profile,
                      const char       *folder,
                      const char       *tag,
                      StackImageOutput *output)
{
  StackImageRun *run = g_new0 (StackImageRun, 1);

  run->profile = g_strdup (profile);
  run->folder = g_strdup (folder);
  run->output = g_object_ref (output);
  run->document = g_string_new (NULL);
  if (tag != NULL)
    run->reference = g_strdup_printf (STACK_IMAGE_NAME ":%s", tag);
  /* A name of its own: an image that was there before would hide that the build failed. */
  run->built = g_strdup_printf (STACK_IMAGE_NAME ":build-%08x%08x", g_random_int (),
                                g_random_int ());

  return run;
}

void
_stack_image_run_free (gpointer data)
{
  StackImageRun *run = data;

  g_free (run->profile);
  g_free (run->folder);
  g_object_unref (run->output);
  g_clear_pointer (&run->tools, _stack_image_tools_free);
  g_clear_pointer (&run->environment, g_strfreev);
  g_free (run->scratch);
  g_string_free (run->document, TRUE);
  g_free (run->built);
  g_free (run->reference);
  g_clear_error (&run->silent);
  g_clear_error (&run->error);
  g_free (run);
}

static void
add (GPtrArray *argv,
     ...) G_GNUC_NULL_TERMINATED;

static void
add (GPtrArray *argv,
     ...)
{
  va_list     arguments;
  const char *argument;

  va_start (arguments, argv);
  while ((argument = va_arg (arguments, const char *)) != NULL)
    g_ptr_array_add (argv, g_strdup (argument));
  va_end (arguments);
}

static void
add_minikube (StackImageRun *run,
              GPtrArray     *argv,
              const char    *verb)
{
  add (argv, run->tools->minikube, "-p", run->profile, "image", verb, NULL);
}

/* On every node, since pods may run on each. */
static void
add_minikube_build (StackImageRun *run,
                    GPtrArray     *argv)
{
  add_minikube (run, argv, "build");
  add (argv, "--all", "-t", run->built, run->folder, NULL);
}

static void
add_minikube_list (StackImageRun *run,
                   GPtrArray     *argv)
{
  add_minikube (run, argv, "ls");
  add (argv, "--format", "json", NULL);
}

static void
add_minikube_tag (StackImageRun *run,
                  GPtrArray     *argv)
{
  add_minikube (run, argv, "tag");
  add (argv, run->built, run->reference, NULL);
}

static void
add_minikube_load (StackImageRun *run,
                   GPtrArray     *argv)
{
  g_autofree char *archive = g_build_filename (run->scratch, ARCHIVE, NULL);

  add_minikube (run, argv, "load");
  add (argv, archive, NULL);
}

static void
add_docker_build (StackImageRun *run,
                  GPtrArray     *argv)
{
  add (argv, run->tools->docker, "build", "-t", run->built, run->folder, NULL);
}

static void
add_docker_inspect (StackImageRun *run,
                    GPtrArray     *argv)
{
  add (argv, run->tools->docker, "image", "inspect", "--format", "{{.Id}}", run->built, NULL);
}

static void
add_docker_tag (StackImageRun *run,
                GPtrArray     *argv)
{
  add (argv, run->tools->docker, "tag", run->built, run->reference, NULL);
}

/* It has two names by then, and loses one. */
static void
add_docker_untag (StackImageRun *run,
                  GPtrArray     *argv)
{
  add (argv, run->tools->docker, "rmi", run->built, NULL);
}

static void
add_docker_save (StackImageRun *run,
                 GPtrArray     *argv)
{
  g_autofree char *archive = g_build_filename (run->scratch, ARCHIVE, NULL);

  add (argv, run->tools->docker, "save", "-o", archive, run->built, NULL);
}

/* Called while what the command printed is what was printed last. */
static gboolean
take_silence (StackImageRun *run,
              GError       **error)
{
  g_clear_error (&run->silent);
  run->silent = _stack_image_failure_new_silent (run->output, run->profile);

  return TRUE;
}

static gboolean
name_image (StackImageRun *run,
            const char    *id,
            GError       **error)
{
  if (strspn (id, "0123456789abcdef") < ID_DIGITS)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_BUILD,
                   "The image was built, but “%s” is not understood as its ID. Build with the other "
                   "program of Minikube and Docker, or give the image a tag of your own.",
                   id);
      return FALSE;
    }

  g_free (run->reference);
  run->reference = g_strdup_printf (STACK_IMAGE_NAME ":%.*s", ID_DIGITS, id);

  return TRUE;
}

static gboolean
take_inspected_id (StackImageRun *run,
                   GError       **error)
{
  const char *id = g_strstrip (run->document->str);

  return run->reference != NULL ||
         name_image (run, g_str_has_prefix (id, DIGEST) ? id + strlen (DIGEST) : id, error);
}

/* Returns NULL with the error when no node has the image. */
static char *
find_listed (StackImageRun *run,
             const char    *reference,
             GError       **error)
{
  GError *cause = NULL;
  char   *id = _stack_image_tools_find_id (run->document->str, reference, &cause);

  if (id == NULL)
    g_propagate_error (error, cause != NULL ? cause : g_steal_pointer (&run->silent));

  return id;
}

static gboolean
take_built (StackImageRun *run,
            GError       **error)
{
  g_autofree char *id = find_listed (run, run->built, error);

  return id != NULL && (run->reference != NULL || name_image (run, id, error));
}

static gboolean
take_named (StackImageRun *run,
            GError       **error)
{
  g_autofree char *id = find_listed (run, run->reference, error);

  return id != NULL;
}

const StackImageStep _stack_image_minikube_steps[] = {
  { "Building the image on the cluster", "minikube image build", add_minikube_build, take_silence },
  { "Looking whether the cluster has it", "minikube image ls", add_minikube_list, take_built,
    TRUE },
  { "Naming the image", "minikube image tag", add_minikube_tag, take_silence },
  { "Looking whether the cluster has it", "minikube image ls", add_minikube_list, take_named,
    TRUE },
  { NULL },
};

const StackImageStep _stack_image_docker_steps[] = {
  { "Building the image", "docker build", add_docker_build, NULL },
  { "Reading its ID", "docker image inspect", add_docker_inspect, take_inspected_id, TRUE },
  { "Writing it into a file", "docker save", add_docker_save, NULL },
  { "Naming the image", "docker tag", add_docker_tag, NULL },
  { "Naming the image", "docker rmi", add_docker_untag, NULL },
  { "Bringing it to the cluster", "minikube image load", add_minikube_load, take_silence },
  { "Looking whether the cluster has it", "minikube image ls", add_minikube_list, take_built,
    TRUE },
  { "Naming the image", "minikube image tag", add_minikube_tag, take_silence },
  { "Looking whether the cluster has it", "minikube image ls", add_minikube_list, take_named,
    TRUE },
  { NULL },
};
