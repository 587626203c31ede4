/* cli-command-get.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-document.h"
#include "cli-error.h"
#include "cli-invocation.h"
#include "cli-target.h"
#include "cli-watch.h"

#include "kube-discovery-reader.h"
#include "kube-error.h"
#include "kube-pages.h"
#include "kube-rows.h"
#include "kube-selector.h"
#include "kube-table.h"

#include <string.h>

static const CliOption get_options[] = {
  { "all-namespaces", 'A', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, all_namespaces), NULL,
    "show the objects of every namespace" },
  { "selector", 'l', CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, selector), "SELECTOR",
    "only objects with these labels, such as app=web,tier!=old" },
  { "field-selector", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, field_selector), "SELECTOR",
    "only objects with these fields, such as status.phase=Running" },
  { "output", 'o', CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, output), "FORM",
    "table, wide, name, json or yaml (default: table)" },
  { "watch", 'w', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, watch), NULL,
    "go on until Ctrl+C, and print every change" },
  { "watch-only", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, watch_only), NULL,
    "the same, without what is there already" },
  { "show-secrets", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, show_secrets), NULL,
    "do not mask the values of Secrets in json and yaml" },
  { "show-managed-fields", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, show_managed_fields),
    NULL, "show who owns which field in json and yaml" },
  { NULL },
};

typedef enum
{
  OUTPUT_TABLE,
  OUTPUT_WIDE,
  OUTPUT_NAME,
  OUTPUT_JSON,
  OUTPUT_YAML
} Output;

static const char *const outputs[] = {
  [OUTPUT_TABLE] = "table",
  [OUTPUT_WIDE] = "wide",
  [OUTPUT_NAME] = "name",
  [OUTPUT_JSON] = "json",
  [OUTPUT_YAML] = "yaml",
};

typedef struct
{
  /* Input */
  Output output;
  char  *selector; /* (nullable) */

  /* In progress */
  KubeDiscovery *discovery; /* (nullable) */
  GPtrArray     *targets;   /* (nullable) (element-type CliTarget) */
  guint          target;    /* the one that is being read … */
  guint          name;      /* … and which of its names */
  KubeTable     *table;     /* of that target */
  gboolean       printed;   /* a table stands above */
  CliDocument   *document;  /* (nullable): for json and yaml */

  /* Results */
  guint    n_rows;
  gboolean namespaced; /* all kinds are */
  GError  *error;      /* (nullable): the last thing that could not be read */
} Get;

static void read_target (GTask *task);
static void read_name (GTask *task);

static void
get_free (Get *get)
{
  g_free (get->selector);
  g_clear_pointer (&get->targets, g_ptr_array_unref);
  g_clear_pointer (&get->discovery, kube_discovery_unref);
  g_clear_pointer (&get->table, kube_table_free);
  cli_document_free (get->document);
  g_clear_error (&get->error);
  g_free (get);
}

static CliOptions *
get_cli_options (GTask *task)
{
  return cli_invocation_get_options (g_task_get_source_object (task));
}

static CliPrinter *
get_printer (GTask *task)
{
  return cli_invocation_get_printer (g_task_get_source_object (task));
}

static KubeClient *
get_client (GTask *task)
{
  return cli_invocation_get_client (g_task_get_source_object (task));
}

static CliTarget *
get_target (Get *get)
{
  return g_ptr_array_index (get->targets, get->target);
}

/* The namespace to read from; NULL for all, and for kinds without namespaces. */
static const char *
get_namespace (GTask *task)
{
  Get             *get = g_task_get_task_data (task);
  const CliTarget *target = get_target (get);

  if (!target->kind->resource.namespaced || get_cli_options (task)->all_namespaces)
    return NULL;

  return cli_invocation_get_namespace (g_task_get_source_object (task));
}

static gboolean
is_document (Get *get)
{
  return get->output == OUTPUT_JSON || get->output == OUTPUT_YAML;
}

static gboolean
is_several_kinds (Get *get)
{
  const CliTarget *first = g_ptr_array_index (get->targets, 0);

  for (guint i = 1; i < get->targets->len; i++)
    if (((CliTarget *) g_ptr_array_index (get->targets, i))->kind != first->kind)
      return TRUE;

  return FALSE;
}

static void
print_names (GTask *task)
{
  Get             *get = g_task_get_task_data (task);
  g_autofree char *type_name = kube_api_resource_dup_type_name (get_target (get)->kind);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < kube_table_get_length (get->table); i++)
    {
      const char *name = kube_table_get_name (get->table, i);

      if (name != NULL)
        g_string_append_printf (text, "%s/%s\n", type_name, name);
    }
  cli_printer_text (get_printer (task), text->str);
}

static void
print_table (GTask *task)
{
  Get             *get = g_task_get_task_data (task);
  const CliTarget *target = get_target (get);
  g_autofree char *type_name = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  KubeTableFlags flags = KUBE_TABLE_NONE;

  if (is_several_kinds (get))
    type_name = kube_api_resource_dup_type_name (target->kind);
  if (get->output == OUTPUT_WIDE)
    flags |= KUBE_TABLE_WIDE;
  if (target->kind->resource.namespaced && get_cli_options (task)->all_namespaces)
    flags |= KUBE_TABLE_NAMESPACE;
  rows = kube_table_list_rows (get->table, flags, type_name);
  if (get->printed)
    cli_printer_line (get_printer (task), "%s", "");
  cli_printer_table (get_printer (task), rows);
  get->printed = TRUE;
}

/* Takes the task. */
static void
finish_target (GTask *task)
{
  Get  *get = g_task_get_task_data (task);
  guint length = kube_table_get_length (get->table);

  if (length > 0 && get->output == OUTPUT_NAME)
    print_names (task);
  else if (length > 0)
    print_table (task);
  get->n_rows += length;
  get->namespaced = get->namespaced && get_target (get)->kind->resource.namespaced;
  get->target++;
  read_target (task);
}

static gboolean
is_single (Get *get)
{
  const CliTarget *target = g_ptr_array_index (get->targets, 0);

  return get->targets->len == 1 && target->names != NULL && g_strv_length (target->names) == 1;
}

static void
finish_get (GTask *task)
{
  Get           *get = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);

  if (is_document (get))
    cli_document_finish (get->document, get->error == NULL && !is_single (get));
  else if (get->n_rows == 0 && get->error == NULL && get->output != OUTPUT_NAME)
    {
      if (get->namespaced && !get_cli_options (task)->all_namespaces)
        cli_printer_note (get_printer (task), "No resources found in %s namespace.",
                          cli_invocation_get_namespace (invocation));
      else
        cli_printer_note (get_printer (task), "No resources found");
    }

  if (get->error != NULL)
    g_task_return_error (task, g_steal_pointer (&get->error));
  else
    g_task_return_int (task, CLI_EXIT_DONE);
}

/* What cannot be read does not keep the rest from being shown. FALSE: the user has ended it. */
static gboolean
note_error (GTask  *task,
            GError *error)
{
  Get *get = g_task_get_task_data (task);

  if (get->error != NULL)
    cli_printer_error (get_printer (task), get->error);
  g_clear_error (&get->error);
  get->error = error;

  return !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
take_columns (JsonArray *definitions,
              gpointer   user_data)
{
  Get *get = user_data;

  kube_table_add_columns (get->table, definitions);
}

static void
take_row (const KubeListRow *row,
          const char        *namespace_,
          gpointer           user_data)
{
  Get *get = user_data;

  kube_table_add_row (get->table, row, namespace_);
}

static void
take_own_row (const KubeListRow *row,
              gpointer           user_data)
{
  take_row (row, NULL, user_data);
}

static void
take_item (JsonNode *item,
           gpointer  user_data)
{
  Get *get = user_data;

  if (is_document (get))
    cli_document_add (get->document, item);
  else
    kube_table_add_object (get->table, item);
}

static void
forget_rows (gpointer user_data)
{
  Get *get = user_data;

  kube_table_clear (get->table);
}

/* Rows of one namespace, or of a kind without namespaces. */
static const KubeListFuncs table_funcs = {
  .columns = take_columns,
  .row = take_own_row,
  .item = take_item,
  .restart = forget_rows,
};

/* Objects: what has been printed stands. */
static const KubeListFuncs document_funcs = { .item = take_item };

static const KubeRowsFuncs rows_funcs = {
  .columns = take_columns,
  .row = take_row,
  .item = take_item,
  .restart = forget_rows,
};

static void
get_name_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Get *get = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = kube_client_call_finish (KUBE_CLIENT (object), result, &error);

  if (node != NULL && is_document (get))
    cli_document_add (get->document, node);
  else if (node != NULL)
    kube_table_add_answer (get->table, node);
  else if (!note_error (task, g_steal_pointer (&error)))
    {
      finish_get (task);
      return;
    }

  get->name++;
  read_name (g_steal_pointer (&task));
}

/* Takes the task. */
static void
read_name (GTask *task)
{
  Get             *get = g_task_get_task_data (task);
  const CliTarget *target = get_target (get);
  g_autoptr(KubeRequest) request = NULL;

  if (target->names[get->name] == NULL)
    {
      finish_target (task);
      return;
    }

  request = kube_request_new_get (&target->kind->resource, get_namespace (task),
                                  target->names[get->name]);
  kube_request_set_form (request, is_document (get) ? KUBE_FORM_OBJECT : KUBE_FORM_TABLE);
  kube_client_call_async (get_client (task), request, g_task_get_cancellable (task), get_name_cb,
                          task);
}

/* Takes the task. */
static void
finish_list (GTask  *owned,
             char   *version,
             GError *error)
{
  g_autoptr(GTask) task = owned;

  if (version == NULL && !note_error (task, error))
    finish_get (task);
  else
    finish_target (g_steal_pointer (&task));
  g_free (version);
}

static void
get_pages_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GError *error = NULL;
  char   *version = kube_pages_read_finish (KUBE_CLIENT (object), result, &error);

  finish_list (user_data, version, error);
}

static void
get_rows_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask  *task = user_data;
  Get    *get = g_task_get_task_data (task);
  GError *error = NULL;
  char   *version = kube_rows_read_finish (KUBE_CLIENT (object), result, &error);

  kube_table_sort_namespaces (get->table);
  finish_list (task, version, error);
}

/* Takes the task. */
static void
read_list (GTask *task)
{
  Get                *get = g_task_get_task_data (task);
  CliOptions         *options = get_cli_options (task);
  GCancellable       *cancellable = g_task_get_cancellable (task);
  const KubeResource *resource = &get_target (get)->kind->resource;
  KubePagesQuery      query = { NULL };

  /* Only a row that is shown with its namespace has to tell it. */
  if (get->output != OUTPUT_NAME && !is_document (get) && options->all_namespaces && resource->namespaced)
    {
      kube_rows_read_async (get_client (task), resource, get->selector, options->field_selector,
                            &rows_funcs, get, cancellable, get_rows_cb, task);
      return;
    }

  query.resource = resource;
  query.namespace_ = get_namespace (task);
  /* The rows of a Table may have an order of their own, of which kubectl's names know nothing. */
  query.form = is_document (get) || get->output == OUTPUT_NAME ? KUBE_FORM_OBJECT : KUBE_FORM_TABLE;
  query.no_metadata = TRUE;
  query.flags = options->show_managed_fields ? KUBE_LIST_MANAGED_FIELDS : KUBE_LIST_NONE;
  query.label_selector = get->selector;
  query.field_selector = options->field_selector;
  kube_pages_read_async (get_client (task), &query, is_document (get) ? &document_funcs : &table_funcs,
                         get, cancellable, get_pages_cb, task);
}

/* Takes the task. */
static void
read_target (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  Get *get = g_task_get_task_data (task);

  g_clear_pointer (&get->table, kube_table_free);
  get->table = kube_table_new (g_get_real_time ());
  get->name = 0;
  if (get->target == get->targets->len || !cli_printer_is_open (get_printer (task)))
    {
      finish_get (task);
      return;
    }
  if (get_target (get)->names != NULL)
    {
      read_name (g_steal_pointer (&task));
      return;
    }

  read_list (g_steal_pointer (&task));
}

static void
get_watch_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  gssize status = cli_watch_finish (CLI_INVOCATION (object), result, &error);

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_int (task, status);
}

static CliDocumentFlags
get_document_flags (GTask *task)
{
  Get             *get = g_task_get_task_data (task);
  CliOptions      *options = get_cli_options (task);
  CliDocumentFlags flags = CLI_DOCUMENT_NONE;

  if (options->show_managed_fields)
    flags |= CLI_DOCUMENT_MANAGED_FIELDS;
  if (options->show_secrets)
    flags |= CLI_DOCUMENT_SECRETS;
  if (get->output == OUTPUT_YAML)
    flags |= CLI_DOCUMENT_YAML;

  return flags;
}

/* Takes the task. */
static void
start_watch (GTask *owned)
{
  g_autoptr(GTask) task = owned;
  Get             *get = g_task_get_task_data (task);
  CliInvocation   *invocation = g_task_get_source_object (task);
  GCancellable    *cancellable = g_task_get_cancellable (task);
  CliOptions      *options = get_cli_options (task);
  const CliTarget *target = get_target (get);
  CliWatchQuery    query = { NULL };

  if (get->targets->len > 1 || (target->names != NULL && g_strv_length (target->names) > 1))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_USAGE,
                               "Only one kind can be watched, or one object of it. The rows of "
                               "several would mix. Name one kind, and at most one object.");
      return;
    }

  query.kind = target->kind;
  query.namespace_ = get_namespace (task);
  query.name = target->names != NULL ? target->names[0] : NULL;
  query.label_selector = get->selector;
  query.field_selector = options->field_selector;
  query.form = is_document (get)            ? CLI_WATCH_DOCUMENT
               : get->output == OUTPUT_NAME ? CLI_WATCH_NAME
               : get->output == OUTPUT_WIDE ? CLI_WATCH_WIDE
                                            : CLI_WATCH_TABLE;
  query.flags = get_document_flags (task);
  query.only_changes = options->watch_only;
  cli_watch_async (invocation, &query, cancellable, get_watch_cb, g_steal_pointer (&task));
}

static void
open_document (GTask *task)
{
  Get             *get = g_task_get_task_data (task);
  CliDocumentFlags flags = get_document_flags (task);

  if (is_single (get))
    flags |= CLI_DOCUMENT_SINGLE;
  get->document = cli_document_new (get_printer (task), flags);
}

static void
get_discovery_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Get          *get = g_task_get_task_data (task);
  CliOptions   *options = get_cli_options (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  KubeClient   *client = KUBE_CLIENT (object);
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&get->discovery, kube_discovery_unref);
  get->discovery = kube_discovery_read_finish (client, result, &error);
  if (get->discovery != NULL)
    get->targets = cli_target_resolve ((const char *const *) options->operands, get->discovery,
                                       &error);

  if (get->targets != NULL && is_document (get))
    open_document (task);
  if (get->targets != NULL && (options->watch || options->watch_only))
    start_watch (g_steal_pointer (&task));
  else if (get->targets != NULL)
    read_target (g_steal_pointer (&task));
  else if (get->discovery != NULL && kube_discovery_get_cached (get->discovery))
    /* It may have come since the server was asked. */
    kube_discovery_read_async (client, TRUE, cancellable, get_discovery_cb,
                               g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
get_open_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);
  KubeClient   *client;

  if (!cli_invocation_open_finish (CLI_INVOCATION (object), result, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  client = get_client (task);
  kube_discovery_read_async (client, FALSE, cancellable, get_discovery_cb,
                             g_steal_pointer (&task));
}

static gboolean
read_output (Get        *get,
             CliOptions *options,
             GError    **error)
{
  const char *word = options->output;

  if (options->json && word == NULL)
    word = "json";
  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    if (word != NULL && g_str_equal (word, outputs[i]))
      get->output = i;

  if (word != NULL && !g_str_equal (word, outputs[get->output]))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "\"%s\" is not a form that get can print. The forms are table, wide, name, json "
                 "and yaml. Write -o FORM with one of them.",
                 word);
  else if (options->json && get->output != OUTPUT_JSON)
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "--json and -o %s exclude each other. Only one form can be printed. Leave one of "
                 "them away.",
                 word);
  else
    return TRUE;

  return FALSE;
}

static gboolean
has_names (CliOptions *options)
{
  return options->operands[1] != NULL || strchr (options->operands[0], '/') != NULL;
}

static gboolean
check_combination (CliOptions *options,
                   GError    **error)
{
  gboolean selects = options->selector != NULL || options->field_selector != NULL;

  if (has_names (options) && (selects || options->all_namespaces))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                 "Names and %s exclude each other. A name stands for one object of one "
                 "namespace. Leave one of them away.",
                 selects ? "selectors" : "--all-namespaces");
  else
    return TRUE;

  return FALSE;
}

/* Everything that can be wrong before the cluster is asked. */
static gboolean
check (Get        *get,
       CliOptions *options,
       GError    **error)
{
  g_autoptr(KubeSelector) selector = NULL;

  if (!cli_target_check ((const char *const *) options->operands, error) ||
      !read_output (get, options, error) || !check_combination (options, error) ||
      (options->field_selector != NULL &&
       !kube_selector_check_field (options->field_selector, error)))
    return FALSE;
  if (options->selector == NULL)
    return TRUE;

  selector = kube_selector_parse (options->selector, error);
  if (selector == NULL)
    return FALSE;
  get->selector = kube_selector_print (selector);

  return TRUE;
}

static void
get_run (CliInvocation *invocation,
         GTask         *owned)
{
  g_autoptr(GTask) task = owned;
  Get          *get = g_new0 (Get, 1);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) error = NULL;

  get->namespaced = TRUE;
  g_task_set_task_data (task, get, (GDestroyNotify) get_free);
  if (!check (get, cli_invocation_get_options (invocation), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    cli_invocation_open_async (invocation, cancellable, get_open_cb, g_steal_pointer (&task));
}

const CliCommand CLI_COMMAND_GET = {
  .name = "get",
  .summary = "show objects of any kind",
  .operands = "KIND[,KIND…] [NAME…] | KIND/NAME…",
  .max_operands = G_MAXUINT,
  .options = get_options,
  .description =
      "Shows the objects of a kind in the columns that the cluster has for it, as\n"
      "kubectl does. KIND is a name of api-resources, in any form that kubectl takes:\n"
      "po, pods, deploy.apps, deployments.v1.apps; \"all\" stands for the usual ones.\n"
      "The values of Secrets are masked, unless --show-secrets is given.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl get pods\n"
      "  hackystackctl get deploy,svc -n shop\n"
      "  hackystackctl get pods -A -l app=web -w\n"
      "  hackystackctl get configmap/hackystack-config -o yaml\n"
      "\n"
      "Exit status: 0 shown, even if there is nothing, 1 something cannot be read,\n"
      "2 wrong usage, 130 ended by Ctrl+C.\n",
  .run = get_run,
};
