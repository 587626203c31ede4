/* stack-manifest-set-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-manifest-set.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An object that is ready to be applied, and the file that it comes from. */
typedef struct
{
  JsonNode   *node;    /* (owned) */
  const char *file;    /* (borrowed) from the manifests */
  const char *heading; /* (borrowed) the comment at the file's top, ended by a newline, or "" */
  guint       rank;    /* objects of a higher one need those of a lower one */
} StackFilledFile;

GPtrArray *stack_manifest_set_fill_files (StackManifestSet *self,
                                          StackSettings    *settings,
                                          GError          **error);

G_END_DECLS
