/* stack-survey.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-survey-private.h"

#include "base-json.h"
#include "kube-error.h"
#include "kube-quantity.h"

#include <string.h>

/* What a cluster's answers mean for a deployment: pure functions of the answers. */

/* A kubelet names 50 images of its node, the largest ones (--node-status-max-images). */
#define MAX_IMAGES 50

#define DEFAULT_CLASS "ingressclass.kubernetes.io/is-default-class"

/*
 * stack_survey_find_object:
 * @self: a survey
 * @kind: a kind
 *
 * Returns: (transfer none) (nullable): the first object of that kind that is to be deployed
 */
JsonNode *
stack_survey_find_object (StackSurvey *self,
                          const char  *kind)
{
  for (guint i = 0; i < self->objects->len; i++)
    {
      JsonNode *object = g_ptr_array_index (self->objects, i);

      if (g_strcmp0 (base_json_get_string (object, "kind", NULL), kind) == 0)
        return object;
    }

  return NULL;
}

static void report (StackSurvey  *self,
                    GPtrArray    *findings,
                    StackFieldId  field,
                    StackSeverity severity,
                    const char   *fix,
                    const char   *format,
                    ...) G_GNUC_PRINTF (6, 7);

static void
report (StackSurvey  *self,
        GPtrArray    *findings,
        StackFieldId  field,
        StackSeverity severity,
        const char   *fix,
        const char   *format,
        ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_ptr_array_add (findings, stack_finding_new (field, severity, message, fix));
}

static JsonArray *
get_items (StackSurvey     *self,
           StackSurveyTopic topic)
{
  return self->answers[topic] != NULL ? base_json_get_array (self->answers[topic], "items", NULL)
                                      : NULL;
}

/* Image: what the nodes have. */

/*
 * stack_image_normalize:
 * @image: a reference
 *
 * Returns: (transfer full): the same image as container runtimes write it: with registry and
 *   path, and with its digest, or else its tag
 */
char *
stack_image_normalize (const char *image)
{
  const char      *slash = strchr (image, '/');
  const char      *at = strchr (image, '@');
  g_autofree char *first = slash != NULL ? g_strndup (image, slash - image) : NULL;
  g_autofree char *name = at != NULL ? g_strndup (image, at - image) : g_strdup (image);
  const char      *registry = "";
  char            *tag;

  if (slash == NULL)
    registry = "docker.io/library/";
  else if (strpbrk (first, ".:") == NULL && !g_str_equal (first, "localhost"))
    registry = "docker.io/";

  tag = strrchr (name, ':');
  if (tag != NULL && strchr (tag, '/') != NULL)
    tag = NULL;
  if (at == NULL)
    return g_strconcat (registry, name, tag == NULL ? ":latest" : "", NULL);
  if (tag != NULL)
    *tag = '\0';

  return g_strconcat (registry, name, at, NULL);
}

/* Whether pods without tolerations may run there. */
static gboolean
takes_pods (JsonNode *node)
{
  JsonArray *taints = base_json_get_array (node, "spec", "taints", NULL);

  if (base_json_get_boolean (node, FALSE, "spec", "unschedulable", NULL))
    return FALSE;
  for (guint i = 0; taints != NULL && i < json_array_get_length (taints); i++)
    {
      JsonNode   *taint = json_array_get_element (taints, i);
      const char *effect = base_json_get_string (taint, "effect", NULL);

      if (g_strcmp0 (effect, "NoSchedule") == 0 || g_strcmp0 (effect, "NoExecute") == 0)
        return FALSE;
    }

  return TRUE;
}

static gboolean
has_image (JsonArray  *images,
           const char *wanted)
{
  for (guint i = 0; images != NULL && i < json_array_get_length (images); i++)
    {
      JsonArray *names = base_json_get_array (json_array_get_element (images, i), "names", NULL);

      for (guint j = 0; names != NULL && j < json_array_get_length (names); j++)
        {
          JsonNode        *element = json_array_get_element (names, j);
          const char      *text = base_json_get_string (element, NULL);
          g_autofree char *name = text != NULL ? stack_image_normalize (text) : NULL;

          if (g_strcmp0 (name, wanted) == 0)
            return TRUE;
        }
    }

  return FALSE;
}

static const char *
get_pull_policy (StackSurvey *self)
{
  JsonNode   *deployment = stack_survey_find_object (self, "Deployment");
  JsonArray  *containers;
  const char *policy = NULL;

  containers = deployment != NULL ? base_json_get_array (deployment, "spec", "template", "spec",
                                                         "containers", NULL)
                                  : NULL;
  if (containers != NULL && json_array_get_length (containers) > 0)
    policy = base_json_get_string (json_array_get_element (containers, 0), "imagePullPolicy",
                                   NULL);

  return policy != NULL ? policy : "IfNotPresent";
}

static void
report_absent (StackSurvey *self,
               GPtrArray   *findings,
               const char  *image,
               guint        n_nodes)
{
  const char *policy = get_pull_policy (self);
  gboolean    own = strchr (image, '/') == NULL;

  if (g_str_equal (policy, "Never"))
    report (self, findings, STACK_FIELD_IMAGE, STACK_SEVERITY_ERROR, NULL,
            "No node has the image %s, and the pull policy Never forbids to fetch it. No pod could "
            "start. Load it into the cluster: minikube image load %s.",
            image, image);
  else if (own)
    report (self, findings, STACK_FIELD_IMAGE, STACK_SEVERITY_WARNING, NULL,
            "No node has the image %s. The cluster would look for it on Docker Hub, where images "
            "of your own hardly are. If you built it on this machine, load it into the cluster: "
            "minikube image load %s.",
            image, image);
  else
    report (self, findings, STACK_FIELD_IMAGE, STACK_SEVERITY_HINT, NULL,
            "%s the image %s yet. It is fetched when the first pod starts there; whether the "
            "registry gives it out is known only then.",
            n_nodes == 1 ? "The node does not have" : "No node has", image);
}

static void
judge_image (StackSurvey *self,
             GPtrArray   *findings)
{
  const char      *image = stack_settings_get_text (self->settings, STACK_FIELD_IMAGE);
  g_autofree char *wanted = stack_image_normalize (image);
  JsonArray       *nodes = get_items (self, STACK_SURVEY_NODES);
  guint            n_nodes = 0;
  guint            n_having = 0;
  guint            n_unknown = 0;

  if (nodes == NULL)
    {
      report (self, findings, STACK_FIELD_IMAGE, STACK_SEVERITY_HINT, NULL,
              "Whether a node has the image %s is not known: you may not list nodes. If none has "
              "it, it is fetched when the first pod starts.",
              image);
      return;
    }

  for (guint i = 0; i < json_array_get_length (nodes); i++)
    {
      JsonNode  *node = json_array_get_element (nodes, i);
      JsonArray *images = base_json_get_array (node, "status", "images", NULL);

      if (!takes_pods (node))
        continue;
      n_nodes++;
      if (has_image (images, wanted))
        n_having++;
      else if (images != NULL && json_array_get_length (images) >= MAX_IMAGES)
        n_unknown++;
    }

  if (n_nodes == 0)
    report (self, findings, STACK_FIELD_REPLICAS, STACK_SEVERITY_WARNING, NULL,
            "The cluster has no node that takes ordinary pods: all are cordoned or tainted. The "
            "app would wait for one. Look at them with: kubectl get nodes.");
  else if (n_having == 0 && n_unknown > 0)
    report (self, findings, STACK_FIELD_IMAGE, STACK_SEVERITY_HINT, NULL,
            "Whether a node has the image %s is not known: nodes name only %d of their images. If "
            "none has it, it is fetched when the first pod starts.",
            image, MAX_IMAGES);
  else if (n_having == 0)
    report_absent (self, findings, image, n_nodes);
  else if (n_having < n_nodes && strchr (image, '/') == NULL)
    report (self, findings, STACK_FIELD_IMAGE, STACK_SEVERITY_HINT, NULL,
            "%u of %u nodes have the image %s. Pods on the others would look for it on Docker "
            "Hub. Load it into every node: minikube image load %s.",
            n_having, n_nodes, image, image);
  else if (g_str_equal (get_pull_policy (self), "Always") && strchr (image, '/') == NULL)
    report (self, findings, STACK_FIELD_IMAGE, STACK_SEVERITY_WARNING, NULL,
            "The nodes have the image %s, but the pull policy Always asks the registry for it all "
            "the same, and an image of your own is not there. Use IfNotPresent and a tag of its "
            "own for each build.",
            image);
}

/* Ingress class. */

static gboolean
is_default_class (JsonNode *node)
{
  return g_strcmp0 (base_json_get_string (node, "metadata", "annotations", DEFAULT_CLASS, NULL),
                    "true") == 0;
}

static void
judge_class (StackSurvey *self,
             GPtrArray   *findings)
{
  const char *wanted = stack_settings_get_text (self->settings, STACK_FIELD_INGRESS_CLASS);
  JsonArray  *classes = get_items (self, STACK_SURVEY_CLASSES);
  g_autoptr(GString) names = g_string_new (NULL);
  const char *first = NULL;
  gboolean    found = FALSE;

  if (classes == NULL)
    {
      report (self, findings, STACK_FIELD_INGRESS_CLASS, STACK_SEVERITY_HINT, NULL,
              "Whether the cluster has the Ingress class is not known: you may not list Ingress "
              "classes. Ask the cluster's administrator for its name.");
      return;
    }

  for (guint i = 0; i < json_array_get_length (classes); i++)
    {
      JsonNode   *node = json_array_get_element (classes, i);
      const char *name = base_json_get_string (node, "metadata", "name", NULL);

      found |= *wanted != '\0' ? g_strcmp0 (name, wanted) == 0 : is_default_class (node);
      if (first == NULL || is_default_class (node))
        first = name;
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }

  if (found)
    return;
  if (first == NULL)
    report (self, findings, STACK_FIELD_INGRESS_CLASS, STACK_SEVERITY_ERROR, NULL,
            "The cluster has no Ingress class, so nothing would send visitors to the app. An "
            "Ingress controller brings one. In Minikube: minikube addons enable ingress.");
  else if (*wanted != '\0')
    report (self, findings, STACK_FIELD_INGRESS_CLASS, STACK_SEVERITY_ERROR, first,
            "The cluster has no Ingress class “%s”. No controller would serve the host name. The "
            "cluster has: %s.",
            wanted, names->str);
  else
    report (self, findings, STACK_FIELD_INGRESS_CLASS, STACK_SEVERITY_HINT, first,
            "The cluster has no default Ingress class, so “%s” is taken unless you name another. "
            "The cluster has: %s.",
            first, names->str);
}

/* Namespace. */

static void
judge_namespace (StackSurvey *self,
                 GPtrArray   *findings)
{
  const char *name = stack_settings_get_text (self->settings, STACK_FIELD_NAMESPACE);
  JsonNode   *answer = self->answers[STACK_SURVEY_NAMESPACE];

  if (answer != NULL &&
      g_strcmp0 (base_json_get_string (answer, "status", "phase", NULL), "Terminating") == 0)
    report (self, findings, STACK_FIELD_NAMESPACE, STACK_SEVERITY_ERROR, NULL,
            "The namespace “%s” is being deleted. Nothing new can be put into it until it is gone. "
            "Wait, or choose another name.",
            name);
}

/* Quota. */

static double
read_amount (const char *text)
{
  g_autoptr(KubeQuantity) quantity = text != NULL ? kube_quantity_parse (text, NULL) : NULL;

  return quantity != NULL ? kube_quantity_get_value (quantity) : 0;
}

/* What one pod takes of what a quota counts, such as "limits.memory"; 0 of everything else. */
static double
get_share (StackSurvey *self,
           const char  *what)
{
  JsonNode   *deployment = stack_survey_find_object (self, "Deployment");
  JsonArray  *containers;
  gboolean    limits = g_str_has_prefix (what, "limits.");
  const char *dot = strchr (what, '.');
  double      sum = 0;

  if (g_str_equal (what, "pods") || g_str_equal (what, "count/pods"))
    return 1;
  if (deployment == NULL || (dot != NULL && !limits && !g_str_has_prefix (what, "requests.")))
    return 0;

  containers = base_json_get_array (deployment, "spec", "template", "spec", "containers", NULL);
  for (guint i = 0; containers != NULL && i < json_array_get_length (containers); i++)
    sum += read_amount (base_json_get_string (json_array_get_element (containers, i), "resources",
                                              limits ? "limits" : "requests",
                                              dot != NULL ? dot + 1 : what, NULL));

  return sum;
}

/* How many pods come in addition to those that run, and one while they change places. */
static gint64
count_new_pods (StackSurvey *self,
                gint64      *n_running)
{
  JsonNode *deployment = stack_survey_find_object (self, "Deployment");
  JsonNode *live = self->answers[STACK_SURVEY_DEPLOYMENT];
  gint64    wanted = deployment != NULL ? base_json_get_int (deployment, 1, "spec", "replicas", NULL)
                                        : 0;

  *n_running = live != NULL ? base_json_get_int (live, 0, "status", "replicas", NULL) : 0;
  if (live == NULL)
    return wanted;

  return MAX (wanted - *n_running, 0) + 1;
}

static void
judge_quota (StackSurvey *self,
             GPtrArray   *findings,
             JsonNode    *quota)
{
  JsonObject    *hard = base_json_get_object (quota, "status", "hard", NULL);
  gint64         n_running;
  gint64         n_new = count_new_pods (self, &n_running);
  const char    *scarce = NULL;
  double         room = (double) n_new;
  JsonObjectIter iter;
  const char    *what;

  if (hard == NULL || base_json_get_array (quota, "spec", "scopes", NULL) != NULL ||
      base_json_get_object (quota, "spec", "scopeSelector", NULL) != NULL)
    return;

  json_object_iter_init (&iter, hard);
  while (json_object_iter_next (&iter, &what, NULL))
    {
      double share = get_share (self, what);
      double left = read_amount (base_json_get_string (quota, "status", "hard", what, NULL)) -
                    read_amount (base_json_get_string (quota, "status", "used", what, NULL));

      /* Amounts such as 0.1 are no sums of powers of two. */
      if (share > 0 && left / share + 1e-6 < room)
        {
          scarce = what;
          room = MAX (left / share + 1e-6, 0);
        }
    }

  if (scarce != NULL)
    {
      gint64           fitting = n_running + (gint64) room - (n_running > 0 ? 1 : 0);
      g_autofree char *fix = fitting > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, fitting) : NULL;

      report (self, findings, STACK_FIELD_REPLICAS, STACK_SEVERITY_WARNING, fix,
              "The quota “%s” leaves room for %d of %" G_GINT64_FORMAT " new pods: of %s %s may be "
              "used, and %s is. The others would not be made. Run fewer copies, or ask the "
              "cluster's administrator for more.",
              base_json_get_string (quota, "metadata", "name", NULL), (int) room, n_new, scarce,
              base_json_get_string (quota, "status", "hard", scarce, NULL),
              base_json_get_string (quota, "status", "used", scarce, NULL));
    }
}

static void
judge_quotas (StackSurvey *self,
              GPtrArray   *findings)
{
  JsonArray *quotas = get_items (self, STACK_SURVEY_QUOTAS);

  for (guint i = 0; quotas != NULL && i < json_array_get_length (quotas); i++)
    judge_quota (self, findings, json_array_get_element (quotas, i));
}

/* Rights. */

/* Whoever finds the namespace there need not be able to make it. */
static char *
join_rights (StackSurvey *self,
             GPtrArray   *rights)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rights->len; i++)
    {
      const char *right = g_ptr_array_index (rights, i);

      if (self->answers[STACK_SURVEY_NAMESPACE] == NULL ||
          !g_str_equal (right, "create namespaces"))
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", right);
    }

  return g_string_free (text, FALSE);
}

static void
judge_rights (StackSurvey *self,
              GPtrArray   *findings)
{
  const char      *name = stack_settings_get_text (self->settings, STACK_FIELD_NAMESPACE);
  g_autofree char *missing = join_rights (self, self->missing);
  g_autofree char *blind = join_rights (self, self->blind);

  if (*missing != '\0')
    report (self, findings, STACK_FIELD_NAMESPACE, STACK_SEVERITY_ERROR, NULL,
            "You lack rights that a deployment into the namespace “%s” needs: %s. The cluster "
            "would refuse it. Ask its administrator for them, or choose a namespace where you have "
            "them.",
            name, missing);
  if (*blind != '\0')
    report (self, findings, STACK_FIELD_NAMESPACE, STACK_SEVERITY_WARNING, NULL,
            "You lack rights to look on in the namespace “%s”: %s. The app could be deployed, but "
            "not seen to work. Ask the cluster's administrator for them.",
            name, blind);
}

/*
 * stack_survey_judge:
 * @self: a survey that has all its answers
 * @findings: (element-type StackFinding): where the findings go, in the order of the fields
 *
 * Says what the answers mean.
 */
void
stack_survey_judge (StackSurvey *self,
                    GPtrArray   *findings)
{
  judge_namespace (self, findings);
  judge_rights (self, findings);
  judge_image (self, findings);
  judge_quotas (self, findings);
  judge_class (self, findings);
}
