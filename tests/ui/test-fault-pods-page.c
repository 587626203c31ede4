/* test-fault-pods-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* While no bytes come, the page speaks of the past and names its time; then of the present again. */

#include <adwaita.h>

#include "fake-server.h"
#include "kube-reflector-private.h"
#include "ui-banner.h"
#include "ui-pods-page.h"
#include "ui-status-label.h"

#define JSON "application/json"
#define LISTS "/api/v1/namespaces/shop/pods?*limit=*"
#define WATCHES "/api/v1/namespaces/shop/pods?*watch=1*"
#define ROW(name, ready, status, version)                                                            \
  "{\"cells\":[\"" name "\",\"" ready "\",\"" status "\",\"0\",\"5m\"],\"object\":{\"metadata\":{"   \
  "\"name\":\"" name "\",\"namespace\":\"shop\",\"uid\":\"" name "\",\"resourceVersion\":\"" version \
  "\",\"creationTimestamp\":\"2024-05-01T10:00:00Z\"}}}"
#define TABLE(version, rows)                                                                           \
  "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"" version \
  "\"},\"columnDefinitions\":[{\"name\":\"Name\",\"format\":\"name\",\"priority\":0},"                 \
  "{\"name\":\"Ready\",\"priority\":0},{\"name\":\"Status\",\"priority\":0},"                          \
  "{\"name\":\"Restarts\",\"priority\":0},{\"name\":\"Age\",\"priority\":0}],\"rows\":[" rows "]}"
#define EVENT(version, row) "{\"type\":\"MODIFIED\",\"object\":" TABLE (version, row) "}\n"
#define WELL_B ROW ("b", "1/1", "Running", "4")

typedef struct
{
  FakeServer    *server;
  KubeClient    *client;
  KubeReflector *pods;
  GtkWidget     *window;
  UiPodsPage    *page;
} Fixture;

/* A watch ends after a second, or else it is dead. */
static const KubeReflectorTiming quick = { { 10, 40, 20, 50 }, 1, 100, 30000, 180000 };

/* What the page says of the second pod, now and later. */
static const struct
{
  const char *name;
  const char *list;
  UiTone      tone;
  const char *present;
  const char *past;
} cases[] = {
  { "well", TABLE ("10", ROW ("a", "1/1", "Running", "3") "," WELL_B), UI_TONE_SUCCESS, "All 2 pods are well", "All 2 pods were well when last seen at *" },
  { "one", TABLE ("10", WELL_B), UI_TONE_SUCCESS, "The one pod is well", "1 pod was well when last seen at *" },
  { "starting", TABLE ("10", ROW ("a", "0/1", "ContainerCreating", "3") "," WELL_B), UI_TONE_PROGRESS, "1 of 2 pods ready, *", "1 of 2 pods were ready when last seen at *" },
  { "ill", TABLE ("10", ROW ("a", "0/1", "CrashLoopBackOff", "3") "," WELL_B), UI_TONE_ERROR, "1 of 2 pods is ill", "1 of 2 pods was ill when last seen at *" },
};

static GtkWidget *
find_widget (GtkWidget *root,
             GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
set_up (Fixture *fixture)
{
  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
  fixture->pods = kube_reflector_new (fixture->client, &KUBE_POD, "shop", KUBE_FORM_TABLE, NULL);
  _kube_reflector_set_timing (fixture->pods, &quick);
  fixture->page = g_object_new (UI_TYPE_PODS_PAGE, NULL);
  ui_pods_page_set_pods (fixture->page, fixture->pods, "shop");
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 500);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (fixture->pods);
  g_object_unref (fixture->client);
  fake_server_free (fixture->server);
}

static void
assert_answer (Fixture    *fixture,
               UiTone      tone,
               const char *pattern,
               gboolean    past)
{
  GtkWidget     *page = GTK_WIDGET (fixture->page);
  UiStatusLabel *answer = UI_STATUS_LABEL (gtk_widget_get_template_child (page, UI_TYPE_PODS_PAGE, "answer"));
  GtkWidget     *view = find_widget (page, GTK_TYPE_COLUMN_VIEW);
  const char    *text = ui_status_label_get_text (answer);

  g_test_message ("%s", text);
  if (!g_pattern_match_simple (pattern, text))
    g_error ("“%s” is not like “%s”", text, pattern);
  g_assert_cmpint (ui_status_label_get_tone (answer), ==, tone);
  g_assert_cmpint (gtk_widget_has_css_class (view, "stale"), ==, past);
  g_assert_cmpint (gtk_widget_has_css_class (GTK_WIDGET (answer), "dim-label"), ==, past);
}

static char *
format_contact (Fixture *fixture)
{
  gint64 last = kube_reflector_get_last_contact (fixture->pods);
  g_autoptr (GDateTime) contact = g_date_time_new_from_unix_local (last / G_USEC_PER_SEC);

  return g_date_time_format (contact, "* %H:%M");
}

static void
test_stall (gconstpointer data)
{
  guint            index = GPOINTER_TO_UINT (data);
  Fixture          fixture = { 0 };
  FakeExchange    *second;
  g_autofree char *clock = NULL;

  set_up (&fixture);
  kube_reflector_start (fixture.pods);
  fake_exchange_reply (fake_server_expect (fixture.server, LISTS), 200, JSON, cases[index].list);
  fake_exchange_begin (fake_server_expect (fixture.server, WATCHES));
  WAIT_UNTIL (kube_reflector_get_state (fixture.pods) == KUBE_REFLECTOR_WATCHING);
  assert_answer (&fixture, cases[index].tone, cases[index].present, FALSE);

  /* The first watch falls silent, and the second does not begin. */
  WAIT_UNTIL (kube_reflector_get_state (fixture.pods) == KUBE_REFLECTOR_BACKING_OFF);
  clock = format_contact (&fixture);
  assert_answer (&fixture, UI_TONE_NEUTRAL, cases[index].past, TRUE);
  assert_answer (&fixture, UI_TONE_NEUTRAL, clock, TRUE);
  second = fake_server_expect (fixture.server, WATCHES);
  assert_answer (&fixture, UI_TONE_NEUTRAL, cases[index].past, TRUE);
  assert_answer (&fixture, UI_TONE_NEUTRAL, clock, TRUE);

  /* It goes on, and tells what has happened. */
  fake_exchange_begin (second);
  WAIT_UNTIL (kube_reflector_get_state (fixture.pods) == KUBE_REFLECTOR_WATCHING);
  assert_answer (&fixture, cases[index].tone, cases[index].present, FALSE);
  fake_exchange_send (second, EVENT ("11", ROW ("b", "0/1", "Error", "11")));
  WAIT_UNTIL (g_strcmp0 (ui_status_label_get_text (UI_STATUS_LABEL (gtk_widget_get_template_child (GTK_WIDGET (fixture.page), UI_TYPE_PODS_PAGE, "answer"))), cases[index].present) != 0);
  tear_down (&fixture);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }
  adw_init ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/pods-page/stall/", cases[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_stall);
    }

  return g_test_run ();
}
