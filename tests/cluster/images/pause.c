// SPDX-License-Identifier: GPL-3.0-or-later
// Holds a pod's namespaces: waits, reaps orphans, ends when told to.
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void
end (int s)
{
  (void) s;
  _exit (0);
}
static void
reap (int s)
{
  (void) s;
  while (waitpid (-1, 0, WNOHANG) > 0)
    ;
}

int
main (void)
{
  struct sigaction ending = { .sa_handler = end };
  struct sigaction reaping = { .sa_handler = reap, .sa_flags = SA_NOCLDSTOP };
  sigaction (SIGINT, &ending, 0);
  sigaction (SIGTERM, &ending, 0);
  sigaction (SIGCHLD, &reaping, 0);
  for (;;)
    pause ();
}
