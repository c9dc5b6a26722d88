"""The checks made when a track is loaded: a wrong table never becomes a track.

Pure. Each finding names the track, the line of the table and the mend. All findings are reported at once, because the
person mending a table wants the whole list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.core.track_words import EFFECTS, EITHER, ENDS, PAUSES, RECORDS, SIDES, UNITS

if TYPE_CHECKING:
    from comity.core.track import Deadline, Step, Track

NAME = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
RESERVED = frozenset({"receipt"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: `line` is the row of the table ("steps[3] 'verify'"), `mend` what to write instead."""

    line: str
    fault: str
    mend: str

    def __str__(self) -> str:
        return f"{self.line}: {self.fault}. {self.mend}"


class TrackError(ValueError):
    """The table of a track is wrong; `findings` says where and how to mend it."""

    def __init__(self, track: str, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(f"track {track!r}, {finding}" for finding in findings))
        self.track, self.findings = track, findings


def check(track: Track) -> None:
    """Raise TrackError with every finding, or return."""
    found = tuple(
        finding
        for rule in (_names, _steps, _movers, _reach, _deadlines, _fields, _safeguards, _measures)
        for finding in rule(track)
    )
    if found:
        raise TrackError(track.name, found)


def _line(table: str, number: int, name: str) -> str:
    return f"{table}[{number}] {name!r}"


def _names(track: Track) -> Iterator[Finding]:
    if not NAME.match(track.name):
        yield Finding(
            "name", f"{track.name!r} is not a name", "Use lower-case letters, digits and underscores."
        )
    if not track.source.cite.strip():
        yield Finding(
            "source", "the track cites no source", "Name the instrument and article it carries out."
        )
    tables: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("states", track.states),
        ("steps", track.steps),
        ("deadlines", track.deadlines),
        ("safeguards", track.safeguards),
        ("measures", track.measures),
        ("retention", track.retention),
    )
    for table, rows in tables:
        seen: set[str] = set()
        for number, row in enumerate(rows, 1):
            name = str(getattr(row, "name", ""))
            if not NAME.match(name) or name in RESERVED:
                yield Finding(
                    _line(table, number, name),
                    "is not a free name",
                    f"Use lower-case letters, digits and underscores; reserved: {', '.join(sorted(RESERVED))}.",
                )
            if name in seen:
                yield Finding(_line(table, number, name), "stands twice", "Give each row its own name.")
            seen.add(name)


def _steps(track: Track) -> Iterator[Finding]:
    states = {s.name for s in track.states}
    finals = {s.name for s in track.states if s.final}
    openings = [s.name for s in track.steps if s.opens]
    if len(openings) != 1:
        yield Finding("steps", f"{len(openings)} steps open a case", "Mark exactly one step with opens=True.")
    for number, step in enumerate(track.steps, 1):
        line = _line("steps", number, step.name)
        yield from _step_states(step, line, states, finals)
        if step.by not in (*SIDES, EITHER):
            yield Finding(line, f"by={step.by!r}", "Say REQUESTING, RESPONDING or EITHER.")
        if step.attachments not in ("none", "optional", "required"):
            yield Finding(line, f"attachments={step.attachments!r}", "Say none, optional or required.")
        if step.approvals < 0:
            yield Finding(line, "approvals is below zero", "Say how many other officers must approve.")


def _step_states(step: Step, line: str, states: set[str], finals: set[str]) -> Iterator[Finding]:
    for name in (*step.frm, *([step.to] if step.to else [])):
        if name not in states:
            yield Finding(
                line, f"names the state {name!r}, which the table lacks", "Add the state or mend the name."
            )
    if step.effect not in EFFECTS:
        yield Finding(line, f"effect={step.effect!r}", f"Say one of {', '.join(EFFECTS)}.")
    if step.at_any_time:
        if step.frm or step.opens:
            yield Finding(
                line, "is taken at any time, yet names a state it leaves", "Leave out frm and opens."
            )
        if (step.effect == ENDS) != (step.to is not None):
            yield Finding(
                line, "only a step that ends the case leads to a state", "Give to= with effect=ENDS alone."
            )
        if step.effect == ENDS and step.to is not None and step.to not in finals:
            yield Finding(line, f"ends the case in {step.to!r}, which is not final", "Name a final state.")
        return
    if step.effect != RECORDS:
        yield Finding(
            line, f"has the effect {step.effect!r}", "Only a step with at_any_time=True has an effect."
        )
    if step.to is None:
        yield Finding(line, "leads nowhere", "Name the state it leads to.")
    if step.opens == bool(step.frm):
        yield Finding(line, "must leave a state, or open the case", "Give frm=(…) or opens=True, not both.")
    if step.by == EITHER:
        yield Finding(line, "is an ordinary step of either side", "Name one side: a state has one mover.")


def _movers(track: Track) -> Iterator[Finding]:
    """Every state but the final ones has one mover: all its ordinary steps belong to one side."""
    for number, state in enumerate(track.states, 1):
        line = _line("states", number, state.name)
        if state.final != (state.mover is None):
            yield Finding(line, "a final state has no mover, any other has one", "Set mover or final.")
        if state.mover is not None and state.mover not in SIDES:
            yield Finding(line, f"mover={state.mover!r}", "Say REQUESTING or RESPONDING.")
        for step in track.steps:
            if state.name not in step.frm:
                continue
            if state.final:
                yield Finding(line, f"is final, yet {step.name!r} leaves it", "Drop the step or final=True.")
            elif step.by != state.mover:
                yield Finding(
                    line,
                    f"is moved by {state.mover}, yet {step.name!r} is a step of {step.by}",
                    "Give the step to the mover, or divide the state in two.",
                )


def _reach(track: Track) -> Iterator[Finding]:
    """Every state can be reached, and every state that is not final has a way out."""
    reached = {s.to for s in track.steps if s.opens or s.effect == ENDS}
    grown = True
    while grown:
        more = {s.to for s in track.steps if set(s.frm) & reached} - reached
        grown = bool(more)
        reached |= more
    for number, state in enumerate(track.states, 1):
        line = _line("states", number, state.name)
        if state.name not in reached:
            yield Finding(line, "cannot be reached", "Let a step lead to it, or drop it.")
        if not state.final and not any(state.name in s.frm for s in track.steps):
            yield Finding(line, "has no way out", "Let a step leave it, or mark it final=True.")


def _deadlines(track: Track) -> Iterator[Finding]:
    steps = {s.name: s for s in track.steps}
    states = {s.name for s in track.states}
    for number, deadline in enumerate(track.deadlines, 1):
        line = _line("deadlines", number, deadline.name)
        if deadline.owner not in SIDES:
            yield Finding(line, f"owner={deadline.owner!r}", "Say REQUESTING or RESPONDING.")
        if not deadline.source.cite.strip():
            yield Finding(line, "cites no source", "Name the clause, article or practice it rests on.")
        if deadline.unit not in UNITS:
            yield Finding(line, f"unit={deadline.unit!r}", f"Say one of {', '.join(UNITS)}.")
        if not set(deadline.pauses) <= set(PAUSES) or not set(deadline.pause_in) <= states:
            yield Finding(
                line, "pauses on something unknown", f"Pauses: {', '.join(PAUSES)}; pause_in: states."
            )
        if deadline.allows is not None and not 0 < deadline.allows[0] <= deadline.allows[1]:
            yield Finding(
                line, f"allows={deadline.allows}", "Give the least and the greatest value, least first."
            )
        yield from _starts_and_ends(deadline, line, steps)


def _starts_and_ends(deadline: Deadline, line: str, steps: dict[str, Step]) -> Iterator[Finding]:
    for name in deadline.lapses:
        if name not in steps:
            yield Finding(line, f"lapses with {name!r}, which is no step", "Name a step of this track.")
    for verb, names in (("start", deadline.starts), ("end", deadline.ends)):
        if not names:
            yield Finding(line, f"can never {verb}", f"Name the steps that {verb} it.")
        for name in names:
            if name not in steps:
                yield Finding(line, f"{verb}s with {name!r}, which is no step", "Name a step of this track.")
            elif verb == "end" and steps[name].by not in (deadline.owner, EITHER):
                yield Finding(
                    line, f"ends with {name!r}, a step of the other side", "The owner's steps end it."
                )


def _fields(track: Track) -> Iterator[Finding]:
    kept = {r.name for r in track.retention}
    groups = {name for name, _ in track.groups}
    for number, step in enumerate(track.steps, 1):
        names = [f.name for f in step.form]
        for f in step.form:
            line = f"{_line('steps', number, step.name)} field {f.name!r}"
            if not NAME.match(f.name) or f.name == "safeguards" or names.count(f.name) > 1:
                yield Finding(line, "is not a free name", "Use another name; 'safeguards' is reserved.")
            if f.type.personal and f.retention not in kept:
                yield Finding(
                    line, "holds personal data without a retention rule", "Name a rule of `retention`."
                )
            if f.when is not None and f.when[0] not in names:
                yield Finding(
                    line, f"depends on {f.when[0]!r}, which the form lacks", "Name a field of this form."
                )
            if f.group and f.group not in groups:
                yield Finding(
                    line, f"stands in the group {f.group!r}, which the track lacks", "Add it to `groups`."
                )
    for name in track.summary:
        if not any(s.opens and s.field(name) for s in track.steps):
            yield Finding("summary", f"{name!r} is no field of the opening step", "Name a field of its form.")
    for number, rule in enumerate(track.retention, 1):
        if rule.years <= 0 or not rule.source.cite.strip():
            yield Finding(_line("retention", number, rule.name), "needs years and a source", "Give both.")


def _safeguards(track: Track) -> Iterator[Finding]:
    known = {s.name for s in track.safeguards}
    for number, step in enumerate(track.steps, 1):
        for name in step.safeguards:
            if name not in known:
                yield Finding(
                    _line("steps", number, step.name), f"names no safeguard {name!r}", "Declare it."
                )
    for number, guard in enumerate(track.safeguards, 1):
        line = _line("safeguards", number, guard.name)
        if not guard.source.cite.strip():
            yield Finding(line, "cites no source", "Name the rule of law it protects.")
        if len({a.code for a in guard.answers}) < 2 or not any(a.blocks for a in guard.answers):
            yield Finding(line, "cannot stop anything", "Give at least two answers, one of which blocks.")
        if not any(guard.name in s.safeguards for s in track.steps):
            yield Finding(line, "is asked by no step", "Name it in a step, or drop it.")


def _measures(track: Track) -> Iterator[Finding]:
    of = {d.name for d in track.deadlines} | {f"count:{s.name}" for s in track.steps}
    for number, measure in enumerate(track.measures, 1):
        if measure.of not in of:
            yield Finding(
                _line("measures", number, measure.name),
                f"measures {measure.of!r}, which the track lacks",
                "Name a deadline, or count:STEP.",
            )
