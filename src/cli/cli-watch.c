/* cli-watch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-watch.h"

#include "cli-error.h"

#include "kube-error.h"
#include "kube-reflector.h"

#define GAP 3

typedef struct
{
  /* Input */
  const KubeApiResource *kind; /* kept alive by the caller */
  char                  *name; /* (nullable) */
  gboolean               names_only;
  gboolean               namespaces; /* a column shows them */

  /* In progress */
  KubeReflector *reflector;
  GSource       *cancelled;
  GPtrArray     *objects; /* (element-type KubeObject): as in the model */
  GArray        *widths;  /* (element-type glong) (nullable): of the columns */
  gboolean       lost;    /* the connection: it was told */
} Watch;

static void
watch_free (Watch *watch)
{
  g_free (watch->name);
  g_clear_pointer (&watch->cancelled, g_source_unref);
  g_clear_object (&watch->reflector);
  g_ptr_array_unref (watch->objects);
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
  g_signal_handlers_disconnect_by_data (kube_reflector_get_model (watch->reflector), task);
  for (guint i = 0; i < watch->objects->len; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (watch->objects, i), task);
  kube_reflector_stop (watch->reflector);

  return task;
}

/* The titles, if @object is %NULL. */
static GStrv
build_row (Watch      *watch,
           KubeObject *object)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char *const *titles = kube_reflector_get_columns (watch->reflector);

  if (watch->namespaces)
    g_strv_builder_add (builder, object == NULL ? "NAMESPACE"
                                 : kube_object_get_namespace (object) != NULL
                                     ? kube_object_get_namespace (object)
                                     : "");
  for (guint i = 0; titles != NULL && titles[i] != NULL; i++)
    {
      g_autofree char *title = g_utf8_strup (titles[i], -1);
      const char      *cell = object != NULL ? kube_object_get_cell (object, i) : title;

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
begin_rows (GTask     *task,
            GPtrArray *rows)
{
  Watch *watch = g_task_get_task_data (task);

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

static void
print_objects (GTask       *task,
               KubeObject **objects,
               guint        n_objects)
{
  Watch *watch = g_task_get_task_data (task);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < n_objects; i++)
    {
      if (watch->name != NULL && !g_str_equal (kube_object_get_name (objects[i]), watch->name))
        continue;
      if (watch->names_only)
        print_name (task, objects[i]);
      else
        g_ptr_array_add (rows, build_row (watch, objects[i]));
    }
  if (rows->len > 0 && watch->widths == NULL)
    begin_rows (task, rows);
  for (guint i = 0; i < rows->len; i++)
    print_row (task, g_ptr_array_index (rows, i));
}

static void
on_object_node_cb (KubeObject *object,
                   GParamSpec *pspec,
                   GTask      *task)
{
  print_objects (task, &object, 1);
}

/* Objects that are gone are shown once more, as they were last. */
static void
on_items_changed_cb (GListModel *model,
                     guint       position,
                     guint       removed,
                     guint       added,
                     GTask      *task)
{
  Watch *watch = g_task_get_task_data (task);

  for (guint i = position; i < position + removed; i++)
    g_signal_handlers_disconnect_by_data (g_ptr_array_index (watch->objects, i), task);
  if (removed > 0)
    {
      print_objects (task, (KubeObject **) watch->objects->pdata + position, removed);
      g_ptr_array_remove_range (watch->objects, position, removed);
    }
  for (guint i = position; i < position + added; i++)
    {
      KubeObject *object = g_list_model_get_item (model, i);

      g_signal_connect (object, "notify::node", G_CALLBACK (on_object_node_cb), task);
      g_ptr_array_insert (watch->objects, (int) i, object);
    }
  if (added > 0)
    print_objects (task, (KubeObject **) watch->objects->pdata + position, added);
}

static gboolean
is_missing (Watch *watch)
{
  for (guint i = 0; watch->name != NULL && i < watch->objects->len; i++)
    if (g_str_equal (kube_object_get_name (g_ptr_array_index (watch->objects, i)), watch->name))
      return FALSE;

  return watch->name != NULL;
}

static void
on_changed_cb (KubeReflector *reflector,
               GTask         *task)
{
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

  if (!is_missing (watch))
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

/**
 * cli_watch_async:
 * @invocation: an invocation that is connected
 * @query: what to watch; its kind must stay until the end
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the watch has ended
 * @user_data: data for @callback
 *
 * Prints a row for every object, and another one whenever it changes or goes, until the user ends
 * it or nobody reads any more. A lost connection is got back without repeating a row.
 */
void
cli_watch_async (CliInvocation       *invocation,
                 const CliWatchQuery *query,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  GTask      *task;
  Watch      *watch;
  KubeClient *client;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (query != NULL && query->kind != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  client = cli_invocation_get_client (invocation);
  watch = g_new0 (Watch, 1);
  watch->kind = query->kind;
  watch->name = g_strdup (query->name);
  watch->names_only = query->names_only;
  watch->namespaces = query->kind->resource.namespaced && query->namespace_ == NULL;
  watch->objects = g_ptr_array_new_with_free_func (g_object_unref);
  watch->reflector = kube_reflector_new (client, &query->kind->resource,
                                         query->kind->resource.namespaced ? query->namespace_
                                                                          : NULL,
                                         KUBE_FORM_TABLE, query->label_selector);

  task = g_task_new (invocation, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_watch_async);
  /* That it was cancelled is told by the exit status. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, watch, (GDestroyNotify) watch_free);
  g_signal_connect (kube_reflector_get_model (watch->reflector), "items-changed",
                    G_CALLBACK (on_items_changed_cb), task);
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
