/* test-pod.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-pod.h"
#include "quoted.h"

#define RUNNING "'state':{'running':{}}"
#define WAITING(reason) "'state':{'waiting':{'reason':'" reason "'}}"
#define ENDED(reason, code) "'state':{'terminated':{'reason':'" reason "','exitCode':" code "}}"
#define READY "'conditions':[{'type':'Ready','status':'True'}],"
#define SIDECAR "{'name':'side','restartPolicy':'Always'}"

/* The cases of kubectl's own test (TestPrintPod and TestPrintPodWithRestartableInitContainer
 * of Kubernetes 1.36) and of forms that it leaves out. */
static const struct
{
  const char *name;
  const char *pod;
  const char *status;
  guint       restarts;
} pods[] = {
  { "phase", "{'status':{'phase':'podPhase','containerStatuses':["
             "{'ready':true,'restartCount':3," RUNNING "},{'restartCount':3}]}}",
    "podPhase", 6 },
  { "waiting wins over phase", "{'status':{'phase':'podPhase','containerStatuses':["
                               "{'ready':true,'restartCount':3," RUNNING "},"
                               "{'restartCount':3," WAITING ("ContainerWaitingReason") "}]}}",
    "ContainerWaitingReason", 6 },
  { "first container wins", "{'status':{'phase':'podPhase','containerStatuses':["
                            "{'restartCount':3," WAITING ("ContainerWaitingReason") "},"
                                                                                    "{'restartCount':3," ENDED ("ContainerTerminatedReason", "0") "}]}}",
    "ContainerWaitingReason", 6 },
  { "ready is not running", "{'status':{'phase':'podPhase','containerStatuses':["
                            "{'ready':true,'restartCount':3," RUNNING "},{'ready':true,'restartCount':3}]}}",
    "podPhase",
    6 },
  { "reason of the pod", "{'status':{'phase':'podPhase','reason':'podReason',"
                         "'containerStatuses':[{'ready':true,'restartCount':3," RUNNING "},"
                         "{'ready':true,'restartCount':3}]}}",
    "podReason", 6 },
  { "one done, not ready", "{'status':{'phase':'Running','containerStatuses':["
                           "{'ready':true,'restartCount':3," ENDED ("Completed", "0") "},"
                                                                                      "{'ready':true,'restartCount':3," RUNNING "}]}}",
    "NotReady", 6 },
  { "one done, ready", "{'status':{'phase':'Running'," READY "'containerStatuses':["
                       "{'ready':true,'restartCount':3," ENDED ("Completed", "0") "},"
                                                                                  "{'ready':true,'restartCount':3," RUNNING "}]}}",
    "Running", 6 },
  { "init container restarting", "{'spec':{'initContainers':[{}]},'status':{'phase':'podPhase',"
                                 "'initContainerStatuses':[{'restartCount':3," RUNNING "}],"
                                 "'containerStatuses':[{'state':{'waiting':{}}}]}}",
    "Init:0/1", 3 },
  { "second init container waiting", "{'spec':{'initContainers':[{},{}]},'status':{"
                                     "'phase':'podPhase','initContainerStatuses':[{'restartCount':3," RUNNING "},"
                                     "{'state':{'waiting':{}}}],'containerStatuses':[{'state':{'waiting':{}}}]}}",
    "Init:0/2", 3 },
  { "first init container done", "{'spec':{'initContainers':[{},{}]},'status':{"
                                 "'phase':'podPhase','initContainerStatuses':[{'state':{'terminated':{}}},"
                                 "{'restartCount':3," RUNNING "}],'containerStatuses':[{'state':{'waiting':{}}}]}}",
    "Init:1/2", 3 },
  { "first init container restarted, done", "{'spec':{'initContainers':[{},{}]},'status':{"
                                            "'phase':'podPhase','initContainerStatuses':[{'restartCount':2,'state':{'terminated':{}}},"
                                            "{'restartCount':3," RUNNING "}],'containerStatuses':[{'state':{'waiting':{}}}]}}",
    "Init:1/2", 5 },
  { "restarts of init containers are forgotten", "{'spec':{'initContainers':[{}]},'status':{"
                                                 "'phase':'Running','initContainerStatuses':[{'restartCount':2,'state':{'terminated':{}}}],"
                                                 "'containerStatuses':[{'restartCount':4," RUNNING "}]}}",
    "Running", 4 },
  { "scheduling gated", "{'status':{'phase':'podPhase','conditions':[{'type':'PodScheduled',"
                        "'status':'False','reason':'SchedulingGated'}]}}",
    "SchedulingGated", 0 },
  { "succeeded", "{'status':{'phase':'Succeeded','containerStatuses':["
                 "{" ENDED ("Completed", "0") "}]}}",
    "Completed", 0 },
  { "failed", "{'status':{'phase':'Failed','containerStatuses':[{" ENDED ("Error", "1") "}]}}",
    "Error", 0 },
  { "succeeded, being deleted", "{'metadata':{'deletionTimestamp':'2024-01-01T00:00:00Z'},"
                                "'status':{'phase':'Succeeded','containerStatuses':[{" ENDED ("Completed", "0") "}]}}",
    "Completed", 0 },
  { "running, being deleted", "{'metadata':{'deletionTimestamp':'2024-01-01T00:00:00Z'},"
                              "'status':{'phase':'Running','containerStatuses':[{" RUNNING "}]}}",
    "Terminating", 0 },
  { "pending, being deleted", "{'metadata':{'deletionTimestamp':'2024-01-01T00:00:00Z'},"
                              "'status':{'phase':'Pending'}}",
    "Terminating", 0 },
  { "node lost, being deleted", "{'metadata':{'deletionTimestamp':'2024-01-01T00:00:00Z'},"
                                "'status':{'phase':'Running','reason':'NodeLost'}}",
    "Unknown", 0 },
  { "node lost", "{'status':{'phase':'Running','reason':'NodeLost'}}", "NodeLost", 0 },
  { "crashed and running", "{'status':{'phase':'Failed','containerStatuses':["
                           "{" ENDED ("podCrash", "1") "},{'ready':true," RUNNING "}]}}",
    "podCrash", 0 },
  { "running and crashed", "{'status':{'phase':'Failed','containerStatuses':["
                           "{'ready':true," RUNNING "},{" ENDED ("podCrash", "1") "}]}}",
    "podCrash", 0 },
  { "crashed and completed", "{'status':{'phase':'Failed','containerStatuses':["
                             "{" ENDED ("Completed", "0") "},{" ENDED ("podCrash", "1") "}]}}",
    "podCrash", 0 },
  { "running, crashed, exit code 0", "{'status':{'phase':'Failed','containerStatuses':["
                                     "{'ready':true," RUNNING "},{'ready':true," ENDED ("podCrash", "1") "},"
                                                                                                         "{'ready':true,'state':{'terminated':{'exitCode':0}}}]}}",
    "podCrash", 0 },
  { "sidecar not started", "{'spec':{'initContainers':[{'name':'a','restartPolicy':'Always'},"
                           "{'name':'b','restartPolicy':'Always'}]},'status':{'phase':'Pending',"
                           "'conditions':[{'type':'Initialized','status':'False'}],'initContainerStatuses':["
                           "{'name':'a','restartCount':3,'started':false," RUNNING "},"
                           "{'name':'b','started':false,'state':{'waiting':{}}}],"
                           "'containerStatuses':[{'state':{'waiting':{}}}]}}",
    "Init:0/2", 3 },
  { "second sidecar not started", "{'spec':{'initContainers':["
                                  "{'name':'a','restartPolicy':'Always'},{'name':'b','restartPolicy':'Always'}]},"
                                  "'status':{'phase':'Pending','conditions':[{'type':'Initialized','status':'False'}],"
                                  "'initContainerStatuses':[{'name':'a','restartCount':3,'started':true," RUNNING "},"
                                  "{'name':'b','started':false," RUNNING "}],"
                                  "'containerStatuses':[{'state':{'waiting':{}}}]}}",
    "Init:1/2", 3 },
  { "sidecars and container running", "{'spec':{'initContainers':["
                                      "{'name':'a','restartPolicy':'Always'},{'name':'b','restartPolicy':'Always'}]},"
                                      "'status':{'phase':'Running','conditions':[{'type':'Initialized','status':'True'}],"
                                      "'initContainerStatuses':[{'name':'a','restartCount':3,'started':true," RUNNING "},"
                                      "{'name':'b','started':true," RUNNING "}],"
                                      "'containerStatuses':[{'ready':true,'restartCount':4," RUNNING "}]}}",
    "Running", 7 },
  { "sidecars ended by force, container done", "{'spec':{'initContainers':["
                                               "{'name':'a','restartPolicy':'Always'},{'name':'b','restartPolicy':'Always'}]},"
                                               "'status':{'phase':'Succeeded','conditions':[{'type':'Initialized','status':'True'}],"
                                               "'initContainerStatuses':[{'name':'a','restartCount':3,'started':false," ENDED ("Error", "137") "},{'name':'b','started':false," ENDED ("Error", "137") "}],"
                                                                                                                                                                                                       "'containerStatuses':[{'restartCount':4," ENDED ("Completed", "0") "}]}}",
    "Completed", 7 },
  { "statuses of unknown containers", "{'spec':{'initContainers':[{'name':'init1'}," SIDECAR "]},"
                                      "'status':{'phase':'Running','initContainerStatuses':[{'name':'initinvalid'},"
                                      "{'name':'init1'},{'name':'side'}],'containerStatuses':[{'name':'containerinvalid'}]}}",
    "Init:0/2", 0 },
  { "init container crashing", "{'spec':{'initContainers':[{}]},'status':{'phase':'Pending',"
                               "'initContainerStatuses':[{'restartCount':5," WAITING ("CrashLoopBackOff") "}],"
                                                                                                          "'containerStatuses':[{" WAITING ("PodInitializing") "}]}}",
    "Init:CrashLoopBackOff", 5 },
  { "init container initialising", "{'spec':{'initContainers':[{}]},'status':{'phase':'Pending',"
                                   "'initContainerStatuses':[{" WAITING ("PodInitializing") "}]}}",
    "Init:0/1", 0 },
  { "init container failed with a reason", "{'spec':{'initContainers':[{}]},'status':{"
                                           "'phase':'Pending','initContainerStatuses':[{" ENDED ("Error", "1") "}]}}",
    "Init:Error", 0 },
  { "init container failed with a code", "{'spec':{'initContainers':[{}]},'status':{"
                                         "'phase':'Pending','initContainerStatuses':[{'state':{'terminated':{'exitCode':1}}}]}}",
    "Init:ExitCode:1", 0 },
  { "init container failed by a signal", "{'spec':{'initContainers':[{}]},'status':{"
                                         "'phase':'Pending','initContainerStatuses':[{'state':{'terminated':{'exitCode':137,"
                                         "'signal':9}}}]}}",
    "Init:Signal:9", 0 },
  { "init containers done", "{'spec':{'initContainers':[{}]},'status':{'phase':'Pending',"
                            "'initContainerStatuses':[{" ENDED ("Completed", "0") "}],"
                                                                                  "'containerStatuses':[{" WAITING ("PodInitializing") "}]}}",
    "PodInitializing", 0 },
  { "container ended by a signal", "{'status':{'phase':'Running','containerStatuses':["
                                   "{'state':{'terminated':{'exitCode':137,'signal':9}}}]}}",
    "Signal:9", 0 },
  { "container ended with a code", "{'status':{'phase':'Running','containerStatuses':["
                                   "{'state':{'terminated':{'exitCode':3}}}]}}",
    "ExitCode:3", 0 },
  { "image", "{'status':{'phase':'Pending','containerStatuses':["
             "{" WAITING ("ImagePullBackOff") "}]}}",
    "ImagePullBackOff", 0 },
  { "evicted", "{'status':{'phase':'Failed','reason':'Evicted'}}", "Evicted", 0 },
  { "nothing known", "{}", "", 0 },
};

static void
test_status (void)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (pods); i++)
    {
      g_autoptr(JsonNode) pod = parse_quoted (pods[i].pod);
      g_autofree char *status = kube_pod_dup_status (pod);

      g_test_message ("%s", pods[i].name);
      g_assert_cmpstr (status, ==, pods[i].status);
      g_assert_cmpuint (kube_pod_get_restarts (pod), ==, pods[i].restarts);
    }
}

static void
test_ready (void)
{
  static const struct
  {
    const char *pod;
    gboolean    ready;
  } rows[] = {
    { "{'status':{" READY "'phase':'Running'}}", TRUE },
    { "{'status':{'conditions':[{'type':'Ready','status':'False'}]}}", FALSE },
    { "{'status':{'conditions':[{'type':'Initialized','status':'True'}]}}", FALSE },
    { "{}", FALSE },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonNode) pod = parse_quoted (rows[i].pod);

      g_assert_cmpint (kube_pod_is_ready (pod), ==, rows[i].ready);
    }
}

static void
test_containers (void)
{
  g_autoptr(JsonNode) pod = parse_quoted ("{'spec':{'initContainers':[{'name':'first'}],"
                                           "'containers':[{'name':'web'},{'name':'log'}]}}");
  g_autoptr(JsonNode) empty = parse_quoted ("{}");
  g_auto(GStrv) names = kube_pod_dup_containers (pod);
  g_auto(GStrv) none = kube_pod_dup_containers (empty);

  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "web");
  g_assert_cmpstr (names[1], ==, "log");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/pod/status", test_status);
  g_test_add_func ("/kube/pod/ready", test_ready);
  g_test_add_func ("/kube/pod/containers", test_containers);
  return g_test_run ();
}
