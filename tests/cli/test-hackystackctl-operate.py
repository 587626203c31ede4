#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hackystackctl does to an app that is deployed, against a real cluster: changes, their history, and the way back."""
import base64
import json
import os
import stat
import subprocess
import sys
import time

from ctl import Ctl, SECRET_KEYS, forms_of, read_values, write_values
from steady_load import RATE, Load
from tap import Skip, Tap, expect, skip_all
from terminal import Terminal

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
PASSWORD = 'n0t-t0-be-seen-4nywhere'

AUTOSCALER = {'apiVersion': 'autoscaling/v2', 'kind': 'HorizontalPodAutoscaler', 'metadata': {'name': 'web'},
              'spec': {'minReplicas': 2, 'maxReplicas': 4,
                       'scaleTargetRef': {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'name': 'hackystack-app'}}}


class Cases:
    def __init__(self, ctl):
        self.ctl = ctl
        self.cluster = os.environ['HACKYSTACK_TEST_CLUSTER']
        self.kubeconfig = os.path.join(os.environ['HACKYSTACK_TEST_KUBECONFIGS'], 'admin')
        self.namespace = 'ctl-operate-%d' % os.getpid()
        self.host = self.namespace + '.hackystack.local'
        values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
        self.values = {**values, 'namespace': self.namespace, 'host': self.host,
                       'nextauthUrl': 'https://' + self.host, 'replicas': 2}
        self.file = '/proc/%d/fd/%d' % (os.getpid(), os.memfd_create('values'))

    def arguments(self, *arguments):
        return ['--kubeconfig', self.kubeconfig, '-n', self.namespace, *arguments]

    def run(self, *arguments, **keywords):
        return self.ctl.run(*self.arguments(*arguments), **keywords)

    def kubectl(self, *arguments, input=None):
        result = subprocess.run([self.cluster, 'kubectl', '-n', self.namespace, *arguments], input=input, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=180, check=False)
        expect(result.returncode == 0, 'kubectl %s: %s' % (' '.join(arguments), result.stderr))
        return result.stdout

    def get(self, *arguments):
        return json.loads(self.kubectl('get', '-o', 'json', *arguments))

    def deployment(self):
        return self.get('deployment', 'hackystack-app')

    def variables(self):
        """What the pods get, from both of their sources."""
        secret = self.get('secret', 'hackystack-secrets')['data']
        return {**self.get('configmap', 'hackystack-config')['data'],
                **{name: base64.b64decode(text).decode() for name, text in secret.items()}}

    def image(self):
        return self.deployment()['spec']['template']['spec']['containers'][0]['image']

    def revisions(self):
        document = self.run('history', '--json').expect_status(0).document()
        expect(document['type'] == 'history' and document['namespace'] == self.namespace, str(document))
        return document['revisions']

    def expect_latest(self, change, outcome='proven'):
        latest = self.revisions()[0]
        expect((latest['change'], latest['outcome']) == (change, outcome), str(latest))

    # --- in this order

    def test_deploy(self):
        write_values(self.file, {**self.values, 'image': 'hackystack:latest'})
        expect(self.revisions() == [], 'There are revisions of nothing')
        self.run('set-image', 'hackystack:v2', '--yes').expect_error('not deployed')
        self.run('undo', '--yes').expect_error('not deployed')
        self.run('deploy', '--values', self.file, '--yes').expect_status(0)
        self.expect_latest('first deployment')
        self.run('undo', '--yes').expect_error('nothing to go back to')

    def test_unchanged(self):
        self.run('deploy', '--values', self.file, '--yes').expect_status(0)
        expect(len(self.revisions()) == 1, 'A deployment that changed nothing made a revision')
        self.run('set-image', 'hackystack:latest', '--yes').expect_status(0).expect_out('Nothing had to change')

    def test_set_image(self):
        run = self.run('set-image', 'hackystack:v2', '--yes').expect_status(0)
        run.expect_out('hackystack:latest → hackystack:v2', 'The app answers: healthy', 'revision 2')
        expect(self.image() == 'hackystack:v2', self.image())
        self.expect_latest('image latest → v2')
        self.run('set-image', 'no blanks', '--yes').expect_error('image')
        expect(self.image() == 'hackystack:v2', self.image())

    def test_config_set(self):
        run = self.run('config', 'set', 'LOG_LEVEL=debug', '--yes').expect_status(0)
        run.expect_out('Settings  LOG_LEVEL')
        expect(self.variables()['LOG_LEVEL'] == 'debug', str(self.variables()))
        self.expect_latest('1 setting changed')
        # One answer, two variables.
        self.run('config', 'set', 'nextauthUrl=https://%s:8443' % self.host, '--yes').expect_status(0)
        variables = self.variables()
        expect(variables['AUTH_URL'] == variables['NEXTAUTH_URL'] == 'https://%s:8443' % self.host, 'The address')
        self.run('config', 'set', 'PORT=1', '--yes').expect_error('PORT')
        self.run('config', 'set', 'image=x', '--yes').expect_error('set-image', status=2)
        self.run('config', 'set', 'LOG_LEVEL', '--yes').expect_error('LOG_LEVEL=', status=2)

    def test_config_secret(self):
        url = self.values['databaseUrl']
        changed = url + ('&' if '?' in url else '?') + 'application_name=' + PASSWORD
        self.run('config', 'set', 'databaseUrl=postgresql://a', '--yes').expect_error('secret', status=2)
        run = self.run('config', 'set', 'databaseUrl', '--yes', input=changed + '\n').expect_status(0)
        run.expect_out('Secrets   DATABASE_URL')
        expect(self.variables()['DATABASE_URL'] == changed, 'The secret was not set')
        self.expect_latest('1 secret changed')

    def test_config_terminal(self):
        """A secret is asked for without an echo, and the change is asked for, too."""
        terminal = Terminal(self.ctl.program, self.arguments('config', 'set', 'GITHUB_CLIENT_SECRET'),
                            self.ctl.environment())
        terminal.see('GITHUB_CLIENT_SECRET (it is not shown):')
        terminal.wait_for_echo(False)
        terminal.type(PASSWORD + '\n')
        terminal.see('Secrets   GITHUB_CLIENT_SECRET')
        terminal.see('[y/N]')
        terminal.type('n\n')
        expect(terminal.wait() == 130, terminal.screen)
        expect(PASSWORD not in terminal.screen and terminal.is_as_before(), terminal.screen)
        expect(self.variables()['GITHUB_CLIENT_SECRET'] != PASSWORD, 'It was changed')
        terminal.close()

    def test_config_get(self):
        run = self.run('config', 'get').expect_status(0).expect_out('LOG_LEVEL', 'databaseUrl', 'KEY', 'ON THE CLUSTER')
        rows = {line.split()[0]: line for line in run.out.splitlines()}
        expect(rows['nextauthSecret'].split()[1:] == ['not', 'set', '-', 'set'], rows['nextauthSecret'])
        rows = {row['key']: row for row in self.run('config', 'get', '--json').expect_status(0).document()['settings']}
        image = rows['image']
        expect(image['deployedValue'] == 'hackystack:v2' and not image['same'] and not image['secret'], str(image))
        secret = rows['databaseUrl']
        expect(secret['secret'] and secret['deployed'] and secret['value'] is None and
               secret['deployedValue'] is None, str(secret))
        env = {'HACKYSTACK_NEXTAUTH_URL': 'https://elsewhere.local'}
        row = self.run('config', 'get', 'NEXTAUTH_URL', '--json', env=env).expect_status(0).document()['settings']
        expect(len(row) == 1 and row[0]['source'] == 'environment' and row[0]['value'] == 'https://elsewhere.local',
               str(row))
        self.run('config', 'get', 'NO_SUCH').expect_error('NO_SUCH')

    def test_scale(self):
        self.run('scale', '3', '--yes').expect_status(0).expect_out('2 → 3', '3 of 3 pods ready')
        expect(self.deployment()['spec']['replicas'] == 3, 'The number')
        count = len(self.revisions())
        self.kubectl('apply', '-f', '-', input=json.dumps(AUTOSCALER))
        try:
            run = self.run('scale', '1', '--yes').expect_status(0)
            expect('HorizontalPodAutoscaler web' in run.err and 'undo' in run.err, 'It is silent', run)
        finally:
            self.kubectl('delete', 'hpa', 'web')
        self.run('scale', '0', '--yes').expect_status(0)
        self.run('scale', '2', '--yes').expect_status(0)
        expect(len(self.revisions()) == count, 'A number of pods made a revision')
        self.run('scale', 'many', '--yes').expect_error('how many', status=2)

    def test_restart(self):
        before = {pod['metadata']['uid'] for pod in self.get('pods')['items']}
        self.run('restart').expect_status(0).expect_out('2 of 2 pods ready')
        after = {pod['metadata']['uid'] for pod in self.get('pods')['items']
                 if 'deletionTimestamp' not in pod['metadata']}
        expect(len(after) == 2 and not before & after, 'Old pods are left')
        annotations = self.deployment()['spec']['template']['metadata']['annotations']
        expect('kubectl.kubernetes.io/restartedAt' in annotations, str(annotations))

    def test_restart_stays(self):
        """What came of a restart is no change that a deployment would take back, nor a revision."""
        count = len(self.revisions())
        generation = self.deployment()['metadata']['generation']
        self.run('set-image', 'hackystack:v2', '--yes').expect_status(0).expect_out('Nothing had to change')
        self.run('scale', '3', '--yes').expect_status(0)
        self.run('scale', '2', '--yes').expect_status(0)
        expect(self.deployment()['metadata']['generation'] == generation + 2, 'More than the number was changed')
        expect(len(self.revisions()) == count, str(self.revisions()))

    def test_pause(self):
        self.run('pause').expect_status(0).expect_out('resume')
        expect(self.deployment()['spec']['paused'] is True, 'It is not paused')
        self.run('pause').expect_status(0).expect_out('unchanged')
        self.run('restart').expect_error('paused')
        self.run('set-image', 'hackystack:latest', '--yes').expect_error('paused')
        expect(self.image() == 'hackystack:v2', self.image())
        self.run('resume').expect_status(0).expect_out('2 of 2 pods ready')
        expect('paused' not in self.deployment()['spec'], 'It is paused')

    def test_undo(self):
        """ConfigMap, Secret and template come back together, whoever has changed them meanwhile."""
        wanted = self.variables()
        self.run('config', 'set', 'LOG_LEVEL=trace', '--yes').expect_status(0)
        self.kubectl('set', 'image', 'deployment/hackystack-app', 'app=hackystack:latest')
        self.kubectl('patch', 'secret', 'hackystack-secrets', '--type=merge', '-p',
                     json.dumps({'stringData': {'NEXTAUTH_SECRET': PASSWORD * 2}}))
        number = self.revisions()[1]['number']
        run = self.run('undo', '--to', str(number), '--yes').expect_status(0)
        run.expect_out('revision %d' % number, 'hackystack:latest → hackystack:v2', 'Settings  LOG_LEVEL',
                       'Secrets   NEXTAUTH_SECRET')
        expect(self.variables() == wanted and self.image() == 'hackystack:v2', 'Not all came back')
        expect(self.revisions()[0]['outcome'] == 'proven', str(self.revisions()[0]))
        self.run('undo', '--to', '4711', '--yes').expect_error('4711', 'history')

    def test_failure(self):
        """A broken image: found out, its evidence kept, and undone with the settings that came with it."""
        wanted = self.variables()
        write_values(self.file, {**self.values, 'image': 'hackystack:bad'}, {'LOG_LEVEL': 'error'})
        run = self.run('deploy', '--values', self.file, '--yes', '--timeout', '15', '--force-conflicts', '--json')
        run.expect_status(3)
        self.expect_evidence([event for event in run.events() if event['type'] == 'evidence'])
        expect(self.revisions()[0]['outcome'] == 'failed', str(self.revisions()[0]))
        expect(self.image() == 'hackystack:bad', 'It was rolled back unasked')
        self.run('undo', '--yes').expect_status(0).expect_out('hackystack:bad → hackystack:v2', 'LOG_LEVEL')
        expect(self.variables() == wanted and self.image() == 'hackystack:v2', 'Not all came back')

    def expect_evidence(self, events):
        expect(len(events) == 1, 'There is no evidence')
        path, document = events[0]['file'], events[0]['document']
        expect(path.startswith(os.path.join(self.ctl.home, 'state', 'hackystack', 'evidence')), path)
        expect(stat.S_IMODE(os.stat(path).st_mode) == 0o600, 'It is open to others')
        pod = document['pods'][0]
        expect(not pod['ready'] and any('/api/health/ready' in line for line in pod['containers'][0]['log']), str(pod))
        expect(any(event['reason'] == 'Unhealthy' for event in document['events']), str(document['events']))
        with open(path, encoding='utf-8') as stream:
            text = stream.read()
        for secret in self.ctl.secrets:
            expect(not any(form in text for form in forms_of(secret)), 'A secret is in the evidence')

    def test_rollback(self):
        wanted = self.variables()
        write_values(self.file, {**self.values, 'image': 'hackystack:bad'})
        run = self.run('deploy', '--values', self.file, '--yes', '--timeout', '15', '--force-conflicts',
                       '--rollback-on-failure')
        run.expect_error('brought back', status=3)
        expect('evidence' in run.err and 'Going back to revision' in run.err, 'It does not say so', run)
        expect(self.variables() == wanted and self.image() == 'hackystack:v2', 'Not all came back')

    def test_steady_load(self):
        """A changed setting reaches the pods without a failed request."""
        if 'HACKYSTACK_TEST_KUBECONFIG' in os.environ:
            raise Skip('the address of another cluster is not known')
        load = Load(self.host)
        load.ask()
        expect(load.n_good == 1, str(load.failures))
        load.start()
        time.sleep(1)
        try:
            run = self.run('config', 'set', 'LOG_LEVEL=load', '--yes').expect_status(0)
            # The old pods end after that.
            time.sleep(8)
        finally:
            load.stop()
        Tap.say('# ' + load.summary())
        expect(not load.failures, load.summary(), run)
        expect(load.n_good > 5 * RATE, 'There was no load')

    def test_reset(self):
        """Lists all, deletes what is the app's and holds no data, and says what is left."""
        labels = {'app.kubernetes.io/part-of': 'hackystack', 'app.kubernetes.io/managed-by': 'hackystack-desktop'}
        claim = {'apiVersion': 'v1', 'kind': 'PersistentVolumeClaim', 'metadata': {'name': 'data', 'labels': labels},
                 'spec': {'accessModes': ['ReadWriteOnce'], 'storageClassName': 'standard-wait',
                          'resources': {'requests': {'storage': '1Mi'}}}}
        self.kubectl('apply', '-f', '-', input=json.dumps(claim))
        self.run('reset').expect_error('--confirm ' + self.namespace, status=2)
        self.run('reset', '--yes').expect_error('--confirm', status=2)
        self.run('reset', '--confirm', 'other').expect_error('other', status=2)
        terminal = Terminal(self.ctl.program, self.arguments('reset'), self.ctl.environment(), 200)
        terminal.see('delete  Deployment hackystack-app')
        terminal.see('keep    PersistentVolumeClaim data')
        terminal.see('Delete PersistentVolumeClaim data, too?')
        terminal.type('y\n')
        terminal.see('delete  PersistentVolumeClaim data')
        terminal.see('Type the namespace')
        terminal.type('yes\n')
        expect(terminal.wait() == 130 and 'Nothing was deleted' in terminal.screen, terminal.screen)
        terminal.close()
        expect(self.image() == 'hackystack:v2', 'It was deleted')

        run = self.run('reset', '--confirm', self.namespace).expect_status(0)
        run.expect_out('Deployment hackystack-app  deleted', 'What is left', 'keep    Namespace')
        expect(self.get('deployments,ingresses,services,pods')['items'] == [], 'Something is left', run)
        expect([item['metadata']['name'] for item in self.get('pvc')['items']] == ['data'], 'The volume', run)
        self.kubectl('create', 'configmap', 'foreign')
        self.run('reset', '--delete-volume', 'data,other', '--confirm', self.namespace).expect_error('other', status=2)
        expect(self.get('pvc')['items'] != [], 'It was deleted')
        run = self.run('reset', '--delete-volume', 'data', '--confirm', self.namespace).expect_status(0)
        run.expect_out('PersistentVolumeClaim data  deleted', 'ConfigMap foreign')
        self.kubectl('delete', 'configmap', 'foreign')
        run = self.run('reset', '--confirm', self.namespace).expect_status(0)
        run.expect_out('Namespace %s  deleted' % self.namespace, 'Nothing is left')
        self.run('reset', '--confirm', self.namespace).expect_status(0).expect_out('nothing to delete')

    def clean(self):
        self.kubectl('delete', 'namespace', self.namespace, '--wait=false', '--ignore-not-found')


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('There is no cluster: %s not set' % ', '.join(missing))
    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS] + [PASSWORD])
    cases = Cases(ctl)
    tap = Tap()
    for name in ('deploy', 'unchanged', 'set_image', 'config_set', 'config_secret', 'config_terminal', 'config_get',
                 'scale', 'restart', 'restart_stays', 'pause', 'undo', 'failure', 'rollback', 'steady_load', 'reset'):
        tap.case(name.replace('_', ' '), getattr(cases, 'test_' + name))
    cases.clean()
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
