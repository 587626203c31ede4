/* stack-database-job.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-database-job-private.h"

#include "base-json.h"

/* The Job that looks for the database, and what its pod says. It is given the host and the port
 * and nothing else: no user, no password. It asks what a client of PostgreSQL asks first, whether
 * the connection may be encrypted (SSLRequest), and reads the answer: S, N or an error. Nobody
 * signs in. A Job, because the cluster itself removes a finished one after ttlSecondsAfterFinished,
 * even when this program has ended meanwhile. */

enum
{
  EXIT_ANSWERS = 0,
  EXIT_NAME = 101,
  EXIT_REFUSED = 102,
  EXIT_TIMED_OUT = 103,
  EXIT_OTHER = 104,
  EXIT_UNREACHABLE = 105,
  EXIT_NO_PROGRAM = 107,
};

static const char node_script[] =
    "const s = require('net').connect({ host: process.env.CHECK_HOST,"
    " port: Number(process.env.CHECK_PORT) });"
    "const codes = { ENOTFOUND: 101, EAI_AGAIN: 101, EAI_NODATA: 101, ECONNREFUSED: 102,"
    " ETIMEDOUT: 103, ECONNRESET: 104, EPIPE: 104, EHOSTUNREACH: 105, ENETUNREACH: 105 };"
    "let connected = false;"
    "s.setTimeout(10000);"
    "s.on('connect', () => { connected = true; s.write(Buffer.from([0,0,0,8,4,210,22,47])); });"
    "s.on('data', d => process.exit((d.length == 1 && (d[0] == 83 || d[0] == 78)) || d[0] == 69"
    " ? 0 : 104));"
    "s.on('timeout', () => process.exit(connected ? 104 : 103));"
    "s.on('error', e => process.exit(codes[e.code] || 105));"
    "s.on('close', () => process.exit(104));";

/* Node.js is in the app's image; nc is in many others. */
static const char shell_script[] =
    "if command -v node >/dev/null 2>&1; then exec node -e \"$CHECK_PROGRAM\"; fi\n"
    "command -v nc >/dev/null 2>&1 || exit 107\n"
    "said=$(printf '\\000\\000\\000\\010\\004\\322\\026\\057' |"
    " timeout 12 nc -w 10 \"$CHECK_HOST\" \"$CHECK_PORT\" 2>&1)\n"
    "status=$?\n"
    "case \"$said\" in\n"
    "S|N|E*) exit 0 ;;\n"
    "*'bad address'*|*'not known'*|*resol*) exit 101 ;;\n"
    "*refused*) exit 102 ;;\n"
    "*'timed out'*) exit 103 ;;\n"
    "*nreachable*|*'No route'*) exit 105 ;;\n"
    "esac\n"
    "[ $status = 0 ] || [ -n \"$said\" ] || exit 103\n"
    "exit 104\n";

/* With the restricted profile of PodSecurity, and small enough for a narrow quota. */
static const char template[] =
    "{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"metadata\":{\"labels\":{"
    "\"app.kubernetes.io/managed-by\":\"hackystack-desktop\"}},"
    "\"spec\":{\"backoffLimit\":0,\"activeDeadlineSeconds\":120,\"ttlSecondsAfterFinished\":60,"
    "\"template\":{\"metadata\":{\"labels\":{"
    "\"app.kubernetes.io/managed-by\":\"hackystack-desktop\"}},"
    "\"spec\":{\"restartPolicy\":\"Never\",\"automountServiceAccountToken\":false,"
    "\"enableServiceLinks\":false,\"terminationGracePeriodSeconds\":1,"
    "\"securityContext\":{\"runAsNonRoot\":true,\"runAsUser\":1001,\"runAsGroup\":1001,"
    "\"seccompProfile\":{\"type\":\"RuntimeDefault\"}},"
    "\"containers\":[{\"name\":\"check\",\"imagePullPolicy\":\"IfNotPresent\","
    "\"securityContext\":{\"allowPrivilegeEscalation\":false,\"readOnlyRootFilesystem\":true,"
    "\"capabilities\":{\"drop\":[\"ALL\"]}},"
    "\"resources\":{\"requests\":{\"cpu\":\"10m\",\"memory\":\"64Mi\"},"
    "\"limits\":{\"cpu\":\"500m\",\"memory\":\"128Mi\"}}}]}}}}";

static void
add_variable (JsonArray  *variables,
              const char *name,
              const char *value)
{
  JsonObject *variable = json_object_new ();

  json_object_set_string_member (variable, "name", name);
  json_object_set_string_member (variable, "value", value);
  json_array_add_object_element (variables, variable);
}

/*
 * stack_database_job_new:
 * @name: its name
 * @ns: its namespace
 * @image: an image with a shell, and Node.js or nc
 * @host: where to look
 * @port: where to look
 *
 * Returns: (transfer full): a Job
 */
JsonNode *
stack_database_job_new (const char *name,
                        const char *ns,
                        const char *image,
                        const char *host,
                        guint16     port)
{
  JsonNode        *job = base_json_parse (template, -1, NULL);
  JsonObject      *metadata = base_json_get_object (job, "metadata", NULL);
  JsonArray       *containers;
  JsonObject      *container;
  JsonArray       *command = json_array_new ();
  JsonArray       *variables = json_array_new ();
  g_autofree char *number = g_strdup_printf ("%u", port);

  json_object_set_string_member (metadata, "name", name);
  json_object_set_string_member (metadata, "namespace", ns);
  json_object_set_string_member (base_json_get_object (job, "spec", "template", "metadata",
                                                       "labels", NULL),
                                 STACK_DATABASE_JOB_LABEL, name);

  containers = base_json_get_array (job, "spec", "template", "spec", "containers", NULL);
  container = json_array_get_object_element (containers, 0);
  json_object_set_string_member (container, "image", image);
  json_array_add_string_element (command, "sh");
  json_array_add_string_element (command, "-c");
  json_array_add_string_element (command, shell_script);
  json_object_set_array_member (container, "command", command);
  add_variable (variables, "CHECK_HOST", host);
  add_variable (variables, "CHECK_PORT", number);
  add_variable (variables, "CHECK_PROGRAM", node_script);
  json_object_set_array_member (container, "env", variables);

  return job;
}

/*
 * stack_database_job_dup_pod:
 * @job: a Job of stack_database_job_new()
 *
 * A cluster refuses pods when their Job makes them, where nobody hears why. This pod is for asking
 * beforehand.
 *
 * Returns: (transfer full): a pod like the one that the Job makes
 */
JsonNode *
stack_database_job_dup_pod (JsonNode *job)
{
  JsonNode   *pod = base_json_copy (base_json_get (job, "spec", "template", NULL));
  JsonObject *object = json_node_get_object (pod);
  JsonObject *metadata = base_json_get_object (pod, "metadata", NULL);

  json_object_set_string_member (object, "apiVersion", "v1");
  json_object_set_string_member (object, "kind", "Pod");
  json_object_set_string_member (metadata, "name",
                                 base_json_get_string (job, "metadata", "name", NULL));
  json_object_set_string_member (metadata, "namespace",
                                 base_json_get_string (job, "metadata", "namespace", NULL));

  return pod;
}

static gboolean
read_exit (gint64              status,
           StackDatabaseState *state,
           char              **words)
{
  static const struct
  {
    gint64             status;
    StackDatabaseState state;
  } states[] = {
    { EXIT_ANSWERS, STACK_DATABASE_ANSWERS },
    { EXIT_NAME, STACK_DATABASE_NAME },
    { EXIT_REFUSED, STACK_DATABASE_REFUSED },
    { EXIT_TIMED_OUT, STACK_DATABASE_TIMED_OUT },
    { EXIT_OTHER, STACK_DATABASE_OTHER },
    { EXIT_UNREACHABLE, STACK_DATABASE_UNREACHABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      if (states[i].status == status)
        {
          *state = states[i].state;
          return TRUE;
        }
    }

  *state = STACK_DATABASE_UNKNOWN;
  if (status == EXIT_NO_PROGRAM)
    *words = g_strdup ("its image has neither Node.js nor nc to connect with");
  else
    *words = g_strdup_printf ("its program ended with exit code %" G_GINT64_FORMAT, status);

  return TRUE;
}

/* Reasons after which waiting is of no use. */
static gboolean
is_hopeless (const char *reason)
{
  static const char *const reasons[] = {
    "ErrImagePull",
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerError",
    "CreateContainerConfigError",
    "RunContainerError",
    NULL,
  };

  return reason != NULL && g_strv_contains (reasons, reason);
}

/*
 * stack_database_job_read_pod:
 * @pod: the pod of a Job of stack_database_job_new()
 * @state: (out): what it found
 * @words: (out) (nullable) (transfer full): with %STACK_DATABASE_UNKNOWN, why it found nothing
 *
 * Returns: whether it has come to an end
 */
gboolean
stack_database_job_read_pod (JsonNode           *pod,
                             StackDatabaseState *state,
                             char              **words)
{
  JsonArray  *containers = base_json_get_array (pod, "status", "containerStatuses", NULL);
  JsonNode   *container = NULL;
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);
  const char *reason;
  const char *text;

  *words = NULL;
  if (containers != NULL && json_array_get_length (containers) > 0)
    container = json_array_get_element (containers, 0);
  if (container != NULL && base_json_get_object (container, "state", "terminated", NULL) != NULL)
    {
      reason = base_json_get_string (container, "state", "terminated", "reason", NULL);
      text = base_json_get_string (container, "state", "terminated", "message", NULL);
      if (g_strcmp0 (reason, "StartError") != 0 && g_strcmp0 (reason, "ContainerCannotRun") != 0)
        return read_exit (base_json_get_int (container, -1, "state", "terminated", "exitCode", NULL),
                          state, words);
    }
  else
    {
      reason = container != NULL ? base_json_get_string (container, "state", "waiting", "reason", NULL)
                                 : NULL;
      text = container != NULL ? base_json_get_string (container, "state", "waiting", "message", NULL)
                               : NULL;
      if (!is_hopeless (reason) && g_strcmp0 (phase, "Failed") != 0)
        return FALSE;
      if (reason == NULL)
        {
          reason = base_json_get_string (pod, "status", "reason", NULL);
          text = base_json_get_string (pod, "status", "message", NULL);
        }
    }

  *state = STACK_DATABASE_UNKNOWN;
  *words = g_strdup_printf ("%s%s%s", reason != NULL ? reason : "it failed",
                            text != NULL ? ": " : "", text != NULL ? text : "");

  return TRUE;
}
