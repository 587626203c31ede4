/* stack-revision-change.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-revision-change.h"

#include "base-json.h"
#include "base-redact.h"
#include "base-yaml.h"
#include "stack-revision-private.h"
#include "stack-shown-text-private.h"

#include <string.h>

/* The fingerprint of settings and secrets changes with them and is nothing to tell besides. */
#define DIGEST_ANNOTATION "desktop.hackystack.io/config-digest"

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Adds the members of @a that @b does not have like that; those of both only once. */
static void
add_differing (GPtrArray *names,
               JsonNode  *a,
               JsonNode  *b,
               gboolean   only_missing)
{
  JsonObject    *other = json_node_get_object (b);
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  json_object_iter_init (&iter, json_node_get_object (a));
  while (json_object_iter_next (&iter, &name, &value))
    {
      JsonNode *there = json_object_get_member (other, name);

      if (there == NULL || (!only_missing && !json_node_equal (value, there)))
        g_ptr_array_add (names, g_strdup (name));
    }
}

static GPtrArray *
list_differing (JsonNode *before,
                JsonNode *after)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  add_differing (names, before, after, FALSE);
  add_differing (names, after, before, TRUE);
  g_ptr_array_sort (names, compare_names);

  return names;
}

static JsonNode *
copy_without_digest (JsonNode *template)
{
  JsonNode   *copy = base_json_copy (template);
  JsonObject *annotations = base_json_get_object (copy, "metadata", "annotations", NULL);

  if (annotations != NULL)
    json_object_remove_member (annotations, DIGEST_ANNOTATION);

  return copy;
}

/* The template without what is told by itself. */
static char *
build_rest (JsonNode *template)
{
  g_autoptr(JsonNode) copy = copy_without_digest (template);
  JsonArray *containers = base_json_get_array (copy, "spec", "containers", NULL);

  if (containers != NULL && json_array_get_length (containers) > 0)
    json_object_remove_member (json_array_get_object_element (containers, 0), "image");

  return base_json_digest (copy);
}

/**
 * stack_revision_change_new:
 * @before: a revision
 * @after: another one
 *
 * Compares two revisions.
 *
 * Returns: (transfer full): how @after differs from @before
 */
StackRevisionChange *
stack_revision_change_new (StackRevision *before,
                           StackRevision *after)
{
  StackRevisionChange *self;
  g_autofree char     *rest_before = NULL;
  g_autofree char     *rest_after = NULL;

  g_return_val_if_fail (STACK_IS_REVISION (before), NULL);
  g_return_val_if_fail (STACK_IS_REVISION (after), NULL);

  self = g_new0 (StackRevisionChange, 1);
  self->settings = list_differing (stack_revision_get_config_map (before),
                                   stack_revision_get_config_map (after));
  self->secrets = list_differing (stack_revision_get_secret (before),
                                  stack_revision_get_secret (after));
  if (!g_str_equal (stack_revision_get_image (before), stack_revision_get_image (after)))
    {
      self->image_before = g_strdup (stack_revision_get_image (before));
      self->image_after = g_strdup (stack_revision_get_image (after));
    }

  rest_before = build_rest (stack_revision_get_template (before));
  rest_after = build_rest (stack_revision_get_template (after));
  self->template = !g_str_equal (rest_before, rest_after);

  return self;
}

/**
 * stack_revision_change_free:
 * @self: (transfer full): a change
 *
 * Frees what [func@revision_change_new] returned.
 */
void
stack_revision_change_free (StackRevisionChange *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->image_before);
  g_free (self->image_after);
  g_clear_pointer (&self->settings, g_ptr_array_unref);
  g_clear_pointer (&self->secrets, g_ptr_array_unref);
  g_free (self);
}

/**
 * stack_revision_change_is_empty:
 * @self: a change
 *
 * Returns: whether both revisions deploy the same
 */
gboolean
stack_revision_change_is_empty (const StackRevisionChange *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->image_after == NULL && self->settings->len == 0 && self->secrets->len == 0 &&
         !self->template;
}

/* Where the tag of an image begins; its end if it has none. */
static const char *
find_tag (const char *image)
{
  const char *slash = strrchr (image, '/');
  const char *colon = strrchr (slash != NULL ? slash : image, ':');

  return colon != NULL && strchr (image, '@') == NULL ? colon : image + strlen (image);
}

/* "image v1 → v2", or both whole if more than the tag differs. */
static void
describe_image (GString    *words,
                const char *before,
                const char *after)
{
  const char *old_tag = find_tag (before);
  const char *new_tag = find_tag (after);
  gsize       length = (gsize) (old_tag - before);

  if (*old_tag != '\0' && *new_tag != '\0' && length == (gsize) (new_tag - after) &&
      strncmp (before, after, length) == 0)
    g_string_append_printf (words, "image %s → %s", old_tag + 1, new_tag + 1);
  else
    g_string_append_printf (words, "image %s → %s", before, after);
}

static void
describe_count (GString    *words,
                guint       n,
                const char *one)
{
  if (n == 0)
    return;

  g_string_append_printf (words, "%s%u %s%s changed", words->len > 0 ? "; " : "", n, one,
                          n == 1 ? "" : "s");
}

/**
 * stack_revision_change_describe:
 * @self: a change
 *
 * Says it in a line, such as "image v1 → v2; 2 settings changed".
 *
 * Returns: (transfer full): the words
 */
char *
stack_revision_change_describe (const StackRevisionChange *self)
{
  GString *words;

  g_return_val_if_fail (self != NULL, NULL);

  words = g_string_new (NULL);
  if (self->image_after != NULL)
    describe_image (words, self->image_before, self->image_after);
  describe_count (words, self->settings->len, "setting");
  describe_count (words, self->secrets->len, "secret");
  if (self->template)
    g_string_append_printf (words, "%spod template changed", words->len > 0 ? "; " : "");
  if (words->len == 0)
    g_string_append (words, "nothing changed");

  return g_string_free (words, FALSE);
}

/* Of the same values in the same order, whatever they came from. Takes @values. */
static JsonNode *
sort_values (JsonNode *values)
{
  JsonObject *object = json_node_get_object (values);
  JsonObject *sorted = json_object_new ();
  g_autoptr(GList) names = g_list_sort (json_object_get_members (object), (GCompareFunc) strcmp);

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (sorted, l->data, json_object_dup_member (object, l->data));
  json_node_take_object (values, sorted);

  return values;
}

static char *
build_text (StackRevision *revision,
            StackRevision *other,
            gboolean       wanted)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  JsonObject      *object = json_object_new ();

  json_node_take_object (node, object);
  json_object_set_member (object, "settings",
                          sort_values (base_json_copy (stack_revision_get_config_map (revision))));
  json_object_set_member (object, "secrets",
                          sort_values (stack_shown_text_hide (stack_revision_get_secret (revision),
                                                              stack_revision_get_secret (other),
                                                              wanted)));
  json_object_set_member (object, "template",
                          copy_without_digest (stack_revision_get_template (revision)));
  text = base_yaml_print (node);

  return base_redact_text (text);
}

/**
 * stack_revision_change_build_diff:
 * @before: a revision
 * @after: another one
 *
 * Writes both revisions as YAML, settings, secrets and pod template in one text, and compares
 * them. Of secrets it is only said whether they differ.
 *
 * Returns: (transfer full): how the text of @after differs from that of @before
 */
StackDiff *
stack_revision_change_build_diff (StackRevision *before,
                                  StackRevision *after)
{
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  g_return_val_if_fail (STACK_IS_REVISION (before), NULL);
  g_return_val_if_fail (STACK_IS_REVISION (after), NULL);

  left = build_text (before, after, FALSE);
  right = build_text (after, before, TRUE);

  return stack_diff_new (left, right);
}
