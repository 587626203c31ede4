/* stack-evidence-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-evidence.h"

G_BEGIN_DECLS

StackEvidence *stack_evidence_new (const char *ns,
                                   JsonNode   *document);

G_END_DECLS
