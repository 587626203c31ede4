/* cli-command-contexts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"

#include "kube-config.h"

static GStrv
new_row (const char *mark,
         const char *name,
         const char *server,
         const char *ns,
         const char *problem)
{
  const char *cells[] = { mark, name, server != NULL ? server : "-", ns,
                          problem != NULL ? problem : "", NULL };

  return g_strdupv ((GStrv) cells);
}

static gboolean
is_current (KubeConfig  *config,
            KubeContext *context)
{
  return g_strcmp0 (kube_config_get_current_context (config),
                    kube_context_get_name (context)) == 0;
}

static void
print_text (CliPrinter *printer,
            KubeConfig *config,
            GListModel *contexts)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  guint n_contexts = g_list_model_get_n_items (contexts);

  if (n_contexts == 0)
    {
      cli_printer_line (printer, "The kubeconfig has no contexts: it knows no cluster.");
      return;
    }

  g_ptr_array_add (rows, new_row (" ", "NAME", "SERVER", "NAMESPACE", "PROBLEM"));
  for (guint i = 0; i < n_contexts; i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      g_ptr_array_add (rows, new_row (is_current (config, context) ? "*" : " ",
                                      kube_context_get_name (context),
                                      kube_context_get_server (context),
                                      kube_context_get_namespace (context),
                                      kube_context_get_problem (context)));
    }
  cli_printer_table (printer, rows);
}

static void
print_json (CliPrinter *printer,
            KubeConfig *config,
            GListModel *contexts)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("contexts");

  cli_json_add_string (builder, "current", kube_config_get_current_context (config));
  cli_json_begin_array (builder, "contexts");
  for (guint i = 0; i < g_list_model_get_n_items (contexts); i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      json_builder_begin_object (builder);
      cli_json_add_string (builder, "name", kube_context_get_name (context));
      cli_json_add_boolean (builder, "current", is_current (config, context));
      cli_json_add_string (builder, "server", kube_context_get_server (context));
      cli_json_add_string (builder, "namespace", kube_context_get_namespace (context));
      cli_json_add_string (builder, "cluster", kube_context_get_cluster_name (context));
      cli_json_add_string (builder, "user", kube_context_get_user_name (context));
      cli_json_add_string (builder, "source", kube_context_get_source (context));
      cli_json_add_string (builder, "problem", kube_context_get_problem (context));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (printer, builder);
}

static void
contexts_load_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GListModel) contexts = NULL;
  CliPrinter *printer = cli_invocation_get_printer (g_task_get_source_object (task));

  config = kube_config_load_finish (result, &error);
  if (config == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  contexts = kube_config_list_contexts (config);
  if (cli_printer_is_json (printer))
    print_json (printer, config, contexts);
  else
    print_text (printer, config, contexts);

  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
contexts_run (CliInvocation *invocation,
              GTask         *task)
{
  kube_config_load_async (cli_invocation_get_options (invocation)->kubeconfig,
                          g_task_get_cancellable (task), contexts_load_cb, task);
}

const CliCommand CLI_COMMAND_CONTEXTS = {
  .name = "contexts",
  .summary = "list the clusters that this machine knows",
  .operands = "",
  .description =
    "Lists the contexts of the kubeconfig. A context is a cluster together with the\n"
    "user to be there and a namespace to look at first. The current one is marked\n"
    "with *. No cluster is contacted. A context that cannot be used says why in the\n"
    "column PROBLEM.\n",
  .notes =
    "Examples:\n"
    "  hackystackctl contexts\n"
    "  hackystackctl contexts --kubeconfig ./cluster.yaml --json\n"
    "\n"
    "Exit status: 0 listed, 1 the kubeconfig cannot be read, 2 wrong usage.\n",
  .run = contexts_run,
};
