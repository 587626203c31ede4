/* test-selector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"
#include "kube-selector.h"

#include <string.h>

/* From TestSelectorParse, TestSetSelectorParser and TestToString of apimachinery. */
static void
test_print (void)
{
  const struct
  {
    const char *text;
    const char *expected;
  } cases[] = {
    { "", "" },
    { "  ", "" },
    { "x=a,y=b,z=c", "x=a,y=b,z=c" },
    { "x!=a,y=b", "x!=a,y=b" },
    { "x=", "x=" },
    { "x= ", "x=" },
    { "x= ,z= ", "x=,z=" },
    { "!x", "!x" },
    { "x>1,z<5", "x>1,z<5" },
    { "x=a,a=x", "a=x,x=a" },
    { "x==a", "x==a" },
    { "\rx", "x" },
    { "a ", "a" },
    { "this-is-a-dns.domain.com/key-with-dash", "this-is-a-dns.domain.com/key-with-dash" },
    { "d.com/key in (so,what)", "d.com/key in (so,what)" },
    { "0.1.2.domain/99 notin (10.10.100.1, tick.tack.clock)",
      "0.1.2.domain/99 notin (10.10.100.1,tick.tack.clock)" },
    { "foo  in\t (abc)", "foo in (abc)" },
    { "x notin\n (abc)", "x notin (abc)" },
    { "x in (def,abc)", "x in (abc,def)" },
    { "x in (abc,)", "x in (,abc)" },
    { "x in (abc,abc)", "x in (abc)" },
    { "x in ()", "x in ()" },
    { "x in (a,,)", "x in (,a)" },
    { "x in (a,,a,,a,,a,,)", "x in (,a)" },
    { "x notin (abc,,def),bar,z in (),w", "bar,w,x notin (,abc,def),z in ()" },
    { "x,y in (a)", "x,y in (a)" },
    { "x=a,y!=b,z in (h,i,j)", "x=a,y!=b,z in (h,i,j)" },
    { "x notin ( )", "x notin ()" },
    { "x notin (, a)", "x notin (,a)" },
    { "a in (x,y,notin, z,in)", "a in (in,notin,x,y,z)" },
    { "notin=in", "notin=in" },
    { "in in (in)", "in in (in)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KubeSelector) selector = kube_selector_parse (cases[i].text, &error);
      g_autofree char *printed = NULL;

      g_assert_no_error (error);
      printed = kube_selector_print (selector);
      g_assert_cmpstr (printed, ==, cases[i].expected);
    }
}

static void
test_invalid (void)
{
  g_autofree char *long_name = g_strnfill (64, 'a');
  g_autofree char *long_value = g_strconcat ("x=", long_name, NULL);
  const char      *texts[] = {
         "x=a||y=b",
         "x==a==b",
         "!x=a",
         "x<a",
         "x>",
         "x>9223372036854775808",
         "x,,y",
         ",x,y",
         "x nott in (y)",
         "a in (xyz),",
         "a in (xyz)b notin ()",
         "a in (xyz abc)",
         "a notin(",
         "a (",
         "(",
         "!",
         "!!x",
         "x in",
         "x in a",
         "x=(",
         "x=a b",
         "-x",
         "x_",
         "/x",
         "a.b/",
         "a/b/c",
         "A.b/c",
         "a..b/c",
         ".a/c",
         "a-.b/c",
         "a.-b/c",
         "x=-",
         "x=ä",
         "==",
         long_name,
         long_value,
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (kube_selector_parse (texts[i], &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_INVALID);
    }
}

static GHashTable *
read_labels (const char *text)
{
  g_auto(GStrv) pairs = g_strsplit (text, " ", -1);
  GHashTable *labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; pairs[i] != NULL && *pairs[i] != '\0'; i++)
    {
      char *equals = strchr (pairs[i], '=');

      g_hash_table_insert (labels, g_strndup (pairs[i], (gsize) (equals - pairs[i])),
                           g_strdup (equals + 1));
    }

  return labels;
}

/* From TestSelectorMatches and TestRequirementSelectorMatching of apimachinery. */
static void
test_match (void)
{
  const struct
  {
    const char *selector;
    const char *labels;
    gboolean    expected;
  } cases[] = {
    { "", "x=y", TRUE },
    { "x=y", "x=y", TRUE },
    { "x=y,z=w", "x=y z=w", TRUE },
    { "x!=y,z!=w", "x=z z=a", TRUE },
    { "notin=in", "notin=in", TRUE },
    { "x", "x=z", TRUE },
    { "!x", "y=z", TRUE },
    { "x>1", "x=2", TRUE },
    { "x<1", "x=0", TRUE },
    { "x=z", "", FALSE },
    { "x=y", "x=z", FALSE },
    { "x=y,z=w", "x=w z=w", FALSE },
    { "x!=y,z!=w", "x=z z=w", FALSE },
    { "x", "y=z", FALSE },
    { "!x", "x=z", FALSE },
    { "x>1", "x=0", FALSE },
    { "x<1", "x=2", FALSE },
    { "x>1", "", FALSE },
    { "z>1", "z=v2", FALSE },
    { "foo=bar,baz=blah", "foo=bar baz=blah", TRUE },
    { "foo=bar,foobar=bar,baz=blah", "foo=bar baz=blah", FALSE },
    { "x in (foo),y notin (alpha)", "x=foo y=baz", TRUE },
    { "x in (foo),y in (alpha)", "x=foo y=baz", FALSE },
    { "x notin (),y", "y=", TRUE },
    { "!x,y", "y=", TRUE },
    { "x notin (),!y", "y=", FALSE },
    { "x in ()", "y=baz", FALSE },
    { "x=", "x=", TRUE },
    { "x!=a", "", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KubeSelector) selector = kube_selector_parse (cases[i].selector, NULL);
      g_autoptr(GHashTable) labels = read_labels (cases[i].labels);

      g_assert_nonnull (selector);
      g_assert_cmpint (kube_selector_matches (selector, labels), ==, cases[i].expected);
    }
}

/* From TestSplitTerms and TestSelectorParse of apimachinery's fields. */
static void
test_field (void)
{
  const char *good[] = {
    "",
    "x=a,y=b,z=c",
    "x!=a,y=b",
    "x=a||y\\=b",
    "x=a\\=\\=b",
    "a=a,",
    ",a=a",
    "k=\\,,k2=v2",
    "k=\\\\,k2=v2",
    "status.phase=",
    "metadata.name==web",
  };
  const char *bad[] = {
    "x=a||y=b",
    "x==a==b",
    "x=a,b",
    "x in (a)",
    "x",
    "=a",
    "!x",
    "k=\\",
    "k=\\a",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (kube_selector_check_field (good[i], &error));
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (kube_selector_check_field (bad[i], &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_INVALID);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/selector/print", test_print);
  g_test_add_func ("/selector/invalid", test_invalid);
  g_test_add_func ("/selector/match", test_match);
  g_test_add_func ("/selector/field", test_field);

  return g_test_run ();
}
