/* test-evidence.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-evidence-item.h"
#include "stack-evidence-private.h"

#include "base-json.h"

/* Evidence in words. */

typedef struct
{
  const char       *document;
  StackEvidenceKind kind;
  gboolean          wrong;
  const char       *title;
  const char       *text;
} Case;

#define POD(members) "{\"pods\":[{\"name\":\"app-1\"," members "}]}"

static const Case cases[] = {
  { POD ("\"status\":\"ImagePullBackOff\",\"ready\":false,\"restarts\":0,\"node\":\"node-1\","
         "\"containers\":[{\"name\":\"app\",\"state\":{\"waiting\":{\"reason\":\"ImagePullBackOff\","
         "\"message\":\"Back-off pulling image.\"}}}]"),
    STACK_EVIDENCE_POD, TRUE, "app-1",
    "ImagePullBackOff, not ready, on node-1\n"
    "app: waiting, ImagePullBackOff: Back-off pulling image" },
  { POD ("\"status\":\"CrashLoopBackOff\",\"ready\":false,\"restarts\":3,"
         "\"containers\":[{\"name\":\"app\",\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}},"
         "\"lastState\":{\"terminated\":{\"exitCode\":137,\"reason\":\"OOMKilled\"}}}]"),
    STACK_EVIDENCE_POD, TRUE, "app-1",
    "CrashLoopBackOff, not ready, restarted 3 times\n"
    "app: waiting, CrashLoopBackOff; before that it ended with 137, OOMKilled" },
  { POD ("\"status\":\"Pending\",\"ready\":false,\"restarts\":0,"
         "\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\","
         "\"message\":\"0/1 nodes are available: 1 Insufficient memory.\"}],\"containers\":[]"),
    STACK_EVIDENCE_POD, TRUE, "app-1",
    "Pending, not ready\nno node for it: 0/1 nodes are available: 1 Insufficient memory" },
  { POD ("\"status\":\"Running\",\"ready\":true,\"restarts\":1,\"node\":\"n\","
         "\"containers\":[{\"name\":\"app\",\"state\":{\"running\":{}}}]"),
    STACK_EVIDENCE_POD, FALSE, "app-1", "Running, ready, on n, restarted 1 time\napp: running" },
  { POD ("\"status\":\"Error\",\"ready\":false,\"restarts\":0,\"containers\":[{\"name\":\"app\","
         "\"state\":{\"terminated\":{\"exitCode\":0,\"signal\":9}}}]"),
    STACK_EVIDENCE_POD, TRUE, "app-1", "Error, not ready\napp: killed by signal 9" },
  { "{\"events\":[{\"type\":\"Warning\",\"reason\":\"Failed\",\"object\":\"Pod app-1\",\"count\":3,"
    "\"message\":\"no such image\"}]}",
    STACK_EVIDENCE_EVENT, TRUE, "Failed, 3 times: Pod app-1", "no such image" },
  { "{\"events\":[{\"type\":\"Normal\",\"reason\":\"Pulled\",\"object\":\"Pod app-1\",\"count\":1}]}",
    STACK_EVIDENCE_EVENT, FALSE, "Pulled: Pod app-1", "" },
  { "{\"problems\":[\"Events: not allowed\"]}", STACK_EVIDENCE_PROBLEM, TRUE, "Not to be seen",
    "Events: not allowed" },
};

static GPtrArray *
list_items (const char *text)
{
  g_autoptr(StackEvidence) evidence = NULL;
  JsonNode *document = base_json_parse (text, -1, NULL);

  g_assert_nonnull (document);
  evidence = stack_evidence_new ("hackystack", document);

  return stack_evidence_list_items (evidence);
}

static void
assert_item (const StackEvidenceItem *item,
             const Case              *expected)
{
  g_assert_cmpint (item->kind, ==, expected->kind);
  g_assert_cmpint (item->wrong, ==, expected->wrong);
  g_assert_cmpstr (item->title, ==, expected->title);
  g_assert_cmpstr (item->text, ==, expected->text);
}

static void
test_items (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) items = list_items (cases[i].document);

      g_assert_cmpuint (items->len, ==, 1);
      assert_item (g_ptr_array_index (items, 0), &cases[i]);
    }
}

/* Logs follow pods and events; of these the newest comes first. */
static void
test_order (void)
{
  static const Case expected[] = {
    { NULL, STACK_EVIDENCE_POD, TRUE, "app-1", "Error, not ready\napp: not started\nsilent: running" },
    { NULL, STACK_EVIDENCE_EVENT, FALSE, "Second: Pod app-1", "" },
    { NULL, STACK_EVIDENCE_EVENT, FALSE, "First: Pod app-1", "" },
    { NULL, STACK_EVIDENCE_LOG, TRUE, "app-1, app, before its last restart", "one\ntwo" },
    { NULL, STACK_EVIDENCE_LOG, TRUE, "app-1, app", "three" },
  };
  g_autoptr(GPtrArray) items = NULL;

  items = list_items ("{\"pods\":[{\"name\":\"app-1\",\"status\":\"Error\",\"ready\":false,"
                      "\"containers\":[{\"name\":\"app\",\"log\":[\"three\"],"
                      "\"previousLog\":[\"one\",\"two\"]},{\"name\":\"silent\",\"log\":[],"
                      "\"state\":{\"running\":{}}}]}],"
                      "\"events\":[{\"reason\":\"First\",\"object\":\"Pod app-1\"},"
                      "{\"reason\":\"Second\",\"object\":\"Pod app-1\"}]}");
  g_assert_cmpuint (items->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < items->len; i++)
    assert_item (g_ptr_array_index (items, i), &expected[i]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/evidence/items", test_items);
  g_test_add_func ("/stack/evidence/order", test_order);

  return g_test_run ();
}
