/* cli-command-certificate.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-command.h"

#include "cli-error.h"
#include "cli-json.h"
#include "cli-prompt.h"
#include "cli-provision.h"

#include <string.h>

#define TRUST_WORDS                                                                        \
  "\n"                                                                                     \
  "Whoever trusts this authority believes every certificate that it issues. Its key\n"     \
  "never leaves your keyring. To trust it on this machine:\n"                              \
  "  Debian, Ubuntu    sudo cp \"%1$s\" /usr/local/share/ca-certificates/hackystack.crt\n" \
  "                    sudo update-ca-certificates\n"                                      \
  "  Fedora            sudo trust anchor \"%1$s\"\n"                                       \
  "  Firefox           Settings, Privacy & Security, View Certificates, Authorities,\n"    \
  "                    Import; tick \"identify websites\"\n"                               \
  "  Chromium, Chrome  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n \"Hacky Stack\" \\\n" \
  "                    -i \"%1$s\"   (package libnss3-tools)\n"                            \
  "To try it once without trusting anything: curl --cacert \"%1$s\" %2$s\n"

static const CliOption certificate_options[] = {
  { "values", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, values), "FILE",
    "take values from this YAML file (- for standard input)" },
  { "ca", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, ca), "FILE",
    "write the authority's certificate there, and say how to trust it" },
  { NULL },
};

typedef struct
{
  StackCertificate *certificate; /* (owned) */
  char             *fingerprint; /* (owned) (nullable) of the authority */
  gboolean          present;     /* in the cluster */
} Certificate;

static void
certificate_free (Certificate *certificate)
{
  g_clear_pointer (&certificate->certificate, stack_certificate_unref);
  g_clear_pointer (&certificate->fingerprint, g_free);
  g_free (certificate);
}

static CliOptions *
get_options (GTask *task)
{
  return cli_invocation_get_options (g_task_get_source_object (task));
}

static StackSettings *
get_settings (GTask *task)
{
  return stack_session_get_settings (cli_invocation_get_session (g_task_get_source_object (task)));
}

static char *
format_time (gint64 seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static void
print_json (GTask *task)
{
  Certificate   *data = g_task_get_task_data (task);
  CliInvocation *invocation = g_task_get_source_object (task);
  g_autoptr(JsonBuilder) builder = cli_json_begin ("certificate");
  g_autofree char *start = format_time (stack_certificate_get_start (data->certificate));
  g_autofree char *end = format_time (stack_certificate_get_end (data->certificate));

  cli_json_add_string (builder, "host", stack_settings_get_text (get_settings (task), STACK_FIELD_HOST));
  cli_json_add_boolean (builder, "deployed", data->present);
  cli_json_add_string (builder, "notBefore", start);
  cli_json_add_string (builder, "notAfter", end);
  cli_json_add_string (builder, "authority", data->fingerprint);
  cli_json_add_string (builder, "file", get_options (task)->ca);
  json_builder_end_object (builder);
  cli_printer_document (cli_invocation_get_printer (invocation), builder);
}

static void
print_text (GTask *task)
{
  Certificate     *data = g_task_get_task_data (task);
  CliOptions      *options = get_options (task);
  CliPrinter      *printer = cli_invocation_get_printer (g_task_get_source_object (task));
  g_autofree char *end = format_time (stack_certificate_get_end (data->certificate));
  g_autofree char *address = stack_settings_dup_address (get_settings (task));

  cli_printer_line (printer, "Host         %s", stack_settings_get_text (get_settings (task), STACK_FIELD_HOST));
  cli_printer_line (printer, "In use       %s", data->present ? "yes" : "no, the next deploy puts one into the cluster");
  cli_printer_line (printer, "Valid until  %s", end);
  cli_printer_line (printer, "Authority    %s", data->fingerprint != NULL ? data->fingerprint : "not known");
  if (options->ca == NULL)
    return;

  cli_printer_line (printer, "Written      %s", options->ca);
  cli_printer_line (printer, TRUST_WORDS, options->ca, address);
}

static void
show (GTask *task)
{
  if (cli_printer_is_json (cli_invocation_get_printer (g_task_get_source_object (task))))
    print_json (task);
  else
    print_text (task);
  g_task_return_int (task, CLI_EXIT_DONE);
}

static void
certificate_write_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (object), result, NULL, &error))
    show (task);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_INPUT,
                             "%s cannot be written: %s. The certificate was not saved. Choose "
                             "another file.",
                             get_options (task)->ca, error->message);
}

static void
write_authority (GTask *task)
{
  Certificate *data = g_task_get_task_data (task);
  const char  *text = stack_certificate_get_authority (data->certificate);
  g_autoptr(GFile) file = g_file_new_for_path (get_options (task)->ca);

  g_file_replace_contents_async (file, text, strlen (text), NULL, FALSE, G_FILE_CREATE_NONE,
                                 g_task_get_cancellable (task), certificate_write_cb,
                                 g_object_ref (task));
}

static void
certificate_confirm_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(VaultSecret) answer = cli_prompt_ask_finish (result, &error);
  const char *text = answer != NULL ? vault_secret_get_text (answer) : "";

  if (g_ascii_strcasecmp (text, "y") == 0 || g_ascii_strcasecmp (text, "yes") == 0)
    write_authority (task);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_CANCELLED, "Nothing was written.");
}

/* Whether there is something to trust: an authority that will be the same the next time. */
static gboolean
check_authority (GTask   *task,
                 GError **error)
{
  Certificate  *data = g_task_get_task_data (task);
  StackSession *session = cli_invocation_get_session (g_task_get_source_object (task));

  if (stack_certificate_get_authority (data->certificate) == NULL)
    g_set_error (error, CLI_ERROR, CLI_ERROR_INPUT,
                 "The authority of the certificate in the cluster is not known. Its certificate is "
                 "not in the Secret. Ask whoever put it there.");
  else if (!data->present && !vault_store_is_persistent (stack_session_get_vault (session)))
    g_set_error (error, CLI_ERROR, CLI_ERROR_NOT_DEPLOYED,
                 "There is no authority to trust yet. Without an open keyring one is made by "
                 "each deployment that needs a certificate. Deploy first.");
  else
    return TRUE;

  return FALSE;
}

static void
save (GTask *task)
{
  CliInvocation   *invocation = g_task_get_source_object (task);
  CliOptions      *options = get_options (task);
  g_autofree char *question = NULL;
  GError          *error = NULL;

  if (!check_authority (task, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (options->yes || !g_file_test (options->ca, G_FILE_TEST_EXISTS))
    {
      write_authority (task);
      return;
    }
  if (!cli_invocation_can_ask (invocation))
    {
      g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_INPUT,
                               "%s is there already. It may be something else that you need. "
                               "Choose another file, or add --yes to replace it.",
                               options->ca);
      return;
    }

  question = g_strdup_printf ("Replace %s? [y/N]", options->ca);
  cli_prompt_ask_async (cli_invocation_get_printer (invocation), question, FALSE,
                        g_task_get_cancellable (task), certificate_confirm_cb,
                        g_object_ref (task));
}

static void
return_no_certificate (GTask   *task,
                       gboolean present)
{
  if (!stack_settings_get_enabled (get_settings (task), STACK_FIELD_TLS))
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_WRONG_VALUES,
                             "There is no certificate. HTTPS is switched off in the values of this "
                             "profile (tls: no). Switch it on and deploy.");
  else
    g_task_return_new_error (task, CLI_ERROR, CLI_ERROR_INPUT,
                             "The certificate %s. This program leaves it alone and has none of its "
                             "own. Ask whoever put it there.",
                             present ? "in the cluster was put there by somebody else"
                                     : "cannot be made");
}

static void
certificate_provision_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  StackSession     *session = cli_invocation_get_session (CLI_INVOCATION (object));
  Certificate      *data = g_task_get_task_data (task);
  StackCertificate *certificate;
  const char       *authority;

  if (!cli_provision_finish (CLI_INVOCATION (object), result, &data->present, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  certificate = stack_manifest_set_get_certificate (stack_session_get_manifests (session));
  if (certificate == NULL)
    {
      return_no_certificate (task, data->present);
      return;
    }

  data->certificate = stack_certificate_ref (certificate);
  authority = stack_certificate_get_authority (certificate);
  if (authority != NULL)
    data->fingerprint = stack_certificate_dup_fingerprint (authority, NULL);
  if (get_options (task)->ca != NULL)
    save (task);
  else
    show (task);
}

static void
certificate_run (CliInvocation *invocation,
                 GTask         *task)
{
  g_task_set_task_data (task, g_new0 (Certificate, 1), (GDestroyNotify) certificate_free);
  cli_provision_async (invocation, g_task_get_cancellable (task), certificate_provision_cb, task);
}

const CliCommand CLI_COMMAND_CERTIFICATE = {
  .name = "certificate",
  .summary = "show the app's certificate, and how to trust it",
  .operands = "",
  .options = certificate_options,
  .description =
      "Shows the certificate with which the Ingress serves the app: for which host, until\n"
      "when, and the SHA-256 of the authority that issued it. deploy makes it, for 397\n"
      "days, and a new one when fewer than 30 are left. The authority is your own: made\n"
      "once, its key kept in the keyring. Browsers warn until it is trusted. --ca writes\n"
      "its certificate into a file and says how that is done.\n"
      "\n"
      "Nothing is changed on the cluster.\n",
  .notes =
      "Examples:\n"
      "  hackystackctl certificate\n"
      "  hackystackctl certificate --ca hackystack-ca.crt\n"
      "\n"
      "Exit status: 0 shown, 1 failed, 2 wrong usage, 130 cancelled.\n",
  .run = certificate_run,
};
