# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of a few pods, and of many fake ones, against kubectl."""

GROUP = 'kube'


def run(bench):
    bench.compare('list the pods of kube-system', [bench.ctl, 'get', 'pods', '-n', 'kube-system'],
                  {'kubectl': [bench.kubectl, 'get', 'pods', '-n', 'kube-system']},
                  wall={'kubectl': 0.5}, memory={'kubectl': 0.5})
    with bench.fake_pods():
        bench.compare('list %d pods' % bench.pods, [bench.ctl, 'get', 'pods', '-A'],
                      {'kubectl': [bench.kubectl, 'get', 'pods', '-A']},
                      wall={'kubectl': 0.25}, memory={'kubectl': 0.12}, runs=max(3, bench.runs // 4))
        bench.compare('list %d pods as json' % bench.pods, [bench.ctl, 'get', 'pods', '-A', '-o', 'json'],
                      {'kubectl': [bench.kubectl, 'get', 'pods', '-A', '-o', 'json']},
                      wall={'kubectl': 0.25}, runs=max(3, bench.runs // 7))
