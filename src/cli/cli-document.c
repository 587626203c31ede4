/* cli-document.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-document.h"

#include "base-json.h"
#include "base-yaml-order.h"
#include "base-yaml.h"

#include <string.h>

#define BLOCK (64 * 1024)
#define MASK "•••"
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/**
 * CliDocument:
 *
 * Objects as JSON or YAML on standard output, each printed as it comes: there may be more of them
 * than memory.
 */
struct _CliDocument
{
  CliPrinter      *printer; /* (owned) */
  CliDocumentFlags flags;
  GString         *text; /* (owned): not printed yet */
  gboolean         begun;
  guint            n_objects;
};

static void
mask_members (JsonObject *object)
{
  g_autoptr(GList) names = object != NULL ? json_object_get_members (object) : NULL;

  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_string_member (object, name->data, MASK);
}

/* `kubectl apply` keeps a whole copy of the object in an annotation. */
static void
mask_secret (JsonNode *object)
{
  JsonObject *annotations = base_json_get_object (object, "metadata", "annotations", NULL);

  mask_members (base_json_get_object (object, "data", NULL));
  mask_members (base_json_get_object (object, "stringData", NULL));
  if (annotations != NULL && json_object_has_member (annotations, LAST_APPLIED))
    json_object_set_string_member (annotations, LAST_APPLIED, MASK);
}

static void
hide (CliDocument *self,
      JsonNode    *object)
{
  JsonObject *metadata = base_json_get_object (object, "metadata", NULL);

  if (!(self->flags & CLI_DOCUMENT_MANAGED_FIELDS) && metadata != NULL &&
      json_object_has_member (metadata, "managedFields"))
    json_object_remove_member (metadata, "managedFields");
  if (!(self->flags & CLI_DOCUMENT_SECRETS) &&
      g_strcmp0 (base_json_get_string (object, "kind", NULL), "Secret") == 0 &&
      g_strcmp0 (base_json_get_string (object, "apiVersion", NULL), "v1") == 0)
    mask_secret (object);
}

/**
 * cli_document_new:
 * @printer: (transfer none): where to print
 * @flags: what is shown, and how
 *
 * Returns: (transfer full): a document that nothing has been printed of
 */
CliDocument *
cli_document_new (CliPrinter      *printer,
                  CliDocumentFlags flags)
{
  CliDocument *self;

  g_return_val_if_fail (CLI_IS_PRINTER (printer), NULL);

  self = g_new0 (CliDocument, 1);
  self->printer = g_object_ref (printer);
  self->flags = flags;
  self->text = g_string_new (NULL);

  return self;
}

/**
 * cli_document_free:
 * @self: (nullable): a document
 *
 * Frees @self.
 */
void
cli_document_free (CliDocument *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->printer);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void
flush (CliDocument *self)
{
  cli_printer_text (self->printer, self->text->str);
  /* It may have held the values of Secrets. */
  explicit_bzero (self->text->str, self->text->len);
  g_string_truncate (self->text, 0);
}

static void
begin (CliDocument *self)
{
  if (self->begun || self->flags & CLI_DOCUMENT_SINGLE)
    return;

  self->begun = TRUE;
  if (self->flags & CLI_DOCUMENT_YAML)
    g_string_append (self->text, "apiVersion: v1\nitems:");
  else
    g_string_append (self->text, "{\n    \"apiVersion\": \"v1\",\n    \"items\": [");
}

static void
append_yaml (CliDocument *self,
             JsonNode    *object)
{
  g_autoptr(JsonNode) ordered = base_yaml_order (object);
  g_autoptr(JsonNode) list = NULL;
  g_autofree char *text = NULL;

  if (self->flags & CLI_DOCUMENT_SINGLE)
    {
      text = base_yaml_print (ordered);
    }
  else
    {
      list = json_node_init_array (json_node_alloc (), NULL);
      json_node_take_array (list, json_array_new ());
      json_array_add_element (json_node_get_array (list), json_node_ref (ordered));
      text = base_yaml_print (list);
      if (self->n_objects == 0)
        g_string_append_c (self->text, '\n');
    }
  g_string_append (self->text, text);
}

static void
append_json (CliDocument *self,
             JsonNode    *object)
{
  if (self->flags & CLI_DOCUMENT_SINGLE)
    {
      base_json_append_sorted (self->text, object, 0);
      g_string_append_c (self->text, '\n');
      return;
    }

  g_string_append (self->text, self->n_objects > 0 ? ",\n        " : "\n        ");
  base_json_append_sorted (self->text, object, 2);
}

/**
 * cli_document_add:
 * @self: a document
 * @object: (inout): the next object; is changed
 *
 * Prints an object. The values of Secrets are masked, and what the server notes about the owners
 * of fields is left out, unless the flags say otherwise.
 */
void
cli_document_add (CliDocument *self,
                  JsonNode    *object)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (object != NULL && JSON_NODE_HOLDS_OBJECT (object));

  hide (self, object);
  begin (self);
  if (self->flags & CLI_DOCUMENT_YAML)
    append_yaml (self, object);
  else
    append_json (self, object);
  self->n_objects++;
  if (self->text->len >= BLOCK)
    flush (self);
}

/**
 * cli_document_finish:
 * @self: a document
 * @empty: whether a list of nothing is printed, too
 *
 * Prints the end of the document: several objects are a List, as those of kubectl.
 */
void
cli_document_finish (CliDocument *self,
                     gboolean     empty)
{
  g_return_if_fail (self != NULL);

  if (empty)
    begin (self);
  if (self->begun && self->flags & CLI_DOCUMENT_YAML)
    g_string_append_printf (self->text, "%skind: List\nmetadata:\n  resourceVersion: \"\"\n",
                            self->n_objects == 0 ? " []\n" : "");
  else if (self->begun)
    g_string_append_printf (self->text,
                            "%s],\n    \"kind\": \"List\",\n    \"metadata\": {\n"
                            "        \"resourceVersion\": \"\"\n    }\n}\n",
                            self->n_objects == 0 ? "" : "\n    ");
  flush (self);
}
