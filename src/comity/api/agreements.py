"""What both sides signed: the agreements this node holds, each version whole, and the bytes of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from comity.api import asked
from comity.api.auth import READ
from comity.api.faults import READING, READING_ONE
from comity.api.tracks import DeadlineOut, deadlines_of, relations
from comity.core.agreement import Agreement
from comity.derive.shapes import Shape, Words
from comity.derive.shaping import words
from comity.store.logs import Relation
from comity.store.relations import bond
from comity.tracks import TRACKS

router = Router(tags=["agreements"])


class AgreementBrief(Shape):
    """`in_force`: for new cases; earlier versions stay the terms of the cases opened under them."""

    name: str
    version: int
    digest: str
    supersedes: str
    title: Words
    me: str
    peer: str
    in_force: bool


class AgreementOut(AgreementBrief):
    suite: str
    parties: list[dict[str, Any]]
    instruments: list[dict[str, Any]]
    clauses: list[dict[str, Any]]
    tracks: dict[str, list[DeadlineOut]]
    commitments: list[dict[str, Any]]


@router.get("/agreements", auth=READ, response={200: list[AgreementBrief], **READING}, summary="Agreements")
def list_agreements(request: HttpRequest) -> list[AgreementBrief]:
    """Every version this node holds, those in force first."""
    found = [
        AgreementBrief(**_agreement(row, each))
        for row in relations()
        for each in reversed(bond(row).chain.agreements)
    ]
    return sorted(found, key=lambda each: not each.in_force)


@router.get(
    "/agreements/{name}", auth=READ, response={200: AgreementOut, **READING_ONE}, summary="An agreement"
)
def read_agreement(request: HttpRequest, name: str, version: asked.Version | None = None) -> AgreementOut:
    """The version in force, or the one asked for."""
    row, each = _find(name, version)
    return AgreementOut(
        **_agreement(row, each),
        suite=each.suite,
        parties=[
            {"code": p.code, "name": p.name.to_json(), "authority": p.authority.to_json(), "time_zone": p.time_zone}
            for p in each.parties
        ],
        instruments=[
            {"id": i.id, "title": i.title.to_json(), "date": i.date.isoformat(), "source": i.source}
            for i in each.instruments
        ],
        clauses=[
            {"id": c.id, "instrument": c.instrument, "topic": c.topic, "text": c.text.to_json()} for c in each.clauses
        ],
        tracks={name: deadlines_of(TRACKS[name], each) for name in each.tracks if name in TRACKS},
        commitments=[
            {
                "id": c.id, "owner": c.owner, "clause": c.clause, "text": c.text.to_json(), "force": c.force,
                "due": c.due.isoformat() if c.due else None, "measure": c.measure,
            }
            for c in each.commitments
        ],
    )  # fmt: skip


_TOML: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The bytes both sides signed",
            "content": {"application/toml": {"schema": {"type": "string"}}},
        }
    }
}


@router.get(
    "/agreements/{name}/text",
    auth=READ,
    response={200: None, **READING_ONE},
    openapi_extra=_TOML,
    summary="Its bytes",
)
def read_text(request: HttpRequest, name: str, version: asked.Version | None = None) -> HttpResponse:
    """The agreement as both sides signed it, byte for byte; its SHA-256 is its digest."""
    _, each = _find(name, version)
    return HttpResponse(each.data, content_type="application/toml")


def _agreement(row: Relation, each: Agreement) -> dict[str, Any]:
    return {
        "name": each.name,
        "version": each.version,
        "digest": each.digest,
        "supersedes": each.supersedes,
        "title": words(each.title),
        "me": row.me,
        "peer": row.peer,
        "in_force": each.digest == row.agreement_id,
    }


def _find(name: str, version: int | None) -> tuple[Relation, Agreement]:
    for row in relations():
        chain = bond(row).chain
        for each in chain.agreements:
            if row.name == name and version in (None, each.version) and (version or each == chain.head):
                return row, each
    raise Http404
