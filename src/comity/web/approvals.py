"""The approvals queue, and the page on which an officer reads exactly what would leave and decides."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from comity import access, actions
from comity.actions.sending import recall_seconds
from comity.core.text import Refusal, Text
from comity.store import queries
from comity.store.drafts import AWAITING, Bundle, Draft
from comity.store.people import Officer
from comity.store.relations import bond
from comity.web.drafts import declared, loaded, surroundings
from comity.web.drafts_send import after_sending
from comity.web.page import PageRequest, allow, go, show, tell, tell_refusal
from comity.web.preview import sheet
from comity.web.titles import title, titles
from comity.web.words import work

LISTED = 200


@require_safe
def queue(request: PageRequest) -> HttpResponse:
    """What waits for this officer's approval."""
    officer = request.user
    allow(officer, "approve_opening")
    drafts, bundles = queries.approvals(officer)
    waiting = [
        {"draft": d, "key": str(d.pk), "step": declared(d)[1].title, "author": d.author.shown_name,
         "title": _called(d)}
        for d in drafts
    ]  # fmt: skip
    files = [
        {"bundle": b, "key": str(b.pk), "count": b.drafts.filter(status=AWAITING).count(), "author": b.author.shown_name,
         "step": bond(b.relation).tracks[b.track].step(b.step).title}
        for b in bundles
    ]  # fmt: skip
    return show(request, "approvals.html", {"waiting": waiting, "files": files}, here="approvals")


def _called(draft: Draft) -> Text | None:
    """What the case of a draft is called; a new one by what the draft says."""
    if draft.case is not None:
        return titles([draft.case])[draft.case.pk].name
    made = title(declared(draft)[0], dict(draft.body))
    return made.name if made is not None else None


@require_http_methods(["GET", "HEAD", "POST"])
def approval(request: PageRequest, draft: UUID) -> HttpResponse:
    """Read and decide. The approval is for the digest that was on the page, whatever has happened since."""
    officer, row = request.user, loaded(request, draft)
    allow(officer, "approve_opening")
    if request.method == "POST":
        return _decide(request, officer, row)
    if row.status != AWAITING:
        return go(request, "approvals")
    seen = actions.preview(officer, row)
    context = {
        **surroundings(row),
        "sheet": sheet(seen, row, bond(row.relation)),
        "digest": row.digest,
        "own": officer.pk in row.writers,
        "problems": seen.problems,
        "seconds": round(recall_seconds("web")),
        "author": row.author.shown_name,
    }
    return show(request, "approval.html", context, here="approvals")


def _decide(request: PageRequest, officer: Officer, row: Draft | Bundle) -> HttpResponse:
    sending_back = request.POST.get("decision") == "reject"
    back = ("approval" if isinstance(row, Draft) else "bundle", row.pk)
    try:
        if sending_back:
            actions.reject(officer, row, str(request.POST.get("reason", "")))
            tell(request, work.rejected_done)
            return go(request, "approvals")
        if request.POST.get("read") != "yes":
            return go(request, *back, anchor="decide")
        done = actions.approve(officer, row, str(request.POST.get("digest", "")))
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return go(request, *back)
    if isinstance(row, Bundle) or (isinstance(done, Draft) and done.status == AWAITING):
        tell(request, work.approved_done)
        return go(request, "approvals")
    return after_sending(request, row, done)


@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: PageRequest, bundle: UUID) -> HttpResponse:
    """A file of many cases: read its rows, approve or send back the whole."""
    officer = request.user
    allow(officer, "approve_opening")
    row = access.bundle_or_404(officer, bundle, via="web")
    if request.method == "POST":
        return _decide(request, officer, row)
    drafts = list(row.drafts.filter(status=AWAITING).order_by("place", "pk"))
    lines = [
        {"draft": d, "sheet": sheet(actions.preview(officer, d), d, bond(row.relation))}
        for d in drafts[:LISTED]
    ]
    context = {
        "bundle": row, "lines": lines, "count": len(drafts), "own": officer.pk == row.author_id,
        "step": bond(row.relation).tracks[row.track].step(row.step).title, "author": row.author.shown_name,
    }  # fmt: skip
    return show(request, "bundle.html", context, here="approvals")
