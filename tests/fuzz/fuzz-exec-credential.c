/* fuzz-exec-credential.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-json.h"
#include "base-redact.h"
#include "kube-error.h"
#include "kube-exec-credential.h"
#include "property.h"

/* Shorter ones may stand in the message by chance. */
#define MIN_SECRET 16

static KubeExecConfig *
build_config (void)
{
  g_autofree char *problem = NULL;
  g_autoptr(JsonNode) exec =
                 base_json_parse ("{\"command\":\"aws\",\"interactiveMode\":\"Never\","
                                  "\"apiVersion\":\"client.authentication.k8s.io/v1\"}",
                                  -1, NULL);
  KubeExecConfig *config = kube_exec_config_new (exec, "/nowhere/config", "user", TRUE, &problem);

  g_assert_nonnull (config);
  return config;
}

/* A message repeats neither the token nor the key, unless they stand in a field that is none. */
static void
check_message (const GError *error,
               const char   *output,
               gsize         length)
{
  g_autoptr(JsonNode) root = base_json_parse (output, (gssize) length, NULL);
  const char *shown[] = {
    base_json_get_string (root, "kind", NULL),
    base_json_get_string (root, "apiVersion", NULL),
    base_json_get_string (root, "status", "expirationTimestamp", NULL),
  };
  const char *secrets[] = {
    base_json_get_string (root, "status", "token", NULL),
    base_json_get_string (root, "status", "clientKeyData", NULL),
  };

  property_is_error (error, KUBE_ERROR);
  g_assert_cmpint (error->code, ==, KUBE_ERROR_CREDENTIALS);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      gboolean said = secrets[i] == NULL || strlen (secrets[i]) < MIN_SECRET;

      for (guint j = 0; j < G_N_ELEMENTS (shown) && !said; j++)
        said = shown[j] != NULL && strstr (shown[j], secrets[i]) != NULL;
      if (!said)
        g_assert_null (strstr (error->message, secrets[i]));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autofree char *covered = NULL;
  g_autoptr(KubeExecConfig) config = build_config ();
  g_autoptr(GError) error = NULL;
  KubeExecCredential *credential = kube_exec_credential_parse (config, "user", text, size, &error);

  if (credential == NULL)
    {
      check_message (error, text, size);
    }
  else
    {
      g_assert_no_error (error);
      g_assert_true (credential->token != NULL || credential->certificate != NULL);
      for (const char *p = credential->token; p != NULL && *p != '\0'; p++)
        g_assert_true (g_ascii_isgraph (*p));
      g_assert_true (kube_exec_credential_is_fresh (credential, 0) ||
                     credential->expiry <= 10 * G_USEC_PER_SEC);
      kube_exec_credential_unref (credential);
    }

  covered = base_redact_text (text);
  g_assert_cmpstr (covered, ==, text);
  return 0;
}
