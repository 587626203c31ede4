/* fuzz-header.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-duration.h"
#include "kube-error.h"
#include "kube-header.h"
#include "property.h"

#define NOW G_GINT64_CONSTANT (1700000000)

/* Short texts that servers and people write: headers and lengths of time. */

static void
check_retry_after (const char *value)
{
  int seconds = kube_header_parse_retry_after (value, NOW);

  g_assert_cmpint (seconds, >=, -1);
  if (*value != '\0' && strlen (value) < 9 && strspn (value, "0123456789") == strlen (value))
    g_assert_cmpint (seconds, ==, atoi (value));
}

static char *
quote (const char *text)
{
  GString *quoted = g_string_new ("299 - \"");

  for (; *text != '\0'; text++)
    {
      if (*text == '"' || *text == '\\')
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *text);
    }
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}

/* The texts can be shown, and written as a header they are read again. */
static void
check_warnings (const char *value)
{
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) again = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GString) header = g_string_new (NULL);

  kube_header_parse_warnings (value, texts);
  for (guint i = 0; i < texts->len; i++)
    {
      g_autofree char *quoted = quote (g_ptr_array_index (texts, i));

      g_assert_true (g_utf8_validate (g_ptr_array_index (texts, i), -1, NULL));
      g_string_append_printf (header, "%s%s", i > 0 ? ", " : "", quoted);
    }
  kube_header_parse_warnings (header->str, again);
  g_assert_cmpuint (texts->len, ==, again->len);
  for (guint i = 0; i < texts->len; i++)
    g_assert_cmpstr (g_ptr_array_index (texts, i), ==, g_ptr_array_index (again, i));
}

static void
check_duration (const char *value)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *short_form = NULL;
  gint64           duration, again;

  if (!kube_duration_parse (value, &duration, &error))
    {
      g_assert_nonnull (error);
      g_assert_cmpint (error->code, ==, KUBE_ERROR_INVALID);
      return;
    }
  g_assert_no_error (error);
  printed = kube_duration_print (duration);
  g_assert_true (kube_duration_parse (printed, &again, &error));
  g_assert_no_error (error);
  g_assert_cmpint (duration, ==, again);
  short_form = kube_duration_print_short (duration);
  property_is_words (short_form);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);

  check_retry_after (text);
  check_warnings (text);
  check_duration (text);
  return 0;
}
