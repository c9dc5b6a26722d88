"""The whole at a glance: workload, scorecard, health of the links, who saw a case, the audit trail.

Border: reads; the audit row of each reading is the only write, in the same transaction. The scorecard and the links
hold no person and no case, so everybody at the node may read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from comity.core.case import Case
from comity.core.deadline import stamp
from comity.core.measure import LogHead, Scorecard
from comity.core.measure import scorecard as core_scorecard
from comity.core.text import Text
from comity.core.tree import CompactRange
from comity.store.audit import Audit, reading, record
from comity.store.cases import CaseRow
from comity.store.database import writing
from comity.store.logs import Entry, Log, Relation, entry_key
from comity.store.people import SEES_ALL, TAKES_STEPS, Assignment, Officer, Unit, in_sight
from comity.store.relations import bond, logs

AGES: tuple[tuple[str, int | None, Text], ...] = (
    ("week", 7, Text("up to 7 days", "7 日以内")),
    ("month", 30, Text("8 to 30 days", "8 至 30 日")),
    ("quarter", 90, Text("31 to 90 days", "31 至 90 日")),
    ("older", None, Text("over 90 days", "90 日以上")),
)


@dataclass(frozen=True, slots=True)
class Load:
    """Open cases of one officer, or of nobody (`officer` None): by age, whose move, and what is overdue or due soon."""

    officer: Officer | None
    total: int
    waiting_on_us: int
    overdue: int
    due_in_a_week: int
    ages: dict[str, int]


def workload(
    officer: Officer, at: datetime, unit: Unit | None = None, *, via: str = "web"
) -> tuple[Load, ...]:
    """Who has how much: one line per officer of the unit, last those on nobody's desk. Cases in sight only.

    unit  None: the officer's own unit; oversight may name any, or none for the whole node.
    """
    if officer.role not in SEES_ALL:
        unit = officer.unit
    with writing():
        rows = CaseRow.objects.filter(in_sight(officer), ended=False)
        if unit is not None:
            rows = rows.filter(unit=unit)
        record(officer, "read_list", None, via=via, at=at, list="workload")
        busy = Q(pk__in=Assignment.objects.filter(case__in=rows.order_by()).values("officer"))
        if unit is not None:
            busy |= Q(unit=unit, is_active=True, role__in=TAKES_STEPS)
        people = Officer.objects.filter(busy).order_by("username")
        loads = [_load(each, rows.filter(assignments__officer=each), at) for each in people]
        return (*loads, _load(None, rows.filter(assignments=None), at))


def _load(officer: Officer | None, rows: QuerySet[CaseRow], at: datetime) -> Load:
    bands: dict[str, Any] = {}
    younger = at + timedelta(days=3650)
    for name, days, _ in AGES:
        since = at - timedelta(days=days) if days is not None else datetime.min.replace(tzinfo=at.tzinfo)
        bands[name] = Count("pk", filter=Q(opened__lt=younger, opened__gte=since))
        younger = since
    found = rows.order_by().aggregate(
        total=Count("pk"),
        us=Count("pk", filter=Q(waiting="us")),
        overdue=Count("pk", filter=Q(due_us__lt=at)),
        soon=Count("pk", filter=Q(due_us__gte=at, due_us__lt=at + timedelta(days=7))),
        **bands,
    )
    ages = {name: found[name] for name, _, _ in AGES}
    return Load(officer, found["total"], found["us"], found["overdue"], found["soon"], ages)


def scorecard(relation: Relation) -> Scorecard:
    """The figures of a relation, from both logs and the agreement alone; the same bytes on both nodes. Holds no person."""
    link = bond(relation)
    heads = {author: LogHead(log.size, _root(log), log.time) for author, log in logs(relation).items()}
    return core_scorecard(link.chain, _folds(relation), heads, link.chain.calendar, link.tracks)


def _root(log: Log) -> str:
    tree = CompactRange.from_bytes(bytes(log.frontier)) if log.size else CompactRange()
    return tree.root().hex()


def _folds(relation: Relation) -> Iterator[Case]:
    for row in CaseRow.objects.filter(relation=relation).order_by("pk").iterator(chunk_size=500):
        yield row.case


GREEN, AMBER, RED = "green", "amber", "red"


@dataclass(frozen=True, slots=True)
class Link:
    """The health of the line to one peer. `owed` of our entries are not held there yet, the oldest written at `since`."""

    relation: Relation
    peer: Text
    light: str
    why: tuple[Text, ...]
    owed: int
    since: str
    heard: datetime | None
    skew_seconds: int | None
    ours: Log
    theirs: Log


def links(at: datetime) -> tuple[Link, ...]:
    """Every relation's line, by name. Holds no case."""
    found = []
    for relation in Relation.objects.select_related("agreement").order_by("name"):
        both = logs(relation)
        ours = both[relation.me]
        owed = max(0, ours.substantial - ours.held)
        since = ""
        if owed:
            first = (
                Entry.objects.filter(pk=entry_key(ours.pk, ours.held)).values_list("time", flat=True).first()
            )
            since = first or ""
        light, why = _light(relation, owed, since, at)
        skew = None if relation.peer_skew_ms is None else round(relation.peer_skew_ms / 1000)
        peer = bond(relation).agreement.party(relation.peer).name
        found.append(
            Link(relation, peer, light, why, owed, since, relation.heard, skew, ours, both[relation.peer])
        )
    return tuple(found)


def _light(relation: Relation, owed: int, since: str, at: datetime) -> tuple[str, tuple[Text, ...]]:
    red, amber = [], []
    if relation.hold:
        red.append(Text("The line is on hold: {code}.", "链路已暂停：{code}。").fill(code=relation.hold))
    if relation.read_only:
        said = Text("Our own records are being read back: {code}.", "正在取回本方记录：{code}。")
        red.append(said.fill(code=relation.read_only))
    if owed and since and since < stamp(at - timedelta(hours=1)):
        amber.append(
            Text("{owed} entries have waited for more than an hour.", "{owed} 项登记已等待超过一小时。").fill(
                owed=owed
            )
        )
    if relation.heard is None:
        amber.append(Text("Nothing has been heard from the other side yet.", "尚未收到对方任何消息。"))
    elif relation.heard < at - timedelta(hours=24):
        amber.append(Text("Nothing has been heard for more than a day.", "已超过一日未收到对方消息。"))
    if relation.peer_skew_ms is not None and abs(relation.peer_skew_ms) > 300_000:
        amber.append(Text("The two clocks differ by more than five minutes.", "双方时钟相差超过五分钟。"))
    if red:
        return RED, tuple(red + amber)
    return (AMBER, tuple(amber)) if amber else (GREEN, (Text("In good order.", "运行正常。"),))


@dataclass(frozen=True, slots=True)
class Saw:
    """Who has read or changed a case: how often, and when last."""

    officer: Officer | None
    times: int
    last: datetime


def who_saw(case: CaseRow, officer: Officer, *, via: str = "web") -> tuple[Saw, ...]:
    """Every officer who has read or changed the case, latest first. The officer must be able to see the case."""
    with writing():
        reading(officer, case, via=via)
        rows = (
            Audit.objects.filter(case_id=case.pk, officer__isnull=False)
            .exclude(action="denied")
            .order_by()
            .values("officer")
            .annotate(times=Count("pk"), last=Max("at"))
        )
        people = Officer.objects.in_bulk([row["officer"] for row in rows])
        found = [Saw(people[row["officer"]], row["times"], row["last"]) for row in rows]
    return tuple(sorted(found, key=lambda saw: saw.last, reverse=True))


def audit_trail(
    officer: Officer,
    *,
    case_id: str = "",
    of: Officer | None = None,
    action: str = "",
    start: int = 0,
    limit: int = 100,
    via: str = "web",
) -> tuple[tuple[Audit, ...], int]:
    """The audit trail, latest first, and how long it is. The caller has asked `access.require(officer, "read_audit")`."""
    wanted = {"case_id": case_id, "officer": of, "action": action}
    with writing():
        rows = Audit.objects.filter(**{name: value for name, value in wanted.items() if value}).order_by(
            "-pk"
        )
        found = tuple(rows.select_related("officer")[start : start + min(limit, 1000)])
        total = rows.count()
        record(officer, "read_audit", case_id[:40] or None, via=via, shown=len(found))
    return found, total
