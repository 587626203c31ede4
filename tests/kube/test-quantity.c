/* test-quantity.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"
#include "kube-quantity.h"

#include <math.h>

static char *
print (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeQuantity) quantity = kube_quantity_parse (text, &error);

  g_assert_no_error (error);

  return kube_quantity_print (quantity);
}

/* From TestQuantityParse, TestQuantityString and TestQuantityParseEmit of apimachinery. */
static const struct
{
  const char *text;
  const char *expected;
} prints[] = {
  { "0", "0" },
  { "0n", "0" },
  { "0Ki", "0" },
  { "0e3", "0" },
  { "00", "0" },
  { ".", "0" },
  { "1", "1" },
  { "1Ki", "1Ki" },
  { "8Ki", "8Ki" },
  { "7Mi", "7Mi" },
  { "6Gi", "6Gi" },
  { "5Ti", "5Ti" },
  { "4Pi", "4Pi" },
  { "3Ei", "3Ei" },
  { "10Ti", "10Ti" },
  { "100Ti", "100Ti" },
  { "5n", "5n" },
  { "4u", "4u" },
  { "3m", "3m" },
  { "9", "9" },
  { "8k", "8k" },
  { "50k", "50k" },
  { "7M", "7M" },
  { "6G", "6G" },
  { "5T", "5T" },
  { "40T", "40T" },
  { "300T", "300T" },
  { "2P", "2P" },
  { "1E", "1E" },
  { "1E-3", "1e-3" },
  { "1e3", "1e3" },
  { "1E6", "1e6" },
  { "1E18", "1e18" },
  { "1e14", "100e12" },
  { "1e13", "10e12" },
  { "100.035k", "100035" },
  { "0.001", "1m" },
  { "0.0005k", "500m" },
  { "0.05", "50m" },
  { "0.50000", "500m" },
  { "0.5e0", "500e-3" },
  { "0.5e-1", "50e-3" },
  { "0.5e-2", "5e-3" },
  { "10.035M", "10035k" },
  { "1.2e3", "1200" },
  { "1.3E+6", "1300e3" },
  { "1.40e9", "1400e6" },
  { "1.7E18", "1700e15" },
  { "9.01", "9010m" },
  { "8.1k", "8100" },
  { "7.123456M", "7123456" },
  { "6.987654321G", "6987654321" },
  { "5.444T", "5444G" },
  { "2.5P", "2500T" },
  { "1.01E", "1010P" },
  { "3.001n", "4n" },
  { "1.1E-9", "2e-9" },
  { "0.0000000001", "1n" },
  { "0.00000000050", "1n" },
  { "0.5e-9", "1e-9" },
  { "0.9n", "1n" },
  { "0.00000012345", "124n" },
  { "0.00000012354", "124n" },
  { "9Ei", "9223372036854775807" },
  { "9223372036854775807Ki", "9223372036854775807" },
  { "12E", "12E" },
  { "100.035Ki", "102435840m" },
  { "0.5Mi", "512Ki" },
  { "0.05Gi", "53687091200m" },
  { "0.025Ti", "27487790694400m" },
  { "0.000000000001Ki", "2n" },
  { ".001", "1m" },
  { ".0001k", "100m" },
  { "1.", "1" },
  { "1.G", "1G" },
  { "1024Mi", "1Gi" },
  { "307200Ki", "300Mi" },
  { "1025024Mi", "1001Gi" },
  { "1024Gi", "1Ti" },
  { "5000m", "5" },
  { "1000M", "1G" },
  { "0.001T", "1G" },
  { "1000u", "1m" },
  { "1.08", "1080m" },
  { "1080000000n", "1080m" },
  { ".001e12", "1e9" },
  { "1000e-12", "1e-9" },
  { ".001Ki", "1024m" },
  { ".000001Ki", "1024u" },
  { ".000000001Ki", "1024n" },
  { "1000Ki", "1000Ki" },
  { "0.5Ki", "512" },
  { "123456789n", "123456789n" },
  { "3956480Ki", "3956480Ki" },
  { "1e30", "1e30" },
  { "5000E", "5000E" },
  { "100000000000000000000000000000000000000000Ki", "9223372036854775807" },
  { "100000000000000000000000000000000000000000", "100000000000000000000000E" },
  { "12345678901234567890123456789012345678e4", "123456789012345678901234567890123456780e3" },
  { "9999999999999999999999999999999999999900", "9999999999999999999999999999999999999900" },
  { "0.00000000000000000000000000000000000000000000000001Ei", "1n" },
};

static void
test_print (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (prints); i++)
    {
      const char      *expected = prints[i].expected;
      gboolean         zero = g_str_equal (expected, "0");
      g_autofree char *printed = print (prints[i].text);
      g_autofree char *negative_text = g_strconcat ("-", prints[i].text, NULL);
      g_autofree char *positive_text = g_strconcat ("+", prints[i].text, NULL);
      g_autofree char *negative = print (negative_text);
      g_autofree char *negative_expected = g_strconcat (zero ? "" : "-", expected, NULL);
      g_autofree char *positive = print (positive_text);
      g_autofree char *again = print (expected);

      g_assert_cmpstr (printed, ==, expected);
      g_assert_cmpstr (negative, ==, negative_expected);
      g_assert_cmpstr (positive, ==, expected);
      g_assert_cmpstr (again, ==, expected);
    }
}

static void
test_invalid (void)
{
  const char *texts[] = {
    "",
    "1.1.M",
    "1+1.0M",
    "0.1mi",
    "0.1am",
    "aoeu",
    ".5i",
    "1i",
    "-3.01i",
    "-3.01e-",
    " 1",
    "1 ",
    "Non-Numeric",
    "1e",
    "1e3k",
    "1e+-3",
    "1e1.5",
    "--1",
    "1KI",
    "1e99999999999999999999",
    "100e1000000",
    "999999999999999999999999999999999999999",
    "99999999999999999999999999999999999999001",
    "9999999999999999999999999999999999999900.1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (kube_quantity_parse (texts[i], &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_INVALID);
    }
}

static void
test_compare (void)
{
  const struct
  {
    const char *a;
    const char *b;
    int         expected;
  } cases[] = {
    { "0", "0", 0 },
    { "100m", "50m", 1 },
    { "50m", "100m", -1 },
    { "10000T", "100Gi", 1 },
    { "1Ki", "1024", 0 },
    { "1k", "1Ki", -1 },
    { "1e3", "1k", 0 },
    { "-1", "1", -1 },
    { "-2", "-1", -1 },
    { "0", "1n", -1 },
    { "0", "-1n", 1 },
    { "1e1000", "1e999", 1 },
    { "1000000001n", "1", 1 },
    { "9Ei", "9223372036854775807", 0 },
    { "0.5", "500m", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KubeQuantity) a = kube_quantity_parse (cases[i].a, NULL);
      g_autoptr(KubeQuantity) b = kube_quantity_parse (cases[i].b, NULL);

      g_assert_cmpint (kube_quantity_compare (a, b), ==, cases[i].expected);
      g_assert_cmpint (kube_quantity_compare (b, a), ==, -cases[i].expected);
    }
}

static void
test_value (void)
{
  const struct
  {
    const char *text;
    double      expected;
  } cases[] = {
    { "0", 0 },
    { "250m", 0.25 },
    { "-250m", -0.25 },
    { "1.5Gi", 1610612736.0 },
    { "123456789n", 0.123456789 },
    { "12E", 12e18 },
    { "1e3", 1000 },
    { "50000000000000000000.000000001", 5e19 },
    { "1e1000000", HUGE_VAL },
    { "1e-9", 1e-9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KubeQuantity) quantity = kube_quantity_parse (cases[i].text, NULL);

      g_assert_cmpfloat (kube_quantity_get_value (quantity), ==, cases[i].expected);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/quantity/print", test_print);
  g_test_add_func ("/quantity/invalid", test_invalid);
  g_test_add_func ("/quantity/compare", test_compare);
  g_test_add_func ("/quantity/value", test_value);

  return g_test_run ();
}
