/* kube-caller.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "base-line-reader.h"
#include "kube-call.h"
#include "kube-client.h"
#include "kube-retry.h"

G_BEGIN_DECLS

typedef struct _KubeCaller KubeCaller;

/**
 * KubeDoubt:
 * @KUBE_DOUBT_SILENCE: nothing has come for too long
 * @KUBE_DOUBT_SLEEP: the computer has been asleep
 * @KUBE_DOUBT_NETWORK: the network has changed
 *
 * Why the connection of a call may be dead.
 */
typedef enum
{
  KUBE_DOUBT_SILENCE,
  KUBE_DOUBT_SLEEP,
  KUBE_DOUBT_NETWORK,
} KubeDoubt;

typedef void (*KubeCallerResumeFunc) (gpointer owner);
typedef void (*KubeCallerDoubtFunc) (gpointer  owner,
                                     KubeDoubt doubt);

KubeCaller     *kube_caller_new (gpointer             owner,
                                 KubeClient          *client,
                                 KubeCallerResumeFunc resume,
                                 KubeCallerDoubtFunc  doubt);
void            kube_caller_free (KubeCaller *self);
void            kube_caller_set_timing (KubeCaller            *self,
                                        const KubeRetryTiming *timing);
KubeClient     *kube_caller_get_client (KubeCaller *self);
KubeCall       *kube_caller_begin (KubeCaller *self);
void            kube_caller_call (KubeCaller         *self,
                                  KubeRequest        *request,
                                  GAsyncReadyCallback callback);
void            kube_caller_stream (KubeCaller         *self,
                                    KubeRequest        *request,
                                    GAsyncReadyCallback callback);
void            kube_caller_take_stream (KubeCaller   *self,
                                         GInputStream *stream,
                                         gsize         max_line_length);
void            kube_caller_read (KubeCaller         *self,
                                  GAsyncReadyCallback callback);
BaseLineReader *kube_caller_get_reader (KubeCaller *self);
void            kube_caller_guard (KubeCaller *self,
                                   guint       silence_ms);
void            kube_caller_unguard (KubeCaller *self);
void            kube_caller_abandon (KubeCaller *self);
void            kube_caller_retry (KubeCaller   *self,
                                   const GError *error);
void            kube_caller_stop (KubeCaller *self);
void            kube_caller_answered (KubeCaller *self);
void            kube_caller_succeed (KubeCaller *self);
GError         *kube_caller_describe_cut (const GError *cause);

G_END_DECLS
