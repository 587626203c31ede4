/* cli-log-target.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-log-target.h"

#include "cli-error.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-pages.h"
#include "kube-pod-choice.h"

/* Those that have pods, besides what is built in. */
static const KubeResource replication_controller = {
  "", "v1", "replicationcontrollers", "ReplicationController", TRUE
};

/**
 * cli_log_target_free:
 * @self: a target
 *
 * Frees @self.
 */
void
cli_log_target_free (CliLogTarget *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->pods);
  g_free (self->selector);
  g_free (self);
}

static CliLogTarget *
get_target (GTask *task)
{
  return g_task_get_task_data (task);
}

static int
compare_pods (gconstpointer a,
              gconstpointer b)
{
  return kube_pod_choice_compare (*(JsonNode **) a, *(JsonNode **) b);
}

static void
take_pod (JsonNode *pod,
          gpointer  user_data)
{
  GPtrArray *pods = user_data;

  g_ptr_array_add (pods, json_node_ref (pod));
}

static void
take_restart (gpointer user_data)
{
  g_ptr_array_set_size (user_data, 0);
}

static const KubeListFuncs pod_funcs = { .item = take_pod, .restart = take_restart };

static void
return_target (GTask *task)
{
  CliLogTarget *target = get_target (task);
  CliLogTarget *found = g_new0 (CliLogTarget, 1);

  found->pods = g_ptr_array_ref (target->pods);
  found->selector = g_strdup (target->selector);
  found->is_owner = target->is_owner;
  if (found->is_owner)
    g_ptr_array_sort (found->pods, compare_pods);
  g_task_return_pointer (task, found, (GDestroyNotify) cli_log_target_free);
}

static void
cli_log_target_list_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *version = kube_pages_read_finish (KUBE_CLIENT (source), result, &error);
  CliLogTarget    *target = get_target (task);

  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (target->is_owner && target->pods->len == 0)
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                             "There is no pod with the labels %s. It may have been scaled to 0, "
                             "or its pods cannot be made. Run \"hackystackctl get pods,events\" "
                             "to see.",
                             target->selector);
  else
    return_target (task);
}

/* Takes the task. */
static void
list_pods (GTask *task)
{
  CliInvocation *invocation = g_task_get_source_object (task);
  CliLogTarget  *target = get_target (task);
  KubePagesQuery query = {
    .resource = &KUBE_POD,
    .namespace_ = cli_invocation_get_namespace (invocation),
    .form = KUBE_FORM_OBJECT,
    .label_selector = target->selector,
  };

  kube_pages_read_async (cli_invocation_get_client (invocation), &query, &pod_funcs, target->pods,
                         g_task_get_cancellable (task), cli_log_target_list_cb, task);
}

static void
cli_log_target_get_cb (GObject      *source,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) object = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  CliLogTarget *target = get_target (task);

  if (object == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (!target->is_owner)
    {
      g_ptr_array_add (target->pods, g_steal_pointer (&object));
      return_target (task);
      return;
    }

  target->selector = kube_pod_choice_dup_selector (object, &error);
  if (target->selector == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    list_pods (g_steal_pointer (&task));
}

/* Returns: NULL with @error set if it is of no kind that has pods */
static const KubeResource *
find_kind (const char *name,
           GError    **error)
{
  static const char *const kinds[] = { "Pod", "Deployment", "ReplicaSet", "StatefulSet",
                                       "DaemonSet", "Job", "Service", NULL };
  const KubeResource      *kind = kube_resource_find_plural (name);

  if (kind != NULL && g_strv_contains (kinds, kind->kind))
    return kind;
  if (g_ascii_strcasecmp (name, "rc") == 0 ||
      g_ascii_strcasecmp (name, replication_controller.plural) == 0 ||
      g_ascii_strcasecmp (name, replication_controller.kind) == 0)
    return &replication_controller;

  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "There are no logs of %s. Only pods have logs, and what has pods. Name a pod, or "
               "something like deployment/NAME, statefulset/NAME, job/NAME or service/NAME.",
               name);

  return NULL;
}

/**
 * cli_log_target_find_async:
 * @invocation: an invocation that is open
 * @operand: (nullable): "POD" or "KIND/NAME"
 * @selector: (nullable): a label selector, if there is no @operand
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when they are found
 * @user_data: data for @callback
 *
 * Finds the pods whose logs are asked for.
 */
void
cli_log_target_find_async (CliInvocation      *invocation,
                           const char         *operand,
                           const char         *selector,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_auto(GStrv) parts = NULL;
  const KubeResource *kind = &KUBE_POD;
  CliLogTarget       *target = g_new0 (CliLogTarget, 1);

  g_return_if_fail (CLI_IS_INVOCATION (invocation));
  g_return_if_fail (operand != NULL || selector != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  target->pods = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  task = g_task_new (invocation, cancellable, callback, user_data);
  g_task_set_source_tag (task, cli_log_target_find_async);
  g_task_set_task_data (task, target, (GDestroyNotify) cli_log_target_free);
  if (operand == NULL)
    {
      target->selector = g_strdup (selector);
      list_pods (g_steal_pointer (&task));
      return;
    }

  parts = g_strsplit (operand, "/", 2);
  if (parts[0] != NULL && parts[1] != NULL)
    kind = find_kind (parts[0], &error);
  if (kind == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  target->is_owner = kind != &KUBE_POD;
  request = kube_request_new_get (kind, cli_invocation_get_namespace (invocation),
                                  parts[1] != NULL ? parts[1] : operand);
  kube_client_call_async (cli_invocation_get_client (invocation), request, cancellable,
                          cli_log_target_get_cb, g_steal_pointer (&task));
}

/**
 * cli_log_target_find_finish:
 * @invocation: an invocation
 * @result: a result
 * @error: where to put an error
 *
 * Ends [func@log_target_find_async].
 *
 * Returns: (transfer full): what was found, or %NULL with an error of %KUBE_ERROR,
 *   %CLI_ERROR or %G_IO_ERROR
 */
CliLogTarget *
cli_log_target_find_finish (CliInvocation *invocation,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, invocation), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
