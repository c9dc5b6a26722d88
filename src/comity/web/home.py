"""My work: what waits on us, what waits on them, nearest deadline first; and the whole list of cases behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from comity import access
from comity.core.text import Text
from comity.store import queries
from comity.store.drafts import Draft
from comity.store.relations import bond
from comity.web import dates, shown
from comity.web.page import PageRequest, allow, first_page, go, now, relations, show, zones_of
from comity.web.pages_of import Pages, page_number
from comity.web.titles import Title, title, titles

SHOWN = 12
PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list as a page shows it."""

    id: str
    title: Title
    state: Text
    held: bool
    ended: bool
    ours: bool
    mine: bool
    clock: shown.ShownClock | None
    tone: str
    track: Text
    item: queries.WorkItem
    how: Text | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    key: str
    step: Text
    case: str
    title: Text | None
    status: Text
    reason: str
    leaving: bool
    draft: Draft


def lines(items: Iterable[queries.WorkItem], side: str = "") -> list[Line]:
    """Cases of a list, each with its title in both languages and its nearest clock: of `side` where one is named."""
    items = list(items)
    called = titles(item.case for item in items)
    return [_line(item, called[item.case.pk], side) for item in items]


def _line(item: queries.WorkItem, title: Title, side: str) -> Line:
    row = item.case
    track = bond(row.relation).tracks[row.track]
    clock = shown.nearest(item.clocks, now(), side) if not row.ended else None
    tone = "violet" if row.held else clock.tone if clock and clock.tone in ("red", "amber") else ""
    return Line(
        row.pk, title, item.state.title, row.held, row.ended, row.waiting == "us", item.mine, clock, tone,
        track.title, item,
    )  # fmt: skip


def draft_line(draft: Draft) -> DraftLine:
    """An open draft in a list."""
    track = bond(draft.relation).tracks[draft.track]
    made = titles([draft.case])[draft.case_name].name if draft.case is not None else None
    if draft.case is None:
        new = title(track, dict(draft.body))
        made = new.name if new else None
    return DraftLine(
        str(draft.pk), track.step(draft.step).title, draft.case_name, made,
        draft.status_title, draft.reason, draft.status == "leaving", draft,
    )  # fmt: skip


@require_safe
def desk(request: PageRequest) -> HttpResponse:
    """The first page of whoever works on cases; others are led to the first page of their role."""
    officer = request.user
    if (first := first_page(officer)) != "home":
        return go(request, first)
    at = now()
    work = queries.work(officer, at, limit=SHOWN)
    week = at + timedelta(days=7)
    links = [bond(row) for row in relations()]
    zone = zones_of(links[0])[0] if links else "UTC"
    today = at.astimezone(ZoneInfo(zone))
    open_cases = access.visible(officer).filter(ended=False)
    return show(
        request,
        "home.html",
        {
            "today": Text(
                f"{dates.weekday(today).en} {dates.day(today).en}",
                f"{dates.day(today).zh}，{dates.weekday(today).zh}",
            ),
            "overdue": open_cases.filter(due_us__lt=at).count(),
            "soon": open_cases.filter(due_us__gte=at, due_us__lt=week).count(),
            "us": lines(work.waiting_on_us.items, "us"),
            "us_total": work.waiting_on_us.total,
            "them": lines(work.waiting_on_them.items, "them"),
            "them_total": work.waiting_on_them.total,
            "drafts": [draft_line(draft) for draft in work.drafts],
            "approvals": len(work.approvals) + len(work.bundles),
        },
        here="home",
    )


@require_safe
def cases(request: PageRequest) -> HttpResponse:
    """Every case in sight, by whose move, by state of ending, or only what is overdue."""
    officer = request.user
    allow(officer, "read_list")
    waiting = request.GET.get("waiting", "")
    ended = {"yes": True, "no": False}.get(request.GET.get("ended", "no"))
    overdue = request.GET.get("overdue") == "yes"
    number = page_number(request)
    found = queries.cases(
        officer,
        now(),
        waiting=waiting if waiting in ("us", "them") else "",
        ended=ended if not waiting else False,
        overdue=overdue,
        mine=request.GET.get("mine") == "yes",
        order="due" if waiting or overdue else "updated",
        start=(number - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    return show(
        request,
        "cases.html",
        {
            "cases": lines(found.items, waiting),
            "total": found.total,
            "waiting": waiting,
            "overdue": overdue,
            "ended": ended,
            "pages": Pages.of(request, number, found.total, PER_PAGE),
        },
        here="home",
    )
