"""From what the store has read to the shapes programs are told (`shapes`). Border: reads nothing but what a row holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from comity.core.deadline import stamp
from comity.core.text import Refusal, Text
from comity.derive.shapes import (
    Answered,
    BundleShape,
    CaseBrief,
    CaseFull,
    CasePage,
    Clock,
    DraftShape,
    Fault,
    File,
    Hit,
    Line,
    Mark,
    Problem,
    SearchShape,
    StepOffer,
    Taken,
    Told,
    Words,
    WorkShape,
)
from comity.law.problem import Problem as LawProblem
from comity.store.case_lines import DeadlineItem, TimelineItem
from comity.store.cases import CaseRow
from comity.store.drafts import Bundle, Draft
from comity.store.logs import Entry
from comity.store.queries import NextStep, Page, Search, Work, WorkItem
from comity.store.relations import bond


def words(text: Text) -> Words:
    return Words(en=text.en, zh=text.zh)


def maybe(text: Text | None) -> Words | None:
    return words(text) if text is not None else None


def at(moment: datetime | None) -> str | None:
    return stamp(moment) if moment is not None else None


def problem(each: LawProblem) -> Problem:
    return Problem(
        code=each.code, what=words(each.what), where=each.where, mend=maybe(each.mend), blocks=each.blocks
    )


def fault(refusal: Refusal) -> Fault:
    """Any refusal, with every problem it carries."""
    problems: Iterable[LawProblem] = getattr(refusal, "problems", ())
    return Fault(
        code=refusal.code,
        what=words(refusal.what),
        where=refusal.where,
        mend=maybe(refusal.mend),
        problems=[problem(each) for each in problems],
    )


def clock(item: DeadlineItem) -> Clock:
    run = item.clock
    return Clock(
        deadline=run.deadline,
        title=words(item.deadline.title),
        side=item.side,
        owner=words(item.owner),
        number=run.number,
        start=run.start,
        due=run.due,
        answered=run.answered or None,
        stopped=run.stopped or None,
        status=run.status,
        seconds=run.seconds,
        why=run.why.to_json(),
        sentence=words(run.why.sentence()),
    )


def _brief(item: WorkItem) -> dict[str, Any]:
    row = item.case
    due = {"us": row.due_us, "them": row.due_them}.get(row.waiting)
    return {
        "id": row.pk,
        "relation": row.relation.name,
        "track": row.track,
        "title": row.title,
        "state": row.state,
        "state_title": words(item.state.title),
        "waiting": row.waiting,
        "held": row.held,
        "ended": row.ended,
        "opened": stamp(row.opened),
        "updated": stamp(row.updated),
        "due": at(due),
        "due_us": at(row.due_us),
        "due_them": at(row.due_them),
        "overdue": any(each.clock.status == "overdue" for each in item.clocks),
        "unit": row.unit.code if row.unit is not None else None,
        "mine": item.mine,
    }


def brief(item: WorkItem) -> CaseBrief:
    return CaseBrief(**_brief(item))


def page(found: Page) -> CasePage:
    return CasePage(total=found.total, start=found.start, items=[brief(item) for item in found.items])


def full(
    item: WorkItem, clocks: Iterable[DeadlineItem], steps: Iterable[NextStep], waiting_for: Text | None
) -> CaseFull:
    folded = item.case.case
    return CaseFull(
        **_brief(item),
        agreement=item.case.agreement,
        requesting=folded.parties["requesting"],
        responding=folded.parties["responding"],
        clocks=[clock(each) for each in clocks],
        next_steps=[offer(each) for each in steps],
        waiting_for=maybe(waiting_for),
    )


def offer(each: NextStep) -> StepOffer:
    return StepOffer(
        step=each.step.name,
        title=words(each.step.title),
        meaning=words(each.step.meaning),
        available=each.available,
        why_not=maybe(each.why_not),
        draft=str(each.draft.pk) if each.draft is not None else None,
        approvals=each.step.approvals,
        attachments=each.step.attachments,
        at_any_time=each.step.at_any_time,
    )


def line(item: TimelineItem) -> Line:
    return Line(
        author=item.author,
        side=item.side,
        index=item.index,
        step=item.step.name if item.step is not None else None,
        title=words(item.title),
        time=item.time,
        officer=item.officer,
        approvals=list(item.approvals),
        marks=[Mark(name=m.name, title=words(m.title), at=m.at or None) for m in item.marks],
        valid=item.valid,
        code=item.code,
        why=maybe(item.why),
        content=item.content,
        defect=maybe(item.defect),
        fields=[
            Told(name=f.name, title=words(f.title), value=f.value, shown=Words(en=f.en, zh=f.zh))
            for f in item.fields
        ],
        safeguards=[
            Answered(
                name=a.name,
                question=words(a.safeguard.question) if a.safeguard is not None else None,
                answer=words(a.answer),
                officer=a.officer,
                reason=a.reason,
            )
            for a in item.safeguards
        ],
        attachments=[File(sha256=f.sha256, size=f.size, root=f.root) for f in item.attachments],
    )


def draft(row: Draft) -> DraftShape:
    step = bond(row.relation).tracks[row.track].step(row.step)
    standing = row.approvals.filter(voided=None, digest=row.digest).count() if row.digest else 0
    return DraftShape(
        id=str(row.pk),
        case=row.case_name,
        opens=step.opens,
        relation=row.relation.name,
        track=row.track,
        step=row.step,
        title=words(step.title),
        status=row.status,
        status_title=words(row.status_title),
        body=row.body,
        safeguards=row.safeguards,
        attachments=row.attachments,
        author=row.author.username,
        digest=row.digest,
        approvals=standing,
        approvals_needed=step.approvals,
        reason=row.reason,
        bundle=str(row.bundle_id) if row.bundle_id is not None else None,
        leaves_at=at(row.leaves_at),
        created=stamp(row.created),
        updated=stamp(row.updated),
    )


def bundle(row: Bundle) -> BundleShape:
    return BundleShape(
        id=str(row.pk),
        relation=row.relation.name,
        track=row.track,
        step=row.step,
        status=row.status,
        status_title=words(row.status_title),
        author=row.author.username,
        source=row.source,
        digest=row.digest,
        rows=row.drafts.count(),
        reason=row.reason,
        created=stamp(row.created),
    )


def work(found: Work) -> WorkShape:
    return WorkShape(
        waiting_on_us=page(found.waiting_on_us),
        waiting_on_them=page(found.waiting_on_them),
        drafts=[draft(each) for each in found.drafts],
        approvals=[draft(each) for each in found.approvals],
        bundles=[bundle(each) for each in found.bundles],
    )


def search(found: Search) -> SearchShape:
    return SearchShape(
        total=found.total,
        items=[Hit(**_brief(item), found_by=words(how)) for item, how in found.items],
    )


def taken(done: Draft | Entry | CaseRow | Bundle) -> Taken:
    """What `actions` returned when a step was taken, as one shape: Entry or CaseRow once it is written, Draft where it
    waits. A bundle is no step: TypeError."""
    if isinstance(done, Bundle):
        raise TypeError("a bundle has a shape of its own")
    if isinstance(done, CaseRow):
        row = Draft.objects.select_related("entry").get(
            case_name=done.pk, case=done, entry__index=done.case.opened_index
        )
    elif isinstance(done, Entry):
        row = Draft.objects.select_related("entry").get(entry=done)
    else:
        row = done
    sent = row.entry
    return Taken(
        outcome="sent" if sent is not None else row.status,
        case=row.case_name,
        step=row.step,
        draft=str(row.pk),
        digest=row.digest,
        entry=sent.index if sent is not None else None,
    )
