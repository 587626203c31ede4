/* stack-env-file.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StackEnvEntry:
 * @name: name of the variable
 * @value: its value; a secret
 * @line: in which line it begins, from 1
 *
 * One variable of a .env file.
 */
typedef struct
{
  char *name;
  char *value;
  guint line;
} StackEnvEntry;

/**
 * StackEnvFile:
 * @entries: (element-type StackEnvEntry): the variables, each name once, in the order of the file
 * @passed_over: (element-type guint): numbers of the lines that say nothing that is understood
 *
 * What a .env file says.
 */
typedef struct
{
  GPtrArray *entries;
  GArray    *passed_over;

  /*< private >*/
  GHashTable *by_name;
} StackEnvFile;

StackEnvFile  *stack_env_file_parse (const char *text,
                                     gssize      length,
                                     GError    **error);
StackEnvEntry *stack_env_file_find (StackEnvFile *self,
                                    const char   *name);
void           stack_env_file_free (StackEnvFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackEnvFile, stack_env_file_free)

G_END_DECLS
