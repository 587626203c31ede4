/* cli-printer.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  CLI_STYLE_BOLD,
  CLI_STYLE_DIM,
  CLI_STYLE_GOOD,
  CLI_STYLE_WARNING,
  CLI_STYLE_BAD,
} CliStyle;

#define CLI_TYPE_PRINTER (cli_printer_get_type ())

G_DECLARE_FINAL_TYPE (CliPrinter, cli_printer, CLI, PRINTER, GObject)

CliPrinter *cli_printer_new (gboolean json,
                             gboolean verbose);
gboolean    cli_printer_is_json (CliPrinter *self);
gboolean    cli_printer_is_live (CliPrinter *self);
gboolean    cli_printer_is_open (CliPrinter *self);
gboolean    cli_printer_can_ask (CliPrinter *self);
char       *cli_printer_paint (CliPrinter *self,
                               CliStyle    style,
                               const char *text);
const char *cli_printer_symbol (CliPrinter *self,
                                const char *symbol,
                                const char *plain);
void        cli_printer_line (CliPrinter *self,
                              const char *format,
                              ...) G_GNUC_PRINTF (2, 3);
void        cli_printer_rewrite (CliPrinter *self,
                                 const char *text);
void        cli_printer_table (CliPrinter *self,
                               GPtrArray  *rows);
void        cli_printer_text (CliPrinter *self,
                              const char *text);
void        cli_printer_raw (CliPrinter *self,
                             const char *data,
                             gsize       length);
void        cli_printer_document (CliPrinter  *self,
                                  JsonBuilder *builder);
void        cli_printer_event (CliPrinter  *self,
                               JsonBuilder *builder);
void        cli_printer_note (CliPrinter *self,
                              const char *format,
                              ...) G_GNUC_PRINTF (2, 3);
void        cli_printer_ask (CliPrinter *self,
                             const char *question);
void        cli_printer_warning (CliPrinter *self,
                                 const char *label,
                                 const char *text);
void        cli_printer_error (CliPrinter   *self,
                               const GError *error);
void        cli_printer_cancelled (CliPrinter   *self,
                                   const GError *error);
void        cli_printer_details (CliPrinter   *self,
                                 const GError *error);

G_END_DECLS
