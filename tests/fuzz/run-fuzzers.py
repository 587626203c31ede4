#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the fuzzers of a build, a few side by side, and prints one line for each.

A fuzzer starts with the corpus in the tree. What it adds to it, and the inputs of findings, stay
below the build directory. With --tap it runs as a test: nothing stays.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LIMITS = ['-timeout=5', '-rss_limit_mb=512', '-malloc_limit_mb=256', '-max_len=65536']
STATUS = re.compile(r'^#(\d+)\s+\w+\s+cov: (\d+) ft: \d+ corp: (\d+)/\S+', re.M)
# What was freed is remembered for long otherwise, and GLib's own allocator would hide it.
ENVIRONMENT = {'ASAN_OPTIONS': 'quarantine_size_mb=16:detect_leaks=1', 'G_SLICE': 'always-malloc'}


class Run:
    """One fuzzer and what became of it."""

    def __init__(self, target, options):
        self.target = target
        self.program = options.build / 'tests' / 'fuzz' / ('fuzz-' + target)
        self.seed = options.seed
        self.findings = options.output / 'findings'
        self.corpus = options.output / 'corpus' / target
        self.log = options.output / (target + '.log')
        for directory in (self.findings, self.corpus):
            directory.mkdir(parents=True, exist_ok=True)

    def command(self, *arguments):
        dictionary = HERE / 'dictionaries' / (self.target + '.dict')
        command = [self.program, *LIMITS, '-artifact_prefix=%s/%s-' % (self.findings, self.target), *arguments]
        if dictionary.exists():
            command.append('-dict=%s' % dictionary)
        return [str(word) for word in command]

    def execute(self, seconds):
        command = self.command('-max_total_time=%d' % seconds, '-seed=%d' % self.seed, self.corpus,
                               HERE / 'corpus' / self.target)
        started = time.monotonic()
        with open(self.log, 'wb') as output:
            self.status = subprocess.run(command, env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL,
                                         stdout=output, stderr=subprocess.STDOUT).returncode
        self.seconds = max(time.monotonic() - started, 1)
        return self

    def merge(self):
        """Takes what the runs found into the tree, as far as it adds something."""
        return subprocess.run(self.command('-merge=1', HERE / 'corpus' / self.target, self.corpus),
                              env={**os.environ, **ENVIRONMENT}).returncode

    def text(self):
        return self.log.read_bytes().decode(errors='replace')

    def describe(self):
        found = STATUS.findall(self.text())
        runs, edges, inputs = (int(number) for number in found[-1]) if found else (0, 0, 0)
        return '%d runs, %d a second, %d edges, %d inputs, %s, seed %d' % (
            runs, runs / self.seconds, edges, inputs, 'a finding' if self.status else 'no finding', self.seed)

    def explain(self):
        """What a developer needs to know of a finding."""
        text = self.text()
        lines = re.findall(r'^.*(?:ERROR:|SUMMARY:|runtime error:).*$', text, re.M)
        lines += [line for line in re.findall(r'^\s+#\d+ .*$', text, re.M) if re.search(r'/(src|tests)/\S+\.c:\d', line)][:12]
        written = re.search(r'Test unit written to (\S+)', text)
        if written:
            lines.append('again: %s %s' % (' '.join('%s=%s' % pair for pair in ENVIRONMENT.items()),
                                           shlex.join([str(self.program), written.group(1)])))
        lines.append('the whole log: %s' % self.log)
        return lines


def targets_of(build):
    return sorted(path.name[len('fuzz-'):] for path in (build / 'tests' / 'fuzz').glob('fuzz-*')
                  if path.is_file() and os.access(path, os.X_OK))


def run_all(targets, options):
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        yield from pool.map(lambda target: Run(target, options).execute(options.seconds), targets)


def report(targets, options):
    failed = False
    for run in run_all(targets, options):
        print('%-16s %s' % (run.target, run.describe()), flush=True)
        if run.status:
            failed = True
            print('\n'.join('    ' + line for line in run.explain()), flush=True)
    return 1 if failed else 0


def report_tap(targets, options):
    print('1..%d' % len(targets), flush=True)
    for number, run in enumerate(run_all(targets, options), 1):
        print('%s %d - %s: %s' % ('not ok' if run.status else 'ok', number, run.target, run.describe()), flush=True)
        if run.status:
            print('\n'.join('# ' + line for line in run.explain()), flush=True)
    return 0


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('--build', type=pathlib.Path, default=os.environ.get('HACKYSTACK_FUZZ_BUILD'))
    parser.add_argument('--seconds', type=int, default=10)
    parser.add_argument('--jobs', type=int, default=max(1, min(4, len(os.sched_getaffinity(0)))))
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--tap', action='store_true')
    parser.add_argument('--merge', action='store_true', help='take what was found into the corpora of the tree')
    parser.add_argument('targets', nargs='*')
    return parser.parse_args()


def main():
    options = parse_arguments()
    if options.build is None:
        print('1..0 # SKIP the fuzzers are not built: clang with its fuzzer library is needed')
        return 0
    options.build = pathlib.Path(options.build).resolve()
    known = targets_of(options.build)
    unknown = [target for target in options.targets if target not in known]
    if unknown or not known:
        print('error: there is no target %s; there are %s' % (' '.join(unknown), ' '.join(known)), file=sys.stderr)
        return 2
    targets = options.targets or known
    options.output = pathlib.Path(tempfile.mkdtemp(prefix='fuzz-')) if options.tap else options.build
    if options.merge:
        return max(Run(target, options).merge() for target in targets)
    return report_tap(targets, options) if options.tap else report(targets, options)


if __name__ == '__main__':
    sys.exit(main())
