/* kube-pod.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-pod.h"

#include "base-json.h"
#include "kube-condition.h"

/*
 * What kubectl shows of a pod. The rules are those of printPod() in
 * pkg/printers/internalversion/printers.go of Kubernetes 1.36, so that a person
 * sees the same words here and there.
 */

typedef struct
{
  JsonNode *pod;    /* borrowed */
  char     *reason; /* (owned): what the STATUS column says so far */
  guint     restarts;
  guint     sidecar_restarts;
} Reading;

/* A sidecar is an init container with a restart policy of its own. */
static gboolean
is_sidecar (JsonNode   *pod,
            const char *name)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "initContainers", NULL);
  guint      i;

  for (i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    {
      JsonNode *container = json_array_get_element (containers, i);

      if (g_strcmp0 (base_json_get_string (container, "name", NULL), name) == 0)
        return g_strcmp0 (base_json_get_string (container, "restartPolicy", NULL),
                          "Always") == 0;
    }

  return FALSE;
}

static guint
count_elements (JsonNode   *pod,
                const char *member)
{
  JsonArray *array = base_json_get_array (pod, "spec", member, NULL);

  return array != NULL ? json_array_get_length (array) : 0;
}

static void
take_reason (Reading *reading,
             char    *reason)
{
  g_free (reading->reason);
  reading->reason = reason;
}

static char *
describe_termination (JsonNode   *terminated,
                      const char *prefix)
{
  const char *reason = base_json_get_string (terminated, "reason", NULL);
  gint64      signal_number = base_json_get_int (terminated, 0, "signal", NULL);

  if (reason != NULL && reason[0] != '\0')
    return g_strconcat (prefix, reason, NULL);
  if (signal_number != 0)
    return g_strdup_printf ("%sSignal:%" G_GINT64_FORMAT, prefix, signal_number);

  return g_strdup_printf ("%sExitCode:%" G_GINT64_FORMAT, prefix,
                          base_json_get_int (terminated, 0, "exitCode", NULL));
}

static char *
describe_phase (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);
  const char *reason = base_json_get_string (pod, "status", "reason", NULL);
  const char *scheduled = kube_condition_get_reason (pod, "PodScheduled");

  if (g_strcmp0 (scheduled, "SchedulingGated") == 0)
    return g_strdup (scheduled);
  if (reason != NULL && reason[0] != '\0')
    return g_strdup (reason);

  return g_strdup (phase != NULL ? phase : "");
}

/* Returns: TRUE when this init container holds up the ones after it */
static gboolean
read_init_status (Reading  *reading,
                  JsonNode *status,
                  guint     index)
{
  JsonNode   *terminated = base_json_get (status, "state", "terminated", NULL);
  const char *waiting = base_json_get_string (status, "state", "waiting", "reason", NULL);
  guint       restarts = (guint) base_json_get_int (status, 0, "restartCount", NULL);
  gboolean    sidecar = is_sidecar (reading->pod, base_json_get_string (status, "name", NULL));

  reading->restarts += restarts;
  if (sidecar)
    reading->sidecar_restarts += restarts;

  if (terminated != NULL && base_json_get_int (terminated, 0, "exitCode", NULL) == 0)
    return FALSE;
  if (sidecar && base_json_get_boolean (status, FALSE, "started", NULL))
    return FALSE;

  if (terminated != NULL)
    take_reason (reading, describe_termination (terminated, "Init:"));
  else if (waiting != NULL && waiting[0] != '\0' && !g_str_equal (waiting, "PodInitializing"))
    take_reason (reading, g_strconcat ("Init:", waiting, NULL));
  else
    take_reason (reading, g_strdup_printf ("Init:%u/%u", index,
                                           count_elements (reading->pod, "initContainers")));

  return TRUE;
}

static gboolean
read_init_statuses (Reading *reading)
{
  JsonArray *statuses = base_json_get_array (reading->pod, "status", "initContainerStatuses",
                                             NULL);
  guint      i;

  for (i = 0; statuses != NULL && i < json_array_get_length (statuses); i++)
    {
      if (read_init_status (reading, json_array_get_element (statuses, i), i))
        return TRUE;
    }

  return FALSE;
}

/* From the last container to the first: the first one with something to say wins. */
static void
read_statuses (Reading *reading)
{
  JsonArray       *statuses = base_json_get_array (reading->pod, "status", "containerStatuses", NULL);
  g_autofree char *error_reason = NULL;
  gboolean         running = FALSE;
  guint            i;

  reading->restarts = reading->sidecar_restarts;
  for (i = statuses != NULL ? json_array_get_length (statuses) : 0; i > 0; i--)
    {
      JsonNode   *status = json_array_get_element (statuses, i - 1);
      JsonNode   *terminated = base_json_get (status, "state", "terminated", NULL);
      const char *waiting = base_json_get_string (status, "state", "waiting", "reason", NULL);

      reading->restarts += (guint) base_json_get_int (status, 0, "restartCount", NULL);
      if (waiting != NULL && waiting[0] != '\0')
        {
          take_reason (reading, g_strdup (waiting));
        }
      else if (terminated != NULL)
        {
          take_reason (reading, describe_termination (terminated, ""));
          if (base_json_get_int (terminated, 0, "exitCode", NULL) != 0)
            {
              g_free (error_reason);
              error_reason = g_strdup (reading->reason);
            }
        }
      else if (base_json_get_boolean (status, FALSE, "ready", NULL) && base_json_get (status, "state", "running", NULL) != NULL)
        {
          running = TRUE;
        }
    }

  if (g_strcmp0 (reading->reason, "Completed") != 0)
    return;
  if (running && kube_pod_is_ready (reading->pod))
    take_reason (reading, g_strdup ("Running"));
  else if (error_reason != NULL)
    take_reason (reading, g_steal_pointer (&error_reason));
  else if (running)
    take_reason (reading, g_strdup ("NotReady"));
}

static void
read_deletion (Reading *reading)
{
  const char *phase = base_json_get_string (reading->pod, "status", "phase", NULL);
  const char *reason = base_json_get_string (reading->pod, "status", "reason", NULL);

  if (base_json_get_string (reading->pod, "metadata", "deletionTimestamp", NULL) == NULL)
    return;

  if (g_strcmp0 (reason, "NodeLost") == 0)
    take_reason (reading, g_strdup ("Unknown"));
  else if (g_strcmp0 (phase, "Succeeded") != 0 && g_strcmp0 (phase, "Failed") != 0)
    take_reason (reading, g_strdup ("Terminating"));
}

static void
read_pod (Reading  *reading,
          JsonNode *pod)
{
  gboolean initializing;

  reading->pod = pod;
  reading->reason = describe_phase (pod);
  initializing = read_init_statuses (reading);
  if (!initializing || kube_condition_is_true (pod, "Initialized"))
    read_statuses (reading);
  read_deletion (reading);
}

/**
 * kube_pod_dup_status:
 * @pod: a Pod
 *
 * The STATUS column exactly as kubectl prints it: "Running", "Init:0/2",
 * "CrashLoopBackOff", "Terminating".
 *
 * Returns: (transfer full): the word
 */
char *
kube_pod_dup_status (JsonNode *pod)
{
  Reading reading = { 0 };

  g_return_val_if_fail (pod != NULL, NULL);

  read_pod (&reading, pod);

  return reading.reason;
}

/**
 * kube_pod_get_restarts:
 * @pod: a Pod
 *
 * The number in the RESTARTS column of kubectl: while the pod initialises that
 * of its init containers, then that of its containers and sidecars.
 *
 * Returns: how often containers were started again
 */
guint
kube_pod_get_restarts (JsonNode *pod)
{
  Reading reading = { 0 };

  g_return_val_if_fail (pod != NULL, 0);

  read_pod (&reading, pod);
  g_free (reading.reason);

  return reading.restarts;
}

/**
 * kube_pod_is_ready:
 * @pod: a Pod
 *
 * Returns: %TRUE if its condition Ready is True, so that Services send it requests
 */
gboolean
kube_pod_is_ready (JsonNode *pod)
{
  g_return_val_if_fail (pod != NULL, FALSE);

  return kube_condition_is_true (pod, "Ready");
}

static void
add_containers (GStrvBuilder *names,
                JsonNode     *pod,
                const char   *member)
{
  JsonArray *containers = base_json_get_array (pod, "spec", member, NULL);
  guint      i;

  for (i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    {
      JsonNode   *container = json_array_get_element (containers, i);
      const char *name = base_json_get_string (container, "name", NULL);

      if (name != NULL)
        g_strv_builder_add (names, name);
    }
}

/**
 * kube_pod_dup_containers:
 * @pod: a Pod
 *
 * Returns: (transfer full): the names of its containers in the order of the
 *   spec, without init containers
 */
GStrv
kube_pod_dup_containers (JsonNode *pod)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (pod != NULL, NULL);

  add_containers (names, pod, "containers");

  return g_strv_builder_end (names);
}

/**
 * kube_pod_dup_all_containers:
 * @pod: a Pod
 *
 * Returns: (transfer full): the names of its init containers, its containers and
 *   its ephemeral containers, in the order in which kubectl shows their logs
 */
GStrv
kube_pod_dup_all_containers (JsonNode *pod)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (pod != NULL, NULL);

  add_containers (names, pod, "initContainers");
  add_containers (names, pod, "containers");
  add_containers (names, pod, "ephemeralContainers");

  return g_strv_builder_end (names);
}

/**
 * kube_pod_dup_default_container:
 * @pod: a Pod
 *
 * Returns: (transfer full) (nullable): the container that people mean when they say
 *   none: what the annotation `kubectl.kubernetes.io/default-container` names, or
 *   the first one
 */
char *
kube_pod_dup_default_container (JsonNode *pod)
{
  const char *wanted = base_json_get_string (pod, "metadata", "annotations",
                                             "kubectl.kubernetes.io/default-container", NULL);
  g_auto(GStrv) names = NULL;

  g_return_val_if_fail (pod != NULL, NULL);

  names = kube_pod_dup_all_containers (pod);
  if (wanted != NULL && g_strv_contains ((const char *const *) names, wanted))
    return g_strdup (wanted);

  g_strfreev (names);
  names = kube_pod_dup_containers (pod);

  return g_strdup (names[0]);
}
