# SPDX-License-Identifier: GPL-3.0-or-later
"""A long log from a server on this machine: into a KubeLogBuffer, and through hackystackctl, against curl.

curl fetches the same bytes, time stamps included, and throws them away. Memory is set against the bytes that are
kept. The longest turn of the main loop is told by the processor's time.
"""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time

GROUP = 'kube'
LINES = 2000000
PATH = '/api/v1/namespaces/default/pods/chatty/log?container=main&timestamps=true'


@contextlib.contextmanager
def load_server():
    """The folder of a server with a kubeconfig, and the server's port."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'log_server.py')
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([sys.executable, script, folder, str(LINES)], stdout=subprocess.PIPE)
        try:
            port = server.stdout.readline().strip()
            if not port:
                raise SystemExit('error: the server of the log did not start.')
            yield folder, int(port)
        finally:
            server.kill()
            server.wait()
            server.stdout.close()


def measure_client(bench, kubeconfig):
    """Wall seconds from the start of log-client until it has the last line, and what it tells.

    Afterwards it reads every line once more, to count them, which is no part of the fetching.
    """
    start = time.monotonic()
    told = json.loads(subprocess.check_output([bench.program('log-client'), kubeconfig, 'default', 'chatty']))
    return told['ended_us'] / 1e6 - start, told


def run(bench):
    runs = max(5, bench.runs // 2)
    library, terminal, curl = [], [], []
    with load_server() as (folder, port):
        kubeconfig = os.path.join(folder, 'kubeconfig')
        fetch = ['curl', '--silent', '--insecure', '--output', os.devnull, 'https://127.0.0.1:%d%s' % (port, PATH)]
        show = [bench.ctl, '--kubeconfig', kubeconfig, '-n', 'default', 'logs', 'chatty']
        for _ in range(runs):
            library.append(measure_client(bench, kubeconfig))
            curl.append(bench.measure(fetch))
            terminal.append(bench.measure(show))
    bench.title('read a log of %d lines of 100 bytes' % LINES, runs)
    for _, told in library:
        if told['lines'] != LINES:
            raise SystemExit('error: %d lines of %d are there.' % (told['lines'], LINES))
    bench.figure('wall time of the library', [wall for wall, _ in library], 's', 3)
    bench.figure('wall time of hackystackctl logs', [wall for wall, _ in terminal], 's', 3)
    bench.figure('wall time of curl', [wall for wall, _ in curl], 's', 3)
    bench.aim('throughput of the library / curl', [other / own for (own, _), (other, _) in zip(library, curl)], at_least=0.8)
    bench.aim('throughput of hackystackctl logs / curl', [other / own for (own, _), (other, _) in zip(terminal, curl)], at_least=0.8)
    bench.aim('memory of the lines / bytes kept', [told['grown_kib'] * 1024 / told['bytes'] for _, told in library], at_most=1.25)
    bench.figure('peak memory of hackystackctl logs', [memory for _, memory in terminal], 'MiB', 1)
    bench.aim('longest turn of the main loop', [told['stall_ms'] for _, told in library], at_most=8, unit='ms')
