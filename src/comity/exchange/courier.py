"""The courier: sends what is owed as soon as it is committed, and calls a peer that cannot call us.

One thread for each relation whose peer has an address. It wakes when the bell rings, or each second when the entries
are written by another process; while a call is in flight, what is written accumulates and goes with the next. It
compares heads before it sends anything after a start. A failed call is repeated with backoff and jitter, same entries,
same places; nothing is ever sent under a second place.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from comity.core.text import Refusal
from comity.exchange import arriving, attachments, forks, metrics, send
from comity.exchange.admit import Admitted, admit
from comity.exchange.desk import Desk
from comity.exchange.lines.http import Answered
from comity.exchange.wire import MAX_ENTRIES
from comity.store import bell
from comity.store.logs import Log, Relation
from comity.store.relations import logs

LOOK = 1.0  # seconds between two looks at the database, for entries written by another process
LONGEST_WAIT = 60.0
FIRST_WAIT = 0.5
UNREADY = 5.0  # seconds until the next look at a relation that is on hold or not there yet

log = logging.getLogger("comity.courier")


class Line(Protocol):
    """How sealed bytes travel; `lines.http.HttpLine` is one."""

    def exchange(self, sealed: bytes) -> bytes: ...
    def chunk(self, sealed: bytes) -> None: ...
    def held(self, relation: str, sha256: str) -> bytes: ...
    def want(self, sealed: bytes) -> bytes: ...
    def close(self) -> None: ...


@dataclass
class Run:
    """The calls of one relation. `sync` makes as many as needed; a thread repeats it (`Courier`)."""

    desk: Desk
    name: str
    line: Line
    compared: bool = False
    failures: int = 0
    resume: int | None = None  # after a gap: where the peer says our next batch must begin
    overlap: bool = False  # in a long queue, make the next batch while the peer works on this one

    def relation(self) -> Relation:
        return self.desk.relation(self.name)

    def sync(self, *, most: int = 1_000_000) -> int:
        """Call until nothing is owed either way; returns the number of calls. Refusals of line and peer."""
        calls = 0
        if not self.compared:
            self.compare()
            self.compared, calls = True, 1
        while calls < most:
            relation = self.relation()
            if relation.hold:
                break
            both = logs(relation)
            ours, before = both[relation.me], _standing(both)
            if not relation.read_only and ours.held >= ours.size:
                break
            long = self.overlap and ours.size - ours.held > MAX_ENTRIES and not relation.read_only
            calls += self.queue() if long else bool(self.call(relation))
            if _standing(logs(relation)) == before:
                break  # neither side moved: wait before the next try
        return calls

    def compare(self) -> Admitted:
        """Show heads and read the peer's, before anything is sent."""
        admitted = self.call(entries=False)
        self.resume = admitted.told
        return admitted

    def call(self, relation: Relation | None = None, *, entries: bool = True) -> Admitted:
        """One call: send, admit the answer; send back what the peer asks for."""
        relation = relation or self.relation()
        first, self.resume = self.resume, None
        admitted = self._exchange(
            relation, send.outgoing(self.desk, relation, first=first, entries=entries).sealed
        )
        if admitted.resend is not None:
            back = send.returned(self.desk, relation, admitted.resend)
            if back is not None:
                admitted = self._exchange(relation, back.sealed)
        if admitted.relation.read_only:
            # Our own entries and theirs may need each other's: fetch theirs too, in turns.
            theirs = send.outgoing(self.desk, self.relation(), entries=False, resend=False)
            admitted = self._exchange(relation, theirs.sealed)
        return admitted

    def queue(self) -> int:
        """Send a long queue: while the peer works on one batch, the next is made and the last answer is admitted.

        Returns the number of calls. A batch in flight when something goes wrong is left to itself: its answer is lost,
        and what it brought is found out by the next call.
        """
        relation, calls = self.relation(), 0
        first, self.resume = self.resume, None
        out: send.Outgoing | None = send.outgoing(self.desk, relation, first=first)
        with ThreadPoolExecutor(1, thread_name_prefix="line") as wire:
            flying = wire.submit(self.line.exchange, out.sealed) if out else None
            while flying is not None:
                out = send.outgoing(self.desk, relation, first=out.size) if out and out.more else None
                answered = self._heard(relation, flying.result)
                calls += 1
                flying = wire.submit(self.line.exchange, out.sealed) if out else None
                if admit(self.desk, answered).resend is not None:
                    break
        return calls

    def _exchange(self, relation: Relation, sealed: bytes) -> Admitted:
        return admit(self.desk, self._heard(relation, lambda: self.line.exchange(sealed)))

    def _heard(self, relation: Relation, answer: Callable[[], bytes]) -> bytes:
        """The peer's answer; a refusal that concerns our own log is acted on before it goes on its way."""
        try:
            return answer()
        except Answered as refusal:
            if refusal.code == "fork":
                forks.told(self.desk, relation, refusal.said.get("proof"))
            if refusal.code == "gap":
                self.compared = False
            raise

    def files(self) -> int:
        """Send the chunks of attachments the peer awaits, fetch those we await; returns how many went or came."""
        relation = self.relation()
        return attachments.send_owed(self.desk, relation, self.line) + arriving.fetch_awaited(
            self.desk, relation, self.line
        )


def _standing(both: Mapping[str, Log]) -> list[tuple[str, int, int]]:
    return sorted((each.author, each.size, each.held) for each in both.values())


def pause(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures in a row: doubling, at most a minute, with jitter (`chance` 0..1)."""
    longest: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures, 10))
    return longest * (0.5 + chance / 2)


@dataclass
class Courier:
    """Threads that carry for every relation in `lines` (name of relation -> (line, seconds between idle calls)).

    A relation that is not there yet is waited for, so that an agreement can be added while the node runs. A thread that
    ends by a fault of the program is followed by another one.
    """

    desk: Desk
    lines: Mapping[str, tuple[Line, float]]
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: dict[str, threading.Thread] = field(default_factory=dict)

    def start(self) -> None:
        for name in self.lines:
            self._spawn(name)

    def stop(self) -> None:
        """End after the call in flight."""
        self._stop.set()
        bell.ring(self.desk.using)
        for thread in list(self._threads.values()):
            thread.join(timeout=10)
        for line, _ in self.lines.values():
            line.close()

    def _spawn(self, name: str, after: float = 0.0) -> None:
        thread = threading.Thread(target=self._carry, args=(name, after), name=f"courier {name}", daemon=True)
        self._threads[name] = thread
        thread.start()

    def _carry(self, name: str, after: float) -> None:
        """The loop of one thread: look, wait for the bell or the next call, look again."""
        line, every = self.lines[name]
        run, next_call, ended = Run(self.desk, name, line, overlap=True), 0.0, False
        try:
            self._stop.wait(after)
            self._resume()
            while not self._stop.is_set():
                heard = bell.count(self.desk.using)
                idle = monotonic() >= next_call
                wait = self._round(run, idle=idle)
                if idle:
                    next_call = monotonic() + every
                if wait is None:
                    bell.wait(self.desk.using, heard, min(LOOK, max(0.01, next_call - monotonic())))
                else:
                    self._stop.wait(wait)
            ended = True
        finally:
            connections[self.desk.using].close()
            if not ended:  # the fault itself goes to threading.excepthook
                log.error("courier.died", extra={"relation": name})
                self._spawn(name, after=LONGEST_WAIT / 4)

    def _resume(self) -> None:
        try:
            arriving.resume(self.desk)
        except (DatabaseError, OSError) as fault:
            log.warning("courier.resume", extra={"fault": type(fault).__name__})

    def _round(self, run: Run, *, idle: bool) -> float | None:
        """One look at what is owed. Returns None when all went well, else the seconds to wait."""
        try:
            close_old_connections()
            relation = Relation.objects.using(self.desk.using).filter(name=run.name).first()
            if relation is None or relation.hold:
                return UNREADY
            ours = logs(relation)[relation.me]
            owed = send.owes(ours) or bool(relation.read_only)
            if owed or idle or not run.compared:
                if not run.sync() and idle:
                    run.call()
                run.files()
                metrics.called(run.name, "ok")
            run.failures = 0
        except Refusal as refusal:
            return self._failed(run, refusal)
        except (DatabaseError, OSError) as fault:
            log.warning("courier.failed", extra={"relation": run.name, "fault": type(fault).__name__})
            connections[self.desk.using].close()
            run.failures += 1
            return pause(run.failures, random.random())  # noqa: S311  (jitter)
        return None

    def _failed(self, run: Run, refusal: Refusal) -> float:
        run.failures += 1
        metrics.called(run.name, refusal.code)
        log.warning(
            "courier.refused", extra={"relation": run.name, "code": refusal.code, "failures": run.failures}
        )
        try:
            Relation.objects.using(self.desk.using).filter(name=run.name).update(trouble=refusal.to_json())
        except DatabaseError:
            log.warning("courier.database", extra={"relation": run.name})
        after = refusal.after if isinstance(refusal, Answered) else 0.0
        return max(after, pause(run.failures, random.random()))  # noqa: S311  (jitter)
