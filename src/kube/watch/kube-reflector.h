/* kube-reflector.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-client.h"
#include "kube-object.h"
#include "kube-request.h"
#include "kube-resource.h"
#include "kube-watch-event.h"

G_BEGIN_DECLS

/**
 * KubeReflectorState:
 * @KUBE_REFLECTOR_IDLE: not started, or stopped
 * @KUBE_REFLECTOR_LISTING: the list is on its way
 * @KUBE_REFLECTOR_WATCHING: the model is kept up to date
 * @KUBE_REFLECTOR_BACKING_OFF: the server is away or in trouble; asked again soon
 * @KUBE_REFLECTOR_FAILED: the server refuses (401, 403, 404); asked again every 30 seconds
 *
 * What a [class@KubeReflector] is doing.
 */
typedef enum
{
  KUBE_REFLECTOR_IDLE,
  KUBE_REFLECTOR_LISTING,
  KUBE_REFLECTOR_WATCHING,
  KUBE_REFLECTOR_BACKING_OFF,
  KUBE_REFLECTOR_FAILED
} KubeReflectorState;

#define KUBE_TYPE_REFLECTOR_STATE (kube_reflector_state_get_type ())
#define KUBE_TYPE_REFLECTOR (kube_reflector_get_type ())

GType kube_reflector_state_get_type (void);

G_DECLARE_FINAL_TYPE (KubeReflector, kube_reflector, KUBE, REFLECTOR, GObject)

KubeReflector     *kube_reflector_new (KubeClient         *client,
                                       const KubeResource *resource,
                                       const char         *ns,
                                       KubeForm            form,
                                       const char         *label_selector);
void               kube_reflector_set_field_selector (KubeReflector *self,
                                                      const char    *field_selector);
void               kube_reflector_start (KubeReflector *self);
void               kube_reflector_stop (KubeReflector *self);
GListModel        *kube_reflector_get_model (KubeReflector *self);
KubeObject        *kube_reflector_lookup (KubeReflector *self,
                                          const char    *key);
const char *const *kube_reflector_get_columns (KubeReflector *self);
int                kube_reflector_find_column (KubeReflector *self,
                                               const char    *name);
int                kube_reflector_get_nth_column (KubeReflector *self,
                                                  guint          position,
                                                  const char   **name,
                                                  gboolean      *wide);
KubeReflectorState kube_reflector_get_state (KubeReflector *self);
gboolean           kube_reflector_get_synced (KubeReflector *self);
GError            *kube_reflector_get_error (KubeReflector *self);
gint64             kube_reflector_get_last_contact (KubeReflector *self);

G_END_DECLS
