/* cli-watch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-watch.h"

#include "cli-error.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-reflector.h"

#define GAP 3

typedef struct
{
  /* Input */
  const KubeApiResource *kind; /* kept alive by the caller */
  char                  *name; /* (nullable) */
  CliWatchForm           form;
  CliDocumentFlags       flags;
  gboolean               only_changes;
  gboolean               namespaces; /* a column shows them */

  /* In progress */
  KubeReflector *reflector;
  GSource       *cancelled;
  GPtrArray     *rows;   /* (element-type GStrv): not printed yet */
  GArray        *widths; /* (element-type glong) (nullable): of the columns */
  guint          n_seen; /* events */
  gboolean       printed;
  gboolean       lost; /* the connection: it was told */
} Watch;

static void
watch_free (Watch *watch)
{
  g_free (watch->name);
  g_clear_pointer (&watch->cancelled, g_source_unref);
  g_clear_object (&watch->reflector);
  g_ptr_array_unref (watch->rows);
  g_clear_pointer (&watch->widths, g_array_unref);
  g_free (watch);
}

static CliPrinter *
get_printer (GTask *task)
{
  return cli_invocation_get_printer (g_task_get_source_object (task));
}

/* Takes the reference on @task that the running reflector holds. */
static GTask *
stop (GTask *task)
{
  Watch *watch = g_task_get_task_data (task);

  g_source_destroy (watch->cancelled);
  g_signal_handlers_disconnect_by_data (watch->reflector, task);
  kube_reflector_stop (watch->reflector);

  return task;
}

/* The titles, if @object is %NULL. */
static GStrv
build_row (Watch      *watch,
           KubeObject *object)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char *name = NULL;
  gboolean    wide = FALSE;
  int         column;

  if (watch->namespaces)
    g_strv_builder_add (builder, object == NULL ? "NAMESPACE"
                                 : kube_object_get_namespace (object) != NULL
                                     ? kube_object_get_namespace (object)
                                     : "");
  for (guint i = 0; (column = kube_reflector_get_nth_column (watch->reflector, i, &name, &wide)) >= 0; i++)
    {
      g_autofree char *title = g_utf8_strup (name, -1);
      const char      *cell = object != NULL ? kube_object_get_cell (object, (guint) column) : title;

      if (!wide || watch->form == CLI_WATCH_WIDE)
        g_strv_builder_add (builder, cell != NULL ? cell : "");
    }

  return g_strv_builder_end (builder);
}

static void
print_row (GTask *task,
           GStrv  cells)
{
  Watch *watch = g_task_get_task_data (task);
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; cells[i] != NULL; i++)
    {
      glong width = i < watch->widths->len ? g_array_index (watch->widths, glong, i) : 0;
      glong missing = MAX (width - g_utf8_strlen (cells[i], -1), 0) + GAP;

      g_string_append (line, cells[i]);
      if (cells[i + 1] != NULL)
        g_string_append_printf (line, "%*s", (int) missing, "");
    }
  cli_printer_line (get_printer (task), "%s", g_strchomp (line->str));
}

/* The widths of the columns are those of the first rows: what is printed stays. */
static void
begin_rows (Watch *watch)
{
  GPtrArray *rows = watch->rows;

  g_ptr_array_insert (rows, 0, build_row (watch, NULL));
  watch->widths = g_array_new (FALSE, TRUE, sizeof (glong));
  for (guint r = 0; r < rows->len; r++)
    {
      GStrv cells = g_ptr_array_index (rows, r);

      for (guint i = 0; cells[i] != NULL; i++)
        {
          if (i >= watch->widths->len)
            g_array_set_size (watch->widths, i + 1);
          g_array_index (watch->widths, glong, i) =
              MAX (g_array_index (watch->widths, glong, i), g_utf8_strlen (cells[i], -1));
        }
    }
}

static void
print_name (GTask      *task,
            KubeObject *object)
{
  Watch           *watch = g_task_get_task_data (task);
  g_autofree char *type_name = kube_api_resource_dup_type_name (watch->kind);

  cli_printer_line (get_printer (task), "%s/%s", type_name, kube_object_get_name (object));
}

/* One after another, not a list: a watch has no end. */
static void
print_document (GTask      *task,
                KubeObject *object)
{
  Watch *watch = g_task_get_task_data (task);
  g_autoptr(CliDocument) document = NULL;
  g_autoptr(JsonNode) copy = base_json_copy (kube_object_get_node (object));

  if (watch->printed && watch->flags & CLI_DOCUMENT_YAML)
    cli_printer_line (get_printer (task), "---");
  document = cli_document_new (get_printer (task), watch->flags | CLI_DOCUMENT_SINGLE);
  cli_document_add (document, copy);
  cli_document_finish (document, FALSE);
  watch->printed = TRUE;
}

/* Objects that are gone are shown once more, as they were last. */
static void
on_event_cb (KubeReflector     *reflector,
             KubeWatchEventType type,
             KubeObject        *object,
             GTask             *task)
{
  Watch *watch = g_task_get_task_data (task);

  watch->n_seen++;
  if (watch->only_changes && !kube_reflector_get_synced (reflector))
    return;

  if (watch->form == CLI_WATCH_NAME)
    print_name (task, object);
  else if (watch->form == CLI_WATCH_DOCUMENT)
    print_document (task, object);
  else
    g_ptr_array_add (watch->rows, build_row (watch, object));
}

static void
on_changed_cb (KubeReflector *reflector,
               GTask         *task)
{
  Watch *watch = g_task_get_task_data (task);

  if (watch->rows->len > 0 && watch->widths == NULL)
    begin_rows (watch);
  for (guint i = 0; i < watch->rows->len; i++)
    print_row (task, g_ptr_array_index (watch->rows, i));
  g_ptr_array_set_size (watch->rows, 0);

  if (!cli_printer_is_open (get_printer (task)))
    {
      g_autoptr(GTask) ended = stop (task);

      g_task_return_int (ended, CLI_EXIT_DONE);
    }
}

static void
on_synced_cb (KubeReflector *reflector,
              GParamSpec    *pspec,
              GTask         *task)
{
  Watch *watch = g_task_get_task_data (task);
  g_autoptr(GTask) ended = NULL;

  if (watch->name == NULL || watch->n_seen > 0)
    return;

  ended = stop (task);
  g_task_return_new_error (ended, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                           "There is no %s that is called “%s”. It may have another name, or be "
                           "in another namespace. Run \"hackystackctl get %s -A\" to see all.",
                           watch->kind->resource.kind, watch->name,
                           watch->kind->resource.plural);
}

/* A refusal of the first list ends the watch; later on, what was lost may come back. */
static void
on_state_cb (KubeReflector *reflector,
             GParamSpec    *pspec,
             GTask         *task)
{
  Watch             *watch = g_task_get_task_data (task);
  KubeReflectorState state = kube_reflector_get_state (reflector);
  const GError      *error = kube_reflector_get_error (reflector);

  if (state == KUBE_REFLECTOR_FAILED && !kube_reflector_get_synced (reflector))
    {
      g_autoptr(GError) copy = g_error_copy (error);
      g_autoptr(GTask) ended = stop (task);

      g_task_return_error (ended, g_steal_pointer (&copy));
      return;
    }

  if ((state == KUBE_REFLECTOR_BACKING_OFF || state == KUBE_REFLECTOR_FAILED) && !watch->lost)
    {
      watch->lost = TRUE;
      cli_printer_note (get_printer (task), "Connection lost, watching again as soon as it is "
                                            "back. %s",
                        error->message);
    }
  else if (state == KUBE_REFLECTOR_WATCHING && watch->lost)
    {
      watch->lost = FALSE;
      cli_printer_note (get_printer (task), "Connected again, watching.");
    }
}

/* Ctrl+C is how watching ends: it needs no words, only its exit status. */
static gboolean
on_cancelled_cb (GCancellable *cancellable,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = stop (G_TASK (user_data));

  g_task_return_int (task, CLI_EXIT_CANCELLED);

  return G_SOURCE_REMOVE;
}

static KubeReflector *
new_reflector (CliInvocation       *invocation,
               const CliWatchQuery *query)
{
  const KubeResource *resource = &query->kind->resource;
  KubeForm            form = query->form == CLI_WATCH_DOCUMENT ? KUBE_FORM_OBJECT : KUBE_FORM_TABLE;
  g_autofree char    *by_name = NULL;
  KubeReflector      *reflector;

  if (query->name != NULL)
    by_name = g_strconcat ("metadata.name=", query->name, NULL);
  reflector = kube_reflector_new (cli_invocation_get_client (invocation), resource,
                                  resource->namespaced ? query->namespace_ : NULL, form,
                                  query->label_selector);
  kube_reflector_set_field_selector (reflector,
                                     by_name != NULL ? by_name : query->field_selector);

  return reflector;
}

/**
 * cli_watch_async:
 * @invocation: an invocation that is connected
 * @query: what to watch; its kind must stay until the end
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the watch has ended
 * @user_data: data for @callback
 *
 * Prints every object, and again whenever it changes or goes, until the user ends it or nobody
 * reads any more. A lost connection is got back without repeating anything.
 */
void
cli_watch_async (CliInvocation       *invocation,
                 const CliWatchQuery *query,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  GTask *task;
  Watch *watch;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (query != NULL && query->kind != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  watch = g_new0 (Watch, 1);
  watch->kind = query->kind;
  watch->name = g_strdup (query->name);
  watch->form = query->form;
  watch->flags = query->flags;
  watch->only_changes = query->only_changes;
  watch->namespaces = query->kind->resource.namespaced && query->namespace_ == NULL;
  watch->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  watch->reflector = new_reflector (invocation, query);

  task = g_task_new (invocation, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_watch_async);
  /* That it was cancelled is told by the exit status. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, watch, (GDestroyNotify) watch_free);
  g_signal_connect (watch->reflector, "event", G_CALLBACK (on_event_cb), task);
  g_signal_connect (watch->reflector, "changed", G_CALLBACK (on_changed_cb), task);
  g_signal_connect (watch->reflector, "notify::synced", G_CALLBACK (on_synced_cb), task);
  g_signal_connect (watch->reflector, "notify::state", G_CALLBACK (on_state_cb), task);
  watch->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (watch->cancelled, G_SOURCE_FUNC (on_cancelled_cb), task, NULL);
  g_source_attach (watch->cancelled, NULL);
  kube_reflector_start (watch->reflector);
}

/**
 * cli_watch_finish:
 * @invocation: an invocation
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@cli_watch_async].
 *
 * Returns: the exit status, or -1 with an error of %KUBE_ERROR
 */
gssize
cli_watch_finish (CliInvocation *invocation,
                  GAsyncResult  *result,
                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, invocation), -1);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_watch_async), -1);

  return g_task_propagate_int (G_TASK (result), error);
}
