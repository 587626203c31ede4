/* fault-scanner.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-scanner.h"

#include <string.h>

enum
{
  STATUS_LINE,
  HEADERS,
  BODY,
  CHUNK_SIZE,
  CHUNK_DATA,
  CHUNK_END,
  TRAILER,
  END
};

static const char *const names[N_FAULT_PLACES] = {
  [FAULT_BEFORE_ANSWER] = "before-answer",
  [FAULT_IN_STATUS_LINE] = "in-status-line",
  [FAULT_IN_HEADER_NAME] = "in-header-name",
  [FAULT_IN_HEADER_VALUE] = "in-header-value",
  [FAULT_BEFORE_BODY] = "before-body",
  [FAULT_IN_BODY] = "in-body",
  [FAULT_IN_CHUNK_SIZE] = "in-chunk-size",
  [FAULT_IN_CHUNK_DATA] = "in-chunk-data",
  [FAULT_IN_CHUNK_END] = "in-chunk-end",
  [FAULT_BETWEEN_CHUNKS] = "between-chunks",
  [FAULT_IN_LAST_CHUNK] = "in-last-chunk",
  [FAULT_IN_STRING] = "in-string",
  [FAULT_IN_ESCAPE] = "in-escape",
  [FAULT_IN_UTF8] = "in-utf8",
  [FAULT_IN_NUMBER] = "in-number",
  [FAULT_IN_LINE] = "in-line",
  [FAULT_BETWEEN_LINES] = "between-lines",
  [FAULT_AFTER_ANSWER] = "after-answer",
};

const char *
fault_place_get_name (FaultPlace place)
{
  g_assert (place < N_FAULT_PLACES);

  return names[place];
}

/* Before each answer of a connection. */
void
fault_scanner_begin (FaultScanner *self)
{
  GString *line = self->line != NULL ? self->line : g_string_new (NULL);

  memset (self, 0, sizeof *self);
  self->line = g_string_truncate (line, 0);
  self->left = G_MAXUINT64;
}

void
fault_scanner_clear (FaultScanner *self)
{
  if (self->line != NULL)
    g_string_free (self->line, TRUE);
  self->line = NULL;
}

gboolean
fault_scanner_at_end (FaultScanner *self)
{
  return self->part == END;
}

static void
read_header (FaultScanner *self)
{
  g_autofree char *lower = g_ascii_strdown (self->line->str, -1);

  if (g_str_has_prefix (lower, "content-length:"))
    self->left = g_ascii_strtoull (lower + strlen ("content-length:"), NULL, 10);
  else if (g_str_has_prefix (lower, "transfer-encoding:") && strstr (lower, "chunked") != NULL)
    self->chunked = TRUE;
}

static guint
end_head (FaultScanner *self)
{
  g_string_truncate (self->line, 0);
  if (self->chunked)
    self->part = CHUNK_SIZE;
  else
    self->part = self->left > 0 ? BODY : END;

  return 1u << FAULT_BEFORE_BODY | (self->part == END ? 1u << FAULT_AFTER_ANSWER : 0);
}

static guint
feed_head (FaultScanner *self,
           guint8        byte)
{
  if (byte == '\n' && self->part == HEADERS && self->line->len == 0)
    return end_head (self);
  if (byte == '\n')
    {
      if (self->part == HEADERS)
        read_header (self);
      self->part = HEADERS;
      g_string_truncate (self->line, 0);
      return 0;
    }
  if (byte == '\r')
    return 0;

  g_string_append_c (self->line, (char) byte);
  if (self->part == STATUS_LINE)
    return 1u << FAULT_IN_STATUS_LINE;

  return strchr (self->line->str, ':') != NULL ? 1u << FAULT_IN_HEADER_VALUE
                                               : 1u << FAULT_IN_HEADER_NAME;
}

static guint
feed_string (FaultScanner *self,
             guint8        byte)
{
  if (self->escape > 0)
    self->escape = byte == 'u' && self->escape == 1 ? 4 : self->escape - 1;
  else if (byte == '\\')
    self->escape = 1;
  else if (byte == '"')
    self->string = FALSE;

  if (byte >= 0xc0)
    self->utf8 = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2
                                                 : 1;
  else if (byte >= 0x80 && self->utf8 > 0)
    self->utf8--;

  return (self->string ? 1u << FAULT_IN_STRING : 0) |
         (self->escape > 0 ? 1u << FAULT_IN_ESCAPE : 0) |
         (self->utf8 > 0 ? 1u << FAULT_IN_UTF8 : 0);
}

/* Of the body, as JSON in lines. */
static guint
feed_text (FaultScanner *self,
           guint8        byte)
{
  guint places = 1u << FAULT_IN_BODY;

  if (byte == '\n')
    return places | 1u << FAULT_BETWEEN_LINES;

  places |= 1u << FAULT_IN_LINE;
  if (self->string)
    return places | feed_string (self, byte);

  self->string = byte == '"';
  /* Its last digit may be the one: a number does not say where it ends. */
  if (g_ascii_isdigit (byte))
    places |= 1u << FAULT_IN_NUMBER;

  return places;
}

static guint
feed_chunk_size (FaultScanner *self,
                 guint8        byte)
{
  if (byte != '\n')
    {
      g_string_append_c (self->line, (char) byte);
      return self->line->str[0] == '0' ? 1u << FAULT_IN_LAST_CHUNK : 1u << FAULT_IN_CHUNK_SIZE;
    }

  self->left = g_ascii_strtoull (self->line->str, NULL, 16);
  g_string_truncate (self->line, 0);
  self->part = self->left > 0 ? CHUNK_DATA : TRAILER;

  return self->left > 0 ? 1u << FAULT_IN_CHUNK_SIZE : 1u << FAULT_IN_LAST_CHUNK;
}

static guint
feed_body (FaultScanner *self,
           guint8        byte)
{
  guint places = feed_text (self, byte);

  if (self->left != G_MAXUINT64 && --self->left == 0)
    {
      self->part = self->part == CHUNK_DATA ? CHUNK_END : END;
      return places | (self->part == END ? 1u << FAULT_AFTER_ANSWER : 0);
    }

  return places | (self->part == CHUNK_DATA ? 1u << FAULT_IN_CHUNK_DATA : 0);
}

static guint
feed_chunk_end (FaultScanner *self,
                guint8        byte)
{
  if (byte == '\r')
    return 1u << FAULT_IN_CHUNK_END;

  self->part = CHUNK_SIZE;
  return 1u << FAULT_BETWEEN_CHUNKS;
}

static guint
feed_trailer (FaultScanner *self,
              guint8        byte)
{
  if (byte == '\r')
    return 1u << FAULT_IN_LAST_CHUNK;

  self->part = END;
  return 1u << FAULT_AFTER_ANSWER;
}

/* Returns: the set of the places that a cut after this byte would be at */
guint
fault_scanner_feed (FaultScanner *self,
                    guint8        byte)
{
  switch (self->part)
    {
    case STATUS_LINE:
    case HEADERS:
      return feed_head (self, byte);
    case CHUNK_SIZE:
      return feed_chunk_size (self, byte);
    case BODY:
    case CHUNK_DATA:
      return feed_body (self, byte);
    case CHUNK_END:
      return feed_chunk_end (self, byte);
    case TRAILER:
      return feed_trailer (self, byte);
    default:
      return 0;
    }
}
