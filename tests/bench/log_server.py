#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API server on a port of this machine that has one pod with a long log: log_server.py FOLDER LINES.

It speaks TLS and writes the log as the real one does, in chunks of 32 KiB. In FOLDER it puts its
certificate and a kubeconfig, and tells its port on standard output.
"""
import os
import socket
import ssl
import subprocess
import sys
import threading

# What the API server copies at once from the kubelet.
CHUNK = 32 * 1024
TEXT_LENGTH = 100
# Whose stamps are a second; the whole log is this, again and again, with other stamps.
LINES_A_SECOND = 20000
POD = (b'{"apiVersion":"v1","kind":"Pod","metadata":{"name":"chatty","namespace":"default","uid":"1",'
       b'"resourceVersion":"1"},"spec":{"restartPolicy":"Never","containers":[{"name":"main"}]},'
       b'"status":{"phase":"Succeeded","containerStatuses":[{"name":"main","restartCount":0,'
       b'"state":{"terminated":{"exitCode":0}}}]}}')


def make_certificate(folder):
    paths = [os.path.join(folder, name) for name in ('server.key', 'server.crt')]
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
                    '-keyout', paths[0], '-out', paths[1], '-days', '2', '-subj', '/CN=127.0.0.1',
                    '-addext', 'subjectAltName=IP:127.0.0.1'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return paths


def make_second(second):
    """The lines of one second, with their stamps."""
    stamp = b'2024-05-01T%02d:%02d:%02d' % (second // 3600 % 24, second // 60 % 60, second % 60)
    lines = []
    for number in range(LINES_A_SECOND):
        text = b'GET /api/items/%08d 200 in 3 ms ' % (second * LINES_A_SECOND + number)
        lines.append(b'%s.%09dZ %s\n' % (stamp, number * 50000, text.ljust(TEXT_LENGTH - 1, b'.')))
    return b''.join(lines)


def make_log(n_lines):
    """The chunks of a log."""
    log = memoryview(b''.join(make_second(second) for second in range(n_lines // LINES_A_SECOND)))
    return [b'%x\r\n%s\r\n' % (len(log[i:i + CHUNK]), log[i:i + CHUNK]) for i in range(0, len(log), CHUNK)]


def read_request(connection):
    request = b''
    while b'\r\n\r\n' not in request:
        data = connection.recv(65536)
        if not data:
            return None
        request += data
    return request.split(b' ', 2)[1]


def answer(connection, path, chunks):
    head = b'HTTP/1.1 200 OK\r\nContent-Type: %s\r\n'
    if b'/log' not in path:
        connection.sendall(head % b'application/json' + b'Content-Length: %d\r\n\r\n%s' % (len(POD), POD))
        return
    connection.sendall(head % b'text/plain' + b'Transfer-Encoding: chunked\r\n\r\n')
    for chunk in chunks:
        connection.sendall(chunk)
    connection.sendall(b'0\r\n\r\n')


def serve(context, plain, chunks):
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(plain, server_side=True) as connection:
            while True:
                path = read_request(connection)
                if path is None:
                    break
                answer(connection, path, chunks)
    except OSError:
        plain.close()  # who asked has gone


def main():
    folder, n_lines = sys.argv[1], int(sys.argv[2])
    key, certificate = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    chunks = make_log(n_lines)
    with socket.create_server(('127.0.0.1', 0)) as listener:
        port = listener.getsockname()[1]
        with open(os.path.join(folder, 'kubeconfig'), 'w', encoding='utf-8') as stream:
            stream.write('{"apiVersion":"v1","kind":"Config","current-context":"x",'
                         '"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],'
                         '"clusters":[{"name":"c","cluster":{"server":"https://127.0.0.1:%d",'
                         '"certificate-authority":"server.crt"}}],"users":[{"name":"u","user":{}}]}' % port)
        print(port, flush=True)
        while True:
            plain, _address = listener.accept()
            threading.Thread(target=serve, args=(context, plain, chunks), daemon=True).start()


if __name__ == '__main__':
    main()
