/* kube-context.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-context-private.h"

#include <string.h>

#include "base-redact.h"

/**
 * KubeContext:
 *
 * One context of a kubeconfig, with its cluster and its user resolved. It does not change; the
 * files that it names have not been read.
 */
G_DEFINE_FINAL_TYPE (KubeContext, kube_context, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_SERVER,
  PROP_NAMESPACE,
  PROP_CLUSTER_NAME,
  PROP_USER_NAME,
  PROP_SOURCE,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
clear_secret (char **secret)
{
  if (*secret == NULL)
    return;

  base_redact_remove (*secret);
  explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
kube_context_finalize (GObject *object)
{
  KubeContext *self = KUBE_CONTEXT (object);

  g_free (self->name);
  g_free (self->source);
  g_free (self->cluster_name);
  g_free (self->user_name);
  g_free (self->namespace_);
  g_free (self->problem);
  g_free (self->provider);
  g_free (self->server);
  g_free (self->tls_server_name);
  g_free (self->authority_file);
  g_free (self->authority_data);
  g_free (self->certificate_file);
  g_free (self->certificate_data);
  g_free (self->key_file);
  clear_secret (&self->key_data);
  g_free (self->token_file);
  clear_secret (&self->token);
  g_free (self->username);
  clear_secret (&self->password);
  if (self->proxy_url != NULL)
    explicit_bzero (self->proxy_url, strlen (self->proxy_url));
  g_free (self->proxy_url);
  clear_secret (&self->proxy_password);
  g_free (self->exec_settings);
  g_clear_object (&self->auth_exec);
  g_strfreev (self->impersonation);

  G_OBJECT_CLASS (kube_context_parent_class)->finalize (object);
}

static void
kube_context_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  KubeContext *self = KUBE_CONTEXT (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, kube_context_get_name (self));
      break;
    case PROP_SERVER:
      g_value_set_string (value, kube_context_get_server (self));
      break;
    case PROP_NAMESPACE:
      g_value_set_string (value, kube_context_get_namespace (self));
      break;
    case PROP_CLUSTER_NAME:
      g_value_set_string (value, kube_context_get_cluster_name (self));
      break;
    case PROP_USER_NAME:
      g_value_set_string (value, kube_context_get_user_name (self));
      break;
    case PROP_SOURCE:
      g_value_set_string (value, kube_context_get_source (self));
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, kube_context_get_problem (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_context_class_init (KubeContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = kube_context_finalize;
  object_class->get_property = kube_context_get_property;

  /**
   * KubeContext:name:
   *
   * The name.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * KubeContext:server:
   *
   * The address of the API server, without a slash at its end.
   */
  properties[PROP_SERVER] = g_param_spec_string ("server", NULL, NULL, NULL, flags);

  /**
   * KubeContext:namespace:
   *
   * The namespace to work in.
   */
  properties[PROP_NAMESPACE] = g_param_spec_string ("namespace", NULL, NULL, NULL, flags);

  /**
   * KubeContext:cluster-name:
   *
   * The name that the kubeconfig gives the cluster.
   */
  properties[PROP_CLUSTER_NAME] = g_param_spec_string ("cluster-name", NULL, NULL, NULL, flags);

  /**
   * KubeContext:user-name:
   *
   * The name that the kubeconfig gives the user.
   */
  properties[PROP_USER_NAME] = g_param_spec_string ("user-name", NULL, NULL, NULL, flags);

  /**
   * KubeContext:source:
   *
   * The path of the file that holds the context.
   */
  properties[PROP_SOURCE] = g_param_spec_string ("source", NULL, NULL, NULL, flags);

  /**
   * KubeContext:problem:
   *
   * Why the context cannot be used, in whole sentences; %NULL if it can.
   */
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kube_context_init (KubeContext *self)
{
}

/**
 * kube_context_get_name:
 * @self: a context
 *
 * Gets the name.
 *
 * Returns: (transfer none): the name
 */
const char *
kube_context_get_name (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->name;
}

/**
 * kube_context_get_server:
 * @self: a context
 *
 * Gets the address of the API server.
 *
 * Returns: (transfer none) (nullable): the address of the API server, without a slash at its
 *   end; %NULL if the context has a problem and there is none
 */
const char *
kube_context_get_server (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->server;
}

/**
 * kube_context_get_namespace:
 * @self: a context
 *
 * Gets the namespace to work in.
 *
 * Returns: (transfer none): the namespace to work in, "default" if the context names none
 */
const char *
kube_context_get_namespace (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->namespace_;
}

/**
 * kube_context_get_cluster_name:
 * @self: a context
 *
 * Gets the name of the cluster in the kubeconfig.
 *
 * Returns: (transfer none) (nullable): the name that the kubeconfig gives the cluster
 */
const char *
kube_context_get_cluster_name (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->cluster_name;
}

/**
 * kube_context_get_user_name:
 * @self: a context
 *
 * Gets the name of the user in the kubeconfig.
 *
 * Returns: (transfer none) (nullable): the name that the kubeconfig gives the user
 */
const char *
kube_context_get_user_name (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->user_name;
}

/**
 * kube_context_get_source:
 * @self: a context
 *
 * Gets the path of the file that holds the context.
 *
 * Returns: (transfer none): the path of the file that holds the context
 */
const char *
kube_context_get_source (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->source;
}

/**
 * kube_context_get_problem:
 * @self: a context
 *
 * Says why the context cannot be used, and what to do about it.
 *
 * Returns: (transfer none) (nullable): whole sentences, or %NULL if it can be used
 */
const char *
kube_context_get_problem (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->problem;
}

/**
 * kube_context_get_provider:
 * @self: a context
 *
 * Gets who wrote the cluster into the kubeconfig, if that is said there: an extension with a member
 * `provider`, as Minikube adds to its clusters ("minikube.sigs.k8s.io").
 *
 * Returns: (transfer none) (nullable): a domain name
 */
const char *
kube_context_get_provider (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->provider;
}

/**
 * kube_context_get_insecure:
 * @self: a context
 *
 * Tells whether the server's certificate is not to be checked, of which people must be warned.
 *
 * Returns: %TRUE if the kubeconfig demands that the server's certificate is not checked
 *   (`insecure-skip-tls-verify`)
 */
gboolean
kube_context_get_insecure (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), FALSE);

  return self->insecure;
}
