/* test-watch-cursor.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "kube-error.h"
#include "kube-watch-cursor.h"

#define STATUS(fields) "{\"kind\":\"Status\",\"status\":\"Failure\"," fields "}"

/* What a Status leads to; the cases are those of client-go's reflector (isExpiredError,
 * isTooLargeResourceVersionError, isWatchErrorRetriable and its tests). */
static const struct
{
  const char   *name;
  guint         http_status;
  const char   *status; /* (nullable) */
  gboolean      eventful;
  KubeWatchStep step;
} answers[] = {
  { "expired", 410, STATUS ("\"code\":410,\"reason\":\"Expired\",\"message\":\"too old resource version: 5 (9)\""), TRUE, KUBE_WATCH_RELIST },
  { "gone", 410, STATUS ("\"code\":410,\"reason\":\"Gone\",\"message\":\"words\""), TRUE, KUBE_WATCH_RELIST },
  { "expired-without-a-word-before", 410, STATUS ("\"code\":410,\"reason\":\"Expired\""), FALSE, KUBE_WATCH_RELIST_LATER },
  { "expired-by-reason", 500, STATUS ("\"reason\":\"Expired\""), TRUE, KUBE_WATCH_RELIST },
  { "expired-by-number", 410, NULL, TRUE, KUBE_WATCH_RELIST },
  { "too-large", 504, STATUS ("\"code\":504,\"reason\":\"Timeout\",\"details\":{\"causes\":[{\"reason\":\"ResourceVersionTooLarge\",\"message\":\"Too large resource version\"}],\"retryAfterSeconds\":1}"), TRUE, KUBE_WATCH_RELIST },
  { "too-large-1.17", 504, STATUS ("\"code\":504,\"reason\":\"Timeout\",\"details\":{\"causes\":[{\"message\":\"Too large resource version\"}],\"retryAfterSeconds\":1}"), TRUE, KUBE_WATCH_RELIST },
  { "too-large-1.16", 504, STATUS ("\"code\":504,\"reason\":\"Timeout\",\"message\":\"Timeout: Too large resource version: 99, current: 9\""), TRUE, KUBE_WATCH_RELIST },
  { "too-large-in-words-of-another", 500, STATUS ("\"reason\":\"InternalError\",\"message\":\"Too large resource version\""), TRUE, KUBE_WATCH_RESUME_LATER },
  { "timeout", 504, STATUS ("\"code\":504,\"reason\":\"Timeout\",\"message\":\"words\""), TRUE, KUBE_WATCH_RESUME_LATER },
  { "busy", 429, STATUS ("\"code\":429,\"reason\":\"TooManyRequests\",\"details\":{\"retryAfterSeconds\":1}"), TRUE, KUBE_WATCH_RESUME_LATER },
  { "unavailable", 503, NULL, TRUE, KUBE_WATCH_RESUME_LATER },
  { "unauthorized", 401, NULL, TRUE, KUBE_WATCH_RESUME_LATER },
  { "forbidden", 403, NULL, TRUE, KUBE_WATCH_RESUME_LATER },
  { "no-such-kind", 404, NULL, TRUE, KUBE_WATCH_RELIST_LATER },
};

static KubeWatchEvent *
build_event (KubeWatchEventType type,
             const char        *resource_version)
{
  KubeWatchEvent *event = kube_watch_event_new (type);

  event->resource_version = g_strdup (resource_version);

  return event;
}

static void
take (KubeWatchCursor   *cursor,
      KubeWatchEventType type,
      const char        *resource_version)
{
  g_autoptr(KubeWatchEvent) event = build_event (type, resource_version);

  kube_watch_cursor_take_event (cursor, event);
}

static GError *
build_error (guint       http_status,
             const char *text)
{
  g_autoptr(JsonNode) status = text != NULL ? base_json_parse (text, -1, NULL) : NULL;

  return kube_error_new_from_status (http_status, status, NULL);
}

static void
test_answer (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GError) error = build_error (answers[i].http_status, answers[i].status);
  KubeWatchCursor cursor = { 0 };
  KubeWatchStep   step;

  kube_watch_cursor_set_list (&cursor, "10");
  kube_watch_cursor_begin (&cursor);
  if (answers[i].eventful)
    take (&cursor, KUBE_WATCH_ADDED, "11");
  step = kube_watch_cursor_fail (&cursor, error);
  g_assert_cmpint (step, ==, answers[i].step);
  g_assert_cmpstr (cursor.resource_version, ==,
                   step != KUBE_WATCH_RESUME_LATER ? NULL : answers[i].eventful ? "11"
                                                                                : "10");
  kube_watch_cursor_clear (&cursor);
}

static void
test_versions (void)
{
  KubeWatchCursor cursor = { 0 };

  kube_watch_cursor_set_list (&cursor, NULL);
  g_assert_cmpstr (cursor.resource_version, ==, "");
  kube_watch_cursor_set_list (&cursor, "10");
  kube_watch_cursor_begin (&cursor);
  g_assert_false (cursor.eventful);
  take (&cursor, KUBE_WATCH_MODIFIED, "11");
  g_assert_true (cursor.eventful);
  g_assert_false (cursor.bookmarked);
  take (&cursor, KUBE_WATCH_DELETED, NULL);
  g_assert_cmpstr (cursor.resource_version, ==, "11");
  take (&cursor, KUBE_WATCH_BOOKMARK, "20");
  g_assert_true (cursor.bookmarked);
  g_assert_cmpstr (cursor.resource_version, ==, "20");
  kube_watch_cursor_begin (&cursor);
  g_assert_false (cursor.bookmarked);
  g_assert_cmpstr (cursor.resource_version, ==, "20");
  kube_watch_cursor_clear (&cursor);
}

static void
test_end (void)
{
  KubeWatchCursor cursor = { 0 };

  kube_watch_cursor_set_list (&cursor, "10");
  kube_watch_cursor_begin (&cursor);
  g_assert_false (kube_watch_cursor_end (&cursor, G_TIME_SPAN_SECOND - 1));
  g_assert_true (kube_watch_cursor_end (&cursor, G_TIME_SPAN_SECOND));
  take (&cursor, KUBE_WATCH_ADDED, "11");
  g_assert_true (kube_watch_cursor_end (&cursor, 0));
  kube_watch_cursor_clear (&cursor);
}

/* Before the first list is whole there is nothing to resume. */
static void
test_no_list (void)
{
  g_autoptr(GError) busy = build_error (429, NULL);
  g_autoptr(GError) expired = build_error (410, NULL);
  KubeWatchCursor cursor = { 0 };

  g_assert_cmpint (kube_watch_cursor_fail (&cursor, busy), ==, KUBE_WATCH_RELIST_LATER);
  g_assert_cmpint (kube_watch_cursor_fail (&cursor, expired), ==, KUBE_WATCH_RELIST_LATER);
}

/* ERROR events and unreadable lines: something has been missed. */
static void
test_broken (void)
{
  static const struct
  {
    guint         code;
    KubeWatchStep step;
  } cases[] = {
    { 500, KUBE_WATCH_RELIST_LATER },
    { 504, KUBE_WATCH_RELIST_LATER },
    { 410, KUBE_WATCH_RELIST },
    { 429, KUBE_WATCH_RESUME_LATER },
  };
  g_autoptr(GError) protocol = g_error_new (KUBE_ERROR, KUBE_ERROR_PROTOCOL, "words");
  KubeWatchCursor cursor = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KubeWatchEvent) event = build_event (KUBE_WATCH_ERROR, NULL);

      event->error = build_error (cases[i].code, NULL);
      kube_watch_cursor_set_list (&cursor, "10");
      kube_watch_cursor_begin (&cursor);
      take (&cursor, KUBE_WATCH_ADDED, "11");
      kube_watch_cursor_take_event (&cursor, event);
      g_assert_cmpint (kube_watch_cursor_fail (&cursor, event->error), ==, cases[i].step);
    }

  kube_watch_cursor_set_list (&cursor, "10");
  kube_watch_cursor_begin (&cursor);
  kube_watch_cursor_lose (&cursor);
  g_assert_cmpint (kube_watch_cursor_fail (&cursor, protocol), ==, KUBE_WATCH_RELIST_LATER);
  g_assert_null (cursor.resource_version);
}

/* A version that the server fails with again and again is not insisted on; a server that does
 * not answer at all is none of the version's fault. */
static void
test_again_and_again (void)
{
  g_autoptr(GError) away = g_error_new (KUBE_ERROR, KUBE_ERROR_UNREACHABLE, "words");
  g_autoptr(GError) internal = build_error (500, NULL);
  KubeWatchCursor cursor = { 0 };

  kube_watch_cursor_set_list (&cursor, "10");
  for (guint i = 0; i < 20; i++)
    g_assert_cmpint (kube_watch_cursor_fail (&cursor, away), ==, KUBE_WATCH_RESUME_LATER);
  g_assert_cmpint (kube_watch_cursor_fail (&cursor, internal), ==, KUBE_WATCH_RESUME_LATER);
  g_assert_cmpint (kube_watch_cursor_fail (&cursor, internal), ==, KUBE_WATCH_RESUME_LATER);
  take (&cursor, KUBE_WATCH_ADDED, "11");
  g_assert_cmpint (kube_watch_cursor_fail (&cursor, internal), ==, KUBE_WATCH_RESUME_LATER);
  g_assert_cmpint (kube_watch_cursor_fail (&cursor, internal), ==, KUBE_WATCH_RESUME_LATER);
  g_assert_cmpint (kube_watch_cursor_fail (&cursor, internal), ==, KUBE_WATCH_RELIST_LATER);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strconcat ("/kube/watch-cursor/answer/", answers[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_answer);
    }
  g_test_add_func ("/kube/watch-cursor/versions", test_versions);
  g_test_add_func ("/kube/watch-cursor/end", test_end);
  g_test_add_func ("/kube/watch-cursor/no-list", test_no_list);
  g_test_add_func ("/kube/watch-cursor/broken", test_broken);
  g_test_add_func ("/kube/watch-cursor/again-and-again", test_again_and_again);

  return g_test_run ();
}
