/* kube-pages.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-pages.h"

#include "base-json.h"
#include "kube-error.h"

#define PAGE_SIZE 500
/* A list that takes longer than the server keeps its history never comes to an end. */
#define MAX_RESTARTS 3

typedef struct
{
  /* Input */
  const KubeResource  *resource; /* kept alive by the caller */
  char                *namespace_;
  KubeForm             form;
  gboolean             no_metadata;
  KubeListFlags        flags;
  char                *label_selector;
  char                *field_selector;
  char                *exact_version; /* (nullable) */
  guint                limit;
  const KubeListFuncs *funcs;
  gpointer             funcs_data;

  /* In progress */
  GCancellable *cancellable; /* (owned): of the requests; cancelled with that of the task */
  gulong        cancelled;
  struct Page  *current; /* (owned) (nullable): whose objects are handed on */
  struct Page  *next;    /* (owned) (nullable): asked for already */
  guint         n_restarts;
  gboolean      begun; /* there were objects before */
  gboolean      ended;

  /* Result */
  char *resource_version; /* (nullable): of the first page */
} Reading;

/* A request under way. Lives until it has been answered, and until its turn is over. */
typedef struct Page
{
  GTask          *task; /* (owned) */
  KubeListReader *reader;
  GByteArray     *early; /* what came before its turn */
  gboolean        answered;
  gboolean        dropped;
  GError         *error; /* (nullable) */
} Page;

static void advance (GTask *task);

static void
page_free (Page *page)
{
  kube_list_reader_free (page->reader);
  g_byte_array_unref (page->early);
  g_clear_error (&page->error);
  g_object_unref (page->task);
  g_free (page);
}

static void
drop_page (Page **place)
{
  Page *page = *place;

  *place = NULL;
  if (page == NULL)
    return;

  page->dropped = TRUE;
  if (page->answered)
    page_free (page);
}

static void
reading_free (Reading *reading)
{
  g_free (reading->namespace_);
  g_free (reading->label_selector);
  g_free (reading->field_selector);
  g_free (reading->exact_version);
  g_clear_object (&reading->cancellable);
  g_free (reading->resource_version);
  g_free (reading);
}

/* Ends the reading, and what is still under way. */
static void
end (GTask  *task,
     GError *error)
{
  Reading *reading = g_task_get_task_data (task);

  g_assert (!reading->ended);
  reading->ended = TRUE;
  g_cancellable_disconnect (g_task_get_cancellable (task), reading->cancelled);
  drop_page (&reading->current);
  drop_page (&reading->next);
  g_cancellable_cancel (reading->cancellable);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup (reading->resource_version != NULL ? reading->resource_version : ""),
                           g_free);
}

static KubeRequest *
new_request (Reading    *reading,
             const char *token)
{
  KubeRequest *request = kube_request_new_list (reading->resource, reading->namespace_,
                                                reading->form, reading->label_selector,
                                                reading->limit, token);

  if (reading->field_selector != NULL)
    kube_request_add_query (request, "fieldSelector", reading->field_selector);
  if (reading->form == KUBE_FORM_TABLE && reading->no_metadata)
    kube_request_add_query (request, "includeObject", "None");
  /* A token says itself of which moment the rest shall be. */
  if (reading->exact_version != NULL && token == NULL)
    {
      kube_request_add_query (request, "resourceVersion", reading->exact_version);
      kube_request_add_query (request, "resourceVersionMatch", "Exact");
    }

  return request;
}

static gboolean page_sink (const char *data, gsize length, gpointer user_data, GError **error);

static void
page_cb (GObject      *source_object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Page    *page = user_data;
  Reading *reading = g_task_get_task_data (page->task);
  g_autoptr(GError) error = NULL;

  page->answered = TRUE;
  if (kube_client_read_finish (KUBE_CLIENT (source_object), result, &error) &&
      page == reading->current && page->error == NULL)
    kube_list_reader_finish (page->reader, &error);
  if (page->error == NULL)
    page->error = g_steal_pointer (&error);

  if (page->dropped)
    {
      page_free (page);
    }
  else if (page == reading->current)
    {
      g_autoptr(GTask) task = g_object_ref (page->task);

      advance (task);
    }
}

static Page *
ask_page (GTask      *task,
          const char *token)
{
  Reading *reading = g_task_get_task_data (task);
  g_autoptr(KubeRequest) request = new_request (reading, token);
  Page *page = g_new0 (Page, 1);

  page->task = g_object_ref (task);
  page->reader = kube_list_reader_new (reading->funcs, reading->funcs_data, reading->flags);
  page->early = g_byte_array_new ();
  kube_client_read_async (g_task_get_source_object (task), request, page_sink, page,
                          reading->cancellable, page_cb, page);

  return page;
}

static gboolean
feed (Page       *page,
      const char *data,
      gsize       length,
      GError    **error)
{
  Reading    *reading = g_task_get_task_data (page->task);
  const char *token;

  if (!kube_list_reader_feed (page->reader, data, length, error))
    return FALSE;

  /* The server works on the next page while this one comes and is read. */
  token = kube_list_reader_get_continue (page->reader);
  if (token != NULL && reading->next == NULL && !reading->ended)
    reading->next = ask_page (page->task, token);

  return TRUE;
}

static gboolean
page_sink (const char *data,
           gsize       length,
           gpointer    user_data,
           GError    **error)
{
  Page    *page = user_data;
  Reading *reading = g_task_get_task_data (page->task);

  if (page == reading->current)
    return feed (page, data, length, error);

  g_byte_array_append (page->early, (const guint8 *) data, (guint) length);

  return TRUE;
}

/* The server has forgotten the moment that the first page shows. Either everything is read anew,
 * or the rest as it is now, for which the answer has another token.
 *
 * Returns: FALSE if the reading is at its end */
static gboolean
recover (GTask *task,
         Page  *page)
{
  Reading    *reading = g_task_get_task_data (task);
  const char *token = NULL;

  if (!g_error_matches (page->error, KUBE_ERROR, KUBE_ERROR_EXPIRED) || reading->n_restarts >= MAX_RESTARTS)
    return FALSE;

  if (reading->funcs->restart != NULL && reading->begun)
    {
      reading->funcs->restart (reading->funcs_data);
      g_clear_pointer (&reading->resource_version, g_free);
    }
  else
    {
      token = base_json_get_string (kube_error_get_status (page->error), "metadata", "continue",
                                    NULL);
      if (token == NULL || *token == '\0')
        return FALSE;
    }

  reading->n_restarts++;
  drop_page (&reading->next);
  reading->next = ask_page (task, token);

  return TRUE;
}

/* The turn of the current page is over, that of the next one begins. */
static void
take_turn (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);
  Page    *page = g_steal_pointer (&reading->next);
  g_autoptr(GByteArray) early = g_steal_pointer (&page->early);

  drop_page (&reading->current);
  reading->current = page;
  page->early = g_byte_array_new ();
  if (page->error == NULL &&
      (early->len == 0 || feed (page, (const char *) early->data, early->len, &page->error)) &&
      page->answered)
    kube_list_reader_finish (page->reader, &page->error);
}

/* Goes on once the current page has been answered. */
static void
advance (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  while (!reading->ended && reading->current->answered)
    {
      Page       *page = reading->current;
      const char *token = kube_list_reader_get_continue (page->reader);

      if (page->error != NULL && !recover (task, page))
        {
          end (task, g_steal_pointer (&page->error));
          return;
        }
      if (page->error == NULL && reading->resource_version == NULL)
        reading->resource_version = g_strdup (kube_list_reader_get_resource_version (page->reader));
      reading->begun = TRUE;
      if (page->error == NULL && token == NULL)
        {
          end (task, NULL);
          return;
        }
      if (reading->next == NULL)
        reading->next = ask_page (task, token);
      take_turn (task);
    }
}

static void
on_cancelled_cb (GCancellable *cancellable,
                 GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

/**
 * kube_pages_read_async:
 * @client: a client
 * @query: which objects
 * @funcs: take what comes; must stay until the end
 * @funcs_data: data for @funcs; must stay until the end
 * @cancellable: (nullable): a cancellable
 * @callback: called when everything has been handed on
 * @user_data: data for @callback
 *
 * Reads a whole collection page by page. Rows and objects are handed to @funcs in the server's
 * order as they come and are kept nowhere else; the next page is asked for while one is read.
 *
 * When the server forgets the moment of the first page meanwhile (410), everything is read anew if
 * @funcs has a `restart`; otherwise the rest comes as it is by then: the server continues behind
 * the last object that it gave.
 */
void
kube_pages_read_async (KubeClient           *client,
                       const KubePagesQuery *query,
                       const KubeListFuncs  *funcs,
                       gpointer              funcs_data,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (query != NULL && query->resource != NULL);
  g_return_if_fail (funcs != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_pages_read_async);
  reading = g_new0 (Reading, 1);
  reading->resource = query->resource;
  reading->namespace_ = g_strdup (query->namespace_);
  reading->form = query->form;
  reading->no_metadata = query->no_metadata;
  reading->flags = query->flags;
  reading->label_selector = g_strdup (query->label_selector);
  reading->field_selector = g_strdup (query->field_selector);
  reading->exact_version = g_strdup (query->resource_version);
  reading->limit = query->limit != 0 ? query->limit : PAGE_SIZE;
  reading->funcs = funcs;
  reading->funcs_data = funcs_data;
  reading->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  if (cancellable != NULL)
    reading->cancelled = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled_cb),
                                                g_object_ref (reading->cancellable), g_object_unref);
  reading->begun = query->continue_token != NULL;
  reading->current = ask_page (task, query->continue_token);
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
 * Returns: (transfer full) (nullable): the version of the list, of the first page if later ones
 *   had others; empty if the server names none; %NULL with @error set
 */
char *
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
