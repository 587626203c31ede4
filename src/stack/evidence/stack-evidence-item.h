/* stack-evidence-item.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-evidence.h"

G_BEGIN_DECLS

/**
 * StackEvidenceKind:
 * @STACK_EVIDENCE_POD: a pod, with the states of its containers
 * @STACK_EVIDENCE_EVENT: what the cluster reported
 * @STACK_EVIDENCE_LOG: the last lines of a container
 * @STACK_EVIDENCE_PROBLEM: what could not be looked at, and why
 *
 * What a piece of evidence is.
 */
typedef enum
{
  STACK_EVIDENCE_POD,
  STACK_EVIDENCE_EVENT,
  STACK_EVIDENCE_LOG,
  STACK_EVIDENCE_PROBLEM,
} StackEvidenceKind;

/**
 * StackEvidenceItem:
 * @kind: what it is
 * @wrong: whether it tells of something that is not as it should be
 * @title: what it is about, such as the name of a pod
 * @text: what was seen, of one line or more
 *
 * A piece of evidence in words.
 */
typedef struct
{
  StackEvidenceKind kind;
  gboolean          wrong;
  char             *title;
  char             *text;
} StackEvidenceItem;

GPtrArray *stack_evidence_list_items (StackEvidence *self);

G_END_DECLS
