/* kube-system-database.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-system-database.h"

/**
 * KubeSystemDatabase:
 *
 * The system's certificate authorities, read when the first certificate is to be compared with
 * them.
 *
 * GIO reads them, a hundred and more, for every TLS connection that is made, also where a cluster
 * has an authority of its own: twice 220 kB of text, which takes longer than asking the cluster.
 */
struct _KubeSystemDatabase
{
  GTlsDatabase parent_instance;

  GMutex        mutex;  /* handshakes run in several threads */
  GTlsDatabase *system; /* (owned) (nullable): until it is needed */
};

G_DEFINE_FINAL_TYPE (KubeSystemDatabase, kube_system_database, G_TYPE_TLS_DATABASE)

/* The public function would answer with this very database. */
static GTlsDatabase *
dup_system (KubeSystemDatabase *self)
{
  GTlsBackend  *backend = g_tls_backend_get_default ();
  GTlsDatabase *system;

  g_mutex_lock (&self->mutex);
  if (self->system == NULL)
    self->system = G_TLS_BACKEND_GET_INTERFACE (backend)->get_default_database (backend);
  system = self->system != NULL ? g_object_ref (self->system) : NULL;
  g_mutex_unlock (&self->mutex);

  return system;
}

static GTlsCertificateFlags
kube_system_database_verify_chain (GTlsDatabase           *database,
                                   GTlsCertificate        *chain,
                                   const char             *purpose,
                                   GSocketConnectable     *identity,
                                   GTlsInteraction        *interaction,
                                   GTlsDatabaseVerifyFlags flags,
                                   GCancellable           *cancellable,
                                   GError                **error)
{
  g_autoptr(GTlsDatabase) system = dup_system (KUBE_SYSTEM_DATABASE (database));

  if (system == NULL)
    return G_TLS_CERTIFICATE_UNKNOWN_CA;

  return g_tls_database_verify_chain (system, chain, purpose, identity, interaction, flags,
                                      cancellable, error);
}

static void
kube_system_database_finalize (GObject *object)
{
  KubeSystemDatabase *self = KUBE_SYSTEM_DATABASE (object);

  g_clear_object (&self->system);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (kube_system_database_parent_class)->finalize (object);
}

static void
kube_system_database_class_init (KubeSystemDatabaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_system_database_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = kube_system_database_verify_chain;
}

static void
kube_system_database_init (KubeSystemDatabase *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * kube_system_database_install:
 *
 * Makes such a database the one that GIO takes in this process where no other is named. Does
 * nothing after the first time.
 */
void
kube_system_database_install (void)
{
  static gsize installed = 0;

  if (g_once_init_enter (&installed))
    {
      g_autoptr(GTlsDatabase) database = g_object_new (KUBE_TYPE_SYSTEM_DATABASE, NULL);

      g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
      g_once_init_leave (&installed, 1);
    }
}
