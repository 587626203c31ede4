/* kube-readiness-deployment.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-readiness-private.h"

#include "base-json.h"
#include "base-time.h"
#include "kube-pod.h"

#define REVISION "deployment.kubernetes.io/revision"
#define TEMPLATE_HASH "pod-template-hash"

static const char *
get_uid (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "uid", NULL);
}

static JsonNode *
find_owner (JsonNode   *object,
            const char *kind)
{
  JsonArray *owners = base_json_get_array (object, "metadata", "ownerReferences", NULL);
  guint      i;

  for (i = 0; owners != NULL && i < json_array_get_length (owners); i++)
    {
      JsonNode *owner = json_array_get_element (owners, i);

      if (g_strcmp0 (base_json_get_string (owner, "kind", NULL), kind) == 0)
        return owner;
    }

  return NULL;
}

static gint64
get_revision (JsonNode *object)
{
  const char *text = base_json_get_string (object, "metadata", "annotations", REVISION, NULL);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* The Deployment names its latest revision before it reports its spec as seen, so
 * a ReplicaSet of another revision is an old one and the new one is still under way. */
static JsonNode *
find_newest_replica_set (JsonNode  *deployment,
                         GPtrArray *replica_sets)
{
  gint64    wanted = get_revision (deployment);
  JsonNode *newest = NULL;
  guint     i;

  for (i = 0; i < replica_sets->len; i++)
    {
      JsonNode   *candidate = g_ptr_array_index (replica_sets, i);
      const char *owner = base_json_get_string (find_owner (candidate, "Deployment"), "uid",
                                                NULL);

      if (owner == NULL || g_strcmp0 (owner, get_uid (deployment)) != 0)
        continue;
      if (newest == NULL || get_revision (candidate) > get_revision (newest))
        newest = candidate;
    }

  if (newest != NULL && wanted != 0 && get_revision (newest) != wanted)
    return NULL;

  return newest;
}

static GPtrArray *
list_pods_of_replica_set (GPtrArray *pods,
                          JsonNode  *replica_set)
{
  GPtrArray  *found = g_ptr_array_new ();
  const char *uid = get_uid (replica_set);
  guint       i;

  for (i = 0; i < pods->len; i++)
    {
      JsonNode   *pod = g_ptr_array_index (pods, i);
      const char *owner = base_json_get_string (find_owner (pod, "ReplicaSet"), "uid", NULL);

      if (owner != NULL && g_strcmp0 (owner, uid) == 0)
        g_ptr_array_add (found, pod);
    }

  return found;
}

static const char *
get_template_hash (JsonNode *pod)
{
  return base_json_get_string (pod, "metadata", "labels", TEMPLATE_HASH, NULL);
}

/* A Deployment calls its ReplicaSets after itself and the hash of their template. */
static gboolean
is_pod_of_deployment (JsonNode *pod,
                      JsonNode *deployment)
{
  const char      *owner = base_json_get_string (find_owner (pod, "ReplicaSet"), "name", NULL);
  const char      *name = base_json_get_string (deployment, "metadata", "name", NULL);
  const char      *hash = get_template_hash (pod);
  g_autofree char *expected = NULL;

  if (owner == NULL || name == NULL || hash == NULL)
    return FALSE;

  expected = g_strconcat (name, "-", hash, NULL);
  return g_str_equal (owner, expected);
}

static gint64
get_creation_time (JsonNode *object)
{
  const char *text = base_json_get_string (object, "metadata", "creationTimestamp", NULL);

  return text != NULL ? base_time_parse (text) : 0;
}

/* Without ReplicaSets to go by: the pods with the template of the youngest one. */
static GPtrArray *
list_youngest_pods (GPtrArray *pods,
                    JsonNode  *deployment)
{
  GPtrArray *found = g_ptr_array_new ();
  JsonNode  *youngest = NULL;
  guint      i;

  for (i = 0; i < pods->len; i++)
    {
      JsonNode *pod = g_ptr_array_index (pods, i);

      if (is_pod_of_deployment (pod, deployment) && (youngest == NULL || get_creation_time (pod) > get_creation_time (youngest)))
        youngest = pod;
    }

  for (i = 0; youngest != NULL && i < pods->len; i++)
    {
      JsonNode *pod = g_ptr_array_index (pods, i);

      if (is_pod_of_deployment (pod, deployment) && g_strcmp0 (get_template_hash (pod), get_template_hash (youngest)) == 0)
        g_ptr_array_add (found, pod);
    }

  return found;
}

static GPtrArray *
list_new_pods (JsonNode  *deployment,
               GPtrArray *pods,
               GPtrArray *replica_sets)
{
  JsonNode *newest;

  /* The status counts no pod of the new template yet: what there is, is old. */
  if (replica_sets == NULL && base_json_get_int (deployment, 0, "status", "updatedReplicas", NULL) == 0)
    return g_ptr_array_new ();
  if (replica_sets == NULL)
    return list_youngest_pods (pods, deployment);

  newest = find_newest_replica_set (deployment, replica_sets);
  return newest != NULL ? list_pods_of_replica_set (pods, newest) : g_ptr_array_new ();
}

static gboolean
is_going (JsonNode *pod)
{
  return base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL;
}

static char *
find_problem (GPtrArray *pods,
              gint64     now_us)
{
  guint i;

  for (i = 0; i < pods->len; i++)
    {
      JsonNode *pod = g_ptr_array_index (pods, i);
      char     *problem = is_going (pod) ? NULL : _kube_readiness_find_problem (pod, now_us);

      if (problem != NULL)
        return problem;
    }

  return NULL;
}

static char *
describe_progress (JsonNode   *deployment,
                   GPtrArray  *pods,
                   const char *words)
{
  gint64           wanted = base_json_get_int (deployment, 1, "spec", "replicas", NULL);
  JsonNode        *busy = NULL;
  g_autofree char *progress = NULL;
  guint            n_ready = 0;
  guint            i;

  for (i = 0; i < pods->len; i++)
    {
      JsonNode *pod = g_ptr_array_index (pods, i);

      if (is_going (pod))
        continue;
      if (kube_pod_is_ready (pod))
        n_ready++;
      else if (busy == NULL)
        busy = pod;
    }

  if (busy == NULL)
    return g_strdup (words);

  progress = _kube_readiness_describe_progress (busy);
  return g_strdup_printf ("%u of %" G_GINT64_FORMAT " new pod%s ready; %s", n_ready, wanted,
                          wanted == 1 ? "" : "s", progress);
}

/**
 * kube_readiness_deployment:
 * @deployment: a Deployment
 * @pods: (element-type JsonNode): Pods of its namespace; others may be among them
 * @replica_sets: (element-type JsonNode) (nullable): ReplicaSets of its
 *   namespace; %NULL when they are not known: then the youngest pods count
 * @now_us: now, in microseconds since the epoch
 * @reason: (out) (optional) (transfer full): why, in words; a phrase without a
 *   full stop
 *
 * Like [id@kube_readiness_compute], but looks at the pods as well, so that it
 * fails early instead of at the end of `progressDeadlineSeconds`. Only pods of
 * the newest ReplicaSet count: those of an older one may be as broken as they
 * like.
 *
 * Failures found this way: an image that cannot be pulled, a container that
 * cannot be set up or has stopped at least twice and waits in its crash loop,
 * and a pod that finds no node for more than 15 seconds. The last one comes with time
 * alone: ask again after that time even when nothing changes.
 *
 * Returns: the verdict
 */
KubeReadiness
kube_readiness_deployment (JsonNode  *deployment,
                           GPtrArray *pods,
                           GPtrArray *replica_sets,
                           gint64     now_us,
                           char     **reason)
{
  gint64 generation = base_json_get_int (deployment, 0, "metadata", "generation", NULL);
  gint64 observed = base_json_get_int (deployment, -1, "status", "observedGeneration", NULL);
  g_autoptr(GPtrArray) new_pods = NULL;
  g_autofree char *words = NULL;
  g_autofree char *problem = NULL;
  KubeReadiness    readiness;

  g_return_val_if_fail (deployment != NULL, KUBE_READINESS_IN_PROGRESS);
  g_return_val_if_fail (pods != NULL, KUBE_READINESS_IN_PROGRESS);

  readiness = kube_readiness_compute (deployment, now_us, &words);
  if (readiness != KUBE_READINESS_CURRENT && readiness != KUBE_READINESS_TERMINATING && generation == observed)
    {
      new_pods = list_new_pods (deployment, pods, replica_sets);
      problem = find_problem (new_pods, now_us);
      if (problem != NULL)
        readiness = KUBE_READINESS_FAILED;
      else if (readiness == KUBE_READINESS_IN_PROGRESS)
        problem = describe_progress (deployment, new_pods, words);
    }

  if (reason != NULL)
    *reason = problem != NULL ? g_steal_pointer (&problem) : g_steal_pointer (&words);

  return readiness;
}
