/* cli-change.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

#include "stack-running.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CliChangeFunc:
 * @invocation: an invocation that is connected
 * @running: what is deployed; the changes go in here, and into the session's settings
 * @data: data of the verb
 * @error: where to put an error
 *
 * Makes the changes of a verb. Nothing is sent before they were shown and agreed to.
 *
 * Returns: %FALSE with @error set if they cannot be made
 */
typedef gboolean (*CliChangeFunc) (CliInvocation *invocation,
                                   StackRunning  *running,
                                   gpointer       data,
                                   GError       **error);

gboolean cli_change_check_asking (CliInvocation *invocation,
                                  GError       **error);
void     cli_change_run (CliInvocation *invocation,
                         GTask         *task,
                         CliChangeFunc  func,
                         gpointer       data,
                         GDestroyNotify destroy);
void     cli_change_carry_out (CliInvocation *invocation,
                               GTask         *task,
                               StackRunning  *running,
                               guint          replicas,
                               gboolean       resumed);

G_END_DECLS
