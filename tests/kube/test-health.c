/* test-health.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-server.h"
#include "kube-error.h"
#include "kube-health.h"
#include "kube-version.h"

#include "await.h"
#include "quoted.h"

#define WELL "[+]ping ok\n[+]log ok\n[+]poststarthook/rbac/bootstrap-roles ok\nreadyz check passed\n"
#define ILL                                                                                 \
  "[+]ping ok\n[-]etcd failed: reason withheld\n[+]log excluded: ok\n"                      \
  "warn: some health checks cannot be excluded: no matches for \"x\"\n[-]shutdown failed\n" \
  "readyz check failed\n"

static void
test_checks (void)
{
  static const struct
  {
    const char     *name;
    KubeHealthState state;
    const char     *detail;
  } checks[] = {
    { "ping", KUBE_HEALTH_OK, NULL },
    { "etcd", KUBE_HEALTH_FAILED, "reason withheld" },
    { "log", KUBE_HEALTH_EXCLUDED, NULL },
    { "shutdown", KUBE_HEALTH_FAILED, NULL },
  };
  g_autoptr(KubeHealth) ill = kube_health_parse (ILL);
  g_autoptr(KubeHealth) well = kube_health_parse (WELL);

  g_assert_cmpuint (kube_health_get_n_checks (ill), ==, G_N_ELEMENTS (checks));
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      const KubeHealthCheck *check = kube_health_get_check (ill, i);

      g_assert_cmpstr (check->name, ==, checks[i].name);
      g_assert_cmpint (check->state, ==, checks[i].state);
      g_assert_cmpstr (check->detail, ==, checks[i].detail);
    }
  g_assert_false (kube_health_get_passed (ill));
  g_assert_true (kube_health_find_check (ill, "etcd") == kube_health_get_check (ill, 1));
  g_assert_null (kube_health_find_check (ill, "etc"));

  g_assert_true (kube_health_get_passed (well));
  g_assert_cmpuint (kube_health_get_n_checks (well), ==, 3);
  g_assert_nonnull (kube_health_find_check (well, "poststarthook/rbac/bootstrap-roles"));
}

static void
test_no_checks (void)
{
  static const char *const texts[] = { "", "ok", "[+]", "[+] ok", "[+]x", "<html>[+]a ok</html>" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (kube_health_parse (texts[i]));
}

static KubeHealth *
ask (guint       status,
     const char *type,
     const char *body,
     GError    **error)
{
  g_autoptr(FakeServer) server = fake_server_new ();
  g_autoptr(KubeClient) client = fake_server_connect (server);
  g_autoptr(GAsyncResult) result = NULL;
  FakeExchange *exchange;

  kube_health_ask_async (client, "readyz", NULL, await_cb, &result);
  exchange = fake_server_expect (server, "/readyz?verbose");
  fake_exchange_reply (exchange, status, type, body);

  return kube_health_ask_finish (await (&result), error);
}

static void
test_asking (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) forbidden = NULL;
  g_autoptr(GError) strange = NULL;
  g_autoptr(KubeHealth) well = ask (200, "text/plain", WELL, &error);
  g_autoptr(KubeHealth) ill = ask (500, "text/plain", ILL, &error);

  g_assert_no_error (error);
  g_assert_true (kube_health_get_passed (well));
  g_assert_false (kube_health_get_passed (ill));
  g_assert_cmpuint (kube_health_get_n_checks (ill), ==, 4);

  g_assert_null (ask (403, "application/json",
                      "{\"kind\":\"Status\",\"message\":\"no\",\"reason\":\"Forbidden\",\"code\":403}",
                      &forbidden));
  g_assert_error (forbidden, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);
  g_assert_null (ask (200, "text/plain", "ok", &strange));
  g_assert_error (strange, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
}

static void
test_version (void)
{
  static const struct
  {
    const char *answer;
    guint       major;
    guint       minor;
    const char *text;
  } rows[] = {
    { "{'major':'1','minor':'36','gitVersion':'v1.36.3','platform':'linux/amd64'}", 1, 36,
      "v1.36.3" },
    { "{'major':'1','minor':'31+','gitVersion':'v1.31.2-gke.100'}", 1, 31, "v1.31.2-gke.100" },
    { "{'major':'','minor':'','gitVersion':'v1.28.1+k3s1'}", 1, 28, "v1.28.1+k3s1" },
    { "{'gitVersion':'1.27'}", 1, 27, "1.27" },
  };
  static const char *const unusable[] = { "{}", "'v1.30'", "{'gitVersion':'v1'}",
                                          "{'major':1,'minor':30}", "{'gitVersion':'vx.y'}" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonNode) answer = parse_quoted (rows[i].answer);
      g_autoptr(GError) error = NULL;
      g_auto(KubeVersion) version = { 0 };

      g_assert_true (kube_version_read (&version, answer, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (version.major, ==, rows[i].major);
      g_assert_cmpuint (version.minor, ==, rows[i].minor);
      g_assert_cmpstr (version.text, ==, rows[i].text);
      g_assert_true (kube_version_is_at_least (&version, 1, rows[i].minor));
      g_assert_false (kube_version_is_at_least (&version, 1, rows[i].minor + 1));
      g_assert_false (kube_version_is_at_least (&version, 2, 0));
      g_assert_true (kube_version_is_at_least (&version, 0, 99));
    }
  for (guint i = 0; i < G_N_ELEMENTS (unusable); i++)
    {
      g_autoptr(JsonNode) answer = parse_quoted (unusable[i]);
      g_autoptr(GError) error = NULL;
      g_auto(KubeVersion) version = { 0 };

      g_assert_false (kube_version_read (&version, answer, &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/health/checks", test_checks);
  g_test_add_func ("/kube/health/no-checks", test_no_checks);
  g_test_add_func ("/kube/health/asking", test_asking);
  g_test_add_func ("/kube/health/version", test_version);

  return g_test_run ();
}
