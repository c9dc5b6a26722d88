"""The case page, and what is done on it that never leaves the node: assigning, internal notes, opening a file.

Every view loads the case through `access.case_or_404`, so what an officer may not see does not exist for him. Steps are
begun in `drafts`.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from comity import access, actions
from comity.actions.keeping import place_of
from comity.core.text import Refusal
from comity.store.audit import record
from comity.store.cases import CaseRow
from comity.store.files import HELD, Attachment, AttachmentUse
from comity.store.people import Officer
from comity.web import case_shown
from comity.web.page import PageRequest, go, now, show, tell, tell_refusal
from comity.web.words import case as words


def loaded(request: PageRequest, case: str) -> CaseRow:
    """The case, if this officer may see it; the reading is on the audit trail."""
    return access.case_or_404(request.user, case, via="web")


@require_safe
def case(request: PageRequest, case: str) -> HttpResponse:
    """The case page."""
    row = loaded(request, case)
    return show(request, "case.html", case_shown.page(row, request.user, now()), here="home")


@require_POST
def assign(request: PageRequest, case: str) -> HttpResponse:
    """Put the case on an officer's desk, or take it on oneself."""
    row, to = loaded(request, case), _officer(request)
    try:
        actions.assign(request.user, row, to)
    except Refusal as refusal:
        tell_refusal(request, refusal)
    else:
        tell(request, words.assigned_done.fill(who=to.shown_name))
    return go(request, "case", row.pk, anchor="people")


@require_POST
def unassign(request: PageRequest, case: str) -> HttpResponse:
    """Take the case off an officer's desk."""
    row, to = loaded(request, case), _officer(request)
    officer = request.user
    try:
        actions.unassign(officer, row, to)
    except Refusal as refusal:
        tell_refusal(request, refusal)
    else:
        tell(request, words.unassigned_done.fill(who=to.shown_name))
    if not access.sees(officer, row):
        return go(request, "home")
    return go(request, "case", row.pk, anchor="people")


def _officer(request: PageRequest) -> Officer:
    key = str(request.POST.get("officer", ""))
    found = (
        Officer.objects.filter(pk=int(key), is_active=True).first()
        if key.isdigit() and len(key) < 18
        else None
    )
    if found is None:
        raise Http404
    return found


@require_POST
def note(request: PageRequest, case: str) -> HttpResponse:
    """Keep an internal note on the case."""
    row = loaded(request, case)
    try:
        actions.add_note(request.user, row, str(request.POST.get("text", "")))
    except Refusal as refusal:
        tell_refusal(request, refusal)
    else:
        tell(request, words.note_saved)
    return go(request, "case", row.pk, anchor="notes")


@require_safe
def file(request: PageRequest, case: str, sha256: str) -> HttpResponseBase:
    """An attachment of this case as a download, never shown by the browser itself; 404 for any other file."""
    officer, row = request.user, loaded(request, case)
    use = AttachmentUse.objects.filter(case_id=row.pk, attachment_id=sha256.lower()).first()
    with access.acting(officer, "web"):
        if use is None:
            raise access.Hidden("read_attachment", row.pk)
        access.require(officer, "read_attachment", row)
        held = Attachment.objects.filter(pk=use.attachment_id, state=HELD).first()
        if held is None:
            raise Http404
        record(officer, "read_attachment", row.pk, via="web", sha256=held.pk)
    response = FileResponse(
        place_of(held.pk).open("rb"), as_attachment=True, filename=f"{row.pk}-{held.pk[:12]}"
    )
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
