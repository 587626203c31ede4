/* kube-program.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a program left behind. Freeing it wipes the texts. */
typedef struct
{
  char    *output; /* what it printed, NUL-terminated behind its length */
  gsize    length;
  char    *messages; /* the end of what it wrote to its standard error, NUL-terminated */
  gboolean exited;   /* FALSE if a signal ended it */
  int      exit_status;
} KubeProgramResult;

void               kube_program_run_async (const char *const  *argv,
                                           const char *const  *environment,
                                           guint               seconds,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
KubeProgramResult *kube_program_run_finish (GAsyncResult *result,
                                            GError      **error);
void               kube_program_result_free (KubeProgramResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeProgramResult, kube_program_result_free)

G_END_DECLS
