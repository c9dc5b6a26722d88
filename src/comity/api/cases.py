"""Cases: list, read, open, take a step, note, assign. Every step of every track goes through `take_step` here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from comity import access, actions
from comity.actions.bulk import BulkRow
from comity.api import asked
from comity.api.auth import DRAFT, READ, STEP, VIA, caller
from comity.api.faults import READING, READING_ONE, WRITING
from comity.core.deadline import stamp
from comity.core.entry import is_case_id
from comity.core.text import Refusal, Text
from comity.derive import shapes, shaping
from comity.derive.shapes import CaseFull, CasePage, Clock, Line, Shape, Taken
from comity.store import queries
from comity.store.case_lines import deadlines, timeline
from comity.store.case_steps import next_steps, waiting_for
from comity.store.cases import CaseRow
from comity.store.people import Officer, Unit

router = Router(tags=["cases"])


class NoteOut(Shape):
    case: str
    author: str
    at: str
    text: str


class Assigned(Shape):
    case: str
    officer: str
    at: str


class SawOut(Shape):
    """Who has read or changed the case: how often, and when last."""

    officer: str
    role: str
    times: int
    last: str


class BulkOut(Shape):
    """A report line for each row. `bundle` waits for approval as a whole; None where none is needed or none was made."""

    counts: dict[str, int]
    bundle: str | None
    rows: list[dict[str, Any]]


def find(request: HttpRequest, case: str) -> CaseRow:
    """The case, read and recorded; Hidden where it does not exist or is not in sight."""
    if not is_case_id(case):
        raise access.Hidden("read_case", None)
    return access.case_or_404(caller(request), case, via=VIA)


@router.get("/cases", auth=READ, response={200: CasePage, **READING}, summary="List cases in sight")
def list_cases(
    request: HttpRequest,
    track: asked.Word = "",
    state: asked.Word = "",
    waiting: asked.Whose = "",
    unit: asked.Word = "",
    mine: bool = False,
    overdue: bool = False,
    ended: bool | None = None,
    order: asked.Order = "updated",
    start: asked.Start = 0,
    limit: asked.Limit = 50,
) -> CasePage:
    """Filtered; `waiting` is whose move it is. What is not in sight is in no list and no count."""
    _require(request, "read_list")
    found = Unit.objects.filter(code=unit).first() if unit else None
    if unit and found is None:
        return CasePage(total=0, start=start, items=[])
    return shaping.page(
        queries.cases(
            caller(request), timezone.now(), track=track, state=state, waiting=waiting, unit=found, mine=mine,
            overdue=overdue, ended=ended, order=order, start=start, limit=limit, via=VIA,
        )
    )  # fmt: skip


@router.get(
    "/work", auth=READ, response={200: shapes.WorkShape, **READING}, summary="My work, by whose move it is"
)
def my_work(request: HttpRequest, limit: asked.Limit = 50) -> shapes.WorkShape:
    """Open cases split into waiting on us and waiting on them, nearest deadline first; drafts; what waits for approval."""
    _require(request, "read_list")
    return shaping.work(queries.work(caller(request), timezone.now(), limit=limit, via=VIA))


@router.post("/cases", auth=STEP, response={201: Taken, 202: Taken, **WRITING}, summary="Open a case")
def open_case(request: HttpRequest, given: asked.OpenIn) -> Status[Taken]:
    """201: the case is open. 202: the opening step waits for another officer's approval."""
    done = actions.open_case(
        caller(request),
        given.track,
        given.body,
        given.answers(),
        given.attachments,
        relation=given.relation,
        via=VIA,
    )
    return _answer(shaping.taken(done))


@router.post("/bulk", auth=STEP, response={200: BulkOut, **WRITING}, summary="Open many cases")
def open_many(request: HttpRequest, given: asked.BulkIn) -> BulkOut:
    """All or nothing per row; a row handed in before is recognised. Where the step needs it, the rows wait as a bundle."""
    rows = [
        BulkRow(n, row.body, row.answers(), tuple(row.attachments)) for n, row in enumerate(given.rows, 1)
    ]
    report = actions.open_many(
        caller(request), given.track, rows, relation=given.relation, source=given.source, via=VIA
    )
    return BulkOut(**report.to_json())


@router.get("/cases/{case}", auth=READ, response={200: CaseFull, **READING_ONE}, summary="Read a case")
def read_case(request: HttpRequest, case: str) -> CaseFull:
    """Where it stands, its clocks, and what our side may do next."""
    row, now, who = find(request, case), timezone.now(), caller(request)
    mine = row.assignments.filter(officer=who).exists()
    due = "due_them" if row.waiting == "them" else "due_us"
    return shaping.full(
        queries.work_item(row, due, now, mine),
        deadlines(row, stamp(now)),
        next_steps(row, who, via=VIA),
        waiting_for(row),
    )


@router.get(
    "/cases/{case}/timeline",
    auth=READ,
    response={200: list[Line], **READING_ONE},
    summary="Both sides' entries",
)
def read_timeline(request: HttpRequest, case: str) -> list[Line]:
    """One line of time, oldest first, each entry with its marks: sent, received, acted on."""
    return [shaping.line(item) for item in timeline(find(request, case), caller(request), via=VIA)]


@router.get(
    "/cases/{case}/deadlines",
    auth=READ,
    response={200: list[Clock], **READING_ONE},
    summary="Clocks, and why",
)
def read_deadlines(request: HttpRequest, case: str) -> list[Clock]:
    """Every clock of the case, with everything its date was computed from, as data and as a sentence."""
    return [shaping.clock(item) for item in deadlines(find(request, case), stamp(timezone.now()))]


@router.post(
    "/cases/{case}/steps/{step}",
    auth=STEP,
    response={201: Taken, 202: Taken, **WRITING},
    summary="Take a step",
)
def take_step(request: HttpRequest, case: str, step: str, given: asked.StepIn) -> Status[Taken]:
    """Any step of the case's track. 201: it is written. 202: it waits for another officer's approval."""
    row = find(request, case)
    done = actions.take_step(
        caller(request), row, step, given.body, given.answers(), given.attachments, via=VIA
    )
    return _answer(shaping.taken(done))


@router.post(
    "/cases/{case}/notes", auth=DRAFT, response={201: NoteOut, **WRITING}, summary="Write an internal note"
)
def add_note(request: HttpRequest, case: str, given: asked.NoteIn) -> Status[NoteOut]:
    """It never leaves this node."""
    note = actions.add_note(caller(request), find(request, case), given.text, via=VIA)
    return Status(201, NoteOut(case=case, author=note.author.username, at=stamp(note.at), text=note.text))


@router.get(
    "/cases/{case}/notes", auth=READ, response={200: list[NoteOut], **READING_ONE}, summary="Internal notes"
)
def read_notes(request: HttpRequest, case: str) -> list[NoteOut]:
    """Latest first."""
    rows = find(request, case).notes.select_related("author")
    return [NoteOut(case=case, author=row.author.username, at=stamp(row.at), text=row.text) for row in rows]


@router.get(
    "/cases/{case}/seen-by",
    auth=READ,
    response={200: list[SawOut], **READING_ONE},
    summary="Who saw the case",
)
def who_saw(request: HttpRequest, case: str) -> list[SawOut]:
    """Officers of this node who have read or changed it, latest first."""
    row = find(request, case)
    with access.acting(caller(request), VIA):
        access.require(caller(request), "who_saw", row)
    found = queries.who_saw(row, caller(request), via=VIA)
    return [
        SawOut(officer=saw.officer.username, role=saw.officer.role, times=saw.times, last=stamp(saw.last))
        for saw in found
        if saw.officer is not None
    ]


@router.post(
    "/cases/{case}/assignments", auth=STEP, response={201: Assigned, **WRITING}, summary="Assign the case"
)
def assign(request: HttpRequest, case: str, given: asked.AssignIn) -> Status[Assigned]:
    """Put the case on an officer's desk; an officer may take up a case of his unit himself."""
    row = find(request, case)
    made = actions.assign(caller(request), row, _colleague(given.officer), via=VIA)
    return Status(201, Assigned(case=row.pk, officer=made.officer.username, at=stamp(made.at)))


@router.delete(
    "/cases/{case}/assignments/{name}",
    auth=STEP,
    response={204: None, **WRITING},
    summary="Take it off a desk",
)
def unassign(request: HttpRequest, case: str, name: str) -> Status[None]:
    """Refused where nobody would hold the case any more."""
    actions.unassign(caller(request), find(request, case), _colleague(name), via=VIA)
    return Status(204, None)


def _answer(taken: Taken) -> Status[Taken]:
    return Status(201 if taken.outcome == "sent" else 202, taken)


def _require(request: HttpRequest, action: str) -> None:
    with access.acting(caller(request), VIA):
        access.require(caller(request), action)


def _colleague(name: str) -> Officer:
    found = Officer.objects.filter(username=name, is_active=True).first() if "\0" not in name else None
    if found is None:
        raise Refusal(
            "unknown-officer",
            Text("No officer here has that name.", "本节点没有该名称的人员。"),
            "officer",
        )
    return found
