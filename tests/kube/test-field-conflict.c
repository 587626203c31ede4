/* test-field-conflict.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>

#include "kube-error.h"
#include "kube-field-conflict.h"
#include "quoted.h"

/* The messages are those of apimachinery's managedfields/internal/conflict_test.go. */
static const struct
{
  const char *message;
  const char *manager;
  const char *subresource;
  const char *api_version;
  gint64      seconds;
} rows[] = {
  { "conflict with \"foo\"", "foo", NULL, NULL, 0 },
  { "conflict with \"foo\" using v1", "foo", NULL, "v1", 0 },
  { "conflict with \"foo\" using v1 at 2015-10-21T16:29:00Z", "foo", NULL, "v1", 1445444940 },
  { "conflict with \"foo\" with subresource \"scale\" using apps/v1 at 2015-10-21T16:29:00Z", "foo",
    "scale", "apps/v1", 1445444940 },
  { "conflict with \"foo\" with subresource \"status\"", "foo", "status", NULL, 0 },
  { "conflict with \"say \\\"hi\\\" \\\\ now\" using v1", "say \"hi\" \\ now", NULL, "v1", 0 },
  { "conflict with \"open", NULL, NULL, NULL, 0 },
  { "conflict with someone", NULL, NULL, NULL, 0 },
  { "conflict with \"foo\" using v1 at noon", "foo", NULL, "v1", 0 },
  { "", NULL, NULL, NULL, 0 },
};

/* The causes come in no order, and the conflicts in that of the fields. */
static void
test_messages (void)
{
  static const char *const fields[] = { ".a", ".b", ".c", ".d", ".e", ".f", ".g", ".h", ".i", ".j" };
  g_autoptr(JsonArray) causes = json_array_new ();
  g_autoptr(JsonNode) status = parse_quoted ("{'kind':'Status','reason':'Conflict','code':409,"
                                              "'details':{}}");
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) conflicts = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      JsonObject *cause = json_object_new ();

      json_object_set_string_member (cause, "reason", "FieldManagerConflict");
      json_object_set_string_member (cause, "message", rows[i].message);
      json_object_set_string_member (cause, "field", fields[G_N_ELEMENTS (rows) - 1 - i]);
      json_array_add_object_element (causes, cause);
    }
  json_object_set_array_member (base_json_get_object (status, "details", NULL), "causes",
                                g_steal_pointer (&causes));
  error = kube_error_new_from_status (409, status, NULL);
  conflicts = kube_field_conflict_list (error);

  g_assert_cmpuint (G_N_ELEMENTS (fields), ==, G_N_ELEMENTS (rows));
  g_assert_cmpuint (conflicts->len, ==, G_N_ELEMENTS (rows));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint              position = G_N_ELEMENTS (rows) - 1 - i;
      KubeFieldConflict *conflict = g_ptr_array_index (conflicts, position);

      g_test_message ("%s", rows[i].message);
      g_assert_cmpstr (conflict->field, ==, fields[position]);
      g_assert_cmpstr (conflict->message, ==, rows[i].message);
      g_assert_cmpstr (conflict->manager, ==, rows[i].manager);
      g_assert_cmpstr (conflict->subresource, ==, rows[i].subresource);
      g_assert_cmpstr (conflict->api_version, ==, rows[i].api_version);
      g_assert_cmpint (conflict->time, ==, rows[i].seconds * G_USEC_PER_SEC);
    }
}

static void
test_other_causes (void)
{
  g_autoptr(JsonNode) status = parse_quoted ("{'kind':'Status','reason':'Conflict','code':409,"
                                              "'details':{'causes':[{'reason':'UnexpectedServerResponse'},7,"
                                              "{'reason':'FieldManagerConflict'}]}}");
  g_autoptr(GError) error = kube_error_new_from_status (409, status, NULL);
  g_autoptr(GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  g_autoptr(GPtrArray) conflicts = kube_field_conflict_list (error);
  g_autoptr(GPtrArray) none = kube_field_conflict_list (other);
  KubeFieldConflict *conflict;

  g_assert_cmpuint (conflicts->len, ==, 1);
  conflict = g_ptr_array_index (conflicts, 0);
  g_assert_cmpstr (conflict->field, ==, "");
  g_assert_null (conflict->manager);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/field-conflict/messages", test_messages);
  g_test_add_func ("/kube/field-conflict/other-causes", test_other_causes);

  return g_test_run ();
}
