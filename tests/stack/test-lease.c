/* test-lease.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base-json.h"
#include "fake-cluster.h"
#include "stack-error.h"
#include "stack-holder-private.h"
#include "stack-lease-private.h"
#include "stack-operation-private.h"
#include "stack-test.h"

#define LEASES "/apis/coordination.k8s.io/v1/namespaces/x/leases"
#define LEASE LEASES "/hackystack-deployment"
#define NOT_FOUND "{\"kind\":\"Status\",\"code\":404,\"reason\":\"NotFound\",\"message\":\"no\"}"

typedef struct
{
  FakeCluster    *cluster;
  KubeClient     *client;
  StackLease     *lease;
  StackOperation *operation;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->cluster = fake_cluster_new ();
  fixture->client = fake_cluster_connect (fixture->cluster);
  fixture->lease = stack_lease_new (fixture->client, "x");
  fixture->operation = stack_operation_new ("ConfigMap y");
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_assert_finalize_object (fixture->lease);
  g_object_unref (fixture->operation);
  g_object_unref (fixture->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->cluster);
}

/* What a process that runs no longer called itself. */
static char *
build_gone (void)
{
  char  text[512] = { 0 };
  int   ends[2];
  pid_t pid;

  g_assert_cmpint (pipe (ends), ==, 0);
  pid = fork ();
  if (pid == 0)
    {
      char *identity = stack_holder_build ();

      _exit (write (ends[1], identity, strlen (identity)) < 0);
    }
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  g_assert_cmpint (read (ends[0], text, sizeof text - 1), >, 0);
  close (ends[0]);
  close (ends[1]);

  return g_strdup (text);
}

static void
put_lease (Fixture    *fixture,
           const char *holder)
{
  g_autofree char *text = g_strdup_printf ("{\"metadata\":{\"uid\":\"other\",\"resourceVersion\":\"1\"},"
                                           "\"spec\":{\"holderIdentity\":\"%s\"}}",
                                           holder);

  fake_cluster_put (fixture->cluster, LEASE, text);
}

static gboolean
acquire (Fixture      *fixture,
         gint64        deadline,
         GCancellable *cancellable,
         GError      **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_lease_acquire_async (fixture->lease, deadline, fixture->operation, cancellable,
                             stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);

  return stack_lease_acquire_finish (fixture->lease, result, error);
}

static void
release (Fixture *fixture)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;

  stack_lease_release_async (fixture->lease, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  stack_lease_release_finish (fixture->lease, result);
}

static void
assert_held (Fixture *fixture)
{
  g_autofree char *author = g_strdup_printf ("%s@", g_get_user_name ());
  JsonNode        *lease = fake_cluster_get (fixture->cluster, LEASE);
  const char      *holder = base_json_get_string (lease, "spec", "holderIdentity", NULL);

  g_assert_nonnull (lease);
  g_assert_true (g_str_has_prefix (holder, author));
  g_assert_false (stack_holder_is_gone (holder));
}

static void
test_free (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  assert_held (fixture);
  release (fixture);
  g_assert_null (fake_cluster_get (fixture->cluster, LEASE));
  release (fixture);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "DELETE", "*"), ==, 1);
}

/* Its holder was killed on this machine: nobody waits for it. */
static void
test_gone (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *holder = build_gone ();
  g_autoptr(GError) error = NULL;

  put_lease (fixture, holder);
  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  assert_held (fixture);
  g_assert_cmpstr (stack_operation_get_detail (fixture->operation), ==, "");
}

/* A holder elsewhere is waited for, until it has been silent for long enough. */
static void
test_silent (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  put_lease (fixture, "ada@elsewhere/1/2/3/4/5");
  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  assert_held (fixture);
  g_assert_nonnull (strstr (stack_operation_get_detail (fixture->operation), "of ada@elsewhere"));
}

static void
test_taken (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *holder = stack_holder_build ();
  g_autoptr(GError) error = NULL;

  put_lease (fixture, holder);
  g_assert_false (acquire (fixture, g_get_monotonic_time () + G_USEC_PER_SEC, NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_TIMED_OUT);
  g_test_message ("%s", error->message);
  release (fixture);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "DELETE", "*"), ==, 0);
}

/* A cluster that is away is waited for. */
static void
test_away (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fake_cluster_answer (fixture->cluster, "POST", LEASES, 1, FAKE_CLUSTER_AWAY, NULL);
  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  assert_held (fixture);
  g_assert_nonnull (strstr (stack_operation_get_detail (fixture->operation), "Trying again"));
}

/* While the server is away, nobody is heard: that makes nobody gone. */
static void
test_unheard (Fixture      *fixture,
              gconstpointer data)
{
  g_autofree char *holder = stack_holder_build ();
  gint64           now = g_get_monotonic_time ();
  g_autoptr(GError) error = NULL;

  put_lease (fixture, holder);
  fake_cluster_answer (fixture->cluster, "GET", LEASE, 3, FAKE_CLUSTER_AWAY, NULL);
  g_assert_false (acquire (fixture, now + 7 * G_USEC_PER_SEC, NULL, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_TIMED_OUT);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "DELETE", "*"), ==, 0);
}

static void
wait_for_doubt (Fixture *fixture)
{
  while (!stack_lease_is_in_doubt (fixture->lease))
    g_main_context_iteration (NULL, TRUE);
}

/* Somebody took it for gone, and wrote. */
static void
test_lost (Fixture      *fixture,
           gconstpointer data)
{
  g_autofree char *gone = build_gone ();
  g_autoptr(GError) error = NULL;

  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (stack_lease_get_moved (fixture->lease));
  g_assert_false (stack_lease_is_in_doubt (fixture->lease));

  fake_cluster_answer (fixture->cluster, "PATCH", LEASE, 1, 404, NOT_FOUND);
  put_lease (fixture, gone);
  wait_for_doubt (fixture);
  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (stack_lease_get_moved (fixture->lease));
  g_assert_false (stack_lease_is_in_doubt (fixture->lease));
  assert_held (fixture);
}

/* Nobody could be told that the holder lives, and nobody took it for gone. */
static void
test_kept (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  fake_cluster_answer (fixture->cluster, "PATCH", LEASE, 0, FAKE_CLUSTER_AWAY, NULL);
  wait_for_doubt (fixture);
  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (stack_lease_get_moved (fixture->lease));
  g_assert_false (stack_lease_is_in_doubt (fixture->lease));
  assert_held (fixture);
}

static void
test_forbidden (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  fake_cluster_answer (fixture->cluster, "POST", LEASES, 0, 403,
                       "{\"kind\":\"Status\",\"code\":403,\"reason\":\"Forbidden\",\"message\":\"no\"}");
  g_assert_true (acquire (fixture, 0, NULL, &error));
  g_assert_no_error (error);
  release (fixture);
  g_assert_cmpuint (fake_cluster_count (fixture->cluster, "DELETE", "*"), ==, 0);
}

static gboolean
on_cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *holder = stack_holder_build ();
  g_autoptr(GError) error = NULL;

  put_lease (fixture, holder);
  g_timeout_add (50, on_cancel_cb, cancellable);
  g_assert_false (acquire (fixture, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_holder (void)
{
  g_autofree char *here = stack_holder_build ();
  g_autofree char *again = stack_holder_build ();
  g_autofree char *gone = build_gone ();
  g_autofree char *author = stack_holder_dup_author ("ada@home/1/2/3/4/5");

  g_assert_cmpstr (here, !=, again);
  g_assert_false (stack_holder_is_gone (here));
  g_assert_true (stack_holder_is_gone (gone));
  g_assert_false (stack_holder_is_gone ("ada@home/1/2/3/4/5"));
  g_assert_false (stack_holder_is_gone ("somebody"));
  g_assert_false (stack_holder_is_gone (""));
  g_assert_cmpstr (author, ==, "ada@home");
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture      *fixture,
                  gconstpointer data);
  } cases[] = {
    { "/stack/lease/free", test_free },
    { "/stack/lease/gone", test_gone },
    { "/stack/lease/silent", test_silent },
    { "/stack/lease/taken", test_taken },
    { "/stack/lease/away", test_away },
    { "/stack/lease/unheard", test_unheard },
    { "/stack/lease/lost", test_lost },
    { "/stack/lease/kept", test_kept },
    { "/stack/lease/forbidden", test_forbidden },
    { "/stack/lease/cancelled", test_cancelled },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/lease/holder", test_holder);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Fixture, NULL, set_up, cases[i].func, tear_down);

  return g_test_run ();
}
