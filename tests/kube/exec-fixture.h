/* exec-fixture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-exec.h"

G_BEGIN_DECLS

/* Reads a stream to its end, with a short break after each read if wanted. */
typedef struct
{
  GInputStream *stream;
  GByteArray   *read;
  GChecksum    *checksum; /* (nullable): then nothing is kept */
  gsize         n_bytes;
  gsize         most_queued;
  KubeExec     *exec;
  guint         pause_ms;
  gboolean      ended;
  GError       *error; /* (nullable) */
  guint8       *buffer;
} Drain;

/* A command, and all that it said. */
typedef struct
{
  KubeExec *exec; /* (nullable) */
  Drain     out;
  Drain     err;
  int       exit_status;
} Ran;

KubeExec *start_exec (KubeClient            *client,
                      const KubeExecOptions *options,
                      GError               **error);
void      ran_drain (Ran      *ran,
                     KubeExec *exec);
gboolean  ran_wait (Ran     *ran,
                    GError **error);
void      ran_clear (Ran *ran);
void      assert_read (Drain      *drain,
                       const char *wanted);

G_END_DECLS
