/* kube-gzip-decoder.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-gzip-decoder.h"

#include "kube-error.h"

/**
 * KubeGzipDecoder:
 *
 * Decodes what was compressed by gzip (RFC 1952), while it arrives. Unlike the decoder of libsoup,
 * which takes what there is of an answer that ends too early for all of it, this one demands the
 * length and the sum at the end; and it goes on where another member follows, as where a server
 * compresses each piece of an answer by itself.
 */
struct _KubeGzipDecoder
{
  GObject parent_instance;

  GZlibDecompressor *inflater; /* (owned) */
  gboolean           between;  /* a member is complete, and another one may follow */
};

static void kube_gzip_decoder_iface_init (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KubeGzipDecoder, kube_gzip_decoder, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, kube_gzip_decoder_iface_init))

static void
kube_gzip_decoder_dispose (GObject *object)
{
  KubeGzipDecoder *self = KUBE_GZIP_DECODER (object);

  g_clear_object (&self->inflater);

  G_OBJECT_CLASS (kube_gzip_decoder_parent_class)->dispose (object);
}

static void
kube_gzip_decoder_class_init (KubeGzipDecoderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_gzip_decoder_dispose;
}

static void
kube_gzip_decoder_init (KubeGzipDecoder *self)
{
  self->inflater = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
}

static GConverterResult
kube_gzip_decoder_convert (GConverter     *converter,
                           const void     *input,
                           gsize           input_size,
                           void           *output,
                           gsize           output_size,
                           GConverterFlags flags,
                           gsize          *n_read,
                           gsize          *n_written,
                           GError        **error)
{
  KubeGzipDecoder *self = KUBE_GZIP_DECODER (converter);
  gboolean         at_end = (flags & G_CONVERTER_INPUT_AT_END) != 0;
  g_autoptr(GError) problem = NULL;
  GConverterResult result;

  if (self->between && input_size == 0)
    {
      *n_read = 0;
      *n_written = 0;
      if (at_end)
        return G_CONVERTER_FINISHED;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "Need more input");
      return G_CONVERTER_ERROR;
    }
  if (self->between && input_size > 0)
    {
      g_converter_reset (G_CONVERTER (self->inflater));
      self->between = FALSE;
    }

  result = g_converter_convert (G_CONVERTER (self->inflater), input, input_size, output,
                                output_size, flags, n_read, n_written, &problem);
  if (result == G_CONVERTER_FINISHED)
    {
      self->between = TRUE;
      return at_end && *n_read == input_size ? G_CONVERTER_FINISHED : G_CONVERTER_CONVERTED;
    }
  if (at_end && g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    {
      g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                           "The cluster's answer ends in the middle. The connection may have been "
                           "cut: try again in a moment.");
      return G_CONVERTER_ERROR;
    }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));

  return result;
}

static void
kube_gzip_decoder_reset (GConverter *converter)
{
  KubeGzipDecoder *self = KUBE_GZIP_DECODER (converter);

  g_converter_reset (G_CONVERTER (self->inflater));
  self->between = FALSE;
}

static void
kube_gzip_decoder_iface_init (GConverterIface *iface)
{
  iface->convert = kube_gzip_decoder_convert;
  iface->reset = kube_gzip_decoder_reset;
}

/**
 * kube_gzip_decoder_new:
 *
 * Creates a decoder for one answer. It fails with %KUBE_ERROR_UNREACHABLE where the answer ends too
 * early, and with %G_IO_ERROR_INVALID_DATA where it is damaged.
 *
 * Returns: (transfer full): a decoder
 */
GConverter *
kube_gzip_decoder_new (void)
{
  return G_CONVERTER (g_object_new (KUBE_TYPE_GZIP_DECODER, NULL));
}
