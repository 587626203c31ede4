/* stack-image-text.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-text-private.h"

#include "base-redact.h"

/* Bytes of a line that are shown. */
#define MAX_LINE 4096
#define ESCAPE 0x1b

/*
 * _stack_image_text_new:
 *
 * Makes lines of text out of what a program prints for a terminal: in any pieces, without escape
 * sequences and other control characters, in valid UTF-8, with secrets replaced. Of what a carriage
 * return wrote over itself the last counts. A line of more than 4 KiB is cut.
 *
 * Returns: (transfer full): a text that has not begun
 */
StackImageText *
_stack_image_text_new (void)
{
  StackImageText *self = g_new0 (StackImageText, 1);

  self->line = g_string_new (NULL);

  return self;
}

void
_stack_image_text_free (StackImageText *self)
{
  g_string_free (self->line, TRUE);
  g_free (self);
}

/* C1 control characters may begin a sequence in some terminals: in UTF-8 they are two bytes. */
static char *
remove_controls (const char *text)
{
  GString *cleaned = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\t' || !g_unichar_iscntrl (c))
        g_string_append_unichar (cleaned, c);
    }

  return g_string_free (cleaned, FALSE);
}

static void
end_line (StackImageText *self,
          GPtrArray      *lines)
{
  g_autofree char *valid = g_utf8_make_valid (self->line->str, (gssize) self->line->len);
  g_autofree char *cleaned = remove_controls (valid);
  g_autofree char *redacted = base_redact_text (cleaned);

  g_ptr_array_add (lines, self->is_cut ? g_strconcat (redacted, "…", NULL)
                                       : g_steal_pointer (&redacted));
  g_string_truncate (self->line, 0);
  self->is_cut = FALSE;
  self->restarts = FALSE;
}

static void
take_plain (StackImageText *self,
            guchar          c,
            GPtrArray      *lines)
{
  if (c == '\n')
    end_line (self, lines);
  else if (c == '\r')
    self->restarts = TRUE;
  else if (c >= 0x20 || c == '\t')
    {
      if (self->restarts)
        {
          g_string_truncate (self->line, 0);
          self->is_cut = FALSE;
          self->restarts = FALSE;
        }
      if (self->line->len < MAX_LINE)
        g_string_append_c (self->line, (char) c);
      else
        self->is_cut = TRUE;
    }
}

/* The byte after ESC says what follows; one of 0x20 to 0x2f that more follow. */
static StackImageTextState
begin_sequence (guchar c)
{
  switch (c)
    {
    case '[':
      return STACK_IMAGE_TEXT_CONTROL;

    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
      return STACK_IMAGE_TEXT_STRING;

    case ESCAPE:
      return STACK_IMAGE_TEXT_ESCAPE;

    default:
      return c >= 0x20 && c <= 0x2f ? STACK_IMAGE_TEXT_ESCAPE : STACK_IMAGE_TEXT_PLAIN;
    }
}

static StackImageTextState
go_on (StackImageTextState state,
       guchar              c)
{
  switch (state)
    {
    case STACK_IMAGE_TEXT_ESCAPE:
      return begin_sequence (c);

    case STACK_IMAGE_TEXT_CONTROL:
      if (c == ESCAPE)
        return STACK_IMAGE_TEXT_ESCAPE;
      return c >= 0x40 && c <= 0x7e ? STACK_IMAGE_TEXT_PLAIN : STACK_IMAGE_TEXT_CONTROL;

    case STACK_IMAGE_TEXT_STRING_END:
      if (c == '\\')
        return STACK_IMAGE_TEXT_PLAIN;
      return begin_sequence (c);

    case STACK_IMAGE_TEXT_STRING:
      if (c == ESCAPE)
        return STACK_IMAGE_TEXT_STRING_END;
      return c == '\a' ? STACK_IMAGE_TEXT_PLAIN : STACK_IMAGE_TEXT_STRING;

    case STACK_IMAGE_TEXT_PLAIN:
    default:
      return c == ESCAPE ? STACK_IMAGE_TEXT_ESCAPE : STACK_IMAGE_TEXT_PLAIN;
    }
}

/*
 * _stack_image_text_feed:
 * @self: a text
 * @data: (array length=length): the next bytes of any kind
 * @length: how many
 * @lines: (element-type utf8): where the lines go that have come to their end, to be freed
 *
 * Reads on. A sequence that has no end ends with its line.
 */
void
_stack_image_text_feed (StackImageText *self,
                        const char     *data,
                        gsize           length,
                        GPtrArray      *lines)
{
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) data[i];

      if (c == '\n' || (self->state == STACK_IMAGE_TEXT_PLAIN && c != ESCAPE))
        {
          self->state = STACK_IMAGE_TEXT_PLAIN;
          take_plain (self, c, lines);
        }
      else
        self->state = go_on (self->state, c);
    }
}

/*
 * _stack_image_text_end:
 * @self: a text
 * @lines: (element-type utf8): where a line without its end goes
 *
 * Ends the text.
 */
void
_stack_image_text_end (StackImageText *self,
                       GPtrArray      *lines)
{
  self->state = STACK_IMAGE_TEXT_PLAIN;
  if (self->line->len > 0)
    end_line (self, lines);
}
