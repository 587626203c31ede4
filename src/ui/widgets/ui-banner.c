/* ui-banner.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-banner.h"

#include "ui-status-label.h"

/* A thin line under the header that says what holds for the whole page, with at most one thing
 * to do about it. (AdwBanner came with libadwaita 1.3.) */
struct _UiBanner
{
  GtkWidget parent_instance;

  GtkWidget     *revealer;
  UiStatusLabel *status;
  GtkButton     *button;
};

enum
{
  PROP_0,
  PROP_BUTTON_LABEL,
  PROP_ACTION_NAME,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (UiBanner, ui_banner, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
ui_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_BANNER);

  G_OBJECT_CLASS (ui_banner_parent_class)->dispose (object);
}

static void
ui_banner_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  UiBanner *self = UI_BANNER (object);

  switch (prop_id)
    {
    case PROP_BUTTON_LABEL:
      g_value_set_string (value, gtk_button_get_label (self->button));
      break;

    case PROP_ACTION_NAME:
      g_value_set_string (value, gtk_actionable_get_action_name (GTK_ACTIONABLE (self->button)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_banner_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  UiBanner *self = UI_BANNER (object);

  switch (prop_id)
    {
    case PROP_BUTTON_LABEL:
      ui_banner_set_action (self, g_value_get_string (value),
                            gtk_actionable_get_action_name (GTK_ACTIONABLE (self->button)));
      break;

    case PROP_ACTION_NAME:
      ui_banner_set_action (self, gtk_button_get_label (self->button), g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ui_banner_class_init (UiBannerClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ui_banner_dispose;
  object_class->get_property = ui_banner_get_property;
  object_class->set_property = ui_banner_set_property;

  properties[PROP_BUTTON_LABEL] =
      g_param_spec_string ("button-label", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ACTION_NAME] =
      g_param_spec_string ("action-name", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/widgets/ui-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, UiBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, UiBanner, status);
  gtk_widget_class_bind_template_child (widget_class, UiBanner, button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  g_type_ensure (UI_TYPE_STATUS_LABEL);
}

static void
ui_banner_init (UiBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * ui_banner_show:
 * @self: a banner
 * @tone: how much it matters
 * @text: the words
 *
 * Unfolds the banner.
 */
void
ui_banner_show (UiBanner   *self,
                UiTone      tone,
                const char *text)
{
  g_return_if_fail (UI_IS_BANNER (self));

  ui_status_label_set (self->status, tone, text);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), TRUE);
}

/**
 * ui_banner_hide:
 * @self: a banner
 *
 * Folds the banner away.
 */
void
ui_banner_hide (UiBanner *self)
{
  g_return_if_fail (UI_IS_BANNER (self));

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * ui_banner_set_action:
 * @self: a banner
 * @label: (nullable): what the button says; %NULL for no button
 * @action_name: (nullable): the action it activates
 *
 * Sets the one thing that can be done.
 */
void
ui_banner_set_action (UiBanner   *self,
                      const char *label,
                      const char *action_name)
{
  g_return_if_fail (UI_IS_BANNER (self));

  gtk_button_set_label (self->button, label != NULL ? label : "");
  gtk_widget_set_visible (GTK_WIDGET (self->button), label != NULL && *label != '\0');
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
}
