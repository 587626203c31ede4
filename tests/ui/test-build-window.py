#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image from a folder, in the window: live output, the answer in the form, a failure, cancelling.

Usage: with-desktop.sh test-build-window.py PROGRAM
Needs no cluster: a stand-in for Minikube does what the test tells it.
"""
import json
import os
import re
import subprocess
import sys
import time

from desktop import Atspi, Tap, Window, text_of, visible

PROGRAM = sys.argv[1]
FOLDER = os.environ['HOME']
KUBECONFIG = {
    'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'lab',
    'clusters': [{'name': 'lab', 'cluster': {'server': 'https://127.0.0.1:1', 'extensions': [
        {'name': 'cluster_info', 'extension': {'provider': 'minikube.sigs.k8s.io'}}]}},
        {'name': 'far', 'cluster': {'server': 'https://127.0.0.1:1'}}],
    'contexts': [{'name': name, 'context': {'cluster': name}} for name in ('lab', 'far')],
}
MINIKUBE = """#!/bin/sh
state=%s
case "$*" in
  *' image build '*) name=$7; . $state/build ;;
  *' image tag '*) echo "$6" >>$state/node ;;
  *' image ls '*) printf '[{"id":"sha256:4f0c1d2e3b5a69788796a5b4c3d2e1f0","repoTags":["none:1"'
    while read -r known; do printf ',"docker.io/library/%%s"' "$known"; done <$state/node
    echo ']}]' ;;
esac
"""
STEPS = """printf '\\033[1mStep 1/2 : FROM node:22-alpine\\033[0m\\n'
echo 'Step 2/2 : RUN npm run build'
echo '   Creating an optimized production build ...'
"""
DONE = STEPS + 'echo "Successfully tagged $name"\necho "$name" >>$state/node\n'
FAILED = STEPS + "echo 'npm ERR! Missing script: \"build\"'\n"
WAITING = STEPS + 'echo $$ >$state/child\nsleep 1000\n'


def path(*names):
    return os.path.join(FOLDER, *names)


def write(name, text, mode=0o644):
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    with open(path(name), 'w', encoding='utf-8') as stream:
        stream.write(text)
    os.chmod(path(name), mode)


def prepare():
    write('config', json.dumps(KUBECONFIG))
    write('tools/minikube', MINIKUBE % path('state'), 0o755)
    write('state/node', '')
    write('hacky-stack/Dockerfile', 'FROM node:22-alpine\n')


def open_window(context='lab'):
    write('config', json.dumps({**KUBECONFIG, 'current-context': context}))
    return Window(PROGRAM, '--kubeconfig', path('config'),
                  environment={'PATH': '%s:/usr/bin:/bin' % path('tools'), 'SHELL': '/bin/false'})


def unfold(window):
    """The row that holds the questions of a build, by the mouse: GTK 4.8 offers no action to unfold it."""
    label = window.find('label', 'Build it from a folder', visible)
    place = label.get_component_iface().get_extents(Atspi.CoordType.WINDOW)
    subprocess.check_call(['xdotool', 'mousemove', '--window', window.identify(), str(place.x + place.width // 2),
                           str(place.y + place.height), 'click', '1'])
    window.find('label', 'Folder with the Dockerfile', lambda n: n.get_component_iface().get_extents(
        Atspi.CoordType.WINDOW).height > 1)


def start(window, body, folder='hacky-stack'):
    write('state/build', body)
    window.type('Folder with the Dockerfile', path(folder))
    window.click('Build')


def image(window):
    return text_of(window.field('Image'))


def leave(window):
    said = [l for l in window.messages().splitlines() if re.search('CRITICAL|WARNING|ERROR', l)]
    assert not said, '\n'.join(said)
    window.key('ctrl+w')
    status = window.wait(30)
    if re.search(r'SUMMARY: AddressSanitizer: 16384 byte\(s\) leaked in 1 allocation', window.messages()):
        return
    assert status == 0, 'it ended with %d: %s' % (status, window.messages()[-3000:])


def is_running(pid):
    try:
        with open('/proc/%d/stat' % pid, encoding='utf-8') as stream:
            return stream.read().rpartition(')')[2].split()[0] not in 'ZX'
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for_end():
    with open(path('state/child'), encoding='utf-8') as stream:
        pid = int(stream.read())
    end = time.monotonic() + 30
    while is_running(pid):
        assert time.monotonic() < end, 'the build goes on'
        time.sleep(0.05)


def built():
    window = open_window()
    try:
        unfold(window)
        assert not window.enabled('Build'), 'it can be built from nowhere'
        start(window, DONE)
        window.label('^Built. The image is hackystack:4f0c1d2e3b5a now.$')
        assert image(window) == 'hackystack:4f0c1d2e3b5a', image(window)
        window.label('^Step 1/2 : FROM node:22-alpine$')
        window.label(r'^\$ minikube -p lab image build --all ')
        window.find('button', 'Copy the output', visible)
        leave(window)
    finally:
        window.kill()


def failed():
    window = open_window()
    try:
        before = image(window)
        unfold(window)
        start(window, FAILED)
        window.label('no node has it.*npm ERR! Missing script')
        start(window, DONE, 'state')
        window.label('holds no file called Dockerfile')
        assert image(window) == before, image(window)
        start(window, DONE)
        window.label('^Built. ')
        leave(window)
    finally:
        window.kill()


def cancelled():
    window = open_window()
    try:
        before = image(window)
        unfold(window)
        start(window, WAITING)
        window.label('Creating an optimized production build')
        window.label('^Building the image on the cluster$')
        window.click('Cancel')
        window.label('^The build was cancelled.$')
        wait_for_end()
        assert image(window) == before, image(window)
        window.find('button', 'Build', visible)
        leave(window)
    finally:
        window.kill()


def closed():
    """A window that is closed takes its build with it."""
    window = open_window()
    try:
        unfold(window)
        start(window, WAITING)
        window.label('Creating an optimized production build')
        leave(window)
        wait_for_end()
    finally:
        window.kill()


def not_minikube():
    window = open_window('far')
    try:
        unfold(window)
        window.label('push the image to a registry')
        window.type('Folder with the Dockerfile', path('hacky-stack'))
        assert not window.enabled('Build')
        leave(window)
    finally:
        window.kill()


def main():
    tap = Tap()
    prepare()
    for case in (built, failed, cancelled, closed, not_minikube):
        tap.check(case.__name__.replace('_', ' '), case)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
