/* kube-change-doubt.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-change-doubt.h"

#include <string.h>

#include "kube-error.h"

#define UNKNOWN " It is not known whether the change was made: look before you make it again."
#define LOST " The cluster has accepted the change, but what it said of it is lost: look before you " \
             "make it again."

/* Reviews are created, but nothing is kept of them; nor of what is tried only. */
static gboolean
is_change (KubeRequest *request)
{
  const char *method = kube_request_get_method (request);
  const char *path = kube_request_get_path (request);

  return strcmp (method, "GET") != 0 && strcmp (method, "HEAD") != 0 &&
         !g_str_has_prefix (path, "/apis/authorization.k8s.io/") &&
         !g_str_has_prefix (path, "/apis/authentication.k8s.io/") &&
         strstr (path, "dryRun=All") == NULL;
}

/* Whether the request may have arrived, though no answer did. */
static gboolean
may_have_arrived (const GError *error)
{
  return kube_error_get_cut (error) || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_TIMEOUT) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

/**
 * kube_change_doubt_explain:
 * @request: a request
 * @http_status: the status of the answer, 0 if there was none
 * @error: why the answer is not there, or not whole
 *
 * Adds to @error, where @request is to change something, what is known of the change: one that was
 * sent is perhaps made although nobody says so, and is never sent again by itself. See
 * [id@kube_error_get_in_doubt].
 */
void
kube_change_doubt_explain (KubeRequest *request,
                           guint        http_status,
                           GError      *error)
{
  g_autofree char *message = NULL;

  g_return_if_fail (request != NULL);
  g_return_if_fail (error != NULL);

  if (error->domain != KUBE_ERROR || !is_change (request) || http_status >= 300 ||
      (http_status == 0 && !may_have_arrived (error)))
    return;

  kube_error_set_in_doubt (error);
  message = g_steal_pointer (&error->message);
  error->message = g_strconcat (message, http_status == 0 ? UNKNOWN : LOST, NULL);
}

/**
 * kube_change_doubt_dup_reason:
 * @error: an error of any domain
 *
 * Gets the message of an error without what [func@change_doubt_explain] has added, for callers
 * whose change does no harm when it is made twice, and who have other advice.
 *
 * Returns: (transfer full): why the answer is not there, or not whole
 */
char *
kube_change_doubt_dup_reason (const GError *error)
{
  static const char *const additions[] = { UNKNOWN, LOST };

  g_return_val_if_fail (error != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (additions); i++)
    {
      if (g_str_has_suffix (error->message, additions[i]))
        return g_strndup (error->message, strlen (error->message) - strlen (additions[i]));
    }

  return g_strdup (error->message);
}
