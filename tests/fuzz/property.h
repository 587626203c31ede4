/* property.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <stdint.h>

G_BEGIN_DECLS

int LLVMFuzzerInitialize (int    *argc,
                          char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

char *property_dup_text (const uint8_t *data,
                         size_t         size);
void  property_is_words (const char *text);
void  property_is_error (const GError *error,
                         GQuark        domain);
void  property_is_equal (JsonNode *a,
                         JsonNode *b);
guint property_count_levels (JsonNode *node);

G_END_DECLS
