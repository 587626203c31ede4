/* test-pods-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What somebody looks at stays where it is while the list below it is made anew. */

#include <adwaita.h>

#include "fake-server.h"
#include "kube-reflector-private.h"
#include "ui-pods-page.h"

#define JSON "application/json"
#define LISTS "/api/v1/namespaces/shop/pods?*limit=*"
#define WATCHES "/api/v1/namespaces/shop/pods?*watch=1*"
#define GONE "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old\"}"

#define N_PODS 300
#define SELECTED 152

typedef struct
{
  FakeServer         *server;
  KubeClient         *client;
  KubeReflector      *pods;
  GtkWidget          *window;
  UiPodsPage         *page;
  GtkWidget          *view;
  GtkSingleSelection *selection;
  GtkAdjustment      *adjustment;
  guint               n_changed;
} Fixture;

static const KubeReflectorTiming quick = { { 10, 40, 20, 50 }, 300, 5000, 30000, 180000 };

/* How a list differs from the first one. */
typedef struct
{
  const char *name;
  gboolean    is_away;     /* the watch is cut, and the cluster is away for a while */
  guint       n_first;     /* so many at the beginning are missing */
  guint       n_last;      /* so many at the end are missing */
  guint       n_added;     /* behind every tenth, so many new ones */
  gboolean    are_changed; /* every third is in another status */
} Change;

static const Change changes[] = {
  { "nothing", FALSE, 0, 0, 0, FALSE },
  { "changed", FALSE, 0, 0, 0, TRUE },
  { "fewer-above", FALSE, 40, 0, 0, FALSE },
  { "fewer-below", FALSE, 0, 40, 0, FALSE },
  { "more", FALSE, 0, 0, 2, FALSE },
  { "all", FALSE, 30, 20, 1, TRUE },
  { "all-after-a-cut", TRUE, 30, 20, 1, TRUE },
};

static void
append_row (GString    *rows,
            const char *name,
            const char *status,
            guint       version)
{
  g_string_append_printf (rows,
                          "%s{\"cells\":[\"%s\",\"1/1\",\"%s\",\"0\",\"5m\"],\"object\":{\"metadata\":{\"name\":\"%s\","
                          "\"namespace\":\"shop\",\"uid\":\"%s\",\"resourceVersion\":\"%u\","
                          "\"creationTimestamp\":\"2024-05-01T10:00:00Z\"}}}",
                          rows->len > 0 ? "," : "", name, status, name, name, version);
}

static char *
print_list (const Change *change,
            guint         version)
{
  g_autoptr (GString) rows = g_string_new (NULL);

  for (guint i = change->n_first; i < N_PODS - change->n_last; i++)
    {
      g_autofree char *name = g_strdup_printf ("pod-%03u", i);
      gboolean         changed = change->are_changed && i % 3 == 0;

      append_row (rows, name, changed ? "CrashLoopBackOff" : "Running", changed ? version : 3);
      for (guint j = 0; i % 10 == 0 && j < change->n_added; j++)
        {
          g_autofree char *other = g_strdup_printf ("%s-%u", name, j);

          append_row (rows, other, "Pending", version);
        }
    }

  return g_strdup_printf ("{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"%u\"},\"columnDefinitions\":["
                          "{\"name\":\"Name\",\"format\":\"name\",\"priority\":0},{\"name\":\"Ready\",\"priority\":0},"
                          "{\"name\":\"Status\",\"priority\":0},{\"name\":\"Restarts\",\"priority\":0},"
                          "{\"name\":\"Age\",\"priority\":0}],\"rows\":[%s]}",
                          version, rows->str);
}

static void
on_changed_cb (Fixture *fixture)
{
  fixture->n_changed++;
}

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

/* What was asked of the layout has happened. */
static void
draw (Fixture *fixture)
{
  for (guint i = 0; i < 3; i++)
    {
      gtk_widget_queue_draw (fixture->window);
      gtk_test_widget_wait_for_draw (fixture->window);
    }
}

static void
set_up (Fixture *fixture)
{
  fixture->server = fake_server_new ();
  fixture->client = fake_server_connect (fixture->server);
  fixture->pods = kube_reflector_new (fixture->client, &KUBE_POD, "shop", KUBE_FORM_TABLE, NULL);
  _kube_reflector_set_timing (fixture->pods, &quick);
  g_signal_connect_swapped (fixture->pods, "changed", G_CALLBACK (on_changed_cb), fixture);
  fixture->page = g_object_new (UI_TYPE_PODS_PAGE, NULL);
  ui_pods_page_set_pods (fixture->page, fixture->pods, "shop");
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 500);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture->view = find_widget (GTK_WIDGET (fixture->page), GTK_TYPE_COLUMN_VIEW);
  fixture->selection = GTK_SINGLE_SELECTION (gtk_column_view_get_model (GTK_COLUMN_VIEW (fixture->view)));
  fixture->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (fixture->view));
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

/* The name in the topmost row that can be seen, and where that row begins. */
static char *
dup_first_visible (Fixture *fixture,
                   double  *offset)
{
  GtkWidget *list = find_widget (fixture->view, GTK_TYPE_LIST_VIEW);
  GtkWidget *first = NULL;
  double     best = G_MAXDOUBLE;

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (row) || !gtk_widget_compute_bounds (row, list, &bounds) ||
          bounds.origin.y + bounds.size.height <= 0 || bounds.origin.y >= best)
        continue;
      best = bounds.origin.y;
      first = row;
    }
  g_assert_nonnull (first);
  *offset = best;
  return g_strdup (gtk_label_get_label (GTK_LABEL (find_widget (first, GTK_TYPE_LABEL))));
}

static const char *
get_selected (Fixture *fixture)
{
  KubeObject *pod = gtk_single_selection_get_selected_item (fixture->selection);

  return pod != NULL ? kube_object_get_name (pod) : NULL;
}

static void
reply_list (Fixture      *fixture,
            const Change *change,
            guint         version)
{
  g_autofree char *list = print_list (change, version);
  guint            n_changed = fixture->n_changed;

  fake_exchange_reply (fake_server_expect (fixture->server, LISTS), 200, JSON, list);
  WAIT_UNTIL (fixture->n_changed > n_changed);
}

/* The server has forgotten where the watch was: it says so in the watch, or after it was away. */
static void
relist (Fixture      *fixture,
        FakeExchange *watch,
        const Change *change)
{
  if (change->is_away)
    {
      fake_server_go_away (fixture->server);
      WAIT_UNTIL (kube_reflector_get_state (fixture->pods) == KUBE_REFLECTOR_BACKING_OFF);
      draw (fixture);
      fake_server_come_back (fixture->server);
      fake_exchange_reply (fake_server_expect (fixture->server, WATCHES), 410, JSON, GONE);
    }
  else
    {
      fake_exchange_send (watch, "{\"type\":\"ERROR\",\"object\":" GONE "}\n");
    }
  reply_list (fixture, change, 20);
  fake_exchange_begin (fake_server_expect (fixture->server, WATCHES));
}

static void
test_relist (gconstpointer data)
{
  const Change    *change = data;
  Fixture          fixture = { 0 };
  FakeExchange    *watch;
  double           before, after;
  g_autofree char *first = NULL;
  g_autofree char *now_first = NULL;

  set_up (&fixture);
  kube_reflector_start (fixture.pods);
  reply_list (&fixture, &changes[0], 10);
  watch = fake_server_expect (fixture.server, WATCHES);
  fake_exchange_begin (watch);
  draw (&fixture);

  gtk_single_selection_set_selected (fixture.selection, SELECTED);
  g_assert_cmpstr (get_selected (&fixture), ==, "pod-152");
  /* Between two rows. */
  gtk_adjustment_set_value (fixture.adjustment, gtk_adjustment_get_upper (fixture.adjustment) / 2 + 7);
  draw (&fixture);
  first = dup_first_visible (&fixture, &before);
  g_assert_cmpstr (first, >, "pod-140");
  g_assert_cmpstr (first, <, "pod-160");

  relist (&fixture, watch, change);
  draw (&fixture);
  now_first = dup_first_visible (&fixture, &after);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture.selection)), ==,
                    N_PODS - change->n_first - change->n_last +
                        change->n_added * ((N_PODS - change->n_first - change->n_last) / 10));
  g_assert_cmpstr (get_selected (&fixture), ==, "pod-152");
  g_assert_cmpstr (now_first, ==, first);
  g_assert_cmpfloat_with_epsilon (after, before, 1.0);
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
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strconcat ("/pods-page/relist/", changes[i].name, NULL);

      g_test_add_data_func (path, &changes[i], test_relist);
    }

  return g_test_run ();
}
