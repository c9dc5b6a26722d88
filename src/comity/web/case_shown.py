"""The case page's values: everything `case.html` shows, made from what the store hands out about one loaded case.

Border: reads only, and only about a case the caller has loaded through `access`. Decides nothing: which steps are offered,
what a clock says and who may read what is decided below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comity import access
from comity.core.case import Case
from comity.core.deadline import stamp
from comity.core.text import Text
from comity.core.track import SIDES, Step
from comity.derive import chart
from comity.store import queries
from comity.store.case_lines import ERASED, US, TimelineItem
from comity.store.cases import CaseRow
from comity.store.people import SEES_BY_NEED, Officer
from comity.store.relations import Bond, bond
from comity.web import shown
from comity.web.files_shown import File, files
from comity.web.page import party_name
from comity.web.titles import titles
from comity.web.words import case as words

FIRST_ROWS = 4  # of an entry's content that stand open in the record
STOPS = ("holds", "ends")


@dataclass(frozen=True, slots=True)
class Offer:
    """A step the officer can begin now, or whose draft he can go on with."""

    name: str
    title: Text
    meaning: Text
    needs: tuple[Text, ...]
    draft: str


@dataclass(frozen=True, slots=True)
class Offers:
    main: tuple[Offer, ...]
    anytime: tuple[Offer, ...]
    stop: tuple[Offer, ...]

    @property
    def any(self) -> bool:
        return bool(self.main or self.anytime or self.stop)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in the record of both authorities."""

    author: str
    index: int
    ours: bool
    who: Text
    title: Text
    at: str
    officer: str
    approvals: str
    marks: tuple[shown.ShownMark, ...]
    fault: Text | None
    form: Text | None
    erased: bool
    rows: tuple[shown.Row, ...]
    files: tuple[File, ...]

    @property
    def number(self) -> int:
        return self.index + 1

    @property
    def first_rows(self) -> tuple[shown.Row, ...]:
        return self.rows[:FIRST_ROWS]

    @property
    def more_rows(self) -> tuple[shown.Row, ...]:
        return self.rows[FIRST_ROWS:]


def page(row: CaseRow, officer: Officer, now: datetime) -> dict[str, Any]:
    """Everything the case page shows."""
    link, folded = bond(row.relation), row.case
    items = queries.timeline(row, officer)
    known = files(row, officer, [file for item in items for file in item.attachments])
    running, past = shown.clocks(queries.deadlines(row, stamp(now)), now)
    lines = [_line(item, link, known) for item in reversed(items)]
    opening = next((item for item in items if item.step is not None and item.step.opens and item.valid), None)
    first, more = _particulars(opening)
    been = [mark.state for mark in sorted(folded.trace, key=lambda m: (m.time, m.index)) if mark.state]
    names = {side: party_name(link, folded.parties[side]) for side in SIDES}
    mover = folded.mover
    return {
        "case": {
            "id": row.pk,
            "title": titles([row])[row.pk],
            "track": folded.track.title,
            "state": folded.track.state(folded.state).title,
            "tone": "plain" if folded.ended else "brand",
            "held": folded.held,
            "ended": folded.ended,
            "ours": row.waiting == "us",
            "mover_name": names[mover] if mover else None,
            "requesting": link.agreement.party(folded.parties[SIDES[0]]).authority,
            "responding": link.agreement.party(folded.parties[SIDES[1]]).authority,
            "opened": row.opened,
            "agreement": link.chain.by_digest(row.agreement),
            "unit": row.unit.title if row.unit is not None else words.no_unit,
            "clock": next((clock for clock in running if clock.ours == (row.waiting == "us")), None),
            "holds": _holds(items, folded, link),
            "first_rows": first,
            "more_rows": more,
        },
        "states": chart.listed(folded.track, current=folded.state, been=been),
        "drawings": {
            lang: chart.draw(
                folded.track, lang, current=folded.state, been=been, names={s: names[s][lang] for s in SIDES}
            )
            for lang in ("en", "zh")
        },
        "steps": offers(queries.next_steps(row, officer)),
        "timeline": lines,
        "clocks": {"open": running, "past": past},
        "files": list(known.values()),
        "guards": [
            shown.guard(each, item.title)
            for item in reversed(items)
            if item.valid
            for each in item.safeguards
        ],
        "people": people(row, officer),
        "notes": [
            {"text": n.text, "who": n.author.shown_name, "at": n.at}
            for n in row.notes.select_related("author")
        ],
        "may_note": access.may(officer, "add_note", row),
        "seen": _who_saw(row, officer),
    }


def _holds(items: Sequence[TimelineItem], folded: Case, link: Bond) -> list[dict[str, Any]]:
    """The hold of each side that is in force: who placed it, when, and why, as its entry says."""
    found = []
    for side in sorted(folded.joint.holds):
        party = folded.parties[side]
        placed = [i for i in items if i.valid and i.author == party and i.step is not None and i.step.holds]
        if placed:
            last = placed[-1]
            found.append({"who": party_name(link, party), "at": last.time, "why": list(last.fields)})
    return found


def _particulars(opening: TimelineItem | None) -> tuple[list[shown.Row], list[shown.Row]]:
    """What the opening entry says of the matter: its first group of questions, and the rest."""
    if opening is None:
        return [], []
    step = opening.step
    first_group = next((f.group for f in step.form), "") if step is not None else ""
    first: list[shown.Row] = []
    more: list[shown.Row] = []
    for said in opening.fields:
        field = step.field(said.name) if step is not None else None
        target = first if field is not None and field.group == first_group else more
        target.append(shown.row(said, step))
    return first, more


def _line(item: TimelineItem, link: Bond, known: dict[str, File]) -> Line:
    return Line(
        author=item.author,
        index=item.index,
        ours=item.side == US,
        who=party_name(link, item.author),
        title=item.title,
        at=item.time,
        officer=item.officer,
        approvals=", ".join(item.approvals),
        marks=shown.marks(item.marks),
        fault=None if item.valid else item.why or Text(item.code, item.code),
        form=item.defect,
        erased=item.content == ERASED,
        rows=tuple(shown.row(said, item.step, None) for said in item.fields),
        files=tuple(known[file.sha256] for file in item.attachments if file.sha256 in known),
    )


def offers(found: Sequence[queries.NextStep]) -> Offers:
    """The steps that can be taken now: those that lead on, those taken at any time, those that pause or end the case."""
    ready = [each for each in found if each.available]
    main = [e for e in ready if not e.step.at_any_time or e.step.releases or e.step.answers]
    stop = [e for e in ready if e.step.effect in STOPS]
    rest = [e for e in ready if e not in main and e not in stop]
    return Offers(*(tuple(_offer(e) for e in part) for part in (main, rest, stop)))


def _offer(found: queries.NextStep) -> Offer:
    step = found.step
    return Offer(step.name, step.title, step.meaning, needs(step), str(found.draft.pk) if found.draft else "")


def needs(step: Step) -> tuple[Text, ...]:
    """What a step asks for before it may leave."""
    wanted = []
    if step.safeguards:
        count = len(step.safeguards)
        wanted.append(words.needs_safeguard if count == 1 else words.needs_safeguards.fill(n=count))
    if step.attachments == "required":
        wanted.append(words.needs_attachment)
    if step.approvals:
        wanted.append(
            words.needs_approval if step.approvals == 1 else words.needs_approvals.fill(n=step.approvals)
        )
    return tuple(wanted)


def people(row: CaseRow, officer: Officer) -> dict[str, Any]:
    """Who has the case on his desk, and who may be given it."""
    held = [each.officer for each in row.assignments.select_related("officer").order_by("at")]
    may_assign = access.may(officer, "assign", row)
    free = Officer.objects.filter(is_active=True, role__in=SEES_BY_NEED).exclude(
        pk__in=[each.pk for each in held]
    )
    return {
        "assigned": [
            {"key": each.pk, "name": each.shown_name, "may_remove": may_assign or each.pk == officer.pk}
            for each in held
        ],
        "me": officer.pk,
        "may_take_up": access.may(officer, "take_up", row) and officer not in held,
        "choices": [{"key": each.pk, "name": each.shown_name} for each in free] if may_assign else [],
    }


def _who_saw(row: CaseRow, officer: Officer) -> list[dict[str, Any]] | None:
    if not access.may(officer, "who_saw", row):
        return None
    found = queries.who_saw(row, officer)
    return [
        {"name": s.officer.shown_name if s.officer else "–", "times": s.times, "last": s.last}
        for s in found[:8]
    ]
