/* kube-context-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "kube-auth-exec.h"
#include "kube-context.h"

G_BEGIN_DECLS

/* The fields are filled once, by kube-config-merge.c, and only read from then on, so that a
 * thread may read them. Paths are absolute. */
struct _KubeContext
{
  GObject parent_instance;

  char *name;
  char *source;
  char *cluster_name; /* (nullable) */
  char *user_name;    /* (nullable) */
  char *namespace_;
  char *problem;  /* (nullable) */
  char *provider; /* (nullable) */

  /* The cluster */
  char    *server;          /* (nullable) without slash at the end */
  char    *tls_server_name; /* (nullable) */
  char    *authority_file;  /* (nullable) */
  char    *authority_data;  /* (nullable) base64 */
  gboolean insecure;
  char    *proxy_url;      /* (nullable) wiped on finalize: a password may stand in it */
  char    *proxy_password; /* (nullable) secret */
  gboolean disable_compression;
  char    *exec_settings; /* (nullable) JSON: what the cluster has for a program */

  /* The user; secrets are wiped on finalize */
  char         *certificate_file; /* (nullable) */
  char         *certificate_data; /* (nullable) base64 */
  char         *key_file;         /* (nullable) */
  char         *key_data;         /* (nullable) base64, secret */
  char         *token_file;       /* (nullable) */
  char         *token;            /* (nullable) secret */
  char         *username;         /* (nullable) */
  char         *password;         /* (nullable) secret */
  KubeAuthExec *auth_exec;        /* (nullable) the program to sign in by; main thread only */
  GStrv         impersonation;    /* (nullable) names and values of headers by turns */
};

G_END_DECLS
