/* ui-deployment-questions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-deployment-page-private.h"

#include <glib/gi18n.h>

#include "stack-doctor.h"

/* The questions of the page before it changes what is deployed: how many pods, and which image.
 * What there is is read first. */

/* What a form takes, too. */
#define MAX_REPLICAS 100

static AdwMessageDialog *
create_question (UiDeploymentPage *self,
                 const char       *heading,
                 const char       *body,
                 GtkWidget        *child,
                 const char       *label)
{
  GtkRoot          *root = gtk_widget_get_root (GTK_WIDGET (self));
  AdwMessageDialog *dialog;

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (root), heading, body));
  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (dialog, "do", label);
  adw_message_dialog_set_response_appearance (dialog, "do", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "do");
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_extra_child (dialog, child);

  return dialog;
}

/* What the dialog is about; it keeps it. */
static StackRunning *
get_running (AdwMessageDialog *dialog)
{
  return g_object_get_data (G_OBJECT (dialog), "running");
}

static void
on_scale_response_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      UiDeploymentPage *self)
{
  GtkSpinButton *spin = g_object_get_data (G_OBJECT (dialog), "answer");
  StackRunning  *running = get_running (dialog);
  g_autoptr (StackDeployer) deployer = NULL;
  g_autofree char *headline = NULL;
  g_autofree char *text = NULL;
  int              number;

  if (!g_str_equal (response, "do") || self->session == NULL || self->cancellable != NULL)
    return;

  gtk_spin_button_update (spin);
  number = gtk_spin_button_get_value_as_int (spin);
  text = g_strdup_printf ("%d", number);
  /* None is for a while, and no answer that the form would take. */
  if (number > 0)
    {
      stack_settings_set_text (stack_session_get_settings (self->session), STACK_FIELD_REPLICAS, text);
      _ui_deployment_page_save (self);
    }
  stack_running_set_replicas (running, (guint) number);
  deployer = stack_running_new_deployer (running);
  headline = g_strdup_printf (ngettext ("Changing to %d pod on %s", "Changing to %d pods on %s",
                                        (gulong) number),
                              number, _ui_deployment_page_get_cluster (self));
  _ui_deployment_page_run_change (self, running, deployer, headline,
                                  _("There are not as many pods as there were to be"));
}

static char *
describe_pods (StackRunning *running)
{
  guint            n = stack_running_get_replicas (running);
  const char      *autoscaler = stack_running_get_autoscaler (running);
  g_autofree char *now = NULL;

  now = g_strdup_printf (ngettext ("Each pod is a copy of the app. There is to be %u now.",
                                   "Each pod is a copy of the app. There are to be %u now.", n),
                         n);
  if (autoscaler == NULL)
    return g_steal_pointer (&now);

  return g_strdup_printf (_("%s %s: it will change another number back within a minute. Change its "
                            "limits, or delete it, to keep yours."),
                             now, autoscaler);
}

static void
ask_scale (UiDeploymentPage *self,
           StackRunning     *running)
{
  GtkWidget        *spin = gtk_spin_button_new_with_range (0, MAX_REPLICAS, 1);
  g_autofree char  *body = describe_pods (running);
  AdwMessageDialog *dialog;

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), stack_running_get_replicas (running));
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Number of pods"), -1);
  gtk_widget_set_halign (spin, GTK_ALIGN_CENTER);
  dialog = create_question (self, _("How many pods?"), body, spin, _("C_hange"));
  g_object_set_data (G_OBJECT (dialog), "answer", spin);
  g_object_set_data_full (G_OBJECT (dialog), "running", g_object_ref (running), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_scale_response_cb), self,
                           G_CONNECT_DEFAULT);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What is wrong with it as an answer of the form. */
static char *
find_fault (UiDeploymentPage *self,
            const char       *image)
{
  StackSettings *settings = stack_session_get_settings (self->session);
  g_autoptr (StackSettings) trial = NULL;
  g_autoptr (StackFinding) finding = NULL;

  trial = stack_settings_copy (settings, stack_settings_get_profile (settings));
  stack_settings_set_text (trial, STACK_FIELD_IMAGE, image);
  finding = stack_doctor_check_field (trial, STACK_FIELD_IMAGE);
  if (finding == NULL || finding->severity != STACK_SEVERITY_ERROR)
    return NULL;

  return g_strdup (finding->message);
}

static void
on_image_changed_cb (GtkEditable      *entry,
                     UiDeploymentPage *self)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (gtk_widget_get_root (GTK_WIDGET (entry)));
  GtkLabel         *words = g_object_get_data (G_OBJECT (dialog), "words");
  g_autofree char  *fault = NULL;

  if (self->session == NULL)
    return;

  fault = find_fault (self, gtk_editable_get_text (entry));
  adw_message_dialog_set_response_enabled (dialog, "do", fault == NULL);
  gtk_label_set_label (words, fault != NULL ? fault : "");
  gtk_widget_set_visible (GTK_WIDGET (words), fault != NULL);
}

static void
on_image_response_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      UiDeploymentPage *self)
{
  GtkEditable     *entry = g_object_get_data (G_OBJECT (dialog), "answer");
  const char      *image = gtk_editable_get_text (entry);
  g_autofree char *headline = NULL;
  g_autofree char *purpose = NULL;

  if (!g_str_equal (response, "do") || self->session == NULL || self->cancellable != NULL)
    return;

  stack_running_set_image (get_running (dialog), image);
  headline = g_strdup_printf (_("Deploying %s to %s"), image, _ui_deployment_page_get_cluster (self));
  purpose = g_strdup_printf (_("Only the image becomes %s; whatever else is deployed stays as it is."), image);
  _ui_deployment_page_show_asking (self);
  _ui_deployment_page_plan_change (self, get_running (dialog), headline, purpose,
                                   _("Deploy this image"));
  if (self->running != NULL)
    self->run_image = g_strdup (image);
}

static void
ask_image (UiDeploymentPage *self,
           StackRunning     *running)
{
  GtkWidget        *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget        *entry = gtk_entry_new ();
  GtkWidget        *words = gtk_label_new (NULL);
  const char       *image = stack_revision_get_image (stack_running_get_revision (running));
  AdwMessageDialog *dialog;

  gtk_editable_set_text (GTK_EDITABLE (entry), image);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("New image"), -1);
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_xalign (GTK_LABEL (words), 0);
  gtk_widget_add_css_class (words, "error");
  gtk_widget_set_visible (words, FALSE);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), words);
  dialog = create_question (self, _("Which image?"),
                                     _("The pods are replaced by new ones, a few at a time, so that the app "
                              "goes on answering. You see first what would change."),
                                        box, _("_Show the plan"));
  g_object_set_data (G_OBJECT (dialog), "answer", entry);
  g_object_set_data (G_OBJECT (dialog), "words", words);
  g_object_set_data_full (G_OBJECT (dialog), "running", g_object_ref (running), g_object_unref);
  g_signal_connect_object (entry, "changed", G_CALLBACK (on_image_changed_cb), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_image_response_cb), self,
                           G_CONNECT_DEFAULT);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_ask_running_cb (UiDeploymentPage *self,
                   GAsyncResult     *result,
                   void (*ask) (UiDeploymentPage *, StackRunning *))
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StackRunning) running = stack_running_read_finish (result, &error);

  if (self->session == NULL || gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (running != NULL)
    ask (self, running);
  else
    ui_banner_show (self->banner, UI_TONE_ERROR, error->message);
}

static void
on_scale_running_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;

  on_ask_running_cb (self, result, ask_scale);
}

static void
on_image_running_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr (UiDeploymentPage) self = user_data;

  on_ask_running_cb (self, result, ask_image);
}

/*
 * _ui_deployment_page_ask_scale:
 * @self: a page
 *
 * Asks how many pods there are to be, and sees to it.
 */
void
_ui_deployment_page_ask_scale (UiDeploymentPage *self)
{
  const char *ns = _ui_deployment_page_get_namespace (self);

  if (ns != NULL)
    stack_running_read_async (_ui_deployment_page_get_client (self), ns, NULL, on_scale_running_cb,
                              g_object_ref (self));
}

/*
 * _ui_deployment_page_ask_image:
 * @self: a page
 *
 * Asks which image is to run, and shows what would change.
 */
void
_ui_deployment_page_ask_image (UiDeploymentPage *self)
{
  const char *ns = _ui_deployment_page_get_namespace (self);

  if (ns != NULL)
    stack_running_read_async (_ui_deployment_page_get_client (self), ns, NULL, on_image_running_cb,
                              g_object_ref (self));
}
