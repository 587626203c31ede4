/* stack-evidence-item.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-evidence-item.h"

#include "base-json.h"

#include <string.h>

/* Evidence in words, for those who do not read YAML. */

static void
item_free (gpointer data)
{
  StackEvidenceItem *item = data;

  g_free (item->title);
  g_free (item->text);
  g_free (item);
}

static void
add_item (GPtrArray        *items,
          StackEvidenceKind kind,
          gboolean          wrong,
          const char       *title,
          const char       *text)
{
  StackEvidenceItem *item = g_new0 (StackEvidenceItem, 1);

  item->kind = kind;
  item->wrong = wrong;
  item->title = g_strdup (title);
  item->text = g_strdup (text);
  g_ptr_array_add (items, item);
}

/* The words of the server may end in a full stop or a line end of their own. */
static void
append_sentence (GString    *words,
                 const char *text)
{
  gsize length = strlen (text);

  while (length > 0 && strchr (". \n", text[length - 1]) != NULL)
    length--;
  g_string_append_len (words, text, (gssize) length);
}

/* "ImagePullBackOff: Back-off pulling image", without what is not there. */
static void
append_reason (GString  *words,
               JsonNode *state)
{
  const char *reason = base_json_get_string (state, "reason", NULL);
  const char *message = base_json_get_string (state, "message", NULL);

  if (reason != NULL)
    g_string_append_printf (words, ", %s", reason);
  if (message != NULL && *message != '\0')
    {
      g_string_append (words, ": ");
      append_sentence (words, message);
    }
}

static void
append_end (GString  *words,
            JsonNode *state)
{
  gint64 signal = base_json_get_int (state, 0, "signal", NULL);

  if (signal != 0)
    g_string_append_printf (words, "killed by signal %" G_GINT64_FORMAT, signal);
  else
    g_string_append_printf (words, "ended with %" G_GINT64_FORMAT,
                            base_json_get_int (state, 0, "exitCode", NULL));
  append_reason (words, state);
}

/* "app: waiting, ImagePullBackOff: …; before that it ended with 1, Error" */
static char *
describe_container (JsonNode *container)
{
  JsonNode *waiting = base_json_get (container, "state", "waiting", NULL);
  JsonNode *ended = base_json_get (container, "state", "terminated", NULL);
  JsonNode *before = base_json_get (container, "lastState", "terminated", NULL);
  GString  *words = g_string_new (base_json_get_string (container, "name", NULL));

  g_string_append (words, ": ");
  if (waiting != NULL)
    {
      g_string_append (words, "waiting");
      append_reason (words, waiting);
    }
  else if (ended != NULL)
    append_end (words, ended);
  else
    g_string_append (words, base_json_get (container, "state", "running", NULL) != NULL
                                ? "running"
                                : "not started");
  if (before != NULL)
    {
      g_string_append (words, "; before that it ");
      append_end (words, before);
    }

  return g_string_free (words, FALSE);
}

/* Why there is no node for it, or what it is not ready for. */
static void
append_condition (GString  *words,
                  JsonNode *pod)
{
  JsonArray *conditions = base_json_get_array (pod, "conditions", NULL);

  for (guint i = 0; conditions != NULL && i < json_array_get_length (conditions); i++)
    {
      JsonNode   *condition = json_array_get_element (conditions, i);
      const char *message = base_json_get_string (condition, "message", NULL);

      if (g_strcmp0 (base_json_get_string (condition, "type", NULL), "PodScheduled") != 0 ||
          g_strcmp0 (base_json_get_string (condition, "status", NULL), "False") != 0 ||
          message == NULL)
        continue;
      g_string_append (words, "\nno node for it: ");
      append_sentence (words, message);
    }
}

static char *
describe_pod (JsonNode *pod)
{
  const char *node = base_json_get_string (pod, "node", NULL);
  gint64      restarts = base_json_get_int (pod, 0, "restarts", NULL);
  JsonArray  *containers = base_json_get_array (pod, "containers", NULL);
  GString    *words = g_string_new (base_json_get_string (pod, "status", NULL));

  g_string_append (words, base_json_get_boolean (pod, FALSE, "ready", NULL) ? ", ready"
                                                                            : ", not ready");
  if (node != NULL)
    g_string_append_printf (words, ", on %s", node);
  if (restarts > 0)
    g_string_append_printf (words, ", restarted %" G_GINT64_FORMAT " time%s", restarts,
                            restarts == 1 ? "" : "s");
  append_condition (words, pod);
  for (guint i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    {
      g_autofree char *container = describe_container (json_array_get_element (containers, i));

      g_string_append_printf (words, "\n%s", container);
    }

  return g_string_free (words, FALSE);
}

static void
add_pods (GPtrArray *items,
          JsonArray *pods)
{
  for (guint i = 0; pods != NULL && i < json_array_get_length (pods); i++)
    {
      JsonNode        *pod = json_array_get_element (pods, i);
      g_autofree char *words = describe_pod (pod);

      add_item (items, STACK_EVIDENCE_POD, !base_json_get_boolean (pod, FALSE, "ready", NULL),
                base_json_get_string (pod, "name", NULL), words);
    }
}

static char *
join_lines (JsonArray *lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      JsonNode *line = json_array_get_element (lines, i);

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", json_node_get_string (line));
    }

  return g_string_free (text, FALSE);
}

static void
add_log (GPtrArray  *items,
         JsonNode   *pod,
         JsonNode   *container,
         const char *member)
{
  JsonArray       *lines = base_json_get_array (container, member, NULL);
  gboolean         before = g_str_equal (member, "previousLog");
  g_autofree char *title = NULL;
  g_autofree char *text = NULL;

  if (lines == NULL || json_array_get_length (lines) == 0)
    return;

  title = g_strdup_printf (before ? "%s, %s, before its last restart" : "%s, %s",
                           base_json_get_string (pod, "name", NULL),
                           base_json_get_string (container, "name", NULL));
  text = join_lines (lines);
  add_item (items, STACK_EVIDENCE_LOG, !base_json_get_boolean (pod, FALSE, "ready", NULL), title,
            text);
}

static void
add_logs (GPtrArray *items,
          JsonArray *pods)
{
  for (guint i = 0; pods != NULL && i < json_array_get_length (pods); i++)
    {
      JsonNode  *pod = json_array_get_element (pods, i);
      JsonArray *containers = base_json_get_array (pod, "containers", NULL);

      for (guint j = 0; containers != NULL && j < json_array_get_length (containers); j++)
        {
          JsonNode *container = json_array_get_element (containers, j);

          add_log (items, pod, container, "previousLog");
          add_log (items, pod, container, "log");
        }
    }
}

/* "Failed, 3 times: Pod hackystack-app-7c9f" */
static void
add_events (GPtrArray *items,
            JsonArray *events)
{
  for (guint i = events != NULL ? json_array_get_length (events) : 0; i > 0; i--)
    {
      JsonNode        *event = json_array_get_element (events, i - 1);
      gint64           count = base_json_get_int (event, 1, "count", NULL);
      const char      *reason = base_json_get_string (event, "reason", NULL);
      const char      *message = base_json_get_string (event, "message", NULL);
      g_autofree char *times = NULL;
      g_autofree char *title = NULL;

      times = count > 1 ? g_strdup_printf (", %" G_GINT64_FORMAT " times", count) : g_strdup ("");
      title = g_strdup_printf ("%s%s: %s", reason != NULL ? reason : "Event", times,
                               base_json_get_string (event, "object", NULL));
      add_item (items, STACK_EVIDENCE_EVENT,
                g_strcmp0 (base_json_get_string (event, "type", NULL), "Warning") == 0, title,
                message != NULL ? message : "");
    }
}

static void
add_problems (GPtrArray *items,
              JsonArray *problems)
{
  for (guint i = 0; problems != NULL && i < json_array_get_length (problems); i++)
    add_item (items, STACK_EVIDENCE_PROBLEM, TRUE, "Not to be seen",
              json_array_get_string_element (problems, i));
}

/**
 * stack_evidence_list_items:
 * @self: evidence
 *
 * Says in words what was seen: the pods, those that are not ready first; the events, newest first;
 * the last lines of the containers, and what could not be looked at.
 *
 * Returns: (transfer full) (element-type StackEvidenceItem): the pieces
 */
GPtrArray *
stack_evidence_list_items (StackEvidence *self)
{
  GPtrArray *items;
  JsonNode  *document;
  JsonArray *pods;

  g_return_val_if_fail (STACK_IS_EVIDENCE (self), NULL);

  items = g_ptr_array_new_with_free_func (item_free);
  document = stack_evidence_get_document (self);
  pods = base_json_get_array (document, "pods", NULL);
  add_pods (items, pods);
  add_events (items, base_json_get_array (document, "events", NULL));
  add_logs (items, pods);
  add_problems (items, base_json_get_array (document, "problems", NULL));

  return items;
}
