/* kube-auth-provider.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *kube_auth_provider_find_problem (const char *name,
                                       const char *user_name);

G_END_DECLS
