#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API server on this machine, over TLS, with many pods that change: watch_server.py FOLDER PODS EVENTS RATE.

Makes its certificates and FOLDER/kubeconfig, then says "ready". Speaks Tables in the shape of Kubernetes 1.36, pages,
and so much discovery that kubectl is content. A watch from resource version FIRST + n gets the events after the n-th,
RATE of them a second, and ends after the last; one that asks from behind the last hears nothing.
"""
import asyncio
import json
import os
import ssl
import subprocess
import sys
import urllib.parse

FIRST = 1000000
TABLE = 'application/json;as=Table'
COLUMNS = [{'name': name, 'type': 'string', 'format': 'name' if name == 'Name' else '', 'description': name, 'priority': priority}
           for name, priority in (('Name', 0), ('Ready', 0), ('Status', 0), ('Restarts', 0), ('Age', 0), ('IP', 1), ('Node', 1),
                                  ('Nominated Node', 1), ('Readiness Gates', 1))]
RESOURCES = [{'name': 'pods', 'singularName': 'pod', 'namespaced': True, 'kind': 'Pod', 'shortNames': ['po'],
              'verbs': ['get', 'list', 'watch']}]
DISCOVERY = {
    '/api': {'kind': 'APIVersions', 'versions': ['v1'], 'serverAddressByClientCIDRs': []},
    '/apis': {'kind': 'APIGroupList', 'apiVersion': 'v1', 'groups': []},
    '/api/v1': {'kind': 'APIResourceList', 'groupVersion': 'v1', 'resources': RESOURCES},
}
CERTIFICATE = '''
set -e
exec >/dev/null 2>&1
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -subj /CN=ca -days 2
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=server
printf 'extendedKeyUsage=serverAuth\\nsubjectAltName=IP:127.0.0.1\\n' > server.ext
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.crt
'''


def fields(names):
    return {'f:' + name: {} for name in names.split()}


def build_managed_fields():
    """Who set which fields: most of a row's bytes, as in a real pod with one container."""
    container = {'.': {}, **fields('command image imagePullPolicy name ports resources terminationMessagePath terminationMessagePolicy'),
                 'f:livenessProbe': {'.': {}, **fields('failureThreshold httpGet initialDelaySeconds periodSeconds timeoutSeconds')},
                 'f:securityContext': {'.': {}, **fields('allowPrivilegeEscalation capabilities readOnlyRootFilesystem')}}
    conditions = {'k:{"type":"%s"}' % kind: {'.': {}, **fields('lastProbeTime lastTransitionTime observedGeneration status type')}
                  for kind in ('ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'PodScheduled', 'Ready')}
    spec = {'f:metadata': {'f:generateName': {}, 'f:labels': {'.': {}, **fields('app pod-template-hash tier')}, 'f:ownerReferences': {'.': {}}},
            'f:spec': {'f:containers': {'k:{"name":"app"}': container},
                       **fields('dnsPolicy enableServiceLinks restartPolicy schedulerName securityContext serviceAccountName volumes')}}
    status = {'f:status': {'f:conditions': conditions, **fields('containerStatuses hostIP hostIPs observedGeneration phase podIP podIPs startTime')}}
    common = {'operation': 'Update', 'apiVersion': 'v1', 'time': '2026-01-01T00:00:00Z', 'fieldsType': 'FieldsV1'}
    return [{'manager': 'kube-controller-manager', **common, 'fieldsV1': spec},
            {'manager': 'kubelet', **common, 'fieldsV1': status, 'subresource': 'status'}]


def build_row(index, version, restarts, managed_fields=build_managed_fields()):
    name = 'app-%02d-7c5b9d8f6d-%05d' % (index % 20, index)
    cells = [name, '1/1', 'Running', str(restarts), '5m', '10.0.%d.%d' % (index // 250, index % 250), 'node-%d' % (index % 100), '<none>', '<none>']
    metadata = {'name': name, 'generateName': name[:-5], 'namespace': 'load-%d' % (index % 20), 'uid': '00000000-0000-4000-8000-%012d' % index,
                'resourceVersion': str(version), 'generation': 1, 'creationTimestamp': '2026-01-01T00:00:00Z',
                'labels': {'app': 'app-%02d' % (index % 20), 'pod-template-hash': '7c5b9d8f6d', 'tier': 'load'},
                'ownerReferences': [{'apiVersion': 'apps/v1', 'kind': 'ReplicaSet', 'name': name[:-6], 'uid': '00000000-0000-4000-9000-000000000000',
                                     'controller': True, 'blockOwnerDeletion': True}],
                'managedFields': managed_fields}
    return {'cells': cells, 'object': {'kind': 'PartialObjectMetadata', 'apiVersion': 'meta.k8s.io/v1', 'metadata': metadata}}


def build_table(rows, version, columns=True, **metadata):
    table = {'kind': 'Table', 'apiVersion': 'meta.k8s.io/v1', 'metadata': {'resourceVersion': str(version), **metadata}}
    return {**table, **({'columnDefinitions': COLUMNS} if columns else {}), 'rows': rows}


def dump(value):
    return json.dumps(value, separators=(',', ':')).encode()


class Server:
    """What there is, and what will happen to it."""

    def __init__(self, pods, events, rate):
        self.pods, self.events, self.rate = pods, events, rate
        self.pages = {}
        self.lines = [self.build_line(number) for number in range(1, events + 1)]

    def build_line(self, number):
        """The first event of a watch tells the columns, the others do not."""
        row = build_row(number * 7919 % self.pods, FIRST + number, number)
        return dump({'type': 'MODIFIED', 'object': build_table([row], FIRST + number, columns=number == 1)}) + b'\n'

    def page(self, start, limit):
        if (start, limit) not in self.pages:
            end = min(start + limit, self.pods)
            more = {'continue': str(end), 'remainingItemCount': self.pods - end} if end < self.pods else {}
            self.pages[start, limit] = dump(build_table([build_row(index, FIRST, 0) for index in range(start, end)], FIRST, **more))
        return self.pages[start, limit]

    async def watch(self, writer, version):
        """One chunk for each event, as the API server does it."""
        loop = asyncio.get_running_loop()
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
        begin, first = loop.time(), version - FIRST
        for number in range(first, self.events):
            delay = begin + (number - first) / self.rate - loop.time()
            if delay > 0:
                await asyncio.sleep(delay)
            writer.write(b'%x\r\n%s\r\n' % (len(self.lines[number]), self.lines[number]))
            if number % 16 == 0:
                await writer.drain()
        if first >= self.events:
            await asyncio.sleep(3600)
        writer.write(b'0\r\n\r\n')

    async def answer(self, writer, target):
        url = urllib.parse.urlsplit(target)
        query = dict(urllib.parse.parse_qsl(url.query))
        if 'watch' in query:
            await self.watch(writer, int(query.get('resourceVersion', FIRST)))
            return
        if url.path in DISCOVERY:
            status, body = b'200 OK', dump(DISCOVERY[url.path])
        elif url.path.endswith('/pods'):
            status, body = b'200 OK', self.page(int(query.get('continue', 0)), int(query.get('limit', self.pods)))
        else:
            status, body = b'404 Not Found', dump({'kind': 'Status', 'apiVersion': 'v1', 'status': 'Failure', 'code': 404, 'reason': 'NotFound'})
        writer.write(b'HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' % (status, len(body)) + body)
        await writer.drain()

    async def serve(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b'\r\n\r\n')
                await self.answer(writer, head.split(b' ', 2)[1].decode())
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()


def write_kubeconfig(folder, port):
    """Written as JSON, which is YAML, too."""
    config = {'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'load',
              'clusters': [{'name': 'load', 'cluster': {'server': 'https://127.0.0.1:%d' % port, 'certificate-authority': os.path.join(folder, 'ca.crt')}}],
              'users': [{'name': 'load', 'user': {'token': 'any'}}],
              'contexts': [{'name': 'load', 'context': {'cluster': 'load', 'user': 'load'}}]}
    with open(os.path.join(folder, 'kubeconfig'), 'wb') as stream:
        stream.write(dump(config))


async def main():
    folder = sys.argv[1]
    server = Server(*(int(word) for word in sys.argv[2:5]))
    subprocess.run(['sh', '-c', CERTIFICATE], cwd=folder, check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(folder, 'server.crt'), os.path.join(folder, 'server.key'))
    listener = await asyncio.start_server(server.serve, '127.0.0.1', 0, ssl=context)
    write_kubeconfig(folder, listener.sockets[0].getsockname()[1])
    print('ready', flush=True)
    await listener.serve_forever()


asyncio.run(main())
