# SPDX-License-Identifier: GPL-3.0-or-later
"""Learns which requests a program makes of the API server, so that curl can make the same.

Stands between them on the loopback device, without TLS, and answers with what the server says.
"""
import contextlib
import http.client
import http.server
import json
import os
import ssl
import subprocess
import tempfile
import threading
import urllib.parse

PASSED_ON = ('Accept', 'Accept-Encoding', 'User-Agent')


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        recorder = self.server.recorder
        number = recorder.begin(self.path, self.headers.get('Accept'))
        connection = recorder.connect()
        with contextlib.closing(connection):
            connection.request('GET', self.path, headers={name: self.headers[name] for name in PASSED_ON if name in self.headers})
            answer = connection.getresponse()
            body = answer.read()
        recorder.end(number, len(body))
        # Whoever has got what it wants goes away.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(answer.status)
            for name in ('Content-Type', 'Content-Encoding'):
                if answer.getheader(name):
                    self.send_header(name, answer.getheader(name))
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        pass


class Recorder:
    """Runs programs with a kubeconfig of its own. KEYS is a folder with the admin's certificates."""

    def __init__(self, server, keys):
        self.address = urllib.parse.urlsplit(server)
        self.tls = ssl.create_default_context(cafile=os.path.join(keys, 'certificate-authority'))
        self.tls.load_cert_chain(os.path.join(keys, 'client-certificate'), os.path.join(keys, 'client-key'))
        self.folder = tempfile.TemporaryDirectory()
        self.kubeconfig = os.path.join(self.folder.name, 'config')
        self.requests = []
        self.http = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.http.daemon_threads = True
        self.http.recorder = self
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        with open(self.kubeconfig, 'w', encoding='utf-8') as stream:
            json.dump({'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'recorded',
                       'clusters': [{'name': 'recorded', 'cluster': {'server': 'http://127.0.0.1:%d' % self.http.server_port}}],
                       'users': [{'name': 'recorded', 'user': {}}],
                       'contexts': [{'name': 'recorded', 'context': {'cluster': 'recorded', 'user': 'recorded'}}]}, stream)

    def connect(self):
        return http.client.HTTPSConnection(self.address.hostname, self.address.port, context=self.tls)

    def begin(self, path, accept):
        self.requests.append([path, accept, 0])
        return len(self.requests) - 1

    def end(self, number, size):
        self.requests[number][2] = size

    def record(self, command, env):
        """What COMMAND asks for, as [path, Accept header, bytes of the answer] in turn. What it keeps
        between two runs is known to it."""
        env = {**env, 'KUBECONFIG': self.kubeconfig, 'XDG_CACHE_HOME': self.folder.name}
        for _ in range(2):
            self.requests.clear()
            subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        return [list(request) for request in self.requests]

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.folder.cleanup()
