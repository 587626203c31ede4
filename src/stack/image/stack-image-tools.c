/* stack-image-tools.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-image-tools-private.h"

#include "base-json.h"
#include "kube-login-path.h"
#include "stack-error.h"
#include "stack-survey-private.h"

#define DIGEST "sha256:"

void
_stack_image_tools_free (StackImageTools *self)
{
  g_free (self->path);
  g_free (self->minikube);
  g_free (self->docker);
  g_free (self);
}

static StackImageTools *
look (const char *path)
{
  StackImageTools *self = g_new0 (StackImageTools, 1);

  self->path = g_strdup (path);
  self->minikube = kube_login_path_search (path, "minikube");
  self->docker = kube_login_path_search (path, "docker");

  return self;
}

static const char *
get_own_path (void)
{
  const char *path = g_getenv ("PATH");

  return path != NULL ? path : "/usr/local/bin:/usr/bin:/bin";
}

static void
tools_login_path_cb (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError          *error = NULL;
  g_autofree char *login_path = kube_login_path_find_finish (result, &error);
  g_autofree char *path = NULL;

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  path = login_path != NULL ? kube_login_path_extend (get_own_path (), login_path)
                            : g_strdup (get_own_path ());
  g_task_return_pointer (task, look (path), (GDestroyNotify) _stack_image_tools_free);
}

/*
 * _stack_image_tools_find_async:
 * @cancellable: (nullable): a cancellable
 * @callback: called when it was looked
 * @user_data: data for @callback
 *
 * Looks for the programs on our own PATH, and on that of the login shell if one is not there or if
 * we were started from the desktop's menu, as credential plugins are looked for.
 */
void
_stack_image_tools_find_async (GCancellable       *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer            user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr(StackImageTools) tools = look (get_own_path ());

  g_task_set_source_tag (task, _stack_image_tools_find_async);
  if (tools->minikube != NULL && tools->docker != NULL && !kube_login_path_is_wanted ())
    g_task_return_pointer (task, g_steal_pointer (&tools),
                           (GDestroyNotify) _stack_image_tools_free);
  else
    kube_login_path_find_async (cancellable, tools_login_path_cb, g_steal_pointer (&task));
}

StackImageTools *
_stack_image_tools_find_finish (GAsyncResult *result,
                                GError      **error)
{
  g_assert (g_async_result_is_tagged (result, _stack_image_tools_find_async));

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
has_tag (JsonNode   *image,
         const char *wanted)
{
  JsonArray *tags = base_json_get_array (image, "repoTags", NULL);

  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      JsonNode        *node = json_array_get_element (tags, i);
      g_autofree char *name = NULL;

      if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
        continue;
      name = stack_image_normalize (json_node_get_string (node));
      if (g_str_equal (name, wanted))
        return TRUE;
    }

  return FALSE;
}

/*
 * _stack_image_tools_find_id:
 * @document: what `minikube image ls --format json` printed
 * @reference: an image
 * @error: return location for an error
 *
 * Finds an image among those that the nodes have.
 *
 * Possible errors: %STACK_ERROR_BUILD if it is no list.
 *
 * Returns: (transfer full) (nullable): its ID, hexadecimal digits; %NULL if no node has it, or with
 *   @error set
 */
char *
_stack_image_tools_find_id (const char *document,
                            const char *reference,
                            GError    **error)
{
  g_autoptr(JsonNode) root = base_json_parse (document, -1, NULL);
  g_autofree char *wanted = stack_image_normalize (reference);
  JsonArray       *images;

  /* Go's way to write an empty list. */
  if (root != NULL && JSON_NODE_HOLDS_NULL (root))
    return NULL;
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    {
      g_set_error_literal (error, STACK_ERROR, STACK_ERROR_BUILD,
                           "What Minikube says of its images is not understood. It may be too old: "
                           "1.26 is the first that can be used. Install a newer one.");
      return NULL;
    }

  images = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (images); i++)
    {
      JsonNode   *image = json_array_get_element (images, i);
      const char *id = base_json_get_string (image, "id", NULL);

      if (id != NULL && has_tag (image, wanted))
        return g_strdup (g_str_has_prefix (id, DIGEST) ? id + strlen (DIGEST) : id);
    }

  return NULL;
}
