/* fault-certificates.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A folder with certificates that were made for one test: ca.crt, and .crt and .key of "server",
 * which is 127.0.0.1. */
typedef struct _FaultCertificates FaultCertificates;

FaultCertificates *fault_certificates_new (const char *script);
void               fault_certificates_free (FaultCertificates *self);
char              *fault_certificates_get_path (FaultCertificates *self,
                                                const char        *name);
void               fault_certificates_write (FaultCertificates *self,
                                             const char        *name,
                                             const char        *contents);
GTlsCertificate   *fault_certificates_load (FaultCertificates *self,
                                            const char        *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FaultCertificates, fault_certificates_free)

G_END_DECLS
