/* cli-pod-operand.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-pod-operand.h"

#include <string.h>

#include "cli-error.h"

/* The kinds that have pods of their own. */
static const char *const kinds[] = {
  "Pod",
  "Service",
  "Deployment",
  "ReplicaSet",
  "StatefulSet",
  "DaemonSet",
  "Job",
  NULL,
};

/**
 * cli_pod_operand_parse:
 * @operand: (nullable): a word of the command line: POD or TYPE/NAME
 * @verb: the verb, for messages
 * @resource: (out) (transfer none): the kind that it names
 * @name: (out) (transfer full): the name
 * @error: where to put an error
 *
 * Reads which pod is meant.
 *
 * Returns: whether it can be meant, or else %FALSE with %CLI_ERROR_USAGE
 */
gboolean
cli_pod_operand_parse (const char          *operand,
                       const char          *verb,
                       const KubeResource **resource,
                       char               **name,
                       GError             **error)
{
  g_autofree char *word = NULL;
  const char      *slash;

  g_return_val_if_fail (verb != NULL, FALSE);
  g_return_val_if_fail (resource != NULL && name != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (operand == NULL || *operand == '\0')
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "No pod was given. %s needs to know where. Write the name of a pod, or "
                   "\"deploy/NAME\" or \"svc/NAME\" for one of its pods.",
                   verb);
      return FALSE;
    }

  slash = strchr (operand, '/');
  word = slash != NULL ? g_strndup (operand, (gsize) (slash - operand)) : g_strdup ("pod");
  *resource = kube_resource_find_plural (word);
  if (*resource == NULL || !g_strv_contains (kinds, (*resource)->kind))
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "\"%s\" is not a kind of object that has pods. Those are pods, services, "
                   "deployments, replicasets, statefulsets, daemonsets and jobs. Write for example "
                   "\"deploy/NAME\".",
                   word);
      return FALSE;
    }
  if (slash != NULL && (slash[1] == '\0' || strchr (slash + 1, '/') != NULL))
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "\"%s\" names no object. Behind the kind stands one name. Write for example "
                   "\"deploy/NAME\".",
                   operand);
      return FALSE;
    }
  *name = g_strdup (slash != NULL ? slash + 1 : operand);

  return TRUE;
}
