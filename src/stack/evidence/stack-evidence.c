/* stack-evidence.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-evidence-private.h"

#include "base-json.h"
#include "base-redact.h"
#include "base-yaml.h"

#include <glib/gstdio.h>
#include <string.h>

/**
 * StackEvidence:
 *
 * What could be seen of the app's pods at the moment when a deployment failed: events, states of
 * the containers, and the last lines that they said. It is kept because whatever comes next, a
 * roll-back above all, takes the pods away. Secrets that are known are replaced in it.
 */
struct _StackEvidence
{
  GObject parent_instance;

  JsonNode *document; /* (owned) */
  char     *ns;       /* (owned) */
};

G_DEFINE_FINAL_TYPE (StackEvidence, stack_evidence, G_TYPE_OBJECT)

static void
stack_evidence_finalize (GObject *object)
{
  StackEvidence *self = STACK_EVIDENCE (object);

  g_clear_pointer (&self->document, json_node_unref);
  g_clear_pointer (&self->ns, g_free);

  G_OBJECT_CLASS (stack_evidence_parent_class)->finalize (object);
}

static void
stack_evidence_class_init (StackEvidenceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_evidence_finalize;
}

static void
stack_evidence_init (StackEvidence *self)
{
}

/* Replaces the secrets in every text of a tree that nobody else has seen. */
static void
redact (JsonNode *node)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      g_autoptr(GList) values = json_object_get_values (json_node_get_object (node));

      g_list_foreach (values, (GFunc) (gpointer) redact, NULL);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      g_autoptr(GList) elements = json_array_get_elements (json_node_get_array (node));

      g_list_foreach (elements, (GFunc) (gpointer) redact, NULL);
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      g_autofree char *text = base_redact_text (json_node_get_string (node));

      json_node_set_string (node, text);
    }
}

/*
 * stack_evidence_new:
 * @ns: the app's namespace
 * @document: (transfer full): what was seen; its texts are changed
 *
 * Returns: (transfer full): evidence
 */
StackEvidence *
stack_evidence_new (const char *ns,
                    JsonNode   *document)
{
  StackEvidence *self;

  g_return_val_if_fail (ns != NULL, NULL);
  g_return_val_if_fail (document != NULL, NULL);

  self = g_object_new (STACK_TYPE_EVIDENCE, NULL);
  self->ns = g_strdup (ns);
  self->document = document;
  redact (document);

  return self;
}

/**
 * stack_evidence_get_document:
 * @self: evidence
 *
 * Shapes: `{"type": "evidence", "time", "namespace", "deployment": {"conditions": [{"type",
 * "status", "reason", "message"}]}, "pods": [{"name", "status", "node", "ready", "restarts",
 * "containers": [{"name", "state", "lastState", "log", "previousLog"}]}], "events": [{"time",
 * "type", "reason", "object", "count", "message"}]}`. States are as the API has them; logs are
 * lists of lines; what could not be read is left out, and told by "problems", a list of texts.
 *
 * Returns: (transfer none): what was seen, without the secrets that are known
 */
JsonNode *
stack_evidence_get_document (StackEvidence *self)
{
  g_return_val_if_fail (STACK_IS_EVIDENCE (self), NULL);

  return self->document;
}

/* A name that sorts by time, in a folder that only the user may look into. */
static char *
build_path (StackEvidence *self)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = g_strdup_printf ("%s-%s.yaml", self->ns, time);

  return g_build_filename (g_get_user_state_dir (), "hackystack", "evidence", name, NULL);
}

/* A thread, because writing a file safely waits for the disk. */
static void
save_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autofree char *path = build_path (source_object);
  g_autofree char *folder = g_path_get_dirname (path);
  const char      *text = task_data;
  GError          *error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int code = errno;

      g_task_return_new_error (task, G_IO_ERROR, g_io_error_from_errno (code),
                               "The folder %s cannot be made. %s.", folder, g_strerror (code));
      return;
    }

  if (g_file_set_contents_full (path, text, (gssize) strlen (text),
                                G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_task_return_pointer (task, g_steal_pointer (&path), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * stack_evidence_save_async:
 * @self: evidence
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Writes the evidence as YAML into a file of its own, which only the user may read, in
 * hackystack/evidence below the user's folder for state (`$XDG_STATE_HOME`).
 */
void
stack_evidence_save_async (StackEvidence      *self,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (STACK_IS_EVIDENCE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_evidence_save_async);
  g_task_set_task_data (task, base_yaml_print (self->document), g_free);
  g_task_run_in_thread (task, save_thread);
}

/**
 * stack_evidence_save_finish:
 * @self: evidence
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@GLib.FileError] and [error@Gio.IOErrorEnum].
 *
 * Returns: (transfer full): the path of the file
 */
char *
stack_evidence_save_finish (StackEvidence *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (STACK_IS_EVIDENCE (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
