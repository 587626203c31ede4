/* test-image-build.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "kube-config.h"
#include "stack-error.h"
#include "stack-image-build.h"
#include "stack-image-tools-private.h"
#include "stack-test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define KUBECONFIG                                                                               \
  "clusters:\n"                                                                                  \
  "- {name: lab, cluster: {server: 'https://h', extensions: [{name: other, extension: {a: 1}}, " \
  "{name: cluster_info, extension: {provider: minikube.sigs.k8s.io, version: v1.38.1}}]}}\n"     \
  "- {name: far, cluster: {server: 'https://h', extensions: [{name: e, extension: text}]}}\n"    \
  "contexts:\n"                                                                                  \
  "- {name: mine, context: {cluster: lab}}\n"                                                    \
  "- {name: theirs, context: {cluster: far}}\n"

/* What the stand-ins have in common: a node is a file with a line for each name of an image. */
#define PROGRAM                                               \
  "#!/bin/sh\n"                                               \
  "state=%s\n"                                                \
  "echo \"${0##*/} $*\" >>$state/calls\n"                     \
  "id_of () { sha256sum <\"$1/Dockerfile\" | cut -c1-64; }\n" \
  "put () { echo \"$2 $1\" >>$state/$3; }\n"                  \
  "find_id () { grep \" $1\\$\" $state/$2 | cut -d' ' -f1; }\n"

#define MINIKUBE                                                                            \
  "[ \"$1 $2 $3\" = '-p lab image' ] || { echo 'wrong profile' >&2; exit 14; }\n"           \
  "shift 3\n"                                                                               \
  "case $1 in\n"                                                                            \
  "  build) [ \"$2 $3\" = '--all -t' ] || exit 14; name=$4; folder=$5; . $state/build ;;\n" \
  "  load) . $state/load ;;\n"                                                              \
  "  tag) put \"docker.io/library/$3\" $(find_id \"docker.io/library/$2\" node) node ;;\n"  \
  "  ls) . $state/ls ;;\n"                                                                  \
  "  *) exit 14 ;;\n"                                                                       \
  "esac\n"

#define LIST                                                                                    \
  "echo 'W1123 a warning of the library' >&2\n"                                                 \
  "printf '['\n"                                                                                \
  "comma=\n"                                                                                    \
  "while read -r id name; do\n"                                                                 \
  "  printf '%s{\"id\":\"sha256:%s\",\"repoDigests\":[],\"repoTags\":[\"%s\"],\"size\":\"1\"}'" \
  " \"$comma\" $id $name\n"                                                                     \
  "  comma=,\n"                                                                                 \
  "done <$state/node\n"                                                                         \
  "echo ']'\n"

#define BUILD "echo 'Step 1/1 : FROM scratch'\nput docker.io/library/$name \"$(id_of \"$folder\")\" node\n"
#define LOAD "while read -r id name; do put docker.io/library/$name $id node; done <$2\n"

#define DOCKER                                                                            \
  "case $1 in\n"                                                                          \
  "  build) name=$3; folder=$4; . $state/docker-build ;;\n"                               \
  "  image) echo sha256:$(find_id $5 local) ;;\n"                                         \
  "  tag) put $3 $(find_id $2 local) local ;;\n"                                          \
  "  rmi) grep -v \" $2\\$\" $state/local >$state/rest; mv $state/rest $state/local ;;\n" \
  "  save) grep \" $4\\$\" $state/local >$3 ;;\n"                                         \
  "  *) exit 1 ;;\n"                                                                      \
  "esac\n"

#define DOCKER_BUILD "echo 'Step 1/1 : FROM scratch'\nput $name \"$(id_of \"$folder\")\" local\n"

typedef struct
{
  char *root;
  char *tools;
  char *state;
  char *app;
  char *reference; /* of the image */
} Fixture;

static char *cache;

static void
write_file (const char *folder,
            const char *name,
            const char *contents)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

static char *
read_file (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char            *contents = NULL;

  return g_file_get_contents (path, &contents, NULL, NULL) ? contents : g_strdup ("");
}

static void
write_program (Fixture    *fixture,
               const char *name,
               const char *body)
{
  g_autofree char *path = g_build_filename (fixture->tools, name, NULL);
  g_autofree char *start = g_strdup_printf (PROGRAM, fixture->state);
  g_autofree char *whole = g_strconcat (start, body, NULL);

  write_file (fixture->tools, name, whole);
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

static char *
make_folder (const char *parent,
             const char *name)
{
  char *path = g_build_filename (parent, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);

  return path;
}

static void
write_dockerfile (Fixture    *fixture,
                  const char *text)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  write_file (fixture->app, "Dockerfile", text);
  g_free (fixture->reference);
  fixture->reference = g_strdup_printf ("hackystack:%.12s", sum);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  g_autofree char *path = NULL;

  fixture->root = g_dir_make_tmp ("image-build-XXXXXX", NULL);
  g_assert_nonnull (fixture->root);
  fixture->tools = make_folder (fixture->root, "tools");
  fixture->state = make_folder (fixture->root, "state");
  fixture->app = make_folder (fixture->root, "the app’s folder");
  write_dockerfile (fixture, "FROM scratch\n");
  write_program (fixture, "minikube", MINIKUBE);
  write_program (fixture, "docker", DOCKER);
  write_file (fixture->state, "build", BUILD);
  write_file (fixture->state, "load", LOAD);
  write_file (fixture->state, "ls", LIST);
  write_file (fixture->state, "docker-build", DOCKER_BUILD);
  write_file (fixture->state, "node", "0123456789abcdef0123 registry.k8s.io/pause:3.10\n");
  write_file (fixture->state, "local", "");
  write_file (fixture->root, "config", KUBECONFIG);
  path = g_strconcat (fixture->tools, ":/usr/bin:/bin", NULL);
  g_setenv ("PATH", path, TRUE);
}

/* Whatever became of a build, it leaves nothing behind. */
static void
assert_no_scratch (void)
{
  g_autofree char *parent = g_build_filename (cache, "hackystack", NULL);
  g_autoptr(GDir) folder = g_dir_open (parent, 0, NULL);

  g_assert_null (folder != NULL ? g_dir_read_name (folder) : NULL);
}

static void
remove_folder (const char *path)
{
  const char *argv[] = { "/bin/rm", "-rf", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL));
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  assert_no_scratch ();
  remove_folder (fixture->root);
  g_free (fixture->root);
  g_free (fixture->tools);
  g_free (fixture->state);
  g_free (fixture->app);
  g_free (fixture->reference);
}

static KubeContext *
load_context (Fixture    *fixture,
              const char *name)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(KubeConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->root, "config", NULL);
  KubeContext     *context;

  kube_config_load_async (path, NULL, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  config = kube_config_load_finish (result, &error);
  g_assert_no_error (error);
  context = kube_config_get_context (config, name, &error);
  g_assert_no_error (error);

  return g_object_ref (context);
}

static StackImageBuild *
new_build (Fixture       *fixture,
           StackImageTool tool)
{
  g_autoptr(KubeContext) context = load_context (fixture, "mine");

  return stack_image_build_new (context, fixture->app, tool);
}

static char *
run (StackImageBuild *build,
     GCancellable    *cancellable,
     GError         **error)
{
  StackAnswer answer = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  char *reference;

  stack_image_build_run_async (build, cancellable, stack_answer_cb, &answer);
  result = stack_answer_wait (&answer);
  g_assert_null (stack_image_build_get_step (build));
  reference = stack_image_build_run_finish (build, result, error);
  if (error != NULL && *error != NULL)
    g_test_message ("%s", (*error)->message);

  return reference;
}

static void
assert_error (GError     *error,
              int         code,
              const char *words)
{
  g_assert_error (error, STACK_ERROR, code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

static gboolean
has_line (StackImageBuild *build,
          const char      *text,
          gboolean         is_command)
{
  GListModel *model = G_LIST_MODEL (stack_image_build_get_output (build));

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(StackImageLine) line = g_list_model_get_item (model, i);

      if (stack_image_line_is_command (line) == is_command &&
          strstr (stack_image_line_get_text (line), text) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* What the programs do, and the error that comes of it: the parts of it, apart by "|". */
static const struct
{
  const char    *name;
  const char    *file;
  const char    *body;
  const char    *error; /* (nullable) */
  StackImageTool tool;
} cases[] = {
  { "failing-step", "build", "echo 'Step 2/2 : RUN npm run build'\necho 'npm ERR! code 1' >&2\n"
                             "echo \"The command '/bin/sh -c npm run build' returned a non-zero code: 1\" >&2\nexit 80\n",
    "“minikube image build” failed with the exit code 80|RUN npm run build / npm ERR! code 1 / The "
    "command|returned a non-zero code: 1”|build again." },
  { "failed-with-success", "build", "echo 'ERROR: failed to solve: process did not complete'\n",
    "no node has it|“ERROR: failed to solve: process did not complete”|minikube -p lab status" },
  { "success-in-silence", "build", "exit 0\n", "no node has it. It said nothing. See with “minikube -p lab status”" },
  { "words-of-failure-and-success", "build", "echo 'X Exiting due to nothing: error, failed'\n" BUILD, NULL },
  { "garbage", "build", "printf '\\377\\376\\000\\033[31mred\\033[0m\\033]0;title\\007\\r\\n'\n" BUILD, NULL },
  { "no-last-line-break", "build", "printf 'almost'\nexit 3\n", "the exit code 3. Its last words: “almost”." },
  { "signal", "build", "kill -KILL $$\n", "was ended by the signal 9. It said nothing. Run it" },
  { "full-disk", "build", "echo 'write /var/lib/docker/tmp/a: no space left on device'\nexit 80\n",
    "the exit code 80|A disk is full|minikube -p lab ssh -- docker system prune" },
  { "full-disk-and-success", "build", "echo 'write /a: No space left on device'\n",
    "no node has it|A disk is full" },
  { "no-profile", "build", "echo 'X Exiting due to MK_USAGE: loading profile: cluster \"lab\" does not exist'\n"
                           "echo '╭──╮'\necho '│  │'\necho '╰──╯'\nexit 14\n",
    "the exit code 14|cluster \"lab\" does not exist”|minikube profile list" },
  { "list-fails", "ls", "echo 'X Exiting due to GUEST_IMAGE_LIST' >&2\nexit 80\n",
    "“minikube image ls” failed with the exit code 80|GUEST_IMAGE_LIST" },
  { "list-of-an-old-minikube", "ls", "echo docker.io/library/hackystack\n", "may be too old" },
  { "empty-list", "ls", "echo null\n", "no node has it" },
  { "id-not-understood", "ls", "echo \"[{\\\"id\\\":\\\"<none>\\\",\\\"repoTags\\\":[\\\"$(tail -n 1 $state/node | cut -d' ' -f2)\\\"]}]\"\n",
    "“<none>” is not understood" },

  { "docker-failing-step", "docker-build", "echo 'COPY failed: file not found in build context' >&2\nexit 1\n",
    "“docker build” failed with the exit code 1|COPY failed", STACK_IMAGE_TOOL_DOCKER },
  { "docker-not-running", "docker-build", "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2\nexit 1\n",
    "the exit code 1|Docker does not run", STACK_IMAGE_TOOL_DOCKER },
  { "docker-not-allowed", "docker-build", "echo 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock' >&2\nexit 1\n",
    "usermod -aG docker", STACK_IMAGE_TOOL_DOCKER },
  { "load-fails-with-success", "load", "echo 'X the archive is broken'\n",
    "no node has it|“X the archive is broken”", STACK_IMAGE_TOOL_DOCKER },
  { "load-fails", "load", "echo 'X no room'\nexit 80\n",
    "“minikube image load” failed with the exit code 80", STACK_IMAGE_TOOL_DOCKER },
};

static void
test_case (Fixture      *fixture,
           gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(StackImageBuild) build = new_build (fixture, cases[index].tool);
  g_autoptr(GError) error = NULL;
  g_autofree char *reference = NULL;
  g_auto(GStrv) parts = NULL;

  write_file (fixture->state, cases[index].file, cases[index].body);
  reference = run (build, NULL, &error);
  if (cases[index].error == NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (reference, ==, fixture->reference);
      return;
    }

  g_assert_null (reference);
  parts = g_strsplit (cases[index].error, "|", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    assert_error (error, STACK_ERROR_BUILD, parts[i]);
}

/* The name is that of the contents: the same for the same, another for others. */
static void
test_minikube (Fixture      *fixture,
               gconstpointer data)
{
  g_autofree char *calls = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
      g_autoptr(GError) error = NULL;
      g_autofree char *reference = NULL;

      if (i == 2)
        write_dockerfile (fixture, "FROM scratch\nCMD [\"/app\"]\n");
      reference = run (build, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (reference, ==, fixture->reference);
      g_assert_true (has_line (build, "$ minikube -p lab image build --all -t hackystack:build-", TRUE));
      g_assert_true (has_line (build, "'", TRUE));
      g_assert_true (has_line (build, "Step 1/1 : FROM scratch", FALSE));
      g_assert_true (has_line (build, "W1123 a warning of the library", FALSE));
      g_assert_false (has_line (build, "repoTags", FALSE));
    }

  calls = read_file (fixture->state, "calls");
  g_assert_null (strstr (calls, "docker "));
}

static void
test_docker (Fixture      *fixture,
             gconstpointer data)
{
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_DOCKER);
  g_autoptr(GError) error = NULL;
  g_autofree char *reference = run (build, NULL, &error);
  g_autofree char *local = read_file (fixture->state, "local");
  g_autofree char *node = read_file (fixture->state, "node");

  g_assert_no_error (error);
  g_assert_cmpstr (reference, ==, fixture->reference);
  g_assert_nonnull (strstr (node, reference));
  /* One name stays there. */
  g_assert_nonnull (strstr (local, reference));
  g_assert_null (strstr (local, "build-"));
  g_assert_true (has_line (build, "$ docker build -t hackystack:build-", TRUE));
  g_assert_true (has_line (build, "$ minikube -p lab image load ", TRUE));
}

static void
test_tag (Fixture      *fixture,
          gconstpointer data)
{
  for (StackImageTool tool = STACK_IMAGE_TOOL_MINIKUBE; tool <= STACK_IMAGE_TOOL_DOCKER; tool++)
    {
      g_autoptr(StackImageBuild) build = new_build (fixture, tool);
      g_autoptr(GError) error = NULL;
      g_autofree char *reference = NULL;

      g_assert_true (stack_image_build_set_tag (build, "v1.0_a", &error));
      reference = run (build, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (reference, ==, "hackystack:v1.0_a");
    }
}

/* One that has the tag from before does not hide that a build failed. */
static void
test_stale_tag (Fixture      *fixture,
                gconstpointer data)
{
  for (StackImageTool tool = STACK_IMAGE_TOOL_MINIKUBE; tool <= STACK_IMAGE_TOOL_DOCKER; tool++)
    {
      g_autoptr(StackImageBuild) build = new_build (fixture, tool);
      g_autoptr(GError) error = NULL;

      write_file (fixture->state, "node", "0123456789abcdef docker.io/library/hackystack:v1\n");
      write_file (fixture->state, tool == STACK_IMAGE_TOOL_DOCKER ? "load" : "build",
                  "echo 'failed to do it'\n");
      g_assert_true (stack_image_build_set_tag (build, "v1", &error));
      g_assert_null (run (build, NULL, &error));
      assert_error (error, STACK_ERROR_BUILD, "no node has it");
    }
}

static void
test_tags (Fixture      *fixture,
           gconstpointer data)
{
  static const char *const bad[] = { "", "latest", "-a", ".a", "a b", "a:b", "a/b", "ä", "a\n" };
  static const char *const good[] = { "a", "1", "_", "v1.2-3_4", "latest2" };
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
  g_autofree char *long_tag = g_strnfill (129, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (stack_image_build_set_tag (build, bad[i], &error));
      g_assert_error (error, STACK_ERROR, STACK_ERROR_VALUES);
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (stack_image_build_set_tag (build, good[i], NULL));
  g_assert_false (stack_image_build_set_tag (build, long_tag, NULL));
  long_tag[128] = '\0';
  g_assert_true (stack_image_build_set_tag (build, long_tag, NULL));
}

static void
test_flood (Fixture      *fixture,
            gconstpointer data)
{
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
  g_autoptr(GError) error = NULL;
  g_autofree char  *reference = NULL;
  StackImageOutput *output = stack_image_build_get_output (build);

  write_file (fixture->state, "build", "yes 'a line' | head -n 200000\n" BUILD);
  reference = run (build, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reference, ==, fixture->reference);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (output)), ==, 5000);
  g_assert_cmpuint (stack_image_output_get_n_forgotten (output), >=, 195000);
}

/* Zombies that nobody has asked about count as gone. */
static gboolean
is_running (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char      *end;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return FALSE;
  end = strrchr (stat, ')');

  return end != NULL && end[2] != 'Z' && end[2] != 'X';
}

static gboolean
on_tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_until_gone (Fixture    *fixture,
                 const char *name)
{
  g_autofree char *text = read_file (fixture->state, name);
  int              pid = (int) g_ascii_strtoll (text, NULL, 10);
  guint            ticker = g_timeout_add (10, on_tick_cb, NULL);

  g_assert_cmpint (pid, >, 1);
  while (is_running (pid))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (ticker);
}

/* What a program leaves running, even if it prints, is not waited for, and does not go on. */
static void
test_left_running (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
  g_autoptr(GError) error = NULL;
  g_autofree char *reference = NULL;

  write_file (fixture->state, "build",
              "sleep 1000 &\necho $! >$state/sleeper\nyes &\necho $! >$state/printer\n" BUILD);
  reference = run (build, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reference, ==, fixture->reference);
  wait_until_gone (fixture, "sleeper");
  wait_until_gone (fixture, "printer");
}

static void
on_line_cb (GListModel   *output,
            guint         position,
            guint         n_removed,
            guint         n_added,
            GCancellable *cancellable)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr(StackImageLine) line = g_list_model_get_item (output, position + i);

      if (g_str_equal (stack_image_line_get_text (line), "now"))
        g_cancellable_cancel (cancellable);
    }
}

/* A program and what it has started: obedient, and not. */
static const struct
{
  const char    *name;
  const char    *file;
  const char    *body;
  StackImageTool tool;
} cancelled[] = {
  { "obedient", "build", "echo $$ >$state/child\nsh -c 'sleep 1000 & echo $! >'$state'/grandchild; echo now; wait'\n" },
  { "stubborn-grandchild", "build", "echo $$ >$state/child\nsh -c 'trap \"\" TERM; echo $$ >'$state'/grandchild; echo now; while :; do sleep 1; done' &\nwait\n" },
  { "stubborn-both", "build", "trap '' TERM\necho $$ >$state/child\nsh -c 'echo $$ >'$state'/grandchild; echo now; while :; do sleep 1; done'\n" },
  { "flood", "build", "echo $$ >$state/child\nyes flood &\necho $! >$state/grandchild\necho now\nwait\n" },
  { "docker", "docker-build", "echo $$ >$state/child\nsleep 1000 &\necho $! >$state/grandchild\necho now\nwait\n", STACK_IMAGE_TOOL_DOCKER },
  { "load", "load", "echo $$ >$state/child\nsleep 1000 &\necho $! >$state/grandchild\necho now\nwait\n", STACK_IMAGE_TOOL_DOCKER },
};

static void
test_cancelled (Fixture      *fixture,
                gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr(StackImageBuild) build = new_build (fixture, cancelled[index].tool);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  write_file (fixture->state, cancelled[index].file, cancelled[index].body);
  g_signal_connect (stack_image_build_get_output (build), "items-changed", G_CALLBACK (on_line_cb),
                    cancellable);
  g_assert_null (run (build, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  wait_until_gone (fixture, "child");
  wait_until_gone (fixture, "grandchild");
}

static void
test_cancelled_before (Fixture      *fixture,
                       gconstpointer data)
{
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *calls = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (run (build, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  calls = read_file (fixture->state, "calls");
  g_assert_cmpstr (calls, ==, "");
}

static void
test_missing_tool (Fixture      *fixture,
                   gconstpointer data)
{
  const char      *name = data;
  g_autofree char *program = g_build_filename (fixture->tools, name, NULL);
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_DOCKER);
  g_autoptr(GError) error = NULL;
  g_autofree char *words = g_strdup_printf ("The program “%s”", name);

  g_setenv ("PATH", fixture->tools, TRUE);
  g_assert_cmpint (g_unlink (program), ==, 0);
  g_assert_null (run (build, NULL, &error));
  assert_error (error, STACK_ERROR_NO_TOOL, words);
}

/* Docker is only needed by who wants it. */
static void
test_without_docker (Fixture      *fixture,
                     gconstpointer data)
{
  g_autofree char *program = g_build_filename (fixture->tools, "docker", NULL);
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
  g_autoptr(GError) error = NULL;
  g_autofree char *reference = NULL;

  g_assert_cmpint (g_unlink (program), ==, 0);
  reference = run (build, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reference, ==, fixture->reference);
}

/* The login shell is asked once in the life of a process. */
static void
test_login_path (Fixture      *fixture,
                 gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
      g_autofree char *shell = g_build_filename (fixture->root, "shell", NULL);
      g_autofree char *text = g_strdup_printf ("#!/bin/sh\nPATH=%s:/usr/bin:/bin exec /bin/sh -c \"$3\"\n",
                                               fixture->tools);
      g_autoptr(GError) error = NULL;
      g_autofree char *reference = NULL;

      write_file (fixture->root, "shell", text);
      g_assert_cmpint (g_chmod (shell, 0755), ==, 0);
      g_setenv ("SHELL", shell, TRUE);
      g_setenv ("PATH", fixture->state, TRUE);
      reference = run (build, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (reference, ==, fixture->reference);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_folders (Fixture      *fixture,
              gconstpointer data)
{
  g_autoptr(KubeContext) context = load_context (fixture, "mine");
  g_autofree char *odd = make_folder (fixture->root, "odd/Dockerfile");
  struct
  {
    const char *name;
    const char *words;
  } folders[] = {
    { "state", "holds no file called Dockerfile" },
    { "odd", "holds no file called Dockerfile" },
    { "nothing", "there is no such folder" },
    { "config", "it is not a folder" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (fixture->root, folders[i].name, NULL);
      g_autoptr(StackImageBuild) build = stack_image_build_new (context, folder,
                                                                 STACK_IMAGE_TOOL_MINIKUBE);
      g_autoptr(GError) error = NULL;

      g_assert_null (run (build, NULL, &error));
      assert_error (error, STACK_ERROR_NO_DOCKERFILE, folders[i].words);
      assert_error (error, STACK_ERROR_NO_DOCKERFILE, folder);
    }
}

static void
test_not_minikube (Fixture      *fixture,
                   gconstpointer data)
{
  g_autoptr(KubeContext) context = load_context (fixture, "theirs");
  g_autoptr(StackImageBuild) build = stack_image_build_new (context, fixture->app,
                                                             STACK_IMAGE_TOOL_DOCKER);
  g_autoptr(GError) error = NULL;

  g_assert_null (stack_image_get_profile (context));
  g_assert_null (run (build, NULL, &error));
  assert_error (error, STACK_ERROR_NOT_MINIKUBE, "The context “theirs” is no cluster of Minikube's");
  assert_error (error, STACK_ERROR_NOT_MINIKUBE, "docker push REGISTRY/hackystack:TAG");
}

/* Folders of programs that were killed go with the next build; those of others that run stay. */
static void
test_abandoned (Fixture      *fixture,
                gconstpointer data)
{
  g_autofree char *parent = g_build_filename (cache, "hackystack", NULL);
  g_autofree char *abandoned = make_folder (parent, "build-1999999999-AAAAAA/folder");
  g_autofree char *other = make_folder (parent, "build-1-AAAAAA");
  g_autofree char *top = g_path_get_dirname (abandoned);
  g_autoptr(StackImageBuild) build = new_build (fixture, STACK_IMAGE_TOOL_MINIKUBE);
  g_autoptr(GError) error = NULL;
  g_autofree char *reference = NULL;

  write_file (abandoned, "image.tar", "archive");
  reference = run (build, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (top, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (other), ==, 0);
}

static void
test_use (void)
{
  static const struct
  {
    const char *before;
    const char *after;
  } policies[] = { { "Always", "IfNotPresent" }, { "IfNotPresent", "IfNotPresent" }, { "Never", "Never" } };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autoptr(StackSettings) settings = stack_settings_new ("image-build");

      stack_settings_set_text (settings, STACK_FIELD_PULL_POLICY, policies[i].before);
      stack_image_use ("hackystack:0123456789ab", settings);
      g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_IMAGE), ==,
                       "hackystack:0123456789ab");
      g_assert_cmpstr (stack_settings_get_text (settings, STACK_FIELD_PULL_POLICY), ==,
                       policies[i].after);
    }
}

static const struct
{
  const char *document;
  const char *reference;
  const char *id;
} lists[] = {
  { "[]", "hackystack:a", NULL },
  { "null", "hackystack:a", NULL },
  { "[{\"id\":\"sha256:1\",\"repoTags\":[\"docker.io/library/hackystack:a\"]}]", "hackystack:a", "1" },
  { "[{\"id\":\"1\",\"repoTags\":[\"hackystack:a\"]}]", "hackystack:a", "1" },
  { "[{\"id\":\"1\",\"repoTags\":[\"hackystack:b\",\"hackystack:a\"]}]", "hackystack:a", "1" },
  { "[{\"id\":\"1\",\"repoTags\":[\"hackystack:ab\"]}]", "hackystack:a", NULL },
  { "[{\"id\":\"1\",\"repoTags\":[\"example.org/hackystack:a\"]}]", "hackystack:a", NULL },
  { "[{\"id\":\"1\"},{\"repoTags\":[\"hackystack:a\"]},7,null,{\"id\":\"2\",\"repoTags\":[3,null]}]", "hackystack:a", NULL },
};

static void
test_lists (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *id = _stack_image_tools_find_id (lists[i].document, lists[i].reference, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (id, ==, lists[i].id);
    }
}

static void
add (const char   *path,
     gconstpointer data,
     void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

static void
add_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/image-build/case/%s", cases[i].name);

      add (path, GUINT_TO_POINTER (i), test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (cancelled); i++)
    {
      g_autofree char *path = g_strdup_printf ("/image-build/cancelled/%s", cancelled[i].name);

      add (path, GUINT_TO_POINTER (i), test_cancelled);
    }
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  cache = g_dir_make_tmp ("image-cache-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  /* A login shell that says nothing. */
  g_setenv ("SHELL", "/bin/false", TRUE);

  add_cases ();
  add ("/image-build/minikube", NULL, test_minikube);
  add ("/image-build/docker", NULL, test_docker);
  add ("/image-build/tag", NULL, test_tag);
  add ("/image-build/stale-tag", NULL, test_stale_tag);
  add ("/image-build/tags", NULL, test_tags);
  add ("/image-build/flood", NULL, test_flood);
  add ("/image-build/left-running", NULL, test_left_running);
  add ("/image-build/cancelled-before", NULL, test_cancelled_before);
  add ("/image-build/missing/minikube", "minikube", test_missing_tool);
  add ("/image-build/missing/docker", "docker", test_missing_tool);
  add ("/image-build/without-docker", NULL, test_without_docker);
  add ("/image-build/login-path", NULL, test_login_path);
  add ("/image-build/folders", NULL, test_folders);
  add ("/image-build/not-minikube", NULL, test_not_minikube);
  add ("/image-build/abandoned", NULL, test_abandoned);
  g_test_add_func ("/image-build/use", test_use);
  g_test_add_func ("/image-build/lists", test_lists);

  status = g_test_run ();
  remove_folder (cache);
  g_free (cache);

  return status;
}
