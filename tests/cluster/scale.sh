#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Fake load: scale.sh [PODS [NODES]] makes pods on nodes that kwok, a fake kubelet, keeps Running
# in namespace scale; scale.sh 0 takes them away.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
pods=${1:-10000} nodes=${2:-100} each=500
[[ $pods$nodes =~ ^[0-9]+$ ]] || die "scale takes two numbers: pods and nodes."
api_ready || die "The API server does not answer." "Start the cluster: cluster up"
lock
begin=$SECONDS

if ! ours kwok; then
  "$TOOLS/kwok-stages" >"$RUN/stages.yaml"
  start kwok "$TOOLS/kwok" --config "$RUN/stages.yaml" --kubeconfig "$ADMIN" --manage-all-nodes=false --manage-nodes-with-label-selector=type=kwok \
    --cidr=10.200.0.0/16 --node-ip=10.200.0.1 --node-lease-duration-seconds=40
fi
if [ "$pods" = 0 ]; then
  say "Taking the fake pods and nodes away…"
  # kwok ends the pods, so it stays until they are gone
  k delete ns scale --ignore-not-found --wait=false >/dev/null
  while k get ns scale >/dev/null 2>&1; do
    [ $((SECONDS - begin)) -lt 900 ] || die "The fake pods did not go." "See $LOG/kwok.log."
    sleep 1
  done
  k delete nodes -l type=kwok >/dev/null
  stop_one kwok
  say "Gone, after $((SECONDS - begin)) s."
  exit 0
fi
[ "$pods" -le $((nodes * 500)) ] || die "A fake node takes 500 pods: $nodes are too few for $pods."

say "Making $pods fake pods on $nodes fake nodes…"
k create ns scale --dry-run=client -o yaml | k apply -f - >/dev/null
for i in $(seq "$nodes"); do
  cat <<Y
---
apiVersion: v1
kind: Node
metadata: {name: fake-$i, labels: {type: kwok, kubernetes.io/hostname: fake-$i}}
spec: {taints: [{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}]}
status: {capacity: {cpu: "64", memory: 256Gi, pods: "500"}, allocatable: {cpu: "64", memory: 256Gi, pods: "500"}}
Y
done | k create -f - >"$LOG/scale.log" 2>&1 || true # those of an earlier call are there
# through the real scheduler, some hundred pods a Deployment
sets=$(((pods + each - 1) / each))
for i in $(seq $sets); do
  n=$each
  [ $((i * each)) -le "$pods" ] || n=$((pods - (i - 1) * each))
  cat <<Y
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app-$i, namespace: scale}
spec:
  replicas: $n
  selector: {matchLabels: {app: app-$i}}
  template:
    metadata: {labels: {app: app-$i}}
    spec:
      nodeSelector: {type: kwok}
      tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
      containers: [{name: c, image: fake, resources: {requests: {cpu: 10m, memory: 16Mi}}}]
Y
done | k apply -f - >/dev/null
count() { k -n scale get deploy -o jsonpath='{range .items[*]}{.status.readyReplicas}{"\n"}{end}' | awk '{ n += $1 } END { print n + 0 }'; }
while n=$(count); [ "$n" -lt "$pods" ]; do
  ours kwok || { tail -3 "$LOG/kwok.log" >&2; die "kwok ended." "See $LOG/kwok.log."; }
  [ $((SECONDS - begin)) -lt 900 ] || die "Only $n of $pods fake pods run after 15 minutes." "See $LOG/kwok.log and the namespace scale."
  sleep 1
done
say "$pods fake pods run on $nodes fake nodes, after $((SECONDS - begin)) s."
