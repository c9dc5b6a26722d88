"""Drafts: choosing what a new case is about, beginning a step, and the list of sections of a draft.

A draft is loaded through `loaded`: what is not among the drafts an officer may see does not exist for him. What is typed is
kept from the first keystroke saved; nothing here sends anything (`drafts_send` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from comity import access, actions
from comity.actions.drafting import relation_for
from comity.core.text import Refusal, Text
from comity.core.track import Step, Track
from comity.derive import form as forms
from comity.law.problem import Problem
from comity.store.drafts import AWAITING, LEAVING, OPEN_STATUSES, SENT, Draft, drafts_in_sight
from comity.store.people import Officer
from comity.store.relations import bond
from comity.web.cases import loaded as loaded_case
from comity.web.page import PageRequest, allow, go, relations, show, tell, tell_refusal, their_name
from comity.web.titles import titles
from comity.web.words import case as case_words
from comity.web.words import forms as words

FEW = 2  # sections up to which a step begins with its first question instead of the list of sections


@dataclass(frozen=True, slots=True)
class Task:
    """One section of a draft and how far it is. `tone` is a colour of the theme."""

    section: str
    title: Text
    status: Text
    tone: str
    hint: Text | None = None


def loaded(request: PageRequest, draft: UUID) -> Draft:
    """The draft, if this officer may see it; the reading, or the refusal, is on the audit trail."""
    return access.draft_or_404(request.user, draft, via="web")


def declared(draft: Draft) -> tuple[Track, Step]:
    """The track and the step of a draft."""
    track = bond(draft.relation).tracks[draft.track]
    return track, track.step(draft.step)


@require_safe
def new_case(request: PageRequest) -> HttpResponse:
    """Choose what the case is about, and with whom."""
    allow(request.user, "open_case")
    choices = []
    for row in relations():
        link = bond(row)
        for name in sorted(link.terms.tracks.get(link.digest, ())):
            if name in link.tracks:
                choices.append({"track": link.tracks[name], "with": their_name(link), "relation": row.name})
    return show(request, "new_case.html", {"choices": choices}, here="new_case")


@require_POST
def begin_case(request: PageRequest, track: str) -> HttpResponse:
    """Begin the draft of a new case."""
    officer = request.user
    try:
        row = relation_for(track, str(request.POST.get("relation", "")) or None)
        draft = actions.save_draft(officer, track=track, relation=row)
    except Refusal as refusal:
        tell_refusal(request, refusal)
        return go(request, "new_case")
    tell(request, words.new_started)
    return go(request, "draft", draft.pk)


@require_POST
def begin_step(request: PageRequest, case: str, step: str) -> HttpResponse:
    """Begin the draft of a step, or go on with the officer's own draft of it."""
    officer, row = request.user, loaded_case(request, case)
    rows = Draft.objects.filter(drafts_in_sight(officer), case=row, step=step, author=officer)
    draft = rows.filter(status__in=("editing", AWAITING)).first()
    if draft is None:
        try:
            draft = actions.save_draft(officer, case=row, step=step)
        except Refusal as refusal:
            tell_refusal(request, refusal)
            return go(request, "case", row.pk)
    pages = forms.sections(*declared(draft))
    if not pages:
        return go(request, "check", draft.pk)
    if len(pages) > FEW:
        return go(request, "draft", draft.pk)
    return go(request, "question", draft.pk, pages[0])


@require_safe
def draft(request: PageRequest, draft: UUID) -> HttpResponse:
    """The sections of a draft, each with how far it is."""
    officer, row = request.user, loaded(request, draft)
    if row.status not in OPEN_STATUSES:
        return _closed(request, row)
    problems = actions.check_draft(officer, row)
    return show(
        request, "draft.html", {**surroundings(row), "tasks": tasks(row, problems), "missing": len(problems)}
    )


def _closed(request: PageRequest, row: Draft) -> HttpResponse:
    """A draft that is no more: on to what it has become. A waiting page asks through htmx and is told where to go."""
    seen = row.case is not None and access.sees(request.user, row.case)
    if seen and row.status == SENT:
        tell(
            request, case_words.sent_now.fill(step=declared(row)[1].title, who=their_name(bond(row.relation)))
        )
    response = go(request, "case", row.case_name) if seen else go(request, "home")
    if request.headers.get("HX-Request") != "true":
        return response
    onward = HttpResponse(status=204)
    onward.headers["HX-Redirect"] = response.url
    return onward


def surroundings(row: Draft) -> dict[str, object]:
    """What every page of a draft shows around its question."""
    track, step = declared(row)
    link = bond(row.relation)
    return {
        "draft": row,
        "key": str(row.pk),
        "track": track,
        "step": step,
        "editable": row.status in ("editing", AWAITING) and row.bundle_id is None,
        "awaiting": row.status == AWAITING,
        "leaving": row.status == LEAVING,
        "their_name": their_name(link),
        "case_title": titles([row.case])[row.case.pk].name if row.case is not None else None,
    }


def section_title(track: Track, section: str) -> Text:
    """What a question page is called."""
    fixed = {
        forms.DETAILS: words.details,
        forms.SAFEGUARDS: words.safeguards,
        forms.ATTACHMENTS: words.attachments,
    }
    return fixed.get(section) or dict(track.groups)[section]


def tasks(row: Draft, problems: list[Problem]) -> list[Task]:
    """One line for each section: complete, to do, needs attention, or what stops the step."""
    track, step = declared(row)
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.where:
            found.setdefault(forms.section_of(track, step, problem.where), []).append(problem)
    return [
        Task(name, section_title(track, name), *_status(row, step, name, found.get(name, [])))
        for name in forms.sections(track, step)
    ]


def _status(row: Draft, step: Step, section: str, problems: list[Problem]) -> tuple[Text, str]:
    begun = _begun(row, step, section)
    if any(problem.blocks for problem in problems):
        return words.task_blocked, "red"
    missing = {"missing", "safeguard-unanswered", "attachment-missing"}
    if any(problem.code not in missing for problem in problems):
        return words.task_wrong, "red"
    if problems:
        return (words.task_partly, "amber") if begun else (words.task_todo, "")
    return (words.task_done, "done") if begun else (words.task_optional, "quiet")


def _begun(row: Draft, step: Step, section: str) -> bool:
    if section == forms.SAFEGUARDS:
        return bool(row.safeguards)
    if section == forms.ATTACHMENTS:
        return bool(row.attachments)
    return any(field.name in row.body for field in forms.fields_of(step, section))


def may_change(officer: Officer, row: Draft) -> bool:
    """Whether the page offers to change the draft; `actions` decides when it is done."""
    if row.case is not None:
        return access.may(officer, "save_draft", row.case)
    return access.may(officer, "open_case")


__all__ = ["begin_case", "begin_step", "declared", "draft", "loaded", "new_case", "surroundings", "tasks"]
