/* test-entrance.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-cluster.h"
#include "stack-entrance.h"
#include "stack-error.h"
#include "stack-test.h"

#define INGRESS "/apis/networking.k8s.io/v1/namespaces/hackystack/ingresses/hackystack-ingress"
#define SECRET "/api/v1/namespaces/hackystack/secrets/hackystack-tls"

/* A name server that knows one name. */

#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent_instance;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
test_resolver_lookup_async (GResolver          *resolver,
                            const char         *hostname,
                            GCancellable       *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  if (g_str_equal (hostname, "app.example"))
    g_task_return_pointer (task,
                           g_list_append (g_list_append (NULL, g_inet_address_new_from_string ("2001:db8::7")),
                                          g_inet_address_new_from_string ("192.0.2.7")),
                           (GDestroyNotify) g_resolver_free_addresses);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such name");
}

static GList *
test_resolver_lookup_finish (GResolver    *resolver,
                             GAsyncResult *result,
                             GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name_async = test_resolver_lookup_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_finish = test_resolver_lookup_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

static StackEntrance *
read_entrance (FakeCluster *cluster,
               GError     **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(KubeClient) client = fake_cluster_connect (cluster);
  g_autoptr(GAsyncResult) result = NULL;

  stack_entrance_read_async (client, "hackystack", NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_entrance_read_finish (result, error);
}

static void
put_ingress (FakeCluster *cluster,
             const char  *host,
             gboolean     tls,
             const char  *entry)
{
  g_autofree char *json = NULL;

  json = g_strdup_printf ("{\"apiVersion\": \"networking.k8s.io/v1\", \"kind\": \"Ingress\","
                          "\"metadata\": {\"name\": \"hackystack-ingress\", \"namespace\": \"hackystack\"},"
                          "\"spec\": {\"rules\": [{\"host\": \"%s\"}]%s},"
                          "\"status\": {\"loadBalancer\": {\"ingress\": [%s]}}}",
                          host, tls ? ", \"tls\": [{\"secretName\": \"hackystack-tls\"}]" : "", entry);
  fake_cluster_put (cluster, INGRESS, json);
}

typedef struct
{
  const char *host;
  gboolean    tls;
  const char *entry;

  const char *url;
  const char *address;
  const char *found;
  gboolean    leads;
  const char *line;
} Row;

static const Row rows[] = {
  { "app.example", TRUE, "{\"ip\": \"192.0.2.7\"}", "https://app.example", "192.0.2.7",
    "2001:db8::7, 192.0.2.7", TRUE, "192.0.2.7 app.example" },
  { "app.example", TRUE, "{\"ip\": \"192.0.2.8\"}", "https://app.example", "192.0.2.8",
    "2001:db8::7, 192.0.2.7", FALSE, "192.0.2.8 app.example" },
  { "app.example", TRUE, "{\"hostname\": \"lb.example\"}", "https://app.example", "lb.example",
    "2001:db8::7, 192.0.2.7", TRUE, NULL },
  { "hackystack.local", FALSE, "{\"ip\": \"192.0.2.7\"}", "http://hackystack.local", "192.0.2.7",
    NULL, FALSE, "192.0.2.7 hackystack.local" },
  { "hackystack.local", FALSE, "{\"ip\": \"192.0.2.7\", \"ports\": [{\"port\": 18080}, {\"port\": 18443}]}",
    "http://hackystack.local:18080", "192.0.2.7", NULL, FALSE, "192.0.2.7 hackystack.local" },
  { "hackystack.local", TRUE, "{\"ip\": \"192.0.2.7\", \"ports\": [{\"port\": 18080}, {\"port\": 18443}]}",
    "https://hackystack.local:18443", "192.0.2.7", NULL, FALSE, "192.0.2.7 hackystack.local" },
  { "hackystack.local", TRUE, "", "https://hackystack.local", NULL, NULL, FALSE, NULL },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(FakeCluster) cluster = fake_cluster_new ();
      g_autoptr(StackEntrance) entrance = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *line = NULL;

      put_ingress (cluster, rows[i].host, rows[i].tls, rows[i].entry);
      entrance = read_entrance (cluster, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (entrance->url, ==, rows[i].url);
      g_assert_cmpstr (entrance->host, ==, rows[i].host);
      g_assert_cmpstr (entrance->address, ==, rows[i].address);
      g_assert_cmpstr (entrance->found, ==, rows[i].found);
      g_assert_cmpint (entrance->leads, ==, rows[i].leads);
      line = stack_entrance_dup_hosts_line (entrance);
      g_assert_cmpstr (line, ==, rows[i].line);
      g_assert_null (entrance->authority);
    }
}

static void
test_authority (void)
{
  g_autoptr(FakeCluster) cluster = fake_cluster_new ();
  g_autoptr(StackEntrance) entrance = NULL;
  g_autoptr(StackEntrance) forbidden = NULL;
  g_autoptr(GError) error = NULL;

  put_ingress (cluster, "app.example", TRUE, "{\"ip\": \"192.0.2.7\"}");
  fake_cluster_put (cluster, SECRET,
                    "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": "
                    "\"hackystack-tls\"}, \"data\": {\"ca.crt\": \"YXV0aG9yaXR5\"}}");
  entrance = read_entrance (cluster, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (entrance->authority, ==, "authority");

  fake_cluster_answer (cluster, "GET", SECRET, 1, 403,
                       "{\"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"Forbidden\", \"code\": 403}");
  forbidden = read_entrance (cluster, &error);
  g_assert_no_error (error);
  g_assert_null (forbidden->authority);
  g_assert_true (forbidden->leads);
}

static void
test_absent (void)
{
  g_autoptr(FakeCluster) cluster = fake_cluster_new ();
  g_autoptr(StackEntrance) entrance = NULL;
  g_autoptr(GError) error = NULL;

  entrance = read_entrance (cluster, &error);
  g_assert_error (error, STACK_ERROR, STACK_ERROR_NOT_DEPLOYED);
  g_assert_null (entrance);
}

static void
test_cancelled (void)
{
  StackAnswer answer = { NULL };
  g_autoptr(FakeCluster) cluster = fake_cluster_new ();
  g_autoptr(KubeClient) client = fake_cluster_connect (cluster);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  put_ingress (cluster, "app.example", TRUE, "{\"ip\": \"192.0.2.7\"}");
  stack_entrance_read_async (client, "hackystack", cancellable, stack_answer_cb, &answer);
  g_cancellable_cancel (cancellable);
  result = stack_answer_wait (&answer);
  g_assert_null (stack_entrance_read_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GResolver) resolver = NULL;

  g_test_init (&argc, &argv, NULL);
  resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_resolver_set_default (resolver);
  g_test_add_func ("/stack/entrance/rows", test_rows);
  g_test_add_func ("/stack/entrance/authority", test_authority);
  g_test_add_func ("/stack/entrance/absent", test_absent);
  g_test_add_func ("/stack/entrance/cancelled", test_cancelled);

  return g_test_run ();
}
