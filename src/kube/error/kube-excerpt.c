/* kube-excerpt.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-excerpt.h"

#include <string.h>

#include "base-redact.h"

#define MAX_CHARACTERS 200
#define MAX_BYTES (16 * 1024)

static const char *
skip_markup (const char *p)
{
  const char *end = NULL;

  /* The contents of style sheets and scripts are not words either. */
  if (g_ascii_strncasecmp (p, "<style", 6) == 0)
    end = strstr (p, "</");
  else if (g_ascii_strncasecmp (p, "<script", 7) == 0)
    end = strstr (p, "</");

  end = strchr (end != NULL ? end : p, '>');
  return end != NULL ? end + 1 : p + strlen (p);
}

/* Adds the words of @p to @text: markup left out if it starts with some, white space joined. */
static void
append_words (GString    *text,
              const char *p)
{
  gboolean markup = *p == '<';
  gboolean space = FALSE;
  guint    n_characters = 0;

  while (*p != '\0')
    {
      gunichar c = g_utf8_get_char (p);
      gboolean tag = markup && c == '<';

      p = tag ? skip_markup (p) : g_utf8_next_char (p);
      if (tag || g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = text->len > 0;
          continue;
        }
      if (++n_characters > MAX_CHARACTERS)
        {
          g_string_append (text, "…");
          return;
        }
      if (space)
        g_string_append_c (text, ' ');
      space = FALSE;
      g_string_append_unichar (text, c);
    }
}

/**
 * kube_excerpt_new:
 * @data: text of an answer, not necessarily UTF-8
 * @length: its length in bytes, or -1 if it is NUL-terminated
 *
 * Makes one short line of readable text from an answer that is not what was expected, such as
 * the HTML error page of a proxy: markup is left out, white space is joined, the first
 * 200 characters are kept, and remembered secrets are masked.
 *
 * Returns: (transfer full): the excerpt, "" if there is no text in @data
 */
char *
kube_excerpt_new (const char *data,
                  gssize      length)
{
  g_autofree char *valid = NULL;
  g_autofree char *redacted = NULL;
  g_autoptr(GString) text = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (length < 0)
    length = strlen (data);
  valid = g_utf8_make_valid (length > 0 ? data : "", MIN (length, MAX_BYTES));
  redacted = base_redact_text (valid);
  text = g_string_new (NULL);
  append_words (text, redacted + strspn (redacted, " \t\r\n"));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * kube_excerpt_dup_text:
 * @data: text of an answer, not necessarily UTF-8
 * @length: its length in bytes, or -1 if it is NUL-terminated
 *
 * Keeps an answer for whoever understands it, such as what an app in the cluster says about
 * itself: as it is, but masked where it names remembered secrets, and at most 16 KiB of it, with
 * "…" at the end where it goes on.
 *
 * Returns: (transfer full): the text, valid UTF-8
 */
char *
kube_excerpt_dup_text (const char *data,
                       gssize      length)
{
  g_autofree char *valid = NULL;
  g_autofree char *redacted = NULL;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (length < 0)
    length = strlen (data);
  valid = g_utf8_make_valid (length > 0 ? data : "", MIN (length, MAX_BYTES));
  redacted = base_redact_text (valid);

  return length > MAX_BYTES ? g_strconcat (redacted, "…", NULL) : g_steal_pointer (&redacted);
}
