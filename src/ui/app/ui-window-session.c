/* ui-window-session.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-window-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stack-doctor.h"
#include "stack-profiles.h"

/* The part of the window that begins, follows and ends a session. */

/* Typing a namespace is not five namespaces. */
#define NAMESPACE_PAUSE_MS 700

static void
on_pods_notify_cb (UiWindow *self)
{
  _ui_window_update (self);
  /* The watch has found the server again before anybody pressed a button. */
  if (kube_reflector_get_state (self->pods) == KUBE_REFLECTOR_WATCHING && stack_session_get_connection (self->session) == STACK_CONNECTION_FAILED)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.retry", NULL);
}

static void
drop_pods (UiWindow *self)
{
  ui_connection_label_set_pods (self->connection, NULL);
  ui_pods_page_set_pods (self->pods_page, NULL, NULL);
  ui_log_page_set_pods (self->log_page, NULL, NULL);
  if (self->pods != NULL)
    g_signal_handlers_disconnect_by_data (self->pods, self);
  g_clear_object (&self->pods);
  g_clear_pointer (&self->pods_namespace, g_free);
}

static char *
dup_namespace (UiWindow *self)
{
  StackSettings *settings = stack_session_get_settings (self->session);
  g_autoptr (StackFinding) finding = NULL;

  finding = stack_doctor_check_field (settings, STACK_FIELD_NAMESPACE);
  if (finding != NULL && finding->severity == STACK_SEVERITY_ERROR)
    return NULL;
  return g_strdup (stack_settings_get_text (settings, STACK_FIELD_NAMESPACE));
}

/* Private: watches the pods of the namespace that stands in the form, with the client of now. */
void
_ui_window_watch_pods (UiWindow *self)
{
  KubeClient      *client = stack_session_get_client (self->session);
  g_autofree char *ns = dup_namespace (self);

  drop_pods (self);
  if (client == NULL)
    return;
  if (ns == NULL || *ns == '\0')
    {
      ui_pods_page_show_problem (self->pods_page,
                                 _("The namespace that stands in the form is not the name of one."));
      return;
    }
  self->pods_namespace = g_steal_pointer (&ns);
  self->pods = stack_session_ref_pods (self->session, self->pods_namespace);
  g_signal_connect_object (self->pods, "notify", G_CALLBACK (on_pods_notify_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pods, "changed", G_CALLBACK (_ui_window_update), self,
                           G_CONNECT_SWAPPED);
  ui_connection_label_set_pods (self->connection, self->pods);
  ui_pods_page_set_pods (self->pods_page, self->pods, self->pods_namespace);
  ui_log_page_set_pods (self->log_page, client, self->pods);
  _ui_window_update (self);
}

static gboolean
on_namespace_pause_cb (gpointer user_data)
{
  UiWindow        *self = user_data;
  g_autofree char *ns = dup_namespace (self);

  self->namespace_source = 0;
  if (ns != NULL && g_strcmp0 (ns, self->pods_namespace) != 0)
    _ui_window_watch_pods (self);
  return G_SOURCE_REMOVE;
}

static void
on_settings_changed_cb (UiWindow    *self,
                        StackFieldId field)
{
  if (field != STACK_FIELD_NAMESPACE)
    return;
  g_clear_handle_id (&self->namespace_source, g_source_remove);
  self->namespace_source = g_timeout_add (NAMESPACE_PAUSE_MS, on_namespace_pause_cb, self);
}

static void
on_client_changed_cb (UiWindow *self)
{
  _ui_window_watch_pods (self);
}

static void
on_context_selected_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (UiWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  StackSession *session = STACK_SESSION (source);
  KubeContext  *context = stack_session_get_context (session);

  /* What went wrong stays in the session, where the banner and the label find it. */
  stack_session_select_context_finish (session, result, &error);
  if (context != NULL)
    stack_settings_set_context (stack_session_get_settings (session),
                                kube_context_get_name (context));
  if (self->session == session)
    _ui_window_update (self);
}

static void
select_context (UiWindow   *self,
                const char *name)
{
  stack_session_select_context_async (self->session, name, self->cancellable,
                                      on_context_selected_cb, g_object_ref (self));
}

static void
show_values_problem (UiWindow     *self,
                     const GError *error)
{
  g_autofree char *words = NULL;

  words = g_strdup_printf (_("The form was not filled from %s: %s"),
                              g_file_peek_path (self->values), error->message);
  ui_banner_show (self->notice_banner, UI_TONE_ERROR, words);
}

static void
on_values_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (UiWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize            length = 0;

  if (!g_file_load_contents_finish (G_FILE (source), result, &text, &length, NULL, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_values_problem (self, error);
      return;
    }
  if (self->session != NULL && !stack_settings_read_values (stack_session_get_settings (self->session), text, length,
                                                            &error))
    show_values_problem (self, error);
  /* The file holds secrets; the settings keep theirs in memory of their own. */
  explicit_bzero (text, length);
}

/* The context asked for; else the one used last, if this kubeconfig has it; else its own choice. A
 * profile that somebody chose is never taken to another cluster than its own. */
static const char *
get_first_context (UiWindow *self)
{
  KubeConfig *config = stack_session_get_config (self->session);
  const char *last = stack_settings_get_context (stack_session_get_settings (self->session));

  if (self->wanted_context != NULL)
    return self->wanted_context;
  if (self->profile_chosen)
    return last;
  return last != NULL && kube_config_get_context (config, last, NULL) != NULL ? last : NULL;
}

/* Private: takes the changed kubeconfig into use, on the user's word. The context stays the one of
 * that name: another cluster is never turned to by itself. */
void
_ui_window_reload_config (UiWindow *self)
{
  KubeContext     *context;
  g_autofree char *name = NULL;

  if (self->session == NULL || stack_session_get_changed_config (self->session) == NULL)
    return;

  context = stack_session_get_context (self->session);
  if (context != NULL)
    name = g_strdup (kube_context_get_name (context));
  stack_session_adopt_changed_config (self->session);
  select_context (self, name != NULL ? name : get_first_context (self));
  _ui_window_update (self);
}

static void
on_loaded_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (UiWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!stack_session_load_finish (STACK_SESSION (source), result, &error) && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ui_banner_show (self->notice_banner, UI_TONE_ERROR, error->message);
  if (self->session != STACK_SESSION (source))
    return;
  stack_session_watch_config (self->session);
  if (self->values != NULL)
    g_file_load_contents_async (self->values, self->cancellable, on_values_read_cb,
                                g_object_ref (self));
  if (stack_session_get_config (self->session) != NULL)
    select_context (self, get_first_context (self));
  _ui_window_update (self);
}

static void
follow_session (UiWindow *self)
{
  StackSettings *settings = stack_session_get_settings (self->session);

  g_signal_connect_object (settings, "changed", G_CALLBACK (on_settings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify", G_CALLBACK (_ui_window_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::client", G_CALLBACK (on_client_changed_cb),
                           self, G_CONNECT_SWAPPED);
  ui_context_switcher_set_session (self->switcher, self->session);
  ui_connection_label_set_session (self->connection, self->session);
  ui_deployment_page_set_session (self->deployment_page, self->session);
}

static void
begin (UiWindow     *self,
       StackSession *session)
{
  self->session = session;
  self->cancellable = g_cancellable_new ();
  follow_session (self);
  _ui_window_update (self);
  stack_session_load_async (self->session, self->cancellable, on_loaded_cb, g_object_ref (self));
}

/* Private: begins a session with what the window was opened with. */
void
_ui_window_load (UiWindow *self,
                 gboolean  may_prompt)
{
  StackSession *session = stack_session_new (self->kubeconfig, self->profile);

  _ui_window_drop_session (self);
  stack_session_set_may_prompt (session, may_prompt);
  begin (self, session);
}

/* Private: goes on with the answers, the cluster and the secrets of another profile, now and when
 * none is named. What the window was filled with at the start belongs to the one before. */
void
_ui_window_open_profile (UiWindow   *self,
                         const char *name)
{
  StackSession *session;
  g_autoptr (GError) error = NULL;

  if (self->session == NULL)
    return;

  session = stack_session_new_beside (self->session, name);
  g_free (self->profile);
  self->profile = g_strdup (name);
  self->profile_chosen = TRUE;
  g_clear_pointer (&self->wanted_context, g_free);
  g_clear_object (&self->values);
  _ui_window_drop_session (self);
  begin (self, session);
  if (!stack_profiles_use (name, &error))
    ui_banner_show (self->notice_banner, UI_TONE_WARNING, error->message);
}

/* Private: ends the session, with everything that goes on in it. */
void
_ui_window_drop_session (UiWindow *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->namespace_source, g_source_remove);
  ui_banner_hide (self->notice_banner);
  drop_pods (self);
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (stack_session_get_settings (self->session), self);
  g_signal_handlers_disconnect_by_data (self->session, self);
  ui_deployment_page_cancel (self->deployment_page);
  ui_deployment_page_set_session (self->deployment_page, NULL);
  ui_connection_label_set_session (self->connection, NULL);
  ui_context_switcher_set_session (self->switcher, NULL);
  g_clear_object (&self->session);
}

/**
 * ui_window_select_context:
 * @self: a window
 * @name: (nullable): a context; %NULL tries the one of now again
 *
 * Connects to another cluster. The choice is kept with the settings.
 */
void
ui_window_select_context (UiWindow   *self,
                          const char *name)
{
  KubeContext *context;

  g_return_if_fail (UI_IS_WINDOW (self));

  if (self->session == NULL || stack_session_get_config (self->session) == NULL)
    {
      g_free (self->wanted_context);
      self->wanted_context = g_strdup (name);
      return;
    }
  context = stack_session_get_context (self->session);
  if (name == NULL && context != NULL)
    name = kube_context_get_name (context);
  select_context (self, name);
}
