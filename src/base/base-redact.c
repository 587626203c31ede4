/* base-redact.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-redact.h"

#include <string.h>

/* Shorter values would black out ordinary words. */
#define MIN_CHARACTERS 6

#define COVER "•••"

/* Plain, percent-encoded, base64 with and without padding. */
#define N_FORMS 4

typedef struct
{
  char *forms[N_FORMS]; /* (owned); the first is the secret itself */
  guint n_users;
} Guard;

/* Secrets have to be kept out of all text of the process, so there is one set of them. */
static GMutex      mutex;
static GHashTable *guards; /* (element-type utf8 Guard) (owned) (nullable), keys borrowed */

static void
wipe (char *text)
{
  explicit_bzero (text, strlen (text));
  g_free (text);
}

static void
guard_free (gpointer data)
{
  Guard *self = data;

  for (guint i = 0; i < N_FORMS; i++)
    g_clear_pointer (&self->forms[i], wipe);
  g_free (self);
}

/* Written out here since g_uri_escape_string() leaves parts of the secret in freed memory. */
static char *
encode_percent (const char *secret)
{
  char *encoded = g_malloc (3 * strlen (secret) + 1);
  char *out = encoded;

  for (; *secret != '\0'; secret++)
    {
      if (g_ascii_isalnum (*secret) || strchr ("-._~", *secret) != NULL)
        {
          *out++ = *secret;
          continue;
        }
      *out++ = '%';
      *out++ = "0123456789ABCDEF"[(guchar) *secret >> 4];
      *out++ = "0123456789ABCDEF"[(guchar) *secret & 0xf];
    }
  *out = '\0';
  return encoded;
}

static Guard *
guard_new (const char *secret)
{
  Guard *self = g_new0 (Guard, 1);

  self->forms[0] = g_strdup (secret);
  self->forms[1] = encode_percent (secret);
  self->forms[2] = g_base64_encode ((const guchar *) secret, strlen (secret));
  self->forms[3] = g_strndup (self->forms[2], strcspn (self->forms[2], "="));
  return self;
}

static gboolean
is_guardable (const char *secret)
{
  gsize length = strlen (secret);

  if (g_utf8_validate_len (secret, length, NULL))
    return g_utf8_strlen (secret, -1) >= MIN_CHARACTERS;
  return length >= MIN_CHARACTERS;
}

/**
 * base_redact_add:
 * @secret: a value that must not appear in text
 *
 * Guards a secret, its base64 and its percent-encoded form, from now on and in the whole process.
 *
 * Values of fewer than 6 characters are ignored. Each call needs its own
 * [func@base_redact_remove]. May be called from any thread.
 */
void
base_redact_add (const char *secret)
{
  Guard *guard;

  g_return_if_fail (secret != NULL);

  if (!is_guardable (secret))
    return;

  g_mutex_lock (&mutex);
  if (guards == NULL)
    guards = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, guard_free);
  guard = g_hash_table_lookup (guards, secret);
  if (guard == NULL)
    {
      guard = guard_new (secret);
      g_hash_table_insert (guards, guard->forms[0], guard);
    }
  guard->n_users++;
  g_mutex_unlock (&mutex);
}

/**
 * base_redact_remove:
 * @secret: a value that was guarded
 *
 * Takes back one [func@base_redact_add]. With the last one the copies of the secret are
 * overwritten. May be called from any thread.
 */
void
base_redact_remove (const char *secret)
{
  Guard *guard;

  g_return_if_fail (secret != NULL);

  g_mutex_lock (&mutex);
  guard = guards != NULL ? g_hash_table_lookup (guards, secret) : NULL;
  if (guard != NULL && --guard->n_users == 0)
    g_hash_table_remove (guards, secret);
  if (guards != NULL && g_hash_table_size (guards) == 0)
    g_clear_pointer (&guards, g_hash_table_unref);
  g_mutex_unlock (&mutex);
}

/* Sets a byte of the mask for each byte of the text that belongs to the form. */
static gboolean
mark_form (const char *text,
           const char *form,
           guint8     *mask)
{
  gsize    length = strlen (form);
  gboolean found = FALSE;

  for (const char *p = strstr (text, form); p != NULL; p = strstr (p + 1, form))
    {
      memset (mask + (p - text), 1, length);
      found = TRUE;
    }
  return found;
}

/* Marks everything before anything is replaced, so that secrets which overlap leave no part. */
static gboolean
mark_secrets (const char *text,
              guint8     *mask)
{
  GHashTableIter iter;
  gpointer       guard;
  gboolean       found = FALSE;

  if (guards == NULL)
    return FALSE;
  g_hash_table_iter_init (&iter, guards);
  while (g_hash_table_iter_next (&iter, NULL, &guard))
    for (guint i = 0; i < N_FORMS; i++)
      found |= mark_form (text, ((Guard *) guard)->forms[i], mask);
  return found;
}

/**
 * base_redact_text:
 * @text: a text
 *
 * Covers every guarded secret in a text. May be called from any thread.
 *
 * Returns: (transfer full): the text, with “•••” where secrets were
 */
char *
base_redact_text (const char *text)
{
  g_autofree guint8 *mask = NULL;
  GString           *covered;
  gboolean           found;
  gsize              length;

  g_return_val_if_fail (text != NULL, NULL);

  length = strlen (text);
  mask = g_malloc0 (length + 1);
  g_mutex_lock (&mutex);
  found = mark_secrets (text, mask);
  g_mutex_unlock (&mutex);
  if (!found)
    return g_strdup (text);

  covered = g_string_sized_new (length);
  for (gsize i = 0; i < length; i++)
    {
      if (!mask[i])
        g_string_append_c (covered, text[i]);
      else if (i == 0 || !mask[i - 1])
        g_string_append (covered, COVER);
    }
  return g_string_free (covered, FALSE);
}

/* (transfer full) (nullable): the field's text without secrets; NULL if it is no text. */
static char *
redact_field (const GLogField *field)
{
  g_autofree char *text = NULL;

  if (field->length < 0)
    return base_redact_text (field->value);
  if (!g_utf8_validate_len (field->value, (gsize) field->length, NULL))
    return NULL;
  text = g_strndup (field->value, (gsize) field->length);
  return base_redact_text (text);
}

/**
 * base_redact_log_writer:
 * @level: the level of the message
 * @fields: (array length=n_fields): its fields
 * @n_fields: how many there are
 * @user_data: unused
 *
 * A log writer, for `g_log_set_writer_func()`, that covers guarded secrets in all fields which are
 * text and then writes as `g_log_writer_default()` does.
 *
 * Returns: whether the message was written
 */
GLogWriterOutput
base_redact_log_writer (GLogLevelFlags   level,
                        const GLogField *fields,
                        gsize            n_fields,
                        gpointer         user_data)
{
  g_autofree GLogField *covered = NULL;
  g_autoptr(GPtrArray) texts = NULL;

  g_return_val_if_fail (fields != NULL, G_LOG_WRITER_UNHANDLED);

  covered = g_new (GLogField, n_fields);
  texts = g_ptr_array_new_with_free_func (g_free);
  for (gsize i = 0; i < n_fields; i++)
    {
      char *text = redact_field (&fields[i]);

      covered[i] = fields[i];
      if (text == NULL)
        continue;
      g_ptr_array_add (texts, text);
      covered[i].value = text;
      covered[i].length = -1;
    }
  return g_log_writer_default (level, covered, n_fields, user_data);
}
