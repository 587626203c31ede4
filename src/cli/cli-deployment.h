/* cli-deployment.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-invocation.h"

#include "stack-deployer.h"

G_BEGIN_DECLS

gboolean cli_deployment_check_missing (CliInvocation *invocation,
                                       GError       **error);
gboolean cli_deployment_check_values (CliInvocation *invocation,
                                      gboolean       complete,
                                      GError       **error);
void     cli_deployment_show_target (CliInvocation *invocation);
void     cli_deployment_show_plan (CliInvocation *invocation,
                                   StackDeployer *deployer);
void     cli_deployment_show_pods (CliInvocation *invocation,
                                   StackDeployer *deployer);
void     cli_deployment_show_details (CliInvocation *invocation,
                                      StackDeployer *deployer);
void     cli_deployment_show_result (CliInvocation *invocation,
                                     StackDeployer *deployer);

G_END_DECLS
