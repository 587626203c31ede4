/* socket-fixture.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "await.h"
#include "kube-client.h"

/* What a test sees of a socket. */
typedef struct
{
  GString *text; /* everything that was received, each message ended by a line */
  gboolean closed;
  GError  *error;    /* (nullable) of the end */
  guint    writable; /* how often it was told */
} SeenSocket;

static inline void
on_seen_receive (KubeSocket      *socket,
                 const KubeFrame *frame,
                 gpointer         user_data)
{
  SeenSocket *seen = user_data;

  g_string_append_len (seen->text, (const char *) frame->data, (gssize) frame->length);
  if (frame->last)
    g_string_append_c (seen->text, '\n');
}

static inline void
on_seen_writable (KubeSocket *socket,
                  gpointer    user_data)
{
  ((SeenSocket *) user_data)->writable++;
}

static inline void
on_seen_closed (KubeSocket   *socket,
                const GError *error,
                gpointer      user_data)
{
  SeenSocket *seen = user_data;

  g_assert_false (seen->closed);
  seen->closed = TRUE;
  seen->error = error != NULL ? g_error_copy (error) : NULL;
}

static inline void
seen_socket_start (SeenSocket *seen,
                   KubeSocket *socket)
{
  const KubeSocketFuncs funcs = { on_seen_receive, on_seen_writable, on_seen_closed };

  seen->text = g_string_new (NULL);
  kube_socket_start (socket, &funcs, seen);
}

static inline void
seen_socket_clear (SeenSocket *seen)
{
  g_string_free (seen->text, TRUE);
  g_clear_error (&seen->error);
}

static inline KubeSocket *
connect_socket (KubeClient *client,
                const char *path,
                GError    **error)
{
  const char *const protocols[] = { "v5.channel.k8s.io", "v4.channel.k8s.io", NULL };
  g_autoptr(KubeRequest) request = kube_request_new ("GET", path);
  g_autoptr(GAsyncResult) result = NULL;

  kube_client_connect_socket_async (client, request, protocols, NULL, await_cb, &result);
  return kube_client_connect_socket_finish (client, await (&result), error);
}

static inline void
send_text (KubeSocket *socket,
           const char *text)
{
  GOutputVector part = { text, strlen (text) };

  kube_socket_send (socket, &part, 1);
}
