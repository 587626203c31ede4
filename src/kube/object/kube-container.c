/* kube-container.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-container.h"

#include "base-json.h"

#include <string.h>

typedef struct
{
  const char *spec;
  const char *status;
  gboolean    once; /* an exit code of 0 is the end of it */
} Group;

static const Group groups[] = {
  { "containers", "containerStatuses", FALSE },
  { "initContainers", "initContainerStatuses", TRUE },
  { "ephemeralContainers", "ephemeralContainerStatuses", TRUE },
};

static JsonNode *
find_named (JsonNode   *pod,
            const char *part,
            const char *member,
            const char *name)
{
  JsonArray *array = base_json_get_array (pod, part, member, NULL);
  guint      i;

  for (i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (g_strcmp0 (base_json_get_string (element, "name", NULL), name) == 0)
        return element;
    }

  return NULL;
}

static gboolean
is_over (JsonNode *pod)
{
  const char *phase = base_json_get_string (pod, "status", "phase", NULL);

  return g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0;
}

/* https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
static gboolean
will_return (JsonNode    *pod,
             const Group *group,
             JsonNode    *container,
             JsonNode    *status)
{
  const char *policy = base_json_get_string (pod, "spec", "restartPolicy", NULL);
  JsonNode   *ended = base_json_get (status, "state", "terminated", NULL);
  gboolean    sidecar = g_strcmp0 (base_json_get_string (container, "restartPolicy", NULL),
                                   "Always") == 0;

  if (is_over (pod) || base_json_get (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    return FALSE;

  /* Waiting, for its first start or the next one. */
  if (ended == NULL || sidecar)
    return TRUE;
  if (base_json_get_int (ended, 0, "exitCode", NULL) == 0)
    return !group->once && (policy == NULL || g_str_equal (policy, "Always"));

  return g_strcmp0 (policy, "Never") != 0;
}

static char *
describe (JsonNode   *status,
          const char *name)
{
  JsonNode   *waiting = base_json_get (status, "state", "waiting", NULL);
  JsonNode   *ended = base_json_get (status, "state", "terminated", NULL);
  const char *reason = base_json_get_string (waiting, "reason", NULL);
  const char *message = base_json_get_string (waiting, "message", NULL);

  if (ended != NULL)
    return g_strdup_printf ("Container %s ended with exit code %" G_GINT64_FORMAT ".", name,
                            base_json_get_int (ended, 0, "exitCode", NULL));
  if (reason != NULL)
    return g_strdup_printf ("Container %s is waiting to start: %s%s%s", name, reason,
                            message != NULL ? ": " : "", message != NULL ? message : "");

  return g_strdup_printf ("Container %s has not started yet.", name);
}

/**
 * kube_container_read:
 * @self: (out caller-allocates): where to write
 * @pod: a Pod
 * @name: name of one of its containers, init or ephemeral containers included
 *
 * Reads what @pod says about one container.
 */
void
kube_container_read (KubeContainer *self,
                     JsonNode      *pod,
                     const char    *name)
{
  guint i;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  memset (self, 0, sizeof *self);
  for (i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      JsonNode *container = find_named (pod, "spec", groups[i].spec, name);
      JsonNode *status = find_named (pod, "status", groups[i].status, name);

      if (container == NULL)
        continue;

      self->found = TRUE;
      self->running = base_json_get (status, "state", "running", NULL) != NULL;
      self->has_log = self->running || base_json_get (status, "state", "terminated", NULL) != NULL || base_json_get (status, "lastState", "terminated", NULL) != NULL;
      self->returns = will_return (pod, &groups[i], container, status);
      self->restarts = base_json_get_int (status, 0, "restartCount", NULL);
      if (!self->running)
        self->detail = describe (status, name);
      return;
    }
}

/**
 * kube_container_clear:
 * @self: what kube_container_read() has written
 *
 * Frees what is in @self.
 */
void
kube_container_clear (KubeContainer *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->detail, g_free);
}
