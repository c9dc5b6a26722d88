"""The clerk: a thread of the running node that writes into the log what its officers have let go.

A step waits a little while so that it can be recalled (`recall_seconds`); then somebody must write it down. One look a
second, one transaction for each draft; two clerks may run, the drafts are claimed in the transaction. When the logs
have been quiet for a moment, or after a minute at the latest, it makes findable what large batches brought.
"""

from __future__ import annotations

import logging
import threading
from time import monotonic

from django.db import Error as DatabaseError
from django.db import connections

from comity.core.text import Refusal
from comity.store import bell, indexing

EVERY = 1.0
QUIET = 2.0  # seconds without a bell
AT_THE_LATEST = 60.0

log = logging.getLogger("comity.clerk")


class Clerk:
    """One thread; `start`, `stop`. One that ends by a fault of the program is followed by another."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._rung, self._rung_at, self._indexed_at = 0, 0.0, monotonic()
        self._thread: threading.Thread | None = None

    def start(self, after: float = 0.0) -> None:
        self._thread = threading.Thread(target=self._work, args=(after,), name="clerk", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _work(self, after: float) -> None:
        ended = False
        try:
            self._stop.wait(after)
            while not self._stop.wait(EVERY):
                self._round()
            ended = True
        finally:
            connections["default"].close()
            if not ended:  # the fault itself goes to threading.excepthook
                log.error("clerk.died")
                self.start(after=AT_THE_LATEST / 4)

    def _round(self) -> None:
        from comity.actions import send_due

        try:
            send_due()
            self._index()
        except Refusal as refusal:
            log.warning("clerk.refused", extra={"code": refusal.code})
        except DatabaseError as fault:
            log.warning("clerk.database", extra={"fault": type(fault).__name__})
            connections["default"].close()

    def _index(self) -> None:
        """Bring the search up to date, unless entries are coming in and it is not late yet."""
        now, rung = monotonic(), bell.count()
        if rung != self._rung:
            self._rung, self._rung_at = rung, now
        if now - self._rung_at < QUIET and now - self._indexed_at < AT_THE_LATEST:
            return
        self._indexed_at = now
        while not self._stop.is_set() and bell.count() == rung and indexing.catch_up():
            pass
