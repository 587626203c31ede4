#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way back in the window: a broken image found, explained and undone; history, operating and removal.

Usage: with-desktop.sh test-history-window.py PROGRAM
Needs a cluster, as test-window.py does.
"""
import base64
import hashlib
import json
import os
import re
import subprocess
import sys

from desktop import Tap, Window, read_values, text_of, visible, walk

PROGRAM = sys.argv[1]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
VALUES = os.environ.get('HACKYSTACK_TEST_VALUES')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
NAMESPACE = 'ui-test-history-%d' % os.getpid()
HOST = NAMESPACE + '.local'
SECRETS = ('nextauthSecret', 'githubClientSecret', 'databaseUrl')
OTHER_SECRET = 'fedcba9876543210fedcba9876543210fedcba98'
AUTOSCALER = {'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler', 'metadata': {'name': 'web'},
              'spec': {'minReplicas': 2, 'maxReplicas': 4,
                       'scaleTargetRef': {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'hackystack-app'}}}
VOLUME = {'apiVersion': 'v1', 'kind': 'PersistentVolumeClaim',
          'metadata': {'name': 'postgresql-data', 'labels': {'app.kubernetes.io/part-of': 'hackystack',
                                                             'app.kubernetes.io/managed-by': 'hackystack-desktop'}},
          'spec': {'accessModes': ['ReadWriteOnce'], 'storageClassName': 'none-of-these',
                   'resources': {'requests': {'storage': '1Mi'}}}}
NAME = re.compile('^Type the namespace’s name, %s, to go on:$' % NAMESPACE)
RESET = 'Take Hacky Stack off the cluster'  # the title of the dialog


def kubectl(*arguments, text=None):
    return subprocess.run([CLUSTER, 'kubectl', '-n', NAMESPACE, *arguments], input=text, text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def get(*arguments):
    return json.loads(kubectl('get', '-o', 'json', *arguments))


def deployment():
    return get('deployment/hackystack-app')


def fingerprints():
    """What is deployed, as digests: a failing assertion must not print a secret."""
    template = deployment()['spec']['template']
    template['metadata'].get('annotations', {}).pop('kubectl.kubernetes.io/restartedAt', None)
    parts = {'ConfigMap': get('configmap/hackystack-config')['data'],
             'Secret': get('secret/hackystack-secrets')['data'], 'template': template}
    return {name: hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()
            for name, part in parts.items()}


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


def in_window(function):
    """A case that has a window of its own, and leaves it well."""
    def case():
        window = open_window()
        try:
            function(window)
            leave(window)
        finally:
            window.kill()
    case.__name__ = function.__name__
    return case


def texts_of(window):
    window.root.clear_cache()
    return '\n'.join(text_of(n) or '' for n in walk(window.root) if visible(n))


def expect_no_secret(window):
    values = read_values(VALUES)
    said = texts_of(window)
    for key, value in [(key, values[key]) for key in SECRETS] + [('the other secret', OTHER_SECRET)]:
        for form in (value, base64.b64encode(value.encode()).decode()):
            assert form not in said, 'the value of %s can be read' % key


def expect_in_diff(window, pattern):
    window.find(None, re.compile('^As it (is, and what changes|will be)$'),
                lambda n: visible(n) and re.search(pattern, text_of(n), re.M))


def row_of(node):
    while node is not None and node.get_role_name() != 'list item':
        node = node.get_parent()
    return node


def choose(window, title):
    """Chooses the row in a list that has this text."""
    row = row_of(window.find('label', title, visible))
    assert row.get_parent().get_selection_iface().select_child(row.get_index_in_parent())


def operate(window, name):
    """Chooses from the menu of what is deployed, once that is offered."""
    window.click('Actions')
    window.click(name, 'menu item')


@in_window
def first_deployment(window):
    window.click('History', 'page tab')
    window.label('^Nothing was deployed here yet$')
    window.click('Fill in the form')
    window.deploy()
    window.label('^Hacky Stack works$', timeout=180)
    window.click('History', 'page tab')
    window.label('^Revision 1 runs and was proven to work$')
    window.label('^first deployment$')
    window.label('^deployed now$')
    window.label('there is nothing to restore')


@in_window
def broken_image_undone(window):
    before = fingerprints()
    window.type('Image', 'hackystack:v3-not-built')
    window.type('NEXTAUTH_URL', 'https://elsewhere.example')
    window.type('GITHUB_CLIENT_SECRET', OTHER_SECRET)
    window.deploy()
    window.label('^Hacky Stack was not deployed$', timeout=120)
    window.label('^It failed at: Wait for the pods$')
    window.label('hackystack-app will not get ready: .*v3-not-built')
    window.label('^What was seen at .*, when it failed$')
    window.label('(ErrImagePull|ImagePullBackOff|ErrImageNeverPull).*not ready')
    window.click('Look')
    window.label('^All of it is kept in /.*yaml')
    assert len([n for n in walk(window.root) if n.get_name() == 'Everything that was seen']) == 1
    expect_no_secret(window)

    # Nothing was rolled back, and the pods of before go on.
    assert deployment()['spec']['template']['spec']['containers'][0]['image'] == 'hackystack:v3-not-built'
    assert deployment()['status'].get('availableReplicas', 0) >= 1
    after = fingerprints()
    assert all(after[name] != before[name] for name in before), 'the broken deployment changed too little'

    window.click(re.compile('^Undo: back to revision 1'))
    window.label('Back to revision 1: image v3-not-built → latest; 2 settings changed; 1 secret changed')
    window.label('^3 objects would change$')
    choose(window, 'Secret hackystack-secrets')
    expect_in_diff(window, r'^\+ +GITHUB_CLIENT_SECRET: ••• changed$')
    expect_no_secret(window)
    assert fingerprints() == after, 'the plan alone has changed something'
    window.click('Restore revision 1')
    window.label('^Hacky Stack works$', timeout=180)
    now = fingerprints()
    assert [name for name in before if now[name] != before[name]] == [], 'not all of it is back'


@in_window
def history_after_a_restart(window):
    window.click('History', 'page tab')
    window.label('^Revision 3 runs and was proven to work$')
    rows = [l for l in window.labels() if re.match(r'Revision \d$', l)]
    assert rows[:3] == ['Revision 3', 'Revision 2', 'Revision 1'], rows
    window.label('^image latest → v3-not-built; 2 settings changed; 1 secret changed$')
    window.label('^Failed$')
    choose(window, 'Revision 2')
    window.label('What would change now: image latest → v3-not-built')
    expect_in_diff(window, r'^\+ +(- )?image: hackystack:v3-not-built$')
    expect_in_diff(window, r'^\+ +GITHUB_CLIENT_SECRET: ••• changed$')
    expect_no_secret(window)
    window.click('Restore this…')
    window.label('Back to revision 2: ')
    window.find('button', 'Restore revision 2', visible)
    # Looked at and left: the plan is about the form again.
    window.click('Configure', 'page tab')
    window.click('Plan', 'page tab')
    window.label('^Nothing would change$')


@in_window
def operated(window):
    operate(window, 'Restart the pods')
    window.label('^The pods were restarted$', timeout=180)
    assert 'kubectl.kubernetes.io/restartedAt' in deployment()['spec']['template']['metadata']['annotations']

    kubectl('apply', '-f', '-', text=json.dumps(AUTOSCALER))
    operate(window, 'Number of pods…')
    window.label('HorizontalPodAutoscaler web sets the number of pods, between 2 and 4: it will change another')
    window.press('Cancel')
    kubectl('delete', 'hpa/web')

    operate(window, 'Number of pods…')
    window.label('There are to be 2 now.$')
    spin = window.find(None, 'Number of pods', lambda n: n.get_value_iface() is not None)
    assert spin.get_value_iface().set_current_value(3)
    window.press('Change')
    window.label('^Hacky Stack works$', timeout=180)
    assert deployment()['spec']['replicas'] == 3

    operate(window, 'Pause the rollout')
    window.label('^The rollout is paused: ')
    assert deployment()['spec']['paused'] is True
    window.click('Resume')
    window.label('^The rollout goes on$', timeout=60)
    assert 'paused' not in deployment()['spec']


def killed_and_found_again():
    window = open_window()
    try:
        operate(window, 'Another image…')
        window.label('^Which image')
        window.type('New image', 'hackystack v2')
        window.label('(space|image)')
        assert not window.enabled(re.compile('Show the plan$'))
        window.type('New image', 'hackystack:v2')
        window.press('Show the plan')
        window.label('^Only the image becomes hackystack:v2')
        window.label('^1 object would change$')
        window.click('Deploy this image')
        window.label('^Deploying hackystack:v2 to ')
        kubectl('wait', 'secret/hackystack-revision-4', '--for=create', '--timeout=60s')
    finally:
        window.kill()
    found_again()


@in_window
def found_again(window):
    window.label(r'^A deployment is still going on, or was broken off: revision 4, .*\. .*pods? ')
    window.click('Wait')
    window.label('^(Hacky Stack works|Nothing had to change)$', timeout=180)
    window.gone('label', re.compile('^A deployment is still going on'), visible, timeout=30)
    outcome = get('secret/hackystack-revision-4')['metadata']['annotations']['hackystack.io/outcome']
    assert outcome == 'proven', outcome


@in_window
def changed_by_others(window):
    """What others do is told without asking again."""
    window.click('History', 'page tab')
    window.label('^Revision 4 runs and was proven to work$')
    choose(window, 'Revision 1')
    window.label('What would change now: ')
    outcome = 'hackystack.io/outcome=%s'
    kubectl('annotate', '--overwrite', 'secret/hackystack-revision-4', outcome % 'deploying')
    window.label('^A deployment is still going on, or was broken off: revision 4, ')
    window.label('^Revision 4 was deployed last$')
    kubectl('annotate', '--overwrite', 'secret/hackystack-revision-4', outcome % 'proven')
    window.gone('label', re.compile('^A deployment is still going on'), visible, timeout=30)
    window.label('^Revision 4 runs and was proven to work$')
    # What was chosen is still shown beside the list.
    window.find('label', 'Revision 1', lambda n: visible(n) and row_of(n) is None)
    kubectl('rollout', 'pause', 'deployment/hackystack-app')
    window.label('^The rollout is paused: ')
    window.find('button', 'Resume', visible)
    kubectl('rollout', 'resume', 'deployment/hackystack-app')
    window.gone('label', re.compile('^The rollout is paused'), visible, timeout=30)


def go_to(window, title):
    """From the entry of the dialog to the row with this text, by the keyboard."""
    row = row_of(window.find('label', title, visible))
    below = row.get_parent().get_child_count() - 1 - row.get_index_in_parent()
    window.key('shift+Tab', *['Up'] * below, dialog=RESET)


@in_window
def reset(window):
    kubectl('apply', '-f', '-', text=json.dumps(VOLUME))
    operate(window, 'Reset…')
    window.label('^Deployment hackystack-app$')
    window.label('^PersistentVolumeClaim postgresql-data$')
    window.label('^Stays: holds data')
    window.label('^Stays: something in it is kept')
    delete = re.compile(r'^Delete \d+ objects$')
    assert not window.enabled(delete)
    count = window.find('button', delete).get_name()
    window.find('check box', 'Delete PersistentVolumeClaim postgresql-data with its data', visible)
    go_to(window, 'PersistentVolumeClaim postgresql-data')
    window.key('space', dialog=RESET)
    window.label('^Will be deleted, with its data$')
    assert window.find('button', delete).get_name() != count
    window.key('space', dialog=RESET)
    window.label('^Stays: holds data')
    window.key('Escape', dialog=RESET)
    window.gone('label', 'PersistentVolumeClaim postgresql-data', visible, timeout=30)
    assert deployment()['status']['readyReplicas'] > 0, 'looked at and left, it is gone'

    operate(window, 'Reset…')
    window.label('^Deployment hackystack-app$')
    window.type(NAME, NAMESPACE[:-1])
    assert not window.enabled(delete)
    window.type(NAME, NAMESPACE)
    window.click(delete)
    window.label('^Hacky Stack was taken off the cluster$', timeout=120)
    window.label('^Still there: PersistentVolumeClaim postgresql-data, Namespace ')
    left = kubectl('get', 'deployments,services,ingresses,persistentvolumeclaims', '-o', 'name').split()
    assert left == ['persistentvolumeclaim/postgresql-data'], left
    window.click('History', 'page tab')
    window.label('^Nothing was deployed here yet$')


def main():
    tap = Tap()
    for case in (first_deployment, broken_image_undone, history_after_a_restart, operated, killed_and_found_again,
                 changed_by_others, reset):
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
