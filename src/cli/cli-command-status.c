/* cli-command-status.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"
#include "cli-pods.h"

#include "stack-status.h"

static void
print_field (CliPrinter *printer,
             const char *name,
             const char *text)
{
  if (text != NULL && text[0] != '\0')
    cli_printer_line (printer, "  %-10s %s", name, text);
}

static char *
dup_url (StackStatus *status)
{
  return status->host != NULL ? g_strdup_printf ("https://%s", status->host) : NULL;
}

static void
print_health (CliPrinter  *printer,
              StackStatus *status)
{
  g_autofree char *text = NULL;

  if (status->health_status != 0)
    text = g_strdup_printf ("%s (HTTP %u)", status->health != NULL ? status->health : "",
                            status->health_status);
  print_field (printer, "Health", text != NULL ? text : status->health);
}

static void
print_text (CliInvocation *invocation,
            StackStatus   *status)
{
  CliPrinter      *printer = cli_invocation_get_printer (invocation);
  KubeContext     *context = stack_session_get_context (cli_invocation_get_session (invocation));
  g_autofree char *summary = cli_printer_paint (printer, CLI_STYLE_BOLD, status->summary);
  g_autofree char *url = dup_url (status);

  cli_printer_line (printer, "%s", summary);
  print_field (printer, "Context", kube_context_get_name (context));
  print_field (printer, "Namespace", cli_invocation_get_namespace (invocation));
  if (!status->deployed)
    return;

  print_field (printer, "Address", url);
  print_field (printer, "Image", status->image);
  cli_printer_line (printer, "  %-10s %u of %u", "Ready", status->ready, status->desired);
  print_health (printer, status);
  if (status->pods->len > 0)
    cli_printer_line (printer, "%s", "");
  cli_pods_print (status->pods, printer);
}

static void
add_health (JsonBuilder *builder,
            StackStatus *status)
{
  if (status->health == NULL && status->health_status == 0)
    {
      cli_json_add_string (builder, "health", NULL);
      return;
    }

  json_builder_set_member_name (builder, "health");
  json_builder_begin_object (builder);
  cli_json_add_int (builder, "status", status->health_status);
  cli_json_add_string (builder, "answer", status->health);
  json_builder_end_object (builder);
}

static void
print_json (CliInvocation *invocation,
            StackStatus   *status)
{
  KubeContext *context = stack_session_get_context (cli_invocation_get_session (invocation));
  g_autoptr(JsonBuilder) builder = cli_json_begin ("status");
  g_autofree char *url = dup_url (status);

  cli_json_add_string (builder, "context", kube_context_get_name (context));
  cli_json_add_string (builder, "server", kube_context_get_server (context));
  cli_json_add_string (builder, "namespace", cli_invocation_get_namespace (invocation));
  cli_json_add_boolean (builder, "deployed", status->deployed);
  cli_json_add_string (builder, "summary", status->summary);
  cli_json_add_string (builder, "image", status->image);
  cli_json_add_string (builder, "host", status->host);
  cli_json_add_string (builder, "url", url);
  cli_json_add_int (builder, "ready", status->ready);
  cli_json_add_int (builder, "desired", status->desired);
  add_health (builder, status);
  cli_pods_add_json (status->pods, builder);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

static void
status_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackStatus) status = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);

  status = stack_status_read_finish (result, &error);
  if (status == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (cli_printer_is_json (cli_invocation_get_printer (invocation)))
    print_json (invocation, status);
  else
    print_text (invocation, status);

  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
status_connect_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_connect_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  stack_status_read_async (stack_session_get_client (cli_invocation_get_session (invocation)),
                           cli_invocation_get_namespace (invocation),
                           cancellable, status_read_cb,
                           g_steal_pointer (&task));
}

static void
status_run (CliInvocation *invocation,
            GTask         *task)
{
  cli_invocation_connect_async (invocation, g_task_get_cancellable (task), status_connect_cb, task);
}

const CliCommand CLI_COMMAND_STATUS = {
  .name = "status",
  .summary = "say whether the app runs, and how",
  .operands = "",
  .description =
      "Says whether Hacky Stack is deployed in the namespace, with which image and at\n"
      "which address, how many of its pods are ready, and what the app itself answers\n"
      "when it is asked for its health. Nothing is changed.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl status\n"
      "  hackystackctl status -n hackystack --json\n"
      "\n"
      "Exit status: 0 the state could be read, whatever it is (also \"not deployed\"),\n"
      "1 it could not be read, 2 wrong usage, 130 cancelled. Programs read the state\n"
      "from --json.\n",
  .run = status_run,
};
