/* test-metrics.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "await.h"
#include "fake-server.h"
#include "kube-error.h"
#include "kube-metrics.h"
#include "kube-summary.h"
#include "quoted.h"

static void
test_pods (void)
{
  g_autoptr(JsonNode) answer = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) error = NULL;
  KubeMetrics        *metrics;
  KubeContainerUsage *container;

  answer = parse_quoted ("{'kind':'PodMetricsList','items':[{'metadata':{'name':'p','namespace':'n'},"
                         "'timestamp':'1994-11-06T08:49:37Z','window':'10.324s','containers':["
                         "{'name':'a','usage':{'cpu':'1820019n','memory':'13912Ki'}},"
                         "{'name':'b','usage':{'cpu':'1500m','memory':'1G'}},"
                         "{'name':'c','usage':{'cpu':'much','memory':'-1'}},{'name':'d'}]},"
                         "{'metadata':{}},{'metadata':{'name':'q','namespace':'n'}}]}");
  list = kube_metrics_parse (answer, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 2);

  metrics = g_ptr_array_index (list, 0);
  g_assert_cmpstr (metrics->namespace_, ==, "n");
  g_assert_cmpstr (metrics->name, ==, "p");
  g_assert_cmpint (metrics->time, ==, G_GINT64_CONSTANT (784111777) * G_USEC_PER_SEC);
  g_assert_cmpint (metrics->window, ==, G_GINT64_CONSTANT (10324000000));
  g_assert_cmpint (metrics->cpu, ==, 1501820019);
  g_assert_cmpint (metrics->memory, ==, 13912 * 1024 + 1000000000);
  g_assert_cmpuint (metrics->containers->len, ==, 4);
  container = g_ptr_array_index (metrics->containers, 0);
  g_assert_cmpstr (container->name, ==, "a");
  g_assert_cmpint (container->cpu, ==, 1820019);
  g_assert_cmpint (container->memory, ==, 13912 * 1024);

  metrics = g_ptr_array_index (list, 1);
  g_assert_cmpint (metrics->time, ==, 0);
  g_assert_cmpint (metrics->window, ==, 0);
  g_assert_cmpint (metrics->cpu, ==, 0);
  g_assert_cmpuint (metrics->containers->len, ==, 0);
}

static void
test_node (void)
{
  g_autoptr(JsonNode) answer = NULL;
  g_autoptr(JsonNode) other = parse_quoted ("{'kind':'Table'}");
  g_autoptr(GPtrArray) list = NULL;
  g_autoptr(GError) error = NULL;
  KubeMetrics *metrics;

  answer = parse_quoted ("{'kind':'NodeMetrics','metadata':{'name':'test-node'},'timestamp':"
                         "'1994-11-06T08:49:37Z','window':'10.026s','usage':{'cpu':'411064201n',"
                         "'memory':'2955556Ki'}}");
  list = kube_metrics_parse (answer, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 1);
  metrics = g_ptr_array_index (list, 0);
  g_assert_null (metrics->namespace_);
  g_assert_cmpint (metrics->cpu, ==, 411064201);
  g_assert_cmpint (metrics->memory, ==, G_GINT64_CONSTANT (2955556) * 1024);

  g_assert_null (kube_metrics_parse (other, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

static void
test_missing (void)
{
  static const struct
  {
    guint       status;
    const char *type;
    const char *body;
    KubeError   code;
    const char *message;
  } rows[] = {
    { 404, "text/plain", "404 page not found", KUBE_ERROR_NOT_FOUND, "metrics-server is not installed" },
    { 404, "application/json",
      "{\"kind\":\"Status\",\"message\":\"the server could not find the requested resource\","
      "\"reason\":\"NotFound\",\"details\":{},\"code\":404}",
      KUBE_ERROR_NOT_FOUND, "metrics-server is not installed" },
    { 404, "application/json",
      "{\"kind\":\"Status\",\"message\":\"podmetrics.metrics.k8s.io \\\"n/p\\\" not found\","
      "\"reason\":\"NotFound\",\"details\":{\"name\":\"n/p\",\"kind\":\"podmetrics\"},\"code\":404}",
      KUBE_ERROR_NOT_FOUND, "There are no metrics of “n/p” yet." },
    { 503, "application/json",
      "{\"kind\":\"Status\",\"message\":\"the server is currently unable to handle the request\","
      "\"reason\":\"ServiceUnavailable\",\"code\":503}",
      KUBE_ERROR_UNAVAILABLE,
      "metrics-server does not answer: the server is currently unable to handle the request. Look" },
    { 503, "text/html", "<h1>no</h1>", KUBE_ERROR_UNAVAILABLE, "does not answer. Look" },
    { 403, "application/json",
      "{\"kind\":\"Status\",\"message\":\"pods.metrics.k8s.io is forbidden: User \\\"u\\\" cannot list "
      "resource \\\"pods\\\" in API group \\\"metrics.k8s.io\\\" in the namespace \\\"n\\\"\",\"reason\":"
      "\"Forbidden\",\"code\":403}",
      KUBE_ERROR_FORBIDDEN, "the right to list pods" },
  };
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect (server);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      kube_metrics_list_async (client, &KUBE_POD_METRICS, "n", "a=b", NULL, await_cb, &result);
      fake_exchange_reply (fake_server_expect (server, "/apis/metrics.k8s.io/v1beta1/namespaces/n/"
                                                       "pods?labelSelector=a%3Db"),
                           rows[i].status, rows[i].type, rows[i].body);
      g_assert_null (kube_metrics_list_finish (await (&result), &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, KUBE_ERROR, (int) rows[i].code);
      g_assert_nonnull (strstr (error->message, rows[i].message));
      g_assert_cmpuint (kube_error_get_http_status (error), ==, rows[i].status);
    }
}

#define SUMMARY                                                                                        \
  "{'node':{'nodeName':'k','cpu':{'usageNanoCores':610004388},'memory':{'availableBytes':22331904000," \
  "'workingSetBytes':2944598016},'network':{'rxBytes':1214579593,'txBytes':3579682},"                  \
  "'fs':{'usedBytes':5,'capacityBytes':270553174016}},"                                                \
  "'pods':[{'podRef':{'name':'p','namespace':'n','uid':'u'},'containers':[{'name':'c','cpu':"          \
  "{'usageNanoCores':7},'memory':{'workingSetBytes':8},'rootfs':{'usedBytes':9}}],'cpu':"              \
  "{'usageNanoCores':10},'volume':[{'name':'data','pvcRef':{'name':'claim','namespace':'n'},"          \
  "'usedBytes':11,'capacityBytes':12},{'name':'token'}],'ephemeral-storage':{'usedBytes':13}},{}]}"

static void
test_summary (void)
{
  g_autoptr(JsonNode) answer = parse_quoted (SUMMARY);
  g_autoptr(KubeSummary) summary = NULL;
  g_autoptr(GError) error = NULL;
  KubePodStats       *pod;
  KubeContainerStats *container;
  KubeVolumeStats    *volume;

  summary = kube_summary_parse (answer, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (summary->node, ==, "k");
  g_assert_cmpint (summary->stats.cpu, ==, 610004388);
  g_assert_cmpint (summary->stats.memory, ==, 2944598016);
  g_assert_cmpint (summary->stats.memory_available, ==, 22331904000);
  g_assert_cmpint (summary->stats.received, ==, 1214579593);
  g_assert_cmpint (summary->stats.sent, ==, 3579682);
  g_assert_cmpint (summary->stats.storage_used, ==, 5);
  g_assert_cmpint (summary->stats.storage_capacity, ==, 270553174016);
  g_assert_cmpuint (summary->pods->len, ==, 2);

  pod = g_ptr_array_index (summary->pods, 0);
  g_assert_cmpstr (pod->namespace_, ==, "n");
  g_assert_cmpstr (pod->name, ==, "p");
  g_assert_cmpstr (pod->uid, ==, "u");
  g_assert_cmpint (pod->stats.cpu, ==, 10);
  g_assert_cmpint (pod->stats.memory, ==, -1);
  g_assert_cmpint (pod->stats.storage_used, ==, 13);
  container = g_ptr_array_index (pod->containers, 0);
  g_assert_cmpstr (container->name, ==, "c");
  g_assert_cmpint (container->stats.memory, ==, 8);
  g_assert_cmpint (container->stats.storage_used, ==, 9);
  volume = g_ptr_array_index (pod->volumes, 0);
  g_assert_cmpstr (volume->name, ==, "data");
  g_assert_cmpstr (volume->claim, ==, "claim");
  g_assert_cmpint (volume->used, ==, 11);
  g_assert_cmpint (volume->capacity, ==, 12);
  volume = g_ptr_array_index (pod->volumes, 1);
  g_assert_null (volume->claim);
  g_assert_cmpint (volume->used, ==, -1);
}

static void
test_summary_of_nothing (void)
{
  static const char *const answers[] = { "{}", "'no'", "{'node':{}}", "{'node':[]}" };
  g_autoptr(KubeRequest) request = kube_summary_new_request ("a/b");

  g_assert_cmpstr (kube_request_get_path (request), ==, "/api/v1/nodes/a%2Fb/proxy/stats/summary");
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr(JsonNode) answer = parse_quoted (answers[i]);
      g_autoptr(GError) error = NULL;

      g_assert_null (kube_summary_parse (answer, &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/metrics/pods", test_pods);
  g_test_add_func ("/kube/metrics/node", test_node);
  g_test_add_func ("/kube/metrics/missing", test_missing);
  g_test_add_func ("/kube/metrics/summary", test_summary);
  g_test_add_func ("/kube/metrics/summary-of-nothing", test_summary_of_nothing);

  return g_test_run ();
}
