/* test-redact.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-redact.h"

#include <locale.h>
#include <string.h>

static void
assert_redacted (const char *text,
                 const char *expected)
{
  g_autofree char *redacted = base_redact_text (text);

  g_assert_cmpstr (redacted, ==, expected);
}

static void
test_forms (void)
{
  const char      *secret = "p@ss wörd/12";
  g_autofree char *base64 = g_base64_encode ((const guchar *) secret, strlen (secret));
  g_autofree char *unpadded = g_strndup (base64, strcspn (base64, "="));
  g_autofree char *encoded = g_uri_escape_string (secret, NULL, FALSE);
  g_autofree char *text = NULL;

  assert_redacted ("it is p@ss wörd/12.", "it is p@ss wörd/12.");

  base_redact_add (secret);
  g_assert_cmpstr (base64, !=, unpadded);
  text = g_strdup_printf ("%s,%s;%s|%s.", secret, base64, unpadded, encoded);
  assert_redacted (text, "•••,•••;•••|•••.");
  assert_redacted ("", "");
  assert_redacted ("nothing to see", "nothing to see");
  assert_redacted ("P@SS WÖRD/12", "P@SS WÖRD/12");

  base_redact_remove (secret);
  assert_redacted ("it is p@ss wörd/12.", "it is p@ss wörd/12.");
}

static void
test_url (void)
{
  base_redact_add ("a+b&c=d%e");
  assert_redacted ("postgresql://user:a%2Bb%26c%3Dd%25e@db:5432/app",
                   "postgresql://user:•••@db:5432/app");
  base_redact_remove ("a+b&c=d%e");
}

/* Neither order nor overlap leaves a part of a secret. */
static void
test_overlap (void)
{
  base_redact_add ("abcdef");
  base_redact_add ("abcdefghi");
  base_redact_add ("hijklm");
  assert_redacted ("<abcdefghijklm>", "<•••>");
  assert_redacted ("<abcdefghi abcdef hijklm>", "<••• ••• •••>");
  base_redact_add ("xyxyxy");
  assert_redacted ("xyxyxyxyx", "•••x");
  base_redact_remove ("abcdef");
  base_redact_remove ("abcdefghi");
  base_redact_remove ("hijklm");
  base_redact_remove ("xyxyxy");
}

static void
test_short (void)
{
  base_redact_add ("");
  base_redact_add ("12345");
  base_redact_add ("äöüäö");
  assert_redacted ("12345 äöüäö", "12345 äöüäö");
  base_redact_add ("123456");
  base_redact_add ("äöüäöü");
  assert_redacted ("123456 äöüäöü", "••• •••");
  base_redact_add ("\xff\xfe\xfd\xfc\xfb\xfa");
  assert_redacted ("<\xff\xfe\xfd\xfc\xfb\xfa>", "<•••>");
  base_redact_remove ("12345");
  base_redact_remove ("123456");
  base_redact_remove ("äöüäöü");
  base_redact_remove ("\xff\xfe\xfd\xfc\xfb\xfa");
}

static void
test_counted (void)
{
  base_redact_add ("swordfish");
  base_redact_add ("swordfish");
  base_redact_remove ("swordfish");
  assert_redacted ("swordfish", "•••");
  base_redact_remove ("swordfish");
  assert_redacted ("swordfish", "swordfish");
  base_redact_remove ("swordfish");
  base_redact_add ("swordfish");
  assert_redacted ("swordfish", "•••");
  base_redact_remove ("swordfish");
}

static gpointer
add_and_remove (gpointer user_data)
{
  const char *own = user_data;

  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *text = NULL;

      base_redact_add (own);
      base_redact_add ("shared secret");
      text = base_redact_text (own);
      g_assert_cmpstr (text, ==, "•••");
      base_redact_remove ("shared secret");
      base_redact_remove (own);
    }
  return NULL;
}

static void
test_threads (void)
{
  static const char *own[] = { "the first secret", "the second secret", "the third secret" };
  GThread           *threads[G_N_ELEMENTS (own)];

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    threads[i] = g_thread_new ("redact", add_and_remove, (gpointer) own[i]);
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    g_thread_join (threads[i]);
  assert_redacted ("shared secret", "shared secret");
}

/* Runs in a process of its own whose standard error is looked at. */
static void
test_log_writer (void)
{
  if (g_test_subprocess ())
    {
      static const char bytes[] = { 't', 'o', 'k', 'e', 'n', '-', '1', '2', '3' };
      const GLogField   fields[] = {
          { "PRIORITY", "5", -1 },
          { "GLIB_DOMAIN", "test", -1 },
          { "MESSAGE", bytes, sizeof bytes },
          { "BINARY", "\xff\xfe", 2 },
      };

      /* GLib writes to standard error in the character set of the locale */
      setlocale (LC_ALL, "C.UTF-8");
      g_log_set_writer_func (base_redact_log_writer, NULL, NULL);
      base_redact_add ("token-123");
      g_message ("Sent %s to the server", "token-123");
      g_log_structured_array (G_LOG_LEVEL_MESSAGE, fields, G_N_ELEMENTS (fields));
      base_redact_remove ("token-123");
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*Sent ••• to the server*");
  g_test_trap_assert_stderr ("*test-Message*•••*");
  g_test_trap_assert_stderr_unmatched ("*token*");
  g_test_trap_assert_stdout_unmatched ("*token*");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/redact/forms", test_forms);
  g_test_add_func ("/base/redact/url", test_url);
  g_test_add_func ("/base/redact/overlap", test_overlap);
  g_test_add_func ("/base/redact/short", test_short);
  g_test_add_func ("/base/redact/counted", test_counted);
  g_test_add_func ("/base/redact/threads", test_threads);
  g_test_add_func ("/base/redact/log-writer", test_log_writer);

  return g_test_run ();
}
