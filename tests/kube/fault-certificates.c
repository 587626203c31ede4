/* fault-certificates.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fault-certificates.h"

#include <glib/gstdio.h>

/* `ca NAME`, and `sign NAME CA DAYS EXTENSIONS`, made by openssl, so that GnuTLS does not judge
 * its own work. */
static const char *prelude =
    "set -e\n"
    "exec >/dev/null 2>&1\n"
    "ec () { openssl ecparam -name prime256v1 -genkey -noout -out $1.key; }\n"
    "ca () { ec $1; openssl req -x509 -new -key $1.key -subj /CN=$1 -days 10 -out $1.crt; }\n"
    "sign () { test -e $1.key || ec $1; openssl req -new -key $1.key -subj /CN=$1 -out $1.csr; "
    "printf '%b' \"$4\" > $1.ext; openssl x509 -req -in $1.csr -CA $2.crt -CAkey $2.key "
    "-CAcreateserial -days $3 -extfile $1.ext -out $1.crt; }\n"
    "HERE='extendedKeyUsage=serverAuth\\nsubjectAltName=IP:127.0.0.1\\n'\n"
    "ca ca; sign server ca 10 \"$HERE\"\n";

struct _FaultCertificates
{
  char *directory; /* (owned) */
};

/* @script: (nullable): more to be made, by the functions above */
FaultCertificates *
fault_certificates_new (const char *script)
{
  FaultCertificates *self = g_new0 (FaultCertificates, 1);
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_strconcat (prelude, script, NULL);

  self->directory = g_dir_make_tmp ("kube-fault-XXXXXX", &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_cwd (launcher, self->directory);
  process = g_subprocess_launcher_spawn (launcher, &error, "sh", "-c", text, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);

  return self;
}

void
fault_certificates_free (FaultCertificates *self)
{
  g_autoptr(GDir) dir = g_dir_open (self->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->directory), ==, 0);
  g_free (self->directory);
  g_free (self);
}

/* @name: "" for the folder itself */
char *
fault_certificates_get_path (FaultCertificates *self,
                             const char        *name)
{
  return g_build_filename (self->directory, *name != '\0' ? name : NULL, NULL);
}

void
fault_certificates_write (FaultCertificates *self,
                          const char        *name,
                          const char        *contents)
{
  g_autofree char *path = fault_certificates_get_path (self, name);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

/* With its key. */
GTlsCertificate *
fault_certificates_load (FaultCertificates *self,
                         const char        *name)
{
  g_autofree char *certificate = g_strdup_printf ("%s/%s.crt", self->directory, name);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", self->directory, name);
  g_autoptr(GError) error = NULL;
  GTlsCertificate *loaded = g_tls_certificate_new_from_files (certificate, key, &error);

  g_assert_no_error (error);

  return loaded;
}
