#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments, undos and resets by hackystackctl on a real cluster that are killed, stopped, cut off from the cluster
or under way twice: what is there afterwards is whole, and the next one goes on."""
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

from app import App, Cluster
from ctl import Ctl, Run, SECRET_KEYS, UNLOCK_KEYRING, read_values
from tap import Skip, Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER', 'HACKYSTACK_DATA_DIR')
PASSWORD = 'n0t-f0r-4ny-0utput'
CHANGED = {'LOG_LEVEL': 'changed'}


class Cases(Cluster):
    # --- the program is killed, and started again

    def kill(self, app, arguments, hold):
        """SIGKILL while a request is under way."""
        run = app.start(*arguments, kubeconfig=self.gate.kubeconfig)
        hold.wait(run)
        run.signal(signal.SIGKILL)
        run.wait().expect_status(-signal.SIGKILL)
        hold.drop()
        for path in self.ctl.files():
            if path.endswith('.json'):
                with open(path, encoding='utf-8') as stream:
                    json.load(stream)
        return run

    def test_killed(self):
        app = self.killed = self.keep(App(self, 'killed'))
        objects = '/api/v1/namespaces/%s/' % app.namespace
        for method, path, answer in (
                ('PATCH', r'/namespaces/%s\?' % app.namespace, False),
                ('PATCH', objects + r'configmaps/hackystack-config\?', True),
                ('PATCH', objects + r'secrets/hackystack-secrets\?', False),
                ('PATCH', r'/deployments/hackystack-app\?', True),
                ('POST', objects + 'secrets', False),
                ('POST', objects + 'secrets', True),
                ('PATCH', r'/ingresses/hackystack-ingress\?', False),
                ('GET', r'/pods\?.*watch=', False),
                ('GET', '/proxy/api/health', False),
                ('PATCH', objects + 'secrets/hackystack-revision-1', False)):
            self.kill(app, app.deployment(save=True), self.gate.hold(method, path, answer))
        run = app.run(*app.deployment(save=True)).expect_status(0).expect_out('Nothing had to change')
        app.expect_whole(1)
        expect(len(app.names('replicasets')) == 1, 'Pods were made twice', run)

    def need_killed(self):
        expect(self.killed is not None, 'The app was not deployed')
        return self.killed

    killed = None

    def test_killed_undo(self):
        app = self.need_killed()
        wanted = app.variables()
        app.set(CHANGED, image='hackystack:v2', databaseUrl=app.values['databaseUrl'] + '?application_name=' + PASSWORD)
        app.deploy().expect_status(0)
        app.expect_whole(2, CHANGED)
        objects = '/api/v1/namespaces/%s/' % app.namespace
        for method, path, answer in (
                ('PATCH', objects + r'configmaps/hackystack-config\?', True),
                ('PATCH', objects + r'secrets/hackystack-secrets\?', True),
                ('PATCH', r'/deployments/hackystack-app\?', True),
                ('POST', objects + 'secrets', True),
                ('GET', r'/pods\?.*watch=', False),
                ('GET', '/proxy/api/health', False)):
            run = self.kill(app, ['undo', '--yes'], self.gate.hold(method, path, answer))
            expect('revision 1 ' in run.out, 'It is another revision', run)
        app.run('undo', '--yes').expect_status(0).expect_out('Going on with the way back to revision 1')
        app.expect_whole(3)
        expect(app.variables() == wanted, 'Not all came back')

    def test_killed_reset(self):
        app = self.need_killed()
        for method, path, answer in (('DELETE', '/ingresses/', False), ('DELETE', '/deployments/', True),
                                     ('DELETE', '/configmaps/', True), ('GET', r'/namespaces\?', False)):
            self.kill(app, ['reset', '--confirm', app.namespace], self.gate.hold(method, path, answer))
        run = app.run('reset', '--confirm', app.namespace).expect_status(0).expect_out('Nothing is left')
        expect('Namespace %s  deleted' % app.namespace in run.out, 'The namespace', run)
        app.set()
        app.deploy().expect_status(0)
        app.expect_whole(1)
        self.kept.remove(app.namespace)

    def test_killed_keyring(self):
        """What was remembered before the end is enough to go on."""
        if not shutil.which('gnome-keyring-daemon') or not shutil.which('dbus-run-session'):
            raise Skip('there is no gnome-keyring-daemon or no dbus-run-session')
        app = App(self, 'keyring')
        hold = self.gate.hold('PATCH', '/api/v1/namespaces/%s/secrets/hackystack-secrets' % app.namespace)
        environment = self.ctl.environment({'VALUES': app.file, 'GATE': self.gate.kubeconfig, 'DIRECT': self.kubeconfig})
        del environment['DBUS_SESSION_BUS_ADDRESS']
        # The second run is told neither values nor namespace.
        script = (UNLOCK_KEYRING +
                  '"$0" --kubeconfig "$GATE" "$@" --values "$VALUES" & echo "first $!"; wait; '
                  'exec "$0" --kubeconfig "$DIRECT" "$@"')
        arguments = ['dbus-run-session', '--', 'sh', '-c', script, self.ctl.program, 'deploy', '--yes', '--profile', 'killed']
        process = subprocess.Popen(arguments, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        run = Run(process, arguments, self.ctl.secrets, self.ctl.read_cmdline(process.pid))
        hold.wait(run)
        first = [line for line in run.out.splitlines() if line.startswith('first ')]
        os.kill(int(first[0].split()[1]), signal.SIGKILL)
        hold.drop()
        run.wait().expect_status(0).expect_out('https://' + app.host)
        app.expect_whole(1)

    # --- two programs at once

    def test_two_alike(self):
        app = App(self, 'alike')
        for run in [app.start_deploy(), app.start_deploy()]:
            run.wait().expect_status(0)
        app.expect_whole(1)

    def test_two_in_turn(self):
        """One that writes is waited for; one that waits for its pods is told that others came."""
        first = App(self, 'turn')
        second = App(self, 'turn', CHANGED, databaseUrl=first.values['databaseUrl'] + '?application_name=' + PASSWORD)
        hold = self.gate.hold('PATCH', '/api/v1/namespaces/%s/configmaps/' % first.namespace, True)
        pods = self.gate.hold('GET', r'/namespaces/%s/deployments\?' % first.namespace)
        one = first.start_deploy(kubeconfig=self.gate.kubeconfig)
        hold.wait(one)
        other = second.start_deploy()
        other.wait_for(lambda run: 'Another change, of ' in run.out, 'waiting for the other')
        hold.released.set()
        pods.wait(one)
        other.wait().expect_status(0)
        pods.released.set()
        one.wait().expect_error('changed by somebody else', 'deploy again')
        second.expect_whole(2, CHANGED)

    def test_two_different(self):
        """However they meet, what is there afterwards is of one of them."""
        apps = [App(self, 'different', {'LOG_LEVEL': 'number-%d' % n}, nextauthSecret=PASSWORD * (2 + n)) for n in range(2)]
        runs = [app.start_deploy() for app in apps]
        for run in runs:
            run.wait()
            if run.status != 0:
                run.expect_error('changed by somebody else')
        expect(0 in [run.status for run in runs], 'Both failed', runs[0])
        level = apps[0].variables()['LOG_LEVEL']
        n = int(level[-1])
        expect(apps[0].variables()['NEXTAUTH_SECRET'] == apps[n].values['nextauthSecret'], 'They are mixed')
        apps[n].expect_whole(extra={'LOG_LEVEL': level})

    def test_stopped(self):
        """Who was taken for gone asks before writing more, and begins anew."""
        first = App(self, 'stopped')
        second = App(self, 'stopped', CHANGED, databaseUrl=first.values['databaseUrl'] + '?application_name=' + PASSWORD)
        hold = self.gate.hold('PATCH', '/api/v1/namespaces/%s/configmaps/' % first.namespace, True)
        one = first.start_deploy(kubeconfig=self.gate.kubeconfig)
        hold.wait(one)
        one.signal(signal.SIGSTOP)
        hold.released.set()
        second.deploy().expect_status(0).expect_out('Another change, of ')
        second.expect_whole(1, CHANGED)
        one.signal(signal.SIGCONT)
        one.wait().expect_status(0)
        first.expect_whole(2, {'LOG_LEVEL': None, 'DATABASE_URL': first.values['databaseUrl']})

    # --- the API server goes away

    def test_restart(self):
        """One outage, in the middle of each step: everybody goes on."""
        if 'HACKYSTACK_TEST_KUBECONFIG' in os.environ:
            raise Skip('the API server of another cluster is left alone')
        undone = App(self, 'restart-undo')
        removed = App(self, 'restart-reset')
        proved = App(self, 'restart-prove')
        for app in (removed, proved):
            app.deploy().expect_status(0)
        undone.deploy().expect_status(0)
        undone.set(CHANGED)
        undone.deploy().expect_status(0)
        waiting = App(self, 'restart-wait', CHANGED)
        applied = App(self, 'restart-apply')
        steps = [(applied.start_deploy('--json'), '"index":1,'), (waiting.start_deploy('--json'), 'Wait for the pods","state":"running'),
                 (proved.start_deploy('--json'), 'Ask the app\'s health","state":"running'),
                 (undone.start('undo', '--yes', '--json'), '"index":0,'),
                 (removed.start('reset', '--confirm', removed.namespace, '--json'), '"index":0,')]
        threads = [threading.Thread(target=self.freeze, args=step) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.command('apiserver', 'stop')
        try:
            for run, _words in steps:
                run.signal(signal.SIGCONT)
            steps[0][0].wait_for(lambda run: 'does not answer' in run.out, 'the outage')
        finally:
            self.command('apiserver', 'start')
        for run, _words in steps:
            run.wait().expect_status(0)
        for app in (applied, waiting, proved):
            app.expect_whole(1)
        undone.expect_whole(3)
        run = steps[-1][0]
        expect(run.events()[-1]['objects'] == [], 'Something is left', run)

    @staticmethod
    def freeze(run, words):
        """Stops a program as soon as it says something."""
        end = time.monotonic() + 60
        while words not in run.out and run.process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        run.signal(signal.SIGSTOP)


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('There is no cluster: %s not set' % ', '.join(missing))
    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS] + [PASSWORD])
    cases = Cases(ctl, values, 'interrupted')
    tap = Tap()
    for name in ('killed', 'killed_undo', 'killed_reset', 'killed_keyring', 'two_alike', 'two_in_turn', 'two_different',
                 'stopped', 'restart'):
        if name in (sys.argv[2:] or [name]):
            cases.case(tap, name.replace('_', ' '), getattr(cases, 'test_' + name))
    cases.clean()
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
