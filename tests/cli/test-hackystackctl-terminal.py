#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hackystackctl on a terminal: its questions, what it hides, and how it leaves the terminal behind."""
import http.server
import json
import re
import signal
import sys
import threading

from ctl import Ctl, DEFECTS, forms_of
from tap import Tap, expect
from terminal import Terminal

CLIENT_ID = 'Ov23liAbCdEfGhIjKlMn'
CLIENT_SECRET = '0f1e2d3c4b5a69788796a5b4c3d2e1f001234567'
DATABASE_URL = 'postgresql://hacky:Zx81Spectrum48k@db.example.com:5432/hackystack'
WRONG_URL = 'mysql://hacky:Zx81Spectrum48k@db.example.com:5432/hackystack'


class ApiServer(http.server.BaseHTTPRequestHandler):
    """Answers as an API server that is there, and remembers what it was asked."""
    requests = []

    def answer(self):
        self.requests.append('%s %s' % (self.command, self.path))
        found = self.path.split('?')[0] == '/version'
        body = json.dumps({'major': '1', 'minor': '36', 'gitVersion': 'v1.36.3'} if found else
                          {'kind': 'Status', 'apiVersion': 'v1', 'status': 'Failure', 'reason': 'NotFound',
                           'code': 404, 'message': 'not found'}).encode()
        self.send_response(200 if found else 404)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PATCH(self):
        """A dry run is answered with what came; anything else has no business here."""
        body = self.rfile.read(int(self.headers['Content-Length']))
        if 'dryRun=All' not in self.path:
            self.answer()
            return
        self.requests.append('DRY-RUN ' + self.path)
        self.send_response(201)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *arguments):
        pass


class Case:
    def __init__(self, ctl, kubeconfig):
        self.ctl = ctl
        self.kubeconfig = kubeconfig

    def open(self, *arguments, env=None, columns=80):
        return Terminal(self.ctl.program, ['--kubeconfig', self.kubeconfig, *arguments],
                        self.ctl.environment(env), columns)

    def end(self, terminal, status):
        found = terminal.wait()
        expect(found == status, 'The exit status is %s, not %s:\n%s' % (found, status, terminal.screen))
        expect(terminal.is_as_before(), 'The terminal is not as it was before')
        for secret in (CLIENT_SECRET, DATABASE_URL):
            for form in forms_of(secret):
                expect(form not in terminal.screen, 'A secret is on the screen:\n' + terminal.screen)
        for defect in DEFECTS:
            expect(defect not in terminal.screen, 'A defect shows:\n' + terminal.screen)
        expect(self.ctl.files() == [], 'Files were written: ' + ' '.join(self.ctl.files()))
        expect(all(request.startswith(('GET ', 'DRY-RUN ')) for request in ApiServer.requests),
               'Something was changed: %s' % ApiServer.requests)
        terminal.close()

    def test_interview(self):
        terminal = self.open('deploy')
        terminal.see('NEXTAUTH_SECRET (is not shown; Enter alone makes a new one):')
        expect(not terminal.echoes(), 'What is typed is shown')
        terminal.type('\n')
        terminal.see('A new secret was made.')
        terminal.see('GITHUB_CLIENT_ID:')
        terminal.wait_for_echo(True)
        terminal.type(CLIENT_ID + '\n')
        terminal.see(CLIENT_ID)
        terminal.see('GITHUB_CLIENT_SECRET (is not shown):')
        expect(not terminal.echoes(), 'What is typed is shown')
        terminal.type('\n')
        terminal.see('The app does not start without it.')
        terminal.see('GITHUB_CLIENT_SECRET (is not shown):')
        terminal.type(CLIENT_SECRET + '\n')
        terminal.see('DATABASE_URL (is not shown):')
        terminal.type(WRONG_URL + '\n')
        terminal.see('problem')
        terminal.see('DATABASE_URL (is not shown):')
        terminal.type(DATABASE_URL + '\n')
        for text in ('http://127.0.0.1:', 'Namespace  hackystack', 'Image', 'https://hackystack.local', 'What will be',
                     '+ Namespace hackystack', '+ Ingress hackystack-ingress', ' to create.',
                     ' changes to context fake (server http://127.0.0.1:'):
            terminal.see(text)
        terminal.type('n\n')
        terminal.see('Cancelled. Nothing was sent to the cluster.')
        self.end(terminal, 130)

    def test_left(self, leave):
        """Whatever ends the question, the terminal shows again what is typed."""
        terminal = self.open('deploy')
        terminal.see('NEXTAUTH_SECRET (is not shown; Enter alone makes a new one):')
        terminal.wait_for_echo(False)
        terminal.type('half of a secr')
        leave(terminal)
        terminal.see('Cancelled. Nothing was sent to the cluster.')
        expect('half of' not in terminal.screen, 'What was typed is on the screen')
        self.end(terminal, 130)

    def test_end_of_file(self):
        terminal = self.open('deploy')
        terminal.see('NEXTAUTH_SECRET (is not shown; Enter alone makes a new one):')
        terminal.type('\x04')
        terminal.see('Cancelled.')
        self.end(terminal, 130)

    def test_suspend(self):
        """Ctrl+Z would leave a shell on a terminal that shows nothing, so it does nothing."""
        terminal = self.open('deploy')
        terminal.see('NEXTAUTH_SECRET (is not shown; Enter alone makes a new one):')
        terminal.type('\x1a\x1c')
        terminal.type('\x03')
        terminal.see('Cancelled.')
        self.end(terminal, 130)

    def test_colour(self, env, wanted):
        terminal = self.open('--context', 'nowhere', 'status', env=env)
        terminal.see('error:')
        self.end(terminal, 1)
        expect(bool(re.search('\033\\[[0-9;]*m', terminal.screen)) == wanted, repr(terminal.screen))


def main():
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), ApiServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ctl = Ctl(sys.argv[1], [])
    kubeconfig = ctl.path('kubeconfig')
    with open(kubeconfig, 'w', encoding='utf-8') as stream:
        json.dump({'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'fake',
                   'clusters': [{'name': 'fake', 'cluster': {'server': 'http://127.0.0.1:%d' % server.server_port}}],
                   'users': [{'name': 'fake', 'user': {}}],
                   'contexts': [{'name': 'fake', 'context': {'cluster': 'fake', 'user': 'fake'}}]}, stream)
    case = Case(ctl, kubeconfig)
    tap = Tap()
    tap.case('questions, answers, and no', case.test_interview)
    tap.case('Ctrl+C in a hidden question', case.test_left, lambda terminal: terminal.type('\x03'))
    tap.case('SIGINT in a hidden question', case.test_left, lambda terminal: terminal.signal(signal.SIGINT))
    tap.case('SIGTERM in a hidden question', case.test_left, lambda terminal: terminal.signal(signal.SIGTERM))
    tap.case('end of file', case.test_end_of_file)
    tap.case('Ctrl+Z', case.test_suspend)
    tap.case('colour', case.test_colour, {}, True)
    tap.case('NO_COLOR', case.test_colour, {'NO_COLOR': '1'}, False)
    tap.case('TERM=dumb', case.test_colour, {'TERM': 'dumb'}, False)
    server.shutdown()
    ctl.close()
    return tap.finish()


if __name__ == '__main__':
    sys.exit(main())
