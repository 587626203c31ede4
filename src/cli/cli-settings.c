/* cli-settings.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-settings.h"

#include "cli-error.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#define MAX_VALUES_FILE (1024 * 1024)

typedef struct
{
  char *name; /* how messages call the file */
  char *data; /* (owned): holds secrets, wiped */
} ReadFile;

static void
read_file_free (ReadFile *data)
{
  explicit_bzero (data->data, MAX_VALUES_FILE + 1);
  g_free (data->data);
  g_free (data->name);
  g_free (data);
}

/**
 * cli_settings_list_missing:
 * @settings: settings
 *
 * Lists the fields without which nothing can be deployed and that have no value.
 *
 * Returns: (transfer container) (element-type StackField): the fields, in the
 *   order of their questions
 */
GPtrArray *
cli_settings_list_missing (StackSettings *settings)
{
  GPtrArray *missing = g_ptr_array_new ();

  g_return_val_if_fail (STACK_IS_SETTINGS (settings), missing);

  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      const StackField *field = stack_field_get (id);

      if (field->required && stack_settings_get_text (settings, id)[0] == '\0')
        g_ptr_array_add (missing, (gpointer) field);
    }

  return missing;
}

/**
 * cli_settings_read_environment:
 * @settings: settings
 *
 * Sets every field that is a variable of the app and for which the environment
 * has a value: HACKYSTACK_DATABASE_URL for DATABASE_URL, and so on. The prefix
 * keeps values that are meant for other programs out. An empty variable counts
 * as none. They count for this run only: the profile keeps its own.
 */
void
cli_settings_read_environment (StackSettings *settings)
{
  g_return_if_fail (STACK_IS_SETTINGS (settings));

  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      const StackField *field = stack_field_get (id);
      g_autofree char  *name = NULL;
      const char       *text;

      if (field->variable == NULL)
        continue;
      name = g_strconcat ("HACKYSTACK_", field->variable, NULL);
      text = g_getenv (name);
      if (text != NULL && text[0] != '\0')
        stack_settings_lend_text (settings, id, text);
    }
}

static void
return_read_error (GTask        *task,
                   const GError *error)
{
  ReadFile *data = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_INPUT,
                             "The values in %s cannot be read. %s. "
                             "Check the name and that you may read it.",
                             data->name, error->message);
}

static void
cli_settings_read_file_read_cb (GObject      *object,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  ReadFile *data = g_task_get_task_data (task);
  gsize     length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (object), result, &length, &error))
    {
      return_read_error (task, error);
      return;
    }
  if (length > MAX_VALUES_FILE)
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_INPUT,
                               "The values in %s cannot be used. They are larger than 1 MiB. "
                               "Give a file that holds the values and nothing else.",
                               data->name);
      return;
    }

  if (!stack_settings_read_values (g_task_get_source_object (task), data->data, length, &error))
    {
      g_prefix_error (&error, "The values in %s cannot be used. ", data->name);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_boolean (task, TRUE);
}

static void
read_stream (GTask        *task,
             GInputStream *stream)
{
  ReadFile *data = g_task_get_task_data (task);

  /* One byte more than may be: that byte tells a file that is too large. */
  g_input_stream_read_all_async (stream, data->data, MAX_VALUES_FILE + 1, G_PRIORITY_DEFAULT,
                                 g_task_get_cancellable (task), cli_settings_read_file_read_cb,
                                 g_object_ref (task));
}

static void
cli_settings_read_file_open_cb (GObject      *object,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileInputStream) stream = NULL;

  stream = g_file_read_finish (G_FILE (object), result, &error);
  if (stream == NULL)
    return_read_error (task, error);
  else
    read_stream (task, G_INPUT_STREAM (stream));
}

/**
 * cli_settings_read_file_async:
 * @settings: settings
 * @path: (type filename): a values file, or "-" for standard input
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it was read
 * @user_data: data for @callback
 *
 * Reads a values file into @settings: all of it, or nothing. The memory it was
 * read into is wiped.
 */
void
cli_settings_read_file_async (StackSettings      *settings,
                              const char         *path,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  ReadFile *data;

  g_return_if_fail (STACK_IS_SETTINGS (settings));
  g_return_if_fail (path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (settings, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_settings_read_file_async);
  data = g_new0 (ReadFile, 1);
  data->data = g_malloc0 (MAX_VALUES_FILE + 1);
  data->name = g_str_equal (path, "-") ? g_strdup ("standard input")
                                       : g_filename_display_name (path);
  g_task_set_task_data (task, data, (GDestroyNotify) read_file_free);

  if (g_str_equal (path, "-"))
    {
      g_autoptr(GInputStream) stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);

      read_stream (task, stream);
    }
  else
    {
      g_autoptr(GFile) file = g_file_new_for_path (path);

      g_file_read_async (file, G_PRIORITY_DEFAULT, cancellable, cli_settings_read_file_open_cb,
                         g_steal_pointer (&task));
    }
}

/**
 * cli_settings_read_file_finish:
 * @settings: settings
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@settings_read_file_async].
 *
 * Returns: whether the values were taken over; or else an error: %CLI_ERROR_INPUT
 *   when the file cannot be read, %STACK_ERROR_VALUES when what it says cannot be
 *   used, %G_IO_ERROR_CANCELLED
 */
gboolean
cli_settings_read_file_finish (StackSettings *settings,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, settings), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_settings_read_file_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
