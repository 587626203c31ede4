#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Proves on the running cluster what the tests rely on, one line each; takes away what it made.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
api_ready || die "The API server does not answer." "Start the cluster: cluster up"
lock
n=cluster-check
failures=0 checks=0 begin=$SECONDS
work=$(mktemp -d "$RUN/check.XXXXXX")
forward=
kn() { k -n $n "$@"; }
clean() {
  [ -z "$forward" ] || kill "$forward" 2>/dev/null || true
  "$BIN/kubectl" --kubeconfig "$ADMIN" delete ns $n --ignore-not-found --timeout=60s >/dev/null 2>&1 || true
  k -n hackystack-limited delete configmap $n --ignore-not-found >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean EXIT

# has SECONDS PATTERN COMMAND...: the output comes to match in that time
has() {
  local end=$((SECONDS + $1)) pattern=$2
  shift 2
  while true; do
    "$@" >"$work/out" 2>&1 || true
    if grep -qE -- "$pattern" "$work/out"; then return 0; fi
    [ $SECONDS -lt $end ] || return 1
    sleep 0.3
  done
}
quiet() { "$@" >"$work/out" 2>&1; }
# ok WHAT COMMAND...
ok() {
  local what=$1
  shift
  checks=$((checks + 1))
  : >"$work/out"
  if "$@"; then
    echo "ok    $what"
  else
    echo "FAIL  $what: $(tail -2 "$work/out")"
    failures=$((failures + 1))
  fi
}
as() { local who=$1; shift; "$BIN/kubectl" --kubeconfig "$KUBECONFIGS/$who" --request-timeout=10s "$@"; }
may() { local who=$1; shift; as "$who" auth can-i "$@"; }
web() { curl -sS -m 5 --noproxy '*' "$@"; }
code() { web -o /dev/null -w '%{http_code}' "$@"; }

"$BIN/kubectl" --kubeconfig "$ADMIN" delete ns $n --ignore-not-found --timeout=60s >/dev/null
k create ns $n >/dev/null
has 20 default kn get serviceaccount default || die "The namespace $n got no service account." "See $LOG/kube-controller-manager.log."
k label ns $n pod-security.kubernetes.io/enforce=restricted >/dev/null
kn create secret tls tls --cert="$DIR/tls/hackystack.local.crt" --key="$DIR/tls/hackystack.local.key" >/dev/null
# the filled-in values, as the program would set them
url=$(sed -n 's/^databaseUrl: //p' "$DIR/values.yaml")
kn apply -f - >/dev/null <<Y
apiVersion: v1
kind: Secret
metadata: {name: app}
stringData: {DATABASE_URL: "$url", NEXTAUTH_SECRET: check, GITHUB_CLIENT_ID: check, GITHUB_CLIENT_SECRET: check}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
---
apiVersion: v1
kind: Service
metadata: {name: app}
spec: {selector: {app: app}, ports: [{name: http, port: 80, targetPort: 3000}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: app}
spec:
  tls: [{hosts: [check.hackystack.local], secretName: tls}]
  rules: [{host: check.hackystack.local, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: app, port: {name: http}}}}]}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 1001, runAsGroup: 1001, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: app
        image: hackystack:latest
        envFrom: [{secretRef: {name: app}}]
        env: [{name: LOG_INTERVAL_MS, value: "200"}]
        ports: [{name: http, containerPort: 3000}]
        readinessProbe: {httpGet: {path: /api/health/ready, port: http}, periodSeconds: 1}
        securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
---
apiVersion: v1
kind: Pod
metadata: {name: tool}
spec:
  terminationGracePeriodSeconds: 0
  securityContext: {runAsNonRoot: true, runAsUser: 1001, seccompProfile: {type: RuntimeDefault}}
  containers:
  - {name: tool, image: busybox, command: [sleep, "600"], securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, volumeMounts: [{name: data, mountPath: /data}]}
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
Y
# a version broken on purpose, and one whose configuration is
kn get deploy app -o yaml | sed 's/hackystack:latest/hackystack:bad/; s/^  name: app$/  name: bad/; s/app: app$/app: bad/; /uid:\|resourceVersion:/d' | kn apply -f - >/dev/null
kn run unset --image=hackystack:latest --restart=Never --overrides='{"spec":{"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},"containers":[{"name":"unset","image":"hackystack:latest","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}}' >/dev/null

ok "server and kubectl are $K8S" has 5 "^2$" sh -c "'$BIN/kubectl' --kubeconfig '$ADMIN' version | grep -c 'Version: v$K8S'"
ok "Pod Security refuses a privileged pod" has 1 'violates PodSecurity "restricted' kn run no --image=busybox --privileged
ok "Pod Security lets a restricted pod run" quiet kn wait pod/tool --for=condition=Ready --timeout=40s
ok "the app gets ready, with its database" quiet kn rollout status deploy/app --timeout=60s
pod=$(kn get pod -l app=app -o jsonpath='{.items[0].metadata.name}')
in_tool() { kn exec tool -- "$@"; }
in_app() { kn exec "$pod" -- "$@"; }
ok "DNS" has 10 'Address.*10\.96\.' in_tool nslookup app.$n.svc.cluster.local
ok "pod to service: /api/health" has 10 '"status":"healthy".*"database":"healthy","server":"healthy"' in_tool timeout 3 wget -qO- http://app/api/health
ok "/api/health/live" has 5 '"status":"alive".*"memory":\{"used":[0-9]+,"total":[0-9]+\},"pid":1' in_tool timeout 3 wget -qO- http://app/api/health/live
ok "/api/health/ready" has 5 '"status":"ready".*"auth":"ready"' in_tool timeout 3 wget -qO- http://app/api/health/ready
# shellcheck disable=SC2016  # for the shell in the pod
ok "the app runs as user 1001, read-only" has 5 'uid=1001.*read-only' in_app sh -c 'echo $(id; touch /app/x 2>/dev/null || echo read-only)'
ok "hackystack:bad is not ready (503)" has 30 'Readiness probe failed.*503' kn get events
ok "without NEXTAUTH_SECRET it exits with 1" has 30 '^1$' kn get pod unset -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'
ok "and says so in its log" has 5 '"level":"error".*NEXTAUTH_SECRET' kn logs unset
gapless() { # twenty ticks, each one more than the one before
  timeout 10 "$BIN/kubectl" --kubeconfig "$ADMIN" -n $n logs -f "$pod" --since=1s 2>"$work/out" | grep --line-buffered '"tick"' | head -20 |
    sed 's/.*"n":\([0-9]*\).*/\1/' | awk 'NR > 1 && $1 != last + 1 { bad = 1 } { last = $1 } END { exit bad || NR != 20 }'
}
ok "logs are followed without a gap" gapless
exit_code() { local c=0; in_tool sh -c 'exit 7' >"$work/out" 2>&1 || c=$?; [ $c = 7 ]; }
ok "exec gives the exit code" exit_code
ok "exec with a terminal" has 5 pts script -qec "'$BIN/kubectl' --kubeconfig '$ADMIN' -n $n exec -it tool -- tty" /dev/null
"$BIN/kubectl" --kubeconfig "$ADMIN" -n $n port-forward svc/app 19080:80 >"$LOG/port-forward.log" 2>&1 9>&- &
forward=$!
ok "port-forward" has 10 'Version latest, pod app-' web http://127.0.0.1:19080/
kill $forward
forward=
at=(--cacert "$DIR/ca.crt" --resolve "check.hackystack.local:18443:$NODE_IP" --resolve "check.hackystack.local:18080:$NODE_IP")
ok "Ingress with TLS, of our CA" has 10 Version web "${at[@]}" https://check.hackystack.local:18443/
ok "Ingress without TLS" has 10 Version web "${at[@]}" http://check.hackystack.local:18080/
ok "Ingress has class and address" has 10 "^test $NODE_IP$" kn get ingress app -o jsonpath='{.spec.ingressClassName} {.status.loadBalancer.ingress[0].ip}'
kept() { in_tool sh -c 'echo kept >/data/f' && [ "$(cat "$STATE/pv/$(kn get pvc data -o jsonpath='{.spec.volumeName}')/f")" = kept ]; }
ok "a claim is bound, its volume a folder" kept
ok "rolling update to v2" quiet sh -c "'$BIN/kubectl' --kubeconfig '$ADMIN' -n $n set image deploy/app app=hackystack:v2 && '$BIN/kubectl' --kubeconfig '$ADMIN' -n $n rollout status deploy/app --timeout=60s"
ok "v2 answers" has 10 'Version v2' in_tool timeout 3 wget -qO- http://app/
ok "an unknown image is not found" has 20 'docker.io/library/nowhere:1": .*not found' sh -c "'$BIN/kubectl' --kubeconfig '$ADMIN' -n $n set image pod/tool tool=nowhere:1 >/dev/null 2>&1; '$BIN/kubectl' --kubeconfig '$ADMIN' -n $n get events"
db() { k -n external-database exec postgres-0 -- sh -c "PGPASSWORD=$1 psql -h postgres -U hacky -d hackystack -Atc 'select 6 * 7'"; }
# shellcheck disable=SC2016  # the pod knows its password
ok "the external database accepts psql" has 5 '^42$' db '$POSTGRES_PASSWORD'
ok "but no other password" has 1 'password authentication failed' db wrong
ok "metrics of nodes" has 40 "^$NODE +[0-9]+m" k top nodes
ok "metrics of pods" has 60 '^app-.* [0-9]+m' kn top pods

ok "admin may do everything" has 5 '^yes$' may admin '*' '*' --all-namespaces
ok "admin-rsa too" has 5 '^yes$' may admin-rsa '*' '*' --all-namespaces
ok "viewer may list pods" has 5 '^yes$' may viewer list pods -A
ok "viewer may not delete them" has 5 '^no$' may viewer delete pods -A
ok "developer is refused (403)" has 5 'Forbidden' as developer get pods
rm -f "$DIR/exec-plugin/calls"
ok "exec-plugin is viewer by its plugin" has 5 '^yes$' may exec-plugin list pods
ok "the plugin was given the cluster" has 1 "https://127.0.0.1:$API" cat "$DIR/exec-plugin/calls"
deployer() { as deployer -n hackystack-limited create configmap $n && as deployer get ns hackystack-limited && as deployer patch ns hackystack-limited -p '{}'; }
ok "deployer makes objects, reads and patches its namespace" quiet deployer
ok "deployer is refused Ingresses alone (403)" has 5 'ingresses.*is forbidden|Forbidden' as deployer -n hackystack-limited create ingress $n --rule=a/=b:80
ok "deployer has nothing elsewhere" has 5 'Forbidden' as deployer -n $n get pods
ok "wrong-ca" has 5 'unknown authority' as wrong-ca get ns
ok "wrong-host" has 5 'not 127.0.0.2' as wrong-host get ns
ok "bad-token (401)" has 5 'Unauthorized|must be logged in' as bad-token get ns
ok "down" has 5 'refused' as down get ns
ok "mismatch" has 5 'does not match' as mismatch get ns
for_user "$DIR/exec-plugin"

echo "$((checks - failures)) of $checks, $((SECONDS - begin)) s"
[ $failures = 0 ]
