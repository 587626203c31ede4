/* kube-config-lock.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <time.h>
#include <unistd.h>

#include "kube-error.h"

/* A change takes a moment: who holds the lock for longer than this has most likely died. */
#define STALE_SECONDS 60

static void
set_held_error (GError    **error,
                const char *path,
                const char *lock_path)
{
  GStatBuf         status;
  g_autofree char *when = NULL;
  gint64           seconds = 0;

  if (g_lstat (lock_path, &status) == 0)
    seconds = (gint64) time (NULL) - status.st_mtime;
  if (seconds < STALE_SECONDS)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s is just being changed by another program: the lock %s is "
                 "there. Try again in a moment.",
                 path, lock_path);
  else
    {
      g_autoptr(GDateTime) moment = g_date_time_new_from_unix_local (status.st_mtime);

      when = g_date_time_format (moment, "%Y-%m-%d %H:%M");
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The kubeconfig %s is locked since %s: a program such as kubectl that was "
                   "changing it may have been ended before it was done. If none is at work, "
                   "remove the file %s and try again.",
                   path, when, lock_path);
    }
}

/**
 * kube_config_lock_take:
 * @self: a cleared lock
 * @path: the absolute path of a kubeconfig, with links as they were written
 * @error: return location for an error
 *
 * Takes the lock that kubectl takes to change a kubeconfig: a file beside it with the ending
 * `.lock`, which must not have been there (client-go: tools/clientcmd/loader.go, lockFile). It
 * does not wait, as kubectl does not. This blocks and belongs into a thread.
 *
 * Possible errors: %KUBE_ERROR_CONFIG.
 *
 * Returns: %TRUE if the lock is held
 */
gboolean
kube_config_lock_take (KubeConfigLock *self,
                       const char     *path,
                       GError        **error)
{
  g_autofree char *lock_path = NULL;
  int              fd;
  int              code;

  g_return_val_if_fail (self != NULL && self->path == NULL, FALSE);
  g_return_val_if_fail (path != NULL && g_path_is_absolute (path), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  lock_path = g_strconcat (path, ".lock", NULL);
  fd = g_open (lock_path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0);
  code = errno;
  if (fd < 0)
    {
      if (code == EEXIST)
        set_held_error (error, path, lock_path);
      else
        g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                     "The kubeconfig %s cannot be changed: the lock %s cannot be made (%s). Make "
                     "the folder writable for you.",
                     path, lock_path, g_strerror (code));
      return FALSE;
    }

  close (fd);
  self->path = g_steal_pointer (&lock_path);

  return TRUE;
}

/**
 * kube_config_lock_clear:
 * @self: a lock
 *
 * Gives the lock back, if it is held.
 */
void
kube_config_lock_clear (KubeConfigLock *self)
{
  g_return_if_fail (self != NULL);

  if (self->path != NULL && g_unlink (self->path) != 0)
    g_warning ("The lock %s cannot be removed: %s", self->path, g_strerror (errno));
  g_clear_pointer (&self->path, g_free);
}
