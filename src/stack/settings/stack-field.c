/* stack-field.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-field.h"

G_DEFINE_ENUM_TYPE (StackFieldId, stack_field_id, G_DEFINE_ENUM_VALUE (STACK_FIELD_NAMESPACE, "namespace"), G_DEFINE_ENUM_VALUE (STACK_FIELD_HOST, "host"), G_DEFINE_ENUM_VALUE (STACK_FIELD_IMAGE, "image"), G_DEFINE_ENUM_VALUE (STACK_FIELD_REPLICAS, "replicas"), G_DEFINE_ENUM_VALUE (STACK_FIELD_NEXTAUTH_URL, "nextauth-url"), G_DEFINE_ENUM_VALUE (STACK_FIELD_NEXTAUTH_SECRET, "nextauth-secret"), G_DEFINE_ENUM_VALUE (STACK_FIELD_GITHUB_CLIENT_ID, "github-client-id"), G_DEFINE_ENUM_VALUE (STACK_FIELD_GITHUB_CLIENT_SECRET, "github-client-secret"), G_DEFINE_ENUM_VALUE (STACK_FIELD_DATABASE_URL, "database-url"), G_DEFINE_ENUM_VALUE (STACK_FIELD_INGRESS_CLASS, "ingress-class"), G_DEFINE_ENUM_VALUE (STACK_FIELD_TLS, "tls"), G_DEFINE_ENUM_VALUE (STACK_FIELD_PULL_POLICY, "pull-policy"), G_DEFINE_ENUM_VALUE (STACK_FIELD_MIGRATION_IMAGE, "migration-image"))

static const char *const switch_choices[] = { STACK_FIELD_YES, STACK_FIELD_NO, NULL };
static const char *const pull_policies[] = { "IfNotPresent", "Always", "Never", NULL };

static const StackField fields[] = {
  { STACK_FIELD_NAMESPACE, "namespace", NULL, "Namespace",
    "The folder on the cluster that holds everything of this app.",
    "hackystack", FALSE, TRUE },
  { STACK_FIELD_HOST, "host", NULL, "Host name",
    "The name in the address bar, without https://. The cluster sends its visitors to the app.",
    "hackystack.local", FALSE, TRUE },
  { STACK_FIELD_IMAGE, "image", NULL, "Image",
    "The packed app that the cluster runs. Give every new build a new tag, such as "
    "hackystack:v2.",
    "hackystack:latest", FALSE, TRUE },
  { STACK_FIELD_REPLICAS, "replicas", NULL, "Replicas",
    "How many copies of the app run at the same time. With two, one can fail unnoticed.",
    "2", FALSE, TRUE },
  { STACK_FIELD_NEXTAUTH_URL, "nextauthUrl", "NEXTAUTH_URL", "NEXTAUTH_URL",
    "The whole address of the app. GitHub sends people back to it after they sign in.",
    "https://hackystack.local", FALSE, TRUE },
  { STACK_FIELD_NEXTAUTH_SECRET, "nextauthSecret", "NEXTAUTH_SECRET", "NEXTAUTH_SECRET",
    "Signs the sign-in cookies: long, random, and known to nobody. It can be made for you.",
    NULL, TRUE, TRUE },
  { STACK_FIELD_GITHUB_CLIENT_ID, "githubClientId", "GITHUB_CLIENT_ID", "GITHUB_CLIENT_ID",
    "The public number of your OAuth app on GitHub, under Settings, Developer settings.",
    NULL, FALSE, TRUE },
  { STACK_FIELD_GITHUB_CLIENT_SECRET, "githubClientSecret", "GITHUB_CLIENT_SECRET",
    "GITHUB_CLIENT_SECRET",
    "The password of your OAuth app. GitHub shows it once, when you generate it.",
    NULL, TRUE, TRUE },
  { STACK_FIELD_DATABASE_URL, "databaseUrl", "DATABASE_URL", "DATABASE_URL",
    "Where the PostgreSQL database is: postgresql://USER:PASSWORD@HOST:5432/DATABASE.",
    NULL, TRUE, TRUE },
  { STACK_FIELD_INGRESS_CLASS, "ingressClass", NULL, "Ingress class",
    "Which Ingress controller serves the host name. Empty: the cluster's default one.",
    NULL, FALSE, FALSE },
  { STACK_FIELD_TLS, "tls", NULL, "HTTPS",
    "Whether visitors come by https://, with a certificate that this program makes.",
    STACK_FIELD_YES, FALSE, TRUE, switch_choices },
  { STACK_FIELD_PULL_POLICY, "pullPolicy", NULL, "Pull policy",
    "When the cluster downloads the image. IfNotPresent also runs one that you built yourself.",
    "IfNotPresent", FALSE, TRUE, pull_policies },
  { STACK_FIELD_MIGRATION_IMAGE, "migrationImage", NULL, "Migration image",
    "An image with Prisma that prepares the database before the app starts. Empty: none does.",
    NULL, FALSE, FALSE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (fields) == N_STACK_FIELDS);

/**
 * stack_field_get:
 * @id: which question
 *
 * Returns: (transfer none): what is known about it, in static memory
 */
const StackField *
stack_field_get (StackFieldId id)
{
  g_return_val_if_fail ((guint) id < N_STACK_FIELDS, NULL);

  return &fields[id];
}

/**
 * stack_field_find_key:
 * @key: a key as values files and placeholders write it, such as "nextauthUrl"
 *
 * Returns: (transfer none) (nullable): the question with that key
 */
const StackField *
stack_field_find_key (const char *key)
{
  g_return_val_if_fail (key != NULL, NULL);

  for (guint i = 0; i < N_STACK_FIELDS; i++)
    {
      if (g_str_equal (fields[i].key, key))
        return &fields[i];
    }

  return NULL;
}

/**
 * stack_field_is_switch:
 * @field: a question
 *
 * Returns: whether it is answered by %STACK_FIELD_YES or %STACK_FIELD_NO
 */
gboolean
stack_field_is_switch (const StackField *field)
{
  g_return_val_if_fail (field != NULL, FALSE);

  return field->choices == switch_choices;
}
