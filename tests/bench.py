#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures hackystackctl against kubectl, as whole processes, in one run and in turn.

Prints minimum, median and maximum of wall time and peak memory of both, and of their ratio pair
by pair: the ratio is what can be compared between machines.
"""
import argparse
import os
import statistics
import subprocess
import time


def measure(command, env):
    """Wall seconds and peak resident memory in MiB of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode != 0:
        raise SystemExit('error: %s ended with %d: %s' % (' '.join(command), process.returncode, error.decode().strip()))
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def spread(values, digits):
    return ' / '.join('%.*f' % (digits, value) for value in (min(values), statistics.median(values), max(values)))


def compare(title, ours, reference, env, runs):
    measure(ours, env)
    measure(reference, env)
    pairs = [(measure(ours, env), measure(reference, env)) for _ in range(runs)]
    print('%s (%d runs; minimum / median / maximum)' % (title, runs))
    for name, index, unit, digits in (('wall time', 0, 's', 3), ('peak memory', 1, 'MiB', 1)):
        print('  %-12s hackystackctl %s %s   kubectl %s %s   ratio %s' % (
            name, spread([a[index] for a, _ in pairs], digits), unit,
            spread([b[index] for _, b in pairs], digits), unit, spread([a[index] / b[index] for a, b in pairs], 2)))


def compare_lists(cluster, ctl, kubectl, env, runs, pods):
    """Lists of a few pods, and of many fake ones, which are taken away again."""
    compare('list the pods of kube-system', [ctl, 'get', 'pods', '-n', 'kube-system'],
            [kubectl, 'get', 'pods', '-n', 'kube-system'], env, runs)
    subprocess.check_call([cluster, 'scale', str(pods), str(max(1, pods // 100))], stdout=subprocess.DEVNULL)
    try:
        for form in ('table', 'json'):
            extra = ['-o', form] if form != 'table' else []
            compare('list %d pods more as %s' % (pods, form), [ctl, 'get', 'pods', '-A', *extra],
                    [kubectl, 'get', 'pods', '-A', *extra], env, max(3, runs // 4))
    finally:
        subprocess.check_call([cluster, 'scale', '0'], stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', required=True)
    parser.add_argument('--cluster', required=True)
    parser.add_argument('--runs', type=int, default=20)
    parser.add_argument('--pods', type=int, default=2000, help='how many pods the long list has')
    parser.add_argument('part', nargs='?', choices=('app', 'kube'), help='measure only this part')
    options = parser.parse_args()
    admin = subprocess.check_output([options.cluster, 'kubeconfig', 'admin'], text=True).strip()
    kubectl = subprocess.check_output([options.cluster, 'program', 'kubectl'], text=True).strip()
    ctl = os.path.join(options.build, 'src/cli/hackystackctl')
    env = {**os.environ, 'KUBECONFIG': admin}
    if options.part != 'app':
        compare_lists(options.cluster, ctl, kubectl, env, options.runs, options.pods)
    if options.part == 'kube':
        return
    compare('list the contexts of a kubeconfig', [ctl, 'contexts'], [kubectl, 'config', 'get-contexts'], env, options.runs)
    compare("read the app's Deployment and its pods", [ctl, 'status'],
            [kubectl, '-n', 'hackystack', 'get', 'deployments,pods'], env, options.runs)


if __name__ == '__main__':
    main()
