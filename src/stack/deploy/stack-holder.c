/* stack-holder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-holder-private.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* How a process calls itself where others of this or of another machine read it:
 * "AUTHOR/BOOT/NAMESPACE/PID/START/SERIAL". With the same boot and the same namespace of process
 * numbers it can be told whether that process is still there. */

#define BOOT "/proc/sys/kernel/random/boot_id"
#define NAMESPACE "/proc/self/ns/pid"
#define N_PARTS 6

/* Of /proc/PID/stat, counted from the field after the program's name (proc(5)). */
#define FIELD_STATE 0
#define FIELD_START 19

enum
{
  PART_AUTHOR,
  PART_BOOT,
  PART_NAMESPACE,
  PART_PID,
  PART_START,
  PART_SERIAL,
};

/* The fields of a process behind its program's name, which may hold anything; NULL when they
 * cannot be read. */
static char **
read_fields (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", pid);
  g_autofree char *text = NULL;
  const char      *end;
  char           **fields;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  end = strrchr (text, ')');
  if (end == NULL || end[1] == '\0')
    return NULL;

  fields = g_strsplit (end + 2, " ", -1);
  if (g_strv_length (fields) <= FIELD_START)
    g_clear_pointer (&fields, g_strfreev);

  return fields;
}

static char *
read_boot (void)
{
  char *text = NULL;

  if (!g_file_get_contents (BOOT, &text, NULL, NULL))
    return g_strdup ("-");

  return g_strstrip (text);
}

static char *
read_namespace (void)
{
  char *text = g_file_read_link (NAMESPACE, NULL);

  return text != NULL ? text : g_strdup ("-");
}

/*
 * stack_holder_build:
 *
 * Returns: (transfer full): a name for something in this process, each time another
 */
char *
stack_holder_build (void)
{
  g_autofree char *author = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());
  g_autofree char *boot = read_boot ();
  g_autofree char *namespace_ = read_namespace ();
  g_auto(GStrv) fields = read_fields (getpid ());

  g_strdelimit (author, "/", '-');

  return g_strdup_printf ("%s/%s/%s/%d/%s/%08x", author, boot, namespace_, (int) getpid (),
                          fields != NULL ? fields[FIELD_START] : "-", g_random_int ());
}

/* Its number may have been given to another process since. */
static gboolean
is_running (gint64      pid,
            const char *start)
{
  g_auto(GStrv) fields = NULL;

  if (kill ((pid_t) pid, 0) != 0 && errno == ESRCH)
    return FALSE;

  fields = read_fields (pid);

  return fields == NULL ||
         (strchr ("ZX", *fields[FIELD_STATE]) == NULL && g_str_equal (fields[FIELD_START], start));
}

/*
 * stack_holder_is_gone:
 * @identity: what stack_holder_build() gave a process
 *
 * Returns: whether that process is known to run no longer; %FALSE where that cannot be known, such as for a
 *   process of another machine
 */
gboolean
stack_holder_is_gone (const char *identity)
{
  g_auto(GStrv) parts = NULL;
  g_autofree char *boot = read_boot ();
  g_autofree char *namespace_ = read_namespace ();
  gint64           pid;

  g_return_val_if_fail (identity != NULL, FALSE);

  parts = g_strsplit (identity, "/", -1);
  if (g_strv_length (parts) != N_PARTS || g_str_equal (boot, "-") ||
      !g_str_equal (parts[PART_BOOT], boot) || !g_str_equal (parts[PART_NAMESPACE], namespace_))
    return FALSE;

  pid = g_ascii_strtoll (parts[PART_PID], NULL, 10);

  return pid > 0 && !is_running (pid, parts[PART_START]);
}

/*
 * stack_holder_dup_author:
 * @identity: what a process called itself
 *
 * Returns: (transfer full): whose process it is, as "user@machine"
 */
char *
stack_holder_dup_author (const char *identity)
{
  g_return_val_if_fail (identity != NULL, NULL);

  return g_strndup (identity, strcspn (identity, "/"));
}
