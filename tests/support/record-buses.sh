#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# record-buses.sh FOLDER: records what goes over the session bus and the accessibility bus into FOLDER,
# as dbus-monitor's raw messages, until both buses end. Returns when it listens.
#
# Of the accessibility bus everything but the calls to programs is recorded: by such a call a test types
# a secret into the form, as a screen reader would for its user. The transfer to the Secret Service needs
# no such exception, since it is encrypted.
set -eu
folder=$1

# record NAME OPTION RULE…: in the background; a monitor is told first that it has lost its name
record() {
  name=$1
  shift
  dbus-monitor "$@" >"$folder/$name.bus" 2>"$folder/$name.log" &
  # shellcheck disable=SC2016
  timeout 10 sh -c 'until grep -aq NameLost "$1"; do sleep 0.05; done' sh "$folder/$name.bus" ||
    { echo "record-buses: the $name bus is not recorded: $(cat "$folder/$name.log")" >&2; exit 1; }
}

record session --session --binary
address=$(gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus --method org.a11y.Bus.GetAddress)
address=${address#*\'}
record accessibility --address "${address%\'*}" --binary type=signal type=method_return type=error \
  type=method_call,destination=org.a11y.atspi.Registry
