/* ui-revision-row.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-revision-row.h"

#include <glib/gi18n.h>

#include "ui-status-label.h"

/* What was deployed once: its number, what it changed, when and by whom, and what came of it. */
struct _UiRevisionRow
{
  AdwPreferencesRow parent_instance;

  StackRevision *revision; /* (owned) */

  GtkLabel      *title;
  GtkWidget     *running;
  GtkLabel      *change;
  GtkLabel      *origin;
  UiStatusLabel *result;
};

G_DEFINE_FINAL_TYPE (UiRevisionRow, ui_revision_row, ADW_TYPE_PREFERENCES_ROW)

static void
ui_revision_row_dispose (GObject *object)
{
  UiRevisionRow *self = UI_REVISION_ROW (object);

  g_clear_object (&self->revision);
  gtk_widget_dispose_template (GTK_WIDGET (self), UI_TYPE_REVISION_ROW);

  G_OBJECT_CLASS (ui_revision_row_parent_class)->dispose (object);
}

static void
ui_revision_row_class_init (UiRevisionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_revision_row_dispose;

  g_type_ensure (UI_TYPE_STATUS_LABEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/hackystack/Desktop/deployment/ui-revision-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiRevisionRow, title);
  gtk_widget_class_bind_template_child (widget_class, UiRevisionRow, running);
  gtk_widget_class_bind_template_child (widget_class, UiRevisionRow, change);
  gtk_widget_class_bind_template_child (widget_class, UiRevisionRow, origin);
  gtk_widget_class_bind_template_child (widget_class, UiRevisionRow, result);
}

static void
ui_revision_row_init (UiRevisionRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* A deployment that another one came after will not come to an end any more. */
static void
show_result (UiRevisionRow *self,
             gboolean       latest)
{
  switch (stack_revision_get_outcome (self->revision))
    {
    case STACK_REVISION_PROVEN:
      ui_status_label_set (self->result, UI_TONE_SUCCESS, C_("outcome of a revision", "Proven to work"));
      break;

    case STACK_REVISION_FAILED:
      ui_status_label_set (self->result, UI_TONE_ERROR, C_("outcome of a revision", "Failed"));
      break;

    case STACK_REVISION_DEPLOYING:
    default:
      if (latest)
        ui_status_label_set (self->result, UI_TONE_PROGRESS,
                             C_("outcome of a revision", "Going on, or broken off"));
      else
        ui_status_label_set (self->result, UI_TONE_WARNING,
                             C_("outcome of a revision", "Not finished"));
    }
}

/**
 * ui_revision_row_new:
 * @revision: a revision of a history
 *
 * Makes a row.
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
ui_revision_row_new (StackRevision *revision)
{
  UiRevisionRow   *self;
  g_autofree char *title = NULL;
  g_autofree char *origin = NULL;

  g_return_val_if_fail (STACK_IS_REVISION (revision), NULL);

  self = g_object_new (UI_TYPE_REVISION_ROW, NULL);
  self->revision = g_object_ref (revision);
  title = g_strdup_printf (_("Revision %u"), stack_revision_get_number (revision));
  origin = ui_revision_row_describe_origin (revision);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->change, stack_revision_get_summary (revision));
  gtk_label_set_label (self->origin, origin);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  ui_revision_row_set_place (self, FALSE, FALSE);

  return GTK_WIDGET (self);
}

/**
 * ui_revision_row_get_revision:
 * @self: a row
 *
 * Returns: (transfer none): the revision it shows
 */
StackRevision *
ui_revision_row_get_revision (UiRevisionRow *self)
{
  g_return_val_if_fail (UI_IS_REVISION_ROW (self), NULL);

  return self->revision;
}

/**
 * ui_revision_row_set_place:
 * @self: a row
 * @latest: whether no later revision is there
 * @running: whether it is what runs now
 *
 * Says how the revision stands to the others.
 */
void
ui_revision_row_set_place (UiRevisionRow *self,
                           gboolean       latest,
                           gboolean       running)
{
  g_return_if_fail (UI_IS_REVISION_ROW (self));

  gtk_widget_set_visible (self->running, running);
  show_result (self, latest);
}

/**
 * ui_revision_row_describe_origin:
 * @revision: a revision
 *
 * Returns: (transfer full): when it was deployed, and by whom; "" where neither is known
 */
char *
ui_revision_row_describe_origin (StackRevision *revision)
{
  const char      *author = stack_revision_get_author (revision);
  gint64           time = stack_revision_get_time (revision) / G_USEC_PER_SEC;
  g_autofree char *when = NULL;

  if (time != 0)
    {
      g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time);

      /* Translators: a day and the time of day, as g_date_time_format() takes it */
      when = g_date_time_format (date, _("%-d %b %Y, %H:%M"));
    }
  if (when == NULL)
    return g_strdup (author);

  return *author != '\0' ? g_strdup_printf (C_("when, who", "%s · %s"), when, author)
                         : g_steal_pointer (&when);
}
