/* stack-doctor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-private.h"

#include <string.h>

/* What holds for every answer stands here; what a single one has to look like stands in
 * stack-doctor-names.c, stack-doctor-signin.c and stack-doctor-database.c. */

typedef void (*Check) (StackPatient *patient);

static const Check checks[] = {
  [STACK_FIELD_NAMESPACE] = stack_doctor_check_namespace,
  [STACK_FIELD_HOST] = stack_doctor_check_host,
  [STACK_FIELD_IMAGE] = stack_doctor_check_image,
  [STACK_FIELD_REPLICAS] = stack_doctor_check_replicas,
  [STACK_FIELD_NEXTAUTH_URL] = stack_doctor_check_nextauth_url,
  [STACK_FIELD_NEXTAUTH_SECRET] = stack_doctor_check_secret,
  [STACK_FIELD_GITHUB_CLIENT_ID] = stack_doctor_check_client_id,
  [STACK_FIELD_GITHUB_CLIENT_SECRET] = stack_doctor_check_client_secret,
  [STACK_FIELD_DATABASE_URL] = stack_doctor_check_database_url,
  [STACK_FIELD_INGRESS_CLASS] = stack_doctor_check_ingress_class,
  [STACK_FIELD_TLS] = stack_doctor_check_choice,
  [STACK_FIELD_PULL_POLICY] = stack_doctor_check_pull_policy,
  [STACK_FIELD_MIGRATION_IMAGE] = stack_doctor_check_image,
};

G_STATIC_ASSERT (G_N_ELEMENTS (checks) == N_STACK_FIELDS);

/* Why an answer that is missing matters, and where it comes from. */
static const char *const missing[] = {
  [STACK_FIELD_NAMESPACE] = "Everything of the app is put into this folder of the cluster.",
  [STACK_FIELD_HOST] = "The Ingress sends visitors of this name to the app.",
  [STACK_FIELD_IMAGE] = "The cluster needs to know which program to run.",
  [STACK_FIELD_REPLICAS] = "The cluster needs to know how many copies to run.",
  [STACK_FIELD_NEXTAUTH_URL] = "GitHub sends people back to this address after they sign in.",
  [STACK_FIELD_NEXTAUTH_SECRET] =
      "The app signs its sign-in cookies with it and does not start without it. Let one be made, "
      "or make one with: openssl rand -base64 33.",
  [STACK_FIELD_GITHUB_CLIENT_ID] =
      "Nobody can sign in without it. GitHub shows it under Settings, Developer settings, OAuth "
      "Apps.",
  [STACK_FIELD_GITHUB_CLIENT_SECRET] =
      "Nobody can sign in without it. Make one at your OAuth app on GitHub: Generate a new client "
      "secret.",
  [STACK_FIELD_DATABASE_URL] =
      "The app keeps everything in PostgreSQL. Write it as "
      "postgresql://USER:PASSWORD@HOST:5432/DATABASE.",
  [STACK_FIELD_INGRESS_CLASS] = NULL,
  [STACK_FIELD_TLS] = "The Ingress is set up in one way or the other.",
  [STACK_FIELD_PULL_POLICY] = "The cluster needs to know whether to look for a newer image.",
  [STACK_FIELD_MIGRATION_IMAGE] = NULL,
};

/*
 * stack_patient_report:
 * @self: the answer under examination
 * @severity: how bad it is
 * @fix: (nullable): the value to set instead
 * @format: what, why, and what to do next; never the value of a secret
 * @...: arguments of @format
 *
 * Adds a finding.
 */
void
stack_patient_report (StackPatient *self,
                      StackSeverity severity,
                      const char   *fix,
                      const char   *format,
                      ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (self->findings, stack_finding_new (self->field, severity, message, fix));
}

/*
 * stack_doctor_matches:
 * @text: a text
 * @pattern: a regular expression for all of it
 *
 * Returns: whether @text as a whole has that shape
 */
gboolean
stack_doctor_matches (const char *text,
                      const char *pattern)
{
  g_autofree char *whole = g_strdup_printf ("^(?:%s)\\z", pattern);

  return g_regex_match_simple (whole, text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/*
 * stack_doctor_decode_base64:
 * @text: a text
 *
 * Returns: (transfer full) (nullable): what @text is the base64 form of, when that is printable
 *   text itself; %NULL when it is not
 */
char *
stack_doctor_decode_base64 (const char *text)
{
  g_autofree guchar *bytes = NULL;
  gsize              length = strlen (text);
  gsize              n = 0;

  if (length < 8 || length % 4 != 0 || !stack_doctor_matches (text, "[A-Za-z0-9+/]+={0,2}"))
    return NULL;

  bytes = g_base64_decode (text, &n);
  while (n > 0 && bytes[n - 1] == '\n')
    n--;
  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isprint (bytes[i]))
        return NULL;
    }

  return n > 0 ? g_strndup ((const char *) bytes, n) : NULL;
}

static gboolean
has_control_character (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p))
        return TRUE;
    }

  return FALSE;
}

/* Faults that make every further look pointless. */
static gboolean
is_broken (StackPatient *patient)
{
  const char      *title = stack_field_get (patient->field)->title;
  g_autofree char *trimmed = g_strstrip (g_strdup (patient->text));
  gsize            length = strlen (trimmed);

  if (!g_utf8_validate (patient->text, -1, NULL))
    {
      stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                            "%s holds bytes that are not text. The cluster takes UTF-8 only. "
                            "Type it again.",
                            title);
      return TRUE;
    }
  if (!g_str_equal (trimmed, patient->text))
    {
      stack_patient_report (patient, STACK_SEVERITY_ERROR, trimmed,
                            "%s begins or ends with a space or a line break. It would become part "
                            "of the value, and what reads it would not find what it expects. "
                            "Remove it.",
                            title);
      return TRUE;
    }
  if (has_control_character (trimmed))
    {
      stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                            "%s holds a line break or another invisible character. It came along "
                            "when the value was copied. Type the value in one line.",
                            title);
      return TRUE;
    }
  if (length > 2 && (*trimmed == '"' || *trimmed == '\'') && trimmed[length - 1] == *trimmed)
    {
      g_autofree char *inner = g_strndup (trimmed + 1, length - 2);

      stack_patient_report (patient, STACK_SEVERITY_ERROR, inner,
                            "%s stands in quotes. They belong to the file it was copied from, and "
                            "would become part of the value. Remove them.",
                            title);
      return TRUE;
    }

  return FALSE;
}

static GPtrArray *
examine (StackSettings *settings,
         StackFieldId   id)
{
  GPtrArray        *findings = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_finding_free);
  const StackField *field = stack_field_get (id);
  StackPatient      patient = { settings, id, stack_settings_get_text (settings, id), findings };
  g_autofree char  *trimmed = g_strstrip (g_strdup (patient.text));

  if (*trimmed == '\0')
    {
      if (field->required)
        stack_patient_report (&patient, STACK_SEVERITY_ERROR, field->fallback,
                              "%s is missing. %s%s%s%s", field->title, missing[id],
                              field->fallback != NULL ? " The usual one is " : "",
                              field->fallback != NULL ? field->fallback : "",
                              field->fallback != NULL ? "." : "");
      else if (*patient.text != '\0')
        stack_patient_report (&patient, STACK_SEVERITY_ERROR, "",
                              "%s holds only white space. It may be left out, but not be blank. "
                              "Empty it.",
                              field->title);
    }
  else if (!is_broken (&patient))
    checks[id](&patient);

  return findings;
}

/**
 * stack_doctor_check_field:
 * @settings: the answers
 * @id: which one to judge
 *
 * Judges one answer. Nothing is contacted.
 *
 * Returns: (transfer full) (nullable): the most severe finding, the first of several equal ones;
 *   %NULL when all is well
 */
StackFinding *
stack_doctor_check_field (StackSettings *settings,
                          StackFieldId   id)
{
  g_autoptr(GPtrArray) findings = NULL;
  StackFinding *worst = NULL;

  g_return_val_if_fail (STACK_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail ((guint) id < N_STACK_FIELDS, NULL);

  findings = examine (settings, id);
  for (guint i = 0; i < findings->len; i++)
    {
      StackFinding *finding = g_ptr_array_index (findings, i);

      if (worst == NULL || finding->severity > worst->severity)
        worst = finding;
    }

  return worst != NULL ? stack_finding_copy (worst) : NULL;
}

/**
 * stack_doctor_check:
 * @settings: the answers
 *
 * Judges all answers, in the order of the fields. Nothing is contacted.
 *
 * Returns: (transfer full) (element-type StackFinding): all findings; empty when all is well
 */
GPtrArray *
stack_doctor_check (StackSettings *settings)
{
  GPtrArray *all;

  g_return_val_if_fail (STACK_IS_SETTINGS (settings), NULL);

  all = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_finding_free);
  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      GPtrArray *findings = examine (settings, id);

      g_ptr_array_extend_and_steal (all, findings);
    }

  return all;
}
