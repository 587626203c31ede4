/* stack-variable.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-variable.h"

#include "stack-error.h"
#include "stack-field.h"

/* Further variables of the app: what they may be called, and which may be secrets. */

/**
 * stack_variable_check_name:
 * @name: name of an extra variable
 * @error: return location for an error, %STACK_ERROR_VALUES
 *
 * Returns: whether the app can be given a variable of that name
 */
gboolean
stack_variable_check_name (const char *name,
                           GError    **error)
{
  gboolean valid;

  g_return_val_if_fail (name != NULL, FALSE);

  valid = g_regex_match_simple ("^[A-Za-z_][A-Za-z0-9_]*\\z", name, G_REGEX_DEFAULT,
                                G_REGEX_MATCH_DEFAULT);
  if (!valid)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "“%s” cannot be the name of a variable. A name has only letters, digits and "
                   "underscores, and does not begin with a digit. Choose another name.",
                   name);
      return FALSE;
    }

  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      const StackField *field = stack_field_get (i);

      if (g_strcmp0 (field->variable, name) == 0)
        {
          g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                       "%s cannot be an extra variable. It has a place of its own. Give it as "
                       "“%s” at the top of the values file.",
                       name, field->key);
          return FALSE;
        }
    }

  if (g_str_equal (name, "PORT") || g_str_equal (name, "HOSTNAME"))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
                   "%s cannot be an extra variable. The Deployment sets it, since the Service "
                   "has to find the app where it listens. Leave it out.",
                   name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
sounds_secret (const char *name)
{
  return g_regex_match_simple ("SECRET|PASSWORD|PASSWD|TOKEN|PRIVATE|CREDENTIAL|API_?KEY|"
                               "(?:^|_)(?:PASS|KEY|PAT|DSN)(?:$|_)|ACCESS_KEY",
                               name, G_REGEX_CASELESS,
                               G_REGEX_MATCH_DEFAULT);
}

/* The password of an address. */
static gboolean
holds_password (const char *text)
{
  return g_regex_match_simple ("://[^/@:]*:[^@]+@", text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/* A word that looks made by a machine. */
static gboolean
looks_random (const char *text)
{
  return g_regex_match_simple ("^(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{16,}$", text,
                               G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/**
 * stack_variable_seems_secret:
 * @name: its name
 * @text: its value
 *
 * Further variables are kept in the profile's file and in the ConfigMap, which is no place for
 * passwords.
 *
 * Returns: whether the name sounds like a secret, or the value is an address with a password
 */
gboolean
stack_variable_seems_secret (const char *name,
                             const char *text)
{
  g_return_val_if_fail (name != NULL && text != NULL, TRUE);

  return sounds_secret (name) || holds_password (text);
}

/**
 * stack_variable_may_be_shown:
 * @name: its name
 * @text: its value
 *
 * Returns: whether the value can be shown unasked: it neither seems to be a secret nor looks made
 *   by a machine
 */
gboolean
stack_variable_may_be_shown (const char *name,
                             const char *text)
{
  g_return_val_if_fail (name != NULL && text != NULL, FALSE);

  return !stack_variable_seems_secret (name, text) && !looks_random (text);
}
