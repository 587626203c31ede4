#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hackystackctl deploy --build: what was built is what runs. The stand-in for Minikube gives an image that the test
cluster has the names that a build gives."""
import json
import os
import secrets
import shutil
import subprocess
import sys

import yaml

from ctl import Ctl, SECRET_KEYS, read_values, write_values
from tap import Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
LIBRARY = 'docker.io/library/'

MINIKUBE = """#!/bin/sh
images () {{ timeout 60 ctr -a {socket} -n k8s.io images "$@" >/dev/null; }}
case "$*" in
  *' image build '*) images tag {library}hackystack:v2 {library}$7 && echo "$7" >>{state} ;;
  *' image tag '*) images tag {library}$5 {library}$6 && echo "$6" >>{state} ;;
  *' image ls '*) printf '[{{"id":"sha256:{id}","repoTags":["none:1"'
    while read -r name; do printf ',"{library}%s"' "$name"; done <{state}
    echo ']}}]' ;;
  *) exit 14 ;;
esac
"""


class Cases:
    def __init__(self, ctl):
        self.ctl = ctl
        self.cluster = os.environ['HACKYSTACK_TEST_CLUSTER']
        self.socket = os.path.join(os.path.dirname(os.environ['HACKYSTACK_TEST_VALUES']), 'run', 'containerd.sock')
        self.namespace = 'ctl-build-%d' % os.getpid()
        self.id = secrets.token_hex(32)
        self.reference = 'hackystack:' + self.id[:12]
        self.state = ctl.path('node')
        self.values = {**read_values(os.environ['HACKYSTACK_TEST_VALUES']), 'namespace': self.namespace, 'replicas': 1,
                       'host': self.namespace + '.hackystack.local', 'pullPolicy': 'Always',
                       'nextauthUrl': 'https://%s.hackystack.local' % self.namespace}
        self.file = '/proc/%d/fd/%d' % (os.getpid(), os.memfd_create('values'))
        write_values(self.file, self.values)

    def prepare(self):
        os.mkdir(self.ctl.path('tools'))
        os.mkdir(self.ctl.path('app'))
        for path, text in ((self.state, ''), (self.ctl.path('app', 'Dockerfile'), 'FROM scratch\n'),
                           (self.ctl.path('tools', 'minikube'), MINIKUBE.format(
                               socket=self.socket, library=LIBRARY, state=self.state, id=self.id))):
            with open(path, 'w', encoding='utf-8') as stream:
                stream.write(text)
        os.chmod(self.ctl.path('tools', 'minikube'), 0o755)
        source = os.path.join(os.environ['HACKYSTACK_TEST_KUBECONFIGS'], 'admin')
        with open(source, encoding='utf-8') as stream:
            config = yaml.safe_load(stream)
        for entry in config['clusters']:
            entry['cluster']['extensions'] = [{'name': 'cluster_info',
                                               'extension': {'provider': 'minikube.sigs.k8s.io'}}]
        self.kubeconfig = '/proc/%d/fd/%d' % (os.getpid(), os.memfd_create('kubeconfig'))
        with open(self.kubeconfig, 'w', encoding='utf-8') as stream:
            json.dump(config, stream)

    def kubectl(self, *arguments):
        return subprocess.run([self.cluster, 'kubectl', *arguments], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=180, check=False)

    def run(self, *arguments):
        env = {'PATH': '%s:%s' % (self.ctl.path('tools'), os.environ['PATH']), 'SHELL': '/bin/false'}
        return self.ctl.run('--kubeconfig', self.kubeconfig, '-n', self.namespace, 'deploy', '--values', self.file,
                            '--yes', '--no-save', *arguments, env=env)

    def test_broken(self):
        """A build that fails ends it before anything was sent."""
        self.run('--build', self.ctl.path()).expect_error('Dockerfile')
        expect(self.kubectl('get', 'namespace', self.namespace).returncode != 0, 'Something was sent')

    def test_deploy(self):
        run = self.run('--build', self.ctl.path('app'), '--json').expect_status(0)
        plan = [event for event in run.events() if event['type'] == 'plan'][0]
        expect(plan['image'] == self.reference, str(plan))
        answer = self.kubectl('-n', self.namespace, 'get', 'deployment', 'hackystack-app', '-o', 'json')
        container = json.loads(answer.stdout)['spec']['template']['spec']['containers'][0]
        expect((container['image'], container['imagePullPolicy']) == (self.reference, 'IfNotPresent'), str(container))

    def clean(self):
        self.kubectl('delete', 'namespace', self.namespace, '--ignore-not-found')
        with open(self.state, encoding='utf-8') as stream:
            names = [LIBRARY + name for name in stream.read().split()]
        if names:
            subprocess.run(['ctr', '-a', self.socket, '-n', 'k8s.io', 'images', 'rm', *names], check=False,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)


def main():
    if not all(os.environ.get(name) for name in NEEDED):
        return skip_all('HACKYSTACK_TEST_CLUSTER does not name the test cluster')
    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values[key] for key in SECRET_KEYS])
    cases = Cases(ctl)
    try:
        if not shutil.which('ctr') or not os.access(cases.socket, os.W_OK):
            return skip_all('the images of the cluster cannot be named from here')
        cases.prepare()
        tap = Tap()
        tap.case('a failed build', cases.test_broken)
        tap.case('what was built is deployed', cases.test_deploy)
        cases.clean()
    finally:
        ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
