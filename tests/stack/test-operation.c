/* test-operation.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-operation-private.h"

#include <gio/gio.h>

static void
on_notify_cb (GObject    *object,
              GParamSpec *pspec,
              GString    *log)
{
  g_string_append_printf (log, "%s ", g_param_spec_get_name (pspec));
}

static void
test_done (void)
{
  g_autoptr(StackOperation) operation = stack_operation_new ("Namespace x");
  g_autoptr(GString) log = g_string_new (NULL);

  g_signal_connect (operation, "notify", G_CALLBACK (on_notify_cb), log);
  g_assert_cmpstr (stack_operation_get_title (operation), ==, "Namespace x");
  g_assert_cmpstr (stack_operation_get_detail (operation), ==, "");
  g_assert_cmpint (stack_operation_get_state (operation), ==, STACK_OPERATION_PENDING);
  g_assert_cmpint (stack_operation_get_started (operation), ==, 0);

  stack_operation_start (operation);
  g_assert_cmpstr (log->str, ==, "started state ");
  g_assert_cmpint (stack_operation_get_state (operation), ==, STACK_OPERATION_RUNNING);
  g_assert_cmpint (stack_operation_get_started (operation), >, 0);
  g_assert_cmpint (stack_operation_get_finished (operation), ==, 0);

  g_string_truncate (log, 0);
  stack_operation_set_detail (operation, "Trying again");
  stack_operation_set_detail (operation, "Trying again");
  g_assert_cmpstr (log->str, ==, "detail ");

  /* The state comes last: whoever sees "done" sees all of it. */
  g_string_truncate (log, 0);
  stack_operation_finish (operation, STACK_OUTCOME_CREATED, "created");
  g_assert_cmpstr (log->str, ==, "finished outcome detail state ");
  g_assert_cmpint (stack_operation_get_outcome (operation), ==, STACK_OUTCOME_CREATED);
  g_assert_cmpint (stack_operation_get_finished (operation), >=,
                   stack_operation_get_started (operation));
}

static void
test_failed (void)
{
  g_autoptr(StackOperation) operation = stack_operation_new ("Ingress y");
  g_autoptr(GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "No. Because. Do this.");

  stack_operation_start (operation);
  stack_operation_fail (operation, error);
  g_assert_cmpint (stack_operation_get_state (operation), ==, STACK_OPERATION_FAILED);
  g_assert_cmpstr (stack_operation_get_detail (operation), ==, "No. Because. Do this.");
  g_assert_true (g_error_matches (stack_operation_get_error (operation), G_IO_ERROR,
                                  G_IO_ERROR_FAILED));

  stack_operation_reset (operation);
  g_assert_cmpint (stack_operation_get_state (operation), ==, STACK_OPERATION_PENDING);
  g_assert_cmpstr (stack_operation_get_detail (operation), ==, "");
  g_assert_cmpint (stack_operation_get_started (operation), ==, 0);
  g_assert_null (stack_operation_get_error (operation));
}

static void
test_cancelled (void)
{
  g_autoptr(StackOperation) operation = stack_operation_new ("Wait");

  stack_operation_start (operation);
  stack_operation_cancel (operation);
  g_assert_cmpint (stack_operation_get_state (operation), ==, STACK_OPERATION_CANCELLED);
  g_assert_null (stack_operation_get_error (operation));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/operation/done", test_done);
  g_test_add_func ("/stack/operation/failed", test_failed);
  g_test_add_func ("/stack/operation/cancelled", test_cancelled);

  return g_test_run ();
}
