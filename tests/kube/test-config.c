/* test-config.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "await.h"
#include "base-json.h"
#include "kube-config-private.h"
#include "kube-context-private.h"
#include "kube-error.h"

#define CLUSTER "clusters:\n- name: c\n  cluster: {server: 'https://h:6443'}\n"
#define USER "users:\n- name: u\n  user: {token: t0ken-value}\n"
#define CONTEXT "contexts:\n- name: x\n  context: {cluster: c, user: u}\n"
#define WITH_CLUSTER(fields) "clusters:\n- name: c\n  cluster: {server: 'https://h', " fields \
                             "}\n" USER CONTEXT
#define WITH_USER(fields) CLUSTER "users:\n- name: u\n  user: {" fields "}\n" CONTEXT
#define WITH_EXEC(version, fields) WITH_USER ("exec: {command: aws, apiVersion: " \
                                              "client.authentication.k8s.io/" version ", " fields "}")

/* @expected: one line for each context: "name namespace server problem", "-" for what is
 * unset; of a problem a part is enough. @error: part of the message. */
static const struct
{
  const char *name;
  const char *first;
  const char *second;   /* (nullable) */
  const char *expected; /* (nullable) */
  const char *error;    /* (nullable) */
} cases[] = {
  { "one", CLUSTER USER CONTEXT, NULL, "x default https://h:6443 -", NULL },
  { "json", "{\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":\"https://h\"}}],"
            "\"contexts\":[{\"name\":\"x\",\"context\":{\"cluster\":\"c\"}}]}",
    NULL,
    "x default https://h -", NULL },
  { "namespace", CLUSTER "contexts:\n- name: x\n  context: {cluster: c, namespace: space}\n", NULL,
    "x space https://h:6443 -", NULL },
  { "order", CLUSTER "contexts:\n- {name: z, context: {cluster: c}}\n"
                     "- {name: a, context: {cluster: c}}\n",
    NULL,
    "z default https://h:6443 -\na default https://h:6443 -", NULL },
  { "slash", "clusters: [{name: c, cluster: {server: 'https://h:1/p//'}}]\n" CONTEXT USER, NULL,
    "x default https://h:1/p -", NULL },
  { "stopped-minikube", "apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\n"
                        "current-context: \"\"\nusers: null\n",
    NULL, "", NULL },
  { "extensions", "extensions: [{name: e, extension: {a: 1}}]\npreferences: {}\n" CLUSTER USER CONTEXT, NULL, "x default https://h:6443 -", NULL },

  { "first-wins-whole", "clusters: [{name: c, cluster: {server: 'https://one'}}]\n"
                        "contexts: [{name: x, context: {cluster: c}}]\n",
    "clusters: [{name: c, cluster: {server: 'https://two'}}]\n"
    "contexts: [{name: x, context: {cluster: c, namespace: space}}]\n",
    "x default https://one -", NULL },
  { "across-files", CONTEXT, CLUSTER USER "contexts: [{name: other, context: {cluster: c}}]\n",
    "x default https://h:6443 -\nother default https://h:6443 -", NULL },
  { "one-empty", "", CLUSTER USER CONTEXT, "x default https://h:6443 -", NULL },
  { "second-broken", CLUSTER USER CONTEXT, "a: [", NULL, "b/config is not valid YAML" },

  { "missing-cluster", USER CONTEXT, NULL, "x default - refers to the cluster “c”", NULL },
  { "missing-user", CLUSTER CONTEXT, NULL, "x default https://h:6443 refers to the user “u”",
    NULL },
  { "no-cluster-name", "contexts: [{name: x, context: {}}]\n", NULL,
    "x default - names no cluster", NULL },
  { "no-context-body", "contexts: [{name: x}]\n", NULL, "x default - names no cluster", NULL },
  { "no-user-is-fine", CLUSTER "contexts: [{name: x, context: {cluster: c}}]\n", NULL,
    "x default https://h:6443 -", NULL },
  { "no-server", "clusters: [{name: c, cluster: {}}]\n" USER CONTEXT, NULL,
    "x default - has no server address", NULL },
  { "no-scheme", "clusters: [{name: c, cluster: {server: 'h:6443'}}]\n" USER CONTEXT, NULL,
    "x default h:6443 is not usable", NULL },
  { "server-with-password", "clusters: [{name: c, cluster: {server: 'https://a:b@h'}}]\n" USER CONTEXT, NULL, "x default - is not usable", NULL },

  { "two-authorities", WITH_CLUSTER ("certificate-authority: f, certificate-authority-data: eA=="),
    NULL, "x default https://h has both “certificate-authority”", NULL },
  { "insecure", WITH_CLUSTER ("insecure-skip-tls-verify: true"), NULL, "x default https://h -",
    NULL },
  { "insecure-authority", WITH_CLUSTER ("insecure-skip-tls-verify: true, "
                                        "certificate-authority: f"),
    NULL, "x default https://h also says “insecure-skip-tls-verify”",
    NULL },
  { "insecure-as-text", WITH_CLUSTER ("insecure-skip-tls-verify: 'true'"), NULL,
    "x default https://h must be true or false", NULL },
  { "tls-server-name", WITH_CLUSTER ("tls-server-name: other"), NULL, "x default https://h -",
    NULL },
  { "http-proxy", WITH_CLUSTER ("proxy-url: 'http://p:3128'"), NULL, "x default https://h -",
    NULL },
  { "https-proxy", WITH_CLUSTER ("proxy-url: 'https://a:b@p'"), NULL, "x default https://h -",
    NULL },
  { "socks5-proxy", WITH_CLUSTER ("proxy-url: 'socks5://p:1080'"), NULL, "x default https://h -",
    NULL },
  { "empty-proxy", WITH_CLUSTER ("proxy-url: ''"), NULL, "x default https://h -", NULL },
  { "ftp-proxy", WITH_CLUSTER ("proxy-url: 'ftp://p'"), NULL,
    "x default https://h begins with “ftp”, a kind of proxy that cannot be used", NULL },
  { "proxy-without-scheme", WITH_CLUSTER ("proxy-url: 'p'"), NULL,
    "x default https://h “proxy-url” of the cluster “c” is not usable", NULL },
  { "http-proxy-with-password", WITH_CLUSTER ("proxy-url: 'http://a:b@p'"), NULL,
    "x default https://h -", NULL },
  { "proxy-as-list", WITH_CLUSTER ("proxy-url: [p]"), NULL,
    "x default https://h “proxy-url” must hold a text", NULL },

  { "token-file", WITH_USER ("tokenFile: f"), NULL, "x default https://h:6443 -", NULL },
  { "basic", WITH_USER ("username: a, password: b"), NULL, "x default https://h:6443 -", NULL },
  { "pair", WITH_USER ("client-certificate: f, client-key-data: eA=="), NULL,
    "x default https://h:6443 -", NULL },
  { "two-certificates", WITH_USER ("client-certificate: f, client-certificate-data: eA==, "
                                   "client-key: k"),
    NULL, "x default https://h:6443 has both “client-certificate”", NULL },
  { "two-keys", WITH_USER ("client-certificate: f, client-key: k, client-key-data: eA=="), NULL,
    "x default https://h:6443 has both “client-key”", NULL },
  { "no-key", WITH_USER ("client-certificate: f"), NULL,
    "x default https://h:6443 without its private key", NULL },
  { "no-certificate", WITH_USER ("client-key: f"), NULL,
    "x default https://h:6443 without its client certificate", NULL },
  { "key-beside-token", WITH_USER ("client-key: f, token: t"), NULL, "x default https://h:6443 -", NULL },
  { "key-beside-exec", WITH_EXEC ("v1", "interactiveMode: Never}, client-key: f, as-groups: []"
                                        ", extensions: {a: b"),
    NULL, "x default https://h:6443 -", NULL },
  { "authority-not-base64", WITH_CLUSTER ("certificate-authority-data: '-----BEGIN'"), NULL,
    "x default https://h “certificate-authority-data” is not in base64", NULL },
  { "authority-cut-short", WITH_CLUSTER ("certificate-authority-data: eA="), NULL,
    "x default https://h is not in base64", NULL },
  { "authority-in-lines", WITH_CLUSTER ("certificate-authority-data: \"eA\\n==\\n\""), NULL,
    "x default https://h -", NULL },
  { "key-not-base64", WITH_USER ("client-certificate-data: eA==, client-key-data: 'e A='"), NULL,
    "x default https://h:6443 “client-key-data” is not in base64", NULL },
  { "token-and-basic", WITH_USER ("token: t, username: a, password: b"), NULL,
    "x default https://h:6443 both a token and a name with password", NULL },
  { "password-only", WITH_USER ("password: b"), NULL,
    "x default https://h:6443 a password without a name", NULL },
  { "token-as-number", WITH_USER ("token: 12345"), NULL,
    "x default https://h:6443 “token” must hold a text", NULL },
  { "exec", WITH_EXEC ("v1", "interactiveMode: Never"), NULL, "x default https://h:6443 -", NULL },
  { "exec-if-available", WITH_EXEC ("v1", "interactiveMode: IfAvailable"), NULL,
    "x default https://h:6443 -", NULL },
  { "exec-beta", WITH_EXEC ("v1beta1", "args: null"), NULL, "x default https://h:6443 -", NULL },
  { "exec-alpha", WITH_EXEC ("v1alpha1", "args: []"), NULL,
    "x default https://h:6443 v1alpha1, which Kubernetes has given up. Bring the program up to "
    "date",
    NULL },
  { "exec-unknown-version", WITH_EXEC ("v9", "args: []"), NULL,
    "x default https://h:6443 is to speak “client.authentication.k8s.io/v9”", NULL },
  { "exec-without-version", WITH_USER ("exec: {command: aws}"), NULL,
    "x default https://h:6443 has no “apiVersion”", NULL },
  { "exec-without-command", WITH_USER ("exec: {args: [a]}"), NULL,
    "x default https://h:6443 no “command” says which", NULL },
  { "exec-without-mode", WITH_EXEC ("v1", "args: []"), NULL,
    "x default https://h:6443 has no “interactiveMode”", NULL },
  { "exec-always", WITH_EXEC ("v1", "interactiveMode: Always"), NULL,
    "x default https://h:6443 has to ask questions on a terminal", NULL },
  { "exec-unknown-mode", WITH_EXEC ("v1", "interactiveMode: Maybe"), NULL,
    "x default https://h:6443 “interactiveMode” “Maybe”, which there is not", NULL },
  { "exec-bad-arguments", WITH_EXEC ("v1", "interactiveMode: Never, args: [1]"), NULL,
    "x default https://h:6443 must be a list of texts", NULL },
  { "exec-bad-environment", WITH_EXEC ("v1", "interactiveMode: Never, env: [{value: a}]"), NULL,
    "x default https://h:6443 must be a list of entries with “name” and “value”", NULL },
  { "exec-beside-token", WITH_USER ("token: t, exec: {command: aws, interactiveMode: Always, "
                                    "apiVersion: client.authentication.k8s.io/v1}"),
    NULL, "x default https://h:6443 -", NULL },
  { "wrong-exec-beside-token", WITH_USER ("token: t, exec: {command: aws}"), NULL,
    "x default https://h:6443 has no “apiVersion”", NULL },
  { "oidc", WITH_USER ("auth-provider: {name: oidc}"), NULL,
    "x default https://h:6443 through the provider “oidc” (“auth-provider”). It cannot be used", NULL },
  { "gcp", WITH_USER ("token: t, auth-provider: {name: gcp}"), NULL,
    "x default https://h:6443 gke-gcloud-auth-plugin", NULL },
  { "azure", WITH_USER ("auth-provider: {name: azure, config: {a: b}}"), NULL,
    "x default https://h:6443 kubelogin convert-kubeconfig", NULL },
  { "unknown-auth-provider", WITH_USER ("auth-provider: {name: openstack}"), NULL,
    "x default https://h:6443 There is none of that name", NULL },
  { "auth-provider-without-name", WITH_USER ("auth-provider: {}"), NULL,
    "x default https://h:6443 without a name", NULL },
  { "exec-and-auth-provider", WITH_USER ("exec: {command: a}, auth-provider: {name: b}"), NULL,
    "x default https://h:6443 has both “exec” and “auth-provider”", NULL },
  { "impersonation", WITH_USER ("token: t, as: someone, as-groups: [a], as-user-extra: {k: [v]}"),
    NULL, "x default https://h:6443 -", NULL },
  { "impersonated-groups-only", WITH_USER ("token: t, as-groups: [a]"), NULL,
    "x default https://h:6443 Add the name with “as”, or remove them.", NULL },
  { "impersonated-uid-only", WITH_USER ("as-uid: a"), NULL,
    "x default https://h:6443 Add the name with “as”, or remove them.", NULL },
  { "impersonated-extra-only", WITH_USER ("as-user-extra: {k: [v]}"), NULL,
    "x default https://h:6443 Add the name with “as”, or remove them.", NULL },
  { "impersonated-line-break", WITH_USER ("as: \"a\\nb\""), NULL,
    "x default https://h:6443 all without line breaks", NULL },
  { "impersonated-groups-as-text", WITH_USER ("as: a, as-groups: b"), NULL,
    "x default https://h:6443 “as-groups” a list of texts", NULL },

  { "no-namespace", CLUSTER "contexts:\n- name: x\n  context: {cluster: c, namespace: My_App}\n", NULL,
    "x My_App https://h:6443 names the namespace “My_App”, which cannot be one", NULL },
  { "namespace-with-hyphen-at-end", CLUSTER "contexts:\n- name: x\n  context: {cluster: c, namespace: a-}\n",
    NULL, "x a- https://h:6443 which cannot be one", NULL },
  { "namespace-too-long", CLUSTER "contexts:\n- name: x\n  context: {cluster: c, namespace: "
                                  "a23456789012345678901234567890123456789012345678901234567890abcd}\n",
    NULL, "x a23456789012345678901234567890123456789012345678901234567890abcd https://h:6443 at most 63",
    NULL },
  { "empty-name", CLUSTER "contexts:\n- name: ''\n  context: {cluster: c}\n", NULL,
    " default https://h:6443 has an empty name", NULL },

  { "other-version", "apiVersion: v2\nkind: Config\n", NULL, NULL, "of version “v2”" },
  { "empty", "", NULL, NULL, "a/config is empty" },
  { "comments-only", "# nothing\n", NULL, NULL, "a/config is empty" },
  { "text", "just words\n", NULL, NULL, "a/config is not a kubeconfig" },
  { "list", "- a\n", NULL, NULL, "is not a kubeconfig" },
  { "other-kind", "apiVersion: v1\nkind: Service\n", NULL, NULL, "it describes a Service" },
  { "syntax", "clusters: [\n", NULL, NULL, "line 2" },
  { "clusters-not-a-list", "clusters: {a: b}\n", NULL, NULL, "“clusters” is not a list" },
  { "entry-not-a-mapping", "users: [a]\n", NULL, NULL, "under “users” without a name" },
  { "name-twice", "users: [{name: u}, {name: u}]\n", NULL, NULL, "names “u” twice" },
  { "binary", "\x7f"
              "ELF\x02\x01\x01\xff\xfe",
    NULL, NULL, "not a text file in UTF-8" },
};

typedef struct
{
  char *directory;
  char *first;
  char *second;
} Fixture;

static void
write_file (const char *path,
            const char *contents,
            gssize      length)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
}

static void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("kube-config-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->first = g_build_filename (fixture->directory, "a", "config", NULL);
  fixture->second = g_build_filename (fixture->directory, "b", "config", NULL);
}

static void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  g_autofree char *a = g_build_filename (fixture->directory, "a", NULL);
  g_autofree char *b = g_build_filename (fixture->directory, "b", NULL);

  g_remove (fixture->first);
  g_remove (fixture->second);
  g_rmdir (a);
  g_rmdir (b);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->first);
  g_free (fixture->second);
  g_free (fixture->directory);
  g_unsetenv ("KUBECONFIG");
}

static KubeConfig *
load (const char *path,
      GError    **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  kube_config_load_async (path, NULL, await_cb, &result);
  return kube_config_load_finish (await (&result), error);
}

static void
assert_context (KubeContext *context,
                const char  *expected)
{
  g_auto(GStrv) fields = g_strsplit (expected, " ", 4);
  const char *server = kube_context_get_server (context);
  const char *problem = kube_context_get_problem (context);

  g_assert_cmpuint (g_strv_length (fields), ==, 4);
  g_assert_cmpstr (kube_context_get_name (context), ==, fields[0]);
  g_assert_cmpstr (kube_context_get_namespace (context), ==, fields[1]);
  g_assert_cmpstr (server != NULL ? server : "-", ==, fields[2]);
  if (strcmp (fields[3], "-") == 0)
    g_assert_cmpstr (problem, ==, NULL);
  else
    {
      g_assert_nonnull (problem);
      g_test_message ("%s", problem);
      g_assert_nonnull (strstr (problem, fields[3]));
    }
}

static void
test_case (Fixture      *fixture,
           gconstpointer data)
{
  guint            index = GPOINTER_TO_UINT (data);
  g_autofree char *variable = NULL;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GListModel) contexts = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) lines = NULL;

  write_file (fixture->first, cases[index].first, -1);
  if (cases[index].second != NULL)
    write_file (fixture->second, cases[index].second, -1);
  variable = g_strdup_printf (":%s:%s/missing:%s:%s", fixture->first, fixture->directory,
                              fixture->second, fixture->first);
  g_setenv ("KUBECONFIG", variable, TRUE);

  config = load (NULL, &error);
  if (cases[index].error != NULL)
    {
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[index].error));
      return;
    }

  g_assert_no_error (error);
  contexts = kube_config_list_contexts (config);
  lines = g_strsplit (cases[index].expected, "\n", -1);
  g_assert_cmpuint (g_list_model_get_n_items (contexts), ==, g_strv_length (lines));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      assert_context (context, lines[i]);
      g_assert_true (g_str_has_prefix (kube_context_get_source (context), fixture->directory));
    }
}

static void
test_paths (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *variable = g_strconcat (fixture->first, ":", fixture->second, NULL);
  g_autofree char *authority = g_build_filename (fixture->directory, "b", "ca.crt", NULL);
  g_autofree char *token = g_build_filename (fixture->directory, "a", "../t", NULL);
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  KubeContext *context;

  write_file (fixture->first, "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
                              "users: [{name: u, user: {tokenFile: ../t, client-certificate: /abs/c.crt, "
                              "client-key: sub/c.key}}]\n",
              -1);
  write_file (fixture->second, "clusters: [{name: c, cluster: {server: 'https://h', "
                               "certificate-authority: ca.crt}}]\n",
              -1);
  g_setenv ("KUBECONFIG", variable, TRUE);

  config = load (NULL, &error);
  g_assert_no_error (error);
  context = kube_config_get_context (config, "x", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (context->authority_file, ==, authority);
  g_assert_cmpstr (context->token_file, ==, token);
  g_assert_cmpstr (context->certificate_file, ==, "/abs/c.crt");
  g_assert_true (g_str_has_suffix (context->key_file, "/a/sub/c.key"));
  g_assert_cmpstr (kube_context_get_source (context), ==, fixture->first);
}

static void
test_current_context (Fixture      *fixture,
                      gconstpointer data)
{
  g_autofree char *variable = g_strconcat (fixture->first, ":", fixture->second, NULL);
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture->first, CLUSTER USER CONTEXT "current-context: ''\n", -1);
  write_file (fixture->second, "contexts: [{name: other, context: {cluster: c}}]\n"
                               "current-context: other\n",
              -1);
  g_setenv ("KUBECONFIG", variable, TRUE);

  config = load (NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_config_get_current_context (config), ==, "other");
  g_assert_cmpstr (kube_context_get_name (kube_config_get_context (config, NULL, &error)), ==,
                   "other");
  g_assert_cmpstr (kube_context_get_name (kube_config_get_context (config, "x", &error)), ==,
                   "x");

  g_assert_null (kube_config_get_context (config, "nowhere", &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, "There is no context “nowhere”"));
  g_assert_nonnull (strstr (error->message, "Choose one of: x, other."));
}

static void
test_unusable_current_context (Fixture      *fixture,
                               gconstpointer data)
{
  const struct
  {
    const char *contents;
    const char *message;
  } files[] = {
    { CLUSTER USER CONTEXT "current-context: gone\n",
      "named as the current one. Choose one of: x" },
    { CLUSTER USER CONTEXT, "does not say which context is the current one. Choose one of: x." },
    { "clusters: null\n", "has no contexts" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(KubeConfig) config = NULL;
      g_autoptr(GError) error = NULL;

      write_file (fixture->first, files[i].contents, -1);
      config = load (fixture->first, &error);
      g_assert_no_error (error);
      g_assert_null (kube_config_get_context (config, NULL, &error));
      g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
      g_assert_nonnull (strstr (error->message, files[i].message));
    }
}

static void
assert_load_fails (const char *path,
                   const char *message)
{
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;

  config = load (path, &error);
  g_assert_null (config);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, message));
}

static void
test_files (Fixture      *fixture,
            gconstpointer data)
{
  g_autofree char *large = g_strnfill (10 * 1024 * 1024, 'a');

  assert_load_fails (fixture->first, "There is no kubeconfig at");
  assert_load_fails (fixture->directory, "is a folder");
  write_file (fixture->first, large, -1);
  assert_load_fails (fixture->first, "too large");
  write_file (fixture->first, "a\0b", 3);
  assert_load_fails (fixture->first, "not a text file in UTF-8");

  g_setenv ("KUBECONFIG", fixture->second, TRUE);
  assert_load_fails (NULL, "No kubeconfig was found. It was looked for at: ");
  assert_load_fails (NULL, fixture->second);
  g_setenv ("KUBECONFIG", "::", TRUE);
  assert_load_fails (NULL, "No kubeconfig was found");

  g_unsetenv ("KUBECONFIG");
  assert_load_fails (NULL, "~/.kube/config");
}

/* Root may read every file, so it becomes somebody else for a moment. */
#define NOBODY 65534

static void
test_unreadable (Fixture      *fixture,
                 gconstpointer data)
{
  gboolean is_root = geteuid () == 0;

  write_file (fixture->first, CLUSTER, -1);
  g_assert_cmpint (g_chmod (fixture->first, 0), ==, 0);
  if (is_root)
    g_assert_cmpint (seteuid (NOBODY), ==, 0);
  assert_load_fails (fixture->first, "permission denied");
  if (is_root)
    g_assert_cmpint (seteuid (0), ==, 0);
  /* A change of user takes this away, and the search for leaks at the end needs it. */
  g_assert_cmpint (prctl (PR_SET_DUMPABLE, 1), ==, 0);
}

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture->first, CLUSTER, -1);
  g_cancellable_cancel (cancellable);
  kube_config_load_async (fixture->first, cancellable, await_cb, &result);
  g_assert_null (kube_config_load_finish (await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* No message repeats a secret, not even one that stands in the wrong place. */
static void
test_no_secrets (Fixture      *fixture,
                 gconstpointer data)
{
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  KubeContext *context;

  write_file (fixture->first, WITH_USER ("token: s3cr3t-token, username: a, "
                                         "password: s3cr3t-password, client-key-data: czNjcjN0LWtleQ=="),
              -1);
  config = load (fixture->first, &error);
  g_assert_no_error (error);
  context = kube_config_get_context (config, "x", &error);
  g_assert_nonnull (kube_context_get_problem (context));
  g_assert_null (strstr (kube_context_get_problem (context), "s3cr3t"));

  write_file (fixture->first, WITH_USER ("token: s3cr3t-token, token: [s3cr3t-again"), -1);
  g_clear_object (&config);
  config = load (fixture->first, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_assert_null (strstr (error->message, "s3cr3t"));
}

/* As Minikube writes it (recorded: kubeconfig of minikube 1.38.1), and what else may stand there. */
static void
test_provider (Fixture      *fixture,
               gconstpointer data)
{
  static const struct
  {
    const char *extensions;
    const char *provider; /* (nullable) */
  } clusters[] = {
    { "[{name: cluster_info, extension: {last-update: 'Mon', provider: minikube.sigs.k8s.io, "
      "version: v1.38.1}}]",
      "minikube.sigs.k8s.io" },
    { "[{name: e, extension: {a: 1}}, {name: f, extension: {provider: a}}, "
      "{name: g, extension: {provider: b}}]",
      "a" },
    { "[{name: e, extension: {provider: 1}}]", NULL },
    { "[{name: e, extension: text}, {name: f}, text, null]", NULL },
    { "{}", NULL },
    { "null", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clusters); i++)
    {
      g_autofree char *text = g_strdup_printf ("clusters: [{name: c, cluster: {server: 'https://h', "
                                               "extensions: %s}}]\n" CONTEXT USER,
                                               clusters[i].extensions);
      g_autoptr(KubeConfig) config = NULL;
      g_autoptr(GError) error = NULL;
      KubeContext *context;

      write_file (fixture->first, text, -1);
      config = load (fixture->first, &error);
      g_assert_no_error (error);
      context = kube_config_get_context (config, "x", &error);
      g_assert_no_error (error);
      g_assert_cmpstr (kube_context_get_provider (context), ==, clusters[i].provider);
    }
}

static void
test_merge_of_documents (void)
{
  g_autoptr(GPtrArray) documents = NULL;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *root;

  root = base_json_parse ("{\"current-context\":\"x\",\"contexts\":[{\"name\":\"x\","
                          "\"context\":{\"cluster\":\"c\"}}]}",
                          -1, NULL);
  documents = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_config_document_free);
  g_ptr_array_add (documents, kube_config_document_new ("/home/me/config", root));

  config = kube_config_new_from_documents (documents, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_config_get_current_context (config), ==, "x");
  g_assert_cmpstr (kube_context_get_source (kube_config_get_context (config, NULL, NULL)), ==,
                   "/home/me/config");
}

static void
add (const char *name,
     void (*function) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/kube/config/", name, NULL);

  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down);
}

int
main (int   argc,
      char *argv[])
{
  /* Nobody's own kubeconfig takes part. */
  g_setenv ("HOME", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/config/case/", cases[i].name, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), fixture_set_up, test_case,
                  fixture_tear_down);
    }
  add ("paths", test_paths);
  add ("current-context", test_current_context);
  add ("unusable-current-context", test_unusable_current_context);
  add ("files", test_files);
  add ("unreadable", test_unreadable);
  add ("cancelled", test_cancelled);
  add ("no-secrets", test_no_secrets);
  add ("provider", test_provider);
  g_test_add_func ("/kube/config/merge-of-documents", test_merge_of_documents);

  return g_test_run ();
}
