/* kube-label.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-label.h"

#include <string.h>

#include "base-json.h"

#define MAX_NAME_LENGTH 63
#define MAX_PREFIX_LENGTH 253

/* Letters and digits, with - _ . between them. */
static gboolean
is_name (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > MAX_NAME_LENGTH || !g_ascii_isalnum (text[0]) ||
      !g_ascii_isalnum (text[length - 1]))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("-_.", text[i]) == NULL)
      return FALSE;

  return TRUE;
}

/* RFC 1123: labels of lower-case letters, digits and hyphens, with points between them. */
static gboolean
is_subdomain (const char *text,
              gsize       length)
{
  if (length == 0 || length > MAX_PREFIX_LENGTH)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      gboolean inner = i > 0 && i + 1 < length && text[i - 1] != '.' && text[i + 1] != '.';

      if (text[i] == '.' ? !inner || text[i - 1] == '-'
                         : !g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) &&
                               !(text[i] == '-' && inner))
        return FALSE;
    }

  return TRUE;
}

/**
 * kube_label_is_key:
 * @text: a text
 *
 * Tells whether @text can be the key of a label or an annotation, by the rules of
 * `IsQualifiedName()` of k8s.io/apimachinery/pkg/util/validation: at most 63 letters, digits, "-",
 * "_" and ".", beginning and ending with a letter or digit; a domain and "/" may stand before
 * them. The keys of annotations may have capital letters in the domain, too.
 *
 * Returns: whether it can
 */
gboolean
kube_label_is_key (const char *text)
{
  const char *slash;

  g_return_val_if_fail (text != NULL, FALSE);

  slash = strchr (text, '/');
  return is_name (slash != NULL ? slash + 1 : text) &&
         (slash == NULL || is_subdomain (text, (gsize) (slash - text)));
}

/**
 * kube_label_is_value:
 * @text: a text
 *
 * Tells whether @text can be the value of a label, by the rules of `IsValidLabelValue()` of
 * k8s.io/apimachinery/pkg/util/validation: nothing, or at most 63 letters, digits, "-", "_" and
 * ".", beginning and ending with a letter or digit.
 *
 * Returns: whether it can
 */
gboolean
kube_label_is_value (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  return *text == '\0' || is_name (text);
}

static int
compare_keys (gconstpointer a,
              gconstpointer b)
{
  return strcmp (a, b);
}

/**
 * kube_label_print_all:
 * @labels: (nullable): `metadata.labels` of an object
 *
 * Writes labels as the column LABELS of kubectl has them (`FormatLabels()` of
 * k8s.io/apimachinery/pkg/labels): by key, with commas between them.
 *
 * Returns: (transfer full): "app=web,tier=back", or "<none>"
 */
char *
kube_label_print_all (JsonNode *labels)
{
  JsonObject *object = base_json_get_object (labels, NULL);
  g_autoptr(GString) text = g_string_new (NULL);
  GList *keys = object != NULL ? json_object_get_members (object) : NULL;

  keys = g_list_sort (keys, compare_keys);
  for (GList *l = keys; l != NULL; l = l->next)
    {
      const char *value = base_json_get_string (json_object_get_member (object, l->data), NULL);

      g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "," : "", (const char *) l->data,
                              value != NULL ? value : "");
    }
  g_list_free (keys);
  if (text->len == 0)
    g_string_append (text, "<none>");

  return g_string_free (g_steal_pointer (&text), FALSE);
}
