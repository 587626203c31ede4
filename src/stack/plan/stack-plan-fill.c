/* stack-plan-fill.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-plan.h"

#include "base-json.h"
#include "stack-doctor.h"
#include "stack-error.h"

static gboolean
check_settings (StackSettings *settings,
                GError       **error)
{
  g_autoptr(GPtrArray) findings = stack_doctor_check (settings);
  g_autoptr(GString) words = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      StackFinding *finding = g_ptr_array_index (findings, i);

      if (finding->severity == STACK_SEVERITY_ERROR)
        g_string_append_printf (words, "\n%s", finding->message);
    }

  if (words->len == 0)
    return TRUE;

  g_set_error (error, STACK_ERROR, STACK_ERROR_VALUES,
               "Nothing was deployed, since settings have to be corrected first.%s", words->str);

  return FALSE;
}

static gboolean
has_kind (GPtrArray  *objects,
          const char *kind)
{
  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode *object = g_ptr_array_index (objects, i);

      if (g_strcmp0 (base_json_get_string (object, "kind", NULL), kind) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_objects (StackManifestSet *manifests,
               GPtrArray        *objects,
               GError          **error)
{
  static const char *const kinds[] = { "Deployment", "Service" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (has_kind (objects, kinds[i]))
        continue;

      g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST,
                   "There is no %s among the manifests in %s. Without it the app cannot run. "
                   "Install the program again.",
                   kinds[i], stack_manifest_set_get_directory (manifests));
      return FALSE;
    }

  return TRUE;
}

/**
 * stack_plan_fill_objects:
 * @manifests: manifests
 * @settings: the answers to put in
 * @error: return location for an error
 *
 * Judges the answers, puts them into the manifests, and looks whether what the app cannot do
 * without is there.
 *
 * Possible errors are %STACK_ERROR_VALUES (settings have to be corrected; the message has a line
 * for each) and %STACK_ERROR_MANIFEST.
 *
 * Returns: (transfer full) (element-type JsonNode): the objects, in the order of application.
 *   They hold secrets: show and keep them nowhere.
 */
GPtrArray *
stack_plan_fill_objects (StackManifestSet *manifests,
                         StackSettings    *settings,
                         GError          **error)
{
  g_autoptr(GPtrArray) objects = NULL;

  g_return_val_if_fail (STACK_IS_MANIFEST_SET (manifests), NULL);
  g_return_val_if_fail (STACK_IS_SETTINGS (settings), NULL);

  if (!check_settings (settings, error))
    return NULL;

  objects = stack_manifest_set_fill (manifests, settings, error);
  if (objects == NULL || !check_objects (manifests, objects, error))
    return NULL;

  return g_steal_pointer (&objects);
}
