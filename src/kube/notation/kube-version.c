/* kube-version.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-version.h"

#include "base-json.h"
#include "kube-error.h"

static gboolean
read_number (const char *text,
             guint      *number)
{
  char   *end;
  guint64 value;

  if (text == NULL || !g_ascii_isdigit (*text))
    return FALSE;
  value = g_ascii_strtoull (text, &end, 10);
  *number = (guint) MIN (value, G_MAXUINT);

  return TRUE;
}

/* "v1.36.3": the parts of servers that leave out the numbers. */
static gboolean
read_text (KubeVersion *self)
{
  g_auto(GStrv) parts = g_strsplit (self->text + (*self->text == 'v'), ".", 3);

  return g_strv_length (parts) >= 2 && read_number (parts[0], &self->major) &&
         read_number (parts[1], &self->minor);
}

/**
 * kube_version_read:
 * @self: (out caller-allocates): where to put it, to be cleared with [id@kube_version_clear]
 * @answer: what the server answered to `GET /version`
 * @error: return location for an error
 *
 * Reads which Kubernetes a server runs (`version.Info` of k8s.io/apimachinery).
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL if @answer names no version. @self is empty then.
 *
 * Returns: whether @self was filled
 */
gboolean
kube_version_read (KubeVersion *self,
                   JsonNode    *answer,
                   GError     **error)
{
  const char *text;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (answer != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  *self = (KubeVersion){ 0, 0, NULL, NULL };
  text = base_json_get_string (answer, "gitVersion", NULL);
  self->text = g_strdup (text != NULL ? text : "");
  if ((!read_number (base_json_get_string (answer, "major", NULL), &self->major) ||
       !read_number (base_json_get_string (answer, "minor", NULL), &self->minor)) &&
      !read_text (self))
    {
      kube_version_clear (self);
      g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                           "The server does not say which Kubernetes it runs. Check that the "
                           "server address of the context is a Kubernetes API server.");
      return FALSE;
    }
  self->platform = g_strdup (base_json_get_string (answer, "platform", NULL));

  return TRUE;
}

/**
 * kube_version_clear:
 * @self: a version
 *
 * Frees what @self holds.
 */
void
kube_version_clear (KubeVersion *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->platform, g_free);
  self->major = 0;
  self->minor = 0;
}

/**
 * kube_version_is_at_least:
 * @self: a version
 * @major: 1
 * @minor: the minor version since which there is what the caller wants
 *
 * Returns: whether the server runs that version or a later one
 */
gboolean
kube_version_is_at_least (const KubeVersion *self,
                          guint              major,
                          guint              minor)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->major > major || (self->major == major && self->minor >= minor);
}
