"""A draft held against the form, the law and the turn: exactly what would be sent, and what still keeps it here.

Border: reads tables, writes nothing, and asks nobody's rights: `drafting.preview` does, before it calls `weigh`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from comity.actions.attached import Files
from comity.core.entry import MAX_BODY, encode_body
from comity.core.strict_json import Json
from comity.core.text import Text
from comity.core.track import Step, Track
from comity.law import safeguards
from comity.law.approvals import digest_of
from comity.law.form import SAFEGUARDS, births, clean_body, too_large
from comity.law.problem import Problem
from comity.store import bodies
from comity.store.case_steps import READ_ONLY, judge
from comity.store.cases import CaseRow
from comity.store.drafts import Draft
from comity.store.files import Attachment
from comity.store.logs import Entry, Relation
from comity.store.relations import bond, logs


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what would be sent, and what still keeps it here. `digest` is what an approval is bound to."""

    case: str
    track: Track
    step: Step
    body: dict[str, Json]  # with the safeguards' answers under "safeguards"
    attachments: tuple[Attachment, ...]
    problems: tuple[Problem, ...]
    digest: str


def weigh(draft: Draft, at: datetime, *, lone: bool = True, files: Files | None = None) -> Preview:
    """Clean the draft and hold it against the form, the law and the turn.

    `lone` False leaves the turn out, and `files` remembers what was looked up, for many drafts of one kind.
    """
    tracks = bond(draft.relation).tracks
    track = tracks[draft.track]
    step = track.step(draft.step)
    body, problems = clean_body(step, draft.body, at)
    answers = safeguards.answers(step, draft.safeguards, draft.author.pseudonym)
    known = births(step, body) + (
        _earlier_births(draft.case, at) if draft.case is not None and step.safeguards else ()
    )
    problems += safeguards.problems(track, step, draft.safeguards, births=known, on=at.date())
    files = files or Files()
    problems += files.problems(draft, step, body)
    if lone:
        problems += turn_problems(draft.relation, draft.case, track, step)
    whole: dict[str, Json] = {**body, SAFEGUARDS: answers} if answers else dict(body)
    if not problems and len(encode_body(whole)) > MAX_BODY:
        problems.append(too_large())
    digest = digest_of(draft.case_name, draft.track, draft.step, body, draft.attachments, answers)
    return Preview(draft.case_name, track, step, whole, files.of(draft), tuple(problems), digest)


def _earlier_births(case: CaseRow, at: datetime) -> tuple[str, ...]:
    """Birth dates both sides have stated in the case, whose bodies are still held."""
    track = case.case.track
    found: list[str] = []
    for entry in Entry.objects.filter(case_id=case.pk, verdict="", body__isnull=False):
        step = track.find_step(entry.step)
        if step is not None and any(field.type.name == "birth_date" for field in step.form):
            clean, _ = clean_body(step, bodies.read(bytes(entry.body or b"")), at)
            found.extend(births(step, clean))
    return tuple(found)


def turn_problems(relation: Relation, case: CaseRow | None, track: Track, step: Step) -> list[Problem]:
    """Whether the step is in turn for us, knowing all we have read; the same judgement both nodes will make."""
    if relation.read_only:
        return [
            Problem(
                "relation-read-only", "", READ_ONLY,
                Text("Try again when the link is in order.", "请在链路恢复后重试。"),
            )
        ]  # fmt: skip
    if case is None:
        return _may_open(track, step)
    verdict = judge(case, step, logs(relation))
    if verdict.valid:
        return []
    return [Problem(verdict.code, "", verdict.why or Text(verdict.code, verdict.code))]


def _may_open(track: Track, step: Step) -> list[Problem]:
    if step.opens and step.name == track.opening.name:
        return []
    return [Problem("no-such-case", "", Text("There is no such case.", "没有该案件。"))]
