# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands between a program and the API server, on the loopback device and without TLS, and notes what is asked and answered."""
import base64
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

# Of one connection only, and not passed on (RFC 9110, 7.6.1).
OF_CONNECTION = ('connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'upgrade', 'te', 'trailer')


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def relay(self):
        recorder = self.server.recorder
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        connection = http.client.HTTPSConnection(recorder.address.hostname, recorder.address.port, context=recorder.tls)
        with contextlib.closing(connection):
            headers = {name: value for name, value in self.headers.items() if name.lower() not in OF_CONNECTION}
            connection.request(self.command, self.path, body=body or None, headers=headers)
            answer = connection.getresponse()
            recorder.note(self.command, self.path, answer)
            # Whoever has got what it wants goes away.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.pass_on(answer)

    def pass_on(self, answer):
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OF_CONNECTION:
                self.send_header(name, value)
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        while data := answer.read1(1 << 16):
            self.wfile.write(b'%x\r\n%s\r\n' % (len(data), data))
        self.wfile.write(b'0\r\n\r\n')

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = relay

    def log_message(self, *_):
        pass


class ApiRecorder:
    """A kubeconfig that leads by it is at `kubeconfig`. `calls` are (method, path, query, status, Warning headers)."""

    def __init__(self, kubectl):
        """KUBECTL: a command that talks to the server as its administrator."""
        view = json.loads(subprocess.check_output([*kubectl, 'config', 'view', '--raw', '--minify', '-o', 'json']))
        data = {**view['clusters'][0]['cluster'], **view['users'][0]['user']}
        self.folder = tempfile.TemporaryDirectory()
        self.address = urllib.parse.urlsplit(data['server'])
        self.tls = ssl.create_default_context(cadata=base64.b64decode(data['certificate-authority-data']).decode())
        self.tls.load_cert_chain(self.write('crt', base64.b64decode(data['client-certificate-data'])),
                                 self.write('key', base64.b64decode(data['client-key-data'])))
        self.calls = []
        self.lock = threading.Lock()
        self.http = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.http.daemon_threads = True
        self.http.recorder = self
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.kubeconfig = self.write('config', json.dumps({
            'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'recorded',
            'clusters': [{'name': 'recorded', 'cluster': {'server': 'http://127.0.0.1:%d' % self.http.server_port}}],
            'users': [{'name': 'recorded', 'user': {}}],
            'contexts': [{'name': 'recorded', 'context': {'cluster': 'recorded', 'user': 'recorded'}}]}).encode())

    def write(self, name, data):
        path = os.path.join(self.folder.name, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), 'wb') as stream:
            stream.write(data)
        return path

    def note(self, method, path, answer):
        parts = urllib.parse.urlsplit(path)
        with self.lock:
            self.calls.append((method, parts.path, dict(urllib.parse.parse_qsl(parts.query)), answer.status, answer.headers.get_all('Warning') or []))

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.folder.cleanup()
