"""Question pages: one section of a draft at a time, saved at each step, whether or not it is complete.

What is wrong is said at the input it concerns and in a summary on top; what was typed is saved all the same, so nobody types
anything twice.
"""

from __future__ import annotations

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from comity import actions
from comity.core.text import Refusal
from comity.derive import form as forms
from comity.derive.form_controls import Control, Look, Option
from comity.law.problem import Problem
from comity.store.drafts import Draft
from comity.store.files import Attachment
from comity.store.relations import bond
from comity.web import dates
from comity.web.drafts import declared, loaded, section_title, surroundings, tasks
from comity.web.files_shown import names
from comity.web.page import PageRequest, go, show, tell, tell_refusal, zones_of
from comity.web.words import forms as words


def look_of(request: PageRequest, row: Draft) -> Look:
    """Language, time zones and files of a draft's form."""
    zones = tuple((zone, dates.zone_name(zone)) for zone in zones_of(bond(row.relation)))
    called = names(row.attachments, request.user, row.case_id)
    files = tuple((sha, called.get(sha) or sha[:12]) for sha in row.attachments)
    return Look(request.lang, zones, files)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: PageRequest, draft: UUID, section: str) -> HttpResponse:
    """One section: shown, or saved and left for the next."""
    row = loaded(request, draft)
    track, step = declared(row)
    pages = forms.sections(track, step)
    if section not in pages:
        raise Http404
    if section == forms.ATTACHMENTS:
        return _attachments(request, row)
    if section == forms.SAFEGUARDS:
        return _safeguards(request, row)
    look = look_of(request, row)
    if request.method != "POST":
        form = forms.StepForm(step, section, look, body=row.body)
        if request.GET.get("check"):
            form.add_problems(actions.check_draft(request.user, row))
        return _page(request, row, section, controls=form.controls(), faults=form.faults())
    form = forms.StepForm(step, section, look, body=row.body, data=request.POST)
    try:
        row = actions.save_draft(request.user, draft=row, body=form.saved())
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return go(request, "draft", row.pk)
    more = str(request.POST.get("more", ""))
    if more or form.places:
        return _page(
            request, row, section, controls=form.controls(more), faults=[] if more else form.faults(),
            status=200 if more else 422,
        )  # fmt: skip
    return _onward(request, row, section)


def _onward(request: PageRequest, row: Draft, section: str) -> HttpResponse:
    """To the next section, back to the list, or to the check after the last."""
    if "leave" in request.POST:
        tell(request, words.saved)
        return go(request, "draft", row.pk)
    if request.GET.get("check"):
        return go(request, "check", row.pk)
    pages = forms.sections(*declared(row))
    after = pages.index(section) + 1
    return (
        go(request, "question", row.pk, pages[after]) if after < len(pages) else go(request, "check", row.pk)
    )


def _page(
    request: PageRequest, row: Draft, section: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    track, step = declared(row)
    pages = forms.sections(track, step)
    values = {
        **surroundings(row),
        "section": section,
        "section_title": section_title(track, section),
        "number": pages.index(section) + 1,
        "of": len(pages),
        "checking": "?check=1" if request.GET.get("check") else "",
        "tasks": tasks(row, actions.check_draft(request.user, row)),
        **context,
    }
    return show(request, "question.html", values, status=status)


def _safeguards(request: PageRequest, row: Draft) -> HttpResponse:
    officer = request.user
    _, step = declared(row)
    if request.method == "POST":
        answers = actions.parse_safeguards(step, {key: request.POST.get(key, "") for key in request.POST})
        try:
            row = actions.save_draft(officer, draft=row, safeguards=answers)
        except Refusal as refusal:
            tell_refusal(request, refusal)
            return go(request, "draft", row.pk)
        problems = [p for p in actions.check_draft(officer, row) if p.where.startswith("safeguards.")]
        told = [p for p in problems if p.code != "safeguard-unanswered"]
        if not told:
            return _onward(request, row, forms.SAFEGUARDS)
        return _guards_page(request, row, told, 422)
    problems = actions.check_draft(officer, row) if request.GET.get("check") else []
    return _guards_page(request, row, [p for p in problems if p.where.startswith("safeguards.")], 200)


def _guards_page(request: PageRequest, row: Draft, problems: list[Problem], status: int) -> HttpResponse:
    track, step = declared(row)
    lang = request.lang
    said = {p.where: _with_mend(p, lang) for p in problems}
    guards = []
    for name in step.safeguards:
        guard, given = track.safeguard(name), row.safeguards.get(name) or {}
        where = f"safeguards.{name}"
        ask = Control(
            "radios", where, f"f-{where.replace('.', '-')}", guard.question[lang], error=said.get(where, "")
        )
        reason = Control(
            "textarea", f"{where}.reason", f"{ask.id}-reason", words.reason[lang], str(given.get("reason") or ""),
            words.reason_hint[lang], error=said.get(f"{where}.reason", ""), rows=3,
        )  # fmt: skip
        shown_once = guard.named_officer
        for number, answer in enumerate(guard.answers):
            option = Option(
                answer.code, answer.text[lang], given.get("answer") == answer.code, f"{ask.id}-{number}" if number else ask.id,
                hint=words.answer_blocks[lang] if answer.blocks else "",
            )  # fmt: skip
            if answer.needs_reason and not shown_once:
                option.below.append(reason)
                shown_once = True
            ask.options.append(option)
        extra = reason if guard.named_officer else None
        guards.append({"control": ask, "source": guard.source.cite, "reason": extra})
    faults = [(f"f-{where.replace('.', '-')}", text) for where, text in said.items()]
    return _page(request, row, forms.SAFEGUARDS, status=status, guards=guards, faults=faults)


def _with_mend(problem: Problem, lang: str) -> str:
    return f"{problem.what[lang]} {problem.mend[lang]}" if problem.mend else problem.what[lang]


def _attachments(request: PageRequest, row: Draft) -> HttpResponse:
    if request.method == "POST":
        return _onward(request, row, forms.ATTACHMENTS)
    held = Attachment.objects.in_bulk(row.attachments)
    called = names(row.attachments, request.user, row.case_id)
    files = [
        {"sha256": sha, "name": called.get(sha) or sha[:12], "size": held[sha].size if sha in held else 0}
        for sha in row.attachments
    ]
    return _page(request, row, forms.ATTACHMENTS, files=files)


@require_POST
def attach(request: PageRequest, draft: UUID) -> HttpResponse:
    """Keep a file and add it to the draft."""
    officer, row = request.user, loaded(request, draft)
    file = request.FILES.get("file")
    if file is None:
        lang = request.lang
        return _page_with_fault(request, row, words.no_file_chosen[lang])
    try:
        kept = actions.add_attachment(officer, cast(BinaryIO, file), name=str(file.name or ""), case=row.case)
        actions.save_draft(officer, draft=row, attachments=[*row.attachments, kept.pk])
    except Refusal as refusal:
        if refusal.code in ("disk-full", "attachment-too-large"):
            raise
        tell_refusal(request, refusal)
    return go(request, "question", row.pk, forms.ATTACHMENTS)


def _page_with_fault(request: PageRequest, row: Draft, said: str) -> HttpResponse:
    return _page(request, row, forms.ATTACHMENTS, status=422, files=[], faults=[("file", said)])


@require_POST
def detach(request: PageRequest, draft: UUID) -> HttpResponse:
    """Take a file off the draft; the file itself stays until nothing names it."""
    officer, row = request.user, loaded(request, draft)
    gone = str(request.POST.get("sha256", ""))
    try:
        actions.save_draft(officer, draft=row, attachments=[sha for sha in row.attachments if sha != gone])
    except Refusal as refusal:
        tell_refusal(request, refusal)
    return go(request, "question", row.pk, forms.ATTACHMENTS)
