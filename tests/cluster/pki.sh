#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Certificates, kubeconfigs and the filled-in values file. What exists is kept.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
umask 077
secrets=$DIR/secrets
mkdir -p "$PKI" "$secrets"
mkdir -p "$KUBECONFIGS" "$DIR/tls" "$DIR/exec-plugin"
chmod 755 "$KUBECONFIGS" "$DIR/tls"

# ---------- certificates
key() { [ -s "$PKI/$1.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$PKI/$1.key" 2>/dev/null; }
ca() { # NAME COMMON-NAME
  key "$1"
  [ -s "$PKI/$1.crt" ] || openssl req -x509 -new -sha256 -days 3650 -key "$PKI/$1.key" -subj "/CN=$2" \
    -addext 'keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign' -out "$PKI/$1.crt"
}
cert() { # NAME CA SUBJECT USAGE [ALTERNATIVE-NAMES]
  key "$1"
  [ ! -s "$PKI/$1.crt" ] || return 0
  {
    echo "basicConstraints=critical,CA:FALSE"
    echo "keyUsage=critical,digitalSignature,keyEncipherment"
    echo "extendedKeyUsage=$4"
    [ -z "${5-}" ] || echo "subjectAltName=$5"
  } >"$PKI/ext"
  openssl req -new -sha256 -key "$PKI/$1.key" -subj "$3" |
    openssl x509 -req -sha256 -days 3650 -CA "$PKI/$2.crt" -CAkey "$PKI/$2.key" -CAcreateserial -extfile "$PKI/ext" -out "$PKI/$1.crt" 2>/dev/null
  rm "$PKI/ext"
}
ca ca "$NAME"
ca front-proxy-ca "$NAME-front-proxy"
ca stranger-ca stranger
cert apiserver ca /CN=kube-apiserver serverAuth "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:$NODE_IP,IP:$SVC_API"
cert apiserver-kubelet-client ca /O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
cert front-proxy-client front-proxy-ca /CN=front-proxy-client clientAuth
cert controller-manager ca /CN=system:kube-controller-manager clientAuth
cert scheduler ca /CN=system:kube-scheduler clientAuth
cert kube-proxy ca /CN=system:kube-proxy clientAuth
cert kubelet ca "/O=system:nodes/CN=system:node:$NODE" clientAuth,serverAuth "DNS:$NODE,IP:$NODE_IP"
cert ingress ca /CN=hackystack.local serverAuth "DNS:hackystack.local,DNS:*.hackystack.local"
cert admin ca /O=system:masters/CN=admin clientAuth
# The keys of admin, admin-rsa and developer have the three usual forms: PKCS#8, PKCS#1 and SEC 1.
[ -s "$PKI/admin-rsa.key" ] || openssl genrsa -traditional -out "$PKI/admin-rsa.key" 2048 2>/dev/null
cert admin-rsa ca /O=system:masters/CN=admin-rsa clientAuth
[ -s "$PKI/developer.key" ] || openssl ecparam -name prime256v1 -genkey -noout -out "$PKI/developer.key"
cert developer ca /O=developers/CN=developer clientAuth
key sa
[ -s "$PKI/sa.pub" ] || openssl pkey -in "$PKI/sa.key" -pubout -out "$PKI/sa.pub"

if [ ! -s "$PKI/tokens.csv" ]; then
  for u in viewer:1001:viewers exec-plugin:1002:viewers deployer:1003:deployers; do
    IFS=: read -r name uid group <<<"$u"
    printf '%s,%s,%s,"%s"\n' "$(openssl rand -hex 16)" "$name" "$uid" "$group"
  done >"$PKI/tokens.csv"
fi
token() { sed -n "s/^\([^,]*\),$1,.*/\1/p" "$PKI/tokens.csv"; }

install -m 644 "$PKI/ca.crt" "$DIR/ca.crt"
install -m 600 "$PKI/ingress.crt" "$DIR/tls/hackystack.local.crt"
install -m 600 "$PKI/ingress.key" "$DIR/tls/hackystack.local.key"

# ---------- kubeconfigs
b64() { base64 -w0 "$1"; }
# kubeconfig FILE USER-YAML [SERVER [CA]]
kubeconfig() {
  local name=${1##*/}
  cat >"$1.new" <<Y
apiVersion: v1
kind: Config
clusters:
- name: $NAME
  cluster:
    server: ${3:-https://127.0.0.1:$API}
    certificate-authority-data: $(b64 "$PKI/${4:-ca}.crt")
contexts:
- name: $name
  context:
    cluster: $NAME
    user: $name
current-context: $name
users:
- name: $name
  user:
$2
Y
  mv "$1.new" "$1"
}
client() { printf '    client-certificate-data: %s\n    client-key-data: %s' "$(b64 "$PKI/$1.crt")" "$(b64 "$PKI/${2:-$1}.key")"; }
K=$KUBECONFIGS
kubeconfig "$K/admin" "$(client admin)"
kubeconfig "$K/admin-rsa" "$(client admin-rsa)"
kubeconfig "$K/viewer" "    token: \"$(token viewer)\""
kubeconfig "$K/developer" "$(client developer)"
kubeconfig "$K/deployer" "    token: \"$(token deployer)\""
kubeconfig "$K/wrong-ca" "$(client admin)" "" stranger-ca
kubeconfig "$K/wrong-host" "$(client admin)" "https://127.0.0.2:$API"
kubeconfig "$K/bad-token" '    token: "00000000000000000000000000000000"'
kubeconfig "$K/down" "$(client admin)" https://127.0.0.1:1
kubeconfig "$K/mismatch" "$(client admin developer)"

plugin=$DIR/exec-plugin
token exec-plugin >"$plugin/token"
cat >"$plugin/plugin" <<'P'
#!/bin/sh
# Prints the token beside it, which is said to live $1 seconds, and notes the call in the file "calls".
here=$(dirname "$0")
echo "$(date +%s) $KUBERNETES_EXEC_INFO" >>"$here/calls"
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"%s"}}\n' \
  "$(cat "$here/token")" "$(date -u -d "+$1 seconds" +%Y-%m-%dT%H:%M:%SZ)"
P
chmod 700 "$plugin/plugin"
kubeconfig "$K/exec-plugin" "    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: $plugin/plugin
      args: [\"600\"]
      interactiveMode: Never
      provideClusterInfo: true"
# of the cluster's own programs, which do not depend on the packet filter
for c in controller-manager scheduler kube-proxy kubelet; do kubeconfig "$PKI/$c.kubeconfig" "$(client "$c")" "https://$NODE_IP:$API"; done

# ---------- values
[ -s "$secrets/postgres-password" ] || openssl rand -hex 16 >"$secrets/postgres-password"
if [ ! -s "$DIR/values.yaml" ]; then
  letters=$(head -c 4096 /dev/urandom | tr -dc 'A-Za-z0-9')
  cat >"$DIR/values.yaml.new" <<Y
namespace: hackystack
host: hackystack.local
image: hackystack:latest
replicas: 2
nextauthUrl: https://hackystack.local
nextauthSecret: "$(openssl rand -base64 32)"
githubClientId: Ov23li${letters:0:14}
githubClientSecret: "$(openssl rand -hex 20)"
databaseUrl: postgresql://hacky:$(cat "$secrets/postgres-password")@postgres.external-database.svc.cluster.local:5432/hackystack
ingressClass: test
Y
  mv "$DIR/values.yaml.new" "$DIR/values.yaml"
fi
for_user "$K" "$plugin" "$DIR/tls" "$DIR/values.yaml"
