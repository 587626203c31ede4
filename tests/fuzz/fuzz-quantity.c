/* fuzz-quantity.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "kube-error.h"
#include "kube-quantity.h"
#include "property.h"

#define MAX_QUANTITIES 4

/* (transfer full) (nullable) */
static KubeQuantity *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  KubeQuantity *quantity = kube_quantity_parse (text, &error);

  if (quantity == NULL)
    {
      g_assert_nonnull (error);
      g_assert_cmpint (error->code, ==, KUBE_ERROR_INVALID);
    }
  else
    {
      g_assert_no_error (error);
    }
  return quantity;
}

/* The canonical form means the same. It is written in the same way again, unless it has lost that
 * it was binary: 312.5Ki is 320000, which is 320k. */
static void
check_print (KubeQuantity *quantity)
{
  g_autofree char *text = kube_quantity_print (quantity);
  g_autoptr(KubeQuantity) again = parse (text);
  g_autofree char *text_again = NULL;

  g_assert_nonnull (again);
  g_assert_cmpint (kube_quantity_compare (quantity, again), ==, 0);
  g_assert_cmpfloat (kube_quantity_get_value (quantity), ==, kube_quantity_get_value (again));
  text_again = kube_quantity_print (again);
  if (!g_ascii_isdigit (text[strlen (text) - 1]))
    g_assert_cmpstr (text, ==, text_again);
}

static int
get_sign (double number)
{
  return (number > 0) - (number < 0);
}

static void
check_order (KubeQuantity *a,
             KubeQuantity *b)
{
  int    order = kube_quantity_compare (a, b);
  double a_value = kube_quantity_get_value (a);
  double b_value = kube_quantity_get_value (b);

  g_assert_cmpint (order, ==, -kube_quantity_compare (b, a));
  g_assert_cmpint (kube_quantity_compare (a, a), ==, 0);
  /* numbers may be too near to each other for a double, but never change places */
  if (a_value != b_value && a_value - a_value == 0.0 && b_value - b_value == 0.0)
    g_assert_cmpint (order, ==, get_sign (a_value - b_value));
}

/* Lines with an amount each. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_auto(GStrv) lines = g_strsplit (text, "\n", MAX_QUANTITIES);
  KubeQuantity *quantities[MAX_QUANTITIES] = { NULL };
  guint         n_quantities = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      quantities[n_quantities] = parse (lines[i]);
      if (quantities[n_quantities] != NULL)
        check_print (quantities[n_quantities++]);
    }
  for (guint i = 0; i < n_quantities; i++)
    for (guint j = 0; j < i; j++)
      check_order (quantities[i], quantities[j]);
  for (guint i = 0; i < n_quantities; i++)
    kube_quantity_free (quantities[i]);
  return 0;
}
