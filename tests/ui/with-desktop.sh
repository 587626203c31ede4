#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command on a desktop of its own: an X server, a session bus, a keyring, empty folders.
# Usage: with-desktop.sh COMMAND ARGUMENT…
# KEYRING=unlocked (default), locked or absent. SCREEN=1600x1000 by default.
# RECORD=1 records the buses into $HOME/buses (support/record-buses.sh).
set -eu
here=$(dirname "$(readlink -f "$0")")

if [ "${1-}" = --inside ]; then
  shift
  if [ -n "${RECORD-}" ]; then
    mkdir "$HOME/buses"
    "$here/../support/record-buses.sh" "$HOME/buses"
  fi
  keyring=
  case ${KEYRING-unlocked} in
    unlocked) unlock=password ;;
    locked) unlock= ;;
    absent) exec "$@" ;;
    *) echo "with-desktop.sh: KEYRING is unlocked, locked or absent" >&2; exit 2 ;;
  esac
  # The first unlocking makes the keyring; starting without a password leaves it locked.
  if [ -n "$unlock" ] || [ ! -e "$XDG_DATA_HOME/keyrings/login.keyring" ]; then
    printf password | gnome-keyring-daemon --foreground --unlock --components=secrets >"$HOME/keyring.log" 2>&1 &
    keyring=$!
    # Asked by name, not by a call, which would start another one.
    timeout 10 bash -c 'until gdbus call --session --dest org.freedesktop.DBus --object-path / --method org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets | grep -q true; do sleep 0.05; done'
  fi
  if [ -z "$unlock" ]; then
    gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
      --method org.freedesktop.Secret.Service.Lock '[objectpath "/org/freedesktop/secrets/collection/login"]' >/dev/null
  fi
  rc=0
  "$@" || rc=$?
  [ -z "$keyring" ] || kill "$keyring" 2>/dev/null || true
  exit $rc
fi

for program in Xvfb dbus-run-session; do
  command -v $program >/dev/null || { echo "1..0 # SKIP $program is not installed"; exit 0; }
done
desktop=$(mktemp -d)
chmod 700 "$desktop"
mkdir -m 700 "$desktop/run" "$desktop/home"
mkdir -p "$desktop/home/.config/gtk-4.0"
printf '[Settings]\ngtk-font-name=Cantarell 11\ngtk-xft-antialias=1\n' >"$desktop/home/.config/gtk-4.0/settings.ini"
export HOME=$desktop/home XDG_RUNTIME_DIR=$desktop/run
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
export XDG_STATE_HOME=$HOME/.local/state XDG_CACHE_HOME=$HOME/.cache
export GSETTINGS_BACKEND=${GSETTINGS_BACKEND-memory} GSK_RENDERER=cairo GDK_DEBUG=gl-disable GDK_BACKEND=x11
export LC_ALL=${LC_ALL-C.UTF-8}
unset WAYLAND_DISPLAY AT_SPI_BUS_ADDRESS DBUS_SESSION_BUS_ADDRESS GTK_A11Y NO_AT_BRIDGE KUBECONFIG

mkfifo "$desktop/display"
Xvfb -displayfd 3 -screen 0 "${SCREEN-1600x1000}x24" -nolisten tcp -noreset 3>"$desktop/display" 2>/dev/null &
server=$!
cleanup() {
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  # The runner of all tests searches what they left.
  [ -n "${HACKYSTACK_TEST_KEEP_FILES-}" ] || rm -rf "$desktop"
}
trap cleanup EXIT
read -r number <"$desktop/display"
export DISPLAY=:$number

rc=0
dbus-run-session -- "$here/with-desktop.sh" --inside "$@" || rc=$?
exit $rc
