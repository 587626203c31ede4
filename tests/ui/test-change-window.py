#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the first deployment to a change under load, in the window and in the terminal beside it, and no secret told to anybody.

Usage: with-desktop.sh test-change-window.py PROGRAM HACKYSTACKCTL
Needs a cluster, as test-window.py does, and RECORD=1. HACKYSTACK_TEST_SHOTS is a folder for pictures.
"""
import base64
import json
import os
import re
import subprocess
import sys
import time
from secrets import token_hex

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, '../support'), os.path.join(HERE, '../cli')]
from desktop import Tap, Window, read_values, text_of, visible, walk
from secret_search import LogWatch, ProcessWatch, Secrets
from steady_load import RATE, Load
from terminal import Terminal

PROGRAM, CTL = sys.argv[1:3]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
VALUES = os.environ.get('HACKYSTACK_TEST_VALUES')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
OTHER = 'HACKYSTACK_TEST_KUBECONFIG' in os.environ
SHOTS = os.environ.get('HACKYSTACK_TEST_SHOTS')
NAMESPACE = 'ui-test-change-%d' % os.getpid()
HOST = NAMESPACE + '.local'
DEPLOYMENT = 'deployment/hackystack-app'
# What the client secret becomes, in the window and then in the terminal.
CHANGED = [token_hex(20) for _ in range(2)]


def admin():
    path = os.path.join(KUBECONFIGS, 'admin')
    return path if os.path.exists(path) else path + '.kubeconfig'


def kubectl(*arguments):
    return subprocess.run([CLUSTER, 'kubectl', '-n', NAMESPACE, *arguments], text=True, check=True, stdout=subprocess.PIPE).stdout


def shoot(window, name):
    if SHOTS:
        time.sleep(0.5)
        window.shoot(os.path.join(SHOTS, name + '.png'))


def choose(window, title):
    """Chooses the row of an object."""
    row = window.find('label', title, visible)
    while row.get_role_name() != 'list item':
        row = row.get_parent()
    assert row.get_parent().get_selection_iface().select_child(row.get_index_in_parent())


def shows(window, *lines):
    """Waits until the comparison has all these lines."""
    for line in lines:
        window.find(None, re.compile('^(As it is, and what changes|As it will be)$'),
                    lambda node: visible(node) and re.search(line, text_of(node), re.M))


class Story:
    """One user's deployment, and who looks on all the while."""

    def __init__(self):
        self.secrets = Secrets.of_file(VALUES, CHANGED)
        self.values = {**read_values(VALUES), 'namespace': NAMESPACE, 'host': HOST, 'nextauthUrl': 'https://' + HOST}
        self.window = None
        self.processes = ProcessWatch(self.secrets)
        self.logs = LogWatch(self.secrets, os.path.join(os.path.dirname(VALUES), 'state', 'podlogs'))
        self.processes.start()
        self.logs.start()

    def check_tree(self):
        said = self.window.everything()
        assert 'GITHUB_CLIENT_SECRET' in said and HOST in said, 'The tree was not read'
        assert not self.secrets.are_in(said), 'A secret can be read: ' + ', '.join(
            repr(node) for node in walk(self.window.root) if self.secrets.are_in(text_of(node) or ''))

    # --- in this order

    def first_deployment(self):
        """From the empty form to proven."""
        self.window = Window(PROGRAM, '--kubeconfig', admin())
        self.window.label('connected · Kubernetes v1')
        self.window.fill(self.values)
        self.check_tree()
        self.window.click(re.compile('^Review'))
        self.window.label(r'^\d+ objects would change$')
        self.check_tree()
        shoot(self.window, 'first-plan')
        self.window.click(re.compile(r'^Deploy \d+ changes$'))
        self.window.label('^Hacky Stack works$', timeout=240)
        self.window.label('healthy')
        if not OTHER:
            self.window.label('https://%s answers .HTTP 200.' % re.escape(HOST))
        self.check_tree()
        shoot(self.window, 'first-done')

    def variables(self):
        return json.loads(kubectl('get', 'configmap/hackystack-config', '-o', 'jsonpath={.data}'))

    @staticmethod
    def read_secret():
        data = json.loads(kubectl('get', 'secret/hackystack-secrets', '-o', 'json'))['data']
        return base64.b64decode(data['GITHUB_CLIENT_SECRET']).decode()

    def wait_for_old_pods(self):
        """Until those of the version before have gone."""
        end = time.monotonic() + 120
        while len(kubectl('get', 'pods', '-o', 'name').split()) != 2:
            assert time.monotonic() < end, kubectl('get', 'pods')
            time.sleep(0.5)

    def change(self):
        """An address and a secret are changed: the plan says so, and the pods take turns."""
        window = self.window
        window.click('Configure', 'page tab')
        window.type('NEXTAUTH_URL', 'https://%s:8443' % HOST)
        window.type('GITHUB_CLIENT_SECRET', CHANGED[0])
        window.click(re.compile('^Review'))
        window.label('^3 objects would change$')
        choose(window, 'ConfigMap hackystack-config')
        shows(window, r'^- +NEXTAUTH_URL: "?https://%s"?$' % re.escape(HOST), r'^\+ +NEXTAUTH_URL: "?https://%s:8443"?$' % re.escape(HOST))
        shoot(window, 'change-config')
        choose(window, 'Secret hackystack-secrets')
        shows(window, r'GITHUB_CLIENT_SECRET: ••• changed$', r'DATABASE_URL: ••• unchanged$')
        shoot(window, 'change-secret')
        choose(window, 'Deployment hackystack-app')
        shows(window, r'^\+ +desktop.hackystack.io/config-digest:')
        self.check_tree()

        window.click('Deploy 3 changes')
        shoot(window, 'change-progress')
        window.label('^Hacky Stack works$', timeout=240)
        self.check_tree()
        assert self.variables()['NEXTAUTH_URL'] == 'https://%s:8443' % HOST, self.variables()
        assert self.read_secret() == CHANGED[0], 'The secret was not changed'

    def change_under_load(self):
        """Not one of fifty visitors a second notices."""
        load = None
        if not OTHER:
            load = Load(HOST)
            load.ask()
            assert load.n_good == 1, load.failures
            load.start()
        before = kubectl('get', 'pods', '-o', 'name').split()
        try:
            self.change()
            self.wait_for_old_pods()
        finally:
            if load:
                load.stop()
        assert not set(before) & set(kubectl('get', 'pods', '-o', 'name').split()), 'No pod was replaced'
        if load:
            print('# ' + load.summary())
            assert not load.failures, load.summary()
            assert load.n_good > 5 * RATE, load.summary()

    def terminal(self, *arguments):
        return Terminal(CTL, ['--kubeconfig', admin(), '-n', NAMESPACE, *arguments], dict(os.environ, TERM='xterm', LC_ALL='C.UTF-8'), 120)

    def change_in_terminal(self):
        """The same session bus and keyring, no echo."""
        terminal = self.terminal('config', 'set', 'GITHUB_CLIENT_SECRET')
        terminal.see('(it is not shown):')
        terminal.wait_for_echo(False)
        terminal.type(CHANGED[1] + '\n')
        terminal.see('[y/N]')
        terminal.type('y\n')
        assert terminal.wait(240) == 0, terminal.screen
        assert not self.secrets.are_in(terminal.screen), 'A secret is on the terminal'
        terminal.close()
        assert self.read_secret() == CHANGED[1], 'The secret was not changed'

    def undo_in_terminal(self):
        terminal = self.terminal('undo', '--yes')
        assert terminal.wait(240) == 0, terminal.screen
        assert not self.secrets.are_in(terminal.screen), 'A secret is on the terminal'
        terminal.close()
        assert self.read_secret() == CHANGED[0], 'The secret did not come back'

    def leave(self):
        said = [line for line in self.window.messages().splitlines() if re.search('CRITICAL|WARNING|ERROR', line)]
        assert not said, '\n'.join(said)
        self.window.key('ctrl+w')
        status = self.window.wait(20)
        # GLib drops its first table of quarks on purpose when it outgrows 2048 of them (gquark.c).
        if not re.search(r'SUMMARY: AddressSanitizer: 16384 byte\(s\) leaked in 1 allocation', self.window.messages()):
            assert status == 0, 'it ended with %d: %s' % (status, self.window.messages()[-3000:])

    # --- what they saw who looked on

    def no_secret_in_processes(self):
        self.processes.stop()
        print('# %d looks at every process' % self.processes.looks)
        assert not self.processes.offenders, self.processes.offenders

    def no_secret_in_pods(self):
        """What the app said, and what the cluster says of it."""
        self.logs.stop()
        assert not self.logs.offenders, self.logs.offenders
        said = kubectl('logs', '--all-containers', '--prefix', '-l', 'app.kubernetes.io/name=hackystack', '--tail=-1') + \
            kubectl('get', 'events', '-o', 'json') + kubectl('get', 'pods,deployments,replicasets,services,ingresses,configmaps', '-o', 'json')
        assert '/api/health' in said, 'The logs were not read'
        assert not self.secrets.are_in(said), 'A secret is in a log, an event or an object that is no Secret'

    def no_secret_on_a_bus(self):
        folder = os.path.join(os.environ['HOME'], 'buses')
        for name, proof in (('session', b'org.freedesktop.Secret.Collection'), ('accessibility', b'Hacky Stack works')):
            path = os.path.join(folder, name + '.bus')
            with open(path, 'rb') as stream:
                said = stream.read()
            print('# %s bus: %d bytes' % (name, len(said)))
            assert proof in said, 'The %s bus was not recorded' % name
            where = [said[max(0, at - 600):at] for form in self.secrets.forms for at in [said.find(form)] if at >= 0]
            assert not where, 'A secret is on the %s bus after %r' % (name, where[0])

    def no_secret_in_a_file(self):
        """Of the desktop: settings, state, evidence, the keyring itself, what was written to the terminal."""
        folder = os.path.dirname(os.environ['HOME'])
        assert os.path.exists(os.path.join(os.environ['XDG_DATA_HOME'], 'keyrings', 'login.keyring')), 'No keyring was written'
        found = self.secrets.find_files([folder])
        assert not found, found

    def close(self):
        if self.window:
            self.window.kill()
        self.processes.ended.set()
        self.logs.ended.set()
        subprocess.run([CLUSTER, 'kubectl', 'delete', 'namespace', NAMESPACE, '--wait=false', '--ignore-not-found'], stdout=subprocess.DEVNULL)


CASES = ('first_deployment', 'change_under_load', 'change_in_terminal', 'undo_in_terminal', 'leave', 'no_secret_in_processes',
         'no_secret_in_pods', 'no_secret_on_a_bus', 'no_secret_in_a_file')


def main():
    tap = Tap()
    if not (KUBECONFIGS and VALUES and CLUSTER):
        for name in CASES:
            tap.skip(name.replace('_', ' '), 'HACKYSTACK_TEST_KUBECONFIGS, _VALUES and _CLUSTER are not set')
        return tap.done()
    story = Story()
    for name in CASES:
        tap.check(name.replace('_', ' '), getattr(story, name))
    story.close()
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
