#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the container images without a registry or a base image: every file comes from a Debian
# package of this machine, or from images/. They lie in $IMAGES as the add-on 'registry' serves them.
set -eu
# shellcheck source=env.sh
. "$(dirname "$0")/env.sh"
work=$IMAGES/work
mkdir -p "$IMAGES/blobs/sha256" "$IMAGES/keys"

sum() { sha256sum | cut -d' ' -f1; }
# copy programs with the shared libraries they need, keeping their paths
with_libs() { # ROOT FILE...
  local root=$1 f lib
  shift
  for f in "$@"; do
    mkdir -p "$root$(dirname "$f")"
    cp -aL "$f" "$root$f"
    { ldd "$f" 2>/dev/null || true; } | { grep -o '/[^ ]*\.so[^ ]*' || true; } | sort -u | while read -r lib; do
      [ -e "$root$lib" ] || { mkdir -p "$root$(dirname "$lib")" && cp -L "$lib" "$root$lib"; }
    done
  done
}
base() { # ROOT: busybox and the usual files of /etc
  local root=$1 a
  rm -rf "$root"
  mkdir -p "$root"/{bin,sbin,etc,tmp,root,proc,sys,dev,run,var,usr/bin,usr/lib,usr/lib64,usr/sbin}
  for a in lib lib64; do ln -s usr/$a "$root/$a"; done
  ln -s ../run "$root/var/run"
  chmod 1777 "$root/tmp"
  cp /bin/busybox "$root/bin/busybox"
  for a in $(/bin/busybox --list); do [ "$a" = busybox ] || ln -sf busybox "$root/bin/$a"; done
  cat >"$root/etc/passwd" <<'P'
root:x:0:0:root:/root:/bin/sh
postgres70:x:70:70::/var/lib/postgresql:/bin/sh
postgres:x:999:999::/var/lib/postgresql:/bin/sh
app:x:1001:1001::/app:/bin/sh
nobody:x:65534:65534::/:/bin/false
P
  printf 'root:x:0:\npostgres70:x:70:\npostgres:x:999:\napp:x:1001:\nnogroup:x:65534:\n' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
}
# blob FILE: moves it among the blobs; prints its digest and size
blob() {
  local d size
  d=$(sum <"$1")
  size=$(stat -c %s "$1")
  mv "$1" "$IMAGES/blobs/sha256/$d"
  printf '"digest":"sha256:%s","size":%s' "$d" "$size"
}
# image NAME TAG ROOT CONFIG: one uncompressed layer
image() {
  local name=library/$1 tag=$2 root=$3 config=$4 layer
  tar --sort=name --mtime=@0 --numeric-owner -C "$root" -cf "$work/layer" .
  layer=$(sum <"$work/layer")
  printf '{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"images.sh"}]}' "$config" "$layer" >"$work/config"
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json",%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar",%s}]}' \
    "$(blob "$work/config")" "$(blob "$work/layer")" >"$work/manifest"
  mkdir -p "$IMAGES/manifests/$name"
  echo "sha256:$(sum <"$work/manifest")" >"$work/ref"
  blob "$work/manifest" >/dev/null
  mv "$work/ref" "$IMAGES/manifests/$name/$tag"
}
# stale NAME KEY...: the image was not made from these yet. `made NAME` notes that it was.
stale() {
  key=$(printf '%s\n' "$recipe" "${@:2}" | sum)
  [ "$(cat "$IMAGES/keys/$1" 2>/dev/null)" != "$key" ] || return 1
  say "Making the image $1…"
  rm -rf "$work"
  mkdir -p "$work"
  changed=1
}
made() { echo "$key" >"$IMAGES/keys/$1"; }
version() { dpkg-query -W -f='${Version}' "$1"; }

recipe=$(sum <"$0")
changed=
path='"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"'

# PostgreSQL's package would make and start a database of its own
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
  mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi
packages busybox-static gcc libc6-dev util-linux tzdata postgresql-15
command -v node >/dev/null || packages nodejs

if stale pause "$(cat "$HERE/images/pause.c")"; then
  mkdir "$work/root"
  gcc -static -Os -s -o "$work/root/pause" "$HERE/images/pause.c"
  image pause 1 "$work/root" '{"Entrypoint":["/pause"],"User":"65535:65535"}'
  made pause
fi

if stale busybox "$(version busybox-static)"; then
  base "$work/root"
  image busybox latest "$work/root" "{\"Cmd\":[\"sh\"],\"Env\":[$path]}"
  made busybox
fi

if stale postgres "$(version postgresql-15)" "$(cat "$HERE/images/postgres-entrypoint.sh")"; then
  root=$work/root pg=/usr/lib/postgresql/15
  base "$root"
  with_libs "$root" $pg/bin/{postgres,initdb,pg_ctl,psql,pg_isready,pg_dump,pg_restore,createdb,dropdb,createuser} /usr/bin/setpriv
  mkdir -p "$root/usr/share/postgresql"
  # without the just-in-time compiler, which would pull in 100 MB, and without the other languages
  for f in "$pg"/lib/*.so; do
    case $f in *llvmjit* | *plperl* | *plpython* | *pltcl*) ;; *) with_libs "$root" "$f" ;; esac
  done
  cp -a /usr/share/postgresql/15 "$root/usr/share/postgresql/15"
  cp -a /usr/share/zoneinfo "$root/usr/share/"
  mkdir -p "$root/usr/lib/locale"
  cp -a /usr/lib/locale/C.utf8 "$root/usr/lib/locale/"
  for f in "$root$pg"/bin/*; do ln -sf "$pg/bin/${f##*/}" "$root/usr/bin/${f##*/}"; done
  mkdir -p "$root"/{var/lib/postgresql/data,run/postgresql,docker-entrypoint-initdb.d,usr/local/bin}
  chown -R 999:999 "$root/var/lib/postgresql" "$root/run/postgresql"
  chmod 3777 "$root/run/postgresql"
  chmod 1777 "$root/var/lib/postgresql/data"
  install -m 755 "$HERE/images/postgres-entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
  image postgres 15 "$root" "{\"Entrypoint\":[\"docker-entrypoint.sh\"],\"Cmd\":[\"postgres\"],\"ExposedPorts\":{\"5432/tcp\":{}},\"Volumes\":{\"/var/lib/postgresql/data\":{}},\"StopSignal\":\"SIGINT\",\"Env\":[$path,\"PGDATA=/var/lib/postgresql/data\",\"PG_MAJOR=15\",\"LANG=C.UTF-8\"]}"
  made postgres
fi

node=$(readlink -f "$(command -v node)")
node_base() { # ROOT: base, Node, and the app's folder
  local root=$1
  base "$root"
  with_libs "$root" "$node"
  # Debian's Node reads some of its own modules from there
  [ ! -d /usr/share/nodejs ] || { mkdir -p "$root/usr/share" && cp -a /usr/share/nodejs "$root/usr/share/"; }
  mkdir -p "$root/usr/local/bin" "$root/app"
  [ "$node" = /usr/local/bin/node ] || ln -sf "$node" "$root/usr/local/bin/node"
}
if stale hackystack "$("$node" --version)" "$(cat "$HERE/images/hackystack.js")"; then
  root=$work/root
  node_base "$root"
  install -m 644 "$HERE/images/hackystack.js" "$root/app/server.js"
  for tag in latest v2 bad; do
    image hackystack $tag "$root" "{\"Entrypoint\":[\"node\"],\"Cmd\":[\"/app/server.js\"],\"User\":\"1001:1001\",\"WorkingDir\":\"/app\",\"ExposedPorts\":{\"3000/tcp\":{}},\"Env\":[$path,\"NODE_ENV=production\",\"PORT=3000\",\"APP_VERSION=$tag\"]}"
  done
  made hackystack
fi

# what a migration Job runs: npx with Prisma, see images/prisma.js
if stale hackystack-migrate "$("$node" --version)" "$(version postgresql-15)" "$(cat "$HERE/images/prisma.js")"; then
  root=$work/root
  node_base "$root"
  with_libs "$root" /usr/lib/postgresql/15/bin/psql
  ln -sf /usr/lib/postgresql/15/bin/psql "$root/usr/bin/psql"
  install -m 755 "$HERE/images/prisma.js" "$root/usr/local/bin/npx"
  image hackystack-migrate latest "$root" "{\"Cmd\":[\"npx\",\"--no-install\",\"prisma\",\"migrate\",\"deploy\"],\"User\":\"1001:1001\",\"WorkingDir\":\"/app\",\"Env\":[$path]}"
  made hackystack-migrate
fi

if stale addons "$(sum <"$TOOLS/kaddons")"; then
  root=$work/root
  mkdir -p "$root/tmp" "$root/etc"
  chmod 1777 "$root/tmp"
  cp "$TOOLS/kaddons" "$root/kaddons"
  for n in coredns metrics-server test-controllers; do ln -s kaddons "$root/$n"; done
  image addons latest "$root" '{"Entrypoint":["/kaddons"]}'
  made addons
fi

# blobs of images that were replaced
if [ -n "$changed" ]; then
  used=$(find "$IMAGES/manifests" -type f -exec cat {} + | sed 's/^sha256://')
  for d in $used; do used="$used $(grep -o 'sha256:[0-9a-f]*' "$IMAGES/blobs/sha256/$d" | sed 's/^sha256://')"; done
  for f in "$IMAGES"/blobs/sha256/*; do
    [[ $used == *${f##*/}* ]] || rm "$f"
  done
fi
rm -rf "$work"
