/* base-json-slice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json-slice.h"

#include <string.h>

#include "base-json.h"

#define MAX_DEPTH 128

/* What may come next while a text is checked. */
typedef enum
{
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END, /* after "[" */
  EXPECT_NAME,
  EXPECT_NAME_OR_END, /* after "{" */
  EXPECT_COLON,
  EXPECT_COMMA_OR_END,
  EXPECT_NOTHING,
} Expectation;

typedef struct
{
  const char *p;
  const char *end;
  Expectation expect;
  guint       depth;
  char        closing[MAX_DEPTH]; /* the brackets that are open */
} Check;

static const char *
skip_space (const char *p,
            const char *end)
{
  while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
    p++;

  return p;
}

/* Returns: the length of the escape at @p, 0 if it is none */
static gsize
check_escape (const char *p,
              const char *end)
{
  guint unit = 0;

  if (end - p < 2)
    return 0;
  if (p[1] != 'u')
    return p[1] != '\0' && strchr ("\"\\/bfnrt", p[1]) != NULL ? 2 : 0;
  if (end - p < 6)
    return 0;
  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (p[i]))
        return 0;
      unit = unit * 16 + (guint) g_ascii_xdigit_value (p[i]);
    }

  /* Halves of pairs, and NUL, are left to the parser that knows what to do about them. */
  return unit == 0 || (unit >= 0xd800 && unit < 0xe000) ? 0 : 6;
}

/* Returns: (nullable): where the string at @p ends, %NULL if it is none */
static const char *
check_string (const char *p,
              const char *end)
{
  for (p++; p < end; p++)
    {
      gsize length;

      if (*p == '"')
        return p + 1;
      if ((guchar) *p < 0x20)
        return NULL;
      if (*p != '\\')
        continue;
      length = check_escape (p, end);
      if (length == 0)
        return NULL;
      p += length - 1;
    }

  return NULL;
}

/* Integers of up to 18 digits: others are left to the parser that knows their limits. */
static const char *
check_integer (const char *p,
               const char *end)
{
  const char *digits = *p == '-' ? p + 1 : p;

  for (p = digits; p < end && g_ascii_isdigit (*p); p++)
    ;
  if (p == digits || p - digits > 18 || (*digits == '0' && p - digits > 1))
    return NULL;
  if (p < end && (*p == '.' || *p == 'e' || *p == 'E'))
    return NULL;

  return p;
}

static const char *
check_word (const char *p,
            const char *end)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize) (end - p) >= length && memcmp (p, words[i], length) == 0)
        return p + length;
    }

  return NULL;
}

static gboolean
open_bracket (Check *self)
{
  if (self->depth == MAX_DEPTH)
    return FALSE;

  self->closing[self->depth++] = *self->p == '{' ? '}' : ']';
  self->expect = *self->p == '{' ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
  self->p++;

  return TRUE;
}

static gboolean
close_bracket (Check *self)
{
  if (self->depth == 0 || *self->p != self->closing[self->depth - 1])
    return FALSE;

  self->depth--;
  self->expect = self->depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
  self->p++;

  return TRUE;
}

static gboolean
check_value (Check *self)
{
  const char *after;

  switch (*self->p)
    {
    case '{':
    case '[':
      return open_bracket (self);
    case '"':
      after = check_string (self->p, self->end);
      break;
    case '-':
    case '0' ... '9':
      after = check_integer (self->p, self->end);
      break;
    default:
      after = check_word (self->p, self->end);
      break;
    }
  if (after == NULL)
    return FALSE;

  self->p = after;
  self->expect = self->depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;

  return TRUE;
}

static gboolean
check_name (Check *self)
{
  const char *after = *self->p == '"' ? check_string (self->p, self->end) : NULL;

  if (after == NULL)
    return FALSE;

  self->p = after;
  self->expect = EXPECT_COLON;

  return TRUE;
}

static gboolean
check_separator (Check *self)
{
  if (*self->p != ',')
    return close_bracket (self);

  self->p++;
  self->expect = self->closing[self->depth - 1] == '}' ? EXPECT_NAME : EXPECT_VALUE;

  return TRUE;
}

static gboolean
check_next (Check *self)
{
  switch (self->expect)
    {
    case EXPECT_VALUE_OR_END:
      return *self->p == ']' ? close_bracket (self) : check_value (self);
    case EXPECT_VALUE:
      return check_value (self);
    case EXPECT_NAME_OR_END:
      return *self->p == '}' ? close_bracket (self) : check_name (self);
    case EXPECT_NAME:
      return check_name (self);
    case EXPECT_COLON:
      self->expect = EXPECT_VALUE;
      return *self->p++ == ':';
    case EXPECT_COMMA_OR_END:
      return check_separator (self);
    case EXPECT_NOTHING:
    default:
      return FALSE;
    }
}

/**
 * base_json_slice_init:
 * @self: (out caller-allocates): the value
 * @data: (nullable) (array length=length): JSON text, which must stay as long as @self is used
 * @length: in bytes
 *
 * Looks at a JSON text without building anything of it, for who wants few of its values. All other
 * functions rely on what is checked here.
 *
 * What this accepts is what [func@json_parse] accepts, but for what is rare: numbers that are not
 * whole or have more than 18 digits, and escapes of characters beyond the Basic Multilingual Plane
 * or of NUL. Whoever meets %FALSE has to try that function, which also has words for what is wrong.
 *
 * Returns: %TRUE if @data is one JSON value
 */
gboolean
base_json_slice_init (BaseJsonSlice *self,
                      const char    *data,
                      gsize          length)
{
  Check check = { .p = data, .expect = EXPECT_VALUE };

  g_return_val_if_fail (self != NULL, FALSE);

  *self = (BaseJsonSlice){ 0 };
  if (data == NULL || !g_utf8_validate_len (data, length, NULL))
    return FALSE;

  check.end = data + length;
  while ((check.p = skip_space (check.p, check.end)) < check.end)
    {
      if (self->text == NULL)
        self->text = check.p;
      if (!check_next (&check))
        return FALSE;
      if (check.expect == EXPECT_NOTHING && self->length == 0)
        self->length = (gsize) (check.p - self->text);
    }

  return check.expect == EXPECT_NOTHING;
}

static gboolean
begins_with (const BaseJsonSlice *self,
             char                 c)
{
  return self->text != NULL && self->text[0] == c;
}

/**
 * base_json_slice_is_object:
 * @self: a value
 *
 * Returns: whether it is an object
 */
gboolean
base_json_slice_is_object (const BaseJsonSlice *self)
{
  return begins_with (self, '{');
}

/**
 * base_json_slice_is_array:
 * @self: a value
 *
 * Returns: whether it is an array
 */
gboolean
base_json_slice_is_array (const BaseJsonSlice *self)
{
  return begins_with (self, '[');
}

/**
 * base_json_slice_is_string:
 * @self: a value
 *
 * Returns: whether it is a string
 */
gboolean
base_json_slice_is_string (const BaseJsonSlice *self)
{
  return begins_with (self, '"');
}

/**
 * base_json_slice_equals:
 * @self: a value, or the name of a member
 * @string: a text that needs no escapes in JSON
 *
 * Returns: whether @self is the string @string, written without escapes
 */
gboolean
base_json_slice_equals (const BaseJsonSlice *self,
                        const char          *string)
{
  gsize length = strlen (string);

  return base_json_slice_is_string (self) && self->length == length + 2 && memcmp (self->text + 1, string, length) == 0;
}

/**
 * base_json_slice_get:
 * @self: a value
 * @n_members: how many
 * @names: (array length=n_members): the names of members
 * @values: (array length=n_members) (out caller-allocates): the members; empty where there is none
 *
 * Looks for some of an object's members, all in one go; of several with the same name the last one
 * counts, as in [func@json_parse].
 *
 * Returns: how many there are; none in what is not an object
 */
guint
base_json_slice_get (const BaseJsonSlice *self,
                     guint                n_members,
                     const char *const   *names,
                     BaseJsonSlice       *values)
{
  BaseJsonWalk walk;
  guint        n_found = 0;

  memset (values, 0, n_members * sizeof *values);
  if (!base_json_slice_is_object (self))
    return 0;

  base_json_walk_init (&walk, self);
  while (base_json_walk_next (&walk))
    {
      for (guint i = 0; i < n_members; i++)
        {
          if (!base_json_slice_equals (&walk.name, names[i]))
            continue;
          n_found += values[i].text == NULL;
          values[i] = walk.value;
        }
    }

  return n_found;
}

/**
 * base_json_slice_parse:
 * @self: a value
 *
 * Returns: (transfer full) (nullable): the value as a tree
 */
JsonNode *
base_json_slice_parse (const BaseJsonSlice *self)
{
  return self->text != NULL ? base_json_parse (self->text, (gssize) self->length, NULL) : NULL;
}

/**
 * base_json_slice_dup_string:
 * @self: a value
 *
 * Returns: (transfer full) (nullable): the text of a string without its escapes, %NULL if @self is
 *   none
 */
char *
base_json_slice_dup_string (const BaseJsonSlice *self)
{
  g_autoptr(JsonNode) node = NULL;

  if (!base_json_slice_is_string (self))
    return NULL;
  if (memchr (self->text, '\\', self->length) == NULL)
    return g_strndup (self->text + 1, self->length - 2);

  node = base_json_slice_parse (self);

  return node != NULL ? json_node_dup_string (node) : NULL;
}

/* The text is known to be JSON from here on. */
static const char *
skip_string (const char *p)
{
  for (p++; *p != '"'; p++)
    {
      if (*p == '\\')
        p++;
    }

  return p + 1;
}

/* Brackets need only be counted. */
static const char *
skip_container (const char *p)
{
  static const guint8 signs[256] = {
    ['"'] = 1,
    ['{'] = 1,
    ['['] = 1,
    ['}'] = 1,
    [']'] = 1,
  };
  guint depth = 0;

  do
    {
      while (!signs[(guchar) *p])
        p++;
      if (*p == '"')
        {
          p = skip_string (p);
          continue;
        }
      depth += *p == '{' || *p == '[' ? 1u : -1u;
      p++;
    }
  while (depth > 0);

  return p;
}

static const char *
skip_value (const char *p)
{
  if (*p == '"')
    return skip_string (p);
  if (*p == '{' || *p == '[')
    return skip_container (p);

  while (*p == '-' || g_ascii_isalnum (*p))
    p++;
  return p;
}

/**
 * base_json_walk_init:
 * @self: (out caller-allocates): a walk
 * @container: an object or an array
 *
 * Begins a walk.
 */
void
base_json_walk_init (BaseJsonWalk        *self,
                     const BaseJsonSlice *container)
{
  g_return_if_fail (base_json_slice_is_object (container) || base_json_slice_is_array (container));

  *self = (BaseJsonWalk){
    .p = container->text + 1,
    .end = container->text + container->length - 1,
    .members = base_json_slice_is_object (container),
  };
}

/**
 * base_json_walk_next:
 * @self: a walk
 *
 * Goes to the next member or element.
 *
 * Returns: %FALSE at the end
 */
gboolean
base_json_walk_next (BaseJsonWalk *self)
{
  const char *p = skip_space (self->p, self->end);

  if (p < self->end && *p == ',')
    p = skip_space (p + 1, self->end);
  if (p >= self->end)
    return FALSE;

  if (self->members)
    {
      self->name.text = p;
      p = skip_string (p);
      self->name.length = (gsize) (p - self->name.text);
      p = skip_space (p, self->end) + 1;
      p = skip_space (p, self->end);
    }
  self->value.text = p;
  self->p = skip_value (p);
  self->value.length = (gsize) (self->p - p);

  return TRUE;
}
