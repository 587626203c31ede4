/* fault-fixture.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-fixture.h"

#include <string.h>

#include "client-fixture.h"

/* Also where many tests run at a time. */
#define HANG_SECONDS 100

/* What only who wrote the libraries understands. */
static const char *const jargon[] = {
  "JSON",
  "parse",
  "GnuTLS",
  "<data>",
  "(null)",
  "errno",
  "pull function",
  "push function",
  "Unknown error",
  "Unacceptable",
  ":1:",
  "GIO",
  "libsoup",
};

static FaultCertificates *certificates;

/* Returns: FALSE if there is nothing to make certificates with */
gboolean
fault_fixture_begin (void)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");

  if (openssl != NULL)
    certificates = fault_certificates_new (NULL);

  return openssl != NULL;
}

void
fault_fixture_end (void)
{
  g_clear_pointer (&certificates, fault_certificates_free);
}

static gboolean
on_watchdog_cb (gpointer user_data)
{
  g_error ("“%s” hangs", (const char *) user_data);

  return G_SOURCE_REMOVE;
}

/* @answer: what stands behind the proxy */
void
fault_fixture_set_up_with (FaultFixture   *self,
                           FaultAnswerFunc answer,
                           gpointer        user_data,
                           gboolean        secure,
                           const char     *name)
{
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;

  if (secure)
    certificate = fault_certificates_load (certificates, "server");
  self->watchdog_id = g_timeout_add_seconds (HANG_SECONDS, on_watchdog_cb, (gpointer) name);
  self->certificates = certificates;
  self->proxy = fault_proxy_new (answer, user_data, certificate);
  self->client = fault_fixture_connect (certificates, fault_proxy_get_port (self->proxy),
                                        secure ? "https" : "http", "", "token: t0ken", &error);
  g_assert_no_error (error);
}

void
fault_fixture_set_up (FaultFixture *self,
                      gboolean      secure,
                      const char   *name)
{
  self->cluster = fault_cluster_new ();
  fault_fixture_set_up_with (self, fault_cluster_answer, self->cluster, secure, name);
}

void
fault_fixture_tear_down (FaultFixture *self)
{
  /* A thread that has read an answer may hold on to it for a moment. */
  g_object_add_weak_pointer (G_OBJECT (self->client), (gpointer *) &self->client);
  g_object_unref (self->client);
  FAULT_WAIT (self->client == NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_pointer (&self->proxy, fault_proxy_free);
  g_clear_pointer (&self->cluster, fault_cluster_free);
  g_clear_handle_id (&self->watchdog_id, g_source_remove);
}

/* @cluster and @user are fields of the kubeconfig; without one of @cluster the CA is trusted. */
KubeClient *
fault_fixture_connect (FaultCertificates *folder,
                       guint              port,
                       const char        *scheme,
                       const char        *cluster,
                       const char        *user,
                       GError           **error)
{
  g_autofree char *path = fault_certificates_get_path (folder, "config");
  g_autofree char *text = NULL;

  if (*cluster == '\0')
    cluster = "certificate-authority: ca.crt";
  text = g_strdup_printf ("clusters: [{name: c, cluster: {server: '%s://127.0.0.1:%u', %s}}]\n"
                          "users: [{name: u, user: {%s}}]\n"
                          "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
                          "current-context: x\n",
                          scheme, port, cluster, user);
  fault_certificates_write (folder, "config", text);

  return connect_client (path, NULL, error);
}

/* What happened, and what to do: at least two sentences, in words. */
void
fault_assert_for_people (const char *message)
{
  gsize length = strlen (message);

  g_test_message ("%s", message);
  if (!g_str_has_suffix (message, ".") || strstr (message, ". ") == NULL ||
      strstr (message, "..") != NULL || length < 40 || length > 800)
    g_error ("no sentences: %s", message);
  for (guint i = 0; i < G_N_ELEMENTS (jargon); i++)
    if (strstr (message, jargon[i]) != NULL)
      g_error ("“%s” is not for people: %s", jargon[i], message);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
fault_iterate (void)
{
  g_autoptr(GSource) alarm = g_timeout_source_new (20);

  /* What the server's threads do wakes nobody here. */
  g_source_set_callback (alarm, wake_cb, NULL, NULL);
  g_source_attach (alarm, NULL);
  g_main_context_iteration (NULL, TRUE);
  g_source_destroy (alarm);
}
