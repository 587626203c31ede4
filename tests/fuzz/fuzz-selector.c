/* fuzz-selector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-error.h"
#include "kube-selector.h"
#include "property.h"

/* An input is a selector, and labels "KEY=VALUE" on the lines below. */

static GHashTable *
read_labels (char **lines)
{
  GHashTable *labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (; *lines != NULL; lines++)
    {
      g_auto(GStrv) parts = g_strsplit (*lines, "=", 2);

      if (parts[0] != NULL && parts[1] != NULL)
        g_hash_table_insert (labels, g_strdup (parts[0]), g_strdup (parts[1]));
    }
  return labels;
}

/* What is written selects the same, and is written in the same way again. */
static void
check_print (KubeSelector *selector,
             GHashTable   *labels)
{
  g_autofree char *text = kube_selector_print (selector);
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeSelector) again = kube_selector_parse (text, &error);
  g_autofree char *text_again = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (again);
  text_again = kube_selector_print (again);
  g_assert_cmpstr (text, ==, text_again);
  g_assert_cmpint (kube_selector_matches (selector, labels), ==,
                   kube_selector_matches (again, labels));
}

/* "a,b" selects what both "a" and "b" select. */
static void
check_twice (KubeSelector *selector,
             GHashTable   *labels)
{
  g_autofree char *text = kube_selector_print (selector);
  g_autofree char *twice = *text != '\0' ? g_strconcat (text, ",", text, NULL) : g_strdup ("");
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeSelector) again = kube_selector_parse (twice, &error);

  g_assert_no_error (error);
  g_assert_cmpint (kube_selector_matches (selector, labels), ==,
                   kube_selector_matches (again, labels));
}

static void
check_field (const char *text)
{
  g_autoptr(GError) error = NULL;

  if (kube_selector_check_field (text, &error))
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_nonnull (error);
  g_assert_cmpint (error->code, ==, KUBE_ERROR_INVALID);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr(GHashTable) labels = NULL;
  g_autoptr(KubeSelector) selector = NULL;
  g_autoptr(GError) error = NULL;

  if (lines[0] == NULL)
    return 0;
  check_field (lines[0]);
  selector = kube_selector_parse (lines[0], &error);
  if (selector == NULL)
    {
      g_assert_nonnull (error);
      g_assert_cmpint (error->code, ==, KUBE_ERROR_INVALID);
      return 0;
    }
  g_assert_no_error (error);
  labels = read_labels (lines + 1);
  check_print (selector, labels);
  check_twice (selector, labels);
  return 0;
}
