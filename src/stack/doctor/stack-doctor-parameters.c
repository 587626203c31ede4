/* stack-doctor-parameters.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-private.h"

#include <string.h>

/* What may stand behind the "?" of DATABASE_URL: Prisma's parameters of a PostgreSQL URL, and
 * libpq's, which psql and pg_dump read in the same URL. */

typedef enum
{
  KIND_TEXT,   /* any, but not empty */
  KIND_COUNT,  /* a whole number from 0 */
  KIND_NUMBER, /* a whole number from 1 */
  KIND_SWITCH, /* true or false */
  KIND_FILE,   /* the path of a file */
  KIND_PLACE,  /* a part of the URL itself, which Prisma does not read from here */
  KIND_CHOICE, /* one of the values named */
} Kind;

typedef struct
{
  const char *name;
  Kind        kind;
  const char *choices; /* (nullable) a regular expression of what may be chosen */
  const char *words;   /* (nullable) the same for people */
} Parameter;

static const Parameter parameters[] = {
  /* Prisma */
  { "schema", KIND_TEXT, NULL, NULL },
  { "connection_limit", KIND_NUMBER, NULL, NULL },
  { "connect_timeout", KIND_COUNT, NULL, NULL },
  { "pool_timeout", KIND_COUNT, NULL, NULL },
  { "socket_timeout", KIND_COUNT, NULL, NULL },
  { "statement_cache_size", KIND_COUNT, NULL, NULL },
  { "pgbouncer", KIND_SWITCH, NULL, NULL },
  { "sslmode", KIND_CHOICE, "prefer|disable|require",
    "disable, prefer and require, and checks the certificate with sslaccept=strict. Use "
    "sslmode=require&sslaccept=strict for an encrypted, checked connection" },
  { "sslaccept", KIND_CHOICE, "strict|accept_invalid_certs",
    "strict and accept_invalid_certs. Use strict" },
  { "channel_binding", KIND_CHOICE, "disable|prefer|require",
    "disable, prefer and require. Leave it out for prefer" },
  { "sslcert", KIND_FILE, NULL, NULL },
  { "sslrootcert", KIND_FILE, NULL, NULL },
  { "sslidentity", KIND_FILE, NULL, NULL },
  { "sslpassword", KIND_TEXT, NULL, NULL },
  { "host", KIND_PLACE, NULL, NULL },
  { "application_name", KIND_TEXT, NULL, NULL },
  { "options", KIND_TEXT, NULL, NULL },
  /* libpq */
  { "ssl", KIND_TEXT, NULL, NULL },
  { "sslkey", KIND_FILE, NULL, NULL },
  { "sslcrl", KIND_FILE, NULL, NULL },
  { "passfile", KIND_FILE, NULL, NULL },
  { "hostaddr", KIND_PLACE, NULL, NULL },
  { "port", KIND_PLACE, NULL, NULL },
  { "user", KIND_PLACE, NULL, NULL },
  { "password", KIND_PLACE, NULL, NULL },
  { "dbname", KIND_PLACE, NULL, NULL },
  { "service", KIND_PLACE, NULL, NULL },
  { "target_session_attrs", KIND_TEXT, NULL, NULL },
  { "keepalives", KIND_COUNT, NULL, NULL },
  { "keepalives_idle", KIND_COUNT, NULL, NULL },
  { "keepalives_interval", KIND_COUNT, NULL, NULL },
  { "keepalives_count", KIND_COUNT, NULL, NULL },
  { "tcp_user_timeout", KIND_COUNT, NULL, NULL },
  { "client_encoding", KIND_TEXT, NULL, NULL },
  { "fallback_application_name", KIND_TEXT, NULL, NULL },
  { "gssencmode", KIND_TEXT, NULL, NULL },
  { "krbsrvname", KIND_TEXT, NULL, NULL },
  { "sslsni", KIND_COUNT, NULL, NULL },
  { "sslcompression", KIND_COUNT, NULL, NULL },
  { "require_auth", KIND_TEXT, NULL, NULL },
  { "ssl_min_protocol_version", KIND_TEXT, NULL, NULL },
  { "ssl_max_protocol_version", KIND_TEXT, NULL, NULL },
  { "load_balance_hosts", KIND_TEXT, NULL, NULL },
};

static const Parameter *
find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    {
      if (g_str_equal (parameters[i].name, name))
        return &parameters[i];
    }

  return NULL;
}

static void
report_number (StackPatient *patient,
               const char   *name,
               guint         least)
{
  stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                        "The parameter %s of DATABASE_URL is not a whole number from %u. Prisma "
                        "refuses the whole URL for it. Write a number, or leave the parameter out.",
                        name, least);
}

static gboolean
is_number (const char *value,
           guint       least)
{
  return g_ascii_string_to_unsigned (value, 10, least, G_MAXUINT32, NULL, NULL);
}

static void
check_place (StackPatient *patient,
             const char   *name,
             const char   *value)
{
  /* A URL without a host is found fault with for that. */
  if (g_str_equal (name, "host") && *value == '/')
    {
      if (strstr (patient->text, ":///") == NULL)
        stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                              "DATABASE_URL leads to a socket file of this machine by its "
                              "parameter host. A pod does not see this machine's files. Leave the "
                              "parameter out, and name a host after the @.");
    }
  else
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL has the parameter %s. psql takes it for a part of the "
                          "address, Prisma does not read it there. Write it into the first part: "
                          "postgresql://USER:PASSWORD@HOST:5432/DATABASE.",
                          name);
}

static void
check_value (StackPatient    *patient,
             const Parameter *parameter,
             const char      *value)
{
  const char *name = parameter->name;

  if (*value == '\0')
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "The parameter %s of DATABASE_URL has no value. It would not mean what "
                          "leaving it out means. Give it one, or leave it out.",
                          name);
  else if (parameter->kind == KIND_COUNT && !is_number (value, 0))
    report_number (patient, name, 0);
  else if (parameter->kind == KIND_NUMBER && !is_number (value, 1))
    report_number (patient, name, 1);
  else if (parameter->kind == KIND_SWITCH && !stack_doctor_matches (value, "true|false"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "The parameter %s of DATABASE_URL is neither true nor false. Prisma "
                          "refuses the whole URL for it. Write %s=true, or leave it out.",
                          name, name);
  else if (parameter->kind == KIND_CHOICE && !stack_doctor_matches (value, parameter->choices))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL has a value of %s that Prisma does not know. It knows %s.",
                          name, parameter->words);
  else if (parameter->kind == KIND_FILE)
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "The parameter %s of DATABASE_URL names a file. The pod sees the files "
                          "of its image, not those of this machine. See that the image holds the "
                          "file at that place, or leave the parameter out.",
                          name);
  else if (parameter->kind == KIND_PLACE)
    check_place (patient, name, value);
}

/* Prisma's pool and that of PgBouncer get in each other's way, unless Prisma knows. */
static void
check_bouncer (StackPatient           *patient,
               const StackDatabaseUrl *url,
               gboolean                bouncer)
{
  g_autofree char *query = NULL;
  g_autofree char *fix = NULL;

  if (bouncer || g_strcmp0 (url->port, "6432") != 0)
    return;

  query = url->query != NULL && *url->query != '\0' ? g_strconcat (url->query, "&pgbouncer=true", NULL)
                                                    : g_strdup ("pgbouncer=true");
  fix = stack_database_url_join (url, url->host, query);
  stack_patient_report (patient, STACK_SEVERITY_HINT, fix,
                        "DATABASE_URL leads to port 6432, where PgBouncer usually listens. Prisma "
                        "has to know of it, or statements fail now and then. Add pgbouncer=true, "
                        "if it is one.");
  explicit_bzero (query, strlen (query));
  explicit_bzero (fix, strlen (fix));
}

static void
check_parameter (StackPatient *patient,
                 GHashTable   *seen,
                 const char   *text)
{
  const char      *equals = strchr (text, '=');
  g_autofree char *name = equals != NULL ? g_strndup (text, equals - text) : NULL;
  g_autofree char *value = equals != NULL ? g_uri_unescape_string (equals + 1, NULL) : NULL;
  const Parameter *parameter = name != NULL ? find (name) : NULL;

  if (equals == NULL || *name == '\0')
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "DATABASE_URL has a parameter without a name or a value. After the “?” "
                          "stand NAME=VALUE, separated by &. Correct it.");
  else if (parameter == NULL)
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL has the parameter “%s”, which neither Prisma nor "
                          "PostgreSQL knows. Prisma passes over it, psql refuses it. Look "
                          "for a typing error.",
                          name);
  else if (!g_hash_table_add (seen, (gpointer) parameter->name))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, NULL,
                          "DATABASE_URL has the parameter %s twice. Which of the two counts is not "
                          "the same in every program. Keep one.",
                          name);
  else
    check_value (patient, parameter, value);

  if (value != NULL)
    explicit_bzero (value, strlen (value));
}

/*
 * stack_doctor_check_parameters:
 * @patient: DATABASE_URL
 * @url: its pieces
 *
 * Judges what stands behind the "?".
 */
void
stack_doctor_check_parameters (StackPatient           *patient,
                               const StackDatabaseUrl *url)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto(GStrv) texts = NULL;

  texts = g_strsplit (url->query != NULL ? url->query : "", "&", -1);
  for (guint i = 0; texts[i] != NULL; i++)
    {
      if (*url->query != '\0')
        check_parameter (patient, seen, texts[i]);
      explicit_bzero (texts[i], strlen (texts[i]));
    }

  check_bouncer (patient, url, g_hash_table_contains (seen, "pgbouncer"));
}
