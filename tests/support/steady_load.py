# SPDX-License-Identifier: GPL-3.0-or-later
"""Visitors of the app that come steadily, by the Ingress controller of the test cluster (tests/cluster/NOTES.md)."""
import http.client
import threading
import time

INGRESS = ('172.30.0.1', 18080)
RATE = 50


class Load(threading.Thread):
    """Asks for the app's page fifty times a second, each time by a connection of its own."""

    def __init__(self, host):
        super().__init__(daemon=True)
        self.host = host
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.n_good = 0
        self.failures = []

    def ask(self):
        connection = http.client.HTTPConnection(*INGRESS, timeout=10)
        try:
            connection.request('GET', '/', headers={'Host': self.host})
            response = connection.getresponse()
            body = response.read()
            words = None if response.status == 200 and b'Hacky Stack' in body else 'HTTP %d' % response.status
        except (OSError, http.client.HTTPException) as error:
            words = repr(error)
        finally:
            connection.close()
        with self.lock:
            self.n_good += words is None
            if words:
                self.failures.append('%.1f: %s' % (time.monotonic(), words))

    def run(self):
        threads = []
        due = time.monotonic()
        while not self.ended.is_set():
            threads.append(threading.Thread(target=self.ask, daemon=True))
            threads[-1].start()
            due += 1 / RATE
            time.sleep(max(0, due - time.monotonic()))
        for thread in threads:
            thread.join(15)

    def stop(self):
        """Ends it, when every visitor has been answered."""
        self.ended.set()
        self.join()

    def summary(self):
        return '%d requests answered, %d failed%s' % (self.n_good, len(self.failures), ''.join(': ' + text for text in self.failures[:5]))
