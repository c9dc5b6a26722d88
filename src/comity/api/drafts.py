"""Drafts and bundles: what has not left the node. A program may write, check, submit and withdraw; it never approves."""

from __future__ import annotations

from typing import NoReturn

from django.http import HttpRequest
from ninja import Router, Status

from comity import access, actions
from comity.actions.bundles import withdraw_bundle
from comity.api import asked
from comity.api.auth import DRAFT, READ, STEP, VIA, caller
from comity.api.cases import find
from comity.api.faults import READING, READING_ONE, WRITING
from comity.core.text import Refusal, Text
from comity.derive import shaping
from comity.derive.shapes import BundleShape, DraftShape, Problem, Shape, Taken
from comity.store.audit import record
from comity.store.drafts import OPEN_STATUSES, Bundle, Draft, drafts_in_sight

router = Router(tags=["drafts"])


class PreviewOut(Shape):
    """Exactly what would be sent, and what still keeps it here."""

    case: str
    step: str
    digest: str
    body: dict[str, object]
    attachments: list[str]
    problems: list[Problem]


class TokenCannotApprove(Refusal):
    """403: four eyes means two people; a token is one person's key."""

    def __init__(self) -> None:
        super().__init__(
            "token-cannot-approve",
            Text("A token cannot approve or send back.", "不得以令牌作出批准或退回。"),
            "Authorization",
            Text("An officer must sign in and decide in person.", "须由官员本人登录后决定。"),
        )


@router.get("/drafts", auth=READ, response={200: list[DraftShape], **READING}, summary="Open drafts in sight")
def list_drafts(request: HttpRequest, limit: asked.Limit = 50) -> list[DraftShape]:
    """Latest first."""
    who = caller(request)
    with access.acting(who, VIA):
        access.require(who, "read_list")
        rows = Draft.objects.filter(drafts_in_sight(who), status__in=OPEN_STATUSES)
        found = [
            shaping.draft(row)
            for row in rows.select_related("relation", "relation__agreement", "author")[:limit]
        ]
        record(who, "read_list", None, via=VIA, list="drafts", shown=len(found))
    return found


@router.post("/drafts", auth=DRAFT, response={201: DraftShape, **WRITING}, summary="Save a new draft")
def create_draft(request: HttpRequest, given: asked.DraftIn) -> Status[DraftShape]:
    """It may be incomplete and wrong; `check` says what is missing."""
    row = actions.save_draft(
        caller(request),
        case=find(request, given.case) if given.case is not None else None,
        track=given.track,
        step=given.step,
        body=given.body,
        safeguards=given.answers(),
        attachments=given.attachments,
        relation=given.relation,
        via=VIA,
    )
    return Status(201, shaping.draft(row))


@router.get("/drafts/{draft}", auth=READ, response={200: DraftShape, **READING_ONE}, summary="Read a draft")
def read_draft(request: HttpRequest, draft: str) -> DraftShape:
    """As it stands."""
    return shaping.draft(_find(request, draft))


@router.patch("/drafts/{draft}", auth=DRAFT, response={200: DraftShape, **WRITING}, summary="Change a draft")
def change_draft(request: HttpRequest, draft: str, given: asked.DraftChange) -> DraftShape:
    """An edit makes the approvals given before it void."""
    answers = given.safeguards
    row = actions.save_draft(
        caller(request),
        draft=_find(request, draft),
        body=given.body,
        safeguards={name: each.model_dump() for name, each in answers.items()}
        if answers is not None
        else None,
        attachments=given.attachments,
        via=VIA,
    )
    return shaping.draft(row)


@router.delete("/drafts/{draft}", auth=DRAFT, response={204: None, **WRITING}, summary="Withdraw a draft")
def withdraw_draft(request: HttpRequest, draft: str) -> Status[None]:
    """It is closed, and kept on the audit trail."""
    actions.withdraw_draft(caller(request), _find(request, draft), via=VIA)
    return Status(204, None)


@router.get(
    "/drafts/{draft}/check",
    auth=READ,
    response={200: list[Problem], **READING_ONE},
    summary="What is missing",
)
def check_draft(request: HttpRequest, draft: str) -> list[Problem]:
    """Everything that keeps the draft from leaving; an empty list when it may go."""
    return [shaping.problem(each) for each in actions.check_draft(caller(request), _find(request, draft))]


@router.get(
    "/drafts/{draft}/preview",
    auth=READ,
    response={200: PreviewOut, **READING_ONE},
    summary="What will be sent",
)
def preview(request: HttpRequest, draft: str) -> PreviewOut:
    """Exactly what the other side would see, and the digest an approval is bound to."""
    seen = actions.preview(caller(request), _find(request, draft))
    return PreviewOut(
        case=seen.case,
        step=seen.step.name,
        digest=seen.digest,
        body=dict(seen.body),
        attachments=[file.pk for file in seen.attachments],
        problems=[shaping.problem(each) for each in seen.problems],
    )


@router.post(
    "/drafts/{draft}/submit",
    auth=STEP,
    response={201: Taken, 202: Taken, **WRITING},
    summary="Send a draft on its way",
)
def submit(request: HttpRequest, draft: str) -> Status[Taken]:
    """201: written into our log. 202: waits for another officer's approval."""
    taken = shaping.taken(actions.submit(caller(request), _find(request, draft), via=VIA))
    return Status(201 if taken.outcome == "sent" else 202, taken)


@router.post(
    "/drafts/{draft}/recall",
    auth=STEP,
    response={200: DraftShape, **WRITING},
    summary="Recall before it leaves",
)
def recall(request: HttpRequest, draft: str) -> DraftShape:
    """Only while it waits for the time of recall."""
    return shaping.draft(actions.recall(caller(request), _find(request, draft), via=VIA))


@router.post(
    "/drafts/{draft}/approve",
    auth=STEP,
    response={204: None, **WRITING},
    summary="Never: a token cannot approve",
)
def approve(request: HttpRequest, draft: str, given: asked.ApprovalIn) -> NoReturn:
    """Always 403 for a draft that is in sight. An officer approves at the pages, or with `comity case approve`."""
    _find(request, draft)
    raise TokenCannotApprove


@router.post(
    "/drafts/{draft}/reject",
    auth=STEP,
    response={204: None, **WRITING},
    summary="Never: a token cannot decide",
)
def reject(request: HttpRequest, draft: str, given: asked.RejectIn) -> NoReturn:
    """Always 403 for a draft that is in sight."""
    _find(request, draft)
    raise TokenCannotApprove


@router.get(
    "/bundles/{bundle}", auth=READ, response={200: BundleShape, **READING_ONE}, summary="Read a bundle"
)
def read_bundle(request: HttpRequest, bundle: str) -> BundleShape:
    """Drafts made from one file, approved as one."""
    return shaping.bundle(_bundle(request, bundle))


@router.delete("/bundles/{bundle}", auth=STEP, response={204: None, **WRITING}, summary="Withdraw a bundle")
def take_back_bundle(request: HttpRequest, bundle: str) -> Status[None]:
    """The whole file is taken back; its rows may be handed in again."""
    withdraw_bundle(caller(request), _bundle(request, bundle), via=VIA)
    return Status(204, None)


def _find(request: HttpRequest, draft: str) -> Draft:
    return access.draft_or_404(caller(request), draft, via=VIA)


def _bundle(request: HttpRequest, bundle: str) -> Bundle:
    return access.bundle_or_404(caller(request), bundle, via=VIA)
