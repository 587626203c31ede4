/* stack-entrance.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-entrance.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-request.h"
#include "stack-error.h"
#include "stack-ingress-private.h"

/**
 * StackEntrance:
 *
 * How the browsers of this computer come to the app: the address that its Ingress is served at, what
 * this computer finds under the host name, and whose certificate they will be shown.
 */
G_DEFINE_BOXED_TYPE (StackEntrance, stack_entrance, stack_entrance_ref, stack_entrance_unref)

typedef struct
{
  KubeClient    *client;   /* (owned) */
  char          *ns;       /* (owned) */
  StackEntrance *entrance; /* (owned) */
} Read;

static void
read_free (gpointer data)
{
  Read *read = data;

  g_clear_object (&read->client);
  g_clear_pointer (&read->ns, g_free);
  g_clear_pointer (&read->entrance, stack_entrance_unref);
  g_free (read);
}

/**
 * stack_entrance_ref:
 * @self: an entrance
 *
 * Returns: (transfer full): @self with one more reference
 */
StackEntrance *
stack_entrance_ref (StackEntrance *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
entrance_clear (gpointer data)
{
  StackEntrance *self = data;

  g_free (self->url);
  g_free (self->host);
  g_free (self->address);
  g_free (self->found);
  g_free (self->authority);
}

/**
 * stack_entrance_unref:
 * @self: (transfer full): an entrance
 *
 * Gives a reference back.
 */
void
stack_entrance_unref (StackEntrance *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, entrance_clear);
}

/**
 * stack_entrance_dup_hosts_line:
 * @self: an entrance
 *
 * Returns: (transfer full) (nullable): the line of hosts(5) that leads this computer to the app;
 *   %NULL where the address is unknown or a name itself, which that file cannot hold
 */
char *
stack_entrance_dup_hosts_line (const StackEntrance *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->address == NULL || !g_hostname_is_ip_address (self->address))
    return NULL;

  return g_strdup_printf ("%s %s", self->address, self->host);
}

/* Whether one of the addresses is that of the Ingress; all are put down in words. */
static gboolean
compare (StackEntrance *entrance,
         GList         *addresses)
{
  g_autoptr(GString) words = g_string_new (NULL);
  gboolean leads = entrance->address == NULL || !g_hostname_is_ip_address (entrance->address);

  for (GList *l = addresses; l != NULL; l = l->next)
    {
      g_autofree char *text = g_inet_address_to_string (l->data);

      leads |= g_strcmp0 (text, entrance->address) == 0;
      g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", text);
    }
  entrance->found = g_string_free (g_steal_pointer (&words), FALSE);

  return leads;
}

/* A name that is not known is an answer. */
static void
stack_entrance_read_lookup_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  Read  *read = g_task_get_task_data (task);
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (addresses != NULL)
    read->entrance->leads = compare (read->entrance, addresses);
  g_resolver_free_addresses (addresses);
  g_task_return_pointer (task, g_steal_pointer (&read->entrance),
                         (GDestroyNotify) stack_entrance_unref);
}

static void
look_up (GTask *task)
{
  Read *read = g_task_get_task_data (task);
  g_autoptr(GResolver) resolver = g_resolver_get_default ();

  g_resolver_lookup_by_name_async (resolver, read->entrance->host, g_task_get_cancellable (task),
                                   stack_entrance_read_lookup_cb, g_object_ref (task));
}

static char *
decode_authority (JsonNode *secret)
{
  const char        *base64 = base_json_get_string (secret, "data", "ca.crt", NULL);
  g_autofree guchar *pem = NULL;
  gsize              length = 0;

  if (base64 == NULL)
    return NULL;

  pem = g_base64_decode (base64, &length);

  return g_strndup ((const char *) pem, length);
}

/* Without the right to read it, or without one, nothing is known of the certificate. */
static void
stack_entrance_read_secret_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) secret = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Read *read = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  read->entrance->authority = decode_authority (secret);
  look_up (task);
}

static char *
build_url (JsonNode *ingress)
{
  const char *scheme = stack_ingress_get_scheme (ingress);
  const char *host = stack_ingress_get_host (ingress);
  guint       port = stack_ingress_get_port (ingress);

  if (port == (stack_ingress_has_tls (ingress) ? 443 : 80))
    return g_strdup_printf ("%s://%s", scheme, host);

  return g_strdup_printf ("%s://%s:%u", scheme, host, port);
}

static void
take_ingress (GTask    *task,
              JsonNode *ingress)
{
  Read          *read = g_task_get_task_data (task);
  StackEntrance *entrance = read->entrance;
  const char    *name = stack_ingress_get_secret (ingress);
  g_autoptr(KubeRequest) request = NULL;

  entrance->url = build_url (ingress);
  entrance->host = g_strdup (stack_ingress_get_host (ingress));
  entrance->address = g_strdup (stack_ingress_get_address (ingress));
  if (name == NULL)
    {
      look_up (task);
      return;
    }

  request = kube_request_new_get (&KUBE_SECRET, read->ns, name);
  kube_client_call_async (read->client, request, g_task_get_cancellable (task),
                          stack_entrance_read_secret_cb, g_object_ref (task));
}

static void
stack_entrance_read_ingress_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) ingress = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  Read *read = g_task_get_task_data (task);

  if (stack_ingress_get_host (ingress) != NULL)
    take_ingress (task, ingress);
  else if (ingress != NULL || g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    g_task_return_new_error (task, STACK_ERROR, STACK_ERROR_NOT_DEPLOYED,
                             "No browser can come to the app: the namespace %s has no Ingress " STACK_APP_INGRESS " with a host name. Deploy the app first, or choose "
                             "another namespace.",
                             read->ns);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * stack_entrance_read_async:
 * @client: the cluster
 * @ns: the app's namespace
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: data for @callback
 *
 * Asks the cluster for the app's Ingress and its certificate, and this computer for the host name.
 */
void
stack_entrance_read_async (KubeClient         *client,
                           const char         *ns,
                           GCancellable       *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KubeRequest) request = NULL;
  Read *read;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (ns != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  read = g_new0 (Read, 1);
  read->client = g_object_ref (client);
  read->ns = g_strdup (ns);
  read->entrance = g_atomic_rc_box_new0 (StackEntrance);
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_entrance_read_async);
  g_task_set_task_data (task, read, read_free);

  request = kube_request_new_get (&KUBE_INGRESS, ns, STACK_APP_INGRESS);
  kube_client_call_async (client, request, cancellable, stack_entrance_read_ingress_cb,
                          g_steal_pointer (&task));
}

/**
 * stack_entrance_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are %STACK_ERROR_NOT_DEPLOYED (there is no Ingress), those of
 * [error@Kube.Error] and %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the entrance
 */
StackEntrance *
stack_entrance_read_finish (GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_entrance_read_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
