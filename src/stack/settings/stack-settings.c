/* stack-settings.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-settings-private.h"

#include "base-redact.h"
#include "vault-generator.h"

#include <string.h>

/* 33 bytes are 44 characters of base64 without padding, as Auth.js's documents suggest. */
#define GENERATED_BYTES 33

/**
 * StackSettings:
 *
 * The answers to all questions of a profile: one text for each [struct@Field], extra variables,
 * and the name of the kubeconfig context. Texts live in memory that is wiped; the secret ones
 * are also made known to the guard against secrets in messages while they are set.
 *
 * A new object holds the fields' fallbacks.
 */
struct _StackSettings
{
  GObject parent_instance;

  char        *profile;                /* (owned) */
  char        *context;                /* (owned) (nullable) */
  VaultSecret *values[N_STACK_FIELDS]; /* (owned) */
  VaultSecret *own[N_STACK_FIELDS];    /* (owned) (nullable) the answer while another one is lent */
  GHashTable  *extra;                  /* (element-type utf8 utf8) (owned) */

  /* As they were loaded or saved last. */
  VaultSecret *kept[N_STACK_FIELDS]; /* (owned) */
  GHashTable  *kept_extra;           /* (element-type utf8 utf8) (owned) */
};

G_DEFINE_FINAL_TYPE (StackSettings, stack_settings, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PROFILE,
  PROP_CONTEXT,
  PROP_EXTRA,
  PROP_N_CHANGES,
  N_PROPS,
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void
set_value (StackSettings *self,
           StackFieldId   id,
           const char    *text)
{
  gboolean     secret = stack_field_get (id)->secret;
  VaultSecret *old = self->values[id];

  /* The new one first: the text may be part of the old one. */
  self->values[id] = vault_secret_new (text);
  if (secret)
    base_redact_add (text);

  if (old == NULL)
    return;
  if (secret)
    base_redact_remove (vault_secret_get_text (old));
  vault_secret_unref (old);
}

/* NEXTAUTH_URL goes along with the host name until somebody gives it an address of its own. */
static gboolean
follows_host (StackSettings *self)
{
  g_autofree char *address = stack_settings_dup_address (self);

  return g_str_equal (address, stack_settings_get_text (self, STACK_FIELD_NEXTAUTH_URL));
}

static void
stack_settings_finalize (GObject *object)
{
  StackSettings *self = STACK_SETTINGS (object);

  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (self->values[i] != NULL && stack_field_get (i)->secret)
        base_redact_remove (vault_secret_get_text (self->values[i]));
      g_clear_pointer (&self->values[i], vault_secret_unref);
      g_clear_pointer (&self->own[i], vault_secret_unref);
      g_clear_pointer (&self->kept[i], vault_secret_unref);
    }
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->context, g_free);
  g_clear_pointer (&self->extra, g_hash_table_unref);
  g_clear_pointer (&self->kept_extra, g_hash_table_unref);

  G_OBJECT_CLASS (stack_settings_parent_class)->finalize (object);
}

static void
stack_settings_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  StackSettings *self = STACK_SETTINGS (object);

  switch (prop_id)
    {
    case PROP_PROFILE:
      g_value_set_string (value, stack_settings_get_profile (self));
      break;
    case PROP_CONTEXT:
      g_value_set_string (value, stack_settings_get_context (self));
      break;
    case PROP_EXTRA:
      g_value_set_boxed (value, stack_settings_get_extra (self));
      break;
    case PROP_N_CHANGES:
      g_value_set_uint (value, stack_settings_get_n_changes (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_settings_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  StackSettings *self = STACK_SETTINGS (object);

  switch (prop_id)
    {
    case PROP_PROFILE:
      self->profile = g_value_dup_string (value);
      break;
    case PROP_CONTEXT:
      stack_settings_set_context (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_settings_class_init (StackSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = stack_settings_finalize;
  object_class->get_property = stack_settings_get_property;
  object_class->set_property = stack_settings_set_property;

  /**
   * StackSettings:profile:
   *
   * The name that the settings are kept under.
   */
  properties[PROP_PROFILE] =
      g_param_spec_string ("profile", NULL, NULL, "default",
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * StackSettings:context:
   *
   * The kubeconfig context that the profile belongs to; %NULL for the current one.
   */
  properties[PROP_CONTEXT] =
      g_param_spec_string ("context", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * StackSettings:extra: (type GHashTable(utf8,utf8))
   *
   * Further environment variables of the app, name to value.
   */
  properties[PROP_EXTRA] =
      g_param_spec_boxed ("extra", NULL, NULL, G_TYPE_HASH_TABLE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * StackSettings:n-changes:
   *
   * How many answers are others than what was loaded or saved last. Notified when that was loaded
   * or saved; a change of an answer is told by [signal@Settings::changed].
   */
  properties[PROP_N_CHANGES] =
      g_param_spec_uint ("n-changes", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * StackSettings::changed:
   * @self: the settings
   * @field: which answer
   *
   * An answer is another one now.
   */
  signals[CHANGED] = g_signal_new ("changed", STACK_TYPE_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, STACK_TYPE_FIELD_ID);
}

static void
stack_settings_init (StackSettings *self)
{
  self->extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->kept_extra = g_hash_table_ref (self->extra);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      const char *fallback = stack_field_get (i)->fallback;

      set_value (self, i, fallback != NULL ? fallback : "");
      self->kept[i] = vault_secret_ref (self->values[i]);
    }
}

/**
 * stack_settings_new:
 * @profile: the name that the settings are kept under
 *
 * Reads nothing: see [method@Settings.load_async].
 *
 * Returns: (transfer full): settings that hold the fallbacks
 */
StackSettings *
stack_settings_new (const char *profile)
{
  g_return_val_if_fail (profile != NULL, NULL);

  return g_object_new (STACK_TYPE_SETTINGS, "profile", profile, NULL);
}

/**
 * stack_settings_copy:
 * @self: settings
 * @profile: the name that the copy is kept under
 *
 * Makes settings with the same answers, but for those that were lent. Nothing is saved.
 *
 * Returns: (transfer full): a copy
 */
StackSettings *
stack_settings_copy (StackSettings *self,
                     const char    *profile)
{
  StackSettings *copy;

  g_return_val_if_fail (STACK_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  copy = stack_settings_new (profile);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      g_autoptr(VaultSecret) own = stack_settings_ref_own (self, i);

      set_value (copy, i, vault_secret_get_text (own));
    }
  stack_settings_set_extra (copy, self->extra);
  stack_settings_set_context (copy, self->context);

  return copy;
}

/**
 * stack_settings_get_profile:
 * @self: settings
 *
 * Returns: (transfer none): the name that the settings are kept under
 */
const char *
stack_settings_get_profile (StackSettings *self)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), NULL);

  return self->profile;
}

/**
 * stack_settings_get_text:
 * @self: settings
 * @id: which answer
 *
 * Returns: (transfer none): the answer, "" when there is none; valid until it changes
 */
const char *
stack_settings_get_text (StackSettings *self,
                         StackFieldId   id)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), NULL);
  g_return_val_if_fail ((guint) id < N_STACK_FIELDS, NULL);

  return vault_secret_get_text (self->values[id]);
}

/**
 * stack_settings_set_text:
 * @self: settings
 * @id: which answer
 * @text: the answer as it was given, "" for none
 *
 * Takes any text; [func@doctor_check_field] judges it. While NEXTAUTH_URL is the address
 * that [method@Settings.dup_address] tells, it follows a change of the host name and of HTTPS.
 */
void
stack_settings_set_text (StackSettings *self,
                         StackFieldId   id,
                         const char    *text)
{
  gboolean follow;

  g_return_if_fail (STACK_IS_SETTINGS (self));
  g_return_if_fail ((guint) id < N_STACK_FIELDS);
  g_return_if_fail (text != NULL);

  g_clear_pointer (&self->own[id], vault_secret_unref);
  if (g_str_equal (text, stack_settings_get_text (self, id)))
    return;

  follow = (id == STACK_FIELD_HOST || id == STACK_FIELD_TLS) && follows_host (self);
  set_value (self, id, text);
  if (follow)
    {
      g_autofree char *address = stack_settings_dup_address (self);

      set_value (self, STACK_FIELD_NEXTAUTH_URL, address);
    }

  g_signal_emit (self, signals[CHANGED], 0, id);
  if (follow)
    g_signal_emit (self, signals[CHANGED], 0, STACK_FIELD_NEXTAUTH_URL);
}

/**
 * stack_settings_lend_text:
 * @self: settings
 * @id: which answer
 * @text: an answer for this time, "" for none
 *
 * Takes a text as the answer, as [method@Settings.set_text] does, but does not make it the
 * profile's: [method@Settings.save_async] keeps the answer that was there before.
 */
void
stack_settings_lend_text (StackSettings *self,
                          StackFieldId   id,
                          const char    *text)
{
  VaultSecret *own;

  g_return_if_fail (STACK_IS_SETTINGS (self));
  g_return_if_fail ((guint) id < N_STACK_FIELDS);
  g_return_if_fail (text != NULL);

  own = stack_settings_ref_own (self, id);
  stack_settings_set_text (self, id, text);
  self->own[id] = own;
}

/*
 * stack_settings_ref_own:
 * @self: settings
 * @id: which answer
 *
 * Returns: (transfer full): the profile's answer, whatever was lent for this time
 */
VaultSecret *
stack_settings_ref_own (StackSettings *self,
                        StackFieldId   id)
{
  return vault_secret_ref (self->own[id] != NULL ? self->own[id] : self->values[id]);
}

/*
 * stack_settings_set_kept:
 * @self: settings
 * @values: (array fixed-size=N_STACK_FIELDS): what was loaded or saved
 * @extra: (element-type utf8 utf8): further variables likewise
 *
 * Notes what is kept, for [method@Settings.is_changed].
 */
void
stack_settings_set_kept (StackSettings      *self,
                         VaultSecret *const *values,
                         GHashTable         *extra)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      VaultSecret *kept = vault_secret_ref (values[i]);

      vault_secret_unref (self->kept[i]);
      self->kept[i] = kept;
    }
  g_hash_table_ref (extra);
  g_hash_table_unref (self->kept_extra);
  self->kept_extra = extra;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_CHANGES]);
}

/**
 * stack_settings_is_changed:
 * @self: settings
 * @id: which answer
 *
 * Returns: whether the profile's answer is another one than what was loaded or saved last
 */
gboolean
stack_settings_is_changed (StackSettings *self,
                           StackFieldId   id)
{
  VaultSecret *own;

  g_return_val_if_fail (STACK_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail ((guint) id < N_STACK_FIELDS, FALSE);

  own = self->own[id] != NULL ? self->own[id] : self->values[id];

  return !vault_secret_equal (own, self->kept[id]);
}

static guint
count_changed_variables (StackSettings *self)
{
  GHashTableIter iter;
  gpointer       name;
  gpointer       text;
  guint          n = 0;

  g_hash_table_iter_init (&iter, self->extra);
  while (g_hash_table_iter_next (&iter, &name, &text))
    n += g_strcmp0 (g_hash_table_lookup (self->kept_extra, name), text) != 0;
  g_hash_table_iter_init (&iter, self->kept_extra);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    n += !g_hash_table_contains (self->extra, name);

  return n;
}

/**
 * stack_settings_get_n_changes:
 * @self: settings
 *
 * Returns: how many answers and further variables are others than what was loaded or saved last
 */
guint
stack_settings_get_n_changes (StackSettings *self)
{
  guint n;

  g_return_val_if_fail (STACK_IS_SETTINGS (self), 0);

  n = count_changed_variables (self);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    n += stack_settings_is_changed (self, i);

  return n;
}

/**
 * stack_settings_get_enabled:
 * @self: settings
 * @id: a question that is answered by yes or no
 *
 * Returns: whether it was answered by anything but no
 */
gboolean
stack_settings_get_enabled (StackSettings *self,
                            StackFieldId   id)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (stack_field_is_switch (stack_field_get (id)), FALSE);

  return !g_str_equal (stack_settings_get_text (self, id), STACK_FIELD_NO);
}

/**
 * stack_settings_dup_address:
 * @self: settings
 *
 * Returns: (transfer full): where visitors find the app: "https://" or "http://", and the host name
 */
char *
stack_settings_dup_address (StackSettings *self)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), NULL);

  return g_strconcat (stack_settings_get_enabled (self, STACK_FIELD_TLS) ? "https://" : "http://",
                      stack_settings_get_text (self, STACK_FIELD_HOST), NULL);
}

/**
 * stack_settings_get_extra:
 * @self: settings
 *
 * Returns: (transfer none) (element-type utf8 utf8): further variables, name to value
 */
GHashTable *
stack_settings_get_extra (StackSettings *self)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), NULL);

  return self->extra;
}

/*
 * stack_settings_set_extra:
 * @self: settings
 * @extra: (element-type utf8 utf8): variables, each checked by stack_variable_check_name()
 *
 * Replaces the extra variables.
 */
void
stack_settings_set_extra (StackSettings *self,
                          GHashTable    *extra)
{
  GHashTableIter iter;
  gpointer       name;
  gpointer       value;

  g_return_if_fail (STACK_IS_SETTINGS (self));
  g_return_if_fail (extra != NULL && extra != self->extra);

  /* A new table: what is kept may be the one of before. */
  g_hash_table_unref (self->extra);
  self->extra = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, extra);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (self->extra, g_strdup (name), g_strdup (value));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXTRA]);
}

/**
 * stack_settings_get_context:
 * @self: settings
 *
 * Returns: (transfer none) (nullable): the kubeconfig context the profile belongs to
 */
const char *
stack_settings_get_context (StackSettings *self)
{
  g_return_val_if_fail (STACK_IS_SETTINGS (self), NULL);

  return self->context;
}

/**
 * stack_settings_set_context:
 * @self: settings
 * @context: (nullable): name of a kubeconfig context, or %NULL for the current one
 *
 * Kept with the profile by [method@Settings.save_async].
 */
void
stack_settings_set_context (StackSettings *self,
                            const char    *context)
{
  g_return_if_fail (STACK_IS_SETTINGS (self));

  if (g_strcmp0 (self->context, context) == 0)
    return;

  g_free (self->context);
  self->context = g_strdup (context);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONTEXT]);
}

/**
 * stack_settings_dup_callback_url:
 * @self: settings
 *
 * Makes what GitHub's form for OAuth apps calls the authorization callback URL: NEXTAUTH_URL and
 * the route that NextAuth has for the provider, "/api/auth/callback/github".
 *
 * Returns: (transfer full) (nullable): the URL; %NULL while there is no NEXTAUTH_URL
 */
char *
stack_settings_dup_callback_url (StackSettings *self)
{
  g_autofree char *base = NULL;

  g_return_val_if_fail (STACK_IS_SETTINGS (self), NULL);

  base = g_strstrip (g_strdup (stack_settings_get_text (self, STACK_FIELD_NEXTAUTH_URL)));
  while (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';
  /* NextAuth takes an address with its own path, too. */
  if (g_str_has_suffix (base, "/api/auth"))
    base[strlen (base) - strlen ("/api/auth")] = '\0';

  return *base != '\0' ? g_strconcat (base, "/api/auth/callback/github", NULL) : NULL;
}

/**
 * stack_settings_generate:
 * @self: settings
 * @error: return location for an error
 *
 * Makes a NEXTAUTH_SECRET when there is none: 33 random bytes in base64, 44 characters. The only
 * possible error is %VAULT_ERROR_FAILED.
 *
 * Returns: whether there is one now
 */
gboolean
stack_settings_generate (StackSettings *self,
                         GError       **error)
{
  g_autoptr(VaultSecret) secret = NULL;

  g_return_val_if_fail (STACK_IS_SETTINGS (self), FALSE);

  if (*stack_settings_get_text (self, STACK_FIELD_NEXTAUTH_SECRET) != '\0')
    return TRUE;

  secret = vault_generate_secret (GENERATED_BYTES, error);
  if (secret == NULL)
    return FALSE;

  stack_settings_set_text (self, STACK_FIELD_NEXTAUTH_SECRET, vault_secret_get_text (secret));

  return TRUE;
}

/*
 * stack_settings_is_vaulted:
 * @id: which answer
 *
 * Returns: whether it is kept in the vault only, never in the profile's file
 */
gboolean
stack_settings_is_vaulted (StackFieldId id)
{
  return stack_field_get (id)->secret || id == STACK_FIELD_GITHUB_CLIENT_ID;
}
