/* cli-command.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CliInvocation CliInvocation;
typedef struct _CliOptions    CliOptions;

typedef enum
{
  CLI_OPTION_FLAG,
  CLI_OPTION_TEXT,
  CLI_OPTION_FILE,
  CLI_OPTION_NUMBER,
  CLI_OPTION_COUNT,
} CliOptionKind;

/* One option: where its value goes in CliOptions and what `--help` says. */
typedef struct
{
  const char   *name;
  char          letter; /* 0: no short form */
  CliOptionKind kind;   /* NUMBER is an int, COUNT a gint64 */
  gsize         offset;
  const char   *placeholder; /* nullable: takes no value */
  const char   *explanation;
} CliOption;

/* One verb. */
typedef struct
{
  const char      *name;
  const char      *summary;  /* one line of the list of verbs */
  const char      *operands; /* as the usage line shows them, "" for none */
  guint            max_operands;
  const CliOption *options;     /* nullable, ended by an option without name */
  const char      *description; /* what it does, for a newcomer */
  const char      *notes;       /* examples and exit statuses */
  gboolean         no_json;     /* the verb has no JSON form */

  /* Starts the verb. It owns @task and ends it with an exit status
   * (g_task_return_int) or an error. */
  void (*run) (CliInvocation *invocation,
               GTask         *task);
} CliCommand;

extern const CliCommand CLI_COMMAND_API_RESOURCES;
extern const CliCommand CLI_COMMAND_ATTACH;
extern const CliCommand CLI_COMMAND_BUILD;
extern const CliCommand CLI_COMMAND_CERTIFICATE;
extern const CliCommand CLI_COMMAND_CHECK;
extern const CliCommand CLI_COMMAND_CONFIG;
extern const CliCommand CLI_COMMAND_CONTEXTS;
extern const CliCommand CLI_COMMAND_DEPLOY;
extern const CliCommand CLI_COMMAND_DIFF;
extern const CliCommand CLI_COMMAND_EXEC;
extern const CliCommand CLI_COMMAND_EXPORT;
extern const CliCommand CLI_COMMAND_GET;
extern const CliCommand CLI_COMMAND_HISTORY;
extern const CliCommand CLI_COMMAND_LOGS;
extern const CliCommand CLI_COMMAND_PAUSE;
extern const CliCommand CLI_COMMAND_PORT_FORWARD;
extern const CliCommand CLI_COMMAND_RESET;
extern const CliCommand CLI_COMMAND_RESTART;
extern const CliCommand CLI_COMMAND_RESUME;
extern const CliCommand CLI_COMMAND_SCALE;
extern const CliCommand CLI_COMMAND_SET_IMAGE;
extern const CliCommand CLI_COMMAND_PROFILES;
extern const CliCommand CLI_COMMAND_STATUS;
extern const CliCommand CLI_COMMAND_UNDO;

const CliCommand *const *cli_command_list (void);
const CliCommand        *cli_command_find (const char *name);

G_END_DECLS
