# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods that a test needs in the cluster, in a namespace of its own."""
import subprocess
import time

from tap import Tap, expect

# An idle machine needs two seconds. One that is busy with much else has needed forty.
READY_SECONDS = 300
# What tells why a pod does not become ready. None of it holds the value of a Secret.
QUESTIONS = (
    ('get', 'nodes', '-l', 'type!=kwok', '-o', r'jsonpath={range .items[*]}{.metadata.name}: {.spec.taints}{"\n"}'
     r'{range .status.conditions[*]}{.type} {.status}, {.reason}: {.message}{"\n"}{end}{end}'),
    ('describe', 'pods'),
    ('get', 'events', '--sort-by=.metadata.creationTimestamp', '-o', 'custom-columns=FIRST:.firstTimestamp,LAST:.lastTimestamp,'
     'TIMES:.count,OBJECT:.involvedObject.name,REASON:.reason,MESSAGE:.message'),
)


class Pods:
    def __init__(self, cluster, namespace):
        self.cluster = cluster
        self.namespace = namespace

    def run(self, *arguments, input=None):
        return subprocess.run([self.cluster, 'kubectl', '-n', self.namespace, *arguments], input=input, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=READY_SECONDS + 60, check=False)

    def need(self, *arguments, input=None):
        result = self.run(*arguments, input=input)
        if result.returncode != 0:
            self.tell()
        expect(result.returncode == 0, 'kubectl %s: %s' % (' '.join(arguments), result.stdout))

    def make(self, objects):
        """Makes the namespace, and the objects in it. Their pods say "automountServiceAccountToken: false": else
        they wait for the ConfigMap kube-root-ca.crt too, which a controller makes, and the kubelet looks for that
        in ever longer intervals, of up to two minutes."""
        self.need('create', 'namespace', self.namespace)
        # A namespace takes pods once it has its ServiceAccount, which another controller makes.
        end = time.monotonic() + READY_SECONDS
        while self.run('get', 'serviceaccount', 'default').returncode != 0 and time.monotonic() < end:
            time.sleep(0.1)
        self.need('apply', '-f', '-', input=objects)

    def wait(self, *arguments):
        """kubectl wait, or kubectl rollout status."""
        self.need(*arguments, '--timeout=%ds' % READY_SECONDS)

    def tell(self):
        """Prints how the node and the pods of the namespace fare."""
        for question in QUESTIONS:
            for line in self.run(*question).stdout.splitlines():
                Tap.say('# ' + line)
