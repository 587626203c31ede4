#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hackystackctl without a cluster: usage, kubeconfigs that cannot be used, values that cannot work."""
import json
import os
import shutil
import sys

from ctl import Ctl, read_values, write_values
from tap import Tap, expect

VALUES = {
    'namespace': 'hackystack', 'host': 'hackystack.local', 'image': 'hackystack:v1', 'replicas': 2,
    'nextauthUrl': 'https://hackystack.local', 'nextauthSecret': 'q0WqZ2n8Vb4yT6mK1xR9cE5uH7jL3pS0aD2fG4hJ6kA=',
    'githubClientId': 'Ov23liAbCdEfGhIjKlMn', 'githubClientSecret': '0f1e2d3c4b5a69788796a5b4c3d2e1f001234567',
    'databaseUrl': 'postgresql://hacky:Zx81Spectrum48k@db.example.com:5432/hackystack',
}
KUBECONFIG = {
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'one',
    'clusters': [{'name': 'here', 'cluster': {'server': 'https://127.0.0.1:1'}}],
    'users': [{'name': 'me', 'user': {'token': 'tok-5u8x-a-token-of-a-test'}}],
    'contexts': [{'name': 'one', 'context': {'cluster': 'here', 'user': 'me', 'namespace': 'shop'}},
                 {'name': 'two', 'context': {'cluster': 'here', 'user': 'me'}},
                 {'name': 'broken', 'context': {'cluster': 'gone', 'user': 'me'}}],
}
# A wrong value each, and what the complaint has to name.
WRONG = {
    'namespace': 'Not_A_Name', 'host': 'https://hackystack.local/', 'image': 'hacky stack', 'replicas': -1,
    'nextauthUrl': 'hackystack.local', 'nextauthSecret': VALUES['nextauthSecret'] + ' ',
    'githubClientSecret': "'%s'" % VALUES['githubClientSecret'],
    'databaseUrl': 'mysql://hacky:Zx81Spectrum48k@db.example.com/hackystack', 'ingressClass': 'Not A Class',
    'tls': 'perhaps', 'pullPolicy': 'always', 'migrationImage': 'not an image',
}
USAGE = [
    [], ['frobnicate'], ['--frobnicate'], ['deploy', '--frobnicate'], ['deploy', 'operand', '--yes'],
    ['--tail', '5', 'logs'], ['logs', '--tail', 'many'], ['logs', '--tail', '-2'], ['logs', 'one', 'two'],
    ['logs', '--since', '5 minutes'], ['logs', '--since', '5m', '--since-time', '2024-05-01T12:00:00Z'],
    ['logs', '--since-time', 'yesterday'], ['logs', '-c', 'one', '--all-containers'], ['logs', 'pod', '-l', 'app=web'],
    ['logs', '-f', '-p'], ['logs', '--limit-bytes', '-1'], ['logs', '--max-log-requests', '0'],
    ['logs', '--json'], ['deploy', '--timeout', '-1', '--yes'], ['deploy', '--timeout', 'soon'], ['deploy', '--values'],
    ['status', '--context', ''], ['-n', '', 'status'], ['contexts', '--values', 'x'], ['status', '-f'],
    ['contexts', 'one'], ['contexts', 'use'], ['contexts', 'use', ''], ['contexts', 'use', 'one', 'two'],
    ['contexts', 'use', 'one', '--check'], ['export'], ['export', 'one', 'two'], ['certificate', 'one'],
    ['certificate', '--ca', ''], ['deploy', '--with-secrets'],
    ['deploy'], ['deploy', '--values', '-'], ['config'], ['config', 'export'], ['config', 'import'],
    ['config', 'import', '.env'], ['check', '--database'], ['profiles'], ['profiles', 'list', 'x'],
    ['profiles', 'create'], ['profiles', 'delete', 'x'], ['profiles', 'rename', 'x'], ['profiles', 'use', 'a', 'b'],
]
ENV_FILE = """\
# as a developer has it
DATABASE_URL="postgresql://hacky:Zx81Spectrum48k@localhost:5432/hackystack"
export AUTH_SECRET='q3Jd9vX0mWf7uYc2LkPzRt8sNbHa5oGeEi1TjQxC4wZU'
NODE_ENV=development
SMTP_HOST=mail.example.org # a comment
SMTP_PASSWORD=Zx81Spectrum48k
no variable
"""


def test_usage(ctl, arguments):
    ctl.run(*arguments).expect_error(status=2)


def test_help(ctl):
    run = ctl.run('--help').expect_status(0)
    run.expect_out('Usage: hackystackctl', 'contexts', 'deploy', 'status', 'logs', 'check', '--kubeconfig')
    for verb in ('contexts', 'profiles', 'config', 'deploy', 'status', 'logs', 'check', 'certificate', 'export'):
        for arguments in ([verb, '--help'], ['--help', verb], [verb, '-h', 'too', 'many', 'words']):
            run = ctl.run(*arguments).expect_status(0)
            run.expect_out('Usage: hackystackctl %s [OPTION…]' % verb, 'Exit status', 'Examples')
    ctl.run('--version').expect_status(0).expect_out('hackystackctl ')


def test_global_options(ctl, kubeconfig):
    for arguments in (['--kubeconfig', kubeconfig, '--json', 'contexts'],
                      ['contexts', '--json', '--kubeconfig=' + kubeconfig],
                      ['--json', 'contexts', '--kubeconfig', kubeconfig],
                      ['-v', '-n', 'x', '--kubeconfig=' + kubeconfig, 'contexts', '--json']):
        expect(ctl.run(*arguments).expect_status(0).document()['type'] == 'contexts', str(arguments))


def test_contexts(ctl, kubeconfig):
    document = ctl.run('contexts', '--kubeconfig', kubeconfig, '--json').expect_status(0).document()
    expect(document['current'] == 'one', str(document))
    expect([c['name'] for c in document['contexts']] == ['one', 'two', 'broken'], str(document))
    one, two, broken = document['contexts']
    expect(one['server'] == 'https://127.0.0.1:1' and one['namespace'] == 'shop' and one['current'], str(one))
    expect(one['problem'] is None and one['source'] == kubeconfig and one['user'] == 'me', str(one))
    expect(two['namespace'] == 'default' and not two['current'], str(two))
    expect('gone' in broken['problem'], str(broken))

    run = ctl.run('contexts', env={'KUBECONFIG': kubeconfig}).expect_status(0)
    lines = run.out.splitlines()
    expect(len(lines) == 4 and lines[0].split()[0] == 'NAME' and lines[1].startswith('*   one '), 'the table', run)
    expect('\033' not in run.out, 'There is colour in a pipe', run)


def test_use_context(ctl, directory):
    first, second = os.path.join(directory, 'use-first'), os.path.join(directory, 'use-second')
    text = '# mine\nfuture: {a: 1} # kept\ncurrent-context: one # now\n'
    with open(first, 'w', encoding='utf-8') as stream:
        stream.write(text)
    with open(second, 'w', encoding='utf-8') as stream:
        json.dump(KUBECONFIG, stream)
    both = {'KUBECONFIG': '%s/none:%s:%s' % (directory, first, second)}
    ctl.run('contexts', 'use', 'two', env=both).expect_status(0).expect_out(first, '“two”')
    with open(first, encoding='utf-8') as stream:
        expect(stream.read() == text.replace('one # now', 'two # now'), 'more than the value was changed')
    expect(ctl.run('contexts', '--json', env=both).document()['current'] == 'two', 'the other context is not in use')

    document = ctl.run('contexts', 'use', 'broken', '--kubeconfig', second, '--json').expect_status(0).document()
    expect(document == {'type': 'context', 'name': 'broken', 'source': second}, str(document))
    with open(second, encoding='utf-8') as stream:
        expect(json.load(stream) == dict(KUBECONFIG, **{'current-context': 'broken'}), 'JSON has not stayed JSON')
    ctl.run('contexts', 'use', 'nowhere', '--kubeconfig', second).expect_error('nowhere', 'one, two, broken')
    open(second + '.lock', 'w', encoding='utf-8').close()
    ctl.run('contexts', 'use', 'one', '--kubeconfig', second).expect_error('another program', second + '.lock')
    os.remove(second + '.lock')


def test_insecure(ctl, directory):
    path = os.path.join(directory, 'insecure')
    cluster = {'server': 'https://127.0.0.1:1', 'insecure-skip-tls-verify': True}
    with open(path, 'w', encoding='utf-8') as stream:
        json.dump(dict(KUBECONFIG, clusters=[{'name': 'here', 'cluster': cluster}]), stream)
    run = ctl.run('get', 'pods', '--kubeconfig', path)
    run.expect_error('127.0.0.1')
    expect('warning: the context “one” switches the check of the server’s certificate off' in run.err, 'the warning', run)


def test_no_kubeconfig(ctl, values):
    for arguments in (['contexts'], ['status'], ['logs'], ['deploy', '--yes', '--values', values]):
        ctl.run(*arguments).expect_error('kubeconfig', '.kube/config')
    missing = ctl.path('missing.yaml')
    ctl.run('--kubeconfig', missing, 'status').expect_error('missing.yaml')


def test_bad_kubeconfig(ctl, values, path, words):
    for arguments in (['contexts'], ['status'], ['logs'], ['deploy', '--yes', '--values', values]):
        ctl.run('--kubeconfig', path, *arguments).expect_error(*words)


def test_unknown_context(ctl, kubeconfig, values):
    for arguments in (['status'], ['logs'], ['deploy', '--yes', '--values', values]):
        ctl.run('--kubeconfig', kubeconfig, '--context', 'nowhere', *arguments).expect_error('nowhere', 'one', 'two')
    ctl.run('--kubeconfig', kubeconfig, '--context', 'broken', 'status').expect_error('broken')


def test_json_error(ctl, kubeconfig):
    run = ctl.run('--kubeconfig', kubeconfig, '--context', 'nowhere', 'status', '--json').expect_error('nowhere')
    events = run.events()
    expect(len(events) == 1 and events[0]['type'] == 'error' and events[0]['code'] == 'kubeconfig', 'the event', run)
    expect('error: ' + events[0]['message'] in run.err, 'the two messages differ', run)


def test_unreachable(ctl, kubeconfig, values):
    for arguments in (['status'], ['logs'], ['deploy', '--yes', '--values', values]):
        ctl.run('--kubeconfig', kubeconfig, *arguments).expect_error('https://127.0.0.1:1')


def test_wrong_value(ctl, kubeconfig, key, value):
    path = write_values(ctl.path('wrong.yaml'), {**VALUES, key: value})
    run = ctl.run('--kubeconfig', kubeconfig, 'deploy', '--yes', '--values', path)
    run.expect_error('Nothing was sent', key)
    expect('problem: %s: ' % key in run.err, 'The problem is not told', run)

    run = ctl.run('check', '--values', path, '--json').expect_status(4)
    findings = [f for f in run.document()['findings'] if f['severity'] == 'error']
    expect([f['field'] for f in findings] == [key] and findings[0]['message'], 'the findings', run)
    ctl.run('check', '--values', path).expect_status(4).expect_out('problem: %s: ' % key, 'Problems: 1,')


def test_odd_value(ctl):
    """What looks odd is told by check, but does not stop a deployment."""
    path = write_values(ctl.path('odd.yaml'), {**VALUES, 'nextauthSecret': 'short1'})
    findings = ctl.run('check', '--values', path, '--json').expect_status(4).document()['findings']
    expect([(f['field'], f['severity'], f['fix']) for f in findings] == [('nextauthSecret', 'warning', None)],
           str(findings))
    ctl.run('check', '--values', path).expect_status(4).expect_out('warning: nextauthSecret: ', 'Problems: 0, ')


def test_missing_values(ctl, kubeconfig):
    keys = ['nextauthSecret', 'githubClientId', 'githubClientSecret', 'databaseUrl']
    ctl.run('--kubeconfig', kubeconfig, 'deploy', '--yes').expect_error(*keys, '--values')
    run = ctl.run('--kubeconfig', kubeconfig, 'deploy', '--yes',
                  env={'HACKYSTACK_DATABASE_URL': VALUES['databaseUrl'], 'GITHUB_CLIENT_ID': 'not-for-us'})
    run.expect_error(*keys[:3])
    expect('databaseUrl' not in run.err, 'The environment is not read', run)
    findings = ctl.run('check', '--json').expect_status(4).document()['findings']
    expect({f['field'] for f in findings if f['severity'] == 'error'} == set(keys), str(findings))


def test_bad_values_file(ctl, kubeconfig):
    texts = {'unknown.yaml': ('nextAuthSecret: %s\n' % VALUES['nextauthSecret'], ['nextAuthSecret', 'nextauthSecret']),
             'list.yaml': ('- a\n- b\n', ['settings']), 'syntax.yaml': ('host: [a\n', ['line']),
             'number.yaml': ('host: 5\n', ['host']), 'binary.yaml': ('\0\1\2', ['binary.yaml']),
             'twice.yaml': ('host: a\nhost: b\n', ['host']), 'large.yaml': ('host: x\n' * 1500000, ['1 MiB'])}
    for name, (text, words) in texts.items():
        with open(ctl.path(name), 'w', encoding='utf-8') as stream:
            stream.write(text)
        for arguments in (['check'], ['--kubeconfig', kubeconfig, 'deploy', '--yes']):
            ctl.run(*arguments, '--values', ctl.path(name)).expect_error(name, *words)
    ctl.run('check', '--values', ctl.path('none.yaml')).expect_error('none.yaml', 'No such file')
    ctl.run('check', '--values', ctl.home).expect_error('directory')


def test_check(ctl, values):
    run = ctl.run('check', '--values', values).expect_status(0)
    document = ctl.run('check', '--values', values, '--json', '--profile', 'other').expect_status(0).document()
    expect(document['type'] == 'check' and document['profile'] == 'other', str(document))
    expect(all(f['severity'] == 'hint' for f in document['findings']), str(document))
    with open(values, encoding='utf-8') as stream:
        again = ctl.run('check', '--values', '-', input=stream.read()).expect_status(0)
    expect(run.out == again.out, 'Standard input reads otherwise than a file', again)


def test_environment(ctl, values):
    """The environment counts over the values file, and -n over both."""
    run = ctl.run('check', '--values', values, env={'HACKYSTACK_NEXTAUTH_SECRET': 'short1'}).expect_status(4)
    run.expect_out('nextauthSecret')
    run = ctl.run('check', '--values', values, '-n', 'Not_A_Name').expect_status(4)
    run.expect_out('problem: namespace: ')
    ctl.run('check', '--profile', '../up').expect_error('profile')


def test_import(ctl):
    """A .env file: names are shown, never values, and nothing is taken without a word."""
    path = ctl.path('some.env')
    with open(path, 'w', encoding='utf-8') as stream:
        stream.write(ENV_FILE)
    run = ctl.run('config', 'import', path, '--yes', '--profile', 'imported').expect_status(0)
    run.expect_out('databaseUrl', 'nextauthSecret', 'SMTP_PASSWORD', 'not taken.', 'Variables taken into profile imported: 3.')
    expect('Line 7 of the file' in run.err and 'host.minikube.internal' in run.err, 'remarks', run)
    with open(os.path.join(ctl.home, 'data', 'hackystack', 'profiles', 'imported.json'), encoding='utf-8') as stream:
        profile = json.load(stream)
    expect(profile['extra'] == {'SMTP_HOST': 'mail.example.org'}, str(profile))
    document = ctl.run('config', 'import', path, 'SMTP_HOST', '--yes', '--json', '--profile', 'imported').expect_status(0).document()
    expect(document['type'] == 'configImport', str(document))
    expect([v['name'] for v in document['variables'] if v['taken']] == ['SMTP_HOST'], str(document))
    ctl.run('config', 'import', path, 'SMTP_PORT', '--yes', '--profile', 'imported').expect_error('SMTP_PORT is not in the file')
    ctl.run('config', 'import', path, 'NODE_ENV', '--yes', '--profile', 'imported').expect_error('NODE_ENV cannot be taken')
    # What counts for one run only is not remembered by the way.
    lent = {'HACKYSTACK_NEXTAUTH_URL': 'https://lent.example.org'}
    ctl.run('config', 'import', path, '--yes', '--profile', 'lent', '-n', 'lent', env=lent).expect_status(0)
    with open(os.path.join(ctl.home, 'data', 'hackystack', 'profiles', 'lent.json'), encoding='utf-8') as stream:
        values = json.load(stream)['values']
    expect(values['namespace'] == 'hackystack' and values['nextauthUrl'] == 'https://hackystack.local', str(values))
    ctl.run('config', 'import', ctl.path('none.env'), '--yes').expect_error('none.env', 'No such file')
    with open(path, 'wb') as stream:
        stream.write('A=é'.encode('utf-16'))
    ctl.run('config', 'import', path, '--yes').expect_error('UTF-16')
    shutil.rmtree(os.path.join(ctl.home, 'data', 'hackystack'))
    os.unlink(path)


def test_profiles(ctl, values):
    """Several sets of answers, and which one counts when none is named."""
    def names():
        document = ctl.run('profiles', 'list', '--json').expect_status(0).document()
        return document['current'], [profile['name'] for profile in document['profiles']]

    expect(names() == ('default', ['default']), str(names()))
    ctl.run('profiles', 'create', 'staging', '--context', 'two', '-n', 'shop').expect_status(0)
    ctl.run('profiles', 'create', 'local').expect_status(0)
    ctl.run('profiles', 'create', 'local').expect_error('already')
    ctl.run('profiles', 'create', '../up').expect_error('profile')
    ctl.run('profiles', 'list').expect_status(0).expect_out('* default', '  local', '  staging')
    ctl.run('profiles', 'use', 'staging').expect_status(0)
    ctl.run('profiles', 'use', 'nobody').expect_error('no profile')
    expect(names() == ('staging', ['default', 'local', 'staging']), str(names()))
    with open(os.path.join(ctl.home, 'data', 'hackystack', 'profiles', 'staging.json'), encoding='utf-8') as stream:
        profile = json.load(stream)
    expect(profile['context'] == 'two' and profile['values']['namespace'] == 'shop', str(profile))
    document = ctl.run('check', '--values', values, '--json').expect_status(0).document()
    expect(document['profile'] == 'staging', str(document))
    document = ctl.run('check', '--values', values, '--json', '--profile', 'local').expect_status(0).document()
    expect(document['profile'] == 'local', str(document))
    ctl.run('profiles', 'delete', 'nobody', '--yes').expect_error('no profile')
    ctl.run('profiles', 'delete', 'staging', '--yes').expect_status(0)
    expect(names() == ('default', ['default', 'local']), str(names()))
    shutil.rmtree(os.path.join(ctl.home, 'data', 'hackystack'))


def test_nothing_written(ctl):
    expect(ctl.files() == [], 'Files were written: ' + ' '.join(ctl.files()))


def main():
    secrets = [VALUES[key] for key in ('nextauthSecret', 'githubClientSecret', 'databaseUrl')]
    ctl = Ctl(sys.argv[1], secrets + [KUBECONFIG['users'][0]['user']['token']])
    tap = Tap()
    values = write_values(ctl.path('values.yaml'), VALUES)
    kubeconfig = ctl.path('kubeconfig')
    with open(kubeconfig, 'w', encoding='utf-8') as stream:
        json.dump(KUBECONFIG, stream)
    bad = {'empty': (b'', ['empty']), 'binary': (b'\x7fELF\0\1\2\3' * 100, ['kubeconfig']),
           'large': (b'# a comment that goes on\n' * 420000, ['large']),
           'syntax': (b'clusters: [\nusers: }', ['line']), 'list': (b'- a\n- b\n', ['kubeconfig'])}
    assert read_values(values)['host'] == VALUES['host']

    for arguments in USAGE:
        tap.case('usage: ' + ' '.join(arguments), test_usage, ctl, arguments)
    tap.case('help', test_help, ctl)
    tap.case('global options before and after the verb', test_global_options, ctl, kubeconfig)
    tap.case('contexts', test_contexts, ctl, kubeconfig)
    tap.case('use another context', test_use_context, ctl, os.path.dirname(kubeconfig))
    tap.case('an insecure context', test_insecure, ctl, os.path.dirname(kubeconfig))
    tap.case('no kubeconfig', test_no_kubeconfig, ctl, values)
    for name, (data, words) in bad.items():
        with open(ctl.path(name + '.kubeconfig'), 'wb') as stream:
            stream.write(data)
        tap.case('kubeconfig: ' + name, test_bad_kubeconfig, ctl, values, stream.name, words + [name + '.kubeconfig'])
    tap.case('unknown context', test_unknown_context, ctl, kubeconfig, values)
    tap.case('errors as JSON', test_json_error, ctl, kubeconfig)
    tap.case('unreachable', test_unreachable, ctl, kubeconfig, values)
    for key, value in WRONG.items():
        tap.case('wrong value: ' + key, test_wrong_value, ctl, kubeconfig, key, value)
    tap.case('odd value', test_odd_value, ctl)
    tap.case('missing values', test_missing_values, ctl, kubeconfig)
    tap.case('values files that cannot be used', test_bad_values_file, ctl, kubeconfig)
    tap.case('check', test_check, ctl, values)
    tap.case('environment', test_environment, ctl, values)
    tap.case('import of a .env file', test_import, ctl)
    tap.case('profiles', test_profiles, ctl, values)
    tap.case('nothing was written', test_nothing_written, ctl)
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
