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

/* The URL cut into pieces as they stand, nothing decoded. */
typedef struct
{
  char *scheme;   /* with "://" */
  char *userinfo; /* (nullable) without "@" */
  char *host;     /* with brackets, if any */
  char *port;     /* (nullable) without ":" */
  char *path;     /* with "/", "" if none */
  char *query;    /* (nullable) without "?" */
} Url;

static void
url_clear (Url *url)
{
  char **parts[] = { &url->scheme, &url->userinfo, &url->host, &url->port, &url->path,
                     &url->query };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      if (*parts[i] != NULL)
        explicit_bzero (*parts[i], strlen (*parts[i]));
      g_clear_pointer (parts[i], g_free);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Url, url_clear)

static char *
join (Url        *url,
      const char *userinfo,
      const char *host)
{
  return g_strconcat (url->scheme, userinfo != NULL ? userinfo : "", userinfo != NULL ? "@" : "",
                      host, url->port != NULL ? ":" : "", url->port != NULL ? url->port : "",
                      url->path, url->query != NULL ? "?" : "",
                      url->query != NULL ? url->query : "", NULL);
}

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

/* Every percent sign has to begin an encoded byte that is not NUL. */
static gboolean
check_encoding (StackPatient *patient)
{
  g_autoptr(GString) fixed = g_string_new (NULL);
  gboolean broken = FALSE;

  for (const char *p = patient->text; *p != '\0'; p++)
    {
      if (g_str_has_prefix (p, "%00"))
        {
          stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                                "DATABASE_URL holds %%00, which stands for the end of a text. "
                                "PostgreSQL refuses it. Correct the user name or password.");
          return FALSE;
        }
      g_string_append_c (fixed, *p);
      if (*p == '%' && !is_encoded (p))
        {
          g_string_append (fixed, "25");
          broken = TRUE;
        }
    }

  if (broken)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, fixed->str,
                          "DATABASE_URL has a %% that two hexadecimal digits do not follow. In a "
                          "URL it begins an encoded character, and the password would be read "
                          "wrongly. Write it as %%25.");
  explicit_bzero (fixed->str, fixed->len);

  return !broken;
}

static gboolean
split (StackPatient *patient,
       Url          *url)
{
  const char *rest = strstr (patient->text, "://") + strlen ("://");
  const char *end;
  const char *host;
  const char *colon;
  const char *at;

  url->scheme = g_strndup (patient->text, rest - patient->text);
  if (is_torn (rest))
    {
      g_autofree char *fix = encode_userinfo (url->scheme, rest);

      stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                            "The password in DATABASE_URL holds a character that separates the "
                            "parts of a URL, such as / @ : ? or #. The URL comes apart in the "
                            "wrong place. Write it percent-encoded: / is %%2F, @ is %%40.");
      return FALSE;
    }

  end = rest + strcspn (rest, "/?#");
  at = memchr (rest, '@', end - rest);
  url->userinfo = at != NULL ? g_strndup (rest, at - rest) : NULL;
  host = at != NULL ? at + 1 : rest;

  /* In an IPv6 address in brackets colons do not begin the port. */
  colon = *host == '[' ? memchr (host, ']', end - host) : host;
  colon = colon != NULL ? memchr (colon, ':', end - colon) : NULL;
  url->host = g_strndup (host, (colon != NULL ? colon : end) - host);
  url->port = colon != NULL ? g_strndup (colon + 1, end - colon - 1) : NULL;

  url->path = g_strndup (end, strcspn (end, "?#"));
  end += strlen (url->path);
  url->query = *end == '?' ? g_strndup (end + 1, strcspn (end + 1, "#")) : NULL;

  return TRUE;
}

static void
check_userinfo (StackPatient *patient,
                Url          *url)
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
check_host (StackPatient *patient,
            Url          *url)
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
      g_autofree char *fix = join (url, url->userinfo, MINIKUBE_HOST);

      stack_patient_report (patient, STACK_SEVERITY_WARNING, fix,
                            "DATABASE_URL leads to %s. Inside a pod that is the pod itself, where "
                            "no database runs. For a database on the machine that Minikube runs "
                            "on, write %s.",
                            host, MINIKUBE_HOST);
    }
}

static void
check_port (StackPatient *patient,
            Url          *url)
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
check_database (StackPatient *patient,
                Url          *url)
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

static gboolean
is_known_parameter (const char *name)
{
  static const char *const known[] = {
    /* Prisma */
    "schema",
    "connection_limit",
    "connect_timeout",
    "pool_timeout",
    "sslmode",
    "sslcert",
    "sslrootcert",
    "sslidentity",
    "sslpassword",
    "sslaccept",
    "host",
    "socket_timeout",
    "pgbouncer",
    "statement_cache_size",
    "application_name",
    "channel_binding",
    "options",
    /* libpq */
    "ssl",
    "sslkey",
    "sslcrl",
    "target_session_attrs",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "client_encoding",
    "fallback_application_name",
    "gssencmode",
    "krbsrvname",
    "sslsni",
    "sslcompression",
    "port",
    "user",
    "password",
    "dbname",
    "hostaddr",
    "service",
    "passfile",
    "require_auth",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "load_balance_hosts",
    NULL,
  };

  return g_strv_contains (known, name);
}

static void
check_parameter (StackPatient *patient,
                 const char   *parameter)
{
  const char      *equals = strchr (parameter, '=');
  g_autofree char *name = equals != NULL ? g_strndup (parameter, equals - parameter) : NULL;

  if (equals == NULL || *name == '\0')
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL has a parameter without a name or a value. After the “?” "
                          "stand NAME=VALUE, separated by &. Correct it.");
  else if (!is_known_parameter (name))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL has the parameter “%s”, which neither Prisma nor "
                          "PostgreSQL knows. Prisma passes over it, psql refuses it. Look "
                          "for a typing error.",
                          name);
  else if (g_str_equal (name, "sslmode") &&
           !stack_doctor_matches (equals + 1, "prefer|disable|require"))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL has an sslmode that Prisma does not know. It knows "
                          "disable, prefer and require, and checks the certificate with "
                          "sslaccept=strict. Use sslmode=require&sslaccept=strict for an "
                          "encrypted, checked connection.");
}

static void
check_query (StackPatient *patient,
             Url          *url)
{
  g_auto(GStrv) parameters = NULL;

  if (url->query == NULL || *url->query == '\0')
    return;

  parameters = g_strsplit (url->query, "&", -1);
  for (guint i = 0; parameters[i] != NULL; i++)
    check_parameter (patient, parameters[i]);
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
  g_auto(Url) url = { NULL };
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
  check_query (patient, &url);
}
