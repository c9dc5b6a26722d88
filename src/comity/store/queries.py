"""What officers see: their work, lists of cases, search. The other views are offered here too, from where they stand.

Border: reads; the audit row of each reading is the only write, in the same transaction. Every list starts from
`in_sight`, so what an officer may not see is in no list and no count. One case as a story is `case_lines`; what can be
done next is `case_steps`; the whole at a glance is `overview`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac

from comity.core.deadline import stamp
from comity.core.text import Text
from comity.core.track import State
from comity.store import indexing, names
from comity.store import search as box
from comity.store.audit import record
from comity.store.case_lines import DeadlineItem, TimelineItem, deadlines, timeline
from comity.store.case_steps import NextStep, next_steps, waiting_for
from comity.store.cases import CaseRow
from comity.store.database import writing
from comity.store.drafts import (
    AWAITING,
    OPEN_STATUSES,
    Approval,
    Bundle,
    Draft,
    bundles_in_sight,
    drafts_in_sight,
)
from comity.store.logs import Log
from comity.store.overview import AGES, Link, Load, Saw, audit_trail, links, scorecard, who_saw, workload
from comity.store.people import APPROVES, Assignment, Officer, Unit, in_sight

PAGE = 50
SEARCH_CATCHES_UP = 1000  # entries not indexed yet that a search takes in first


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One line of a list of cases. `due` is the nearest deadline of the side the list is about; `clocks` are open ones."""

    case: CaseRow
    state: State
    due: datetime | None
    overdue: bool
    clocks: tuple[DeadlineItem, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list, and how long the whole list is."""

    items: tuple[WorkItem, ...]
    total: int
    start: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """An officer's desk: whose move it is, nearest deadline first; his open drafts; what waits for his approval."""

    waiting_on_us: Page
    waiting_on_them: Page
    drafts: tuple[Draft, ...]
    approvals: tuple[Draft, ...]
    bundles: tuple[Bundle, ...]


def work(
    officer: Officer,
    at: datetime,
    *,
    limit: int = PAGE,
    start_us: int = 0,
    start_them: int = 0,
    via: str = "web",
) -> Work:
    """My work: open cases in sight, split by whose move it is, by nearest deadline."""
    with writing():
        seen = CaseRow.objects.filter(in_sight(officer), ended=False)
        us = _page(officer, seen.filter(waiting="us"), "due_us", at, start_us, limit)
        them = _page(officer, seen.filter(waiting="them"), "due_them", at, start_them, limit)
        record(officer, "read_list", None, via=via, at=at, list="work", cases=_keys(us) + _keys(them))
        drafts, bundles = approvals(officer)
        return Work(us, them, own_drafts(officer), drafts, bundles)


def cases(
    officer: Officer,
    at: datetime,
    *,
    track: str = "",
    state: str = "",
    waiting: str = "",
    unit: Unit | None = None,
    mine: bool = False,
    overdue: bool = False,
    ended: bool | None = None,
    order: str = "updated",
    start: int = 0,
    limit: int = PAGE,
    via: str = "web",
) -> Page:
    """The list of cases in sight, filtered. `order`: "updated" (latest first), "due" (nearest first), "opened" (oldest
    first); KeyError for another."""
    ordering: Any = {
        "updated": [F("updated").desc(), "pk"],
        "due": [F("due_us").asc(nulls_last=True), "pk"],
        "opened": [F("opened").asc(), "pk"],
    }[order]
    rows = CaseRow.objects.filter(in_sight(officer))
    wanted = {"track": track, "state": state, "waiting": waiting}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if unit is not None:
        rows = rows.filter(unit=unit)
    if mine:
        rows = rows.filter(pk__in=Assignment.objects.filter(officer=officer).values("case_id"))
    if overdue:
        rows = rows.filter(Q(due_us__lt=at) | Q(due_them__lt=at))
    if ended is not None:
        rows = rows.filter(ended=ended)
    with writing():
        page = _page(officer, rows, "due_us", at, start, limit, ordering)
        record(officer, "read_list", None, via=via, at=at, list="cases", cases=_keys(page))
    return page


def _page(
    officer: Officer,
    rows: QuerySet[CaseRow],
    due: str,
    at: datetime,
    start: int,
    limit: int,
    ordering: Any = None,
) -> Page:
    """Keys first, in order; then only the rows that are shown, with their clocks."""
    limit = max(1, min(limit, 500))
    order = ordering or [F(due).asc(nulls_last=True), "pk"]
    keys = list(rows.order_by(*order).values_list("pk", flat=True)[start : start + limit])
    found = CaseRow.objects.select_related("relation", "relation__agreement", "unit").in_bulk(keys)
    mine = set(Assignment.objects.filter(officer=officer, case__in=keys).values_list("case_id", flat=True))
    return Page(tuple(work_item(found[key], due, at, key in mine) for key in keys), rows.count(), start)


def _keys(page: Page) -> list[str]:
    """The cases a list has shown, for the audit trail."""
    return [item.case.pk for item in page.items]


def work_item(row: CaseRow, due: str, at: datetime, mine: bool) -> WorkItem:
    day: datetime | None = getattr(row, due)
    running = tuple(each for each in deadlines(row, stamp(at)) if each.clock.open)
    return WorkItem(row, row.case.track.state(row.state), day, day is not None and day < at, running, mine)


def own_drafts(officer: Officer) -> tuple[Draft, ...]:
    """The officer's open drafts that are not rows of a bundle, latest first."""
    rows = Draft.objects.filter(
        drafts_in_sight(officer), author=officer, status__in=OPEN_STATUSES, bundle=None
    )
    return tuple(rows.select_related("case", "relation", "unit")[:PAGE])


def approvals(officer: Officer) -> tuple[tuple[Draft, ...], tuple[Bundle, ...]]:
    """Drafts and bundles in sight that wait for an approval this officer may give; oldest first."""
    if officer.role not in APPROVES:
        return (), ()
    rows = Draft.objects.filter(drafts_in_sight(officer), status=AWAITING, bundle=None).exclude(
        author=officer
    )
    given = Approval.objects.filter(officer=officer, voided=None)
    rows = rows.exclude(pk__in=given.filter(draft__isnull=False).values("draft"))
    drafts = [
        d
        for d in rows.select_related("case", "relation", "author").order_by("updated")
        if officer.pk not in d.writers
    ]
    files = Bundle.objects.filter(bundles_in_sight(officer), status=AWAITING).exclude(author=officer)
    files = files.exclude(pk__in=given.filter(bundle__isnull=False).values("bundle"))
    return tuple(drafts), tuple(files.select_related("author", "relation").order_by("created"))


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found: cases in sight only; each with how it was found (same words, or same sound).

    `complete` is False while so many entries have just come in that some are not findable yet.
    """

    total: int
    items: tuple[tuple[WorkItem, Text], ...]
    complete: bool = True


def search(officer: Officer, text: str, at: datetime, *, limit: int = PAGE, via: str = "web") -> Search:
    """One box: Chinese, pinyin, Latin names in any order, case and document numbers. What is asked is not kept in words."""
    indexing.catch_up(most=SEARCH_CATCHES_UP)
    with writing():
        found = box.find(CaseRow.objects.filter(in_sight(officer)), text, limit=max(1, min(limit, 200)))
        rows = CaseRow.objects.select_related("relation", "relation__agreement", "unit").in_bulk(
            [r.pk for r, _ in found.rows]
        )
        mine = set(
            Assignment.objects.filter(officer=officer, case__in=rows).values_list("case_id", flat=True)
        )
        asked = salted_hmac("comity search", names.fold(text), algorithm="sha256").hexdigest()
        record(officer, "search", None, via=via, at=at, asked=asked, found=found.total, cases=list(rows))
        return Search(
            found.total,
            tuple((work_item(rows[row.pk], "due_us", at, row.pk in mine), how) for row, how in found.rows),
            not Log.objects.filter(indexed__lt=F("size")).exists(),
        )


__all__ = [
    "AGES", "DeadlineItem", "Link", "Load", "NextStep", "Page", "Saw", "Search", "TimelineItem", "Work", "WorkItem",
    "approvals", "audit_trail", "cases", "deadlines", "links", "next_steps", "own_drafts", "scorecard", "search",
    "timeline", "waiting_for", "who_saw", "work", "workload",
]  # fmt: skip
