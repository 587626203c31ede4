/* cluster-pods.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cluster-pods.h"

#include "client-fixture.h"
#include "cluster-fixture.h"
#include "kube-error.h"

/* An idle machine needs two seconds. One that is busy with much else has needed forty. */
#define READY_SECONDS "300"

/* What tells why a pod does not become ready. None of it holds the value of a Secret. */
static const char *const questions[] = {
  "get nodes -l type!=kwok -o jsonpath='{range .items[*]}{.metadata.name}: {.spec.taints}{\"\\n\"}"
  "{range .status.conditions[*]}{.type} {.status}, {.reason}: {.message}{\"\\n\"}{end}{end}'",
  "describe pods",
  "get events --sort-by=.metadata.creationTimestamp -o custom-columns="
  "FIRST:.firstTimestamp,LAST:.lastTimestamp,TIMES:.count,OBJECT:.involvedObject.name,"
  "REASON:.reason,MESSAGE:.message",
};

/* Runs "kubectl -n @namespace_ @arguments" in a shell, with @input; returns what it says, and
 * whether it was content with itself. */
static char *
run_kubectl (const char *namespace_,
             const char *arguments,
             const char *input,
             gboolean   *successful)
{
  g_autofree char *line = g_strdup_printf ("exec \"$" CLUSTER_PROGRAM "\" kubectl -n %s %s",
                                           namespace_, arguments);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  char *output = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                  G_SUBPROCESS_FLAGS_STDERR_MERGE,
                              &error, "sh", "-c", line, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  *successful = g_subprocess_get_successful (process);

  return output;
}

static void
need_kubectl (const char *namespace_,
              const char *arguments,
              const char *input)
{
  gboolean         successful;
  g_autofree char *output = run_kubectl (namespace_, arguments, input, &successful);

  if (successful)
    return;

  cluster_tell_pods (namespace_);
  g_error ("kubectl %s failed: %s", arguments, output);
}

/* What "kubectl -n @namespace_ @arguments" says. */
char *
cluster_kubectl (const char *namespace_,
                 const char *arguments)
{
  gboolean successful;
  char    *output = run_kubectl (namespace_, arguments, NULL, &successful);

  if (!successful)
    g_error ("kubectl %s failed: %s", arguments, output);

  return output;
}

/* A namespace takes pods once it has its ServiceAccount, which a controller makes. */
void
cluster_await_service_account (KubeClient *client,
                               const char *namespace_)
{
  g_autofree char *path = g_strdup_printf ("/api/v1/namespaces/%s/serviceaccounts/default",
                                           namespace_);
  gboolean         found = FALSE;

  while (!found)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) answer = call_path (client, path, &error);

      found = answer != NULL;
      if (!found)
        g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);
    }
}

/* Makes the namespace, and in it the pod @name of the manifest @object; returns when it is ready.
 * The manifest says "automountServiceAccountToken: false": else the pod waits for the ConfigMap
 * kube-root-ca.crt too, which another controller makes, and the kubelet looks for that in ever
 * longer intervals, of up to two minutes. */
void
cluster_make_pod (KubeClient *client,
                  const char *namespace_,
                  const char *object,
                  const char *name)
{
  g_autofree char *create = g_strconcat ("create namespace ", namespace_, NULL);
  g_autofree char *wait = g_strconcat ("wait --for=condition=Ready --timeout=" READY_SECONDS
                                       "s pod/",
                                       name, NULL);

  need_kubectl (namespace_, create, NULL);
  cluster_await_service_account (client, namespace_);
  need_kubectl (namespace_, "apply -f -", object);
  need_kubectl (namespace_, wait, NULL);
}

/* Prints how the node and the pods of a namespace fare, before the test gives up. */
void
cluster_tell_pods (const char *namespace_)
{
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      gboolean         successful;
      g_autofree char *output = run_kubectl (namespace_, questions[i], NULL, &successful);
      g_auto(GStrv) lines = g_strsplit (output, "\n", -1);

      for (guint j = 0; lines[j] != NULL; j++)
        g_print ("# %s\n", lines[j]);
    }
}

void
cluster_remove_namespace (const char *namespace_)
{
  g_autofree char *delete = g_strconcat ("delete namespace --wait=false ", namespace_, NULL);
  gboolean         successful;
  g_autofree char *output = run_kubectl (namespace_, delete, NULL, &successful);

  if (!successful)
    g_error ("kubectl %s failed: %s", delete, output);
}
