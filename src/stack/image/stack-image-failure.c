/* stack-image-failure.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-failure-private.h"

#include "stack-error.h"

/* What the tools say and what it means: for the advice only, since whether something failed is told
 * by exit statuses, and by what the nodes have. */
static const struct
{
  const char *said;   /* in small letters */
  const char *advice; /* with the profile for %s */
} advices[] = {
  { "no space left on device",
    "A disk is full: this computer's, or that of the node. Make room, for example with “docker "
    "system prune” or “minikube -p %s ssh -- docker system prune”, and build again." },
  { "permission denied while trying to connect to the docker daemon",
    "You may not use Docker. Join its group with “sudo usermod -aG docker $USER”, sign out and in "
    "again, and build again." },
  { "cannot connect to the docker daemon",
    "Docker does not run. Start it, for example with “sudo systemctl start docker”, and build "
    "again." },
  { "\" does not exist",
    "Minikube has no such cluster any more. See which it has with “minikube profile list”, and "
    "choose the context of one of them." },
  { "failed to read dockerfile",
    "Check that the Dockerfile can be read and is not named in .dockerignore, and build again." },
};

/* Returns NULL where the words are not known. */
static char *
dup_advice (StackImageOutput *output,
            const char       *profile)
{
  for (guint i = 0; i < G_N_ELEMENTS (advices); i++)
    {
      g_auto(GStrv) parts = NULL;

      if (!stack_image_output_says (output, advices[i].said))
        continue;
      parts = g_strsplit (advices[i].advice, "%s", -1);

      return g_strjoinv (profile, parts);
    }

  return NULL;
}

static char *
quote (const char *words)
{
  return *words != '\0' ? g_strdup_printf ("Its last words: “%s”.", words)
                        : g_strdup ("It said nothing.");
}

/*
 * _stack_image_failure_new:
 * @output: what the command has printed
 * @command: the command, as people call it
 * @exit_status: how it ended, as shells say it
 * @profile: the cluster's name
 *
 * Returns: (transfer full): why a command failed, in its own words, and what to do
 */
GError *
_stack_image_failure_new (StackImageOutput *output,
                          const char       *command,
                          int               exit_status,
                          const char       *profile)
{
  g_autofree char *words = stack_image_output_dup_last_words (output);
  g_autofree char *quoted = quote (words);
  g_autofree char *advice = dup_advice (output, profile);
  g_autofree char *how = NULL;

  if (exit_status >= 128)
    how = g_strdup_printf ("was ended by the signal %d", exit_status - 128);
  else
    how = g_strdup_printf ("failed with the exit code %d", exit_status);

  return g_error_new (STACK_ERROR, STACK_ERROR_BUILD, "The image was not built: “%s” %s. %s %s",
                      command, how, quoted,
                      advice != NULL   ? advice
                      : *words != '\0' ? "Mend what they say, and build again."
                                       : "Run it in a terminal to see why, or build again.");
}

/*
 * _stack_image_failure_new_silent:
 * @output: what the command that ought to have brought the image has printed
 * @profile: the cluster's name
 *
 * For what Minikube calls a success (it exits with 0 when a build fails on a node, or when the
 * cluster is stopped: pkg/minikube/machine/build_images.go), and after which no node has the image.
 *
 * Returns: (transfer full): an error
 */
GError *
_stack_image_failure_new_silent (StackImageOutput *output,
                                 const char       *profile)
{
  g_autofree char *words = stack_image_output_dup_last_words (output);
  g_autofree char *quoted = quote (words);
  g_autofree char *advice = dup_advice (output, profile);

  if (advice == NULL)
    advice = g_strdup_printf ("%s with “minikube -p %s status” whether the cluster runs. Then build "
                              "again.",
                              *words != '\0' ? "Mend what they say, or see" : "See", profile);

  return g_error_new (STACK_ERROR, STACK_ERROR_BUILD,
                      "The image was not built: Minikube reports no failure, but no node has it. "
                      "%s %s",
                      quoted, advice);
}

/*
 * _stack_image_failure_new_missing:
 * @program: “minikube” or “docker”
 *
 * Returns: (transfer full): an error that says that the program is not there
 */
GError *
_stack_image_failure_new_missing (const char *program)
{
  return g_error_new (STACK_ERROR, STACK_ERROR_NO_TOOL,
                      "The program “%s”, which builds the image, was not found on this computer. "
                      "It is in no folder of the PATH, nor of that of your login shell. Install it, "
                      "or add its folder to the PATH.",
                      program);
}
