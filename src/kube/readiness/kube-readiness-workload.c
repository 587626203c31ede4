/* kube-readiness-workload.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-readiness-private.h"

#include "base-json.h"
#include "kube-condition.h"

static gint64
get_count (JsonNode   *object,
           const char *member)
{
  return base_json_get_int (object, 0, "status", member, NULL);
}

static gint64
get_replicas (JsonNode *object)
{
  return base_json_get_int (object, 1, "spec", "replicas", NULL);
}

static const char *
get_message (JsonNode   *object,
             const char *type)
{
  const char *message = base_json_get_string (kube_condition_find (object, type), "message",
                                              NULL);

  return message != NULL && message[0] != '\0' ? message : "no reason given";
}

static char *
describe_count (gint64      count,
                gint64      wanted,
                const char *what)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " pod%s %s",
                          count, wanted, wanted == 1 ? "" : "s", what);
}

/* A controller that may not create pods: quota, a refusing admission rule. It is
 * given patience, because a new namespace lacks its service account for a moment. */
static gboolean
cannot_create_pods (JsonNode *object,
                    gint64    now_us,
                    char    **reason)
{
  if (!kube_condition_is_true (object, "ReplicaFailure") || !_kube_readiness_lasts (kube_condition_find (object, "ReplicaFailure"), now_us))
    return FALSE;

  *reason = g_strdup_printf ("its pods cannot be created: %s",
                             get_message (object, "ReplicaFailure"));
  return TRUE;
}

/* Returns: what is still missing, NULL when every count is reached */
static char *
find_missing_count (JsonNode *object)
{
  gint64 wanted = get_replicas (object);
  gint64 replicas = get_count (object, "replicas");
  gint64 updated = get_count (object, "updatedReplicas");
  gint64 ready = get_count (object, "readyReplicas");
  gint64 available = get_count (object, "availableReplicas");

  if (ready < wanted && replicas >= wanted && updated >= wanted)
    return describe_count (ready, wanted, "ready");
  if (replicas < wanted)
    return describe_count (replicas, wanted, "created");
  if (updated < wanted)
    return describe_count (updated, wanted, "updated");
  if (replicas > wanted)
    return g_strdup_printf ("%" G_GINT64_FORMAT " old pod%s still stopping", replicas - wanted,
                            replicas - wanted == 1 ? "" : "s");
  if (available < updated)
    return describe_count (available, wanted, "available");

  return NULL;
}

/*
 * _kube_readiness_rule_deployment:
 *
 * Counts as `kubectl rollout status` does, then wants the conditions of kstatus.
 */
KubeReadiness
_kube_readiness_rule_deployment (JsonNode *object,
                                 gint64    now_us,
                                 char    **reason)
{
  const char *progressing = kube_condition_get_reason (object, "Progressing");
  gint64      deadline = base_json_get_int (object, 600, "spec", "progressDeadlineSeconds", NULL);
  gboolean    paused = base_json_get_boolean (object, FALSE, "spec", "paused", NULL);

  if (g_strcmp0 (progressing, "ProgressDeadlineExceeded") == 0)
    {
      *reason = g_strdup_printf ("no progress within %" G_GINT64_FORMAT " seconds: %s", deadline,
                                 get_message (object, "Progressing"));
      return KUBE_READINESS_FAILED;
    }
  if (cannot_create_pods (object, now_us, reason))
    return KUBE_READINESS_FAILED;

  *reason = find_missing_count (object);
  if (*reason != NULL && paused)
    {
      g_autofree char *missing = g_steal_pointer (reason);

      *reason = g_strdup_printf ("%s; the rollout is paused", missing);
    }
  if (*reason != NULL)
    return KUBE_READINESS_IN_PROGRESS;

  /* With an endless deadline the controller keeps no condition Progressing. */
  if (!paused && deadline != G_MAXINT32 && g_strcmp0 (progressing, "NewReplicaSetAvailable") != 0)
    *reason = g_strdup ("the rollout is not finished yet");
  else if (!kube_condition_is_true (object, "Available"))
    *reason = g_strdup ("not available yet");
  if (*reason != NULL)
    return KUBE_READINESS_IN_PROGRESS;

  *reason = describe_count (get_count (object, "readyReplicas"), get_replicas (object), "ready");
  return KUBE_READINESS_CURRENT;
}

/* Returns: what the rolling update still lacks, NULL when it is complete */
static char *
find_missing_update (JsonNode *object)
{
  gint64      wanted = get_replicas (object);
  gint64      partition = base_json_get_int (object, 0, "spec", "updateStrategy", "rollingUpdate",
                                             "partition", NULL);
  gint64      updated = get_count (object, "updatedReplicas");
  const char *current = base_json_get_string (object, "status", "currentRevision", NULL);
  const char *update = base_json_get_string (object, "status", "updateRevision", NULL);

  if (updated < wanted - partition)
    return describe_count (updated, wanted - partition, "updated");
  if (partition == 0 && g_strcmp0 (current, update) != 0)
    return g_strdup ("the update is not finished yet");

  return NULL;
}

/*
 * _kube_readiness_rule_stateful_set:
 *
 * kstatus, with the revisions compared also when the API has filled in a
 * partition of 0.
 */
KubeReadiness
_kube_readiness_rule_stateful_set (JsonNode *object,
                                   gint64    now_us,
                                   char    **reason)
{
  const char *strategy = base_json_get_string (object, "spec", "updateStrategy", "type", NULL);
  gint64      wanted = get_replicas (object);
  gint64      replicas = get_count (object, "replicas");
  gint64      ready = get_count (object, "readyReplicas");

  if (g_strcmp0 (strategy, "OnDelete") == 0)
    {
      *reason = g_strdup ("updated when its pods are deleted");
      return KUBE_READINESS_CURRENT;
    }

  if (replicas < wanted)
    *reason = describe_count (replicas, wanted, "created");
  else if (ready < wanted)
    *reason = describe_count (ready, wanted, "ready");
  else if (replicas > wanted)
    *reason = g_strdup ("pods that are too many still stopping");
  else
    *reason = find_missing_update (object);
  if (*reason != NULL)
    return KUBE_READINESS_IN_PROGRESS;

  *reason = describe_count (ready, wanted, "ready");
  return KUBE_READINESS_CURRENT;
}

/*
 * _kube_readiness_rule_daemon_set:
 *
 * kstatus: one pod on every wanted node, updated, ready and available.
 */
KubeReadiness
_kube_readiness_rule_daemon_set (JsonNode *object,
                                 gint64    now_us,
                                 char    **reason)
{
  static const struct
  {
    const char *member;
    const char *what;
  } counts[] = {
    { "currentNumberScheduled", "created" },
    { "updatedNumberScheduled", "updated" },
    { "numberReady", "ready" },
    { "numberAvailable", "available" },
  };
  gint64 wanted = base_json_get_int (object, -1, "status", "desiredNumberScheduled", NULL);
  guint  i;

  if (wanted < 0)
    {
      *reason = g_strdup ("the number of nodes for its pods is not known yet");
      return KUBE_READINESS_IN_PROGRESS;
    }

  for (i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      gint64 count = get_count (object, counts[i].member);

      if (count < wanted)
        {
          *reason = describe_count (count, wanted, counts[i].what);
          return KUBE_READINESS_IN_PROGRESS;
        }
    }

  *reason = describe_count (get_count (object, "numberReady"), wanted, "ready");
  return KUBE_READINESS_CURRENT;
}

/*
 * _kube_readiness_rule_replica_set:
 *
 * kstatus, but pods that cannot be created are a failure.
 */
KubeReadiness
_kube_readiness_rule_replica_set (JsonNode *object,
                                  gint64    now_us,
                                  char    **reason)
{
  gint64 wanted = get_replicas (object);
  gint64 replicas = get_count (object, "replicas");
  gint64 labeled = base_json_get_int (object, replicas, "status", "fullyLabeledReplicas", NULL);
  gint64 available = get_count (object, "availableReplicas");
  gint64 ready = get_count (object, "readyReplicas");

  if (cannot_create_pods (object, now_us, reason))
    return KUBE_READINESS_FAILED;

  if (labeled < wanted)
    *reason = describe_count (labeled, wanted, "created");
  else if (ready < wanted)
    *reason = describe_count (ready, wanted, "ready");
  else if (available < wanted)
    *reason = describe_count (available, wanted, "available");
  else if (replicas > wanted)
    *reason = g_strdup ("pods that are too many still stopping");
  if (*reason != NULL)
    return KUBE_READINESS_IN_PROGRESS;

  *reason = describe_count (ready, wanted, "ready");
  return KUBE_READINESS_CURRENT;
}

/*
 * _kube_readiness_rule_job:
 *
 * kapp: a Job is there once it has run to its end, not while it runs.
 */
KubeReadiness
_kube_readiness_rule_job (JsonNode *object,
                          gint64    now_us,
                          char    **reason)
{
  static const char *const failures[] = { "Failed", "FailureTarget" };
  gint64                   wanted = base_json_get_int (object, 1, "spec", "completions", NULL);
  guint                    i;

  for (i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      if (kube_condition_is_true (object, failures[i]))
        {
          *reason = g_strdup_printf ("the job failed: %s", get_message (object, failures[i]));
          return KUBE_READINESS_FAILED;
        }
    }

  if (kube_condition_is_true (object, "Complete") || kube_condition_is_true (object, "SuccessCriteriaMet"))
    {
      *reason = g_strdup ("completed");
      return KUBE_READINESS_CURRENT;
    }

  if (kube_condition_is_true (object, "Suspended"))
    *reason = g_strdup ("suspended");
  else
    *reason = describe_count (get_count (object, "succeeded"), wanted, "completed");

  return KUBE_READINESS_IN_PROGRESS;
}
