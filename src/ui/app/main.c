/* main.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "base-redact.h"
#include "kube-process.h"
#include "ui-application.h"

int
main (int   argc,
      char *argv[])
{
  g_autoptr (UiApplication) application = NULL;

  kube_process_prepare ();
  g_log_set_writer_func (base_redact_log_writer, NULL, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  application = ui_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
