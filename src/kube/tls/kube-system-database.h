/* kube-system-database.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KUBE_TYPE_SYSTEM_DATABASE (kube_system_database_get_type ())
G_DECLARE_FINAL_TYPE (KubeSystemDatabase, kube_system_database, KUBE, SYSTEM_DATABASE, GTlsDatabase)

void kube_system_database_install (void);

G_END_DECLS
