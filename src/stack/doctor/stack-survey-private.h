/* stack-survey-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-doctor-private.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is asked of a cluster beforehand. */
typedef enum
{
  STACK_SURVEY_NODES,
  STACK_SURVEY_CLASSES,
  STACK_SURVEY_NAMESPACE,
  STACK_SURVEY_QUOTAS,
  STACK_SURVEY_DEPLOYMENT, /* the app's, if it runs already */
  N_STACK_SURVEY_TOPICS,
} StackSurveyTopic;

/* What a cluster said. */
typedef struct
{
  StackSettings *settings; /* (owned) */
  GPtrArray     *objects;  /* (element-type JsonNode) (owned) what is to be deployed */

  JsonNode  *answers[N_STACK_SURVEY_TOPICS]; /* (owned) (nullable) */
  GError    *errors[N_STACK_SURVEY_TOPICS];  /* (owned) (nullable) why there is no answer */
  GPtrArray *missing;                        /* (element-type utf8) (owned) rights to deploy */
  GPtrArray *blind;                          /* (element-type utf8) (owned) rights to look on */
} StackSurvey;

void      stack_survey_judge (StackSurvey *self,
                              GPtrArray   *findings);
JsonNode *stack_survey_find_object (StackSurvey *self,
                                    const char  *kind);
char     *stack_image_normalize (const char *image);

G_END_DECLS
