/* ui-window-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ui-window.h"

#include "stack-session.h"
#include "ui-banner.h"
#include "ui-connection-label.h"
#include "ui-context-switcher.h"
#include "ui-deployment-page.h"
#include "ui-log-page.h"
#include "ui-pods-page.h"
#include "ui-start-page.h"

G_BEGIN_DECLS

struct _UiWindow
{
  AdwApplicationWindow parent_instance;

  /* Owned */
  GSettings            *settings;
  StackSession         *session; /* (nullable) */
  KubeReflector        *pods;    /* (nullable) */
  char                 *pods_namespace;
  GCancellable         *cancellable;    /* (nullable): of everything the session is asked */
  char                 *kubeconfig;     /* (nullable) */
  char                 *wanted_context; /* (nullable): until it has been chosen */
  char                 *profile;
  gboolean              profile_chosen; /* its cluster is the one to work with, or none */
  GFile                *values;         /* (nullable) */
  GtkFileChooserNative *chooser;        /* (nullable): while it is open */
  char                 *previous_page;  /* (nullable) */
  guint                 namespace_source;

  /* Template widgets */
  AdwToastOverlay   *toasts;
  AdwLeaflet        *leaflet;
  GtkWidget         *sidebar;
  GtkWidget         *content;
  UiContextSwitcher *switcher;
  UiConnectionLabel *connection;
  GtkListBox        *pages;
  GtkLabel          *pods_count;
  AdwWindowTitle    *title;
  UiBanner          *insecure_banner;
  UiBanner          *config_banner;
  UiBanner          *keyring_banner;
  UiBanner          *connection_banner;
  UiBanner          *notice_banner;
  GtkStack          *stack;
  UiStartPage       *start_page;
  UiDeploymentPage  *deployment_page;
  UiPodsPage        *pods_page;
  UiLogPage         *log_page;
};

void _ui_window_install_actions (GtkWidgetClass *widget_class);
void _ui_window_load (UiWindow *self,
                      gboolean  may_prompt);
void _ui_window_open_profile (UiWindow   *self,
                              const char *name);
void _ui_window_reload_config (UiWindow *self);
void _ui_window_watch_pods (UiWindow *self);
void _ui_window_drop_session (UiWindow *self);
void _ui_window_update (UiWindow *self);

G_END_DECLS
