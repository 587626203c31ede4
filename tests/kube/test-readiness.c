/* test-readiness.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-time.h"
#include "kube-readiness.h"
#include "quoted.h"

#define NOW "2024-05-01T12:00:00Z"
#define TEN_WORDS "word word word word word word word word word word"
#define HUNDRED_WORDS                                                   \
  " " TEN_WORDS " " TEN_WORDS " " TEN_WORDS " " TEN_WORDS " " TEN_WORDS \
  " " TEN_WORDS " " TEN_WORDS " " TEN_WORDS " " TEN_WORDS " " TEN_WORDS
#define A_MINUTE_AGO "2024-05-01T11:59:00Z"
#define JUST_NOW "2024-05-01T11:59:50Z"

#define CURRENT KUBE_READINESS_CURRENT
#define IN_PROGRESS KUBE_READINESS_IN_PROGRESS
#define FAILED KUBE_READINESS_FAILED
#define TERMINATING KUBE_READINESS_TERMINATING

#define DEPLOYMENT(spec, status) "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{" \
                                 "'name':'app','uid':'d1','generation':2},'spec':{" spec "},'status':{'observedGeneration':2," status "}}"
#define COUNTS(replicas, updated, ready, available) "'replicas':" replicas ",'updatedReplicas':" updated ",'readyReplicas':" ready ",'availableReplicas':" available ","
#define ROLLED_OUT "'conditions':[{'type':'Available','status':'True'},{'type':'Progressing'," \
                   "'status':'True','reason':'NewReplicaSetAvailable'}]"
#define UPDATING "'conditions':[{'type':'Available','status':'True'},{'type':'Progressing'," \
                 "'status':'True','reason':'ReplicaSetUpdated'}]"
#define STATEFUL(spec, status) "{'apiVersion':'apps/v1','kind':'StatefulSet','metadata':{" \
                               "'generation':1},'spec':{" spec "},'status':{'observedGeneration':1," status "}}"
#define DAEMON(status) "{'apiVersion':'apps/v1','kind':'DaemonSet','metadata':{'generation':1}," \
                       "'status':{'observedGeneration':1," status "}}"
#define REPLICA_SET(status) "{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{" \
                            "'generation':1},'spec':{'replicas':2},'status':{'observedGeneration':1," status "}}"
#define JOB(status) "{'apiVersion':'batch/v1','kind':'Job','spec':{'completions':3}," \
                    "'status':{" status "}}"
#define POD(status) "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'app-x'},'spec':{"                      \
                    "'containers':[{'name':'web','image':'shop:1','resources':{'limits':{'memory':'64Mi'}}}]}," \
                    "'status':{" status "}}"
#define TRUE_CONDITION(type) "'conditions':[{'type':'" type "','status':'True'}]"

static const struct
{
  const char   *name;
  const char   *object;
  KubeReadiness readiness;
  const char   *words; /* nullable: part of the reason */
} objects[] = {
  /* What goes for every kind */
  { "being deleted", "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'deletionTimestamp':'" NOW "'}}", TERMINATING, "deleted" },
  { "generation not seen", "{'apiVersion':'example.org/v1','kind':'Thing','metadata':{"
                           "'generation':2},'status':{'observedGeneration':1," TRUE_CONDITION ("Ready") "}}",
    IN_PROGRESS, "latest change" },
  { "stalled", "{'kind':'Thing','status':{'conditions':[{'type':'Stalled','status':'True',"
               "'message':'no quota'}]}}",
    FAILED, "no quota" },
  { "reconciling", "{'kind':'Thing','status':{'conditions':[{'type':'Reconciling',"
                   "'status':'True','message':'moving'}]}}",
    IN_PROGRESS, "moving" },
  { "ready", "{'kind':'Thing','status':{" TRUE_CONDITION ("Ready") "}}", CURRENT, NULL },
  { "not ready", "{'kind':'Thing','status':{'conditions':[{'type':'Ready','status':'False',"
                 "'message':'waits for a key'}]}}",
    IN_PROGRESS, "waits for a key" },
  { "ready unknown", "{'kind':'Thing','status':{'conditions':[{'type':'Ready',"
                     "'status':'Unknown'}]}}",
    IN_PROGRESS, NULL },
  { "no status", "{'apiVersion':'v1','kind':'ConfigMap'}", CURRENT, NULL },
  { "own kind called Deployment", "{'apiVersion':'example.org/v1','kind':'Deployment'}", CURRENT,
    NULL },

  /* Deployment */
  { "deployment without status", "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{"
                                 "'generation':1}}",
    IN_PROGRESS, "latest change" },
  { "deployment rolled out", DEPLOYMENT ("'replicas':2", COUNTS ("2", "2", "2", "2") ROLLED_OUT),
    CURRENT, "2 of 2 pods ready" },
  { "deployment of one", DEPLOYMENT ("", COUNTS ("1", "1", "1", "1") ROLLED_OUT), CURRENT,
    "1 of 1 pod ready" },
  { "deployment of none", DEPLOYMENT ("'replicas':0", ROLLED_OUT), CURRENT, "0 of 0 pods" },
  { "pods missing", DEPLOYMENT ("'replicas':2", COUNTS ("1", "1", "0", "0") UPDATING),
    IN_PROGRESS, "1 of 2 pods created" },
  { "old pods", DEPLOYMENT ("'replicas':2", COUNTS ("2", "1", "2", "2") UPDATING), IN_PROGRESS,
    "1 of 2 pods updated" },
  { "too many pods", DEPLOYMENT ("'replicas':2", COUNTS ("3", "2", "3", "3") UPDATING),
    IN_PROGRESS, "1 old pod still stopping" },
  { "pods not ready", DEPLOYMENT ("'replicas':2", COUNTS ("2", "2", "1", "1") UPDATING),
    IN_PROGRESS, "1 of 2 pods ready" },
  { "pods not available", DEPLOYMENT ("'replicas':2", COUNTS ("2", "2", "2", "1") UPDATING),
    IN_PROGRESS, "1 of 2 pods available" },
  { "counts reached, not finished", DEPLOYMENT ("'replicas':2", COUNTS ("2", "2", "2", "2") UPDATING), IN_PROGRESS, "not finished" },
  { "counts reached, not available", DEPLOYMENT ("'replicas':2", COUNTS ("2", "2", "2", "2") "'conditions':[{'type':'Available','status':'False'},{'type':'Progressing','status':'True',"
                                                                                             "'reason':'NewReplicaSetAvailable'}]"),
    IN_PROGRESS, "not available" },
  { "endless deadline", DEPLOYMENT ("'replicas':1,'progressDeadlineSeconds':2147483647", COUNTS ("1", "1", "1", "1") TRUE_CONDITION ("Available")), CURRENT, NULL },
  { "deadline exceeded", DEPLOYMENT ("'replicas':2,'progressDeadlineSeconds':60", COUNTS ("2", "2", "1", "1") "'conditions':[{'type':'Progressing','status':'False',"
                                                                                                              "'reason':'ProgressDeadlineExceeded','message':'timed out'}]"),
    FAILED,
    "no progress within 60 seconds: timed out" },
  { "no pods for a minute", DEPLOYMENT ("'replicas':2", "'conditions':[{'type':'ReplicaFailure',"
                                                        "'status':'True','lastTransitionTime':'" A_MINUTE_AGO "','message':'exceeded quota'}]"),
    FAILED, "cannot be created: exceeded quota" },
  { "no pods for a moment", DEPLOYMENT ("'replicas':2", "'conditions':[{'type':'ReplicaFailure',"
                                                        "'status':'True','lastTransitionTime':'" JUST_NOW "','message':'no service account'}]"),
    IN_PROGRESS, "0 of 2 pods created" },
  { "paused in the middle", DEPLOYMENT ("'replicas':2,'paused':true", COUNTS ("2", "0", "2", "2") UPDATING), IN_PROGRESS, "paused" },
  { "paused and complete", DEPLOYMENT ("'replicas':2,'paused':true", COUNTS ("2", "2", "2", "2") TRUE_CONDITION ("Available")), CURRENT, NULL },

  /* StatefulSet */
  { "stateful set complete", STATEFUL ("'replicas':2", "'replicas':2,'readyReplicas':2,"
                                                       "'currentReplicas':2,'updatedReplicas':2,'currentRevision':'a','updateRevision':'a'"),
    CURRENT, "2 of 2" },
  { "stateful set growing", STATEFUL ("'replicas':2", "'replicas':1,'readyReplicas':1"),
    IN_PROGRESS, "1 of 2 pods created" },
  { "stateful set not ready", STATEFUL ("'replicas':2", "'replicas':2,'readyReplicas':1"),
    IN_PROGRESS, "1 of 2 pods ready" },
  { "stateful set shrinking", STATEFUL ("'replicas':1", "'replicas':2,'readyReplicas':2"),
    IN_PROGRESS, "stopping" },
  { "stateful set updating", STATEFUL ("'replicas':2,'updateStrategy':{'rollingUpdate':{"
                                       "'partition':0}}",
                                       "'replicas':2,'readyReplicas':2,'updatedReplicas':2,"
                                       "'currentRevision':'a','updateRevision':'b'"),
    IN_PROGRESS, "not finished" },
  { "stateful set partition", STATEFUL ("'replicas':3,'updateStrategy':{'rollingUpdate':{"
                                        "'partition':2}}",
                                        "'replicas':3,'readyReplicas':3,'updatedReplicas':1,"
                                        "'currentRevision':'a','updateRevision':'b'"),
    CURRENT, NULL },
  { "stateful set partition under way", STATEFUL ("'replicas':3,'updateStrategy':{"
                                                  "'rollingUpdate':{'partition':1}}",
                                                  "'replicas':3,'readyReplicas':3,'updatedReplicas':1,"
                                                  "'currentRevision':'a','updateRevision':'b'"),
    IN_PROGRESS, "1 of 2 pods updated" },
  { "stateful set on delete", STATEFUL ("'replicas':3,'updateStrategy':{'type':'OnDelete'}", "'replicas':1"), CURRENT, NULL },

  /* DaemonSet */
  { "daemon set complete", DAEMON ("'desiredNumberScheduled':2,'currentNumberScheduled':2,"
                                   "'updatedNumberScheduled':2,'numberAvailable':2,'numberReady':2"),
    CURRENT, "2 of 2" },
  { "daemon set unknown", DAEMON ("'numberReady':2"), IN_PROGRESS, "not known" },
  { "daemon set updating", DAEMON ("'desiredNumberScheduled':2,'currentNumberScheduled':2,"
                                   "'updatedNumberScheduled':1,'numberAvailable':2,'numberReady':2"),
    IN_PROGRESS,
    "1 of 2 pods updated" },
  { "daemon set not ready", DAEMON ("'desiredNumberScheduled':2,'currentNumberScheduled':2,"
                                    "'updatedNumberScheduled':2,'numberAvailable':1,'numberReady':1"),
    IN_PROGRESS,
    "1 of 2 pods ready" },
  { "daemon set on no node", DAEMON ("'desiredNumberScheduled':0"), CURRENT, NULL },

  /* ReplicaSet */
  { "replica set complete", REPLICA_SET ("'replicas':2,'fullyLabeledReplicas':2,"
                                         "'readyReplicas':2,'availableReplicas':2"),
    CURRENT, NULL },
  { "replica set not ready", REPLICA_SET ("'replicas':2,'fullyLabeledReplicas':2,"
                                          "'readyReplicas':1"),
    IN_PROGRESS, "1 of 2 pods ready" },
  { "replica set failing", REPLICA_SET ("'conditions':[{'type':'ReplicaFailure','status':'True',"
                                        "'lastTransitionTime':'" A_MINUTE_AGO "','message':'denied'}]"),
    FAILED, "denied" },

  /* Job */
  { "job complete", JOB (TRUE_CONDITION ("Complete")), CURRENT, "completed" },
  { "job criteria met", JOB (TRUE_CONDITION ("SuccessCriteriaMet")), CURRENT, NULL },
  { "job running", JOB ("'active':1,'succeeded':1"), IN_PROGRESS, "1 of 3 pods completed" },
  { "job failed", JOB ("'conditions':[{'type':'Failed','status':'True','message':'limit'}]"),
    FAILED, "limit" },
  { "job failing", JOB (TRUE_CONDITION ("FailureTarget")), FAILED, NULL },
  { "job suspended", JOB (TRUE_CONDITION ("Suspended")), IN_PROGRESS, "suspended" },

  /* Pod */
  { "pod ready", POD ("'phase':'Running'," TRUE_CONDITION ("Ready")), CURRENT, NULL },
  { "pod done", POD ("'phase':'Succeeded'"), CURRENT, "completed" },
  { "pod failed", POD ("'phase':'Failed','reason':'Evicted','message':'no memory'"), FAILED,
    "pod app-x failed: Evicted: no memory" },
  { "pod failed by its container", POD ("'phase':'Failed','containerStatuses':[{'name':'web','state':{"
                                        "'terminated':{'exitCode':1,'reason':'Error',"
                                        "'message':'Error: P1000\\n\\n  refused\\n'}}}]"),
    FAILED,
    "pod app-x failed: it last ended with exit code 1 (Error): Error: P1000 refused" },
  { "pod failed with many words", POD ("'phase':'Failed','containerStatuses':[{'name':'web','state':{"
                                       "'terminated':{'exitCode':2,'message':'not told é" HUNDRED_WORDS "'}}}]"),
    FAILED,
    "exit code 2: …" HUNDRED_WORDS },
  { "pod running", POD ("'phase':'Running','containerStatuses':[{'name':'web','state':{"
                        "'running':{}}}]"),
    IN_PROGRESS, "not ready yet" },
  { "pod pulling", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                        "'waiting':{'reason':'ContainerCreating'}}}]"),
    IN_PROGRESS, "app-x is pulling image shop:1" },
  { "image not there", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                            "'waiting':{'reason':'ErrImagePull','message':'shop:1: Not Found'}}}]"),
    FAILED,
    "pod app-x: the image shop:1 of container web cannot be pulled: shop:1: Not Found" },
  { "image denied", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                         "'waiting':{'reason':'ErrImagePull','message':'pull access denied'}}}]"),
    FAILED, "denied" },
  { "registry slow", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                          "'waiting':{'reason':'ErrImagePull','message':'i/o timeout'}}}]"),
    IN_PROGRESS,
    "tries again to pull image shop:1" },
  { "image back-off", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                           "'waiting':{'reason':'ImagePullBackOff','message':'Back-off pulling image shop:1'}}}]"),
    FAILED, "Back-off pulling image shop:1" },
  { "image name", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                       "'waiting':{'reason':'InvalidImageName'}}}]"),
    FAILED, "invalid name: InvalidImageName" },
  { "image inspection", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                             "'waiting':{'reason':'ImageInspectError'}}}]"),
    FAILED, NULL },
  { "image never pulled", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                               "'waiting':{'reason':'ErrImageNeverPull'}}}]"),
    FAILED, "may not be pulled" },
  { "config error", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                         "'waiting':{'reason':'CreateContainerConfigError','message':'secret not found'}}}]"),
    FAILED,
    "pod app-x: container web cannot be set up: secret not found" },
  { "config not there yet", POD ("'phase':'Pending','containerStatuses':[{'name':'web','state':{"
                                 "'waiting':{'reason':'CreateContainerConfigError','message':'failed to sync secret cache: "
                                 "timed out waiting for the condition'}}}]"),
    IN_PROGRESS, NULL },
  { "first crash", POD ("'phase':'Running','containerStatuses':[{'name':'web','restartCount':1,"
                        "'state':{'waiting':{'reason':'CrashLoopBackOff'}},'lastState':{'terminated':{"
                        "'exitCode':1}}}]"),
    IN_PROGRESS, "container web of app-x stopped" },
  { "crash loop", POD ("'phase':'Running','containerStatuses':[{'name':'web','restartCount':2,"
                       "'state':{'waiting':{'reason':'CrashLoopBackOff'}},'lastState':{'terminated':{'exitCode':1,"
                       "'reason':'Error','message':'no DATABASE_URL\\n'}}}]"),
    FAILED,
    "pod app-x: container web keeps stopping (2 restarts); it last ended with exit code 1 (Error): "
    "no DATABASE_URL" },
  { "out of memory", POD ("'phase':'Running','containerStatuses':[{'name':'web',"
                          "'restartCount':3,'state':{'waiting':{'reason':'CrashLoopBackOff'}},'lastState':{"
                          "'terminated':{'exitCode':137,'reason':'OOMKilled'}}}]"),
    FAILED,
    "exit code 137 (OOMKilled: it needed more memory than its limit of 64Mi)" },
  { "init container crash loop", POD ("'phase':'Pending','initContainerStatuses':[{"
                                      "'name':'migrate','restartCount':4,'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]"),
    FAILED, "container migrate keeps stopping" },
  { "no node for a moment", POD ("'phase':'Pending','conditions':[{'type':'PodScheduled',"
                                 "'status':'False','reason':'Unschedulable','lastTransitionTime':'" JUST_NOW "'}]"),
    IN_PROGRESS, "waits for a node" },
  { "no node for a minute", POD ("'phase':'Pending','conditions':[{'type':'PodScheduled',"
                                 "'status':'False','reason':'Unschedulable','lastTransitionTime':'" A_MINUTE_AGO "',"
                                 "'message':'Insufficient cpu'}]"),
    FAILED, "no node can take it: Insufficient cpu" },

  /* The rest */
  { "namespace", "{'apiVersion':'v1','kind':'Namespace','status':{'phase':'Active'}}", CURRENT,
    NULL },
  { "namespace going", "{'apiVersion':'v1','kind':'Namespace','status':{'phase':'Terminating'}}",
    TERMINATING, NULL },
  { "claim bound", "{'apiVersion':'v1','kind':'PersistentVolumeClaim','status':{"
                   "'phase':'Bound'}}",
    CURRENT, NULL },
  { "claim pending", "{'apiVersion':'v1','kind':'PersistentVolumeClaim','status':{"
                     "'phase':'Pending'}}",
    IN_PROGRESS, "first pod" },
  { "claim lost", "{'apiVersion':'v1','kind':'PersistentVolumeClaim','status':{'phase':'Lost'}}",
    FAILED, NULL },
  { "service", "{'apiVersion':'v1','kind':'Service','spec':{'type':'ClusterIP'}}", CURRENT, NULL },
  { "load balancer pending", "{'apiVersion':'v1','kind':'Service','spec':{"
                             "'type':'LoadBalancer'}}",
    IN_PROGRESS, "load balancer" },
  { "load balancer", "{'apiVersion':'v1','kind':'Service','spec':{'type':'LoadBalancer'},"
                     "'status':{'loadBalancer':{'ingress':[{'ip':'10.0.0.1'}]}}}",
    CURRENT, NULL },
  { "ingress pending", "{'apiVersion':'networking.k8s.io/v1','kind':'Ingress','status':{"
                       "'loadBalancer':{}}}",
    IN_PROGRESS, "no ingress controller" },
  { "ingress", "{'apiVersion':'networking.k8s.io/v1','kind':'Ingress','status':{'loadBalancer':{"
               "'ingress':[{'hostname':'localhost'}]}}}",
    CURRENT, NULL },
  { "definition", "{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',"
                  "'status':{" TRUE_CONDITION ("Established") "}}",
    CURRENT, NULL },
  { "definition new", "{'apiVersion':'apiextensions.k8s.io/v1',"
                      "'kind':'CustomResourceDefinition'}",
    IN_PROGRESS, NULL },
  { "definition refused", "{'apiVersion':'apiextensions.k8s.io/v1',"
                          "'kind':'CustomResourceDefinition','status':{'conditions':[{'type':'NamesAccepted',"
                          "'status':'False','message':'things is taken'}]}}",
    FAILED, "things is taken" },
};

static void
check_words (const char *reason,
             const char *words)
{
  g_assert_nonnull (reason);
  g_assert_false (g_str_has_suffix (reason, "."));
  if (words != NULL && strstr (reason, words) == NULL)
    g_error ("“%s” does not say “%s”", reason, words);
}

static void
test_compute (void)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autoptr(JsonNode) object = parse_quoted (objects[i].object);
      g_autofree char *reason = NULL;
      KubeReadiness    readiness = kube_readiness_compute (object, base_time_parse (NOW), &reason);

      g_test_message ("%s: %s", objects[i].name, reason);
      g_assert_cmpint (readiness, ==, objects[i].readiness);
      check_words (reason, objects[i].words);
      g_assert_cmpint (kube_readiness_compute (object, base_time_parse (NOW), NULL), ==,
                       readiness);
    }
}

#define OWNED(kind, name, uid) "'ownerReferences':[{'kind':'" kind "','name':'" name "'," \
                               "'uid':'" uid "','controller':true}]"
#define SET(name, uid, revision) "{'metadata':{'name':'" name "','uid':'" uid "','annotations':{" \
                                 "'deployment.kubernetes.io/revision':'" revision "'}," OWNED ("Deployment", "app", "d1") "}}"
#define OWNED_POD(name, hash, set, created, status) "{'metadata':{'name':'" name "',"                                                                                                                              \
                                                    "'creationTimestamp':'" created "','labels':{'pod-template-hash':'" hash "'}," OWNED ("ReplicaSet", "app-" hash, set) "},'spec':{'containers':[{'name':'web'," \
                                                                                                                                                                          "'image':'shop:2'}]},'status':{" status "}}"
#define BROKEN "'containerStatuses':[{'name':'web','state':{'waiting':{'reason':" \
               "'ImagePullBackOff','message':'gone'}}}]"
#define PULLING "'containerStatuses':[{'name':'web','state':{'waiting':{'reason':" \
                "'ContainerCreating'}}}]"
#define ROLLING DEPLOYMENT ("'replicas':2", COUNTS ("3", "1", "2", "2") UPDATING)

static const struct
{
  const char   *name;
  const char   *deployment;
  const char   *pods;
  const char   *sets; /* nullable */
  KubeReadiness readiness;
  const char   *words;
} deployments[] = {
  { "new pod broken", ROLLING,
    "[" OWNED_POD ("app-b-1", "b", "s2", NOW, BROKEN) "]",
    "[" SET ("app-a", "s1", "1") "," SET ("app-b", "s2", "2") "]", FAILED,
    "pod app-b-1: the image shop:2 of container web cannot be pulled: gone" },
  { "old pod broken", ROLLING,
    "[" OWNED_POD ("app-a-1", "a", "s1", NOW, BROKEN) "," OWNED_POD ("app-b-1", "b", "s2", NOW, PULLING) "]",
    "[" SET ("app-b", "s2", "2") "," SET ("app-a", "s1", "1") "]", IN_PROGRESS,
    "0 of 2 new pods ready; app-b-1 is pulling image shop:2" },
  { "tenth revision is newer than the ninth", ROLLING,
    "[" OWNED_POD ("app-a-1", "a", "s9", NOW, BROKEN) "," OWNED_POD ("app-b-1", "b", "s10", NOW, TRUE_CONDITION ("Ready")) "]",
    "[" SET ("app-b", "s10", "10") "," SET ("app-a", "s9", "9") "]", IN_PROGRESS,
    "1 of 2 pods updated" },
  { "new replica set not known yet", "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{"
                                     "'name':'app','uid':'d1','generation':2,'annotations':{"
                                     "'deployment.kubernetes.io/revision':'2'}},'spec':{'replicas':2},'status':{"
                                     "'observedGeneration':2}}",
    "[" OWNED_POD ("app-a-1", "a", "s1", NOW, BROKEN) "]", "[" SET ("app-a", "s1", "1") "]",
    IN_PROGRESS, "0 of 2 pods created" },
  { "change not seen yet", "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{"
                           "'name':'app','uid':'d1','generation':3},'status':{'observedGeneration':2}}",
    "[" OWNED_POD ("app-a-1", "a", "s1", NOW, BROKEN) "]", "[" SET ("app-a", "s1", "1") "]",
    IN_PROGRESS, "latest change" },
  { "somebody else's pod broken", ROLLING,
    "[" OWNED_POD ("other-1", "b", "s7", NOW, BROKEN) "]", "[" SET ("app-b", "s2", "2") "]",
    IN_PROGRESS, "1 of 2 pods updated" },
  { "broken pod on its way out", ROLLING,
    "[{'metadata':{'name':'app-b-1','deletionTimestamp':'" NOW "'," OWNED ("ReplicaSet", "app-b", "s2") "},'status':{" BROKEN "}}]",
    "[" SET ("app-b", "s2", "2") "]", IN_PROGRESS, NULL },
  { "without sets: youngest pod broken", ROLLING,
    "[" OWNED_POD ("app-a-1", "a", "s1", A_MINUTE_AGO, PULLING) "," OWNED_POD ("app-b-1", "b", "s2", NOW, BROKEN) "]", NULL, FAILED, "pod app-b-1" },
  { "without sets: older pod broken", ROLLING,
    "[" OWNED_POD ("app-a-1", "a", "s1", A_MINUTE_AGO, BROKEN) "," OWNED_POD ("app-b-1", "b", "s2", NOW, PULLING) "]", NULL, IN_PROGRESS, "app-b-1 is pulling" },
  { "without sets: no new pod yet", DEPLOYMENT ("'replicas':2", COUNTS ("2", "0", "0", "0") UPDATING), "[" OWNED_POD ("app-a-1", "a", "s1", NOW, BROKEN) "]", NULL, IN_PROGRESS,
    "0 of 2 pods updated" },
  { "without sets: pod of another deployment", ROLLING,
    "[{'metadata':{'name':'app2-b-1','labels':{'pod-template-hash':'b'}," OWNED ("ReplicaSet", "app2-b", "s7") "},'status':{" BROKEN "}}]", NULL, IN_PROGRESS, NULL },
  { "rolled out", DEPLOYMENT ("'replicas':2", COUNTS ("2", "2", "2", "2") ROLLED_OUT),
    "[]", "[]", CURRENT, "2 of 2 pods ready" },
  { "deadline exceeded, with its cause", DEPLOYMENT ("'replicas':2", COUNTS ("3", "1", "2", "2") "'conditions':[{'type':'Progressing','status':'False','reason':'ProgressDeadlineExceeded'}]"),
    "[" OWNED_POD ("app-b-1", "b", "s2", NOW, BROKEN) "]", "[" SET ("app-b", "s2", "2") "]",
    FAILED, "cannot be pulled" },
};

static GPtrArray *
parse_array (const char *text)
{
  g_autoptr(JsonNode) node = parse_quoted (text);
  JsonArray *array = json_node_get_array (node);
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  guint      i;

  for (i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (nodes, json_array_dup_element (array, i));

  return nodes;
}

static void
test_deployment (void)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (deployments); i++)
    {
      g_autoptr(JsonNode) deployment = parse_quoted (deployments[i].deployment);
      g_autoptr(GPtrArray) pods = parse_array (deployments[i].pods);
      g_autoptr(GPtrArray) sets = NULL;
      g_autofree char *reason = NULL;
      KubeReadiness    readiness;

      if (deployments[i].sets != NULL)
        sets = parse_array (deployments[i].sets);
      readiness = kube_readiness_deployment (deployment, pods, sets, base_time_parse (NOW),
                                             &reason);
      g_test_message ("%s: %s", deployments[i].name, reason);
      g_assert_cmpint (readiness, ==, deployments[i].readiness);
      check_words (reason, deployments[i].words);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/readiness/compute", test_compute);
  g_test_add_func ("/kube/readiness/deployment", test_deployment);
  return g_test_run ();
}
