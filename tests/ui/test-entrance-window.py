#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How browsers come to the app, as the window tells it: the address, and the certificate to trust.

Usage: with-desktop.sh test-entrance-window.py PROGRAM
Needs a cluster with an Ingress controller, as test-window.py does. There are no pods.
"""
import os
import re
import subprocess
import sys

from desktop import Tap, Window, leave, visible

PROGRAM = sys.argv[1]
KUBECONFIGS = os.environ.get('HACKYSTACK_TEST_KUBECONFIGS')
CLUSTER = os.environ.get('HACKYSTACK_TEST_CLUSTER')
NAMESPACE = 'ui-test-entrance-%d' % os.getpid()
HOST = NAMESPACE + '.local'
HOME = os.environ['HOME']
TITLE = 'Address and certificate'
ADDRESS = '{.status.loadBalancer.ingress[0].ip}'


def kubectl(*arguments):
    return subprocess.run([CLUSTER, 'kubectl', '-n', NAMESPACE, *arguments], text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def make_authority():
    """The fingerprint of a new one, and its file."""
    path = os.path.join(HOME, 'authority.crt')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
                    '-subj', '/CN=An authority of the tests', '-keyout', os.devnull, '-out', path], check=True,
                   stderr=subprocess.DEVNULL)
    said = subprocess.run(['openssl', 'x509', '-in', path, '-noout', '-fingerprint', '-sha256'], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    return said.strip().split('=')[1], path


def open_window():
    path = os.path.join(KUBECONFIGS, 'admin')
    window = Window(PROGRAM, '--kubeconfig', path if os.path.exists(path) else path + '.kubeconfig')
    window.label('connected · Kubernetes v1')
    window.type('Namespace', NAMESPACE)
    return window


def show(window):
    window.click('Actions')
    window.click('Address and certificate…', 'menu item')


def in_window(function):
    def case():
        window = open_window()
        try:
            function(window)
            leave(window)
        finally:
            window.kill()
    case.__name__ = function.__name__
    return case


@in_window
def no_ingress(window):
    kubectl('create', 'namespace', NAMESPACE)
    kubectl('create', 'deployment', 'hackystack-app', '--image=none', '--replicas=0')
    show(window)
    window.label('^No browser can come to the app: the namespace %s has no Ingress' % NAMESPACE)
    window.key('Escape', dialog=TITLE)
    window.gone('label', re.compile('^No browser can come'), visible, timeout=30)


@in_window
def address_and_certificate(window):
    fingerprint, path = make_authority()
    kubectl('create', 'secret', 'generic', 'hackystack-tls', '--from-file=ca.crt=' + path)
    kubectl('create', 'ingress', 'hackystack-ingress', '--class=test',
            '--rule=%s/*=hackystack-service:80,tls=hackystack-tls' % HOST)
    kubectl('wait', 'ingress/hackystack-ingress', '--for=jsonpath=' + ADDRESS, '--timeout=60s')
    address = kubectl('get', 'ingress', 'hackystack-ingress', '-o', 'jsonpath=' + ADDRESS)
    show(window)
    window.label('^This computer does not know %s$' % HOST, timeout=60)
    window.label('^The app is served at %s. Tell this computer once' % re.escape(address))
    window.label(re.escape("echo '%s %s' | sudo tee -a /etc/hosts" % (address, HOST)))
    window.label('^%s$' % fingerprint)
    window.find('button', re.compile('^Open https://%s' % HOST), visible)
    assert not [l for l in window.labels() if 'update-ca-certificates' in l], 'there is nothing to trust yet'

    saved = os.path.join(HOME, 'it is saved.crt')
    window.press('Save the authority’s certificate…')
    window.choose_path('Save the authority’s certificate', saved, 'Save')
    window.label(re.escape("sudo cp '%s' /usr/local/share/ca-certificates/hackystack.crt" % saved))
    window.label(re.escape("sudo trust anchor '%s'" % saved))
    window.label('^It is in %s' % saved)
    with open(saved, encoding='ascii') as file, open(path, encoding='ascii') as other:
        assert file.read() == other.read()
    window.key('Escape', dialog=TITLE)
    window.gone('label', fingerprint, visible, timeout=30)


def main():
    tap = Tap()
    for case in (no_ingress, address_and_certificate):
        name = case.__name__.replace('_', ' ')
        if KUBECONFIGS and CLUSTER:
            tap.check(name, case)
        else:
            tap.skip(name, 'HACKYSTACK_TEST_KUBECONFIGS and _CLUSTER are not set')
    if KUBECONFIGS and CLUSTER:
        subprocess.run([CLUSTER, 'kubectl', 'delete', 'namespace', NAMESPACE, '--wait=false', '--ignore-not-found'],
                       stdout=subprocess.DEVNULL)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
