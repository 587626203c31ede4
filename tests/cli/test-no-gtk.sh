#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The terminal companion runs where there is no display: it must not need GTK, neither itself nor
# through a library.
set -u
program=$1
status=0
n=0
check() { # NAME TEXT
  n=$((n + 1))
  if found=$(printf '%s\n' "$2" | grep -Ei 'lib(gtk|gdk|adwaita|gtksourceview|vte|wayland|X11)[-0-9.]'); then
    echo "not ok $n - $1"
    printf '%s\n' "$found" | sed 's/^/# /'
    status=1
  elif ! printf '%s\n' "$2" | grep -q 'libgio-2\.0'; then
    echo "not ok $n - $1"
    echo "# it shows no libraries at all"
    status=1
  else
    echo "ok $n - $1"
  fi
}
check "it names no GTK (readelf)" "$(readelf -d "$program")"
check "it needs no GTK (ldd)" "$(ldd "$program")"
echo "1..$n"
exit $status
