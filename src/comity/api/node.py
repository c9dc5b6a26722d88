"""What concerns the node and not one case: who I am, search, scorecard, links, the audit trail, and that it is alive."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from comity import access
from comity.api import asked
from comity.api.auth import READ, VIA, caller
from comity.api.faults import READING, READING_ONE
from comity.core.deadline import stamp
from comity.derive import shapes, shaping
from comity.derive.scoring import scorecard, sizes_of
from comity.derive.shapes import SearchShape, Shape, Words
from comity.derive.shaping import words
from comity.store import queries
from comity.store.audit import ACTIONS
from comity.store.logs import Relation
from comity.store.people import Officer, Token

router = Router(tags=["node"])


class Alive(Shape):
    status: str


class Me(Shape):
    """The officer this token acts as. `pseudonym` is all the other authority ever sees of him or her."""

    officer: str
    name: str
    role: str
    role_title: Words
    unit: str | None
    lang: str
    pseudonym: str
    scopes: list[str]
    expires: str


class ScorecardOut(Shape):
    """`digest` is the SHA-256 of the canonical form of `content`; both nodes give the same at the same sizes."""

    relation: str
    digest: str
    content: dict[str, Any]


class LinkOut(Shape):
    """The line to one peer. `owed` of our entries are not held there yet, the oldest since `since`."""

    relation: str
    peer: str
    peer_name: Words
    light: str
    why: list[Words]
    owed: int
    since: str | None
    heard: str | None
    skew_seconds: int | None
    hold: str
    read_only: str
    ours: int
    theirs: int


class AuditOut(Shape):
    at: str
    officer: str | None
    action: str
    title: Words
    case: str | None
    via: str
    detail: dict[str, Any]


class AuditPage(Shape):
    total: int
    start: int
    items: list[AuditOut]


@router.get("/healthz", auth=None, response={200: Alive, 503: shapes.Fault}, summary="Alive")
def healthz(request: HttpRequest) -> Alive:
    """The node answers and its database reads."""
    Relation.objects.exists()
    return Alive(status="ok")


@router.get("/me", auth=READ, response={200: Me, **READING}, summary="Who this token acts as")
def me(request: HttpRequest) -> Me:
    """And what it may be used for."""
    token: Token = request.auth  # type: ignore[attr-defined]  # set by ninja from `authenticate`
    who = token.officer
    return Me(
        officer=who.username,
        name=who.shown_name,
        role=who.role,
        role_title=words(who.role_title),
        unit=who.unit.code if who.unit is not None else None,
        lang=who.lang,
        pseudonym=who.pseudonym,
        scopes=list(token.scopes),
        expires=stamp(token.expires),
    )


@router.get("/search", auth=READ, response={200: SearchShape, **READING}, summary="Search cases in sight")
def search(request: HttpRequest, q: asked.Asking, limit: asked.Limit = 50) -> SearchShape:
    """One box: Chinese, pinyin, Latin names in any order, case and document numbers."""
    _require(request, "search")
    return shaping.search(queries.search(caller(request), q, timezone.now(), limit=limit, via=VIA))


@router.get("/scorecard", auth=READ, response={200: list[ScorecardOut], **READING}, summary="Scorecards")
def scorecards(request: HttpRequest) -> list[ScorecardOut]:
    """Of every relation, as both logs stand here now."""
    _require(request, "scorecard")
    return [_score(row) for row in Relation.objects.select_related("agreement").order_by("name")]


@router.get(
    "/scorecard/{relation}", auth=READ, response={200: ScorecardOut, **READING_ONE}, summary="One scorecard"
)
def one_scorecard(request: HttpRequest, relation: str, at: asked.Word = "") -> ScorecardOut:
    """`at`: as of these sizes of the two logs, "aa=120,bb=98" with the codes of the parties; default: now."""
    _require(request, "scorecard")
    row = (
        Relation.objects.select_related("agreement").filter(name=relation).first()
        if "\0" not in relation
        else None
    )
    if row is None:
        raise Http404
    return _score(row, at)


@router.get("/links", auth=READ, response={200: list[LinkOut], **READING}, summary="Health of the lines")
def links(request: HttpRequest) -> list[LinkOut]:
    """One for each relation; no case is in it."""
    _require(request, "links")
    return [
        LinkOut(
            relation=each.relation.name,
            peer=each.relation.peer,
            peer_name=words(each.peer),
            light=each.light,
            why=[words(said) for said in each.why],
            owed=each.owed,
            since=each.since or None,
            heard=shaping.at(each.heard),
            skew_seconds=each.skew_seconds,
            hold=each.relation.hold,
            read_only=each.relation.read_only,
            ours=each.ours.size,
            theirs=each.theirs.size,
        )
        for each in queries.links(timezone.now())
    ]


@router.get(
    "/audit", auth=READ, response={200: AuditPage, **READING}, summary="The audit trail, for oversight"
)
def audit(
    request: HttpRequest,
    case: asked.Word = "",
    officer: asked.Word = "",
    action: asked.Word = "",
    start: asked.Start = 0,
    limit: asked.Limit = 100,
) -> AuditPage:
    """Latest first. Reading it is itself on the trail."""
    _require(request, "read_audit")
    of = Officer.objects.filter(username=officer).first() if officer else None
    if (officer and of is None) or (action and action not in ACTIONS):
        return AuditPage(total=0, start=start, items=[])
    rows, total = queries.audit_trail(
        caller(request), case_id=case, of=of, action=action, start=start, limit=limit, via=VIA
    )
    return AuditPage(
        total=total,
        start=start,
        items=[
            AuditOut(
                at=stamp(row.at), officer=row.officer.username if row.officer is not None else None, action=row.action,
                title=words(row.title), case=row.case_id, via=row.via, detail=row.detail,
            )
            for row in rows
        ],
    )  # fmt: skip


def _score(row: Relation, at: str = "") -> ScorecardOut:
    made = scorecard(row, sizes_of(at) if at else None)
    return ScorecardOut(relation=row.name, digest=made.digest, content=made.content)


def _require(request: HttpRequest, action: str) -> None:
    with access.acting(caller(request), VIA):
        access.require(caller(request), action)
