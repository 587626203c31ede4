/* kube-container.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * KubeContainer:
 * @found: the pod has such a container
 * @has_log: there is, or was, something that writes a log
 * @running: it runs now
 * @returns: it will be started again, or for the first time
 * @restarts: the number of its latest instance, 0 for the first one
 * @detail: (nullable): why it does not run, in words
 *
 * What a pod says about one of its containers.
 */
typedef struct
{
  gboolean found;
  gboolean has_log;
  gboolean running;
  gboolean returns;
  gint64   restarts;
  char    *detail;
} KubeContainer;

void kube_container_read (KubeContainer *self,
                          JsonNode      *pod,
                          const char    *name);
void kube_container_clear (KubeContainer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KubeContainer, kube_container_clear)

G_END_DECLS
