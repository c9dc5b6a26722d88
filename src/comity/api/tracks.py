"""What can be done here: the tracks of this node, with the JSON schema of every step."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from comity.api.auth import READ
from comity.api.faults import READING, READING_ONE
from comity.core.agreement import Agreement
from comity.core.track import Step, Track
from comity.derive.chart import mermaid
from comity.derive.schema import step_schema
from comity.derive.shapes import Shape, Words
from comity.derive.shaping import maybe, words
from comity.store.logs import Relation
from comity.store.relations import bond
from comity.tracks import TRACKS

router = Router(tags=["tracks"])


class StateOut(Shape):
    name: str
    title: Words
    mover: str | None
    final: bool
    hint: Words | None


class StepBrief(Shape):
    name: str
    title: Words
    meaning: Words
    by: str
    frm: list[str]
    to: str | None
    opens: bool
    at_any_time: bool
    effect: str
    approvals: int
    attachments: str
    safeguards: list[str]


class StepOut(StepBrief):
    """`input`: JSON schema of what the step takes."""

    input: dict[str, Any]


class DeadlineOut(Shape):
    """`value` is None where no limit is agreed and the time is measured."""

    name: str
    title: Words
    owner: str
    unit: str
    source: str
    value: int | None
    clause: str | None


class SafeguardOut(Shape):
    name: str
    question: Words
    source: str
    named_officer: bool
    answers: list[dict[str, Any]]


class TrackBrief(Shape):
    name: str
    title: Words
    purpose: Words
    source: str
    agreed: list[str]


class TrackOut(TrackBrief):
    states: list[StateOut]
    steps: list[StepBrief]
    deadlines: list[DeadlineOut]
    safeguards: list[SafeguardOut]
    chart: str


@router.get("/tracks", auth=READ, response={200: list[TrackBrief], **READING}, summary="Tracks of this node")
def list_tracks(request: HttpRequest) -> list[TrackBrief]:
    """`agreed`: the relations whose agreement in force has the track."""
    return [_track_brief(track) for track in TRACKS.values()]


@router.get("/tracks/{track}", auth=READ, response={200: TrackOut, **READING_ONE}, summary="A track, whole")
def read_track(request: HttpRequest, track: str) -> TrackOut:
    """States, steps, deadlines as agreed, safeguards, and its chart as Mermaid."""
    found = _track(track)
    agreed = next(
        (bond(row).agreement for row in relations() if found.name in bond(row).agreement.tracks), None
    )
    return TrackOut(
        **_track_brief(found).model_dump(),
        states=[
            StateOut(name=s.name, title=words(s.title), mover=s.mover, final=s.final, hint=maybe(s.hint))
            for s in found.states
        ],
        steps=[StepBrief(**_step(step)) for step in found.steps],
        deadlines=deadlines_of(found, agreed),
        safeguards=[
            SafeguardOut(
                name=g.name,
                question=words(g.question),
                source=g.source.cite,
                named_officer=g.named_officer,
                answers=[
                    {
                        "code": a.code,
                        "text": a.text.to_json(),
                        "blocks": a.blocks,
                        "needs_reason": a.needs_reason,
                    }
                    for a in g.answers
                ],
            )
            for g in found.safeguards
        ],
        chart=mermaid(found, "en"),
    )


@router.get(
    "/tracks/{track}/steps/{step}", auth=READ, response={200: StepOut, **READING_ONE}, summary="A step’s form"
)
def read_step(request: HttpRequest, track: str, step: str) -> StepOut:
    """With the JSON schema of what it takes, derived from the declaration."""
    found = _track(track)
    declared = found.find_step(step)
    if declared is None:
        raise Http404
    return StepOut(**_step(declared), input=step_schema(found, declared))


def relations() -> list[Relation]:
    return list(Relation.objects.select_related("agreement").order_by("name"))


def _track(name: str) -> Track:
    if name not in TRACKS:
        raise Http404
    return TRACKS[name]


def _track_brief(track: Track) -> TrackBrief:
    agreed = [row.name for row in relations() if track.name in bond(row).agreement.tracks]
    return TrackBrief(
        name=track.name,
        title=words(track.title),
        purpose=words(track.purpose),
        source=track.source.cite,
        agreed=agreed,
    )


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "title": words(step.title),
        "meaning": words(step.meaning),
        "by": step.by,
        "frm": list(step.frm),
        "to": step.to,
        "opens": step.opens,
        "at_any_time": step.at_any_time,
        "effect": step.effect,
        "approvals": step.approvals,
        "attachments": step.attachments,
        "safeguards": list(step.safeguards),
    }


def deadlines_of(track: Track, agreement: Agreement | None) -> list[DeadlineOut]:
    found = []
    for deadline in track.deadlines:
        agreed = agreement is not None and track.name in agreement.tracks
        term = (
            agreement.terms(track.name).deadline(deadline.name) if agreement is not None and agreed else None
        )
        found.append(
            DeadlineOut(
                name=deadline.name, title=words(deadline.title), owner=deadline.owner,
                unit=(term.unit if term is not None and term.unit else deadline.unit), source=deadline.source.cite,
                value=term.value if term is not None else None,
                clause=(term.clause or None) if term is not None else None,
            )
        )  # fmt: skip
    return found
