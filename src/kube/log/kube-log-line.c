/* kube-log-line.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-line.h"

/**
 * KubeLogLine:
 *
 * One line of a log, made for display: immutable, its text always valid UTF-8.
 */
struct _KubeLogLine
{
  GObject parent_instance;

  gint64 time_us;
  char  *text; /* (owned) */
  guint  source;
};

G_DEFINE_FINAL_TYPE (KubeLogLine, kube_log_line, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TIME,
  PROP_TEXT,
  PROP_SOURCE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kube_log_line_finalize (GObject *object)
{
  KubeLogLine *self = KUBE_LOG_LINE (object);

  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (kube_log_line_parent_class)->finalize (object);
}

static void
kube_log_line_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  KubeLogLine *self = KUBE_LOG_LINE (object);

  switch (prop_id)
    {
    case PROP_TIME:
      g_value_set_int64 (value, kube_log_line_get_time (self));
      break;
    case PROP_TEXT:
      g_value_set_string (value, kube_log_line_get_text (self));
      break;
    case PROP_SOURCE:
      g_value_set_uint (value, kube_log_line_get_source (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_log_line_class_init (KubeLogLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = kube_log_line_finalize;
  object_class->get_property = kube_log_line_get_property;

  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                                              flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_SOURCE] = g_param_spec_uint ("source", NULL, NULL, 0, G_MAXUINT16, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kube_log_line_init (KubeLogLine *self)
{
}

/**
 * kube_log_line_new:
 * @entry: the line; copied
 *
 * Bytes that are not UTF-8 become U+FFFD. A carriage return at the end is part of
 * the line end, as programs of other systems write it.
 *
 * Returns: (transfer full): the line
 */
KubeLogLine *
kube_log_line_new (const KubeLogEntry *entry)
{
  KubeLogLine *self;
  gsize        length;

  g_return_val_if_fail (entry != NULL, NULL);
  g_return_val_if_fail (entry->text != NULL || entry->length == 0, NULL);

  length = entry->length;
  if (length > 0 && entry->text[length - 1] == '\r')
    length--;
  self = g_object_new (KUBE_TYPE_LOG_LINE, NULL);
  self->time_us = entry->time_ns / 1000;
  self->source = entry->source;
  self->text = g_utf8_make_valid (length > 0 ? entry->text : "", (gssize) length);

  return self;
}

/**
 * kube_log_line_get_text:
 * @self: a line
 *
 * Returns: (transfer none): the text, valid UTF-8, without a line end
 */
const char *
kube_log_line_get_text (KubeLogLine *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_LINE (self), NULL);

  return self->text;
}

/**
 * kube_log_line_get_time:
 * @self: a line
 *
 * Returns: when the line was written, in microseconds since the epoch; 0 when
 *   the server did not say
 */
gint64
kube_log_line_get_time (KubeLogLine *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_LINE (self), 0);

  return self->time_us;
}

/**
 * kube_log_line_get_source:
 * @self: a line
 *
 * Returns: whose line it is, where there are several sources: an index into the
 *   list of [method@LogGroup.get_sources]
 */
guint
kube_log_line_get_source (KubeLogLine *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_LINE (self), 0);

  return self->source;
}
