#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The search for secrets finds what is planted: in files, processes, logs and on D-Bus, and in the run of all tests."""
import base64
import contextlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, '../cli'), HERE]
import secret_search
from secret_search import LogWatch, ProcessWatch, Secrets, wait_until
from tap import Tap, expect

# Of no cluster. The parts are put together here, so that this file itself is none that holds one.
PASSWORD = 'pl4nted/' + 'p@ssword'
URL = 'postgresql://hacky:%s@db.example:5432/hackystack' % urllib.parse.quote(PASSWORD, safe='')
TOKEN = 'pl4nted-' + 'client-secret'


def encode(text):
    return base64.b64encode(text.encode()).decode()


class Cases:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='search-')
        self.secrets = Secrets([URL, TOKEN])

    def write(self, name, text, mode='w'):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, encoding='utf-8') as stream:
            stream.write(text)
        return path

    def test_forms(self):
        hidden = [TOKEN, URL, PASSWORD, urllib.parse.quote(PASSWORD, safe=''), urllib.parse.quote(URL, safe=''), encode(TOKEN), encode(URL),
                  encode(PASSWORD), encode('DATABASE_URL=' + URL), encode('{"a":"%s"}' % PASSWORD), encode('x' + TOKEN), encode('xy' + TOKEN + 'z')]
        for text in hidden:
            expect(self.secrets.are_in('before ' + text + ' after'), text + ' is not found')
        for text in ('', 'postgresql://hacky:other@db.example:5432/hackystack', encode('something else'), TOKEN[:-1], 'db.example', 'hacky'):
            expect(not self.secrets.are_in(text), text + ' is found')

    def test_files(self):
        self.write('files/clean', 'nothing in it')
        planted = [self.write('files/plain', 'a line\nkey: %s\n' % TOKEN), self.write('files/deep/encoded', encode('user:' + PASSWORD))]
        expect(sorted(self.secrets.find_files([os.path.join(self.folder, 'files')])) == sorted(planted), 'Not those files')

    def test_borders(self):
        """A value that lies in two chunks of a file, or was written in two steps."""
        chunk, secret_search.CHUNK = secret_search.CHUNK, 16
        try:
            for before in range(40):
                path = self.write('border', '.' * before + TOKEN)
                expect(self.secrets.are_in_file(path)[0], 'Not found after %d bytes' % before)
        finally:
            secret_search.CHUNK = chunk

    @staticmethod
    def start(*arguments, environment=None):
        return subprocess.Popen(arguments, executable='/bin/sleep', env=environment or {})

    def test_processes(self):
        cases = {'the arguments of teller': (('/x/' + TOKEN + '/teller', '30'), None),
                 'the environment of inheritor': (('inheritor', '30'), {'PLANTED': 'x' + encode(TOKEN)}),
                 'nothing': (('hackystackctl', '30'), {'PLANTED': TOKEN})}
        for wanted, (arguments, environment) in cases.items():
            process = self.start(*arguments, environment=environment)
            watch = ProcessWatch(self.secrets)
            watch.start()
            try:
                found = wait_until(lambda: watch.offenders or (wanted == 'nothing' and watch.looks > 2))
            finally:
                process.kill()
                process.wait()
                watch.stop()
            expect(found and watch.offenders == (set() if wanted == 'nothing' else {wanted}), '%s: %s' % (wanted, watch.offenders))

    def test_logs(self):
        """What is written after the start, also to a file that has gone when the tests are over."""
        old = self.write('logs/old', TOKEN)
        watch = LogWatch(self.secrets, os.path.join(self.folder, 'logs'))
        watch.start()
        try:
            self.write('logs/old', 'more of it ' * 10, 'a')
            half = self.write('logs/pod/0.log', 'DATABASE_URL=' + URL[:30])
            expect(wait_until(lambda: watch.ends.get(half) == 43), str(watch.ends))
            expect(not watch.offenders, str(watch.offenders))
            self.write('logs/pod/0.log', URL[30:], 'a')
            expect(wait_until(lambda: watch.offenders), 'It was not found')
            os.remove(half)
        finally:
            watch.stop()
        expect(watch.offenders == {half} and old not in watch.offenders, str(watch.offenders))

    def record(self, *lines):
        """The recordings of a session in which the shell does LINES; $F is a folder."""
        folder = tempfile.mkdtemp(prefix='bus-', dir=self.folder)
        script = '"%s/record-buses.sh" "$F" && %s; sleep 0.3' % (HERE, ' && '.join(lines))
        subprocess.run(['dbus-run-session', '--', 'sh', '-c', script], env={**os.environ, 'F': folder, 'T': TOKEN}, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        return [os.path.basename(path) for path in self.secrets.find_files([folder])]

    def test_buses(self):
        address = 'A=$(gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus --method org.a11y.Bus.GetAddress)'
        a11y = [address, 'A=${A#*\\\'}', 'A=${A%\\\'*}']
        emit = 'gdbus emit %s --object-path /x --signal x.y.Said "$T"'
        call = 'gdbus call %s --dest org.freedesktop.DBus --object-path /x --method org.freedesktop.DBus.GetNameOwner "%s" || true'
        cases = (
            # a signal, a call and its refusal, which repeats what was asked
            ([emit % '--session'], ['session.bus']),
            ([call % ('--session', 'a.$T')], ['session.bus']),
            ([*a11y, emit % '--address "$A"'], ['accessibility.bus']),
            ([*a11y, call % ('--address "$A"', 'a.$T')], ['accessibility.bus']),
            # a test types
            ([*a11y, 'gdbus call --address "$A" --dest org.freedesktop.DBus --object-path /x --method org.freedesktop.DBus.NameHasOwner "a.$T"'], []),
            (['gdbus emit --session --object-path /x --signal x.y.Said quiet'], []),
        )
        for lines, wanted in cases:
            found = self.record(*lines)
            expect(found == wanted, '%s: %s' % (lines[-1], found))

    def test_guard(self):
        """The run of all tests fails by any of them."""
        spec = importlib.util.spec_from_file_location('run_tests', os.path.join(HERE, '../run-tests.py'))
        run_tests = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(run_tests)
        values = self.write('cluster/values.yaml', 'host: a.local\ndatabaseUrl: "%s"\ngithubClientSecret: %s\n' % (URL, TOKEN))
        scratch = os.path.join(self.folder, 'scratch')
        for planted in (None, 'file', 'log', 'pod', 'process'):
            shutil.rmtree(scratch, ignore_errors=True)
            os.makedirs(scratch)
            guard, tally, process = run_tests.Guard(values, scratch), run_tests.Tally(), None
            if planted == 'process':
                process = self.start('sleep', '30', environment={'P': PASSWORD})
                expect(wait_until(lambda: guard.processes.offenders), 'The process is not found')
                process.kill()
                process.wait()
            elif planted:
                path = {'file': 'scratch/test/file', 'log': 'cluster/log/api.log', 'pod': 'cluster/state/podlogs/ns_pod/0.log'}[planted]
                path = self.write(path, 'what ' + PASSWORD)
            with contextlib.redirect_stdout(io.StringIO()) as said:
                guard.close(tally)
            expect((tally.passed, tally.failed) == ((2, 1) if planted else (3, 0)), '%s: %s' % (planted, said.getvalue()))
            expect(not self.secrets.are_in(said.getvalue()), 'It tells what it has found')
            if planted in ('log', 'pod'):
                os.remove(path)

    def close(self):
        shutil.rmtree(self.folder)


def main():
    cases, tap = Cases(), Tap()
    for name in ('forms', 'files', 'borders', 'processes', 'logs', 'guard'):
        tap.case('planted: ' + name, getattr(cases, 'test_' + name))
    if all(shutil.which(program) for program in ('dbus-run-session', 'dbus-monitor', 'gdbus')) and os.path.exists('/usr/libexec/at-spi-bus-launcher'):
        tap.case('planted: buses', cases.test_buses)
    else:
        tap.say('ok %d - planted: buses # SKIP D-Bus or its accessibility bus is not installed' % (tap.count + 1))
        tap.count += 1
    cases.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
