# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program, and prints its wall seconds, its peak resident memory in KiB and how it ended.

A process counts the memory of the one that it was forked from, so this one is as small as can be.
"""
import os
import sys
import time

nothing = os.open(os.devnull, os.O_RDWR)
start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
                        file_actions=[(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, nothing, 1)])
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
