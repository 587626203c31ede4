/* base-yaml-problem.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <yaml.h>

G_BEGIN_DECLS

gboolean base_yaml_problem_check_bytes (const char *data,
                                        gsize       size,
                                        GError    **error);
void     base_yaml_problem_set_error (const yaml_parser_t *parser,
                                      const char          *data,
                                      gsize                size,
                                      GError             **error);

G_END_DECLS
