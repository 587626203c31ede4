/* ui-entrance-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-entrance-dialog.h"

#include <glib/gi18n.h>

#include <string.h>

#include "stack-certificate.h"
#include "ui-copy-row.h"

/* What a browser of this computer needs to open the app: a name that it finds, and a certificate
 * that it trusts. The commands are shown to be copied: they need an administrator. */
struct _UiEntranceDialog
{
  AdwWindow parent_instance;

  StackEntrance *entrance;    /* (owned) (nullable): once it was read */
  GCancellable  *cancellable; /* (owned): of reading and writing */

  GtkStack            *stack;
  GtkLabel            *problem;
  AdwPreferencesGroup *address_group;
  AdwActionRow        *address;
  UiCopyRow           *hosts;
  AdwPreferencesGroup *certificate_group;
  UiCopyRow           *fingerprint;
  AdwActionRow        *save;
  UiCopyRow           *debian;
  UiCopyRow           *fedora;
  UiCopyRow           *chromium;
  AdwActionRow        *firefox;
  GtkButton           *open_button;
};

G_DEFINE_FINAL_TYPE (UiEntranceDialog, ui_entrance_dialog, ADW_TYPE_WINDOW)

static void
show_problem (UiEntranceDialog *self,
              const char       *words)
{
  gtk_label_set_label (self->problem, words);
  gtk_stack_set_visible_child_name (self->stack, "problem");
}

static char *
describe_address (UiEntranceDialog *self)
{
  const StackEntrance *entrance = self->entrance;

  if (entrance->address == NULL)
    return g_strdup (_("No Ingress controller has given the app an address yet"));
  if (entrance->found == NULL)
    return g_strdup_printf (_("This computer does not know %s"), entrance->host);
  if (!entrance->leads)
    return g_strdup_printf (_("This computer looks for %s elsewhere, at %s"), entrance->host,
                               entrance->found);

  return g_strdup_printf (_("This computer finds %s at %s"), entrance->host, entrance->found);
}

/* What to do about it; nothing where it leads to the app. */
static char *
advise_address (UiEntranceDialog *self)
{
  const StackEntrance *entrance = self->entrance;

  if (entrance->address == NULL)
    return g_strdup (_("On Minikube, “minikube addons enable ingress” installs a controller."));
  if (entrance->found != NULL && entrance->leads)
    return g_strdup (_("Browsers come to the app by its name."));
  if (g_hostname_is_ip_address (entrance->address))
    return g_strdup_printf (_("The app is served at %s. Tell this computer once, with the command below. If "
                              "/etc/hosts has a line for this name already, correct that one instead."),
                               entrance->address);

  return g_strdup_printf (_("The app is served at %s. Your name server has to lead there."), entrance->address);
}

static void
show_address (UiEntranceDialog *self)
{
  g_autofree char *title = describe_address (self);
  g_autofree char *advice = advise_address (self);
  g_autofree char *line = stack_entrance_dup_hosts_line (self->entrance);
  gboolean         found = self->entrance->found != NULL && self->entrance->leads;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->address), title);
  adw_action_row_set_subtitle (self->address, advice);
  gtk_widget_set_visible (GTK_WIDGET (self->hosts), line != NULL && !found);
  if (line != NULL)
    {
      g_autofree char *quoted = g_shell_quote (line);
      g_autofree char *command = g_strdup_printf ("echo %s | sudo tee -a /etc/hosts", quoted);

      ui_copy_row_set_text (self->hosts, command, "");
    }
}

static void
show_certificate (UiEntranceDialog *self)
{
  const char      *authority = self->entrance->authority;
  g_autofree char *fingerprint = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->certificate_group), authority != NULL);
  if (authority == NULL)
    return;

  fingerprint = stack_certificate_dup_fingerprint (authority, NULL);
  ui_copy_row_set_text (self->fingerprint, fingerprint, _("It cannot be read"));
}

static void
on_read_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (UiEntranceDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StackEntrance) entrance = stack_entrance_read_finish (result, &error);
  g_autofree char *label = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (entrance == NULL)
    {
      show_problem (self, error->message);
      return;
    }

  self->entrance = g_steal_pointer (&entrance);
  show_address (self);
  show_certificate (self);
  label = g_strdup_printf (_("Open %s"), self->entrance->url);
  gtk_button_set_label (self->open_button, label);
  gtk_stack_set_visible_child_name (self->stack, "entrance");
  gtk_widget_grab_focus (GTK_WIDGET (self->open_button));
}

static void
set_command (UiCopyRow  *row,
             const char *format,
             const char *file)
{
  g_autoptr (GString) command = g_string_new (format);

  g_string_replace (command, "FILE", file, 0);
  ui_copy_row_set_text (row, command->str, "");
  gtk_widget_set_visible (GTK_WIDGET (row), TRUE);
}

static void
show_commands (UiEntranceDialog *self,
               const char       *path)
{
  g_autofree char *file = g_shell_quote (path);
  g_autofree char *words = g_strdup_printf (_("It is in %s. Tell the system and the browsers that you use:"), path);

  adw_action_row_set_subtitle (self->save, words);
  set_command (self->debian, "sudo cp FILE /usr/local/share/ca-certificates/hackystack.crt && sudo update-ca-certificates", file);
  set_command (self->fedora, "sudo trust anchor FILE", file);
  set_command (self->chromium, "certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n 'Hacky Stack' -i FILE", file);
  gtk_widget_set_visible (GTK_WIDGET (self->firefox), TRUE);
}

static void
on_written_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (UiEntranceDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_file_get_path (G_FILE (source));
  g_autofree char *words = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      show_commands (self, path);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  words = g_strdup_printf (_("It was not saved: %s. Choose another place."), error->message);
  adw_action_row_set_subtitle (self->save, words);
}

static void
on_file_chosen_cb (GtkFileChooserNative *chooser,
                   int                   response,
                   UiEntranceDialog     *self)
{
  const char *authority = self->entrance->authority;
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_object_unref (chooser);
  if (file == NULL)
    return;
  if (g_file_peek_path (file) == NULL)
    {
      adw_action_row_set_subtitle (self->save, _("That place is not on this computer. Choose another one."));
      return;
    }
  g_file_replace_contents_async (file, authority, strlen (authority), NULL, FALSE,
                                 G_FILE_CREATE_NONE, self->cancellable, on_written_cb,
                                 g_object_ref (self));
}

static void
on_save_clicked_cb (UiEntranceDialog *self)
{
  GtkFileChooserNative *chooser;

  chooser = gtk_file_chooser_native_new (_("Save the authority’s certificate"), GTK_WINDOW (self),
                                            GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "hackystack-ca.crt");
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_file_chosen_cb), self,
                           G_CONNECT_DEFAULT);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
on_opened_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (UiEntranceDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  show_problem (self, error->message);
}

static void
on_open_clicked_cb (UiEntranceDialog *self)
{
  gtk_show_uri_full (GTK_WINDOW (self), self->entrance->url, GDK_CURRENT_TIME, self->cancellable,
                     on_opened_cb, g_object_ref (self));
}

static void
ui_entrance_dialog_dispose (GObject *object)
{
  UiEntranceDialog *self = UI_ENTRANCE_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->entrance, stack_entrance_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_ENTRANCE_DIALOG);

  G_OBJECT_CLASS (ui_entrance_dialog_parent_class)->dispose (object);
}

static void
ui_entrance_dialog_class_init (UiEntranceDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_entrance_dialog_dispose;

  g_type_ensure (UI_TYPE_COPY_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-entrance-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, address_group);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, address);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, hosts);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, certificate_group);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, save);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, debian);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, fedora);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, chromium);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, firefox);
  gtk_widget_class_bind_template_child (widget_class, UiEntranceDialog, open_button);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_open_clicked_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ui_entrance_dialog_init (UiEntranceDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_entrance_dialog_new:
 * @parent: the window it belongs to
 * @client: the cluster
 * @ns: the app's namespace
 *
 * Makes a dialog and asks how browsers come to the app.
 *
 * Returns: (transfer none): a dialog, kept by GTK until it is closed
 */
UiEntranceDialog *
ui_entrance_dialog_new (GtkWindow  *parent,
                        KubeClient *client,
                        const char *ns)
{
  UiEntranceDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ns != NULL, NULL);

  self = g_object_new (UI_TYPE_ENTRANCE_DIALOG, "transient-for", parent, NULL);
  stack_entrance_read_async (client, ns, self->cancellable, on_read_cb, g_object_ref (self));

  return self;
}
