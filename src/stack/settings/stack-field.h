/* stack-field.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  STACK_FIELD_NAMESPACE,
  STACK_FIELD_HOST,
  STACK_FIELD_IMAGE,
  STACK_FIELD_REPLICAS,
  STACK_FIELD_NEXTAUTH_URL,
  STACK_FIELD_NEXTAUTH_SECRET,
  STACK_FIELD_GITHUB_CLIENT_ID,
  STACK_FIELD_GITHUB_CLIENT_SECRET,
  STACK_FIELD_DATABASE_URL,
  STACK_FIELD_INGRESS_CLASS,
} StackFieldId;

#define N_STACK_FIELDS (STACK_FIELD_INGRESS_CLASS + 1)
#define STACK_TYPE_FIELD_ID (stack_field_id_get_type ())

typedef struct
{
  StackFieldId id;
  const char  *key;         /* name in values files and placeholders */
  const char  *variable;    /* the app's environment variable, nullable */
  const char  *title;       /* what forms show */
  const char  *explanation; /* one line for learners */
  const char  *fallback;    /* value while nothing is set, nullable */
  gboolean     secret;
  gboolean     required;
} StackField;

GType             stack_field_id_get_type (void) G_GNUC_CONST;
const StackField *stack_field_get (StackFieldId id);
const StackField *stack_field_find_key (const char *key);

G_END_DECLS
