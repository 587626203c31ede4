/* kube-log-options.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-options.h"

/**
 * kube_log_options_is_part:
 * @self: options
 *
 * Returns: whether the log is to begin in its middle
 */
gboolean
kube_log_options_is_part (const KubeLogOptions *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->tail_lines >= 0 || self->since_seconds > 0 || self->since_time != NULL;
}

/**
 * kube_log_options_build_request:
 * @self: options
 * @ns: the namespace of the pod
 * @pod: the name of the pod
 * @container: (nullable): one of its containers
 * @resumed_since: (nullable): where to go on instead of where to begin, RFC 3339
 *
 * Describes reading a log, every line with its time stamp. The limit is left to who
 * counts the bytes without stamps.
 *
 * Returns: (transfer full): a request whose answer is a stream of text
 */
KubeRequest *
kube_log_options_build_request (const KubeLogOptions *self,
                                const char           *ns,
                                const char           *pod,
                                const char           *container,
                                const char           *resumed_since)
{
  const char  *since = resumed_since != NULL ? resumed_since : self->since_time;
  KubeRequest *request;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (ns != NULL, NULL);
  g_return_val_if_fail (pod != NULL, NULL);

  request = kube_request_new_log (ns, pod, container, self->follow, self->previous, TRUE,
                                  resumed_since != NULL ? -1 : self->tail_lines, since);
  if (since == NULL && self->since_seconds > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT, self->since_seconds);

      kube_request_add_query (request, "sinceSeconds", seconds);
    }

  return request;
}
