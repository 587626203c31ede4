/* cli-command-port-forward.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-pod-operand.h"

#include "kube-port-forward.h"

#include <string.h>

static const CliOption port_forward_options[] = {
  { "address", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, address), "ADDRESS",
    "the address of this computer to open ports on (default: 127.0.0.1)" },
  { NULL },
};

typedef struct
{
  const KubeResource *resource;
  char               *name;
  GPtrArray          *forwards;  /* (element-type KubePortForward) (owned) */
  guint               n_started; /* one after the other */
  GSource            *cancelled; /* (nullable) */
} PortForward;

static void
port_forward_free (PortForward *state)
{
  for (guint i = 0; i < state->forwards->len; i++)
    {
      KubePortForward *forward = g_ptr_array_index (state->forwards, i);

      g_signal_handlers_disconnect_matched (forward, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, state);
      kube_port_forward_stop (forward);
    }
  g_ptr_array_unref (state->forwards);
  if (state->cancelled != NULL)
    g_source_destroy (state->cancelled);
  g_clear_pointer (&state->cancelled, g_source_unref);
  g_free (state->name);
  g_free (state);
}

static CliPrinter *
get_printer (GTask *task)
{
  return cli_invocation_get_printer (g_task_get_source_object (task));
}

static void
on_forward_accepted_cb (KubePortForward *forward,
                        CliPrinter      *printer)
{
  cli_printer_line (printer, "Handling connection for %u",
                    kube_port_forward_get_local_port (forward));
}

static void
on_forward_failed_cb (KubePortForward *forward,
                      const GError    *error,
                      CliPrinter      *printer)
{
  cli_printer_warning (printer, "warning", error->message);
}

static void
on_forward_notify_pod_cb (KubePortForward *forward,
                          GParamSpec      *pspec,
                          CliPrinter      *printer)
{
  cli_printer_note (printer, "Port %u leads to pod %s now.",
                    kube_port_forward_get_local_port (forward),
                    kube_port_forward_get_pod (forward));
}

/* Ctrl+C is how it ends: that needs no words. */
static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;

  g_task_return_int (task, CLI_EXIT_CANCELLED);

  return G_SOURCE_REMOVE;
}

static void
tell_open (KubePortForward *forward,
           CliPrinter      *printer)
{
  const char *address = kube_port_forward_get_address (forward);
  gboolean    is_ipv6 = strchr (address, ':') != NULL;
  const char *before = is_ipv6 ? "[" : "";
  const char *behind = is_ipv6 ? "]" : "";

  cli_printer_line (printer, "Forwarding from %s%s%s:%u -> %u", before, address, behind,
                    kube_port_forward_get_local_port (forward),
                    kube_port_forward_get_pod_port (forward));
}

static void start_next (GTask *task);

static void
port_forward_start_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  PortForward     *state = g_task_get_task_data (task);
  KubePortForward *forward = KUBE_PORT_FORWARD (object);
  CliPrinter      *printer = get_printer (task);
  GError          *error = NULL;

  if (!kube_port_forward_start_finish (forward, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  tell_open (forward, printer);
  g_signal_connect_object (forward, "accepted", G_CALLBACK (on_forward_accepted_cb), printer,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (forward, "failed", G_CALLBACK (on_forward_failed_cb), printer,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (forward, "notify::pod", G_CALLBACK (on_forward_notify_pod_cb), printer,
                           G_CONNECT_DEFAULT);
  state->n_started++;
  start_next (g_steal_pointer (&task));
}

/* Takes the task, which goes on until it is cancelled. */
static void
start_next (GTask *task)
{
  PortForward *state = g_task_get_task_data (task);

  if (state->n_started < state->forwards->len)
    {
      kube_port_forward_start_async (g_ptr_array_index (state->forwards, state->n_started),
                                     g_task_get_cancellable (task), port_forward_start_cb, task);
      return;
    }

  state->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (state->cancelled, G_SOURCE_FUNC (on_cancelled_cb), task, NULL);
  g_source_attach (state->cancelled, NULL);
}

/* [LOCAL:]REMOTE. Without LOCAL it is the same, if REMOTE is a number; with an empty one any. */
static gboolean
parse_ports (const char *text,
             guint16    *local,
             char      **remote,
             GError    **error)
{
  const char      *colon = strchr (text, ':');
  gsize            length = colon != NULL ? (gsize) (colon - text) : strlen (text);
  g_autofree char *head = g_strndup (text, length);
  guint64          number = 0;
  gboolean         is_number = g_ascii_string_to_unsigned (head, 10, 0, G_MAXUINT16, &number, NULL);

  *remote = g_strdup (colon != NULL ? colon + 1 : text);
  *local = (guint16) number;
  if (**remote != '\0' && strchr (*remote, ':') == NULL && strcmp (*remote, "0") != 0 &&
      (is_number || *head == '\0' || colon == NULL))
    return TRUE;

  g_clear_pointer (remote, g_free);
  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "\"%s\" names no ports. They are written [LOCAL:]REMOTE. Write for example "
               "\"8080:80\", or \":80\" for any free port of this computer.",
               text);

  return FALSE;
}

static gboolean
add_forward (GTask      *task,
             const char *text,
             GError    **error)
{
  PortForward     *state = g_task_get_task_data (task);
  CliInvocation   *invocation = g_task_get_source_object (task);
  const char      *address = cli_invocation_get_options (invocation)->address;
  g_autofree char *remote = NULL;
  g_autoptr(KubePortForward) forward = NULL;
  guint16 local;

  if (!parse_ports (text, &local, &remote, error))
    return FALSE;

  forward = kube_port_forward_new (cli_invocation_get_client (invocation),
                                   cli_invocation_get_namespace (invocation), state->resource,
                                   state->name, remote);
  if (!kube_port_forward_set_local (forward, address != NULL ? address : "127.0.0.1", local, error))
    return FALSE;

  g_ptr_array_add (state->forwards, g_steal_pointer (&forward));

  return TRUE;
}

static void
port_forward_open_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  CliInvocation *invocation = CLI_INVOCATION (object);
  GStrv          operands = cli_invocation_get_options (invocation)->operands;
  GError        *error = NULL;

  if (!cli_invocation_open_finish (invocation, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 1; operands[i] != NULL; i++)
    if (!add_forward (task, operands[i], &error))
      {
        g_task_return_error (task, error);
        return;
      }
  start_next (g_steal_pointer (&task));
}

static gboolean
check_operands (PortForward *state,
                GStrv        operands,
                GError     **error)
{
  if (!cli_pod_operand_parse (operands != NULL ? operands[0] : NULL, "port-forward",
                              &state->resource, &state->name, error))
    return FALSE;
  if (operands[1] == NULL)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "No port was given. port-forward needs to know which. Write for example "
                   "\"hackystackctl port-forward %s 8080:80\".",
                   operands[0]);
      return FALSE;
    }
  for (guint i = 1; operands[i] != NULL; i++)
    {
      g_autofree char *remote = NULL;
      guint16          local;

      if (!parse_ports (operands[i], &local, &remote, error))
        return FALSE;
    }

  return TRUE;
}

static void
port_forward_run (CliInvocation *invocation,
                  GTask         *owned)
{
  g_autoptr(GTask) task = owned;
  GCancellable *cancellable = g_task_get_cancellable (task);
  PortForward  *state = g_new0 (PortForward, 1);
  GError       *error = NULL;

  state->forwards = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, state, (GDestroyNotify) port_forward_free);
  if (!check_operands (state, cli_invocation_get_options (invocation)->operands, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  cli_invocation_open_async (invocation, cancellable, port_forward_open_cb,
                             g_steal_pointer (&task));
}

const CliCommand CLI_COMMAND_PORT_FORWARD = {
  .name = "port-forward",
  .summary = "open ports of this computer that lead to a pod",
  .operands = "POD|TYPE/NAME [LOCAL:]REMOTE…",
  .max_operands = G_MAXUINT,
  .options = port_forward_options,
  .no_json = TRUE,
  .description =
      "Opens ports of this computer that lead to ports of a pod, until Ctrl+C. With\n"
      "TYPE/NAME every new connection goes to a pod of that Service, Deployment or the\n"
      "like that is ready then, so that a replaced pod is no obstacle. REMOTE is a number\n"
      "or a name: of a port of the Service, else of the pod. Without LOCAL it is the same\n"
      "number; with \":REMOTE\" any that is free.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl port-forward svc/hackystack-service 8080:80\n"
      "  hackystackctl port-forward -n external-database postgres-0 :5432\n"
      "\n"
      "Exit status: 1 the ports cannot be opened or the pod is not found, 2 wrong usage,\n"
      "130 ended by Ctrl+C.\n",
  .run = port_forward_run,
};
