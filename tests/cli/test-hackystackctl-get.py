#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""get and api-resources of hackystackctl against a real cluster (tests/cluster/cluster), compared with kubectl."""
import json
import os
import re
import signal
import subprocess
import sys
import time

from ctl import Ctl, SECRET_KEYS, read_values
from tap import Skip, Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
# Others work with the cluster too: what changes between two looks of kubectl is looked at again.
ATTEMPTS = 8
AGE = re.compile(r'\b(\d+[ydhms])+\b|<unknown>|<invalid>')
# The server itself lists these in an order of chance.
UNORDERED = ('componentstatuses',)
OBJECTS = '''
apiVersion: v1
kind: ConfigMap
metadata: {name: first, labels: {app: web, tier: front}, annotations: {note: "line\\nline: \\"quoted\\" - ä"}}
data: {number: "12", truth: "yes", empty: "", text: "a\\n b\\n"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: second, labels: {app: web, tier: back}}
---
apiVersion: v1
kind: Secret
metadata: {name: hidden, labels: {app: web}}
stringData: {password: hunter2-of-the-test}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: idle, labels: {app: web}}
spec:
  replicas: 0
  selector: {matchLabels: {app: idle}}
  template:
    metadata: {labels: {app: idle}}
    spec: {containers: [{name: main, image: "example.invalid/none:1"}]}
'''


class Cluster:
    def __init__(self):
        self.program = os.environ['HACKYSTACK_TEST_CLUSTER']
        folder = os.environ['HACKYSTACK_TEST_KUBECONFIGS']
        self.kubeconfigs = {name: next((path for path in (os.path.join(folder, name + '.kubeconfig'),
                                                          os.path.join(folder, name)) if os.path.exists(path)), None)
                            for name in ('admin', 'viewer', 'down')}

    def run(self, *arguments, input=None):
        return subprocess.run([self.program, 'kubectl', *arguments], input=input, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=120, check=False)

    def kubectl(self, *arguments, input=None):
        result = self.run(*arguments, input=input)
        expect(result.returncode == 0, 'kubectl %s: %s' % (' '.join(arguments), result.stderr))
        return result.stdout


    def start_kubectl(self, *arguments):
        """The program itself, so that signals reach it."""
        program = subprocess.check_output([self.program, 'program', 'kubectl'], text=True).strip()
        return subprocess.Popen([program, '--kubeconfig', self.kubeconfigs['admin'], *arguments], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL)


def read_watch(text, form):
    """What a watch printed: rows without ages, or every byte of the documents."""
    if form in ('json', 'yaml'):
        return text
    return [re.sub(r' \d+[smhd]\S*$', ' AGE', re.sub(' +', ' ', line)) for line in text.splitlines()]


def read_table(text):
    """The cells of tables with a blank line between them, ages taken out."""
    cells = []
    for table in text.split('\n\n'):
        lines = table.strip('\n').split('\n')
        starts = [match.start() for match in re.finditer(r'\S+(?: \S+)*', lines[0])]
        for line in lines:
            ends = starts[1:] + [None]
            cells.append([AGE.sub('AGE', line[start:end].strip()) for start, end in zip(starts, ends)])
    return cells


class Cases:
    def __init__(self, cluster, ctl):
        self.cluster = cluster
        self.ctl = ctl
        self.namespace = 'ctl-get-%d' % os.getpid()

    def set_up(self):
        self.cluster.kubectl('create', 'namespace', self.namespace)
        self.cluster.kubectl('apply', '-n', self.namespace, '-f', '-', input=OBJECTS)

    def tear_down(self):
        for _attempt in range(60):
            result = self.cluster.run('delete', 'namespace', self.namespace, '--wait=false', '--ignore-not-found')
            if result.returncode == 0:
                return
            time.sleep(1)
        Tap.say('# The namespace %s stays: %s' % (self.namespace, result.stderr))

    def arguments(self, *arguments, kubeconfig='admin'):
        if self.cluster.kubeconfigs[kubeconfig] is None:
            raise Skip('there is no kubeconfig ' + kubeconfig)
        return ['--kubeconfig', self.cluster.kubeconfigs[kubeconfig], *arguments]

    def get(self, *arguments, **keywords):
        return self.ctl.run(*self.arguments('get', *arguments, **keywords))

    def compare(self, read, *arguments):
        """What read makes of the output must be the same as of kubectl's."""
        for _attempt in range(ATTEMPTS):
            before = self.cluster.kubectl('get', *arguments)
            run = self.get(*arguments).expect_status(0)
            after = self.cluster.kubectl('get', *arguments)
            theirs = read(before)
            if theirs != read(after):
                continue
            ours = read(run.out)
            if ours == theirs:
                return run
            different = [pair for pair in zip(ours, theirs) if pair[0] != pair[1]] if isinstance(ours, list) else ''
            expect(False, '%s differs: %d and %d rows; %s' % (' '.join(arguments), len(ours), len(theirs),
                                                             different[:3]), run)
        raise Skip('%s never stood still' % ' '.join(arguments))

    # --- kinds

    def kinds(self):
        return self.ctl.run(*self.arguments('api-resources', '--json')).expect_status(0).document()['resources']

    def test_api_resources(self):
        # While one of the API servers behind the main one is away, nothing is remembered.
        files = []
        while not files:
            run = self.ctl.run(*self.arguments('api-resources')).expect_status(0)
            files = [path for path in self.ctl.files() if '/discovery/' in path]
        theirs = read_table(self.cluster.kubectl('api-resources'))
        ours = read_table(run.out)
        expect(ours[0] == theirs[0] and sorted(ours) == sorted(theirs), 'The kinds differ', run)
        expect(len(files) == 1 and os.stat(files[0]).st_mode & 0o777 == 0o600, 'The cache: %s' % files)

    def test_kind(self, name):
        for _attempt in range(ATTEMPTS):
            before = self.cluster.run('get', name, '-A')
            run = self.get(name, '-A')
            after = self.cluster.run('get', name, '-A')
            if before.returncode != 0:
                expect(run.status == 1, 'kubectl fails: %s' % before.stderr, run)
                return
            if name in UNORDERED or read_table(before.stdout) == read_table(after.stdout):
                break
        else:
            raise Skip('%s never stands still' % name)
        run.expect_status(0)
        ours, theirs = read_table(run.out), read_table(before.stdout)
        if name in UNORDERED:
            ours, theirs = sorted(ours), sorted(theirs)
        expect(ours == theirs, '%s: %s' % (name, [pair for pair in zip(ours, theirs) if pair[0] != pair[1]][:2]), run)
        if not before.stdout:
            expect(run.out == '' and run.err.strip() == before.stderr.strip() == 'No resources found', 'Nothing', run)

    def test_kind_forms(self, name, namespaced):
        """Byte for byte as kubectl prints them, of the namespace that has most kinds of objects."""
        where = ('-n', 'kube-system') if namespaced else ()
        for form in ('json', 'name'):
            if self.cluster.run('get', name, *where).returncode == 0 and name not in UNORDERED:
                self.compare(str, name, *where, '-o', form)

    def test_wide(self):
        for arguments in (('pods', '-A'), ('nodes',), ('deploy', '-n', 'kube-system'), ('svc', '-n', 'kube-system')):
            self.compare(read_table, *arguments, '-o', 'wide')

    def test_several(self):
        for arguments in (('deploy,svc,cm', '-n', 'kube-system'), ('all', '-n', 'kube-system'),
                          ('deployment.apps,configmaps', '-A'), ('pods,cm', '-n', self.namespace)):
            self.compare(read_table, *arguments)

    def test_spaces(self):
        """Not only the cells: every space."""
        self.compare(lambda text: [line.rstrip() for line in AGE.sub('AGE', text).splitlines()],
                     'configmaps', '-n', self.namespace)

    # --- which objects

    def test_names(self):
        for arguments in (('cm', 'first'), ('cm', 'second', 'first'), ('cm/first', 'configmap/second'),
                          ('cm/first', 'deploy/idle'), ('deployments.v1.apps', 'idle'), ('Deployment', 'idle')):
            self.compare(read_table, *arguments, '-n', self.namespace)

    def test_selectors(self):
        for selector in ('app=web', 'app==web,tier!=back', 'tier in (front, back)', 'tier notin (front)', '!tier',
                         'tier', 'app=nobody'):
            self.compare(lambda text: text.split(), 'cm', '-n', self.namespace, '-l', selector, '-o', 'name')
        self.compare(lambda text: text.split(), 'cm', '-n', self.namespace, '-o', 'name',
                     '--field-selector', 'metadata.name=first')

    def test_nothing(self):
        run = self.get('pods', '-n', self.namespace).expect_status(0)
        expect(run.out == '' and run.err == 'No resources found in %s namespace.\n' % self.namespace, 'Nothing', run)
        run = self.get('pods', '-A', '-l', 'app=nobody').expect_status(0)
        expect(run.out == '' and run.err == 'No resources found\n', 'Nothing anywhere', run)

    # --- forms

    def test_name_form(self):
        for arguments in (('cm,deploy', '-n', self.namespace), ('nodes',), ('deploy', '-A')):
            self.compare(lambda text: text.split(), *arguments, '-o', 'name')

    def test_json(self):
        for arguments in (('cm', 'first'), ('cm', 'first', 'second'), ('cm,deploy',), ('pods',), ('deploy/idle',)):
            for extra in ((), ('--show-managed-fields',)):
                self.compare(str, *arguments, '-n', self.namespace, '-o', 'json', *extra)
        self.compare(str, 'pods', '-n', 'kube-system', '-o', 'json')

    def test_yaml(self):
        try:
            import yaml
        except ImportError:
            raise Skip('Python has no YAML here')
        for arguments in (('cm', 'first'), ('cm,deploy',)):
            self.compare(yaml.safe_load, *arguments, '-n', self.namespace, '-o', 'yaml')

    def test_secrets(self):
        for form in ('json', 'yaml'):
            run = self.get('secret', 'hidden', '-n', self.namespace, '-o', form).expect_status(0)
            expect('hunter2' not in run.out and 'aHVudGVyMi' not in run.out and '•••' in run.out, 'A value', run)
            run = self.get('secrets', '-n', self.namespace, '-o', form).expect_status(0)
            expect('hunter2' not in run.out and 'aHVudGVyMi' not in run.out and '•••' in run.out, 'A value', run)
        run = self.get('secret', 'hidden', '-n', self.namespace, '-o', 'json', '--show-secrets').expect_status(0)
        theirs = json.loads(self.cluster.kubectl('get', 'secret', 'hidden', '-n', self.namespace, '-o', 'json'))
        expect(run.document() == theirs, 'With --show-secrets', run)

    def test_json_option(self):
        run = self.ctl.run('--json', *self.arguments('get', 'cm', 'first', '-n', self.namespace)).expect_status(0)
        expect(run.document()['metadata']['name'] == 'first', 'With --json', run)

    # --- what fails

    def test_unknown_kind(self):
        self.get('deplyoments').expect_error('deplyoments', 'deployments', 'api-resources')
        self.get('pods,nonsense-of-the-test').expect_error('nonsense-of-the-test', 'api-resources')

    def test_new_kind(self):
        """A kind that came after the kinds were remembered."""
        group = 'ctl-get-%d.example.com' % os.getpid()
        self.get('cm', '-n', self.namespace).expect_status(0)
        schema = {'type': 'object', 'properties': {'spec': {'type': 'object', 'properties': {
            'size': {'type': 'integer'}}}}}
        version = {'name': 'v1', 'served': True, 'storage': True, 'schema': {'openAPIV3Schema': schema},
                   'additionalPrinterColumns': [{'name': 'Size', 'type': 'integer', 'jsonPath': '.spec.size'}]}
        crd = {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',
               'metadata': {'name': 'gizmos.' + group},
               'spec': {'group': group, 'scope': 'Namespaced', 'versions': [version],
                        'names': {'plural': 'gizmos', 'singular': 'gizmo', 'kind': 'Gizmo', 'shortNames': ['gz']}}}
        self.cluster.kubectl('apply', '-f', '-', input=json.dumps(crd))
        try:
            self.cluster.kubectl('wait', '--for=condition=Established', 'crd/gizmos.' + group, '--timeout=60s')
            for name, spec in (('a', {'size': 3}), ('b', {})):
                gizmo = {'apiVersion': group + '/v1', 'kind': 'Gizmo', 'spec': spec,
                         'metadata': {'name': name, 'namespace': self.namespace}}
                self.cluster.kubectl('apply', '-f', '-', input=json.dumps(gizmo))
            for name in ('gz', 'gizmos.' + group, 'Gizmo'):
                self.compare(read_table, name, '-n', self.namespace)
            self.compare(json.loads, 'gizmos', '-n', self.namespace, '-o', 'json')
        finally:
            self.cluster.run('delete', 'crd', 'gizmos.' + group)

    def test_words(self):
        """What is said where something is missing, and how it ends."""
        for arguments in (('pods', '-n', 'nobody-of-the-test'), ('cm', '-n', self.namespace, '-l', 'app=nobody'), ('crd', '-l', 'x=y')):
            theirs = self.cluster.run('get', *arguments)
            run = self.get(*arguments).expect_status(theirs.returncode)
            expect((run.out, run.err) == (theirs.stdout, theirs.stderr), 'Other words: %s' % theirs.stderr, run)
        for arguments in (('cm', 'nobody'), ('deployments.apps', 'nobody'), ('cm/nobody', 'deploy/nobody')):
            theirs = self.cluster.run('get', *arguments, '-n', self.namespace)
            run = self.get(*arguments, '-n', self.namespace).expect_status(theirs.returncode)
            for line in theirs.stderr.splitlines():
                words = line.split(': ', 1)[-1]
                expect(words in run.err, 'Other words than: %s' % words, run)

    def test_missing(self):
        run = self.get('cm', 'nobody', '-n', self.namespace).expect_error('nobody')
        expect(run.out == '', 'Output', run)
        run = self.get('cm', 'nobody', 'first', '-n', self.namespace).expect_error('nobody')
        expect(read_table(run.out)[1][0] == 'first', 'What is there is not shown', run)
        run = self.get('cm', 'nobody', '-n', self.namespace, '-o', 'json').expect_error('nobody')
        expect(run.out == '', 'Output', run)

    def test_refused(self):
        self.get('secrets', '-n', 'kube-system', kubeconfig='viewer').expect_error('secrets')
        self.get('pods', kubeconfig='down').expect_error()

    def test_usage(self):
        for arguments in ((), ('pods/a', 'b'), ('pods', 'a/b'), ('pods', '-o', 'nonsense'), ('pods', 'a', '-A'),
                          ('pods', 'a', '-l', 'x=y'), ('pods,svc', '-w')):
            self.get(*arguments).expect_error(status=2)
        for arguments in (('pods', '-l', 'a b'), ('pods', '--field-selector', 'x')):
            self.get(*arguments).expect_error('Write it like', status=1)

    # --- watching

    def test_watch(self):
        run = self.ctl.start(*self.arguments('get', 'deploy', '-n', self.namespace, '-w'))
        run.wait_for(lambda run: 'idle' in run.out, 'the first row')
        self.cluster.kubectl('create', 'deployment', 'later', '--image=example.invalid/none:1', '--replicas=0', '-n',
                             self.namespace)
        run.wait_for(lambda run: 'later' in run.out, 'the row of a new object')
        rows = run.out.count('idle')
        self.cluster.kubectl('label', 'deploy/idle', '-n', self.namespace, 'changed=yes')
        run.wait_for(lambda run: run.out.count('idle') > rows, 'the row of a change')
        rows = run.out.count('later')
        self.cluster.kubectl('delete', 'deploy/later', '-n', self.namespace)
        run.wait_for(lambda run: run.out.count('later') > rows, 'the row of an object that is gone')
        run.signal(signal.SIGINT)
        run.wait().expect_status(130)
        table = read_table(run.out)
        expect(table[0] == ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'] and run.out.count('NAME') == 1,
               'The titles', run)
        expect(all(row[1:4] == ['0/0', '0', '0'] for row in table[1:]), 'The columns', run)

    def watch_against_kubectl(self, *arguments):
        """Runs both while two objects are made, changed and deleted; returns what they print."""
        ours = self.ctl.start(*self.arguments('get', 'cm', '-n', self.namespace, *arguments))
        theirs = self.cluster.start_kubectl('get', 'cm', '-n', self.namespace, *arguments)
        try:
            time.sleep(2)
            for name in ('watched', 'unwatched'):
                self.cluster.kubectl('create', 'cm', name, '-n', self.namespace, '--from-literal=a=b')
                self.cluster.kubectl('label', 'cm', name, '-n', self.namespace, 'changed=' + name)
                self.cluster.kubectl('delete', 'cm', name, '-n', self.namespace)
            time.sleep(2)
        finally:
            ours.signal(signal.SIGINT)
            theirs.send_signal(signal.SIGINT)
        expected = theirs.communicate()[0].decode()
        ours.wait().expect_status(130)
        form = arguments[-1]
        return ours, read_watch(ours.out, form), read_watch(expected, form)

    def test_watch_like_kubectl(self):
        for arguments in (('-w',), ('-w', '-o', 'wide'), ('-w', '-o', 'name'), ('-w', '-o', 'json'),
                          ('-w', '-o', 'yaml'), ('--watch-only',), ('-w', '-l', 'changed=watched'),
                          ('-w', '-A', '--field-selector', 'metadata.name=watched'),
                          ('--watch-only', '-o', 'name', '--field-selector', 'metadata.name=unwatched')):
            run, ours, expected = self.watch_against_kubectl(*arguments)
            expect(ours == expected, 'What get %s prints is not what kubectl prints:\n%s'
                   % (' '.join(arguments), expected), run)

    def test_watch_one(self):
        run = self.ctl.start(*self.arguments('get', 'cm/second', '-n', self.namespace, '-w', '-o', 'name'))
        run.wait_for(lambda run: 'configmap/second' in run.out, 'the first name')
        self.cluster.kubectl('label', 'cm/first', 'cm/second', '-n', self.namespace, 'changed=yes')
        run.wait_for(lambda run: run.out.count('configmap/second') == 2, 'the name of a change')
        run.signal(signal.SIGINT)
        run.wait().expect_status(130)
        expect(run.out == 'configmap/second\n' * 2, 'The names', run)
        self.get('cm', 'nobody', '-n', self.namespace, '-w').expect_error('nobody')
        self.get('secrets', '-n', 'kube-system', '-w', kubeconfig='viewer').expect_error('secrets')


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('no test cluster: %s is not set' % ', '.join(missing))

    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS])
    cases = Cases(Cluster(), ctl)
    tap = Tap()
    try:
        cases.set_up()
        for name in sorted(name for name in dir(cases) if name.startswith('test_') and not name.startswith('test_kind')):
            tap.case(name[5:].replace('_', ' '), getattr(cases, name))
        for kind in cases.kinds():
            if 'list' in kind['verbs']:
                name = kind['name'] + ('.' + kind['group'] if kind['group'] else '')
                tap.case('kind ' + name, cases.test_kind, name)
                # The values of Secrets are masked here.
                if name != 'secrets':
                    tap.case('forms of kind ' + name, cases.test_kind_forms, name, kind['namespaced'])
        return tap.finish()
    finally:
        cases.tear_down()
        ctl.close()


if __name__ == '__main__':
    sys.exit(main())
