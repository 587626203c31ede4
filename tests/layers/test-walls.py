#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer can include what lies below it, and an upward or sideways include does not compile."""
import json
import os
import shlex
import subprocess
import sys

BELOW = {
    'base': (),
    'kube': ('base',),
    'vault': ('base',),
    'stack': ('base', 'kube', 'vault'),
    'cli': ('base', 'kube', 'vault', 'stack'),
    'ui/widgets': ('base', 'kube', 'vault', 'stack'),
    'ui/deployment': ('base', 'kube', 'vault', 'stack', 'ui/widgets'),
    'ui/inspector': ('base', 'kube', 'vault', 'stack', 'ui/widgets'),
}
WITHOUT_GTK = ('base', 'kube', 'vault', 'stack', 'cli')


def flags_of(build, layer):
    """The compiler and the include paths that Meson gives to the layer's first file."""
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as stream:
        commands = json.load(stream)
    for entry in commands:
        path = os.path.normpath(os.path.join(build, entry['file']))
        if '/src/%s/' % layer in path:
            words = shlex.split(entry['command'])
            compiler = words[:2] if os.path.basename(words[0]) == 'ccache' else words[:1]
            return compiler + [word for word in words if word.startswith(('-I', '-isystem', '-D', '-std'))]
    return None


def compiles(build, flags, header):
    result = subprocess.run([*flags, '-x', 'c', '-fsyntax-only', '-'], input='#include %s\n' % header, text=True,
                            cwd=build, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return result.returncode == 0


def first_header(source, layer):
    names = sorted(name for _folder, _folders, names in os.walk(os.path.join(source, 'src', layer)) for name in names
                   if name.endswith('.h') and not name.endswith('-private.h'))
    return '"%s"' % names[0]


def main():
    build, source = sys.argv[1:3]
    cases = []
    for layer, below in BELOW.items():
        flags = flags_of(build, layer)
        if flags is None:
            continue
        for other in BELOW:
            if other != layer:
                cases.append((layer, flags, first_header(source, other), other in below))
        if layer in WITHOUT_GTK:
            cases.append((layer, flags, '<gtk/gtk.h>', False))
    print('1..%d' % len(cases))
    for number, (layer, flags, header, allowed) in enumerate(cases, 1):
        result = compiles(build, flags, header) == allowed
        print('%s %d - %s %s include %s' % ('ok' if result else 'not ok', number, layer,
                                           'can' if allowed else 'cannot', header))


main()
