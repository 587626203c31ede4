/* kube-process.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-process.h"

/**
 * kube_process_prepare:
 *
 * Sets what the TLS and HTTP libraries read from the environment once per process. Must be the
 * first call of `main()`, before any other thread exists and before TLS is used.
 *
 * - `G_TLS_GNUTLS_PRIORITY`: TLS 1.2 and 1.3 only, and no session tickets. GIO keeps tickets for
 *   the whole process, by host and port only: a resumed session would skip the check of the
 *   server's certificate that this connection's own authority demands, and would be served as
 *   the user who opened the first one. With several contexts of one cluster, or a changed
 *   kubeconfig, that would be another identity. It replaces a value that was set from outside.
 * - `SOUP_FORCE_HTTP1`: HTTP/1.1 only, because large bodies over HTTP/2 stall the main loop of
 *   libsoup 3.2 for seconds.
 *
 * It also lets GLib make the locale in which it reads numbers. Two threads that read the first
 * numbers of a process at the same time wait for each other there, and a number that is right may
 * then be refused: g_ascii_string_to_signed() takes the `errno` of that wait for its own.
 */
void
kube_process_prepare (void)
{
  g_setenv ("G_TLS_GNUTLS_PRIORITY",
            "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%NO_TICKETS", TRUE);
  g_setenv ("SOUP_FORCE_HTTP1", "1", TRUE);
  g_ascii_strtoll ("0", NULL, 10);
}
