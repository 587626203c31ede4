/* test-exec-status.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-error.h"
#include "kube-exec-status.h"

#define FAILURE(message) "{\"status\":\"Failure\",\"message\":\"" message "\",\"reason\":" \
                         "\"InternalError\",\"details\":{\"causes\":[{\"message\":\"" message "\"}]}}"
#define INTERNAL "Internal error occurred: error executing command in container: failed to exec in " \
                 "container: failed to start exec \\\"8d86\\\": OCI runtime exec failed: exec "      \
                 "failed: unable to start container process: "
#define NON_ZERO(causes) "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated " \
                         "with non-zero exit code\",\"reason\":\"NonZeroExitCode\",\"details\":{"    \
                         "\"causes\":[" causes "]}}"

static const struct
{
  const char *name;
  const char *text;
  const char *command;
  int         exit_status;
  int         code; /* of an error, or -1 */
  const char *detail;
} cases[] = {
  { "success", "{\"metadata\":{},\"status\":\"Success\"}", "true", 0, -1, NULL },
  { "one", NON_ZERO ("{\"reason\":\"ExitCode\",\"message\":\"1\"}"), "false", 1, -1, NULL },
  { "killed", NON_ZERO ("{\"reason\":\"ExitCode\",\"message\":\"137\"}"), "sh", 137, -1, NULL },
  { "other causes", NON_ZERO ("{\"reason\":\"X\",\"message\":\"5\"},{\"reason\":\"ExitCode\","
                              "\"message\":\"3\"}"),
    "sh", 3, -1, NULL },
  { "no causes", NON_ZERO (""), "sh", -1, KUBE_ERROR_SERVER, "non-zero exit code" },
  { "odd cause", NON_ZERO ("{\"reason\":\"ExitCode\",\"message\":\"many\"}"), "sh", -1,
    KUBE_ERROR_SERVER, "non-zero exit code" },
  { "not found", FAILURE (INTERNAL "exec: \\\"nosuch\\\": executable file not found in $PATH: "
                                   "unknown"),
    "nosuch", 127, KUBE_ERROR_NOT_FOUND, "There is no program “nosuch” in this container." },
  { "no such path", FAILURE (INTERNAL "exec: \\\"/x/y\\\": stat /x/y: no such file or directory: "
                                      "unknown"),
    "/x/y", 127, KUBE_ERROR_NOT_FOUND, "There is no program “/x/y” in this container." },
  { "no shell", FAILURE (INTERNAL "exec: \\\"/bin/bash\\\": stat /bin/bash: no such file or "
                                  "directory: unknown"),
    "/bin/bash", 127, KUBE_ERROR_NOT_FOUND, "has no shell “/bin/bash”" },
  { "crun", FAILURE ("Internal error occurred: error executing command in container: crun: "
                     "executable file `nosuch` not found in $PATH: No such file or directory"),
    "nosuch", 127, KUBE_ERROR_NOT_FOUND, "There is no program “nosuch” in this container." },
  { "no right", FAILURE (INTERNAL "exec: \\\"/etc/passwd\\\": permission denied: unknown"),
    "/etc/passwd", 126, KUBE_ERROR_BAD_REQUEST, "“/etc/passwd” cannot be run" },
  { "other machine", FAILURE (INTERNAL "exec /arm: exec format error"), "/arm", 126,
    KUBE_ERROR_BAD_REQUEST, "“/arm” cannot be run" },
  { "attached", FAILURE ("container web: no such file or directory while exec"), NULL, -1,
    KUBE_ERROR_SERVER, "no such file" },
  { "container gone", FAILURE ("Internal error occurred: container not running (abc)"), "true", -1,
    KUBE_ERROR_SERVER, "container not running (abc)" },
  { "forbidden", "{\"status\":\"Failure\",\"message\":\"no\",\"reason\":\"Forbidden\",\"code\":403}",
    "true", -1, KUBE_ERROR_FORBIDDEN, "no" },
  { "not JSON", "oops", "true", -1, KUBE_ERROR_PROTOCOL, "“oops”" },
  { "no status", "{\"kind\":\"Pod\"}", "true", -1, KUBE_ERROR_PROTOCOL, "did not say how" },
  { "cut", "{\"metadata\":{},\"status\":\"Succ", "true", -1, KUBE_ERROR_PROTOCOL,
    "did not say how" },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(GError) error = NULL;
  int      exit_status = 99;
  gboolean ended = kube_exec_status_parse (cases[index].text, cases[index].command, &exit_status,
                                           &error);

  g_assert_cmpint (exit_status, ==, cases[index].exit_status);
  g_assert_cmpint (ended, ==, cases[index].code < 0);
  if (ended)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, KUBE_ERROR, cases[index].code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, cases[index].detail));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/exec-status/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }

  return g_test_run ();
}
