#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hackystackctl export and certificate, against kubectl and the Ingress of a real cluster."""
import base64
import json
import os
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import time

from ctl import Ctl, SECRET_KEYS, forms_of, read_values, write_values
from api_recorder import ApiRecorder
from tap import Skip, Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
INGRESS = ('172.30.0.1', 18443)
PLAIN = ['10-namespace.yaml', '20-configmap.yaml', '30-secret.yaml.example', '30-tls-secret.yaml.example',
         '40-service.yaml', '50-pod-disruption-budget.yaml', '70-deployment.yaml', '80-ingress.yaml', 'Kustomization']
FULL = [name.replace('.example', '') for name in PLAIN]
OBJECTS = ['configmap/hackystack-config', 'secret/hackystack-secrets', 'secret/hackystack-tls', 'service/hackystack-service',
           'poddisruptionbudget/hackystack-pdb', 'deployment/hackystack-app', 'ingress/hackystack-ingress']


class Cases:
    def __init__(self, ctl):
        self.ctl = ctl
        self.program = os.environ['HACKYSTACK_TEST_CLUSTER']
        self.values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
        folder = os.environ['HACKYSTACK_TEST_KUBECONFIGS']
        paths = [os.path.join(folder, name) for name in ('admin.kubeconfig', 'admin')]
        self.admin = next(path for path in paths if os.path.exists(path))
        self.namespaces = []
        self.main = None

    def kubectl(self, *arguments, input=None, status=0):
        result = subprocess.run([self.program, 'kubectl', *arguments], input=input, text=True, timeout=180, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        expect(result.returncode == status, 'kubectl %s: %d: %s%s' % (
            ' '.join(arguments), result.returncode, result.stdout[-3000:], result.stderr))
        return result

    def get(self, namespace, name):
        return json.loads(self.kubectl('get', '-n', namespace, name, '-o', 'json').stdout)

    def run(self, *arguments, **keywords):
        return self.ctl.run('--kubeconfig', self.admin, *arguments, **keywords)

    def prepare(self, name, **changes):
        namespace = 'ctl-export-%s-%d' % (name, os.getpid())
        host = namespace + '.hackystack.local'
        path = '/proc/%d/fd/%d' % (os.getpid(), os.memfd_create(name))
        values = {**self.values, 'namespace': namespace, 'host': host, 'nextauthUrl': 'https://' + host, 'replicas': 2, **changes}
        self.namespaces.append(namespace)
        return namespace, write_values(path, values)

    def folder(self, name):
        return self.ctl.path(name)

    def modes(self, folder):
        return {name: stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) for name in os.listdir(folder)}

    def texts(self, folder):
        texts = {}
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding='utf-8') as stream:
                texts[name] = stream.read()
        return texts

    # --- files

    def test_without_secrets(self):
        _namespace, values = self.prepare('plain')
        folder = self.folder('plain')
        # Without a kubeconfig: nobody is asked.
        run = self.ctl.run('export', folder, '--values', values).expect_status(0)
        run.expect_out(*PLAIN)
        expect('The cluster was not asked' in run.err and 'kubectl apply -k ' + folder in run.err, 'The words', run)
        expect(sorted(os.listdir(folder)) == PLAIN, str(os.listdir(folder)))
        texts = self.texts(folder)
        for key in SECRET_KEYS + ('githubClientId',):
            for form in forms_of(self.values[key]):
                expect(all(form not in text for text in texts.values()), key + ' was written')
        expect(all('PRIVATE KEY' not in text and '${' not in text for text in texts.values()), 'A key, or a placeholder')
        example = texts['30-secret.yaml.example']
        expect('DATABASE_URL: ""' in example and 'THE VALUES ARE LEFT OUT' in example and 'stringData:' in example, example)
        expect('# A Deployment keeps a number of equal pods running.' in texts['70-deployment.yaml'], 'The lesson is gone')
        expect('# 30-secret.yaml.example' in texts['Kustomization'] and '- 70-deployment.yaml' in texts['Kustomization'],
               texts['Kustomization'])

        run = self.ctl.run('export', folder, '--values', values).expect_error('10-namespace.yaml', 'may be replaced')
        expect(self.texts(folder) == texts, 'Files were replaced without a word', run)
        with open(os.path.join(folder, '20-configmap.yaml'), 'a', encoding='utf-8') as stream:
            stream.write('# mine\n')
        self.ctl.run('export', folder, '--values', values, '--yes').expect_status(0)
        expect('# mine' not in self.texts(folder)['20-configmap.yaml'], '--yes does not replace')

    def test_with_secrets(self):
        _namespace, values = self.prepare('full')
        folder = self.folder('full')
        document = self.run('export', folder, '--values', values, '--with-secrets', '--json').expect_status(0).document()
        expect(document == {'type': 'export', 'directory': folder, 'secrets': True, 'files': FULL}, str(document))
        expect(set(self.modes(folder).values()) == {0o600} and stat.S_IMODE(os.stat(folder).st_mode) == 0o700,
               str(self.modes(folder)))

        # A folder that others may look into, with something in it, is not closed behind their backs.
        other = self.folder('open')
        os.mkdir(other, 0o755)
        with open(os.path.join(other, 'mine.txt'), 'w', encoding='utf-8') as stream:
            stream.write('mine')
        self.run('export', other, '--values', values, '--with-secrets').expect_error('others may look', 'chmod 700')
        expect(os.listdir(other) == ['mine.txt'], str(os.listdir(other)))
        os.remove(os.path.join(other, 'mine.txt'))
        self.run('export', other, '--values', values, '--with-secrets').expect_status(0)
        expect(stat.S_IMODE(os.stat(other).st_mode) == 0o700, 'The empty folder stays open')

    def test_bad_values(self):
        _namespace, values = self.prepare('bad', image='hacky stack')
        folder = self.folder('bad')
        self.ctl.run('export', folder, '--values', values).expect_error('Nothing was written', 'hacky stack')
        expect(not os.path.exists(folder), 'The folder was made')
        self.ctl.run('export', folder, '--with-secrets').expect_error('Nothing was written', 'DATABASE_URL is missing')
        self.ctl.run('export').expect_error('No folder', status=2)
        with open(self.folder('file'), 'w', encoding='utf-8') as stream:
            stream.write('x')
        _namespace, good = self.prepare('file')
        self.ctl.run('export', self.folder('file'), '--values', good).expect_error(self.folder('file'), 'another folder')

    def test_no_tls(self):
        _namespace, values = self.prepare('notls', tls='no')
        folder = self.folder('notls')
        self.ctl.run('export', folder, '--values', values, '--with-secrets').expect_status(0)
        texts = self.texts(folder)
        expect('30-tls-secret.yaml' not in texts and 'tls:' not in texts['80-ingress.yaml'], texts['80-ingress.yaml'])

    # --- kubectl

    def apply_dry(self, folder, option):
        result = self.kubectl('apply', '--dry-run=server', '--validate=strict', option, folder)
        warnings = [line for line in result.stderr.splitlines() if 'last-applied-configuration' not in line]
        expect(warnings == [], str(warnings))
        return sorted(line.split(' ')[0] for line in result.stdout.splitlines())

    def inventory(self, namespace):
        """What is there of ours, by labels, as kubectl names it."""
        kinds = 'configmaps,secrets,services,poddisruptionbudgets.policy,deployments.apps,ingresses.networking.k8s.io,jobs.batch'
        found = self.kubectl('get', '-n', namespace, kinds, '-l', 'app.kubernetes.io/managed-by=hackystack-desktop,!hackystack.io/revision',
                             '-o', 'name').stdout.split()
        return sorted(found + ['namespace/' + namespace])

    def test_same(self):
        """What kubectl makes of an export is what deploy makes, and the other way round."""
        namespace, values = self.prepare('same')
        folder = self.folder('same')
        self.run('deploy', '--values', values, '--yes').expect_status(0)
        self.main = (namespace, values)
        self.run('export', folder, '--values', values, '--with-secrets').expect_status(0)
        # By kubectl's own merge, which knows of no last applied configuration; by the server, as another manager,
        # who agrees with ours in each value; and by the server as ours, who would give up what the files leave out.
        for way in ((), ('--server-side',), ('--server-side', '--field-manager=hackystack-desktop', '--show-managed-fields=false')):
            for option in ('-k', '-f'):
                expect(self.kubectl('diff', *way, option, folder).stdout == '', 'There is a difference')
        expect(self.apply_dry(folder, '-k') == self.apply_dry(folder, '-f') == self.inventory(namespace),
               'The two ways differ, or an object of ours is not in the files: %s' % self.inventory(namespace))
        # And it can tell: a value that somebody changes is a difference.
        self.kubectl('patch', '-n', namespace, 'configmap/hackystack-config', '-p', '{"data":{"NODE_ENV":"test"}}')
        expect('NODE_ENV' in self.kubectl('diff', '-f', folder, status=1).stdout, 'The change is no difference')
        self.run('deploy', '--values', values, '--yes', '--force-conflicts').expect_status(0)

    def test_strict(self):
        """Every object is sent for strict checking, in the plan and in earnest, and the server warns of none."""
        namespace, values = self.prepare('strict')
        recorder = ApiRecorder([self.program, 'kubectl'])
        try:
            self.ctl.run('--kubeconfig', recorder.kubeconfig, 'diff', '--values', values)
            planned = len(recorder.calls)
            self.ctl.run('--kubeconfig', recorder.kubeconfig, 'deploy', '--values', values, '--yes').expect_status(0)
        finally:
            recorder.close()
        warned = [call for call in recorder.calls if call[4]]
        expect(warned == [], str(warned))
        applied = [call for call in recorder.calls if call[0] == 'PATCH' and call[2].get('fieldManager') == 'hackystack-desktop']
        lax = [call for call in applied if call[2].get('fieldValidation') != 'Strict']
        expect(lax == [], str(lax))
        names = {path.rsplit('/', 1)[1] for method, path, query, status, _ in recorder.calls[planned:]
                 if method == 'PATCH' and 'dryRun' not in query and status in (200, 201)}
        missing = {namespace, *(name.split('/')[1] for name in OBJECTS)} - names
        expect(missing == set(), str(missing))
        expect(any('dryRun' in call[2] for call in recorder.calls[:planned]), 'The plan was not tried')

    def test_really(self):
        namespace, values = self.prepare('really')
        folder = self.folder('really')
        self.run('export', folder, '--values', values, '--with-secrets').expect_status(0)
        self.kubectl('apply', '-k', folder)
        before = {name: self.strip(self.get(namespace, name)) for name in OBJECTS}
        events = self.run('deploy', '--values', values, '--yes', '--json').expect_status(0).events()
        outcomes = [e['outcome'] for e in events if e['type'] == 'operation' and e['state'] == 'done'][:len(FULL) - 1]
        expect(outcomes == ['unchanged'] * (len(FULL) - 1), str(outcomes))
        expect(events[-1]['changed'] is False, str(events[-1]))
        expect({name: self.strip(self.get(namespace, name)) for name in OBJECTS} == before, 'deploy changed an object')
        self.kubectl('diff', '-k', folder)

        # Without the Secrets' files nothing happens to the Secrets.
        plain = self.folder('really-plain')
        self.run('export', plain, '--values', values).expect_status(0)
        self.kubectl('apply', '-f', plain)
        expect(self.strip(self.get(namespace, 'secret/hackystack-secrets')) == before['secret/hackystack-secrets'], 'The Secret')
        self.kubectl('diff', '-f', folder)

    def test_two_ways(self):
        """Deployed here and applied from an export there, each object says the same but for its own names."""
        ours, values = self.need_main()
        theirs, their_values = self.prepare('two')
        folder = self.folder('two')
        self.run('export', folder, '--values', their_values, '--with-secrets').expect_status(0)
        self.kubectl('apply', '-k', folder)
        self.kubectl('rollout', 'status', '-n', theirs, 'deployment/hackystack-app', '--timeout=180s')
        for name in ['namespace/%s', *OBJECTS]:
            pair = [self.neutral(self.get(namespace, name % namespace if '%' in name else name), namespace) for namespace in (ours, theirs)]
            expect(pair[0] == pair[1], '%s differs:\n%s\n%s' % (name, *pair) if 'secret' not in name else name + ' differs')

    def neutral(self, item, namespace):
        """An object without what has to differ between two namespaces, and without who wrote it."""
        item = self.strip(item)
        item['metadata'].get('annotations', {}).pop('kubectl.kubernetes.io/last-applied-configuration', None)
        if not item['metadata'].get('annotations', True):
            del item['metadata']['annotations']
        for name in ('clusterIP', 'clusterIPs'):
            item.get('spec', {}).pop(name, None)
        template = item.get('spec', {}).get('template', {}).get('metadata', {}).get('annotations', {})
        if 'desktop.hackystack.io/config-digest' in template:
            template['desktop.hackystack.io/config-digest'] = 'of other values'
        if item['kind'] == 'Secret' and item['type'] == 'kubernetes.io/tls':
            item['data'] = sorted(item['data'])
        return json.dumps(item, sort_keys=True, indent=1).replace(namespace, 'NAMESPACE')

    @staticmethod
    def strip(item):
        """What the object says, without what the server and its controllers note down."""
        item.pop('status', None)
        for name in ('managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp'):
            item['metadata'].pop(name, None)
        item['metadata'].get('annotations', {}).pop('deployment.kubernetes.io/revision', None)
        return item

    # --- the certificate

    def need_main(self):
        expect(self.main is not None, 'The app was not deployed')
        return self.main

    def handshake(self, host, context):
        if 'HACKYSTACK_TEST_KUBECONFIG' in os.environ:
            raise Skip('the Ingress of another cluster is somewhere else')
        with socket.create_connection(INGRESS, 10) as plain, context.wrap_socket(plain, server_hostname=host) as tls:
            tls.sendall(('GET /api/health/live HTTP/1.0\r\nHost: %s\r\n\r\n' % host).encode())
            return b''.join(iter(lambda: tls.recv(65536), b'')).decode()

    def served(self, host, context, seconds=20):
        end = time.monotonic() + seconds
        while True:  # the controller follows the Secret in its own time
            try:
                return self.handshake(host, context)
            except ssl.SSLError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def test_certificate(self):
        namespace, values = self.need_main()
        host = namespace + '.hackystack.local'
        path = self.folder('ca.crt')
        run = self.run('certificate', '--values', values, '--ca', path).expect_status(0)
        run.expect_out('Host         ' + host, 'In use       yes', 'update-ca-certificates', 'Firefox', path)
        answer = self.served(host, ssl.create_default_context(cafile=path))
        expect(answer.startswith('HTTP/1.') and 'alive' in answer, answer)
        try:
            self.handshake(host, ssl.create_default_context())
            raise AssertionError('The certificate is trusted by everybody')
        except ssl.SSLCertVerificationError:
            pass

        with open(path, encoding='utf-8') as stream:
            text = stream.read()
        expect('PRIVATE' not in text and text.count('BEGIN CERTIFICATE') == 1, text)
        self.run('certificate', '--values', values, '--ca', path).expect_error('is there already', '--yes')
        document = self.run('certificate', '--values', values, '--ca', path, '--yes', '--json').expect_status(0).document()
        expect(document['deployed'] and document['host'] == host and document['file'] == path, str(document))
        shown = subprocess.run(['openssl', 'x509', '-noout', '-fingerprint', '-sha256', '-in', path], text=True, check=True,
                               stdout=subprocess.PIPE).stdout
        expect(shown.strip().endswith('=' + document['authority']), shown + str(document))
        lasts = (time.mktime(time.strptime(document['notAfter'], '%Y-%m-%dT%H:%M:%SZ')) -
                 time.mktime(time.strptime(document['notBefore'], '%Y-%m-%dT%H:%M:%SZ')) + 1) / 86400
        expect(396 < lasts <= 397.1, str(lasts))

        # Of a namespace without the app there is nothing to trust yet, and no keyring that would keep it.
        _other, empty = self.prepare('none')
        self.run('certificate', '--values', empty, '--ca', self.folder('none.crt')).expect_error('Deploy first')
        self.run('certificate', '--values', empty).expect_status(0).expect_out('In use       no')

    def put_certificate(self, namespace, host, days, label):
        """A Secret with a certificate of others, for so many days."""
        folder = self.folder('openssl')
        os.makedirs(folder, exist_ok=True)
        key, crt = os.path.join(folder, 'key'), os.path.join(folder, 'crt')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj',
                        '/CN=test', '-addext', 'subjectAltName=DNS:' + host, '-days', str(days), '-keyout', key, '-out', crt],
                       check=True, stderr=subprocess.DEVNULL)
        data = {}
        for name, path in (('tls.crt', crt), ('tls.key', key)):
            with open(path, 'rb') as stream:
                data[name] = base64.b64encode(stream.read()).decode()
        secret = {'apiVersion': 'v1', 'kind': 'Secret', 'type': 'kubernetes.io/tls', 'data': data,
                  'metadata': {'name': 'hackystack-tls', 'namespace': namespace, 'labels': label}}
        self.kubectl('apply', '--server-side', '--force-conflicts', '--field-manager=hackystack-desktop', '-f', '-',
                     input=json.dumps(secret))
        return data

    def test_renewal(self):
        namespace, values = self.need_main()
        host = namespace + '.hackystack.local'
        ours = {'app.kubernetes.io/managed-by': 'hackystack-desktop'}
        pods = self.get(namespace, 'deployment/hackystack-app')['metadata']['generation']
        for label, days, kept in ((ours, 29, False), (ours, 31, True), ({}, 31, True), ({}, 29, False)):
            before = self.put_certificate(namespace, host, days, label)
            self.run('deploy', '--values', values, '--yes').expect_status(0)
            after = self.get(namespace, 'secret/hackystack-tls')
            expect((after['data']['tls.crt'] == before['tls.crt']) == kept, '%s, %d days: kept is not %s' % (label, days, kept))
            if kept and not label:
                expect('labels' not in after['metadata'], 'A Secret of others was changed: %s' % after['metadata'])
        expect(self.get(namespace, 'deployment/hackystack-app')['metadata']['generation'] == pods, 'Pods were restarted')
        # One for another host is none.
        before = self.put_certificate(namespace, 'other.local', 90, ours)
        self.run('deploy', '--values', values, '--yes').expect_status(0)
        expect(self.get(namespace, 'secret/hackystack-tls')['data'] != before, 'A certificate for another host was kept')

    def close(self):
        for namespace in self.namespaces:
            subprocess.run([self.program, 'kubectl', 'delete', 'namespace', namespace, '--ignore-not-found', '--wait=false'],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def main():
    missing = [name for name in NEEDED if name not in os.environ]
    if missing:
        return skip_all('there is no test cluster: %s is not set' % missing[0])
    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    tap = Tap()
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS])
    cases = Cases(ctl)
    try:
        tap.case('export without secrets', cases.test_without_secrets)
        tap.case('export with secrets', cases.test_with_secrets)
        tap.case('values that cannot be written', cases.test_bad_values)
        tap.case('export without HTTPS', cases.test_no_tls)
        tap.case('an export of what is deployed', cases.test_same)
        tap.case('strict checking', cases.test_strict)
        tap.case('an export that kubectl applies', cases.test_really)
        tap.case('deployed and applied', cases.test_two_ways)
        tap.case('the certificate', cases.test_certificate)
        tap.case('renewal', cases.test_renewal)
    finally:
        cases.close()
        shutil.rmtree(ctl.path('openssl'), ignore_errors=True)
        ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
