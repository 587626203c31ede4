/* base-yaml-edit.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-yaml.h"

#include <string.h>
#include <yaml.h>

#include "base-error.h"
#include "base-json.h"
#include "base-yaml-problem.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_parser_t, yaml_parser_delete)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_event_t, yaml_event_delete)

/* Where in the text the change is made, in characters as libyaml counts them. */
typedef struct
{
  gboolean            flow;    /* the outermost mapping is written as {…} */
  gboolean            found;   /* the key is there */
  yaml_scalar_style_t style;   /* of its value */
  gsize               opening; /* after the “{” */
  gsize               first;   /* at the first key, if there is one */
  gboolean            has_first;
  gsize               start; /* of the value */
  gsize               end;
} Place;

static gboolean
fail_at (const yaml_mark_t *mark,
         const char        *words,
         GError           **error)
{
  g_set_error (error, BASE_ERROR, BASE_ERROR_SYNTAX,
               "line %" G_GSIZE_FORMAT ", column %" G_GSIZE_FORMAT ": %s", mark->line + 1,
               mark->column + 1, words);
  return FALSE;
}

static gboolean
next_event (yaml_parser_t *parser,
            yaml_event_t  *event,
            const char    *data,
            gsize          size,
            GError       **error)
{
  yaml_event_delete (event);
  if (yaml_parser_parse (parser, event))
    return TRUE;
  base_yaml_problem_set_error (parser, data, size, error);
  return FALSE;
}

/* Reads over what the event begins. */
static gboolean
skip_value (yaml_parser_t *parser,
            yaml_event_t  *event,
            const char    *data,
            gsize          size,
            GError       **error)
{
  guint depth = 0;

  while (TRUE)
    {
      if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT)
        depth++;
      else if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT)
        depth--;
      if (depth == 0)
        return TRUE;
      if (!next_event (parser, event, data, size, error))
        return FALSE;
    }
}

static gboolean
is_key (const yaml_event_t *event,
        const char         *key)
{
  return event->type == YAML_SCALAR_EVENT &&
         strcmp ((const char *) event->data.scalar.value, key) == 0;
}

static gboolean
take_value (Place              *place,
            const yaml_event_t *event,
            GError            **error)
{
  if (event->type != YAML_SCALAR_EVENT || event->data.scalar.anchor != NULL)
    return fail_at (&event->start_mark,
                    "the value stands in a form that is not changed by a program: it is a list, a "
                    "mapping, or shared by “&” or “*”. Change it by hand.",
                    error);

  place->found = TRUE;
  place->style = event->data.scalar.style;
  place->start = event->start_mark.index;
  place->end = event->end_mark.index;

  return TRUE;
}

static gboolean
find_in_mapping (Place         *place,
                 yaml_parser_t *parser,
                 yaml_event_t  *event,
                 const char    *data,
                 gsize          size,
                 const char    *key,
                 GError       **error)
{
  place->flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
  place->opening = event->end_mark.index;

  while (!place->found)
    {
      gboolean wanted;

      if (!next_event (parser, event, data, size, error))
        return FALSE;
      if (event->type == YAML_MAPPING_END_EVENT)
        return TRUE;
      if (!place->has_first)
        place->first = event->start_mark.index;
      place->has_first = TRUE;
      wanted = is_key (event, key);
      if (!skip_value (parser, event, data, size, error) ||
          !next_event (parser, event, data, size, error))
        return FALSE;
      if (wanted ? !take_value (place, event, error)
                 : !skip_value (parser, event, data, size, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
find_place (Place      *place,
            const char *data,
            gsize       size,
            const char *key,
            GError    **error)
{
  g_auto(yaml_parser_t) parser = { 0 };
  g_auto(yaml_event_t) event = { 0 };

  yaml_parser_initialize (&parser);
  yaml_parser_set_encoding (&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string (&parser, (const guchar *) data, size);
  do
    if (!next_event (&parser, &event, data, size, error))
      return FALSE;
  while (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT);

  if (event.type == YAML_STREAM_END_EVENT ||
      (event.type == YAML_SCALAR_EVENT && event.data.scalar.length == 0))
    return TRUE;
  if (event.type != YAML_MAPPING_START_EVENT)
    return fail_at (&event.start_mark, "named fields are expected here.", error);

  return find_in_mapping (place, &parser, &event, data, size, key, error);
}

/* On one line, in the quotation marks that stood there; JSON's own are YAML's too. */
static char *
print_text (const char *text,
            gboolean    quoted)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *printed = NULL;

  json_node_set_string (node, text);
  printed = g_strchomp (base_yaml_print (node));
  if (!quoted && strpbrk (printed, "\r\n") == NULL)
    return g_steal_pointer (&printed);

  return base_json_print (node, FALSE);
}

static gboolean
is_blank (const char *from,
          const char *to)
{
  for (; from < to; from++)
    if (!g_ascii_isspace (*from))
      return FALSE;

  return TRUE;
}

static void
replace_value (GString     *out,
               const Place *place,
               const char  *text,
               const char  *data,
               gsize        size,
               const char  *value)
{
  const char      *start = g_utf8_offset_to_pointer (text, place->start);
  const char      *end = g_utf8_offset_to_pointer (text, place->end);
  g_autofree char *printed = NULL;

  printed = print_text (value, place->flow ||
                                   place->style == YAML_DOUBLE_QUOTED_SCALAR_STYLE);
  /* What is written over several lines ends with the line. */
  while (end > start && g_ascii_isspace (end[-1]))
    end--;

  g_string_append_len (out, data, start - data);
  if (place->start == place->end)
    g_string_append_c (out, ' ');
  g_string_append (out, printed);
  g_string_append_len (out, end, data + size - end);
}

/* Before the first key, with what stands between it and the “{”. */
static void
insert_in_flow (GString     *out,
                const Place *place,
                const char  *text,
                const char  *data,
                gsize        size,
                const char  *key,
                const char  *value)
{
  const char      *opening = g_utf8_offset_to_pointer (text, place->opening);
  const char      *first = place->has_first ? g_utf8_offset_to_pointer (text, place->first) : opening;
  g_autofree char *printed_key = print_text (key, TRUE);
  g_autofree char *printed_value = print_text (value, TRUE);

  g_string_append_len (out, data, opening - data);
  if (is_blank (opening, first))
    g_string_append_len (out, opening, first - opening);
  g_string_append_printf (out, "%s: %s%s", printed_key, printed_value,
                          place->has_first ? "," : "");
  if (place->has_first && first == opening)
    g_string_append_c (out, ' ');
  g_string_append_len (out, opening, data + size - opening);
}

/* A line before the first key, indented as it is; or the only line. */
static void
insert_line (GString     *out,
             const Place *place,
             const char  *text,
             const char  *data,
             gsize        size,
             const char  *key,
             const char  *value)
{
  const char      *newline = g_strstr_len (data, size, "\r\n") != NULL ? "\r\n" : "\n";
  const char      *first = data + size;
  const char      *line;
  g_autofree char *printed_key = print_text (key, FALSE);
  g_autofree char *printed_value = print_text (value, FALSE);

  if (place->has_first)
    first = g_utf8_offset_to_pointer (text, place->first);
  line = first;
  while (line > text && line[-1] != '\n' && place->has_first)
    line--;

  g_string_append_len (out, data, line - data);
  if (!place->has_first && size > 0 && data[size - 1] != '\n')
    g_string_append (out, newline);
  if (is_blank (line, first))
    g_string_append_len (out, line, first - line);
  g_string_append_printf (out, "%s: %s%s", printed_key, printed_value, newline);
  g_string_append_len (out, line, data + size - line);
}

/**
 * base_yaml_set_text:
 * @data: YAML text that [func@base_yaml_parse] reads
 * @length: its length in bytes, or -1 if it ends with a NUL
 * @key: a key of the outermost mapping of the first document
 * @value: the text to set
 * @error: return location for an error
 *
 * Sets a text at a key and leaves every other byte as it is: comments, order, quotation marks and
 * line ends. A key that is missing is put before the first one.
 *
 * In rare forms of writing the result may not be what was meant, so whoever replaces a file with
 * it reads it once more and compares.
 *
 * Possible errors: %BASE_ERROR_SYNTAX where there is no mapping, or where the value is not a text
 * of its own.
 *
 * Returns: (transfer full) (nullable): the new text, or %NULL with @error set
 */
GString *
base_yaml_set_text (const char *data,
                    gssize      length,
                    const char *key,
                    const char *value,
                    GError    **error)
{
  const char *text;
  GString    *out;
  Place       place = { 0 };
  gsize       size;

  g_return_val_if_fail (data != NULL || length == 0, NULL);
  g_return_val_if_fail (key != NULL && value != NULL, NULL);

  /* As in base_yaml_reader_init(). */
  size = length < 0 ? strlen (data) : (gsize) length;
  text = size >= strlen (BYTE_ORDER_MARK) && g_str_has_prefix (data, BYTE_ORDER_MARK)
             ? data + strlen (BYTE_ORDER_MARK)
             : data;
  if (!find_place (&place, text, data + size - text, key, error))
    return NULL;

  out = g_string_sized_new (size + strlen (key) + strlen (value) + 16);
  if (place.found)
    replace_value (out, &place, text, data, size, value);
  else if (place.flow)
    insert_in_flow (out, &place, text, data, size, key, value);
  else
    insert_line (out, &place, text, data, size, key, value);

  return out;
}
