/* test-yaml-order.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "base-yaml-order.h"

/* Names in the order of go-yaml: each before all that follow it. */
static void
test_order (void)
{
  static const char *const ordered[] = {
    "1",
    "2",
    "3",
    "a-2",
    "a0",
    "a1",
    "a2",
    "a02",
    "a9",
    "a10",
    "a100",

    "aa",
    "ab",
    "ab1",
    "ab9",
    "ab10",
    "abc",
    "kube",
    "kube-root",
    "kube.ca",
    "kubeRoot",
    "z",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ordered); i++)
    for (guint j = i + 1; j < G_N_ELEMENTS (ordered); j++)
      {
        g_autofree char *text = g_strdup_printf ("[{\"%s\":{\"b\":1,\"a\":[]},\"%s\":null}]", ordered[j], ordered[i]);
        g_autofree char *expected = g_strdup_printf ("[{\"%s\":null,\"%s\":{\"a\":[],\"b\":1}}]", ordered[i], ordered[j]);
        g_autoptr(JsonNode) node = base_json_parse (text, -1, NULL);
        g_autoptr(JsonNode) result = base_yaml_order (node);
        g_autofree char *seen = base_json_print (result, FALSE);

        g_assert_cmpstr (seen, ==, expected);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/yaml-order/order", test_order);

  return g_test_run ();
}
