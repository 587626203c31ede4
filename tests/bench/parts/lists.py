# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of a few pods, and of many fake ones, against kubectl and curl.

What a long list is compared with is curl making the requests that ours makes, and throwing the
answers away: in one process and one connection, each when the one before it has been answered, as
nothing can be asked before it is known what for. They are learnt by watching ours make them, anew
in each round, since they name a moment that the server forgets. Of the namespaces that ours asks
side by side only the largest is asked, so that curl never does more, or in more steps, than ours.
Beside it stands the whole list in one request without metadata: less than what is shown, since
nothing in it tells the namespaces.
"""
import contextlib
import re
import urllib.parse

import request_recorder

GROUP = 'kube'
ACCEPT = 'Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json'
PART = re.compile(r'/api/v1/namespaces/[^/]+/pods')


def choose_requests(requests):
    """Leaves out what is asked for beside the namespace with the longest answers."""
    sizes = {}
    for path, _, size in requests:
        name = urllib.parse.urlsplit(path).path
        if PART.fullmatch(name):
            sizes[name] = sizes.get(name, 0) + size
    longest = max(sizes, key=sizes.get, default=None)
    names = [urllib.parse.urlsplit(path).path for path, _, _ in requests]
    return [request for request, name in zip(requests, names) if name not in sizes or name == longest]


def build_curl(bench, requests):
    """One curl that makes all of them, in turn."""
    command = []
    for path, accept, _ in requests:
        command += ['--next'] if command else []
        command += bench.curl(path, '-H', 'Accept: ' + accept)[0 if not command else 1:]
    return command


def list_many(bench, recorder, where, ours, ours_recorded):
    title = 'list %d pods%s' % (bench.pods, where)
    runs = max(8, bench.runs // 2)

    def build():
        return build_curl(bench, choose_requests(recorder.record(ours_recorded, bench.env)))

    print('%s: ours asks for' % title)
    for path, _, size in recorder.record(ours_recorded, bench.env):
        print('  %8d bytes  %s' % (size, re.sub('continue=[^&]+', 'continue=…', path)))
    bench.compare(title, ours, {'kubectl': [bench.kubectl, 'get', 'pods', '-A']}, wall={'kubectl': 0.25},
                  memory={'kubectl': 0.12}, runs=max(3, bench.runs // 4))
    bench.compare(title, ours, {'curl': build, 'one request without metadata': bench.curl('/api/v1/pods?includeObject=None', '-H', ACCEPT)},
                  wall={'curl': 1.3}, runs=runs)


def run(bench):
    bench.compare('list the pods of kube-system', [bench.ctl, 'get', 'pods', '-n', 'kube-system'],
                  {'kubectl': [bench.kubectl, 'get', 'pods', '-n', 'kube-system']},
                  wall={'kubectl': 0.5}, memory={'kubectl': 0.5})
    with bench.fake_pods(), contextlib.closing(request_recorder.Recorder(*bench.admin())) as recorder:
        ctl = [bench.ctl, 'get', 'pods', '-A']
        client = bench.program('list-client')
        list_many(bench, recorder, '', ctl, ctl)
        list_many(bench, recorder, ' into a model', [client, bench.env['KUBECONFIG']], [client, recorder.kubeconfig])
        bench.compare('list %d pods as json' % bench.pods, [*ctl, '-o', 'json'],
                      {'kubectl': [bench.kubectl, 'get', 'pods', '-A', '-o', 'json']},
                      wall={'kubectl': 0.25}, memory={'kubectl': 0.12}, runs=max(3, bench.runs // 7))
