/* stack-image-steps-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "stack-image-output.h"
#include "stack-image-tools-private.h"

G_BEGIN_DECLS

#define STACK_IMAGE_NAME "hackystack"

typedef struct _StackImageStep StackImageStep;

/* A build on its way. */
typedef struct
{
  char             *profile;     /* (nullable) of Minikube */
  char             *folder;      /* that holds the Dockerfile */
  StackImageOutput *output;      /* (owned) */
  StackImageTools  *tools;       /* (owned) (nullable) */
  GStrv             environment; /* (owned) (nullable) */
  char             *scratch;     /* (owned) (nullable) a folder */
  GString          *document;    /* (owned) what the step printed, if that is read */
  char             *built;       /* (owned) what the image is called until its ID is known */
  char             *reference;   /* (owned) (nullable) what it is to be called */
  GError           *silent;      /* (owned) (nullable) the error if no node has it */
  GError           *error;       /* (owned) (nullable) why it ends */

  const StackImageStep *step; /* (nullable) */
} StackImageRun;

/* One command. */
struct _StackImageStep
{
  const char *words;   /* what is going on */
  const char *command; /* how people call it; NULL ends the list */
  void (*add_arguments) (StackImageRun *run,
                         GPtrArray     *argv);
  /* After it has succeeded; nullable. */
  gboolean (*take) (StackImageRun *run,
                    GError       **error);
  gboolean reads; /* its standard output is for us */
};

extern const StackImageStep _stack_image_minikube_steps[];
extern const StackImageStep _stack_image_docker_steps[];

StackImageRun *_stack_image_run_new (const char       *profile,
                                     const char       *folder,
                                     const char       *tag,
                                     StackImageOutput *output);
void           _stack_image_run_free (gpointer data);

G_END_DECLS
