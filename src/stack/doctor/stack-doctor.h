/* stack-doctor.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-finding.h"
#include "stack-settings.h"

G_BEGIN_DECLS

StackFinding *stack_doctor_check_field (StackSettings *settings,
                                        StackFieldId   id);
GPtrArray    *stack_doctor_check (StackSettings *settings);

G_END_DECLS
