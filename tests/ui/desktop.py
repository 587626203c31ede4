# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the window from outside, as assistive technology does, through AT-SPI."""
import os
import re
import signal
import subprocess
import sys
import time
import warnings

warnings.simplefilter('ignore', DeprecationWarning)
import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib

BUTTONS = ('push button', 'button', 'toggle button')
FIELDS = {  # key of the values file → name of the row
    'image': 'Image', 'host': 'Host name', 'namespace': 'Namespace',
    'nextauthUrl': 'NEXTAUTH_URL', 'nextauthSecret': 'NEXTAUTH_SECRET',
    'githubClientId': 'GITHUB_CLIENT_ID', 'githubClientSecret': 'GITHUB_CLIENT_SECRET',
    'databaseUrl': 'DATABASE_URL',
}

# GLib drops its first table of quarks on purpose when it outgrows 2048 of them (gquark.c); the file chooser's
# libcloudproviders forgets a path for each of the two folders of XDG_DATA_DIRS.
LEAKS_OF_OTHERS = {('16384', '1'), ('256', '2')}


class Missing(Exception):
    pass


def walk(node, most=300):
    yield node
    for i in range(min(node.get_child_count(), most)):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from walk(child, most)


def visible(node):
    """GTK 4.8 gives SHOWING to the frame only: what has a size is in the layout."""
    try:
        return node.get_state_set().contains(Atspi.StateType.VISIBLE)
    except GLib.Error:
        return False


def text_of(node):
    text = node.get_text_iface()
    if text is None:
        return node.get_name()
    # GTK 4.8 answers '' for an end of -1.
    return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))


class Window:
    """One running hackystack-desktop."""

    def __init__(self, program, *arguments, environment=None):
        env = dict(os.environ, **(environment or {}))
        self.errors = open(os.path.join(os.environ['HOME'], 'window-%d.log' % time.monotonic_ns()), 'w+b')
        self.process = subprocess.Popen([program, *arguments], env=env, stderr=self.errors)
        try:
            self.root = self.wait_for_root()
        except Missing:
            self.process.kill()
            raise Missing('no window: ' + self.messages())

    def messages(self):
        self.errors.flush()
        self.errors.seek(0)
        return self.errors.read().decode(errors='replace')

    def wait_for_root(self, timeout=30):
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.process.poll() is None:
            desktop = Atspi.get_desktop(0)
            for i in range(desktop.get_child_count()):
                app = desktop.get_child_at_index(i)
                if app is not None and app.get_process_id() == self.process.pid and app.get_child_count():
                    return app
            time.sleep(0.05)
        raise Missing('no window')

    def find(self, role=None, name=None, where=None, timeout=30, root=None):
        """The first match in the tree; name is a text or a compiled pattern."""
        roles = BUTTONS if role == 'button' else (role,)
        end = time.monotonic() + timeout
        while True:
            try:
                (root or self.root).clear_cache()
                for node in walk(root or self.root):
                    if role and node.get_role_name() not in roles:
                        continue
                    if isinstance(name, str) and node.get_name() != name:
                        continue
                    if isinstance(name, re.Pattern) and not name.search(node.get_name() or ''):
                        continue
                    if where and not where(node):
                        continue
                    return node
            except GLib.Error:
                pass  # something went away while it was being walked
            if time.monotonic() > end or self.process.poll() is not None:
                raise Missing('not found: %s %r\n%s\n%s' % (role, name, self.describe(), self.messages()[-2000:]))
            time.sleep(0.1)

    def has(self, role=None, name=None, where=None, timeout=0):
        try:
            self.find(role, name, where, timeout)
            return True
        except Missing:
            return False

    def gone(self, role=None, name=None, where=None, timeout=10):
        end = time.monotonic() + timeout
        while self.has(role, name, where):
            if time.monotonic() > end:
                raise Missing('still there: %s %r' % (role, name))
            time.sleep(0.1)

    def label(self, pattern, timeout=30):
        """A text that can be seen and matches."""
        return self.find('label', re.compile(pattern), visible, timeout).get_name()

    def labels(self):
        self.root.clear_cache()
        nodes = [n for n in walk(self.root) if n.get_role_name() == 'label' and visible(n)]
        return [n.get_name() for n in nodes if n.get_name() != 'GtkLabel']

    def describe(self):
        try:
            return ' | '.join(t for t in self.labels() if t)[:1200]
        except GLib.Error:
            return ''

    def click(self, name, role='button', timeout=30):
        def able(node):
            return node.get_action_iface() is not None and node.get_action_iface().get_n_actions() > 0 \
                and visible(node) and node.get_state_set().contains(Atspi.StateType.SENSITIVE)
        self.act(self.find(role, name, able, timeout))

    def press(self, label, timeout=30):
        """A button of a dialog: it is named by its text with the mnemonic and without."""
        self.click(re.compile(r'(^|\s)%s$' % re.escape(label)), timeout=timeout)

    @staticmethod
    def act(node):
        actions = node.get_action_iface()
        names = [actions.get_action_name(i) for i in range(actions.get_n_actions())]
        for wanted in ('click', 'activate', 'default.activate', 'listitem.select', 'menu.popup'):
            if wanted in names:
                assert actions.do_action(names.index(wanted)), wanted
                return
        raise Missing('no action on %s %r: %r' % (node.get_role_name(), node.get_name(), names))

    def field(self, name, timeout=10):
        return self.find(None, name, lambda n: n.get_editable_text_iface() is not None, timeout)

    def type(self, name, text):
        assert self.field(name).get_editable_text_iface().set_text_contents(text), name

    def fill(self, values):
        """Types the values of a values file into the form."""
        for key, row in FIELDS.items():
            if key in values:
                self.type(row, values[key])

    def everything(self):
        """All that the window tells a screen reader, shown or not."""
        self.root.clear_cache()
        said = []
        for node in walk(self.root):
            try:
                said += [node.get_name(), node.get_description(), text_of(node), *map(':'.join, (node.get_attributes() or {}).items())]
            except GLib.Error:
                continue  # it went away while it was being read
        return '\n'.join(text for text in said if text)

    def enabled(self, name, role='button'):
        return self.find(role, name, visible).get_state_set().contains(Atspi.StateType.SENSITIVE)

    def deploy(self, timeout=60):
        """From the form through the plan."""
        self.click('Review…')
        self.click(re.compile(r'^Deploy \d+ changes?$|^Look again whether it works$'), timeout=timeout)

    def page(self, name):
        """Turns to a page of the sidebar."""
        self.key({'Deployment': 'ctrl+1', 'Pods': 'ctrl+2', 'Logs': 'ctrl+3'}[name])

    def identify(self):
        """The X window; there is no window manager, so it has to be given the focus."""
        out = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)],
                             stdout=subprocess.PIPE, text=True).stdout.split()
        sizes = {}
        for window in out:
            geometry = subprocess.run(['xdotool', 'getwindowgeometry', '--shell', window],
                                      stdout=subprocess.PIPE, text=True).stdout
            fields = dict(line.split('=') for line in geometry.split() if '=' in line)
            sizes[window] = int(fields.get('WIDTH', 0)) * int(fields.get('HEIGHT', 0))
        return max(sizes, key=sizes.get)

    def identify_dialog(self, title, timeout=15):
        """The X window of a dialog."""
        end = time.monotonic() + timeout
        while True:
            found = subprocess.run(['xdotool', 'search', '--all', '--onlyvisible', '--pid', str(self.process.pid),
                                    '--name', title],
                                   stdout=subprocess.PIPE, text=True).stdout.split()
            if found:
                return found[-1]
            if time.monotonic() > end:
                raise Missing('no dialog ' + title)
            time.sleep(0.1)

    def key(self, *keys, dialog=None):
        window = self.identify_dialog(dialog) if dialog else self.identify()
        subprocess.check_call(['xdotool', 'windowfocus', '--sync', window])
        subprocess.check_call(['xdotool', 'key', '--clearmodifiers', *keys])

    def choose_path(self, title, path, accept):
        """Types a path into the file chooser, as people do who know where it is."""
        self.key('ctrl+l', dialog=title)
        # The second is the entry that is always there when a file is saved.
        entry = self.find(None, re.compile('^(GtkFileChooserEntry|_?Name:)$'),
                          lambda n: n.get_editable_text_iface() is not None, timeout=15)
        assert entry.get_editable_text_iface().set_text_contents(path)
        self.press(accept)

    def shoot(self, path):
        subprocess.check_call(['import', '-window', self.identify(), path])

    @staticmethod
    def shoot_screen(path):
        """With menus and dialogs, which are X windows of their own."""
        subprocess.check_call(['import', '-window', 'root', path])

    def wait(self, timeout=15):
        """How the process ended; a process that does not end is killed and raises."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def leave(window):
    """Ends a window that has opened file choosers, and looks how."""
    said = [l for l in window.messages().splitlines() if re.search('CRITICAL|WARNING|ERROR', l)]
    assert not said, '\n'.join(said)
    window.key('ctrl+w')
    status = window.wait(30)
    leaks = re.findall(r'leak of (\d+) byte\(s\) in (\d+) object', window.messages())
    if leaks and not set(leaks) - LEAKS_OF_OTHERS:
        return
    assert status == 0, 'it ended with %d: %s' % (status, window.messages()[-3000:])


def read_values(path):
    """A values file of one level, as the tests use them."""
    values = {}
    for line in open(path, encoding='utf-8'):
        match = re.match(r'^([A-Za-z]+):\s*(.*?)\s*$', line)
        if match and match.group(2) and not match.group(2).startswith('#'):
            values[match.group(1)] = re.sub(r'^(["\'])(.*)\1$', r'\2', match.group(2))
    return values


class Tap:
    """Says ok or not ok, in the Test Anything Protocol."""

    def __init__(self):
        self.number = 0
        self.failed = 0

    def check(self, what, function):
        self.number += 1
        started = time.monotonic()
        try:
            result = function()
            good = result is None or bool(result)
            why = '' if good else 'it answered %r' % (result,)
        except Exception as problem:
            good, why = False, '%s: %s' % (type(problem).__name__, problem)
        print('%s %d - %s' % ('ok' if good else 'not ok', self.number, what))
        print('# %.1f s' % (time.monotonic() - started))
        for line in why.splitlines():
            print('# ' + line)
        sys.stdout.flush()
        self.failed += not good
        return good

    def skip(self, what, why):
        self.number += 1
        print('ok %d - %s # SKIP %s' % (self.number, what, why))

    def done(self):
        print('1..%d' % self.number)
        return 1 if self.failed else 0
