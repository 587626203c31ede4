/* test-manifests.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base-json.h"
#include "base-yaml.h"
#include "stack-authority.h"
#include "stack-error.h"
#include "stack-test.h"

#include <glib/gstdio.h>
#include <string.h>

/* 1 January 2026 */
#define NOW G_GINT64_CONSTANT (1767225600)

static const char *const kinds[] = {
  "Namespace",
  "ConfigMap",
  "Secret",
  "Service",
  "PodDisruptionBudget",
  "Deployment",
  "Ingress",
};

static StackSettings *
new_settings (void)
{
  StackSettings *settings = stack_settings_new ("default");

  stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_SECRET, "secret-secret-secret");
  stack_settings_set_text (settings, STACK_FIELD_GITHUB_CLIENT_ID, "Ov23liABCDEFGHIJKLMN");
  stack_settings_set_text (settings, STACK_FIELD_GITHUB_CLIENT_SECRET, "github-secret");
  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, "postgresql://app:pw@db/app");

  return settings;
}

static GPtrArray *
fill (StackSettings *settings)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);
  GPtrArray *filled;

  g_assert_no_error (error);
  filled = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_no_error (error);

  return filled;
}

static JsonNode *
find (GPtrArray  *objects,
      const char *kind)
{
  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode *object = g_ptr_array_index (objects, i);

      if (g_str_equal (base_json_get_string (object, "kind", NULL), kind))
        return object;
    }

  g_error ("there is no %s", kind);
}

static void
test_order (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GPtrArray) objects = fill (settings);

  g_assert_cmpuint (objects->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode        *object = g_ptr_array_index (objects, i);
      g_autofree char *text = base_json_print (object, FALSE);

      g_assert_cmpstr (base_json_get_string (object, "kind", NULL), ==, kinds[i]);
      g_assert_null (strstr (text, "${"));
      if (i > 0)
        g_assert_cmpstr (base_json_get_string (object, "metadata", "namespace", NULL), ==,
                         "hackystack");
      g_assert_cmpstr (base_json_get_string (object, "metadata", "labels",
                                             "app.kubernetes.io/managed-by", NULL),
                       ==,
                       "hackystack-desktop");
    }
}

static JsonNode *
get_container (JsonNode *deployment)
{
  JsonArray *containers = base_json_get_array (deployment, "spec", "template", "spec",
                                               "containers", NULL);

  g_assert_cmpuint (json_array_get_length (containers), ==, 1);

  return json_array_get_element (containers, 0);
}

static void
test_values (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GPtrArray) objects = NULL;
  JsonNode          *deployment;
  JsonNode          *secret;
  JsonNode          *ingress;
  g_autofree guchar *url = NULL;
  gsize              length = 0;

  stack_settings_set_text (settings, STACK_FIELD_REPLICAS, "7");
  stack_settings_set_text (settings, STACK_FIELD_IMAGE, "ghcr.io/a/b:v3");
  stack_settings_set_text (settings, STACK_FIELD_INGRESS_CLASS, "traefik");
  objects = fill (settings);

  deployment = find (objects, "Deployment");
  g_assert_cmpint (json_node_get_value_type (base_json_get (deployment, "spec", "replicas", NULL)),
                   ==, G_TYPE_INT64);
  g_assert_cmpint (base_json_get_int (deployment, 0, "spec", "replicas", NULL), ==, 7);
  g_assert_cmpstr (base_json_get_string (get_container (deployment), "image", NULL), ==,
                   "ghcr.io/a/b:v3");

  secret = find (objects, "Secret");
  url = g_base64_decode (base_json_get_string (secret, "data", "DATABASE_URL", NULL), &length);
  g_assert_cmpmem (url, length, "postgresql://app:pw@db/app", 26);

  ingress = find (objects, "Ingress");
  g_assert_cmpstr (base_json_get_string (ingress, "spec", "ingressClassName", NULL), ==,
                   "traefik");
}

/* An answer that may be left out takes its field with it. */
static void
test_left_out (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GPtrArray) objects = fill (settings);
  JsonObject *spec = base_json_get_object (find (objects, "Ingress"), "spec", NULL);

  g_assert_false (json_object_has_member (spec, "ingressClassName"));
  g_assert_true (json_object_has_member (spec, "rules"));
}

static StackCertificate *
issue (const char *host)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackAuthority) authority = stack_authority_generate (NOW, &error);
  StackCertificate *certificate;

  g_assert_no_error (error);
  certificate = stack_authority_issue (authority, host, NOW, &error);
  g_assert_no_error (error);

  return certificate;
}

static JsonNode *
find_named (GPtrArray  *objects,
            const char *name)
{
  for (guint i = 0; i < objects->len; i++)
    {
      JsonNode *object = g_ptr_array_index (objects, i);

      if (g_str_equal (base_json_get_string (object, "metadata", "name", NULL), name))
        return object;
    }

  return NULL;
}

static void
assert_encoded (JsonNode   *secret,
                const char *key,
                const char *text)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  g_assert_cmpstr (base_json_get_string (secret, "data", key, NULL), ==, encoded);
}

/* The Secret is there while HTTPS is wanted and there is a certificate, and the Ingress names it
 * while HTTPS is wanted. */
static void
test_tls (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);
  g_autoptr(StackCertificate) certificate = issue ("hackystack.local");
  g_autoptr(GPtrArray) without = NULL;
  g_autoptr(GPtrArray) with = NULL;
  g_autoptr(GPtrArray) chosen = NULL;
  g_autoptr(GPtrArray) off = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  JsonNode        *secret;

  without = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_no_error (error);
  g_assert_null (find_named (without, "hackystack-tls"));
  g_assert_cmpstr (base_json_get_string (json_array_get_element (base_json_get_array (find (without, "Ingress"), "spec", "tls", NULL), 0),
                                         "secretName", NULL),
                   ==, "hackystack-tls");

  stack_manifest_set_set_certificate (manifests, certificate);
  with = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_no_error (error);
  secret = find_named (with, "hackystack-tls");
  g_assert_cmpstr (base_json_get_string (secret, "type", NULL), ==, "kubernetes.io/tls");
  assert_encoded (secret, "tls.crt", stack_certificate_get_chain (certificate));
  assert_encoded (secret, "tls.key",
                  vault_secret_get_text (stack_certificate_get_key (certificate)));
  assert_encoded (secret, "ca.crt", stack_certificate_get_authority (certificate));
  chosen = stack_manifest_set_select (manifests, settings);
  g_assert_cmpuint (chosen->len, ==, with->len);
  g_assert_cmpuint (with->len, ==, without->len + 1);

  /* No pod reads it, so none has to start anew for it. */
  before = base_json_digest (find (without, "Deployment"));
  after = base_json_digest (find (with, "Deployment"));
  g_assert_cmpstr (before, ==, after);

  stack_settings_set_text (settings, STACK_FIELD_TLS, "no");
  off = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_no_error (error);
  g_assert_null (find_named (off, "hackystack-tls"));
  g_assert_false (json_object_has_member (base_json_get_object (find (off, "Ingress"), "spec",
                                                                NULL),
                                          "tls"));
  g_assert_cmpstr (base_json_get_string (find (off, "ConfigMap"), "data", "AUTH_URL", NULL), ==,
                   "http://hackystack.local");
}

/* The Job is there when it is asked for, before the app, under a name that follows its input. */
static void
test_migration (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  stack_settings_set_text (settings, STACK_FIELD_MIGRATION_IMAGE, "app-migrate:v1");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GPtrArray) objects = fill (settings);
      JsonNode *job = find (objects, "Job");

      g_assert_cmpstr (base_json_get_string (g_ptr_array_index (objects, objects->len - 3), "kind",
                                             NULL),
                       ==, "Job");
      g_assert_cmpstr (base_json_get_string (get_container (job), "image", NULL), ==,
                       "app-migrate:v1");
      second = g_strdup (base_json_get_string (job, "metadata", "name", NULL));
      g_assert_true (g_regex_match_simple ("^hackystack-migration-[0-9a-f]{10}$", second,
                                           G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT));
      /* The same again, then another image. */
      if (i == 1)
        {
          g_assert_cmpstr (first, ==, second);
          stack_settings_set_text (settings, STACK_FIELD_IMAGE, "app:v2");
        }
      if (i == 2)
        g_assert_cmpstr (first, !=, second);
      g_free (first);
      first = g_steal_pointer (&second);
    }
}

/* What the cluster offers counts while the settings name nothing. */
static void
test_ingress_class (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);
  g_autoptr(GPtrArray) offered = NULL;
  g_autoptr(GPtrArray) named = NULL;

  stack_manifest_set_set_ingress_class (manifests, "traefik");
  offered = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_cmpstr (base_json_get_string (find (offered, "Ingress"), "spec", "ingressClassName",
                                         NULL),
                   ==, "traefik");
  stack_settings_set_text (settings, STACK_FIELD_INGRESS_CLASS, "nginx");
  named = stack_manifest_set_fill (manifests, settings, &error);
  g_assert_cmpstr (base_json_get_string (find (named, "Ingress"), "spec", "ingressClassName",
                                         NULL),
                   ==, "nginx");
}

/* What people apply by hand is a file that kubectl takes as it is, and nobody else applies it. */
static void
test_by_hand (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("HACKYSTACK_DATA_DIR"), "manifests", "basic",
                                            "ingress-controller.yaml", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);
  g_autoptr(GPtrArray) documents = NULL;
  GPtrArray *templates = stack_manifest_set_get_templates (manifests);

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (text, "${"));
  documents = base_yaml_parse_all (text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (documents->len, ==, 2);
  for (guint i = 0; i < templates->len; i++)
    g_assert_cmpstr (base_json_get_string (g_ptr_array_index (templates, i), "kind", NULL), !=,
                     "IngressClass");
}

static char *
dup_digest (StackSettings *settings)
{
  g_autoptr(GPtrArray) objects = fill (settings);

  return g_strdup (base_json_get_string (find (objects, "Deployment"), "spec", "template",
                                         "metadata", "annotations",
                                         "desktop.hackystack.io/config-digest", NULL));
}

static void
test_digest (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autofree char *first = dup_digest (settings);
  g_autofree char *same = dup_digest (settings);
  g_autofree char *scaled = NULL;
  g_autofree char *secret = NULL;
  g_autofree char *extra = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (strlen (first), ==, 64);
  g_assert_cmpstr (first, ==, same);

  /* Neither in the ConfigMap nor in the Secret: no new pods for it. */
  stack_settings_set_text (settings, STACK_FIELD_REPLICAS, "3");
  scaled = dup_digest (settings);
  g_assert_cmpstr (scaled, ==, first);

  stack_settings_set_text (settings, STACK_FIELD_DATABASE_URL, "postgresql://app:pw@db2/app");
  secret = dup_digest (settings);
  g_assert_cmpstr (secret, !=, first);

  stack_settings_read_values (settings, "extra: {LOG_LEVEL: debug}", -1, &error);
  g_assert_no_error (error);
  extra = dup_digest (settings);
  g_assert_cmpstr (extra, !=, secret);
}

static void
test_extra (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GPtrArray) objects = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *config_map;

  stack_settings_read_values (settings, "extra: {LOG_LEVEL: \"a: b # ${host}\"}", -1, &error);
  g_assert_no_error (error);
  objects = fill (settings);
  config_map = find (objects, "ConfigMap");
  g_assert_cmpstr (base_json_get_string (config_map, "data", "LOG_LEVEL", NULL), ==,
                   "a: b # ${host}");
  g_assert_cmpstr (base_json_get_string (config_map, "data", "AUTH_TRUST_HOST", NULL), ==, "true");
  g_assert_cmpstr (base_json_get_string (config_map, "data", "AUTH_URL", NULL), ==,
                   "https://hackystack.local");
}

/* Whatever a value holds, it stays one scalar: the shape of the objects does not change, in the
 * tree and through YAML and back. */
static void
test_breakout (void)
{
  static const char *const values[] = {
    "\"",
    "'",
    "a\"b",
    "\n- x: y",
    "a\nspec:\n  replicas: 100",
    "${host}",
    "${nothing}",
    "${host|base64}",
    "{a: b}",
    "[1, 2]",
    "a: b",
    "# comment",
    "&anchor",
    "*alias",
    "!!int 7",
    "true",
    "null",
    "~",
    "0x10",
    "1e3",
    "---",
    "...",
    "%YAML",
    "\t",
    "a # b",
    "|",
    ">",
    "@",
    "`",
    "trailing ",
    " leading",
    "ünïcode ☃",
    "\\",
    "\\n",
    "$",
    "${",
    "}",
  };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(StackSettings) settings = new_settings ();
      g_autoptr(GPtrArray) objects = NULL;

      stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_URL, values[i]);
      stack_settings_set_text (settings, STACK_FIELD_IMAGE, values[i]);
      stack_settings_set_text (settings, STACK_FIELD_NEXTAUTH_SECRET, values[i]);
      objects = fill (settings);
      g_assert_cmpstr (base_json_get_string (find (objects, "ConfigMap"), "data", "NEXTAUTH_URL",
                                             NULL),
                       ==, values[i]);
      g_assert_cmpstr (base_json_get_string (get_container (find (objects, "Deployment")), "image",
                                             NULL),
                       ==, values[i]);
      g_assert_cmpuint (json_object_get_size (base_json_get_object (find (objects, "ConfigMap"),
                                                                    "data", NULL)),
                        ==, 4);
      g_assert_cmpuint (json_object_get_size (base_json_get_object (find (objects, "Secret"),
                                                                    "data", NULL)),
                        ==, 4);

      for (guint j = 0; j < objects->len; j++)
        {
          g_autofree char *yaml = base_yaml_print (g_ptr_array_index (objects, j));
          g_autofree char *before = base_json_digest (g_ptr_array_index (objects, j));
          g_autofree char *after = NULL;
          g_autoptr(JsonNode) back = base_yaml_parse (yaml, -1, &error);

          g_assert_no_error (error);
          after = base_json_digest (back);
          g_assert_cmpstr (after, ==, before);
        }
    }
}

static void
test_bad_manifests (void)
{
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n"
      "    - name: ${prot}\n",
      "bad.yaml, spec.ports[0].name: there is no placeholder ${prot}" },
    { "apiVersion: v1\nkind: Service\nmetadata: {name: \"${host\"}\n",
      "bad.yaml, metadata.name: a placeholder is not closed" },
    { "apiVersion: v1\nkind: Service\nmetadata: {name: \"${host|hex}\"}\n", "${host|hex}" },
    { "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {a: \"${digest}\"}\n---\n"
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\nspec: {template: {spec: "
      "{containers: [{envFrom: [{secretRef: {name: a}}]}]}}}\n",
      "bad.yaml, data.a: ${digest}" },
    { "${when}: ${tsl}\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
      "there is no placeholder ${tsl}" },
    { "kind: Service\nmetadata: {name: a}\n", "bad.yaml: apiVersion is missing" },
    { "apiVersion: v1\nkind: Service\n", "bad.yaml: metadata.name is missing" },
    { "apiVersion: v1\nkind: Servise\nmetadata: {name: a}\n", "does not know Servise" },
    { "apiVersion: v1\n kind: Service\n", "bad.yaml: " },
    { "", "no manifests" },
  };
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("manifests-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "bad.yaml", NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(StackManifestSet) manifests = NULL;

      g_assert_true (g_file_set_contents (path, cases[i].text, -1, NULL));
      manifests = stack_test_load_manifests (folder, &error);
      g_assert_error (error, STACK_ERROR, STACK_ERROR_MANIFEST);
      g_test_message ("%s", error->message);
      if (strstr (error->message, cases[i].words) == NULL)
        g_error ("“%s” is not in: %s", cases[i].words, error->message);
      g_clear_error (&error);
    }

  g_remove (path);
  g_rmdir (folder);
}

static void
test_no_folder (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests ("/nowhere/at/all", &error);

  g_assert_null (manifests);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* A number that is none is the settings' fault, not the file's. */
static void
test_bad_number (void)
{
  g_autoptr(StackSettings) settings = new_settings ();
  g_autoptr(GError) error = NULL;
  g_autoptr(StackManifestSet) manifests = stack_test_load_manifests (NULL, &error);

  g_assert_no_error (error);
  stack_settings_set_text (settings, STACK_FIELD_REPLICAS, "two");
  g_assert_null (stack_manifest_set_fill (manifests, settings, &error));
  g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stack/manifests/order", test_order);
  g_test_add_func ("/stack/manifests/values", test_values);
  g_test_add_func ("/stack/manifests/left-out", test_left_out);
  g_test_add_func ("/stack/manifests/tls", test_tls);
  g_test_add_func ("/stack/manifests/migration", test_migration);
  g_test_add_func ("/stack/manifests/ingress-class", test_ingress_class);
  g_test_add_func ("/stack/manifests/by-hand", test_by_hand);
  g_test_add_func ("/stack/manifests/digest", test_digest);
  g_test_add_func ("/stack/manifests/extra", test_extra);
  g_test_add_func ("/stack/manifests/breakout", test_breakout);
  g_test_add_func ("/stack/manifests/bad-manifests", test_bad_manifests);
  g_test_add_func ("/stack/manifests/bad-number", test_bad_number);
  g_test_add_func ("/stack/manifests/no-folder", test_no_folder);

  return g_test_run ();
}
