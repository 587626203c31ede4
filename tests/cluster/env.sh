# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Settings and helpers that the other scripts source.
# shellcheck disable=SC2034  # the settings are used there
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
DIR=${HACKYSTACK_TEST_DIR:-/opt/hackystack-test}
DEFAULT_KUBERNETES=1.36.3
K8S=${HACKYSTACK_TEST_KUBERNETES:-$DEFAULT_KUBERNETES}

TOOLS=$DIR/bin                 # the add-ons, the same for every version
BIN=$DIR/bin/$K8S
LOG=$DIR/log
RUN=$DIR/run                   # of the running cluster
PIDS=$RUN/pids
STATE=$DIR/state               # what survives `down`
PKI=$DIR/pki
KUBECONFIGS=$DIR/kubeconfigs
IMAGES=$DIR/images
ADMIN=$KUBECONFIGS/admin

# The name of everything the cluster makes on the machine: cgroup, packet filter chain, CNI network.
NAME=hackystack-test
NODE=test-node
NODE_IP=172.30.0.1             # on lo: reachable from this machine and from pods only
BRIDGE=hackystack0
POD_CIDR=10.244.0.0/24
POD_GW=10.244.0.1
SVC_CIDR=10.96.0.0/16
SVC_API=10.96.0.1
SVC_DNS=10.96.0.10
API=6443
ETCD=12379
ETCD_PEER=12380
REGISTRY=15000
PROCESSES="etcd containerd registry kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy"

PATH=$PATH:/usr/sbin:/sbin     # a user's PATH may lack them
[ "$(id -u)" != 0 ] || export KUBECACHEDIR="$RUN/kubectl"

say() { printf '%s\n' "$*" >&2; }
# die WHAT [NEXT-STEP]
die() {
  printf 'cluster: %s\n' "$1" >&2
  [ -z "${2-}" ] || printf '  %s\n' "$2" >&2
  exit 1
}
# step TEXT LOG PROGRAM ARG...: one line for the reader, the program's output into LOG
step() {
  local text=$1 log=$2 s=$SECONDS
  shift 2
  say "$text…"
  if ! "$@" >>"$log" 2>&1; then
    tail -5 "$log" >&2
    die "'$text' failed after $((SECONDS - s)) s." "The whole output is in $log; the command can be given again."
  fi
  [ $((SECONDS - s)) -lt 5 ] || say "  $((SECONDS - s)) s"
}

case $DIR in
  /*[!A-Za-z0-9._/-]* | [!/]*) die "HACKYSTACK_TEST_DIR must be an absolute path of plain letters, digits, dots, dashes: $DIR" ;;
esac
# Sockets lie below it, and their paths may have 107 bytes.
[ ${#DIR} -le 60 ] || die "HACKYSTACK_TEST_DIR may have 60 characters at most: $DIR"

# running PID: it lives. A zombie, which kill -0 takes for alive, has an empty command line.
running() { [ -n "$(tr -d '\0' 2>/dev/null <"/proc/$1/cmdline")" ]; }
# ours NAME: the recorded process is a program of this directory still, and no file of it was replaced
ours() {
  local pid
  [ -s "$PIDS/$1" ] && read -r pid <"$PIDS/$1" &&
    tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$DIR/" &&
    [[ $(readlink "/proc/$pid/exe") != *' (deleted)' ]]
}
# start NAME PROGRAM ARG...: one process, its pid in $PIDS/NAME, its output in $LOG/NAME.log. It keeps none of our open
# files: a lock that we were run under would be held as long as it lives.
start() {
  local name=$1 log=$LOG/$1.log
  shift
  if ours "$name"; then return 0; fi
  stop_one "$name"
  if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt 20000000 ]; then mv "$log" "$log.old"; fi
  (
    for fd in /proc/self/fd/*; do
      fd=${fd##*/}
      if [ "$fd" -gt 2 ]; then exec {fd}>&-; fi
    done
    exec setsid "$@"
  ) >>"$log" 2>&1 </dev/null &
  echo $! >"$PIDS/$name"
}
# stop_one NAME [TENTHS]: ends the recorded process, and only that one
stop_one() {
  local file=$PIDS/$1 pid
  if [ -s "$file" ] && read -r pid <"$file" && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$DIR/"; then
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq "${2:-50}"); do running "$pid" || break; sleep 0.1; done
    if running "$pid"; then
      kill -KILL "$pid" 2>/dev/null || true
      for _ in $(seq 50); do running "$pid" || break; sleep 0.1; done
    fi
  fi
  rm -f "$file"
}
# wait_for WHAT LOG-NAME SECONDS COMMAND...
wait_for() {
  local what=$1 log=$LOG/$2.log end=$((SECONDS + $3))
  shift 3
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then
      tail -5 "$log" | cut -c1-300 >&2
      die "$what did not get ready." "Look at $log and at: cluster kubectl get pods -A. To begin anew: cluster down --wipe, then cluster up."
    fi
    sleep 0.2
  done
}
api_ready() { [ "$(curl -s -m 3 --noproxy '*' --cacert "$DIR/ca.crt" "https://$NODE_IP:$API/readyz" 2>/dev/null)" = ok ]; }
k() { "$BIN/kubectl" --kubeconfig "$ADMIN" --request-timeout=20s "$@"; }
# foreign: a kubelet or kube-proxy of another cluster in this network namespace
foreign() {
  local d name
  for d in /proc/[0-9]*; do
    name=$(cat "$d/comm" 2>/dev/null) || continue
    case $name in kubelet | kube-proxy)
      [ "$(readlink "$d/ns/net")" = "$(readlink /proc/self/ns/net)" ] || continue
      tr '\0' ' ' 2>/dev/null <"$d/cmdline" | grep -qF "$DIR/" || echo "$name (process ${d#/proc/})" ;;
    esac
  done
}
# for_user FILE...: readable by the user who called sudo, and by nobody else
for_user() { [ -z "${SUDO_UID-}" ] || chown -R "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$@"; }
cgroup_v2() { [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; }
lock() {
  exec 9>"$DIR/lock"
  flock -n 9 || { say "Waiting for another 'cluster' command to end…"; flock 9; }
}
apt() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"; }
# the lists may be missing or old
apt_install() { apt install -y --no-install-recommends "$@" || { apt update && apt install -y --no-install-recommends "$@"; }; }
# packages NAME...: installs the Debian packages that are missing; their services are neither started now nor at boot
packages() {
  local p need=() policy=/usr/sbin/policy-rc.d made=
  for p in "$@"; do dpkg-query -W -f='${Status}\n' "$p" 2>/dev/null | grep -q ' installed$' || need+=("$p"); done
  [ ${#need[@]} -gt 0 ] || return 0
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    made=1
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  step "Installing ${need[*]}" "$LOG/apt.log" apt_install "${need[@]}"
  for p in "${need[@]}"; do
    case $p in
      containerd) systemctl disable containerd.service >/dev/null 2>&1 || true ;;
      postgresql-15) systemctl disable postgresql.service >/dev/null 2>&1 || true ;;
      nftables) systemctl disable nftables.service >/dev/null 2>&1 || true ;;
    esac
  done
  if [ -n "$made" ]; then rm -f $policy; trap - EXIT; fi
}
