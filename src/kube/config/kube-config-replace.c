/* kube-config-replace.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config-replace.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kube-error.h"

static void
set_error (KubeConfigReplace *self,
           GError           **error,
           int                code)
{
  if (code == EACCES || code == EPERM)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s may not be written: permission denied. Nothing was changed. "
                 "Make the file and its folder writable for you.",
                 self->path);
  else if (code == EROFS)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s lies on a medium that cannot be written. Nothing was changed. "
                 "Use a copy of it elsewhere, and name that by KUBECONFIG.",
                 self->path);
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 "The kubeconfig %s cannot be replaced: %s. Nothing was changed. Check the disk "
                 "and the folder.",
                 self->path, g_strerror (code));
}

/**
 * kube_config_replace_begin:
 * @self: a cleared structure to fill; @path must outlive it
 * @path: the absolute path of a kubeconfig
 * @error: return location for an error
 *
 * Finds the file that is to be replaced, behind all links, and checks that it may be written.
 * What is write-protected stays as it is, even for root. This blocks and belongs into a thread.
 *
 * Possible errors: %KUBE_ERROR_CONFIG.
 *
 * Returns: %TRUE on success
 */
gboolean
kube_config_replace_begin (KubeConfigReplace *self,
                           const char        *path,
                           GError           **error)
{
  char *resolved;

  g_return_val_if_fail (self != NULL && self->target == NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  self->path = path;
  resolved = realpath (path, NULL);
  if (resolved == NULL || stat (resolved, &self->status) != 0 || access (resolved, W_OK) != 0)
    {
      set_error (self, error, errno);
      free (resolved);
      return FALSE;
    }
  self->target = g_strdup (resolved);
  free (resolved);

  if (!S_ISREG (self->status.st_mode))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The kubeconfig %s cannot be changed, since it is not a file on a disk. Save "
                   "it in a file.",
                   path);
      return FALSE;
    }
  if ((self->status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
    {
      set_error (self, error, EACCES);
      return FALSE;
    }

  return TRUE;
}

static gboolean
write_all (int         fd,
           const char *data,
           gsize       length)
{
  while (length > 0)
    {
      ssize_t n_written = write (fd, data, length);

      if (n_written < 0 && errno == EINTR)
        continue;
      if (n_written < 0)
        return FALSE;
      data += n_written;
      length -= n_written;
    }

  return fsync (fd) == 0;
}

static gboolean
is_same (KubeConfigReplace *self)
{
  struct stat now;

  return stat (self->target, &now) == 0 && now.st_ino == self->status.st_ino &&
         now.st_dev == self->status.st_dev && now.st_size == self->status.st_size &&
         now.st_mtim.tv_sec == self->status.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == self->status.st_mtim.tv_nsec;
}

/* Owner first: giving a file away drops bits of its mode. */
static gboolean
copy_rights (KubeConfigReplace *self,
             int                fd)
{
  struct stat now;

  if (fstat (fd, &now) != 0)
    return FALSE;
  if ((now.st_uid != self->status.st_uid || now.st_gid != self->status.st_gid) &&
      fchown (fd, self->status.st_uid, self->status.st_gid) != 0)
    return FALSE;

  return fchmod (fd, self->status.st_mode & 07777) == 0;
}

static void
sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

/* The new file has a name of its own until it is whole. */
static gboolean
write_new (KubeConfigReplace *self,
           const char        *name,
           int                fd,
           const char        *data,
           gsize              length,
           GCancellable      *cancellable,
           GError           **error)
{
  gboolean written = write_all (fd, data, length) && copy_rights (self, fd);
  int      code = errno;

  close (fd);
  if (!written)
    {
      set_error (self, error, code);
      return FALSE;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (!is_same (self))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                   "The kubeconfig %s was changed by another program at the same time. Nothing "
                   "was changed here. Try again.",
                   self->path);
      return FALSE;
    }
  if (g_rename (name, self->target) != 0)
    {
      set_error (self, error, errno);
      return FALSE;
    }

  return TRUE;
}

/**
 * kube_config_replace_commit:
 * @self: what `kube_config_replace_begin()` has filled
 * @data: the new bytes
 * @length: their number
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Puts a new file in the place of the old one, in one step: whoever reads sees the one or the
 * other, and after a power cut one of the two is there. It keeps its owner and its mode. A file
 * that was changed since `kube_config_replace_begin()` is left alone. This blocks and belongs
 * into a thread.
 *
 * Possible errors: %KUBE_ERROR_CONFIG, %G_IO_ERROR_CANCELLED; the old file is unchanged then.
 *
 * Returns: %TRUE on success
 */
gboolean
kube_config_replace_commit (KubeConfigReplace *self,
                            const char        *data,
                            gsize              length,
                            GCancellable      *cancellable,
                            GError           **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *name = NULL;
  int              fd;

  g_return_val_if_fail (self != NULL && self->target != NULL, FALSE);
  g_return_val_if_fail (data != NULL || length == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  folder = g_path_get_dirname (self->target);
  name = g_strconcat (self->target, ".XXXXXX", NULL);
  fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      set_error (self, error, errno);
      return FALSE;
    }
  if (!write_new (self, name, fd, data, length, cancellable, error))
    {
      g_unlink (name);
      return FALSE;
    }
  sync_folder (folder);

  return TRUE;
}

/**
 * kube_config_replace_clear:
 * @self: a structure
 *
 * Frees what it holds.
 */
void
kube_config_replace_clear (KubeConfigReplace *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->target, g_free);
}
