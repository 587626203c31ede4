#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hackystackctl build: with stand-ins for Minikube that do what they are told, and with a real Docker."""
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time

from ctl import Ctl
from dockerd import Dockerd
from tap import Skip, Tap, expect

MINIKUBE_CLUSTER = {'name': 'lab', 'cluster': {'server': 'https://127.0.0.1:1', 'extensions': [
    {'name': 'cluster_info', 'extension': {'provider': 'minikube.sigs.k8s.io', 'version': 'v1.38.1'}}]}}
KUBECONFIG = {
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'lab',
    'clusters': [MINIKUBE_CLUSTER, {'name': 'far', 'cluster': {'server': 'https://127.0.0.1:1'}}],
    'contexts': [{'name': name, 'context': {'cluster': name}} for name in ('lab', 'far')],
}

# Its node is a file of names. %s: where it is, and what a build does.
STAND_IN = """#!/bin/sh
state=%s
id=4f0c1d2e3b5a69788796a5b4c3d2e1f0
case "$*" in
  '-p lab image build --all -t '*) name=$7; folder=$8
%s ;;
  '-p lab image tag '*) echo "$6" >>$state/node ;;
  '-p lab image ls --format json')
    printf '[{"id":"sha256:%%s","repoTags":["docker.io/library/none:1"' $id
    while read -r known; do printf ',"docker.io/library/%%s"' "$known"; done <$state/node
    echo ']}]' ;;
  *) echo "unexpected: $*" >&2; exit 14 ;;
esac
"""
DONE = 'echo "Step 1/1 : FROM scratch"; echo "$name" >>$state/node'

# As Minikube where its node runs Docker: that builds there, and its failure is no failure of Minikube's
# (minikube: pkg/minikube/machine/build_images.go).
OVER_DOCKER = """#!/bin/sh
[ "$1 $2 $3" = '-p lab image' ] || exit 14
verb=$4; shift 4
case $verb in
  build) docker build -t "$3" "$4" || true ;;
  load) docker load -i "$1" ;;
  tag) docker tag "$1" "$2" ;;
  ls) docker images --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}' |
        sed 's|\\(.*\\) \\(.*\\)|{"id":"\\1","repoDigests":[],"repoTags":["docker.io/library/\\2"],"size":"1"}|' |
        paste -s -d, | sed 's/^/[/; s/$/]/' ;;
  *) exit 14 ;;
esac
"""

APP = """
#include <stdio.h>
int main (int argc, char **argv) { return argc > 1 ? fprintf (stderr, "the app cannot do that\\n"), 7 : 0; }
"""


def write(path, text, mode=0o644):
    with open(path, 'w', encoding='utf-8') as stream:
        stream.write(text)
    os.chmod(path, mode)
    return path


def is_running(pid):
    try:
        with open('/proc/%d/stat' % pid, encoding='utf-8') as stream:
            return stream.read().rpartition(')')[2].split()[0] not in 'ZX'
    except (FileNotFoundError, ProcessLookupError):
        return False


class Cases:
    def __init__(self, ctl):
        self.ctl = ctl
        for name in ('tools', 'state', 'app'):
            os.mkdir(ctl.path(name))
        self.kubeconfig = write(ctl.path('config'), json.dumps(KUBECONFIG))
        self.app = ctl.path('app')
        write(ctl.path('app', 'Dockerfile'), 'FROM scratch\n')
        self.env = {'PATH': ctl.path('tools') + ':/usr/bin:/bin', 'SHELL': '/bin/false'}

    def set_minikube(self, body):
        write(self.ctl.path('state', 'node'), '')
        write(self.ctl.path('tools', 'minikube'), STAND_IN % (shlex.quote(self.ctl.path('state')), body), 0o755)

    def build(self, *arguments):
        return self.ctl.run('--kubeconfig', self.kubeconfig, 'build', *arguments, env=self.env)

    def read_pid(self, name):
        path = self.ctl.path('state', name)
        while not os.path.exists(path) or not open(path, encoding='utf-8').read().strip():
            time.sleep(0.02)
        with open(path, encoding='utf-8') as stream:
            return int(stream.read())

    def expect_gone(self, *names):
        for name in names:
            pid = self.read_pid(name)
            end = time.monotonic() + 60
            while is_running(pid):
                expect(time.monotonic() < end, 'The %s still runs' % name)
                time.sleep(0.02)

    def expect_no_scratch(self):
        left = [name for name in self.ctl.files() if '/build-' in name]
        expect(not left, 'Files are left: %s' % left)

    # --- with a stand-in

    def test_usage(self):
        self.set_minikube(DONE)
        for arguments in ([], ['one', 'two'], [self.app, '--builder', 'podman'], [self.app, '--tag', 'a b'],
                          [self.app, '--tag', 'latest'], [self.app, '--tag', '']):
            self.build(*arguments).expect_error(status=2)
        self.ctl.run('deploy', '--yes', '--builder', 'podman').expect_error('podman', status=2)
        self.ctl.run('build', '--help').expect_status(0).expect_out('--builder', '--tag', 'Exit status')

    def test_done(self):
        self.set_minikube("printf '\\033[1mbold\\033[0m\\n'; " + DONE)
        run = self.build(self.app).expect_status(0)
        expect(run.out == 'hackystack:4f0c1d2e3b5a\n', 'standard output', run)
        lines = run.err.splitlines()
        expect(lines[0].startswith('$ minikube -p lab image build --all -t hackystack:build-'), 'the command', run)
        expect(lines[0].endswith(self.app) and 'bold' in lines and '\033' not in run.err, 'the output', run)
        expect('set-image hackystack:4f0c1d2e3b5a' in lines[-1], 'the next step', run)
        run = self.build(self.app, '--tag', 'v7').expect_status(0)
        expect(run.out == 'hackystack:v7\n', 'standard output', run)

    def test_json(self):
        self.set_minikube(DONE)
        run = self.build(self.app, '--json').expect_status(0)
        events = run.events()
        expect([event['type'] for event in events] ==
               ['command', 'output', 'command', 'command', 'command', 'result'], str(events), run)
        expect(events[1]['text'] == 'Step 1/1 : FROM scratch', str(events[1]))
        expect(events[-1]['image'] == 'hackystack:4f0c1d2e3b5a', str(events[-1]))

    def test_failures(self):
        failing = 'echo "ERROR: failed to solve: exit code: 1" >&2; exit 80'
        for body, code, words in ((failing, 'build', ['exit code 80', 'failed to solve']),
                                  (failing.replace('exit 80', 'exit 0'), 'build', ['no node has it', 'failed to solve']),
                                  ("yes 'no end' | head -n 100000; exit 3", 'build', ['exit code 3', 'no end'])):
            self.set_minikube(body)
            self.build(self.app).expect_error(*words)
            event = self.build(self.app, '--json').expect_status(1).events()[-1]
            expect((event['type'], event['code']) == ('error', code), str(event))
        self.build(self.ctl.path('state')).expect_error('holds no file called Dockerfile')
        self.build('--context', 'far', self.app).expect_error('no cluster of Minikube', 'docker push')
        os.unlink(self.ctl.path('tools', 'minikube'))
        self.env['PATH'] = self.ctl.path('tools')
        self.build(self.app).expect_error('“minikube”', 'was not found')
        self.env['PATH'] = self.ctl.path('tools') + ':/usr/bin:/bin'
        self.expect_no_scratch()

    def start_waiting(self):
        for name in ('child', 'grandchild'):
            if os.path.exists(self.ctl.path('state', name)):
                os.unlink(self.ctl.path('state', name))
        self.set_minikube('echo $$ >$state/child; sleep 1000 & echo $! >$state/grandchild; echo waiting; wait')
        run = self.ctl.start('--kubeconfig', self.kubeconfig, 'build', self.app, env=self.env)
        run.wait_for(lambda run: 'waiting' in run.err, 'the output of the build')
        return run

    def test_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            run = self.start_waiting()
            run.signal(number)
            run.wait().expect_status(130)
            expect('The build was ended' in run.err and not run.out, 'the words', run)
            self.expect_gone('child', 'grandchild')
        self.expect_no_scratch()

    def test_killed(self):
        run = self.start_waiting()
        run.signal(signal.SIGKILL)
        run.wait()
        self.expect_gone('child')
        os.kill(self.read_pid('grandchild'), signal.SIGKILL)
        self.set_minikube(DONE)
        self.build(self.app).expect_status(0)
        self.expect_no_scratch()

    # --- with a real Docker

    def prepare_app(self):
        source, program = write(self.ctl.path('app.c'), APP), self.ctl.path('app', 'app')
        subprocess.run(['gcc', '-static', '-o', program, source], check=True)
        write(self.ctl.path('app', '.dockerignore'), 'ignored\n')
        write(self.ctl.path('app', 'ignored'), 'one\n')
        write(self.ctl.path('app', 'Dockerfile'), 'FROM scratch\nCOPY . /\nCMD ["/app"]\n')

    def use_docker(self, docker):
        write(self.ctl.path('tools', 'minikube'), OVER_DOCKER, 0o755)
        self.env.update(DOCKER_HOST=docker.host, DOCKER_CONFIG=self.ctl.path('docker-config'),
                        PATH='%s:%s' % (self.ctl.path('tools'), os.environ['PATH']))

    def expect_image(self, docker, reference):
        expect(re.fullmatch('hackystack:[0-9a-f]{12}', reference), reference)
        found = docker.docker('image', 'inspect', '--format', '{{.Id}}', reference)
        expect(found.stdout.startswith('sha256:' + reference.partition(':')[2]), found.stdout)

    def test_docker(self, docker, builder):
        """The name follows what is in the image, and that is for Docker to say."""
        arguments = (self.app, '--builder', builder)
        references = []
        for change in (None, ('ignored', 'two\n'), ('more', 'text\n')):
            if change:
                write(self.ctl.path('app', change[0]), change[1])
            run = self.build(*arguments).expect_status(0)
            expect('Step 2/3 : COPY' in run.err or 'COPY . /' in run.err, 'the output', run)
            references.append(run.out.strip())
            self.expect_image(docker, references[-1])
        os.unlink(self.ctl.path('app', 'more'))
        expect(references[0] == references[1] != references[2], str(references))
        self.expect_no_scratch()

    def test_docker_failures(self, docker):
        for text, words in (('FROM scratch\nCOPY missing /\n', ['missing']), ('FROM scratch\nFETCH a b\n', ['FETCH'])):
            write(self.ctl.path('app', 'Dockerfile'), text)
            self.build(self.app).expect_error('no node has it', *words)
            self.build(self.app, '--builder', 'docker').expect_error('docker build', 'failed with the exit code', *words)
        self.env['DOCKER_HOST'] = 'unix:///nonexistent/socket'
        self.build(self.app, '--builder', 'docker').expect_error('Docker does not run')
        self.env['DOCKER_HOST'] = docker.host

    def test_docker_step(self, docker):
        """A step that runs, and fails."""
        write(self.ctl.path('app', 'Dockerfile'), 'FROM scratch\nCOPY app /\nRUN ["/app"]\nRUN ["/app", "--fail"]\n')
        probe = docker.docker('build', '-q', '--network=none', self.app)
        if 'returned a non-zero code: 7' not in probe.stdout and 'exit code: 7' not in probe.stdout:
            raise Skip('Docker cannot run a container here: ' + probe.stdout.strip().splitlines()[-1])
        run = self.build(self.app, '--builder', 'docker')
        run.expect_error('failed with the exit code', '7')
        expect('the app cannot do that' in run.err, 'the words of the step', run)


def main():
    ctl = Ctl(sys.argv[1], [])
    docker = Dockerd()
    cases = Cases(ctl)
    tap = Tap()
    try:
        for name in ('usage', 'done', 'json', 'failures', 'interrupted', 'killed'):
            tap.case(name.replace('_', ' '), getattr(cases, 'test_' + name))
        tap.case('a real Docker starts', docker.start)
        if docker.process and docker.process.poll() is None:
            cases.prepare_app()
            cases.use_docker(docker)
            tap.case('a real Docker builds', cases.test_docker, docker, 'docker')
            tap.case('a real Docker builds as Minikube does', cases.test_docker, docker, 'minikube')
            tap.case('a real Docker fails', cases.test_docker_failures, docker)
            tap.case('a step of a real Docker fails', cases.test_docker_step, docker)
    finally:
        docker.stop()
        ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
