/* test-access.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-access.h"
#include "kube-error.h"
#include "kube-rules.h"
#include "quoted.h"

static void
test_access (void)
{
  static const struct
  {
    const char *review;
    gboolean    allowed;
    gboolean    denied;
    const char *reason;
    const char *problem;
  } rows[] = {
    { "{'status':{'allowed':true,'reason':'RBAC: allowed by RoleBinding \\u0022a\\u0022'}}", TRUE,
      FALSE, "RBAC: allowed by RoleBinding \"a\"", NULL },
    { "{'status':{'allowed':false}}", FALSE, FALSE, NULL, NULL },
    { "{'status':{'allowed':false,'denied':true,'reason':''}}", FALSE, TRUE, NULL, NULL },
    { "{'status':{'allowed':true,'evaluationError':'role not found'}}", TRUE, FALSE, NULL,
      "role not found" },
    { "{'status':{'allowed':'yes'}}", FALSE, FALSE, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonNode) review = parse_quoted (rows[i].review);
      g_autoptr(GError) error = NULL;
      g_auto(KubeAccess) access = { 0 };

      g_assert_true (kube_access_read (&access, review, &error));
      g_assert_no_error (error);
      g_assert_cmpint (access.allowed, ==, rows[i].allowed);
      g_assert_cmpint (access.denied, ==, rows[i].denied);
      g_assert_cmpstr (access.reason, ==, rows[i].reason);
      g_assert_cmpstr (access.problem, ==, rows[i].problem);
    }
}

static void
test_nothing (void)
{
  static const char *const reviews[] = { "{}", "[]", "{'status':'yes'}", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (reviews); i++)
    {
      g_autoptr(JsonNode) review = parse_quoted (reviews[i]);
      g_autoptr(GError) access_error = NULL;
      g_autoptr(GError) rules_error = NULL;
      g_auto(KubeAccess) access = { 0 };

      g_assert_false (kube_access_read (&access, review, &access_error));
      g_assert_error (access_error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
      g_assert_null (kube_rules_parse (review, &rules_error));
      g_assert_error (rules_error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
    }
}

#define RULES                                                                                 \
  "{'status':{'resourceRules':["                                                              \
  "{'verbs':['get','list'],'apiGroups':[''],'resources':['pods','pods/log']},"                \
  "{'verbs':['*'],'apiGroups':['apps'],'resources':['deployments']},"                         \
  "{'verbs':['get'],'apiGroups':[''],'resources':['secrets'],'resourceNames':['one','two']}," \
  "{'verbs':['patch'],'apiGroups':['*'],'resources':['*/scale']},"                            \
  "{'verbs':['watch'],'apiGroups':['discovery.k8s.io'],'resources':['*']}],"                  \
  "'nonResourceRules':[{'verbs':['get'],'nonResourceURLs':['/healthz','/openapi/*']}],"       \
  "'incomplete':true,'evaluationError':'webhook authorizer does not support user rule resolution'}}"

static void
test_rules (void)
{
  static const struct
  {
    const char         *verb;
    const KubeResource *resource;
    const char         *subresource;
    const char         *name;
    gboolean            allowed;
  } rows[] = {
    { "get", &KUBE_POD, NULL, NULL, TRUE },
    { "get", &KUBE_POD, NULL, "p", TRUE },
    { "list", &KUBE_POD, NULL, NULL, TRUE },
    { "delete", &KUBE_POD, NULL, NULL, FALSE },
    { "get", &KUBE_POD, "log", "p", TRUE },
    { "get", &KUBE_POD, "exec", "p", FALSE },
    { "delete", &KUBE_DEPLOYMENT, NULL, "d", TRUE },
    { "get", &KUBE_DEPLOYMENT, "status", "d", FALSE },
    { "patch", &KUBE_DEPLOYMENT, "scale", "d", TRUE },
    { "patch", &KUBE_REPLICA_SET, "scale", "r", TRUE },
    { "patch", &KUBE_REPLICA_SET, NULL, "r", FALSE },
    { "get", &KUBE_SECRET, NULL, NULL, FALSE },
    { "get", &KUBE_SECRET, NULL, "two", TRUE },
    { "get", &KUBE_SECRET, NULL, "three", FALSE },
    { "list", &KUBE_SECRET, NULL, NULL, FALSE },
    { "watch", &KUBE_ENDPOINT_SLICE, NULL, NULL, TRUE },
    { "watch", &KUBE_ENDPOINT_SLICE, "status", NULL, TRUE },
    { "watch", &KUBE_INGRESS, NULL, NULL, FALSE },
  };
  g_autoptr(JsonNode) review = parse_quoted (RULES);
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeRules) rules = kube_rules_parse (review, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s %s %s", rows[i].verb, rows[i].resource->plural,
                      rows[i].subresource != NULL ? rows[i].subresource : "");
      g_assert_cmpint (kube_rules_allow (rules, rows[i].verb, rows[i].resource,
                                         rows[i].subresource, rows[i].name),
                       ==, rows[i].allowed);
    }

  g_assert_true (kube_rules_allow_path (rules, "get", "/healthz"));
  g_assert_true (kube_rules_allow_path (rules, "get", "/openapi/v3"));
  g_assert_false (kube_rules_allow_path (rules, "get", "/healthz/etcd"));
  g_assert_false (kube_rules_allow_path (rules, "post", "/healthz"));
  g_assert_true (kube_rules_get_incomplete (rules));
  g_assert_cmpstr (kube_rules_get_problem (rules), ==,
                   "webhook authorizer does not support user rule resolution");
}

static void
test_no_rules (void)
{
  g_autoptr(JsonNode) review = parse_quoted ("{'status':{'resourceRules':[{'verbs':'get'},7,"
                                              "{'verbs':[1],'apiGroups':[''],'resources':['pods']}],"
                                              "'incomplete':false}}");
  g_autoptr(KubeRules) rules = kube_rules_parse (review, NULL);

  g_assert_false (kube_rules_allow (rules, "get", &KUBE_POD, NULL, NULL));
  g_assert_false (kube_rules_allow_path (rules, "get", "/"));
  g_assert_false (kube_rules_get_incomplete (rules));
  g_assert_null (kube_rules_get_problem (rules));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/access/access", test_access);
  g_test_add_func ("/kube/access/nothing", test_nothing);
  g_test_add_func ("/kube/access/rules", test_rules);
  g_test_add_func ("/kube/access/no-rules", test_no_rules);

  return g_test_run ();
}
