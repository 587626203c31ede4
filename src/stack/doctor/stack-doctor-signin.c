/* stack-doctor-signin.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-private.h"

#include <string.h>

/* What signing in with GitHub needs: NEXTAUTH_URL, NEXTAUTH_SECRET, and the OAuth app's two
 * values. The shapes of GitHub's values are not documented: they warn and never refuse. */

#define ID_SHAPE "Ov23li[A-Za-z0-9]{14}|Iv23li[A-Za-z0-9]{14}|Iv1\\.[0-9a-f]{16}|[0-9a-f]{20}"
#define SECRET_SHAPE "[0-9a-f]{40}"
#define TOKEN_SHAPE "(?:gh[a-z]_|github_pat_)[A-Za-z0-9_]+"

/* 32 characters, as the documents of Auth.js ask for, and more bits than anybody tries out. */
#define SECRET_LENGTH 32
#define SECRET_BITS 100

static char *
build_address (const char *scheme,
               const char *host,
               int         port)
{
  g_autofree char *number = port > 0 ? g_strdup_printf (":%d", port) : g_strdup ("");

  return g_strconcat (scheme, "://", host, number, NULL);
}

/* The scheme that the Ingress serves. */
static const char *
get_served_scheme (StackPatient *patient)
{
  return stack_settings_get_enabled (patient->settings, STACK_FIELD_TLS) ? "https" : "http";
}

/* Which scheme is right depends on whether the Ingress has a certificate. */
static void
check_scheme (StackPatient *patient,
              GUri         *uri)
{
  const char      *scheme = get_served_scheme (patient);
  g_autofree char *fix = NULL;

  if (g_str_equal (g_uri_get_scheme (uri), scheme))
    return;

  fix = build_address (scheme, g_uri_get_host (uri), g_uri_get_port (uri));
  if (g_str_equal (scheme, "https"))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, fix,
                          "NEXTAUTH_URL begins with http. The Ingress has a certificate and "
                          "leads visitors to https, where the sign-in then fails, and passwords "
                          "would travel in clear. Use https.");
  else
    stack_patient_report (patient, STACK_SEVERITY_WARNING, fix,
                          "NEXTAUTH_URL begins with https, but HTTPS is switched off: the Ingress "
                          "answers at http only, and GitHub would send people to a place where "
                          "nothing answers. Use http, or switch HTTPS on. It is right only if "
                          "something in front of the cluster has the certificate.");
}

static void
check_address_parts (StackPatient *patient,
                     GUri         *uri)
{
  const char      *host = g_uri_get_host (uri);
  const char      *wanted = stack_settings_get_text (patient->settings, STACK_FIELD_HOST);
  const char      *path = g_uri_get_path (uri);
  g_autofree char *bare = build_address (g_uri_get_scheme (uri), host, g_uri_get_port (uri));

  if (g_uri_get_userinfo (uri) != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, bare,
                          "NEXTAUTH_URL holds a user name. GitHub sends people back to it, and "
                          "everybody would see it. Leave out what stands before the @.");
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, bare,
                          "NEXTAUTH_URL goes on after a “?” or “#”. The app adds its own paths to "
                          "it, which would no longer work. Keep %s.",
                          bare);
  else if (!g_str_equal (path, "") && !g_str_equal (path, "/") &&
           !stack_doctor_matches (path, "/api/auth/?"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, bare,
                          "NEXTAUTH_URL has the path %s. The app serves the whole host and expects "
                          "no path, or /api/auth. Keep %s.",
                          path, bare);

  if (g_ascii_strcasecmp (host, wanted) != 0 && stack_doctor_is_dns_name (wanted))
    {
      g_autofree char *fix = build_address (get_served_scheme (patient), wanted, -1);

      stack_patient_report (patient, STACK_SEVERITY_WARNING, fix,
                            "NEXTAUTH_URL leads to %s, but the Ingress serves %s. After they sign "
                            "in, GitHub sends people to a place where the app is not. Use the same "
                            "name in both.",
                            host, wanted);
    }
  check_scheme (patient, uri);
}

/*
 * stack_doctor_check_nextauth_url:
 * @patient: NEXTAUTH_URL
 *
 * An absolute http or https URL of the Ingress's host, without a path.
 */
void
stack_doctor_check_nextauth_url (StackPatient *patient)
{
  const char *text = patient->text;
  g_autoptr(GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char      *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  const char      *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autofree char *decoded = stack_doctor_decode_base64 (text);

  if (decoded != NULL && g_str_has_prefix (decoded, "http"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, decoded,
                          "NEXTAUTH_URL is in base64 already. This program encodes what has to be; "
                          "the app would be given something unreadable. Put in the plain address.");
  else if (scheme != NULL && g_str_has_prefix (scheme, "http") && host != NULL && *host != '\0' &&
           (g_hostname_is_ip_address (host) ||
            stack_doctor_matches (host, "[A-Za-z0-9](?:[-.A-Za-z0-9]*[A-Za-z0-9])?")) &&
           stack_doctor_matches (scheme, "https?"))
    check_address_parts (patient, uri);
  else
    {
      g_autofree char *lower = g_ascii_strdown (text, -1);
      g_autofree char *fix = stack_doctor_is_dns_name (lower) ? build_address ("https", lower, -1)
                                                              : NULL;

      stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                            "“%s” is not a whole web address. GitHub has to send people back to "
                            "it. Write https:// and the host name, such as "
                            "https://hackystack.local.",
                            text);
    }
}

static gboolean
is_example (const char *text)
{
  return g_regex_match_simple ("^(?:<.*>|your[-_ ].*|change[-_ ]?me.*|(?:x+|\\.+|\\*+)|secret|"
                               "todo|.*\\bplaceholder\\b.*)$",
                               text, G_REGEX_CASELESS,
                               G_REGEX_MATCH_DEFAULT);
}

static gboolean
report_example (StackPatient *patient)
{
  if (!is_example (patient->text))
    return FALSE;

  stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                        "%s looks like the example of a guide, not like a value of yours. The app "
                        "would start, but signing in would fail. Put in your own.",
                        stack_field_get (patient->field)->title);

  return TRUE;
}

/* A value that is base64 of something that looks right itself. */
static gboolean
report_encoded (StackPatient *patient,
                const char   *shape)
{
  g_autofree char *decoded = stack_doctor_decode_base64 (patient->text);

  if (decoded == NULL || !stack_doctor_matches (decoded, shape))
    return FALSE;

  stack_patient_report (patient, STACK_SEVERITY_WARNING, decoded,
                        "%s seems to be in base64 already, perhaps copied from a Secret's "
                        "manifest. This program encodes it itself, and the app would be given the "
                        "wrong value. Put in the plain "
                        "one.",
                        stack_field_get (patient->field)->title);

  return TRUE;
}

/*
 * stack_doctor_check_secret:
 * @patient: NEXTAUTH_SECRET
 *
 * At least 32 characters that do not follow from each other.
 */
void
stack_doctor_check_secret (StackPatient *patient)
{
  glong length = g_utf8_strlen (patient->text, -1);
  guint bits = stack_doctor_estimate_bits (patient->text);

  if (report_example (patient))
    return;
  if (report_encoded (patient, "[A-Za-z0-9+/]{40,}={0,2}|[0-9a-f]{32,}"))
    return;

  if (length < SECRET_LENGTH)
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "NEXTAUTH_SECRET has %ld characters. Whoever guesses it can sign in as "
                          "anybody. Use at least %d, made by a machine.",
                          length, SECRET_LENGTH);
  else if (bits < SECRET_BITS)
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "NEXTAUTH_SECRET is long, but repeats itself, follows a row such as "
                          "abcd, or is made of words. It is worth about %u bits, where %d are "
                          "wanted, and whoever guesses it can sign in as anybody. Use one made by "
                          "a machine.",
                          bits, SECRET_BITS);
}

/*
 * stack_doctor_check_client_id:
 * @patient: GITHUB_CLIENT_ID
 *
 * Warns when it does not look like the ID of an OAuth or GitHub app.
 */
void
stack_doctor_check_client_id (StackPatient *patient)
{
  const char *text = patient->text;

  if (stack_doctor_matches (text, ID_SHAPE) || report_example (patient) ||
      report_encoded (patient, ID_SHAPE))
    return;

  if (stack_doctor_matches (text, SECRET_SHAPE "|" TOKEN_SHAPE))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "GITHUB_CLIENT_ID looks like a secret or a token of GitHub. The ID is "
                          "public and would be shown to everybody. Copy the one that GitHub calls "
                          "Client ID.");
  else
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "GITHUB_CLIENT_ID does not look like one. Those of OAuth apps have 20 "
                          "characters and mostly begin with Ov23li. Compare it with the Client ID "
                          "that GitHub shows.");
}

/*
 * stack_doctor_check_client_secret:
 * @patient: GITHUB_CLIENT_SECRET
 *
 * Warns when it does not look like the secret of an OAuth or GitHub app.
 */
void
stack_doctor_check_client_secret (StackPatient *patient)
{
  const char *text = patient->text;

  if (stack_doctor_matches (text, SECRET_SHAPE) || report_example (patient) ||
      report_encoded (patient, SECRET_SHAPE))
    return;

  if (stack_doctor_matches (text, TOKEN_SHAPE))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "GITHUB_CLIENT_SECRET is a token of GitHub. A token speaks for a person, "
                          "not for the app, and signing in would fail. Generate a client secret at "
                          "your OAuth app.");
  else if (stack_doctor_matches (text, ID_SHAPE))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "GITHUB_CLIENT_SECRET looks like a client ID. The two may have been "
                          "swapped, and signing in would fail. Put the secret here.");
  else
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "GITHUB_CLIENT_SECRET does not look like one. They have 40 digits and "
                          "letters from a to f, and GitHub shows them once. Generate a new one if "
                          "you are not sure.");
}
