/* stack-change-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-change.h"

#include "kube-client.h"
#include "kube-resource.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

struct _StackChange
{
  GObject parent_instance;

  /* Input */
  KubeClient         *client; /* (owned) */
  JsonNode           *object; /* (owned) filled */
  const KubeResource *resource;
  gboolean            take_all; /* what nobody has decided about is taken over */

  /* Results */
  char       *title;       /* (owned) */
  JsonNode   *sent;        /* (owned) @object without the fields that others keep */
  gboolean    forced;      /* fields of others are to be taken over */
  char       *version;     /* (owned) (nullable) at this version the object is right, ours and all */
  char       *live_text;   /* (owned) */
  char       *wanted_text; /* (owned) */
  StackDiff  *diff;        /* (owned) (nullable) made when it is asked for */
  char       *note;        /* (owned) */
  GError     *error;       /* (owned) (nullable) */
  GStrv       warnings;    /* (owned) */
  GPtrArray  *conflicts;   /* (element-type KubeFieldConflict) (owned) */
  GArray     *choices;     /* (element-type StackChoice) (owned) one for each of @conflicts */
  StackAction action;
};

StackChange *stack_change_new (KubeClient *client,
                               JsonNode   *object,
                               gboolean    take_all);
JsonNode    *stack_change_get_sent (StackChange *self);
gboolean     stack_change_get_forced (StackChange *self);
const char  *stack_change_get_version (StackChange *self);
void         stack_change_build_sent (StackChange *self);
gboolean     stack_change_add_conflicts (StackChange  *self,
                                         const GError *error);
void         stack_change_set_result (StackChange *self,
                                      StackAction  action,
                                      JsonNode    *live,
                                      JsonNode    *wanted,
                                      const char  *note);
void         stack_change_set_error (StackChange *self,
                                     GError      *error);
void         stack_change_try_async (StackChange        *self,
                                     gboolean            new_namespace,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data);
gboolean     stack_change_try_finish (StackChange  *self,
                                      GAsyncResult *result,
                                      GError      **error);

G_END_DECLS
