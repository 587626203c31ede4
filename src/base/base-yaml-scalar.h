/* base-yaml-scalar.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BASE_YAML_SCALAR_STRING,
  BASE_YAML_SCALAR_NULL,
  BASE_YAML_SCALAR_BOOLEAN,
  BASE_YAML_SCALAR_INT,
  BASE_YAML_SCALAR_FLOAT,
  BASE_YAML_SCALAR_NOT_FINITE,
  BASE_YAML_SCALAR_MERGE,
} BaseYamlScalarType;

typedef struct
{
  BaseYamlScalarType type;
  gboolean           boolean;
  gint64             integer;
  double             number;
} BaseYamlScalar;

void base_yaml_scalar_resolve (const char     *text,
                               BaseYamlScalar *scalar);

G_END_DECLS
