/* test-label.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-error.h"
#include "kube-field-path.h"
#include "kube-label.h"
#include "quoted.h"

/* The cases of apimachinery's TestIsQualifiedName, TestIsDNS1123Subdomain and
 * TestIsValidLabelValue; @n_prefix and @n_name are of long texts. */
static void
test_keys (void)
{
  static const struct
  {
    const char *text;
    gboolean    usable;
  } rows[] = {
    { "simple", TRUE },
    { "now-with-dashes", TRUE },
    { "1-starts-with-num", TRUE },
    { "1234", TRUE },
    { "simple/simple", TRUE },
    { "now-with-dashes/simple", TRUE },
    { "now-with-dashes/now-with-dashes", TRUE },
    { "now.with.dots/simple", TRUE },
    { "now-with.dashes-and.dots/simple", TRUE },
    { "1-num.2-num/3-num", TRUE },
    { "1234/5678", TRUE },
    { "1.2.3.4/5678", TRUE },
    { "Uppercase_Is_OK_123", TRUE },
    { "example.com/Uppercase_Is_OK_123", TRUE },
    { "requests.storage-foo", TRUE },
    { "nospecialchars%^=@", FALSE },
    { "cantendwithadash-", FALSE },
    { "-cantstartwithadash-", FALSE },
    { "only/one/slash", FALSE },
    { "Example.com/abc", FALSE },
    { "example_com/abc", FALSE },
    { "example.com/", FALSE },
    { "/simple", FALSE },
    { "", FALSE },
    { "a..b/c", FALSE },
    { "a-.b/c", FALSE },
    { ".a/c", FALSE },
  };
  const struct
  {
    guint    n_prefix;
    guint    n_name;
    gboolean usable;
  } lengths[] = { { 0, 63, TRUE }, { 253, 63, TRUE }, { 0, 64, FALSE }, { 254, 3, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (kube_label_is_key (rows[i].text), ==, rows[i].usable);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *prefix = g_strnfill (lengths[i].n_prefix, 'a');
      g_autofree char *name = g_strnfill (lengths[i].n_name, 'b');
      g_autofree char *text = g_strconcat (prefix, *prefix != '\0' ? "/" : "", name, NULL);

      g_assert_cmpint (kube_label_is_key (text), ==, lengths[i].usable);
    }
}

static void
test_values (void)
{
  static const char *const usable[] = { "simple", "now-with-dashes", "1-starts-with-num",
                                        "end-with-num-1", "1234", "" };
  static const char *const unusable[] = { "nospecialchars%^=@", "Tama-nui-te-rā.is.Māori.sun",
                                          "\\backslashes\\are\\bad", "-starts-with-dash",
                                          "ends-with-dash-", ".starts.with.dot", "ends.with.dot." };
  g_autofree char         *longest = g_strnfill (63, 'a');
  g_autofree char         *longer = g_strnfill (64, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (usable); i++)
    g_assert_true (kube_label_is_value (usable[i]));
  for (guint i = 0; i < G_N_ELEMENTS (unusable); i++)
    g_assert_false (kube_label_is_value (unusable[i]));
  g_assert_true (kube_label_is_value (longest));
  g_assert_false (kube_label_is_value (longer));
}

static void
test_print_all (void)
{
  static const struct
  {
    const char *labels; /* (nullable) */
    const char *text;
  } rows[] = {
    { "{'tier':'back','app':'web','a.b/c':''}", "a.b/c=,app=web,tier=back" },
    { "{}", "<none>" },
    { "null", "<none>" },
    { NULL, "<none>" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(JsonNode) labels = rows[i].labels != NULL ? parse_quoted (rows[i].labels) : NULL;
      g_autofree char *text = kube_label_print_all (labels);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

/* The cases of Kubernetes' TestSplitMaybeSubscriptedPath. */
static void
test_split (void)
{
  static const struct
  {
    const char *path;
    const char *field; /* (nullable) */
    const char *key;
  } rows[] = {
    { "metadata.annotations['key']", "metadata.annotations", "key" },
    { "metadata.annotations['a[b']c']", "metadata.annotations", "a[b']c" },
    { "metadata.labels['['key']", "metadata.labels", "['key" },
    { "metadata.labels['key']']", "metadata.labels", "key']" },
    { "metadata.labels['']", "metadata.labels", "" },
    { "metadata.labels[' ']", "metadata.labels", " " },
    { "metadata.labels[ 'key' ]", NULL, NULL },
    { "metadata.labels[]", NULL, NULL },
    { "metadata.labels[']", NULL, NULL },
    { "metadata.labels['key']foo", NULL, NULL },
    { "['key']", NULL, NULL },
    { "metadata.labels", NULL, NULL },
    { "", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *field = NULL;
      g_autofree char *key = NULL;

      g_test_message ("%s", rows[i].path);
      g_assert_cmpint (kube_field_path_split (rows[i].path, &field, &key), ==,
                       rows[i].field != NULL);
      g_assert_cmpstr (field, ==, rows[i].field);
      g_assert_cmpstr (key, ==, rows[i].key);
    }
}

#define POD                                                                                        \
  "{'metadata':{'name':'object-name','namespace':'object-namespace','uid':'b70b3269','labels':"    \
  "{'something':'label value','a':'1\\u00222\\n'},'annotations':{'Www.k8s.io/test':'1'}},"         \
  "'spec':{'nodeName':'n','serviceAccountName':'default'},'status':{'hostIP':'10.0.0.1','podIPs':" \
  "[{'ip':'10.1.0.1'},{'ip':'fd00::1'}]}}"

/* After the cases of Kubernetes' TestExtractFieldPathAsString. */
static void
test_read (void)
{
  static const struct
  {
    const char *path;
    const char *value; /* (nullable) */
  } rows[] = {
    { "metadata.name", "object-name" },
    { "metadata.namespace", "object-namespace" },
    { "metadata.uid", "b70b3269" },
    { "metadata.labels", "a=\"1\\\"2\\n\"\nsomething=\"label value\"" },
    { "metadata.labels['something']", "label value" },
    { "metadata.labels['none']", "" },
    { "metadata.annotations", "Www.k8s.io/test=\"1\"" },
    { "metadata.annotations['Www.k8s.io/test']", "1" },
    { "spec.nodeName", "n" },
    { "spec.serviceAccountName", "default" },
    { "status.hostIP", "10.0.0.1" },
    { "status.hostIPs", "" },
    { "status.podIP", "" },
    { "status.podIPs", "10.1.0.1,fd00::1" },
    { "metadata.whoops", NULL },
    { "metadata.annotations['invalid~key']", NULL },
    { "metadata.labels['Www.k8s.io/test']", NULL },
    { "metadata.notexisting['something']", NULL },
    { "spec.containers['main']", NULL },
    { "spec", NULL },
  };
  g_autoptr(JsonNode) pod = parse_quoted (POD);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *value = kube_field_path_read (pod, rows[i].path, &error);

      g_test_message ("%s", rows[i].path);
      g_assert_cmpstr (value, ==, rows[i].value);
      if (rows[i].value == NULL)
        g_assert_error (error, KUBE_ERROR, KUBE_ERROR_INVALID);
      else
        g_assert_no_error (error);
    }
}

static void
test_containers (void)
{
  static const struct
  {
    const char *path; /* (nullable) */
    const char *name; /* (nullable) */
  } rows[] = {
    { "spec.containers{web}", "web" },
    { "spec.initContainers{migrate}", "migrate" },
    { "spec.ephemeralContainers{debugger-x}", "debugger-x" },
    { "spec.containers{}", NULL },
    { "spec.containers[0]", NULL },
    { "spec.containers{web", NULL },
    { "spec.volumes{web}", NULL },
    { "implicitly required container POD", NULL },
    { "", NULL },
    { NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *name = kube_field_path_dup_container (rows[i].path);

      g_assert_cmpstr (name, ==, rows[i].name);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/label/keys", test_keys);
  g_test_add_func ("/kube/label/values", test_values);
  g_test_add_func ("/kube/label/print-all", test_print_all);
  g_test_add_func ("/kube/field-path/split", test_split);
  g_test_add_func ("/kube/field-path/read", test_read);
  g_test_add_func ("/kube/field-path/containers", test_containers);

  return g_test_run ();
}
