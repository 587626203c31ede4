# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of a test program, reported in TAP (https://testanything.org)."""
import os
import sys
import traceback


class Skip(Exception):
    """Why a case cannot be run here."""


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def case(self, name, function, *arguments):
        self.count += 1
        try:
            function(*arguments)
        except Skip as skip:
            self.say('ok %d - %s # SKIP %s' % (self.count, name, skip))
        except AssertionError as error:
            self.fail(name, 'Line %d: %s' % (find_line(error), error))
        except Exception:
            self.fail(name, traceback.format_exc())
        else:
            self.say('ok %d - %s' % (self.count, name))

    def fail(self, name, text):
        self.failed += 1
        self.say('not ok %d - %s' % (self.count, name))
        for line in text.splitlines():
            self.say('# ' + line)

    def finish(self):
        self.say('1..%d' % self.count)
        return 1 if self.failed else 0

    @staticmethod
    def say(line):
        sys.stdout.write(line + '\n')
        sys.stdout.flush()


def find_line(error):
    """The line of the test program itself in which a case failed."""
    return [frame.lineno for frame in traceback.extract_tb(error.__traceback__)
            if os.path.basename(frame.filename) == os.path.basename(sys.argv[0])][-1]


def skip_all(reason):
    Tap.say('1..0 # SKIP ' + reason)
    return 0


def expect(condition, what, run=None):
    if not condition:
        raise AssertionError('%s%s' % (what, '\n' + run.describe() if run is not None else ''))
