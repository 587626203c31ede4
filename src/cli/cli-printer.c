/* cli-printer.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cli-printer.h"

#include "cli-error.h"
#include "cli-json.h"

#include "base-json.h"
#include "base-redact.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_WIDTH 80
/* So much is written at once. */
#define BLOCK (64 * 1024)

/**
 * CliPrinter:
 *
 * Everything that hackystackctl says goes through one printer: results to
 * standard output, everything else to standard error. Remembered secrets are
 * taken out of all text, control characters of a server do not reach the
 * terminal, and colour is used only where it is wanted: on a terminal other than
 * `dumb`, and without NO_COLOR (https://no-color.org) in the environment.
 *
 * Writing waits for the reader. That is meant: a log that is piped into a slow
 * program must not pile up in memory.
 */
struct _CliPrinter
{
  GObject parent_instance;

  gboolean json;
  gboolean verbose;
  gboolean utf8;      /* the terminal shows more than ASCII */
  gboolean live;      /* standard output can rewrite a line */
  gboolean rewritten; /* a line is there that has no newline yet */
  gboolean colour_out;
  gboolean colour_err;
  gboolean closed; /* the reader of standard output went away */
};

G_DEFINE_FINAL_TYPE (CliPrinter, cli_printer, G_TYPE_OBJECT)

static const char *const style_codes[] = {
  [CLI_STYLE_BOLD] = "1",
  [CLI_STYLE_DIM] = "2",
  [CLI_STYLE_GOOD] = "32",
  [CLI_STYLE_WARNING] = "33",
  [CLI_STYLE_BAD] = "31",
};

static void
cli_printer_class_init (CliPrinterClass *klass)
{
}

static void
cli_printer_init (CliPrinter *self)
{
  const char *term = g_getenv ("TERM");
  const char *no_color = g_getenv ("NO_COLOR");
  gboolean    smart = term != NULL && term[0] != '\0' && !g_str_equal (term, "dumb");
  gboolean    colour = smart && (no_color == NULL || no_color[0] == '\0');

  self->utf8 = g_get_charset (NULL);
  self->live = smart && isatty (STDOUT_FILENO);
  self->colour_out = colour && isatty (STDOUT_FILENO);
  self->colour_err = colour && isatty (STDERR_FILENO);
}

/* Writes all of @data. FALSE: nobody reads any more. */
static gboolean
write_all (int         fd,
           const char *data,
           gsize       length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);

      if (written < 0 && errno == EAGAIN)
        {
          GPollFD poll = { .fd = fd, .events = G_IO_OUT };

          g_poll (&poll, 1, -1);
        }
      else if (written < 0 && errno != EINTR)
        {
          return FALSE;
        }
      else if (written > 0)
        {
          data += written;
          length -= written;
        }
    }

  return TRUE;
}

/* The length of the colour sequence (SGR) at @text, or 0. */
static gsize
match_colour (const char *text)
{
  gsize length;

  if (text[0] != '\033' || text[1] != '[')
    return 0;

  length = 2 + strspn (text + 2, "0123456789;");

  return text[length] == 'm' ? length + 1 : 0;
}

/* How much of @text is printable ASCII. */
static gsize
get_plain_length (const char *text)
{
  const char *p = text;

  while (*p >= 0x20 && *p < 0x7f)
    p++;

  return (gsize) (p - text);
}

/* Text as it may reach a terminal: without secrets, and without control
 * characters but newline, tab and (where colour is wanted) colour. */
static char *
clean (const char *text,
       gboolean    colour)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *redacted = base_redact_text (valid);
  GString         *cleaned = g_string_sized_new (strlen (redacted) + 1);
  const char      *p = redacted;

  while (*p != '\0')
    {
      gsize    plain = get_plain_length (p);
      gsize    length;
      gunichar c;

      g_string_append_len (cleaned, p, (gssize) plain);
      p += plain;
      length = match_colour (p);
      c = g_utf8_get_char (p);
      if (c == '\0')
        break;

      if (length > 0)
        {
          if (colour)
            g_string_append_len (cleaned, p, length);
          p += length;
          continue;
        }
      if (c == '\n' || c == '\t' || !g_unichar_iscntrl (c))
        g_string_append_unichar (cleaned, c);
      p = g_utf8_next_char (p);
    }

  return g_string_free (cleaned, FALSE);
}

static void
clear_rewritten (CliPrinter *self)
{
  if (!self->rewritten)
    return;

  self->rewritten = FALSE;
  write_all (STDOUT_FILENO, "\r\033[K", 4);
}

static void
write_out (CliPrinter *self,
           const char *text)
{
  g_autofree char *cleaned = clean (text, self->colour_out);

  clear_rewritten (self);
  if (!self->closed && !write_all (STDOUT_FILENO, cleaned, strlen (cleaned)))
    self->closed = TRUE;
}

static void
write_err (CliPrinter *self,
           const char *text)
{
  g_autofree char *cleaned = clean (text, self->colour_err);

  clear_rewritten (self);
  write_all (STDERR_FILENO, cleaned, strlen (cleaned));
}

static char *
paint (gboolean    colour,
       CliStyle    style,
       const char *text)
{
  if (!colour || text[0] == '\0')
    return g_strdup (text);

  return g_strdup_printf ("\033[%sm%s\033[0m", style_codes[style], text);
}

/**
 * cli_printer_new:
 * @json: whether results are printed as JSON
 * @verbose: whether errors are printed with their details
 *
 * Creates the printer of this process' standard output and standard error.
 *
 * Returns: (transfer full): a printer
 */
CliPrinter *
cli_printer_new (gboolean json,
                 gboolean verbose)
{
  CliPrinter *self = g_object_new (CLI_TYPE_PRINTER, NULL);

  self->json = json;
  self->verbose = verbose;
  if (json)
    self->live = FALSE;

  return self;
}

/**
 * cli_printer_is_json:
 * @self: a printer
 *
 * Returns: whether results are printed as JSON
 */
gboolean
cli_printer_is_json (CliPrinter *self)
{
  g_return_val_if_fail (CLI_IS_PRINTER (self), FALSE);

  return self->json;
}

/**
 * cli_printer_is_live:
 * @self: a printer
 *
 * Returns: whether standard output is a terminal on which
 *   [method@Printer.rewrite] works
 */
gboolean
cli_printer_is_live (CliPrinter *self)
{
  g_return_val_if_fail (CLI_IS_PRINTER (self), FALSE);

  return self->live;
}

/**
 * cli_printer_is_open:
 * @self: a printer
 *
 * Returns: %FALSE once the reader of standard output has gone away
 */
gboolean
cli_printer_is_open (CliPrinter *self)
{
  g_return_val_if_fail (CLI_IS_PRINTER (self), FALSE);

  return !self->closed;
}

/**
 * cli_printer_can_ask:
 * @self: a printer
 *
 * Questions are put on standard error and answered on standard input, so that
 * standard output stays clean for results.
 *
 * Returns: whether both are a terminal
 */
gboolean
cli_printer_can_ask (CliPrinter *self)
{
  g_return_val_if_fail (CLI_IS_PRINTER (self), FALSE);

  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

/**
 * cli_printer_paint:
 * @self: a printer
 * @style: how @text shall look
 * @text: a text for standard output
 *
 * Returns: (transfer full): @text in @style, or as it is where colour is not
 *   wanted
 */
char *
cli_printer_paint (CliPrinter *self,
                   CliStyle    style,
                   const char *text)
{
  g_return_val_if_fail (CLI_IS_PRINTER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  return paint (self->colour_out, style, text);
}

/**
 * cli_printer_symbol:
 * @self: a printer
 * @symbol: a symbol in UTF-8
 * @plain: what stands in for it in ASCII
 *
 * Returns: (transfer none): @symbol where the locale is UTF-8, or else @plain
 */
const char *
cli_printer_symbol (CliPrinter *self,
                    const char *symbol,
                    const char *plain)
{
  g_return_val_if_fail (CLI_IS_PRINTER (self), plain);

  return self->utf8 ? symbol : plain;
}

/**
 * cli_printer_line:
 * @self: a printer
 * @format: a printf() format
 * @...: its arguments
 *
 * Prints a line for people to standard output; nothing in JSON mode.
 */
void
cli_printer_line (CliPrinter *self,
                  const char *format,
                  ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list          arguments;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (format != NULL);

  if (self->json)
    return;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  line = g_strconcat (text, "\n", NULL);
  write_out (self, line);
}

static guint
measure_terminal (void)
{
  struct winsize size;

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;

  return DEFAULT_WIDTH;
}

static guint
measure_char (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;

  return g_unichar_iswide (c) ? 2 : 1;
}

static guint
measure_text (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0';)
    {
      gsize length = match_colour (p);

      if (length == 0)
        {
          width += measure_char (g_utf8_get_char (p));
          length = g_utf8_next_char (p) - p;
        }
      p += length;
    }

  return width;
}

/* Cuts @text to @width columns, colour left whole, and shows that it was cut. */
static char *
cut (const char *text,
     guint       width,
     const char *ellipsis)
{
  GString *shortened = g_string_new (NULL);
  guint    limit = measure_text (text) > width ? width - MIN (width, measure_text (ellipsis)) : width;
  guint    column = 0;
  gboolean is_cut = FALSE;

  for (const char *p = text; *p != '\0';)
    {
      gsize length = match_colour (p);

      if (length > 0)
        {
          g_string_append_len (shortened, p, length);
          p += length;
          continue;
        }
      column += measure_char (g_utf8_get_char (p));
      length = g_utf8_next_char (p) - p;
      if (column <= limit)
        g_string_append_len (shortened, p, length);
      else if (!is_cut)
        g_string_append (shortened, ellipsis);
      is_cut = column > limit;
      p += length;
    }

  return g_string_free (shortened, FALSE);
}

/**
 * cli_printer_rewrite:
 * @self: a printer that is live
 * @text: one line
 *
 * Shows @text in place of the line that the last call showed. Whatever is
 * printed next takes that place.
 */
void
cli_printer_rewrite (CliPrinter *self,
                     const char *text)
{
  g_autofree char *line = NULL;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (self->live);
  g_return_if_fail (text != NULL);

  /* A line that fills the terminal to its edge may wrap, and cannot be rewritten then. */
  line = cut (text, measure_terminal () - 1, cli_printer_symbol (self, "…", "..."));
  g_strdelimit (line, "\n\t", ' ');
  write_out (self, line);
  self->rewritten = TRUE;
}

/* One line, without spaces at its end. */
static void
append_row (GString *text,
            GStrv    cells,
            glong   *widths,
            guint    n_columns)
{
  static const char spaces[] = "                                ";

  for (guint c = 0; c < n_columns; c++)
    {
      g_string_append (text, cells[c]);
      if (c + 1 == n_columns)
        break;
      for (glong n = widths[c] - g_utf8_strlen (cells[c], -1) + 3; n > 0; n -= sizeof spaces - 1)
        g_string_append_len (text, spaces, MIN (n, (glong) sizeof spaces - 1));
    }
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

/**
 * cli_printer_table:
 * @self: a printer
 * @rows: (element-type GStrv): rows of as many cells each, the titles first
 *
 * Prints a table for people to standard output, columns aligned as kubectl does.
 */
void
cli_printer_table (CliPrinter *self,
                   GPtrArray  *rows)
{
  g_autofree glong *widths = NULL;
  g_autoptr(GString) text = NULL;
  guint n_columns;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (rows != NULL && rows->len > 0);

  if (self->json)
    return;

  n_columns = g_strv_length (g_ptr_array_index (rows, 0));
  widths = g_new0 (glong, n_columns);
  for (guint r = 0; r < rows->len; r++)
    for (guint c = 0; c < n_columns; c++)
      widths[c] = MAX (widths[c], g_utf8_strlen (((GStrv) rows->pdata[r])[c], -1));

  text = g_string_new (NULL);
  for (guint r = 0; r < rows->len; r++)
    {
      append_row (text, rows->pdata[r], widths, n_columns);
      if (text->len >= BLOCK || r + 1 == rows->len)
        {
          write_out (self, text->str);
          g_string_truncate (text, 0);
        }
    }
}

/**
 * cli_printer_text:
 * @self: a printer
 * @text: whole lines
 *
 * Prints @text to standard output, in JSON mode too.
 */
void
cli_printer_text (CliPrinter *self,
                  const char *text)
{
  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (text != NULL);

  write_out (self, text);
}

/**
 * cli_printer_raw:
 * @self: a printer
 * @data: (array length=length): bytes of the app's own log
 * @length: how many
 *
 * Writes bytes to standard output as they are.
 */
void
cli_printer_raw (CliPrinter *self,
                 const char *data,
                 gsize       length)
{
  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (data != NULL || length == 0);

  clear_rewritten (self);
  if (!self->closed && !write_all (STDOUT_FILENO, data, length))
    self->closed = TRUE;
}

static void
print_json (CliPrinter  *self,
            JsonBuilder *builder,
            gboolean     pretty)
{
  g_autoptr(JsonNode) node = json_builder_get_root (builder);
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  if (!self->json)
    return;

  text = base_json_print (node, pretty);
  g_strchomp (text);
  line = g_strconcat (text, "\n", NULL);
  write_out (self, line);
}

/**
 * cli_printer_document:
 * @self: a printer
 * @builder: a builder that holds a whole object
 *
 * Prints one JSON document, indented; nothing outside JSON mode.
 */
void
cli_printer_document (CliPrinter  *self,
                      JsonBuilder *builder)
{
  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (JSON_IS_BUILDER (builder));

  print_json (self, builder, TRUE);
}

/**
 * cli_printer_event:
 * @self: a printer
 * @builder: a builder that holds a whole object
 *
 * Prints one JSON object on one line; nothing outside JSON mode.
 */
void
cli_printer_event (CliPrinter  *self,
                   JsonBuilder *builder)
{
  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (JSON_IS_BUILDER (builder));

  print_json (self, builder, FALSE);
}

/**
 * cli_printer_note:
 * @self: a printer
 * @format: a printf() format
 * @...: its arguments
 *
 * Prints a line that is no result to standard error.
 */
void
cli_printer_note (CliPrinter *self,
                  const char *format,
                  ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list          arguments;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (format != NULL);

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  line = g_strconcat (text, "\n", NULL);
  write_err (self, line);
}

/**
 * cli_printer_ask:
 * @self: a printer
 * @question: a question
 *
 * Prints a question to standard error, without a newline.
 */
void
cli_printer_ask (CliPrinter *self,
                 const char *question)
{
  g_autofree char *bold = NULL;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (question != NULL);

  bold = paint (self->colour_err, CLI_STYLE_BOLD, question);
  write_err (self, bold);
}

/**
 * cli_printer_warning:
 * @self: a printer
 * @label: "warning", "hint" or "problem"
 * @text: what to say
 *
 * Prints "@label: @text" to standard error.
 */
void
cli_printer_warning (CliPrinter *self,
                     const char *label,
                     const char *text)
{
  g_autofree char *painted = NULL;
  CliStyle         style;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (label != NULL);
  g_return_if_fail (text != NULL);

  style = g_str_equal (label, "warning")   ? CLI_STYLE_WARNING
          : g_str_equal (label, "problem") ? CLI_STYLE_BAD
                                           : CLI_STYLE_DIM;
  painted = paint (self->colour_err, style, label);
  cli_printer_note (self, "%s: %s", painted, text);
}

/**
 * cli_printer_error:
 * @self: a printer
 * @error: why the verb failed
 *
 * Prints "error: " and the message of @error to standard error, as one line, and
 * in JSON mode an event of type "error" to standard output too.
 */
void
cli_printer_error (CliPrinter   *self,
                   const GError *error)
{
  g_autofree char *label = NULL;
  g_autofree char *message = NULL;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (error != NULL);

  label = paint (self->colour_err, CLI_STYLE_BAD, "error:");
  message = g_strdelimit (g_strdup (error->message), "\n", ' ');
  cli_printer_note (self, "%s %s", label, message);
  cli_printer_details (self, error);
  if (self->json)
    {
      g_autoptr(JsonBuilder) builder = cli_json_begin ("error");

      cli_json_add_string (builder, "code", cli_error_to_code (error));
      cli_json_add_string (builder, "message", error->message);
      json_builder_end_object (builder);
      cli_printer_event (self, builder);
    }
}

/**
 * cli_printer_cancelled:
 * @self: a printer
 * @error: how the verb was cancelled; one of %CLI_ERROR says how far it came
 *
 * Says on standard error that the user ended the verb, and in JSON mode prints an
 * event of type "cancelled" to standard output too.
 */
void
cli_printer_cancelled (CliPrinter   *self,
                       const GError *error)
{
  g_autoptr(JsonBuilder) builder = NULL;
  const char *message;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (error != NULL);

  message = error->domain == CLI_ERROR ? error->message : NULL;
  cli_printer_note (self, "Cancelled.%s%s", message != NULL ? " " : "",
                    message != NULL ? message : "");
  builder = cli_json_begin ("cancelled");
  cli_json_add_string (builder, "message", message);
  json_builder_end_object (builder);
  cli_printer_event (self, builder);
}

/**
 * cli_printer_details:
 * @self: a printer
 * @error: an error that stands behind another one
 *
 * Prints what is known of @error to standard error, a detail a line, if the
 * printer is verbose; nothing otherwise.
 */
void
cli_printer_details (CliPrinter   *self,
                     const GError *error)
{
  g_autoptr(GPtrArray) details = NULL;

  g_return_if_fail (CLI_IS_PRINTER (self));
  g_return_if_fail (error != NULL);

  if (!self->verbose)
    return;

  details = cli_error_dup_details (error);
  for (guint i = 0; i < details->len; i++)
    cli_printer_note (self, "  %s", (char *) g_ptr_array_index (details, i));
}
