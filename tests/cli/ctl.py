# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs hackystackctl in a home of its own, and looks at every run for what must never be in it."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../support'))
import secret_search
from secret_search import SECRET_KEYS
from tap import expect

# What a program says that has a defect, whatever else it says.
DEFECTS = ('CRITICAL', 'WARNING **', 'Traceback', 'AddressSanitizer', 'LeakSanitizer', 'runtime error',
           'assertion', 'Segmentation')

# For a shell on a bus of its own. The daemon is not under test: what makes our programs strict would end it at
# its first warning.
UNLOCK_KEYRING = ('printf password | env -u G_DEBUG -u MALLOC_PERTURB_ -u MALLOC_CHECK_ '
                  'gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ')


def read_values(path):
    """The top-level `key: value` lines of a values file."""
    values = {}
    with open(path, encoding='utf-8') as stream:
        for line in stream:
            match = re.match(r'([A-Za-z]+): *(.*?) *$', line)
            if match and match.group(2):
                values[match.group(1)] = match.group(2).strip('"')
    return values


def write_values(path, values, extra=None):
    with open(path, 'w', encoding='utf-8') as stream:
        os.fchmod(stream.fileno(), 0o600)
        for key, value in values.items():
            stream.write('%s: %s\n' % (key, value if isinstance(value, int) else json.dumps(value)))
        if extra:
            stream.write('extra: %s\n' % json.dumps(extra))
    return path


def forms_of(secret):
    """A secret as it is, and in the forms it travels in."""
    return [form.decode() for form in secret_search.forms_of(secret)]


class Run:
    """A hackystackctl that was started; wait() ends it and checks it."""

    def __init__(self, process, arguments, secrets, cmdline):
        self.process = process
        self.arguments = arguments
        self.secrets = secrets
        self.cmdline = cmdline
        self.out = ''
        self.err = ''
        self.status = None
        self.threads = [threading.Thread(target=self._read, args=(name, stream), daemon=True)
                        for name, stream in (('out', process.stdout), ('err', process.stderr)) if stream]
        for thread in self.threads:
            thread.start()

    def _read(self, name, stream):
        while True:
            try:
                data = os.read(stream.fileno(), 65536)
            except (OSError, ValueError):
                return  # closed by the test
            if not data:
                return
            setattr(self, name, getattr(self, name) + data.decode('utf-8', 'replace'))

    def describe(self):
        return 'hackystackctl %s: status %s\n--- out\n%s\n--- err\n%s' % (
            ' '.join(self.arguments), self.status, self.out[-4000:], self.err[-4000:])

    def wait_for(self, condition, what, seconds=120):
        end = time.monotonic() + seconds
        while not condition(self):
            expect(self.process.poll() is None, 'It ended before ' + what, self)
            expect(time.monotonic() < end, 'It never came to ' + what, self)
            time.sleep(0.05)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=300):
        try:
            self.status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError('It did not end within %d s\n%s' % (seconds, self.describe()))
        for thread in self.threads:
            thread.join(10)
        self.check_clean()
        return self

    def check_clean(self):
        for secret in self.secrets:
            for form in forms_of(secret):
                expect(form not in self.out and form not in self.err, 'A secret is in the output of: %s'
                       % ' '.join(self.arguments))
                expect(form not in self.cmdline, 'A secret is in the command line')
        for defect in DEFECTS:
            expect(defect not in self.err, 'A defect shows: ' + defect, self)

    def expect_status(self, status):
        expect(self.status == status, 'The exit status is %s, not %s' % (self.status, status), self)
        return self

    def expect_error(self, *words, status=1):
        """One line says what failed, and how to go on: three sentences."""
        self.expect_status(status)
        lines = [line for line in self.err.splitlines() if 'error:' in line]
        expect(len(lines) == 1 and lines[0].startswith('error: '), 'There is not one error line', self)
        for word in words:
            expect(word.lower() in lines[0].lower(), 'The error does not say "%s"' % word, self)
        return self

    def expect_out(self, *words):
        for word in words:
            expect(word in self.out, 'The output does not say "%s"' % word, self)
        return self

    def document(self):
        return json.loads(self.out)

    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]


class Ctl:
    def __init__(self, program, secrets):
        self.program = program
        self.secrets = [secret for secret in secrets if secret]
        self.home = tempfile.mkdtemp(prefix='hackystackctl-')
        for name in ('config', 'data', 'cache', 'state', 'work'):
            os.mkdir(os.path.join(self.home, name))

    def close(self):
        shutil.rmtree(self.home)

    def path(self, *names):
        return os.path.join(self.home, 'work', *names)

    def environment(self, extra=None):
        environment = dict(os.environ)
        for name in ('KUBECONFIG', 'NO_COLOR', 'DISPLAY', 'WAYLAND_DISPLAY'):
            environment.pop(name, None)
        environment.update(
            HOME=self.home, XDG_CONFIG_HOME=os.path.join(self.home, 'config'),
            XDG_DATA_HOME=os.path.join(self.home, 'data'), XDG_CACHE_HOME=os.path.join(self.home, 'cache'),
            XDG_STATE_HOME=os.path.join(self.home, 'state'), LC_ALL='C.UTF-8', TERM='xterm',
            # No keyring: values are not remembered between runs, and nobody's own is touched.
            DBUS_SESSION_BUS_ADDRESS='unix:path=/nonexistent')
        environment.update(extra or {})
        return environment

    def start(self, *arguments, env=None, stdin=subprocess.DEVNULL):
        process = subprocess.Popen([self.program, *arguments], env=self.environment(env), stdin=stdin,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        return Run(process, arguments, self.secrets, self.read_cmdline(process.pid))

    @staticmethod
    def read_cmdline(pid):
        try:
            with open('/proc/%d/cmdline' % pid, encoding='utf-8') as stream:
                return stream.read()
        except OSError:
            return ''

    def run(self, *arguments, env=None, input=None, seconds=300):
        if input is None:
            return self.start(*arguments, env=env).wait(seconds)
        run = self.start(*arguments, env=env, stdin=subprocess.PIPE)
        try:
            run.process.stdin.write(input.encode())
            run.process.stdin.close()
        except BrokenPipeError:
            pass
        return run.wait(seconds)

    def files(self):
        """Every file that was written where a program keeps its own things."""
        found = []
        for name in ('config', 'data', 'cache', 'state'):
            for folder, _folders, files in os.walk(os.path.join(self.home, name)):
                found += [os.path.join(folder, file) for file in files]
        return sorted(found)
