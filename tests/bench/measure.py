# SPDX-License-Identifier: GPL-3.0-or-later
"""What every part measures with: whole processes in turn, and figures with what they aim at.

Two programs are measured in turn, and compared pair by pair: such a ratio can be compared between
machines. Of everything minimum, median and maximum are told; an aim is judged by the median.
"""
import base64
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile


def spread(values, digits):
    return ' / '.join('%.*f' % (digits, value) for value in (min(values), statistics.median(values), max(values)))


class Bench:
    """Where the programs are, how often to run them, and what has been measured so far."""

    def __init__(self, build, cluster, runs, pods):
        self.build = build
        self.cluster = cluster
        self.runs = runs
        self.pods = pods
        self.ctl = os.path.join(build, 'src/cli/hackystackctl')
        self.kubectl = self.ask_cluster('program', 'kubectl')
        self.env = {**os.environ, 'KUBECONFIG': self.ask_cluster('kubeconfig', 'admin')}
        self.aims = []
        self.keys = None
        self.server = None

    def ask_cluster(self, *arguments):
        return subprocess.check_output([self.cluster, *arguments], text=True).strip()

    def program(self, name):
        """The path of a program of tests/bench."""
        return os.path.join(self.build, 'tests/bench', name)

    def measure(self, command, env=None):
        """Wall seconds and peak resident memory in MiB of one run of a program."""
        runner = [sys.executable, '-ISs', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'run_one.py')]
        done = subprocess.run([*runner, *command], env=env or self.env, capture_output=True, text=True, check=True)
        seconds, kibibytes, status = done.stdout.split()
        if status != '0':
            raise SystemExit('error: %s ended with %s: %s' % (' '.join(command), status, done.stderr.strip()))
        return float(seconds), int(kibibytes) / 1024

    def admin(self):
        """The API server's address, and a folder with the certificates that the admin calls it with."""
        if self.keys is None:
            self.keys = tempfile.TemporaryDirectory()
            view = json.loads(subprocess.check_output([self.kubectl, 'config', 'view', '--raw', '--minify', '-o', 'json'], env=self.env))
            self.server = view['clusters'][0]['cluster']['server']
            data = {**view['clusters'][0]['cluster'], **view['users'][0]['user']}
            for name in ('certificate-authority', 'client-certificate', 'client-key'):
                descriptor = os.open(os.path.join(self.keys.name, name), os.O_WRONLY | os.O_CREAT, 0o600)
                with open(descriptor, 'wb') as stream:
                    stream.write(base64.b64decode(data[name + '-data']))
        return self.server, self.keys.name

    def curl(self, path, *arguments):
        """A command that fetches PATH of the API server as the admin, to nowhere. For a user agent of
        "curl" the server would indent its answer, which is half as long again."""
        server, folder = self.admin()
        return ['curl', '-sSf', '-A', 'bench', '-o', '/dev/null', '--cacert', folder + '/certificate-authority',
                '--cert', folder + '/client-certificate', '--key', folder + '/client-key', *arguments, server + path]

    def count_fake_pods(self):
        words = subprocess.run([self.kubectl, '-n', 'scale', 'get', 'deployments', '-o', 'jsonpath={.items[*].status.readyReplicas}'],
                               env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
        return sum(int(word) for word in words.split())

    @contextlib.contextmanager
    def fake_pods(self):
        """As many fake pods as asked for, in namespace scale. Those that were there before stay."""
        made = self.count_fake_pods() < self.pods
        if made:
            self.ask_cluster('scale', str(self.pods), str(max(1, self.pods // 100)))
        try:
            yield
        finally:
            if made:
                self.ask_cluster('scale', '0')

    def title(self, text, runs):
        print('%s (%d runs; minimum / median / maximum)' % (text, runs), flush=True)

    def figure(self, name, values, unit, digits=2):
        """Tells a figure that nothing is aimed at."""
        print('  %-44s %s %s' % (name, spread(values, digits), unit), flush=True)

    def aim(self, name, values, at_most=None, at_least=None, unit='', digits=2):
        """Tells a figure whose median shall not be above AT_MOST, or not below AT_LEAST."""
        median = statistics.median(values)
        held = median <= at_most if at_most is not None else median >= at_least
        words = 'at most %g' % at_most if at_most is not None else 'at least %g' % at_least
        text = '%s %s' % (spread(values, digits), unit)
        print('  %-44s %s (%s: %s)' % (name, text.strip(), words, 'held' if held else 'MISSED'), flush=True)
        self.aims.append((held, name, text.strip(), words))

    def compare(self, title, ours, others, wall=None, memory=None, runs=None):
        """Runs OURS and each of OTHERS, {name: command}, in turn. WALL and MEMORY are aims, {name: ratio}.
        A command may be a function that tells it, asked before each round."""
        runs = runs or self.runs
        rounds = []
        for _ in range(1 + runs):
            commands = [command() if callable(command) else command for command in (ours, *others.values())]
            rounds.append([self.measure(command) for command in commands])
        del rounds[0]
        self.title(title, runs)
        for word, index, unit, digits, aims in (('wall time', 0, 's', 3, wall or {}), ('peak memory', 1, 'MiB', 1, memory or {})):
            for column, name in enumerate(['hackystack', *others]):
                self.figure('%s of %s' % (word, name), [row[column][index] for row in rounds], unit, digits)
            for column, name in enumerate(others, 1):
                ratios = [row[0][index] / row[column][index] for row in rounds]
                if name in aims:
                    self.aim('%s, %s / %s' % (title, word, name), ratios, at_most=aims[name])
                else:
                    self.figure('%s / %s' % (word, name), ratios, '')

    def conclude(self):
        """Tells every aim, and whether it held. True if all did."""
        if self.aims:
            print('What was aimed at:')
        for held, name, text, words in self.aims:
            print('  %-6s %s: %s (%s)' % ('held' if held else 'MISSED', name, text, words))
        return all(held for held, *_ in self.aims)
