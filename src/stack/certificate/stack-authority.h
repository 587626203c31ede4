/* stack-authority.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-certificate.h"

G_BEGIN_DECLS

#define STACK_TYPE_AUTHORITY (stack_authority_get_type ())

typedef struct _StackAuthority StackAuthority;

GType             stack_authority_get_type (void) G_GNUC_CONST;
StackAuthority   *stack_authority_generate (gint64   now,
                                            GError **error);
StackAuthority   *stack_authority_parse (VaultSecret *text,
                                         GError     **error);
StackAuthority   *stack_authority_ref (StackAuthority *self);
void              stack_authority_unref (StackAuthority *self);
VaultSecret      *stack_authority_get_text (StackAuthority *self);
const char       *stack_authority_get_certificate (StackAuthority *self);
gboolean          stack_authority_lasts (StackAuthority *self,
                                         gint64          now);
StackCertificate *stack_authority_issue (StackAuthority *self,
                                         const char     *host,
                                         gint64          now,
                                         GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StackAuthority, stack_authority_unref)

G_END_DECLS
