/* stack-doctor-choices.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-private.h"

#include <string.h>

/* Answers that are one of a few words. */

/* The choice that differs from @text in capitals only. */
static const char *
find_fix (const StackField *field,
          const char       *text)
{
  for (guint i = 0; field->choices[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (field->choices[i], text) == 0)
        return field->choices[i];
    }

  return field->fallback;
}

static gboolean
is_choice (StackPatient *patient)
{
  return g_strv_contains (stack_field_get (patient->field)->choices, patient->text);
}

/*
 * stack_doctor_check_choice:
 * @patient: an answer to a question with choices
 *
 * One of the choices, letter for letter.
 */
void
stack_doctor_check_choice (StackPatient *patient)
{
  const StackField *field = stack_field_get (patient->field);
  g_autofree char  *choices = NULL;

  if (is_choice (patient))
    return;

  choices = g_strjoinv (", ", (GStrv) field->choices);
  stack_patient_report (patient, STACK_SEVERITY_ERROR, find_fix (field, patient->text),
                        "%s cannot be “%s”. There are only a few answers, and capitals count. "
                        "Choose one of: %s.",
                        field->title, patient->text, choices);
}

/* "hackystack", "hackystack:latest": the tag moves on, so nodes may keep an old image. */
static gboolean
moves_on (const char *image)
{
  const char *slash = strrchr (image, '/');
  const char *colon = strchr (slash != NULL ? slash : image, ':');

  return strchr (image, '@') == NULL && (colon == NULL || g_str_equal (colon, ":latest"));
}

/* Without a registry in its name an image comes from Docker's own, or from the node. */
static gboolean
names_registry (const char *image)
{
  const char *slash = strchr (image, '/');

  return slash != NULL;
}

/*
 * stack_doctor_check_pull_policy:
 * @patient: the pull policy
 *
 * One of Kubernetes' three words, and one that the image can be had with.
 */
void
stack_doctor_check_pull_policy (StackPatient *patient)
{
  const char *image = stack_settings_get_text (patient->settings, STACK_FIELD_IMAGE);

  if (!is_choice (patient))
    stack_doctor_check_choice (patient);
  else if (g_str_equal (patient->text, "Always") && !names_registry (image))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, "IfNotPresent",
                          "“Always” asks a registry each time a pod starts, but “%s” looks like an "
                          "image of your own, which only the node has. The pods would not start. "
                          "Use IfNotPresent.",
                          image);
  else if (g_str_equal (patient->text, "Never") && moves_on (image))
    stack_patient_report (patient, STACK_SEVERITY_HINT, "IfNotPresent",
                          "With “Never” the image has to be on every node beforehand. A node that "
                          "has no “%s” cannot run the app. IfNotPresent downloads it then.",
                          image);
}
