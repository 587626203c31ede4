/* stack-doctor-cluster.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "stack-doctor-cluster.h"

#include "base-json.h"
#include "kube-access.h"
#include "kube-error.h"
#include "kube-request-review.h"
#include "stack-survey-private.h"

/* The answers in the light of a cluster: everything is asked at the same time, and judged when
 * the last answer is there. */

#define MAX_NODES 500
#define MAX_OBJECTS 500

static const KubeResource NODE = { "", "v1", "nodes", "Node", FALSE };
static const KubeResource QUOTA = { "", "v1", "resourcequotas", "ResourceQuota", TRUE };

typedef struct
{
  KubeClient *client; /* (owned) */
  StackSurvey survey;
  guint       n_pending; /* one more than there are, until all have been sent */
  GError     *error;     /* (owned) (nullable) why nothing can be said at all */
} Check;

/* One question on its way. */
typedef struct
{
  GTask           *task; /* (owned) */
  StackSurveyTopic topic;
  char            *right;   /* (owned) (nullable) which right is asked about, in words */
  GPtrArray       *lacking; /* (borrowed) (nullable) where it goes when it is missing */
} Question;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_clear_object (&check->client);
  g_clear_object (&check->survey.settings);
  g_clear_pointer (&check->survey.objects, g_ptr_array_unref);
  g_clear_pointer (&check->survey.missing, g_ptr_array_unref);
  g_clear_pointer (&check->survey.blind, g_ptr_array_unref);
  for (guint i = 0; i < N_STACK_SURVEY_TOPICS; i++)
    {
      g_clear_pointer (&check->survey.answers[i], json_node_unref);
      g_clear_error (&check->survey.errors[i]);
    }
  g_clear_error (&check->error);
  g_free (check);
}

static void
end_one (GTask *task)
{
  Check *check = g_task_get_task_data (task);
  g_autoptr(GPtrArray) findings = NULL;

  if (--check->n_pending > 0 || g_task_return_error_if_cancelled (task))
    return;
  if (check->error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&check->error));
      return;
    }

  findings = g_ptr_array_new_with_free_func ((GDestroyNotify) stack_finding_free);
  stack_survey_judge (&check->survey, findings);
  g_task_return_pointer (task, g_steal_pointer (&findings), (GDestroyNotify) g_ptr_array_unref);
}

static void
question_end (Question *question)
{
  end_one (question->task);
  g_clear_object (&question->task);
  g_free (question->right);
  g_free (question);
}

/* That something is forbidden or not there is an answer; that nobody answers is none. */
static void
take_error (Check  *check,
            GError *error)
{
  if (check->error == NULL && !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN) &&
      !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    check->error = g_error_copy (error);
}

static void
stack_doctor_check_topic_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  Question *question = user_data;
  Check    *check = g_task_get_task_data (question->task);
  GError  **error = &check->survey.errors[question->topic];

  check->survey.answers[question->topic] =
      kube_client_call_finish (KUBE_CLIENT (source), result, error);
  if (*error != NULL)
    take_error (check, *error);
  question_end (question);
}

static void
stack_doctor_check_right_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  Question *question = user_data;
  Check    *check = g_task_get_task_data (question->task);
  g_auto(KubeAccess) access = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) review = NULL;

  review = kube_client_call_finish (KUBE_CLIENT (source), result, &error);
  if (review == NULL || !kube_access_read (&access, review, &error))
    take_error (check, error);
  else if (!access.allowed)
    g_ptr_array_add (question->lacking, g_steal_pointer (&question->right));
  question_end (question);
}

static void
ask (GTask           *task,
     StackSurveyTopic topic,
     KubeRequest     *request)
{
  Check    *check = g_task_get_task_data (task);
  Question *question = g_new0 (Question, 1);
  g_autoptr(KubeRequest) owned = request;

  check->n_pending++;
  question->task = g_object_ref (task);
  question->topic = topic;
  kube_client_call_async (check->client, owned, g_task_get_cancellable (task),
                          stack_doctor_check_topic_cb, question);
}

static void
ask_right (GTask              *task,
           GPtrArray          *lacking,
           const char         *verb,
           const KubeResource *resource,
           const char         *subresource)
{
  Check      *check = g_task_get_task_data (task);
  Question   *question = g_new0 (Question, 1);
  const char *ns = stack_settings_get_text (check->survey.settings, STACK_FIELD_NAMESPACE);
  g_autoptr(KubeRequest) request = NULL;

  /* The namespace is asked about by name, since rights may be given for one of them; but not
   * those to make one, which nobody can have by name. */
  request = kube_request_new_access_review (
      verb, resource, subresource, ns,
      resource == &KUBE_NAMESPACE && !g_str_equal (verb, "create") ? ns : NULL);
  check->n_pending++;
  question->task = g_object_ref (task);
  question->right = g_strdup_printf ("%s %s%s%s", verb, resource->plural,
                                     subresource != NULL ? "/" : "",
                                     subresource != NULL ? subresource : "");
  question->lacking = lacking;
  kube_client_call_async (check->client, request, g_task_get_cancellable (task),
                          stack_doctor_check_right_cb, question);
}

/* What applying the objects takes, and what waiting for them and trying the app does. */
static void
ask_rights (GTask *task)
{
  static const char *const verbs[] = { "get", "create", "patch" };
  Check                   *check = g_task_get_task_data (task);
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < check->survey.objects->len; i++)
    {
      JsonNode           *object = g_ptr_array_index (check->survey.objects, i);
      const KubeResource *resource;

      resource = kube_resource_find (base_json_get_string (object, "apiVersion", NULL),
                                     base_json_get_string (object, "kind", NULL));
      if (resource == NULL || !g_hash_table_add (seen, (gpointer) resource))
        continue;
      for (guint j = 0; j < G_N_ELEMENTS (verbs); j++)
        ask_right (task, check->survey.missing, verbs[j], resource, NULL);
    }

  ask_right (task, check->survey.blind, "list", &KUBE_POD, NULL);
  ask_right (task, check->survey.blind, "watch", &KUBE_POD, NULL);
  ask_right (task, check->survey.blind, "watch", &KUBE_DEPLOYMENT, NULL);
  ask_right (task, check->survey.blind, "get", &KUBE_POD, "log");
  ask_right (task, check->survey.blind, "get", &KUBE_SERVICE, "proxy");
}

static void
ask_topics (GTask *task)
{
  Check      *check = g_task_get_task_data (task);
  const char *ns = stack_settings_get_text (check->survey.settings, STACK_FIELD_NAMESPACE);
  JsonNode   *deployment = stack_survey_find_object (&check->survey, "Deployment");

  ask (task, STACK_SURVEY_NODES,
       kube_request_new_list (&NODE, NULL, KUBE_FORM_OBJECT, NULL, MAX_NODES, NULL));
  ask (task, STACK_SURVEY_CLASSES,
       kube_request_new_list (&KUBE_INGRESS_CLASS, NULL, KUBE_FORM_OBJECT, NULL, MAX_OBJECTS,
                              NULL));
  ask (task, STACK_SURVEY_NAMESPACE, kube_request_new_get (&KUBE_NAMESPACE, NULL, ns));
  ask (task, STACK_SURVEY_QUOTAS,
       kube_request_new_list (&QUOTA, ns, KUBE_FORM_OBJECT, NULL, MAX_OBJECTS, NULL));
  if (deployment != NULL)
    ask (task, STACK_SURVEY_DEPLOYMENT,
         kube_request_new_get (&KUBE_DEPLOYMENT, ns,
                               base_json_get_string (deployment, "metadata", "name", NULL)));
}

/**
 * stack_doctor_check_cluster_async:
 * @settings: the answers, without errors in namespace and image
 * @objects: (element-type JsonNode): what they become ([method@ManifestSet.fill])
 * @client: the cluster
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when everything was asked
 * @user_data: data for @callback
 *
 * Judges the answers in the light of a cluster: whether the image is on its nodes, the Ingress
 * class is there, quotas leave room for the pods, the namespace is not being deleted, and the
 * user has the rights that a deployment takes. Only reads; asks everything at the same time. What
 * the user may not see is said to be not known.
 */
void
stack_doctor_check_cluster_async (StackSettings      *settings,
                                  GPtrArray          *objects,
                                  KubeClient         *client,
                                  GCancellable       *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data)
{
  g_autoptr(GTask) task = NULL;
  Check *check;

  g_return_if_fail (STACK_IS_SETTINGS (settings));
  g_return_if_fail (objects != NULL);
  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  check = g_new0 (Check, 1);
  check->client = g_object_ref (client);
  check->survey.settings = g_object_ref (settings);
  check->survey.objects = g_ptr_array_ref (objects);
  check->survey.missing = g_ptr_array_new_with_free_func (g_free);
  check->survey.blind = g_ptr_array_new_with_free_func (g_free);
  check->n_pending = 1;
  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, stack_doctor_check_cluster_async);
  g_task_set_task_data (task, check, check_free);

  ask_topics (task);
  ask_rights (task);
  end_one (task);
}

/**
 * stack_doctor_check_cluster_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Possible errors are those of [error@Kube.Error] when the cluster does not answer, and
 * %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (element-type StackFinding): what was found; empty when all is well
 */
GPtrArray *
stack_doctor_check_cluster_finish (GAsyncResult *result,
                                   GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, stack_doctor_check_cluster_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
