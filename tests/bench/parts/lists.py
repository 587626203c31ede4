# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of a few pods, and of many fake ones, against kubectl and curl."""

GROUP = 'kube'
ACCEPT = 'Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json'


def run(bench):
    bench.compare('list the pods of kube-system', [bench.ctl, 'get', 'pods', '-n', 'kube-system'],
                  {'kubectl': [bench.kubectl, 'get', 'pods', '-n', 'kube-system']},
                  wall={'kubectl': 0.5}, memory={'kubectl': 0.5})
    with bench.fake_pods():
        kubectl = {'kubectl': [bench.kubectl, 'get', 'pods', '-A']}
        # The whole list at once and without metadata: the cheapest that there is.
        curl = {'curl': bench.curl('/api/v1/pods?includeObject=None', '-H', ACCEPT)}
        for where, ours in (('', [bench.ctl, 'get', 'pods', '-A']),
                            (' into a model', [bench.program('list-client'), bench.env['KUBECONFIG']])):
            title = 'list %d pods%s' % (bench.pods, where)
            bench.compare(title, ours, kubectl, wall={'kubectl': 0.25}, memory={'kubectl': 0.12}, runs=max(3, bench.runs // 4))
            bench.compare(title, ours, curl, wall={'curl': 1.3})
        bench.compare('list %d pods as json' % bench.pods, [bench.ctl, 'get', 'pods', '-A', '-o', 'json'],
                      {'kubectl': [bench.kubectl, 'get', 'pods', '-A', '-o', 'json']},
                      wall={'kubectl': 0.25}, memory={'kubectl': 0.12}, runs=max(3, bench.runs // 7))
