#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form in the window: .env files, profiles, what a cluster says, manifests as files, and the plan.

Usage: with-desktop.sh test-form-window.py PROGRAM
Needs a cluster, as test-window.py does.
"""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import time

from desktop import Tap, Window, leave, read_values, text_of, visible, walk

PROGRAM = sys.argv[1]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
VALUES = os.environ.get('HACKYSTACK_TEST_VALUES')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
NAMESPACE = 'ui-test-form-%d' % os.getpid()
HOST = NAMESPACE + '.local'
ENV_SECRET = '1f2e3d4c5b6a79880123456789abcdef01234567'
ENV_TOKEN = 'zq8Xw3vR7tYn5LkPdM2c'
PROFILES = os.path.join(os.environ['XDG_DATA_HOME'], 'hackystack', 'profiles')


def kubectl(*arguments, text=None):
    return subprocess.run([CLUSTER, 'kubectl', *arguments], input=text, text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def write_file(name, text):
    path = os.path.join(os.environ['HOME'], name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def kubeconfig():
    path = os.path.join(KUBECONFIGS, 'admin')
    return path if os.path.exists(path) else path + '.kubeconfig'


def open_window(*arguments, path=None):
    window = Window(PROGRAM, '--kubeconfig', path or kubeconfig(), *arguments)
    window.label('connected · Kubernetes v1')
    return window


def two_contexts():
    """The same cluster by two names: what a kubeconfig says of it, and a context called other."""
    config = json.loads(kubectl('config', 'view', '--raw', '--flatten', '-o', 'json', '--kubeconfig', kubeconfig()))
    first = next(c for c in config['contexts'] if c['name'] == config['current-context'])
    config['contexts'].append({'name': 'other', 'context': dict(first['context'], namespace='default')})
    return first['name'], write_file('two.kubeconfig', json.dumps(config))


def secrets():
    values = read_values(VALUES)
    return [values[key] for key in ('nextauthSecret', 'githubClientSecret', 'databaseUrl')] + [ENV_SECRET, ENV_TOKEN]


def expect_no_secret(window):
    """Of no secret can anything be read by those who ask for the window's texts."""
    window.root.clear_cache()
    said = '\n'.join((text_of(n) or '') + '\n' + (n.get_name() or '') + '\n' + (n.get_description() or '')
                     for n in walk(window.root)) + window.messages()
    for secret in secrets():
        for form in (secret, base64.b64encode(secret.encode()).decode()):
            assert form not in said, 'a secret can be read'


def imported():
    path = write_file('settings.env', 'NEXTAUTH_URL=https://%s\nAUTH_GITHUB_SECRET=%s\nTHEME="dark blue"\n'
                      'MAIL_URL=smtp://me:%s@mail.example\nPORT=80\n' % (HOST, ENV_SECRET, ENV_TOKEN))
    wrong = write_file('wrong.env', 'nothing that is a variable\n')
    window = open_window()
    try:
        window.click(re.compile('^Choose a .env file…'))
        window.choose_path('Choose a .env file', wrong, 'Choose')
        window.label('^Nothing was set$')
        window.label('holds no variables')
        window.click('_Close Close')
        window.click(re.compile('^Choose a .env file…'))
        window.choose_path('Choose a .env file', path, 'Choose')
        window.label('^Set answers from settings.env\\?$')
        window.label('^https://%s$' % re.escape(HOST))
        window.label('^Will be set; it is a secret and not shown$')
        window.label('^A further variable: dark blue$')
        window.label('^Not taken. ')
        expect_no_secret(window)
        window.press('Set 3 answers')
        window.find(None, 'NEXTAUTH_URL', lambda n: text_of(n) == 'https://' + HOST)
        window.find(None, 'GITHUB_CLIENT_SECRET', lambda n: n.get_editable_text_iface() is not None
                    and len(text_of(n)) == len(ENV_SECRET))
        window.label(re.escape('https://%s/api/auth/callback/github' % HOST))
        expect_no_secret(window)
        leave(window)
    finally:
        window.kill()


def current_profile():
    with open(os.path.join(os.path.dirname(PROFILES), 'profile'), encoding='utf-8') as file:
        return file.read().strip()


def menu(window, item):
    window.click('Profiles')
    window.click(item, 'menu item')


def use_context(window, name):
    window.click('Cluster')
    window.type('Find a cluster', name)
    window.find('list item', name, visible)
    window.key('Return')
    await_context(window, name)


def await_context(window, name):
    window.label('^%s · ' % re.escape(name))
    window.label('connected · Kubernetes v1')


def profiles():
    values = read_values(VALUES)
    context, path = two_contexts()
    window = open_window('--values', VALUES, path=path)
    try:
        window.type('Namespace', NAMESPACE)
        menu(window, 'New…')
        window.find(None, 'Name of the profile', visible)
        window.type('Name of the profile', 'not a name')
        window.label('cannot be the name of a profile')
        assert not window.enabled(re.compile('Create$'))
        window.type('Name of the profile', 'staging')
        window.press('Create')
        # What was typed is not lost by the switch.
        window.label('^Save the answers of “default”\\?$')
        window.label('not kept yet: .*DATABASE_URL')
        window.press('Save')
        window.find(None, 'Namespace', lambda n: text_of(n) == 'hackystack')
        window.label('connected · Kubernetes v1')
        assert current_profile() == 'staging'
        assert text_of(window.field('DATABASE_URL')) == ''
        stored = json.load(open(os.path.join(PROFILES, 'default.json'), encoding='utf-8'))
        assert stored['values']['namespace'] == NAMESPACE, stored
        assert not any(secret in json.dumps(stored) for secret in secrets())
        use_context(window, 'other')
        window.type('Namespace', 'staging-space')
        window.type('DATABASE_URL', values['databaseUrl'])
        menu(window, 'Rename…')
        window.type('Name of the profile', 'trial')
        window.press('Rename')
        window.label('^Save the answers of “staging”\\?$')
        window.press('Save')
        window.find(None, 'Namespace', lambda n: text_of(n) == 'staging-space')
        window.find(None, 'DATABASE_URL', lambda n: n.get_editable_text_iface() is not None
                    and len(text_of(n)) == len(values['databaseUrl']))
        end = time.monotonic() + 15
        while current_profile() != 'trial' or 'staging.json' in os.listdir(PROFILES):
            assert time.monotonic() < end, os.listdir(PROFILES)
            time.sleep(0.1)
        await_context(window, 'other')
        menu(window, 'Delete…')
        window.label('^Delete profile “trial”\\?$')
        window.press('Delete')
        window.find(None, 'Namespace', lambda n: text_of(n) == NAMESPACE)
        window.find(None, 'DATABASE_URL', lambda n: n.get_editable_text_iface() is not None
                    and len(text_of(n)) == len(values['databaseUrl']))
        # Its cluster is the one of before, not the one that was used last.
        await_context(window, context)
        assert os.listdir(PROFILES) == ['default.json'], os.listdir(PROFILES)
        expect_no_secret(window)
        leave(window)
    finally:
        window.kill()


def findings():
    window = open_window('--values', VALUES)
    try:
        window.type('Namespace', NAMESPACE)
        window.type('Image', 'hackystack:not-built')
        window.click('Check with the cluster')
        window.label('^No node has the image hackystack:not-built', timeout=30)
        window.label(r'^At \d\d:\d\d: 1 finding. It stands under its question.$')
        # The next answer makes it old.
        window.type('Image', 'hackystack:latest')
        window.gone('label', re.compile('^No node has the image'), visible)
        window.gone('label', re.compile('1 finding'), visible)
        window.click('Check with the cluster')
        window.label('the cluster had all that these answers need', timeout=30)
        window.type('Namespace', 'Not a name')
        window.click('Check with the cluster')
        window.label('^The cluster was not asked')
        expect_no_secret(window)
        leave(window)
    finally:
        window.kill()


def save_manifests(window, folder, with_secrets):
    window.click('Actions')
    window.click('Save manifests…', 'menu item')
    window.label('The values of secrets are left out')
    if with_secrets:
        switch = window.find('check box', re.compile('Write the secrets, too'), visible)
        assert switch.get_action_iface().do_action(0)
    window.press('Choose a folder…')
    window.choose_path('Choose a folder for the manifests', folder, 'Save here')


def in_manifest(secret, text):
    return secret in text or base64.b64encode(secret.encode()).decode() in text


def expect_usable(folder):
    """Without a secret, and kubectl takes them."""
    names = sorted(os.listdir(folder))
    text = ''.join(open(os.path.join(folder, name), encoding='utf-8').read() for name in names)
    assert not any(in_manifest(secret, text) for secret in secrets())
    assert any(name.endswith('secret.yaml.example') for name in names), names
    kubectl('create', 'namespace', NAMESPACE)
    said = kubectl('apply', '--dry-run=server', '-f', folder)
    assert 'deployment.apps/hackystack-app created (server dry run)' in said, said


def await_file(path):
    end = time.monotonic() + 60
    while not os.path.exists(path):
        assert time.monotonic() < end, os.listdir(os.path.dirname(path))
        time.sleep(0.1)


def manifests():
    folder = os.path.join(os.environ['HOME'], 'manifests')
    os.mkdir(folder, 0o700)
    window = open_window('--values', VALUES)
    try:
        window.type('Namespace', NAMESPACE)
        window.type('Host name', HOST)
        window.type('NEXTAUTH_URL', 'https://' + HOST)
        for answer in (None, 'Cancel', 'Replace'):
            save_manifests(window, folder, with_secrets=answer == 'Replace')
            if answer:
                window.label('^Replace these files\\?$')
                window.label('They may have been changed by hand')
                window.press(answer)
            if answer is None:
                window.label('files saved in “manifests”, without secrets', timeout=60)
                expect_usable(folder)
        path = os.path.join(folder, '30-secret.yaml')
        await_file(path)
        with open(path, encoding='utf-8') as file:
            text = file.read()
        assert all(in_manifest(secret, ''.join(text.split())) for secret in secrets()[:3]), 'it lacks secrets'
        assert os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode)
        expect_no_secret(window)
        leave(window)
    finally:
        window.kill()
        shutil.rmtree(folder)


def planned():
    window = open_window('--values', VALUES)
    try:
        window.type('Namespace', NAMESPACE)
        window.type('Host name', HOST)
        window.type('NEXTAUTH_URL', 'https://' + HOST)
        window.label(r'^\d+ changes$')
        assert not window.has('button', 'Deploy', visible)
        window.click('Review…')
        window.label(r'^\d+ objects would change$', timeout=30)
        # The certificate belongs to the plan.
        window.label('^Secret hackystack-tls$')
        expect_no_secret(window)
        window.click('Configure', 'page tab')
        window.label(r'^\d+ changes$')
        leave(window)
    finally:
        window.kill()


def main():
    tap = Tap()
    for case in (imported, profiles, findings, manifests, planned):
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
