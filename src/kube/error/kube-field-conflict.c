/* kube-field-conflict.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-field-conflict.h"

#include <string.h>

#include "base-json.h"
#include "base-redact.h"
#include "base-time.h"
#include "kube-error.h"

/**
 * kube_field_conflict_free:
 * @self: (transfer full): a conflict
 *
 * Frees @self.
 */
void
kube_field_conflict_free (KubeFieldConflict *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->field);
  g_free (self->manager);
  g_free (self->subresource);
  g_free (self->api_version);
  g_free (self->message);
  g_free (self);
}

static gboolean
skip (const char **text,
      const char  *word)
{
  if (!g_str_has_prefix (*text, word))
    return FALSE;

  *text += strlen (word);
  return TRUE;
}

/* A text in quotes as Go's strconv.Quote writes it. */
static char *
take_quoted (const char **text)
{
  const char      *start = *text + 1;
  const char      *end = start;
  g_autofree char *inner = NULL;

  if (**text != '"')
    return NULL;
  for (; *end != '"'; end++)
    {
      if (*end == '\\' && end[1] != '\0')
        end++;
      if (*end == '\0')
        return NULL;
    }

  *text = end + 1;
  inner = g_strndup (start, (gsize) (end - start));
  return g_strcompress (inner);
}

/* The words of printManager() of k8s.io/apimachinery/pkg/util/managedfields/internal:
 *   conflict with "NAME" [with subresource "NAME"] [using VERSION [at TIME]] */
static void
read_message (KubeFieldConflict *self,
              const char        *text)
{
  const char *end;

  if (!skip (&text, "conflict with "))
    return;
  self->manager = take_quoted (&text);
  if (self->manager == NULL)
    return;

  if (skip (&text, " with subresource "))
    self->subresource = take_quoted (&text);
  if (!skip (&text, " using "))
    return;
  end = text + strcspn (text, " :");
  self->api_version = g_strndup (text, (gsize) (end - text));
  if (skip (&end, " at "))
    self->time = base_time_parse (end);
}

static int
compare_fields (gconstpointer a,
                gconstpointer b)
{
  const KubeFieldConflict *one = *(const KubeFieldConflict *const *) a;
  const KubeFieldConflict *other = *(const KubeFieldConflict *const *) b;
  int                      order = strcmp (one->field, other->field);

  return order != 0 ? order : g_strcmp0 (one->manager, other->manager);
}

/**
 * kube_field_conflict_list:
 * @error: an error of any domain
 *
 * Lists the fields because of which a server-side apply failed with %KUBE_ERROR_CONFLICT: the
 * causes of the reason "FieldManagerConflict" in its status. They are to be shown to whoever
 * decides about taking them over with %KUBE_APPLY_FORCE.
 *
 * Returns: (transfer full) (element-type KubeFieldConflict): the conflicts by field, since the
 *   server has no order for them; none if @error is no such error
 */
GPtrArray *
kube_field_conflict_list (const GError *error)
{
  GPtrArray *conflicts;
  JsonArray *causes;

  g_return_val_if_fail (error != NULL, NULL);

  conflicts = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_field_conflict_free);
  causes = base_json_get_array (kube_error_get_status (error), "details", "causes", NULL);
  for (guint i = 0; causes != NULL && i < json_array_get_length (causes); i++)
    {
      JsonNode          *cause = json_array_get_element (causes, i);
      const char        *message = base_json_get_string (cause, "message", NULL);
      const char        *field = base_json_get_string (cause, "field", NULL);
      KubeFieldConflict *conflict;

      if (g_strcmp0 (base_json_get_string (cause, "reason", NULL), "FieldManagerConflict") != 0)
        continue;

      conflict = g_new0 (KubeFieldConflict, 1);
      conflict->field = base_redact_text (field != NULL ? field : "");
      conflict->message = base_redact_text (message != NULL ? message : "");
      read_message (conflict, conflict->message);
      g_ptr_array_add (conflicts, conflict);
    }
  g_ptr_array_sort (conflicts, compare_fields);

  return conflicts;
}
