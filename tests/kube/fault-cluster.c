/* fault-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-cluster.h"

#include <string.h>

#define LOOK_MS 10
#define PIECE_SIZE 300
#define PODS "/api/v1/namespaces/shop/pods"
#define COLUMNS                                                                             \
  "[{\"name\":\"Name\",\"type\":\"string\",\"format\":\"name\",\"description\":\"\","       \
  "\"priority\":0},{\"name\":\"Note\",\"type\":\"string\",\"format\":\"\",\"description\":" \
  "\"\",\"priority\":0}]"

/* A log line every quarter of a second, so that several share what sinceTime tells. */
#define LINES_PER_SECOND 4

static const char *const kinds[] = {
  "{\"metadata\":{\"name\":\"\"},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":"
  "\"pods\",\"responseKind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"},\"scope\":"
  "\"Namespaced\",\"singularResource\":\"pod\",\"verbs\":[\"get\",\"list\",\"watch\"],"
  "\"shortNames\":[\"po\"]}],\"freshness\":\"Current\"}]}",
  "{\"metadata\":{\"name\":\"apps\"},\"versions\":[{\"version\":\"v1\",\"resources\":[{"
  "\"resource\":\"deployments\",\"responseKind\":{\"group\":\"apps\",\"version\":\"v1\",\"kind\":"
  "\"Deployment\"},\"scope\":\"Namespaced\",\"singularResource\":\"deployment\",\"verbs\":["
  "\"get\",\"list\",\"watch\"],\"shortNames\":[\"deploy\"]}],\"freshness\":\"Current\"}]}",
};

typedef struct
{
  const char *type;
  char       *name; /* (owned) */
  guint       version;
} Event;

struct _FaultCluster
{
  GMutex mutex;
  GCond  cond;

  GArray  *events;    /* (element-type Event) (owned) */
  guint    version;   /* the latest */
  guint    forgotten; /* the latest that cannot be watched from */
  guint    n_lines;
  GString *applied; /* (owned): what the last apply said */
};

static void
clear_event (gpointer data)
{
  Event *event = data;

  g_free (event->name);
}

FaultCluster *
fault_cluster_new (void)
{
  FaultCluster *self = g_new0 (FaultCluster, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->events = g_array_new (FALSE, FALSE, sizeof (Event));
  g_array_set_clear_func (self->events, clear_event);
  self->version = 100;
  self->applied = g_string_new (NULL);

  return self;
}

void
fault_cluster_free (FaultCluster *self)
{
  g_array_unref (self->events);
  g_string_free (self->applied, TRUE);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

/* The latest event of each name; those that are deleted are left out. */
static GPtrArray *
collect_pods (FaultCluster *self)
{
  GPtrArray *pods = g_ptr_array_new ();

  for (guint i = self->events->len; i > 0; i--)
    {
      Event   *event = &g_array_index (self->events, Event, i - 1);
      gboolean later = FALSE;

      for (guint j = i; j < self->events->len && !later; j++)
        later = g_str_equal (g_array_index (self->events, Event, j).name, event->name);
      if (!later && !g_str_equal (event->type, "DELETED"))
        g_ptr_array_insert (pods, 0, event);
    }

  return pods;
}

static gboolean
has_pod (FaultCluster *self,
         const char   *name)
{
  g_autoptr(GPtrArray) pods = collect_pods (self);

  for (guint i = 0; i < pods->len; i++)
    if (g_str_equal (((Event *) g_ptr_array_index (pods, i))->name, name))
      return TRUE;

  return FALSE;
}

static void
add_event (FaultCluster *self,
           const char   *type,
           const char   *name)
{
  Event event = { type, g_strdup (name), ++self->version };

  g_array_append_val (self->events, event);
  g_cond_broadcast (&self->cond);
}

/* Adds a pod, or changes the one that is there. */
void
fault_cluster_put (FaultCluster *self,
                   const char   *name)
{
  g_mutex_lock (&self->mutex);
  add_event (self, has_pod (self, name) ? "MODIFIED" : "ADDED", name);
  g_mutex_unlock (&self->mutex);
}

void
fault_cluster_remove (FaultCluster *self,
                      const char   *name)
{
  g_mutex_lock (&self->mutex);
  g_assert_true (has_pod (self, name));
  add_event (self, "DELETED", name);
  g_mutex_unlock (&self->mutex);
}

/* No watch and no page goes on from what was so far. */
void
fault_cluster_forget (FaultCluster *self)
{
  g_mutex_lock (&self->mutex);
  self->forgotten = ++self->version;
  g_mutex_unlock (&self->mutex);
}

/* The container says so many lines more. */
void
fault_cluster_log (FaultCluster *self,
                   guint         n_lines)
{
  g_mutex_lock (&self->mutex);
  self->n_lines += n_lines;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
}

/* The annotation and cell of a pod of that version. */
char *
fault_cluster_dup_note (guint version)
{
  return g_strdup_printf ("Größe \"é\" 5 € 🍝\n%u", version);
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* "NAME VERSION NOTE, …" of all pods, by name. */
char *
fault_cluster_dup_truth (FaultCluster *self)
{
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) pods = NULL;

  g_mutex_lock (&self->mutex);
  pods = collect_pods (self);
  for (guint i = 0; i < pods->len; i++)
    {
      Event           *pod = g_ptr_array_index (pods, i);
      g_autofree char *note = fault_cluster_dup_note (pod->version);

      g_ptr_array_add (lines, g_strdup_printf ("%s %u %s", pod->name, pod->version, note));
    }
  g_mutex_unlock (&self->mutex);
  g_ptr_array_sort (lines, compare_texts);
  g_ptr_array_add (lines, NULL);

  return g_strjoinv (", ", (char **) lines->pdata);
}

static char *
dup_line (guint index)
{
  return g_strdup_printf ("line %u – größe 🍝", index);
}

/* The lines of the log, joined. */
char *
fault_cluster_dup_log (FaultCluster *self)
{
  GString *text = g_string_new (NULL);
  guint    n_lines;

  g_mutex_lock (&self->mutex);
  n_lines = self->n_lines;
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < n_lines; i++)
    {
      g_autofree char *line = dup_line (i);

      g_string_append_printf (text, "%s%s", i > 0 ? "|" : "", line);
    }

  return g_string_free (text, FALSE);
}

/* Answers */

static char *
dup_query (FaultExchange *exchange,
           const char    *name)
{
  const char *query = strchr (fault_exchange_get_target (exchange), '?');
  g_autoptr(GHashTable) params = NULL;

  if (query == NULL)
    return NULL;
  params = g_uri_parse_params (query + 1, -1, "&", G_URI_PARAMS_NONE, NULL);

  return g_strdup (g_hash_table_lookup (params, name));
}

static gboolean
wants_table (FaultExchange *exchange)
{
  return strstr (fault_exchange_get_head (exchange), "as=Table") != NULL;
}

static const char *
get_phrase (guint status)
{
  return status == 200 ? "OK" : status == 404 ? "Not Found"
                                              : "Gone";
}

static void
write_json (FaultExchange *exchange,
            guint          status,
            const char    *json)
{
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %u %s\r\n"
                                           "Audit-Id: 6f3a0a34-6b07-4dbd-9a4f-4c6b9c7a12de\r\n"
                                           "Cache-Control: no-cache, private\r\n"
                                           "Content-Type: application/json\r\n"
                                           "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                                           status, get_phrase (status), strlen (json));
  g_autofree char *answer = g_strconcat (head, json, NULL);

  fault_exchange_write (exchange, answer, -1);
}

static gboolean
begin_chunks (FaultExchange *exchange,
              const char    *type)
{
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\n"
                                           "Cache-Control: no-cache, private\r\n"
                                           "Content-Type: %s\r\n"
                                           "Transfer-Encoding: chunked\r\n\r\n",
                                           type);

  return fault_exchange_write (exchange, head, -1);
}

static gboolean
write_chunk (FaultExchange *exchange,
             const char    *text)
{
  g_autofree char *chunk = g_strdup_printf ("%" G_GSIZE_MODIFIER "x\r\n%s\r\n", strlen (text),
                                            text);

  return fault_exchange_write (exchange, chunk, -1);
}

/* As long answers come. */
static void
write_pieces (FaultExchange *exchange,
              const char    *json)
{
  gsize length = strlen (json);

  if (!begin_chunks (exchange, "application/json"))
    return;
  for (gsize i = 0; i < length; i += PIECE_SIZE)
    {
      g_autofree char *piece = g_strndup (json + i, PIECE_SIZE);

      if (!write_chunk (exchange, piece))
        return;
    }
  fault_exchange_write (exchange, "0\r\n\r\n", -1);
}

static void
append_metadata (GString    *json,
                 const char *name,
                 guint       version)
{
  g_string_append_printf (json,
                          "\"metadata\":{\"name\":\"%s\",\"namespace\":\"shop\",\"uid\":"
                          "\"%s-uid\",\"resourceVersion\":\"%u\",\"generation\":1234567,"
                          "\"creationTimestamp\":\"2026-05-01T12:00:00Z\",\"labels\":{\"app\":"
                          "\"shop\"},\"annotations\":{\"note\":\"Gr\\u00f6\\u00dfe \\\"é\\\" "
                          "5 € 🍝\\n%u\"}}",
                          name, name, version, version);
}

static void
append_pod (GString    *json,
            const char *name,
            guint       version)
{
  g_string_append (json, "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",");
  append_metadata (json, name, version);
  g_string_append (json,
                   ",\"spec\":{\"restartPolicy\":\"Always\",\"containers\":[{\"name\":"
                   "\"main\",\"image\":\"registry.example/shop:1\"}],"
                   "\"terminationGracePeriodSeconds\":30},\"status\":{\"phase\":"
                   "\"Running\",\"containerStatuses\":[{\"name\":\"main\",\"ready\":true,"
                   "\"restartCount\":0,\"state\":{\"running\":{\"startedAt\":"
                   "\"2026-05-01T12:00:01Z\"}},\"lastState\":{}}]}}");
}

static void
append_row (GString    *json,
            const char *name,
            guint       version)
{
  g_string_append_printf (json, "{\"cells\":[\"%s\",\"Gr\\u00f6\\u00dfe \\\"é\\\" 5 € 🍝\\n%u\"],"
                                "\"object\":{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":"
                                "\"meta.k8s.io/v1\",",
                          name, version);
  append_metadata (json, name, version);
  g_string_append (json, "}}");
}

static void
append_item (GString *json,
             Event   *pod,
             gboolean table)
{
  if (table)
    append_row (json, pod->name, pod->version);
  else
    append_pod (json, pod->name, pod->version);
}

static void
write_gone (FaultExchange *exchange)
{
  write_json (exchange, 410,
              "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
              "\"message\":\"The provided continue parameter is too old to display a consistent "
              "list result.\",\"reason\":\"Expired\",\"code\":410}");
}

static char *
build_page (GPtrArray *pods,
            guint      first,
            guint      version,
            gboolean   table)
{
  guint    end = MIN (first + FAULT_PAGE_SIZE, pods->len);
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{"
                                "\"resourceVersion\":\"%u\"",
                          table ? "Table" : "PodList", table ? "meta.k8s.io/v1" : "v1", version);
  if (end < pods->len)
    g_string_append_printf (json, ",\"continue\":\"%u-%u\",\"remainingItemCount\":%u", version,
                            end, pods->len - end);
  g_string_append_printf (json, "},%s\"%s\":[", table ? "\"columnDefinitions\":" COLUMNS "," : "",
                          table ? "rows" : "items");
  for (guint i = first; i < end; i++)
    {
      if (i > first)
        g_string_append_c (json, ',');
      append_item (json, g_ptr_array_index (pods, i), table);
    }
  g_string_append (json, "]}\n");

  return g_string_free (json, FALSE);
}

/* A page goes on only while nothing has changed: this server keeps no history of lists. */
static void
answer_list (FaultCluster  *self,
             FaultExchange *exchange)
{
  g_autofree char *token = dup_query (exchange, "continue");
  g_autofree char *json = NULL;
  g_autoptr(GPtrArray) pods = NULL;
  guint version = 0;
  guint first = 0;

  g_mutex_lock (&self->mutex);
  if (token != NULL)
    {
      version = (guint) g_ascii_strtoull (token, NULL, 10);
      first = (guint) g_ascii_strtoull (strchr (token, '-') + 1, NULL, 10);
    }
  pods = collect_pods (self);
  if (token == NULL || version == self->version)
    json = build_page (pods, first, self->version, wants_table (exchange));
  g_mutex_unlock (&self->mutex);

  if (json != NULL)
    write_pieces (exchange, json);
  else
    write_gone (exchange);
}

static char *
build_event (Event   *event,
             gboolean table,
             gboolean first)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"type\":\"%s\",\"object\":", event->type);
  if (table)
    g_string_append_printf (json, "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\","
                                  "\"metadata\":{\"resourceVersion\":\"%u\"},"
                                  "\"columnDefinitions\":%s,\"rows\":[",
                            event->version, first ? COLUMNS : "null");
  append_item (json, event, table);
  g_string_append (json, table ? "]}}\n" : "}\n");

  return g_string_free (json, FALSE);
}

/* The event after @version, once there is one; NULL when nobody waits any more. */
static char *
wait_for_event (FaultCluster  *self,
                FaultExchange *exchange,
                guint         *version,
                gboolean       first)
{
  char *json = NULL;

  g_mutex_lock (&self->mutex);
  while (json == NULL && fault_exchange_is_open (exchange))
    {
      for (guint i = 0; i < self->events->len && json == NULL; i++)
        {
          Event *event = &g_array_index (self->events, Event, i);

          if (event->version <= *version)
            continue;
          json = build_event (event, wants_table (exchange), first);
          *version = event->version;
        }
      if (json == NULL)
        g_cond_wait_until (&self->cond, &self->mutex,
                           g_get_monotonic_time () + LOOK_MS * G_TIME_SPAN_MILLISECOND);
    }
  g_mutex_unlock (&self->mutex);

  return json;
}

static void
answer_watch (FaultCluster  *self,
              FaultExchange *exchange)
{
  g_autofree char *from = dup_query (exchange, "resourceVersion");
  guint            version = (guint) g_ascii_strtoull (from, NULL, 10);
  gboolean         first = TRUE;
  gboolean         gone;

  g_mutex_lock (&self->mutex);
  gone = version <= self->forgotten;
  g_mutex_unlock (&self->mutex);

  if (!begin_chunks (exchange, "application/json"))
    return;
  if (gone)
    {
      write_chunk (exchange, "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":"
                             "\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"too old "
                             "resource version: 1 (2)\",\"reason\":\"Expired\",\"code\":410}}\n");
      fault_exchange_write (exchange, "0\r\n\r\n", -1);
      return;
    }

  while (TRUE)
    {
      g_autofree char *event = wait_for_event (self, exchange, &version, first);

      if (event == NULL || !write_chunk (exchange, event))
        return;
      first = FALSE;
    }
}

/* Lines carry their time; the first is of 2026-05-01T12:00:00Z. */
static gint64
get_line_time (guint index)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_iso8601 ("2026-05-01T12:00:00Z", NULL);

  return g_date_time_to_unix (start) + index / LINES_PER_SECOND;
}

static char *
build_log_line (guint index)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (get_line_time (index));
  g_autofree char *stamp = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *line = dup_line (index);

  return g_strdup_printf ("%s.%09uZ %s\n", stamp,
                          index % LINES_PER_SECOND * (1000000000 / LINES_PER_SECOND), line);
}

static gboolean
wait_for_line (FaultCluster  *self,
               FaultExchange *exchange,
               gboolean       follow,
               guint          index)
{
  gboolean there;

  g_mutex_lock (&self->mutex);
  while (!(there = index < self->n_lines) && follow && fault_exchange_is_open (exchange))
    g_cond_wait_until (&self->cond, &self->mutex,
                       g_get_monotonic_time () + LOOK_MS * G_TIME_SPAN_MILLISECOND);
  g_mutex_unlock (&self->mutex);

  return there;
}

static void
answer_log (FaultCluster  *self,
            FaultExchange *exchange)
{
  g_autofree char *follow = dup_query (exchange, "follow");
  g_autofree char *since = dup_query (exchange, "sinceTime");
  g_autoptr(GDateTime) start = NULL;
  guint index = 0;

  if (since != NULL)
    start = g_date_time_new_from_iso8601 (since, NULL);
  while (start != NULL && get_line_time (index) < g_date_time_to_unix (start))
    index++;

  if (!begin_chunks (exchange, "text/plain"))
    return;
  for (; wait_for_line (self, exchange, follow != NULL, index); index++)
    {
      g_autofree char *line = build_log_line (index);

      if (!write_chunk (exchange, line))
        return;
    }
  if (follow == NULL)
    fault_exchange_write (exchange, "0\r\n\r\n", -1);
}

static void
answer_pod (FaultCluster  *self,
            FaultExchange *exchange)
{
  g_autoptr(GString) json = g_string_new (NULL);

  g_mutex_lock (&self->mutex);
  append_pod (json, "web", self->version);
  g_mutex_unlock (&self->mutex);
  write_json (exchange, 200, json->str);
}

static void
answer_apply (FaultCluster  *self,
              FaultExchange *exchange)
{
  GBytes          *body = fault_exchange_get_body (exchange);
  g_autofree char *json = NULL;

  g_mutex_lock (&self->mutex);
  if (g_str_equal (fault_exchange_get_method (exchange), "PATCH"))
    {
      g_string_truncate (self->applied, 0);
      g_string_append_len (self->applied, g_bytes_get_data (body, NULL),
                           (gssize) g_bytes_get_size (body));
    }
  json = g_strdup (self->applied->str);
  g_mutex_unlock (&self->mutex);

  if (json[0] != '\0')
    write_json (exchange, 200, json);
  else
    write_json (exchange, 404,
                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                "\"message\":\"configmaps \\\"menu\\\" not found\",\"reason\":\"NotFound\","
                "\"details\":{\"name\":\"menu\",\"kind\":\"configmaps\"},\"code\":404}");
}

static void
answer_kinds (FaultExchange *exchange,
              const char    *items)
{
  g_autofree char *json = g_strdup_printf ("{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":"
                                           "\"apidiscovery.k8s.io/v2\",\"metadata\":{},"
                                           "\"items\":[%s]}",
                                           items);

  write_json (exchange, 200, json);
}

/* A FaultAnswerFunc with the cluster as its data. */
void
fault_cluster_answer (FaultExchange *exchange,
                      gpointer       user_data)
{
  FaultCluster    *self = user_data;
  const char      *target = fault_exchange_get_target (exchange);
  g_autofree char *path = g_strndup (target, strcspn (target, "?"));
  g_autofree char *watch = dup_query (exchange, "watch");

  if (g_str_equal (path, "/version"))
    write_json (exchange, 200, "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.3\","
                               "\"goVersion\":\"go1.26.1 größe 🍝 \\u20ac\",\"weight\":123456}");
  else if (g_str_equal (path, "/api"))
    answer_kinds (exchange, kinds[0]);
  else if (g_str_equal (path, "/apis"))
    answer_kinds (exchange, kinds[1]);
  else if (g_str_equal (path, PODS) && watch != NULL)
    answer_watch (self, exchange);
  else if (g_str_equal (path, PODS))
    answer_list (self, exchange);
  else if (g_str_equal (path, PODS "/web"))
    answer_pod (self, exchange);
  else if (g_str_equal (path, PODS "/web/log"))
    answer_log (self, exchange);
  else
    answer_apply (self, exchange);
}
