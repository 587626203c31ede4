/* kube-access.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-access.h"

#include "base-json.h"
#include "kube-error.h"

static char *
dup_text (JsonNode   *status,
          const char *name)
{
  const char *text = base_json_get_string (status, name, NULL);

  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/**
 * kube_access_read:
 * @self: (out caller-allocates): where to put the answer, to be cleared with
 *   [id@kube_access_clear]
 * @review: what the server answered to [id@kube_request_new_access_review]
 * @error: return location for an error
 *
 * Reads whether the user may do something.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL if @review has no answer. @self is empty then.
 *
 * Returns: whether @self was filled
 */
gboolean
kube_access_read (KubeAccess *self,
                  JsonNode   *review,
                  GError    **error)
{
  JsonNode *status;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (review != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *self = (KubeAccess){ FALSE, FALSE, NULL, NULL };
  status = base_json_get (review, "status", NULL);
  if (status == NULL || !JSON_NODE_HOLDS_OBJECT (status))
    {
      g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                           "The cluster did not say whether this is allowed: its answer has no "
                           "“status”. Try again.");
      return FALSE;
    }

  self->allowed = base_json_get_boolean (status, FALSE, "allowed", NULL);
  self->denied = base_json_get_boolean (status, FALSE, "denied", NULL);
  self->reason = dup_text (status, "reason");
  self->problem = dup_text (status, "evaluationError");

  return TRUE;
}

/**
 * kube_access_clear:
 * @self: an answer
 *
 * Frees what @self holds.
 */
void
kube_access_clear (KubeAccess *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->reason, g_free);
  g_clear_pointer (&self->problem, g_free);
}
