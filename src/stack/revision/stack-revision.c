/* stack-revision.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-revision-private.h"

#include "base-json.h"
#include "base-redact.h"
#include "base-time.h"
#include "kube-resource.h"
#include "stack-error.h"
#include "stack-field.h"

#include <string.h>

#define TYPE "hackystack.io/revision"
#define NAME_PREFIX "hackystack-revision-"
#define TIME_ANNOTATION "hackystack.io/time"
#define IMAGE_ANNOTATION "hackystack.io/image"
#define AUTHOR_ANNOTATION "hackystack.io/author"
#define CONFIG_MAP_KEY "config-map.json"
#define SECRET_KEY "secret.json"
#define TEMPLATE_KEY "template.json"

/* What `kubectl rollout restart` writes into the template: no part of what was deployed. */
#define RESTARTED_ANNOTATION "kubectl.kubernetes.io/restartedAt"

/**
 * StackRevision:
 *
 * What was deployed at one time: the settings (ConfigMap), the secrets and the pod template
 * together, and what became of it. Kept on the cluster as a Secret of its own, which the
 * Deployment owns: it goes with the Deployment.
 */
struct _StackRevision
{
  GObject parent_instance;

  char     *name;       /* (owned) (nullable) of the Secret that holds it */
  JsonNode *config_map; /* (owned) an object of texts */
  JsonNode *secret;     /* (owned) an object of texts in base64 */
  JsonNode *template;   /* (owned) */
  char      *image;     /* (owned) */
  char      *author;    /* (owned) */
  char      *summary;   /* (owned) */
  GPtrArray *guarded;   /* (element-type utf8) (owned) secrets that messages must not hold */
  guint      number;
  gint64     time; /* µs since 1970, 0 when it was not kept yet */

  StackRevisionOutcome outcome;
};

G_DEFINE_FINAL_TYPE (StackRevision, stack_revision, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (StackRevisionOutcome, stack_revision_outcome, G_DEFINE_ENUM_VALUE (STACK_REVISION_DEPLOYING, "deploying"), G_DEFINE_ENUM_VALUE (STACK_REVISION_PROVEN, "proven"), G_DEFINE_ENUM_VALUE (STACK_REVISION_FAILED, "failed"))

enum
{
  PROP_0,
  PROP_NUMBER,
  PROP_TIME,
  PROP_AUTHOR,
  PROP_IMAGE,
  PROP_SUMMARY,
  PROP_OUTCOME,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
unguard (gpointer data)
{
  char *text = data;

  base_redact_remove (text);
  explicit_bzero (text, strlen (text));
  g_free (text);
}

static void
stack_revision_finalize (GObject *object)
{
  StackRevision *self = STACK_REVISION (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->config_map, json_node_unref);
  g_clear_pointer (&self->secret, json_node_unref);
  g_clear_pointer (&self->template, json_node_unref);
  g_clear_pointer (&self->image, g_free);
  g_clear_pointer (&self->author, g_free);
  g_clear_pointer (&self->summary, g_free);
  g_clear_pointer (&self->guarded, g_ptr_array_unref);

  G_OBJECT_CLASS (stack_revision_parent_class)->finalize (object);
}

static void
stack_revision_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  StackRevision *self = STACK_REVISION (object);

  switch (prop_id)
    {
    case PROP_NUMBER:
      g_value_set_uint (value, self->number);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_AUTHOR:
      g_value_set_string (value, self->author);
      break;
    case PROP_IMAGE:
      g_value_set_string (value, self->image);
      break;
    case PROP_SUMMARY:
      g_value_set_string (value, self->summary);
      break;
    case PROP_OUTCOME:
      g_value_set_enum (value, self->outcome);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_revision_class_init (StackRevisionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = stack_revision_finalize;
  object_class->get_property = stack_revision_get_property;

  /**
   * StackRevision:number:
   *
   * Counts from 1; a later revision has a higher number.
   */
  properties[PROP_NUMBER] = g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * StackRevision:time:
   *
   * When it was deployed, in µs since 1970.
   */
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);

  /**
   * StackRevision:author:
   *
   * Who deployed it, as "user@machine".
   */
  properties[PROP_AUTHOR] = g_param_spec_string ("author", NULL, NULL, NULL, flags);

  /**
   * StackRevision:image:
   *
   * The app's image.
   */
  properties[PROP_IMAGE] = g_param_spec_string ("image", NULL, NULL, NULL, flags);

  /**
   * StackRevision:summary:
   *
   * What it changed, in a line.
   */
  properties[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, NULL, flags);

  /**
   * StackRevision:outcome:
   *
   * What became of it.
   */
  properties[PROP_OUTCOME] = g_param_spec_enum ("outcome", NULL, NULL,
                                                STACK_TYPE_REVISION_OUTCOME,
                                                STACK_REVISION_DEPLOYING, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
stack_revision_init (StackRevision *self)
{
  self->author = g_strdup ("");
  self->summary = g_strdup ("");
  self->guarded = g_ptr_array_new_with_free_func (unguard);
}

static JsonNode *
new_object (void)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, json_object_new ());

  return node;
}

/* Whether a variable of the Secret is one that may be told. */
static gboolean
is_public (const char *variable)
{
  for (guint id = 0; id < N_STACK_FIELDS; id++)
    {
      const StackField *field = stack_field_get (id);

      if (g_strcmp0 (field->variable, variable) == 0)
        return !field->secret;
    }

  return FALSE;
}

/* Makes the secrets known to what keeps them out of messages: they need not be the ones that are
 * set now. */
static void
guard_secrets (StackRevision *self)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  json_object_iter_init (&iter, json_node_get_object (self->secret));
  while (json_object_iter_next (&iter, &name, &value))
    {
      const char        *text = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_string (value) : NULL;
      g_autofree guchar *bytes = NULL;
      gsize              length = 0;

      if (text == NULL || is_public (name))
        continue;
      bytes = g_base64_decode (text, &length);
      g_ptr_array_add (self->guarded, g_strndup ((const char *) bytes, length));
      base_redact_add (g_ptr_array_index (self->guarded, self->guarded->len - 1));
      explicit_bzero (bytes, length);
    }
}

static const char *
find_image (JsonNode *template)
{
  JsonArray  *containers = base_json_get_array (template, "spec", "containers", NULL);
  const char *image = NULL;

  if (containers != NULL && json_array_get_length (containers) > 0)
    image = base_json_get_string (json_array_get_element (containers, 0), "image", NULL);

  return image != NULL ? image : "";
}

/* Takes out what the server or a restart has put in. */
static JsonNode *
clean_template (JsonNode *template)
{
  JsonNode   *copy = base_json_copy (template);
  JsonObject *metadata = base_json_get_object (copy, "metadata", NULL);
  JsonObject *annotations = base_json_get_object (copy, "metadata", "annotations", NULL);

  if (metadata != NULL)
    json_object_remove_member (metadata, "creationTimestamp");
  if (annotations != NULL)
    json_object_remove_member (annotations, RESTARTED_ANNOTATION);

  return copy;
}

/*
 * stack_revision_new:
 * @config_map: (nullable): the ConfigMap
 * @secret: (nullable): the Secret
 * @template: the Deployment's pod template, as the server has it
 *
 * Puts together what is deployed. It has no number yet.
 *
 * Returns: (transfer full): a revision
 */
StackRevision *
stack_revision_new (JsonNode *config_map,
                    JsonNode *secret,
                    JsonNode *template)
{
  StackRevision *self;
  JsonNode      *settings = base_json_get (config_map, "data", NULL);
  JsonNode      *secrets = base_json_get (secret, "data", NULL);

  g_return_val_if_fail (template != NULL, NULL);

  self = g_object_new (STACK_TYPE_REVISION, NULL);
  self->config_map = settings != NULL ? base_json_copy (settings) : new_object ();
  self->secret = secrets != NULL ? base_json_copy (secrets) : new_object ();
  self->template = clean_template (template);
  self->image = g_strdup (find_image (self->template));
  guard_secrets (self);

  return self;
}

static JsonNode *
read_part (JsonNode   *secret,
           const char *key)
{
  const char        *text = base_json_get_string (secret, "data", key, NULL);
  g_autofree guchar *bytes = NULL;
  gsize              length = 0;
  JsonNode          *node;

  if (text == NULL)
    return NULL;

  bytes = g_base64_decode (text, &length);
  node = base_json_parse ((const char *) bytes, length, NULL);
  explicit_bzero (bytes, length);
  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    g_clear_pointer (&node, json_node_unref);

  return node;
}

static const char *
get_annotation (JsonNode   *secret,
                const char *name)
{
  const char *text = base_json_get_string (secret, "metadata", "annotations", name, NULL);

  return text != NULL ? text : "";
}

static StackRevisionOutcome
parse_outcome (const char *word)
{
  for (guint i = STACK_REVISION_DEPLOYING; i <= STACK_REVISION_FAILED; i++)
    {
      if (g_str_equal (stack_revision_outcome_get_word (i), word))
        return i;
    }

  return STACK_REVISION_DEPLOYING;
}

/*
 * stack_revision_new_from_secret:
 * @secret: a Secret that a revision was kept in
 * @error: return location for an error, %STACK_ERROR_MANIFEST
 *
 * Returns: (transfer full): the revision
 */
StackRevision *
stack_revision_new_from_secret (JsonNode *secret,
                                GError  **error)
{
  g_autoptr(StackRevision) self = NULL;
  const char *name = base_json_get_string (secret, "metadata", "name", NULL);
  const char *number = base_json_get_string (secret, "metadata", "labels", STACK_REVISION_LABEL,
                                             NULL);
  guint64     n = 0;

  self = g_object_new (STACK_TYPE_REVISION, NULL);
  self->config_map = read_part (secret, CONFIG_MAP_KEY);
  self->secret = read_part (secret, SECRET_KEY);
  self->template = read_part (secret, TEMPLATE_KEY);
  if (self->config_map == NULL || self->secret == NULL || self->template == NULL ||
      number == NULL || !g_ascii_string_to_unsigned (number, 10, 1, G_MAXUINT, &n, NULL))
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST,
                   "The Secret %s is no revision of the app that can be read. Something has "
                   "changed it. Delete it; the other revisions are not touched by that.",
                   name != NULL ? name : "without a name");
      return NULL;
    }

  self->name = g_strdup (name);
  self->number = (guint) n;
  self->image = g_strdup (find_image (self->template));
  self->time = MAX (base_time_parse (get_annotation (secret, TIME_ANNOTATION)), 0);
  self->outcome = parse_outcome (get_annotation (secret, STACK_REVISION_OUTCOME_ANNOTATION));
  g_free (self->author);
  self->author = g_strdup (get_annotation (secret, AUTHOR_ANNOTATION));
  guard_secrets (self);

  return g_steal_pointer (&self);
}

/* Building the Secret. */

static void
add_part (JsonObject *data,
          const char *key,
          JsonNode   *part)
{
  char            *text = base_json_print (part, FALSE);
  g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  json_object_set_string_member (data, key, encoded);
  explicit_bzero (text, strlen (text));
  g_free (text);
}

static JsonObject *
build_labels (guint number)
{
  JsonObject      *labels = json_object_new ();
  g_autofree char *text = g_strdup_printf ("%u", number);

  json_object_set_string_member (labels, "app.kubernetes.io/name", "hackystack");
  json_object_set_string_member (labels, "app.kubernetes.io/component", "revision");
  json_object_set_string_member (labels, "app.kubernetes.io/part-of", "hackystack");
  json_object_set_string_member (labels, "app.kubernetes.io/managed-by", "hackystack-desktop");
  json_object_set_string_member (labels, STACK_REVISION_LABEL, text);

  return labels;
}

static JsonObject *
build_annotations (StackRevision *self)
{
  JsonObject *annotations = json_object_new ();
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autofree char *author = g_strdup_printf ("%s@%s", g_get_user_name (), g_get_host_name ());

  json_object_set_string_member (annotations, TIME_ANNOTATION, time);
  json_object_set_string_member (annotations, IMAGE_ANNOTATION, self->image);
  json_object_set_string_member (annotations, AUTHOR_ANNOTATION, author);
  json_object_set_string_member (annotations, STACK_REVISION_OUTCOME_ANNOTATION,
                                 stack_revision_outcome_get_word (self->outcome));

  return annotations;
}

static JsonArray *
build_owners (JsonNode *deployment)
{
  JsonArray  *owners = json_array_new ();
  JsonObject *owner = json_object_new ();

  json_object_set_string_member (owner, "apiVersion", "apps/v1");
  json_object_set_string_member (owner, "kind", "Deployment");
  json_object_set_string_member (owner, "name",
                                 base_json_get_string (deployment, "metadata", "name", NULL));
  json_object_set_string_member (owner, "uid",
                                 base_json_get_string (deployment, "metadata", "uid", NULL));
  json_array_add_object_element (owners, owner);

  return owners;
}

/*
 * stack_revision_build_secret:
 * @self: a revision
 * @deployment: the Deployment that is to own it, as the server has it
 * @number: the revision's number
 *
 * Returns: (transfer full): the Secret to create
 */
JsonNode *
stack_revision_build_secret (StackRevision *self,
                             JsonNode      *deployment,
                             guint          number)
{
  JsonNode        *node = new_object ();
  JsonObject      *object = json_node_get_object (node);
  JsonObject      *metadata = json_object_new ();
  JsonObject      *data = json_object_new ();
  g_autofree char *name = g_strdup_printf (NAME_PREFIX "%u", number);

  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  json_object_set_string_member (metadata, "name", name);
  json_object_set_string_member (metadata, "namespace",
                                 base_json_get_string (deployment, "metadata", "namespace", NULL));
  json_object_set_object_member (metadata, "labels", build_labels (number));
  json_object_set_object_member (metadata, "annotations", build_annotations (self));
  json_object_set_array_member (metadata, "ownerReferences", build_owners (deployment));
  add_part (data, CONFIG_MAP_KEY, self->config_map);
  add_part (data, SECRET_KEY, self->secret);
  add_part (data, TEMPLATE_KEY, self->template);

  json_object_set_string_member (object, "apiVersion", "v1");
  json_object_set_string_member (object, "kind", "Secret");
  json_object_set_object_member (object, "metadata", metadata);
  json_object_set_string_member (object, "type", TYPE);
  json_object_set_boolean_member (object, "immutable", TRUE);
  json_object_set_object_member (object, "data", data);

  return node;
}

/*
 * stack_revision_find_input:
 * @template: a pod template
 * @reference: "configMapRef" or "secretRef"
 *
 * Returns: (transfer none) (nullable): the name of the object that the app's variables come from
 */
const char *
stack_revision_find_input (JsonNode *template,
                           const char *reference)
{
  JsonArray *containers = base_json_get_array (template, "spec", "containers", NULL);
  JsonArray *sources = NULL;

  g_return_val_if_fail (reference != NULL, NULL);

  if (containers != NULL && json_array_get_length (containers) > 0)
    sources = base_json_get_array (json_array_get_element (containers, 0), "envFrom", NULL);
  for (guint i = 0; sources != NULL && i < json_array_get_length (sources); i++)
    {
      const char *name = base_json_get_string (json_array_get_element (sources, i), reference,
                                               "name", NULL);

      if (name != NULL)
        return name;
    }

  return NULL;
}

/*
 * stack_revision_get_config_map:
 * @self: a revision
 *
 * Returns: (transfer none): the settings, an object of texts
 */
JsonNode *
stack_revision_get_config_map (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  return self->config_map;
}

/*
 * stack_revision_get_secret:
 * @self: a revision
 *
 * Returns: (transfer none): the secrets, an object of texts in base64: show it nowhere
 */
JsonNode *
stack_revision_get_secret (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  return self->secret;
}

/*
 * stack_revision_get_template:
 * @self: a revision
 *
 * Returns: (transfer none): the pod template
 */
JsonNode *
stack_revision_get_template (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  return self->template;
}

/*
 * stack_revision_get_name:
 * @self: a revision
 *
 * Returns: (transfer none) (nullable): the Secret that holds it
 */
const char *
stack_revision_get_name (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  return self->name;
}

static gboolean
is_equal (JsonNode *a,
          JsonNode *b)
{
  g_autofree char *left = base_json_digest (a);
  g_autofree char *right = base_json_digest (b);

  return g_str_equal (left, right);
}

/*
 * stack_revision_is_same:
 * @self: a revision
 * @other: another one
 *
 * Returns: whether both deploy the same, whatever their numbers
 */
gboolean
stack_revision_is_same (StackRevision *self,
                        StackRevision *other)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), FALSE);
  g_return_val_if_fail (STACK_IS_REVISION (other), FALSE);

  return is_equal (self->config_map, other->config_map) &&
         is_equal (self->secret, other->secret) && is_equal (self->template, other->template);
}

/*
 * stack_revision_set_summary:
 * @self: a revision
 * @summary: what it changed, in a line
 *
 * Tells those who look.
 */
void
stack_revision_set_summary (StackRevision *self,
                            const char    *summary)
{
  g_return_if_fail (STACK_IS_REVISION (self));
  g_return_if_fail (summary != NULL);

  if (g_str_equal (self->summary, summary))
    return;

  g_free (self->summary);
  self->summary = g_strdup (summary);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUMMARY]);
}

/*
 * stack_revision_set_outcome:
 * @self: a revision
 * @outcome: what became of it
 *
 * Tells those who look.
 */
void
stack_revision_set_outcome (StackRevision       *self,
                            StackRevisionOutcome outcome)
{
  g_return_if_fail (STACK_IS_REVISION (self));

  if (self->outcome == outcome)
    return;

  self->outcome = outcome;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OUTCOME]);
}

/**
 * stack_revision_get_number:
 * @self: a revision
 *
 * Returns: its number, counted from 1; 0 for what is deployed but not kept
 */
guint
stack_revision_get_number (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), 0);

  return self->number;
}

/**
 * stack_revision_get_time:
 * @self: a revision
 *
 * Returns: when it was deployed, in µs since 1970; 0 when that is not known
 */
gint64
stack_revision_get_time (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), 0);

  return self->time;
}

/**
 * stack_revision_get_author:
 * @self: a revision
 *
 * Returns: (transfer none): who deployed it, as "user@machine"; "" when that is not known
 */
const char *
stack_revision_get_author (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  return self->author;
}

/**
 * stack_revision_get_image:
 * @self: a revision
 *
 * Returns: (transfer none): the app's image
 */
const char *
stack_revision_get_image (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  return self->image;
}

/**
 * stack_revision_get_summary:
 * @self: a revision of a history
 *
 * Returns: (transfer none): what it changed compared with the one before, in a line
 */
const char *
stack_revision_get_summary (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), NULL);

  return self->summary;
}

/**
 * stack_revision_get_outcome:
 * @self: a revision
 *
 * Returns: what became of it
 */
StackRevisionOutcome
stack_revision_get_outcome (StackRevision *self)
{
  g_return_val_if_fail (STACK_IS_REVISION (self), STACK_REVISION_DEPLOYING);

  return self->outcome;
}

/**
 * stack_revision_outcome_get_word:
 * @outcome: what became of a revision
 *
 * Returns: (transfer none): "deploying", "proven" or "failed"
 */
const char *
stack_revision_outcome_get_word (StackRevisionOutcome outcome)
{
  static const char *const words[] = {
    [STACK_REVISION_DEPLOYING] = "deploying",
    [STACK_REVISION_PROVEN] = "proven",
    [STACK_REVISION_FAILED] = "failed",
  };

  g_return_val_if_fail ((guint) outcome < G_N_ELEMENTS (words), NULL);

  return words[outcome];
}
