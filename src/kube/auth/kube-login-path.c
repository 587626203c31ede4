/* kube-login-path.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-login-path.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kube-program.h"

#define SECONDS 10
/* Greetings and other chatter of the shell's start-up files come before and after it. */
#define MARK "<hackystack-path>"

/* The answer holds for the whole process, so there is one of it. */
static struct
{
  gboolean   asked;   /* the answer is there, or on its way */
  gboolean   again;   /* it is asked the second time */
  GPtrArray *waiting; /* (element-type GTask) (nullable) while the shell runs */
  char      *path;    /* (nullable) */
} login;

static char *
extract_path (const KubeProgramResult *result)
{
  const char *start = strstr (result->output, MARK);
  const char *end = start != NULL ? strstr (start + strlen (MARK), MARK) : NULL;

  if (end == NULL)
    return NULL;
  start += strlen (MARK);

  return end > start ? g_strndup (start, end - start) : NULL;
}

static void ask_shell (void);

static void
find_run_cb (GObject      *source_object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(KubeProgramResult) answer = NULL;
  g_autoptr(GPtrArray) waiting = NULL;
  g_autoptr(GError) error = NULL;

  answer = kube_program_run_finish (result, &error);
  if (answer != NULL)
    login.path = extract_path (answer);
  else
    g_debug ("The login shell did not say its PATH: %s", error->message);
  if (login.path == NULL && !login.again)
    {
      login.again = TRUE;
      ask_shell ();
      return;
    }

  waiting = g_steal_pointer (&login.waiting);
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_pointer (g_ptr_array_index (waiting, i), g_strdup (login.path), g_free);
}

/* First as an interactive shell, since installers write to the files that only those read, such as
 * .bashrc and .zshrc; and once more without, for those whose files do not bear that. */
static void
ask_shell (void)
{
  const char *shell = g_getenv ("SHELL");
  g_auto(GStrv) environment = g_get_environ ();
  const char *argv[] = {
    shell != NULL && g_path_is_absolute (shell) ? shell : "/bin/sh",
    login.again ? "-l" : "-il",
    "-c",
    "printf '%s' '" MARK "' \"$PATH\" '" MARK "'",
    NULL,
  };

  /* Frameworks for such files ask questions and open windows in a terminal otherwise. */
  environment = g_environ_setenv (environment, "DISABLE_AUTO_UPDATE", "true", TRUE);
  environment = g_environ_setenv (environment, "ZSH_TMUX_AUTOSTARTED", "true", TRUE);
  environment = g_environ_setenv (environment, "ZSH_TMUX_AUTOSTART", "false", TRUE);
  kube_program_run_async (argv, (const char *const *) environment, SECONDS, NULL, find_run_cb,
                          NULL);
}

/**
 * kube_login_path_is_wanted:
 *
 * Tells whether this program was started from the desktop's menu, so that its own `PATH` is not
 * the one of the user's terminals: there is a display, and no terminal.
 *
 * Returns: %TRUE if it was
 */
gboolean
kube_login_path_is_wanted (void)
{
  int fd;

  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    return FALSE;

  fd = open ("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
  if (fd >= 0)
    close (fd);

  return fd < 0;
}

/**
 * kube_login_path_extend:
 * @path: (nullable): our own `PATH`
 * @login_path: that of the login shell
 *
 * Returns: (transfer full): the folders of @path, and behind them those that only @login_path has
 */
char *
kube_login_path_extend (const char *path,
                        const char *login_path)
{
  g_autoptr(GString) extended = g_string_new (path);
  g_auto(GStrv) folders = NULL;
  g_auto(GStrv) own = NULL;

  g_return_val_if_fail (login_path != NULL, NULL);

  folders = g_strsplit (login_path, G_SEARCHPATH_SEPARATOR_S, -1);
  own = g_strsplit (extended->str, G_SEARCHPATH_SEPARATOR_S, -1);
  for (guint i = 0; folders[i] != NULL; i++)
    if (*folders[i] != '\0' && !g_strv_contains ((const char *const *) own, folders[i]))
      g_string_append_printf (extended, "%s%s",
                              extended->len > 0 ? G_SEARCHPATH_SEPARATOR_S : "", folders[i]);

  return g_string_free (g_steal_pointer (&extended), FALSE);
}

/**
 * kube_login_path_find_async:
 * @cancellable: (nullable): a cancellable
 * @callback: called when the answer is there
 * @user_data: data for @callback
 *
 * Asks the user's login shell (the variable `SHELL`) for its `PATH`, once in the life of the
 * process and for at most 10 seconds, twice if it has no answer: a program that was started from
 * the desktop's menu does not know what the user's profile adds. To be called from the main
 * thread only.
 */
void
kube_login_path_find_async (GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_login_path_find_async);
  if (!login.asked)
    {
      login.asked = TRUE;
      login.waiting = g_ptr_array_new_with_free_func (g_object_unref);
      ask_shell ();
    }

  if (login.waiting != NULL)
    g_ptr_array_add (login.waiting, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_strdup (login.path), g_free);
}

/**
 * kube_login_path_find_finish:
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes asking for the `PATH`.
 *
 * Possible errors: %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the `PATH`, %NULL if the shell does not say it or with
 *   @error set
 */
char *
kube_login_path_find_finish (GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_login_path_find_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_login_path_search:
 * @path: folders as `PATH` lists them
 * @program: a name without a slash
 *
 * Looks for a program. Relative folders do not count.
 *
 * Returns: (transfer full) (nullable): its absolute path, %NULL if there is none
 */
char *
kube_login_path_search (const char *path,
                        const char *program)
{
  g_auto(GStrv) folders = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (program != NULL && strchr (program, '/') == NULL, NULL);

  folders = g_strsplit (path, G_SEARCHPATH_SEPARATOR_S, -1);
  for (guint i = 0; folders[i] != NULL; i++)
    {
      g_autofree char *file = g_build_filename (folders[i], program, NULL);

      if (g_path_is_absolute (file) && g_file_test (file, G_FILE_TEST_IS_REGULAR) &&
          g_file_test (file, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&file);
    }

  return NULL;
}
