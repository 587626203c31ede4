#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan in the window: what would change, whose fields are touched, and that it is carried out.

Usage: with-desktop.sh test-plan-window.py PROGRAM
Needs a cluster, as test-window.py does.
"""
import base64
import os
import re
import subprocess
import sys

from desktop import Tap, Window, read_values, text_of, visible, walk

PROGRAM = sys.argv[1]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
VALUES = os.environ.get('HACKYSTACK_TEST_VALUES')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
NAMESPACE = 'ui-test-plan-%d' % os.getpid()
HOST = NAMESPACE + '.local'
SECRETS = ('nextauthSecret', 'githubClientSecret', 'databaseUrl')


def kubectl(*arguments, text=None):
    return subprocess.run([CLUSTER, 'kubectl', '-n', NAMESPACE, *arguments], input=text, text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def open_window():
    path = os.path.join(KUBECONFIGS, 'admin')
    window = Window(PROGRAM, '--kubeconfig', path if os.path.exists(path) else path + '.kubeconfig', '--values', VALUES)
    window.label('connected · Kubernetes v1')
    window.type('Namespace', NAMESPACE)
    window.type('Host name', HOST)
    window.type('NEXTAUTH_URL', 'https://' + HOST)
    return window


def leave(window):
    said = [l for l in window.messages().splitlines() if re.search('CRITICAL|WARNING|ERROR', l)]
    assert not said, '\n'.join(said)
    window.key('ctrl+w')
    status = window.wait(15)
    if re.search(r'SUMMARY: AddressSanitizer: 16384 byte\(s\) leaked in 1 allocation', window.messages()):
        return
    assert status == 0, 'it ended with %d: %s' % (status, window.messages()[-3000:])


def diff_of(window):
    """What the texts of the comparison say, one after the other."""
    return '\n'.join(text_of(n) for n in walk(window.root) if n.get_name() in
                     ('As it is, and what changes', 'As it will be') and visible(n))


def expect_no_secret(window):
    values = read_values(VALUES)
    window.root.clear_cache()
    said = '\n'.join(text_of(n) or '' for n in walk(window.root))
    for key in SECRETS:
        for form in (values[key], base64.b64encode(values[key].encode()).decode()):
            assert form not in said, 'the value of %s can be read' % key


def choose(window, title):
    """Chooses the row of an object."""
    label = window.find('label', title, visible)
    row = label
    while row.get_role_name() != 'list item':
        row = row.get_parent()
    assert row.get_parent().get_selection_iface().select_child(row.get_index_in_parent())


def new_namespace():
    window = open_window()
    try:
        window.click('Review…')
        window.label(r'^\d+ objects would change$')
        window.label(r'^\d+ to create$')
        window.label('^Secret hackystack-tls$')
        choose(window, 'Deployment hackystack-app')
        window.label('namespace is new')
        window.label(r'^kubectl --context=admin apply --server-side .* -f deployment.yaml$')
        window.find(None, 'As it is, and what changes', lambda n: 'image: hackystack:latest' in text_of(n))
        choose(window, 'Secret hackystack-secrets')
        window.find(None, 'As it is, and what changes', lambda n: 'DATABASE_URL: ••• new' in text_of(n))
        expect_no_secret(window)
        window.click(re.compile(r'^Deploy \d+ changes$'))
        window.label('^Hacky Stack works$', timeout=180)
        leave(window)
    finally:
        window.kill()


def changed():
    window = open_window()
    try:
        window.click('Review…')
        window.label('^Nothing would change$')
        window.label('^It is there as it shall be.$')
        window.click('Configure', 'page tab')
        window.type('Image', 'hackystack:v2')
        window.click('Review…')
        window.label('^1 object would change$')
        window.label('^Deployment hackystack-app$')
        said = diff_of(window)
        assert re.search(r'^- +image: hackystack:latest$', said, re.M), said
        assert re.search(r'^\+ +image: hackystack:v2$', said, re.M), said
        assert 'lines that are the same' in said, said
        window.click('Deploy 1 change')
        window.label('^Hacky Stack works$', timeout=180)
        image = kubectl('get', 'deployment/hackystack-app', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')
        assert image == 'hackystack:v2', image
        leave(window)
    finally:
        window.kill()


def fields_of_others():
    kubectl('apply', '--server-side', '--force-conflicts', '--field-manager=somebody-else', '-f', '-',
            text='apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hackystack-config}\ndata: {NODE_ENV: test}\n')
    window = open_window()
    try:
        window.type('Image', 'hackystack:v2')
        window.click('Review…')
        window.label('^Somebody else owns part of this$')
        window.label('^.data.NODE_ENV$')
        window.label('set by “somebody-else”')
        assert not window.enabled('Decide about the fields of others first')
        window.click('Keep theirs')
        window.label('^Nothing would change$')
        choose(window, 'ConfigMap hackystack-config')
        window.label('.data.NODE_ENV stays as “somebody-else” set it.')
        window.click('Take over')
        window.label('^1 object would change$')
        window.click('Deploy 1 change')
        window.label('^Hacky Stack works$', timeout=180)
        assert kubectl('get', 'configmap/hackystack-config', '-o', 'jsonpath={.data.NODE_ENV}') == 'production'
        leave(window)
    finally:
        window.kill()


def main():
    tap = Tap()
    for case in (new_namespace, changed, fields_of_others):
        name = case.__name__.replace('_', ' ')
        if KUBECONFIGS and VALUES and CLUSTER:
            tap.check(name, case)
        else:
            tap.skip(name, 'HACKYSTACK_TEST_KUBECONFIGS, _VALUES and _CLUSTER are not set')
    if KUBECONFIGS and VALUES and CLUSTER:
        subprocess.run([CLUSTER, 'kubectl', 'delete', 'namespace', NAMESPACE, '--wait=false', '--ignore-not-found'],
                       stdout=subprocess.DEVNULL)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
