/* own-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "own-cluster.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "await.h"
#include "kube-config.h"

#define PATIENCE (120 * G_TIME_SPAN_SECOND)
/* An API server with open watches would take a minute to end as it should. */
#define GRACE_MS 1500

struct _OwnCluster
{
  char        *directory;
  char        *programs; /* the folder that they are in */
  guint        port;
  guint        etcd_port;
  guint        peer_port;
  GSubprocess *etcd;
  GSubprocess *server; /* (nullable): stopped */
  KubeClient  *client;
};

static const char *script =
    "set -e\n"
    "exec >/dev/null 2>&1\n"
    "ec () { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "ec ca; openssl req -x509 -new -key ca.key -subj /CN=ca -days 10 -out ca.crt\n"
    "ec server; openssl req -new -key server.key -subj /CN=server -out server.csr\n"
    "printf 'extendedKeyUsage=serverAuth\\nsubjectAltName=IP:127.0.0.1\\n' > server.ext\n"
    "openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 10 -extfile "
    "server.ext -out server.crt\n"
    "openssl genrsa -out sa.key 2048; openssl rsa -in sa.key -pubout -out sa.pub\n"
    "echo 'any,admin,admin,\"system:masters\"' > tokens.csv\n";

/* Nothing outlives a test that fails. */
static void
end_with_test_cb (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (OwnCluster        *self,
       const char        *log,
       const char *const *argv)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *path = g_build_filename (self->directory, log, NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_cwd (launcher, self->directory);
  g_subprocess_launcher_set_stdout_file_path (launcher, path);
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_set_child_setup (launcher, end_with_test_cb, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);

  return process;
}

static guint
choose_port (void)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr(GSocketAddress) address = NULL;
  g_autoptr(GError) error = NULL;

  g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &address, &error);
  g_assert_no_error (error);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static char *
find_programs (void)
{
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                              g_getenv ("HACKYSTACK_TEST_CLUSTER"), "program", "kube-apiserver",
                              NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);

  return g_path_get_dirname (g_strchomp (output));
}

static void
write_kubeconfig (OwnCluster *self)
{
  g_autofree char *path = g_build_filename (self->directory, "kubeconfig", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  text = g_strdup_printf ("apiVersion: v1\nkind: Config\ncurrent-context: own\n"
                          "clusters: [{name: own, cluster: {server: 'https://127.0.0.1:%u', "
                          "certificate-authority: ca.crt}}]\n"
                          "users: [{name: own, user: {token: any}}]\n"
                          "contexts: [{name: own, context: {cluster: own, user: own}}]\n",
                          self->port);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
start_etcd (OwnCluster *self)
{
  g_autofree char  *program = g_build_filename (self->programs, "etcd", NULL);
  g_autofree char  *url = g_strdup_printf ("http://127.0.0.1:%u", self->etcd_port);
  g_autofree char  *peer_url = g_strdup_printf ("http://127.0.0.1:%u", self->peer_port);
  const char *const argv[] = {
    program, "--data-dir", "etcd", "--listen-client-urls", url, "--advertise-client-urls", url,
    "--listen-peer-urls", peer_url, "--unsafe-no-fsync", "--log-level", "error", NULL
  };

  self->etcd = spawn (self, "etcd.log", argv);
}

OwnCluster *
own_cluster_new (void)
{
  OwnCluster *self = g_new0 (OwnCluster, 1);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  const char *argv[] = { "sh", "-c", script, NULL };

  self->directory = g_dir_make_tmp ("own-cluster-XXXXXX", &error);
  g_assert_no_error (error);
  self->programs = find_programs ();
  self->port = choose_port ();
  self->etcd_port = choose_port ();
  self->peer_port = choose_port ();
  process = spawn (self, "openssl.log", argv);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  write_kubeconfig (self);
  start_etcd (self);
  self->client = own_cluster_connect (self);
  own_cluster_start (self);

  return self;
}

static void
wait_for_end (GSubprocess *process)
{
  g_autoptr(GAsyncResult) result = NULL;

  g_subprocess_wait_async (process, NULL, await_cb, &result);
  g_subprocess_wait_finish (process, await (&result), NULL);
}

void
own_cluster_free (OwnCluster *self)
{
  const char *argv[] = { "rm", "-r", self->directory, NULL };
  g_autoptr(GSubprocess) process = NULL;

  own_cluster_stop (self, FALSE);
  g_subprocess_force_exit (self->etcd);
  wait_for_end (self->etcd);
  g_clear_object (&self->etcd);
  g_clear_object (&self->client);
  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);
  wait_for_end (process);
  g_free (self->directory);
  g_free (self->programs);
  g_free (self);
}

static gboolean
is_ready (OwnCluster *self)
{
  g_autoptr(KubeRequest) request = kube_request_new_get (&KUBE_NAMESPACE, NULL, "default");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(JsonNode) answer = NULL;

  kube_client_call_async (self->client, request, NULL, await_cb, &result);
  answer = kube_client_call_finish (self->client, await (&result), NULL);

  return answer != NULL;
}

static gboolean
wake_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
pause_ms (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, wake_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Returns when the API server serves. */
void
own_cluster_start (OwnCluster *self)
{
  g_autofree char  *program = g_build_filename (self->programs, "kube-apiserver", NULL);
  g_autofree char  *etcd = g_strdup_printf ("http://127.0.0.1:%u", self->etcd_port);
  g_autofree char  *port = g_strdup_printf ("%u", self->port);
  const char *const argv[] = {
    program, "--etcd-servers", etcd, "--bind-address", "127.0.0.1", "--secure-port", port,
    "--advertise-address", "127.0.0.1", "--tls-cert-file", "server.crt", "--tls-private-key-file",
    "server.key", "--token-auth-file", "tokens.csv", "--authorization-mode", "AlwaysAllow",
    "--service-cluster-ip-range", "10.97.0.0/16", "--service-account-issuer",
    "https://kubernetes.default.svc", "--service-account-key-file", "sa.pub",
    "--service-account-signing-key-file", "sa.key", "--endpoint-reconciler-type", "none",
    "--enable-priority-and-fairness=false", "--profiling=false", "--disable-admission-plugins",
    "ServiceAccount", NULL
  };
  gint64 since = g_get_monotonic_time ();

  g_assert_null (self->server);
  self->server = spawn (self, "kube-apiserver.log", argv);
  while (!is_ready (self))
    {
      if (g_get_monotonic_time () - since > PATIENCE)
        g_error ("The API server in %s did not start.", self->directory);
      pause_ms (50);
    }
}

static gboolean
kill_cb (gpointer user_data)
{
  g_subprocess_force_exit (user_data);

  return G_SOURCE_CONTINUE;
}

/* Kills the API server, or asks it to end and kills it a while later, as an operating system
 * does. */
void
own_cluster_stop (OwnCluster *self,
                  gboolean    gracefully)
{
  guint id;

  if (self->server == NULL)
    return;

  if (gracefully)
    g_subprocess_send_signal (self->server, SIGTERM);
  else
    g_subprocess_force_exit (self->server);
  id = g_timeout_add (GRACE_MS, kill_cb, self->server);
  wait_for_end (self->server);
  g_source_remove (id);
  g_clear_object (&self->server);
}

KubeClient *
own_cluster_connect (OwnCluster *self)
{
  g_autofree char *path = g_build_filename (self->directory, "kubeconfig", NULL);
  g_autoptr(GAsyncResult) loaded = NULL;
  g_autoptr(GAsyncResult) connected = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) config = NULL;
  KubeClient *client;

  kube_config_load_async (path, NULL, await_cb, &loaded);
  config = kube_config_load_finish (await (&loaded), &error);
  g_assert_no_error (error);
  kube_client_connect_async (kube_config_get_context (config, NULL, NULL), NULL, await_cb,
                             &connected);
  client = kube_client_connect_finish (await (&connected), &error);
  g_assert_no_error (error);

  return client;
}

/* Returns: (transfer full) (nullable): what kubectl prints, NULL when it fails */
char *
own_cluster_kubectl (OwnCluster *self,
                     const char *first,
                     ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  va_list          args;

  g_ptr_array_add (argv, g_build_filename (self->programs, "kubectl", NULL));
  g_ptr_array_add (argv, g_strdup_printf ("--kubeconfig=%s/kubeconfig", self->directory));
  g_ptr_array_add (argv, g_strdup_printf ("--cache-dir=%s/cache", self->directory));
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, g_strdup (word));
  va_end (args);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char *const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (process, NULL, NULL, await_cb, &result);
  g_subprocess_communicate_utf8_finish (process, await (&result), &output, NULL, &error);
  g_assert_no_error (error);

  return g_subprocess_get_successful (process) ? g_steal_pointer (&output) : NULL;
}
