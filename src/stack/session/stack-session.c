/* stack-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-session-private.h"

#include "stack-error.h"

/**
 * StackSession:
 *
 * Everything that a program needs, put together in one place: the kubeconfig, the connection to
 * one of its clusters, the profile's settings, the vault, and the manifests. A window and a
 * terminal program each make exactly one.
 */
G_DEFINE_FINAL_TYPE (StackSession, stack_session, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (StackConnection, stack_connection, G_DEFINE_ENUM_VALUE (STACK_CONNECTION_NONE, "none"), G_DEFINE_ENUM_VALUE (STACK_CONNECTION_CONNECTING, "connecting"), G_DEFINE_ENUM_VALUE (STACK_CONNECTION_CONNECTED, "connected"), G_DEFINE_ENUM_VALUE (STACK_CONNECTION_FAILED, "failed"))

enum
{
  PROP_0,
  PROP_KUBECONFIG,
  PROP_PROFILE,
  PROP_CONFIG,
  PROP_CONFIG_ERROR,
  PROP_CHANGED_CONFIG,
  PROP_CONTEXT,
  PROP_CLIENT,
  PROP_SETTINGS,
  PROP_VAULT,
  PROP_KEYRING_STATE,
  PROP_MANIFESTS,
  PROP_CONNECTION,
  PROP_CONNECTION_ERROR,
  PROP_SERVER_VERSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Pods: one reflector a namespace, for as long as somebody holds it. */

static void
on_pods_gone_cb (gpointer data,
                 GObject *gone)
{
  StackSession  *self = data;
  GHashTableIter iter;
  gpointer       reflector;

  g_hash_table_iter_init (&iter, self->pods);
  while (g_hash_table_iter_next (&iter, NULL, &reflector))
    {
      if (reflector == (gpointer) gone)
        g_hash_table_iter_remove (&iter);
    }
}

/*
 * stack_session_forget_pods:
 * @self: a session
 *
 * Shares the reflectors of the client before no longer; who holds one keeps it.
 */
void
stack_session_forget_pods (StackSession *self)
{
  GHashTableIter iter;
  gpointer       reflector;

  g_hash_table_iter_init (&iter, self->pods);
  while (g_hash_table_iter_next (&iter, NULL, &reflector))
    {
      g_object_weak_unref (reflector, on_pods_gone_cb, self);
      g_hash_table_iter_remove (&iter);
    }
}

static void
stack_session_dispose (GObject *object)
{
  StackSession *self = STACK_SESSION (object);

  stack_session_stop_selecting (self);
  stack_session_forget_pods (self);
  g_clear_object (&self->config_monitor);
  g_clear_object (&self->config);
  g_clear_object (&self->settings);
  g_clear_object (&self->vault);
  g_clear_object (&self->manifests);
  g_clear_object (&self->context);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (stack_session_parent_class)->dispose (object);
}

static void
stack_session_finalize (GObject *object)
{
  StackSession *self = STACK_SESSION (object);

  g_clear_pointer (&self->kubeconfig, g_free);
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->server_version, g_free);
  g_clear_pointer (&self->pods, g_hash_table_unref);
  g_clear_error (&self->config_error);
  g_clear_error (&self->connection_error);

  G_OBJECT_CLASS (stack_session_parent_class)->finalize (object);
}

static void
stack_session_constructed (GObject *object)
{
  StackSession *self = STACK_SESSION (object);

  G_OBJECT_CLASS (stack_session_parent_class)->constructed (object);

  self->settings = stack_settings_new (self->profile);
}

static void
stack_session_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  StackSession *self = STACK_SESSION (object);

  switch (prop_id)
    {
    case PROP_CONFIG:
      g_value_set_object (value, stack_session_get_config (self));
      break;
    case PROP_CONFIG_ERROR:
      g_value_set_boxed (value, stack_session_get_config_error (self));
      break;
    case PROP_CHANGED_CONFIG:
      g_value_set_object (value, stack_session_get_changed_config (self));
      break;
    case PROP_CONTEXT:
      g_value_set_object (value, stack_session_get_context (self));
      break;
    case PROP_CLIENT:
      g_value_set_object (value, stack_session_get_client (self));
      break;
    case PROP_SETTINGS:
      g_value_set_object (value, stack_session_get_settings (self));
      break;
    case PROP_VAULT:
      g_value_set_object (value, stack_session_get_vault (self));
      break;
    case PROP_KEYRING_STATE:
      g_value_set_enum (value, stack_session_get_keyring_state (self));
      break;
    case PROP_MANIFESTS:
      g_value_set_object (value, stack_session_get_manifests (self));
      break;
    case PROP_CONNECTION:
      g_value_set_enum (value, stack_session_get_connection (self));
      break;
    case PROP_CONNECTION_ERROR:
      g_value_set_boxed (value, stack_session_get_connection_error (self));
      break;
    case PROP_SERVER_VERSION:
      g_value_set_string (value, stack_session_get_server_version (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_session_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  StackSession *self = STACK_SESSION (object);

  switch (prop_id)
    {
    case PROP_KUBECONFIG:
      self->kubeconfig = g_value_dup_string (value);
      break;
    case PROP_PROFILE:
      self->profile = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_connection_properties (void)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * StackSession:context:
   *
   * The context that was selected.
   */
  properties[PROP_CONTEXT] = g_param_spec_object ("context", NULL, NULL, KUBE_TYPE_CONTEXT, flags);

  /**
   * StackSession:client:
   *
   * The client for the selected context; stays while the cluster is away.
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, KUBE_TYPE_CLIENT, flags);

  /**
   * StackSession:connection:
   *
   * Whether the cluster answered when the context was selected.
   */
  properties[PROP_CONNECTION] = g_param_spec_enum ("connection", NULL, NULL, STACK_TYPE_CONNECTION,
                                                   STACK_CONNECTION_NONE, flags);

  /**
   * StackSession:connection-error:
   *
   * Why it did not.
   */
  properties[PROP_CONNECTION_ERROR] = g_param_spec_boxed ("connection-error", NULL, NULL,
                                                          G_TYPE_ERROR, flags);

  /**
   * StackSession:server-version:
   *
   * The cluster's version, such as "v1.36.2".
   */
  properties[PROP_SERVER_VERSION] = g_param_spec_string ("server-version", NULL, NULL, NULL,
                                                         flags);
}

static void
install_properties (void)
{
  GParamFlags input = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * StackSession:kubeconfig:
   *
   * Path of the kubeconfig; %NULL for the usual places.
   */
  properties[PROP_KUBECONFIG] = g_param_spec_string ("kubeconfig", NULL, NULL, NULL, input);

  /**
   * StackSession:profile:
   *
   * The name that the settings are kept under.
   */
  properties[PROP_PROFILE] = g_param_spec_string ("profile", NULL, NULL, "default", input);

  /**
   * StackSession:config:
   *
   * The kubeconfig; %NULL before it is read, and when it cannot be.
   */
  properties[PROP_CONFIG] = g_param_spec_object ("config", NULL, NULL, KUBE_TYPE_CONFIG, flags);

  /**
   * StackSession:config-error:
   *
   * Why the kubeconfig cannot be read.
   */
  properties[PROP_CONFIG_ERROR] = g_param_spec_boxed ("config-error", NULL, NULL, G_TYPE_ERROR,
                                                      flags);

  /**
   * StackSession:changed-config:
   *
   * What the files of the kubeconfig say now, if that is another thing than what is in use. Also
   * notified when they cannot be used any more: see
   * [method@Session.get_changed_config_error].
   */
  properties[PROP_CHANGED_CONFIG] = g_param_spec_object ("changed-config", NULL, NULL,
                                                         KUBE_TYPE_CONFIG, flags);

  /**
   * StackSession:settings:
   *
   * The profile's settings; the object is there from the start and stays the same.
   */
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, STACK_TYPE_SETTINGS,
                                                   flags);

  /**
   * StackSession:vault:
   *
   * Where secrets are kept; %NULL before the keyring was asked.
   */
  properties[PROP_VAULT] = g_param_spec_object ("vault", NULL, NULL, VAULT_TYPE_STORE, flags);

  /**
   * StackSession:keyring-state:
   *
   * How the keyring was found. Unless it is ready, secrets are forgotten when the program ends.
   */
  properties[PROP_KEYRING_STATE] = g_param_spec_enum ("keyring-state", NULL, NULL,
                                                      VAULT_TYPE_KEYRING_STATE,
                                                      VAULT_KEYRING_ABSENT, flags);

  /**
   * StackSession:manifests:
   *
   * What is deployed; %NULL before it is read.
   */
  properties[PROP_MANIFESTS] = g_param_spec_object ("manifests", NULL, NULL,
                                                    STACK_TYPE_MANIFEST_SET, flags);
}

static void
stack_session_class_init (StackSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = stack_session_constructed;
  object_class->dispose = stack_session_dispose;
  object_class->finalize = stack_session_finalize;
  object_class->get_property = stack_session_get_property;
  object_class->set_property = stack_session_set_property;

  install_properties ();
  install_connection_properties ();
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
stack_session_init (StackSession *self)
{
  self->may_prompt = TRUE;
  self->keyring_state = VAULT_KEYRING_ABSENT;
  self->pods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * stack_session_new:
 * @kubeconfig: (nullable): path of a kubeconfig; %NULL for the usual places
 * @profile: the name that the settings are kept under
 *
 * Reads nothing: see [method@Session.load_async].
 *
 * Returns: (transfer full): a session
 */
StackSession *
stack_session_new (const char *kubeconfig,
                   const char *profile)
{
  g_return_val_if_fail (profile != NULL, NULL);

  return g_object_new (STACK_TYPE_SESSION, "kubeconfig", kubeconfig, "profile", profile, NULL);
}

/**
 * stack_session_new_beside:
 * @other: a session
 * @profile: the name that the settings are kept under
 *
 * Makes a session for another profile, with the kubeconfig and the vault of @other: secrets that
 * a locked keyring keeps for this run only stay known. Reads nothing: see
 * [method@Session.load_async].
 *
 * Returns: (transfer full): a session
 */
StackSession *
stack_session_new_beside (StackSession *other,
                          const char   *profile)
{
  StackSession *self;

  g_return_val_if_fail (STACK_IS_SESSION (other), NULL);
  g_return_val_if_fail (profile != NULL, NULL);

  self = stack_session_new (other->kubeconfig, profile);
  self->may_prompt = other->may_prompt;
  g_set_object (&self->vault, other->vault);
  self->keyring_state = other->keyring_state;
  self->shares_vault = self->vault != NULL;

  return self;
}

/**
 * stack_session_set_may_prompt:
 * @self: a session that was not loaded yet
 * @may_prompt: whether the desktop may ask for the keyring's password; it may by default
 *
 * See [func@Vault.open_async].
 */
void
stack_session_set_may_prompt (StackSession *self,
                              gboolean      may_prompt)
{
  g_return_if_fail (STACK_IS_SESSION (self));

  self->may_prompt = may_prompt;
}

/**
 * stack_session_get_config:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the kubeconfig
 */
KubeConfig *
stack_session_get_config (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->config;
}

/**
 * stack_session_get_config_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why the kubeconfig cannot be read
 */
const GError *
stack_session_get_config_error (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->config_error;
}

/**
 * stack_session_get_context:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the context that was selected
 */
KubeContext *
stack_session_get_context (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->context;
}

/**
 * stack_session_get_client:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the client for the selected context
 */
KubeClient *
stack_session_get_client (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->client;
}

/**
 * stack_session_get_settings:
 * @self: a session
 *
 * Returns: (transfer none): the profile's settings
 */
StackSettings *
stack_session_get_settings (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->settings;
}

/**
 * stack_session_get_vault:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): where secrets are kept
 */
VaultStore *
stack_session_get_vault (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->vault;
}

/**
 * stack_session_get_keyring_state:
 * @self: a session
 *
 * Returns: how the keyring was found
 */
VaultKeyringState
stack_session_get_keyring_state (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), VAULT_KEYRING_ABSENT);

  return self->keyring_state;
}

/**
 * stack_session_get_manifests:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what is deployed
 */
StackManifestSet *
stack_session_get_manifests (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->manifests;
}

/**
 * stack_session_get_connection:
 * @self: a session
 *
 * Returns: whether the cluster answered when the context was selected
 */
StackConnection
stack_session_get_connection (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), STACK_CONNECTION_NONE);

  return self->connection;
}

/**
 * stack_session_get_connection_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why it did not
 */
const GError *
stack_session_get_connection_error (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->connection_error;
}

/**
 * stack_session_get_server_version:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the cluster's version, such as "v1.36.2"
 */
const char *
stack_session_get_server_version (StackSession *self)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  return self->server_version;
}

/**
 * stack_session_ref_pods:
 * @self: a session
 * @ns: a namespace
 *
 * Follows the pods of a namespace as the server's own table. All who ask for the same namespace
 * share one reflector, which ends with the last reference. After another context was selected,
 * ask again.
 *
 * Returns: (transfer full) (nullable): a reflector that was started; %NULL without a client
 */
KubeReflector *
stack_session_ref_pods (StackSession *self,
                        const char   *ns)
{
  KubeReflector *reflector;

  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);
  g_return_val_if_fail (ns != NULL, NULL);

  if (self->client == NULL)
    return NULL;

  reflector = g_hash_table_lookup (self->pods, ns);
  if (reflector != NULL)
    return g_object_ref (reflector);

  reflector = kube_reflector_new (self->client, &KUBE_POD, ns, KUBE_FORM_TABLE, NULL);
  g_hash_table_insert (self->pods, g_strdup (ns), reflector);
  g_object_weak_ref (G_OBJECT (reflector), on_pods_gone_cb, self);
  kube_reflector_start (reflector);

  return reflector;
}

static gboolean
check_deployable (StackSession *self,
                  GError      **error)
{
  if (self->client == NULL)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_NOT_CONNECTED,
                   "There is no cluster to deploy to. %s",
                   self->connection_error != NULL ? self->connection_error->message
                                                  : "Choose a context of the kubeconfig first.");
      return FALSE;
    }
  if (self->manifests == NULL)
    {
      g_set_error (error, STACK_ERROR, STACK_ERROR_MANIFEST,
                   "The manifests could not be read, so there is nothing to deploy. Install the "
                   "program again.");
      return FALSE;
    }

  return TRUE;
}

/**
 * stack_session_fill_objects:
 * @self: a session
 * @error: return location for an error
 *
 * Puts the settings into the manifests, for a [class@Plan].
 *
 * Possible errors are those of [method@Session.new_deployer] and [func@plan_fill_objects].
 *
 * Returns: (transfer full) (element-type JsonNode): the objects, in the order of application.
 *   They hold secrets: show and keep them nowhere.
 */
GPtrArray *
stack_session_fill_objects (StackSession *self,
                            GError      **error)
{
  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  if (!check_deployable (self, error))
    return NULL;

  return stack_plan_fill_objects (self->manifests, self->settings, error);
}

/**
 * stack_session_new_deployer:
 * @self: a session
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_NOT_CONNECTED (no context was selected, or its credentials
 * cannot be used) and %STACK_ERROR_MANIFEST (no manifests were read).
 *
 * Returns: (transfer full): a deployer for the selected context
 */
StackDeployer *
stack_session_new_deployer (StackSession *self,
                            GError      **error)
{
  StackDeployer *deployer;

  g_return_val_if_fail (STACK_IS_SESSION (self), NULL);

  if (!check_deployable (self, error))
    return NULL;

  deployer = stack_deployer_new (self->client, self->manifests, self->settings);
  stack_deployer_set_vault (deployer, self->vault);

  return deployer;
}
