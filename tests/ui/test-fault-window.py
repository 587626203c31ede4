#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window while no bytes come from a real cluster: it never takes the past for the present, and
goes on by itself.

Usage: with-desktop.sh test-fault-window.py PROGRAM
HACKYSTACK_TEST_KUBECONFIGS  folder of the test cluster's kubeconfigs
HACKYSTACK_TEST_CLUSTER      its script, to make pods with
"""
import os
import re
import select
import socket
import subprocess
import sys
import threading
import time

from desktop import Missing, Tap, Window, visible

PROGRAM = sys.argv[1]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
OTHER = 'HACKYSTACK_TEST_KUBECONFIG' in os.environ
NAMESPACE = 'ui-test-fault-%d' % os.getpid()
PODS = ''.join('''apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app: box}}
spec:
  terminationGracePeriodSeconds: 0
  automountServiceAccountToken: false
  containers:
  - {name: main, image: busybox, imagePullPolicy: IfNotPresent,
     command: [sh, -c, 'while true; do date; sleep 1; done']}
---
''' % name for name in ('one', 'two'))
PAST = r'^All 2 pods were well when last seen at \d\d:\d\d$'
PRESENT = r'^All 2 pods are well$'


def kubectl(*arguments, text=None):
    subprocess.run([CLUSTER, 'kubectl', *arguments], input=text, text=True, check=True,
                   stdout=subprocess.DEVNULL)


class Relay:
    """The way to the cluster: nothing passes while it is mute, though nobody hangs up."""

    def __init__(self, port):
        self.port = port
        self.mute = threading.Event()
        self.ends = []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.number = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
                far = socket.create_connection(('127.0.0.1', self.port))
            except OSError:
                return
            self.ends += [near, far]
            threading.Thread(target=self.copy, args=(near, far), daemon=True).start()

    def copy(self, near, far):
        other = {near: far, far: near}
        try:
            while True:
                for end in select.select([near, far], [], [], 0.05)[0]:
                    if self.mute.is_set():
                        time.sleep(0.05)
                        continue
                    data = end.recv(65536)
                    if not data:
                        raise OSError
                    other[end].sendall(data)
        except (OSError, ValueError):
            for end in (near, far):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def cut(self):
        for end in self.ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.ends = []

    def close(self):
        self.listener.close()
        self.cut()


def open_window(relay, original):
    path = os.path.join(os.environ['HOME'], 'relayed')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(original.replace('127.0.0.1:%d' % relay.port, '127.0.0.1:%d' % relay.number))
    window = Window(PROGRAM, '--kubeconfig', path)
    try:
        window.label('connected · Kubernetes v1')
        window.type('Namespace', NAMESPACE)
        window.page('Pods')
        window.label(PRESENT, timeout=30)
    except Missing:
        window.kill()
        raise
    return window


def see_it_lost(window, timeout):
    window.label(PAST, timeout=timeout)
    window.label(r'^Not connected since \d\d:\d\d. Showing what was known then.$')
    assert not window.has('label', re.compile(PRESENT), visible)
    assert not window.has('label', re.compile('^connected'), visible)
    assert len([l for l in window.labels() if l == '1/1']) >= 2, window.labels()


def see_it_found(window):
    window.label(PRESENT, timeout=60)
    window.gone('label', re.compile('^Not connected since'), visible)
    window.label('^connected')


def with_window(case):
    with open(os.path.join(KUBECONFIGS, 'admin'), encoding='utf-8') as file:
        original = file.read()
    relay = Relay(int(re.search(r'server:\s*["\']?https://127\.0\.0\.1:(\d+)', original).group(1)))
    window = open_window(relay, original)
    try:
        case(window, relay)
    finally:
        window.kill()
        relay.close()


def cut_and_mute():
    """The connections break, and those made anew lead nowhere: nobody refuses, nobody answers."""
    def case(window, relay):
        relay.mute.set()
        relay.cut()
        see_it_lost(window, 60)
        # While it asks again in vain, nothing of it becomes new.
        end = time.monotonic() + 8
        while time.monotonic() < end:
            assert window.has('label', re.compile(PAST), visible), window.describe()
        relay.mute.clear()
        see_it_found(window)
    with_window(case)


def mute():
    """Nothing says that anything is wrong but that the server's signs of life are missing."""
    def case(window, relay):
        relay.mute.set()
        see_it_lost(window, 240)
        relay.mute.clear()
        see_it_found(window)
    with_window(case)


def log_mute():
    """The log says that it is not followed, and goes on where it was."""
    def case(window, relay):
        window.key('Down', 'Return')
        window.label('^New lines appear as they are written$', timeout=30)
        relay.mute.set()
        relay.cut()
        window.gone('label', re.compile('^New lines appear as they are written$'), visible, timeout=20)
        relay.mute.clear()
        window.label('^New lines appear as they are written$', timeout=60)
    with_window(case)


def main():
    tap = Tap()
    cases = (cut_and_mute, mute, log_mute)
    if not (KUBECONFIGS and CLUSTER) or OTHER:
        for case in cases:
            tap.skip(case.__name__.replace('_', ' '), 'the test cluster alone has this way to it')
        return tap.done()
    kubectl('create', 'namespace', NAMESPACE)
    try:
        kubectl('-n', NAMESPACE, 'apply', '-f', '-', text=PODS)
        kubectl('-n', NAMESPACE, 'wait', '--for=condition=Ready', '--timeout=120s', 'pod', '--all')
        for case in cases:
            tap.check(case.__name__.replace('_', ' '), case)
    finally:
        kubectl('delete', 'namespace', NAMESPACE, '--wait=false')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
