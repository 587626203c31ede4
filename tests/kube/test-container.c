/* test-container.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-container.h"
#include "quoted.h"

#define SPEC(policy) "'spec':{'restartPolicy':'" policy "','containers':[{'name':'web'}],"          \
                     "'initContainers':[{'name':'init'},{'name':'side','restartPolicy':'Always'}]," \
                     "'ephemeralContainers':[{'name':'shell'}]},"
#define WEB(phase, state) "'status':{'phase':'" phase "','containerStatuses':[{'name':'web'," \
                          "'restartCount':2," state "}]}"
#define INIT(name, state) "'status':{'phase':'Pending','initContainerStatuses':[{'name':'" name \
                          "'," state "}]}"
#define RUNNING "'state':{'running':{}}"
#define ENDED(code) "'state':{'terminated':{'exitCode':" code "}}"
#define WAITING "'state':{'waiting':{'reason':'CrashLoopBackOff','message':'back-off 10s'}}"
#define CREATING "'state':{'waiting':{'reason':'ContainerCreating'}}"
#define LAST "'lastState':{'terminated':{'exitCode':1}}"

static const struct
{
  const char *name;
  const char *pod;
  const char *container;
  gboolean    found;
  gboolean    has_log;
  gboolean    running;
  gboolean    returns;
  const char *words; /* nullable: part of the detail */
} rows[] = {
  { "running", "{" SPEC ("Always") WEB ("Running", RUNNING) "}", "web", TRUE, TRUE, TRUE, TRUE,
    NULL },
  { "creating", "{" SPEC ("Always") WEB ("Pending", CREATING) "}", "web", TRUE, FALSE, FALSE,
    TRUE, "waiting to start: ContainerCreating" },
  { "no status", "{" SPEC ("Always") "'status':{'phase':'Pending'}}", "web", TRUE, FALSE, FALSE,
    TRUE, "not started yet" },
  { "crash loop", "{" SPEC ("Always") WEB ("Running", WAITING "," LAST) "}", "web", TRUE, TRUE,
    FALSE, TRUE, "CrashLoopBackOff: back-off 10s" },
  { "ended well, always restarted", "{" SPEC ("Always") WEB ("Running", ENDED ("0")) "}", "web",
    TRUE, TRUE, FALSE, TRUE, "exit code 0" },
  { "ended well, restarted on failure", "{" SPEC ("OnFailure") WEB ("Running", ENDED ("0")) "}",
    "web", TRUE, TRUE, FALSE, FALSE, NULL },
  { "failed, restarted on failure", "{" SPEC ("OnFailure") WEB ("Running", ENDED ("3")) "}",
    "web", TRUE, TRUE, FALSE, TRUE, "exit code 3" },
  { "failed, never restarted", "{" SPEC ("Never") WEB ("Running", ENDED ("3")) "}", "web", TRUE,
    TRUE, FALSE, FALSE, NULL },
  { "pod is over", "{" SPEC ("Always") WEB ("Failed", ENDED ("3")) "}", "web", TRUE, TRUE, FALSE,
    FALSE, NULL },
  { "pod was evicted before the start", "{" SPEC ("Always") "'status':{'phase':'Failed'}}", "web",
    TRUE, FALSE, FALSE, FALSE, NULL },
  { "pod is being deleted", "{'metadata':{'deletionTimestamp':'2024-05-01T12:00:00Z'}," SPEC ("Always") WEB ("Running", ENDED ("0")) "}", "web", TRUE, TRUE, FALSE, FALSE, NULL },
  { "init container done", "{" SPEC ("Always") INIT ("init", ENDED ("0")) "}", "init", TRUE, TRUE,
    FALSE, FALSE, NULL },
  { "init container failed", "{" SPEC ("Always") INIT ("init", ENDED ("1")) "}", "init", TRUE,
    TRUE, FALSE, TRUE, NULL },
  { "init container failed for good", "{" SPEC ("Never") INIT ("init", ENDED ("1")) "}", "init",
    TRUE, TRUE, FALSE, FALSE, NULL },
  { "sidecar ended", "{" SPEC ("Never") INIT ("side", ENDED ("0")) "}", "side", TRUE, TRUE, FALSE,
    TRUE, NULL },
  { "ephemeral container", "{" SPEC ("Always") "'status':{'ephemeralContainerStatuses':[{"
                                               "'name':'shell'," ENDED ("0") "}]}}",
    "shell", TRUE, TRUE, FALSE, FALSE, NULL },
  { "unknown", "{" SPEC ("Always") WEB ("Running", RUNNING) "}", "cache", FALSE, FALSE, FALSE,
    FALSE, NULL },
};

static void
test_read (void)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonNode) pod = parse_quoted (rows[i].pod);
      g_auto(KubeContainer) container = { 0 };

      g_test_message ("%s", rows[i].name);
      kube_container_read (&container, pod, rows[i].container);
      g_assert_cmpint (container.found, ==, rows[i].found);
      g_assert_cmpint (container.has_log, ==, rows[i].has_log);
      g_assert_cmpint (container.running, ==, rows[i].running);
      g_assert_cmpint (container.returns, ==, rows[i].returns);
      g_assert_true ((container.detail != NULL) == (rows[i].found && !rows[i].running));
      if (rows[i].words != NULL)
        g_assert_nonnull (strstr (container.detail, rows[i].words));
    }
}

static void
test_restarts (void)
{
  g_autoptr(JsonNode) pod = parse_quoted ("{" SPEC ("Always") WEB ("Running", RUNNING) "}");
  g_auto(KubeContainer) container = { 0 };

  kube_container_read (&container, pod, "web");
  g_assert_cmpint (container.restarts, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/container/read", test_read);
  g_test_add_func ("/kube/container/restarts", test_restarts);
  return g_test_run ();
}
