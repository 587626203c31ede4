/* cli-provision.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-provision.h"

#include "kube-error.h"
#include "stack-provision.h"

typedef struct
{
  gboolean offline; /* the cluster is not asked, or not any more */
  gboolean present;
} Provision;

static void provide (GTask *task);

/* Goes on without the cluster, and says so. */
static void
go_offline (GTask        *task,
            const GError *error)
{
  Provision     *provision = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);

  provision->offline = TRUE;
  cli_printer_note (cli_invocation_get_printer (invocation),
                    "The cluster was not asked what it has. %s", error->message);
  provide (task);
}

static void
cli_provision_provide_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Provision *provision = g_task_get_task_data (task);

  if (stack_provision_finish (result, &provision->present, &error))
    g_task_return_boolean (task, TRUE);
  else if (error->domain == KUBE_ERROR && !provision->offline)
    go_offline (task, error);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
provide (GTask *task)
{
  Provision     *provision = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  StackSession  *session = cli_invocation_get_session (invocation);
  KubeClient    *client = cli_invocation_get_client (invocation);

  stack_provision_async (stack_session_get_manifests (session),
                         stack_session_get_settings (session), provision->offline ? NULL : client,
                         stack_session_get_vault (session), g_task_get_cancellable (task),
                         cli_provision_provide_cb, g_object_ref (task));
}

static void
cli_provision_open_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (cli_invocation_open_finish (CLI_INVOCATION (object), result, &error))
    provide (task);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    go_offline (task, error);
}

static void
cli_provision_load_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (!cli_invocation_load_finish (CLI_INVOCATION (object), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    cli_invocation_open_async (CLI_INVOCATION (object), cancellable, cli_provision_open_cb,
                               g_steal_pointer (&task));
}

/**
 * cli_provision_async:
 * @invocation: an invocation
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when the manifests can be filled
 * @user_data: data for @callback
 *
 * Reads what [method@Invocation.load_async] reads, and finds certificate and Ingress class for the
 * manifests. A cluster that cannot be asked is done without, with a word about it.
 */
void
cli_provision_async (CliInvocation      *invocation,
                     GCancellable       *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (invocation, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_provision_async);
  g_task_set_task_data (task, g_new0 (Provision, 1), g_free);
  cli_invocation_load_async (invocation, cancellable, cli_provision_load_cb,
                             g_steal_pointer (&task));
}

/**
 * cli_provision_finish:
 * @invocation: an invocation
 * @result: a result
 * @present: (out) (optional): whether the certificate is one that the cluster has already
 * @error: where to put an error
 *
 * Ends [func@provision_async].
 *
 * Returns: whether the manifests can be filled; or else an error of %STACK_ERROR, %VAULT_ERROR,
 *   %CLI_ERROR or %G_IO_ERROR
 */
gboolean
cli_provision_finish (CliInvocation *invocation,
                      GAsyncResult  *result,
                      gboolean      *present,
                      GError       **error)
{
  Provision *provision;

  g_return_val_if_fail (g_task_is_valid (result, invocation), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, cli_provision_async), FALSE);

  provision = g_task_get_task_data (G_TASK (result));
  if (present != NULL)
    *present = provision->present;

  return g_task_propagate_boolean (G_TASK (result), error);
}
