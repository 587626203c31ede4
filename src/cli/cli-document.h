/* cli-document.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-printer.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What of an object is shown that is hidden otherwise, and how. */
typedef enum
{
  CLI_DOCUMENT_NONE = 0,
  CLI_DOCUMENT_MANAGED_FIELDS = 1 << 0,
  CLI_DOCUMENT_SECRETS = 1 << 1,
  CLI_DOCUMENT_YAML = 1 << 2,
  CLI_DOCUMENT_SINGLE = 1 << 3, /* one object, by itself */
} CliDocumentFlags;

typedef struct _CliDocument CliDocument;

CliDocument *cli_document_new (CliPrinter      *printer,
                               CliDocumentFlags flags);
void         cli_document_free (CliDocument *self);
void         cli_document_add (CliDocument *self,
                               JsonNode    *object);
void         cli_document_finish (CliDocument *self,
                                  gboolean     empty);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliDocument, cli_document_free)

G_END_DECLS
