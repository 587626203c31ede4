/* kube-log-source.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-log-source-private.h"

/**
 * KubeLogSource:
 *
 * One container among those whose logs a [class@KubeLogGroup] reads. It stays when
 * its container has ended, and says so, as its lines do.
 */
struct _KubeLogSource
{
  GObject parent_instance;

  guint          index;
  char          *pod;       /* (owned) */
  char          *container; /* (owned) */
  KubeLogStream *stream;    /* (owned) (nullable): NULL while there is no place for it */
  char          *detail;    /* (owned) (nullable): while there is no stream */
};

G_DEFINE_FINAL_TYPE (KubeLogSource, kube_log_source, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_INDEX,
  PROP_POD,
  PROP_CONTAINER,
  PROP_STATE,
  PROP_ERROR,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
kube_log_source_dispose (GObject *object)
{
  KubeLogSource *self = KUBE_LOG_SOURCE (object);

  if (self->stream != NULL)
    g_signal_handlers_disconnect_by_data (self->stream, self);
  g_clear_object (&self->stream);

  G_OBJECT_CLASS (kube_log_source_parent_class)->dispose (object);
}

static void
kube_log_source_finalize (GObject *object)
{
  KubeLogSource *self = KUBE_LOG_SOURCE (object);

  g_clear_pointer (&self->pod, g_free);
  g_clear_pointer (&self->container, g_free);
  g_clear_pointer (&self->detail, g_free);

  G_OBJECT_CLASS (kube_log_source_parent_class)->finalize (object);
}

static void
kube_log_source_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  KubeLogSource *self = KUBE_LOG_SOURCE (object);

  switch (prop_id)
    {
    case PROP_INDEX:
      g_value_set_uint (value, kube_log_source_get_index (self));
      break;
    case PROP_POD:
      g_value_set_string (value, kube_log_source_get_pod (self));
      break;
    case PROP_CONTAINER:
      g_value_set_string (value, kube_log_source_get_container (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, kube_log_source_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, kube_log_source_get_error (self));
      break;
    case PROP_DETAIL:
      g_value_set_string (value, kube_log_source_get_detail (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kube_log_source_class_init (KubeLogSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = kube_log_source_dispose;
  object_class->finalize = kube_log_source_finalize;
  object_class->get_property = kube_log_source_get_property;

  properties[PROP_INDEX] = g_param_spec_uint ("index", NULL, NULL, 0, G_MAXUINT16, 0, flags);
  properties[PROP_POD] = g_param_spec_string ("pod", NULL, NULL, NULL, flags);
  properties[PROP_CONTAINER] = g_param_spec_string ("container", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, KUBE_TYPE_LOG_STATE,
                                              KUBE_LOG_WAITING, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kube_log_source_init (KubeLogSource *self)
{
}

/*
 * _kube_log_source_new:
 * @index: its number
 * @pod: name of a pod
 * @container: name of one of its containers
 *
 * Returns: (transfer full): a source that waits for its stream
 */
KubeLogSource *
_kube_log_source_new (guint       index,
                      const char *pod,
                      const char *container)
{
  KubeLogSource *self = g_object_new (KUBE_TYPE_LOG_SOURCE, NULL);

  self->index = index;
  self->pod = g_strdup (pod);
  self->container = g_strdup (container);

  return self;
}

/*
 * _kube_log_source_set_detail:
 * @self: a source without a stream
 * @detail: what it waits for, in words
 */
void
_kube_log_source_set_detail (KubeLogSource *self,
                             const char    *detail)
{
  g_return_if_fail (KUBE_IS_LOG_SOURCE (self));

  if (g_strcmp0 (self->detail, detail) == 0)
    return;

  g_free (self->detail);
  self->detail = g_strdup (detail);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

static void
on_stream_notify_cb (KubeLogSource *self,
                     GParamSpec    *pspec)
{
  static const struct
  {
    const char *name;
    guint       property;
  } same[] = {
    { "state", PROP_STATE },
    { "error", PROP_ERROR },
    { "detail", PROP_DETAIL },
  };
  guint i;

  for (i = 0; i < G_N_ELEMENTS (same); i++)
    {
      if (g_str_equal (pspec->name, same[i].name))
        g_object_notify_by_pspec (G_OBJECT (self), properties[same[i].property]);
    }
}

/*
 * _kube_log_source_take_stream:
 * @self: a source without a stream
 * @stream: (transfer full): what reads its log
 */
void
_kube_log_source_take_stream (KubeLogSource *self,
                              KubeLogStream *stream)
{
  g_return_if_fail (KUBE_IS_LOG_SOURCE (self));
  g_return_if_fail (KUBE_IS_LOG_STREAM (stream));
  g_return_if_fail (self->stream == NULL);

  g_clear_pointer (&self->detail, g_free);
  self->stream = stream;
  g_signal_connect_swapped (stream, "notify", G_CALLBACK (on_stream_notify_cb), self);
}

/*
 * _kube_log_source_get_stream:
 * @self: a source
 *
 * Returns: (transfer none) (nullable): what reads its log
 */
KubeLogStream *
_kube_log_source_get_stream (KubeLogSource *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_SOURCE (self), NULL);

  return self->stream;
}

/*
 * _kube_log_source_is_over:
 * @self: a source
 *
 * Returns: whether it brings no more lines
 */
gboolean
_kube_log_source_is_over (KubeLogSource *self)
{
  KubeLogState state = kube_log_source_get_state (self);

  return state == KUBE_LOG_ENDED || state == KUBE_LOG_FAILED;
}

/**
 * kube_log_source_get_index:
 * @self: a source
 *
 * Returns: its number, which its lines have, too
 */
guint
kube_log_source_get_index (KubeLogSource *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_SOURCE (self), 0);

  return self->index;
}

/**
 * kube_log_source_get_pod:
 * @self: a source
 *
 * Returns: (transfer none): the name of its pod
 */
const char *
kube_log_source_get_pod (KubeLogSource *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_SOURCE (self), NULL);

  return self->pod;
}

/**
 * kube_log_source_get_container:
 * @self: a source
 *
 * Returns: (transfer none): the name of the container
 */
const char *
kube_log_source_get_container (KubeLogSource *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_SOURCE (self), NULL);

  return self->container;
}

/**
 * kube_log_source_get_state:
 * @self: a source
 *
 * Returns: what is being done to read its log; %KUBE_LOG_WAITING also while there is
 *   no place for it
 */
KubeLogState
kube_log_source_get_state (KubeLogSource *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_SOURCE (self), KUBE_LOG_IDLE);

  return self->stream != NULL ? kube_log_stream_get_state (self->stream) : KUBE_LOG_WAITING;
}

/**
 * kube_log_source_get_error:
 * @self: a source
 *
 * Returns: (transfer none) (nullable): why it failed, or what it is waiting out
 */
GError *
kube_log_source_get_error (KubeLogSource *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_SOURCE (self), NULL);

  return self->stream != NULL ? kube_log_stream_get_error (self->stream) : NULL;
}

/**
 * kube_log_source_get_detail:
 * @self: a source
 *
 * Returns: (transfer none) (nullable): what it waits for or why it ended, in words
 */
const char *
kube_log_source_get_detail (KubeLogSource *self)
{
  g_return_val_if_fail (KUBE_IS_LOG_SOURCE (self), NULL);

  return self->stream != NULL ? kube_log_stream_get_detail (self->stream) : self->detail;
}
