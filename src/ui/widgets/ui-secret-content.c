/* ui-secret-content.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui-secret-content.h"

#include "vault-secret.h"

/* A secret in the clipboard: kept in memory that is wiped, and taken out again after a while. */
struct _UiSecretContent
{
  GdkContentProvider parent_instance;

  VaultSecret *secret; /* (owned) */
};

G_DEFINE_FINAL_TYPE (UiSecretContent, ui_secret_content, GDK_TYPE_CONTENT_PROVIDER)

/* One copied secret, and when it goes. */
typedef struct
{
  GdkClipboard       *clipboard; /* (owned) */
  GdkContentProvider *content;   /* (owned) */
} Stay;

static void
stay_free (gpointer data)
{
  Stay *stay = data;

  g_clear_object (&stay->clipboard);
  g_clear_object (&stay->content);
  g_free (stay);
}

/* What somebody copied since then is not touched. */
static void
take_out (Stay *stay)
{
  if (gdk_clipboard_get_content (stay->clipboard) == stay->content)
    gdk_clipboard_set_content (stay->clipboard, NULL);
}

static gboolean
on_timeout_cb (gpointer user_data)
{
  take_out (user_data);

  return G_SOURCE_REMOVE;
}

/* A program that ends hands its clipboard over to the desktop, where it would stay. */
static void
on_shutdown_cb (GApplication *application,
                GdkClipboard *clipboard)
{
  if (UI_IS_SECRET_CONTENT (gdk_clipboard_get_content (clipboard)))
    gdk_clipboard_set_content (clipboard, NULL);
}

static GdkContentFormats *
ui_secret_content_ref_formats (GdkContentProvider *provider)
{
  return gdk_content_formats_new_for_gtype (G_TYPE_STRING);
}

static gboolean
ui_secret_content_get_value (GdkContentProvider *provider,
                             GValue             *value,
                             GError            **error)
{
  UiSecretContent *self = UI_SECRET_CONTENT (provider);

  if (!G_VALUE_HOLDS_STRING (value))
    return GDK_CONTENT_PROVIDER_CLASS (ui_secret_content_parent_class)->get_value (provider, value, error);
  g_value_set_string (value, vault_secret_get_text (self->secret));

  return TRUE;
}

static void
ui_secret_content_finalize (GObject *object)
{
  UiSecretContent *self = UI_SECRET_CONTENT (object);

  g_clear_pointer (&self->secret, vault_secret_unref);

  G_OBJECT_CLASS (ui_secret_content_parent_class)->finalize (object);
}

static void
ui_secret_content_class_init (UiSecretContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ui_secret_content_finalize;
  provider_class->ref_formats = ui_secret_content_ref_formats;
  provider_class->get_value = ui_secret_content_get_value;
}

static void
ui_secret_content_init (UiSecretContent *self)
{
}

/**
 * ui_secret_content_new:
 * @text: a secret
 *
 * Returns: (transfer full): what a clipboard can hold
 */
GdkContentProvider *
ui_secret_content_new (const char *text)
{
  UiSecretContent *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (UI_TYPE_SECRET_CONTENT, NULL);
  self->secret = vault_secret_new (text);

  return GDK_CONTENT_PROVIDER (self);
}

/**
 * ui_secret_content_copy:
 * @clipboard: a clipboard
 * @text: a secret
 * @seconds: how long it stays there
 *
 * Copies a secret. After @seconds, and when the program ends, it is taken out again, unless
 * something else was copied meanwhile.
 */
void
ui_secret_content_copy (GdkClipboard *clipboard,
                        const char   *text,
                        guint         seconds)
{
  GApplication *application = g_application_get_default ();
  Stay         *stay;

  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));
  g_return_if_fail (text != NULL);

  stay = g_new0 (Stay, 1);
  stay->clipboard = g_object_ref (clipboard);
  stay->content = ui_secret_content_new (text);
  gdk_clipboard_set_content (clipboard, stay->content);
  g_timeout_add_seconds_full (G_PRIORITY_DEFAULT, seconds, on_timeout_cb, stay, stay_free);

  if (application == NULL)
    return;
  g_signal_handlers_disconnect_by_func (application, on_shutdown_cb, clipboard);
  g_signal_connect_object (application, "shutdown", G_CALLBACK (on_shutdown_cb), clipboard,
                           G_CONNECT_DEFAULT);
}
