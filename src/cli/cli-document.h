/* cli-document.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What of an object is shown that is hidden otherwise. */
typedef enum
{
  CLI_DOCUMENT_NONE = 0,
  CLI_DOCUMENT_MANAGED_FIELDS = 1 << 0,
  CLI_DOCUMENT_SECRETS = 1 << 1,
} CliDocumentFlags;

void      cli_document_add_page (GPtrArray       *items,
                                 JsonNode        *page,
                                 CliDocumentFlags flags);
JsonNode *cli_document_new_list (GPtrArray *items);

G_END_DECLS
