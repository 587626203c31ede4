#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# with-keyring.sh STATE PROGRAM: runs PROGRAM on a D-Bus of its own, with a home of its own, beside
# a real gnome-keyring-daemon in STATE:
#   ready    unlocked
#   restart  unlocked; PROGRAM runs twice, with HACKYSTACK_TEST_KEYRING=write and then =restart,
#            and the daemon is ended and started in between
#   locked   there is a keyring, and nobody has unlocked it
#   absent   no daemon at all
# Nothing is started on demand: the bus has no service files.
set -eu

state=$1
program=$2

if [ -z "${HACKYSTACK_TEST_HOME:-}" ]; then
  for tool in dbus-run-session gdbus gnome-keyring-daemon; do
    if ! command -v "$tool" > /dev/null; then
      echo "1..0 # SKIP $tool is not installed"
      exit 0
    fi
  done

  HACKYSTACK_TEST_HOME=$(mktemp -d)
  # The runner of all tests searches what they left.
  [ -n "${HACKYSTACK_TEST_KEEP_FILES:-}" ] || trap 'rm -rf "$HACKYSTACK_TEST_HOME"' EXIT
  mkdir -m 0700 "$HACKYSTACK_TEST_HOME/run"
  cat > "$HACKYSTACK_TEST_HOME/bus.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$HACKYSTACK_TEST_HOME/run</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF
  export HACKYSTACK_TEST_HOME
  export HOME="$HACKYSTACK_TEST_HOME" XDG_RUNTIME_DIR="$HACKYSTACK_TEST_HOME/run"
  export XDG_DATA_HOME="$HOME/data" XDG_CONFIG_HOME="$HOME/config" XDG_CACHE_HOME="$HOME/cache"
  unset DISPLAY WAYLAND_DISPLAY GNOME_KEYRING_CONTROL
  dbus-run-session --config-file "$HOME/bus.conf" -- "$0" "$state" "$program"
  exit
fi

daemon=

stop_daemon () {
  if [ -n "$daemon" ]; then
    kill "$daemon" 2> /dev/null || true
    wait "$daemon" 2> /dev/null || true
    daemon=
  fi
}

# The daemon is not under test: what makes the program strict would end it at its first warning.
unset_strict='env -u G_DEBUG -u MALLOC_PERTURB_ -u MALLOC_CHECK_'

# $1: what the daemon reads as the password; nothing: it starts without unlocking
start_daemon () {
  if [ $# -gt 0 ]; then
    printf %s "$1" > "$HOME/password"
    $unset_strict gnome-keyring-daemon --unlock --components=secrets --foreground \
      < "$HOME/password" > "$HOME/daemon.log" 2>&1 &
  else
    $unset_strict gnome-keyring-daemon --components=secrets --foreground > "$HOME/daemon.log" 2>&1 &
  fi
  daemon=$!
  if ! gdbus wait --session --timeout 30 org.freedesktop.secrets; then
    echo "Bail out! the keyring daemon did not start: $(cat "$HOME/daemon.log")"
    exit 1
  fi
  rm -f "$HOME/password"
}

trap stop_daemon EXIT
export HACKYSTACK_TEST_KEYRING="$state"

case $state in
  ready)
    start_daemon password
    ;;
  restart)
    start_daemon password
    HACKYSTACK_TEST_KEYRING="write" "$program" >&2
    stop_daemon
    start_daemon password
    ;;
  locked)
    start_daemon password
    stop_daemon
    start_daemon
    ;;
  absent) ;;
esac

"$program"
