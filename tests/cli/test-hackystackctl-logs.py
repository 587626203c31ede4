#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""logs of hackystackctl against a real cluster (tests/cluster/cluster), compared with kubectl."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

from ctl import Ctl, SECRET_KEYS, read_values
from pods import Pods
from tap import Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
ATTEMPTS = 3
# Bytes of every sort, lines of several parts, and a last line without its end.
TALK = (r"for i in 1 2 3 4 5; do echo line $i; done; printf 'cr\r\n'; printf 'nul\000x\n'; printf '\377\376 bad\n'; "
        r"head -c 40000 /dev/zero | tr '\0' y; echo; echo err >&2; "
        r'''echo '{"level":"info"}'; printf 'no end' ''')
COUNT = 'i=0; while true; do i=$((i+1)); echo "$HOSTNAME $i"; sleep 0.05; done'
OBJECTS = '''
apiVersion: v1
kind: Pod
metadata: {name: done, labels: {app: done}}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  initContainers:
  - {name: prepare, image: "busybox:latest", command: [sh, -c, "echo one; echo two"]}
  containers:
  - {name: main, image: "busybox:latest", command: [sh, -c, %s]}
  - {name: side, image: "busybox:latest", command: [sh, -c, "echo side; sleep 1; echo side again"]}
---
apiVersion: v1
kind: Pod
metadata: {name: annotated, labels: {app: annotated}, annotations: {kubectl.kubernetes.io/default-container: second}}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  containers:
  - {name: first, image: "busybox:latest", command: [echo, "first"]}
  - {name: second, image: "busybox:latest", command: [echo, "second"]}
---
apiVersion: v1
kind: Pod
metadata: {name: missing}
spec:
  containers: [{name: main, image: "example.invalid/none:1"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: count}
spec:
  replicas: 2
  selector: {matchLabels: {app: count}, matchExpressions: [{key: app, operator: NotIn, values: [done]}]}
  template:
    metadata: {labels: {app: count}}
    spec:
      terminationGracePeriodSeconds: 1
      automountServiceAccountToken: false
      containers: [{name: main, image: "busybox:latest", command: [sh, -c, %s]}]
---
apiVersion: v1
kind: Service
metadata: {name: count}
spec: {selector: {app: count}, ports: [{port: 80}]}
''' % (json.dumps(TALK), json.dumps(COUNT))
# What kubectl and hackystackctl print alike, to the byte.
SAME = '''
done
done -c main
done -c main --timestamps
done -c main --tail=3
done -c main --tail=0
done -c main --limit-bytes=7
done -c main --limit-bytes=10
done -c main --limit-bytes=1000000
done -c main --limit-bytes=20 --timestamps
done -c main --limit-bytes=40 --timestamps
done -c main --prefix --timestamps
done -c main -f
done --all-containers
done --all-containers --prefix --timestamps --tail=2
done -c prepare
done -c side --since=1h
done -c side --since=1s
done -c side --since-time=2020-01-01T00:00:00Z
done -c side --since-time=2099-01-01T00:00:00Z
pod/done -c side
pods/done -c side
annotated
-l app=done
-l app=done --tail=-1
-l app=done --all-containers --prefix
-l app=nothing
'''.strip().splitlines()
# What neither can show.
ERRORS = {
    'done -c none': 'none', 'done -p': 'previous', 'nothing': 'nothing', 'deployment/nothing': 'nothing',
    'missing': 'waiting to start',
    '-f -l app=count --max-log-requests=1': '--max-log-requests',
}


class Way:
    """A port of this machine behind which the API server is, until it is cut."""

    def __init__(self, kubeconfig):
        with open(kubeconfig, encoding='utf-8') as stream:
            text = stream.read()
        host, port = re.search(r'server: "?https://([^:/"]+):(\d+)', text).groups()
        self.target = (host, int(port))
        self.sockets = []
        self.listener = None
        self.port = 0
        self.open()
        # In memory: the keys in it are not copied to a disk.
        self.file = os.memfd_create('kubeconfig')
        os.write(self.file, text.replace('%s:%s' % (host, port), '127.0.0.1:%d' % self.port).encode())
        self.kubeconfig = '/proc/%d/fd/%d' % (os.getpid(), self.file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut()
        os.close(self.file)

    def open(self):
        self.listener = socket.create_server(('127.0.0.1', self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        with listener:
            while True:
                try:
                    ours, _address = listener.accept()
                except OSError:
                    return  # cut
                try:
                    theirs = socket.create_connection(self.target)
                except OSError as error:
                    print('# the way to the API server: %s' % error)
                    ours.close()
                    continue
                threading.Thread(target=self.join, args=(ours, theirs), daemon=True).start()

    def join(self, ours, theirs):
        """Closes both when both ways have ended: the number of one in use would be given to another."""
        with ours, theirs:
            self.sockets += [ours, theirs]
            back = threading.Thread(target=self.carry, args=(theirs, ours), daemon=True)
            back.start()
            self.carry(ours, theirs)
            back.join()
            for one in (ours, theirs):
                if one in self.sockets:
                    self.sockets.remove(one)

    @staticmethod
    def carry(one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # cut

    def cut(self):
        for one in (self.listener, *self.sockets):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has ended by itself


class Cases:
    def __init__(self, ctl):
        self.ctl = ctl
        self.program = os.environ['HACKYSTACK_TEST_CLUSTER']
        folder = os.environ['HACKYSTACK_TEST_KUBECONFIGS']
        self.kubeconfig = next(path for path in (os.path.join(folder, 'admin.kubeconfig'), os.path.join(folder, 'admin'))
                               if os.path.exists(path))
        self.namespace = 'ctl-logs-%d' % os.getpid()

    def kubectl(self, *arguments, input=None, check=True):
        result = subprocess.run([self.program, 'kubectl', '-n', self.namespace, *arguments], input=input,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=180, check=False)
        expect(result.returncode == 0 or not check, 'kubectl %s: %s' % (' '.join(arguments), result.stderr.decode()))
        return result.stdout

    def arguments(self, text):
        return ['--kubeconfig', self.kubeconfig, '-n', self.namespace, 'logs', *text.split()]

    def set_up(self):
        objects = Pods(self.program, self.namespace)
        objects.make(OBJECTS)
        objects.wait('wait', 'pod', '-l', 'app in (done, annotated)', '--for=jsonpath={.status.phase}=Succeeded')
        objects.wait('rollout', 'status', 'deployment/count')

    def tear_down(self):
        self.kubectl('delete', 'namespace', self.namespace, '--wait=false', check=False)

    def pods(self):
        return self.kubectl('get', 'pods', '-l', 'app=count', '-o', 'jsonpath={.items[*].metadata.name}').decode().split()

    def case_same(self, text):
        """The kubelet now and then says nothing of a container that has ended: asked again, it does."""
        for _ in range(ATTEMPTS):
            expected = self.kubectl('logs', *text.split())
            result = subprocess.run([self.ctl.program, *self.arguments(text)], env=self.ctl.environment(),
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
            if result.stdout == expected:
                break
        expect(result.returncode == 0, 'The exit status is %d: %s' % (result.returncode, result.stderr.decode()))
        same = os.path.commonprefix([expected, result.stdout])
        expect(result.stdout == expected, 'The bytes after %r: kubectl %r, hackystackctl %r' % (
            same[-200:], expected[len(same):][:200], result.stdout[len(same):][:200]))

    def case_error(self, text, word):
        self.ctl.run(*self.arguments(text)).expect_error(word)

    def case_owner(self, owner):
        """One of its pods, the same that kubectl takes."""
        self.kubectl('scale', 'deployment/count', '--replicas=2')
        expected = self.kubectl('logs', owner, '--tail=1').split()[0].decode()
        run = self.ctl.run(*self.arguments(owner + ' --tail=5')).expect_status(0)
        lines = run.out.splitlines()
        expect(len(lines) == 5 and all(line.startswith(expected + ' ') for line in lines), 'The lines', run)
        expect('Found 2 pods, using pod/' + expected in run.err, 'It does not say which', run)

    @staticmethod
    def numbers(text):
        """The numbers of each pod, for each time it was started."""
        runs = {}
        for line in text[:text.rfind('\n') + 1].splitlines():
            match = re.fullmatch(r'\[pod/(\S+)/main\] (\S+Z )?(\S+) (\d+)', line)
            expect(match and match.group(1) == match.group(3), 'A line is not whole: ' + repr(line))
            number = int(match.group(4))
            if number == 1 or match.group(1) not in runs:
                runs.setdefault(match.group(1), []).append([])
            runs[match.group(1)][-1].append(number)
        return runs

    def expect_whole(self, run):
        for pod, starts in self.numbers(run.out).items():
            for numbers in starts:
                expect(numbers == list(range(numbers[0], numbers[0] + len(numbers))), 'A gap or a double in ' + pod, run)

    def case_merge(self):
        """What there is, in the order of time."""
        while any(self.kubectl('logs', pod, '--tail=200').count(b'\n') < 200 for pod in self.pods()):
            time.sleep(0.5)
        run = self.ctl.run(*self.arguments('--merge --prefix --timestamps --tail=200 -l app=count')).expect_status(0)
        stamps = [line.split()[1] for line in run.out.splitlines()]
        expect(stamps == sorted(stamps), 'The order', run)
        expect(len(self.numbers(run.out)) == 2 and len(stamps) == 400, 'The pods', run)
        self.expect_whole(run)

    def case_join(self):
        """A third pod joins, one is deleted, and its successor joins."""
        run = self.ctl.start(*self.arguments('-f --all-pods --timestamps deployment/count --max-log-requests=20'))
        run.wait_for(lambda run: len(self.numbers(run.out)) == 2, 'both pods')
        old = self.pods()
        self.kubectl('scale', 'deployment/count', '--replicas=3')
        run.wait_for(lambda run: len(self.numbers(run.out)) == 3, 'the third pod')
        self.kubectl('delete', 'pod', old[0], '--wait=false')
        run.wait_for(lambda run: 'pod/%s/main] Ended. ' % old[0] in run.err, 'the end of a pod')
        run.wait_for(lambda run: len(self.numbers(run.out)) == 4, 'its successor')
        seen = len(run.out)
        run.wait_for(lambda run: run.out.count('\n', seen) > 200, 'more lines')
        run.signal(signal.SIGINT)
        run.wait(30).expect_status(130)
        self.expect_whole(run)

    def case_restart(self):
        """The next instance of a container goes on."""
        self.kubectl('apply', '-f', '-', input=('''
apiVersion: v1
kind: Pod
metadata: {name: again, labels: {app: again}}
spec:
  restartPolicy: Always
  automountServiceAccountToken: false
  containers: [{name: main, image: "busybox:latest", command: [sh, -c, 'for i in $(seq 1 60); do echo "again $i"; sleep 0.05; done; exit 1']}]
''').encode())
        run = self.ctl.start(*self.arguments('-f --prefix --tail=-1 -l app=again'))
        run.wait_for(lambda run: len(self.numbers(run.out).get('again', [])) == 3, 'the third instance')
        run.signal(signal.SIGINT)
        run.wait(30).expect_status(130)
        self.expect_whole(run)
        starts = self.numbers(run.out)['again']
        expect(starts[0] == starts[1] == list(range(1, 61)), 'The instances', run)

    def case_outage(self):
        """The way to the API server is cut for a while, in the middle of whatever it carries."""
        with Way(self.kubeconfig) as way:
            arguments = ['--kubeconfig', way.kubeconfig, *self.arguments('-f --prefix -l app=count --max-log-requests=20')[2:]]
            run = self.ctl.start(*arguments)
            run.wait_for(lambda run: len(self.numbers(run.out)) >= 2, 'the pods')
            for seconds in (0, 0.5, 5):
                way.cut()
                time.sleep(seconds)
                seen = len(run.out)
                way.open()
                run.wait_for(lambda run: run.out.count('\n', seen) > 200, 'the lines after the cut')
            run.signal(signal.SIGINT)
            run.wait(30).expect_status(130)
        self.expect_whole(run)
        expect('Connection lost' in run.err and 'Connected again' in run.err, 'It says nothing of the cuts', run)


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('no test cluster: %s is not set' % ', '.join(missing))

    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS])
    cases = Cases(ctl)
    tap = Tap()
    try:
        cases.set_up()
        for text in SAME:
            tap.case('the same as kubectl logs ' + text, cases.case_same, text)
        for text, word in ERRORS.items():
            tap.case('error of logs ' + text, cases.case_error, text, word)
        tap.case('a kind without logs', lambda: ctl.run(*cases.arguments('configmap/count')).expect_error('configmap', status=2))
        for owner in ('deployment/count', 'svc/count'):
            tap.case('one pod of ' + owner, cases.case_owner, owner)
        for name in ('merge', 'join', 'restart', 'outage'):
            tap.case(name, getattr(cases, 'case_' + name))
        return tap.finish()
    finally:
        cases.tear_down()
        ctl.close()


if __name__ == '__main__':
    sys.exit(main())
