/* test-pod-choice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"
#include "kube-pod-choice.h"
#include "quoted.h"

static void
test_selector (void)
{
  static const struct
  {
    const char *owner;
    const char *selector; /* NULL: it has none */
  } rows[] = {
    { "{'kind':'Service','spec':{'selector':{'app':'web','tier':'front'}}}", "app=web,tier=front" },
    { "{'kind':'ReplicationController','spec':{'selector':{'app':'web'}}}", "app=web" },
    { "{'kind':'Deployment','spec':{'selector':{'matchLabels':{'app':'web'}}}}", "app=web" },
    { "{'kind':'Deployment','spec':{'selector':{'matchLabels':{'a':'b'},'matchExpressions':["
      "{'key':'c','operator':'In','values':['d','e']},{'key':'f','operator':'NotIn','values':['g']},"
      "{'key':'h','operator':'Exists'},{'key':'i','operator':'DoesNotExist'}]}}}",
      "a=b,c in (d,e),f notin (g),h,!i" },
    { "{'kind':'Job','spec':{'selector':{'matchExpressions':[{'key':'h','operator':'Exists'}]}}}", "h" },
    { "{'kind':'Service','metadata':{'name':'outside'},'spec':{'type':'ExternalName'}}", NULL },
    { "{'kind':'ConfigMap','metadata':{'name':'none'}}", NULL },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonNode) owner = parse_quoted (rows[i].owner);
      g_autoptr(GError) error = NULL;
      g_autofree char *selector = kube_pod_choice_dup_selector (owner, &error);

      g_test_message ("%s", rows[i].owner);
      g_assert_cmpstr (selector, ==, rows[i].selector);
      if (rows[i].selector == NULL)
        g_assert_error (error, KUBE_ERROR, KUBE_ERROR_INVALID);
      else
        g_assert_no_error (error);
    }
}

#define NODE "'spec':{'nodeName':'n'}"
#define CREATED(day) "'metadata':{'creationTimestamp':'2024-05-" day "T12:00:00Z'}"
#define READY(day) "{'type':'Ready','status':'True','lastTransitionTime':'2024-05-" day "T12:00:00Z'}"
#define STATUS(phase, condition, restarts) "'status':{'phase':'" phase "','conditions':[" condition "]," \
                                           "'containerStatuses':[{'restartCount':0},{'restartCount':" restarts "}]}"

/* Each comes before those behind it, one rule of ByLogging after the other. */
static void
test_order (void)
{
  static const char *const pods[] = {
    "{" NODE "," STATUS ("Running", READY ("01"), "0") "," CREATED ("09") "}",
    "{" NODE "," STATUS ("Running", READY ("02"), "5") "," CREATED ("01") "}",
    "{" NODE "," STATUS ("Running", READY ("02"), "3") "," CREATED ("01") "}",
    "{" NODE "," STATUS ("Running", READY ("02"), "3") "," CREATED ("02") "}",
    "{" NODE "," STATUS ("Running", READY ("02"), "3") "}",
    "{" NODE "," STATUS ("Running", "{'type':'Ready','status':'True'}", "9") "," CREATED ("01") "}",
    "{" NODE "," STATUS ("Running", "{'type':'Ready','status':'False'}", "2") "," CREATED ("01") "}",
    "{" NODE "," STATUS ("Running", "", "1") "," CREATED ("01") "}",
    "{" NODE "," STATUS ("Unknown", "", "1") "," CREATED ("01") "}",
    "{" NODE "," STATUS ("Pending", "", "1") "," CREATED ("01") "}",
    "{" STATUS ("Running", READY ("01"), "9") "," CREATED ("01") "}",
  };
  guint i, j;

  for (i = 0; i < G_N_ELEMENTS (pods); i++)
    for (j = 0; j < G_N_ELEMENTS (pods); j++)
      {
        g_autoptr(JsonNode) a = parse_quoted (pods[i]);
        g_autoptr(JsonNode) b = parse_quoted (pods[j]);
        int order = kube_pod_choice_compare (a, b);

        g_test_message ("%u and %u", i, j);
        g_assert_cmpint ((order > 0) - (order < 0), ==, i < j ? -1 : i > j);
      }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/pod-choice/selector", test_selector);
  g_test_add_func ("/kube/pod-choice/order", test_order);
  return g_test_run ();
}
