# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for secret values wherever they must not be: argument lists, environments, files, what goes over a bus, what is said.

A value is looked for as it is, percent-encoded and -decoded, and in base64, also within something longer;
of a URL the password alone, too.
"""
import base64
import os
import re
import threading
import time
import urllib.parse

SECRET_KEYS = ('nextauthSecret', 'githubClientSecret', 'databaseUrl')
# What is shorter is found everywhere.
SHORTEST = 6
CHUNK = 1 << 22


def parts_of(value):
    """A value, and the password in it if it is a URL; both percent-decoded, too."""
    parts = {value, urllib.parse.unquote(value)}
    if '://' in value:
        password = urllib.parse.urlsplit(value).password or ''
        parts |= {password, urllib.parse.unquote(password)}
    return {part for part in parts if len(part) >= SHORTEST}


def base64_of(data):
    """What DATA looks like in base64, wherever in a longer text it begins, without what depends on its neighbours."""
    found = set()
    for shift in range(3):
        text = base64.b64encode(b'\0' * shift + data)
        found.add(text[(shift * 8 + 5) // 6:(shift + len(data)) * 8 // 6])
    return found


def forms_of(value):
    """Every form of a value, as bytes."""
    forms = set()
    for part in parts_of(value):
        data = part.encode()
        forms |= {data, urllib.parse.quote(part, safe='').encode(), *base64_of(data)}
    return {form for form in forms if len(form) >= SHORTEST}


class Secrets:
    """Values that nobody may see."""

    def __init__(self, values):
        self.forms = sorted(set().union(*(forms_of(value) for value in values)), key=len)
        self.longest = max(map(len, self.forms), default=0)

    def __bool__(self):
        return bool(self.forms)

    @classmethod
    def of_file(cls, path, more=()):
        """The secret values in a values file, and MORE."""
        values = list(more)
        if path and os.path.exists(path):
            with open(path, encoding='utf-8') as stream:
                text = stream.read()
            for key in SECRET_KEYS:
                match = re.search(r'^%s:\s*["\']?([^"\'\n]+)' % key, text, re.M)
                if match:
                    values.append(match.group(1).strip())
        return cls(values)

    def are_in(self, data):
        if isinstance(data, str):
            data = data.encode('utf-8', 'surrogateescape')
        return any(form in data for form in self.forms)

    def are_in_file(self, path, start=0, least=0):
        """Whether they are in what begins at START, or a little before that, but not before LEAST; and where the file ends."""
        end = start
        rest = b''
        with open(path, 'rb') as stream:
            stream.seek(max(least, start - self.longest))
            while data := stream.read(CHUNK):
                if self.are_in(rest + data):
                    return True, stream.tell()
                rest = (rest + data)[-self.longest:]
                end = stream.tell()
        return False, end

    def find_files(self, roots):
        """The files below ROOTS that hold one."""
        found = []
        for root in roots:
            for directory, _, names in os.walk(root):
                for name in names:
                    path = os.path.join(directory, name)
                    try:
                        if os.path.isfile(path) and not os.path.islink(path) and self.are_in_file(path)[0]:
                            found.append(path)
                    except OSError:
                        continue
        return found


class ProcessWatch(threading.Thread):
    """Looks at the argument list and the environment of every process, ten times a second.

    The app's own processes have the values from the cluster. A test may give them to a hackystackctl in its
    environment, which must not hand them on.
    """

    def __init__(self, secrets):
        super().__init__(daemon=True)
        self.secrets = secrets
        self.offenders = set()
        self.looks = 0
        self.known = {}
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(0.1):
            self.look()

    def stop(self):
        self.ended.set()
        self.join()

    def look(self):
        self.looks += 1
        there = [name for name in os.listdir('/proc') if name.isdigit()]
        for process in there:
            try:
                self.look_at(process)
            except OSError:
                continue  # it has ended
        self.known = {process: self.known[process] for process in there if process in self.known}

    @staticmethod
    def read(process, name):
        with open('/proc/%s/%s' % (process, name), 'rb') as stream:
            return stream.read()

    def look_at(self, process):
        arguments = self.read(process, 'cmdline')
        started = self.read(process, 'stat').rpartition(b')')[2].split()[19]
        if self.known.get(process) == (started, arguments):
            return
        self.known[process] = (started, arguments)
        name = os.path.basename(arguments.split(b'\0')[0].decode(errors='replace'))
        if self.secrets.are_in(arguments):
            self.offenders.add('the arguments of ' + name)
        if name != 'hackystackctl' and self.secrets.are_in(self.read(process, 'environ')) and \
                b'/kubepods' not in self.read(process, 'cgroup'):
            self.offenders.add('the environment of ' + name)


class LogWatch(threading.Thread):
    """Reads along what is written below a folder: the logs of pods go with them."""

    def __init__(self, secrets, folder):
        super().__init__(daemon=True)
        self.secrets = secrets
        self.folder = folder
        self.offenders = set()
        self.begins = dict(self.list())
        self.ends = dict(self.begins)
        self.n_bytes = 0
        self.ended = threading.Event()

    def list(self):
        for directory, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(directory, name)
                try:
                    yield path, os.path.getsize(path)
                except OSError:
                    continue

    def run(self):
        while not self.ended.wait(1):
            self.look()

    def stop(self):
        self.ended.set()
        self.join()
        self.look()

    def look(self):
        for path, size in self.list():
            start = self.ends.get(path, 0)
            if size == start:
                continue
            if size < start:  # another file by now
                start = self.begins[path] = 0
            try:
                found, self.ends[path] = self.secrets.are_in_file(path, start, self.begins.get(path, 0))
            except OSError:
                continue
            self.n_bytes += max(0, self.ends[path] - start)
            if found:
                self.offenders.add(path)


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
