#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the programs against those that people know, on the test cluster: bench.py [GROUP [PART…]].

A part is a file of parts/: its GROUP is "app" or "kube", its run() takes a Bench (see measure.py).
At the end stands what was aimed at, and whether it held.
"""
import argparse
import importlib
import os
import sys

import measure

GROUPS = ('app', 'kube')


def load_parts():
    """Every module of parts/ by its name, in alphabetical order."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'parts')
    names = sorted(name[:-3] for name in os.listdir(folder) if name.endswith('.py'))
    return {name: importlib.import_module('parts.' + name) for name in names}


def choose(parts, group, wanted):
    chosen = {name: part for name, part in parts.items() if group in (None, part.GROUP)}
    unknown = [name for name in wanted if name not in chosen]
    if unknown:
        raise SystemExit('error: there is no part %s. The parts are: %s.' % (', '.join(unknown), ', '.join(chosen)))
    return [part for name, part in chosen.items() if not wanted or name in wanted]


def main():
    parser = argparse.ArgumentParser(prog='./dev bench')
    parser.add_argument('--build', required=True, help=argparse.SUPPRESS)
    parser.add_argument('--cluster', required=True, help=argparse.SUPPRESS)
    parser.add_argument('--runs', type=int, default=20, help='how often each is run')
    parser.add_argument('--pods', type=int, default=10000, help='how many pods a long list has')
    parser.add_argument('group', nargs='?', choices=GROUPS, help='measure only these')
    parser.add_argument('part', nargs='*', help='and of them only this')
    options = parser.parse_args()
    bench = measure.Bench(options.build, options.cluster, options.runs, options.pods)
    for part in choose(load_parts(), options.group, options.part):
        part.run(bench)
    sys.exit(0 if bench.conclude() else 1)


if __name__ == '__main__':
    main()
