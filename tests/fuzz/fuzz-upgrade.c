/* fuzz-upgrade.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libsoup/soup.h>
#include <string.h>

#include "kube-error.h"
#include "kube-upgrade.h"
#include "property.h"
#include "read-lines.h"

static const char *const protocols[] = { "v5.channel.k8s.io", "v4.channel.k8s.io", NULL };

/* The server answers with this in a form that belongs to the request; where the input says ACCEPT
 * in that header, it stands. */
#define HEADER "Sec-WebSocket-Accept: "
#define PLACE "ACCEPT"
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

static char *
build_accept (KubeUpgrade *upgrade)
{
  g_autoptr(GUri) uri = g_uri_parse ("https://h/api", G_URI_FLAGS_NONE, NULL);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autofree char    *request = kube_upgrade_dup_request (upgrade, uri, headers);
  const char         *key = strstr (request, "Sec-WebSocket-Key: ") + strlen ("Sec-WebSocket-Key: ");
  guint8              digest[20];
  gsize               length = sizeof digest;

  soup_message_headers_unref (headers);
  g_checksum_update (checksum, (const guchar *) key, (gssize) strcspn (key, "\r"));
  g_checksum_update (checksum, (const guchar *) GUID, -1);
  g_checksum_get_digest (checksum, digest, &length);

  return g_base64_encode (digest, length);
}

/* (transfer full): the answer to the request of @upgrade */
static GString *
build_answer (KubeUpgrade *upgrade,
              const char  *text,
              gsize        size)
{
  g_autofree char *accept = build_accept (upgrade);
  g_autofree char *line = g_strconcat (HEADER, accept, NULL);
  GString         *answer = g_string_new_len (text, (gssize) size);

  g_string_replace (answer, HEADER PLACE, line, 1);
  return answer;
}

/* An answer to the request for a WebSocket, in pieces. */
static KubeUpgradeState
feed (KubeUpgrade *upgrade,
      const char  *data,
      gsize        size,
      guint        max_chunk,
      gsize       *fed)
{
  g_autoptr(GRand) random = g_rand_new_with_seed (read_lines_seed (data, size));
  g_autoptr(GError) error = NULL;
  KubeUpgradeState state = KUBE_UPGRADE_WAITING;
  gsize            length;

  for (*fed = 0; *fed < size && state == KUBE_UPGRADE_WAITING; *fed += length)
    {
      g_autofree char *chunk = NULL;

      length = (gsize) g_rand_int_range (random, 1, (gint32) max_chunk + 1);
      length = MIN (length, size - *fed);
      chunk = g_memdup2 (data + *fed, length);
      state = kube_upgrade_feed (upgrade, (const guint8 *) chunk, length, &error);
    }
  if (state == KUBE_UPGRADE_WAITING)
    {
      state = kube_upgrade_feed (upgrade, NULL, 0, &error);
      g_assert_cmpint (state, !=, KUBE_UPGRADE_WAITING);
    }
  g_assert_true ((state == KUBE_UPGRADE_FAILED) == (error != NULL));
  if (error != NULL)
    property_is_error (error, KUBE_ERROR);

  return state;
}

static void
check_refusal (KubeUpgrade *upgrade)
{
  g_autoptr(KubeResponse) response = kube_upgrade_dup_refusal (upgrade);

  g_assert_nonnull (response);
  g_assert_cmpuint (kube_response_get_status (response), !=, 101);
}

static void
check_protocol (KubeUpgrade *upgrade)
{
  const char *protocol = kube_upgrade_get_protocol (upgrade);

  g_assert_true (protocol != NULL && g_strv_contains (protocols, protocol));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = property_dup_text (data, size);
  g_autoptr(KubeUpgrade) whole = kube_upgrade_new (protocols);
  g_autoptr(KubeUpgrade) pieces = kube_upgrade_new (protocols);
  g_autoptr(GString) answer = build_answer (whole, text, size);
  g_autoptr(GString) other_answer = build_answer (pieces, text, size);
  gsize            fed, fed_in_pieces;
  KubeUpgradeState state = feed (whole, answer->str, answer->len, G_MAXINT32 - 1, &fed);

  g_assert_cmpint (state, ==,
                   feed (pieces, other_answer->str, other_answer->len,
                         1 + read_lines_seed (text, size) % 31, &fed_in_pieces));
  if (state == KUBE_UPGRADE_REFUSED)
    {
      check_refusal (whole);
      check_refusal (pieces);
    }
  if (state == KUBE_UPGRADE_DONE)
    {
      g_autoptr(GBytes) rest = kube_upgrade_dup_rest (whole);
      g_autoptr(GBytes) other = kube_upgrade_dup_rest (pieces);

      check_protocol (whole);
      /* the frames that came with the head are there, as far as they have come */
      g_assert_cmpuint (fed - g_bytes_get_size (rest), ==, fed_in_pieces - g_bytes_get_size (other));
    }
  return 0;
}
