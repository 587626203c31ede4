# SPDX-License-Identifier: GPL-3.0-or-later
"""A gibibyte through cat in a pod and back."""
import hashlib
import os
import subprocess
import tempfile
import time

GROUP = 'kube'
NAMESPACE = 'bench-exec'
SIZE = 1 << 30
CHUNK = 1 << 20
RUNS = 3
POD = '''
apiVersion: v1
kind: Pod
metadata: {name: cat}
spec:
  terminationGracePeriodSeconds: 0
  automountServiceAccountToken: false
  containers: [{name: main, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, "100000"]}]
'''


def make_input(stream):
    """A file that does not repeat itself within a gibibyte; returns its checksum."""
    checksum = hashlib.sha256()
    block = os.urandom(CHUNK)
    for index in range(SIZE // CHUNK):
        data = index.to_bytes(8, 'big') + block[8:]
        checksum.update(data)
        stream.write(data)
    stream.flush()
    return checksum.hexdigest()


def send(command, env, path, wanted):
    """Seconds and peak resident memory in MiB of one way there and back."""
    start = time.perf_counter()
    with open(path, 'rb') as source:
        process = subprocess.Popen(command, env=env, stdin=source, stdout=subprocess.PIPE)
    checksum = hashlib.sha256()
    n_bytes = 0
    while data := process.stdout.read1(CHUNK):
        checksum.update(data)
        n_bytes += len(data)
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or checksum.hexdigest() != wanted:
        raise SystemExit('error: %s ended with %d, and of %d bytes %d came back, %s' % (
            ' '.join(command), process.returncode, SIZE, n_bytes,
            'the same' if checksum.hexdigest() == wanted else 'others'))
    return seconds, usage.ru_maxrss / 1024


def measure(bench):
    arguments = ['exec', '-i', '-n', NAMESPACE, 'cat', '-c', 'main', '--', 'cat']
    with tempfile.NamedTemporaryFile() as stream:
        wanted = make_input(stream)
        rounds = [[send([program, *arguments], bench.env, stream.name, wanted) for program in (bench.ctl, bench.kubectl)]
                  for _ in range(RUNS)]
    bench.title('exec: %d MiB through cat and back, checksum equal' % (SIZE >> 20), RUNS)
    for column, name in enumerate(('hackystack', 'kubectl')):
        bench.figure('throughput of %s' % name, [(SIZE >> 20) / row[column][0] for row in rounds], 'MiB/s', 1)
        bench.figure('peak memory of %s' % name, [row[column][1] for row in rounds], 'MiB', 1)
    bench.aim('exec, throughput / kubectl', [theirs[0] / ours[0] for ours, theirs in rounds], at_least=0.8)
    bench.figure('peak memory / kubectl', [ours[1] / theirs[1] for ours, theirs in rounds], '')


def run(bench):
    kubectl = [bench.kubectl, '-n', NAMESPACE]
    subprocess.check_call([bench.kubectl, 'create', 'namespace', NAMESPACE], env=bench.env, stdout=subprocess.DEVNULL)
    try:
        # A namespace takes pods once it has its ServiceAccount, which a controller makes.
        subprocess.check_call([*kubectl, 'wait', '--for=create', '--timeout=300s', 'serviceaccount/default'], env=bench.env,
                              stdout=subprocess.DEVNULL)
        subprocess.run([*kubectl, 'apply', '-f', '-'], env=bench.env, input=POD, text=True, check=True, stdout=subprocess.DEVNULL)
        subprocess.check_call([*kubectl, 'wait', '--for=condition=Ready', '--timeout=300s', 'pod/cat'], env=bench.env,
                              stdout=subprocess.DEVNULL)
        measure(bench)
    finally:
        subprocess.check_call([bench.kubectl, 'delete', 'namespace', '--wait=false', NAMESPACE], env=bench.env,
                              stdout=subprocess.DEVNULL)
