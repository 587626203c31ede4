/* fault-scanner.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The places of an answer at which a connection can fail. A cut there comes after at least one
 * byte of the place and, but for the ends, before its last one. */
typedef enum
{
  FAULT_BEFORE_ANSWER,
  FAULT_IN_STATUS_LINE,
  FAULT_IN_HEADER_NAME,
  FAULT_IN_HEADER_VALUE,
  FAULT_BEFORE_BODY, /* after the empty line */
  FAULT_IN_BODY,
  FAULT_IN_CHUNK_SIZE,
  FAULT_IN_CHUNK_DATA,
  FAULT_IN_CHUNK_END,   /* between CR and LF */
  FAULT_BETWEEN_CHUNKS, /* after that LF */
  FAULT_IN_LAST_CHUNK,
  FAULT_IN_STRING,
  FAULT_IN_ESCAPE,
  FAULT_IN_UTF8,
  FAULT_IN_NUMBER,
  FAULT_IN_LINE,       /* of the body: an event of a watch, a line of a log */
  FAULT_BETWEEN_LINES, /* after its LF */
  FAULT_AFTER_ANSWER,
  N_FAULT_PLACES
} FaultPlace;

/* Follows an answer of HTTP/1.1 byte by byte. */
typedef struct
{
  int      part;
  guint64  left; /* bytes of the body or of the chunk; G_MAXUINT64: up to the end */
  gboolean chunked;
  GString *line; /* of the head, or the size of a chunk */
  gboolean string;
  guint    escape; /* bytes that are missing */
  guint    utf8;   /* likewise */
} FaultScanner;

void     fault_scanner_begin (FaultScanner *self);
void     fault_scanner_clear (FaultScanner *self);
guint    fault_scanner_feed (FaultScanner *self,
                             guint8        byte);
gboolean fault_scanner_at_end (FaultScanner *self);

const char *fault_place_get_name (FaultPlace place);

G_END_DECLS
