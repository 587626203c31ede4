/* kube-exec-status.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-exec-status.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-excerpt.h"

#define INTERNAL_ERROR 500

/* What container runtimes say of a command that they cannot start, and what a shell would make of
 * it: runc and crun, in the words of Go's os/exec and of the system. */
static const struct
{
  const char *words;
  int         exit_status;
} failures[] = {
  { "executable file not found in", KUBE_EXIT_NOT_FOUND },
  { "executable file `", KUBE_EXIT_NOT_FOUND },
  { "no such file or directory", KUBE_EXIT_NOT_FOUND },
  { "permission denied", KUBE_EXIT_NOT_EXECUTABLE },
  { "exec format error", KUBE_EXIT_NOT_EXECUTABLE },
  { "is a directory", KUBE_EXIT_NOT_EXECUTABLE },
};

static const char *const shells[] = { "sh", "bash", "ash", "dash", "zsh", "ksh", NULL };

static gboolean
is_shell (const char *command)
{
  g_autofree char *name = g_path_get_basename (command);

  return g_strv_contains (shells, name);
}

/* Returns -1 if the message is about something else than starting a command. */
static int
find_failure (const char *message)
{
  if (strstr (message, "exec") == NULL)
    return -1;

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    if (strstr (message, failures[i].words) != NULL)
      return failures[i].exit_status;

  return -1;
}

static void
set_not_started (int         exit_status,
                 const char *command,
                 const char *message,
                 GError    **error)
{
  if (exit_status == KUBE_EXIT_NOT_FOUND && is_shell (command))
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                 "The image of this container has no shell “%s”. It may have another one, such as "
                 "sh, or none at all, as images without a distribution do. Run one of the image's "
                 "own programs instead. The cluster said: %s",
                 command, message);
  else if (exit_status == KUBE_EXIT_NOT_FOUND)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                 "There is no program “%s” in this container. Check the name, or write the whole "
                 "path. The cluster said: %s",
                 command, message);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST,
                 "The program “%s” cannot be run in this container. It may not be a program, or "
                 "the container's user may not run it. The cluster said: %s",
                 command, message);
}

static gboolean
parse_exit_status (JsonNode *status,
                   int      *exit_status)
{
  JsonArray *causes = base_json_get_array (status, "details", "causes", NULL);

  for (guint i = 0; causes != NULL && i < json_array_get_length (causes); i++)
    {
      JsonNode   *cause = json_array_get_element (causes, i);
      const char *message = base_json_get_string (cause, "message", NULL);
      guint64     number;

      if (g_strcmp0 (base_json_get_string (cause, "reason", NULL), "ExitCode") == 0 &&
          message != NULL &&
          g_ascii_string_to_unsigned (message, 10, 0, G_MAXINT, &number, NULL))
        {
          *exit_status = (int) number;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * kube_exec_status_parse:
 * @text: what came on the channel for errors: a `Status` object
 * @command: (nullable): the program that was to be run; %NULL when attached
 * @exit_status: (out): the exit status of the command. With an error it is 126 or 127 where the
 *   container runtime could not start the command, as with a shell, and else -1
 * @error: return location for an error
 *
 * Reads how a command ended (`remotecommand`, v4: a failure of the command itself has the reason
 * `NonZeroExitCode`).
 *
 * Possible errors: %KUBE_ERROR_NOT_FOUND and %KUBE_ERROR_BAD_REQUEST if the command could not be
 * started; what [func@Kube.error_new_from_status] makes of other failures; %KUBE_ERROR_PROTOCOL if
 * @text is no `Status`.
 *
 * Returns: %TRUE if the command ran to its end, whatever its exit status
 */
gboolean
kube_exec_status_parse (const char *text,
                        const char *command,
                        int        *exit_status,
                        GError    **error)
{
  g_autoptr(JsonNode) status = NULL;
  g_autofree char *excerpt = NULL;
  const char      *word;
  const char      *message;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (exit_status != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *exit_status = -1;
  status = base_json_parse (text, -1, NULL);
  word = base_json_get_string (status, "status", NULL);
  message = base_json_get_string (status, "message", NULL);
  if (g_strcmp0 (word, "Success") == 0)
    {
      *exit_status = 0;
      return TRUE;
    }
  if (g_strcmp0 (word, "Failure") != 0)
    {
      excerpt = kube_excerpt_new (text, strlen (text));
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                   "The cluster did not say how the command ended, but “%s”. Whether it did its "
                   "work is not known. Look before you run it again.",
                   excerpt);
      return FALSE;
    }
  if (g_strcmp0 (base_json_get_string (status, "reason", NULL), "NonZeroExitCode") == 0 &&
      parse_exit_status (status, exit_status))
    return TRUE;

  if (command != NULL && message != NULL)
    *exit_status = find_failure (message);
  if (*exit_status >= 0)
    set_not_started (*exit_status, command, message, error);
  else
    g_propagate_error (error, kube_error_new_from_status (INTERNAL_ERROR, status, NULL));

  return FALSE;
}
