#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the manual page of hackystackctl from what it says of itself.

Usage: man-page.py PROGRAM VERSION OUTPUT
"""
import os
import re
import subprocess
import sys

ENVIRONMENT = (
    ('KUBECONFIG', 'Kubeconfigs to read, separated by colons. The first that names a thing counts.'),
    ('HACKYSTACK_NEXTAUTH_URL, HACKYSTACK_NEXTAUTH_SECRET, HACKYSTACK_GITHUB_CLIENT_ID, '
     'HACKYSTACK_GITHUB_CLIENT_SECRET, HACKYSTACK_DATABASE_URL', 'Values of the app. They count over the values file.'),
    ('HACKYSTACK_DATA_DIR', 'Where the manifests are, if not where they were installed.'),
    ('NO_COLOR, TERM', 'Colours are left out if the first is set, or the second is "dumb".'),
)
FILES = (
    ('~/.kube/config', 'The kubeconfig if KUBECONFIG names none.'),
    ('$XDG_DATA_HOME/hackystack/profiles/', 'What deploy remembers, but for secrets, which are in the keyring.'),
    ('$XDG_CACHE_HOME/hackystack/discovery/', 'The kinds of objects that clusters have, for six hours.'),
)


def escape(text):
    text = text.replace('\\', '\\e').replace('-', '\\-')
    text = re.sub(r"(?m)^([.'])", r'\\&\1', text)
    return ''.join(c if c.isascii() else '\\[u%04X]' % ord(c) for c in text)


def ask(program, *arguments):
    environment = dict(os.environ, LC_ALL='C.UTF-8', NO_COLOR='1')
    return subprocess.run([program, *arguments, '--help'], env=environment, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def verbatim(text):
    return '.nf\n%s\n.fi\n' % escape(text.strip('\n'))


def terms(pairs):
    return ''.join('.TP\n.B %s\n%s\n' % (escape(name), escape(text)) for name, text in pairs)


def page(program, version):
    blocks = ask(program).split('\n\n')
    usage, description = blocks[0].partition('\n')[0], blocks[1] if len(blocks) > 1 else ''
    verbs = re.findall(r'(?m)^  ([a-z][a-z-]*)  +(.*)$', next(b for b in blocks if b.startswith('Verbs:')))
    rest = [b for b in blocks[2:] if not b.startswith(('Verbs:', '"hackystackctl VERB'))]
    out = ['.TH HACKYSTACKCTL 1 "" "hackystackctl %s" "User Commands"\n' % escape(version)]
    out.append('.SH NAME\nhackystackctl \\- deploy and inspect the web app Hacky Stack on Kubernetes\n')
    out.append('.SH SYNOPSIS\n%s\n' % escape(usage.partition(': ')[2]))
    out.append('.SH DESCRIPTION\n%s\n' % escape(description))
    for block in rest:
        title, _, body = block.partition('\n')
        out.append('.SH %s\n%s' % (escape(title.rstrip(':').upper()), verbatim(body)))
    out.append('.SH VERBS\n')
    for verb, _ in verbs:
        text = ask(program, verb)
        first, *parts = [b for b in text.split('\n\n') if not b.startswith('Options of every verb')]
        out.append('.SS %s\n%s' % (escape(first.partition(': ')[2]), verbatim('\n\n'.join(parts))))
    out.append('.SH ENVIRONMENT\n' + terms(ENVIRONMENT))
    out.append('.SH FILES\n' + terms(FILES))
    out.append('.SH SEE ALSO\n.BR kubectl (1)\n')
    return ''.join(out)


def main():
    program, version, output = sys.argv[1:]
    with open(output, 'w', encoding='utf-8') as stream:
        stream.write(page(program, version))


if __name__ == '__main__':
    main()
