/* ui-settings-form.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-settings-form.h"

#include <glib/gi18n.h>

#include "stack-doctor.h"
#include "stack-ingress-class.h"
#include "ui-build-row.h"
#include "ui-choice-row.h"
#include "ui-cluster-row.h"
#include "ui-copy-row.h"
#include "ui-database-row.h"
#include "ui-field-row.h"
#include "ui-import-dialog.h"
#include "ui-profile-row.h"
#include "ui-question.h"
#include "ui-spin-row.h"
#include "ui-status-label.h"
#include "ui-switch-row.h"
#include "ui-variables-group.h"

/* How much is shown above and below the row that has the focus, in pixels. */
#define ROW_MARGIN 12

/* The questions that have to be answered before Hacky Stack can be deployed, and one bar at the
 * bottom that says whether they are. */
struct _UiSettingsForm
{
  GtkWidget parent_instance;

  StackSession  *session;       /* (owned) (nullable) */
  StackSettings *settings;      /* (owned) (nullable) */
  char          *blocker;       /* (owned) (nullable) */
  GPtrArray     *findings;      /* (element-type StackFinding) (owned) (nullable) */
  GPtrArray     *cluster_finds; /* (element-type StackFinding) (owned) (nullable) */
  GCancellable  *listing;       /* (owned) (nullable): exists while Ingress classes are listed */

  UiProfileRow     *profile_row;
  UiFieldRow       *image;
  UiBuildRow       *build_row;
  UiSpinRow        *replicas;
  UiFieldRow       *host;
  UiFieldRow       *namespace_row;
  UiFieldRow       *ingress_class;
  UiChoiceRow      *ingress_choice;
  UiSwitchRow      *tls;
  UiChoiceRow      *pull_policy;
  GtkSwitch        *migrates;
  UiFieldRow       *migration_image;
  UiFieldRow       *nextauth_url;
  UiFieldRow       *nextauth_secret;
  UiFieldRow       *client_id;
  UiFieldRow       *client_secret;
  UiFieldRow       *database_url;
  UiDatabaseRow    *database_row;
  UiClusterRow     *cluster_row;
  UiVariablesGroup *variables;
  UiCopyRow        *callback;
  UiStatusLabel    *state;
  GtkWidget        *state_button;
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

static char *
build_state (UiSettingsForm *self,
             UiTone         *tone)
{
  guint n_missing = 0;
  guint n_errors = count_errors (self, &n_missing);
  guint n_changes = self->settings != NULL ? stack_settings_get_n_changes (self->settings) : 0;

  *tone = n_errors > 0 ? UI_TONE_WARNING : UI_TONE_NEUTRAL;
  /* What nobody has answered yet is no mistake. */
  if (n_errors > 0 && n_errors == n_missing)
    return g_strdup_printf (ngettext ("%u answer missing", "%u answers missing", n_errors), n_errors);
  if (n_errors > 0)
    return g_strdup_printf (ngettext ("%u answer to mend", "%u answers to mend", n_errors), n_errors);
  if (self->blocker != NULL)
    return g_strdup (self->blocker);
  if (n_changes > 0)
    return g_strdup_printf (ngettext ("%u change", "%u changes", n_changes), n_changes);

  *tone = UI_TONE_SUCCESS;

  return g_strdup (_("Ready to deploy"));
}

static void
update_state (UiSettingsForm *self)
{
  guint            n_errors = count_errors (self, NULL);
  gboolean         changed = self->settings != NULL && stack_settings_get_n_changes (self->settings) > 0;
  UiTone           tone;
  g_autofree char *words = build_state (self, &tone);

  gtk_widget_set_sensitive (self->state_button, n_errors > 0 || changed);
  gtk_widget_set_tooltip_text (self->state_button,
                               n_errors > 0 ? _("Go to the first answer to mend")
                                            : changed
                               ? _("Go to the first answer that was changed since the last deployment")
                               : NULL);
  ui_status_label_set (self->state, tone, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->state_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  ui_status_label_get_text (self->state), -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

/* The question goes away only when nobody is at it: who empties it may be about to write anew. */
static void
update_migration (UiSettingsForm *self)
{
  gboolean answered = *stack_settings_get_text (self->settings, STACK_FIELD_MIGRATION_IMAGE) != '\0';
  gboolean at_it = gtk_widget_get_focus_child (GTK_WIDGET (self->migration_image)) != NULL;

  if (answered || !at_it)
    gtk_switch_set_active (self->migrates, answered);
}

static void
on_settings_changed_cb (UiSettingsForm *self)
{
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->findings = stack_doctor_check (self->settings);
  update_callback (self);
  update_migration (self);
  update_state (self);
}

/* The app's own image can mostly do it, and is a beginning. */
static void
on_migrates_cb (UiSettingsForm *self)
{
  gboolean    active = gtk_switch_get_active (self->migrates);
  const char *now;

  if (self->settings == NULL)
    return;
  now = stack_settings_get_text (self->settings, STACK_FIELD_MIGRATION_IMAGE);
  if (active && *now == '\0')
    stack_settings_set_text (self->settings, STACK_FIELD_MIGRATION_IMAGE,
                             stack_settings_get_text (self->settings, STACK_FIELD_IMAGE));
  else if (!active)
    stack_settings_set_text (self->settings, STACK_FIELD_MIGRATION_IMAGE, "");
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
      return gtk_widget_get_visible (GTK_WIDGET (self->ingress_choice))
                 ? GTK_WIDGET (self->ingress_choice)
                 : GTK_WIDGET (self->ingress_class);

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

static void
go_to_first_change (UiSettingsForm *self)
{
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (stack_settings_is_changed (self->settings, i) &&
          gtk_widget_grab_focus (get_row (self, i)))
        return;
    }
}

/* Every finding becomes visible, and the first one gets the focus. */
static void
on_state_clicked_cb (UiSettingsForm *self)
{
  gboolean focused = FALSE;

  if (count_errors (self, NULL) == 0)
    go_to_first_change (self);
  for (guint i = 0; i < self->findings->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (self->findings, i);
      GtkWidget          *row = get_row (self, finding->field);

      if (finding->severity != STACK_SEVERITY_ERROR)
        continue;
      ui_question_insist (UI_QUESTION (row));
      if (!focused)
        focused = gtk_widget_grab_focus (row);
    }
}

static void
on_findings_cb (UiSettingsForm *self,
                GPtrArray      *findings)
{
  g_clear_pointer (&self->cluster_finds, g_ptr_array_unref);
  if (findings != NULL)
    self->cluster_finds = g_ptr_array_ref (findings);
  for (guint i = 0; i < N_STACK_FIELDS; i++)
    ui_question_show_findings (UI_QUESTION (get_row (self, i)), findings);
}

static void
on_show_findings_cb (UiSettingsForm *self)
{
  const StackFinding *first = NULL;

  for (guint i = 0; self->cluster_finds != NULL && i < self->cluster_finds->len; i++)
    {
      const StackFinding *finding = g_ptr_array_index (self->cluster_finds, i);

      if (first == NULL || finding->severity > first->severity)
        first = finding;
    }
  if (first != NULL)
    gtk_widget_child_focus (get_row (self, first->field), GTK_DIR_TAB_FORWARD);
}

static void
on_import_action_cb (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  UiSettingsForm *self = UI_SETTINGS_FORM (widget);

  if (self->settings != NULL)
    ui_import_dialog_choose_file (widget, self->settings);
}

static gboolean
on_drop_cb (UiSettingsForm *self,
            const GValue   *value)
{
  GSList *files = g_value_get_boxed (value);

  if (self->settings == NULL || files == NULL)
    return FALSE;
  if (files->next != NULL)
    {
      gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s",
                                  _("Drop one .env file at a time"));
      return FALSE;
    }
  ui_import_dialog_open_file (GTK_WIDGET (self), self->settings, files->data);

  return TRUE;
}

static void
add_drop_target (UiSettingsForm *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (on_drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* Ingress classes: a choice where the cluster tells which it has, and a text where it does not. */

static void
show_classes (UiSettingsForm *self,
              GPtrArray      *classes)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new ();
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  const StackIngressClass *usual = NULL;

  g_ptr_array_add (values, (gpointer) "");
  g_ptr_array_add (labels, NULL);
  for (guint i = 0; i < classes->len; i++)
    {
      StackIngressClass *class = g_ptr_array_index (classes, i);

      g_ptr_array_add (values, class->name);
      g_ptr_array_add (labels, g_strdup (class->name));
      if (usual == NULL || (class->is_default && !usual->is_default))
        usual = class;
    }
  if (usual == NULL)
    labels->pdata[0] = g_strdup (_("The cluster has none"));
  else
    labels->pdata[0] = g_strdup_printf (usual->is_default ? _("The cluster’s default: %s")
                                                          : _("Any: %s"),
                                                               usual->name);
  g_ptr_array_add (values, NULL);
  g_ptr_array_add (labels, NULL);
  ui_choice_row_set_choices (self->ingress_choice, (const char *const *) values->pdata,
                             (const char *const *) labels->pdata);
}

static void
show_class_rows (UiSettingsForm *self,
                 gboolean        known)
{
  gtk_widget_set_visible (GTK_WIDGET (self->ingress_choice), known);
  gtk_widget_set_visible (GTK_WIDGET (self->ingress_class), !known);
}

static void
on_classes_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiSettingsForm) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) classes = stack_ingress_class_list_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->listing);
  if (classes != NULL)
    show_classes (self, classes);
  show_class_rows (self, classes != NULL);
}

static void
stop_listing (UiSettingsForm *self)
{
  g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
}

static void
list_classes (UiSettingsForm *self)
{
  stop_listing (self);
  if (self->session == NULL ||
      stack_session_get_connection (self->session) != STACK_CONNECTION_CONNECTED)
    {
      show_class_rows (self, FALSE);
      return;
    }
  self->listing = g_cancellable_new ();
  stack_ingress_class_list_async (stack_session_get_client (self->session), self->listing,
                                  on_classes_cb, g_object_ref (self));
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

  stop_listing (self);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->blocker, g_free);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->cluster_finds, g_ptr_array_unref);
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
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, profile_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, image);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, build_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, replicas);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, host);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, namespace_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, ingress_class);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, ingress_choice);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, tls);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, pull_policy);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, migrates);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, migration_image);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, nextauth_url);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, nextauth_secret);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, client_id);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, client_secret);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, database_url);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, database_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, variables);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, cluster_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, callback);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, state);
  gtk_widget_class_bind_template_child (widget_class, UiSettingsForm, state_button);
  gtk_widget_class_bind_template_callback (widget_class, on_findings_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_generate_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_migrates_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_show_findings_cb);
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
  g_type_ensure (UI_TYPE_CHOICE_ROW);
  g_type_ensure (UI_TYPE_CLUSTER_ROW);
  g_type_ensure (UI_TYPE_COPY_ROW);
  g_type_ensure (UI_TYPE_DATABASE_ROW);
  g_type_ensure (UI_TYPE_FIELD_ROW);
  g_type_ensure (UI_TYPE_PROFILE_ROW);
  g_type_ensure (UI_TYPE_SPIN_ROW);
  g_type_ensure (UI_TYPE_STATUS_LABEL);
  g_type_ensure (UI_TYPE_SWITCH_ROW);
  g_type_ensure (UI_TYPE_VARIABLES_GROUP);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "form.import", NULL, on_import_action_cb);
  gtk_widget_class_set_css_name (widget_class, "settingsform");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
ui_settings_form_init (UiSettingsForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_viewport_set_scroll_to_focus (get_viewport (self), FALSE);
  add_drop_target (self);
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
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_set_object (&self->settings, settings);
  if (settings != NULL)
    {
      g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (settings, "notify::extra", G_CALLBACK (update_state), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (settings, "notify::n-changes", G_CALLBACK (update_state), self,
                               G_CONNECT_SWAPPED);
      on_settings_changed_cb (self);
    }
  ui_variables_group_set_settings (self->variables, settings);
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
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, list_classes, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_object (session, "notify::connection", G_CALLBACK (list_classes), self,
                             G_CONNECT_SWAPPED);
  ui_profile_row_set_session (self->profile_row, session);
  ui_database_row_set_session (self->database_row, session);
  ui_cluster_row_set_session (self->cluster_row, session);
  list_classes (self);
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

/**
 * ui_settings_form_set_busy:
 * @self: a form
 * @busy: whether a deployment is going on
 *
 * Another profile is not turned to meanwhile, since that would end it.
 */
void
ui_settings_form_set_busy (UiSettingsForm *self,
                           gboolean        busy)
{
  g_return_if_fail (UI_IS_SETTINGS_FORM (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->profile_row), !busy);
}
