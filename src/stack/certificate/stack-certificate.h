/* stack-certificate.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "vault-secret.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define STACK_TYPE_CERTIFICATE (stack_certificate_get_type ())

typedef struct _StackCertificate StackCertificate;

GType             stack_certificate_get_type (void) G_GNUC_CONST;
StackCertificate *stack_certificate_new (const char  *chain,
                                         VaultSecret *key,
                                         const char  *authority,
                                         GError     **error);
StackCertificate *stack_certificate_ref (StackCertificate *self);
void              stack_certificate_unref (StackCertificate *self);
const char       *stack_certificate_get_chain (StackCertificate *self);
VaultSecret      *stack_certificate_get_key (StackCertificate *self);
const char       *stack_certificate_get_authority (StackCertificate *self);
gint64            stack_certificate_get_start (StackCertificate *self);
gint64            stack_certificate_get_end (StackCertificate *self);
gboolean          stack_certificate_is_for (StackCertificate *self,
                                            const char       *host);
gboolean          stack_certificate_lasts (StackCertificate *self,
                                           gint64            now);
char             *stack_certificate_dup_fingerprint (const char *pem,
                                                     GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackCertificate, stack_certificate_unref)

G_END_DECLS
