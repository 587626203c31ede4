#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds Kubernetes, etcd, kubectl and the add-ons from their Go modules.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
# shellcheck source=go.sh
. "$HERE/go.sh"

stamp=$K8S-$(cat "$HERE"/{go.mod,go.sum,build.sh,module.sh} "$HERE"/knode/*.go "$HERE"/addons/*.go | sha256sum | cut -c1-16)
if [ "$(cat "$BIN/.stamp" 2>/dev/null)" = "$stamp" ] && [ -x "$BIN/knode" ] && [ -x "$BIN/kubectl" ] && [ -x "$TOOLS/kaddons" ]; then exit 0; fi
find_go
mkdir -p "$BIN"

# no cgo, no stamp of the repository around this folder
export CGO_ENABLED=0 GOFLAGS="-mod=readonly -buildvcs=false" GOWORK=off GOTOOLCHAIN=local
# stamp_flags VERSION: what the release's own build stamps into two packages
stamp_flags() {
  local p minor=${1#*.}
  flags="-s -w"
  for p in k8s.io/client-go/pkg/version k8s.io/component-base/version; do
    flags="$flags -X $p.gitVersion=v$1 -X $p.gitMajor=${1%%.*} -X $p.gitMinor=${minor%%.*} -X $p.gitTreeState=archive"
  done
}
# build TEXT PROGRAM FOLDER PACKAGE NAME...
build() {
  local text=$1 out=$2 folder=$3 package=$4 name
  shift 4
  cd "$folder"
  [ ! -e "$out" ] || cp -p "$out" "$out.new"   # an unchanged program is not linked again
  step "$text" "$LOG/build.log" nice "$GO" build -trimpath -ldflags "$flags" -o "$out.new" "$package"
  if cmp -s "$out" "$out.new"; then rm "$out.new"; else mv "$out.new" "$out"; fi
  for name in "$@"; do
    [ "$(dirname "$out")/$name" -ef "$out" ] || ln -f "$out" "$(dirname "$out")/$name"
  done
}
module=$HERE
if [ "$K8S" != "$DEFAULT_KUBERNETES" ]; then
  module=$DIR/module/$K8S
  GO=$GO "$HERE/module.sh" "$module"
fi
stamp_flags "$K8S"
once=
[ -x "$BIN/knode" ] || once=" (5 to 15 minutes, once)"
build "Building Kubernetes $K8S$once" "$BIN/knode" "$module" ./knode kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy etcd
# kubectl stands alone: as one name of the big program it would start twice as slowly
build "Building kubectl $K8S" "$BIN/kubectl" "$module" k8s.io/kubernetes/cmd/kubectl
# The add-ons are of the committed module, whichever Kubernetes they serve.
stamp_flags "$DEFAULT_KUBERNETES"
build "Building the add-ons" "$TOOLS/kaddons" "$HERE" ./addons registry kwok kwok-stages
echo "$stamp" >"$BIN/.stamp"
