/* stack-doctor-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-database-url-private.h"
#include "stack-doctor.h"

G_BEGIN_DECLS

/* One answer under examination: what it is, and where the findings go. */
typedef struct
{
  StackSettings *settings; /* (borrowed) */
  StackFieldId   field;
  const char    *text;     /* (borrowed) not empty, without white space around it */
  GPtrArray     *findings; /* (element-type StackFinding) (borrowed) */
} StackPatient;

void     stack_patient_report (StackPatient *self,
                               StackSeverity severity,
                               const char   *fix,
                               const char   *format,
                               ...) G_GNUC_PRINTF (4, 5);
void     stack_doctor_check_database_url (StackPatient *patient);
void     stack_doctor_check_parameters (StackPatient           *patient,
                                        const StackDatabaseUrl *url);
void     stack_doctor_check_nextauth_url (StackPatient *patient);
void     stack_doctor_check_secret (StackPatient *patient);
void     stack_doctor_check_client_id (StackPatient *patient);
void     stack_doctor_check_client_secret (StackPatient *patient);
void     stack_doctor_check_image (StackPatient *patient);
void     stack_doctor_check_namespace (StackPatient *patient);
void     stack_doctor_check_host (StackPatient *patient);
void     stack_doctor_check_replicas (StackPatient *patient);
void     stack_doctor_check_ingress_class (StackPatient *patient);
guint    stack_doctor_estimate_bits (const char *text);
void     stack_doctor_check_choice (StackPatient *patient);
void     stack_doctor_check_pull_policy (StackPatient *patient);
gboolean stack_doctor_is_dns_name (const char *text);
gboolean stack_doctor_matches (const char *text,
                               const char *pattern);
char    *stack_doctor_decode_base64 (const char *text);

G_END_DECLS
