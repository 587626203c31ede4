/* cli-command-contexts.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"

#include "kube-config.h"
#include "kube-error.h"
#include "stack-reach.h"

static const CliOption contexts_options[] = {
  { "check", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, check), NULL,
    "ask each cluster whether it answers" },
  { NULL },
};

static GStrv
new_row (const char *mark,
         const char *name,
         const char *server,
         const char *ns,
         const char *words)
{
  const char *cells[] = { mark, name, server != NULL ? server : "-", ns,
                          words != NULL ? words : "", NULL };

  return g_strdupv ((GStrv) cells);
}

static gboolean
is_current (KubeConfig  *config,
            KubeContext *context)
{
  return g_strcmp0 (kube_config_get_current_context (config),
                    kube_context_get_name (context)) == 0;
}

/* @reaches: (nullable): what the clusters answered, in the order of @contexts */
static StackReach *
get_reach (GPtrArray *reaches,
           guint      i)
{
  return reaches != NULL ? g_ptr_array_index (reaches, i) : NULL;
}

static const char *
get_words (StackReach  *reach,
           KubeContext *context)
{
  if (reach == NULL)
    return kube_context_get_problem (context);
  return reach->version != NULL ? reach->version : reach->error->message;
}

static void
print_text (CliPrinter *printer,
            KubeConfig *config,
            GListModel *contexts,
            GPtrArray  *reaches)
{
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  guint n_contexts = g_list_model_get_n_items (contexts);

  if (n_contexts == 0)
    {
      cli_printer_line (printer, "The kubeconfig has no contexts: it knows no cluster.");
      return;
    }

  g_ptr_array_add (rows, new_row (" ", "NAME", "SERVER", "NAMESPACE",
                                  reaches != NULL ? "ANSWER" : "PROBLEM"));
  for (guint i = 0; i < n_contexts; i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      g_ptr_array_add (rows, new_row (is_current (config, context) ? "*" : " ",
                                      kube_context_get_name (context),
                                      kube_context_get_server (context),
                                      kube_context_get_namespace (context),
                                      get_words (get_reach (reaches, i), context)));
    }
  cli_printer_table (printer, rows);
}

static void
add_reach (JsonBuilder *builder,
           StackReach  *reach)
{
  cli_json_add_boolean (builder, "answers", reach->version != NULL);
  cli_json_add_string (builder, "version", reach->version);
  cli_json_add_string (builder, "error", reach->error != NULL ? reach->error->message : NULL);
}

static void
print_json (CliPrinter *printer,
            KubeConfig *config,
            GListModel *contexts,
            GPtrArray  *reaches)
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
      if (reaches != NULL)
        add_reach (builder, get_reach (reaches, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (printer, builder);
}

static void
print (CliPrinter *printer,
       KubeConfig *config,
       GPtrArray  *reaches)
{
  g_autoptr(GListModel) contexts = kube_config_list_contexts (config);

  if (cli_printer_is_json (printer))
    print_json (printer, config, contexts, reaches);
  else
    print_text (printer, config, contexts, reaches);
}

static gboolean
any_answers (GPtrArray *reaches)
{
  for (guint i = 0; i < reaches->len; i++)
    if (get_reach (reaches, i)->version != NULL)
      return TRUE;
  return FALSE;
}

static void
contexts_check_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) reaches = NULL;
  CliPrinter *printer = cli_invocation_get_printer (g_task_get_source_object (task));

  reaches = stack_reach_check_finish (result, &error);
  if (reaches == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  print (printer, g_task_get_task_data (task), reaches);
  if (any_answers (reaches))
    g_task_return_int (task, CLI_EXIT_DONE);
  else
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                             "No cluster of the kubeconfig answers. The reason of each stands in "
                             "the list. Start one (for Minikube: minikube start) and try again.");
}

static void
contexts_use_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonBuilder) builder = NULL;
  g_autofree char *path = NULL;
  CliInvocation   *invocation = g_task_get_source_object (task);
  CliPrinter      *printer = cli_invocation_get_printer (invocation);
  const char      *name = cli_invocation_get_options (invocation)->operands[1];

  path = kube_config_set_current_context_finish (KUBE_CONFIG (object), result, &error);
  if (path == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (cli_printer_is_json (printer))
    {
      builder = cli_json_begin ("context");
      cli_json_add_string (builder, "name", name);
      cli_json_add_string (builder, "source", path);
      json_builder_end_object (builder);
      cli_printer_document (printer, builder);
    }
  else
    cli_printer_line (printer, "The current context of %s is “%s” now.", path, name);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
contexts_load_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = NULL;
  CliInvocation *invocation = g_task_get_source_object (task);
  GCancellable  *cancellable = g_task_get_cancellable (task);

  config = kube_config_load_finish (result, &error);
  if (config == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (cli_invocation_get_options (invocation)->operands != NULL)
    {
      kube_config_set_current_context_async (config,
                                             cli_invocation_get_options (invocation)->operands[1],
                                             cancellable, contexts_use_cb,
                                             g_steal_pointer (&task));
      return;
    }
  if (cli_invocation_get_options (invocation)->check)
    {
      g_task_set_task_data (task, g_object_ref (config), g_object_unref);
      stack_reach_check_async (config, cancellable, contexts_check_cb, g_steal_pointer (&task));
      return;
    }

  print (cli_invocation_get_printer (invocation), config, NULL);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static gboolean
check_usage (CliOptions *options,
             GError    **error)
{
  const GStrv words = options->operands;

  if (words == NULL)
    return TRUE;
  if (!g_str_equal (words[0], "use"))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "\"%s\" does not belong there. Write \"hackystackctl contexts use NAME\" to change "
                 "the current context.",
                 words[0]);
  else if (words[1] == NULL || words[1][0] == '\0')
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "No context was named. Write \"hackystackctl contexts use NAME\"; "
                 "\"hackystackctl contexts\" lists them.");
  else if (options->check)
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "--check asks the clusters when contexts are listed, and does not go with use. "
                 "Leave one of the two out.");
  else
    return TRUE;

  return FALSE;
}

static void
contexts_run (CliInvocation *invocation,
              GTask         *task)
{
  GError *error = NULL;

  if (!check_usage (cli_invocation_get_options (invocation), &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  kube_config_load_async (cli_invocation_get_options (invocation)->kubeconfig,
                          g_task_get_cancellable (task), contexts_load_cb, task);
}

const CliCommand CLI_COMMAND_CONTEXTS = {
  .name = "contexts",
  .summary = "list the clusters that this machine knows",
  .operands = "[use NAME]",
  .max_operands = 2,
  .options = contexts_options,
  .description =
      "Lists the contexts of the kubeconfig. A context is a cluster together with the\n"
      "user to be there and a namespace to look at first. The current one is marked\n"
      "with *. A context that cannot be used says why in the column PROBLEM. No cluster\n"
      "is contacted, unless --check asks each for its version. That also runs the\n"
      "credential plugins that contexts name.\n"
      "\n"
      "With use, NAME becomes the current context, in the file in which kubectl would\n"
      "write it. Only that one value changes; comments and all else stay as they are.\n"
      "A profile that remembers a context goes on using it; see --context.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl contexts\n"
      "  hackystackctl contexts --kubeconfig ./cluster.yaml --json\n"
      "  hackystackctl contexts use minikube\n"
      "\n"
      "Exit status: 0 listed or changed, 1 the kubeconfig cannot be read or changed or,\n"
      "with --check, no cluster answers, 2 wrong usage.\n",
  .run = contexts_run,
};
