/* cli-target.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-target.h"

#include "cli-error.h"

#include "kube-error.h"

#include <string.h>

static void
cli_target_free (CliTarget *self)
{
  g_strfreev (self->names);
  g_free (self);
}

static gboolean
is_pair (const char *operand)
{
  const char *slash = strchr (operand, '/');

  return slash != NULL && slash > operand && slash[1] != '\0' && strchr (slash + 1, '/') == NULL &&
         strchr (operand, ',') == NULL;
}

/**
 * cli_target_check:
 * @operands: (nullable) (array zero-terminated=1): what stood after the verb
 * @error: return location for an error
 *
 * Checks that @operands have one of the forms KIND[,KIND…] [NAME…] and KIND/NAME….
 *
 * Returns: whether they have, or else %FALSE with %CLI_ERROR_USAGE
 */
gboolean
cli_target_check (const char *const *operands,
                  GError           **error)
{
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (operands == NULL || operands[0] == NULL)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "No kind of object was given. get needs to know what to show. Write "
                   "\"hackystackctl get pods\"; \"hackystackctl api-resources\" lists the kinds.");
      return FALSE;
    }

  for (guint i = 0; operands[i] != NULL; i++)
    {
      gboolean pair = is_pair (operands[i]);

      if (operands[i][0] != '\0' && pair == is_pair (operands[0]) &&
          (pair || strchr (operands[i], '/') == NULL))
        continue;
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "\"%s\" does not belong there. Names come either all behind the kind or all "
                   "with their kind. Write \"get pods a b\" or \"get pod/a svc/b\".",
                   operands[i]);
      return FALSE;
    }

  return TRUE;
}

static void
set_unknown (KubeDiscovery *discovery,
             const char    *word,
             GError       **error)
{
  g_auto(GStrv) near = kube_discovery_dup_near_names (discovery, word);
  g_autofree char *names = g_strjoinv (", ", near);
  GPtrArray       *failures = kube_discovery_get_failures (discovery);

  if (near[0] != NULL)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                 "The cluster has no kind of object that is called “%s”. Similar names are: %s. "
                 "Run \"hackystackctl api-resources\" to see all.",
                 word, names);
  else if (failures->len > 0)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                 "The cluster has no kind of object that is called “%s”. It may belong to an API "
                 "that does not answer now, such as %s. Try again later.",
                 word,
                 (const char *) g_ptr_array_index (failures, 0));
  else
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND,
                 "The cluster has no kind of object that is called “%s”. The word may be "
                 "misspelt, or belong to an extension that is not installed. Run \"hackystackctl "
                 "api-resources\" to see all kinds.",
                 word);
}

static CliTarget *
add_target (GPtrArray             *targets,
            const KubeApiResource *kind)
{
  CliTarget *target = g_new0 (CliTarget, 1);

  target->kind = kind;
  g_ptr_array_add (targets, target);

  return target;
}

static gboolean
add_kinds (GPtrArray     *targets,
           KubeDiscovery *discovery,
           const char    *words,
           GStrv          names,
           GError       **error)
{
  g_auto(GStrv) split = g_strsplit (words, ",", -1);

  for (guint i = 0; split[i] != NULL; i++)
    {
      g_autoptr(GPtrArray) category = kube_discovery_find_category (discovery, split[i]);
      const KubeApiResource *kind = kube_discovery_lookup (discovery, split[i]);

      if (category->len == 0 && kind == NULL)
        {
          set_unknown (discovery, split[i], error);
          return FALSE;
        }
      for (guint j = 0; j < category->len; j++)
        add_target (targets, g_ptr_array_index (category, j))->names = g_strdupv (names);
      if (category->len == 0)
        add_target (targets, kind)->names = g_strdupv (names);
    }

  return TRUE;
}

/* Adds to the target before, if it is of the same kind. */
static gboolean
add_pair (GPtrArray     *targets,
          KubeDiscovery *discovery,
          const char    *pair,
          GError       **error)
{
  const char            *slash = strchr (pair, '/');
  g_autofree char       *word = g_strndup (pair, (gsize) (slash - pair));
  const KubeApiResource *kind = kube_discovery_lookup (discovery, word);
  CliTarget             *target = targets->len > 0 ? g_ptr_array_index (targets, targets->len - 1) : NULL;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  if (kind == NULL)
    {
      set_unknown (discovery, word, error);
      return FALSE;
    }

  if (target == NULL || target->kind != kind)
    target = add_target (targets, kind);
  if (target->names != NULL)
    g_strv_builder_addv (names, (const char **) target->names);
  g_strv_builder_add (names, slash + 1);
  g_strfreev (target->names);
  target->names = g_strv_builder_end (names);

  return TRUE;
}

/**
 * cli_target_resolve:
 * @operands: (array zero-terminated=1): operands that [func@cli_target_check] let pass
 * @discovery: the kinds that the cluster has; must outlive what is returned
 * @error: return location for an error
 *
 * Finds the kinds that @operands name. A category, such as "all", stands for its kinds.
 *
 * Returns: (transfer full) (nullable) (element-type CliTarget): what is asked for, or %NULL with
 *   %KUBE_ERROR_NOT_FOUND
 */
GPtrArray *
cli_target_resolve (const char *const *operands,
                    KubeDiscovery     *discovery,
                    GError           **error)
{
  g_autoptr(GPtrArray) targets = NULL;

  g_return_val_if_fail (operands != NULL && operands[0] != NULL, NULL);
  g_return_val_if_fail (discovery != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  targets = g_ptr_array_new_with_free_func ((GDestroyNotify) cli_target_free);
  if (!is_pair (operands[0]))
    return add_kinds (targets, discovery, operands[0],
                      operands[1] != NULL ? (GStrv) operands + 1 : NULL, error)
               ? g_steal_pointer (&targets)
               : NULL;

  for (guint i = 0; operands[i] != NULL; i++)
    if (!add_pair (targets, discovery, operands[i], error))
      return NULL;

  return g_steal_pointer (&targets);
}
