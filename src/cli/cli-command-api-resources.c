/* cli-command-api-resources.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-json.h"

#include "kube-discovery-reader.h"

#include <string.h>

/* By group and name, as kubectl sorts them. */
static int
compare_kinds (gconstpointer a,
               gconstpointer b)
{
  const KubeApiResource *first = *(const KubeApiResource *const *) a;
  const KubeApiResource *second = *(const KubeApiResource *const *) b;
  int                    order = strcmp (first->resource.group, second->resource.group);

  return order != 0 ? order : strcmp (first->resource.plural, second->resource.plural);
}

static GPtrArray *
choose_kinds (KubeDiscovery *discovery)
{
  GPtrArray *resources = kube_discovery_get_resources (discovery);
  GPtrArray *kinds = g_ptr_array_new ();

  for (guint i = 0; i < resources->len; i++)
    {
      KubeApiResource *kind = g_ptr_array_index (resources, i);

      if (kind->preferred)
        g_ptr_array_add (kinds, kind);
    }
  g_ptr_array_sort (kinds, compare_kinds);

  return kinds;
}

static void
print_text (CliPrinter *printer,
            GPtrArray  *kinds)
{
  const char *titles[] = { "NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  g_ptr_array_add (rows, g_strdupv ((GStrv) titles));
  for (guint i = 0; i < kinds->len; i++)
    {
      const KubeApiResource *kind = g_ptr_array_index (kinds, i);
      g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
      g_autofree char *short_names = g_strjoinv (",", kind->short_names);
      g_autofree char *api_version = kube_resource_dup_api_version (&kind->resource);

      g_strv_builder_add_many (builder, kind->resource.plural, short_names, api_version,
                               kind->resource.namespaced ? "true" : "false", kind->resource.kind,
                               NULL);
      g_ptr_array_add (rows, g_strv_builder_end (builder));
    }
  cli_printer_table (printer, rows);
}

static void
add_texts (JsonBuilder *builder,
           const char  *name,
           GStrv        texts)
{
  cli_json_begin_array (builder, name);
  for (guint i = 0; texts[i] != NULL; i++)
    json_builder_add_string_value (builder, texts[i]);
  json_builder_end_array (builder);
}

static void
print_json (CliPrinter *printer,
            GPtrArray  *kinds)
{
  g_autoptr(JsonBuilder) builder = cli_json_begin ("api-resources");

  cli_json_begin_array (builder, "resources");
  for (guint i = 0; i < kinds->len; i++)
    {
      const KubeApiResource *kind = g_ptr_array_index (kinds, i);

      json_builder_begin_object (builder);
      cli_json_add_string (builder, "name", kind->resource.plural);
      cli_json_add_string (builder, "group", kind->resource.group);
      cli_json_add_string (builder, "version", kind->resource.version);
      cli_json_add_string (builder, "kind", kind->resource.kind);
      cli_json_add_boolean (builder, "namespaced", kind->resource.namespaced);
      add_texts (builder, "shortNames", kind->short_names);
      add_texts (builder, "categories", kind->categories);
      add_texts (builder, "verbs", kind->verbs);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  cli_printer_document (printer, builder);
}

static void
api_resources_read_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeDiscovery) discovery = NULL;
  g_autoptr(GPtrArray) kinds = NULL;
  CliPrinter *printer = cli_invocation_get_printer (g_task_get_source_object (task));
  GPtrArray  *failures;

  discovery = kube_discovery_read_finish (KUBE_CLIENT (object), result, &error);
  if (discovery == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  failures = kube_discovery_get_failures (discovery);
  for (guint i = 0; i < failures->len; i++)
    {
      g_autofree char *text = g_strdup_printf ("The API %s does not answer. Kinds of it may be "
                                               "missing from the list.",
                                               (char *) g_ptr_array_index (failures, i));

      cli_printer_warning (printer, "warning", text);
    }
  kinds = choose_kinds (discovery);
  if (cli_printer_is_json (printer))
    print_json (printer, kinds);
  else
    print_text (printer, kinds);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
api_resources_open_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable  *cancellable = g_task_get_cancellable (task);
  CliInvocation *invocation = CLI_INVOCATION (object);

  if (!cli_invocation_open_finish (invocation, result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  /* Whoever wants to see them all wants to see those of now. */
  kube_discovery_read_async (cli_invocation_get_client (invocation),
                             TRUE, cancellable, api_resources_read_cb, g_steal_pointer (&task));
}

static void
api_resources_run (CliInvocation *invocation,
                   GTask         *task)
{
  cli_invocation_open_async (invocation, g_task_get_cancellable (task), api_resources_open_cb,
                             task);
}

const CliCommand CLI_COMMAND_API_RESOURCES = {
  .name = "api-resources",
  .summary = "list the kinds of objects that a cluster has",
  .operands = "",
  .description =
      "Lists the kinds of objects that the cluster has, with the short names that get\n"
      "takes, too. The cluster is asked, and its answer remembered for get.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl api-resources\n"
      "  hackystackctl api-resources --json\n"
      "\n"
      "Exit status: 0 listed, 1 the cluster cannot be asked, 2 wrong usage.\n",
  .run = api_resources_run,
};
