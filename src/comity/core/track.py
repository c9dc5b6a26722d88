"""How one kind of cooperation is declared: states, steps, deadlines, safeguards and measures as one table.

Pure. A track does not know which side it is read on: it speaks of the *requesting* and the *responding* authority, and
both are held to the same rules. The table is checked when it is made (`track_check`), so a wrong one never loads.

The rule that everything rests on: **every state but the final ones has one mover**. Two ordinary steps can then never
cross in the post, and no merge rule exists that could be attacked. Steps that may be taken at any time (hold, question,
note, withdrawal) only set a flag or add a line, so they commute with everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from comity.core.strict_json import Json
from comity.core.text import Text
from comity.core.track_check import check
from comity.core.track_words import (
    ANSWERS,
    ASKS,
    EITHER,
    ENDS,
    HOLDS,
    RECORDS,
    RELEASES,
    REQUESTING,
    RESPONDING,
    SIDE_TITLES,
    SIDES,
    UNITS,
)
from comity.core.types import ValueType

__all__ = [
    "ANSWERS", "ASKS", "EITHER", "ENDS", "HOLDS", "RECORDS", "RELEASES", "REQUESTING", "RESPONDING", "SIDES",
    "SIDE_TITLES", "UNITS", "Answer", "Deadline", "Field", "Measure", "Retention", "Safeguard", "Source", "State",
    "Step", "Track", "other_side",
]  # fmt: skip


def other_side(side: str) -> str:
    return RESPONDING if side == REQUESTING else REQUESTING


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from, as a lawyer would cite it: "Regulation (EU) 2016/1953 Art. 3"."""

    cite: str
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a step's form.

    why         shown to the officer: why we ask
    retention   name of the track's retention rule; required where the type is personal
    when        (other field, values): asked only when that field of the same form has one of the values
    lead_hours  a moment must lie at least so many hours ahead when the step is taken
    """

    name: str
    title: Text
    type: ValueType
    required: bool = True
    why: Text | None = None
    retention: str = ""
    when: tuple[str, tuple[str, ...]] | None = None
    lead_hours: int = 0
    group: str = ""

    def is_asked(self, body: Mapping[str, Json]) -> bool:
        """Whether the form asks for this field, given the fields before it. The same rule where a body is written and
        where it arrives."""
        if self.when is None:
            return True
        other, values = self.when
        given = body.get(other)
        return any(_word(each) in values for each in (given if isinstance(given, list) else [given]))


def _word(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a safeguard. `blocks`: with it the step may not be taken. `adult`: it says that the person is of
    age, and is refused where the birth date given does not show it."""

    code: str
    text: Text
    blocks: bool = False
    needs_reason: bool = False
    adult: bool = False


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A check of law that must be answered, by a person, before a step that names it may leave the node.

    named_officer  the answer is signed with the pseudonym of the officer who gave it and needs a reason in words
    """

    name: str
    question: Text
    source: Source
    answers: tuple[Answer, ...]
    named_officer: bool = False

    def answer(self, code: str) -> Answer | None:
        return next((a for a in self.answers if a.code == code), None)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long personal data of a case is kept after the case has ended, and why."""

    name: str
    title: Text
    years: int
    source: Source


@dataclass(frozen=True, slots=True)
class State:
    """Where a case may stand. `mover` is the one side whose ordinary steps leave it; None exactly when it is final."""

    name: str
    title: Text
    mover: str | None
    final: bool = False
    hint: Text | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What an authority does in a case.

    An ordinary step leads from one of `frm` (none for the opening step) to `to`. A step with `at_any_time` has no `frm`
    and does what `effect` says; only the ending one names the final state `to` it ends in.
    approvals    how many other officers must approve the exact bytes before they leave the node
    attachments  "none", "optional" or "required"
    """

    name: str
    title: Text
    by: str
    meaning: Text
    frm: tuple[str, ...] = ()
    to: str | None = None
    form: tuple[Field, ...] = ()
    safeguards: tuple[str, ...] = ()
    approvals: int = 0
    attachments: str = "none"
    opens: bool = False
    at_any_time: bool = False
    effect: str = RECORDS

    @property
    def holds(self) -> bool:
        return self.effect == HOLDS

    @property
    def releases(self) -> bool:
        return self.effect == RELEASES

    @property
    def asks(self) -> bool:
        return self.effect == ASKS

    @property
    def answers(self) -> bool:
        return self.effect == ANSWERS

    @property
    def ends(self) -> bool:
        return self.effect == ENDS

    def field(self, name: str) -> Field | None:
        return next((f for f in self.form if f.name == name), None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit with an owner, a start, an end and pauses. How long it is, the agreement says.

    starts    steps that start it: at the owner's own step, or at the owner's receipt of the other side's step
    ends      the owner's steps that stop it
    pauses    "hold" (either side's hold) and "question" (a question the owner put, until the answer reached him)
    pause_in  states in which it stands still
    lapses    steps of either side that take away what was owed: the run counts neither as kept nor as late
    allows    least and greatest value an agreement may set, in `unit`
    at_least  a period of notice: kept when at least so long lies between the other side's receipt of the start and the end
    """

    name: str
    title: Text
    owner: str
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    unit: str
    source: Source
    pauses: tuple[str, ...] = ("hold",)
    pause_in: tuple[str, ...] = ()
    lapses: tuple[str, ...] = ()
    allows: tuple[int, int] | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the scorecard: `of` names a deadline of the track, or "count:STEP"."""

    name: str
    title: Text
    of: str


@dataclass(frozen=True)
class Track:
    """One kind of cooperation. Making one checks it; a wrong table raises `TrackError`."""

    name: str
    title: Text
    purpose: Text
    source: Source
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()
    measures: tuple[Measure, ...] = ()
    retention: tuple[Retention, ...] = ()
    groups: tuple[tuple[str, Text], ...] = ()
    summary: tuple[str, ...] = ()
    mission_rows: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        check(self)

    @cached_property
    def _steps(self) -> dict[str, Step]:
        return {s.name: s for s in self.steps}

    @cached_property
    def _states(self) -> dict[str, State]:
        return {s.name: s for s in self.states}

    def step(self, name: str) -> Step:
        """KeyError when the track has no such step."""
        return self._steps[name]

    def find_step(self, name: str) -> Step | None:
        return self._steps.get(name)

    def state(self, name: str) -> State:
        return self._states[name]

    def safeguard(self, name: str) -> Safeguard:
        return next(s for s in self.safeguards if s.name == name)

    def deadline(self, name: str) -> Deadline:
        return next(d for d in self.deadlines if d.name == name)

    @cached_property
    def opening(self) -> Step:
        return next(s for s in self.steps if s.opens)

    @cached_property
    def clocked(self) -> frozenset[str]:
        """Names of the steps a deadline or a measure counts: the fold keeps a mark for each of them."""
        named = {step for d in self.deadlines for step in (*d.starts, *d.ends, *d.lapses)}
        return frozenset(
            named | {m.of.removeprefix("count:") for m in self.measures if m.of.startswith("count:")}
        )

    def steps_from(self, state: str, side: str) -> Iterator[Step]:
        """Ordinary steps `side` may take out of `state`, then those it may take at any time."""
        yield from (s for s in self.steps if state in s.frm and s.by == side)
        yield from (s for s in self.steps if s.at_any_time and s.by in (side, EITHER))
