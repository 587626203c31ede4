#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""exec, attach and port-forward of hackystackctl against a real cluster (tests/cluster/cluster)."""
import hashlib
import http.client
import os
import signal
import socket
import struct
import subprocess
import sys
import fcntl
import termios
import time
import urllib.request

from ctl import Ctl
from pods import Pods
from tap import Tap, expect, skip_all
from terminal import Terminal

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_CLUSTER')
BULK = 24 << 20
OBJECTS = '''
apiVersion: v1
kind: Pod
metadata: {name: box}
spec:
  terminationGracePeriodSeconds: 0
  automountServiceAccountToken: false
  containers:
  - {name: main, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, "100000"]}
  - name: talker
    image: busybox
    imagePullPolicy: IfNotPresent
    command: [sh, -c, 'while read line; do echo "said $line"; done; sleep 100000']
    stdin: true
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      automountServiceAccountToken: false
      containers:
      - name: main
        image: busybox
        imagePullPolicy: IfNotPresent
        command: [sh, -c, 'mkdir /tmp/w; hostname > /tmp/w/name; head -c 3000000 /dev/zero > /tmp/w/big; exec httpd -f -p 3000 -h /tmp/w']
        ports: [{name: http, containerPort: 3000}]
        readinessProbe: {tcpSocket: {port: 3000}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: web, port: 80, targetPort: http}]
'''


class Cases:
    def __init__(self, cluster, ctl, folder):
        self.cluster = cluster
        self.ctl = ctl
        self.namespace = 'ctl-exec-%d' % os.getpid()
        self.pods = Pods(cluster, self.namespace)
        self.folder = folder
        self.kubeconfig = os.path.join(folder, 'admin')

    def kubectl(self, *arguments, input=None):
        result = subprocess.run([self.cluster, 'kubectl', '-n', self.namespace, *arguments], input=input, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=180, check=False)
        expect(result.returncode == 0, 'kubectl %s: %s' % (' '.join(arguments), result.stderr))
        return result.stdout

    def set_up(self):
        self.pods.make(OBJECTS)
        self.pods.wait('wait', '--for=condition=Ready', 'pod/box')
        self.pods.wait('rollout', 'status', 'deployment/web')

    def tear_down(self):
        self.kubectl('delete', 'namespace', '--wait=false', self.namespace)

    def arguments(self, *words, user='admin'):
        return ('--kubeconfig', os.path.join(self.folder, user), '-n', self.namespace, *words)

    def run(self, *words, **more):
        return self.ctl.run(*self.arguments(*words), **more)

    def start(self, *words, **more):
        return self.ctl.start(*self.arguments(*words), **more)

    def exit_statuses(self):
        for command, status in ((['true'], 0), (['false'], 1), (['sh', '-c', 'exit 3'], 3), (['sh', '-c', 'kill -9 $$'], 137)):
            run = self.run('exec', 'box', '-c', 'main', '--', *command).expect_status(status)
            expect((run.err == '') == (status == 0), 'It says something else than it should', run)
            expect(status == 0 or run.err == 'command terminated with exit code %d\n' % status, 'It does not say so', run)

    def streams(self):
        run = self.run('exec', 'box', '-c', 'main', '--', 'sh', '-c', 'echo one; echo two >&2').expect_status(0)
        expect((run.out, run.err) == ('one\n', 'two\n'), 'The streams are mixed', run)
        run = self.run('exec', '-i', 'box', '-c', 'main', '--', 'tr', 'a-z', 'A-Z', input='hello\n').expect_status(0)
        expect(run.out == 'HELLO\n', 'It did not get its input', run)
        run = self.run('exec', 'box', '-c', 'main', '--', 'cat', input='hello\n').expect_status(0)
        expect(run.out == '', 'It got an input', run)

    def containers(self):
        run = self.run('exec', 'box', '--', 'true').expect_status(0)
        expect(run.err == 'Defaulted container "main" out of: main, talker\n', 'It does not say which', run)
        run = self.run('exec', 'deploy/web', '--', 'hostname').expect_status(0)
        expect(run.out.startswith('web-'), 'It ran elsewhere', run)
        expect(self.run('exec', 'svc/web', '--', 'hostname').out == run.out, 'It ran elsewhere', run)

    def refused(self):
        self.run('exec', 'box', '-c', 'nosuch', '--', 'true').expect_error('container nosuch is not valid')
        self.run('exec', 'nosuch', '--', 'true').expect_error('pods "nosuch" not found')
        self.run('exec', 'svc/nosuch', '--', 'true').expect_error('services "nosuch" not found')
        self.run('exec', 'cm/x', '--', 'true').expect_error('not a kind of object that has pods', status=2)
        self.run('exec', 'box').expect_error('no command', status=2)
        self.run('exec').expect_error('no pod', status=2)
        self.run('exec', '--json', 'box', '--', 'true').expect_error('no JSON form', status=2)
        self.run('exec', 'box', '-c', 'main', '--', 'nosuch').expect_error('no program “nosuch”', status=127)
        self.run('exec', 'box', '-c', 'main', '--', 'bash').expect_error('no shell “bash”', status=127)
        self.run('exec', 'box', '-c', 'main', '--', '/etc/passwd').expect_error('cannot be run', status=126)
        self.ctl.run(*self.arguments('exec', 'box', '-c', 'main', '--', 'true', user='viewer')).expect_error('pods/exec')

    def bulk(self):
        data = os.urandom(1 << 20) * (BULK >> 20)
        path = self.ctl.path('bulk')
        with open(path, 'wb') as stream:
            stream.write(data)
        with open(path, 'rb') as stream:
            process = subprocess.run([self.ctl.program, *self.arguments('exec', '-i', 'box', '-c', 'main', '--', 'cat')],
                                     env=self.ctl.environment(), stdin=stream, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     timeout=240, check=False)
        expect(process.returncode == 0, 'It failed: ' + process.stderr.decode())
        expect(hashlib.sha256(process.stdout).digest() == hashlib.sha256(data).digest(), 'Something else came back')

    def reader_leaves(self):
        run = self.start('exec', 'box', '-c', 'main', '--', 'yes')
        run.wait_for(lambda run: run.out, 'the first line')
        run.process.stdout.close()
        run.wait().expect_status(141)
        expect(run.err == '', 'It complains', run)

    def interrupted(self):
        run = self.start('exec', 'box', '-c', 'main', '--', 'sh', '-c', 'echo begun; sleep 1000')
        run.wait_for(lambda run: 'begun' in run.out, 'the first line')
        run.signal(signal.SIGINT)
        run.wait(60).expect_status(130)

    def terminal(self, *words):
        return Terminal(self.ctl.program, self.arguments(*words), self.ctl.environment())

    def typed(self):
        terminal = self.terminal('exec', '-it', 'box', '-c', 'main', '--', 'sh')
        terminal.see('# ')
        expect(not terminal.echoes(), 'The terminal still echoes')
        terminal.type('stty size\n')
        terminal.see('24 80')
        fcntl.ioctl(terminal.slave, termios.TIOCSWINSZ, struct.pack('HHHH', 33, 99, 0, 0))
        terminal.signal(signal.SIGWINCH)
        terminal.type("until stty size | grep '^33 99'; do :; done\n")
        terminal.see('\n33 99')
        terminal.type('sleep 1000\n')
        time.sleep(0.5)
        terminal.type('\x03')
        terminal.type('echo "st""atus $?"\n')
        terminal.see('status 130')
        terminal.type('exit 7\n')
        status = terminal.wait()
        expect(status == 7 and terminal.is_as_before(), 'It ended with %s\n%s' % (status, terminal.screen))
        terminal.close()

    def put_back(self):
        for number, status in ((signal.SIGTERM, 130), (signal.SIGHUP, -signal.SIGHUP), (signal.SIGQUIT, -signal.SIGQUIT)):
            terminal = self.terminal('exec', '-it', 'box', '-c', 'main', '--', 'sh')
            terminal.see('# ')
            terminal.signal(number)
            ended = terminal.wait(60)
            expect(ended == status, 'After %s it ended with %s\n%s' % (number, ended, terminal.screen))
            expect(terminal.is_as_before(), 'After %s the terminal is another one' % number)
            terminal.close()

    def no_terminal(self):
        run = self.run('exec', '-it', 'box', '-c', 'main', '--', 'echo', 'hello').expect_status(0)
        expect(run.out == 'hello\n' and 'Unable to use a TTY' in run.err, 'It took a terminal', run)

    def attach(self):
        run = self.start('attach', '-i', 'box', '-c', 'talker', stdin=subprocess.PIPE)
        run.process.stdin.write(b'hello\n')
        run.process.stdin.flush()
        run.wait_for(lambda run: 'said hello' in run.out, 'the answer')
        run.signal(signal.SIGINT)
        run.wait(60).expect_status(130)
        run.process.stdin.close()
        self.run('attach', 'box', '-c', 'nosuch').expect_error('nosuch')

    def forward(self, *words):
        run = self.start('port-forward', *words)
        run.wait_for(lambda run: run.out.count('Forwarding from') == len(words) - 1, 'its ports')
        return run, [int(line.split(':')[1].split()[0]) for line in run.out.splitlines() if line.startswith('Forwarding')]

    @staticmethod
    def fetch(port, path):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open('http://127.0.0.1:%d/%s' % (port, path), timeout=60) as answer:
            return answer.read()

    def forwarded(self):
        run, (port,) = self.forward('svc/web', ':web')
        expect('-> 3000' in run.out, 'It leads to another port', run)
        name = self.fetch(port, 'name').decode()
        expect(name.startswith('web-'), 'Another one answers: ' + name, run)
        expect(self.fetch(port, 'big') == bytes(3000000), 'Something else came')
        # Two at once, of which the first waits.
        first = http.client.HTTPConnection('127.0.0.1', port, timeout=60)
        first.connect()
        expect(self.fetch(port, 'name').decode() == name, 'The second one waits', run)
        first.request('GET', '/name')
        expect(first.getresponse().read().decode() == name, 'The first one got nothing', run)
        first.close()
        expect(run.out.count('Handling connection for %d\n' % port) == 4, 'It does not say so', run)
        run.signal(signal.SIGINT)
        run.wait(60).expect_status(130)

    def replaced(self):
        run, (port,) = self.forward('svc/web', ':80')
        name = self.fetch(port, 'name').decode().strip()
        self.kubectl('delete', 'pod', name, '--wait=true')
        self.pods.wait('rollout', 'status', 'deployment/web')
        other = self.fetch(port, 'name').decode().strip()
        expect(other.startswith('web-') and other != name, 'The old one answers', run)
        run.wait_for(lambda run: 'leads to pod %s now' % other in run.err, 'the word about it')
        run.signal(signal.SIGTERM)
        run.wait(60).expect_status(130)

    def nobody_listens(self):
        run, (port,) = self.forward('deploy/web', ':3999')
        with socket.create_connection(('127.0.0.1', port), timeout=60) as connection:
            expect(connection.recv(1) == b'', 'Somebody answers')
        run.wait_for(lambda run: 'Nothing listens on port 3999' in run.err, 'the warning')
        run.signal(signal.SIGINT)
        run.wait(60).expect_status(130)

    def ports(self):
        with socket.socket() as taken:
            taken.bind(('127.0.0.1', 0))
            taken.listen()
            number = taken.getsockname()[1]
            self.run('port-forward', 'svc/web', '%d:80' % number).expect_error('%d' % number, 'in use', 'is free now')
        self.run('port-forward', 'svc/web', ':81').expect_error('has no port “81”')
        self.run('port-forward', 'svc/nosuch', ':80').expect_error('not found')
        self.run('port-forward', '--address', '0.0.0.0', 'svc/web', ':80').expect_error('only this computer reaches')
        self.run('port-forward', 'svc/web').expect_error('no port', status=2)
        self.run('port-forward', 'svc/web', 'a:b:c').expect_error('names no ports', status=2)


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('no test cluster: %s is not set' % ', '.join(missing))

    ctl = Ctl(os.path.abspath(sys.argv[1]), [])
    cases = Cases(os.environ['HACKYSTACK_TEST_CLUSTER'], ctl, os.environ['HACKYSTACK_TEST_KUBECONFIGS'])
    tap = Tap()
    try:
        cases.set_up()
        for name in ('exit_statuses', 'streams', 'containers', 'refused', 'bulk', 'reader_leaves', 'interrupted', 'typed',
                     'put_back', 'no_terminal', 'attach', 'forwarded', 'replaced', 'nobody_listens', 'ports'):
            tap.case(name.replace('_', ' '), getattr(cases, name))
        return tap.finish()
    finally:
        cases.tear_down()
        ctl.close()


if __name__ == '__main__':
    sys.exit(main())
