#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments by hackystackctl on a real cluster that refuses, fails, or is used by others: each says what happened and
what to do, early, and the next one goes on."""
import base64
import json
import os
import shutil
import sys
import time

from app import App, Cluster, LEASE
from ctl import Ctl, SECRET_KEYS, read_values
from tap import Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER', 'HACKYSTACK_DATA_DIR')
PASSWORD = 'n0t-f0r-4ny-0utput'
# What the early end of a hopeless deployment may take on a machine that is busy with much else.
EARLY = 240

# A wrong value each, and what the complaint has to say.
WRONG = [
    ('databaseUrl', 'mysql://hacky:%s@db.example.org/hackystack' % PASSWORD, 'mysql://'),
    ('databaseUrl', 'postgresql://hacky:%s%%@db.example.org/hackystack' % PASSWORD, '%25'),
    ('databaseUrl', 'postgresql://hacky:%s@db.example.org' % PASSWORD, 'names no database'),
    ('databaseUrl', 'postgresql:///hackystack?host=/var/run/postgresql&password=' + PASSWORD, 'socket'),
    ('databaseUrl', 'postgresql://hacky:%s@db.example.org/hackystack?connection_limit=many' % PASSWORD, 'connection_limit'),
    ('databaseUrl', base64.b64encode(b'postgresql://hacky:%s@db/hackystack' % PASSWORD.encode()).decode(), 'base64'),
    ('nextauthUrl', 'hackystack.local', 'whole web address'),
    ('nextauthUrl', 'https://hackystack.local/api/auth/callback/github', 'path'),
    ('nextauthSecret', PASSWORD + PASSWORD + PASSWORD + '\n', 'line break'),
    ('githubClientSecret', '"%s"' % PASSWORD, 'quotes'),
    ('githubClientId', ' Ov23liABCDEFGHIJKLMN', 'space'),
    ('host', 'https://hackystack.local/', 'https://'),
    ('image', 'hacky stack:v1', 'space'),
    ('replicas', 0, 'replicas'),
    ('ingressClass', 'Not A Class', 'ingressClass'),
]
# All that a deployment needs in its namespace, but for Leases.
ROLE = {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', 'metadata': {'name': 'without-leases'},
        'rules': [{'apiGroups': ['', 'apps', 'autoscaling', 'batch', 'discovery.k8s.io', 'networking.k8s.io', 'policy',
                                 'rbac.authorization.k8s.io'], 'resources': ['*'], 'verbs': ['*']}]}
BINDING = {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'RoleBinding', 'metadata': {'name': 'without-leases'},
           'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'Role', 'name': 'without-leases'},
           'subjects': [{'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'User', 'name': 'without-leases'}]}
QUOTA = {'apiVersion': 'v1', 'kind': 'ResourceQuota', 'metadata': {'name': 'narrow'}}
HELD = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'held', 'finalizers': ['hackystack.io/hold']},
        'data': {'word': 'kept'}}
# A program that wants more memory than it may have.
GREEDY = '[node, -e, "Buffer.alloc(400 << 20, 1)"]'
RELEASE = '{"metadata":{"finalizers":null}}'
# Held by a process of another machine, which is not there any more.
FOREIGN = {'apiVersion': 'coordination.k8s.io/v1', 'kind': 'Lease', 'metadata': {'name': LEASE},
           'spec': {'holderIdentity': 'ada@elsewhere/boot/pid:[1]/1/1/0', 'leaseDurationSeconds': 6}}


def webhook(namespace):
    """One that has to agree to the namespace's Ingresses, and that nobody serves."""
    service = {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': 'nobody', 'namespace': namespace},
               'spec': {'selector': {'app': 'nobody'}, 'ports': [{'port': 443}]}}
    hook = {'name': 'nobody.hackystack.io', 'failurePolicy': 'Fail', 'sideEffects': 'None', 'timeoutSeconds': 2,
            'admissionReviewVersions': ['v1'],
            'clientConfig': {'service': {'namespace': namespace, 'name': 'nobody', 'path': '/'}},
            'namespaceSelector': {'matchLabels': {'kubernetes.io/metadata.name': namespace}},
            'rules': [{'apiGroups': ['networking.k8s.io'], 'apiVersions': ['v1'], 'operations': ['CREATE', 'UPDATE'],
                       'resources': ['ingresses']}]}
    configuration = {'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': 'ValidatingWebhookConfiguration',
                     'metadata': {'name': namespace}, 'webhooks': [hook]}
    return {'apiVersion': 'v1', 'kind': 'List', 'items': [service, configuration]}


class Cases(Cluster):
    def __init__(self, ctl, values):
        super().__init__(ctl, values, 'faults')
        self.background = {}

    # --- what does not heal ends early: all of these wait at the same time

    def manifests(self, name, *changes):
        """A folder of manifests in which somebody has changed the Deployment."""
        folder = self.ctl.path(name)
        shutil.copytree(os.environ['HACKYSTACK_DATA_DIR'], folder)
        path = os.path.join(folder, 'manifests', 'basic', 'deployment.yaml')
        with open(path, encoding='utf-8') as stream:
            text = stream.read()
        for before, after in changes:
            expect(before in text, 'deployment.yaml does not say ' + before)
            text = text.replace(before, after)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)
        return {'HACKYSTACK_DATA_DIR': folder}

    def prepare(self):
        """Starts what takes its time."""
        quota = App(self, 'quota')
        quota.create({**QUOTA, 'spec': {'hard': {'pods': '0'}}})
        self.wait_until(lambda: quota.get('quota', 'narrow').get('status', {}).get('hard'), 'a quota that counts')
        foreign = App(self, 'foreign')
        foreign.create(FOREIGN)
        readiness = self.keep(App(self, 'readiness', image='hackystack:bad'))
        self.background['readiness'] = (readiness, time.monotonic(), readiness.start_deploy('--timeout', '60'))
        for name, app, env in (
                ('quota', quota, None),
                ('foreign', foreign, None),
                ('restricted', App(self, 'restricted'), self.manifests(
                    'privileged', ('allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'))),
                ('image', App(self, 'image', image='hackystack:no-such-tag'), None),
                ('crash', App(self, 'crash', image='busybox'), None),
                ('memory', App(self, 'memory'), self.manifests(
                    'memory', ('memory: 256Mi', 'memory: 64Mi'), ('memory: 512Mi', 'memory: 64Mi'),
                    ('imagePullPolicy: ', 'command: %s\n          imagePullPolicy: ' % GREEDY))),
                ('node', App(self, 'node'), self.manifests('node', ('cpu: 100m', 'cpu: "900"'), ('cpu: 500m', 'cpu: "900"')))):
            self.background[name] = (self.keep(app), time.monotonic(), app.start_deploy('--json', env=env))

    def test_early(self, name, *words):
        app, begin, run = self.background.pop(name)
        self.kept.remove(app.namespace)
        run.wait().expect_error(*words, 'deploy again')
        seconds = time.monotonic() - begin
        # The others' namespaces wait for the end of this one.
        expect(run.events()[-1]['code'] == 'not-ready', 'The code', run)
        expect(any(event['type'] == 'evidence' for event in run.events()), 'Nothing was kept for those who look', run)
        expect(app.revisions()[0]['outcome'] == 'failed', 'The history')
        expect(seconds < EARLY, 'It took %d s' % seconds, run)

    def test_values(self):
        app = App(self, 'values')
        for key, value, word in WRONG:
            app.set(**{**self.values, **app.settings, key: value})
            run = app.deploy().expect_error('Nothing was sent', key)
            expect(word in run.err and 'problem: %s: ' % key in run.err, 'It does not say "%s"' % word, run)
        expect(app.namespace not in self.kubectl('get', 'namespaces'), 'Something was sent')

    def test_rights(self):
        """Who may not keep others from writing deploys all the same, and removes."""
        app = App(self, 'rights')
        app.create(ROLE, BINDING)
        kubeconfig = self.gate.write_kubeconfig(self.ctl.path('rights'), {'as': 'without-leases'})
        app.deploy(kubeconfig=kubeconfig).expect_status(0)
        app.expect_whole(1)
        run = app.run('reset', '--confirm', app.namespace, kubeconfig=kubeconfig).expect_status(0)
        run.expect_out('Deployment hackystack-app  deleted', 'keep    Namespace')

    def test_foreign(self):
        app, _begin, run = self.background.pop('foreign')
        self.kept.remove(app.namespace)
        run.wait().expect_status(0).expect_out('ada@elsewhere, is under way')
        app.expect_whole(1)

    def test_quota_of_objects(self):
        app = App(self, 'objects')
        app.create({**QUOTA, 'spec': {'hard': {'count/services': '0'}}})
        self.wait_until(lambda: app.get('quota', 'narrow').get('status', {}).get('hard'), 'a quota that counts')
        run = app.deploy().expect_error('Service hackystack-service was refused', 'exceeded quota: narrow',
                                        'Applied: Namespace', 'Not applied: Service')
        expect('hackystack-secrets' in app.names('secrets') and not app.names('deployments'), 'What it says', run)
        app.kubectl('delete', 'quota', 'narrow')
        app.deploy().expect_status(0)
        app.expect_whole(1)

    def test_readiness(self):
        app, _begin, run = self.background.pop('readiness')
        self.kept.remove(app.namespace)
        run.wait().expect_error('did not get ready in time', 'runs and is not ready', status=3)
        expect('Readiness probe' in json.dumps(app.get('events')) and 'kept in' in run.err, 'The evidence', run)
        app.set(image='hackystack:v2')
        app.deploy().expect_status(0)
        app.expect_whole(2)

    def test_class(self):
        app = App(self, 'class', ingressClass='nowhere')
        app.deploy().expect_error('no Ingress class “nowhere”', 'kubectl get ingressclass', 'deploy again')
        app.set(ingressClass=self.values['ingressClass'])
        app.deploy().expect_status(0).expect_out('Ingress hackystack-ingress  changed')
        app.expect_whole(1)

    # --- what may pass

    def test_webhook(self):
        app = App(self, 'webhook')
        app.create(webhook(app.namespace))
        try:
            run = app.deploy('--timeout', '4')
            run.expect_error('Ingress hackystack-ingress was not taken', '“nobody.hackystack.io”', 'does not answer',
                             'deploy again', 'Not applied: Ingress')
            expect('Trying again' in run.out, 'It did not try again', run)
            expect('hackystack-app' in app.names('deployments'), 'What it says was applied', run)
            run = app.start_deploy()
            run.wait_for(lambda run: 'Trying again' in run.out, 'the next try')
        finally:
            app.kubectl('delete', 'validatingwebhookconfiguration', app.namespace)
        run.wait().expect_status(0)
        app.expect_whole(1)

    def test_terminating(self):
        app = App(self, 'terminating')
        app.create(HELD)
        app.kubectl('delete', 'namespace', app.namespace, '--wait=false')
        try:
            self.wait_until(lambda: 'hackystack.io/hold' in json.dumps(app.get('namespace', app.namespace)['status']),
                            'a namespace that is held')
            run = app.deploy('--timeout', '2').expect_error('Namespace %s is being deleted' % app.namespace,
                                                            'hackystack.io/hold', 'Nothing was applied', 'deploy again')
            expect(app.get('configmap', 'held')['data'] == {'word': 'kept'}, 'Something was lost', run)
            app.run('diff', '--values', app.file).expect_error('is being deleted', 'would refuse')
            run = app.start_deploy()
            run.wait_for(lambda run: 'It is being deleted. Waiting' in run.out, 'the wait')
        finally:
            app.kubectl('patch', 'configmap', 'held', '--type=merge', '-p', RELEASE)
        run.wait().expect_status(0)
        app.expect_whole(1)

    def test_conflict(self):
        """Somebody else applies the same objects: every field is named with its owner."""
        app = App(self, 'conflict')
        app.deploy().expect_status(0)
        objects = [{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'hackystack-config'},
                    'data': {'NODE_ENV': 'test', 'AUTH_TRUST_HOST': 'false'}},
                   {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'hackystack-app'},
                    'spec': {'replicas': 2, 'revisionHistoryLimit': 3}}]
        for one in objects:
            app.kubectl('apply', '--server-side', '--force-conflicts', '-f', '-', input=one)
        run = app.run('diff', '--values', app.file, '--json').expect_status(0)
        found = {o['name']: {(c['field'], c['manager']) for c in o['conflicts']} for o in run.document()['objects']}
        expect(found['hackystack-config'] == {('.data.NODE_ENV', 'kubectl'), ('.data.AUTH_TRUST_HOST', 'kubectl')},
               'The settings', run)
        expect(found['hackystack-app'] == {('.spec.replicas', 'kubectl'), ('.spec.revisionHistoryLimit', 'kubectl')},
               'The pods', run)
        before = app.variables()
        run = app.deploy('--json').expect_error('.data.NODE_ENV belongs to “kubectl”', '.data.AUTH_TRUST_HOST belongs to',
                                                'take the fields over')
        expect(run.events()[-1]['code'] == 'conflict' and app.variables() == before, 'It was changed', run)
        app.deploy('--force-conflicts').expect_status(0)
        app.expect_whole(extra={'NODE_ENV': 'production', 'AUTH_TRUST_HOST': 'true'})

    def clean(self):
        for _app, _begin, run in self.background.values():
            run.process.kill()
            run.process.wait()
        super().clean()


EARLY_CASES = {
    'quota': ['its pods cannot be created', 'exceeded quota: narrow'],
    'restricted': ['its pods cannot be created', 'violates PodSecurity "restricted', 'allowPrivilegeEscalation'],
    'image': ['hackystack:no-such-tag', 'cannot be pulled'],
    'crash': ['container app keeps stopping', 'exit code 0'],
    'memory': ['container app keeps stopping', 'OOMKilled', 'its limit of 64Mi'],
    'node': ['no node can take it', 'Insufficient cpu'],
}


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('There is no cluster: %s not set' % ', '.join(missing))
    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS] + [PASSWORD])
    cases = Cases(ctl, values)
    tap = Tap()
    wanted = sys.argv[2:]
    if not wanted or 'early' in wanted:
        cases.case(tap, 'prepare', cases.prepare)
    for name in ('values', 'rights', 'webhook', 'terminating', 'conflict', 'quota_of_objects', 'class'):
        if name in (wanted or [name]):
            cases.case(tap, name.replace('_', ' '), getattr(cases, 'test_' + name))
    for name, words in EARLY_CASES.items():
        if name in cases.background:
            cases.case(tap, 'early: ' + name, cases.test_early, name, *words)
    for name in ('foreign', 'readiness'):
        if name in cases.background:
            cases.case(tap, name, getattr(cases, 'test_' + name))
    cases.clean()
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
