#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every test of a build, prints one line for each and closes with the sum.

The tests and their environment come from Meson. Each runs with a home of its own. While they
run, the argument lists and environments of all processes and the logs of all pods are watched,
and afterwards every file and log that they left is searched, recordings of D-Bus among them, for
the secret values of the test cluster's values file (support/secret_search.py).
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'support'))
from secret_search import LogWatch, ProcessWatch, Secrets

TAP = re.compile(r'^(not )?ok\b\s*(\d+)?\s*-?\s*([^#]*)(?:#\s*(SKIP|TODO)\b\s*(.*))?$', re.I)
PLAN = re.compile(r'^1\.\.(\d+)')


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.passed = 0
        self.failed = 0
        self.skipped = []

    def add(self, verdict, name, note=''):
        with self.lock:
            if verdict == 'ok':
                self.passed += 1
            elif verdict == 'FAIL':
                self.failed += 1
            else:
                self.skipped.append((name, note))
            print('%-4s %s%s' % (verdict, name, '  (%s)' % note if note else ''), flush=True)


class Guard:
    """Sees to it that the secret values are in the keyring and in the cluster, and nowhere else."""

    def __init__(self, values, scratch):
        self.secrets = Secrets.of_file(values)
        self.roots = [scratch]
        if not self.secrets:
            return
        cluster = os.path.dirname(values)
        self.roots.append(os.path.join(cluster, 'log'))
        self.processes = ProcessWatch(self.secrets)
        self.logs = LogWatch(self.secrets, os.path.join(cluster, 'state', 'podlogs'))
        self.processes.start()
        self.logs.start()

    def close(self, tally):
        """Tells what was found."""
        if not self.secrets:
            return
        self.processes.stop()
        self.logs.stop()
        self.tell(tally, 'none in the arguments or the environment of a process', self.processes.offenders,
                  '%d looks at every process' % self.processes.looks)
        self.tell(tally, 'none in the log of a pod', self.logs.offenders, '%d bytes' % self.logs.n_bytes)
        self.tell(tally, 'none in a file, a log or a recording of D-Bus', self.secrets.find_files(self.roots))

    @staticmethod
    def tell(tally, what, offenders, note=''):
        tally.add('FAIL' if offenders else 'ok', 'secrets: ' + what, ', '.join(sorted(offenders)) or note)


def homes(scratch, name):
    """A private home for one test; the run-time directory's name stays short for its sockets."""
    root = pathlib.Path(scratch) / re.sub(r'[^A-Za-z0-9-]+', '-', name)
    env = {}
    for variable, part in (('HOME', 'home'), ('XDG_DATA_HOME', 'home/.local/share'), ('TMPDIR', 'tmp'),
                           ('XDG_STATE_HOME', 'home/.local/state'), ('XDG_CONFIG_HOME', 'home/.config'),
                           ('XDG_CACHE_HOME', 'home/.cache'), ('XDG_RUNTIME_DIR', 'run')):
        (root / part).mkdir(parents=True, exist_ok=True, mode=0o700)
        env[variable] = str(root / part)
    return env


def run_one(test, build, env, log):
    """Returns (exit status or None after a time-out, output)."""
    with open(log, 'wb') as output:
        process = subprocess.Popen(test['cmd'], env=env, cwd=test['workdir'] or build, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(timeout=test['timeout'])
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status = None
    return status, pathlib.Path(log).read_text(errors='replace')


def report_tap(name, output, tally):
    """Returns (planned, reported, failed). A test may be several programs, one after another."""
    planned = None
    reported = failed = 0
    for line in output.splitlines():
        plan = PLAN.match(line)
        if plan:
            planned = (planned or 0) + int(plan.group(1))
            if plan.group(1) == '0':
                tally.add('skip', name, line.partition('#')[2].strip())
        match = TAP.match(line)
        if not match:
            continue
        reported += 1
        title = '%s: %s' % (name, match.group(3).strip() or match.group(2))
        if (match.group(4) or '').upper() == 'SKIP':
            tally.add('skip', title, match.group(5).strip())
        elif match.group(1):
            failed += 1
            tally.add('FAIL', title)
        else:
            tally.add('ok', title)
    return planned, reported, failed


def execute(test, build, base_env, scratch, tally):
    name = '%s/%s' % (test['suite'][0].partition(':')[2] or test['suite'][0], test['name'])
    log = os.path.join(scratch, re.sub(r'[^A-Za-z0-9-]+', '-', name) + '.log')
    env = {**base_env, **test['env'], **homes(scratch, name)}
    start = time.monotonic()
    status, output = run_one(test, build, env, log)
    spent = '%.1f s' % (time.monotonic() - start)
    trouble = None
    if test['protocol'] == 'tap':
        planned, reported, failed = report_tap(name, output, tally)
        if status is None:
            trouble = 'no end after %d s' % test['timeout']
        elif planned is None or planned != reported:
            trouble = 'ended early with status %s: %s of %s reported' % (status, reported, planned)
        elif status != 0 and not failed:
            trouble = 'exit status %s' % status
    else:
        failed = 0
        if status == 77:
            tally.add('skip', name, output.strip().splitlines()[-1] if output.strip() else '')
        elif status != 0:
            trouble = 'no end after %d s' % test['timeout'] if status is None else 'exit status %s' % status
        else:
            tally.add('ok', name, spent)
    if trouble:
        tally.add('FAIL', name, trouble)
    if trouble or failed:
        with tally.lock:
            print('\n'.join('     | ' + line for line in output.splitlines()[-200:]), flush=True)


def ask(cluster, *arguments):
    answer = subprocess.run([cluster, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            stdin=subprocess.DEVNULL)
    return answer.stdout.strip() if answer.returncode == 0 else ''


def remove_leftovers(cluster):
    """Deletes the namespaces of tests that were interrupted: their pods hold what this run needs."""
    names = [name for name in ask(cluster, 'kubectl', 'get', 'namespaces', '-o', 'name').split()
             if re.fullmatch(r'namespace/(ctl|ui-test|reflector|hackystack-test|hackystack-client)-.*', name)]
    if names:
        subprocess.run([cluster, 'kubectl', 'delete', '--wait', '--timeout=120s', *names],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def cluster_environment(cluster, scratch):
    """What the tests need to know of the cluster; empty without one."""
    other = os.environ.get('HACKYSTACK_TEST_KUBECONFIG')
    if other:
        folder = os.path.join(scratch, 'kubeconfigs')
        os.mkdir(folder)
        os.symlink(os.path.abspath(other), os.path.join(folder, 'admin'))
        return {'HACKYSTACK_TEST_KUBECONFIGS': folder, 'HACKYSTACK_TEST_KUBECONFIG': os.path.abspath(other),
                'HACKYSTACK_TEST_CLUSTER': os.path.join(os.path.dirname(cluster), 'other')}
    if subprocess.run([cluster, 'status'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                      stdin=subprocess.DEVNULL).returncode != 0:
        return {}
    remove_leftovers(cluster)
    return {'HACKYSTACK_TEST_KUBECONFIGS': os.path.dirname(ask(cluster, 'kubeconfig', 'admin')),
            'HACKYSTACK_TEST_VALUES': ask(cluster, 'values'),
            'HACKYSTACK_TEST_CLUSTER': cluster}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', required=True)
    parser.add_argument('--cluster', required=True)
    parser.add_argument('names', nargs='*', help='run only tests whose suite/name holds one of these')
    options = parser.parse_args()
    options.build, options.cluster = os.path.abspath(options.build), os.path.abspath(options.cluster)
    tests = json.loads(subprocess.check_output(['meson', 'introspect', '--tests', options.build]))
    if options.names:
        tests = [test for test in tests
                 if any(name in '%s/%s' % (test['suite'][0].partition(':')[2], test['name']) for name in options.names)]
    scratch = tempfile.mkdtemp(prefix='hs-')
    env = {key: value for key, value in os.environ.items()
           if key not in ('DISPLAY', 'WAYLAND_DISPLAY', 'DBUS_SESSION_BUS_ADDRESS', 'KUBECONFIG', 'AT_SPI_BUS_ADDRESS')}
    env.update(cluster_environment(options.cluster, scratch))
    env['HACKYSTACK_TEST_KEEP_FILES'] = '1'
    tally = Tally()
    guard = Guard(env.get('HACKYSTACK_TEST_VALUES'), scratch)
    alone = [test for test in tests if not test['is_parallel'] or 'cluster' in test['name']]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda test: execute(test, options.build, env, scratch, tally), [t for t in tests if t not in alone]))
    for test in alone:
        execute(test, options.build, env, scratch, tally)
    if tally.passed or tally.failed:
        guard.close(tally)
    for name, note in tally.skipped:
        print('skipped: %s  (%s)' % (name, note))
    if tally.failed:
        print('The logs are in %s' % scratch)
    else:
        shutil.rmtree(scratch, ignore_errors=True)
    ran = tally.passed + tally.failed
    print('%d passed, %d failed%s' % (tally.passed, tally.failed,
                                      ', %d skipped' % len(tally.skipped) if tally.skipped else ''))
    return 1 if tally.failed or not ran else 0


if __name__ == '__main__':
    sys.exit(main())
