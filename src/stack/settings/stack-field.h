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
  STACK_FIELD_TLS,
  STACK_FIELD_PULL_POLICY,
  STACK_FIELD_MIGRATION_IMAGE,
} StackFieldId;

#define N_STACK_FIELDS (STACK_FIELD_MIGRATION_IMAGE + 1)

/* The two answers to a question that is answered by one of them. */
#define STACK_FIELD_YES "yes"
#define STACK_FIELD_NO "no"

#define STACK_TYPE_FIELD_ID (stack_field_id_get_type ())

typedef struct
{
  StackFieldId       id;
  const char        *key;         /* name in values files and placeholders */
  const char        *variable;    /* the app's environment variable, nullable */
  const char        *title;       /* what forms show */
  const char        *explanation; /* one line for learners */
  const char        *fallback;    /* value while nothing is set, nullable */
  gboolean           secret;
  gboolean           required;
  const char *const *choices; /* the only answers, ended by NULL; nullable */
} StackField;

GType             stack_field_id_get_type (void) G_GNUC_CONST;
const StackField *stack_field_get (StackFieldId id);
const StackField *stack_field_find_key (const char *key);
gboolean          stack_field_is_switch (const StackField *field);

G_END_DECLS
