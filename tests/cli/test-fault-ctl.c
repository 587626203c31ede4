/* test-fault-ctl.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* hackystackctl, given as the argument, before a server that fails: either it shows everything, or
 * it says why not in one message, and ends with a status that tells. */

#include <string.h>

#include "fault-fixture.h"

#define LIST "GET *limit=*"
#define NEXT_PAGE "GET *&continue=*"
#define KINDS "GET /apis"
#define LOG "GET */log?*"
#define AT(action, place, nth, times) action, place, nth, 0, times, NULL, 0
#define ANSWER(text) FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 0, text, 0

static const char *const get_pods[] = { "get", "pods", "-n", "shop", NULL };
static const char *const get_json[] = { "get", "pods", "-n", "shop", "-o", "json", NULL };
static const char *const get_logs[] = { "logs", "-n", "shop", "web", NULL };

/* @text is in the output of a success, otherwise in the message. */
static const struct
{
  const char        *name;
  const char *const *arguments;
  Fault              fault;
  int                status;
  const char        *text;
} cases[] = {
  { "get/whole", get_pods, { LIST, AT (FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 1) }, 0, "\nc " },
  { "get/cut once", get_pods, { LIST, AT (FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 1) }, 0, "\nc " },
  { "get/cut", get_pods, { LIST, AT (FAULT_CUT, FAULT_IN_UTF8, 1, 0) }, 1, "was cut" },
  { "get/reset in a number", get_json, { LIST, AT (FAULT_RESET, FAULT_IN_NUMBER, 2, 0) }, 1, "was cut" },
  { "get/closed between chunks", get_json, { NEXT_PAGE, AT (FAULT_CLOSE, FAULT_BETWEEN_CHUNKS, 0, 0) }, 1, "ends in the middle" },
  { "get/poison", get_pods, { NEXT_PAGE, AT (FAULT_POISON, FAULT_IN_STRING, 2, 0) }, 1, "broke" },
  { "get/page", get_pods, { LIST, ANSWER ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Hotel network</h1>") }, 1, "cannot be read" },
  { "get/no list", get_pods, { LIST, ANSWER ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}") }, 1, "the answer is none" },
  { "get/always gone", get_pods, { NEXT_PAGE, ANSWER ("HTTP/1.1 410 Gone\r\nContent-Type: application/json\r\n\r\n{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old\"}") }, 1, "too old" },
  { "get/kinds cut once", get_pods, { KINDS, AT (FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 1) }, 0, "\nc " },
  { "get/kinds closed", get_pods, { KINDS, AT (FAULT_CLOSE, FAULT_IN_STRING, 50, 0) }, 1, "was cut" },
  { "logs/cut", get_logs, { LOG, AT (FAULT_CUT, FAULT_IN_LINE, 120, 2) }, 0, "line 6" },
};

static const char *program;

static void
check_message (const char *message)
{
  g_autofree char *text = g_strstrip (g_strdup (message));

  /* One message: a line without what only programs say. */
  g_assert_null (strchr (text, '\n'));
  g_assert_true (g_str_has_prefix (text, "error: "));
  fault_assert_for_people (text + strlen ("error: "));
}

static void
test_case (gconstpointer data)
{
  guint        index = GPOINTER_TO_UINT (data);
  FaultFixture fixture = { NULL };
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *kubeconfig = NULL;
  g_autofree char *output = NULL;
  g_autofree char *message = NULL;
  int              status;

  fault_fixture_set_up (&fixture, TRUE, g_test_get_path ());
  fault_cluster_put (fixture.cluster, "a");
  fault_cluster_put (fixture.cluster, "b");
  fault_cluster_put (fixture.cluster, "c");
  fault_cluster_log (fixture.cluster, 7);
  fault_proxy_add (fixture.proxy, &cases[index].fault);
  kubeconfig = fault_certificates_get_path (fixture.certificates, "config");

  g_ptr_array_add (argv, (gpointer) program);
  for (guint i = 0; cases[index].arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) cases[index].arguments[i]);
  g_ptr_array_add (argv, g_strconcat ("--kubeconfig=", kubeconfig, NULL));
  g_ptr_array_add (argv, NULL);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_PIPE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &message, &error);
  g_assert_no_error (error);
  g_free (g_ptr_array_index (argv, argv->len - 2));

  status = g_subprocess_get_exit_status (process);
  g_test_message ("%d: %s%s", status, output, message);
  g_assert_cmpint (status, ==, cases[index].status);
  if (status == 0)
    {
      g_assert_nonnull (strstr (output, cases[index].text));
      /* What is made anew is told where somebody may be waiting. */
      if (cases[index].arguments != get_logs)
        g_assert_cmpstr (message, ==, "");
    }
  else
    {
      /* Rows of pages that came are there, those of the one that failed are not. */
      g_assert_null (strstr (output, "\nc "));
      g_assert_nonnull (strstr (message, cases[index].text));
      check_message (message);
    }
  fault_fixture_tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  program = argv[1];
  if (!fault_fixture_begin ())
    {
      g_print ("1..0 # SKIP There is no openssl to make certificates with.\n");
      return 0;
    }

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/ctl/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  status = g_test_run ();
  fault_fixture_end ();

  return status;
}
