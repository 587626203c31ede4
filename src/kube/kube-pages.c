/* kube-pages.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-pages.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-list.h"

#define PAGE_SIZE 500
/* A list that takes longer than the server keeps its history never comes to an end. */
#define MAX_RESTARTS 3

typedef struct
{
  /* Input */
  const KubeResource *resource; /* kept alive by the caller */
  char               *namespace_;
  KubeForm            form;
  gboolean            no_metadata;
  char               *label_selector;
  char               *field_selector;

  /* In progress */
  GPtrArray *pages; /* (element-type JsonNode) */
  char      *token; /* (nullable) */
  guint      n_restarts;
} Reading;

static void read_page (GTask *task);

static void
reading_free (Reading *reading)
{
  g_free (reading->namespace_);
  g_free (reading->label_selector);
  g_free (reading->field_selector);
  g_ptr_array_unref (reading->pages);
  g_free (reading->token);
  g_free (reading);
}

/* The server has forgotten the moment that the first page shows. */
static gboolean
may_restart (Reading      *reading,
             const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_EXPIRED) && reading->token != NULL &&
         reading->n_restarts < MAX_RESTARTS;
}

static void
read_page_cb (GObject      *source_object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) page = kube_client_call_finish (KUBE_CLIENT (source_object), result, &error);
  const char *token;

  if (page != NULL && !kube_list_check (reading->resource, page, &error))
    g_clear_pointer (&page, json_node_unref);
  if (page == NULL && !may_restart (reading, error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (page == NULL)
    {
      reading->n_restarts++;
      g_ptr_array_set_size (reading->pages, 0);
      g_clear_pointer (&reading->token, g_free);
      read_page (g_steal_pointer (&task));
      return;
    }

  token = base_json_get_string (page, "metadata", "continue", NULL);
  g_free (reading->token);
  reading->token = token != NULL && token[0] != '\0' ? g_strdup (token) : NULL;
  g_ptr_array_add (reading->pages, g_steal_pointer (&page));
  if (reading->token != NULL)
    read_page (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_ptr_array_ref (reading->pages),
                           (GDestroyNotify) g_ptr_array_unref);
}

/* Takes the task. */
static void
read_page (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request =
                 kube_request_new_list (reading->resource, reading->namespace_, reading->form,
                                        reading->label_selector, PAGE_SIZE, reading->token);

  if (reading->field_selector != NULL)
    kube_request_add_query (request, "fieldSelector", reading->field_selector);
  if (reading->form == KUBE_FORM_TABLE && reading->no_metadata)
    kube_request_add_query (request, "includeObject", "None");
  kube_client_call_async (g_task_get_source_object (task), request, g_task_get_cancellable (task),
                          read_page_cb, task);
}

/**
 * kube_pages_read_async:
 * @client: a client
 * @query: which objects; its resource must stay until the end
 * @cancellable: (nullable): a cancellable
 * @callback: called when the last page is there
 * @user_data: data for @callback
 *
 * Reads a whole collection in pages of 500. When the server forgets the moment of the first page
 * meanwhile (410), everything is read anew.
 */
void
kube_pages_read_async (KubeClient           *client,
                       const KubePagesQuery *query,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (query != NULL && query->resource != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_pages_read_async);
  reading = g_new0 (Reading, 1);
  reading->resource = query->resource;
  reading->namespace_ = g_strdup (query->namespace_);
  reading->form = query->form;
  reading->no_metadata = query->no_metadata;
  reading->label_selector = g_strdup (query->label_selector);
  reading->field_selector = g_strdup (query->field_selector);
  reading->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  read_page (g_steal_pointer (&task));
}

/**
 * kube_pages_read_finish:
 * @client: a client
 * @result: the result that the callback was given
 * @error: return location for an error
 *
 * Finishes reading.
 *
 * Possible errors: all of %KUBE_ERROR, %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable) (element-type JsonNode): the pages in order, or %NULL with
 *   @error set
 */
GPtrArray *
kube_pages_read_finish (KubeClient   *client,
                        GAsyncResult *result,
                        GError      **error)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (g_task_is_valid (result, client), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, kube_pages_read_async), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
