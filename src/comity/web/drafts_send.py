"""The last page before a step leaves: what is missing, exactly what the other authority will see, and sending.

Nothing is sent by opening a page: sending, recalling and discarding are POSTs, and `actions` decides each.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from comity import actions
from comity.actions.sending import recall_seconds
from comity.core.text import Refusal
from comity.derive import form as forms
from comity.law.problem import Incomplete, Problem
from comity.store.drafts import AWAITING, OPEN_STATUSES, Draft
from comity.store.relations import bond
from comity.web.drafts import declared, loaded, section_title, surroundings
from comity.web.page import PageRequest, go, show, tell, tell_refusal, their_name
from comity.web.preview import sheet
from comity.web.words import case as case_words


@require_safe
def check(request: PageRequest, draft: UUID) -> HttpResponse:
    """What is missing, each with the way to mend it; the preview; and the button, when nothing is missing."""
    officer, row = request.user, loaded(request, draft)
    if row.status not in OPEN_STATUSES:
        return go(request, "draft", row.pk)
    seen = actions.preview(officer, row)
    track, step = declared(row)
    link = bond(row.relation)
    return show(
        request,
        "check.html",
        {
            **surroundings(row),
            "missing": [_missing(row, problem) for problem in seen.problems],
            "blocked": any(problem.blocks for problem in seen.problems),
            "sheet": sheet(seen, row, link),
            "sections": [
                {"name": name, "title": section_title(track, name)} for name in forms.sections(track, step)
            ],
            "approvals": step.approvals,
            "seconds": round(recall_seconds("web")),
        },
    )


def _missing(row: Draft, problem: Problem) -> dict[str, object]:
    track, step = declared(row)
    section = forms.section_of(track, step, problem.where) if problem.where else ""
    return {
        "what": problem.what,
        "mend": problem.mend,
        "section": section,
        "anchor": forms.input_id(problem.where, step) if problem.where else "",
        "blocks": problem.blocks,
    }


@require_POST
def send(request: PageRequest, draft: UUID) -> HttpResponse:
    """Ask for approval where the step needs it, else send; every problem leads back to the check."""
    officer, row = request.user, loaded(request, draft)
    try:
        done = actions.submit(officer, row)
    except Incomplete:
        return go(request, "check", row.pk)
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return go(request, "draft", row.pk)
    return after_sending(request, row, done)


def after_sending(request: PageRequest, row: Draft, done: object) -> HttpResponse:
    """Say what has become of a draft: waiting for approval, leaving, or in the record."""
    _, step = declared(row)
    if isinstance(done, Draft):
        if done.status == AWAITING:
            tell(request, case_words.asked_approval.fill(step=step.title))
        else:
            tell(request, case_words.leaves_soon.fill(step=step.title, n=round(recall_seconds("web"))))
        return go(request, "draft", row.pk)
    tell(request, case_words.sent_now.fill(step=step.title, who=their_name(bond(row.relation))))
    return go(request, "case", row.case_name)


@require_POST
def recall(request: PageRequest, draft: UUID) -> HttpResponse:
    """Take back what is about to leave."""
    row = loaded(request, draft)
    try:
        actions.recall(request.user, row)
    except Refusal as refusal:
        tell_refusal(request, refusal)
    else:
        tell(request, case_words.recalled)
    return go(request, "draft", row.pk)


@require_POST
def discard(request: PageRequest, draft: UUID) -> HttpResponse:
    """Withdraw a draft that has not left."""
    row = loaded(request, draft)
    try:
        actions.withdraw_draft(request.user, row)
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return go(request, "draft", row.pk)
    tell(request, case_words.draft_gone)
    return go(request, "case", row.case_id) if row.case_id else go(request, "home")
