/* stack-rollout.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-rollout-private.h"

#include <string.h>

#include "base-json.h"
#include "base-time.h"
#include "kube-condition.h"
#include "kube-pod.h"
#include "kube-readiness.h"
#include "stack-selector-private.h"
#include "stack-wait-private.h"

/* After this long without a node, or when they cannot even be created, pods are given up, see
 * kube_readiness_deployment(). That comes with time alone, so the verdict is asked for once more
 * then. */
#define PATIENCE_US (16 * G_USEC_PER_SEC)

/* What `kubectl rollout restart` writes: it makes new pods of the same version. */
#define RESTARTED_ANNOTATION "kubectl.kubernetes.io/restartedAt"

/* How long the pods' own news may lag behind the Deployment's. */
#define LAG_US (3 * G_USEC_PER_SEC)

/*
 * StackRollout:
 *
 * Waits until a Deployment has the pods it asks for, or never will. It follows the Deployment, its
 * ReplicaSets and its pods, and judges anew whenever one of them changes. A cluster that is away
 * is waited for.
 */
struct _StackRollout
{
  GObject parent_instance;

  /* Input */
  JsonNode *applied; /* (owned) the Deployment as the server took it */
  char     *key;     /* (owned) "namespace/name" */
  char     *version; /* (owned) a digest of what pods are made from */

  /* In progress */
  StackWait      wait;
  KubeReflector *deployments;   /* (not owned) of the wait */
  KubeReflector *replica_sets;  /* (not owned) of the wait */
  KubeReflector *pods;          /* (not owned) of the wait */
  gint64         current_since; /* monotonic µs since the Deployment has all it wants, 0 */
};

G_DEFINE_FINAL_TYPE (StackRollout, stack_rollout, G_TYPE_OBJECT)

static const char *
get_name (StackRollout *self)
{
  return base_json_get_string (self->applied, "metadata", "name", NULL);
}

/* The words of others may end in a full stop of their own. */
static int
length_without_full_stop (const char *words)
{
  gsize length = strlen (words);

  while (length > 0 && words[length - 1] == '.')
    length--;
  return (int) length;
}

static void
fail_not_ready (StackRollout *self,
                const char   *reason)
{
  g_autofree char *words = NULL;

  words = g_strdup_printf ("%s will not get ready: %.*s. Correct that and deploy again. Pods of the "
                           "version before, if there was one, go on serving.",
                           get_name (self),
                           length_without_full_stop (reason), reason);
  stack_wait_fail (&self->wait, STACK_ERROR_NOT_READY, words);
}

static GPtrArray *
list_nodes (KubeReflector *reflector)
{
  GListModel *model = kube_reflector_get_model (reflector);
  GPtrArray  *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_ptr_array_add (nodes, json_node_ref (kube_object_get_node (object)));
    }

  return nodes;
}

/* When a condition will have lasted long enough to be final, in µs from now; 0 when it is not so,
 * or has lasted already. */
static gint64
find_condition_wait (JsonNode   *object,
                     const char *type,
                     const char *status,
                     gint64      now_us)
{
  JsonNode   *condition = kube_condition_find (object, type);
  const char *since = base_json_get_string (condition, "lastTransitionTime", NULL);

  if (since == NULL || g_strcmp0 (base_json_get_string (condition, "status", NULL), status) != 0)
    return 0;

  return MAX (base_time_parse (since) + PATIENCE_US - now_us, 0);
}

/* When the verdict may become another one although nothing happens, in µs from now; 0 for never. */
static gint64
find_wait (JsonNode  *deployment,
           GPtrArray *pods,
           gint64     now_us)
{
  gint64 wait = find_condition_wait (deployment, "ReplicaFailure", "True", now_us);

  for (guint i = 0; i < pods->len; i++)
    {
      gint64 due = find_condition_wait (g_ptr_array_index (pods, i), "PodScheduled", "False", now_us);

      if (due > 0 && (wait == 0 || due < wait))
        wait = due;
    }

  return wait;
}

/* Whether a list is there, or will not come: what may not be read does not hold up the rest. */
static gboolean
is_settled (KubeReflector *reflector)
{
  return kube_reflector_get_synced (reflector) ||
         kube_reflector_get_state (reflector) == KUBE_REFLECTOR_FAILED;
}

/* What was known last is no news when the cluster is away. */
static void
fail_timed_out (StackRollout *self)
{
  const GError    *trouble = stack_wait_find_trouble (&self->wait);
  g_autofree char *words = NULL;

  if (trouble != NULL)
    words = g_strdup_printf ("%s was applied, but whether it gets ready is not known: the cluster "
                             "does not answer as it should. %s Deploy again when it does: what is "
                             "there stays.",
                             get_name (self), trouble->message);
  else
    words = g_strdup_printf ("%s did not get ready in time. %s%sThe cluster goes on trying. Look at "
                             "the pods and their logs, or deploy again to wait longer.",
                             get_name (self), self->wait.reason != NULL ? self->wait.reason : "",
                             self->wait.reason != NULL ? ". " : "");
  stack_wait_fail (&self->wait, STACK_ERROR_TIMED_OUT, words);
}

/* FALSE while there is nothing to judge yet; ends the wait when there never will be. */
static gboolean
check_reflectors (StackRollout *self)
{
  const GError    *error = kube_reflector_get_error (self->deployments);
  g_autofree char *words = NULL;

  if (kube_reflector_get_synced (self->deployments) && is_settled (self->replica_sets) &&
      is_settled (self->pods))
    return TRUE;

  if (kube_reflector_get_state (self->deployments) == KUBE_REFLECTOR_FAILED && error != NULL &&
      !kube_reflector_get_synced (self->deployments))
    {
      words = g_strdup_printf ("%s was applied, but nobody can say whether it gets ready. %s",
                               get_name (self), error->message);
      stack_wait_fail (&self->wait, STACK_ERROR_REFUSED, words);
      return FALSE;
    }

  stack_wait_say (&self->wait, NULL);

  return FALSE;
}

static JsonNode *
find_deployment (StackRollout *self)
{
  KubeObject *object = kube_reflector_lookup (self->deployments, self->key);

  return object != NULL ? kube_object_get_node (object) : NULL;
}

static void
succeed (StackRollout *self,
         JsonNode     *deployment)
{
  gint64 desired = base_json_get_int (deployment, 1, "spec", "replicas", NULL);
  gint64 ready = base_json_get_int (deployment, 0, "status", "readyReplicas", NULL);
  g_autoptr(GTask) task = stack_wait_end (&self->wait);

  g_task_return_pointer (task,
                         g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " pod%s "
                                          "ready",
                                          ready, desired, desired == 1 ? "" : "s"),
                         g_free);
}

/* The Deployment's news may come before those of the pods it counts. Whoever looks at the pods
 * afterwards shall see them ready too. */
static gboolean
lags (StackRollout *self,
      JsonNode     *deployment,
      GPtrArray    *pods)
{
  gint64 ready = base_json_get_int (deployment, 0, "status", "readyReplicas", NULL);
  gint64 now = g_get_monotonic_time ();

  if (self->current_since == 0)
    self->current_since = now;

  for (guint i = 0; i < pods->len; i++)
    {
      if (kube_pod_is_ready (g_ptr_array_index (pods, i)))
        ready--;
    }

  return ready > 0 && kube_reflector_get_state (self->pods) == KUBE_REFLECTOR_WATCHING &&
         now - self->current_since < LAG_US;
}

static void
judge (StackRollout *self,
       JsonNode     *deployment)
{
  gint64 now_us = g_get_real_time ();
  g_autoptr(GPtrArray) pods = list_nodes (self->pods);
  g_autoptr(GPtrArray) replica_sets = NULL;
  g_autofree char *reason = NULL;

  if (kube_reflector_get_synced (self->replica_sets))
    replica_sets = list_nodes (self->replica_sets);

  switch (kube_readiness_deployment (deployment, pods, replica_sets, now_us, &reason))
    {
    case KUBE_READINESS_CURRENT:
      if (lags (self, deployment, pods))
        stack_wait_look_again (&self->wait, LAG_US);
      else
        succeed (self, deployment);
      return;
    case KUBE_READINESS_FAILED:
      fail_not_ready (self, reason);
      return;
    case KUBE_READINESS_TERMINATING:
      fail_not_ready (self, "it is being deleted");
      return;
    case KUBE_READINESS_IN_PROGRESS:
    default:
      self->current_since = 0;
      stack_wait_say (&self->wait, reason);
      stack_wait_look_again (&self->wait, find_wait (deployment, pods, now_us));
    }
}

/* What tells one version from another. */
static char *
build_version (JsonNode *deployment)
{
  JsonNode *template = base_json_get (deployment, "spec", "template", NULL);
  g_autoptr(JsonNode) copy = template != NULL ? base_json_copy (template) : NULL;
  JsonObject *annotations = base_json_get_object (copy, "metadata", "annotations", NULL);

  if (annotations != NULL)
    json_object_remove_member (annotations, RESTARTED_ANNOTATION);

  return copy != NULL ? base_json_digest (copy) : g_strdup ("");
}

/* Whether somebody has put another version in the place of the one that is waited for. */
static gboolean
is_replaced (StackRollout *self,
             JsonNode     *deployment)
{
  g_autofree char *now = build_version (deployment);

  return !g_str_equal (now, self->version);
}

static void
fail_replaced (StackRollout *self)
{
  g_autofree char *words = NULL;

  words = g_strdup_printf ("%s was changed by somebody else before this version was ready, so that "
                           "its pods are of another version now. Two deployments went on at the same "
                           "time, and the later one counts. Look at the history for what runs, and "
                           "deploy again if it shall be this one.",
                           get_name (self));
  stack_wait_fail (&self->wait, STACK_ERROR_CONFLICT, words);
}

static void
evaluate (GObject *object)
{
  StackRollout *self = STACK_ROLLOUT (object);
  gint64        applied = base_json_get_int (self->applied, 0, "metadata", "generation", NULL);
  JsonNode     *deployment;

  if (stack_wait_is_over (&self->wait))
    {
      fail_timed_out (self);
      return;
    }
  if (!check_reflectors (self))
    return;

  deployment = find_deployment (self);
  if (deployment == NULL)
    fail_not_ready (self, "somebody deleted it in the meantime");
  else if (base_json_get_int (deployment, 0, "metadata", "generation", NULL) > applied &&
           is_replaced (self, deployment))
    fail_replaced (self);
  else if (base_json_get_int (deployment, 0, "metadata", "generation", NULL) >= applied)
    judge (self, deployment);
}

static KubeReflector *
follow (StackRollout       *self,
        KubeClient         *client,
        const KubeResource *resource,
        JsonObject         *labels)
{
  g_autofree char *selector = stack_selector_build (labels);
  const char      *ns = base_json_get_string (self->applied, "metadata", "namespace", NULL);

  return stack_wait_follow (&self->wait, client, resource, ns, selector);
}

static void
stack_rollout_finalize (GObject *object)
{
  StackRollout *self = STACK_ROLLOUT (object);

  g_clear_pointer (&self->applied, json_node_unref);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->version, g_free);
  stack_wait_clear (&self->wait);

  G_OBJECT_CLASS (stack_rollout_parent_class)->finalize (object);
}

static void
stack_rollout_class_init (StackRolloutClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = stack_rollout_finalize;
}

static void
stack_rollout_init (StackRollout *self)
{
  stack_wait_init (&self->wait, G_OBJECT (self), evaluate);
}

/*
 * stack_rollout_new:
 * @client: the cluster
 * @deployment: the Deployment as the server answered when it was applied
 *
 * Returns: (transfer full): a rollout that nobody waits for yet
 */
StackRollout *
stack_rollout_new (KubeClient *client,
                   JsonNode   *deployment)
{
  StackRollout *self;
  JsonObject   *labels;
  JsonObject   *selector;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (deployment != NULL, NULL);

  self = g_object_new (STACK_TYPE_ROLLOUT, NULL);
  self->applied = json_node_ref (deployment);
  self->key = g_strconcat (base_json_get_string (deployment, "metadata", "namespace", NULL), "/",
                           base_json_get_string (deployment, "metadata", "name", NULL), NULL);

  self->version = build_version (deployment);
  labels = base_json_get_object (deployment, "metadata", "labels", NULL);
  selector = base_json_get_object (deployment, "spec", "selector", "matchLabels", NULL);
  self->deployments = follow (self, client, &KUBE_DEPLOYMENT, labels);
  self->replica_sets = follow (self, client, &KUBE_REPLICA_SET, selector);
  self->pods = follow (self, client, &KUBE_POD, selector);

  return self;
}

/*
 * stack_rollout_get_pods:
 * @self: a rollout
 *
 * Returns: (transfer none): the Deployment's pods, [class@Kube.Object] in full form, kept up to
 *   date during the wait
 */
GListModel *
stack_rollout_get_pods (StackRollout *self)
{
  g_return_val_if_fail (STACK_IS_ROLLOUT (self), NULL);

  return kube_reflector_get_model (self->pods);
}

/*
 * stack_rollout_wait_async:
 * @self: a rollout that nobody waits for yet
 * @deadline: when to give up, in µs of the monotonic clock; 0 for never
 * @operation: whose detail says what is waited for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Waits until all pods of the new version are ready and none of the old is left.
 */
void
stack_rollout_wait_async (StackRollout       *self,
                          gint64              deadline,
                          StackOperation     *operation,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  GTask *task;

  g_return_if_fail (STACK_IS_ROLLOUT (self));
  g_return_if_fail (STACK_IS_OPERATION (operation));
  g_return_if_fail (self->wait.task == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_rollout_wait_async);
  stack_wait_begin (&self->wait, task, deadline, operation);
}

/*
 * stack_rollout_wait_finish:
 * @self: a rollout
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_NOT_READY (it never will be, with the cluster's own words),
 * %STACK_ERROR_CONFLICT (somebody else deployed another version), %STACK_ERROR_TIMED_OUT,
 * %STACK_ERROR_REFUSED (the Deployment may not be read) and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): how many pods are ready, in words
 */
char *
stack_rollout_wait_finish (StackRollout *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (STACK_IS_ROLLOUT (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
