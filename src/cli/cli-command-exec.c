/* cli-command-exec.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-pod-operand.h"
#include "cli-session.h"
#include "cli-terminal.h"

#include "kube-pod-target.h"

static const CliOption exec_options[] = {
  { "stdin", 'i', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, stdin_), NULL,
    "hand standard input over to the command" },
  { "tty", 't', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, tty), NULL,
    "give the command a terminal: this one (with -i)" },
  { "container", 'c', CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, container), "NAME",
    "the container of the pod (default: the pod's default one, or its first)" },
  { NULL },
};

typedef struct
{
  const KubeResource *resource;
  char               *name;
  const char *const  *command;   /* (nullable): to attach */
  char               *pod;       /* (nullable) until it is known */
  char               *container; /* (nullable) until it is known */
  gboolean            tty;
} Exec;

static void
exec_free (Exec *exec)
{
  g_free (exec->name);
  g_free (exec->pod);
  g_free (exec->container);
  g_free (exec);
}

static CliOptions *
get_options (GTask *task)
{
  return cli_invocation_get_options (g_task_get_source_object (task));
}

static CliPrinter *
get_printer (GTask *task)
{
  return cli_invocation_get_printer (g_task_get_source_object (task));
}

static void
exec_session_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  int exit_status;

  if (cli_session_run_finish (result, &exit_status, &error))
    g_task_return_int (task, exit_status);
  else if (exit_status > 0)
    {
      cli_printer_error (get_printer (task), error);
      g_task_return_int (task, exit_status);
    }
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
exec_start_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Exec         *exec = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(KubeExec) started = NULL;
  GError *error = NULL;

  started = kube_exec_start_finish (result, &error);
  if (started == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (exec->command == NULL && exec->tty)
    cli_printer_note (get_printer (task), "All commands and output from this session will be "
                                          "recorded in container logs, including credentials and "
                                          "sensitive information passed through the command "
                                          "prompt.\nIf you don't see a command prompt, try "
                                          "pressing enter.");
  cli_session_run_async (started, exec->tty, get_printer (task), cancellable, exec_session_cb,
                         g_object_ref (task));
}

/* Takes the task. */
static void
start (GTask *task)
{
  Exec                 *exec = g_task_get_task_data (task);
  CliInvocation        *invocation = g_task_get_source_object (task);
  const KubeExecOptions options = {
    .namespace_ = cli_invocation_get_namespace (invocation),
    .pod = exec->pod,
    .container = exec->container,
    .command = exec->command,
    .has_stdin = get_options (task)->stdin_,
    .tty = exec->tty,
  };

  kube_exec_start_async (cli_invocation_get_client (invocation), &options,
                         g_task_get_cancellable (task), exec_start_cb, task);
}

static void
exec_find_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr(KubePodTarget) target = NULL;
  g_auto(GStrv) containers = NULL;
  g_autofree char *names = NULL;
  GError          *error = NULL;

  target = kube_pod_target_find_finish (KUBE_CLIENT (object), result, &error);
  if (target == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  exec->pod = g_strdup (kube_pod_target_get_pod (target));
  if (exec->container == NULL)
    {
      exec->container = kube_pod_target_dup_container (target);
      containers = kube_pod_target_dup_containers (target);
      names = g_strjoinv (", ", containers);
      if (g_strv_length (containers) > 1)
        cli_printer_note (get_printer (task), "Defaulted container \"%s\" out of: %s",
                          exec->container, names);
    }
  start (g_steal_pointer (&task));
}

static void
exec_open_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  CliInvocation *invocation = CLI_INVOCATION (object);
  GCancellable  *cancellable = g_task_get_cancellable (task);
  Exec          *exec = g_task_get_task_data (task);
  GError        *error = NULL;

  if (!cli_invocation_open_finish (invocation, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (exec->resource == &KUBE_POD && exec->container != NULL)
    {
      exec->pod = g_strdup (exec->name);
      start (g_steal_pointer (&task));
      return;
    }

  kube_pod_target_find_async (cli_invocation_get_client (invocation),
                              cli_invocation_get_namespace (invocation), exec->resource, exec->name,
                              cancellable, exec_find_cb, g_steal_pointer (&task));
}

/* As kubectl does: a terminal needs -i, and one on this side. */
static gboolean
decide_tty (GTask *task)
{
  CliOptions *options = get_options (task);

  if (!options->tty || !options->stdin_)
    return FALSE;
  if (cli_terminal_is_there ())
    return TRUE;

  cli_printer_note (get_printer (task), "Unable to use a TTY - input is not a terminal or the "
                                        "right kind of file");
  return FALSE;
}

/* Takes the task. */
static void
run (CliInvocation *invocation,
     GTask         *owned,
     Exec          *exec,
     const char    *verb)
{
  g_autoptr(GTask) task = owned;
  GCancellable *cancellable = g_task_get_cancellable (task);
  CliOptions   *options = cli_invocation_get_options (invocation);
  GError       *error = NULL;

  g_task_set_task_data (task, exec, (GDestroyNotify) exec_free);
  exec->container = g_strdup (options->container);
  if (!cli_pod_operand_parse (options->operands != NULL ? options->operands[0] : NULL, verb,
                              &exec->resource, &exec->name, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  exec->tty = decide_tty (task);
  cli_invocation_open_async (invocation, cancellable, exec_open_cb, g_steal_pointer (&task));
}

static void
exec_run (CliInvocation *invocation,
          GTask         *task)
{
  CliOptions *options = cli_invocation_get_options (invocation);
  Exec       *exec = g_new0 (Exec, 1);

  if (options->operands != NULL && options->operands[0] != NULL && options->operands[1] == NULL)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "No command was given. exec needs to know what to run. Write it "
                               "behind \"--\", for example \"hackystackctl exec -it %s -- sh\".",
                               options->operands[0]);
      g_object_unref (task);
      exec_free (exec);
      return;
    }

  if (options->operands != NULL && options->operands[0] != NULL)
    exec->command = (const char *const *) options->operands + 1;
  run (invocation, task, exec, "exec");
}

static void
attach_run (CliInvocation *invocation,
            GTask         *task)
{
  run (invocation, task, g_new0 (Exec, 1), "attach");
}

const CliCommand CLI_COMMAND_EXEC = {
  .name = "exec",
  .summary = "run a command in a container",
  .operands = "POD|TYPE/NAME -- COMMAND…",
  .max_operands = G_MAXUINT,
  .options = exec_options,
  .no_json = TRUE,
  .description =
      "Runs a command in a container of a pod, without a shell, and ends with its exit\n"
      "status. With TYPE/NAME it is a pod of that Deployment, Service or the like, one\n"
      "that is ready if there is one. Options of hackystackctl stand before \"--\".\n",
  .notes =
      "Examples:\n"
      "  hackystackctl exec -it deploy/hackystack-app -- sh\n"
      "  hackystackctl exec hackystack-app-6d5f7c9b8-x2x7k -- env\n"
      "  hackystackctl exec -i postgres-0 -- psql -U postgres < dump.sql\n"
      "\n"
      "Exit status: that of the command; 126 it is no program that can be run, 127 there\n"
      "is none of that name, 1 it did not come to that, 2 wrong usage, 130 ended by\n"
      "Ctrl+C.\n",
  .run = exec_run,
};

const CliCommand CLI_COMMAND_ATTACH = {
  .name = "attach",
  .summary = "watch what a container runs, and type into it",
  .operands = "POD|TYPE/NAME",
  .max_operands = 1,
  .options = exec_options,
  .no_json = TRUE,
  .description =
      "Connects with the program that a container runs anyway. What it said before is\n"
      "not shown: see \"logs\". Its end is the end of attach; the end of attach is not\n"
      "its end, but with -it Ctrl+C reaches it.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl attach hackystack-app-6d5f7c9b8-x2x7k\n"
      "\n"
      "Exit status: that of the program, 1 it did not come to that, 2 wrong usage,\n"
      "130 ended by Ctrl+C.\n",
  .run = attach_run,
};
