/* test-fault-gateway.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The real API server's own answers, which fail on their way. What is asked for comes whole or not
 * at all, nothing is changed twice, and what follows a namespace ends up with what is there. */

#include <string.h>
#include <unistd.h>

#include "base-json.h"
#include "cluster-fixture.h"
#include "cluster-pods.h"
#include "fault-fixture.h"
#include "fault-gateway.h"
#include "kube-client-private.h"
#include "kube-discovery-reader.h"
#include "kube-error.h"
#include "kube-pages.h"
#include "kube-reflector-private.h"
#include "kube-request-change.h"
#include "quoted.h"

#define N_MAPS 7
#define PAGE_SIZE 3
#define MAP "*/configmaps/menu*"
#define EXPIRED "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"too old resource version\",\"reason\":\"Expired\",\"code\":410}"
#define GONE "HTTP/1.1 410 Gone\r\nContent-Type: application/json\r\n\r\n" EXPIRED
#define BUSY "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nRetry-After: 1\r\n\r\nToo many requests"
#define ODD_ERROR "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"etcd is compacted away\",\"reason\":\"InternalError\",\"code\":500}}\n"

static const KubeReflectorTiming quick = { { 10, 40, 20, 50 }, 300, 5000, 30000, 180000 };

static const struct
{
  FaultPlace place;
  guint      nth;
} places[] = {
  { FAULT_BEFORE_ANSWER, 0 },
  { FAULT_IN_STATUS_LINE, 4 },
  { FAULT_IN_HEADER_NAME, 5 },
  { FAULT_IN_HEADER_VALUE, 9 },
  { FAULT_BEFORE_BODY, 0 },
  { FAULT_IN_STRING, 40 },
  { FAULT_IN_ESCAPE, 0 },
  { FAULT_IN_UTF8, 1 },
  { FAULT_IN_BODY, 200 },
};

static const FaultAction cuts[] = { FAULT_CUT, FAULT_CLOSE, FAULT_RESET };

static FaultGateway *gateway;
static KubeClient   *direct;
static char         *namespace_;

static void
set_up (FaultFixture *fixture)
{
  fault_fixture_set_up_with (fixture, fault_gateway_answer, gateway, TRUE, g_test_get_path ());
}

static JsonNode *
build_map (const char *name,
           guint       value)
{
  g_autofree char *text = g_strdup_printf ("{'apiVersion':'v1','kind':'ConfigMap','metadata':{"
                                           "'name':'%s','namespace':'%s','labels':{'value':'%u'}},'data':{"
                                           "'quote':'\\\\Gr\\\\','soup':'größe 🍝 €','value':'%u'}}",
                                           name, namespace_, value, value);

  return parse_quoted (text);
}

static void
put_map (const char *name,
         guint       value)
{
  g_autoptr(JsonNode) map = build_map (name, value);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  node = call (direct, kube_request_new_apply (map, "test", KUBE_APPLY_FORCE, NULL), &error);
  g_assert_no_error (error);
}

static void
remove_map (const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  node = call (direct, kube_request_new_delete (&KUBE_CONFIG_MAP, namespace_, name, "Background"), &error);
  if (!g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    g_assert_no_error (error);
}

/* Returns: (nullable): the map that is there */
static JsonNode *
look_at_map (const char *name)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = call (direct, kube_request_new_get (&KUBE_CONFIG_MAP, namespace_, name), &error);

  if (node == NULL)
    g_assert_error (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND);

  return node;
}

static void
check_error (const GError *error)
{
  if (error->domain != KUBE_ERROR)
    g_error ("not of this layer: %s", error->message);
  fault_assert_for_people (error->message);
}

static void
test_get (gconstpointer data)
{
  FaultAction action = cuts[GPOINTER_TO_UINT (data)];

  put_map ("menu", 1);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint times = 0; times < 2; times++)
      {
        FaultFixture fixture = { NULL };
        Fault        fault = { "GET " MAP, action, places[i].place, places[i].nth, 0, times, NULL, 0 };
        g_autoptr(JsonNode) node = NULL;
        g_autoptr(GError) error = NULL;

        /* Waits between attempts, which are the same everywhere. */
        if (times == 0 && i > 0 && i < 4)
          continue;
        set_up (&fixture);
        fault_proxy_add (fixture.proxy, &fault);
        node = call (fixture.client, kube_request_new_get (&KUBE_CONFIG_MAP, namespace_, "menu"), &error);
        g_assert_cmpuint (fault_proxy_count_hits (fixture.proxy), >, 0);
        if (node == NULL)
          check_error (error);
        else
          g_assert_cmpstr (base_json_get_string (node, "data", "soup", NULL), ==, "größe 🍝 €");
        if (times == 1 && places[i].place == FAULT_BEFORE_ANSWER)
          g_assert_no_error (error);
        if (times == 0)
          g_assert_null (node);
        fault_fixture_tear_down (&fixture);
      }
}

static void
take_name (JsonNode *item,
           gpointer  names)
{
  g_string_append_printf (names, "%s ", base_json_get_string (item, "metadata", "name", NULL));
}

static void
forget_names (gpointer names)
{
  g_string_truncate (names, 0);
}

static const KubeListFuncs name_funcs = { .item = take_name, .restart = forget_names };

static char *
read_pages (KubeClient *client,
            GError    **error)
{
  const KubePagesQuery query = { .resource = &KUBE_CONFIG_MAP, .namespace_ = namespace_, .limit = PAGE_SIZE };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GString) names = g_string_new (NULL);
  g_autofree char *version = NULL;

  kube_pages_read_async (client, &query, &name_funcs, names, NULL, await_cb, &result);
  version = kube_pages_read_finish (client, await (&result), error);

  return version != NULL ? g_strdup (names->str) : NULL;
}

/* The second page fails in each way; 410 begins anew. */
static void
test_pages (void)
{
  static const Fault faults[] = {
    { "GET *continue=*", FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 0, 1, NULL, 0 },
    { "GET *continue=*", FAULT_CUT, FAULT_IN_HEADER_VALUE, 30, 0, 1, NULL, 0 },
    { "GET *continue=*", FAULT_CLOSE, FAULT_IN_STRING, 100, 0, 1, NULL, 0 },
    { "GET *continue=*", FAULT_RESET, FAULT_IN_UTF8, 2, 0, 1, NULL, 0 },
    { "GET *continue=*", FAULT_CUT, FAULT_IN_NUMBER, 0, 0, 1, NULL, 0 },
    { "GET *continue=*", FAULT_STALL, FAULT_IN_STRING, 60, 0, 1, NULL, 0 },
    { "GET *continue=*", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, GONE, 0 },
    { "GET *continue=*", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, BUSY, 0 },
    { "GET *limit=*", FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 0, 0, NULL, 0 },
  };
  g_autofree char *whole = NULL;
  guint            n_recovered = 0;

  for (guint i = 0; i < N_MAPS; i++)
    {
      g_autofree char *name = g_strdup_printf ("page-%u", i);

      put_map (name, i);
    }
  whole = read_pages (direct, NULL);
  g_assert_nonnull (whole);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      FaultFixture     fixture = { NULL };
      g_autofree char *names = NULL;
      g_autoptr(GError) error = NULL;

      set_up (&fixture);
      _kube_client_set_silence (fixture.client, 1);
      fault_proxy_add (fixture.proxy, &faults[i]);
      names = read_pages (fixture.client, &error);
      g_assert_cmpuint (fault_proxy_count_hits (fixture.proxy), >, 0);
      if (names == NULL)
        check_error (error);
      else
        g_assert_cmpstr (names, ==, whole);
      n_recovered += names != NULL;
      fault_fixture_tear_down (&fixture);
    }
  g_assert_cmpuint (n_recovered, >=, 4);
}

typedef enum
{
  CREATE,
  PATCH,
  DELETE,
  N_CHANGES
} Change;

static KubeRequest *
build_change (Change change)
{
  g_autoptr(JsonNode) node = change == CREATE ? build_map ("menu", 2) : parse_quoted ("{'data':{'value':'2'}}");

  switch (change)
    {
    case CREATE:
      return kube_request_new_create (&KUBE_CONFIG_MAP, namespace_, node, "test", 0);
    case PATCH:
      return kube_request_new_patch (&KUBE_CONFIG_MAP, namespace_, "menu", NULL, KUBE_PATCH_MERGE, node);
    case DELETE:
    case N_CHANGES:
    default:
      return kube_request_new_delete (&KUBE_CONFIG_MAP, namespace_, "menu", "Background");
    }
}

static gboolean
is_made (Change change)
{
  g_autoptr(JsonNode) map = look_at_map ("menu");

  if (change == DELETE)
    return map == NULL;

  return map != NULL && g_strcmp0 (base_json_get_string (map, "data", "value", NULL), "2") == 0;
}

/* What an error says is what is known: a change is sent once, and whoever is not told that it was
 * made is told that it may be. */
static void
try_change (Change       change,
            const Fault *fault,
            gboolean     arrives)
{
  FaultFixture fixture = { NULL };
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  if (change == CREATE)
    remove_map ("menu");
  else
    put_map ("menu", 1);
  set_up (&fixture);
  _kube_client_set_silence (fixture.client, 1);
  fault_proxy_add (fixture.proxy, fault);
  node = call (fixture.client, build_change (change), &error);
  g_assert_cmpuint (fault_proxy_count (fixture.proxy, fault->pattern), ==, 1);
  g_assert_cmpuint (fault_proxy_count_hits (fixture.proxy), ==, 1);
  g_assert_cmpint (is_made (change), ==, arrives);
  if (node == NULL)
    {
      check_error (error);
      if (strstr (error->message, "It is not known whether the change was made") == NULL &&
          strstr (error->message, "has accepted the change") == NULL)
        g_error ("nothing of the change: %s", error->message);
      g_assert_true (arrives || strstr (error->message, "has accepted") == NULL);
    }
  fault_fixture_tear_down (&fixture);
}

static void
test_change (gconstpointer data)
{
  static const char *const patterns[] = { "POST *", "PATCH *", "DELETE *" };
  static const FaultAction actions[] = { FAULT_CUT, FAULT_CLOSE, FAULT_RESET, FAULT_STALL };
  Change                   change = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    for (guint j = 0; j < G_N_ELEMENTS (actions); j++)
      {
        Fault fault = { patterns[change], actions[j], places[i].place, places[i].nth, 0, 0, NULL, 0 };

        /* The answer to a deletion is a Status, which has none of these. */
        if (change == DELETE && (fault.place == FAULT_IN_ESCAPE || fault.place == FAULT_IN_UTF8 || fault.nth > 100))
          continue;
        /* The answer that stalls before its beginning is never asked for, and never comes. */
        if (fault.action == FAULT_STALL && i % 3 != 1)
          continue;
        g_test_message ("%s %u", fault_place_get_name (fault.place), (guint) actions[j]);
        try_change (change, &fault, fault.place != FAULT_BEFORE_ANSWER);
      }
}

/* A change that was put off was not made, and is sent again. */
static void
test_change_busy (void)
{
  static const Fault busy = { "PATCH *", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, BUSY, 0 };
  FaultFixture       fixture = { NULL };
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  put_map ("menu", 1);
  set_up (&fixture);
  fault_proxy_add (fixture.proxy, &busy);
  node = call (fixture.client, build_change (PATCH), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fault_proxy_count (fixture.proxy, "PATCH *"), ==, 2);
  g_assert_true (is_made (PATCH));
  fault_fixture_tear_down (&fixture);
}

static char *
describe_model (KubeReflector *reflector)
{
  GListModel *model = kube_reflector_get_model (reflector);
  GString    *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(KubeObject) object = g_list_model_get_item (model, i);

      g_string_append_printf (text, "%s %s\n", kube_object_get_name (object),
                              kube_object_get_resource_version (object));
    }

  return g_string_free (text, FALSE);
}

static char *
ask_kubectl (void)
{
  return cluster_kubectl (namespace_, "get configmaps -o jsonpath='{range .items[*]}{.metadata.name} "
                                      "{.metadata.resourceVersion}{\"\\n\"}{end}'");
}

static void
wait_for_truth (KubeReflector *reflector)
{
  g_autofree char *truth = ask_kubectl ();

  g_test_message ("waiting for %s", truth);
  while (TRUE)
    {
      g_autofree char *model = describe_model (reflector);

      if (g_str_equal (model, truth) && kube_reflector_get_state (reflector) == KUBE_REFLECTOR_WATCHING)
        break;
      fault_iterate ();
    }
  g_assert_no_error (kube_reflector_get_error (reflector));
}

/* Of the watch: each befalls it while the namespace changes. */
static const Fault watch_faults[] = {
  { "GET *watch=*", FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_RESET, FAULT_IN_HEADER_VALUE, 12, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_CUT, FAULT_BEFORE_BODY, 0, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_CUT, FAULT_IN_CHUNK_SIZE, 0, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_RESET, FAULT_IN_CHUNK_DATA, 90, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_CLOSE, FAULT_IN_CHUNK_END, 0, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_CLOSE, FAULT_BETWEEN_CHUNKS, 1, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_CUT, FAULT_IN_STRING, 111, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_CUT, FAULT_IN_UTF8, 3, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_CUT, FAULT_IN_ESCAPE, 1, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_GARBLE, FAULT_IN_STRING, 30, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_POISON, FAULT_IN_BODY, 77, 0, 2, NULL, 0 },
  { "GET *watch=*", FAULT_DRIP, FAULT_IN_STATUS_LINE, 0, 0, 1, NULL, 0 },
  { "GET *watch=*", FAULT_INJECT, FAULT_BETWEEN_CHUNKS, 0, 0, 1, "{\"type\":\"ERROR\",\"object\":" EXPIRED "}\n", 0 },
  { "GET *watch=*", FAULT_INJECT, FAULT_BETWEEN_CHUNKS, 1, 0, 1, ODD_ERROR, 0 },
  { "GET *watch=*", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, GONE, 0 },
  { "GET *watch=*", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, BUSY, 0 },
};

static void
test_watch (gconstpointer data)
{
  FaultFixture fixture = { NULL };
  KubeForm     form = GPOINTER_TO_UINT (data);
  g_autoptr(KubeReflector) reflector = NULL;
  guint value = 0;

  set_up (&fixture);
  reflector = kube_reflector_new (fixture.client, &KUBE_CONFIG_MAP, namespace_, form, NULL);
  _kube_reflector_set_timing (reflector, &quick);
  kube_reflector_start (reflector);
  wait_for_truth (reflector);
  for (guint i = 0; i < G_N_ELEMENTS (watch_faults); i++)
    {
      guint n_hits = fault_proxy_count_hits (fixture.proxy);
      guint n_wanted = MAX (watch_faults[i].times, 1);

      /* Rows come without data, and so without these. */
      if (form == KUBE_FORM_TABLE && (watch_faults[i].place == FAULT_IN_UTF8 || watch_faults[i].place == FAULT_IN_ESCAPE))
        continue;
      g_test_message ("%s", fault_place_get_name (watch_faults[i].place));
      fault_proxy_clear (fixture.proxy);
      fault_proxy_add (fixture.proxy, &watch_faults[i]);
      /* The watch that stands ends, and others come, as long as there is something to tell. */
      fault_proxy_cut_all (fixture.proxy);
      while (fault_proxy_count_hits (fixture.proxy) < n_hits + n_wanted)
        {
          g_autofree char *name = g_strdup_printf ("moving-%u", value % 5);

          if (value % 4 == 3)
            remove_map (name);
          else
            put_map (name, value);
          value++;
        }
      wait_for_truth (reflector);
    }
  g_clear_object (&reflector);
  fault_fixture_tear_down (&fixture);
}

/* Bytes stop in the midst of a watch: it is told that the news are old, and then they are new. */
static void
test_watch_stall (void)
{
  const KubeReflectorTiming timing = { { 10, 40, 20, 50 }, 2, 500, 1000, 1000 };
  FaultFixture              fixture = { NULL };
  Fault                     fault = { "GET *watch=*", FAULT_STALL, FAULT_IN_STRING, 50, 0, 0, NULL, 0 };
  g_autoptr(KubeReflector) reflector = NULL;
  gint64 contact;

  set_up (&fixture);
  reflector = kube_reflector_new (fixture.client, &KUBE_CONFIG_MAP, namespace_, KUBE_FORM_OBJECT, NULL);
  _kube_reflector_set_timing (reflector, &timing);
  fault_proxy_add (fixture.proxy, &fault);
  kube_reflector_start (reflector);
  FAULT_WAIT (kube_reflector_get_state (reflector) == KUBE_REFLECTOR_WATCHING);
  put_map ("stalled", 1);
  FAULT_WAIT (kube_reflector_get_state (reflector) == KUBE_REFLECTOR_BACKING_OFF);
  check_error (kube_reflector_get_error (reflector));
  contact = kube_reflector_get_last_contact (reflector);

  fault_proxy_clear (fixture.proxy);
  put_map ("stalled", 2);
  wait_for_truth (reflector);
  g_assert_cmpint (kube_reflector_get_last_contact (reflector), >, contact);
  g_clear_object (&reflector);
  fault_fixture_tear_down (&fixture);
}

/* The kinds of a real server, whose lists are long. */
static void
test_discovery (void)
{
  static const Fault faults[] = {
    { "GET /apis", FAULT_CUT, FAULT_BEFORE_ANSWER, 0, 0, 1, NULL, 0 },
    { "GET /apis", FAULT_RESET, FAULT_IN_STRING, 5000, 0, 0, NULL, 0 },
    { "GET /api", FAULT_CLOSE, FAULT_IN_BODY, 3000, 0, 0, NULL, 0 },
    { "GET /apis", FAULT_STALL, FAULT_IN_STRING, 5000, 0, 0, NULL, 0 },
    { "GET /api", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, "HTTP/1.1 406 Not Acceptable\r\n\r\n", 0 },
    { "GET /apis", FAULT_REPLACE, FAULT_BEFORE_ANSWER, 0, 0, 1, BUSY, 0 },
  };
  guint n_known = 0;

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      FaultFixture fixture = { NULL };
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(KubeDiscovery) discovery = NULL;
      g_autoptr(GError) error = NULL;

      set_up (&fixture);
      _kube_client_set_silence (fixture.client, 2);
      fault_proxy_add (fixture.proxy, &faults[i]);
      kube_discovery_read_async (fixture.client, TRUE, NULL, await_cb, &result);
      discovery = kube_discovery_read_finish (fixture.client, await (&result), &error);
      g_assert_cmpuint (fault_proxy_count_hits (fixture.proxy), >, 0);
      if (discovery == NULL)
        check_error (error);
      else
        g_assert_nonnull (kube_discovery_lookup (discovery, "deploy"));
      n_known += discovery != NULL;
      g_clear_object (&result);
      fault_fixture_tear_down (&fixture);
    }
  g_assert_cmpuint (n_known, ==, 3);
}

static void
add_tests (void)
{
  static const char *const names[] = { "cut", "close", "reset" };
  static const char *const changes[] = { "create", "patch", "delete" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strconcat ("/fault/gateway/get/", names[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_get);
    }
  g_test_add_func ("/fault/gateway/pages", test_pages);
  for (guint i = 0; i < N_CHANGES; i++)
    {
      g_autofree char *path = g_strconcat ("/fault/gateway/change/", changes[i], NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_change);
    }
  g_test_add_func ("/fault/gateway/change/busy", test_change_busy);
  g_test_add_data_func ("/fault/gateway/watch/objects", GUINT_TO_POINTER (KUBE_FORM_OBJECT), test_watch);
  g_test_add_data_func ("/fault/gateway/watch/rows", GUINT_TO_POINTER (KUBE_FORM_TABLE), test_watch);
  g_test_add_func ("/fault/gateway/watch/stall", test_watch_stall);
  g_test_add_func ("/fault/gateway/discovery", test_discovery);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *kubeconfig = NULL;
  g_autofree char *create = NULL;
  int              status;

  /* Nothing is remembered of the kinds. */
  g_setenv ("XDG_CACHE_HOME", "/dev/null", TRUE);
  g_test_init (&argc, &argv, NULL);
  if (!cluster_is_there () || !fault_fixture_begin ())
    {
      g_print ("1..0 # SKIP There is no cluster, or no openssl: set " CLUSTER_KUBECONFIGS
               " and " CLUSTER_PROGRAM ".\n");
      return 0;
    }

  kubeconfig = g_build_filename (g_getenv (CLUSTER_KUBECONFIGS), "admin", NULL);
  gateway = fault_gateway_new (kubeconfig);
  direct = cluster_connect ("admin");
  namespace_ = g_strdup_printf ("hackystack-client-gateway-%d", (int) getpid ());
  create = g_strconcat ("create namespace ", namespace_, NULL);
  g_free (cluster_kubectl (namespace_, create));
  add_tests ();
  status = g_test_run ();
  cluster_remove_namespace (namespace_);

  g_free (namespace_);
  g_object_unref (direct);
  fault_gateway_free (gateway);
  fault_fixture_end ();

  return status;
}
