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
 */
G_DEFINE_QUARK (stack - error - quark, stack_error)
