/* ui-build-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-build-row.h"

#include <glib/gi18n.h>

#include "stack-image-build.h"
#include "ui-output-view.h"
#include "ui-status-label.h"

/* The other way to an image than to name one: a folder with a Dockerfile is built into the cluster,
 * and what comes of it becomes the answer to the question for the image. */
struct _UiBuildRow
{
  AdwExpanderRow parent_instance;

  StackSession         *session;     /* (owned) (nullable) */
  StackImageBuild      *build;       /* (owned) (nullable): the last one */
  GCancellable         *cancellable; /* (owned) (nullable): exists while it runs */
  GtkFileChooserNative *chooser;     /* (owned) (nullable): while it is open */

  AdwEntryRow   *folder;
  AdwComboRow   *builder;
  GtkLabel      *explanation;
  UiStatusLabel *state;
  GtkSpinner    *spinner;
  GtkButton     *button;
  GtkWidget     *expander;
  UiOutputView  *view;
};

G_DEFINE_FINAL_TYPE (UiBuildRow, ui_build_row, ADW_TYPE_EXPANDER_ROW)

static void
show_state (UiBuildRow *self,
            UiTone      tone,
            const char *words)
{
  if (words != NULL)
    ui_status_label_set (self->state, tone, words);
  gtk_widget_set_visible (GTK_WIDGET (self->state), words != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), words == NULL);
}

static gboolean
can_build (UiBuildRow *self)
{
  KubeContext *context = self->session != NULL ? stack_session_get_context (self->session) : NULL;

  return context != NULL && stack_image_get_profile (context) != NULL;
}

static void
update (UiBuildRow *self)
{
  gboolean    running = self->cancellable != NULL;
  const char *folder = gtk_editable_get_text (GTK_EDITABLE (self->folder));

  gtk_label_set_label (self->explanation,
                       can_build (self)
                       ? _("The image is put on the cluster’s nodes, under a name made from its contents.")
                       : _("Only for clusters of Minikube’s. For this one, push the image to a registry and enter its name above."));
  gtk_button_set_label (self->button, running ? _("Cancel") : _("Build"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->button),
                            running || (can_build (self) && *folder != '\0'));
  gtk_widget_set_sensitive (GTK_WIDGET (self->folder), !running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->builder), !running);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running);
  gtk_spinner_set_spinning (self->spinner, running);
}

static void
on_step_cb (UiBuildRow *self)
{
  const char *step = stack_image_build_get_step (self->build);

  if (step != NULL)
    show_state (self, UI_TONE_NEUTRAL, step);
}

static void
take_image (UiBuildRow *self,
            const char *reference)
{
  g_autofree char *words = NULL;

  stack_image_use (reference, stack_session_get_settings (self->session));
  /* Translators: %s is the name of an image */
  words = g_strdup_printf (_("Built. The image is %s now."), reference);
  show_state (self, UI_TONE_SUCCESS, words);
}

static void
on_built_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (UiBuildRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reference = NULL;

  reference = stack_image_build_run_finish (STACK_IMAGE_BUILD (source), result, &error);
  g_clear_object (&self->cancellable);
  g_application_release (g_application_get_default ());
  /* The window may have been closed meanwhile. */
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;

  if (reference != NULL)
    take_image (self, reference);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_state (self, UI_TONE_NEUTRAL, _("The build was cancelled."));
  else
    show_state (self, UI_TONE_ERROR, error->message);
  update (self);
}

static StackImageTool
get_tool (UiBuildRow *self)
{
  return adw_combo_row_get_selected (self->builder) == 0 ? STACK_IMAGE_TOOL_MINIKUBE
                                                         : STACK_IMAGE_TOOL_DOCKER;
}

static void
start (UiBuildRow *self)
{
  if (self->build != NULL)
    g_signal_handlers_disconnect_by_func (self->build, on_step_cb, self);
  g_clear_object (&self->build);
  self->build = stack_image_build_new (stack_session_get_context (self->session),
                                       gtk_editable_get_text (GTK_EDITABLE (self->folder)),
                                       get_tool (self));
  g_signal_connect_object (self->build, "notify::step", G_CALLBACK (on_step_cb), self,
                           G_CONNECT_SWAPPED);
  ui_output_view_set_output (self->view, stack_image_build_get_output (self->build));
  gtk_widget_set_visible (self->expander, TRUE);

  self->cancellable = g_cancellable_new ();
  /* A closed window still waits for the programs to end. */
  g_application_hold (g_application_get_default ());
  stack_image_build_run_async (self->build, self->cancellable, on_built_cb, g_object_ref (self));
  update (self);
}

static void
on_clicked_cb (UiBuildRow *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  else
    start (self);
}

static void
on_folder_activated_cb (UiBuildRow *self)
{
  if (self->cancellable == NULL && gtk_widget_get_sensitive (GTK_WIDGET (self->button)))
    start (self);
}

static void
on_chosen_cb (UiBuildRow *self,
              int         response)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
  if (file != NULL && g_file_peek_path (file) != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->folder), g_file_peek_path (file));
      gtk_widget_grab_focus (GTK_WIDGET (self->button));
    }
  g_clear_object (&self->chooser);
}

static void
on_choose_clicked_cb (UiBuildRow *self)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Choose the Folder with the Dockerfile"),
                                                  GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                                  GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                  _("_Choose"), NULL);
  g_signal_connect_swapped (self->chooser, "response", G_CALLBACK (on_chosen_cb), self);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* A build holds on to the row, so a closed window does not free it. */
static void
ui_build_row_unroot (GtkWidget *widget)
{
  g_cancellable_cancel (UI_BUILD_ROW (widget)->cancellable);

  GTK_WIDGET_CLASS (ui_build_row_parent_class)->unroot (widget);
}

static void
ui_build_row_dispose (GObject *object)
{
  UiBuildRow *self = UI_BUILD_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->build);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_BUILD_ROW);

  G_OBJECT_CLASS (ui_build_row_parent_class)->dispose (object);
}

static void
ui_build_row_class_init (UiBuildRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_build_row_dispose;
  widget_class->unroot = ui_build_row_unroot;

  g_type_ensure (UI_TYPE_OUTPUT_VIEW);
  g_type_ensure (UI_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-build-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, folder);
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, builder);
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, explanation);
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, state);
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, button);
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, expander);
  gtk_widget_class_bind_template_child (widget_class, UiBuildRow, view);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_folder_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
ui_build_row_init (UiBuildRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/**
 * ui_build_row_set_session:
 * @self: a row
 * @session: (nullable): the session
 *
 * Builds from then on for the session's cluster and settings.
 */
void
ui_build_row_set_session (UiBuildRow   *self,
                          StackSession *session)
{
  g_return_if_fail (UI_IS_BUILD_ROW (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, update, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_object (session, "notify::context", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  update (self);
}
