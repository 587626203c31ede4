/* stack-situation-watch.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-situation-watch.h"

#include "stack-revision-private.h"
#include "stack-status.h"

/**
 * StackSituationWatch:
 *
 * Tells when what [func@situation_read_async] found may be another now, whoever changed it. Of the
 * revisions only the server's table is watched: no secret is read.
 */
struct _StackSituationWatch
{
  GObject parent_instance;

  KubeReflector *pods;       /* (owned) */
  KubeReflector *deployment; /* (owned) */
  KubeReflector *revisions;  /* (owned) */
};

enum
{
  CHANGED,
  REVISIONS_CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (StackSituationWatch, stack_situation_watch, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void
stack_situation_watch_dispose (GObject *object)
{
  StackSituationWatch *self = STACK_SITUATION_WATCH (object);

  g_clear_object (&self->pods);
  g_clear_object (&self->deployment);
  g_clear_object (&self->revisions);

  G_OBJECT_CLASS (stack_situation_watch_parent_class)->dispose (object);
}

static void
stack_situation_watch_class_init (StackSituationWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stack_situation_watch_dispose;

  /**
   * StackSituationWatch::changed:
   * @self: a watch
   *
   * The Deployment, its pods or a revision is another. Changes come in bunches.
   */
  signals[CHANGED] = g_signal_new ("changed", STACK_TYPE_SITUATION_WATCH, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * StackSituationWatch::revisions-changed:
   * @self: a watch
   *
   * A revision has come or gone, or its outcome is known now. Comes before
   * [signal@SituationWatch::changed].
   */
  signals[REVISIONS_CHANGED] = g_signal_new ("revisions-changed", STACK_TYPE_SITUATION_WATCH,
                                             G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                             0);
}

static void
stack_situation_watch_init (StackSituationWatch *self)
{
}

static void
on_changed_cb (StackSituationWatch *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_revisions_changed_cb (StackSituationWatch *self)
{
  g_signal_emit (self, signals[REVISIONS_CHANGED], 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * stack_situation_watch_new:
 * @client: the cluster
 * @ns: the app's namespace
 * @pods: the pods of that namespace, see [method@Session.ref_pods]
 *
 * Begins to watch. The signals come the first time when it is known what there is.
 *
 * Returns: (transfer full): a watch, which ends with its last reference
 */
StackSituationWatch *
stack_situation_watch_new (KubeClient    *client,
                           const char    *ns,
                           KubeReflector *pods)
{
  StackSituationWatch *self;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (ns != NULL, NULL);
  g_return_val_if_fail (KUBE_IS_REFLECTOR (pods), NULL);

  self = g_object_new (STACK_TYPE_SITUATION_WATCH, NULL);
  self->pods = g_object_ref (pods);
  self->deployment = kube_reflector_new (client, &KUBE_DEPLOYMENT, ns, KUBE_FORM_TABLE, NULL);
  kube_reflector_set_field_selector (self->deployment, "metadata.name=" STACK_APP_DEPLOYMENT);
  self->revisions = kube_reflector_new (client, &KUBE_SECRET, ns, KUBE_FORM_TABLE,
                                        STACK_REVISION_SELECTOR);
  g_signal_connect_object (pods, "changed", G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->deployment, "changed", G_CALLBACK (on_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->revisions, "changed", G_CALLBACK (on_revisions_changed_cb), self,
                           G_CONNECT_SWAPPED);
  kube_reflector_start (self->deployment);
  kube_reflector_start (self->revisions);

  return self;
}
