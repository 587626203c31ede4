#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Takes the cluster down and off the machine. Keeps its state, so that `up` brings the same cluster back;
# with --wipe only the built programs and the images stay.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
wipe=
case ${1-} in --wipe) wipe=1 ;; "") ;; *) die "down knows --wipe only, not $1." ;; esac
if [ ! -d "$DIR" ]; then say "There is no test cluster in $DIR."; exit 0; fi
mkdir -p "$LOG"
lock
begin=$SECONDS
[ ! -e "$RUN/kubernetes" ] || say "Taking Kubernetes $K8S down…"
rm -f "$RUN/complete"

# The API server and kwok would wait for open watches.
for p in kwok kubelet kube-proxy kube-scheduler kube-controller-manager kube-apiserver; do stop_one $p 20; done
stop_one etcd
stop_one registry 20

# ---------- containers: by containerd as long as it answers, else by their cgroup
c() { timeout 20 ctr -a "$RUN/containerd.sock" -n k8s.io "$@"; }
if [ -S "$RUN/containerd.sock" ] && timeout 5 ctr -a "$RUN/containerd.sock" version >/dev/null 2>&1; then
  for t in $(c tasks ls -q); do c tasks kill -s SIGKILL -a "$t" >/dev/null 2>&1 || true; done
  for t in $(c tasks ls -q); do c tasks rm -f "$t" >/dev/null 2>&1 || true; done
  for t in $(c containers ls -q); do
    s=$(c containers info "$t" 2>/dev/null | sed -n 's/.*"SnapshotKey": "\([^"]*\)".*/\1/p' | head -1)
    c containers rm "$t" >/dev/null 2>&1 || true
    [ -z "$s" ] || c snapshots rm "$s" >/dev/null 2>&1 || true
  done
fi
cgroups=$(ls -d /sys/fs/cgroup/"$NAME" /sys/fs/cgroup/*/"$NAME" 2>/dev/null || true)
for _ in $(seq 20); do
  pids=$(for g in $cgroups; do find "$g" -name cgroup.procs -exec cat {} + 2>/dev/null || true; done | sort -u)
  [ -n "$pids" ] || break
  for pid in $pids; do kill -KILL "$pid" 2>/dev/null || true; done
  sleep 0.1
done
for d in /proc/[0-9]*; do
  if [ "$(cat "$d/comm" 2>/dev/null)" = containerd-shim ] && tr '\0' ' ' 2>/dev/null <"$d/cmdline" | grep -qF -- "-address $RUN/containerd.sock"; then
    kill -KILL "${d#/proc/}" 2>/dev/null || true
  fi
done
stop_one containerd

# ---------- mounts, deepest first: tmpfs of secrets, overlay roots, network namespaces
awk '{print $2}' /proc/mounts | { grep -F "$DIR/" || true; } | sort -r | while read -r m; do umount "$m" 2>/dev/null || umount -l "$m" 2>/dev/null || true; done

# ---------- network: the pods' interfaces went with their namespaces
ip link del "$BRIDGE" 2>/dev/null || true
ip addr del "$NODE_IP/32" dev lo 2>/dev/null || true
for chain in INPUT FORWARD OUTPUT; do iptables -w -D $chain -j HACKYSTACK-TEST 2>/dev/null || true; done
iptables -w -t nat -D OUTPUT -j HACKYSTACK-TEST 2>/dev/null || true
for t in filter nat; do
  iptables -w -t $t -F HACKYSTACK-TEST 2>/dev/null || true
  iptables -w -t $t -X HACKYSTACK-TEST 2>/dev/null || true
done
# kube-proxy's, the kubelet's and the port mapping's chains, unless another cluster uses them
if [ -e "$RUN/nft" ] && [ -z "$(foreign)" ]; then
  "$BIN/kube-proxy" --cleanup >>"$LOG/kube-proxy.log" 2>&1 || true
  for x in iptables ip6tables; do
    for t in filter nat mangle; do
      saved=$($x-save -t $t 2>/dev/null || true)
      grep -E '^-A .*-j (KUBE-|CNI-)' <<<"$saved" | sed 's/^-A/-D/' | while read -r rule; do
        eval "$x -w -t $t $rule" </dev/null 2>/dev/null || true
      done
      for o in -F -X; do
        sed -n 's/^:\(\(KUBE-\|CNI-\)[^ ]*\).*/\1/p' <<<"$saved" | while read -r chain; do $x -w -t $t $o "$chain" </dev/null 2>/dev/null || true; done
      done
    done
  done
  # tables that were not there before and hold no rule now
  nft list tables | while read -r table family name; do
    grep -qx "$table $family $name" "$RUN/nft" && continue
    nft list table "$family" "$name" | grep -qvE '^(table .*|\s*chain .*|\s*type .*|\s*\}|)$' || nft delete table "$family" "$name"
  done
fi

# ---------- the rest of the machine
for g in $cgroups; do find "$g" -depth -type d -exec rmdir {} \; 2>/dev/null || true; done
if [ -s "$RUN/controllers" ]; then
  while read -r controller; do echo "-$controller" 2>/dev/null >/sys/fs/cgroup/cgroup.subtree_control || true; done <"$RUN/controllers"
fi
if [ -s "$RUN/sysctl" ]; then xargs sysctl -qw <"$RUN/sysctl" >/dev/null 2>&1 || true; fi
if [ -s "$RUN/modules" ]; then tac "$RUN/modules" | while read -r m; do modprobe -qr "$m" 2>/dev/null || true; done; fi
# fixed places of the kubelet, containerd's shims and the network plugins
find /var/log/containers -lname "$DIR/*" -delete 2>/dev/null || true
listening=$(ss -Hlx)
for s in /run/containerd/s/* /var/lib/kubelet/device-plugins/kubelet.sock; do
  [[ ! -S $s || $listening == *"$s "* ]] || rm -f "$s"
done
for f in /var/lib/cni/results/"$NAME"-*-eth0; do
  [ -e "$f" ] || continue
  id=${f##*/"$NAME"-}
  rm -f "$f" "/var/lib/cni/results/cni-loopback-${id%-eth0}-lo"
done
for d in /var/log/containers /var/lib/cni/results /var/lib/cni /var/lib/kubelet/device-plugins /var/lib/kubelet /run/containerd/s /run/containerd; do
  rmdir "$d" 2>/dev/null || true
done
rm -rf "$RUN"
if [ -n "$wipe" ]; then
  rm -rf "$STATE" "$PKI" "$KUBECONFIGS" "$LOG" "$DIR"/{secrets,exec-plugin,tls,ca.crt,values.yaml}
  say "The cluster is down, its state wiped; the built programs and images are kept in $DIR."
else
  say "The cluster is down after $((SECONDS - begin)) s; its state is kept in $DIR."
fi
