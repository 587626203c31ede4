# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced: find_go sets GO to a Go program that is new enough, and fetches one if there is none.
# HACKYSTACK_GO names a program to use, or is 'fetch' to pass over those that are installed.
GO_FETCHED=1.26.8

go_new_enough() {
  local have want
  have=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
  have=${have#go}
  have=${have%% *}
  want=$(sed -n 's/^go //p' "$HERE/go.mod")
  [ -n "$have" ] && [ "$(printf '%s\n%s\n' "$want" "$have" | sort -V | head -1)" = "$want" ]
}
go_caches() {
  # sudo and services may leave HOME out
  if [ -z "${HOME-}" ]; then export GOCACHE="${GOCACHE:-$DIR/go-cache}" GOMODCACHE="${GOMODCACHE:-$DIR/go-modules}" GOPATH="${GOPATH:-$DIR/go-path}"; fi
}
fetch_go() {
  local version=v0.0.1-go$GO_FETCHED.linux-amd64 old work dir
  packages golang-go ca-certificates
  old=$(command -v /usr/bin/go || command -v go)
  work=$(mktemp -d "$DIR/go-fetch.XXXXXX")
  (
    cd "$work"
    GOFLAGS=-mod=mod GOWORK=off "$old" mod init fetch
    # The module's hash is compared with Go's checksum database.
    GOFLAGS=-mod=mod GOWORK=off GOTOOLCHAIN=local "$old" mod download -json "golang.org/toolchain@$version" >download.json
  ) >>"$LOG/go.log" 2>&1 || { { tail -n 5 "$LOG/go.log"; tail -n 5 "$work/download.json"; } >&2; rm -rf "$work"; die "Go $GO_FETCHED could not be fetched." "Install Go $(sed -n 's/^go //p' "$HERE/go.mod") or newer and name it in HACKYSTACK_GO."; }
  dir=$(sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p' "$work/download.json")
  [ -d "$dir" ] || die "Go's tool did not say where it put the toolchain; see $work/download.json."
  cp -r "$dir" "$work/go"
  chmod -R u+w "$work/go"
  # module archives carry no permission bits
  chmod +x "$work"/go/bin/* "$work"/go/pkg/tool/*/*
  rm -rf "$DIR/go"
  mv "$work/go" "$DIR/go"
  rm -rf "$work"
}
find_go() {
  local g
  go_caches
  if [ -n "${HACKYSTACK_GO-}" ] && [ "$HACKYSTACK_GO" != fetch ]; then
    go_new_enough "$HACKYSTACK_GO" || die "HACKYSTACK_GO=$HACKYSTACK_GO is not Go $(sed -n 's/^go //p' "$HERE/go.mod") or newer."
    GO=$HACKYSTACK_GO
  else
    GO=
    for g in "$(command -v go || true)" /usr/local/go/bin/go "$DIR/go/bin/go"; do
      if [ "${HACKYSTACK_GO-}" = fetch ] && [ "$g" != "$DIR/go/bin/go" ]; then continue; fi
      if [ -n "$g" ] && go_new_enough "$g"; then GO=$g; break; fi
    done
    if [ -z "$GO" ]; then
      say "Fetching Go $GO_FETCHED (once)…"
      fetch_go
      GO=$DIR/go/bin/go
      go_new_enough "$GO" || die "The Go that was fetched does not run: $GO"
    fi
  fi
  if [ "$GO" = "$DIR/go/bin/go" ]; then export GOROOT="$DIR/go"; else unset GOROOT; fi
}
