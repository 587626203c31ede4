/* kube-exec-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-exec-config.h"

#include <string.h>

#include "base-json.h"
#include "base-redact.h"

#define GROUP "client.authentication.k8s.io/"

/* Names that say so: the value may be as harmless as the name of a region, which must stay
 * readable in messages. */
static gboolean
names_secret (const char *name)
{
  const char      *words[] = { "SECRET", "TOKEN", "PASSWORD", "PASSWD", "KEY" };
  g_autofree char *upper = g_ascii_strup (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (upper, words[i]) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * kube_exec_config_free:
 * @self: (transfer full): a configuration
 *
 * Frees a configuration and wipes the values of its environment.
 */
void
kube_exec_config_free (KubeExecConfig *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; self->environment != NULL && self->environment[i] != NULL; i += 2)
    {
      char *value = self->environment[i + 1];

      if (names_secret (self->environment[i]))
        base_redact_remove (value);
      explicit_bzero (value, strlen (value));
    }
  g_free (self->command);
  g_free (self->path);
  g_strfreev (self->arguments);
  g_strfreev (self->environment);
  g_free (self->api_version);
  g_free (self->install_hint);
  g_free (self);
}

static gboolean
is_unset (JsonNode *node)
{
  return node == NULL || JSON_NODE_HOLDS_NULL (node);
}

static char *
check_api_version (const char *command,
                   const char *user_name,
                   const char *api_version)
{
  if (api_version == NULL || *api_version == '\0')
    return g_strdup_printf ("The program “%s”, by which the user “%s” signs in, has no "
                            "“apiVersion”. Add the one that the program speaks, such as " GROUP "v1.",
                            command, user_name);
  if (strcmp (api_version, GROUP "v1alpha1") == 0)
    return g_strdup_printf ("The program “%s”, by which the user “%s” signs in, is to speak " GROUP "v1alpha1, which Kubernetes has given up. Bring the program up "
                            "to date and fetch the kubeconfig anew.",
                            command, user_name);
  if (strcmp (api_version, GROUP "v1") != 0 && strcmp (api_version, GROUP "v1beta1") != 0)
    return g_strdup_printf ("The program “%s”, by which the user “%s” signs in, is to speak “%s”, "
                            "which is not known here. Use " GROUP "v1 or " GROUP "v1beta1.",
                            command, user_name, api_version);

  return NULL;
}

/* There is never a terminal: the window has none, and the two programs are to behave alike. */
static char *
check_mode (const char *command,
            const char *user_name,
            const char *api_version,
            const char *mode,
            gboolean    used)
{
  if (g_strcmp0 (mode, "Never") == 0 || g_strcmp0 (mode, "IfAvailable") == 0 ||
      (g_strcmp0 (mode, "Always") == 0 && !used))
    return NULL;
  if (g_strcmp0 (mode, "Always") == 0)
    return g_strdup_printf ("The program “%s”, by which the user “%s” signs in, has to ask "
                            "questions on a terminal (“interactiveMode: Always”), and there is "
                            "none here. Set it to IfAvailable if the program can do without, or "
                            "use a context with another way to sign in.",
                            command, user_name);
  if (mode != NULL && *mode != '\0')
    return g_strdup_printf ("The program “%s”, by which the user “%s” signs in, has the "
                            "“interactiveMode” “%s”, which there is not. Use Never or "
                            "IfAvailable.",
                            command, user_name, mode);
  if (strcmp (api_version, GROUP "v1") == 0)
    return g_strdup_printf ("The program “%s”, by which the user “%s” signs in, has no "
                            "“interactiveMode”. Add it with the value Never or IfAvailable.",
                            command, user_name);

  return NULL;
}

static GStrv
read_arguments (JsonNode *exec)
{
  JsonNode  *node = base_json_get (exec, "args", NULL);
  JsonArray *array = base_json_get_array (exec, "args", NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (array == NULL && !is_unset (node))
    return NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *argument = base_json_get_string (json_array_get_element (array, i), NULL);

      if (argument == NULL)
        return NULL;
      g_strv_builder_add (builder, argument);
    }

  return g_strv_builder_end (builder);
}

static GStrv
read_environment (JsonNode *exec)
{
  JsonNode  *node = base_json_get (exec, "env", NULL);
  JsonArray *array = base_json_get_array (exec, "env", NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (array == NULL && !is_unset (node))
    return NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      const char *name = base_json_get_string (element, "name", NULL);
      const char *value = base_json_get_string (element, "value", NULL);

      if (name == NULL || *name == '\0' || strchr (name, '=') != NULL ||
          (value == NULL && !is_unset (base_json_get (element, "value", NULL))))
        return NULL;
      g_strv_builder_add_many (builder, name, value != NULL ? value : "", NULL);
    }

  return g_strv_builder_end (builder);
}

/* As in client-go, a relative path starts at the folder of the kubeconfig, and a mere name is
 * looked for on PATH (tools/clientcmd/loader.go). */
static char *
resolve_command (const char *command,
                 const char *source)
{
  g_autofree char *folder = NULL;

  if (strchr (command, '/') == NULL)
    return NULL;
  if (g_path_is_absolute (command))
    return g_strdup (command);

  folder = g_path_get_dirname (source);
  return g_build_filename (folder, command, NULL);
}

/**
 * kube_exec_config_new: (skip)
 * @exec: the field `exec` of a user
 * @source: the absolute path of the kubeconfig that it stands in
 * @user_name: the user, for messages
 * @used: whether the program is to be run: only then it matters that there is no terminal
 * @problem: (out) (transfer full): whole sentences that say why the field cannot be used
 *
 * Reads the field by the rules of client-go (tools/clientcmd/validation.go, and
 * plugin/pkg/client/auth/exec/exec.go).
 *
 * Returns: (transfer full) (nullable): the configuration, or %NULL with @problem set
 */
KubeExecConfig *
kube_exec_config_new (JsonNode   *exec,
                      const char *source,
                      const char *user_name,
                      gboolean    used,
                      char      **problem)
{
  g_autoptr(KubeExecConfig) self = g_new0 (KubeExecConfig, 1);
  const char *command = base_json_get_string (exec, "command", NULL);
  const char *api_version = base_json_get_string (exec, "apiVersion", NULL);
  const char *mode = base_json_get_string (exec, "interactiveMode", NULL);
  const char *hint = base_json_get_string (exec, "installHint", NULL);

  g_return_val_if_fail (exec != NULL && source != NULL && user_name != NULL, NULL);
  g_return_val_if_fail (problem != NULL, NULL);

  *problem = NULL;
  if (command == NULL || *command == '\0')
    *problem = g_strdup_printf ("The user “%s” signs in by a program (“exec”), but no “command” "
                                "says which. Add it.",
                                user_name);
  else
    *problem = check_api_version (command, user_name, api_version);
  if (*problem == NULL)
    *problem = check_mode (command, user_name, api_version, mode, used);
  if (*problem != NULL)
    return NULL;

  self->command = g_strdup (command);
  self->path = resolve_command (command, source);
  self->api_version = g_strdup (api_version);
  self->install_hint = hint != NULL && *hint != '\0' ? g_strdup (hint) : NULL;
  self->wants_cluster = base_json_get_boolean (exec, FALSE, "provideClusterInfo", NULL);
  self->arguments = read_arguments (exec);
  self->environment = read_environment (exec);
  for (guint i = 0; self->environment != NULL && self->environment[i] != NULL; i += 2)
    if (names_secret (self->environment[i]))
      base_redact_add (self->environment[i + 1]);
  if (self->arguments == NULL)
    *problem = g_strdup_printf ("The “args” of the program “%s”, by which the user “%s” signs in, "
                                "must be a list of texts. Put each in quotes.",
                                command,
                                user_name);
  else if (self->environment == NULL)
    *problem = g_strdup_printf ("The “env” of the program “%s”, by which the user “%s” signs in, "
                                "must be a list of entries with “name” and “value”, both texts. "
                                "Put each in quotes.",
                                command, user_name);

  return *problem == NULL ? g_steal_pointer (&self) : NULL;
}
