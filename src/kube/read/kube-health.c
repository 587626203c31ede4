/* kube-health.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-health.h"

#include <string.h>

#include "kube-error.h"

/**
 * KubeHealth:
 *
 * What an API server says about itself at `/readyz?verbose` (may it be sent requests?) or
 * `/livez?verbose` (need it be restarted?).
 */
struct _KubeHealth
{
  GPtrArray *checks; /* (element-type KubeHealthCheck) (owned): in the server's order */
  gboolean   passed;
};

static void
kube_health_check_free (KubeHealthCheck *check)
{
  g_free (check->name);
  g_free (check->detail);
  g_free (check);
}

/* "[+]ping ok", "[-]etcd failed: reason withheld", "[+]log excluded: ok": the forms of
 * handleRootHealth() of k8s.io/apiserver/pkg/server/healthz. */
static KubeHealthCheck *
parse_check (const char *line)
{
  KubeHealthCheck *check;
  const char      *space;
  const char      *colon;

  if (!g_str_has_prefix (line, "[+]") && !g_str_has_prefix (line, "[-]"))
    return NULL;
  space = strchr (line, ' ');
  if (space == NULL || space == line + 3)
    return NULL;

  check = g_new0 (KubeHealthCheck, 1);
  check->name = g_strndup (line + 3, (gsize) (space - line - 3));
  colon = strstr (space, ": ");
  if (g_str_has_prefix (space, " excluded"))
    check->state = KUBE_HEALTH_EXCLUDED;
  else if (line[1] == '-')
    {
      check->state = KUBE_HEALTH_FAILED;
      check->detail = colon != NULL ? g_strdup (colon + 2) : NULL;
    }
  else
    check->state = KUBE_HEALTH_OK;

  return check;
}

/**
 * kube_health_parse: (skip)
 * @text: what the server answered to `/readyz?verbose` or `/livez?verbose`, whether with 200 or
 *   with 500
 *
 * Reads the checks of an API server.
 *
 * Returns: (transfer full) (nullable): the checks, or %NULL if @text lists none
 */
KubeHealth *
kube_health_parse (const char *text)
{
  g_auto(GStrv) lines = NULL;
  KubeHealth *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (KubeHealth, 1);
  self->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_health_check_free);
  self->passed = TRUE;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      KubeHealthCheck *check = parse_check (lines[i]);

      if (check == NULL)
        continue;
      g_ptr_array_add (self->checks, check);
      self->passed = self->passed && check->state != KUBE_HEALTH_FAILED;
    }

  if (self->checks->len == 0)
    g_clear_pointer (&self, kube_health_free);
  return self;
}

/**
 * kube_health_free:
 * @self: (transfer full): the health of a server
 *
 * Frees @self.
 */
void
kube_health_free (KubeHealth *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->checks);
  g_free (self);
}

/**
 * kube_health_get_passed:
 * @self: the health of a server
 *
 * Returns: %TRUE if no check failed
 */
gboolean
kube_health_get_passed (KubeHealth *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->passed;
}

/**
 * kube_health_get_n_checks:
 * @self: the health of a server
 *
 * Returns: how many checks the server listed
 */
guint
kube_health_get_n_checks (KubeHealth *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->checks->len;
}

/**
 * kube_health_get_check:
 * @self: the health of a server
 * @position: the number of a check, from 0
 *
 * Returns: (transfer none): the check
 */
const KubeHealthCheck *
kube_health_get_check (KubeHealth *self,
                       guint       position)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (position < self->checks->len, NULL);

  return g_ptr_array_index (self->checks, position);
}

/**
 * kube_health_find_check:
 * @self: the health of a server
 * @name: the name of a check: "etcd"
 *
 * Returns: (transfer none) (nullable): the check, or %NULL if there is none of that name
 */
const KubeHealthCheck *
kube_health_find_check (KubeHealth *self,
                        const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->checks->len; i++)
    {
      KubeHealthCheck *check = g_ptr_array_index (self->checks, i);

      if (strcmp (check->name, name) == 0)
        return check;
    }

  return NULL;
}

static void
kube_health_ask_call_cb (GObject      *source_object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) answer = NULL;
  const char *text = NULL;
  KubeHealth *health;

  answer = kube_client_call_finish (KUBE_CLIENT (source_object), result, &error);
  if (answer != NULL && JSON_NODE_HOLDS_VALUE (answer))
    text = json_node_get_string (answer);
  else if (answer == NULL)
    text = kube_error_get_text (error);

  health = text != NULL ? kube_health_parse (text) : NULL;
  if (health != NULL)
    g_task_return_pointer (task, health, (GDestroyNotify) kube_health_free);
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                             "The cluster did not list how its checks ended. A proxy may stand "
                             "in between: check the server address of the context.");
}

/**
 * kube_health_ask_async:
 * @client: a client
 * @endpoint: "readyz" or "livez"
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer is there
 * @user_data: data for @callback
 *
 * Asks the API server how it is. Every user may, unless the cluster's administrator forbids it.
 */
void
kube_health_ask_async (KubeClient         *client,
                       const char         *endpoint,
                       GCancellable       *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (endpoint != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_health_ask_async);
  path = g_strconcat ("/", endpoint, "?verbose", NULL);
  request = kube_request_new ("GET", path);
  kube_request_set_accept (request, "text/plain, application/json");
  kube_client_call_async (client, request, cancellable, kube_health_ask_call_cb,
                          g_steal_pointer (&task));
}

/**
 * kube_health_ask_finish: (skip)
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes asking. A server that says that it is not well is an answer, not an error.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the health of the server, or %NULL with @error set
 */
KubeHealth *
kube_health_ask_finish (GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_health_ask_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
