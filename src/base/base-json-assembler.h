/* base-json-assembler.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "base-json-reader.h"

G_BEGIN_DECLS

typedef struct _BaseJsonAssembler BaseJsonAssembler;

BaseJsonAssembler *base_json_assembler_new (void);
void               base_json_assembler_free (BaseJsonAssembler *self);
JsonNode          *base_json_assembler_take (BaseJsonAssembler *self,
                                             BaseJsonToken      token,
                                             const char        *text,
                                             gsize              length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseJsonAssembler, base_json_assembler_free)

G_END_DECLS
