# SPDX-License-Identifier: GPL-3.0-or-later
"""A watch of many pods that change fast, from a server on this machine: no event lost, little work, no stalls.

Beside it, on the same events: curl, which only reads them, and kubectl, which prints them. The processor's time of
the client counts, not the server's. The longest turn of the main loop is told by the processor's time, too: by the
clock on the wall it also counts what other processes took, which is told beside it.
"""
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile

GROUP = 'kube'
PODS = 10000
RATE = 2000
EVENTS = 20000


@contextlib.contextmanager
def load_server():
    """The folder of a server with a kubeconfig."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'watch_server.py')
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([sys.executable, script, folder, str(PODS), str(EVENTS), str(RATE)], stdout=subprocess.PIPE)
        try:
            if server.stdout.readline() != b'ready\n':
                raise SystemExit('error: the server of the watch did not start.')
            yield folder
        finally:
            server.kill()
            server.wait()
            server.stdout.close()


def measure_cpu(command, env=None):
    """Seconds of the processor in one run of a program. kubectl ends with an error as its watch ends."""
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def run(bench):
    runs = max(3, bench.runs // 5)
    ours, curl, kubectl = [], [], []
    with load_server() as folder:
        kubeconfig = os.path.join(folder, 'kubeconfig')
        with open(kubeconfig, encoding='utf-8') as stream:
            server = re.search(r'https://[0-9.:]+', stream.read()).group()
        watch = server + '/api/v1/pods?watch=1&resourceVersion=1000000'
        for _ in range(runs):
            ours.append(json.loads(subprocess.check_output([bench.program('watch-client'), kubeconfig, str(EVENTS)])))
            curl.append(measure_cpu(['curl', '--silent', '--cacert', os.path.join(folder, 'ca.crt'), '--output', os.devnull, watch]))
            kubectl.append(measure_cpu([bench.kubectl, '--cache-dir', folder, 'get', 'pods', '-A', '-w'], {'KUBECONFIG': kubeconfig, 'HOME': folder}))
    tell(bench, runs, ours, curl, kubectl)


def tell(bench, runs, ours, curl, kubectl):
    bench.title('watch %d pods, %d changes at %d a second' % (PODS, EVENTS, RATE), runs)
    bench.aim('watch, changes that are not in the model', [EVENTS - run['events'] + run['wrong'] for run in ours], at_most=0, digits=0)
    bench.aim('watch, changes a second', [EVENTS / run['seconds'] for run in ours], at_least=0.98 * RATE, digits=0)
    bench.aim('watch, part of one core', [run['cpu'] / run['seconds'] for run in ours], at_most=0.4)
    bench.aim('watch, longest turn of the main loop', [run['busy_ms'] for run in ours], at_most=8, unit='ms')
    bench.figure('the same by the clock on the wall', [run['stall_ms'] for run in ours], 'ms')
    bench.figure('turns over 8 ms by that, in 10,000', [10000 * run['stalls'] / run['turns'] for run in ours], '')
    bench.figure('processor time of curl / hackystack', [other / run['cpu'] for other, run in zip(curl, ours)], '')
    bench.figure('processor time, list included', [run['total_cpu'] for run in ours], 's')
    bench.figure('that of kubectl get -w', kubectl, 's')
    bench.aim('watch, processor time / kubectl', [run['total_cpu'] / other for other, run in zip(kubectl, ours)], at_most=1)
