/* stack-doctor-names.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-private.h"

#include <string.h>

/* Names and numbers that Kubernetes itself has rules for: namespace, host, image, replicas,
 * Ingress class. Rules: RFC 1123 labels and names; the reference grammar of the OCI distribution
 * specification. */

#define LABEL "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
#define COMPONENT "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
#define REGISTRY                                                                   \
  "(?i)(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*|" \
  "\\[[a-f0-9:]+\\])(?::[0-9]{1,5})?"
#define DIGEST "sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}"

/*
 * stack_doctor_is_dns_name:
 * @text: a text
 *
 * Returns: whether it is a DNS name in lower case (RFC 1123): labels of at most 63 characters,
 *   253 in all
 */
gboolean
stack_doctor_is_dns_name (const char *text)
{
  g_auto(GStrv) labels = g_strsplit (text, ".", -1);

  if (*text == '\0' || strlen (text) > 253)
    return FALSE;

  for (guint i = 0; labels[i] != NULL; i++)
    {
      if (strlen (labels[i]) > 63 || !stack_doctor_matches (labels[i], LABEL))
        return FALSE;
    }

  return TRUE;
}

/* The same text in lower case, when that is all it needs. */
static char *
lower_fix (const char *text,
           gboolean    dots)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  if (stack_doctor_is_dns_name (lower) && (dots || strchr (lower, '.') == NULL))
    return g_steal_pointer (&lower);

  return NULL;
}

/*
 * stack_doctor_check_namespace:
 * @patient: the namespace
 *
 * A DNS label; none of the cluster's own.
 */
void
stack_doctor_check_namespace (StackPatient *patient)
{
  const char *text = patient->text;

  if (!stack_doctor_is_dns_name (text) || strchr (text, '.') != NULL)
    {
      g_autofree char *fix = lower_fix (text, FALSE);

      stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                            "“%s” cannot be the name of a namespace. It becomes part of names in "
                            "the network. Use up to 63 small letters, digits and dashes, with a "
                            "letter or digit at both ends.",
                            text);
    }
  else if (g_str_has_prefix (text, "kube-"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, "hackystack",
                          "“%s” is a namespace of the cluster itself. Names that begin with kube- "
                          "are reserved for its own parts. Choose another name.",
                          text);
  else if (g_str_equal (text, "default"))
    stack_patient_report (patient, STACK_SEVERITY_WARNING, "hackystack",
                          "“default” is where everything without a namespace lands. The app could "
                          "not be told apart from the rest, and strict security rules would be set "
                          "for all of it. Give the app a namespace of its own.");
}

static char *
strip_address (const char *text)
{
  const char      *start = strstr (text, "://");
  g_autofree char *host = NULL;

  start = start != NULL ? start + strlen ("://") : text;
  host = g_strndup (start, strcspn (start, "/:?#"));

  return lower_fix (host, TRUE);
}

/*
 * stack_doctor_check_host:
 * @patient: the host name
 *
 * A DNS name, since an Ingress takes nothing else: no scheme, port, path, address or wildcard.
 */
void
stack_doctor_check_host (StackPatient *patient)
{
  const char      *text = patient->text;
  g_autofree char *fix = NULL;

  if (g_hostname_is_ip_address (text))
    {
      stack_patient_report (patient, STACK_SEVERITY_ERROR, "hackystack.local",
                            "“%s” is an address, not a name. An Ingress tells its apps apart by "
                            "host names only. Use a name, and let it lead to this address, for "
                            "instance in /etc/hosts.",
                            text);
      return;
    }
  if (stack_doctor_is_dns_name (text))
    return;

  fix = strip_address (text);
  if (strpbrk (text, ":/") != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                          "“%s” is more than a host name. The Ingress takes the name alone, "
                          "without https://, port and path. Leave the rest out.",
                          text);
  else if (strchr (text, '*') != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "“%s” stands for many names. GitHub sends people back to exactly one. "
                          "Write that one.",
                          text);
  else
    stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                          "“%s” is not a host name. Only small letters, digits, dashes and dots "
                          "may be in it, and no part may begin or end with a dash. Correct it.",
                          text);
}

/* The repository without registry; @tag and @digest are NULL when there are none. */
static void
split_image (const char *text,
             char      **registry,
             char      **repository,
             char      **tag,
             char      **digest)
{
  const char      *at = strchr (text, '@');
  g_autofree char *name = at != NULL ? g_strndup (text, at - text) : g_strdup (text);
  char            *slash = strchr (name, '/');
  char            *colon;

  *registry = *tag = *digest = NULL;
  if (at != NULL)
    *digest = g_strdup (at + 1);

  /* As Docker does: a first part with a dot, a colon or the name localhost is a registry. */
  if (slash != NULL)
    {
      g_autofree char *first = g_strndup (name, slash - name);

      if (strpbrk (first, ".:") != NULL || g_str_equal (first, "localhost"))
        *registry = g_steal_pointer (&first);
    }

  *repository = g_strdup (*registry != NULL ? slash + 1 : name);
  colon = strchr (*repository, ':');
  if (colon != NULL)
    {
      *tag = g_strdup (colon + 1);
      *colon = '\0';
    }
}

static char *
join_image (const char *registry,
            const char *repository,
            const char *tag,
            const char *digest)
{
  return g_strconcat (registry != NULL ? registry : "", registry != NULL ? "/" : "", repository,
                      tag != NULL ? ":" : "", tag != NULL ? tag : "",
                      digest != NULL ? "@" : "", digest != NULL ? digest : "", NULL);
}

static gboolean
is_repository (const char *text)
{
  return strlen (text) <= 255 && stack_doctor_matches (text, COMPONENT "(?:/" COMPONENT ")*");
}

/* What "latest" means moves on, and nodes that have an image of that name may keep the old one. */
static void
check_moving_tag (StackPatient *patient,
                  const char   *repository,
                  const char   *tag)
{
  const char *text = patient->text;
  const char *policy = stack_settings_get_text (patient->settings, STACK_FIELD_PULL_POLICY);
  gboolean    keeps = !g_str_equal (policy, "Always");

  if (tag != NULL && !g_str_equal (tag, "latest"))
    return;

  if (tag == NULL)
    stack_patient_report (patient, STACK_SEVERITY_HINT, NULL,
                          "“%s” has no tag. It then means “latest”, and nobody can tell later "
                          "which build runs.%s Add one, such as %s:v1.",
                          text,
                          keeps ? " A node that has an older build of that name goes on running it."
                                : "",
                          text);
  else if (keeps && patient->field == STACK_FIELD_IMAGE)
    stack_patient_report (patient, STACK_SEVERITY_HINT, NULL,
                          "The tag “latest” does not say which build runs. With the pull policy "
                          "%s a node that has an older one goes on running it. Give each build its "
                          "own tag, such as %s:v2.",
                          policy, repository);
}

static void
check_image_parts (StackPatient *patient,
                   const char   *registry,
                   const char   *repository,
                   const char   *tag,
                   const char   *digest)
{
  const char      *text = patient->text;
  g_autofree char *lower = g_ascii_strdown (repository, -1);

  if (!is_repository (repository))
    {
      g_autofree char *fix = is_repository (lower) ? join_image (registry, lower, tag, digest)
                                                   : NULL;

      stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                            "“%s” does not name an image. The name “%s” may hold small letters and "
                            "digits only, with single dots, underscores or dashes between them. "
                            "Correct it.",
                            text, repository);
    }
  else if (registry == NULL && stack_doctor_matches (repository, "[a-f0-9]{64}"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "The image is given by its ID. The cluster finds images by name only. "
                          "Give the image a name, and put that here: docker tag ID hackystack:v1.");
  else if (registry != NULL && !stack_doctor_matches (registry, REGISTRY))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "“%s” does not name an image. “%s” is not a registry's host name. "
                          "Correct it.",
                          text, registry);
  else if (tag != NULL && !stack_doctor_matches (tag, "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "“%s” does not name an image. The tag “%s” may hold letters, digits, "
                          "underscores, dots and dashes only, at most 128. Correct it.",
                          text, tag);
  else if (digest != NULL && !stack_doctor_matches (digest, DIGEST))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "“%s” does not name an image. What follows the @ has to be sha256: and "
                          "64 digits or letters from a to f. Copy it again.",
                          text);
  else if (digest == NULL)
    check_moving_tag (patient, repository, tag);
}

/*
 * stack_doctor_check_image:
 * @patient: the image
 *
 * The reference grammar: registry/path:tag@digest.
 */
void
stack_doctor_check_image (StackPatient *patient)
{
  const char      *text = patient->text;
  const char      *scheme = strstr (text, "://");
  g_autofree char *registry = NULL;
  g_autofree char *repository = NULL;
  g_autofree char *tag = NULL;
  g_autofree char *digest = NULL;

  if (scheme != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, scheme + strlen ("://"),
                          "“%s” is a web address. An image is named without http:// or docker://. "
                          "Leave that out.",
                          text);
  else if (strchr (text, ' ') != NULL)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, NULL,
                          "“%s” has a space in it. Names of images have none; it may be a whole "
                          "command that was copied. Keep the name alone, such as hackystack:v1.",
                          text);
  else
    {
      split_image (text, &registry, &repository, &tag, &digest);
      check_image_parts (patient, registry, repository, tag, digest);
    }
}

/*
 * stack_doctor_check_replicas:
 * @patient: the number of pods
 *
 * A whole number from 1 to 100.
 */
void
stack_doctor_check_replicas (StackPatient *patient)
{
  gint64 number;

  if (!g_ascii_string_to_signed (patient->text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    stack_patient_report (patient, STACK_SEVERITY_ERROR, "2",
                          "“%s” is not a whole number. The cluster needs to know how many copies "
                          "of the app to run. Write a number from 1 to 100.",
                          patient->text);
  else if (number < 1)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, "1",
                          "%" G_GINT64_FORMAT " copies would leave nobody to answer. At least one "
                          "has to run. Write a number from 1 to 100.",
                          number);
  else if (number > 100)
    stack_patient_report (patient, STACK_SEVERITY_ERROR, "2",
                          "%" G_GINT64_FORMAT " copies are more than this program starts, since "
                          "each takes a share of the cluster. Write a number from 1 to 100.",
                          number);
}

/*
 * stack_doctor_check_ingress_class:
 * @patient: the Ingress class, not empty
 *
 * The name of an object: a DNS name.
 */
void
stack_doctor_check_ingress_class (StackPatient *patient)
{
  g_autofree char *fix = NULL;

  if (stack_doctor_is_dns_name (patient->text))
    return;

  fix = lower_fix (patient->text, TRUE);
  stack_patient_report (patient, STACK_SEVERITY_ERROR, fix,
                        "“%s” cannot be the name of an Ingress class. Only small letters, digits, "
                        "dashes and dots may be in it. See the names with: kubectl get "
                        "ingressclass, or leave it empty for the default one.",
                        patient->text);
}
