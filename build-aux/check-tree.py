#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the rules of docs/architecture.md that the compiler cannot: sizes, includes, mirrors."""
import os
import re
import subprocess
import sys

LAYERS = ('base', 'kube', 'vault', 'stack', 'cli', 'ui')
ORDERED_LAYERS = ('kube', 'stack')
FORBIDDEN_NAMES = re.compile(r'(^|[-/])(util|utils|misc|common|helper|helpers|manager)\.[ch]$')
FORBIDDEN = (
    (re.compile(r'#include "[^"]*/'), 'a quoted include with a path: a layer sees only the layers below it'),
    (re.compile(r'G_TASK \(self\)'), 'the task is the result, not the object'),
    (re.compile(r'\b(system|popen|tmpnam|mktemp|strcpy|sprintf) \('), 'a function that is not safe'),
    (re.compile(r'\b(TODO|FIXME|XXX)\b'), 'something unfinished'),
)
CORE_FORBIDDEN = (
    (re.compile(r'#include <(gtk/gtk|adwaita)\.h>'), 'GTK below the window'),
)
UI_FORBIDDEN = (
    (re.compile(r'#include <(json-glib|libsoup)/'), 'JSON or HTTP in the window'),
    (re.compile(r'_sync \('), 'a call that blocks the main loop'),
)
# The order in which arguments are evaluated is the compiler's choice.
STOLEN_TASK = re.compile(r'\([^;{}]*g_task_get_\w+ \(task\)[^;{}]*g_steal_pointer \(&task\)')
LIMITS = {'.c': 900, '.h': 120, '.ui': 350}
FUNCTION_LIMIT = 80


def tracked(top):
    output = subprocess.check_output(['git', '-C', top, 'ls-files', '--cached', '--others', '--exclude-standard'], text=True)
    return [name for name in output.splitlines() if os.path.isfile(os.path.join(top, name))]


def rules_for(name):
    rules = list(FORBIDDEN)
    if name.startswith('src/ui/'):
        rules += UI_FORBIDDEN
    elif name.startswith('src/'):
        rules += CORE_FORBIDDEN
    return rules


def check_text(name, lines, problems):
    for number, line in enumerate(lines, 1):
        for pattern, why in rules_for(name):
            if pattern.search(line):
                problems.append('%s:%d: %s' % (name, number, why))


def check_stolen_tasks(name, lines, problems):
    text = '\n'.join(lines)
    for match in STOLEN_TASK.finditer(text):
        problems.append('%s:%d: the task is asked in the call that it is given away in' % (
            name, text.count('\n', 0, match.start()) + 1))


def check_size(name, lines, problems):
    limit = LIMITS.get(os.path.splitext(name)[1])
    if limit and len(lines) > limit:
        problems.append('%s: %d lines, the limit is %d' % (name, len(lines), limit))


def check_header(name, lines, problems):
    if not any('SPDX-License-Identifier: GPL-3.0-or-later' in line for line in lines[:5]):
        problems.append('%s: no SPDX line' % name)
    if name.endswith('.h') and not any(line.startswith('#pragma once') for line in lines):
        problems.append('%s: no #pragma once' % name)
    prefix = os.path.basename(name).split('-')[0].split('.')[0]
    parts = name.split('/')
    if parts[0] == 'src' and parts[1] in LAYERS and prefix not in (parts[1], 'main'):
        problems.append('%s: a file of this layer begins with %s-' % (name, parts[1]))


def check_private_headers(top, name, lines, problems):
    layer = name.split('/')[1]
    for number, line in enumerate(lines, 1):
        match = re.match(r'#include "([a-z]+)-[^"]*-private\.h"', line)
        if match and match.group(1) != layer:
            problems.append('%s:%d: a private header of another layer' % (name, number))


def check_folders(top, layer, names, problems):
    """The folders of a layer stand in its meson.build in their order: each uses only those before it."""
    root = 'src/%s/' % layer
    with open(os.path.join(top, root, 'meson.build'), encoding='utf-8') as stream:
        listed = re.search(r'%s_folders = \[(.*?)\]' % layer, stream.read(), re.S).group(1)
    order = re.findall(r"'([^']+)'", listed)
    folder_of = {os.path.basename(name): name.split('/')[2] for name in names if name.startswith(root)}
    for name in names:
        if not name.startswith(root):
            continue
        folder = name.split('/')[2]
        if folder not in order:
            problems.append('%s: belongs in a folder that %smeson.build lists' % (name, root))
            continue
        with open(os.path.join(top, name), encoding='utf-8') as stream:
            included = re.findall(r'#include "(%s-[^"]+)"' % layer, stream.read())
        for header in included:
            if order.index(folder_of.get(header, folder)) > order.index(folder):
                problems.append('%s: %s is in %s, which comes after %s' % (name, header, folder_of[header], folder))


def check_functions(top, names, problems):
    try:
        output = subprocess.run(['ctags', '--languages=C', '--kinds-C=f', '--fields=+ne', '-f', '-', '-L', '-'],
                                input='\n'.join(os.path.join(top, name) for name in names), text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        problems.append('ctags cannot be run: the lengths of functions were not checked')
        return
    for line in output.splitlines():
        start = re.search(r'\tline:(\d+)', line)
        end = re.search(r'\tend:(\d+)', line)
        if start and end and int(end.group(1)) - int(start.group(1)) >= FUNCTION_LIMIT:
            name, path = line.split('\t')[:2]
            problems.append('%s: %s has %d lines, the limit is %d' % (
                os.path.relpath(path, top), name, int(end.group(1)) - int(start.group(1)) + 1, FUNCTION_LIMIT))


def check_mirror(names, problems):
    """Every template has its class: data/ui mirrors src/ui."""
    sources = {name[len('src/ui/'):-2] for name in names if name.startswith('src/ui/') and name.endswith('.c')}
    for name in names:
        if name.startswith('data/ui/') and name.endswith('.ui') and name[len('data/ui/'):-3] not in sources:
            problems.append('%s: no class of that name in src/ui' % name)


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else '.'
    names = tracked(top)
    problems = []
    code = [name for name in names if re.match(r'(src|tests)/.*\.[ch]$', name)]
    for name in names:
        if re.search(r'\.(c|h|ui)$', name):
            with open(os.path.join(top, name), encoding='utf-8') as stream:
                lines = stream.read().splitlines()
            check_size(name, lines, problems)
            if name in code:
                check_text(name, lines, problems)
                check_stolen_tasks(name, lines, problems)
                check_header(name, lines, problems)
            if name.startswith('src/'):
                check_private_headers(top, name, lines, problems)
        if FORBIDDEN_NAMES.search(name):
            problems.append('%s: name the thing that it holds' % name)
    for layer in ORDERED_LAYERS:
        check_folders(top, layer, code, problems)
    check_functions(top, code, problems)
    check_mirror(names, problems)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
