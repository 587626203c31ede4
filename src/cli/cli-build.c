/* cli-build.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-build.h"

#include "cli-error.h"
#include "cli-json.h"

#include "stack-image-build.h"

static CliPrinter *
get_printer (CliInvocation *invocation)
{
  return cli_invocation_get_printer (invocation);
}

/**
 * cli_build_check_options:
 * @invocation: an invocation
 * @error: where to put an error
 *
 * Returns: whether `--builder` names a program that can build; or else %CLI_ERROR_USAGE
 */
gboolean
cli_build_check_options (CliInvocation *invocation,
                         GError       **error)
{
  const char *builder;

  g_return_val_if_fail (CLI_IS_INVOCATION (invocation), FALSE);

  builder = cli_invocation_get_options (invocation)->builder;
  if (builder == NULL || g_str_equal (builder, "minikube") || g_str_equal (builder, "docker"))
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "“%s” builds no image. minikube does so on the cluster, docker on this computer. Write "
               "--builder=minikube or --builder=docker.",
               builder);

  return FALSE;
}

/* Standard output is for the image's name. */
static void
print_line (CliInvocation  *invocation,
            StackImageLine *line)
{
  CliPrinter *printer = get_printer (invocation);
  const char *text = stack_image_line_get_text (line);
  g_autoptr(JsonBuilder) builder = NULL;

  if (!cli_printer_is_json (printer))
    {
      cli_printer_note (printer, "%s", text);
      return;
    }

  builder = cli_json_begin (stack_image_line_is_command (line) ? "command" : "output");
  cli_json_add_string (builder, "text", text);
  json_builder_end_object (builder);
  cli_printer_event (printer, builder);
}

static void
on_output_changed_cb (GListModel    *output,
                      guint          position,
                      guint          n_removed,
                      guint          n_added,
                      CliInvocation *invocation)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(StackImageLine) line = g_list_model_get_item (output, position + i);

      print_line (invocation, line);
    }
}

static void
cli_build_run_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError          *error = NULL;
  StackImageBuild *build = STACK_IMAGE_BUILD (object);
  char            *reference = stack_image_build_run_finish (build, result, &error);

  g_signal_handlers_disconnect_by_func (stack_image_build_get_output (build), on_output_changed_cb,
                                        g_task_get_source_object (task));
  if (reference != NULL)
    g_task_return_pointer (task, reference, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * cli_build_run_async:
 * @invocation: an invocation that was loaded
 * @folder: (type filename): a folder with a Dockerfile
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the cluster has the image
 * @user_data: data for @callback
 *
 * Builds an image for the cluster, as `--builder` and `--tag` say, and prints what the programs say
 * meanwhile: to standard error, or as events in JSON mode.
 */
void
cli_build_run_async (CliInvocation      *invocation,
                     const char         *folder,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(StackImageBuild) build = NULL;
  GError      *error = NULL;
  KubeContext *context;
  CliOptions  *options;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (folder != NULL);

  options = cli_invocation_get_options (invocation);
  task = g_task_new (invocation, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_build_run_async);
  context = cli_invocation_find_context (invocation, &error);
  if (context == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  build = stack_image_build_new (context, folder,
                                 g_strcmp0 (options->builder, "docker") == 0
                                     ? STACK_IMAGE_TOOL_DOCKER
                                     : STACK_IMAGE_TOOL_MINIKUBE);
  if (options->tag != NULL && !stack_image_build_set_tag (build, options->tag, &error))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE, "%s", error->message);
      g_error_free (error);
      return;
    }

  g_signal_connect (stack_image_build_get_output (build), "items-changed",
                    G_CALLBACK (on_output_changed_cb), invocation);
  stack_image_build_run_async (build, cancellable, cli_build_run_cb, g_steal_pointer (&task));
}

/**
 * cli_build_run_finish:
 * @invocation: an invocation
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@build_run_async].
 *
 * Returns: (transfer full) (nullable): the reference of the image; or %NULL with an error of
 *   %STACK_ERROR, %KUBE_ERROR or %CLI_ERROR, or %G_IO_ERROR_CANCELLED
 */
char *
cli_build_run_finish (CliInvocation *invocation,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, invocation), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_build_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
