/* stack-doctor-database.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-private.h"

#include <string.h>

/* DATABASE_URL, as libpq and Prisma both read it:
 * postgresql://[user[:password]@]host[:port]/database[?name=value[&…]]
 * libpq allows more (several hosts, sockets, no database); Prisma does not, and the app uses
 * Prisma. No message holds a part of the URL but the host, the port and names of parameters. */

#define MINIKUBE_HOST "host.minikube.internal"

static gboolean
is_encoded (const char *p)
{
  return p[0] == '%' && g_ascii_isxdigit (p[1]) && g_ascii_isxdigit (p[2]);
}

/* Percent-encodes what may not stand in a user name or password; what is encoded stays. */
static void
append_encoded (GString    *string,
                const char *text,
                gsize       length)
{
  for (const char *p = text; p < text + length; p++)
    {
      if (g_ascii_isalnum (*p) || strchr ("-._~", *p) != NULL || is_encoded (p))
        g_string_append_c (string, *p);
      else
        g_string_append_printf (string, "%%%02X", (guchar) *p);
    }
}

/* The URL with everything before its last "@" read as user and password, and encoded. */
static char *
encode_userinfo (const char *scheme,
                 const char *rest)
{
  GString    *fixed = g_string_new (scheme);
  const char *at = strrchr (rest, '@');
  const char *colon = memchr (rest, ':', at - rest);

  append_encoded (fixed, rest, (colon != NULL ? colon : at) - rest);
  if (colon != NULL)
    {
      g_string_append_c (fixed, ':');
      append_encoded (fixed, colon + 1, at - colon - 1);
    }
  g_string_append (fixed, at);

  return g_string_free (fixed, FALSE);
}

/* Whether a character that separates the parts of a URL stands unencoded in the password, so
 * that the URL comes apart in the wrong place. */
static gboolean
is_torn (const char *rest)
{
  g_autofree char *authority = g_strndup (rest, strcspn (rest, "/?#"));
  g_autofree char *before_query = g_strndup (rest, strcspn (rest, "?#"));
  const char      *first = strchr (before_query, '@');
  const char      *colon = strrchr (authority, ':');

  /* Names of databases do not hold an "@", so there is one at most, and before the host. */
  if (first != NULL)
    return strchr (authority, '@') == NULL || strchr (first + 1, '@') != NULL;

  return colon != NULL && !stack_doctor_matches (colon + 1, "[0-9]*") &&
         strchr (rest, '@') != NULL;
}

static gboolean
check_scheme (StackPatient *patient)
{
  const char      *text = patient->text;
  const char      *colon = strstr (text, "://");
  g_autofree char *scheme = colon != NULL ? g_ascii_strdown (text, colon - text) : NULL;
  g_autofree char *decoded = stack_doctor_decode_base64 (text);
  g_autofree char *fix = NULL;

  if (g_str_has_prefix (text, "postgresql://") || g_str_has_prefix (text, "postgres://"))
    return TRUE;

  if (decoded != NULL && g_str_has_prefix (decoded, "postgres"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, decoded,
                          "DATABASE_URL is in base64 already, perhaps copied from a Secret's "
                          "manifest. This program encodes it itself, and the app would be given "
                          "something unreadable. Put in the plain one.");
  else if (scheme != NULL && stack_doctor_matches (scheme, "(?:jdbc:)?postgres(?:ql)?(?:\\+.*)?"))
    {
      fix = g_strconcat ("postgresql", colon, NULL);
      stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                            "DATABASE_URL begins with %s://. That is how another language writes "
                            "it, and Prisma refuses it. Begin with postgresql://.",
                            scheme);
    }
  else if (scheme != NULL && stack_doctor_matches (scheme, "[a-z][a-z0-9+.:-]*"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL begins with %s://. The app works with PostgreSQL only. "
                          "Give the URL of a PostgreSQL database: "
                          "postgresql://USER:PASSWORD@HOST:5432/DATABASE.",
                          scheme);
  else if (stack_doctor_matches (text, "(?:.*\\s)?(?:host|dbname|user)\\s*=.*"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL is a list of keys and values. psql reads that, Prisma does "
                          "not. Write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE.");
  else
    {
      fix = strchr (text, '@') != NULL ? g_strconcat ("postgresql://", text, NULL) : NULL;
      stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                            "DATABASE_URL does not begin with postgresql://. Prisma tells by that "
                            "what kind of database it is. Write it as "
                            "postgresql://USER:PASSWORD@HOST:5432/DATABASE.");
    }

  return FALSE;
}

/* %00 stands for the end of a text, and what is no UTF-8 for nothing. */
static gboolean
check_decoded (StackPatient *patient)
{
  const char      *nul = strstr (patient->text, "%00");
  g_autofree char *decoded = nul == NULL ? g_uri_unescape_string (patient->text, NULL) : NULL;
  gboolean         valid = decoded != NULL && g_utf8_validate (decoded, -1, NULL);

  if (nul != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL holds %%00, its character %ld, which stands for the end of "
                          "a text. PostgreSQL refuses it. Correct the user name or password.",
                          g_utf8_pointer_to_offset (patient->text, nul) + 1);
  else if (!valid)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL holds encoded characters that together are no text. They "
                          "have to be UTF-8, and Prisma refuses others: ü is %%C3%%BC, not %%FC. "
                          "Encode the user name or password anew.");
  if (decoded != NULL)
    explicit_bzero (decoded, strlen (decoded));

  return valid;
}

/* Every percent sign has to begin an encoded byte. */
static gboolean
check_encoding (StackPatient *patient)
{
  g_autoptr(GString) fixed = g_string_new (NULL);
  const char *broken = NULL;

  for (const char *p = patient->text; *p != '\0'; p++)
    {
      g_string_append_c (fixed, *p);
      if (*p != '%' || is_encoded (p))
        continue;
      g_string_append (fixed, "25");
      if (broken == NULL)
        broken = p;
    }

  if (broken != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, fixed->str,
                          "DATABASE_URL has a %% that two hexadecimal digits do not follow, its "
                          "character %ld. In a URL it begins an encoded character, and the "
                          "password would be read wrongly. Write it as %%25.",
                          g_utf8_pointer_to_offset (patient->text, broken) + 1);
  explicit_bzero (fixed->str, fixed->len);

  return broken == NULL && check_decoded (patient);
}

static gboolean
split (StackPatient     *patient,
       StackDatabaseUrl *url)
{
  const char *rest = strstr (patient->text, "://") + strlen ("://");

  if (is_torn (rest))
    {
      g_autofree char *scheme = g_strndup (patient->text, rest - patient->text);
      g_autofree char *fix = encode_userinfo (scheme, rest);

      stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                            "The password in DATABASE_URL holds a character that separates the "
                            "parts of a URL, such as / @ : ? or #. The URL comes apart in the "
                            "wrong place. Write it percent-encoded: / is %%2F, @ is %%40.");
      explicit_bzero (fix, strlen (fix));
      return FALSE;
    }

  stack_database_url_split (url, patient->text);

  return TRUE;
}

static void
check_userinfo (StackPatient     *patient,
                StackDatabaseUrl *url)
{
  const char *colon = url->userinfo != NULL ? strchr (url->userinfo, ':') : NULL;

  if (url->userinfo == NULL || *url->userinfo == '\0' || colon == url->userinfo)
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL names no user. The database would be asked as the user "
                          "that the container runs as, which it hardly knows. Write USER:PASSWORD@ "
                          "before the host.");
  else if (colon == NULL || colon[1] == '\0')
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL holds no password. Most databases refuse that from another "
                          "machine. Write USER:PASSWORD@ before the host.");
}

static gboolean
is_own_machine (const char *host)
{
  return g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_prefix (host, "127.") ||
         g_str_equal (host, "[::1]") || g_str_equal (host, "0.0.0.0");
}

static void
check_host (StackPatient     *patient,
            StackDatabaseUrl *url)
{
  g_autofree char *host = g_uri_unescape_string (url->host, NULL);
  g_autofree char *lower = g_ascii_strdown (host != NULL ? host : "", -1);

  if (strchr (lower, ',') != NULL || (url->port != NULL && strchr (url->port, ',') != NULL))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL names several hosts. psql tries one after the other, "
                          "Prisma takes only one. Keep the one that may be written to.");
  else if (*lower == '/' ||
           (*lower == '\0' && url->query != NULL && strstr (url->query, "host=") != NULL))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL leads to a socket file of this machine. A pod does not see "
                          "this machine's files. Name a host instead, such as %s for the machine "
                          "that Minikube runs on.",
                          MINIKUBE_HOST);
  else if (*lower == '\0')
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL names no host. A pod has no database of its own. Write the "
                          "host after the @, such as %s for the machine that Minikube runs on.",
                          MINIKUBE_HOST);
  else if (*lower == '[' ? !stack_doctor_matches (lower, "\\[[0-9a-f:.]+\\]")
                         : !stack_doctor_matches (lower, "[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "The host in DATABASE_URL, “%s”, is not a host name. Only letters, "
                          "digits, dashes and dots may be in it, and an IPv6 address stands in "
                          "brackets. Correct it.",
                          host);
  else if (is_own_machine (lower))
    {
      g_autofree char *fix = stack_database_url_join (url, MINIKUBE_HOST, url->query);

      stack_patient_report (patient, STACK_SEVERITY_WARNING, fix,
                            "DATABASE_URL leads to %s. Inside a pod that is the pod itself, where "
                            "no database runs. For a database on the machine that Minikube runs "
                            "on, write %s.",
                            host, MINIKUBE_HOST);
    }
}

static void
check_port (StackPatient     *patient,
            StackDatabaseUrl *url)
{
  guint64 number;

  if (url->port == NULL || *url->port == '\0' || strchr (url->port, ',') != NULL)
    return;

  if (strchr (url->port, ':') != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "The host in DATABASE_URL has several colons. An IPv6 address has to "
                          "stand in brackets, such as [fd00::1]:5432, and a host has one "
                          "port. Correct it.");
  else if (!g_ascii_string_to_unsigned (url->port, 10, 1, 65535, &number, NULL))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "The port in DATABASE_URL, “%s”, is not a number from 1 to 65535. "
                          "PostgreSQL usually listens on 5432. Correct it.",
                          url->port);
}

static void
check_database (StackPatient     *patient,
                StackDatabaseUrl *url)
{
  if (g_str_equal (url->path, "") || g_str_equal (url->path, "/"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL names no database. A server holds many, and the app's "
                          "tables are in one of them. Write its name after the host: "
                          "HOST:5432/DATABASE.");
  else if (strchr (url->path + 1, '/') != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL has a / in the name of the database. A database is one "
                          "name, not a path. Keep the name, or write the / as %%2F.");
}

/*
 * stack_doctor_check_database_url:
 * @patient: DATABASE_URL
 *
 * Judges the URL by libpq's grammar and by what Prisma makes of it.
 */
void
stack_doctor_check_database_url (StackPatient *patient)
{
  g_auto(StackDatabaseUrl) url = { NULL };
  const char *hash;

  if (!check_scheme (patient) || !check_encoding (patient) || !split (patient, &url))
    return;

  hash = strchr (patient->text, '#');
  if (hash != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL has a #. What follows it is cut off. Leave it out, or "
                          "write it as %%23.");
  if (strchr (patient->text, ' ') != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL has a space in it. A URL cannot have one. Leave it out, or "
                          "write it as %%20.");
  check_userinfo (patient, &url);
  check_host (patient, &url);
  check_port (patient, &url);
  check_database (patient, &url);
  stack_doctor_check_parameters (patient, &url);
}
