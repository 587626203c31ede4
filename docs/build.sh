#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the documentation of src/kube, and fails at the first thing that gi-docgen or the scanner warns of.
# Usage: build.sh BUILD-DIRECTORY. Exit status 77: a program that it needs is not installed.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$1

for program in gi-docgen g-ir-scanner g-ir-compiler; do
  command -v $program >/dev/null || { echo "$program is not installed"; exit 77; }
done
mkdir -p "$build"
log=$build/docs.log
rm -rf "$build/docs/kube" "$build"/docs/Kube-*
# Set up anew each time: what is documented is the headers that there are.
if [ -f "$build/build.ninja" ]; then set -- --reconfigure; else set --; fi
if ! { meson setup "$@" "$build" "$top" -Ddocs=true -Dgui=false -Dtests=false && ninja -C "$build" docs/kube; } >"$log" 2>&1; then
  grep -E -A 3 'arning: Kube:|WARNING|error:|ERROR' "$log" || tail -n 20 "$log"
  exit 1
fi
echo "$build/docs/kube/index.html"
