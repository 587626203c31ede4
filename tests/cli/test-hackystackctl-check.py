#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hackystackctl check in the light of a real cluster, which the environment names."""
import json
import os
import signal
import subprocess
import sys
import time

from ctl import Ctl, SECRET_KEYS, read_values, write_values
from tap import Skip, Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
WAIT_SECONDS = 180
# Takes connections and says nothing.
SILENT = """\
apiVersion: v1
kind: Pod
metadata: {name: silent, namespace: %s}
spec:
  automountServiceAccountToken: false
  securityContext: {runAsNonRoot: true, runAsUser: 1001, seccompProfile: {type: RuntimeDefault}}
  containers:
  - name: silent
    image: busybox
    imagePullPolicy: IfNotPresent
    command: [nc, -ll, -p, "5432", -e, sleep, "100"]
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
"""
NAMESPACE = """\
apiVersion: v1
kind: Namespace
metadata: {name: %s, labels: {pod-security.kubernetes.io/enforce: restricted}}
"""
QUOTA = """\
apiVersion: v1
kind: ResourceQuota
metadata: {name: narrow, namespace: %s}
spec: {hard: {pods: "2"}}
"""


class Cases:
    def __init__(self, ctl, values):
        self.program = os.environ['HACKYSTACK_TEST_CLUSTER']
        self.folder = os.environ['HACKYSTACK_TEST_KUBECONFIGS']
        self.ctl = ctl
        self.namespace = 'ctl-check-%d' % os.getpid()
        # Secrets of the cluster go into no file: memory only.
        self.values = write_values('/proc/%d/fd/%d' % (os.getpid(), os.memfd_create('values')),
                                   {**values, 'namespace': self.namespace})
        self.kubectl('apply', '-f', '-', input=NAMESPACE % self.namespace)
        self.kubectl('apply', '-f', '-', input=SILENT % self.namespace)

    def kubectl(self, *arguments, input=None, check=True):
        result = subprocess.run([self.program, 'kubectl', *arguments], input=input, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=180, check=False)
        expect(result.returncode == 0 or not check, 'kubectl %s: %s' % (' '.join(arguments), result.stderr))
        return result.stdout

    def arguments(self, *arguments, kubeconfig='admin'):
        for path in (os.path.join(self.folder, kubeconfig + '.kubeconfig'), os.path.join(self.folder, kubeconfig)):
            if os.path.exists(path):
                return ['--kubeconfig', path, 'check', '--values', self.values, *arguments]
        raise Skip('there is no kubeconfig ' + kubeconfig)

    def check(self, *arguments, kubeconfig='admin', env=None):
        return self.ctl.run(*self.arguments(*arguments, kubeconfig=kubeconfig), env=env)

    def jobs(self):
        return [job for job in json.loads(self.kubectl('get', 'jobs', '-n', self.namespace, '-o', 'json'))['items']
                if job['metadata']['name'].startswith('hackystack-database-check-')]

    def wait_until(self, condition, what):
        end = time.monotonic() + WAIT_SECONDS
        while not condition():
            expect(time.monotonic() < end, 'It never came to ' + what)
            time.sleep(0.2)

    # --- without a pod

    def test_well(self):
        document = self.check('--cluster', '--json').expect_status(0).document()
        # The values of the tests name an image by the tag latest.
        found = [(finding['field'], finding['severity']) for finding in document['findings']]
        expect(found == [('image', 'hint')], str(document))
        expect(document['callbackUrl'].endswith('/api/auth/callback/github'), str(document))

    def test_rights(self):
        run = self.check('--cluster', '--json', kubeconfig='viewer').expect_status(4)
        found = [f for f in run.document()['findings'] if f['field'] == 'namespace']
        expect(found and found[0]['severity'] == 'error' and 'patch deployments' in found[0]['message'], str(found), run)

    def test_wrong(self):
        values = {**read_values(self.values), 'image': 'hackystack:never-built', 'ingressClass': 'nowhere'}
        path = write_values('/proc/%d/fd/%d' % (os.getpid(), os.memfd_create('wrong')), values)
        self.kubectl('apply', '-f', '-', input=QUOTA % self.namespace)
        self.wait_until(lambda: '"2"' in self.kubectl('get', 'quota', 'narrow', '-n', self.namespace, '-o',
                                                      'jsonpath={.status.hard}'), 'a quota that counts')
        run = self.ctl.run(*self.arguments('--cluster', '--json'), '--values', path).expect_status(4)
        found = {f['field']: f for f in run.document()['findings']}
        expect('minikube image load hackystack:never-built' in found['image']['message'], str(found))
        expect(found['ingressClass']['fix'] == read_values(self.values)['ingressClass'], str(found))
        expect('room for 1 of 2 new pods' in found['replicas']['message'] and found['replicas']['fix'] == '1', str(found))
        self.kubectl('delete', 'quota', 'narrow', '-n', self.namespace)

    def test_away(self):
        self.check('--cluster', kubeconfig='down').expect_error('127.0.0.1:1')

    # --- with one

    def test_database(self, url, state):
        env = {'HACKYSTACK_DATABASE_URL': url} if url else {}
        run = self.check('--database', '--yes', '--json', env=env).expect_status(0 if state == 'answers' else 4)
        expect(run.document()['database']['state'] == state, 'The state', run)
        expect(not self.jobs(), 'The Job is still there', run)

    def test_refused(self):
        """PodSecurity and quotas refuse pods before there is a Job."""
        self.kubectl('apply', '-f', '-', input=QUOTA.replace('"2"', '"1"') % self.namespace)
        self.wait_until(lambda: '"1"' in self.kubectl('get', 'quota', 'narrow', '-n', self.namespace, '-o',
                                                      'jsonpath={.status.used}'), 'a quota that counts')
        self.check('--database', '--yes').expect_error('exceeded quota')
        expect(not self.jobs(), 'There is a Job')
        self.kubectl('delete', 'quota', 'narrow', '-n', self.namespace)

    def silent_url(self):
        self.wait_until(lambda: self.kubectl('get', 'pod', 'silent', '-n', self.namespace, '-o',
                                             'jsonpath={.status.phase}') == 'Running', 'a silent pod')
        address = self.kubectl('get', 'pod', 'silent', '-n', self.namespace, '-o', 'jsonpath={.status.podIP}')
        return 'postgresql://hacky:Zx81Spectrum48k@%s:5432/hackystack' % address

    def start_silent(self):
        run = self.ctl.start(*self.arguments('--database', '--yes'), env={'HACKYSTACK_DATABASE_URL': self.silent_url()})
        self.wait_until(self.jobs, 'a Job')
        return run

    def test_silent(self):
        self.test_database(self.silent_url(), 'notPostgresql')

    def test_cancelled(self):
        run = self.start_silent()
        text = json.dumps(self.jobs())
        expect('Zx81Spectrum48k' not in text and '5432' in text, text)
        run.signal(signal.SIGINT)
        run.wait(60).expect_status(130)
        expect(not self.jobs(), 'The Job is still there', run)

    def test_killed(self):
        """The cluster itself clears up behind a program that was killed."""
        run = self.start_silent()
        run.signal(signal.SIGKILL)
        run.process.wait()
        self.wait_until(lambda: not self.jobs(), 'the end of the Job')

    def clean(self):
        self.kubectl('delete', 'namespace', self.namespace, '--wait=false', check=False)


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('There is no cluster: %s not set' % ', '.join(missing))
    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS] + ['Zx81Spectrum48k'])
    cases = Cases(ctl, values)
    tap = Tap()
    try:
        for name in ('well', 'rights', 'wrong', 'away'):
            tap.case(name, getattr(cases, 'test_' + name))
        tap.case('the database answers', cases.test_database, None, 'answers')
        tap.case('its name is not known', cases.test_database, 'postgresql://a:Zx81Spectrum48k@no-such.invalid/a', 'nameNotFound')
        tap.case('it refuses', cases.test_database, 'postgresql://a:Zx81Spectrum48k@127.0.0.1:1/a', 'refused')
        tap.case('it is an API server', cases.test_database,
                 'postgresql://a:Zx81Spectrum48k@kubernetes.default.svc.cluster.local:443/a', 'notPostgresql')
        for name in ('refused', 'silent', 'cancelled', 'killed'):
            tap.case(name, getattr(cases, 'test_' + name))
    finally:
        cases.clean()
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
