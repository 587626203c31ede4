/* kube-tls-database.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KUBE_TYPE_TLS_DATABASE (kube_tls_database_get_type ())
G_DECLARE_FINAL_TYPE (KubeTlsDatabase, kube_tls_database, KUBE, TLS_DATABASE, GTlsDatabase)

KubeTlsDatabase *kube_tls_database_new (GBytes *authorities);

G_END_DECLS
