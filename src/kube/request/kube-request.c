/* kube-request.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-request.h"

#include <string.h>

#include "base-json.h"
#include "kube-error.h"

#define ACCEPT_JSON "application/json"
#define ACCEPT_TABLE "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
/* The API server must stay able to answer with a Status where the answer itself is no JSON. */
#define ACCEPT_ANYTHING "application/json, */*"

struct _KubeRequest
{
  char    *method;
  GString *path; /* with the query */
  char    *accept;
  char    *content_type; /* (nullable) */
  GBytes  *body;         /* (nullable) */
  gboolean streaming;
  gboolean relayed;
};

/**
 * KubeForm:
 * @KUBE_FORM_OBJECT: the objects themselves
 * @KUBE_FORM_TABLE: the columns that the server has for them, as `kubectl get` shows them
 *
 * In which form the server is to answer.
 */

/**
 * KubeApplyFlags:
 * @KUBE_APPLY_NONE: nothing special
 * @KUBE_APPLY_DRY_RUN: the server does everything but keep the result
 * @KUBE_APPLY_FORCE: fields of other managers are taken over
 * @KUBE_APPLY_STRICT: unknown and doubled fields are an error
 *
 * How an object is applied.
 */

/**
 * KubeRequest:
 *
 * What the API server is to be asked: a method, a path with its query, and a body.
 */
G_DEFINE_BOXED_TYPE (KubeRequest, kube_request, kube_request_ref, kube_request_unref)

static void
kube_request_clear (KubeRequest *self)
{
  g_free (self->method);
  g_string_free (self->path, TRUE);
  g_free (self->accept);
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
}

/**
 * kube_request_new:
 * @method: "GET", "PATCH" …
 * @path: the path below the server's address, percent-encoded, with a leading slash; may hold a
 *   query
 *
 * Describes a request to the API. A request does nothing by itself and is not changed any more
 * once it was handed to a client, so that one may be sent several times.
 *
 * Returns: (transfer full): a request that asks for JSON
 */
KubeRequest *
kube_request_new (const char *method,
                  const char *path)
{
  KubeRequest *self;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (path != NULL && *path == '/', NULL);

  self = g_rc_box_new0 (KubeRequest);
  self->method = g_strdup (method);
  self->path = g_string_new (path);
  self->accept = g_strdup (ACCEPT_JSON);

  return self;
}

/**
 * kube_request_ref:
 * @self: a request
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
KubeRequest *
kube_request_ref (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_rc_box_acquire (self);
}

/**
 * kube_request_unref:
 * @self: (transfer full): a request
 *
 * Drops a reference.
 */
void
kube_request_unref (KubeRequest *self)
{
  g_return_if_fail (self != NULL);

  g_rc_box_release_full (self, (GDestroyNotify) kube_request_clear);
}

/**
 * kube_request_add_query:
 * @self: a request
 * @name: the parameter's name
 * @value: the parameter's value, not encoded
 *
 * Adds a parameter to the query.
 */
void
kube_request_add_query (KubeRequest *self,
                        const char  *name,
                        const char  *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  g_string_append_c (self->path, strchr (self->path->str, '?') != NULL ? '&' : '?');
  g_string_append_uri_escaped (self->path, name, NULL, FALSE);
  g_string_append_c (self->path, '=');
  g_string_append_uri_escaped (self->path, value, NULL, FALSE);
}

static void
add_number (KubeRequest *self,
            const char  *name,
            gint64       value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  kube_request_add_query (self, name, text);
}

/**
 * kube_request_set_body:
 * @self: a request
 * @content_type: the media type of @body
 * @body: what to send
 *
 * Sets the body.
 */
void
kube_request_set_body (KubeRequest *self,
                       const char  *content_type,
                       GBytes      *body)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (content_type != NULL);
  g_return_if_fail (body != NULL);

  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  g_bytes_ref (body);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = body;
}

static void
free_wiped (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

/**
 * kube_request_set_json:
 * @self: a request
 * @content_type: the media type to send it as: "application/json" or what stands for a patch
 * @body: what to send
 *
 * Sets the body. The text is wiped when nobody uses it any more, since it may hold the values of
 * Secrets.
 */
void
kube_request_set_json (KubeRequest *self,
                       const char  *content_type,
                       JsonNode    *body)
{
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  g_return_if_fail (self != NULL);
  g_return_if_fail (content_type != NULL);
  g_return_if_fail (body != NULL);

  text = base_json_print (body, FALSE);
  bytes = g_bytes_new_with_free_func (text, strlen (text), (GDestroyNotify) free_wiped, text);
  kube_request_set_body (self, content_type, bytes);
}

/**
 * kube_request_set_accept:
 * @self: a request
 * @accept: value of the `Accept` header
 *
 * Sets which media types the answer may have.
 */
void
kube_request_set_accept (KubeRequest *self,
                         const char  *accept)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (accept != NULL);

  g_free (self->accept);
  self->accept = g_strdup (accept);
}

/**
 * kube_request_get_method:
 * @self: a request
 *
 * Returns: (transfer none): the HTTP method
 */
const char *
kube_request_get_method (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->method;
}

/**
 * kube_request_get_path:
 * @self: a request
 *
 * Returns: (transfer none): the path below the server's address, with the query
 */
const char *
kube_request_get_path (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path->str;
}

/**
 * kube_request_get_accept:
 * @self: a request
 *
 * Returns: (transfer none): the value of the `Accept` header
 */
const char *
kube_request_get_accept (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->accept;
}

/**
 * kube_request_get_content_type:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): the media type of the body, %NULL without body
 */
const char *
kube_request_get_content_type (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->content_type;
}

/**
 * kube_request_get_body:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): the body
 */
GBytes *
kube_request_get_body (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}

/**
 * kube_request_get_streaming:
 * @self: a request
 *
 * Says whether the answer arrives piece by piece over a long time (watches, logs). Such an
 * answer must not be compressed: Kubernetes 1.37 makes one gzip member of each piece, which
 * decoders do not expect.
 *
 * Returns: %TRUE for watches and logs
 */
gboolean
kube_request_get_streaming (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->streaming;
}

/**
 * kube_request_get_relayed:
 * @self: a request
 *
 * Says whether the API server passes the request on to an app, so that the answer may be
 * anything.
 *
 * Returns: %TRUE for requests through the proxy of a service
 */
gboolean
kube_request_get_relayed (KubeRequest *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->relayed;
}

/**
 * kube_request_new_get:
 * @resource: what kind of object
 * @namespace_: (nullable): its namespace
 * @name: its name
 *
 * Describes reading one object.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_get (const KubeResource *resource,
                      const char         *namespace_,
                      const char         *name)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  path = kube_resource_build_path (resource, namespace_, name, NULL);
  return kube_request_new ("GET", path);
}

/**
 * kube_request_set_form:
 * @self: a request that reads one object or a collection
 * @form: whole objects, or a table with the columns that `kubectl get` prints
 *
 * Sets the form of the answer. A server that has no tables answers with objects all the same.
 */
void
kube_request_set_form (KubeRequest *self,
                       KubeForm     form)
{
  g_return_if_fail (self != NULL);

  kube_request_set_accept (self, form == KUBE_FORM_TABLE ? ACCEPT_TABLE : ACCEPT_JSON);
}

static KubeRequest *
new_for_collection (const KubeResource *resource,
                    const char         *namespace_,
                    KubeForm            form,
                    const char         *label_selector)
{
  g_autofree char *path = kube_resource_build_path (resource, namespace_, NULL, NULL);
  KubeRequest     *self = kube_request_new ("GET", path);

  kube_request_set_form (self, form);
  if (label_selector != NULL)
    kube_request_add_query (self, "labelSelector", label_selector);

  return self;
}

/**
 * kube_request_new_list:
 * @resource: what kind of objects
 * @namespace_: (nullable): their namespace, or %NULL for all
 * @form: whole objects, or a table with the columns that `kubectl get` prints
 * @label_selector: (nullable): only objects with these labels
 * @limit: at most so many objects in one answer, 0 for all
 * @continue_token: (nullable): `metadata.continue` of the previous answer
 *
 * Describes reading a collection, or one page of it. All pages must be asked for with the same
 * parameters.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_list (const KubeResource *resource,
                       const char         *namespace_,
                       KubeForm            form,
                       const char         *label_selector,
                       guint               limit,
                       const char         *continue_token)
{
  KubeRequest *self;

  g_return_val_if_fail (resource != NULL, NULL);

  self = new_for_collection (resource, namespace_, form, label_selector);
  if (limit > 0)
    add_number (self, "limit", limit);
  if (continue_token != NULL)
    kube_request_add_query (self, "continue", continue_token);

  return self;
}

/**
 * kube_request_new_watch:
 * @resource: what kind of objects
 * @namespace_: (nullable): their namespace, or %NULL for all
 * @form: as in the list that the watch continues
 * @label_selector: (nullable): as in that list
 * @resource_version: (nullable): the version after which to report changes
 * @timeout_seconds: when the server shall end the watch, 0 for its own choice
 *
 * Describes following the changes of a collection, bookmarks included.
 *
 * Returns: (transfer full): a request whose answer is a stream
 */
KubeRequest *
kube_request_new_watch (const KubeResource *resource,
                        const char         *namespace_,
                        KubeForm            form,
                        const char         *label_selector,
                        const char         *resource_version,
                        guint               timeout_seconds)
{
  KubeRequest *self;

  g_return_val_if_fail (resource != NULL, NULL);

  self = new_for_collection (resource, namespace_, form, label_selector);
  self->streaming = TRUE;
  kube_request_add_query (self, "watch", "1");
  kube_request_add_query (self, "allowWatchBookmarks", "true");
  if (resource_version != NULL)
    kube_request_add_query (self, "resourceVersion", resource_version);
  if (timeout_seconds > 0)
    add_number (self, "timeoutSeconds", timeout_seconds);

  return self;
}

static const KubeResource *
find_applied (JsonNode *object,
              GError  **error)
{
  const char         *api_version = base_json_get_string (object, "apiVersion", NULL);
  const char         *kind = base_json_get_string (object, "kind", NULL);
  const KubeResource *resource;

  if (api_version == NULL || kind == NULL)
    {
      g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST,
                           "The manifest does not say what it describes: “apiVersion” or “kind” "
                           "is missing. Add both, as in “apiVersion: v1” and “kind: Service”.");
      return NULL;
    }
  resource = kube_resource_find (api_version, kind);
  if (resource == NULL)
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST,
                 "The manifest describes a %s of %s, which is not known here. Check the "
                 "spelling of “kind” and “apiVersion”.",
                 kind, api_version);

  return resource;
}

static char *
build_apply_path (const KubeResource *resource,
                  JsonNode           *object,
                  GError            **error)
{
  const char *name = base_json_get_string (object, "metadata", "name", NULL);
  const char *namespace_ = base_json_get_string (object, "metadata", "namespace", NULL);

  if (name == NULL || *name == '\0')
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST,
                   "The manifest describes a %s without a name. Add “name” under “metadata”.",
                   resource->kind);
      return NULL;
    }
  if (resource->namespaced && (namespace_ == NULL || *namespace_ == '\0'))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_BAD_REQUEST,
                   "The manifest of the %s “%s” names no namespace. Add “namespace” under "
                   "“metadata”.",
                   resource->kind, name);
      return NULL;
    }

  return kube_resource_build_path (resource, namespace_, name, NULL);
}

/* The server refuses to apply an object that still carries its managed fields. */
static void
set_applied (KubeRequest *self,
             JsonNode    *object)
{
  g_autoptr(JsonNode) copy = base_json_copy (object);

  json_object_remove_member (base_json_get_object (copy, "metadata", NULL), "managedFields");
  kube_request_set_json (self, "application/apply-patch+yaml", copy);
}

/**
 * kube_request_new_apply:
 * @object: the object as it shall be, of a built-in kind; its `metadata.managedFields` are left
 *   out
 * @field_manager: in whose name the fields are set
 * @flags: what to ask for besides
 * @error: return location for an error
 *
 * Describes a server-side apply: the object is created if it is missing, and changed where it
 * differs. Fields that @field_manager applied before and that @object leaves out are removed.
 * Where another manager has set a field, it fails with %KUBE_ERROR_CONFLICT, see
 * [id@kube_field_conflict_list].
 *
 * Possible errors: %KUBE_ERROR_BAD_REQUEST if @object has no known kind, no name, or no
 * namespace where it needs one.
 *
 * Returns: (transfer full) (nullable): a request, or %NULL with @error set
 */
KubeRequest *
kube_request_new_apply (JsonNode      *object,
                        const char    *field_manager,
                        KubeApplyFlags flags,
                        GError       **error)
{
  const KubeResource *resource;

  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  resource = find_applied (object, error);
  if (resource == NULL)
    return NULL;

  return kube_request_new_apply_as (resource, object, field_manager, flags, error);
}

/**
 * kube_request_new_apply_as:
 * @resource: what kind of object it is, also one that the cluster alone knows
 * @object: the object as it shall be
 * @field_manager: in whose name the fields are set
 * @flags: what to ask for besides
 * @error: return location for an error
 *
 * Describes a server-side apply of an object of any kind, otherwise as
 * [id@kube_request_new_apply].
 *
 * Possible errors: %KUBE_ERROR_BAD_REQUEST if @object has no name, or no namespace where it needs
 * one.
 *
 * Returns: (transfer full) (nullable): a request, or %NULL with @error set
 */
KubeRequest *
kube_request_new_apply_as (const KubeResource *resource,
                           JsonNode           *object,
                           const char         *field_manager,
                           KubeApplyFlags      flags,
                           GError            **error)
{
  g_autofree char *path = NULL;
  KubeRequest     *self;

  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (object != NULL, NULL);
  g_return_val_if_fail (field_manager != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  path = build_apply_path (resource, object, error);
  if (path == NULL)
    return NULL;

  self = kube_request_new ("PATCH", path);
  kube_request_add_query (self, "fieldManager", field_manager);
  if (flags & KUBE_APPLY_FORCE)
    kube_request_add_query (self, "force", "true");
  if (flags & KUBE_APPLY_DRY_RUN)
    kube_request_add_query (self, "dryRun", "All");
  if (flags & KUBE_APPLY_STRICT)
    kube_request_add_query (self, "fieldValidation", "Strict");
  set_applied (self, object);

  return self;
}

/**
 * kube_request_new_delete:
 * @resource: what kind of object
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @propagation_policy: (nullable): "Background", "Foreground" or "Orphan"; %NULL for the
 *   resource's own default
 *
 * Describes deleting an object. Success does not mean that the object is gone: finalizers may
 * keep it for a while.
 *
 * Returns: (transfer full): a request
 */
KubeRequest *
kube_request_new_delete (const KubeResource *resource,
                         const char         *namespace_,
                         const char         *name,
                         const char         *propagation_policy)
{
  g_autofree char *path = NULL;
  KubeRequest     *self;

  g_return_val_if_fail (resource != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  path = kube_resource_build_path (resource, namespace_, name, NULL);
  self = kube_request_new ("DELETE", path);
  if (propagation_policy != NULL)
    kube_request_add_query (self, "propagationPolicy", propagation_policy);

  return self;
}

/**
 * kube_request_new_log:
 * @namespace_: the pod's namespace
 * @pod: the pod's name
 * @container: (nullable): which container; may be %NULL if the pod has one only
 * @follow: whether the answer goes on as the container writes
 * @previous: whether to read the log of the previous run of the container
 * @timestamps: whether each line starts with its time (RFC 3339, nanoseconds) and a space
 * @tail_lines: start so many lines before the end, -1 for everything
 * @since_time: (nullable): RFC 3339; only lines from then on
 *
 * Describes reading the log of a container.
 *
 * Returns: (transfer full): a request whose answer is a stream of text
 */
KubeRequest *
kube_request_new_log (const char *namespace_,
                      const char *pod,
                      const char *container,
                      gboolean    follow,
                      gboolean    previous,
                      gboolean    timestamps,
                      gint64      tail_lines,
                      const char *since_time)
{
  g_autofree char *path = NULL;
  KubeRequest     *self;

  g_return_val_if_fail (namespace_ != NULL, NULL);
  g_return_val_if_fail (pod != NULL, NULL);

  path = kube_resource_build_path (&KUBE_POD, namespace_, pod, "log");
  self = kube_request_new ("GET", path);
  self->streaming = TRUE;
  kube_request_set_accept (self, ACCEPT_ANYTHING);
  if (container != NULL)
    kube_request_add_query (self, "container", container);
  if (follow)
    kube_request_add_query (self, "follow", "true");
  if (previous)
    kube_request_add_query (self, "previous", "true");
  if (timestamps)
    kube_request_add_query (self, "timestamps", "true");
  if (tail_lines >= 0)
    add_number (self, "tailLines", tail_lines);
  if (since_time != NULL)
    kube_request_add_query (self, "sinceTime", since_time);

  return self;
}

/**
 * kube_request_new_service_proxy:
 * @namespace_: the service's namespace
 * @service: the service's name
 * @port: (nullable): the port's name or number; may be %NULL if the service has one only
 * @path: what to ask the app for, percent-encoded, with a leading slash; may hold a query
 *
 * Describes a request to an app in the cluster, which the API server passes on to a pod behind
 * the service.
 *
 * Returns: (transfer full): a request whose answer is the app's
 */
KubeRequest *
kube_request_new_service_proxy (const char *namespace_,
                                const char *service,
                                const char *port,
                                const char *path)
{
  g_autofree char *target = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *full = NULL;
  g_autofree char *collection = NULL;
  KubeRequest     *self;

  g_return_val_if_fail (namespace_ != NULL, NULL);
  g_return_val_if_fail (service != NULL, NULL);
  g_return_val_if_fail (path != NULL && *path == '/', NULL);

  target = port != NULL ? g_strconcat (service, ":", port, NULL) : g_strdup (service);
  escaped = g_uri_escape_string (target, ":", FALSE);
  collection = kube_resource_build_path (&KUBE_SERVICE, namespace_, NULL, NULL);
  full = g_strconcat (collection, "/", escaped, "/proxy", path, NULL);
  self = kube_request_new ("GET", full);
  self->relayed = TRUE;
  kube_request_set_accept (self, ACCEPT_ANYTHING);

  return self;
}
