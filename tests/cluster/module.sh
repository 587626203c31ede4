#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# module.sh FOLDER: writes there a module that builds knode and kubectl of the Kubernetes $K8S, with the
# dependencies which that release names itself. GO is the Go program.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
folder=$1
export GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local
rm -rf "$folder"
mkdir -p "$folder/knode"
cp "$HERE/knode/main.go" "$folder/knode/"
cd "$folder"

say "Fetching the modules of Kubernetes $K8S…"
"$GO" mod download -json "k8s.io/kubernetes@v$K8S" >release.json 2>>"$LOG/build.log" ||
  { cat release.json >&2; rm -rf "$folder"; die "There is no Kubernetes $K8S to be had, or no way to it." "See $LOG/build.log."; }
field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",*\$/\1/p" release.json; }
release=$(field Dir)
etcd=$(sed -n 's#.*go.etcd.io/etcd/client/v3 \(v[^ ]*\).*#\1#p' "$release/go.mod" | head -1)
# The release replaces its parts by folders beside it; they are modules of their own, 1.N.P being 0.N.P there.
sed -e 's#^module .*#module hackystack.test/cluster#' -e "s#=> ./staging/src/\(k8s.io/[^ ]*\)#=> \1 v0.${K8S#*.}#" "$release/go.mod" >go.mod
printf '\nrequire k8s.io/kubernetes v%s\n\nrequire go.etcd.io/etcd/server/v3 %s\n' "$K8S" "$etcd" >>go.mod
install -m 644 "$release/go.sum" go.sum
"$GO" list -deps ./knode k8s.io/kubernetes/cmd/kubectl >>"$LOG/build.log" 2>&1 ||
  { tail -5 "$LOG/build.log" >&2; rm -rf "$folder"; die "The modules of Kubernetes $K8S do not fit together." "See $LOG/build.log."; }
rm release.json
