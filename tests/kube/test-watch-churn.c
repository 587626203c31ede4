/* test-watch-churn.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Connect, watch, cut, close, a thousand times over and again with TLS: nothing stays.
 * LeakSanitizer looks at the memory when the program ends. */

#include "fake-server.h"
#include "kube-process.h"
#include "kube-reflector-private.h"
#include "secure-server.h"

#define N_ROUNDS 1000
#define N_SECURE_ROUNDS 200
#define N_WARM_UP 20
#define JSON "application/json"
#define POD(name, version) "{\"metadata\":{\"name\":\"" name "\",\"namespace\":\"shop\",\"uid\":\"" name "\",\"resourceVersion\":\"" version "\"}}"
#define LISTS "/api/v1/namespaces/shop/pods?*limit=*"
#define WATCHES "/api/v1/namespaces/shop/pods?*watch=1*"

static guint
count_descriptors (void)
{
  g_autoptr(GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* directory: (nullable): of the certificates for TLS. Even rounds end in the middle of a watch, odd ones while one that was cut is made again. */
static void
churn (const char *directory,
       guint       number)
{
  static const KubeReflectorTiming quick = { { 10, 40, 20, 50 }, 300, 5000, 30000, 180000 };
  FakeServer                      *server = directory != NULL ? fake_server_new_secure (directory) : fake_server_new ();
  KubeClient                      *client = fake_server_connect (server);
  KubeReflector                   *reflector = kube_reflector_new (client, &KUBE_POD, "shop", KUBE_FORM_OBJECT, NULL);
  KubeObject                      *object;
  FakeExchange                    *watch;

  _kube_reflector_set_timing (reflector, &quick);
  kube_reflector_start (reflector);
  fake_exchange_reply (fake_server_expect (server, LISTS), 200, JSON,
                       "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[" POD ("a", "3") "]}");
  watch = fake_server_expect (server, WATCHES);
  fake_exchange_begin (watch);
  fake_exchange_send (watch, "{\"type\":\"ADDED\",\"object\":" POD ("b", "11") "}\n");
  WAIT_UNTIL (kube_reflector_lookup (reflector, "shop/b") != NULL);
  object = g_object_ref (kube_reflector_lookup (reflector, "shop/a"));
  if (number % 2 == 1)
    {
      fake_exchange_send (watch, "{\"type\":\"ADDED\",\"obj");
      fake_exchange_cut (watch);
      watch = fake_server_expect (server, WATCHES);
    }
  g_assert_finalize_object (reflector);
  g_assert_finalize_object (object);
  WAIT_UNTIL (fake_exchange_is_closed (watch));
  settle ();
  g_assert_finalize_object (client);
  fake_server_free (server);
}

static void
churn_often (const char *directory,
             guint       n_rounds)
{
  guint n_descriptors = 0;

  for (guint i = 0; i < n_rounds; i++)
    {
      churn (directory, i);
      settle ();
      if (i == N_WARM_UP)
        n_descriptors = count_descriptors ();
    }
  WAIT_UNTIL (count_descriptors () <= n_descriptors);
}

static void
test_churn (void)
{
  churn_often (NULL, N_ROUNDS);
}

static void
test_secure (void)
{
  g_autoptr(SecureServer) certificates = secure_server_new ();

  churn_often (certificates->directory, N_SECURE_ROUNDS);
}

int
main (int   argc,
      char *argv[])
{
  kube_process_prepare ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/watch-churn/plain", test_churn);
  g_test_add_func ("/kube/watch-churn/tls", test_secure);

  return g_test_run ();
}
