/* kube-gzip-decoder.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KUBE_TYPE_GZIP_DECODER (kube_gzip_decoder_get_type ())
G_DECLARE_FINAL_TYPE (KubeGzipDecoder, kube_gzip_decoder, KUBE, GZIP_DECODER, GObject)

GConverter *kube_gzip_decoder_new (void);

G_END_DECLS
