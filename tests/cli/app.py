# SPDX-License-Identifier: GPL-3.0-or-later
"""The app in a namespace of its own on a real cluster, and whether what is there of it is whole."""
import base64
import json
import os
import subprocess
import time

from ctl import write_values
from gate import Gate
from tap import expect

LEASE = 'hackystack-deployment'


class App:
    """The app in a namespace of its own."""

    def __init__(self, cases, name, extra=None, **changes):
        self.cases = cases
        self.namespace = 'ctl-%s-%s-%d' % (cases.prefix, name, os.getpid())
        self.host = self.namespace + '.hackystack.local'
        self.settings = {'namespace': self.namespace, 'host': self.host, 'nextauthUrl': 'https://' + self.host,
                         'replicas': 1, **changes}
        self.values = {**cases.values, **self.settings}
        # Secrets of the cluster go into no file: memory only.
        self.file = '/proc/%d/fd/%d' % (os.getpid(), os.memfd_create(name))
        self.set(extra)
        cases.namespaces.add(self.namespace)

    def set(self, extra=None, **changes):
        self.values.update(changes)
        write_values(self.file, self.values, extra)

    def arguments(self, *arguments, kubeconfig=None):
        return ['--kubeconfig', kubeconfig or self.cases.kubeconfig, '-n', self.namespace, *arguments]

    def deployment(self, *arguments, save=False):
        return ['deploy', '--values', self.file, '--yes', *([] if save else ['--no-save']), *arguments]

    def run(self, *arguments, kubeconfig=None, **keywords):
        return self.cases.ctl.run(*self.arguments(*arguments, kubeconfig=kubeconfig), **keywords)

    def start(self, *arguments, kubeconfig=None, env=None):
        return self.cases.ctl.start(*self.arguments(*arguments, kubeconfig=kubeconfig), env=env)

    def deploy(self, *arguments, **keywords):
        return self.run(*self.deployment(*arguments), **keywords)

    def start_deploy(self, *arguments, **keywords):
        return self.start(*self.deployment(*arguments), **keywords)

    def kubectl(self, *arguments, input=None):
        return self.cases.kubectl('-n', self.namespace, *arguments, input=json.dumps(input) if input else None)

    def create(self, *objects):
        self.kubectl('create', 'namespace', self.namespace)
        for one in objects:
            self.kubectl('apply', '-f', '-', input=one)

    def get(self, *arguments):
        return json.loads(self.kubectl('get', '-o', 'json', *arguments))

    def names(self, kind):
        return {item['metadata']['name'] for item in self.get(kind)['items']}

    def variables(self):
        secret = self.get('secret', 'hackystack-secrets')['data']
        return {**self.get('configmap', 'hackystack-config')['data'],
                **{name: base64.b64decode(text).decode() for name, text in secret.items()}}

    def template(self):
        return self.get('deployment', 'hackystack-app')['spec']['template']

    def revisions(self):
        return self.run('history', '--json').expect_status(0).document()['revisions']

    def expect_whole(self, count=None, extra=None):
        """What runs is what the last revision says, proven, with nothing left of what came before."""
        revisions = self.revisions()
        expect(revisions[0]['outcome'] == 'proven', str(revisions[0]))
        expect(count in (None, len(revisions)), 'There are %d revisions: %s' % (len(revisions), revisions))
        record = self.get('secret', 'hackystack-revision-%d' % revisions[0]['number'])['data']
        record = {name: json.loads(base64.b64decode(text)) for name, text in record.items()}
        secret = self.get('secret', 'hackystack-secrets')['data']
        expect(record['config-map.json'] == self.get('configmap', 'hackystack-config')['data'], 'The settings differ')
        expect(record['secret.json'] == secret, 'The secrets differ')
        digest = 'desktop.hackystack.io/config-digest'
        expect(record['template.json']['metadata']['annotations'][digest] ==
               self.template()['metadata']['annotations'][digest], 'The pods are of others')
        expect(self.get('deployment', 'hackystack-app')['status'].get('readyReplicas') == self.values['replicas'],
               'The pods are not ready')
        expect(LEASE not in self.names('leases.coordination.k8s.io'), 'Others are still kept from writing')
        for name, value in (extra or {}).items():
            expect(self.variables().get(name) == value, '%s: %s' % (name, self.variables().get(name)))


class Cluster:
    """What the cases of one file share."""

    def __init__(self, ctl, values, prefix):
        self.ctl = ctl
        self.values = values
        self.prefix = prefix
        self.cluster = os.environ['HACKYSTACK_TEST_CLUSTER']
        self.kubeconfig = os.path.join(os.environ['HACKYSTACK_TEST_KUBECONFIGS'], 'admin')
        self.namespaces = set()
        self.kept = set()
        self.gate = Gate(self.cluster, self.kubeconfig, ctl.path('gate'))

    def kubectl(self, *arguments, input=None):
        return self.command('kubectl', *arguments, input=input)

    def command(self, *arguments, input=None):
        result = subprocess.run([self.cluster, *arguments], input=input, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=180, check=False)
        expect(result.returncode == 0, 'cluster %s: %s' % (' '.join(arguments), result.stderr))
        return result.stdout

    def wait_until(self, condition, what, seconds=180):
        end = time.monotonic() + seconds
        while not condition():
            expect(time.monotonic() < end, 'It never came to ' + what)
            time.sleep(0.2)

    def case(self, tap, name, function, *arguments):
        """Its apps go afterwards, since a node has no room for all of them, unless a later case needs them."""
        tap.case(name, function, *arguments)
        self.remove(self.namespaces - self.kept)

    def keep(self, app):
        self.kept.add(app.namespace)
        return app

    def remove(self, namespaces):
        if namespaces:
            self.kubectl('delete', 'namespace', *sorted(namespaces), '--wait=false', '--ignore-not-found')
        self.namespaces -= namespaces
        self.kept -= namespaces

    def clean(self):
        self.gate.close()
        self.remove(set(self.namespaces))
