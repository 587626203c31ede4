/* fuzz-watch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-error.h"
#include "kube-error.h"
#include "kube-watch-decoder.h"
#include "property.h"
#include "read-lines.h"

#define MAX_LINE (16 * 1024 * 1024)

/* (transfer full) (element-type KubeWatchEvent): what the stream tells, up to the first line that
 * cannot be read */
static GPtrArray *
decode (const uint8_t *data,
        size_t         size,
        KubeForm       form,
        guint          max_chunk,
        GError       **error)
{
  g_autoptr(KubeWatchDecoder) decoder = kube_watch_decoder_new (&KUBE_POD, form);
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) kube_watch_event_free);
  g_autoptr(GBytes) rest = NULL;
  g_autoptr(GPtrArray) lines = read_lines (data, size, MAX_LINE, max_chunk,
                                            read_lines_seed (data, size), &rest, error);

  g_assert_true (error == NULL || *error == NULL);
  for (guint i = 0; i < lines->len; i++)
    {
      KubeWatchEvent *event = kube_watch_decoder_decode_line (decoder, g_ptr_array_index (lines, i),
                                                              error);

      if (event == NULL)
        break;
      g_ptr_array_add (events, event);
    }

  return events;
}

static void
check_object (KubeObject *a,
              KubeObject *b)
{
  g_assert_cmpstr (kube_object_get_key (a), ==, kube_object_get_key (b));
  g_assert_cmpstr (kube_object_get_name (a), !=, NULL);
  g_assert_true (g_str_has_suffix (kube_object_get_key (a), kube_object_get_name (a)));
  g_assert_cmpstr (kube_object_get_uid (a), ==, kube_object_get_uid (b));
  g_assert_cmpstr (kube_object_get_resource_version (a), ==, kube_object_get_resource_version (b));
  g_assert_cmpint (kube_object_get_creation_time (a), ==, kube_object_get_creation_time (b));
  g_assert_cmpstr (kube_object_get_cell (a, 0), ==, kube_object_get_cell (b, 0));
  property_is_equal (kube_object_get_node (a), kube_object_get_node (b));
}

static void
check_event (KubeWatchEvent *a,
             KubeWatchEvent *b)
{
  g_assert_cmpint (a->type, ==, b->type);
  g_assert_cmpstr (a->resource_version, ==, b->resource_version);
  g_assert_cmpuint (a->objects->len, ==, b->objects->len);
  for (guint i = 0; i < a->objects->len; i++)
    check_object (g_ptr_array_index (a->objects, i), g_ptr_array_index (b->objects, i));

  g_assert_true ((a->type == KUBE_WATCH_ERROR) == (a->error != NULL));
  if (a->error != NULL)
    {
      property_is_error (a->error, KUBE_ERROR);
      g_assert_cmpstr (a->error->message, ==, b->error->message);
      g_assert_nonnull (kube_error_get_status (a->error));
    }
  if (a->type == KUBE_WATCH_BOOKMARK || a->type == KUBE_WATCH_ERROR)
    g_assert_cmpuint (a->objects->len, ==, 0);
}

/* However the bytes arrive, the same events come of them. */
static void
check_form (const uint8_t *data,
            size_t         size,
            KubeForm       form)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) other_error = NULL;
  g_autoptr(GPtrArray) events = decode (data, size, form, 0, &error);
  g_autoptr(GPtrArray) others =
                 decode (data, size, form, 1 + read_lines_seed (data, size) % 509, &other_error);

  g_assert_cmpuint (events->len, ==, others->len);
  for (guint i = 0; i < events->len; i++)
    check_event (g_ptr_array_index (events, i), g_ptr_array_index (others, i));
  g_assert_true ((error != NULL) == (other_error != NULL));
  if (error == NULL)
    return;
  property_is_error (error, KUBE_ERROR);
  g_assert_cmpint (error->code, ==, KUBE_ERROR_PROTOCOL);
  g_assert_cmpstr (error->message, ==, other_error->message);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  check_form (data, size, KUBE_FORM_OBJECT);
  check_form (data, size, KUBE_FORM_TABLE);
  return 0;
}
