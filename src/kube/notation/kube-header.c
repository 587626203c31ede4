/* kube-header.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-header.h"

#include <libsoup/soup.h>
#include <string.h>

/* The code for miscellaneous warnings that last; the API has no other. */
#define WARN_CODE "299"

/**
 * kube_header_parse_retry_after:
 * @value: (nullable): the value of a `Retry-After` header
 * @now: the time, seconds since 1970
 *
 * Reads after how much time to come back (RFC 9110, 10.2.3): a number of seconds, as the API
 * server writes it, or a date in one of the three forms of HTTP, as what stands before it may.
 *
 * Returns: seconds from @now on, 0 if that is past; -1 if @value is missing or neither
 */
int
kube_header_parse_retry_after (const char *value,
                               gint64      now)
{
  g_autoptr(GDateTime) date = NULL;
  g_autofree char *text = NULL;
  guint64          seconds;

  if (value == NULL)
    return -1;

  text = g_strstrip (g_strdup (value));
  if (*text != '\0' && strspn (text, "0123456789") == strlen (text))
    {
      seconds = g_ascii_strtoull (text, NULL, 10);
      return (int) MIN (seconds, G_MAXINT);
    }

  date = soup_date_time_new_from_http_string (text);
  if (date == NULL)
    return -1;

  return (int) CLAMP (g_date_time_to_unix (date) - now, 0, G_MAXINT);
}

static const char *
skip_space (const char *text)
{
  return text + strspn (text, " \t");
}

/* A quoted string, in which a backslash stands before what is meant as it is.
 *
 * Returns: the text behind the closing quote and white space; NULL if there is none */
static const char *
read_quoted (const char *text,
             GString    *content)
{
  if (*text++ != '"')
    return NULL;
  for (; *text != '"'; text++)
    {
      if (*text == '\\')
        text++;
      if (*text == '\0')
        return NULL;
      g_string_append_c (content, *text);
    }

  return skip_space (text + 1);
}

static gboolean
is_readable (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_iscntrl (g_utf8_get_char (text)))
      return FALSE;

  return TRUE;
}

/* One warning: code, agent, text and perhaps a date.
 *
 * Returns: what follows it; NULL if it has not that form */
static const char *
read_warning (const char *text,
              char      **code,
              char      **words)
{
  g_autoptr(GString) content = g_string_new (NULL);
  g_autoptr(GString) date = g_string_new (NULL);
  g_autofree char *agent = NULL;
  const char      *end = text + strcspn (text, " \t");

  *code = g_strndup (text, (gsize) (end - text));
  text = skip_space (end);
  end = text + strcspn (text, " \t");
  agent = g_strndup (text, (gsize) (end - text));
  if (strlen (*code) != 3 || strspn (*code, "0123456789") != 3 || *agent == '\0' ||
      !is_readable (agent))
    return NULL;

  text = read_quoted (skip_space (end), content);
  if (text == NULL || !is_readable (content->str))
    return NULL;
  if (*text == '"')
    text = read_quoted (text, date);
  if (text == NULL || (*text != ',' && *text != '\0'))
    return NULL;

  *words = g_string_free (g_steal_pointer (&content), FALSE);
  return skip_space (text + (*text == ','));
}

/**
 * kube_header_parse_warnings:
 * @value: the value of a `Warning` header
 * @texts: (element-type utf8): where to add the texts of the warnings
 *
 * Reads warnings (RFC 7234, 5.5): `299 - "text"`, several with commas between them. As in
 * `ParseWarningHeaders` of k8s.io/apimachinery/pkg/util/net what follows a warning that has not
 * this form is left out. The encoded words of RFC 2616, which RFC 7234 took away, are not
 * decoded; the API server does not write them.
 */
void
kube_header_parse_warnings (const char *value,
                            GPtrArray  *texts)
{
  g_return_if_fail (value != NULL);
  g_return_if_fail (texts != NULL);

  for (value = skip_space (value); value != NULL && *value != '\0';)
    {
      g_autofree char *code = NULL;
      g_autofree char *words = NULL;

      value = read_warning (value, &code, &words);
      if (value != NULL && strcmp (code, WARN_CODE) == 0)
        g_ptr_array_add (texts, g_steal_pointer (&words));
    }
}
