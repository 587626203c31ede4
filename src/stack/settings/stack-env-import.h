/* stack-env-import.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-env-file.h"
#include "stack-settings.h"

G_BEGIN_DECLS

/**
 * StackEnvItem:
 * @name: name of the variable in the file
 * @field: (nullable): the question that it answers; %NULL for a further variable
 * @refusal: (nullable): why it cannot be taken; %NULL when it can
 * @remark: (nullable): what is worth knowing before it is taken
 * @differs: whether taking it changes anything
 * @chosen: whether it is taken; may be set where @refusal is %NULL
 *
 * One variable of a .env file, and what becomes of it.
 */
typedef struct
{
  char             *name;
  const StackField *field;
  char             *refusal;
  char             *remark;
  gboolean          differs;
  gboolean          chosen;
} StackEnvItem;

typedef struct _StackEnvImport StackEnvImport;

StackEnvImport *stack_env_import_new (StackSettings *settings,
                                      const char    *text,
                                      gssize         length,
                                      GError       **error);
void            stack_env_import_free (StackEnvImport *self);
GPtrArray      *stack_env_import_get_items (StackEnvImport *self);
GArray         *stack_env_import_get_passed_over (StackEnvImport *self);
const char     *stack_env_import_get_shown_value (StackEnvImport     *self,
                                                  const StackEnvItem *item);
guint           stack_env_import_count_chosen (StackEnvImport *self);
gboolean        stack_env_import_choose (StackEnvImport    *self,
                                         const char *const *names,
                                         GError           **error);
void            stack_env_import_take (StackEnvImport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackEnvImport, stack_env_import_free)

G_END_DECLS
