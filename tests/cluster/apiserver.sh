# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced: the API server and the programs that watch it, which up.sh and `cluster apiserver` start.
start_apiserver() {
  start kube-apiserver "$BIN/kube-apiserver" --etcd-servers "http://127.0.0.1:$ETCD" \
    --bind-address "$NODE_IP" --secure-port "$API" --advertise-address "$NODE_IP" \
    --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" --client-ca-file "$PKI/ca.crt" \
    --token-auth-file "$PKI/tokens.csv" --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
    --allow-privileged=true --service-cluster-ip-range "$SVC_CIDR" \
    --service-account-issuer https://kubernetes.default.svc.cluster.local \
    --service-account-key-file "$PKI/sa.pub" --service-account-signing-key-file "$PKI/sa.key" \
    --kubelet-client-certificate "$PKI/apiserver-kubelet-client.crt" --kubelet-client-key "$PKI/apiserver-kubelet-client.key" \
    --kubelet-certificate-authority "$PKI/ca.crt" --kubelet-preferred-address-types InternalIP \
    --requestheader-client-ca-file "$PKI/front-proxy-ca.crt" --requestheader-allowed-names front-proxy-client \
    --requestheader-extra-headers-prefix X-Remote-Extra- --requestheader-group-headers X-Remote-Group --requestheader-username-headers X-Remote-User \
    --proxy-client-cert-file "$PKI/front-proxy-client.crt" --proxy-client-key-file "$PKI/front-proxy-client.key" \
    --event-ttl 1h --profiling=false
  wait_for "The API server" kube-apiserver 90 api_ready
}
# After an outage they wait up to a minute before they try again, each: they are started anew instead.
stop_clients() {
  local p
  for p in kubelet kube-proxy kube-scheduler kube-controller-manager; do stop_one $p 20; done
}
start_clients() {
  local conf=$RUN/conf
  start kube-controller-manager "$BIN/kube-controller-manager" --kubeconfig "$PKI/controller-manager.kubeconfig" \
    --authentication-kubeconfig "$PKI/controller-manager.kubeconfig" --authorization-kubeconfig "$PKI/controller-manager.kubeconfig" \
    --bind-address 127.0.0.1 --leader-elect=false --flex-volume-plugin-dir "$STATE/kubelet/plugins-exec" \
    --kube-api-qps 500 --kube-api-burst 1000 --use-service-account-credentials=true \
    --service-account-private-key-file "$PKI/sa.key" --root-ca-file "$PKI/ca.crt" \
    --cluster-signing-cert-file "$PKI/ca.crt" --cluster-signing-key-file "$PKI/ca.key" \
    --node-monitor-grace-period 40s --cert-dir "$RUN/kube-controller-manager" --cluster-name "$NAME"
  start kube-scheduler "$BIN/kube-scheduler" --config "$conf/scheduler.yaml" --authentication-kubeconfig "$PKI/scheduler.kubeconfig" \
    --authorization-kubeconfig "$PKI/scheduler.kubeconfig" --bind-address 127.0.0.1 --cert-dir "$RUN/kube-scheduler"
  start kubelet "$BIN/kubelet" --config "$conf/kubelet.yaml" --kubeconfig "$PKI/kubelet.kubeconfig" --hostname-override "$NODE" --node-ip "$NODE_IP" \
    --root-dir "$STATE/kubelet" --cert-dir "$STATE/kubelet/pki"
  start kube-proxy "$BIN/kube-proxy" --kubeconfig "$PKI/kube-proxy.kubeconfig" --hostname-override "$NODE" --proxy-mode iptables --iptables-min-sync-period 100ms \
    --cluster-cidr "$POD_CIDR" --conntrack-max-per-core 0 --conntrack-min 0 --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0 \
    --nodeport-addresses "127.0.0.0/8,$NODE_IP/32" --healthz-bind-address 127.0.0.1:10256 --metrics-bind-address 127.0.0.1:10249
}
