/* kube-key-pair.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

int kube_key_pair_check (const char *certificate,
                         gsize       certificate_length,
                         const char *key,
                         gsize       key_length);

G_END_DECLS
