/* ui-settings-form.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-settings-form.h"

#include <glib/gi18n.h>

#include "stack-doctor.h"
#include "ui-build-row.h"
#include "ui-copy-row.h"
#include "ui-database-row.h"
#include "ui-field-row.h"
#include "ui-spin-row.h"
#include "ui-status-label.h"

/* How much is shown above and below the row that has the focus, in pixels. */
#define ROW_MARGIN 12

/* The questions that have to be answered before Hacky Stack can be deployed, and one bar at the
 * bottom that says whether they are. */
struct _UiSettingsForm
{
  GtkWidget parent_instance;

  StackSettings *settings; /* (owned) (nullable) */
  char          *blocker;  /* (owned) (nullable) */
  GPtrArray     *findings; /* (element-type StackFinding) (owned) (nullable) */

  UiFieldRow    *image;
  UiBuildRow    *build_row;
  UiSpinRow     *replicas;
  UiFieldRow    *host;
  UiFieldRow    *namespace_row;
  UiFieldRow    *ingress_class;
  UiFieldRow    *tls;
  UiFieldRow    *pull_policy;
  UiFieldRow    *migration_image;
  UiFieldRow    *nextauth_url;
  UiFieldRow    *nextauth_secret;
  UiFieldRow    *client_id;
  UiFieldRow    *client_secret;
  UiFieldRow    *database_url;
  UiDatabaseRow *database_row;
  UiCopyRow     *callback;
  UiStatusLabel *state;
  GtkWidget     *state_button;
};

enum
{
  PROP_0,
  PROP_SETTINGS,
  PROP_READY,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiSettingsForm, ui_settings_form, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
update_callback (UiSettingsForm *self)
{
  g_autofree char *callback = stack_settings_dup_callback_url (self->settings);

  ui_copy_row_set_text (self->callback, callback, _("Made from NEXTAUTH_URL"));
}

static guint
count_errors (UiSettingsForm *self,
              guint          *n_missing)
{
  guint n = 0;

  for (guint i = 0; self->findings != NULL && i < self->findings->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (self->findings, i);

      if (finding->severity != STACK_SEVERITY_ERROR)
        continue;
      n++;
      if (n_missing != NULL && *stack_settings_get_text (self->settings, finding->field) == '\0')
        (*n_missing)++;
    }
  return n;
}

static void
update_state (UiSettingsForm *self)
{
  guint            n_missing = 0;
  guint            n = count_errors (self, &n_missing);
  g_autofree char *words = NULL;

  gtk_widget_set_sensitive (self->state_button, n > 0);
  if (n > 0)
    {
      /* What nobody has answered yet is no mistake. */
      if (n == n_missing)
        words = g_strdup_printf (ngettext ("%u answer missing", "%u answers missing", n), n);
      else
        words = g_strdup_printf (ngettext ("%u answer to mend", "%u answers to mend", n), n);
      ui_status_label_set (self->state, UI_TONE_WARNING, words);
    }
  else if (self->blocker != NULL)
    {
      ui_status_label_set (self->state, UI_TONE_NEUTRAL, self->blocker);
    }
  else
    {
      ui_status_label_set (self->state, UI_TONE_SUCCESS, _("Ready to deploy"));
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->state_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  ui_status_label_get_text (self->state), -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

static void
on_settings_changed_cb (UiSettingsForm *self)
{
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->findings = stack_doctor_check (self->settings);
  update_callback (self);
  update_state (self);
}

static GtkWidget *
get_row (UiSettingsForm *self,
         StackFieldId    field)
{
  switch (field)
    {
    case STACK_FIELD_NAMESPACE:
      return GTK_WIDGET (self->namespace_row);

    case STACK_FIELD_HOST:
      return GTK_WIDGET (self->host);

    case STACK_FIELD_REPLICAS:
      return GTK_WIDGET (self->replicas);

    case STACK_FIELD_NEXTAUTH_URL:
      return GTK_WIDGET (self->nextauth_url);

    case STACK_FIELD_NEXTAUTH_SECRET:
      return GTK_WIDGET (self->nextauth_secret);

    case STACK_FIELD_GITHUB_CLIENT_ID:
      return GTK_WIDGET (self->client_id);

    case STACK_FIELD_GITHUB_CLIENT_SECRET:
      return GTK_WIDGET (self->client_secret);

    case STACK_FIELD_DATABASE_URL:
      return GTK_WIDGET (self->database_url);

    case STACK_FIELD_INGRESS_CLASS:
      return GTK_WIDGET (self->ingress_class);

    case STACK_FIELD_TLS:
      return GTK_WIDGET (self->tls);

    case STACK_FIELD_PULL_POLICY:
      return GTK_WIDGET (self->pull_policy);

    case STACK_FIELD_MIGRATION_IMAGE:
      return GTK_WIDGET (self->migration_image);

    case STACK_FIELD_IMAGE:
    default:
      return GTK_WIDGET (self->image);
    }
}

/* Every finding becomes visible, and the first one gets the focus. */
static void
on_state_clicked_cb (UiSettingsForm *self)
{
  gboolean focused = FALSE;

  for (guint i = 0; i < self->findings->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (self->findings, i);
      GtkWidget          *row = get_row (self, finding->field);

      if (finding->severity != STACK_SEVERITY_ERROR)
        continue;
      if (UI_IS_FIELD_ROW (row))
        ui_field_row_insist (UI_FIELD_ROW (row));
      if (!focused)
        focused = gtk_widget_grab_focus (row);
    }
}

static void
on_generate_clicked_cb (UiSettingsForm *self)
{
  g_autoptr (GError) error = NULL;

  stack_settings_set_text (self->settings, STACK_FIELD_NEXTAUTH_SECRET, "");
  if (!stack_settings_generate (self->settings, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

static GtkViewport *
get_viewport (UiSettingsForm *self)
{
  return GTK_VIEWPORT (gtk_widget_get_ancestor (GTK_WIDGET (self->image), GTK_TYPE_VIEWPORT));
}

/* The viewport itself would show the text that has the focus, without the words under it. */
static void
on_focus_changed_cb (UiSettingsForm *self)
{
  GtkRoot        *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget      *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget      *row = NULL;
  graphene_rect_t bounds;

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    row = gtk_widget_get_ancestor (focus, ADW_TYPE_PREFERENCES_ROW);
  if (row == NULL || !gtk_widget_compute_bounds (row, gtk_viewport_get_child (get_viewport (self)), &bounds))
    return;
  gtk_adjustment_clamp_page (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (get_viewport (self))),
                             bounds.origin.y - ROW_MARGIN,
                             bounds.origin.y + bounds.size.height + ROW_MARGIN);
}

static void
ui_settings_form_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ui_settings_form_parent_class)->root (widget);

  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-widget",
                           G_CALLBACK (on_focus_changed_cb), widget, G_CONNECT_SWAPPED);
}

static void
ui_settings_form_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), on_focus_changed_cb, widget);

  GTK_WIDGET_CLASS (ui_settings_form_parent_class)->unroot (widget);
}

static void
ui_settings_form_dispose (GObject *object)
{
  UiSettingsForm *self = UI_SETTINGS_FORM (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->blocker, g_free);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_SETTINGS_FORM);

  G_OBJECT_CLASS (ui_settings_form_parent_class)->dispose (object);
}

static void
ui_settings_form_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  UiSettingsForm *self = UI_SETTINGS_FORM (object);

  switch (prop_id)
    {
    case PROP_SETTINGS:
      g_value_set_object (value, ui_settings_form_get_settings (self));
      break;

    case PROP_READY:
      g_value_set_boolean (value, ui_settings_form_is_ready (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_settings_form_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SETTINGS:
      ui_settings_form_set_settings (UI_SETTINGS_FORM (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-settings-form.ui");
  /* Bound for gtk_widget_dispose_template(), which lets go of what is bound. */
  gtk_widget_class_bind_template_child_full (widget_class, "page", FALSE, 0);
  gtk_widget_class_bind_template_child_full (widget_class, "bar", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, image);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, build_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, replicas);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, host);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, namespace_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, ingress_class);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, tls);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, pull_policy);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, migration_image);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, nextauth_url);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, nextauth_secret);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, client_id);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, client_secret);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, database_url);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, database_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, callback);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, state);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, state_button);
  gtk_widget_class_bind_template_callback (widget_class, on_generate_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_state_clicked_cb);
}

static void
ui_settings_form_class_init (UiSettingsFormClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_settings_form_dispose;
  object_class->get_property = ui_settings_form_get_property;
  object_class->set_property = ui_settings_form_set_property;
  widget_class->root = ui_settings_form_root;
  widget_class->unroot = ui_settings_form_unroot;

  properties[PROP_SETTINGS] =
      g_param_spec_object ("settings", NULL, NULL, STACK_TYPE_SETTINGS,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_READY] =
      g_param_spec_boolean ("ready", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (UI_TYPE_BUILD_ROW);
  g_type_ensure (UI_TYPE_COPY_ROW);
  g_type_ensure (UI_TYPE_DATABASE_ROW);
  g_type_ensure (UI_TYPE_FIELD_ROW);
  g_type_ensure (UI_TYPE_SPIN_ROW);
  g_type_ensure (UI_TYPE_STATUS_LABEL);
  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
ui_settings_form_init (UiSettingsForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_viewport_set_scroll_to_focus (get_viewport (self), FALSE);
  gtk_orientable_set_orientation (
      GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))), GTK_ORIENTATION_VERTICAL);
}

/**
 * ui_settings_form_get_settings:
 * @self: a form
 *
 * Returns: (transfer none) (nullable): the answers
 */
StackSettings *
ui_settings_form_get_settings (UiSettingsForm *self)
{
  g_return_val_if_fail (UI_IS_SETTINGS_FORM (self), NULL);

  return self->settings;
}

/**
 * ui_settings_form_set_settings:
 * @self: a form
 * @settings: (nullable): the answers
 *
 * Shows answers; what is typed goes into them at once.
 */
void
ui_settings_form_set_settings (UiSettingsForm *self,
                               StackSettings  *settings)
{
  g_return_if_fail (UI_IS_SETTINGS_FORM (self));

  if (self->settings == settings)
    return;
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_func (self->settings, on_settings_changed_cb, self);
  g_set_object (&self->settings, settings);
  if (settings != NULL)
    {
      g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings_changed_cb), self,
                               G_CONNECT_SWAPPED);
      on_settings_changed_cb (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTINGS]);
}

/**
 * ui_settings_form_set_session:
 * @self: a form
 * @session: (nullable): a session
 *
 * Shows the settings of a session, and asks its cluster where the form has to.
 */
void
ui_settings_form_set_session (UiSettingsForm *self,
                              StackSession   *session)
{
  g_return_if_fail (UI_IS_SETTINGS_FORM (self));

  ui_settings_form_set_settings (self,
                                 session != NULL ? stack_session_get_settings (session) : NULL);
  ui_build_row_set_session (self->build_row, session);
  ui_database_row_set_session (self->database_row, session);
}

/**
 * ui_settings_form_is_ready:
 * @self: a form
 *
 * Tells whether nothing stands in the way of a deployment.
 *
 * Returns: %TRUE when there are no errors and no blocker
 */
gboolean
ui_settings_form_is_ready (UiSettingsForm *self)
{
  g_return_val_if_fail (UI_IS_SETTINGS_FORM (self), FALSE);

  return self->settings != NULL && self->blocker == NULL && count_errors (self, NULL) == 0;
}

/**
 * ui_settings_form_set_blocker:
 * @self: a form
 * @blocker: (nullable): what stands in the way although all answers are good, in words
 *
 * Says why a deployment has to wait, such as for the connection.
 */
void
ui_settings_form_set_blocker (UiSettingsForm *self,
                              const char     *blocker)
{
  g_return_if_fail (UI_IS_SETTINGS_FORM (self));

  if (g_strcmp0 (self->blocker, blocker) == 0)
    return;
  g_free (self->blocker);
  self->blocker = g_strdup (blocker);
  update_state (self);
}
