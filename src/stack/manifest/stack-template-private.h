/* stack-template-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-certificate.h"
#include "stack-settings.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is put into a template. Strings that are %NULL have no place in it. */
typedef struct
{
  StackSettings    *settings;      /* (borrowed) */
  const char       *ingress_class; /* (borrowed) (nullable) in place of an answer that is empty */
  StackCertificate *certificate;   /* (borrowed) (nullable) */
  const char       *digest;        /* (borrowed) (nullable) */
  const char       *run_digest;    /* (borrowed) (nullable) */
} StackFilling;

gboolean stack_template_applies (JsonNode *template,
                                 const StackFilling *filling);
gboolean stack_template_fill (JsonNode *template,
                              const StackFilling *filling,
                              const char         *file,
                              JsonNode          **filled,
                              GError            **error);

G_END_DECLS
