/* kube-frame.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-frame.h"

#include <string.h>
#include <sys/random.h>

#include "kube-error.h"

#define OPCODE_CONTINUATION 0x0
#define FINAL_BIT 0x80
#define RESERVED_BITS 0x70
#define OPCODE_BITS 0x0F
#define CONTROL_BIT 0x08
#define MASK_BIT 0x80
#define LENGTH_BITS 0x7F
#define LENGTH_16 126
#define LENGTH_64 127
#define MAX_HEAD_SIZE 14
#define MAX_CONTROL_SIZE 125
#define MASK_SIZE 4

/**
 * KubeFrameReader:
 *
 * Takes apart what a WebSocket server sends (RFC 6455, section 5). It reads nothing by itself and
 * keeps nothing but the head of a frame and a control frame, at most 125 bytes: whoever feeds it
 * decides how fast.
 */
struct _KubeFrameReader
{
  /* The head of a frame that has not come whole */
  guint8 head[MAX_HEAD_SIZE];
  gsize  head_length;

  /* The frame */
  gboolean in_frame;
  guint8   opcode;
  gboolean final;
  guint64  left;

  /* The message: it may go over several frames, with control frames between them */
  guint8   message_type; /* 0: none has begun */
  gboolean given;        /* a piece of it was handed out */

  guint8 control[MAX_CONTROL_SIZE];
  gsize  control_length;
};

/**
 * kube_frame_reader_new: (skip)
 *
 * Creates a reader, for what comes after the server's answer to the upgrade.
 *
 * Returns: (transfer full): a new reader
 */
KubeFrameReader *
kube_frame_reader_new (void)
{
  return g_new0 (KubeFrameReader, 1);
}

/**
 * kube_frame_reader_free:
 * @self: (transfer full): a reader
 *
 * Frees @self.
 */
void
kube_frame_reader_free (KubeFrameReader *self)
{
  g_return_if_fail (self != NULL);

  g_free (self);
}

static gboolean
fail (GError    **error,
      const char *what)
{
  g_set_error (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
               "The stream of the cluster is damaged: %s. A proxy may have changed it. Try again, "
               "or go around the proxy.",
               what);

  return FALSE;
}

static gboolean
is_control (guint8 opcode)
{
  return (opcode & CONTROL_BIT) != 0;
}

static gboolean
is_known (guint8 opcode)
{
  return opcode <= KUBE_FRAME_BINARY ||
         (opcode >= KUBE_FRAME_CLOSE && opcode <= KUBE_FRAME_PONG);
}

/* Returns how many bytes the head has, as far as that can be told. */
static gsize
get_head_size (KubeFrameReader *self)
{
  if (self->head_length < 2)
    return 2;

  switch (self->head[1] & LENGTH_BITS)
    {
    case LENGTH_16:
      return 2 + sizeof (guint16);
    case LENGTH_64:
      return 2 + sizeof (guint64);
    default:
      return 2;
    }
}

static guint64
get_payload_size (KubeFrameReader *self)
{
  guint64 size = 0;
  gsize   n_bytes = get_head_size (self) - 2;

  if (n_bytes == 0)
    return self->head[1] & LENGTH_BITS;

  for (gsize i = 0; i < n_bytes; i++)
    size = size << 8 | self->head[2 + i];

  return size;
}

static gboolean
check_control (KubeFrameReader *self,
               GError         **error)
{
  if (!self->final)
    return fail (error, "a control frame is in pieces");
  if (self->left > MAX_CONTROL_SIZE)
    return fail (error, "a control frame is too long");

  return TRUE;
}

static gboolean
check_order (KubeFrameReader *self,
             GError         **error)
{
  if (self->opcode == OPCODE_CONTINUATION && self->message_type == 0)
    return fail (error, "a message goes on that has not begun");
  if (self->opcode != OPCODE_CONTINUATION && self->message_type != 0)
    return fail (error, "a message begins within another one");

  return TRUE;
}

static gboolean
begin_frame (KubeFrameReader *self,
             GError         **error)
{
  self->opcode = self->head[0] & OPCODE_BITS;
  self->final = (self->head[0] & FINAL_BIT) != 0;
  self->left = get_payload_size (self);
  self->head_length = 0;

  if ((self->head[0] & RESERVED_BITS) != 0)
    return fail (error, "it uses an extension that was not agreed on");
  if (!is_known (self->opcode))
    return fail (error, "it has a frame of an unknown type");
  if ((self->head[1] & MASK_BIT) != 0)
    return fail (error, "a frame of the server is masked");
  if (self->left > G_MAXINT64)
    return fail (error, "a frame has an impossible length");
  if (is_control (self->opcode) ? !check_control (self, error) : !check_order (self, error))
    return FALSE;

  if (!is_control (self->opcode) && self->opcode != OPCODE_CONTINUATION)
    {
      self->message_type = self->opcode;
      self->given = FALSE;
    }
  self->in_frame = TRUE;
  self->control_length = 0;

  return TRUE;
}

/* Returns FALSE when the head has not come whole, or is not right. */
static gboolean
read_head (KubeFrameReader *self,
           const guint8   **data,
           gsize           *length,
           GError         **error)
{
  while (self->head_length < get_head_size (self))
    {
      if (*length == 0)
        return FALSE;
      self->head[self->head_length++] = *(*data)++;
      (*length)--;
    }

  return begin_frame (self, error);
}

static const guint8 *
take (KubeFrameReader *self,
      const guint8   **data,
      gsize           *length,
      gsize           *taken)
{
  const guint8 *start = *data;

  *taken = MIN (*length, self->left);
  *data += *taken;
  *length -= *taken;
  self->left -= *taken;

  return start;
}

/* Returns whether the control frame is whole. */
static gboolean
read_control (KubeFrameReader *self,
              const guint8   **data,
              gsize           *length,
              KubeFrame       *frame)
{
  gsize         taken;
  const guint8 *start = take (self, data, length, &taken);

  if (taken > 0)
    memcpy (self->control + self->control_length, start, taken);
  self->control_length += taken;
  if (self->left > 0)
    return FALSE;

  self->in_frame = FALSE;
  frame->type = (KubeFrameType) self->opcode;
  frame->data = self->control;
  frame->length = self->control_length;
  frame->first = TRUE;
  frame->last = TRUE;

  return TRUE;
}

/* Returns whether there is a piece of a message. */
static gboolean
read_message (KubeFrameReader *self,
              const guint8   **data,
              gsize           *length,
              KubeFrame       *frame)
{
  gsize         taken;
  const guint8 *start = take (self, data, length, &taken);

  self->in_frame = self->left > 0;
  frame->type = (KubeFrameType) self->message_type;
  frame->data = start;
  frame->length = taken;
  frame->first = !self->given;
  frame->last = self->final && !self->in_frame;
  if (taken == 0 && !frame->last)
    return FALSE;

  self->given = TRUE;
  if (frame->last)
    self->message_type = 0;

  return TRUE;
}

/**
 * kube_frame_reader_read:
 * @self: a reader
 * @data: (inout): bytes from the server; moved behind those that were used
 * @length: (inout): how many they are
 * @frame: (out caller-allocates): where to put a piece of a message. Its bytes lie in @data, those
 *   of a control frame in @self until the next call
 * @error: return location for an error
 *
 * Reads the next piece of a message out of @data. To be called until it returns %FALSE, with what
 * the calls before have left. Control frames come whole. What a message contains is not judged.
 *
 * Possible errors: %KUBE_ERROR_PROTOCOL where the server breaks a rule of RFC 6455. @self cannot
 * be used any more then.
 *
 * Returns: %TRUE if @frame is set; %FALSE if all bytes were used, or with @error set
 */
gboolean
kube_frame_reader_read (KubeFrameReader *self,
                        const guint8   **data,
                        gsize           *length,
                        KubeFrame       *frame,
                        GError         **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (data != NULL && length != NULL && frame != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  do
    {
      if (!self->in_frame && !read_head (self, data, length, error))
        return FALSE;
      if (is_control (self->opcode) ? read_control (self, data, length, frame)
                                    : read_message (self, data, length, frame))
        return TRUE;
    }
  while (*length > 0 || !self->in_frame);

  return FALSE;
}

static void
append_head (GByteArray   *target,
             KubeFrameType type,
             gsize         length)
{
  guint8  head[MAX_HEAD_SIZE - MASK_SIZE] = { FINAL_BIT | (guint8) type };
  guint16 length_16 = GUINT16_TO_BE ((guint16) length);
  guint64 length_64 = GUINT64_TO_BE ((guint64) length);
  guint   size = 2;

  if (length < LENGTH_16)
    head[1] = MASK_BIT | (guint8) length;
  else if (length <= G_MAXUINT16)
    {
      head[1] = MASK_BIT | LENGTH_16;
      memcpy (head + 2, &length_16, sizeof length_16);
      size += sizeof length_16;
    }
  else
    {
      head[1] = MASK_BIT | LENGTH_64;
      memcpy (head + 2, &length_64, sizeof length_64);
      size += sizeof length_64;
    }
  g_byte_array_append (target, head, size);
}

/* @mask begins with the byte that belongs to the first one of @source. */
static void
mask_into (guint8       *target,
           const guint8 *source,
           gsize         length,
           const guint8 *mask)
{
  guint64 word;
  guint64 pattern;
  gsize   i;

  memcpy (&pattern, mask, sizeof pattern);
  for (i = 0; i + sizeof word <= length; i += sizeof word)
    {
      memcpy (&word, source + i, sizeof word);
      word ^= pattern;
      memcpy (target + i, &word, sizeof word);
    }
  for (; i < length; i++)
    target[i] = source[i] ^ mask[i % MASK_SIZE];
}

/**
 * kube_frame_append:
 * @target: where to write to
 * @type: the type of the message
 * @parts: (array length=n_parts): what the message consists of
 * @n_parts: how many parts there are
 *
 * Appends a whole message in one frame, masked as a client has to (RFC 6455, 5.3).
 */
void
kube_frame_append (GByteArray          *target,
                   KubeFrameType        type,
                   const GOutputVector *parts,
                   guint                n_parts)
{
  /* Three times, so that a pattern of two can begin at any of its bytes. */
  guint8 mask[3 * MASK_SIZE];
  gsize  length = 0;
  gsize  done = 0;
  gsize  start;

  g_return_if_fail (target != NULL);
  g_return_if_fail (parts != NULL || n_parts == 0);

  for (guint i = 0; i < n_parts; i++)
    length += parts[i].size;

  while (getrandom (mask, MASK_SIZE, 0) != MASK_SIZE)
    continue;
  memcpy (mask + MASK_SIZE, mask, MASK_SIZE);
  memcpy (mask + 2 * MASK_SIZE, mask, MASK_SIZE);

  append_head (target, type, length);
  g_byte_array_append (target, mask, MASK_SIZE);
  start = target->len;
  g_byte_array_set_size (target, (guint) (start + length));
  for (guint i = 0; i < n_parts; i++)
    {
      mask_into (target->data + start + done, parts[i].buffer, parts[i].size,
                 mask + done % MASK_SIZE);
      done += parts[i].size;
    }
}
