/* cli-options.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli-command.h"

G_BEGIN_DECLS

#define CLI_DEFAULT_TIMEOUT 600

/* The number of lines was not said. */
#define CLI_NO_TAIL G_MAXINT64

/* What the command line said. A member that belongs to one verb keeps its
 * default under every other verb. */
struct _CliOptions
{
  const CliCommand *command; /* nullable: no verb was given */

  /* every verb */
  char    *kubeconfig;
  char    *context;
  char    *namespace_;
  char    *profile;
  gboolean json;
  gboolean yes;
  gboolean verbose;
  gboolean help;
  gboolean version;

  /* contexts */
  gboolean check;

  /* check, diff, deploy, certificate, export */
  char *values;

  /* diff, deploy */
  gboolean force_conflicts;

  /* diff */
  gboolean exit_code;

  /* check */
  gboolean cluster;
  gboolean database;

  /* deploy */
  int      timeout;
  gboolean no_save;
  gboolean rollback_on_failure;

  /* build, deploy */
  char *builder;
  char *tag;
  char *build;

  /* undo */
  int to;

  /* reset */
  gboolean delete_volumes;
  char    *delete_volume;
  char    *confirm;

  /* certificate */
  char *ca;

  /* export */
  gboolean with_secrets;

  /* logs */
  gboolean follow;
  gint64   tail;
  gboolean previous;
  gboolean timestamps;
  char    *container;
  char    *since;
  char    *since_time;
  gint64   limit_bytes;
  gint64   max_log_requests;
  gboolean all_containers;
  gboolean all_pods;
  gboolean prefix;
  gboolean merge;

  /* logs, get */
  char *selector;

  /* exec, attach */
  gboolean stdin_;
  gboolean tty;

  /* port-forward */
  char *address;

  /* get */
  char    *output;
  char    *field_selector;
  gboolean all_namespaces;
  gboolean watch;
  gboolean watch_only;
  gboolean show_secrets;
  gboolean show_managed_fields;

  GStrv operands; /* nullable: what stood after the verb */
};

CliOptions *cli_options_parse (const char *const *arguments,
                               GError           **error);
char       *cli_options_dup_help (CliOptions *self);
void        cli_options_free (CliOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliOptions, cli_options_free)

G_END_DECLS
