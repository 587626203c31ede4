/* kube-readiness.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-readiness-private.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-condition.h"

/*
 * The rules follow kstatus of sigs.k8s.io/cli-utils, where it is too patient
 * those of kapp and of `kubectl rollout status`: deletion first, then whether
 * the controller has seen the latest spec, then conditions every kind may have,
 * then the kind's own rule, then the condition Ready.
 */

/*
 * _kube_readiness_lasts:
 * @condition: (nullable): an element of status.conditions
 * @now_us: now, in microseconds since the epoch
 *
 * Returns: whether the condition has been as it is for longer than
 *   KUBE_READINESS_PATIENCE
 */
gboolean
_kube_readiness_lasts (JsonNode *condition,
                       gint64    now_us)
{
  const char *since = base_json_get_string (condition, "lastTransitionTime", NULL);

  return since != NULL && now_us - base_time_parse (since) > KUBE_READINESS_PATIENCE;
}

static KubeReadiness
rule_namespace (JsonNode *object,
                gint64    now_us,
                char    **reason)
{
  const char *phase = base_json_get_string (object, "status", "phase", NULL);

  if (g_strcmp0 (phase, "Active") == 0)
    {
      *reason = g_strdup ("active");
      return KUBE_READINESS_CURRENT;
    }
  if (g_strcmp0 (phase, "Terminating") == 0)
    {
      *reason = g_strdup ("being deleted");
      return KUBE_READINESS_TERMINATING;
    }

  *reason = g_strdup ("not active yet");
  return KUBE_READINESS_IN_PROGRESS;
}

static KubeReadiness
rule_claim (JsonNode *object,
            gint64    now_us,
            char    **reason)
{
  const char *phase = base_json_get_string (object, "status", "phase", NULL);

  if (g_strcmp0 (phase, "Bound") == 0)
    {
      *reason = g_strdup ("has its volume");
      return KUBE_READINESS_CURRENT;
    }
  if (g_strcmp0 (phase, "Lost") == 0)
    {
      *reason = g_strdup ("its volume is gone");
      return KUBE_READINESS_FAILED;
    }

  /* Storage classes with WaitForFirstConsumer leave it so until a pod is scheduled. */
  *reason = g_strdup ("waiting for its volume or for the first pod that uses it");
  return KUBE_READINESS_IN_PROGRESS;
}

static gboolean
has_address (JsonNode *object)
{
  JsonArray *addresses = base_json_get_array (object, "status", "loadBalancer", "ingress", NULL);

  return addresses != NULL && json_array_get_length (addresses) > 0;
}

static KubeReadiness
rule_service (JsonNode *object,
              gint64    now_us,
              char    **reason)
{
  const char *type = base_json_get_string (object, "spec", "type", NULL);

  if (g_strcmp0 (type, "LoadBalancer") == 0 && !has_address (object))
    {
      *reason = g_strdup ("waiting for the address of its load balancer");
      return KUBE_READINESS_IN_PROGRESS;
    }

  *reason = g_strdup ("in place");
  return KUBE_READINESS_CURRENT;
}

static KubeReadiness
rule_ingress (JsonNode *object,
              gint64    now_us,
              char    **reason)
{
  if (!has_address (object))
    {
      *reason = g_strdup ("no ingress controller has given it an address yet");
      return KUBE_READINESS_IN_PROGRESS;
    }

  *reason = g_strdup ("has an address");
  return KUBE_READINESS_CURRENT;
}

static KubeReadiness
rule_definition (JsonNode *object,
                 gint64    now_us,
                 char    **reason)
{
  JsonNode   *names = kube_condition_find (object, "NamesAccepted");
  const char *message = base_json_get_string (names, "message", NULL);

  if (kube_condition_is_false (object, "NamesAccepted"))
    {
      *reason = g_strdup_printf ("its names are not accepted: %s",
                                 message != NULL ? message : "no reason given");
      return KUBE_READINESS_FAILED;
    }
  if (kube_condition_is_true (object, "Established"))
    {
      *reason = g_strdup ("established");
      return KUBE_READINESS_CURRENT;
    }

  *reason = g_strdup ("not established yet");
  return KUBE_READINESS_IN_PROGRESS;
}

static KubeReadiness
rule_generic (JsonNode *object,
              gint64    now_us,
              char    **reason)
{
  JsonNode   *ready = kube_condition_find (object, "Ready");
  const char *message = base_json_get_string (ready, "message", NULL);

  if (ready == NULL || kube_condition_is_true (object, "Ready"))
    {
      *reason = g_strdup (ready != NULL ? "ready" : "in place");
      return KUBE_READINESS_CURRENT;
    }

  *reason = g_strdup (message != NULL && message[0] != '\0' ? message : "not ready yet");
  return KUBE_READINESS_IN_PROGRESS;
}

/* The generation is compared even when the status is still empty for controlled kinds. */
static const struct
{
  const char       *group;
  const char       *kind;
  gboolean          controlled;
  KubeReadinessRule rule;
} rules[] = {
  { "apps/", "Deployment", TRUE, _kube_readiness_rule_deployment },
  { "apps/", "StatefulSet", TRUE, _kube_readiness_rule_stateful_set },
  { "apps/", "DaemonSet", TRUE, _kube_readiness_rule_daemon_set },
  { "apps/", "ReplicaSet", TRUE, _kube_readiness_rule_replica_set },
  { "batch/", "Job", FALSE, _kube_readiness_rule_job },
  { "v1", "Pod", FALSE, _kube_readiness_rule_pod },
  { "v1", "Namespace", FALSE, rule_namespace },
  { "v1", "PersistentVolumeClaim", FALSE, rule_claim },
  { "v1", "Service", FALSE, rule_service },
  { "networking.k8s.io/", "Ingress", FALSE, rule_ingress },
  { "apiextensions.k8s.io/", "CustomResourceDefinition", FALSE, rule_definition },
};

static int
find_rule (JsonNode *object)
{
  const char *version = base_json_get_string (object, "apiVersion", NULL);
  const char *kind = base_json_get_string (object, "kind", NULL);
  guint       i;

  for (i = 0; version != NULL && kind != NULL && i < G_N_ELEMENTS (rules); i++)
    {
      if (g_str_equal (rules[i].kind, kind) && g_str_has_prefix (version, rules[i].group))
        return (int) i;
    }

  return -1;
}

static gboolean
is_unseen (JsonNode *object,
           gboolean  controlled)
{
  gint64 generation = base_json_get_int (object, 0, "metadata", "generation", NULL);
  gint64 observed = base_json_get_int (object, -1, "status", "observedGeneration", NULL);

  if (observed < 0)
    return controlled;

  return generation != observed;
}

static KubeReadiness
compute (JsonNode *object,
         gint64    now_us,
         char    **reason)
{
  int         index = find_rule (object);
  const char *message;

  if (base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL)
    {
      *reason = g_strdup ("being deleted");
      return KUBE_READINESS_TERMINATING;
    }
  if (is_unseen (object, index >= 0 && rules[index].controlled))
    {
      *reason = g_strdup ("the cluster has not looked at the latest change yet");
      return KUBE_READINESS_IN_PROGRESS;
    }
  if (kube_condition_is_true (object, "Stalled"))
    {
      message = base_json_get_string (kube_condition_find (object, "Stalled"), "message", NULL);
      *reason = g_strdup (message != NULL ? message : "stalled");
      return KUBE_READINESS_FAILED;
    }
  if (kube_condition_is_true (object, "Reconciling"))
    {
      message = base_json_get_string (kube_condition_find (object, "Reconciling"), "message",
                                      NULL);
      *reason = g_strdup (message != NULL ? message : "being brought up to date");
      return KUBE_READINESS_IN_PROGRESS;
    }

  return index >= 0 ? rules[index].rule (object, now_us, reason)
                    : rule_generic (object, now_us, reason);
}

/**
 * kube_readiness_compute:
 * @object: an object of the cluster, with apiVersion and kind
 * @now_us: now, in microseconds since the epoch: some rules have patience
 * @reason: (out) (optional) (transfer full): why, in words; a phrase without a
 *   full stop
 *
 * Tells from an object alone how far it is. A verdict can change with time
 * only: a pod without a node counts as failed after 15 seconds.
 *
 * Returns: the verdict
 */
KubeReadiness
kube_readiness_compute (JsonNode *object,
                        gint64    now_us,
                        char    **reason)
{
  g_autofree char *words = NULL;
  KubeReadiness    readiness;

  g_return_val_if_fail (object != NULL, KUBE_READINESS_IN_PROGRESS);

  readiness = compute (object, now_us, &words);
  if (reason != NULL)
    *reason = g_steal_pointer (&words);

  return readiness;
}
