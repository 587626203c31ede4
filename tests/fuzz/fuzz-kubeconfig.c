/* fuzz-kubeconfig.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base-error.h"
#include "base-redact.h"
#include "base-yaml.h"
#include "kube-config-private.h"
#include "kube-context-private.h"
#include "kube-error.h"
#include "kube-material.h"
#include "property.h"

/* Stands between the files of one kubeconfig; no YAML text holds it. */
#define SEPARATOR "\f"
#define MAX_FILES 4

/* (transfer full) (nullable): NULL if one of the files is not YAML. */
static GPtrArray *
read_documents (char **files,
                guint  n_times)
{
  g_autoptr(GPtrArray) documents =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) kube_config_document_free);

  for (guint i = 0; i < n_times * g_strv_length (files); i++)
    {
      g_autofree char *path = g_strdup_printf ("/nowhere/%u/config", i % g_strv_length (files));
      g_autoptr(GError) error = NULL;
      JsonNode *root = base_yaml_parse (files[i % g_strv_length (files)], -1, &error);

      if (root == NULL)
        {
          property_is_error (error, BASE_ERROR);
          return NULL;
        }
      g_ptr_array_add (documents, kube_config_document_new (path, root));
    }

  return g_steal_pointer (&documents);
}

/* What stands in the kubeconfig itself is decoded without a file. */
static void
read_material (const char *data,
               const char *field)
{
  g_auto(KubeMaterial) material = { NULL };
  g_autoptr(GError) error = NULL;

  if (data == NULL)
    return;
  if (!kube_material_read (&material, NULL, data, field, "the material", NULL, &error))
    property_is_error (error, KUBE_ERROR);
  else
    g_assert_cmpint (material.text[material.length], ==, '\0');
}

static gboolean
is_path (const char *path)
{
  return path == NULL || g_path_is_absolute (path);
}

static void
check_context (KubeContext *context)
{
  const char *server = kube_context_get_server (context);

  g_assert_nonnull (kube_context_get_name (context));
  g_assert_cmpstr (kube_context_get_namespace (context), !=, "");
  g_assert_true (g_str_has_prefix (kube_context_get_source (context), "/nowhere/"));
  g_assert_true (is_path (context->authority_file) && is_path (context->certificate_file) &&
                 is_path (context->key_file) && is_path (context->token_file));
  read_material (context->authority_data, "certificate-authority-data");
  read_material (context->certificate_data, "client-certificate-data");
  read_material (context->key_data, "client-key-data");

  if (kube_context_get_problem (context) != NULL)
    {
      property_is_words (kube_context_get_problem (context));
      return;
    }
  g_assert_true (g_ascii_strncasecmp (server, "https://", 8) == 0 ||
                 g_ascii_strncasecmp (server, "http://", 7) == 0);
  g_assert_false (g_str_has_suffix (server, "/"));
  if (kube_context_get_insecure (context))
    g_assert_true (context->authority_file == NULL && context->authority_data == NULL);
  if (context->username != NULL)
    g_assert_true (context->token == NULL && context->token_file == NULL);
}

/* The same files once more behind the first change nothing: the first wins. */
static void
check_repetition (KubeConfig *config,
                  GPtrArray  *twice)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KubeConfig) other = kube_config_new_from_documents (twice, &error);
  g_autoptr(GListModel) contexts = kube_config_list_contexts (config);
  g_autoptr(GListModel) others = kube_config_list_contexts (other);
  guint n_contexts = g_list_model_get_n_items (contexts);

  g_assert_no_error (error);
  g_assert_cmpuint (n_contexts, ==, g_list_model_get_n_items (others));
  g_assert_cmpstr (kube_config_get_current_context (config), ==,
                   kube_config_get_current_context (other));
  for (guint i = 0; i < n_contexts; i++)
    {
      g_autoptr(KubeContext) a = g_list_model_get_item (contexts, i);
      g_autoptr(KubeContext) b = g_list_model_get_item (others, i);

      g_assert_cmpstr (kube_context_get_name (a), ==, kube_context_get_name (b));
      g_assert_cmpstr (kube_context_get_server (a), ==, kube_context_get_server (b));
      g_assert_cmpstr (kube_context_get_problem (a), ==, kube_context_get_problem (b));
      g_assert_cmpstr (kube_context_get_source (a), ==, kube_context_get_source (b));
      /* names are unique */
      g_assert_true (kube_config_get_context (config, kube_context_get_name (a), NULL) == a);
    }
}

static void
check_config (KubeConfig *config)
{
  g_autoptr(GListModel) contexts = kube_config_list_contexts (config);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (contexts); i++)
    {
      g_autoptr(KubeContext) context = g_list_model_get_item (contexts, i);

      check_context (context);
    }
  if (kube_config_get_context (config, NULL, &error) == NULL)
    property_is_error (error, KUBE_ERROR);
  else
    g_assert_nonnull (kube_config_get_current_context (config));
}

static void
load (char **files)
{
  g_autoptr(GPtrArray) once = read_documents (files, 1);
  g_autoptr(GPtrArray) twice = once != NULL ? read_documents (files, 2) : NULL;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;

  if (once == NULL)
    return;
  config = kube_config_new_from_documents (once, &error);
  if (config == NULL)
    {
      property_is_error (error, KUBE_ERROR);
      return;
    }
  g_assert_no_error (error);
  check_config (config);
  check_repetition (config, twice);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autofree char *covered = NULL;
  g_auto(GStrv) files = g_strsplit (text, SEPARATOR, MAX_FILES);

  if (files[0] == NULL)
    return 0;
  load (files);

  /* With the contexts every secret is forgotten that was guarded for them. */
  covered = base_redact_text (text);
  g_assert_cmpstr (covered, ==, text);
  return 0;
}
