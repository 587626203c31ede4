/* stack-export.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-export.h"

#include "base-json.h"
#include "base-yaml.h"
#include "stack-doctor.h"
#include "stack-error.h"
#include "stack-manifest-set-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Writes the filled manifests as files that kubectl takes, by `apply -f FOLDER` as well as by
 * `apply -k FOLDER`. Two things follow from that. kubectl applies the files of a folder in the
 * order of their names, so the names begin with a number. And the list for -k is called
 * "Kustomization", without an ending: a kustomization.yaml would be taken for an object by -f,
 * which fails then. */

#define LIST_NAME "Kustomization"

/* Not applied by anybody: kubectl reads .yaml, .yml and .json. */
#define EXAMPLE_SUFFIX ".example"

#define RANK_STEP 10

typedef struct
{
  char    *name;   /* (owned) */
  GString *text;   /* (owned) wiped */
  gboolean listed; /* kubectl shall apply it */
} File;

typedef struct
{
  char            *directory; /* (owned) */
  GPtrArray       *files;     /* (element-type File) (owned) */
  StackExportFlags flags;
} Export;

static void
file_free (gpointer data)
{
  File *file = data;

  explicit_bzero (file->text->str, file->text->len);
  g_string_free (file->text, TRUE);
  g_clear_pointer (&file->name, g_free);
  g_free (file);
}

static void
export_free (gpointer data)
{
  Export *export = data;

  g_clear_pointer (&export->directory, g_free);
  g_clear_pointer (&export->files, g_ptr_array_unref);
  g_free (export);
}

/* What the files hold. */

static gboolean
is_secret (JsonNode *node)
{
  return g_strcmp0 (base_json_get_string (node, "kind", NULL), "Secret") == 0;
}

static File *
get_file (Export *export,
          StackFilledFile *source,
          gboolean         example)
{
  g_autofree char *name = NULL;
  File            *file;

  name = g_strdup_printf ("%02u-%s%s", (source->rank + 1) * RANK_STEP, source->file,
                          example ? EXAMPLE_SUFFIX : "");
  for (guint i = 0; i < export->files->len; i++)
    {
      file = g_ptr_array_index (export->files, i);
      if (g_str_equal (file->name, name))
        return file;
    }

  file = g_new0 (File, 1);
  file->name = g_steal_pointer (&name);
  file->text = g_string_new (NULL);
  file->listed = !example;
  g_ptr_array_add (export->files, file);

  return file;
}

/* Moves the keys of a Secret to `stringData`, which takes plain text, and empties them. */
static void
empty_secret (JsonNode *node)
{
  JsonObject    *object = json_node_get_object (node);
  JsonObject    *data = base_json_get_object (node, "data", NULL);
  JsonObject    *texts = json_object_new ();
  JsonObjectIter iter;
  const char    *key;

  if (data != NULL)
    {
      json_object_iter_init_ordered (&iter, data);
      while (json_object_iter_next_ordered (&iter, &key, NULL))
        json_object_set_string_member (texts, key, "");
    }
  json_object_remove_member (object, "data");
  json_object_set_object_member (object, "stringData", texts);
}

static void
append_example_words (GString    *text,
                      const char *name)
{
  g_string_append_printf (text,
                          "#\n"
                          "# THE VALUES ARE LEFT OUT, so this file ends in " EXAMPLE_SUFFIX
                          " and kubectl passes it by.\n"
                          "# Without the Secret on the cluster the app does not start. Either let\n"
                          "#   hackystackctl deploy\n"
                          "# make it, or write each value between its quotes, as it is and not in\n"
                          "# base64, then\n"
                          "#   chmod 600 %s" EXAMPLE_SUFFIX " && mv %s" EXAMPLE_SUFFIX " %s\n"
                          "# and add the file to " LIST_NAME ". Never give it to version control.\n",
                          name, name, name);
}

static void
append_object (Export *export,
               StackFilledFile *source)
{
  gboolean         example = is_secret (source->node) && !(export->flags & STACK_EXPORT_SECRETS);
  File            *file = get_file (export, source, example);
  g_autofree char *yaml = NULL;
  g_autofree char *name = NULL;

  if (example)
    empty_secret (source->node);

  if (file->text->len > 0)
    g_string_append (file->text, "---\n");
  else
    g_string_append (file->text, source->heading);
  if (example)
    {
      name = g_strndup (file->name, strlen (file->name) - strlen (EXAMPLE_SUFFIX));
      append_example_words (file->text, name);
    }

  yaml = base_yaml_print (source->node);
  g_string_append (file->text, yaml);
  explicit_bzero (yaml, strlen (yaml));
  if (!g_str_has_suffix (file->text->str, "\n"))
    g_string_append_c (file->text, '\n');
}

static void
append_list (Export *export)
{
  File *list = g_new0 (File, 1);

  list->name = g_strdup (LIST_NAME);
  list->text = g_string_new (
      "# What `kubectl apply -k` applies from this folder. `kubectl apply -f` takes every .yaml\n"
      "# file of it, in the order of their names, and comes to the same. This file has no ending,\n"
      "# since -f would take it for an object otherwise.\n"
      "apiVersion: kustomize.config.k8s.io/v1beta1\n"
      "kind: Kustomization\n"
      "resources:\n");

  for (guint i = 0; i < export->files->len; i++)
    {
      File *file = g_ptr_array_index (export->files, i);

      if (file->listed)
        g_string_append_printf (list->text, "  - %s\n", file->name);
      else
        g_string_append_printf (list->text,
                                "  # %s: fill in its values and take the ending away first\n",
                                file->name);
    }
  g_ptr_array_add (export->files, list);
}

/* Values that would make files that kubectl refuses. Secrets that are left out do not matter. */
static gboolean
check_settings (StackSettings   *settings,
                StackExportFlags flags,
                GError         **error)
{
  g_autoptr(GPtrArray) findings = stack_doctor_check (settings);
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      StackFinding     *finding = g_ptr_array_index (findings, i);
      const StackField *field = stack_field_get (finding->field);
      gboolean          kept = field->secret || field->id == STACK_FIELD_GITHUB_CLIENT_ID;

      if (finding->severity != STACK_SEVERITY_ERROR ||
          (kept && !(flags & STACK_EXPORT_SECRETS)))
        continue;
      g_string_append_printf (words, "\n%s", finding->message);
    }

  if (words->len == 0)
    return TRUE;

  g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
               "Nothing was written, since settings have to be corrected first.%s", words->str);

  return FALSE;
}

static gboolean
build_files (Export *export,
             StackManifestSet *manifests,
             StackSettings    *settings,
             GError          **error)
{
  g_autoptr(GPtrArray) sources = NULL;

  if (!check_settings (settings, export->flags, error))
    return FALSE;
  sources = stack_manifest_set_fill_files (manifests, settings, error);
  if (sources == NULL)
    return FALSE;

  for (guint i = 0; i < sources->len; i++)
    append_object (export, g_ptr_array_index (sources, i));
  append_list (export);

  return TRUE;
}

/* The folder. */

static void
set_file_error (GError    **error,
                const char *path,
                int         saved_errno)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               "%s cannot be written: %s. See that the folder belongs to you and that the disk is "
               "not full, or choose another folder.",
               path, g_strerror (saved_errno));
}

/* Files that are there and would be lost. */
static gboolean
check_existing (Export *export,
                GError **error)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < export->files->len; i++)
    {
      File            *file = g_ptr_array_index (export->files, i);
      g_autofree char *path = g_build_filename (export->directory, file->name, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", file->name);
    }

  if (names->len == 0 || (export->flags & STACK_EXPORT_OVERWRITE))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               "Nothing was written, since %s already holds %s. They may have been changed by "
               "hand. Choose another folder, or say that they may be replaced.",
               export->directory, names->str);

  return FALSE;
}

static gboolean
is_empty (const char *directory)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) == NULL;
}

/* Makes the folder, or sees that others cannot look into it when secrets are to be in it. */
static gboolean
prepare_directory (Export *export,
                   GError **error)
{
  gboolean secrets = (export->flags & STACK_EXPORT_SECRETS) != 0;
  GStatBuf info;

  if (g_mkdir_with_parents (export->directory, secrets ? 0700 : 0755) != 0 ||
      g_stat (export->directory, &info) != 0)
    {
      set_file_error (error, export->directory, errno);
      return FALSE;
    }
  if (!secrets || (info.st_mode & 0077) == 0)
    return TRUE;
  if (is_empty (export->directory) && g_chmod (export->directory, 0700) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
               "Nothing was written, since others may look into %s, and the files would hold "
               "secrets. Choose a new folder, or close this one with: chmod 700 %s",
               export->directory, export->directory);

  return FALSE;
}

static gboolean
write_file (Export *export,
            File    *file,
            GError **error)
{
  g_autofree char *path = g_build_filename (export->directory, file->name, NULL);
  gboolean         secrets = (export->flags & STACK_EXPORT_SECRETS) != 0;
  g_autoptr(GError) local_error = NULL;

  if (g_file_set_contents_full (path, file->text->str, file->text->len,
                                G_FILE_SET_CONTENTS_CONSISTENT, secrets ? 0600 : 0644,
                                &local_error) &&
      (!secrets || g_chmod (path, 0600) == 0))
    return TRUE;

  if (local_error == NULL)
    set_file_error (error, path, errno);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 "%s See that the folder belongs to you and that the disk is not full, or choose "
                 "another folder.",
                 local_error->message);

  return FALSE;
}

static GStrv
list_names (Export *export)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < export->files->len; i++)
    g_strv_builder_add (builder, ((File *) g_ptr_array_index (export->files, i))->name);

  return g_strv_builder_end (builder);
}

/* A thread, because GLib knows folders and modes synchronously only. */
static void
export_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;

  if (!check_existing (export, &error) || !prepare_directory (export, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  for (guint i = 0; i < export->files->len; i++)
    {
      if (g_task_return_error_if_cancelled (task))
        return;
      if (!write_file (export, g_ptr_array_index (export->files, i), &error))
        {
          g_task_return_error (task, error);
          return;
        }
    }

  g_task_return_pointer (task, list_names (export), (GDestroyNotify) g_strfreev);
}

/**
 * stack_export_async:
 * @manifests: what to write, with certificate and Ingress class if they are to be in it: see
 *   [func@provision_async]
 * @settings: the answers to put in
 * @directory: the folder to write to; it is made when it is not there
 * @flags: %STACK_EXPORT_SECRETS to write the values of Secrets, too; %STACK_EXPORT_OVERWRITE to
 *   replace files
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Writes the filled manifests as YAML files, each with the words that its template begins with,
 * and a list for kustomize, so that `kubectl apply -f @directory` and `kubectl apply -k @directory`
 * make the same objects as a deployment. Without %STACK_EXPORT_SECRETS a Secret becomes a file
 * with empty values that kubectl passes by, and that says how to fill it. With it the files can be
 * read by their owner only (0600, in a folder of 0700).
 */
void
stack_export_async (StackManifestSet   *manifests,
                    StackSettings      *settings,
                    const char         *directory,
                    StackExportFlags    flags,
                    GCancellable       *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Export *export;
  GError *error = NULL;

  g_return_if_fail (STACK_IS_MANIFEST_SET (manifests));
  g_return_if_fail (STACK_IS_SETTINGS (settings));
  g_return_if_fail (directory != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  export = g_new0 (Export, 1);
  export->directory = g_strdup (directory);
  export->files = g_ptr_array_new_with_free_func (file_free);
  export->flags = flags;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_export_async);
  g_task_set_task_data (task, export, export_free);

  /* The texts are built here, since the settings belong to this thread. */
  if (build_files (export, manifests, settings, &error))
    g_task_run_in_thread (task, export_thread);
  else
    g_task_return_error (task, error);
}

/**
 * stack_export_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_VALUES (a setting is wrong), %STACK_ERROR_MANIFEST,
 * %G_IO_ERROR_EXISTS (files are there already; nothing was written),
 * %G_IO_ERROR_PERMISSION_DENIED (others may look into the folder), others of
 * [error@Gio.IOErrorEnum] and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the names of the files in the folder, the list for kustomize last
 */
GStrv
stack_export_finish (GAsyncResult *result,
                     GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_export_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
