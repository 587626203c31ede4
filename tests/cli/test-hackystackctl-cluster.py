#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hackystackctl against a real cluster (tests/cluster/cluster), which the environment names."""
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time

from ctl import Ctl, Run, SECRET_KEYS, UNLOCK_KEYRING, forms_of, read_values, write_values
from tap import Skip, Tap, expect, skip_all
from terminal import Terminal

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
OBJECTS = ('namespace/%s', 'configmap/hackystack-config', 'secret/hackystack-secrets', 'service/hackystack-service',
           'deployment/hackystack-app', 'ingress/hackystack-ingress', 'secret/hackystack-tls', 'poddisruptionbudget/hackystack-pdb')
LIMITED = 'hackystack-limited'
TITLES = ('Namespace', 'ConfigMap', 'Secret', 'Service', 'PodDisruptionBudget', 'Deployment', 'Ingress')
N_OPERATIONS = 12


def memory_file(name):
    """The path of a file that is on no disk: the cluster's secrets are not copied into others."""
    return '/proc/%d/fd/%d' % (os.getpid(), os.memfd_create(name))


class Cluster:
    def __init__(self):
        self.program = os.environ['HACKYSTACK_TEST_CLUSTER']
        self.folder = os.environ['HACKYSTACK_TEST_KUBECONFIGS']
        self.values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
        self.namespaces = []

    def kubeconfig(self, name):
        for path in (os.path.join(self.folder, name + '.kubeconfig'), os.path.join(self.folder, name)):
            if os.path.exists(path):
                return path
        raise Skip('there is no kubeconfig ' + name)

    def command(self, *arguments, input=None):
        result = subprocess.run([self.program, *arguments], input=input, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=180, check=False)
        expect(result.returncode == 0, 'cluster %s: %s' % (' '.join(arguments), result.stderr))
        return result.stdout

    def kubectl(self, *arguments, input=None):
        return self.command('kubectl', *arguments, input=input)

    def get(self, *arguments):
        return json.loads(self.kubectl('get', '-o', 'json', *arguments))

    def apiserver(self, what):
        if 'HACKYSTACK_TEST_KUBECONFIG' in os.environ:
            raise Skip('the API server of another cluster is left alone')
        self.command('apiserver', what)


class Cases:
    def __init__(self, cluster, ctl):
        self.cluster = cluster
        self.ctl = ctl
        self.main = None

    def prepare(self, name, extra=None, **changes):
        """A namespace of its own for a case, and its values file."""
        namespace = 'ctl-%s-%d' % (name, os.getpid())
        host = namespace + '.hackystack.local'
        values = {**self.cluster.values, 'namespace': namespace, 'host': host, 'nextauthUrl': 'https://' + host,
                  'replicas': 2, **changes}
        if values['namespace'] != LIMITED:
            self.cluster.namespaces.append(values['namespace'])
        return values['namespace'], write_values(memory_file(name), values, extra)

    def arguments(self, kubeconfig, *arguments):
        return ['--kubeconfig', self.cluster.kubeconfig(kubeconfig), *arguments]

    def run(self, *arguments, kubeconfig='admin', **keywords):
        return self.ctl.run(*self.arguments(kubeconfig, *arguments), **keywords)

    def start(self, *arguments):
        return self.ctl.start(*self.arguments('admin', *arguments))

    def ready_pods(self, namespace):
        pods = self.cluster.get('pods', '-n', namespace)['items']
        return [pod['metadata']['name'] for pod in pods
                if any(c['type'] == 'Ready' and c['status'] == 'True' for c in pod['status'].get('conditions', []))]

    def names(self, namespace, kind):
        return {item['metadata']['name'] for item in self.cluster.get(kind, '-n', namespace)['items']}

    # --- what works

    def test_deploy(self):
        namespace, values = self.prepare('main', {'LOG_INTERVAL_MS': '50'})
        run = self.run('deploy', '--values', values, '--yes').expect_status(0)
        run.expect_out('Deploying to namespace %s of context admin (server https://' % namespace,
                       'The app answers: healthy', 'https://%s.hackystack.local' % namespace, 'Running', 'POD', *TITLES)
        expect('Nothing had to change' not in run.out and '\033' not in run.out, 'The output', run)
        expect(len(self.ready_pods(namespace)) == 2, 'There are not two ready pods', run)
        self.main = (namespace, values)

    def need_main(self):
        expect(self.main is not None, 'The app was not deployed')
        return self.main

    def test_managed_fields(self):
        namespace, _values = self.need_main()
        for name in OBJECTS:
            name = name % namespace if '%' in name else name
            metadata = self.cluster.get(name, '-n', namespace, '--show-managed-fields')['metadata']
            managers = {(f['manager'], f['operation']) for f in metadata['managedFields']}
            expect(('hackystack-desktop', 'Apply') in managers, '%s: %s' % (name, managers))

    def test_again(self):
        namespace, values = self.need_main()
        before = {name: self.cluster.get(name, '-n', namespace)['metadata']['resourceVersion']
                  for name in OBJECTS[1:4] + OBJECTS[5:]}
        run = self.run('deploy', '--values', values, '--yes').expect_status(0)
        run.expect_out('Nothing had to change.', 'https://')
        expect('created' not in run.out and 'changed' not in run.out.replace('unchanged', ''), 'The output', run)
        after = {name: self.cluster.get(name, '-n', namespace)['metadata']['resourceVersion'] for name in before}
        expect(before == after, 'Objects were changed: %s %s' % (before, after), run)

    def test_json(self):
        namespace, values = self.need_main()
        events = self.run('deploy', '--values', values, '--yes', '--json').expect_status(0).events()
        kinds = [event['type'] for event in events]
        expect(kinds[0] == 'plan' and kinds[-2:] == ['pods', 'result'] and
               set(kinds[1:-2]) == {'operation'}, str(kinds))
        expect(events[0]['namespace'] == namespace and len(events[0]['operations']) == N_OPERATIONS, str(events[0]))
        done = [event for event in events if event['type'] == 'operation' and event['state'] == 'done']
        expect([event['index'] for event in done] == list(range(N_OPERATIONS)), str(done))
        expect(len(events[-2]['pods']) == 2 and all(pod['ready'] for pod in events[-2]['pods']), str(events[-2]))
        expect(events[-1]['changed'] is False and 'healthy' in events[-1]['health'] and
               events[-1]['url'] == 'https://%s.hackystack.local' % namespace, str(events[-1]))

    def test_status(self):
        namespace, _values = self.need_main()
        run = self.run('status', '-n', namespace, '--json').expect_status(0)
        document = run.document()
        expect(document['type'] == 'status' and document['deployed'] and document['namespace'] == namespace, 'A', run)
        expect((document['ready'], document['desired'], len(document['pods'])) == (2, 2, 2), 'The pods', run)
        expect(document['health']['status'] == 200 and 'healthy' in document['health']['answer'], 'The health', run)
        expect(document['url'] == 'https://%s.hackystack.local' % namespace, 'The address', run)
        expect(document['image'] == self.cluster.values['image'], 'The image', run)
        for pod in document['pods']:
            expect(pod['ready'] and pod['status'] == 'Running' and pod['restarts'] == 0 and pod['node'] and
                   0 <= pod['ageSeconds'] < 3600, 'A pod', run)
        expect({pod['name'] for pod in document['pods']} == set(self.ready_pods(namespace)), 'The names', run)
        self.run('status', '-n', namespace).expect_status(0).expect_out('2 of 2', 'HTTP 200', 'Running')

    def test_not_deployed(self):
        document = self.run('status', '-n', 'default', '--json').expect_status(0).document()
        expect(document['deployed'] is False and document['pods'] == [] and document['image'] is None, str(document))
        self.run('status', '-n', 'default').expect_status(0)
        self.run('logs', '-n', 'default').expect_error('default', 'hackystackctl deploy')

    def test_remembered(self):
        """The profile holds what is no secret, for its owner only."""
        files = self.ctl.files()
        expect(len(files) == 1 and files[0].endswith('/data/hackystack/profiles/default.json'), str(files))
        expect(stat.S_IMODE(os.stat(files[0]).st_mode) == 0o600, 'The profile is open to others')
        with open(files[0], encoding='utf-8') as stream:
            text = stream.read()
        expect('hackystack.local' in text, text)
        for secret in self.ctl.secrets:
            expect(not any(form in text for form in forms_of(secret)), 'A secret is in the profile')
        self.run('deploy', '--yes').expect_error('nextauthSecret', 'databaseUrl')

    def test_context(self):
        """--context counts over the context of the profile, and that over the kubeconfig's current one."""
        viewer = self.cluster.kubeconfig('viewer')
        env = {'KUBECONFIG': '%s:%s' % (viewer, self.cluster.kubeconfig('admin'))}
        for arguments, name in (([], 'admin'), (['--context', 'viewer'], 'viewer'), (['--profile', 'new'], 'viewer'),
                                (['--kubeconfig', viewer], 'viewer')):
            document = self.ctl.run('status', '--json', *arguments, env=env).expect_status(0).document()
            expect(document['context'] == name, '%s: %s' % (arguments, document))

    def test_keyring(self):
        """With a keyring, a second run needs no values."""
        if not shutil.which('gnome-keyring-daemon') or not shutil.which('dbus-run-session'):
            raise Skip('there is no gnome-keyring-daemon or no dbus-run-session')
        _namespace, values = self.need_main()
        environment = self.ctl.environment({'VALUES': values})
        del environment['DBUS_SESSION_BUS_ADDRESS']
        script = (UNLOCK_KEYRING +
                  '"$0" "$@" --values "$VALUES" >/dev/null && "$0" "$@"')
        arguments = ['dbus-run-session', '--', 'sh', '-c', script, self.ctl.program,
                     *self.arguments('admin', 'deploy', '--yes', '--profile', 'keyring')]
        process = subprocess.Popen(arguments, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        run = Run(process, arguments, self.ctl.secrets, self.ctl.read_cmdline(process.pid)).wait()
        run.expect_status(0).expect_out('Nothing had to change.')

    def test_no_save(self):
        namespace, values = self.need_main()
        before = self.ctl.files()
        self.run('deploy', '--values', values, '--yes', '--no-save', '--profile', 'other').expect_status(0)
        expect(self.ctl.files() == before, 'Files were written')

    def test_terminal(self):
        namespace, values = self.need_main()
        terminal = Terminal(self.ctl.program, self.arguments('admin', 'deploy', '--values', values),
                            self.ctl.environment(), 60)
        terminal.see('= Deployment hackystack-app')
        terminal.see('Everything is there as it shall be.')
        terminal.see('Nothing had to change.')
        terminal.see('https://' + namespace)
        expect(terminal.wait() == 0, terminal.screen)
        expect(terminal.is_as_before() and '✓' in terminal.screen and '\r\033[K' in terminal.screen, terminal.screen)
        for secret in self.ctl.secrets:
            expect(not any(form in terminal.screen for form in forms_of(secret)), 'A secret is on the screen')
        terminal.close()

    def diff(self, values, *arguments, status=0):
        run = self.run('diff', '--values', values, '--json', *arguments).expect_status(status)
        return {'%s %s' % (o['kind'], o['name']): o for o in run.document()['objects']}

    def test_diff(self):
        """What would change, before it does: everything, nothing, one value."""
        namespace, values = self.need_main()
        run = self.run('diff', '--values', values).expect_status(0)
        run.expect_out('= Namespace ' + namespace, '= Secret hackystack-secrets', ' unchanged.')
        expect('kubectl' not in run.out, 'A command for nothing', run)
        objects = self.diff(values, '--exit-code')
        expect({o['action'] for o in objects.values()} == {'unchanged'}, str(objects))
        # With another database each secret of it is known to differ, and no more.
        changed = {**read_values(values), 'replicas': 3, 'databaseUrl': 'postgresql://a:n0t-f0r-y0u@db/a'}
        del changed['extra']
        other = write_values(memory_file('changed'), changed, {'LOG_INTERVAL_MS': '50'})
        self.run('diff', '--values', other, '--exit-code').expect_status(4)
        run = self.run('diff', '--values', other).expect_status(0)
        run.expect_out('~ Deployment hackystack-app', '-  replicas: 2', '+  replicas: 3', '-  DATABASE_URL: •••\n',
                       '+  DATABASE_URL: ••• changed', 'kubectl --context=admin apply --server-side')
        expect('n0t-f0r-y0u' not in run.out + run.err, 'A secret is shown', run)
        objects = self.diff(other)
        expect(objects['Deployment hackystack-app']['action'] == 'change', str(objects))
        expect(objects['Service hackystack-service']['diff'] == '', str(objects))
        expect(self.cluster.get('deployment/hackystack-app', '-n', namespace)['spec']['replicas'] == 2, 'It was changed')
        new, new_values = self.prepare('diff-new')
        objects = self.diff(new_values)
        expect({o['action'] for o in objects.values()} == {'create'}, str(objects))
        expect('namespace is new' in objects['Deployment hackystack-app']['note'], str(objects))
        expect(self.cluster.kubectl('get', 'namespace', '--ignore-not-found', new) == '', 'It was made')

    def test_diff_refused(self):
        _namespace, values = self.prepare('refused', namespace=LIMITED)
        run = self.run('diff', '--values', values, kubeconfig='deployer').expect_error('would refuse 1 of', 'Ingress')
        run.expect_out('x Ingress hackystack-ingress', 'Ask the cluster', '+ ConfigMap hackystack-config')

    def test_kept(self):
        """On a terminal, of two fields of somebody else one is kept and one is taken over."""
        namespace, values = self.prepare('kept')
        self.run('deploy', '--values', values, '--yes', '--no-save').expect_status(0)
        self.cluster.kubectl('apply', '--server-side', '--force-conflicts', '--field-manager=somebody-else', '-n',
                             namespace, '-f', '-',
                             input='apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hackystack-config}\n'
                                   'data: {AUTH_TRUST_HOST: "false", NODE_ENV: test}\n')
        terminal = Terminal(self.ctl.program, self.arguments('admin', 'deploy', '--values', values, '--no-save'),
                            self.ctl.environment(), 100)
        terminal.see('! ConfigMap hackystack-config')
        terminal.see('“somebody-else” set the field .data.AUTH_TRUST_HOST.')
        terminal.type('t\n')
        terminal.see('“somebody-else” set the field .data.NODE_ENV.')
        terminal.type('k\n')
        terminal.see('.data.NODE_ENV stays as “somebody-else” set it.')
        terminal.see('Apply 1 change to context admin (server https://')
        terminal.type('y\n')
        expect(terminal.wait() == 0, terminal.screen)
        terminal.close()
        data = self.cluster.get('configmap/hackystack-config', '-n', namespace)['data']
        expect((data['AUTH_TRUST_HOST'], data['NODE_ENV']) == ('true', 'test'), str(data))

    # --- logs

    @staticmethod
    def ticks(text):
        """The numbers of the app's steady lines, for each run of the app."""
        runs = []
        for line in text.splitlines():
            n = json.loads(line).get('n') if line.startswith('{') else None
            if n == 1 or (n and not runs):
                runs.append([])
            if n:
                runs[-1].append(n)
        return runs

    def expect_no_gap(self, run):
        for numbers in self.ticks(run.out[:run.out.rindex('\n') + 1]):
            expect(numbers == list(range(numbers[0], numbers[0] + len(numbers))), 'There is a gap', run)

    def test_logs(self):
        namespace, _values = self.need_main()
        run = self.run('logs', '-n', namespace).expect_status(0)
        expect('Pod hackystack-app-' in run.err and self.ticks(run.out)[0][0] == 1, 'The log', run)
        self.expect_no_gap(run)
        pod = self.ready_pods(namespace)[1]
        run = self.run('logs', '-n', namespace, '--tail', '3', '--timestamps', pod).expect_status(0)
        lines = run.out.splitlines()
        expect(len(lines) == 3 and all(line[:2] == '20' and line[29:32] == 'Z {' for line in lines), 'Lines', run)
        self.run('logs', '-n', namespace, 'no-such-pod').expect_error('no-such-pod')
        self.run('logs', '-n', namespace, '--previous', pod).expect_error('previous')
        self.run('logs', '-n', namespace, '-c', 'no-such-container', pod).expect_error('no-such-container')

    def test_logs_pipe(self):
        """A reader that goes away ends it quietly."""
        namespace, _values = self.need_main()
        run = self.start('logs', '-f', '-n', namespace)
        run.wait_for(lambda run: run.out.count('\n') > 3, 'lines')
        run.process.stdout.close()
        run.wait(30).expect_status(0)
        expect('error' not in run.err, 'It complains', run)

    def test_follow(self):
        namespace, _values = self.need_main()
        pod = self.ready_pods(namespace)[0]
        run = self.start('logs', '-f', '-n', namespace, pod)
        run.wait_for(lambda run: self.ticks(run.out)[-1:], 'ticks')
        self.cluster.kubectl('exec', '-n', namespace, pod, '--', 'kill', '1')
        run.wait_for(lambda run: len(self.ticks(run.out)) == 2 and len(self.ticks(run.out)[1]) > 20, 'the next run')
        run.signal(signal.SIGINT)
        run.wait(30).expect_status(130)
        self.expect_no_gap(run)
        previous = self.run('logs', '-n', namespace, '--previous', pod).expect_status(0)
        expect(len(self.ticks(previous.out)) == 1 and '"stopping"' in previous.out, 'The previous run', previous)

    def test_follow_outage(self):
        namespace, _values = self.need_main()
        pod = self.ready_pods(namespace)[0]
        run = self.start('logs', '-f', '-n', namespace, pod)
        run.wait_for(lambda run: self.ticks(run.out)[-1:], 'ticks')
        self.outage()
        time.sleep(1)
        seen = run.out.count('\n')
        run.wait_for(lambda run: run.out.count('\n') > seen + 450, 'the lines after the outage', 60)
        run.signal(signal.SIGTERM)
        run.wait(30).expect_status(130)
        self.expect_no_gap(run)
        expect(len(self.ticks(run.out)) == 1 and run.err.strip(), 'It said nothing of the outage', run)

    def outage(self, seconds=20):
        self.cluster.apiserver('stop')
        try:
            time.sleep(seconds)
        finally:
            self.cluster.apiserver('start')

    # --- what fails

    def test_refused(self, kubeconfig, words):
        _namespace, values = self.prepare('refused-' + kubeconfig)
        for arguments in (['deploy', '--values', values, '--yes', '--no-save'], ['status'], ['logs']):
            self.run(*arguments, kubeconfig=kubeconfig, seconds=60).expect_error(*words)

    def test_verbose(self):
        run = self.run('status', '--verbose', kubeconfig='bad-token').expect_error('credentials')
        expect('HTTP status: 401' in run.err and 'reason: Unauthorized' in run.err, 'The details', run)

    def test_forbidden(self):
        _namespace, values = self.prepare('forbidden', namespace=LIMITED)
        try:
            run = self.run('deploy', '--values', values, '--yes', '--no-save', '--verbose', kubeconfig='deployer')
            run.expect_error('Ingress', 'forbidden', 'ConfigMap', 'Deployment')
            expect('  kind: refused' in run.err, 'The details', run)
            expect('hackystack-app' in self.names(LIMITED, 'deployments'), 'What it names is not there', run)
            expect(self.names(LIMITED, 'ingresses') == set(), 'There is an Ingress', run)
        finally:
            self.cluster.kubectl('delete', '-n', LIMITED, 'deployment,service,configmap,secret,ingress', '-l',
                                 'app.kubernetes.io/part-of=hackystack')

    def test_conflict(self):
        namespace, values = self.prepare('conflict')
        self.cluster.kubectl('create', 'namespace', namespace)
        self.cluster.kubectl('apply', '--server-side', '--field-manager=somebody-else', '-n', namespace, '-f', '-',
                             input='apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hackystack-config}\n'
                                   'data: {NEXTAUTH_URL: "https://elsewhere.example"}\n')
        run = self.run('deploy', '--values', values, '--yes', '--no-save').expect_error('somebody-else', 'ConfigMap')
        expect('hackystack-secrets' not in self.names(namespace, 'secrets'), 'It went on', run)
        run = self.run('deploy', '--values', values, '--yes', '--no-save', '--force-conflicts').expect_status(0)
        data = self.cluster.get('configmap/hackystack-config', '-n', namespace)['data']
        expect(data['NEXTAUTH_URL'] == 'https://%s.hackystack.local' % namespace, str(data))

    def test_no_image(self):
        image = 'hackystack:no-such-tag'
        namespace, values = self.prepare('image', image=image)
        start = time.monotonic()
        run = self.run('deploy', '--values', values, '--yes', '--no-save').expect_error(image, 'Ingress')
        expect(time.monotonic() - start < 120, 'It waited for the time-out', run)
        document = self.run('status', '-n', namespace, '--json').expect_status(0).document()
        expect(document['deployed'] and document['ready'] == 0 and document['pods'], str(document))

    def never_ready(self, name):
        """Values with which the app runs but never gets ready: nothing is at its database's address."""
        return self.prepare(name, databaseUrl='postgresql://hacky:%s@192.0.2.1:5432/hackystack' % ('x' * 12))

    def test_timed_out(self):
        _namespace, values = self.never_ready('timeout')
        start = time.monotonic()
        run = self.run('deploy', '--values', values, '--yes', '--no-save', '--timeout', '8')
        run.expect_error('Ingress', status=3)
        expect(7 < time.monotonic() - start < 60, 'The time-out is not kept', run)

    def test_cancelled(self, json_mode):
        namespace, values = self.never_ready('cancel-%d' % json_mode)
        run = self.start('deploy', '--values', values, '--yes', '--no-save', *(['--json'] if json_mode else []))
        run.wait_for(lambda run: 'ready' in run.out.split('Ingress')[-1], 'the wait')
        run.signal(signal.SIGINT)
        run.wait(30).expect_status(130)
        expect('error' not in run.err and 'Cancelled. ' in run.err, 'The end', run)
        done = run.err.split('Applied: ')[1].split('Not applied: ')[0]
        expect(all(title in done for title in TITLES) , 'What it says was applied', run)
        if json_mode:
            expect(run.events()[-1]['type'] == 'cancelled', 'The last event', run)
        expect('hackystack-ingress' in self.names(namespace, 'ingresses'), 'What it says was applied is not there', run)

    def test_outage(self):
        namespace, values = self.prepare('outage')
        run = self.start('deploy', '--values', values, '--yes', '--no-save', '--json')
        run.wait_for(lambda run: 'Ingress' in run.out and '"done"' in run.out.split('Ingress')[-1], 'the wait')
        self.outage()
        run.wait(180).expect_status(0)
        expect(len(self.ready_pods(namespace)) == 2, 'There are not two ready pods', run)

    def clean(self):
        if self.cluster.namespaces:
            self.cluster.kubectl('delete', 'namespace', '--ignore-not-found', '--wait=false',
                                 *self.cluster.namespaces)


REFUSED = {'down': ['https://127.0.0.1:1'], 'bad-token': ['credentials'], 'wrong-ca': ['certificate'],
           'wrong-host': ['127.0.0.2'], 'mismatch': ['key']}


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('There is no cluster: %s not set' % ', '.join(missing))
    cluster = Cluster()
    ctl = Ctl(sys.argv[1], [cluster.values.get(key) for key in SECRET_KEYS])
    cases = Cases(cluster, ctl)
    tap = Tap()
    for name in ('deploy', 'managed_fields', 'again', 'json', 'status', 'not_deployed', 'remembered', 'context', 'no_save',
                 'terminal', 'diff', 'diff_refused', 'kept', 'logs', 'logs_pipe', 'follow', 'follow_outage', 'verbose', 'forbidden', 'conflict', 'no_image',
                 'timed_out', 'outage'):
        tap.case(name.replace('_', ' '), getattr(cases, 'test_' + name))
    for kubeconfig, words in REFUSED.items():
        tap.case('refused: ' + kubeconfig, cases.test_refused, kubeconfig, words)
    tap.case('cancelled', cases.test_cancelled, False)
    tap.case('cancelled, JSON', cases.test_cancelled, True)
    tap.case('keyring', cases.test_keyring)
    cases.clean()
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
