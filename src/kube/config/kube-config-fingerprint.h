/* kube-config-fingerprint.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kube_config_fingerprint_build (GPtrArray *documents);

G_END_DECLS
