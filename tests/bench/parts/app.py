# SPDX-License-Identifier: GPL-3.0-or-later
"""What people do with the app: short commands, whose time is mostly their start."""

GROUP = 'app'


def run(bench):
    bench.compare('list the contexts of a kubeconfig', [bench.ctl, 'contexts'],
                  {'kubectl': [bench.kubectl, 'config', 'get-contexts']})
    bench.compare("read the app's Deployment and its pods", [bench.ctl, 'status'],
                  {'kubectl': [bench.kubectl, '-n', 'hackystack', 'get', 'deployments,pods']})
