# SPDX-License-Identifier: GPL-3.0-or-later
"""From Deploy to proven, against kubectl with the same objects, the same wait and the same question."""
import json
import os
import re
import statistics
import subprocess
import tempfile
import time

GROUP = 'app'
RUNS = 11
DEPLOYMENT = 'deployment/hackystack-app'
HEALTH = '/api/v1/namespaces/%s/services/http:hackystack-service:http/proxy/api/health'


def read_values(path):
    """The `key: value` lines of a values file."""
    with open(path, encoding='utf-8') as stream:
        lines = (re.match(r'([A-Za-z]+): *(.*?) *$', line) for line in stream)
        return {match.group(1): match.group(2).strip('"') for match in lines if match and match.group(2)}


class Side:
    """One who deploys, each time into a new namespace."""

    def __init__(self, bench, name, home):
        self.bench = bench
        self.name = name
        self.home = home
        self.values = read_values(bench.ask_cluster('values'))
        # No keyring, which would remember one certificate authority for all rounds.
        self.env = {**bench.env, 'HOME': home, 'XDG_CONFIG_HOME': home, 'XDG_DATA_HOME': home, 'XDG_STATE_HOME': home,
                    'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'}

    def call(self, *command):
        done = subprocess.run(command, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit('error: %s ended with %d: %s' % (' '.join(command[:2]), done.returncode, done.stderr.strip()))
        return done.stdout

    def prepare(self, number):
        """What does not count: a values file in memory, or the exported manifests."""
        self.namespace = 'bench-deploy-%s-%d' % (self.name, number)
        host = self.namespace + '.local'
        self.descriptor = os.memfd_create('values')
        self.file = '/proc/%d/fd/%d' % (os.getpid(), self.descriptor)
        with open(self.file, 'w', encoding='utf-8') as stream:
            json.dump({**self.values, 'replicas': int(self.values.get('replicas', 2)), 'namespace': self.namespace, 'host': host,
                       'nextauthUrl': 'https://' + host}, stream)

    def clean(self):
        os.close(self.descriptor)
        subprocess.run([self.bench.kubectl, 'delete', 'namespace', self.namespace, '--ignore-not-found'], env=self.env, check=True,
                       stdout=subprocess.DEVNULL)

    def measure(self, number):
        self.prepare(number)
        try:
            start = time.perf_counter()
            self.deploy()
            return time.perf_counter() - start
        finally:
            self.clean()


class Ours(Side):
    def deploy(self):
        self.call(self.bench.ctl, 'deploy', '--values', self.file, '--yes', '--no-save')


class Theirs(Side):
    def prepare(self, number):
        super().prepare(number)
        self.folder = tempfile.TemporaryDirectory(dir=self.home)
        self.call(self.bench.ctl, 'export', self.folder.name, '--values', self.file, '--with-secrets', '--yes')

    def deploy(self):
        kubectl = self.bench.kubectl
        self.call(kubectl, 'apply', '-f', self.folder.name)
        self.call(kubectl, '-n', self.namespace, 'rollout', 'status', DEPLOYMENT)
        answer = json.loads(self.call(kubectl, 'get', '--raw', HEALTH % self.namespace))
        if answer['status'] != 'healthy':
            raise SystemExit('error: the app that kubectl applied is %s' % answer['status'])

    def clean(self):
        super().clean()
        self.folder.cleanup()


def run(bench):
    """The one first who came second before: what the last namespace leaves to the machine is shared."""
    with tempfile.TemporaryDirectory() as home:
        sides = [Ours(bench, 'ours', home), Theirs(bench, 'kubectl', home)]
        rounds = []
        for number in range(1 + RUNS):
            order = sides if number % 2 else sides[::-1]
            seconds = {side.name: side.measure(number) for side in order}
            rounds.append([seconds[side.name] for side in sides])
    del rounds[0]
    bench.title('deploy: a new namespace, until the app answers', RUNS)
    for column, name in enumerate(('hackystackctl deploy', 'kubectl apply, rollout status, health')):
        bench.figure(name, [row[column] for row in rounds], 's')
    bench.aim('deploy, wall time / kubectl', [ours / theirs for ours, theirs in rounds], at_most=1.1)
    # A pod is asked every two seconds whether it has started: what the pairs are apart by chance.
    bench.figure('deploy, median / median of kubectl', [statistics.median(row[0] for row in rounds) / statistics.median(row[1] for row in rounds)], '')
