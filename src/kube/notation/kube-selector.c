/* kube-selector.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-selector.h"

#include "kube-error.h"
#include "kube-label.h"

#include <errno.h>
#include <string.h>

typedef enum
{
  TOKEN_END,
  TOKEN_WORD, /* also "in" and "notin": what they mean depends on their place */
  TOKEN_SYMBOL,
} TokenKind;

typedef struct
{
  TokenKind kind;
  char     *text;
} Token;

typedef enum
{
  OPERATOR_EXISTS,
  OPERATOR_MISSING,
  OPERATOR_EQUALS,
  OPERATOR_DOUBLE_EQUALS,
  OPERATOR_DIFFERS,
  OPERATOR_IN,
  OPERATOR_NOT_IN,
  OPERATOR_GREATER,
  OPERATOR_LESS
} Operator;

typedef struct
{
  char      *key;
  Operator   operator;
  GPtrArray *values; /* (element-type utf8): sorted, each once */
} Requirement;

typedef struct
{
  GArray *tokens; /* (element-type Token): ended by one of the kind END */
  guint   position;
} Parser;

/**
 * KubeSelector:
 *
 * Conditions on the labels of objects, all of which must hold, as `labels.Selector` of Kubernetes
 * (k8s.io/apimachinery/pkg/labels) reads, tests and writes them: "app=web,tier in (a,b),!old".
 */
struct _KubeSelector
{
  GPtrArray *requirements; /* (element-type Requirement): sorted by key */
};

static const char *const operators[] = {
  [OPERATOR_EQUALS] = "=",
  [OPERATOR_DOUBLE_EQUALS] = "==",
  [OPERATOR_DIFFERS] = "!=",
  [OPERATOR_IN] = "in",
  [OPERATOR_NOT_IN] = "notin",
  [OPERATOR_GREATER] = ">",
  [OPERATOR_LESS] = "<",
};

static void
requirement_free (Requirement *self)
{
  g_free (self->key);
  g_ptr_array_unref (self->values);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Requirement, requirement_free)

static void
token_clear (Token *token)
{
  g_free (token->text);
}

static gboolean
is_space (char c)
{
  return c != '\0' && strchr (" \t\r\n", c) != NULL;
}

static gboolean
is_symbol (char c)
{
  return c != '\0' && strchr ("=!(),<>", c) != NULL;
}

static GArray *
scan (const char *text)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  Token   token;

  g_array_set_clear_func (tokens, (GDestroyNotify) token_clear);
  do
    {
      gsize length = 0;

      while (is_space (*text))
        text++;
      token.kind = TOKEN_SYMBOL;
      if (*text == '\0')
        token.kind = TOKEN_END;
      else if ((*text == '=' || *text == '!') && text[1] == '=')
        length = 2;
      else if (is_symbol (*text))
        length = 1;
      else
        token.kind = TOKEN_WORD;
      while (token.kind == TOKEN_WORD && text[length] != '\0' && !is_symbol (text[length]) &&
             !is_space (text[length]))
        length++;
      token.text = g_strndup (text, length);
      g_array_append_val (tokens, token);
      text += length;
    }
  while (token.kind != TOKEN_END);

  return tokens;
}

static const Token *
look (Parser *parser)
{
  return &g_array_index (parser->tokens, Token, parser->position);
}

static gboolean
is_next (Parser     *parser,
         const char *symbol)
{
  return look (parser)->kind == TOKEN_SYMBOL && strcmp (look (parser)->text, symbol) == 0;
}

static const Token *
take (Parser *parser)
{
  const Token *token = look (parser);

  if (token->kind != TOKEN_END)
    parser->position++;

  return token;
}

static gboolean
fail (const Token *token,
      const char  *expected,
      GError     **error)
{
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
               "The label selector cannot be read at “%s”: %s is expected there. Write it like "
               "app=web,tier!=old or “app in (web,api)”.",
               token->kind == TOKEN_END ? "the end" : token->text, expected);

  return FALSE;
}

static gboolean
check_key (const char *key,
           GError    **error)
{
  if (kube_label_is_key (key))
    return TRUE;

  g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
               "“%s” cannot be the name of a label. A name has at most 63 letters, digits, “-”, "
               "“_” and “.”, and begins and ends with a letter or digit; a domain and “/” may "
               "stand before it. Correct the label selector.",
               key);

  return FALSE;
}

static gboolean
read_integer (const char *text,
              gint64     *number)
{
  const char *digits = text + (*text == '-' || *text == '+');
  char       *end;

  if (!g_ascii_isdigit (*digits))
    return FALSE;
  errno = 0;
  *number = g_ascii_strtoll (text, &end, 10);

  return errno == 0 && *end == '\0';
}

static gboolean
check_value (const Requirement *requirement,
             const char        *value,
             GError           **error)
{
  gint64 number;

  if (!kube_label_is_value (value))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
                   "“%s” cannot be the value of the label “%s”. A value has at most 63 letters, "
                   "digits, “-”, “_” and “.”, and begins and ends with a letter or digit. "
                   "Correct the label selector.",
                   value, requirement->key);
      return FALSE;
    }
  if ((requirement->operator== OPERATOR_GREATER || requirement->operator== OPERATOR_LESS) &&
      !read_integer (value, &number))
    {
      g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
                   "The label “%s” cannot be compared with “%s”. “<” and “>” need a whole number. "
                   "Correct the label selector.",
                   requirement->key, value);
      return FALSE;
    }

  return TRUE;
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
add_value (Requirement *requirement,
           const char  *value,
           GError     **error)
{
  if (!check_value (requirement, value, error))
    return FALSE;

  if (!g_ptr_array_find_with_equal_func (requirement->values, value, g_str_equal, NULL))
    g_ptr_array_add (requirement->values, g_strdup (value));
  g_ptr_array_sort (requirement->values, compare_texts);

  return TRUE;
}

/* "(a,b)"; an empty place between commas and brackets is the empty value. */
static gboolean
parse_values (Parser      *parser,
              Requirement *requirement,
              GError     **error)
{
  gboolean ended = FALSE;

  if (!is_next (parser, "("))
    return fail (look (parser), "“(”", error);
  take (parser);

  while (!ended)
    {
      const char *value = look (parser)->kind == TOKEN_WORD ? take (parser)->text : "";

      if (!add_value (requirement, value, error))
        return FALSE;
      ended = is_next (parser, ")");
      if (!ended && !is_next (parser, ","))
        return fail (look (parser), "“,” or “)”", error);
      take (parser);
    }

  return TRUE;
}

static gboolean
parse_operator (Parser      *parser,
                Requirement *requirement,
                GError     **error)
{
  const Token *token = take (parser);

  for (guint i = OPERATOR_EQUALS; i < G_N_ELEMENTS (operators); i++)
    if (token->kind != TOKEN_END && strcmp (token->text, operators[i]) == 0)
      {
        requirement->operator= i;
        return TRUE;
      }

  return fail (token, "one of =, ==, !=, <, >, in, notin", error);
}

static gboolean
is_at_end (Parser *parser)
{
  return look (parser)->kind == TOKEN_END || is_next (parser, ",");
}

static Requirement *
parse_requirement (Parser  *parser,
                   GError **error)
{
  g_autoptr(Requirement) requirement = g_new0 (Requirement, 1);

  requirement->values = g_ptr_array_new_with_free_func (g_free);
  if (is_next (parser, "!"))
    {
      take (parser);
      requirement->operator= OPERATOR_MISSING;
    }
  if (look (parser)->kind != TOKEN_WORD)
    {
      fail (look (parser), "the name of a label", error);
      return NULL;
    }
  requirement->key = g_strdup (take (parser)->text);
  if (!check_key (requirement->key, error))
    return NULL;

  if (is_at_end (parser))
    return g_steal_pointer (&requirement);
  if (requirement->operator== OPERATOR_MISSING)
    {
      fail (look (parser), "“,” or the end", error);
      return NULL;
    }
  if (!parse_operator (parser, requirement, error))
    return NULL;
  if (requirement->operator== OPERATOR_IN || requirement->operator== OPERATOR_NOT_IN)
    return parse_values (parser, requirement, error) ? g_steal_pointer (&requirement) : NULL;

  if (!is_at_end (parser) && look (parser)->kind != TOKEN_WORD)
    {
      fail (look (parser), "a value", error);
      return NULL;
    }

  return add_value (requirement, is_at_end (parser) ? "" : take (parser)->text, error)
             ? g_steal_pointer (&requirement)
             : NULL;
}

static int
compare_requirements (gconstpointer a,
                      gconstpointer b)
{
  return strcmp ((*(const Requirement *const *) a)->key, (*(const Requirement *const *) b)->key);
}

/**
 * kube_selector_parse: (skip)
 * @text: conditions, with commas between them; empty for none
 * @error: return location for an error
 *
 * Reads a label selector by the rules of `labels.Parse`.
 *
 * Possible errors: %KUBE_ERROR_INVALID if @text is no selector.
 *
 * Returns: (transfer full) (nullable): the selector, or %NULL with @error set
 */
KubeSelector *
kube_selector_parse (const char *text,
                     GError    **error)
{
  g_autoptr(KubeSelector) self = NULL;
  g_autoptr(GArray) tokens = NULL;
  Parser parser = { NULL };

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  tokens = scan (text);
  parser.tokens = tokens;
  self = g_new0 (KubeSelector, 1);
  self->requirements = g_ptr_array_new_with_free_func ((GDestroyNotify) requirement_free);
  while (look (&parser)->kind != TOKEN_END || self->requirements->len > 0)
    {
      Requirement *requirement = parse_requirement (&parser, error);

      if (requirement == NULL)
        return NULL;
      g_ptr_array_add (self->requirements, requirement);
      if (look (&parser)->kind == TOKEN_END)
        break;
      if (!is_next (&parser, ","))
        {
          fail (look (&parser), "“,” or the end", error);
          return NULL;
        }
      take (&parser);
    }
  g_ptr_array_sort (self->requirements, compare_requirements);

  return g_steal_pointer (&self);
}

/**
 * kube_selector_free:
 * @self: (transfer full): a selector
 *
 * Frees @self.
 */
void
kube_selector_free (KubeSelector *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->requirements);
  g_free (self);
}

static gboolean
requirement_matches (const Requirement *self,
                     const char        *value)
{
  gboolean listed = value != NULL && g_ptr_array_find_with_equal_func (self->values, value,
                                                                       g_str_equal, NULL);
  gint64   limit;
  gint64   number;

  switch (self->operator)
    {
    case OPERATOR_EXISTS:
      return value != NULL;
    case OPERATOR_MISSING:
      return value == NULL;
    case OPERATOR_EQUALS:
    case OPERATOR_DOUBLE_EQUALS:
    case OPERATOR_IN:
      return listed;
    case OPERATOR_DIFFERS:
    case OPERATOR_NOT_IN:
      return !listed;
    case OPERATOR_GREATER:
    case OPERATOR_LESS:
    default:
      if (value == NULL || !read_integer (value, &number) ||
          !read_integer (g_ptr_array_index (self->values, 0), &limit))
        return FALSE;
      return self->operator== OPERATOR_GREATER ? number > limit : number<limit;
    }
}

/**
 * kube_selector_matches:
 * @self: a selector
 * @labels: (element-type utf8 utf8): the labels of an object
 *
 * Returns: whether all conditions hold
 */
gboolean
kube_selector_matches (const KubeSelector *self,
                       GHashTable         *labels)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (labels != NULL, FALSE);

  for (guint i = 0; i < self->requirements->len; i++)
    {
      const Requirement *requirement = g_ptr_array_index (self->requirements, i);

      if (!requirement_matches (requirement, g_hash_table_lookup (labels, requirement->key)))
        return FALSE;
    }

  return TRUE;
}

static void
append_requirement (GString           *text,
                    const Requirement *requirement)
{
  gboolean set = requirement->operator== OPERATOR_IN || requirement->operator== OPERATOR_NOT_IN;

  if (requirement->operator== OPERATOR_MISSING)
    g_string_append_c (text, '!');
  g_string_append (text, requirement->key);
  if (operators[requirement->operator] == NULL)
    return;

  g_string_append_printf (text, set ? " %s (" : "%s", operators[requirement->operator]);
  for (guint i = 0; i < requirement->values->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "",
                            (char *) g_ptr_array_index (requirement->values, i));
  if (set)
    g_string_append_c (text, ')');
}

/**
 * kube_selector_print:
 * @self: a selector
 *
 * Writes a selector as `labels.Selector` does: sorted, in the form that the `labelSelector`
 * parameter of the API takes.
 *
 * Returns: (transfer full): the text, empty for a selector without conditions
 */
char *
kube_selector_print (const KubeSelector *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->requirements->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_requirement (text, g_ptr_array_index (self->requirements, i));
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* "a=b", "a==b" or "a!=b"; in a value, "\" comes before a comma, "=" or another "\". */
static gboolean
is_field_term (const char *term)
{
  const char *operator= strpbrk (term, "=!");
  const char *value;

  if (operator== NULL || operator== term || (operator[0] == '!' && operator[1] != '='))
    return FALSE;
  value = operator+ (operator[0] == '!' || operator[1] == '=' ? 2 : 1);
  for (; *value != '\0'; value++)
    {
      if (*value == '=' || (*value == '\\' && (value[1] == '\0' ||
                                               strchr ("\\,=", value[1]) == NULL)))
        return FALSE;
      if (*value == '\\')
        value++;
    }

  return TRUE;
}

/**
 * kube_selector_check_field:
 * @text: conditions on fields, with commas between them: "status.phase!=Running"
 * @error: return location for an error
 *
 * Checks that @text has the form of a field selector (k8s.io/apimachinery/pkg/fields). Which
 * fields there are to select by, the server alone knows.
 *
 * Possible errors: %KUBE_ERROR_INVALID if it has not.
 *
 * Returns: whether it has
 */
gboolean
kube_selector_check_field (const char *text,
                           GError    **error)
{
  g_autoptr(GString) term = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  for (const char *p = text;; p++)
    {
      if (*p != '\0' && *p != ',')
        {
          g_string_append_c (term, *p);
          if (*p == '\\' && p[1] != '\0')
            g_string_append_c (term, *++p);
          continue;
        }
      if (term->len > 0 && !is_field_term (term->str))
        {
          g_set_error (error, KUBE_ERROR, KUBE_ERROR_INVALID,
                       "“%s” does not select by a field. A field, “=” or “!=” and a value are "
                       "expected. Write it like status.phase=Running.",
                       term->str);
          return FALSE;
        }
      if (*p == '\0')
        return TRUE;
      g_string_truncate (term, 0);
    }
}
