/* test-env-file.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-env-import.h"
#include "stack-error.h"

#include <string.h>

#define URL "postgresql://app:d0-n0t-f1nd-m3@db/app"

/* The rules of dotenv's documents, with the cases of its tests/.env and tests/.env.multiline; and
 * what its expression makes of files that the documents do not speak of. */
static const struct
{
  const char *text;
  const char *value; /* of A; NULL when there is no A */
} rules[] = {
  { "A=basic", "basic" },
  { "A=basic\n", "basic" },
  { "\nA=after_line", "after_line" },
  { "A=", "" },
  { "A=''", "" },
  { "A=\"\"", "" },
  { "A=``", "" },
  { "A='single_quotes'", "single_quotes" },
  { "A='    single quotes    '", "    single quotes    " },
  { "A=\"double_quotes\"", "double_quotes" },
  { "A=\"    double quotes    \"", "    double quotes    " },
  { "A='double \"quotes\" work inside single quotes'",
    "double \"quotes\" work inside single quotes" },
  { "A=\"{ port: $MONGOLAB_PORT}\"", "{ port: $MONGOLAB_PORT}" },
  { "A=\"single 'quotes' work inside double quotes\"",
    "single 'quotes' work inside double quotes" },
  { "A=`double \"quotes\" and single 'quotes' work inside backticks`",
    "double \"quotes\" and single 'quotes' work inside backticks" },
  { "A=\"expand\\nnew\\nlines\"", "expand\nnew\nlines" },
  { "A=dontexpand\\nnewlines", "dontexpand\\nnewlines" },
  { "A='dontexpand\\nnewlines'", "dontexpand\\nnewlines" },
  { "# A=work\n", NULL },
  { "A=inline comments # work #very #well", "inline comments" },
  { "A='inline comments outside of #singlequotes' # work",
    "inline comments outside of #singlequotes" },
  { "A=\"inline comments outside of #doublequotes\" # work",
    "inline comments outside of #doublequotes" },
  { "A=inline comments start with a#number sign. no space required.",
    "inline comments start with a" },
  { "A=equals==", "equals==" },
  { "A={\"foo\": \"bar\"}", "{\"foo\": \"bar\"}" },
  { "A='{\"foo\": \"bar's\"}'", "{\"foo\": \"bar's\"}" },
  { "A=    some spaced out string   ", "some spaced out string" },
  { "A=therealnerdybeast@example.tld", "therealnerdybeast@example.tld" },
  { "    A = parsed", "parsed" },
  { "export A=exported", "exported" },
  { "export\tA = exported", "exported" },
  { "exportA=1", NULL },
  { "A=\"THIS\nIS\nA\nMULTILINE\nSTRING\"", "THIS\nIS\nA\nMULTILINE\nSTRING" },
  { "A='THIS\nIS'", "THIS\nIS" },
  { "A=`THIS\nIS`", "THIS\nIS" },
  { "A=1\r\nB=2\r\n", "1" },
  { "B=\"x\r\ny\"\r\nA=2", "2" },
  { "A=\"x\r\ny\"", "x\ny" },
  { "B=1\rA=2\r", "2" },
  { "\xef\xbb\xbf"
    "A=1",
    "1" },
  { "A: yaml", "yaml" },
  { "A:yaml", NULL },
  { "A=1\nA=2", "2" },
  { "A=$B${C}", "$B${C}" },
  { "A=\"open", "\"open" },
  { "A=\"open # comment", "\"open" },
  { "A='x' y", "'x' y" },
  { "A=\"say \\\"hi\\\" now\"", "say \\\"hi\\\" now" },
  { "A=\"C:\\dir\\\"", "C:\\dir\\" },
  { "A=\"tail\\rline\"", "tail\rline" },
  { "A", NULL },
  { "export A", NULL },
  { "=A", NULL },
  { "", NULL },
};

static void
test_rules (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(StackEnvFile) file = stack_env_file_parse (rules[i].text, -1, &error);
      StackEnvEntry *entry;

      g_test_message ("%s", rules[i].text);
      g_assert_no_error (error);
      entry = stack_env_file_find (file, "A");
      g_assert_cmpstr (entry != NULL ? entry->value : NULL, ==, rules[i].value);
    }
}

static void
test_lines (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackEnvFile) file = NULL;

  file = stack_env_file_parse ("# first\nA=\"1\n2\"\nno variable\nB.c-d=3\n\nB.c-d=4\n?\n", -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (file->entries->len, ==, 2);
  g_assert_cmpuint (stack_env_file_find (file, "A")->line, ==, 2);
  g_assert_cmpstr (stack_env_file_find (file, "B.c-d")->value, ==, "4");
  g_assert_cmpuint (stack_env_file_find (file, "B.c-d")->line, ==, 7);
  g_assert_cmpuint (file->passed_over->len, ==, 2);
  g_assert_cmpuint (g_array_index (file->passed_over, guint, 0), ==, 4);
  g_assert_cmpuint (g_array_index (file->passed_over, guint, 1), ==, 8);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    gssize      length;
    const char *words;
  } cases[] = {
    { "A=1\nB=\xff", -1, "line 2" },
    { "A=1\0B", 5, "line 1" },
    { "\xff\xfe"
      "A\0=\0",
      6, "UTF-16" },
    { "# only\n\n", -1, "no variables" },
  };
  g_autofree char *large = g_strnfill (1024 * 1024 + 1, 'a');
  g_autoptr(StackSettings) settings = stack_settings_new ("test");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_null (stack_env_import_new (settings, cases[i].text, cases[i].length, &error));
      g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
      g_assert_nonnull (strstr (error->message, cases[i].words));
      g_clear_error (&error);
    }

  g_assert_null (stack_env_file_parse (large, -1, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
}

static StackEnvItem *
find (StackEnvImport *import,
      const char     *name)
{
  GPtrArray *items = stack_env_import_get_items (import);

  for (guint i = 0; i < items->len; i++)
    {
      StackEnvItem *item = g_ptr_array_index (items, i);

      if (g_str_equal (item->name, name))
        return item;
    }
  g_error ("%s is not among the items", name);
}

/* Values are shown of what is no secret, and cannot be one. */
static void
test_shown (void)
{
  static const struct
  {
    const char *name;
    const char *shown;
  } cases[] = {
    { "NEXTAUTH_URL", "https://other.example" },
    { "GITHUB_CLIENT_ID", "Ov23liABCDEFGHIJKLMN" },
    { "THEME", "dark blue" },
    { "DATABASE_URL", NULL },
    { "NEXTAUTH_SECRET", NULL },
    { "SMTP_PASSWORD", NULL },
    { "CACHE", NULL },
    { "LABEL", NULL },
  };
  static const char text[] = "NEXTAUTH_URL=https://other.example\n"
                             "GITHUB_CLIENT_ID=Ov23liABCDEFGHIJKLMN\n"
                             "THEME=dark blue\n"
                             "DATABASE_URL=" URL "\n"
                             "NEXTAUTH_SECRET=two\n"
                             "SMTP_PASSWORD=three\n"
                             "CACHE=redis://me:d0-n0t-f1nd-m3@cache\n"
                             "LABEL=d0n0tf1ndm3d0n0tf1nd\n";
  g_autoptr(StackSettings) settings = stack_settings_new ("test");
  g_autoptr(GError) error = NULL;
  g_autoptr(StackEnvImport) import = stack_env_import_new (settings, text, -1, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (stack_env_import_get_shown_value (import, find (import, cases[i].name)), ==,
                     cases[i].shown);
  /* A password in the ConfigMap is taken only on purpose. */
  g_assert_false (find (import, "CACHE")->chosen);
  g_assert_true (find (import, "LABEL")->chosen);
}

static void
test_import (void)
{
  static const char text[] = "DATABASE_URL=" URL "\n"
                             "AUTH_SECRET=one\n"
                             "NEXTAUTH_SECRET=two\n"
                             "AUTH_GITHUB_ID=Ov23liABCDEFGHIJKLMN\n"
                             "GITHUB_CLIENT_SECRET=\n"
                             "NEXTAUTH_URL=https://hackystack.local\n"
                             "NODE_ENV=development\n"
                             "PORT=3000\n"
                             "next.public=1\n"
                             "SMTP_HOST=mail.example.org\n"
                             "SMTP_PASSWORD=d0-n0t-f1nd-m3\n"
                             "MONKEY=ape\n"
                             "GREETING=hello ${USER}\n";
  g_autoptr(StackSettings) settings = stack_settings_new ("test");
  g_autoptr(GError) error = NULL;
  g_autoptr(StackEnvImport) import = stack_env_import_new (settings, text, -1, &error);
  const char *const named[] = { "SMTP_PASSWORD", "MONKEY", NULL };
  const char *const refused[] = { "MONKEY", "PORT", NULL };
  const char *const unknown[] = { "MONKEYS", NULL };
  const StackField *url = stack_field_get (STACK_FIELD_DATABASE_URL);
  GPtrArray        *items;

  g_assert_no_error (error);
  g_assert_true (find (import, "DATABASE_URL")->field == url);
  g_assert_true (find (import, "DATABASE_URL")->chosen);
  g_assert_nonnull (find (import, "AUTH_SECRET")->refusal);
  g_assert_true (find (import, "NEXTAUTH_SECRET")->chosen);
  g_assert_true (find (import, "AUTH_GITHUB_ID")->chosen);
  g_assert_nonnull (strstr (find (import, "GITHUB_CLIENT_SECRET")->refusal, "no value"));
  g_assert_null (find (import, "NEXTAUTH_URL")->refusal);
  g_assert_false (find (import, "NEXTAUTH_URL")->differs);
  g_assert_false (find (import, "NEXTAUTH_URL")->chosen);
  g_assert_nonnull (find (import, "NODE_ENV")->refusal);
  g_assert_nonnull (find (import, "PORT")->refusal);
  g_assert_nonnull (find (import, "next.public")->refusal);
  g_assert_true (find (import, "SMTP_HOST")->chosen);
  g_assert_false (find (import, "SMTP_PASSWORD")->chosen);
  g_assert_nonnull (strstr (find (import, "SMTP_PASSWORD")->remark, "ConfigMap"));
  g_assert_true (find (import, "MONKEY")->chosen);
  g_assert_nonnull (strstr (find (import, "GREETING")->remark, "as it stands"));
  g_assert_cmpuint (stack_env_import_count_chosen (import), ==, 6);

  /* Nothing that is said holds a value. */
  items = stack_env_import_get_items (import);
  for (guint i = 0; i < items->len; i++)
    {
      const StackEnvItem *item = g_ptr_array_index (items, i);

      g_assert_true (item->refusal == NULL || strstr (item->refusal, "d0-n0t") == NULL);
      g_assert_true (item->remark == NULL || strstr (item->remark, "d0-n0t") == NULL);
    }

  stack_env_import_take (import);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_DATABASE_URL), ==, URL);
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_NEXTAUTH_SECRET), ==, "two");
  g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_GITHUB_CLIENT_ID), ==,
                   "Ov23liABCDEFGHIJKLMN");
  g_assert_cmpuint (g_hash_table_size (stack_settings_get_extra (settings)), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (stack_settings_get_extra (settings), "GREETING"), ==,
                   "hello ${USER}");

  /* By name: these and no others; what was there before stays. */
  g_assert_false (stack_env_import_choose (import, refused, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
  g_clear_error (&error);
  g_assert_false (stack_env_import_choose (import, unknown, &error));
  g_assert_nonnull (strstr (error->message, "MONKEYS is not in the file"));
  g_clear_error (&error);
  g_assert_true (stack_env_import_choose (import, named, &error));
  g_assert_cmpuint (stack_env_import_count_chosen (import), ==, 2);
  stack_env_import_take (import);
  g_assert_cmpuint (g_hash_table_size (stack_settings_get_extra (settings)), ==, 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/env-file/rules", test_rules);
  g_test_add_func ("/stack/env-file/lines", test_lines);
  g_test_add_func ("/stack/env-file/refused", test_refused);
  g_test_add_func ("/stack/env-file/shown", test_shown);
  g_test_add_func ("/stack/env-file/import", test_import);

  return g_test_run ();
}
