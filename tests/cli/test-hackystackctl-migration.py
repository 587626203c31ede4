#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The migration before the app, on a real cluster and its database; tests/cluster/images/prisma.js stands in for Prisma."""
import json
import os
import subprocess
import sys

from ctl import Ctl, SECRET_KEYS, read_values, write_values
from tap import Skip, Tap, expect, skip_all

NEEDED = ('HACKYSTACK_TEST_KUBECONFIGS', 'HACKYSTACK_TEST_VALUES', 'HACKYSTACK_TEST_CLUSTER')
IMAGE = 'hackystack-migrate:latest'


class Cases:
    def __init__(self, ctl):
        self.ctl = ctl
        self.program = os.environ['HACKYSTACK_TEST_CLUSTER']
        self.kubeconfig = os.path.join(os.environ['HACKYSTACK_TEST_KUBECONFIGS'], 'admin')
        self.namespace = 'ctl-migration-%d' % os.getpid()
        self.schema = 'migration_%d' % os.getpid()
        host = self.namespace + '.hackystack.local'
        values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
        self.values = {**values, 'namespace': self.namespace, 'host': host, 'nextauthUrl': 'https://' + host, 'replicas': 2,
                       'migrationImage': IMAGE, 'databaseUrl': self.in_schema(values['databaseUrl'])}
        self.file = '/proc/%d/fd/%d' % (os.getpid(), os.memfd_create('values'))

    def in_schema(self, url):
        return url + ('&' if '?' in url else '?') + 'schema=' + self.schema

    def run(self, *arguments, **keywords):
        return self.ctl.run('--kubeconfig', self.kubeconfig, '-n', self.namespace, *arguments, **keywords)

    def deploy(self, *arguments, **changes):
        write_values(self.file, {**self.values, **changes})
        return self.run('deploy', '--values', self.file, '--yes', *arguments)

    def kubectl(self, *arguments, status=0):
        result = subprocess.run([self.program, 'kubectl', *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=180,
                                check=False)
        expect(result.returncode == status, 'kubectl %s: %s' % (' '.join(arguments), result.stderr))
        return result.stdout

    def get(self, name):
        return json.loads(self.kubectl('get', '-n', self.namespace, name, '-o', 'json'))

    def jobs(self):
        return sorted(self.get('jobs')['items'], key=lambda job: job['metadata']['creationTimestamp'])

    def ask_database(self, sql):
        return self.kubectl('exec', '-n', 'external-database', 'postgres-0', '--', 'psql', '-U', 'hacky', '-d', 'hackystack', '-qAt', '-c', sql)

    # --- in this order

    def test_nowhere(self):
        """An image that is nowhere ends the deployment before the app is touched."""
        run = self.deploy('--timeout', '120', migrationImage='nowhere.invalid/none:v1').expect_error('Job', 'app was not touched')
        expect('Deployment hackystack-app' in run.err.split('Not applied')[-1], 'The summary', run)
        self.kubectl('get', '-n', self.namespace, 'deployment/hackystack-app', status=1)

    def test_failure(self):
        """What the migration says is told, and that the app was not touched."""
        self.need_database()
        self.ask_database('CREATE SCHEMA %s; CREATE TABLE %s."User" (id int)' % (self.schema, self.schema))
        run = self.deploy().expect_error('Job hackystack-migration-', 'P3018', 'relation "User" already exists', 'app was not touched')
        expect('Deployment hackystack-app' in run.err.split('Not applied')[-1], 'The summary', run)
        self.kubectl('get', '-n', self.namespace, 'deployment/hackystack-app', status=1)
        expect('P3018' in self.kubectl('logs', '-n', self.namespace, 'job/' + self.jobs()[-1]['metadata']['name']), 'The log has gone')

    def test_success(self):
        """Mended, the same Job is tried again; the app comes after its end."""
        self.need_database()
        self.ask_database('DROP TABLE %s."User"' % self.schema)
        events = self.deploy('--json').expect_status(0).events()
        steps = [(event['title'], event['state']) for event in events if event['type'] == 'operation']
        job = next(index for index, (title, state) in enumerate(steps) if title.startswith('Job hackystack-migration') and state == 'done')
        app = next(index for index, (title, state) in enumerate(steps) if title == 'Deployment hackystack-app' and state == 'running')
        expect(job < app, str(steps))
        job = self.jobs()[-1]
        expect(job['status']['completionTime'] <= self.get('deployment/hackystack-app')['metadata']['creationTimestamp'], str(job['status']))
        expect('All migrations have been successfully applied' in self.kubectl(
            'logs', '-n', self.namespace, 'job/' + job['metadata']['name']), 'It did not work')
        self.expect_migrated()

    def test_again(self):
        """Unchanged it does not run again; with another setting it does, and finds nothing to do."""
        self.need_database()
        before = self.jobs()
        self.deploy().expect_status(0)
        expect([job['metadata']['uid'] for job in self.jobs()] == [job['metadata']['uid'] for job in before], 'It ran again')
        self.deploy(nextauthUrl=self.values['nextauthUrl'] + ':8443').expect_status(0)
        last = self.jobs()[-1]['metadata']['name']
        expect('No pending migrations' in self.kubectl('logs', '-n', self.namespace, 'job/' + last), 'It did not run')
        self.expect_migrated()

    def test_wrong_password(self):
        """A running app goes on as it was when the migration of the next version fails."""
        self.need_database()
        generation = self.get('deployment/hackystack-app')['metadata']['generation']
        url = self.values['databaseUrl'].replace('@', 'x@', 1)
        self.deploy(databaseUrl=url, image='hackystack:v2').expect_error('P1000', 'Authentication failed', 'app was not touched')
        expect(self.get('deployment/hackystack-app')['metadata']['generation'] == generation, 'The app was changed')

    def need_database(self):
        if 'HACKYSTACK_TEST_KUBECONFIG' in os.environ:
            raise Skip('the image and the database are those of the test cluster')

    def expect_migrated(self):
        rows = self.ask_database('SELECT migration_name FROM %s._prisma_migrations' % self.schema).split()
        expect(rows == ['20250101000000_init'], str(rows))

    def clean(self):
        self.kubectl('delete', 'namespace', self.namespace, '--wait=false', '--ignore-not-found')
        if 'HACKYSTACK_TEST_KUBECONFIG' not in os.environ:
            self.ask_database('SET client_min_messages = warning; DROP SCHEMA IF EXISTS %s CASCADE' % self.schema)


def main():
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        return skip_all('there is no test cluster: %s is not set' % missing[0])
    values = read_values(os.environ['HACKYSTACK_TEST_VALUES'])
    ctl = Ctl(sys.argv[1], [values.get(key) for key in SECRET_KEYS])
    cases = Cases(ctl)
    tap = Tap()
    for name in ('nowhere', 'failure', 'success', 'again', 'wrong_password'):
        tap.case('a migration: ' + name.replace('_', ' '), getattr(cases, 'test_' + name))
    cases.clean()
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
