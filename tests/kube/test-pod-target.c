/* test-pod-target.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"
#include "kube-pod-target.h"
#include "quoted.h"

#define PORTS "'containers':[{'name':'log'},{'name':'web','ports':[{'name':'http'," \
              "'containerPort':3000},{'name':'metrics','containerPort':9090}]}]"
#define POD(name, phase, ready, more) "{'kind':'Pod','metadata':{'name':'" name "'" more "},'spec':{" PORTS \
                                      "},'status':{'phase':'" phase "','conditions':[{'type':'Ready','status':'" ready "'}]}}"
#define LIST(pods) "{'kind':'PodList','items':[" pods "]}"
#define DYING ",'deletionTimestamp':'2026-05-01T12:00:00Z'"
#define READY POD ("b", "Running", "True", "")
#define SERVICE(more) "{'kind':'Service','metadata':{'name':'shop'},'spec':{" more "'ports':["      \
                      "{'name':'web','port':80,'targetPort':'http'},{'port':81,'targetPort':8080}," \
                      "{'port':82},{'name':'odd','port':83,'targetPort':'nothing'}]}}"
#define DEPLOYMENT "{'kind':'Deployment','metadata':{'name':'shop'}}"

/* The rules of kubectl port-forward (util.LookupContainerPortNumberByServicePort). */
static const struct
{
  const char *name;
  const char *object;
  const char *pods; /* (nullable) */
  const char *port;
  const char *pod; /* (nullable) that is chosen */
  guint16     number;
} cases[] = {
  { "pod", READY, NULL, "3000", "b", 3000 },
  { "pod/unlisted-number", READY, NULL, "5432", "b", 5432 },
  { "pod/name", READY, NULL, "metrics", "b", 9090 },
  { "pod/unknown-name", READY, NULL, "https", "b", 0 },
  { "pod/zero", READY, NULL, "0", "b", 0 },
  { "pod/too-large", READY, NULL, "65536", "b", 0 },
  { "deployment", DEPLOYMENT, LIST (READY), "http", "b", 3000 },
  { "deployment/ready-first", DEPLOYMENT, LIST (POD ("a", "Running", "False", "") "," READY), "80", "b", 80 },
  { "deployment/none-ready", DEPLOYMENT, LIST (POD ("a", "Running", "False", "")), "80", "a", 80 },
  { "deployment/leaving", DEPLOYMENT, LIST (POD ("a", "Running", "True", DYING) "," READY), "80", "b", 80 },
  { "deployment/pending", DEPLOYMENT, LIST (POD ("a", "Pending", "False", "")), "80", NULL, 0 },
  { "deployment/no-pods", DEPLOYMENT, LIST (""), "80", NULL, 0 },
  { "service/name", SERVICE (""), LIST (READY), "web", "b", 3000 },
  { "service/named-target", SERVICE (""), LIST (READY), "80", "b", 3000 },
  { "service/number", SERVICE (""), LIST (READY), "81", "b", 8080 },
  { "service/no-target", SERVICE (""), LIST (READY), "82", "b", 82 },
  { "service/unknown-target", SERVICE (""), LIST (READY), "odd", "b", 0 },
  { "service/unknown-port", SERVICE (""), LIST (READY), "3000", "b", 0 },
  { "service/unknown-name", SERVICE (""), LIST (READY), "http", "b", 0 },
  { "service/headless", SERVICE ("'clusterIP':'None',"), LIST (READY), "81", "b", 81 },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(JsonNode) object = parse_quoted (cases[index].object);
  g_autoptr(JsonNode) pods = NULL;
  g_autoptr(KubePodTarget) target = NULL;
  g_autoptr(GError) error = NULL;

  if (cases[index].pods != NULL)
    pods = parse_quoted (cases[index].pods);
  target = kube_pod_target_new (object, pods, &error);
  if (target != NULL)
    {
      g_assert_cmpstr (kube_pod_target_get_pod (target), ==, cases[index].pod);
      g_assert_cmpuint (kube_pod_target_find_port (target, cases[index].port, &error), ==,
                        cases[index].number);
    }
  else
    g_assert_null (cases[index].pod);
  if (cases[index].number != 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/pod-target/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }

  return g_test_run ();
}
