/* test-doctor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor.h"

#include <string.h>

#define OK (-1)
#define HINT STACK_SEVERITY_HINT
#define WARN STACK_SEVERITY_WARNING
#define FAIL STACK_SEVERITY_ERROR

#define SECRET44 "q3Jd9vX0mWf7uYc2LkPzRt8sNbHa5oGeEi1TjQxC4wZU"
#define HEX40 "0123456789abcdef0123456789abcdef01234567"
#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LABEL63 "a23456789012345678901234567890123456789012345678901234567890123"

typedef struct
{
  const char *text;
  int         severity; /* of the worst finding, OK for none */
  const char *words;    /* part of the message, nullable */
  const char *fix;      /* nullable: no fix */
} Case;

static void
check (StackFieldId id,
       const Case  *cases,
       guint        n_cases)
{
  for (guint i = 0; i < n_cases; i++)
    {
      const Case *expected = &cases[i];
      g_autoptr(StackSettings) settings = stack_settings_new ("test");
      g_autoptr(StackFinding) finding = NULL;

      g_test_message ("%s: %s", stack_field_get (id)->key, expected->text);
      stack_settings_set_text (settings, id, expected->text);
      finding = stack_doctor_check_field (settings, id);
      if (expected->severity == OK)
        {
          g_assert_cmpstr (finding != NULL ? finding->message : NULL, ==, NULL);
          continue;
        }

      g_assert_nonnull (finding);
      g_test_message ("  %s", finding->message);
      g_assert_cmpint (finding->field, ==, id);
      g_assert_cmpint (finding->severity, ==, expected->severity);
      g_assert_cmpstr (finding->fix, ==, expected->fix);
      if (expected->words != NULL && strstr (finding->message, expected->words) == NULL)
        g_error ("“%s” is not in: %s", expected->words, finding->message);
      /* The rule for all messages: no secret in them. */
      if (stack_field_get (id)->secret && strlen (expected->text) > 12)
        g_assert_null (strstr (finding->message, expected->text));
    }
}

static void
test_database_url (void)
{
  static const Case cases[] = {
    { "postgresql://app:pw@db.example.org:5432/app", OK },
    { "postgres://app:pw@db/app", OK },
    { "postgresql://app:pw@10.0.0.7:5433/app?schema=public&sslmode=require", OK },
    { "postgresql://app:pw@[fd00::1]:5432/app", OK },
    { "postgresql://app:p%40ss%2Fword@db/app", OK },
    { "postgresql://app:pw@db:/app", OK },
    { "postgresql://app:pw@postgresql-service.hackystack.svc.cluster.local/app", OK },
    { "postgresql://app:pw@host.minikube.internal:5432/app?application_name=a@b", OK },
    { "", FAIL, "DATABASE_URL is missing" },
    { "  ", FAIL, "missing" },
    { "postgresql://app:pw@db/app\n", FAIL, "line break", "postgresql://app:pw@db/app" },
    { " postgresql://app:pw@db/app", FAIL, "space", "postgresql://app:pw@db/app" },
    { "postgresql://app:pw@db/\napp", FAIL, "line break" },
    { "\"postgresql://app:pw@db/app\"", FAIL, "quotes", "postgresql://app:pw@db/app" },
    { "cG9zdGdyZXNxbDovL2FwcDpwd0BkYi9hcHA=", FAIL, "base64", "postgresql://app:pw@db/app" },
    { "mysql://app:pw@db/app", FAIL, "mysql://" },
    { "https://db.example.org/app", FAIL, "https://" },
    { "jdbc:postgresql://db/app", FAIL, "another language", "postgresql://db/app" },
    { "postgresql+asyncpg://app:pw@db/app", FAIL, "another language",
      "postgresql://app:pw@db/app" },
    { "PostgreSQL://app:pw@db/app", FAIL, NULL, "postgresql://app:pw@db/app" },
    { "host=db dbname=app user=app", FAIL, "keys and values" },
    { "app:pw@db/app", FAIL, "does not begin", "postgresql://app:pw@db/app" },
    { "db", FAIL, "does not begin" },
    { "postgresql://app:pw@/app", FAIL, "names no host" },
    { "postgresql:///app", FAIL, "names no host" },
    { "postgresql:///app?host=/var/run/postgresql", FAIL, "socket" },
    { "postgresql://app:pw@%2Fvar%2Frun/app", FAIL, "socket" },
    { "postgresql://app:pw@db", FAIL, "names no database" },
    { "postgresql://app:pw@db:5432/", FAIL, "names no database" },
    { "postgresql://app:pw@db/a/b", FAIL, "not a path" },
    { "postgresql://app:100%@db/app", FAIL, "%", "postgresql://app:100%25@db/app" },
    { "postgresql://app:a%zz@db/app", FAIL, "hexadecimal", "postgresql://app:a%25zz@db/app" },
    { "postgresql://app:a%00b@db/app", FAIL, "%00" },
    { "postgresql://app:p@ss@db/app", FAIL, "percent-encoded", "postgresql://app:p%40ss@db/app" },
    { "postgresql://app:pa/ss@db/app", FAIL, "percent-encoded",
      "postgresql://app:pa%2Fss@db/app" },
    { "postgresql://app:12/34@db/app", FAIL, "percent-encoded",
      "postgresql://app:12%2F34@db/app" },
    { "postgresql://app:pa?s#s@db/app", FAIL, "percent-encoded",
      "postgresql://app:pa%3Fs%23s@db/app" },
    { "postgresql://app:a%40b/c@db/app", FAIL, "percent-encoded",
      "postgresql://app:a%40b%2Fc@db/app" },
    { "postgresql://app:pw@db:54x2/app", FAIL, "port" },
    { "postgresql://app:pw@db:0/app", FAIL, "65535" },
    { "postgresql://app:pw@db:65536/app", FAIL, "65535" },
    { "postgresql://app:pw@fd00::1/app", FAIL, "brackets" },
    { "postgresql://app:pw@[fd00::1/app", FAIL, "brackets" },
    { "postgresql://app:pw@a,b/app", FAIL, "several hosts" },
    { "postgresql://app:pw@a:1,b:2/app", FAIL, "several hosts" },
    { "postgresql://app:pw@d b/app", FAIL, "space" },
    { "postgresql://app:pw@db/app#x", FAIL, "#" },
    { "postgresql://app:pw@db/app?schema", FAIL, "NAME=VALUE" },
    { "postgresql://app:pw@db/app?schema=a&", FAIL, "NAME=VALUE" },
    { "postgresql://app:pw@localhost:5432/app", WARN, "the pod itself",
      "postgresql://app:pw@host.minikube.internal:5432/app" },
    { "postgresql://app:pw@127.0.0.1/app?schema=public", WARN, "the pod itself",
      "postgresql://app:pw@host.minikube.internal/app?schema=public" },
    { "postgresql://app:pw@[::1]:5432/app", WARN, "the pod itself",
      "postgresql://app:pw@host.minikube.internal:5432/app" },
    { "postgresql://app:pw@LOCALHOST/app", WARN, "the pod itself",
      "postgresql://app:pw@host.minikube.internal/app" },
    { "postgresql://db/app", WARN, "names no user" },
    { "postgresql://app@db/app", WARN, "no password" },
    { "postgresql://app:@db/app", WARN, "no password" },
    { "postgresql://app:pw@db/app?shcema=x", WARN, "shcema" },
    { "postgresql://app:pw@db/app?sslmode=verify-full", WARN, "sslaccept=strict" },
  };

  check (STACK_FIELD_DATABASE_URL, cases, G_N_ELEMENTS (cases));
}

static void
test_database_parameters (void)
{
  static const Case cases[] = {
    /* The place is that of the character, whatever stands before it. */
    { "postgresql://app:100%@db/app", FAIL, "character 21", "postgresql://app:100%25@db/app" },
    { "postgresql://äpp:a%4@db/app", FAIL, "character 19", "postgresql://äpp:a%254@db/app" },
    { "postgresql://app:%fc@db/app", FAIL, "UTF-8" },
    { "postgresql://app:%c3%bc@db/app", OK },
    { "postgresql://app:pw@db/app?connection_limit=5&pool_timeout=0&connect_timeout=30"
      "&socket_timeout=10&statement_cache_size=0&pgbouncer=true&sslmode=prefer"
      "&sslaccept=strict&channel_binding=prefer&options=-c%20search_path%3Dapp",
      OK },
    { "postgresql://app:pw@db/app?connection_limit=0", FAIL, "from 1" },
    { "postgresql://app:pw@db/app?connection_limit=many", FAIL, "connection_limit" },
    { "postgresql://app:pw@db/app?pool_timeout=-1", FAIL, "pool_timeout" },
    { "postgresql://app:pw@db/app?connect_timeout=5s", FAIL, "connect_timeout" },
    { "postgresql://app:pw@db/app?socket_timeout=1.5", FAIL, "socket_timeout" },
    { "postgresql://app:pw@db/app?pgbouncer=yes", FAIL, "neither true nor false" },
    { "postgresql://app:pw@db/app?schema=", WARN, "no value" },
    { "postgresql://app:pw@db/app?schema=a&schema=b", WARN, "twice" },
    { "postgresql://app:pw@db/app?sslmode=requ%69re", OK },
    { "postgresql://app:pw@db/app?sslaccept=no", WARN, "accept_invalid_certs" },
    { "postgresql://app:pw@db/app?channel_binding=on", WARN, "channel_binding" },
    { "postgresql://app:pw@db/app?sslcert=/home/me/ca.pem", WARN, "names a file" },
    { "postgresql://app:pw@db/app?sslidentity=./id.p12&sslpassword=x", WARN, "names a file" },
    { "postgresql://app:pw@db/app?host=/var/run/postgresql", FAIL, "socket" },
    { "postgresql://app:pw@db/app?password=x", WARN, "the parameter password" },
    { "postgresql://app:pw@db:6432/app", HINT, "PgBouncer",
      "postgresql://app:pw@db:6432/app?pgbouncer=true" },
    { "postgresql://app:pw@db:6432/app?schema=a", HINT, "PgBouncer",
      "postgresql://app:pw@db:6432/app?schema=a&pgbouncer=true" },
    { "postgresql://app:pw@db:6432/app?pgbouncer=true", OK },
  };

  check (STACK_FIELD_DATABASE_URL, cases, G_N_ELEMENTS (cases));
}

static void
test_nextauth_url (void)
{
  static const Case cases[] = {
    { "https://hackystack.local", OK },
    { "https://hackystack.local/", OK },
    { "https://hackystack.local/api/auth", OK },
    { "https://HackyStack.local", OK },
    { "https://hackystack.local:8443", OK },
    { "", FAIL, "missing", "https://hackystack.local" },
    { "https://hackystack.local ", FAIL, "space", "https://hackystack.local" },
    { "hackystack.local", FAIL, "whole web address", "https://hackystack.local" },
    { "/api/auth", FAIL, "whole web address" },
    { "ftp://hackystack.local", FAIL, "whole web address" },
    { "https://", FAIL, "whole web address" },
    { "https:///x", FAIL, "whole web address" },
    { "https://hacky stack.local", FAIL, "whole web address" },
    { "https://hackystack.local/app", FAIL, "path /app", "https://hackystack.local" },
    { "https://hackystack.local/api/auth/callback/github", FAIL, "path",
      "https://hackystack.local" },
    { "https://hackystack.local/?x=1", FAIL, "“?”", "https://hackystack.local" },
    { "https://hackystack.local/#top", FAIL, "“#”", "https://hackystack.local" },
    { "https://me@hackystack.local", FAIL, "user name", "https://hackystack.local" },
    { "aHR0cHM6Ly9oYWNreXN0YWNrLmxvY2Fs", FAIL, "base64", "https://hackystack.local" },
    { "http://hackystack.local", WARN, "https", "https://hackystack.local" },
    { "https://other.example.org", WARN, "Ingress serves hackystack.local",
      "https://hackystack.local" },
    { "http://localhost:3000", WARN, "localhost", "https://hackystack.local" },
  };

  check (STACK_FIELD_NEXTAUTH_URL, cases, G_N_ELEMENTS (cases));
}

/* What the image and NEXTAUTH_URL have to be like depends on other answers. */
static void
test_dependent (void)
{
  static const struct
  {
    StackFieldId other;
    const char  *answer;
    StackFieldId id;
    Case         expected;
  } cases[] = {
    { STACK_FIELD_TLS, "no", STACK_FIELD_NEXTAUTH_URL, { "http://hackystack.local", OK } },
    { STACK_FIELD_TLS, "no", STACK_FIELD_NEXTAUTH_URL, { "https://hackystack.local", WARN, "switched off", "http://hackystack.local" } },
    { STACK_FIELD_TLS, "no", STACK_FIELD_NEXTAUTH_URL, { "http://other.local:8080", WARN, "Ingress serves", "http://hackystack.local" } },
    { STACK_FIELD_TLS, "yes", STACK_FIELD_NEXTAUTH_URL, { "http://hackystack.local", WARN, "certificate", "https://hackystack.local" } },
    { STACK_FIELD_PULL_POLICY, "Always", STACK_FIELD_IMAGE, { "ghcr.io/me/app:latest", OK } },
    { STACK_FIELD_PULL_POLICY, "Always", STACK_FIELD_IMAGE, { "ghcr.io/me/app", HINT, "no tag" } },
    { STACK_FIELD_PULL_POLICY, "Never", STACK_FIELD_IMAGE, { "hackystack:latest", HINT, "pull policy Never" } },
    { STACK_FIELD_PULL_POLICY, "IfNotPresent", STACK_FIELD_IMAGE, { "hackystack", HINT, "older build" } },
    { STACK_FIELD_PULL_POLICY, "IfNotPresent", STACK_FIELD_IMAGE, { "hackystack:v7", OK } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *expected = &cases[i].expected;
      g_autoptr(StackSettings) settings = stack_settings_new ("test");
      g_autoptr(StackFinding) finding = NULL;

      g_test_message ("%s with %s", expected->text, cases[i].answer);
      stack_settings_set_text (settings, cases[i].other, cases[i].answer);
      stack_settings_set_text (settings, cases[i].id, expected->text);
      finding = stack_doctor_check_field (settings, cases[i].id);
      g_assert_cmpint (finding != NULL ? (int) finding->severity : OK, ==, expected->severity);
      if (finding == NULL)
        continue;
      g_assert_nonnull (strstr (finding->message, expected->words));
      g_assert_cmpstr (finding->fix, ==, expected->fix);
    }
}

static void
test_secrets (void)
{
  static const Case secrets[] = {
    { SECRET44, OK },
    { "9f3c1be07d8a4526c0e1f9ab37d54862", OK },
    { "xkqvbwzjhtyrmplcnfgdsuoaeixqzvkw", OK },
    { "", FAIL, "openssl rand -base64 33" },
    { SECRET44 "\n", FAIL, "line break", SECRET44 },
    { "secret", WARN, "example" },
    { "changeme", WARN, "example" },
    { "Tr0ub4dor&3", WARN, "11 characters" },
    { "q3Jd9vX0mWf7uYc2LkPzRt8sNbHa5oG", WARN, "31 characters" },
    { "abababababababababababababababababab", WARN, "repeats" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", WARN, "about 2" },
    { HEX40, WARN, "bits" },
    { "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF", WARN, "bits" },
    { "q3Jd9vX0q3Jd9vX0q3Jd9vX0q3Jd9vX0", WARN, "bits" },
    { "my hacky stack signs its cookies with this", WARN, "bits" },
    { "12345678901234567890123456789012", WARN, "bits" },
    /* SECRET44 in base64 */
    { "cTNKZDl2WDBtV2Y3dVljMkxrUHpSdDhzTmJIYTVvR2VFaTFUalF4QzR3WlU=", WARN, "base64", SECRET44 },
    { "ééééé", WARN, "5 characters" },
  };
  static const Case ids[] = {
    { "Ov23liABCDEFGHIJKLMN", OK },
    { "0123456789abcdef0123", OK },
    { "Iv1.0123456789abcdef", OK },
    { "Iv23liABCDEFGHIJKLMN", OK },
    { "", FAIL, "OAuth" },
    { "Ov23liABCDEFGHIJKLMN\r\n", FAIL, "line break", "Ov23liABCDEFGHIJKLMN" },
    { "your-github-client-id", WARN, "example" },
    { "<client id>", WARN, "example" },
    { HEX40, WARN, "secret" },
    { "me@example.org", WARN, "does not look" },
    { "T3YyM2xpQUJDREVGR0hJSktMTU4=", WARN, "base64", "Ov23liABCDEFGHIJKLMN" },
  };
  static const Case client_secrets[] = {
    { HEX40, OK },
    { "", FAIL, "Generate" },
    { "xxxxxxxx", WARN, "example" },
    { "ghp_16C7e42F292c6912E7710c838347Ae178B4a", WARN, "token" },
    { "Ov23liABCDEFGHIJKLMN", WARN, "swapped" },
    { "0123456789ABCDEF", WARN, "40 digits" },
    { "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nw==", WARN, "base64", HEX40 },
  };

  check (STACK_FIELD_NEXTAUTH_SECRET, secrets, G_N_ELEMENTS (secrets));
  check (STACK_FIELD_GITHUB_CLIENT_ID, ids, G_N_ELEMENTS (ids));
  check (STACK_FIELD_GITHUB_CLIENT_SECRET, client_secrets, G_N_ELEMENTS (client_secrets));
}

static void
test_image (void)
{
  static const Case cases[] = {
    { "hackystack:latest", HINT, "goes on running it" },
    { "ghcr.io/me/app:latest", HINT, "app:v2" },
    { "hackystack:v1.2_3-x", OK },
    { "ghcr.io/someone/hackystack:v1", OK },
    { "registry.example.org:5000/a/b/c:v1", OK },
    { "Registry.Example.org/a:v1", OK },
    { "localhost:5000/hackystack:v1", OK },
    { "localhost/hackystack:v1", OK },
    { "someone/hackystack@" DIGEST, OK },
    { "someone/hacky__stack:v1@" DIGEST, OK },
    { "", FAIL, "missing", "hackystack:latest" },
    { "hackystack", HINT, "no tag" },
    { "registry:5000/hackystack", HINT, "no tag" },
    { "hackystack:v1 ", FAIL, "space", "hackystack:v1" },
    { "hacky stack:v1", FAIL, "space" },
    { "HackyStack:v1", FAIL, "small letters", "hackystack:v1" },
    { "ghcr.io/Someone/Hackystack:V1", FAIL, "small letters", "ghcr.io/someone/hackystack:V1" },
    { "https://ghcr.io/a/b:v1", FAIL, "web address", "ghcr.io/a/b:v1" },
    { "docker://ghcr.io/a/b:v1", FAIL, "web address", "ghcr.io/a/b:v1" },
    { "hackystack:", FAIL, "tag" },
    { "hackystack:-v1", FAIL, "tag" },
    { "hackystack:v1:v2", FAIL, "tag" },
    { "hackystack@sha256:123", FAIL, "@" },
    { "hackystack@", FAIL, "@" },
    { "-hackystack:v1", FAIL, "small letters" },
    { "a//b:v1", FAIL, "small letters" },
    { "reg_istry.io/a:v1", FAIL, "registry" },
    { ":v1", FAIL, "small letters" },
    /* The cases of distribution/reference, without the hint that a tag is missing. */
    { "test.com:tag", OK },
    { "test.com:5000", OK },
    { "test.com/repo:tag", OK },
    { "test:5000/repo:tag", OK },
    { "test:5000/repo@" DIGEST, OK },
    { "test:5000/repo:tag@" DIGEST, OK },
    { "lowercase:Uppercase", OK },
    { "sub-dom1.foo.com/bar/baz/quux:some-long-tag", OK },
    { "b.gcr.io/test.example.com/my-app:test.example.com", OK },
    { "xn--n3h.com/myimage:xn--n3h.com", OK },
    { "foo_bar.com:8080", OK },
    { "192.168.1.1:5000/repo:tag", OK },
    { "[2001:db8::1]/repo:tag", OK },
    { "[2001:db8::1]:5000/repo:tag", OK },
    { "[::1]:5000/repo:tag", OK },
    { "[fe80::1%eth0]:5000/repo:tag", FAIL, "registry" },
    { "@" DIGEST, FAIL, "small letters" },
    { "repo@sha256:ffffffffffffffffffffffffffffffffff", FAIL, "@" },
    { "validname@invaliddigest:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      FAIL, "@" },
    { "test:5000/Uppercase/lowercase:tag", FAIL, "small letters",
      "test:5000/uppercase/lowercase:tag" },
    { "aa/asdf$$^/aa", FAIL, "small letters" },
    { ":5000/repo", FAIL, "registry" },
    { "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", FAIL, "its ID" },
  };

  check (STACK_FIELD_IMAGE, cases, G_N_ELEMENTS (cases));
}

static void
test_names (void)
{
  static const Case namespaces[] = {
    { "hackystack", OK },
    { "a", OK },
    { "team-7", OK },
    { LABEL63, OK },
    { LABEL63 "4", FAIL, "63" },
    { "", FAIL, "missing", "hackystack" },
    { "HackyStack", FAIL, "cannot be", "hackystack" },
    { "hacky_stack", FAIL, "cannot be" },
    { "hacky.stack", FAIL, "cannot be" },
    { "-hacky", FAIL, "cannot be" },
    { "hacky-", FAIL, "cannot be" },
    { "kube-system", FAIL, "reserved", "hackystack" },
    { "kube-mine", FAIL, "reserved", "hackystack" },
    { "default", WARN, "default", "hackystack" },
  };
  static const Case hosts[] = {
    { "hackystack.local", OK },
    { "app.example.org", OK },
    { "hackystack", OK },
    { "", FAIL, "missing", "hackystack.local" },
    { "HackyStack.local", FAIL, "small letters", "hackystack.local" },
    { "https://hackystack.local", FAIL, "more than a host name", "hackystack.local" },
    { "https://hackystack.local/x", FAIL, "more than a host name", "hackystack.local" },
    { "hackystack.local:8080", FAIL, "more than a host name", "hackystack.local" },
    { "hacky_stack.local", FAIL, "not a host name" },
    { "hackystack..local", FAIL, "not a host name" },
    { "*.example.org", FAIL, "many names" },
    { "192.168.49.2", FAIL, "address", "hackystack.local" },
    { "fd00::1", FAIL, "address", "hackystack.local" },
    { LABEL63 "4.org", FAIL, "not a host name" },
  };
  static const Case replicas[] = {
    { "1", OK },
    { "2", OK },
    { "100", OK },
    { "", FAIL, "missing", "2" },
    { "0", FAIL, "nobody", "1" },
    { "-1", FAIL, "nobody", "1" },
    { "101", FAIL, "more", "2" },
    { "two", FAIL, "whole number", "2" },
    { "2.5", FAIL, "whole number", "2" },
    { "99999999999999999999", FAIL, "whole number", "2" },
    { "2 ", FAIL, "space", "2" },
  };
  static const Case classes[] = {
    { "", OK },
    { "nginx", OK },
    { "my.class-2", OK },
    { "Nginx", FAIL, "ingressclass", "nginx" },
    { "my class", FAIL, "ingressclass" },
    { " ", FAIL, "white space", "" },
  };

  check (STACK_FIELD_NAMESPACE, namespaces, G_N_ELEMENTS (namespaces));
  check (STACK_FIELD_HOST, hosts, G_N_ELEMENTS (hosts));
  check (STACK_FIELD_REPLICAS, replicas, G_N_ELEMENTS (replicas));
  check (STACK_FIELD_INGRESS_CLASS, classes, G_N_ELEMENTS (classes));
}

static void
test_choices (void)
{
  static const Case switches[] = {
    { "yes", OK },
    { "no", OK },
    { "", FAIL, "missing", "yes" },
    { "No", FAIL, "yes, no", "no" },
    { "true", FAIL, "yes, no", "yes" },
  };
  static const Case policies[] = {
    { "IfNotPresent", OK },
    { "", FAIL, "missing", "IfNotPresent" },
    { "ifnotpresent", FAIL, "IfNotPresent, Always, Never", "IfNotPresent" },
    { "sometimes", FAIL, "IfNotPresent, Always, Never", "IfNotPresent" },
    /* The image of a new profile is hackystack:latest, which no registry has. */
    { "Always", WARN, "hackystack:latest", "IfNotPresent" },
    { "Never", HINT, "hackystack:latest", "IfNotPresent" },
  };
  static const Case migrations[] = {
    { "", OK },
    { "ghcr.io/me/migrate:v1", OK },
    { "not an image", FAIL, "space" },
    { "migrate", HINT, "no tag" },
  };

  check (STACK_FIELD_TLS, switches, G_N_ELEMENTS (switches));
  check (STACK_FIELD_PULL_POLICY, policies, G_N_ELEMENTS (policies));
  check (STACK_FIELD_MIGRATION_IMAGE, migrations, G_N_ELEMENTS (migrations));
}

/* A fix that is taken must not be found fault with for the same reason again. */
static void
test_fixes (void)
{
  static const struct
  {
    StackFieldId id;
    const char  *text;
  } cases[] = {
    { STACK_FIELD_DATABASE_URL, " jdbc:postgresql://app:p@ss/w@localhost/app" },
    { STACK_FIELD_NEXTAUTH_URL, "http://me@other.example.org/x?y" },
    { STACK_FIELD_IMAGE, "https://Registry.io/App:v1 " },
    { STACK_FIELD_NAMESPACE, "Kube-System\n" },
    { STACK_FIELD_HOST, " 'HTTPS://HackyStack.local:1/' " },
    { STACK_FIELD_REPLICAS, " many" },
    { STACK_FIELD_INGRESS_CLASS, "\tNginx" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(StackSettings) settings = stack_settings_new ("test");
      guint n_steps = 0;

      stack_settings_set_text (settings, cases[i].id, cases[i].text);
      for (;;)
        {
          g_autoptr(StackFinding) finding = stack_doctor_check_field (settings, cases[i].id);

          if (finding == NULL)
            break;
          g_test_message ("%s → %s", finding->message, finding->fix);
          g_assert_nonnull (finding->fix);
          g_assert_cmpuint (++n_steps, <, 8);
          stack_settings_set_text (settings, cases[i].id, finding->fix);
        }
    }
}

static void
test_all (void)
{
  g_autoptr(StackSettings) settings = stack_settings_new ("test");
  g_autoptr(GPtrArray) fresh = NULL;
  g_autoptr(GPtrArray) complete = NULL;

  /* Four answers have no default. */
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "hackystack:v1");
  fresh = stack_doctor_check (settings);
  g_assert_cmpuint (fresh->len, ==, 4);
  for (guint i = 0; i < fresh->len; i++)
    {
      StackFinding *finding = g_ptr_array_index (fresh, i);

      g_assert_cmpint (finding->severity, ==, STACK_SEVERITY_ERROR);
    }

  stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_SECRET, SECRET44);
  stack_settings_set_text (settings, STACK_FIELD_GITHUB_CLIENT_ID, "Ov23liABCDEFGHIJKLMN");
  stack_settings_set_text (settings, STACK_FIELD_GITHUB_CLIENT_SECRET, HEX40);
  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, "postgresql://app:pw@db/app");
  complete = stack_doctor_check (settings);
  g_assert_cmpuint (complete->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/doctor/database-url", test_database_url);
  g_test_add_func ("/stack/doctor/database-parameters", test_database_parameters);
  g_test_add_func ("/stack/doctor/nextauth-url", test_nextauth_url);
  g_test_add_func ("/stack/doctor/dependent", test_dependent);
  g_test_add_func ("/stack/doctor/secrets", test_secrets);
  g_test_add_func ("/stack/doctor/image", test_image);
  g_test_add_func ("/stack/doctor/names", test_names);
  g_test_add_func ("/stack/doctor/choices", test_choices);
  g_test_add_func ("/stack/doctor/fixes", test_fixes);
  g_test_add_func ("/stack/doctor/all", test_all);

  return g_test_run ();
}
