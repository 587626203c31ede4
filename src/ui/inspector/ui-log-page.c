/* ui-log-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-log-page.h"

#include <glib/gi18n.h>

#include "kube-log-stream.h"
#include "kube-pod.h"
#include "ui-log-search.h"
#include "ui-log-view.h"
#include "ui-status-label.h"

/* How much of the past is asked for. */
#define TAIL_LINES 10000

/* "What did it say just before?": the log of one container, followed. */
struct _UiLogPage
{
  GtkWidget parent_instance;

  KubeClient    *client;      /* (owned) (nullable) */
  KubeReflector *pods;        /* (owned) (nullable) */
  KubeObject    *pod;         /* (owned) (nullable): the pod whose log is shown */
  char          *wanted;      /* (owned) (nullable): a pod to show as soon as it is known */
  KubeLogStream *stream;      /* (owned) (nullable) */
  UiLogSearch   *search;      /* (owned) */
  GCancellable  *cancellable; /* (owned) (nullable): of asking for the containers */
  gboolean       filling;     /* the containers are being put in, not chosen */

  GtkStack         *stack;
  GtkDropDown      *pod_chooser;
  GtkSortListModel *sorted;
  GtkDropDown      *container_chooser;
  GtkStringList    *containers;
  GtkSearchBar     *search_bar;
  GtkSearchEntry   *search_entry;
  GtkLabel         *match_count;
  UiLogView        *view;
  GtkLabel         *silence;
  UiStatusLabel    *state;
  GtkLabel         *line_count;
};

G_DEFINE_FINAL_TYPE (UiLogPage, ui_log_page, GTK_TYPE_WIDGET)

static UiTone
describe_state (UiLogPage   *self,
                const char **words)
{
  const char *detail = kube_log_stream_get_detail (self->stream);

  switch (kube_log_stream_get_state (self->stream))
    {
    case KUBE_LOG_CONNECTING:
      *words = _("Asking for the log…");
      return UI_TONE_PROGRESS;

    case KUBE_LOG_FOLLOWING:
      *words = _("New lines appear as they are written");
      return UI_TONE_SUCCESS;

    case KUBE_LOG_WAITING:
      *words = detail != NULL ? detail : _("Waiting for the container to start");
      return UI_TONE_PROGRESS;

    case KUBE_LOG_ENDED:
      *words = _("The container has ended: this is its whole log");
      return UI_TONE_NEUTRAL;

    case KUBE_LOG_FAILED:
      *words = kube_log_stream_get_error (self->stream) != NULL
                   ? kube_log_stream_get_error (self->stream)->message
                   : _("The log cannot be read");
      return UI_TONE_ERROR;

    case KUBE_LOG_IDLE:
    default:
      *words = _("Not reading");
      return UI_TONE_NEUTRAL;
    }
}

static void
update_state (UiLogPage *self)
{
  g_autofree char *count = NULL;
  const char      *words = NULL;
  UiTone           tone;
  guint            n;

  if (self->stream == NULL)
    return;
  n = g_list_model_get_n_items (G_LIST_MODEL (kube_log_stream_get_buffer (self->stream)));
  tone = describe_state (self, &words);
  ui_status_label_set (self->state, tone, words);
  /* Translators: %'u is a number with the thousands grouped. */
  count = g_strdup_printf (ngettext ("%'u line", "%'u lines", n), n);
  gtk_label_set_label (self->line_count, count);
  gtk_widget_set_visible (GTK_WIDGET (self->silence), n == 0);
  gtk_label_set_label (self->silence, n == 0 ? _("Nothing has been written yet") : "");
}

static void
update_page (UiLogPage *self)
{
  gboolean    have_pods = self->pods != NULL && g_list_model_get_n_items (kube_reflector_get_model (self->pods)) > 0;
  gboolean    known = self->pods != NULL && kube_reflector_get_synced (self->pods);
  const char *name = "log";

  if (self->pod == NULL && !have_pods)
    name = known ? "empty" : "nothing";
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
stop_stream (UiLogPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->stream == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->stream, self);
  kube_log_stream_stop (self->stream);
  ui_log_search_set_buffer (self->search, NULL);
  ui_log_view_set_buffer (self->view, NULL);
  g_clear_object (&self->stream);
}

static void
start_stream (UiLogPage  *self,
              const char *container)
{
  KubeLogOptions options = KUBE_LOG_OPTIONS_INIT;
  KubeLogBuffer *buffer;

  stop_stream (self);
  self->stream = kube_log_stream_new (self->client, kube_object_get_namespace (self->pod),
                                      kube_object_get_name (self->pod), container);
  buffer = kube_log_stream_get_buffer (self->stream);
  options.follow = TRUE;
  options.tail_lines = TAIL_LINES;
  kube_log_stream_set_options (self->stream, &options);
  g_signal_connect_object (self->stream, "notify", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->stream, "lines", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  ui_log_view_set_buffer (self->view, buffer);
  ui_log_search_set_buffer (self->search, buffer);
  kube_log_stream_start (self->stream);
  update_state (self);
}

static void
on_container_chosen_cb (UiLogPage *self)
{
  guint index = gtk_drop_down_get_selected (self->container_chooser);

  if (self->filling || index == GTK_INVALID_LIST_POSITION || self->pod == NULL)
    return;
  start_stream (self, gtk_string_list_get_string (self->containers, index));
}

static void
fill_containers (UiLogPage         *self,
                 const char *const *names)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->containers));

  self->filling = TRUE;
  gtk_string_list_splice (self->containers, 0, n, names);
  if (names != NULL && names[0] != NULL)
    gtk_drop_down_set_selected (self->container_chooser, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->container_chooser),
                          names != NULL && names[0] != NULL && names[1] != NULL);
  self->filling = FALSE;
}

/* A row of the table of pods does not say which containers a pod has. */
static void
on_pod_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (UiLogPage) self = user_data;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  node = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  /* Without the names there is the first container's log still, and its state says the rest. */
  if (node == NULL)
    return;
  names = kube_pod_dup_containers (node);
  fill_containers (self, (const char *const *) names);
}

static void
read_containers (UiLogPage *self)
{
  g_autoptr (KubeRequest) request = NULL;

  request = kube_request_new_get (&KUBE_POD, kube_object_get_namespace (self->pod),
                                  kube_object_get_name (self->pod));
  self->cancellable = g_cancellable_new ();
  kube_client_call_async (self->client, request, self->cancellable, on_pod_read_cb,
                          g_object_ref (self));
}

static void
set_pod (UiLogPage  *self,
         KubeObject *pod)
{
  if (self->pod == pod && self->stream != NULL)
    return;
  g_set_object (&self->pod, pod);
  fill_containers (self, NULL);
  if (pod == NULL)
    {
      stop_stream (self);
    }
  else
    {
      start_stream (self, NULL);
      read_containers (self);
    }
  update_page (self);
}

/* A pod that is gone leaves its log on the screen, until another one is chosen. */
static void
on_pod_chosen_cb (UiLogPage *self)
{
  KubeObject *pod = gtk_drop_down_get_selected_item (self->pod_chooser);

  if (pod != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    set_pod (self, pod);
}

static gboolean
choose_pod (UiLogPage  *self,
            const char *name)
{
  GListModel *model = G_LIST_MODEL (self->sorted);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (KubeObject) pod = g_list_model_get_item (model, i);

      if (name != NULL && !g_str_equal (kube_object_get_name (pod), name))
        continue;
      gtk_drop_down_set_selected (self->pod_chooser, i);
      set_pod (self, pod);
      return TRUE;
    }
  return FALSE;
}

static void
choose_wanted_pod (UiLogPage *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (self->wanted != NULL && choose_pod (self, self->wanted))
    g_clear_pointer (&self->wanted, g_free);
  if (self->pod == NULL)
    choose_pod (self, NULL);
}

static void
on_pods_changed_cb (UiLogPage *self)
{
  choose_wanted_pod (self);
  update_page (self);
}

static void
on_search_changed_cb (UiLogPage *self)
{
  const char *needle = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));

  ui_log_search_set_needle (self->search, needle);
  ui_log_view_set_needle (self->view, ui_log_search_get_needle (self->search));
}

static void
on_matches_changed_cb (UiLogPage *self)
{
  guint            n = ui_log_search_get_count (self->search);
  guint            current = ui_log_search_get_current (self->search);
  g_autofree char *words = NULL;

  if (ui_log_search_get_needle (self->search) == NULL)
    words = g_strdup ("");
  else if (n == 0)
    words = g_strdup (_("None"));
  else
    words = g_strdup_printf (C_("number of the match of number of matches", "%u of %u"), current,
                                 n);
  gtk_label_set_label (self->match_count, words);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.next-match", n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "log.previous-match", n > 0);
}

static void
on_step_action_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  UiLogPage *self = UI_LOG_PAGE (widget);
  int        direction = g_str_equal (action_name, "log.next-match") ? 1 : -1;
  guint      index = ui_log_search_step (self->search, direction);

  if (index != G_MAXUINT)
    ui_log_view_show_line (self->view, index);
}

static void
on_next_match_cb (UiLogPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "log.next-match", NULL);
}

static void
on_search_stopped_cb (UiLogPage *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

static void
ui_log_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ui_log_page_parent_class)->map (widget);

  on_pods_changed_cb (UI_LOG_PAGE (widget));
}

static gboolean
ui_log_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (GTK_WIDGET (UI_LOG_PAGE (widget)->view), GTK_DIR_TAB_FORWARD);
}

static void
ui_log_page_dispose (GObject *object)
{
  UiLogPage *self = UI_LOG_PAGE (object);

  if (self->view != NULL)
    stop_stream (self);
  if (self->sorted != NULL)
    gtk_sort_list_model_set_model (self->sorted, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_LOG_PAGE);
  g_clear_object (&self->client);
  g_clear_object (&self->pods);
  g_clear_object (&self->pod);
  g_clear_object (&self->search);
  g_clear_pointer (&self->wanted, g_free);

  G_OBJECT_CLASS (ui_log_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/inspector/ui-log-page.ui");
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, container_chooser);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, containers);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, line_count);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, match_count);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, pod_chooser);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, silence);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, sorted);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, stack);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, state);
  gtk_widget_class_bind_template_child (widget_class, UiLogPage, view);
  gtk_widget_class_bind_template_callback (widget_class, on_container_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_next_match_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_pod_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped_cb);
}

static void
ui_log_page_class_init (UiLogPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_log_page_dispose;
  widget_class->grab_focus = ui_log_page_grab_focus;
  widget_class->map = ui_log_page_map;

  g_type_ensure (KUBE_TYPE_OBJECT);
  g_type_ensure (UI_TYPE_LOG_VIEW);
  g_type_ensure (UI_TYPE_STATUS_LABEL);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "log.next-match", NULL, on_step_action_cb);
  gtk_widget_class_install_action (widget_class, "log.previous-match", NULL, on_step_action_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK,
                                       "log.next-match", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_G, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "log.previous-match", NULL);
}

static void
ui_log_page_init (UiLogPage *self)
{
  self->search = ui_log_search_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect_object (self->search, "changed", G_CALLBACK (on_matches_changed_cb), self,
                           G_CONNECT_SWAPPED);
  on_matches_changed_cb (self);
}

/**
 * ui_log_page_set_pods:
 * @self: a page
 * @client: (nullable): the way to the cluster
 * @pods: (nullable): the pods to choose from
 *
 * Offers the logs of other pods.
 */
void
ui_log_page_set_pods (UiLogPage     *self,
                      KubeClient    *client,
                      KubeReflector *pods)
{
  g_return_if_fail (UI_IS_LOG_PAGE (self));
  g_return_if_fail (pods == NULL || client != NULL);

  if (self->pods != NULL)
    g_signal_handlers_disconnect_by_data (self->pods, self);
  set_pod (self, NULL);
  gtk_sort_list_model_set_model (self->sorted, NULL);
  g_set_object (&self->client, client);
  g_set_object (&self->pods, pods);
  if (pods != NULL)
    {
      gtk_sort_list_model_set_model (self->sorted, kube_reflector_get_model (pods));
      g_signal_connect_object (pods, "changed", G_CALLBACK (on_pods_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (pods, "notify::synced", G_CALLBACK (on_pods_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  on_pods_changed_cb (self);
}

/**
 * ui_log_page_show_pod:
 * @self: a page
 * @name: a pod's name
 *
 * Shows the log of a pod, as soon as the pod is known.
 */
void
ui_log_page_show_pod (UiLogPage  *self,
                      const char *name)
{
  g_return_if_fail (UI_IS_LOG_PAGE (self));
  g_return_if_fail (name != NULL);

  g_free (self->wanted);
  self->wanted = g_strdup (name);
  choose_wanted_pod (self);
}

/**
 * ui_log_page_find:
 * @self: a page
 *
 * Opens the search.
 */
void
ui_log_page_find (UiLogPage *self)
{
  g_return_if_fail (UI_IS_LOG_PAGE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}
