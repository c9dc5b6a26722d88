"""Two nodes, two clocks, a bad line, and a seed that decides everything.

The nodes are the real code on real databases; only the line, the clocks and the officers are made up. One seed is one
history: `World(seed).run(steps)` does the same thing every time. After every act the invariants are checked:

    I1  an entry the author knows to be acknowledged is in the other's log      I3  a log has no gaps
    I2  every entry takes effect once (places are unique; row = fold)           I4  both agree on the common prefix
    I5  two heads that contradict each other put the relation on hold           I8  rows can be folded again from the logs
    I10 a restart changes nothing                                               I11 a restored node never sends before comparing
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from comity.core.text import Refusal, Text
from comity.exchange import send
from comity.exchange.admit import admit, answer
from comity.exchange.courier import Run
from comity.exchange.verify import refold, verify
from comity.store import entries
from comity.store.cases import CaseRow
from tests.exchange.pair import Clock, Side

LOST = Refusal("peer-unreachable", Text("lost", "丢失"))
OPENED = 6  # cases in one history


class Crash(Exception):
    """The process ends here."""


@dataclass
class BadLine:
    """Loses, doubles, delays, reorders and spoils what travels from `side` to `peer` and back."""

    world: World
    side: Side
    peer: Side
    late: list[bytes] = field(default_factory=list)

    def exchange(self, sealed: bytes) -> bytes:
        chance = self.world.chance
        fate = chance.random() if self.world.bad else 1.0
        if fate < 0.10:  # never arrives, or only later
            if chance.random() < 0.5:
                self.late.append(sealed)
            raise LOST
        if fate < 0.16:
            self.deliver(self.spoil(sealed), spoiled=True)
            raise LOST
        if fate < 0.24:
            self.deliver(sealed)  # twice
        if fate < 0.30 and self.late:
            self.deliver(self.late.pop(chance.randrange(len(self.late))))  # an old one overtakes
        back = self.deliver(sealed)
        if fate < 0.40:  # the answer is lost
            raise LOST
        if back is None:
            raise LOST
        return back

    def deliver(self, sealed: bytes, spoiled: bool = False) -> bytes | None:
        """What POST /exchange does at the peer. A refusal is no answer here; a spoiled batch must be refused."""
        before = _sizes(self.peer)
        try:
            admitted = admit(self.peer.desk, sealed)
            assert not spoiled, "a spoiled batch was admitted"
            return answer(self.peer.desk, admitted)
        except Refusal:
            assert _sizes(self.peer) == before
            return None
        except Crash:
            connections[self.peer.using].close()
            return None

    def spoil(self, sealed: bytes) -> bytes:
        at = self.world.chance.randrange(len(sealed))
        return sealed[:at] + bytes([sealed[at] ^ (1 << self.world.chance.randrange(8))]) + sealed[at + 1 :]

    def chunk(self, sealed: bytes) -> None:
        raise LOST

    def held(self, relation: str, sha256: str) -> bytes:
        raise LOST

    def want(self, sealed: bytes) -> bytes:
        raise LOST

    def close(self) -> None:
        """Nothing to close."""


@dataclass
class World:
    """`faults`: restore from backup too (SQLite only: it copies the file)."""

    seed: int
    a: Side
    b: Side
    home: Path
    restores: bool
    bad: bool = True
    history: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.sides = {each.code: each for each in (self.a, self.b)}
        self.runs = {each.code: self._run(each) for each in (self.a, self.b)}
        self.backups: dict[str, Path] = {}
        self.acked: dict[str, int] = {each: 0 for each in self.sides}
        self.lost: set[str] = set()  # authors whose node was restored and has not recovered yet

    def other(self, side: Side) -> Side:
        return self.b if side is self.a else self.a

    def _run(self, side: Side) -> Run:
        return Run(side.desk, side.name, BadLine(self, side, self.other(side)))

    # -- what happens -------------------------------------------------------------------------------------------------

    def run(self, acts: int) -> None:
        """So many acts, then a good line until both come to rest; then everything must agree."""
        kinds: list[tuple[Callable[[Side], None], float]] = [
            (self.officer, 5), (self.courier, 6), (self.clock, 1), (self.restart, 0.7), (self.crash, 1.2),
        ]  # fmt: skip
        if self.restores:
            kinds += [(self.backup, 0.5), (self.restore, 0.4)]
        for _ in range(acts):
            (act,) = self.chance.choices([k for k, _ in kinds], [w for _, w in kinds])
            side = self.chance.choice([self.a, self.b])
            self.history.append(f"{act.__name__} {side.code}")
            act(side)
            self.check()
        self.settle()

    def officer(self, side: Side) -> None:
        """Somebody takes a step: any step of the track, in turn or not. One that is not in turn is refused."""
        track = CaseRow
        cases = list(track.objects.using(side.using).order_by("pk").values_list("pk", flat=True))
        if len(cases) < OPENED and self.chance.random() < 0.4 and side is self.a:
            steps, case = ["request"], side.case_number()
        elif cases:
            case = self.chance.choice(cases)
            row = CaseRow.objects.using(side.using).get(pk=case)
            mine = row.case.side_of(side.code)
            steps = [step.name for step in row.case.track.steps_from(row.state, mine)]
        else:
            return
        if not steps:
            return
        step = self.chance.choice(steps)
        try:
            side.write(step, case, **({"track": "repatriation"} if step == "request" else {}))
        except Refusal as refusal:
            self.history.append(f"  {step}: {refusal.code}")

    def courier(self, side: Side) -> None:
        try:
            self.runs[side.code].sync(most=self.chance.randint(1, 4))
        except Refusal:
            pass
        except Crash:
            self.restart(side)

    def clock(self, side: Side) -> None:
        """Time passes, or an administrator sets the clock, in either direction."""
        hours = self.chance.choice([0.01, 1, 30, -0.02, -3])
        clock = side.desk.clock
        assert isinstance(clock, Clock)
        clock.forward(hours=hours)

    def restart(self, side: Side) -> None:
        """I10: nothing is kept but what was committed."""
        before = _sizes(side)
        connections[side.using].close()
        self.runs[side.code] = self._run(side)
        assert _sizes(side) == before

    def crash(self, side: Side) -> None:
        """The process ends inside a transaction (nothing is kept) or just after its commit (all is)."""
        before, reached = _sizes(side), []
        after_commit = self.chance.random() < 0.5
        place = "ring" if after_commit else self.chance.choice(["_close_log", "_write_acks"])
        owner = entries.bell if after_commit else entries
        kept = getattr(owner, place)

        def dies(*_: object, **__: object) -> None:
            reached.append(place)
            raise Crash

        setattr(owner, place, dies)
        try:
            self.officer(side) if self.chance.random() < 0.5 else self.courier(side)
        except Crash:
            pass
        finally:
            setattr(owner, place, kept)
        if reached and not after_commit and place == "_close_log":
            assert _sizes(side) == before, "a crash before the commit left something"
        self.restart(side)

    def backup(self, side: Side) -> None:
        connections[side.using].close()
        path = self.home / f"backup-{side.code}"
        shutil.copyfile(connections.databases[side.using]["NAME"], path)
        self.backups[side.code] = path

    def restore(self, side: Side) -> None:
        """Yesterday's database is put back. I11: the courier compares heads before it sends; officers wait for it."""
        if side.code not in self.backups or self.lost:
            return
        name = Path(connections.databases[side.using]["NAME"])
        had = _sizes(side)
        connections[side.using].close()
        for suffix in ("-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.backups[side.code], name)
        self.lost.add(side.code)
        self.runs[side.code] = self._run(side)
        self.acked[side.code] = min(self.acked[side.code], side.ours.held)
        self.acked[side.relation.peer] = min(self.acked[side.relation.peer], side.theirs.size)
        self.history.append(f"  {had} -> {_sizes(side)}")
        # What was written and never sent is lost for good. Nobody writes before heads have been compared.
        for _ in range(200):
            try:
                self.runs[side.code].sync(most=2)
            except Refusal as refusal:
                if refusal is not LOST:
                    self.history.append(f"  recovering: {refusal.code} {refusal.where}")
                continue
            whole = side.theirs.size >= self.other(side).ours.held
            if whole and not side.relation.read_only and self.runs[side.code].compared:
                break
            self.runs[side.code].compared = False
        else:
            raise AssertionError(f"a restored node does not recover: {self.describe()}")
        self.lost.discard(side.code)

    def describe(self) -> str:
        """Where both nodes stand, for a failure's message."""
        said = []
        for side in self.sides.values():
            ours, relation = side.ours, side.relation
            said.append(
                f"{side.code}: ours {ours.size} held {ours.held} offered {ours.offered}, theirs {side.theirs.size}"
                f" read_only {relation.read_only!r} hold {relation.hold!r} resend {relation.resend}"
            )
        return "; ".join(said)

    # -- what must hold -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """The invariants that hold at any moment."""
        for author, side in self.sides.items():
            reader = self.other(side)
            mine, copy = _headers(side, author), _headers(reader, author)
            assert copy == mine[: len(copy)], f"I4: {author}'s log differs on the two nodes"
            known = side.ours.held
            assert known <= len(copy), "I1: an acknowledged entry is not there"
            assert known >= self.acked[author] or side.relation.read_only, "I1: an acknowledgement went back"
            self.acked[author] = known
            assert not side.relation.hold, "I5: a hold without a contradiction"
            ours = [entry.index for entry in side.entries(author)]
            assert ours == list(range(len(ours))), "I3"

    def settle(self) -> None:
        """A good line: both come to rest, hold the same logs and the same cases, and every check of the logs passes."""
        self.bad = False
        for _ in range(60):
            moved = 0
            for run in self.runs.values():
                try:
                    moved += run.sync()
                except Refusal as refusal:
                    self.history.append(f"  settling: {refusal.code}")
                    moved += 1
            quiet = all(
                each.ours.held == each.ours.size and not each.relation.read_only
                for each in self.sides.values()
            )
            if quiet and not any(send.owes(each.ours) for each in self.sides.values()):
                break
        else:
            raise AssertionError("the two nodes do not come to rest")
        self.check()
        for author in self.sides:
            first, second = (
                [(e.verdict, e.acked, bytes(e.body or b"")) for e in each.entries(author)]
                for each in (self.a, self.b)
            )
            assert first == second
        assert _folds(self.a) == _folds(self.b)
        for side in self.sides.values():
            assert refold(side.relation) == [], "I8"
            assert [found.fault for found in verify(side.relation)] == [None, None]


def _sizes(side: Side) -> tuple[int, int]:
    return side.ours.size, side.theirs.size


def _headers(side: Side, author: str) -> list[bytes]:
    return [bytes(entry.header) for entry in side.entries(author)]


def _folds(side: Side) -> dict[str, str]:
    return dict(CaseRow.objects.using(side.using).values_list("pk", "fold"))
