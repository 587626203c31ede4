/* stack-deployer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-deployer-private.h"

#include "kube-object.h"
#include "stack-operation-private.h"
#include "stack-plan-private.h"

#define DEFAULT_TIMEOUT_SECONDS 600

/**
 * StackDeployer:
 *
 * Brings the app onto the cluster: applies the manifests in order, waits until the pods are ready,
 * and asks the app for its health. Everything it does is safe to repeat: a second run changes only
 * what differs.
 *
 * Windows and terminals show [method@Deployer.get_operations].
 */
G_DEFINE_FINAL_TYPE (StackDeployer, stack_deployer, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (StackDeployerState, stack_deployer_state, G_DEFINE_ENUM_VALUE (STACK_DEPLOYER_IDLE, "idle"), G_DEFINE_ENUM_VALUE (STACK_DEPLOYER_RUNNING, "running"), G_DEFINE_ENUM_VALUE (STACK_DEPLOYER_DONE, "done"), G_DEFINE_ENUM_VALUE (STACK_DEPLOYER_FAILED, "failed"), G_DEFINE_ENUM_VALUE (STACK_DEPLOYER_CANCELLED, "cancelled"))

enum
{
  PROP_0,
  PROP_CLIENT,
  PROP_MANIFESTS,
  PROP_SETTINGS,
  PROP_OBJECTS,
  PROP_PLAN,
  PROP_STATE,
  PROP_HEALTH,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/*
 * stack_deployer_set_state:
 * @self: a deployer
 * @state: how far the run is
 *
 * Tells those who look.
 */
void
stack_deployer_set_state (StackDeployer     *self,
                          StackDeployerState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/*
 * stack_deployer_set_health:
 * @self: a deployer
 * @health: (nullable): what the app said about itself
 *
 * Tells those who look.
 */
void
stack_deployer_set_health (StackDeployer *self,
                           const char    *health)
{
  if (g_strcmp0 (self->health, health) == 0)
    return;

  g_free (self->health);
  self->health = g_strdup (health);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEALTH]);
}

static void
stack_deployer_dispose (GObject *object)
{
  StackDeployer *self = STACK_DEPLOYER (object);

  stack_deployer_clear_run (self);
  g_clear_object (&self->lease);
  g_clear_object (&self->client);
  g_clear_object (&self->manifests);
  g_clear_object (&self->settings);
  g_clear_object (&self->plan);
  g_clear_object (&self->vault);
  g_clear_pointer (&self->given, g_ptr_array_unref);

  G_OBJECT_CLASS (stack_deployer_parent_class)->dispose (object);
}

static void
stack_deployer_finalize (GObject *object)
{
  StackDeployer *self = STACK_DEPLOYER (object);

  g_clear_pointer (&self->shapes, g_ptr_array_unref);
  g_clear_object (&self->operations);
  g_clear_object (&self->pods);
  g_clear_pointer (&self->health, g_free);
  g_clear_object (&self->revision);
  g_clear_object (&self->evidence);

  G_OBJECT_CLASS (stack_deployer_parent_class)->finalize (object);
}

static void
stack_deployer_constructed (GObject *object)
{
  StackDeployer *self = STACK_DEPLOYER (object);

  G_OBJECT_CLASS (stack_deployer_parent_class)->constructed (object);

  stack_deployer_choose (self);
}

static void
stack_deployer_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  StackDeployer *self = STACK_DEPLOYER (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, stack_deployer_get_state (self));
      break;
    case PROP_HEALTH:
      g_value_set_string (value, stack_deployer_get_health (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_deployer_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  StackDeployer *self = STACK_DEPLOYER (object);

  switch (prop_id)
    {
    case PROP_CLIENT:
      self->client = g_value_dup_object (value);
      break;
    case PROP_MANIFESTS:
      self->manifests = g_value_dup_object (value);
      break;
    case PROP_SETTINGS:
      self->settings = g_value_dup_object (value);
      break;
    case PROP_OBJECTS:
      self->given = g_value_dup_boxed (value);
      break;
    case PROP_PLAN:
      self->plan = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
stack_deployer_class_init (StackDeployerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   input = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GParamFlags   output = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = stack_deployer_constructed;
  object_class->dispose = stack_deployer_dispose;
  object_class->finalize = stack_deployer_finalize;
  object_class->get_property = stack_deployer_get_property;
  object_class->set_property = stack_deployer_set_property;

  /**
   * StackDeployer:client:
   *
   * The cluster.
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, KUBE_TYPE_CLIENT, input);

  /**
   * StackDeployer:manifests:
   *
   * What is applied.
   */
  properties[PROP_MANIFESTS] = g_param_spec_object ("manifests", NULL, NULL,
                                                    STACK_TYPE_MANIFEST_SET, input);

  /**
   * StackDeployer:settings:
   *
   * The answers that are put into the manifests.
   */
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, STACK_TYPE_SETTINGS,
                                                   input);

  /**
   * StackDeployer:objects:
   *
   * Objects that are filled already, #JsonNode, in place of manifests and settings.
   */
  properties[PROP_OBJECTS] = g_param_spec_boxed ("objects", NULL, NULL, G_TYPE_PTR_ARRAY, input);

  /**
   * StackDeployer:plan:
   *
   * What is to be carried out, where it is known beforehand.
   */
  properties[PROP_PLAN] = g_param_spec_object ("plan", NULL, NULL, STACK_TYPE_PLAN, input);

  /**
   * StackDeployer:state:
   *
   * How far the run is.
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, STACK_TYPE_DEPLOYER_STATE,
                                              STACK_DEPLOYER_IDLE, output);

  /**
   * StackDeployer:health:
   *
   * What the app said about itself: "healthy", or what is wrong. %NULL before it was asked.
   */
  properties[PROP_HEALTH] = g_param_spec_string ("health", NULL, NULL, NULL, output);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
stack_deployer_init (StackDeployer *self)
{
  self->operations = g_list_store_new (STACK_TYPE_OPERATION);
  self->pods = g_list_store_new (KUBE_TYPE_OBJECT);
  self->timeout = DEFAULT_TIMEOUT_SECONDS;
}

/**
 * stack_deployer_new:
 * @client: the cluster
 * @manifests: what to apply
 * @settings: the answers to put into them; read when the run starts
 *
 * Returns: (transfer full): a deployer that has not run
 */
StackDeployer *
stack_deployer_new (KubeClient       *client,
                    StackManifestSet *manifests,
                    StackSettings    *settings)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (STACK_IS_MANIFEST_SET (manifests), NULL);
  g_return_val_if_fail (STACK_IS_SETTINGS (settings), NULL);

  return g_object_new (STACK_TYPE_DEPLOYER, "client", client, "manifests", manifests, "settings",
                       settings, NULL);
}

/**
 * stack_deployer_new_for_objects:
 * @client: the cluster
 * @objects: (element-type JsonNode): objects that are filled already, in the order of application
 *
 * Makes a deployer for objects as they are, such as those of an earlier revision. Without a
 * Deployment among them it ends when they are applied; with one it waits for the pods, and asks
 * the app's health by the Service among them, or else by the one that the app has.
 *
 * Returns: (transfer full): a deployer that has not run; it holds the secrets of @objects as long
 *   as it lives
 */
StackDeployer *
stack_deployer_new_for_objects (KubeClient *client,
                                GPtrArray  *objects)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (objects != NULL, NULL);

  return g_object_new (STACK_TYPE_DEPLOYER, "client", client, "objects", objects, NULL);
}

/**
 * stack_deployer_new_for_plan:
 * @plan: a plan, with every field of others decided about
 *
 * Makes a deployer that carries out a plan: it sends what the plan shows, passes over what was
 * right already and has not been written to since, and takes over those fields of others only
 * that somebody decided about. Otherwise as [ctor@Deployer.new_for_objects].
 *
 * Returns: (transfer full): a deployer that has not run
 */
StackDeployer *
stack_deployer_new_for_plan (StackPlan *plan)
{
  g_autoptr(GPtrArray) objects = NULL;

  g_return_val_if_fail (STACK_IS_PLAN (plan), NULL);

  objects = stack_plan_list_objects (plan);

  return g_object_new (STACK_TYPE_DEPLOYER, "client", stack_plan_get_client (plan), "objects",
                       objects, "plan", plan, NULL);
}

/**
 * stack_deployer_get_operations:
 * @self: a deployer
 *
 * Returns: (transfer none): the steps, [class@Operation], complete from the start but for the
 *   Secret of a certificate that is only found when the run begins
 */
GListModel *
stack_deployer_get_operations (StackDeployer *self)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), NULL);

  return G_LIST_MODEL (self->operations);
}

/**
 * stack_deployer_get_pods:
 * @self: a deployer
 *
 * Returns: (transfer none): the app's pods, [class@Kube.Object] in full form, kept up to date
 *   while the run waits for them
 */
GListModel *
stack_deployer_get_pods (StackDeployer *self)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), NULL);

  return G_LIST_MODEL (self->pods);
}

/**
 * stack_deployer_set_vault:
 * @self: a deployer
 * @vault: (nullable): where the user's certificate authority is kept
 *
 * With a vault the run begins with [func@provision_async]: there is a certificate for the host
 * then. Without one the Secret for it is left out, unless the manifests have one already.
 */
void
stack_deployer_set_vault (StackDeployer *self,
                          VaultStore    *vault)
{
  g_return_if_fail (STACK_IS_DEPLOYER (self));
  g_return_if_fail (vault == NULL || VAULT_IS_STORE (vault));

  g_set_object (&self->vault, vault);
}

/**
 * stack_deployer_set_force:
 * @self: a deployer
 * @force: whether to take over fields that another manager owns
 *
 * Without it such a field ends the run with %STACK_ERROR_CONFLICT.
 */
void
stack_deployer_set_force (StackDeployer *self,
                          gboolean       force)
{
  g_return_if_fail (STACK_IS_DEPLOYER (self));

  self->force = force;
}

/**
 * stack_deployer_set_timeout:
 * @self: a deployer
 * @seconds: how long each step may wait for the cluster or the pods; 0 for ever; 600 by default
 *
 * Sets the patience of the next run.
 */
void
stack_deployer_set_timeout (StackDeployer *self,
                            guint          seconds)
{
  g_return_if_fail (STACK_IS_DEPLOYER (self));

  self->timeout = seconds;
}

/**
 * stack_deployer_get_state:
 * @self: a deployer
 *
 * Returns: how far the run is
 */
StackDeployerState
stack_deployer_get_state (StackDeployer *self)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), STACK_DEPLOYER_IDLE);

  return self->state;
}

/**
 * stack_deployer_get_changed:
 * @self: a deployer
 *
 * Returns: whether the run created or changed an object
 */
gboolean
stack_deployer_get_changed (StackDeployer *self)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), FALSE);

  return self->changed;
}

/**
 * stack_deployer_get_health:
 * @self: a deployer
 *
 * Returns: (transfer none) (nullable): what the app said about itself
 */
const char *
stack_deployer_get_health (StackDeployer *self)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), NULL);

  return self->health;
}

/**
 * stack_deployer_run_async:
 * @self: a deployer that is not running
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Judges the settings; nothing is sent while one of them is wrong. Then finds a certificate, applies the objects in
 * order, waits for the pods, and asks the app for its health. A cluster that is away is waited for
 * within the time-out, and so is another deployment while it writes. The run may be repeated.
 */
void
stack_deployer_run_async (StackDeployer      *self,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (STACK_IS_DEPLOYER (self));
  g_return_if_fail (self->state != STACK_DEPLOYER_RUNNING);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_deployer_run_async);
  /* The error of a cancelled run says what was applied, which GTask's own does not. */
  g_task_set_check_cancellable (task, FALSE);

  stack_deployer_start (self, g_steal_pointer (&task));
}

/**
 * stack_deployer_run_finish:
 * @self: a deployer
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors, whose messages say what was applied and what was not:
 *
 * - %STACK_ERROR_VALUES: a setting is wrong; nothing was sent
 * - %STACK_ERROR_MANIFEST: a manifest has a mistake; nothing was sent
 * - %STACK_ERROR_REFUSED: the cluster refused an object
 * - %STACK_ERROR_CONFLICT: another manager owns fields, see [method@Deployer.set_force], or
 *   somebody else deployed another version at the same time
 * - %STACK_ERROR_NOT_READY: the pods will not get ready
 * - %STACK_ERROR_UNHEALTHY: the pods are ready, the app is not well
 * - %STACK_ERROR_TIMED_OUT: the time was up
 * - %G_IO_ERROR_CANCELLED
 * - those of [error@Kube.Error] where no object is to blame, such as a certificate
 *
 * Returns: whether the app is deployed, ready and well
 */
gboolean
stack_deployer_run_finish (StackDeployer *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (STACK_IS_DEPLOYER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
