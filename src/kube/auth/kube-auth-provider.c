/* kube-auth-provider.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-auth-provider.h"

#include <string.h>

/* What takes the place of each. client-go has given up the first two (plugin/pkg/client/auth/gcp
 * and azure) and every other name is unknown to it. */
static const struct
{
  const char *name;
  const char *advice;
} PROVIDERS[] = {
  { "gcp", "Kubernetes has given it up. Install gke-gcloud-auth-plugin and fetch the kubeconfig "
           "anew (gcloud container clusters get-credentials NAME)." },
  { "azure", "Kubernetes has given it up. Install kubelogin and convert the kubeconfig (kubelogin "
             "convert-kubeconfig), or fetch it anew (az aks get-credentials)." },
  { "oidc", "It cannot be used here. Install the plugin kubectl-oidc_login and name it under "
            "“exec” instead (kubectl oidc-login setup says how)." },
};

/**
 * kube_auth_provider_find_problem:
 * @name: (nullable): the name in the field `auth-provider` of a user
 * @user_name: the user, for messages
 *
 * Says why a user cannot sign in through a provider that was built into older programs, and what
 * has taken its place. None can be used.
 *
 * Returns: (transfer full): whole sentences
 */
char *
kube_auth_provider_find_problem (const char *name,
                                 const char *user_name)
{
  const char *advice = "There is none of that name. Use a context with a program (“exec”), a client "
                       "certificate or a token.";

  g_return_val_if_fail (user_name != NULL, NULL);

  if (name == NULL || *name == '\0')
    return g_strdup_printf ("The user “%s” signs in through an “auth-provider” without a name. Use "
                            "a context with a program (“exec”), a client certificate or a token.",
                            user_name);
  for (guint i = 0; i < G_N_ELEMENTS (PROVIDERS); i++)
    if (strcmp (name, PROVIDERS[i].name) == 0)
      advice = PROVIDERS[i].advice;

  return g_strdup_printf ("The user “%s” signs in through the provider “%s” (“auth-provider”). %s",
                          user_name, name, advice);
}
