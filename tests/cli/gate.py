# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to the cluster on which a test can hold one request: before it arrives, or before its answer does."""
import json
import re
import socket
import subprocess
import threading

from tap import expect

REQUEST = re.compile(rb'([A-Z]+) (\S+) HTTP/1\.1\r\n')


class Hold:
    """The first request that fits is held, and tells so."""

    def __init__(self, method, path, answer=False):
        self.method = method
        self.path = re.compile(path)
        self.answer = answer
        self.taken = False
        self.dropped = False
        self.reached = threading.Event()
        self.released = threading.Event()

    def fits(self, data):
        match = REQUEST.match(data)
        return match and match[1].decode() == self.method and self.path.search(match[2].decode())

    def stay(self):
        """Whether it goes on afterwards."""
        self.reached.set()
        self.released.wait()
        return not self.dropped

    def wait(self, run, seconds=120):
        """Until the request is there."""
        run.wait_for(lambda _run: self.reached.is_set(), '%s %s' % (self.method, self.path.pattern), seconds)

    def drop(self):
        """It goes nowhere any more, such as after its sender's end."""
        self.dropped = True
        self.released.set()


class Gate:
    def __init__(self, cluster, kubeconfig, path):
        kubectl = subprocess.run([cluster, 'program', 'kubectl'], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
        self.proxy = subprocess.Popen([kubectl, '--kubeconfig', kubeconfig, 'proxy', '--port=0'], stdout=subprocess.PIPE,
                                      stdin=subprocess.DEVNULL, text=True)
        line = self.proxy.stdout.readline()
        expect('127.0.0.1:' in line, 'kubectl proxy does not serve: ' + line)
        self.target = ('127.0.0.1', int(line.rsplit(':', 1)[1]))
        self.lock = threading.Lock()
        self.holds = []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.kubeconfig = self.write_kubeconfig(path, {})
        threading.Thread(target=self._accept, daemon=True).start()

    def write_kubeconfig(self, path, user):
        """With the rights of the proxy, unless the user asks for others' by “as”."""
        server = 'http://127.0.0.1:%d' % self.listener.getsockname()[1]
        with open(path, 'w', encoding='utf-8') as stream:
            json.dump({'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'gate',
                       'clusters': [{'name': 'gate', 'cluster': {'server': server}}],
                       'contexts': [{'name': 'gate', 'context': {'cluster': 'gate', 'user': 'gate'}}],
                       'users': [{'name': 'gate', 'user': user}]}, stream)
        return path

    def close(self):
        for hold in self.holds:
            hold.drop()
        self.listener.close()
        self.proxy.terminate()
        self.proxy.wait()
        self.proxy.stdout.close()

    def hold(self, method, path, answer=False):
        hold = Hold(method, path, answer)
        with self.lock:
            self.holds.append(hold)
        return hold

    def _take(self, data):
        with self.lock:
            for hold in self.holds:
                if not hold.taken and hold.fits(data):
                    hold.taken = True
                    return hold
        return None

    def _accept(self):
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            server = socket.create_connection(self.target)
        except OSError:
            client.close()
            return
        answers = []
        threading.Thread(target=self._pump, args=(server, client, answers.pop, answers), daemon=True).start()
        try:
            while True:
                data = client.recv(65536)
                hold = self._take(data) if data else None
                if hold and hold.answer:
                    answers.append(hold)
                elif hold and not hold.stay():
                    break
                if not data:
                    break
                server.sendall(data)
        except OSError:
            pass
        self._shut(server, client)

    def _pump(self, server, client, take, answers):
        try:
            while True:
                data = server.recv(65536)
                if answers and not take().stay():
                    break
                if not data:
                    break
                client.sendall(data)
        except OSError:
            pass
        self._shut(server, client)

    @staticmethod
    def _shut(*sockets):
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
