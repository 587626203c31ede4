# SPDX-License-Identifier: GPL-3.0-or-later
"""A pseudo-terminal on which a program runs, and what somebody who sits at it sees and types."""
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from tap import expect


class Terminal:
    def __init__(self, program, arguments, environment, columns=80):
        self.screen = ''
        self.status = None
        # The other end stays open here, so that its settings can be read after the program's end.
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if self.pid == 0:
            self._become(program, arguments, environment)

    def _become(self, program, arguments, environment):
        try:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(self.slave, fd)
            os.closerange(3, 256)
            os.execve(program, [program, *arguments], environment)
        finally:
            os._exit(127)

    def read(self, seconds=0.1):
        """Takes what has been printed. False: nothing came."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if not ready:
            return False
        try:
            self.screen += os.read(self.master, 65536).decode('utf-8', 'replace')
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        return True

    def see(self, text, seconds=60):
        """Waits until `text` has been printed since the last call."""
        end = time.monotonic() + seconds
        while text not in self.screen[self.seen:]:
            self.read()
            expect(time.monotonic() < end, 'It never said "%s". The screen:\n%s' % (text, self.screen))
        self.seen = self.screen.index(text, self.seen) + len(text)

    seen = 0

    def type(self, text):
        os.write(self.master, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def wait_for_echo(self, wanted, seconds=20):
        end = time.monotonic() + seconds
        while self.echoes() != wanted:
            expect(time.monotonic() < end, 'The terminal never %s echo' % ('got its' if wanted else 'lost the'))
            time.sleep(0.01)

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self, seconds=120):
        end = time.monotonic() + seconds
        while self.status is None:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise AssertionError('It did not end. The screen:\n' + self.screen)
        while self.read(0.05):
            pass
        return self.status

    def is_as_before(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        os.close(self.master)
        os.close(self.slave)
