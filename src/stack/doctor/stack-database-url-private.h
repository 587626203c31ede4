/* stack-database-url-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A URL of PostgreSQL cut into pieces as they stand, nothing decoded. Wiped when cleared. */
typedef struct
{
  char *scheme;   /* with "://" */
  char *userinfo; /* (nullable) without "@" */
  char *host;     /* with brackets, if any */
  char *port;     /* (nullable) without ":" */
  char *path;     /* with "/", "" if none */
  char *query;    /* (nullable) without "?" */
} StackDatabaseUrl;

void     stack_database_url_split (StackDatabaseUrl *self,
                                   const char       *text);
char    *stack_database_url_join (const StackDatabaseUrl *self,
                                  const char             *host,
                                  const char             *query);
void     stack_database_url_clear (StackDatabaseUrl *self);
gboolean stack_database_url_find_server (const char *text,
                                         char      **host,
                                         guint16    *port);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StackDatabaseUrl, stack_database_url_clear)

G_END_DECLS
