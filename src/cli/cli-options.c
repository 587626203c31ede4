/* cli-options.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-options.h"

#include "cli-error.h"

#include "kube-log-group.h"
#include "stack-profiles.h"

#define OPTION_COLUMN 30

static const CliOption global_options[] = {
  { "kubeconfig", 0, CLI_OPTION_FILE, G_STRUCT_OFFSET (CliOptions, kubeconfig), "FILE",
    "the kubeconfig to read (default: $KUBECONFIG, then ~/.kube/config)" },
  { "context", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, context), "NAME",
    "the context (cluster and user) of the kubeconfig to use" },
  { "namespace", 'n', CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, namespace_), "NAME",
    "the namespace the app lives in (default: the profile's)" },
  { "profile", 0, CLI_OPTION_TEXT, G_STRUCT_OFFSET (CliOptions, profile), "NAME",
    "which set of remembered values to use (see profiles)" },
  { "json", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, json), NULL,
    "print JSON for programs instead of text for people" },
  { "yes", 'y', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, yes), NULL,
    "do not ask before something is changed" },
  { "verbose", 'v', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, verbose), NULL,
    "say more about errors" },
  { "help", 'h', CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, help), NULL,
    "show this help" },
  { "version", 0, CLI_OPTION_FLAG, G_STRUCT_OFFSET (CliOptions, version), NULL,
    "show the version" },
  { NULL },
};

static const char main_description[] =
    "Deploys the web app Hacky Stack on a Kubernetes cluster and shows how it is.\n"
    "It uses the same remembered values as the window of Hacky Stack Desktop.\n";

static const char main_notes[] =
    "A first deployment, step by step:\n"
    "  hackystackctl contexts           which clusters this machine knows\n"
    "  hackystackctl deploy             asks for what is missing, shows what it will\n"
    "                                   do, and asks again before it does it\n"
    "  hackystackctl status             whether the app runs\n"
    "  hackystackctl logs -f            what the app says while it runs\n"
    "\n"
    "Exit status:\n"
    "  0 done   1 failed   2 wrong usage   3 timed out   4 check found something\n"
    "  130 cancelled\n"
    "\n"
    "\"hackystackctl VERB --help\" says more about one verb.\n";

static CliOptions *
cli_options_new (void)
{
  CliOptions *self = g_new0 (CliOptions, 1);

  self->timeout = CLI_DEFAULT_TIMEOUT;
  self->tail = CLI_NO_TAIL;
  self->max_log_requests = KUBE_LOG_MAX_REQUESTS;

  return self;
}

/**
 * cli_options_free:
 * @self: (transfer full): options
 *
 * Frees what [func@options_parse] returned.
 */
void
cli_options_free (CliOptions *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->kubeconfig);
  g_free (self->context);
  g_free (self->namespace_);
  g_free (self->profile);
  g_free (self->values);
  g_free (self->delete_volume);
  g_free (self->confirm);
  g_free (self->builder);
  g_free (self->tag);
  g_free (self->build);
  g_free (self->ca);
  g_free (self->container);
  g_free (self->address);
  g_free (self->since);
  g_free (self->since_time);
  g_free (self->output);
  g_free (self->selector);
  g_free (self->field_selector);
  g_strfreev (self->operands);
  g_free (self);
}

static gboolean
takes_value (const CliOption *option)
{
  return option->kind != CLI_OPTION_FLAG;
}

static const CliOption *
find_global (const char *name,
             gsize       length,
             char        letter)
{
  for (const CliOption *option = global_options; option->name != NULL; option++)
    {
      if (letter != 0 && option->letter == letter)
        return option;
      if (letter == 0 && strlen (option->name) == length &&
          strncmp (option->name, name, length) == 0)
        return option;
    }

  return NULL;
}

/* Looks at an option that stands before the verb. Only global ones may: where
 * the value of any other ends is not known before the verb is. */
static gboolean
skip_global (const char *argument,
             gboolean   *value_follows,
             GError    **error)
{
  const CliOption *option = NULL;

  *value_follows = FALSE;
  if (g_str_has_prefix (argument, "--"))
    {
      const char *equals = strchr (argument, '=');
      gsize       length = equals != NULL ? (gsize) (equals - argument) : strlen (argument);

      option = find_global (argument + 2, length - 2, 0);
      *value_follows = option != NULL && takes_value (option) && equals == NULL;
    }
  else
    {
      for (const char *p = argument + 1; *p != '\0'; p++)
        {
          option = find_global (NULL, 0, *p);
          if (option == NULL)
            break;
          if (takes_value (option))
            {
              *value_follows = p[1] == '\0';
              break;
            }
        }
    }
  if (option != NULL)
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "Option %s is not one that every verb takes. Options of one verb come after it. "
               "Run \"hackystackctl --help\" to see both kinds.",
               argument);

  return FALSE;
}

/* Finds the verb: the first word that is neither a global option nor its value.
 * Returns its index, or 0 when there is none, or -1 with an error. */
static int
find_verb (const char *const *arguments,
           GError           **error)
{
  for (int i = 1; arguments[0] != NULL && arguments[i] != NULL; i++)
    {
      gboolean value_follows;

      if (arguments[i][0] != '-' || arguments[i][1] == '\0')
        return i;
      if (g_str_equal (arguments[i], "--"))
        return arguments[i + 1] != NULL ? i + 1 : 0;
      if (!skip_global (arguments[i], &value_follows, error))
        return -1;
      if (value_follows && arguments[i + 1] != NULL)
        i++;
    }

  return 0;
}

static void
add_entries (GArray          *entries,
             CliOptions      *self,
             const CliOption *options)
{
  static const GOptionArg kinds[] = {
    [CLI_OPTION_FLAG] = G_OPTION_ARG_NONE,
    [CLI_OPTION_TEXT] = G_OPTION_ARG_STRING,
    [CLI_OPTION_FILE] = G_OPTION_ARG_FILENAME,
    [CLI_OPTION_NUMBER] = G_OPTION_ARG_INT,
    [CLI_OPTION_COUNT] = G_OPTION_ARG_INT64,
  };

  for (const CliOption *option = options; option->name != NULL; option++)
    {
      GOptionEntry entry = {
        .long_name = option->name,
        .short_name = option->letter,
        .arg = kinds[option->kind],
        .arg_data = (char *) self + option->offset,
      };

      g_array_append_val (entries, entry);
    }
}

static const char *
describe_verb (CliOptions *self)
{
  return self->command != NULL ? self->command->name : "";
}

static gboolean
parse_words (CliOptions *self,
             GStrv      *words,
             GError    **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_autoptr(GError) local_error = NULL;
  GOptionEntry operands = { .long_name = G_OPTION_REMAINING,
                            .arg = G_OPTION_ARG_STRING_ARRAY,
                            .arg_data = &self->operands };

  add_entries (entries, self, global_options);
  if (self->command != NULL && self->command->options != NULL)
    add_entries (entries, self, self->command->options);
  g_array_append_val (entries, operands);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, (GOptionEntry *) (gpointer) entries->data, NULL);
  if (g_option_context_parse_strv (context, words, &local_error))
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "%s. Run \"hackystackctl %s%s--help\" to see what it takes.",
               local_error->message, describe_verb (self), self->command != NULL ? " " : "");

  return FALSE;
}

static gboolean
check_texts (CliOptions      *self,
             const CliOption *options,
             GError         **error)
{
  for (const CliOption *option = options; option->name != NULL; option++)
    {
      gboolean    is_text = option->kind == CLI_OPTION_TEXT || option->kind == CLI_OPTION_FILE;
      const char *text = is_text ? G_STRUCT_MEMBER (char *, self, option->offset) : NULL;

      if (text != NULL && text[0] == '\0')
        {
          g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                       "Option --%s is empty. It needs a value. Write --%s=%s.",
                       option->name, option->name, option->placeholder);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_numbers (CliOptions *self,
               GError    **error)
{
  if (self->timeout < 0)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "A time-out of %d seconds cannot be. "
                   "Give a positive number, or 0 to wait without an end.",
                   self->timeout);
      return FALSE;
    }
  if (self->tail < -1)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "The last %" G_GINT64_FORMAT " lines cannot be shown. "
                   "Give --tail a positive number, or leave it away for every line.",
                   self->tail);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_operands (CliOptions *self,
                GError    **error)
{
  guint n_operands = self->operands != NULL ? g_strv_length (self->operands) : 0;

  if (n_operands <= self->command->max_operands)
    return TRUE;

  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "\"%s\" is one word too many for %s. "
               "Run \"hackystackctl %s --help\" to see what it takes.",
               self->operands[self->command->max_operands], self->command->name,
               self->command->name);

  return FALSE;
}

static gboolean
check (CliOptions *self,
       GError    **error)
{
  if (self->help || self->version)
    return TRUE;

  if (self->command == NULL)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "No verb was given. hackystackctl needs to know what to do. "
                   "Run \"hackystackctl --help\" to see the verbs.");
      return FALSE;
    }
  if (self->json && self->command->no_json)
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
                   "%s has no JSON form. It prints the lines as they are. Leave --json away.",
                   self->command->name);
      return FALSE;
    }

  return check_texts (self, global_options, error) &&
         (self->command->options == NULL || check_texts (self, self->command->options, error)) &&
         check_numbers (self, error) && check_operands (self, error);
}

static gboolean
find_command (CliOptions *self,
              const char *word,
              GError    **error)
{
  g_autoptr(GString) names = NULL;

  self->command = cli_command_find (word);
  if (self->command != NULL)
    return TRUE;

  names = g_string_new (NULL);
  for (const CliCommand *const *command = cli_command_list (); *command != NULL; command++)
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", (*command)->name);
  g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE,
               "\"%s\" is not a verb of hackystackctl. The verbs are %s. "
               "Run \"hackystackctl --help\" to see what each does.",
               word, names->str);

  return FALSE;
}

/**
 * cli_options_parse:
 * @arguments: (array zero-terminated=1): the command line, program name first
 * @error: where to put an error
 *
 * Reads the command line. Options that every verb takes may stand before and
 * after the verb, the verb's own ones after it.
 *
 * Returns: (transfer full) (nullable): the options, or %NULL with
 *   %CLI_ERROR_USAGE
 */
CliOptions *
cli_options_parse (const char *const *arguments,
                   GError           **error)
{
  g_autoptr(CliOptions) self = cli_options_new ();
  g_auto(GStrv) words = NULL;
  g_autoptr(GPtrArray) kept = g_ptr_array_new ();
  int verb;

  g_return_val_if_fail (arguments != NULL, NULL);

  verb = find_verb (arguments, error);
  if (verb < 0 || (verb > 0 && !find_command (self, arguments[verb], error)))
    return NULL;

  for (int i = 0; arguments[i] != NULL; i++)
    if (i == 0 || i != verb)
      g_ptr_array_add (kept, g_strdup (arguments[i]));
  g_ptr_array_add (kept, NULL);
  words = (GStrv) g_ptr_array_steal (kept, NULL);

  if (!parse_words (self, &words, error) || !check (self, error))
    return NULL;
  if (self->profile == NULL)
    self->profile = stack_profiles_dup_current ();

  return g_steal_pointer (&self);
}

static void
append_options (GString         *text,
                const char      *title,
                const CliOption *options)
{
  g_string_append_printf (text, "\n%s:\n", title);
  for (const CliOption *option = options; option->name != NULL; option++)
    {
      g_autoptr(GString) left = g_string_new ("  ");

      if (option->letter != 0)
        g_string_append_printf (left, "-%c, ", option->letter);
      else
        g_string_append (left, "    ");
      g_string_append_printf (left, "--%s", option->name);
      if (option->placeholder != NULL)
        g_string_append_printf (left, "=%s", option->placeholder);
      g_string_append_printf (text, "%-*s %s\n", OPTION_COLUMN, left->str, option->explanation);
    }
}

static void
append_verbs (GString *text)
{
  g_string_append (text, "\nVerbs:\n");
  for (const CliCommand *const *command = cli_command_list (); *command != NULL; command++)
    g_string_append_printf (text, "  %-14s %s\n", (*command)->name, (*command)->summary);
}

/**
 * cli_options_dup_help:
 * @self: options
 *
 * Writes the help of the verb that was given, or of the program when none was.
 *
 * Returns: (transfer full): the help, ended by a newline
 */
char *
cli_options_dup_help (CliOptions *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const CliCommand *command;

  g_return_val_if_fail (self != NULL, NULL);

  command = self->command;
  if (command == NULL)
    {
      g_string_append_printf (text, "Usage: hackystackctl [OPTION…] VERB …\n\n%s",
                              main_description);
      append_verbs (text);
      append_options (text, "Options of every verb", global_options);
      g_string_append_printf (text, "\n%s", main_notes);
    }
  else
    {
      g_string_append_printf (text, "Usage: hackystackctl %s [OPTION…]%s%s\n\n%s", command->name,
                              command->operands[0] != '\0' ? " " : "", command->operands,
                              command->description);
      if (command->options != NULL)
        append_options (text, "Options of this verb", command->options);
      append_options (text, "Options of every verb", global_options);
      g_string_append_printf (text, "\n%s", command->notes);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
