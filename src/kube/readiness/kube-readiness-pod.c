/* kube-readiness-pod.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-readiness-private.h"

#include "base-json.h"
#include "kube-condition.h"
#include "kube-pod.h"

/* Restarts after which a container that keeps ending is not waited for any longer. */
#define MAX_RESTARTS 2

/* How much of a container's last words is told, in bytes. Its log has more. */
#define MAX_LAST_WORDS 500

typedef enum
{
  CAUSE_IMAGE,      /* fails at once */
  CAUSE_IMAGE_PULL, /* fails when the registry's answer is final */
  CAUSE_CONFIG,     /* fails unless the kubelet only waits for something */
  CAUSE_CRASH       /* fails after MAX_RESTARTS */
} Cause;

/* Reasons of waiting containers, from pkg/kubelet/images/types.go,
 * pkg/kubelet/container/sync_result.go and pkg/kubelet/kuberuntime of Kubernetes. */
static const struct
{
  const char *reason;
  Cause       cause;
  const char *words;
} causes[] = {
  { "ImagePullBackOff", CAUSE_IMAGE, "cannot be pulled" },
  { "ErrImagePull", CAUSE_IMAGE_PULL, "cannot be pulled" },
  { "InvalidImageName", CAUSE_IMAGE, "has an invalid name" },
  { "ImageInspectError", CAUSE_IMAGE, "cannot be read on the node" },
  { "ErrImageNeverPull", CAUSE_IMAGE, "is not on the node and may not be pulled" },
  { "SignatureValidationFailed", CAUSE_IMAGE, "has no valid signature" },
  { "CreateContainerConfigError", CAUSE_CONFIG, "cannot be set up" },
  { "CreateContainerError", CAUSE_CONFIG, "cannot be created" },
  { "PreCreateHookError", CAUSE_CONFIG, "cannot be created" },
  { "PreStartHookError", CAUSE_CONFIG, "cannot be started" },
  { "PostStartHookError", CAUSE_CONFIG, "cannot be started" },
  { "RunContainerError", CAUSE_CONFIG, "cannot be started" },
  { "CrashLoopBackOff", CAUSE_CRASH, NULL },
};

/* A registry's final answers; anything else, such as a time-out, may pass. */
static const char *const final_answers[] = {
  "not found",
  "notfound",
  "manifest unknown",
  "does not exist",
  "denied",
  "unauthorized",
  "authorization failed",
  "insufficient_scope",
  "forbidden",
  "no match for platform",
};

/* What the kubelet says while its caches or the runtime are only late. */
static const char *const passing_answers[] = {
  "timed out waiting for the condition",
  "context deadline exceeded",
  "is reserved for",
};

static gboolean
mentions (const char        *message,
          const char *const *phrases,
          guint              n_phrases)
{
  g_autofree char *lower = message != NULL ? g_ascii_strdown (message, -1) : NULL;
  guint            i;

  for (i = 0; lower != NULL && i < n_phrases; i++)
    {
      if (strstr (lower, phrases[i]) != NULL)
        return TRUE;
    }

  return FALSE;
}

static JsonNode *
find_container (JsonNode   *pod,
                const char *member,
                const char *name)
{
  JsonArray *containers = base_json_get_array (pod, "spec", member, NULL);
  guint      i;

  for (i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    {
      JsonNode *container = json_array_get_element (containers, i);

      if (g_strcmp0 (base_json_get_string (container, "name", NULL), name) == 0)
        return container;
    }

  return NULL;
}

static const char *
get_pod_name (JsonNode *pod)
{
  const char *name = base_json_get_string (pod, "metadata", "name", NULL);

  return name != NULL ? name : "without a name";
}

/* The image as written in the spec: a status may name it by digest or normalised. */
static const char *
get_image (JsonNode *pod,
           JsonNode *status)
{
  const char *name = base_json_get_string (status, "name", NULL);
  JsonNode   *container = find_container (pod, "containers", name);
  const char *image;

  if (container == NULL)
    container = find_container (pod, "initContainers", name);
  image = base_json_get_string (container, "image", NULL);
  if (image == NULL)
    image = base_json_get_string (status, "image", NULL);

  return image != NULL ? image : "without a name";
}

/* A container's last words, which may be the end of its log, on one line. */
static char *
dup_last_words (const char *message)
{
  g_auto(GStrv) lines = g_strsplit (message, "\n", -1);
  g_autoptr(GString) words = g_string_new (NULL);
  const char *end;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_strstrip (lines[i]);
      if (lines[i][0] != '\0')
        g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", lines[i]);
    }
  if (words->len <= MAX_LAST_WORDS)
    return g_strdup (words->str);

  end = words->str + words->len - MAX_LAST_WORDS;
  while (((guchar) *end & 0xC0) == 0x80)
    end++;

  return g_strconcat ("…", end, NULL);
}

static void
append_end (GString  *words,
            JsonNode *pod,
            JsonNode *status,
            JsonNode *terminated)
{
  const char *reason = base_json_get_string (terminated, "reason", NULL);
  const char *message = base_json_get_string (terminated, "message", NULL);
  const char *name = base_json_get_string (status, "name", NULL);
  gint64      exit_code = base_json_get_int (terminated, 0, "exitCode", NULL);

  g_string_append_printf (words, "it last ended with exit code %" G_GINT64_FORMAT, exit_code);
  if (g_strcmp0 (reason, "OOMKilled") == 0)
    {
      const char *limit = base_json_get_string (find_container (pod, "containers", name),
                                                "resources", "limits", "memory", NULL);

      g_string_append_printf (words, " (OOMKilled: it needed more memory than its limit%s%s)",
                              limit != NULL ? " of " : "", limit != NULL ? limit : "");
    }
  else if (reason != NULL && reason[0] != '\0')
    {
      g_string_append_printf (words, " (%s)", reason);
    }

  if (message != NULL && message[0] != '\0')
    {
      g_autofree char *last = dup_last_words (message);

      g_string_append_printf (words, ": %s", last);
    }
}

static char *
describe_crash (JsonNode *pod,
                JsonNode *status)
{
  JsonNode *terminated = base_json_get (status, "lastState", "terminated", NULL);
  gint64    restarts = base_json_get_int (status, 0, "restartCount", NULL);
  GString  *words = g_string_new (NULL);

  if (terminated == NULL)
    terminated = base_json_get (status, "state", "terminated", NULL);
  g_string_append_printf (words, "pod %s: container %s keeps stopping (%" G_GINT64_FORMAT " restarts)", get_pod_name (pod),
                          base_json_get_string (status, "name", NULL), restarts);
  if (terminated != NULL)
    {
      g_string_append (words, "; ");
      append_end (words, pod, status, terminated);
    }

  return g_string_free (words, FALSE);
}

static char *
describe_cause (JsonNode *pod,
                JsonNode *status,
                guint     index)
{
  const char *message = base_json_get_string (status, "state", "waiting", "message", NULL);
  const char *name = base_json_get_string (status, "name", NULL);

  if (message == NULL || message[0] == '\0')
    message = causes[index].reason;
  if (causes[index].cause == CAUSE_CRASH)
    return describe_crash (pod, status);
  if (causes[index].cause == CAUSE_CONFIG)
    return g_strdup_printf ("pod %s: container %s %s: %s", get_pod_name (pod), name,
                            causes[index].words, message);

  return g_strdup_printf ("pod %s: the image %s of container %s %s: %s", get_pod_name (pod),
                          get_image (pod, status), name, causes[index].words, message);
}

static gboolean
is_final (JsonNode *status,
          Cause     cause)
{
  const char *message = base_json_get_string (status, "state", "waiting", "message", NULL);

  switch (cause)
    {
    case CAUSE_IMAGE:
      return TRUE;
    case CAUSE_IMAGE_PULL:
      return mentions (message, final_answers, G_N_ELEMENTS (final_answers));
    case CAUSE_CONFIG:
      return !mentions (message, passing_answers, G_N_ELEMENTS (passing_answers));
    case CAUSE_CRASH:
      return base_json_get_int (status, 0, "restartCount", NULL) >= MAX_RESTARTS;
    default:
      g_assert_not_reached ();
    }
}

static char *
find_container_problem (JsonNode   *pod,
                        const char *member)
{
  JsonArray *statuses = base_json_get_array (pod, "status", member, NULL);
  guint      i;
  guint      j;

  for (i = 0; statuses != NULL && i < json_array_get_length (statuses); i++)
    {
      JsonNode   *status = json_array_get_element (statuses, i);
      const char *reason = base_json_get_string (status, "state", "waiting", "reason", NULL);

      for (j = 0; reason != NULL && j < G_N_ELEMENTS (causes); j++)
        {
          if (g_str_equal (reason, causes[j].reason) && is_final (status, causes[j].cause))
            return describe_cause (pod, status, j);
        }
    }

  return NULL;
}

/*
 * _kube_readiness_find_problem:
 * @pod: a Pod
 * @now_us: now, in microseconds since the epoch
 *
 * Looks for what will not pass without somebody's help: an image that cannot be
 * pulled, a container that cannot be set up or keeps stopping, no node for the pod.
 *
 * Returns: (transfer full) (nullable): the problem, with the names of the pod and
 *   the container and the kubelet's own words
 */
char *
_kube_readiness_find_problem (JsonNode *pod,
                              gint64    now_us)
{
  JsonNode   *scheduled = kube_condition_find (pod, "PodScheduled");
  const char *message = base_json_get_string (scheduled, "message", NULL);
  char       *problem;

  problem = find_container_problem (pod, "initContainerStatuses");
  if (problem == NULL)
    problem = find_container_problem (pod, "containerStatuses");
  if (problem != NULL)
    return problem;

  if (kube_condition_is_false (pod, "PodScheduled") && g_strcmp0 (kube_condition_get_reason (pod, "PodScheduled"), "Unschedulable") == 0 && _kube_readiness_lasts (scheduled, now_us))
    return g_strdup_printf ("pod %s: no node can take it: %s", get_pod_name (pod),
                            message != NULL ? message : "no reason given");

  return NULL;
}

static JsonNode *
find_unready_status (JsonNode *pod)
{
  static const char *const members[] = { "initContainerStatuses", "containerStatuses" };
  guint                    i;
  guint                    j;

  for (i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonArray *statuses = base_json_get_array (pod, "status", members[i], NULL);

      for (j = 0; statuses != NULL && j < json_array_get_length (statuses); j++)
        {
          JsonNode *status = json_array_get_element (statuses, j);

          if (base_json_get_int (status, 1, "state", "terminated", "exitCode", NULL) != 0 && !base_json_get_boolean (status, FALSE, "ready", NULL))
            return status;
        }
    }

  return NULL;
}

/* The kubelet says "ContainerCreating" both while it pulls and while it mounts. */
static char *
describe_unready (JsonNode *pod,
                  JsonNode *status)
{
  const char *name = get_pod_name (pod);
  const char *reason = base_json_get_string (status, "state", "waiting", "reason", NULL);

  if (g_strcmp0 (reason, "ErrImagePull") == 0)
    return g_strdup_printf ("%s tries again to pull image %s", name, get_image (pod, status));
  if (g_strcmp0 (reason, "CrashLoopBackOff") == 0)
    return g_strdup_printf ("container %s of %s stopped and is started again",
                            base_json_get_string (status, "name", NULL), name);
  if (g_strcmp0 (reason, "ContainerCreating") == 0 || g_strcmp0 (reason, "PodInitializing") == 0)
    return g_strdup_printf ("%s is pulling image %s or being set up", name,
                            get_image (pod, status));
  if (base_json_get (status, "state", "running", NULL) != NULL)
    return g_strdup_printf ("%s runs and is not ready yet", name);

  return NULL;
}

/*
 * _kube_readiness_describe_progress:
 * @pod: a Pod that is not ready
 *
 * Returns: (transfer full): what it is busy with, in words that name it
 */
char *
_kube_readiness_describe_progress (JsonNode *pod)
{
  JsonNode        *status = find_unready_status (pod);
  char            *words = status != NULL ? describe_unready (pod, status) : NULL;
  g_autofree char *column = NULL;

  if (words != NULL)
    return words;
  if (kube_condition_is_false (pod, "PodScheduled"))
    return g_strdup_printf ("%s waits for a node", get_pod_name (pod));

  column = kube_pod_dup_status (pod);
  return g_strdup_printf ("%s is %s", get_pod_name (pod), column);
}

/* How the first container that did not end well has ended; NULL if there is none. */
static char *
describe_failed_container (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);

  for (guint i = 0; statuses != NULL && i < json_array_get_length (statuses); i++)
    {
      JsonNode *status = json_array_get_element (statuses, i);
      JsonNode *terminated = base_json_get (status, "state", "terminated", NULL);
      GString  *words;

      if (base_json_get_int (terminated, 0, "exitCode", NULL) == 0)
        continue;

      words = g_string_new (NULL);
      append_end (words, pod, status, terminated);

      return g_string_free (words, FALSE);
    }

  return NULL;
}

static char *
describe_failure (JsonNode *pod)
{
  const char      *message = base_json_get_string (pod, "status", "message", NULL);
  g_autofree char *column = kube_pod_dup_status (pod);
  g_autofree char *end = NULL;

  if (message == NULL)
    end = describe_failed_container (pod);
  if (end != NULL)
    return g_strdup_printf ("pod %s failed: %s", get_pod_name (pod), end);

  return g_strdup_printf ("pod %s failed: %s%s%s", get_pod_name (pod), column,
                          message != NULL ? ": " : "", message != NULL ? message : "");
}

/*
 * _kube_readiness_rule_pod:
 *
 * kapp: a failed pod is a failure; and what find_problem() knows of.
 */
KubeReadiness
_kube_readiness_rule_pod (JsonNode *object,
                          gint64    now_us,
                          char    **reason)
{
  const char *phase = base_json_get_string (object, "status", "phase", NULL);

  if (g_strcmp0 (phase, "Succeeded") == 0)
    {
      *reason = g_strdup ("completed");
      return KUBE_READINESS_CURRENT;
    }
  if (g_strcmp0 (phase, "Failed") == 0 || g_strcmp0 (phase, "Unknown") == 0)
    {
      *reason = describe_failure (object);
      return KUBE_READINESS_FAILED;
    }
  if (g_strcmp0 (phase, "Running") == 0 && kube_pod_is_ready (object))
    {
      *reason = g_strdup ("ready");
      return KUBE_READINESS_CURRENT;
    }

  *reason = _kube_readiness_find_problem (object, now_us);
  if (*reason != NULL)
    return KUBE_READINESS_FAILED;

  *reason = _kube_readiness_describe_progress (object);
  return KUBE_READINESS_IN_PROGRESS;
}
