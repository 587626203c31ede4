#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the pictures of docs/images: each page light and dark at 1100 × 720 and narrow at 360 × 720.

Usage: with-desktop.sh shots.py PROGRAM FOLDER [SCENE]...
Without a SCENE (start, pages, failing, history) it takes all of them.
Needs what test-window.py needs; without a cluster it takes the page of a first start only.
"""
import os
import re
import subprocess
import sys
import time

from desktop import Window, read_values, visible

PROGRAM, FOLDER = sys.argv[1], sys.argv[2]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
VALUES = os.environ.get('HACKYSTACK_TEST_VALUES')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
LOOKS = {
    '': ('prefer-light', 1100),
    '-dark': ('prefer-dark', 1100),
    '-narrow': ('prefer-light', 360),
}


def remember(width):
    """The size that the window is to have: GSettings in a file instead of dconf."""
    folder = os.path.join(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings')
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'keyfile'), 'w', encoding='utf-8') as file:
        file.write('[io/github/hackystack/Desktop]\nwidth=%d\nheight=720\n' % width)


def start(look, *arguments):
    scheme, width = LOOKS[look]
    remember(width)
    return Window(PROGRAM, *arguments, environment={
        'GSETTINGS_BACKEND': 'keyfile', 'ADW_DEBUG_COLOR_SCHEME': scheme})


def shoot(window, name, look):
    time.sleep(1)
    window.shoot(os.path.join(FOLDER, name + look + '.png'))


def shoot_screen(window, name, look):
    time.sleep(1)
    window.shoot_screen(os.path.join(FOLDER, name + look + '.png'))


def first_start(look):
    window = start(look)
    window.label('No cluster to work with yet')
    shoot(window, 'start', look)
    window.kill()


def with_cluster(look):
    path = os.path.join(KUBECONFIGS, 'admin')
    kubeconfig = path if os.path.exists(path) else path + '.kubeconfig'
    subprocess.run([CLUSTER, 'kubectl', 'delete', 'namespace', read_values(VALUES)['namespace'],
                    '--ignore-not-found'],
                   stdout=subprocess.DEVNULL)
    window = start(look, '--kubeconfig', kubeconfig, '--values', VALUES)
    window.label('connected · Kubernetes')
    shoot(window, 'form', look)
    window.page('Pods')
    window.label('No pods yet')
    shoot(window, 'no-pods', look)
    window.page('Deployment')
    window.deploy()
    window.label('of 2 pods', timeout=60)
    shoot(window, 'deploying', look)
    window.label('^Hacky Stack works$', timeout=180)
    shoot(window, 'deployed', look)
    plan(window, look)
    window.page('Pods')
    window.label('All 2 pods are well')
    shoot(window, 'pods', look)
    window.page('Logs')
    window.label('New lines appear')
    shoot(window, 'log', look)
    window.key('slash')
    window.type('Search text', 'health')
    time.sleep(0.5)
    window.key('Return')
    shoot(window, 'log-search', look)
    window.page('Deployment')
    window.kill()


def plan(window, look):
    """What another image and another host name would change."""
    window.click('Configure', 'page tab')
    window.type('Image', 'hackystack:v2')
    window.type('NEXTAUTH_URL', 'https://hacky.example')
    window.click('Review…')
    window.label('objects would change')
    shoot(window, 'plan', look)


def failing(look):
    path = os.path.join(KUBECONFIGS, 'admin')
    kubeconfig = path if os.path.exists(path) else path + '.kubeconfig'
    window = start(look, '--kubeconfig', kubeconfig, '--values', VALUES)
    window.label('connected · Kubernetes')
    window.type('Image', 'hackystack:v3-not-built')
    window.type('DATABASE_URL', 'postgres//wrong')
    window.click('1 answer to mend')
    shoot(window, 'form-error', look)
    window.type('DATABASE_URL', read_values(VALUES)['databaseUrl'])
    window.deploy()
    window.label('^Hacky Stack was not deployed$', timeout=120)
    shoot(window, 'failed', look)
    window.kill()


def history(look):
    """A broken image beside one that works: the failure, the way back, and what was deployed."""
    path = os.path.join(KUBECONFIGS, 'admin')
    kubeconfig = path if os.path.exists(path) else path + '.kubeconfig'
    subprocess.run([CLUSTER, 'kubectl', 'delete', 'namespace', read_values(VALUES)['namespace'],
                    '--ignore-not-found'],
                   stdout=subprocess.DEVNULL)
    window = start(look, '--kubeconfig', kubeconfig, '--values', VALUES)
    window.label('connected · Kubernetes')
    window.click('History', 'page tab')
    window.label('Nothing was deployed here yet')
    shoot(window, 'history-empty', look)
    window.click('Fill in the form')
    window.deploy()
    window.label('^Hacky Stack works$', timeout=180)
    window.click('Configure', 'page tab')
    window.type('Image', 'hackystack:v2')
    window.deploy()
    window.gone('label', re.compile('^Hacky Stack works$'), visible)
    window.label('^Hacky Stack works$', timeout=180)
    window.click('Configure', 'page tab')
    window.type('Image', 'hackystack:v3-not-built')
    window.type('NEXTAUTH_URL', 'https://hacky.example')
    window.deploy()
    window.label('^Hacky Stack was not deployed$', timeout=120)
    window.find('button', re.compile('^Undo: '), visible)
    shoot(window, 'failed-undo', look)
    window.click('Look')
    window.label('^All of it is kept in ')
    shoot(window, 'failed-look', look)
    window.click('History', 'page tab')
    window.label('Revision 3 was deployed last and failed')
    shoot(window, 'history', look)
    window.click('Restore this…')
    window.label('Back to revision 2', timeout=20)
    window.label('objects would change', timeout=20)
    shoot(window, 'undo', look)
    window.click('Restore revision 2')
    window.label('^Hacky Stack works$', timeout=180)
    dialogs(window, look)
    window.kill()


def dialogs(window, look):
    window.click('Actions')
    window.find('menu item', 'Restart the pods', timeout=20)
    shoot_screen(window, 'actions', look)
    window.click('Number of pods…', 'menu item')
    window.label('How many pods')
    shoot_screen(window, 'scale', look)
    window.press('Cancel')
    window.gone('label', re.compile('How many pods'), visible)
    window.click('Actions')
    window.click('Reset…', 'menu item')
    window.label('^Namespace ')
    window.type(re.compile('^Type the namespace’s name'), read_values(VALUES)['namespace'])
    shoot_screen(window, 'reset', look)


def main():
    scenes = {'start': first_start, 'pages': with_cluster, 'failing': failing, 'history': history}
    os.makedirs(FOLDER, exist_ok=True)
    for look in LOOKS:
        for name in sys.argv[3:] or scenes:
            if name == 'start' or (KUBECONFIGS and VALUES and CLUSTER):
                scenes[name](look)
    return 0


if __name__ == '__main__':
    sys.exit(main())
