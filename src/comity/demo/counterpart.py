"""The counterpart that answers: what the other authority would plausibly do next, some seconds after a person has acted.

It plays one side only: it answers what a *person* wrote at the other node after the story ended, never what the other robot
wrote; so whoever tries the demonstration plays the first side himself. Which step it takes is a preference by state,
and for a track it does not know the first way out of the state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from comity.core.case import Case
from comity.core.deadline import moment
from comity.store import bodies
from comity.store.cases import CaseRow
from comity.store.logs import Entry

# track -> state -> steps it would take there, the likeliest first. Where the first has been taken before, the next follows.
HABITS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "repatriation": {
        "requested": ("verify",),
        "interview": ("report_interview",),
        "verified": ("issue_document",),
        "carried_out": ("confirm_arrival",),
        "reissue_asked": ("reissue_document",),
        "incomplete": ("complete",),
        "unverified": ("resubmit", "close_unverified"),
        "document_issued": ("notify_transfer",),
        "transfer_notified": ("carry_out",),
    }
}
_LOOK = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Move:
    case: str
    step: str
    body: Mapping[str, Any] = field(default_factory=dict)


def moves(since: datetime, robots: frozenset[str], patience: float, now: datetime) -> Iterator[Move]:
    """What to answer now: in each case where a person of the other side had the last word, `patience` seconds ago or more.

    since   nothing written before is answered: the story's own cases stay as they are
    robots  pseudonyms of the officers the demonstration itself acts as, at both nodes

    Where it is still our turn after our own answer, it goes on: verified, then the document.
    """
    rows = CaseRow.objects.select_related("relation").filter(
        updated__gte=max(since, now - _LOOK), ended=False
    )
    for row in rows:
        last = Entry.objects.filter(case_id=row.pk, verdict="").order_by("-time", "-id").first()
        if (
            last is None
            or moment(last.time) < since
            or now - moment(last.received) < timedelta(seconds=patience)
        ):
            continue
        ours = last.log_id == row.relation.logs.get(author=row.relation.me).pk
        if ours != (last.parsed.officer in robots):
            continue  # a person of ours is at it himself, or the other side's robot spoke
        move = _answer(row, row.case, last, asked=not ours)
        if move is not None:
            yield move


def _answer(row: CaseRow, case: Case, last: Entry, *, asked: bool) -> Move | None:
    side = case.side_of(row.relation.me)
    track = case.track
    said = track.find_step(last.step)
    if said is not None and said.asks and asked:
        reply = next((step for step in track.steps if step.answers), None)
        return Move(row.pk, reply.name) if reply is not None else None
    if row.waiting != "us" or row.held:
        return None
    taken = {mark.step for mark in case.trace}
    habits = HABITS.get(track.name, {}).get(case.state, ())
    ways = [*habits, *(step.name for step in track.steps_from(case.state, side) if not step.at_any_time)]
    wanted = next((name for name in ways if name not in taken), ways[-1] if ways else "")
    if (
        _without_papers(row)
        and case.state == "requested"
        and "arrange_interview" in ways
        and "report_interview" not in taken
    ):
        wanted = "arrange_interview"
    return Move(row.pk, wanted) if wanted else None


def _without_papers(row: CaseRow) -> bool:
    """Whether the application names no document: then an interview comes first."""
    opening = Entry.objects.filter(case_id=row.pk, step=row.case.track.opening.name).first()
    held = opening.body if opening is not None else None
    return held is not None and bodies.read(bytes(held)).get("evidence") == "none"
