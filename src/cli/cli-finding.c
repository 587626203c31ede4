/* cli-finding.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-finding.h"

#include "cli-json.h"

static const char *const labels[] = {
  [STACK_SEVERITY_HINT] = "hint",
  [STACK_SEVERITY_WARNING] = "warning",
  [STACK_SEVERITY_ERROR] = "problem",
};

static const char *const severities[] = {
  [STACK_SEVERITY_HINT] = "hint",
  [STACK_SEVERITY_WARNING] = "warning",
  [STACK_SEVERITY_ERROR] = "error",
};

/**
 * cli_finding_get_label:
 * @finding: a finding
 *
 * Returns: (transfer none): the word before the finding's text. A finding of the
 *   severity error is a "problem": the line that starts with "error:" is kept
 *   for the one reason why a verb failed
 */
const char *
cli_finding_get_label (const StackFinding *finding)
{
  g_return_val_if_fail (finding != NULL, NULL);

  return labels[finding->severity];
}

/* The value to set instead. The right form of a secret is a secret too. */
static const char *
get_fix (const StackFinding *finding)
{
  if (stack_field_get (finding->field)->secret)
    return NULL;

  return finding->fix != NULL && finding->fix[0] != '\0' ? finding->fix : NULL;
}

/**
 * cli_finding_dup_text:
 * @finding: a finding
 *
 * Returns: (transfer full): the field's key as values files write it, and what was
 *   found
 */
char *
cli_finding_dup_text (const StackFinding *finding)
{
  const StackField *field;
  const char       *fix;

  g_return_val_if_fail (finding != NULL, NULL);

  field = stack_field_get (finding->field);
  fix = get_fix (finding);
  if (fix != NULL)
    return g_strdup_printf ("%s: %s Suggested value: %s", field->key, finding->message, fix);

  return g_strdup_printf ("%s: %s", field->key, finding->message);
}

/**
 * cli_finding_add_json:
 * @finding: a finding
 * @builder: a builder inside an object
 *
 * Adds the members of @finding: field, title, severity, message and fix.
 */
void
cli_finding_add_json (const StackFinding *finding,
                      JsonBuilder        *builder)
{
  const StackField *field;

  g_return_if_fail (finding != NULL);
  g_return_if_fail (JSON_IS_BUILDER (builder));

  field = stack_field_get (finding->field);
  cli_json_add_string (builder, "field", field->key);
  cli_json_add_string (builder, "title", field->title);
  cli_json_add_string (builder, "severity", severities[finding->severity]);
  cli_json_add_string (builder, "message", finding->message);
  cli_json_add_string (builder, "fix", get_fix (finding));
}

/**
 * cli_finding_count:
 * @findings: (element-type StackFinding): findings
 * @severity: a severity
 *
 * Returns: how many of @findings are at least as severe as @severity
 */
guint
cli_finding_count (GPtrArray    *findings,
                   StackSeverity severity)
{
  guint n = 0;

  g_return_val_if_fail (findings != NULL, 0);

  for (guint i = 0; i < findings->len; i++)
    if (((StackFinding *) findings->pdata[i])->severity >= severity)
      n++;

  return n;
}
