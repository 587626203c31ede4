/* kube-response.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-response.h"

#include "kube-header.h"

/**
 * KubeResponse:
 *
 * The head of an answer of the API server, and the stream from which its body can be read.
 */
struct _KubeResponse
{
  GObject parent_instance;

  guint         status;
  int           retry_after;
  char         *content_type; /* (nullable) */
  GStrv         warnings;
  GInputStream *body;
};

G_DEFINE_FINAL_TYPE (KubeResponse, kube_response, G_TYPE_OBJECT)

static void
kube_response_dispose (GObject *object)
{
  KubeResponse *self = KUBE_RESPONSE (object);

  g_clear_object (&self->body);

  G_OBJECT_CLASS (kube_response_parent_class)->dispose (object);
}

static void
kube_response_finalize (GObject *object)
{
  KubeResponse *self = KUBE_RESPONSE (object);

  g_free (self->content_type);
  g_strfreev (self->warnings);

  G_OBJECT_CLASS (kube_response_parent_class)->finalize (object);
}

static void
kube_response_class_init (KubeResponseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kube_response_dispose;
  object_class->finalize = kube_response_finalize;
}

static void
kube_response_init (KubeResponse *self)
{
}

/**
 * kube_response_new:
 * @status: the HTTP status
 * @content_type: (nullable): the media type of the body, without parameters
 * @warnings: (nullable) (array zero-terminated=1): the texts of the `Warning` headers
 * @retry_after: the seconds of the `Retry-After` header, -1 if there is none
 * @body: the body
 *
 * Creates an answer.
 *
 * Returns: (transfer full): a new answer
 */
KubeResponse *
kube_response_new (guint              status,
                   const char        *content_type,
                   const char *const *warnings,
                   int                retry_after,
                   GInputStream      *body)
{
  KubeResponse *self;

  g_return_val_if_fail (G_IS_INPUT_STREAM (body), NULL);

  self = g_object_new (KUBE_TYPE_RESPONSE, NULL);
  self->status = status;
  /* a header may hold any bytes, and messages name it */
  self->content_type = content_type != NULL ? g_utf8_make_valid (content_type, -1) : NULL;
  self->warnings = warnings != NULL ? g_strdupv ((GStrv) warnings) : g_new0 (char *, 1);
  self->retry_after = retry_after;
  self->body = g_object_ref (body);

  return self;
}

static GPtrArray *
collect_warnings (SoupMessageHeaders *headers)
{
  GPtrArray             *texts = g_ptr_array_new_with_free_func (g_free);
  SoupMessageHeadersIter iter;
  const char            *name;
  const char            *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strcasecmp (name, "Warning") == 0)
      kube_header_parse_warnings (value, texts);
  g_ptr_array_add (texts, NULL);

  return texts;
}

/**
 * kube_response_new_from_headers:
 * @status: the HTTP status
 * @headers: the headers of the answer
 * @body: the body
 *
 * Creates an answer from what HTTP has of it.
 *
 * Returns: (transfer full): a new answer
 */
KubeResponse *
kube_response_new_from_headers (guint               status,
                                SoupMessageHeaders *headers,
                                GInputStream       *body)
{
  g_autoptr(GPtrArray) warnings = NULL;
  const char *retry_after;
  gint64      now = g_get_real_time () / G_USEC_PER_SEC;

  g_return_val_if_fail (headers != NULL, NULL);
  g_return_val_if_fail (G_IS_INPUT_STREAM (body), NULL);

  warnings = collect_warnings (headers);
  retry_after = soup_message_headers_get_one (headers, "Retry-After");

  return kube_response_new (status, soup_message_headers_get_content_type (headers, NULL),
                            (const char *const *) warnings->pdata,
                            kube_header_parse_retry_after (retry_after, now), body);
}

/**
 * kube_response_get_status:
 * @self: an answer
 *
 * Returns: the HTTP status
 */
guint
kube_response_get_status (KubeResponse *self)
{
  g_return_val_if_fail (KUBE_IS_RESPONSE (self), 0);

  return self->status;
}

/**
 * kube_response_get_content_type:
 * @self: an answer
 *
 * Returns: (transfer none) (nullable): the media type of the body, without parameters
 */
const char *
kube_response_get_content_type (KubeResponse *self)
{
  g_return_val_if_fail (KUBE_IS_RESPONSE (self), NULL);

  return self->content_type;
}

/**
 * kube_response_get_warnings:
 * @self: an answer
 *
 * Returns: (transfer none) (array zero-terminated=1): the texts of the `Warning` headers
 */
const char *const *
kube_response_get_warnings (KubeResponse *self)
{
  g_return_val_if_fail (KUBE_IS_RESPONSE (self), NULL);

  return (const char *const *) self->warnings;
}

/**
 * kube_response_get_retry_after:
 * @self: an answer
 *
 * Returns: seconds to wait before the next attempt, -1 if the server named no time
 */
int
kube_response_get_retry_after (KubeResponse *self)
{
  g_return_val_if_fail (KUBE_IS_RESPONSE (self), -1);

  return self->retry_after;
}

/**
 * kube_response_get_body:
 * @self: an answer
 *
 * Returns: (transfer none): the stream of the body
 */
GInputStream *
kube_response_get_body (KubeResponse *self)
{
  g_return_val_if_fail (KUBE_IS_RESPONSE (self), NULL);

  return self->body;
}
