/* base-yaml.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml.h"

#include <string.h>

#include "base-error.h"
#include "base-yaml-problem.h"
#include "base-yaml-reader.h"

#define MAX_SIZE (2 * 1024 * 1024)

static gboolean
check_text (const char *data,
            gsize       size,
            GError    **error)
{
  if (size > MAX_SIZE)
    {
      g_set_error (error, BASE_ERROR, BASE_ERROR_TOO_LARGE,
                   "The text has more than %d MiB. Split it.", MAX_SIZE / (1024 * 1024));
      return FALSE;
    }
  return base_yaml_problem_check_bytes (data, size, error);
}

/**
 * base_yaml_parse:
 * @data: (nullable): YAML text
 * @length: its length in bytes, or -1 if it ends with a NUL
 * @error: return location for an error
 *
 * Reads the first document of a YAML text as a JSON value.
 *
 * Values are read as sigs.k8s.io/yaml reads them, and so kubectl; see
 * [func@base_yaml_scalar_resolve]. Keys that are numbers or booleans become strings. Aliases and
 * merge keys (“<<”) are filled in; members of the mapping itself win over merged ones. Of tags only
 * those of the JSON types are known; what has the tag `!!binary` or `!!timestamp` stays its text.
 *
 * The text may have 2 MiB, 200 000 values with what aliases repeat, and a nesting of 64.
 *
 * Errors are in the %BASE_ERROR domain, all its codes; messages name the line and column. A key
 * that appears twice is %BASE_ERROR_SYNTAX, text that is not UTF-8 %BASE_ERROR_BINARY.
 *
 * Returns: (transfer full): the value, a null node if there is no document, or %NULL with @error
 *   set
 */
JsonNode *
base_yaml_parse (const char *data,
                 gssize      length,
                 GError    **error)
{
  g_auto(BaseYamlReader) reader = { 0 };
  JsonNode *document;
  gsize     size;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  size = length < 0 ? strlen (data) : (gsize) length;
  base_yaml_reader_init (&reader, data != NULL ? data : "", size);
  if (!check_text (reader.data, reader.size, error) || !base_yaml_reader_read (&reader, &document, error))
    return NULL;
  return document != NULL ? document : json_node_new (JSON_NODE_NULL);
}

/**
 * base_yaml_parse_all:
 * @data: (nullable): YAML text
 * @length: its length in bytes, or -1 if it ends with a NUL
 * @error: return location for an error
 *
 * Reads all documents of a YAML text, as [func@base_yaml_parse] reads the first one.
 *
 * Empty documents, such as a comment between two “---”, are left out, as kubectl does. The limits
 * hold for all documents together.
 *
 * Returns: (transfer full) (element-type JsonNode): the documents, or %NULL with @error set
 */
GPtrArray *
base_yaml_parse_all (const char *data,
                     gssize      length,
                     GError    **error)
{
  g_autoptr(GPtrArray) documents = NULL;
  g_auto(BaseYamlReader) reader = { 0 };
  JsonNode *document;
  gsize     size;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  size = length < 0 ? strlen (data) : (gsize) length;
  base_yaml_reader_init (&reader, data != NULL ? data : "", size);
  if (!check_text (reader.data, reader.size, error))
    return NULL;

  documents = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  do
    {
      if (!base_yaml_reader_read (&reader, &document, error))
        return NULL;
      if (document != NULL && JSON_NODE_HOLDS_NULL (document))
        json_node_unref (document);
      else if (document != NULL)
        g_ptr_array_add (documents, document);
    }
  while (document != NULL);
  return g_steal_pointer (&documents);
}
