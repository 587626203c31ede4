/* kube-frame.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KubeFrameType:
 * @KUBE_FRAME_TEXT: a message of text
 * @KUBE_FRAME_BINARY: a message of bytes
 * @KUBE_FRAME_CLOSE: the end of the conversation
 * @KUBE_FRAME_PING: asks for a sign of life
 * @KUBE_FRAME_PONG: a sign of life
 *
 * The opcodes of RFC 6455, 5.2, that begin a message.
 */
typedef enum
{
  KUBE_FRAME_TEXT = 0x1,
  KUBE_FRAME_BINARY = 0x2,
  KUBE_FRAME_CLOSE = 0x8,
  KUBE_FRAME_PING = 0x9,
  KUBE_FRAME_PONG = 0xA,
} KubeFrameType;

/**
 * KubeFrame:
 * @type: the type of the message
 * @data: its bytes, borrowed from what was read
 * @length: how many they are, may be 0
 * @first: whether the message begins here
 * @last: whether the message ends here
 *
 * A piece of a message. A large message comes in many, so that none is ever held whole.
 */
typedef struct
{
  KubeFrameType type;
  const guint8 *data;
  gsize         length;
  gboolean      first;
  gboolean      last;
} KubeFrame;

typedef struct _KubeFrameReader KubeFrameReader;

KubeFrameReader *kube_frame_reader_new (void);
void             kube_frame_reader_free (KubeFrameReader *self);
gboolean         kube_frame_reader_read (KubeFrameReader *self,
                                         const guint8   **data,
                                         gsize           *length,
                                         KubeFrame       *frame,
                                         GError         **error);
void             kube_frame_append (GByteArray          *target,
                                    KubeFrameType        type,
                                    const GOutputVector *parts,
                                    guint                n_parts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeFrameReader, kube_frame_reader_free)

G_END_DECLS
