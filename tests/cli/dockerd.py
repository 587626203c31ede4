# SPDX-License-Identifier: GPL-3.0-or-later
"""A Docker of a test's own: socket, root and state in a folder of its own, no network, nothing of it afterwards."""
import glob
import os
import shutil
import subprocess
import tempfile
import time

from tap import Skip

SECONDS = 60


class Dockerd:
    def __init__(self):
        self.process = None
        # Short, since the paths of sockets may have 107 bytes.
        self.folder = tempfile.mkdtemp(prefix='d-', dir=os.environ.get('XDG_RUNTIME_DIR'))
        self.host = 'unix://%s/s' % self.folder
        self.there_before = self.find_traces()

    @staticmethod
    def find_traces():
        """Folders that dockerd makes outside of its own, the inner ones first."""
        return [name for pattern in ('/run/docker/*', '/run/docker', '/sys/fs/cgroup/*/docker/*/', '/sys/fs/cgroup/*/docker')
                for name in glob.glob(pattern) if os.path.isdir(name)]

    def path(self, name):
        return os.path.join(self.folder, name)

    def arguments(self):
        """With a mount name space of its own, in which it can put its key only where nobody sees it; its containerd is
        its child and listens below its own state."""
        dockerd = ['dockerd', '--host', self.host, '--data-root', self.path('r'), '--exec-root', self.path('x'),
                   '--pidfile', self.path('pid'), '--config-file', self.path('daemon.json'), '--storage-driver', 'vfs',
                   '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false', '--bridge=none',
                   '--userland-proxy=false']
        prepare = '[ ! -d /etc/docker ] || mount -t tmpfs none /etc/docker; exec "$@"'
        return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', prepare, 'sh', *dockerd]

    def start(self):
        for program in ('dockerd', 'docker', 'containerd', 'runc', 'unshare'):
            if not shutil.which(program):
                raise Skip('%s is not installed' % program)
        if os.geteuid() != 0:
            raise Skip('dockerd needs root')
        with open(self.path('daemon.json'), 'w', encoding='utf-8') as stream:
            stream.write('{}\n')
        with open(self.path('log'), 'wb') as log:
            self.process = subprocess.Popen(self.arguments(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + SECONDS
        while self.docker('version').returncode != 0:
            if self.process.poll() is not None or time.monotonic() > end:
                raise Skip('dockerd does not run here: ' + self.last_words())
            time.sleep(0.1)

    def last_words(self):
        with open(self.path('log'), encoding='utf-8', errors='replace') as stream:
            return (stream.read().strip().splitlines() or ['it said nothing'])[-1]

    def docker(self, *arguments):
        return subprocess.run(['docker', '--host', self.host, *arguments], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in self.find_traces():
            if name not in self.there_before:
                try:
                    os.rmdir(name)
                except OSError:
                    pass  # in use by somebody else
