/* kube-config-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-config-document.h"
#include "kube-config.h"

G_BEGIN_DECLS

/* Filled once, when it is read, so that a thread may read it. */
struct _KubeConfig
{
  GObject parent_instance;

  GListStore *contexts;        /* (element-type KubeContext) */
  char       *current_context; /* (nullable) */
  char       *description;     /* the paths of the files, for messages */
  GStrv       places;          /* (nullable) where it was looked for */
  char       *first_path;      /* the most important file that there was */
  char       *first_digest;    /* (nullable) of its bytes; unset in a pod */
  char       *fingerprint;     /* of what all files say */
};

KubeConfig *kube_config_new_from_documents (GPtrArray *documents,
                                            GError   **error);
gboolean    kube_config_merge (GPtrArray  *documents,
                               GListStore *contexts,
                               char      **current_context,
                               GError    **error);

G_END_DECLS
