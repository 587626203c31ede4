/* ui-context-switcher.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-context-switcher.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui-context-row.h"

/* Which cluster: all contexts of all kubeconfig files, grouped by file. */
struct _UiContextSwitcher
{
  GtkWidget parent_instance;

  StackSession       *session;  /* (owned) (nullable) */
  char               *needle;   /* (owned) (nullable): what is looked for, case-folded */
  GtkFilterListModel *filtered; /* (owned) */
  GtkCustomFilter    *filter;   /* (unowned): belongs to the model */

  GtkMenuButton  *button;
  GtkLabel       *label;
  GtkPopover     *popover;
  GtkSearchEntry *search;
  GtkListBox     *list;
};

G_DEFINE_FINAL_TYPE (UiContextSwitcher, ui_context_switcher, GTK_TYPE_WIDGET)

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return ui_context_row_new (item);
}

static gboolean
match_context (gpointer item,
               gpointer user_data)
{
  UiContextSwitcher *self = user_data;
  KubeContext       *context = item;
  const char        *texts[] = { kube_context_get_name (context),
                                 kube_context_get_server (context),
                                 kube_context_get_namespace (context),
                                 kube_context_get_source (context) };

  if (self->needle == NULL || *self->needle == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *folded = texts[i] != NULL ? g_utf8_casefold (texts[i], -1) : NULL;

      if (folded != NULL && strstr (folded, self->needle) != NULL)
        return TRUE;
    }
  return FALSE;
}

static char *
dup_short_path (const char *path)
{
  const char *home = g_get_home_dir ();

  if (g_str_has_prefix (path, home) && path[strlen (home)] == '/')
    return g_strconcat ("~", path + strlen (home), NULL);
  return g_strdup (path);
}

static void
update_header (GtkListBoxRow *row,
               GtkListBoxRow *before,
               gpointer       user_data)
{
  const char      *source = kube_context_get_source (ui_context_row_get_context (
           UI_CONTEXT_ROW (row)));
  const char      *above = NULL;
  g_autofree char *path = NULL;
  GtkWidget       *label;

  if (before != NULL)
    above = kube_context_get_source (ui_context_row_get_context (UI_CONTEXT_ROW (before)));
  if (source == NULL || g_strcmp0 (source, above) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  path = dup_short_path (source);
  label = gtk_label_new (path);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (label, source);
  gtk_widget_add_css_class (label, "context-file");
  gtk_list_box_row_set_header (row, label);
}

static UiContextRow *
get_row (UiContextSwitcher *self,
         guint              index)
{
  return UI_CONTEXT_ROW (gtk_list_box_get_row_at_index (self->list, index));
}

static void
update_current (UiContextSwitcher *self)
{
  KubeContext *current = self->session != NULL ? stack_session_get_context (self->session) : NULL;
  const char  *name = current != NULL ? kube_context_get_name (current) : NULL;
  guint        n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));

  gtk_label_set_label (self->label, name != NULL ? name : _("No cluster"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button),
                               current != NULL ? kube_context_get_server (current) : NULL);
  for (guint i = 0; i < n; i++)
    ui_context_row_set_current (get_row (self, i),
                                ui_context_row_get_context (get_row (self, i)) == current);
}

static void
update_contexts (UiContextSwitcher *self)
{
  KubeConfig *config = stack_session_get_config (self->session);
  g_autoptr (GListModel) contexts = NULL;

  if (config != NULL)
    contexts = kube_config_list_contexts (config);
  gtk_filter_list_model_set_model (self->filtered, contexts);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button),
                            contexts != NULL && g_list_model_get_n_items (contexts) > 0);
  update_current (self);
}

static void
on_row_activated_cb (UiContextSwitcher *self,
                     UiContextRow      *row)
{
  gtk_popover_popdown (self->popover);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.select-context", "s",
                              kube_context_get_name (ui_context_row_get_context (row)));
}

static void
on_search_changed_cb (UiContextSwitcher *self)
{
  g_free (self->needle);
  self->needle = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_current (self);
}

static void
on_search_activated_cb (UiContextSwitcher *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));

  for (guint i = 0; i < n; i++)
    if (gtk_widget_is_sensitive (GTK_WIDGET (get_row (self, i))))
      {
        on_row_activated_cb (self, get_row (self, i));
        return;
      }
}

static void
on_popover_shown_cb (UiContextSwitcher *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
ui_context_switcher_dispose (GObject *object)
{
  UiContextSwitcher *self = UI_CONTEXT_SWITCHER (object);

  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_CONTEXT_SWITCHER);
  g_clear_object (&self->filtered);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (ui_context_switcher_parent_class)->dispose (object);
}

static void
ui_context_switcher_class_init (UiContextSwitcherClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_context_switcher_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/app/ui-context-switcher.ui");
  gtk_widget_class_bind_template_child (widget_class, UiContextSwitcher, button);
  gtk_widget_class_bind_template_child (widget_class, UiContextSwitcher, label);
  gtk_widget_class_bind_template_child (widget_class, UiContextSwitcher, list);
  gtk_widget_class_bind_template_child (widget_class, UiContextSwitcher, popover);
  gtk_widget_class_bind_template_child (widget_class, UiContextSwitcher, search);
  gtk_widget_class_bind_template_callback (widget_class, on_popover_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
ui_context_switcher_init (UiContextSwitcher *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filter = gtk_custom_filter_new (match_context, self, NULL);
  self->filtered = gtk_filter_list_model_new (NULL, GTK_FILTER (self->filter));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->filtered), create_row, NULL, NULL);
  /* GtkMenuButton puts its child in the middle. */
  gtk_widget_set_halign (gtk_widget_get_parent (gtk_menu_button_get_child (self->button)),
                         GTK_ALIGN_FILL);
  gtk_list_box_set_header_func (self->list, update_header, NULL, NULL);
  update_current (self);
}

/**
 * ui_context_switcher_set_session:
 * @self: a switcher
 * @session: (nullable): a session
 *
 * Offers the contexts of a session. Choosing one activates "win.select-context".
 */
void
ui_context_switcher_set_session (UiContextSwitcher *self,
                                 StackSession      *session)
{
  g_return_if_fail (UI_IS_CONTEXT_SWITCHER (self));

  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->session, update_contexts, self);
      g_signal_handlers_disconnect_by_func (self->session, update_current, self);
    }
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_object (session, "notify::config", G_CALLBACK (update_contexts), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::context", G_CALLBACK (update_current), self,
                           G_CONNECT_SWAPPED);
  update_contexts (self);
}
