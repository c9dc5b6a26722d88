"""Stories a lawyer can read, as `.play` files, and how to read them. Knows no node: a *stage* performs the lines.

    # what the story shows
    track repatriation under cn-us-2017

    2026-03-04 09:00 us: request                  a step; the other side reads it at once
    2026-03-05 09:00 us: hold, unread             … or not yet
    2026-03-06 10:00 cn reads                     now it has
    2026-03-06 11:00 us: carry_out -> out-of-turn a step kept without effect, and why
    state verified | held | ended                 where both sides now see the case
    clock travel_document: running due 2026-04-03
    clock verification: measured 1 days

Dates are UTC. Lines that start with # are for the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).parent
_HEAD = re.compile(r"track (\w+) under ([\w-]+)$")
_STEP = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) (\w+): (\w+)(, unread)?(?: -> ([\w-]+))?$")
_READ = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) (\w+) reads$")
_STATE = re.compile(r"state (\w+)((?: \| \w+)*)$")
_CLOCK = re.compile(r"clock (\w+): (\w+)(?: due (\d{4}-\d\d-\d\d))?(?: (\d+) days)?$")


class Stage(Protocol):
    """Whatever performs a story: the pure core, or two live nodes."""

    def step(self, at: str, party: str, step: str, unread: bool) -> str:
        """Take the step; return the code of the verdict, "" when it has effect."""

    def read(self, at: str, party: str) -> None: ...

    def seen(self) -> list[tuple[str, set[str]]]:
        """For each side: the state of the case and which of {"held", "ended"} hold."""

    def clock(self, name: str) -> list[tuple[str, str, int]]:
        """For each side: status, due date in the owner's zone ("" if none) and whole days taken, of the last run."""


@dataclass(frozen=True)
class Story:
    path: Path
    title: str
    track: str
    agreement: str
    lines: tuple[tuple[int, str], ...]

    def perform(self, stage: Stage, dated: bool = True) -> None:
        """Play every line. `dated` False leaves out what depends on the dates (a live node's clock is its own)."""
        for number, line in self.lines:
            where = f"{self.path.name}:{number}: {line}"
            if found := _STEP.match(line):
                at, party, step, unread, code = found.groups()
                assert stage.step(at, party, step, bool(unread)) == (code or ""), where
            elif found := _READ.match(line):
                stage.read(*found.groups())
            elif found := _STATE.match(line):
                state, flags = found[1], set(found[2].replace("|", " ").split())
                for side in stage.seen():
                    assert side == (state, flags), where
            elif found := _CLOCK.match(line):
                name, status, due, days = found.groups()
                for got_status, got_due, got_days in stage.clock(name):
                    if dated or status in ("paused", "lapsed"):
                        assert got_status == status, where
                    if dated:
                        assert due is None or got_due == due, f"{where} (got {got_due})"
                        assert days is None or got_days == int(days), f"{where} (got {got_days})"
            else:
                raise AssertionError(f"{where}: not a line of a story")


def stories() -> Iterator[Story]:
    """Every `.play` file beside this one."""
    for path in sorted(HERE.glob("*/*.play")):
        rows = [(n, line.strip()) for n, line in enumerate(path.read_text("utf-8").splitlines(), 1)]
        title = next(line.removeprefix("# ") for _, line in rows if line.startswith("# "))
        told = [(n, re.sub(r"\s+", " ", line)) for n, line in rows if line and not line.startswith("#")]
        head = _HEAD.match(told[0][1])
        assert head, f"{path.name}: begin with “track NAME under AGREEMENT”"
        yield Story(path, title, head[1], head[2], tuple(told[1:]))
