#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Brings the cluster up: what runs already is left alone.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
# shellcheck source=apiserver.sh
. "$HERE/apiserver.sh"

mkdir -p "$DIR" "$LOG"
chmod 755 "$DIR"
files=$(find "$HERE" -type f ! -name '*.md' ! -name check.sh ! -name scale.sh ! -name cluster | sort | xargs cat | sha256sum | cut -c1-16)
complete=$K8S-$files
# already: an earlier `up` of the same files completed, and all of it still runs
already() {
  local p
  [ "$(cat "$RUN/complete" 2>/dev/null)" = "$complete" ] || return 1
  for p in $PROCESSES; do ours "$p" || return 1; done
  api_ready || return 1
  for_user "$KUBECONFIGS" "$DIR/exec-plugin" "$DIR/tls" "$DIR/values.yaml"
  say "Kubernetes $K8S is up already."
  echo "$ADMIN"
}
if already; then exit 0; fi
lock
if already; then exit 0; fi

packages containerd runc containernetworking-plugins iptables nftables busybox-static curl iproute2 openssl procps util-linux
"$HERE/build.sh"
"$HERE/images.sh"

begin=$SECONDS
if [ "$(cat "$RUN/kubernetes" 2>/dev/null || echo "$K8S")" != "$K8S" ]; then
  say "Kubernetes $(cat "$RUN/kubernetes") is running; taking it down for $K8S."
  flock -u 9
  HACKYSTACK_TEST_KUBERNETES=$(cat "$RUN/kubernetes") "$HERE/down.sh"
  lock
fi
if [ "$(cat "$STATE/kubernetes" 2>/dev/null || echo "$K8S")" != "$K8S" ]; then
  say "The state kept is of Kubernetes $(cat "$STATE/kubernetes"); wiping it, with all objects and volumes in it, for $K8S."
  rm -rf "$STATE"
fi
say "Starting Kubernetes $K8S…"
conf=$RUN/conf
mkdir -p "$PIDS" "$conf/certs.d/_default" "$STATE"/{etcd,containerd,containerd-opt,kubelet,pv,podlogs}
chmod 755 "$STATE" "$STATE/pv"
chmod 700 "$STATE/etcd"
echo "$K8S" >"$STATE/kubernetes"
rm -f "$RUN/complete"
"$HERE/pki.sh"

if ! ours etcd && ! ours kube-apiserver; then
  for port in $API $ETCD $ETCD_PEER $REGISTRY 10248 10249 10250 10256 10257 10259; do
    busy=$(ss -Hltnp "sport = :$port" | grep -o 'users:.*' | head -1 || true)
    [ -z "$busy" ] || [[ $(tr '\0' ' ' <"/proc/$(grep -o 'pid=[0-9]*' <<<"$busy" | head -1 | cut -d= -f2)/cmdline") == *"$DIR/"* ]] ||
      die "Port $port is taken by another program: $busy" "Stop that program, then try again."
  done
fi
echo "$K8S" >"$RUN/kubernetes"

# ---------- network: one address on lo, one bridge, nothing on the outer interface
load() { if modprobe -q "$1" 2>/dev/null; then echo "$1" >>"$RUN/modules"; fi; }
[ -e /proc/sys/net/bridge ] || load br_netfilter
grep -qw overlay /proc/filesystems || load overlay
ip addr show dev lo | grep -q " $NODE_IP/32" || ip addr add "$NODE_IP/32" dev lo
ip link show "$BRIDGE" >/dev/null 2>&1 || { ip link add "$BRIDGE" type bridge; ip addr add "$POD_GW/24" dev "$BRIDGE"; }
ip link set "$BRIDGE" up
# the kubelet and kube-proxy set some of these themselves; down.sh puts all of them back
if [ ! -s "$RUN/sysctl" ]; then
  for v in net.ipv4.ip_forward net.ipv4.conf.all.route_localnet net.bridge.bridge-nf-call-iptables fs.inotify.max_user_instances fs.inotify.max_user_watches \
    vm.overcommit_memory kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes vm.panic_on_oom; do
    sysctl "$v" 2>/dev/null || true
  done | sed 's/ = /=/' >"$RUN/sysctl.new"
  mv "$RUN/sysctl.new" "$RUN/sysctl"
fi
sysctl -qw net.ipv4.ip_forward=1
[ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || sysctl -qw net.bridge.bridge-nf-call-iptables=1
for v in fs.inotify.max_user_instances=1024 fs.inotify.max_user_watches=524288; do
  [ "$(sysctl -n "${v%=*}")" -ge "${v#*=}" ] || sysctl -qw "$v"
done
# own cgroup, so that no other kubelet's clean-up meets ours
if cgroup_v2; then
  for c in cpuset cpu memory hugetlb pids; do
    if grep -qw $c /sys/fs/cgroup/cgroup.controllers && ! grep -qw $c /sys/fs/cgroup/cgroup.subtree_control; then
      echo "+$c" >/sys/fs/cgroup/cgroup.subtree_control
      echo $c >>"$RUN/controllers"
    fi
  done
  mkdir -p "/sys/fs/cgroup/$NAME"
else
  for h in /sys/fs/cgroup/*/; do
    case $h in */unified/) continue ;; esac
    mkdir -p "$h$NAME"
    for f in cpuset.cpus cpuset.mems; do [ ! -e "$h$f" ] || cat "$h$f" >"$h$NAME/$f"; done
  done
fi
[ -e "$RUN/nft" ] || nft list tables >"$RUN/nft"
# Own chains: nobody outside reaches the node, the pods or the services, and pods do not get out.
# The API server has one address, which is no loopback one since pods need it; 127.0.0.0/8 leads there.
iptables -w -N HACKYSTACK-TEST 2>/dev/null || iptables -w -F HACKYSTACK-TEST
iptables -w -t nat -N HACKYSTACK-TEST 2>/dev/null || iptables -w -t nat -F HACKYSTACK-TEST
iptables -w -t nat -A HACKYSTACK-TEST -d 127.0.0.0/8 -p tcp --dport $API -j DNAT --to-destination "$NODE_IP:$API"
# A service that kube-proxy does not know yet must not be sought outside, where something may answer.
iptables -w -A HACKYSTACK-TEST -d "$SVC_CIDR" -j REJECT
iptables -w -A HACKYSTACK-TEST -i "$BRIDGE" -d "$POD_CIDR" -j ACCEPT
iptables -w -A HACKYSTACK-TEST -i "$BRIDGE" -d "$NODE_IP" -j ACCEPT
for out in $(ip -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | sort -u); do
  for net in "$NODE_IP/32" "$POD_CIDR" "$SVC_CIDR"; do iptables -w -A HACKYSTACK-TEST -i "$out" -d "$net" -j DROP; done
  iptables -w -A HACKYSTACK-TEST -s "$POD_CIDR" -o "$out" -j REJECT
done
for chain in INPUT FORWARD OUTPUT; do iptables -w -C $chain -j HACKYSTACK-TEST 2>/dev/null || iptables -w -I $chain -j HACKYSTACK-TEST; done
iptables -w -t nat -C OUTPUT -j HACKYSTACK-TEST 2>/dev/null || iptables -w -t nat -I OUTPUT -j HACKYSTACK-TEST

# ---------- configuration files
cat >"$conf/containerd.toml" <<T
version = 2
root = "$STATE/containerd"
state = "$RUN/containerd"
oom_score = 0
[grpc]
  address = "$RUN/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$STATE/containerd-opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/library/pause:1"
  stream_server_address = "127.0.0.1"
  enable_selinux = false
  disable_apparmor = true
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$conf/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = "$RUN/runc"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "$conf/certs.d"
T
# every image name resolves to the registry on loopback and nowhere else
printf 'server = "http://127.0.0.1:%s"\n[host."http://127.0.0.1:%s"]\n  capabilities = ["pull", "resolve"]\n' $REGISTRY $REGISTRY >"$conf/certs.d/_default/hosts.toml"
mkdir -p "$conf/cni"
cat >"$conf/cni/10-$NAME.conflist" <<J
{"cniVersion":"0.4.0","name":"$NAME","plugins":[
 {"type":"bridge","bridge":"$BRIDGE","isGateway":true,"ipMasq":false,"hairpinMode":true,
  "ipam":{"type":"host-local","dataDir":"$RUN/cni","ranges":[[{"subnet":"$POD_CIDR","gateway":"$POD_GW"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
 {"type":"portmap","capabilities":{"portMappings":true}}]}
J
printf '{"cniVersion":"0.4.0","name":"lo","type":"loopback"}' >"$conf/cni/99-loopback.conf"
echo "nameserver 127.0.0.1" >"$conf/resolv.conf" # no outer name server
cat >"$conf/kubelet.yaml" <<Y
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
healthzBindAddress: 127.0.0.1
cgroupDriver: cgroupfs
cgroupRoot: /$NAME
failCgroupV1: false            # refused by default since 1.35
failSwapOn: false
containerRuntimeEndpoint: unix://$RUN/containerd.sock
podLogsDir: $STATE/podlogs
clusterDNS: [$SVC_DNS]
clusterDomain: cluster.local
resolvConf: $conf/resolv.conf
tlsCertFile: $PKI/kubelet.crt
tlsPrivateKeyFile: $PKI/kubelet.key
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $PKI/ca.crt}}
authorization: {mode: Webhook}
volumePluginDir: $STATE/kubelet/plugins-exec
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
imageMinimumGCAge: 24h
maxPods: 100
serializeImagePulls: false
syncFrequency: 10s
nodeStatusUpdateFrequency: 5s
runtimeRequestTimeout: 2m
Y
cat >"$conf/scheduler.yaml" <<Y
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
clientConnection: {kubeconfig: $PKI/scheduler.kubeconfig, qps: 500, burst: 1000}
leaderElection: {leaderElect: false}
Y

# ---------- processes
start etcd "$BIN/etcd" --name test --data-dir "$STATE/etcd" --listen-client-urls http://127.0.0.1:$ETCD \
  --advertise-client-urls http://127.0.0.1:$ETCD --listen-peer-urls http://127.0.0.1:$ETCD_PEER \
  --initial-advertise-peer-urls http://127.0.0.1:$ETCD_PEER --initial-cluster test=http://127.0.0.1:$ETCD_PEER --log-level warn --logger zap
# a kubelet whose containerd went away waits out a back-off of two minutes
ours containerd || stop_one kubelet
# so do the API server's clients after an outage, for a minute
ours kube-apiserver || stop_clients
start registry "$TOOLS/registry" --root "$IMAGES" --listen 127.0.0.1:$REGISTRY
start containerd containerd --config "$conf/containerd.toml" --log-level warn
start_apiserver
wait_for containerd containerd 30 timeout 5 ctr -a "$RUN/containerd.sock" version
# Of an image that was made anew the node forgets the older one, and pulls this one.
c() { timeout 20 ctr -a "$RUN/containerd.sock" -n k8s.io "$@"; }
c images ls | awk '$1 ~ /^docker.io\/library\// { print $1, $3 }' | while read -r ref digest; do
  file=$IMAGES/manifests/${ref#docker.io/}
  file=${file%:*}/${ref##*:}
  [ ! -e "$file" ] || [ "$(cat "$file")" = "$digest" ] || c images rm --sync "$ref" >>"$LOG/images.log" 2>&1
done
since=0000
ours kubelet || since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
start_clients

# ---------- what the cluster holds
objects() {
  local text password
  sed "s#@PV@#$STATE/pv#g; s#@ADDONS@#$(cut -c8-19 "$IMAGES/manifests/library/addons/latest")#g" "$HERE/addons.yaml"
  # no process may have the password among its arguments
  text=$(<"$HERE/contents.yaml")
  password=$(<"$DIR/secrets/postgres-password")
  printf -- '---\n%s\n' "${text//@PASSWORD@/$password}"
}
# the API server's own roles and namespaces may come a moment after /readyz
for i in 1 2 3 4 5 failed; do
  objects | k apply -f - >>"$LOG/apply.log" 2>&1 && break
  [ $i != failed ] || { tail -5 "$LOG/apply.log" >&2; die "The cluster's own objects could not be made." "The whole output is in $LOG/apply.log."; }
  sleep $i
done
# Ready, and said so by this kubelet: after a restart etcd still holds the old status
node_ready() { k get node "$NODE" -o jsonpath='{range .status.conditions[?(@.type=="Ready")]}{.status} {.lastHeartbeatTime}{end}' | awk -v s="$since" '$1 == "True" && $2 >= s { found = 1 } END { exit !found }'; }
# asked for what they do, for the same reason
dns() { timeout 5 busybox nslookup kubernetes.default.svc.cluster.local $SVC_DNS | grep -q $SVC_API; }
ingress() { curl -sS -m 5 --noproxy '*' -o /dev/null "http://$NODE_IP:18080/"; }
database() { timeout 10 "$BIN/kubectl" --kubeconfig "$ADMIN" -n external-database exec postgres-0 -- pg_isready -h postgres -U hacky -d hackystack; }
metrics() { k get --raw /apis/metrics.k8s.io/v1beta1/nodes | grep -q $NODE; }
wait_for "The node" kubelet 90 node_ready
wait_for "Cluster DNS" kubelet 120 dns
wait_for "The Ingress controller" kubelet 120 ingress
wait_for "The external database" kubelet 120 database
wait_for "metrics.k8s.io" kubelet 120 metrics
echo "$complete" >"$RUN/complete"
say "Kubernetes $K8S is up, after $((SECONDS - begin)) s."
echo "$ADMIN"
