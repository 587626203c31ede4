#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, driven from outside: without a cluster, and with a real one.

Usage: with-desktop.sh test-window.py PROGRAM
HACKYSTACK_TEST_KUBECONFIGS  folder of the test cluster's kubeconfigs
HACKYSTACK_TEST_VALUES       its values file
HACKYSTACK_TEST_CLUSTER      its script, to clean up with
Without them the cases that need a cluster are skipped.
"""
import os
import re
import socket
import subprocess
import sys
import threading
import time

from desktop import Missing, Tap, Window, read_values, text_of, visible

PROGRAM = sys.argv[1]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
VALUES = os.environ.get('HACKYSTACK_TEST_VALUES')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
OTHER = 'HACKYSTACK_TEST_KUBECONFIG' in os.environ
NAMESPACE = 'ui-test-%d' % os.getpid()


def kubeconfig(name):
    path = os.path.join(KUBECONFIGS, name)
    return path if os.path.exists(path) else path + '.kubeconfig'


def write_file(name, text):
    path = os.path.join(os.environ['HOME'], name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def leave(window, timeout=15, keys='ctrl+w'):
    """Closes the window; the process has to end by itself, well, and without a leak."""
    window.key(keys)
    status = window.wait(timeout)
    # GLib drops its first table of quarks on purpose when it outgrows 2048 of them (gquark.c).
    if re.search(r'SUMMARY: AddressSanitizer: 16384 byte\(s\) leaked in 1 allocation', window.messages()):
        return
    assert status == 0, 'it ended with %d: %s' % (status, window.messages()[-3000:])


def quiet(window):
    """Nothing was written to the terminal, least of all a warning of GTK."""
    said = [l for l in window.messages().splitlines() if re.search('CRITICAL|WARNING|ERROR', l)]
    assert not said, '\n'.join(said)


# Without a cluster

def no_kubeconfig():
    window = Window(PROGRAM)
    try:
        window.label('No cluster to work with yet')
        window.label(re.escape('.kube/config'))
        window.find('button', 'Choose a kubeconfig file…', visible)
        window.find('button', 'Try again', visible)
        window.label('not connected')
        quiet(window)
        leave(window)
    finally:
        window.kill()


def broken_kubeconfig():
    path = write_file('broken', 'apiVersion: v1\nclusters: [')
    window = Window(PROGRAM, '--kubeconfig', path)
    try:
        window.label(re.escape(path))
        # Mended meanwhile, it is read again.
        write_file('broken', KUBECONFIG_OF_NOBODY)
        window.click('Try again')
        window.label('refused|no answer')
        leave(window)
    finally:
        window.kill()


KUBECONFIG_OF_NOBODY = '''apiVersion: v1
kind: Config
current-context: nobody
clusters: [{name: nobody, cluster: {server: "https://127.0.0.1:9", insecure-skip-tls-verify: true}}]
users: [{name: nobody, user: {token: nothing}}]
contexts:
- {name: nobody, context: {cluster: nobody, user: nobody}}
- {name: broken, context: {cluster: missing, user: nobody}}
'''


def no_answer():
    window = Window(PROGRAM, '--kubeconfig', write_file('nobody', KUBECONFIG_OF_NOBODY))
    try:
        window.label('refused|no answer')
        window.label('Cannot reach the cluster at https://127.0.0.1:9')
        window.label('switches the check of the server’s certificate off')
        window.label('Not connected to a cluster|answers missing')
        window.page('Pods')
        window.label('The pods cannot be read')
        quiet(window)
        leave(window)
    finally:
        window.kill()


def changed_kubeconfig():
    window = Window(PROGRAM, '--kubeconfig', write_file('changing', KUBECONFIG_OF_NOBODY))
    try:
        window.label('refused|no answer')
        # Written anew with the same contents, it has not changed: the banner comes for what follows.
        write_file('changing', '# said\n' + KUBECONFIG_OF_NOBODY)
        write_file('changing', 'contexts: [')
        window.label('The kubeconfig has changed and cannot be used now.*is not valid YAML')
        assert not window.has('button', 'Reload', visible)
        window.label('Cannot reach the cluster at https://127.0.0.1:9')
        write_file('changing', KUBECONFIG_OF_NOBODY.replace('127.0.0.1:9', '127.0.0.1:7'))
        window.label(re.escape('The kubeconfig has changed.') + '$')
        window.label('Cannot reach the cluster at https://127.0.0.1:9')
        window.click('Reload')
        window.label('Cannot reach the cluster at https://127.0.0.1:7')
        window.gone('label', re.compile('The kubeconfig has changed'), visible)
        # The context in use is gone: no other one takes its place by itself.
        write_file('changing', KUBECONFIG_OF_NOBODY.replace('nobody', 'somebody'))
        window.click('Reload')
        window.label('There is no context “nobody”')
        quiet(window)
        leave(window)
    finally:
        window.kill()


def doctor():
    window = Window(PROGRAM, '--kubeconfig', write_file('nobody', KUBECONFIG_OF_NOBODY))
    try:
        window.type('Namespace', 'Not a name')
        window.find('label', re.compile('lower|letters|name', re.I), lambda n: visible(n)
                    and n.get_name() not in ('Namespace', 'Names'))
        assert not window.enabled('Review…')
        window.type('NEXTAUTH_URL', 'https://hacky.example')
        window.label(re.escape('https://hacky.example/api/auth/callback/github'))
        window.click('Generate')
        window.find(None, 'NEXTAUTH_SECRET', lambda n: n.get_editable_text_iface() is not None
                    and len(text_of(n)) >= 32)
        leave(window)
    finally:
        window.kill()


def values_file():
    path = write_file('values.yaml', 'host: from.values.example\nreplicas: 3\n')
    window = Window(PROGRAM, '--kubeconfig', write_file('nobody', KUBECONFIG_OF_NOBODY), '--values', path)
    try:
        window.find(None, 'Host name', lambda n: text_of(n) == 'from.values.example')
        leave(window)
    finally:
        window.kill()
    path = write_file('values.yaml', 'hots: typing.error\n')
    window = Window(PROGRAM, '--kubeconfig', write_file('nobody', KUBECONFIG_OF_NOBODY), '--values', path)
    try:
        window.label('The form was not filled from .*hots')
        leave(window)
    finally:
        window.kill()


def second_start():
    window = Window(PROGRAM)
    try:
        again = subprocess.run([PROGRAM, '--page', 'logs'], timeout=20, stderr=subprocess.DEVNULL)
        assert again.returncode == 0
        end = time.monotonic() + 5
        while window.labels().count('Logs') < 2:  # in the list of pages, and as the title
            assert time.monotonic() < end, window.labels()
        version = subprocess.run([PROGRAM, '--version'], timeout=20, stdout=subprocess.PIPE, text=True)
        assert re.match(r'hackystack-desktop \d', version.stdout), version.stdout
        leave(window)
    finally:
        window.kill()


# With a cluster

def deploy_and_look():
    values = dict(read_values(VALUES), namespace=NAMESPACE)
    values['host'] = NAMESPACE + '.local'
    values['nextauthUrl'] = 'https://' + values['host']
    merged = write_file('nobody', KUBECONFIG_OF_NOBODY) + ':' + kubeconfig('admin')
    window = Window(PROGRAM, environment={'KUBECONFIG': merged})
    try:
        window.label('refused|no answer')
        window.click('Cluster')
        window.find(None, 'admin', lambda n: n.get_role_name() == 'list item')
        window.type('Find a cluster', 'adm')
        window.gone('list item', 'nobody')
        window.key('Return')
        window.label('connected · Kubernetes v1')
        window.fill(values)
        window.label(r'^\d+ changes$')
        window.deploy()
        window.label('^Deploying to admin$|^Hacky Stack works$')
        window.label('Namespace ' + NAMESPACE)
        window.label('^Hacky Stack works$', timeout=180)
        window.label('healthy')
        window.click('Show the pods')
        window.label('^All 2 pods are well$')
        ready = [l for l in window.labels() if l == '1/1']
        assert len(ready) >= 2, window.labels()
        window.page('Logs')
        window.label('New lines appear as they are written', timeout=30)
        count = lines_of(window)
        end = time.monotonic() + 40
        while lines_of(window) <= count:
            if time.monotonic() > end:
                raise Missing('no new lines: ' + window.describe())
            time.sleep(0.5)
        quiet(window)
        leave(window)
    finally:
        window.kill()


def lines_of(window):
    return int(re.sub(r'\D', '', window.label(r'^[\d.,\s]+ lines?$')))


def remembered():
    """A second start fills the form from the keyring, and deploying again changes nothing."""
    values = read_values(VALUES)
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('admin'))
    try:
        window.label('connected · Kubernetes v1')
        window.find(None, 'Namespace', lambda n: text_of(n) == NAMESPACE)
        secret = window.field('GITHUB_CLIENT_SECRET')
        assert len(text_of(secret)) == len(values['githubClientSecret'])
        assert text_of(secret) != values['githubClientSecret'], 'the secret can be read'
        window.deploy()
        window.label('^Nothing had to change$', timeout=60)
        leave(window)
    finally:
        window.kill()


def database_check():
    """A pod looks for the database, and its answer is out of date with the next change."""
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('admin'), '--values', VALUES)
    try:
        window.label('connected · Kubernetes v1')
        window.click('Check')
        window.label('PostgreSQL answers at .*, port 5432', timeout=60)
        window.type('DATABASE_URL', 'postgresql://hacky:pw@no-such.invalid:5432/hackystack')
        window.gone('label', re.compile('PostgreSQL answers at'), visible)
        window.click('Check')
        window.label('Inside the cluster nobody knows the name of no-such.invalid, port 5432', timeout=60)
        window.type('DATABASE_URL', 'mysql://no')
        window.gone('label', re.compile('nobody knows the name'), visible)
        assert 'hackystack-database-check' not in subprocess.run(
            [CLUSTER, 'kubectl', 'get', 'jobs', '-A', '-o', 'name'], stdout=subprocess.PIPE, text=True).stdout
        quiet(window)
        leave(window)
    finally:
        window.kill()


def failed_image():
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('admin'))
    try:
        window.label('connected · Kubernetes v1')
        window.type('Image', 'hackystack:does-not-exist')
        window.deploy()
        window.label('^Hacky Stack was not deployed$', timeout=120)
        window.label('hackystack:does-not-exist')
        window.click('Fix and retry')
        window.find(None, 'Image', lambda n: n.get_editable_text_iface() is not None)
        leave(window)
    finally:
        window.kill()


def closed_while_deploying():
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('admin'))
    try:
        window.label('connected · Kubernetes v1')
        window.type('Image', 'hackystack:bad')
        window.deploy()
        window.label('Deploying to admin')
        leave(window, 8)
    finally:
        window.kill()


def cancelled():
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('admin'))
    try:
        window.label('connected · Kubernetes v1')
        window.type('Image', 'hackystack:bad')
        window.deploy()
        window.label('Deploying to admin')
        window.click('Cancel')
        window.label('^It was cancelled$')
        window.label('Done and left in place|Nothing was sent')
        leave(window)
    finally:
        window.kill()


def conflict():
    """Somebody else has applied a value of ours: that is said, and can be taken over."""
    theirs = ('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"hackystack-config","namespace":"%s"},'
              '"data":{"NEXTAUTH_URL":"https://theirs.example"}}' % NAMESPACE)
    subprocess.run([CLUSTER, 'kubectl', 'apply', '--server-side', '--force-conflicts', '--field-manager=somebody',
                    '-f', '-'], input=theirs, text=True, check=True, stdout=subprocess.DEVNULL)
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('admin'))
    try:
        window.label('connected · Kubernetes v1')
        window.click('Review…')
        window.label('^Somebody else owns part of this$', timeout=60)
        window.label('set by “somebody”')
        window.click('Take over')
        window.click(re.compile(r'^Deploy \d+ changes?$'), timeout=30)
        window.label('^Hacky Stack works$', timeout=180)
        leave(window)
    finally:
        window.kill()


class Relay:
    """The way to the cluster, which can be cut."""

    def __init__(self, port):
        self.port = port
        self.pairs = []
        self.listener = None
        self.number = 0
        self.open()

    def open(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(('127.0.0.1', self.number))
        self.number = self.listener.getsockname()[1]
        self.listener.listen(50)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                near = listener.accept()[0]
                far = socket.create_connection(('127.0.0.1', self.port))
            except OSError:
                return
            self.pairs += [near, far]
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.copy, args=(a, b), daemon=True).start()

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.pairs:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.pairs = []


def lost_and_found():
    """While the cluster is away the pods stay and say how old they are; then they are live again."""
    text = open(kubeconfig('admin'), encoding='utf-8').read()
    port = int(re.search(r'server:\s*["\']?https://127\.0\.0\.1:(\d+)', text).group(1))
    relay = Relay(port)
    path = write_file('relayed', text.replace('127.0.0.1:%d' % port, '127.0.0.1:%d' % relay.number))
    window = Window(PROGRAM, '--kubeconfig', path, '--page', 'pods')
    try:
        window.label('^All 2 pods are well$', timeout=20)
        relay.cut()
        window.label(r'^Not connected since \d\d:\d\d. Showing what was known then.$', timeout=20)
        window.label('^(refused|no answer)$')
        assert len([l for l in window.labels() if l == '1/1']) >= 2
        relay.open()
        window.gone('label', re.compile('^Not connected since'), visible, timeout=30)
        window.label('^connected')
        leave(window)
    finally:
        window.kill()
        relay.cut()


def keyboard():
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('admin'))
    try:
        window.label('connected · Kubernetes v1')
        window.page('Pods')
        window.label('^All 2 pods are well$', timeout=20)
        window.key('slash')
        window.key('n', 'o', 't', 'h', 'e', 'r', 'e')
        window.find(None, 'Filter pods', lambda n: text_of(n) == 'nothere')
        window.gone('label', '1/1')
        window.key('Escape')
        window.find('label', '1/1')
        window.key('Down', 'Return')
        window.label('New lines appear as they are written', timeout=30)
        window.key('slash')
        window.key('l', 'i', 's', 't', 'e', 'n', 'i', 'n', 'g')
        window.label(r'^\d+ of \d+$')
        window.key('Return')
        window.label(r'^1 of \d+$')
        leave(window, keys='ctrl+q')
    finally:
        window.kill()


def refused_rights():
    window = Window(PROGRAM, '--kubeconfig', kubeconfig('developer'), '--page', 'pods')
    try:
        window.label('The pods cannot be read')
        window.label('administrator')
        leave(window)
    finally:
        window.kill()


def main():
    tap = Tap()
    for case in (no_kubeconfig, broken_kubeconfig, no_answer, changed_kubeconfig, doctor, values_file, second_start):
        tap.check(case.__name__.replace('_', ' '), case)
    for case in (database_check, deploy_and_look, remembered, keyboard, lost_and_found, conflict, failed_image,
                 cancelled, closed_while_deploying, refused_rights):
        name = case.__name__.replace('_', ' ')
        if KUBECONFIGS and VALUES and CLUSTER and OTHER and case in (lost_and_found, refused_rights):
            tap.skip(name, 'the test cluster alone has this relay and this user')
        elif KUBECONFIGS and VALUES and CLUSTER:
            tap.check(name, case)
        else:
            tap.skip(name, 'HACKYSTACK_TEST_KUBECONFIGS, _VALUES and _CLUSTER are not set')
    if KUBECONFIGS and VALUES and CLUSTER:
        subprocess.run([CLUSTER, 'kubectl', 'delete', 'namespace', NAMESPACE, '--wait=false', '--ignore-not-found'],
                       stdout=subprocess.DEVNULL)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
