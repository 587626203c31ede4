/* ui-connection-label.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-connection-label.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kube-error.h"
#include "ui-status-label.h"

/* The state of the connection in a word or two. The session knows how connecting went; whether
 * the cluster still answers afterwards is what the watch of the pods finds out. */
struct _UiConnectionLabel
{
  GtkWidget parent_instance;

  StackSession  *session; /* (owned) (nullable) */
  KubeReflector *pods;    /* (owned) (nullable) */

  UiStatusLabel *label;
};

G_DEFINE_FINAL_TYPE (UiConnectionLabel, ui_connection_label, GTK_TYPE_WIDGET)

static const char *
describe_error (const GError *error)
{
  if (error->domain != KUBE_ERROR)
    return _("not connected");
  switch ((KubeError) error->code)
    {
    case KUBE_ERROR_CONFIG:
    case KUBE_ERROR_CREDENTIALS:
      return _("credentials cannot be used");

    case KUBE_ERROR_UNREACHABLE:
      /* The operating system's own word for a port where nobody listens. */
      return strstr (error->message, "refused") != NULL ? _("refused") : _("no answer");

    case KUBE_ERROR_TIMEOUT:
      return _("no answer");

    case KUBE_ERROR_TLS:
      return _("certificate not trusted");

    case KUBE_ERROR_UNAUTHORIZED:
      return _("credentials not accepted");

    case KUBE_ERROR_FORBIDDEN:
      return _("may not see the pods");

    case KUBE_ERROR_PROTOCOL:
    case KUBE_ERROR_BAD_REQUEST:
    case KUBE_ERROR_METHOD_NOT_ALLOWED:
    case KUBE_ERROR_NOT_ACCEPTABLE:
    case KUBE_ERROR_TOO_LARGE:
    case KUBE_ERROR_UNSUPPORTED_MEDIA_TYPE:
    case KUBE_ERROR_NOT_FOUND:
    case KUBE_ERROR_ALREADY_EXISTS:
    case KUBE_ERROR_CONFLICT:
    case KUBE_ERROR_EXPIRED:
    case KUBE_ERROR_INVALID:
    case KUBE_ERROR_TOO_MANY_REQUESTS:
    case KUBE_ERROR_SERVER:
    case KUBE_ERROR_SERVER_TIMEOUT:
    case KUBE_ERROR_STORAGE:
    case KUBE_ERROR_UNAVAILABLE:
    case KUBE_ERROR_FAILED:
    default:
      return _("in trouble");
    }
}

static const GError *
get_watch_error (UiConnectionLabel *self)
{
  KubeReflectorState state;

  if (self->pods == NULL)
    return NULL;
  state = kube_reflector_get_state (self->pods);
  if (state != KUBE_REFLECTOR_BACKING_OFF && state != KUBE_REFLECTOR_FAILED)
    return NULL;
  return kube_reflector_get_error (self->pods);
}

static void
show_error (UiConnectionLabel *self,
            const GError      *error)
{
  gboolean forbidden = g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN);

  ui_status_label_set (self->label, forbidden ? UI_TONE_WARNING : UI_TONE_ERROR,
                       describe_error (error));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), error->message);
}

static void
show_connected (UiConnectionLabel *self)
{
  const char      *version = stack_session_get_server_version (self->session);
  g_autofree char *words = NULL;

  if (version != NULL)
    words = g_strdup_printf (_("connected · Kubernetes %s"), version);
  ui_status_label_set (self->label, UI_TONE_SUCCESS, words != NULL ? words : _("connected"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), words);
}

static void
update (UiConnectionLabel *self)
{
  const GError *error = get_watch_error (self);

  if (error == NULL && self->session != NULL)
    error = stack_session_get_connection_error (self->session);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), NULL);
  switch (self->session != NULL ? stack_session_get_connection (self->session)
                                : STACK_CONNECTION_NONE)
    {
    case STACK_CONNECTION_CONNECTING:
      ui_status_label_set (self->label, UI_TONE_PROGRESS, _("connecting…"));
      break;

    case STACK_CONNECTION_CONNECTED:
    case STACK_CONNECTION_FAILED:
      if (error != NULL)
        show_error (self, error);
      else
        show_connected (self);
      break;

    case STACK_CONNECTION_NONE:
    default:
      ui_status_label_set (self->label, UI_TONE_NEUTRAL, _("not connected"));
    }
}

static void
ui_connection_label_dispose (GObject *object)
{
  UiConnectionLabel *self = UI_CONNECTION_LABEL (object);

  g_clear_object (&self->session);
  g_clear_object (&self->pods);
  if (self->label != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->label));
  self->label = NULL;

  G_OBJECT_CLASS (ui_connection_label_parent_class)->dispose (object);
}

static void
ui_connection_label_class_init (UiConnectionLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ui_connection_label_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
ui_connection_label_init (UiConnectionLabel *self)
{
  self->label = UI_STATUS_LABEL (ui_status_label_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));
  update (self);
}

/**
 * ui_connection_label_set_session:
 * @self: a label
 * @session: (nullable): whose connection to show
 *
 * Follows the connection of a session.
 */
void
ui_connection_label_set_session (UiConnectionLabel *self,
                                 StackSession      *session)
{
  g_return_if_fail (UI_IS_CONNECTION_LABEL (self));

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_func (self->session, update, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    g_signal_connect_object (session, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/**
 * ui_connection_label_set_pods:
 * @self: a label
 * @pods: (nullable): the watch of the pods
 *
 * Follows how a watch goes.
 */
void
ui_connection_label_set_pods (UiConnectionLabel *self,
                              KubeReflector     *pods)
{
  g_return_if_fail (UI_IS_CONNECTION_LABEL (self));

  if (self->pods != NULL)
    g_signal_handlers_disconnect_by_func (self->pods, update, self);
  g_set_object (&self->pods, pods);
  if (pods != NULL)
    g_signal_connect_object (pods, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
