/* test-resource.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-resource.h"

static void
test_find (void)
{
  g_assert_true (kube_resource_find ("v1", "Pod") == &KUBE_POD);
  g_assert_true (kube_resource_find ("apps/v1", "Deployment") == &KUBE_DEPLOYMENT);
  g_assert_true (kube_resource_find ("networking.k8s.io/v1", "Ingress") == &KUBE_INGRESS);
  g_assert_true (kube_resource_find ("discovery.k8s.io/v1", "EndpointSlice") ==
                 &KUBE_ENDPOINT_SLICE);
  g_assert_nonnull (kube_resource_find ("apps/v1", "StatefulSet"));
  g_assert_null (kube_resource_find ("apps/v1", "Pod"));
  g_assert_null (kube_resource_find ("v1", "Deployment"));
  g_assert_null (kube_resource_find ("extensions/v1beta1", "Ingress"));
  g_assert_null (kube_resource_find ("appsv1", "Deployment"));
  g_assert_null (kube_resource_find ("apps", "Deployment"));
  g_assert_null (kube_resource_find ("", "Pod"));
  g_assert_null (kube_resource_find ("v1", "pods"));
}

static void
test_find_plural (void)
{
  const struct
  {
    const char         *name;
    const KubeResource *resource;
  } cases[] = {
    { "pods", &KUBE_POD },
    { "pod", &KUBE_POD },
    { "po", &KUBE_POD },
    { "Pod", &KUBE_POD },
    { "pods.v1.", &KUBE_POD },
    { "deploy", &KUBE_DEPLOYMENT },
    { "deployment", &KUBE_DEPLOYMENT },
    { "deployments.apps", &KUBE_DEPLOYMENT },
    { "deployments.v1.apps", &KUBE_DEPLOYMENT },
    { "rs", &KUBE_REPLICA_SET },
    { "svc", &KUBE_SERVICE },
    { "cm", &KUBE_CONFIG_MAP },
    { "secrets", &KUBE_SECRET },
    { "ns", &KUBE_NAMESPACE },
    { "ev", &KUBE_EVENT },
    { "ing", &KUBE_INGRESS },
    { "ingresses.networking.k8s.io", &KUBE_INGRESS },
    { "ingressclasses", &KUBE_INGRESS_CLASS },
    { "endpointslices", &KUBE_ENDPOINT_SLICE },
    { "deployments.batch", NULL },
    { "widgets", NULL },
    { "", NULL },
    { ".", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].name);
      g_assert_true (kube_resource_find_plural (cases[i].name) == cases[i].resource);
    }
}

static void
test_build_path (void)
{
  const struct
  {
    const KubeResource *resource;
    const char         *namespace_;
    const char         *name;
    const char         *subresource;
    const char         *path;
  } cases[] = {
    { &KUBE_POD, NULL, NULL, NULL, "/api/v1/pods" },
    { &KUBE_POD, "n", NULL, NULL, "/api/v1/namespaces/n/pods" },
    { &KUBE_POD, "n", "p", NULL, "/api/v1/namespaces/n/pods/p" },
    { &KUBE_POD, "n", "p", "log", "/api/v1/namespaces/n/pods/p/log" },
    { &KUBE_SERVICE, "n", "s", "proxy/a b", "/api/v1/namespaces/n/services/s/proxy/a%20b" },
    { &KUBE_DEPLOYMENT, "n", "d", NULL, "/apis/apps/v1/namespaces/n/deployments/d" },
    { &KUBE_NAMESPACE, NULL, "n", NULL, "/api/v1/namespaces/n" },
    { &KUBE_NAMESPACE, "ignored", "n", NULL, "/api/v1/namespaces/n" },
    { &KUBE_INGRESS_CLASS, NULL, NULL, NULL, "/apis/networking.k8s.io/v1/ingressclasses" },
    { &KUBE_POD, "../x", "a/b?c", NULL, "/api/v1/namespaces/..%2Fx/pods/a%2Fb%3Fc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = NULL;

      path = kube_resource_build_path (cases[i].resource, cases[i].namespace_, cases[i].name,
                                       cases[i].subresource);
      g_assert_cmpstr (path, ==, cases[i].path);
    }
}

static void
test_api_version (void)
{
  g_autofree char *core = kube_resource_dup_api_version (&KUBE_POD);
  g_autofree char *apps = kube_resource_dup_api_version (&KUBE_DEPLOYMENT);

  g_assert_cmpstr (core, ==, "v1");
  g_assert_cmpstr (apps, ==, "apps/v1");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/resource/find", test_find);
  g_test_add_func ("/kube/resource/find-plural", test_find_plural);
  g_test_add_func ("/kube/resource/build-path", test_build_path);
  g_test_add_func ("/kube/resource/api-version", test_api_version);

  return g_test_run ();
}
