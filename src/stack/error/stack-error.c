/* stack-error.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-error.h"

/**
 * STACK_ERROR:
 *
 * The error domain of the stack layer.
 *
 * - %STACK_ERROR_VALUES: a setting, a values file or a profile cannot be used
 * - %STACK_ERROR_MANIFEST: a manifest file has a mistake
 * - %STACK_ERROR_REFUSED: the cluster refused an object
 * - %STACK_ERROR_CONFLICT: another program owns fields that we would change
 * - %STACK_ERROR_NOT_READY: deployed, but it will not get ready
 * - %STACK_ERROR_TIMED_OUT: the time was up
 * - %STACK_ERROR_NOT_CONNECTED: there is no cluster to talk to
 * - %STACK_ERROR_UNHEALTHY: it runs, but the app says that it is not well
 * - %STACK_ERROR_NOT_DEPLOYED: the app is not there
 * - %STACK_ERROR_NO_REVISION: there is no such revision, or none to go back to
 * - %STACK_ERROR_NO_DOCKERFILE: a folder from which no image can be built
 * - %STACK_ERROR_NO_TOOL: a program that builds images is not on this computer
 * - %STACK_ERROR_NOT_MINIKUBE: a cluster on whose nodes no image can be put from here
 * - %STACK_ERROR_BUILD: the image could not be built, or not brought to the cluster
 */
G_DEFINE_QUARK (stack - error - quark, stack_error)
