"""The last steps before an entry is written: submit, recall, and the append itself.

A step leaves in this order: 1. the draft is locked; 2. access; 3. form, safeguards, attachments, forwarding and turn
are checked as of now; 4. approvals are counted for the digest of exactly these bytes; 5. the time for recall, where the
door has one, runs out; 6. `store.append` and the audit row, in one transaction. **6 is the point of no return**: what is
in the log is taken back only by a further step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from comity.access import acting, require, whole
from comity.actions.drafting import locked, save_draft, void_approvals
from comity.actions.weighing import Preview, weigh
from comity.core.deadline import stamp
from comity.core.entry import AttachmentItem
from comity.core.text import Refusal, Text
from comity.law.problem import Incomplete, Problem
from comity.store.audit import record
from comity.store.cases import CaseRow
from comity.store.drafts import AWAITING, EDITING, LEAVING, SENT, Draft
from comity.store.entries import NewEntry, append
from comity.store.logs import Entry, Relation
from comity.store.people import Assignment, Officer, Unit


def submit(officer: Officer, draft: Draft, *, via: str = "web", now: bool = False) -> Draft | Entry:
    """Send the draft on its way: to approval where the step needs it, else out of the node.

    Returns the Draft where it now waits (for approval, or for the time of recall), else the Entry it has become. `now`
    leaves the time of recall out. Refusal: Incomplete (every problem), draft-closed.
    """
    at = timezone.now()
    with acting(officer, via):
        row = locked(officer, draft, "take_step")
        if row.status != EDITING:
            raise not_open(row)
        seen = ready(row, at)
        row.body = {name: value for name, value in seen.body.items() if name != "safeguards"}
        row.digest, row.reason, row.updated = seen.digest, "", at
        if seen.step.approvals:
            row.status = AWAITING
            row.save()
            record(officer, "submit", row.case_name, via=via, at=at, draft=str(row.pk), digest=seen.digest)
            return row
        return dispatch(officer, row, seen, (), at, via=via, now=now)


def ready(draft: Draft, at: datetime) -> Preview:
    """The draft weighed, or Incomplete."""
    seen = weigh(draft, at)
    if seen.problems:
        raise Incomplete(seen.problems)
    return seen


def not_open(draft: Draft) -> Refusal:
    return Refusal(
        "draft-closed",
        Text("This draft is not open for that: {status}.", "该草稿当前状态不允许此操作：{status}。").fill(
            status=draft.status_title
        ),
    )


def dispatch(
    officer: Officer,
    draft: Draft,
    seen: Preview,
    approvals: tuple[str, ...],
    at: datetime,
    *,
    via: str,
    now: bool = False,
) -> Draft | Entry:
    """Let an approved draft wait for the time of recall, or write its entry at once. Inside the caller's transaction."""
    wait = 0.0 if now else recall_seconds(via)
    if wait:
        draft.status, draft.leaves_at = LEAVING, at + timedelta(seconds=wait)
        draft.save()
        record(officer, "submit", draft.case_name, via=via, at=at, draft=str(draft.pk), digest=seen.digest)
        return draft
    draft.save()
    return write(officer, draft, seen, approvals, at, via=via)


def recall_seconds(via: str) -> float:
    """How long a step may be recalled: at a page as the node is set, through a program not at all."""
    if via != "web":
        return 0.0
    return float(getattr(getattr(settings, "COMITY", None), "recall_seconds", 0.0))


def new_entry(draft: Draft, seen: Preview, approvals: tuple[str, ...]) -> NewEntry:
    """The entry a draft becomes."""
    return NewEntry(
        step=draft.step,
        case=draft.case_name,
        officer=draft.author.pseudonym,
        body=seen.body or None,
        track=draft.track if draft.case_id is None else None,
        attachments=tuple(AttachmentItem(file.sha256, file.size, file.root) for file in seen.attachments),
        approvals=approvals,
        unit=draft.unit_id,
    )


def write(
    officer: Officer, draft: Draft, seen: Preview, approvals: tuple[str, ...], at: datetime, *, via: str
) -> Entry:
    """Append the entry, close the draft, put a new case on its author's desk, and leave the audit row."""
    opens = draft.case_id is None
    (entry,) = append(draft.relation, [new_entry(draft, seen, approvals)], now=stamp(at))
    draft.status, draft.entry, draft.updated, draft.leaves_at = SENT, entry, at, None
    if opens:
        draft.case_id = draft.case_name
        Assignment.objects.create(case_id=draft.case_name, officer=draft.author, by=officer, at=at)
    draft.save()
    record(
        officer, "open_case" if opens else "take_step", draft.case_name, via=via, at=at,
        step=draft.step, entry=entry.index, digest=draft.digest, approvals=list(approvals),
    )  # fmt: skip
    return entry


def recall(officer: Officer, draft: Draft, *, via: str = "web") -> Draft:
    """Take back a step that is about to leave. Its approvals lapse. Refusal: too-late-to-recall."""
    at = timezone.now()
    with acting(officer, via):
        row = locked(officer, draft, "save_draft")
        if row.status != LEAVING or row.bundle_id is not None or row.leaves_at is None or row.leaves_at <= at:
            raise Refusal(
                "too-late-to-recall",
                Text("It can no longer be recalled: it has left, or was not about to.",
                     "已无法撤回：内容已发出，或并非待发状态。"),
                mend=Text("Send a correcting step, or withdraw the case.", "请另行作出更正步骤，或撤回案件。"),
            )  # fmt: skip
        void_approvals(officer, row, via)
        row.status, row.digest, row.leaves_at, row.updated = EDITING, "", None, at
        row.save()
        record(officer, "recall", row.case_name, via=via, at=at, draft=str(row.pk))
    return row


def send_due(at: datetime | None = None) -> list[Entry]:
    """Write the entries of all drafts whose time of recall has run out. The node calls this, every second or so.

    A draft that no longer passes (the other side has moved meanwhile) goes back to its author with the reason; while a
    node is read-only its drafts wait. Several workers may call this at once: each draft is claimed by its lock and its
    status. Refusal: disk-full.
    """
    now = at or timezone.now()
    sent: list[Entry] = []
    due = Draft.objects.filter(status=LEAVING, bundle=None, leaves_at__lte=now, relation__read_only="")
    for key in list(due.order_by("leaves_at", "pk").values_list("pk", flat=True)[:500]):
        try:
            with whole():
                sent += _leave(key, now)
        except Refusal as refusal:
            if refusal.code == "disk-full":
                raise
            problems = refusal.problems if isinstance(refusal, Incomplete) else (Problem.of(refusal),)
            with whole():
                _back(key, problems, now)
    return sent


def _leaving(key: UUID, now: datetime) -> Draft | None:
    rows = Draft.objects.select_for_update(of=("self",)).select_related("case", "relation", "author", "unit")
    return rows.filter(pk=key, status=LEAVING, leaves_at__lte=now).first()


def _leave(key: UUID, now: datetime) -> list[Entry]:
    row = _leaving(key, now)
    if row is None:
        return []
    seen = ready(row, now)
    if seen.digest != row.digest:
        raise AssertionError("a leaving draft has the digest of its content")
    return [write(row.author, row, seen, approved_by(row), now, via="node")]


def _back(key: UUID, problems: tuple[Problem, ...], at: datetime) -> None:
    row = _leaving(key, at)
    if row is None:
        return
    lang = row.author.lang
    row.status, row.leaves_at, row.digest, row.updated = EDITING, None, "", at
    row.reason = " ".join(problem.what[lang] for problem in problems)
    row.approvals.filter(voided=None).update(voided=at)
    row.save()
    record(
        None, "recall", row.case_name, via="node", at=at, draft=str(row.pk), codes=[p.code for p in problems]
    )


def approved_by(draft: Draft) -> tuple[str, ...]:
    """Pseudonyms of the officers whose approvals of the draft's present digest stand, in the order they were given."""
    standing = draft.approvals.filter(voided=None, digest=draft.digest).exclude(officer_id__in=draft.writers)
    return tuple(standing.order_by("pk").values_list("officer__pseudonym", flat=True))


def take_step(
    officer: Officer,
    case: CaseRow,
    step: str,
    body: Mapping[str, object] | None = None,
    safeguards: Mapping[str, Mapping[str, str]] | None = None,
    attachments: Iterable[str] = (),
    *,
    via: str = "web",
    now: bool = False,
) -> Draft | Entry:
    """Save, check and submit in one transaction: for programs, and for steps of one page. Refusals: those of submit."""
    with acting(officer, via):
        require(officer, "take_step", case)
        draft = save_draft(
            officer,
            case=case,
            step=step,
            body=body or {},
            safeguards=safeguards or {},
            attachments=attachments,
            via=via,
        )
        return submit(officer, draft, via=via, now=now)


def open_case(
    officer: Officer,
    track: str,
    body: Mapping[str, object],
    safeguards: Mapping[str, Mapping[str, str]] | None = None,
    attachments: Iterable[str] = (),
    unit: Unit | None = None,
    *,
    relation: Relation | str | None = None,
    via: str = "web",
    now: bool = False,
) -> Draft | CaseRow:
    """Save, check and submit an opening step. Returns the new case, or the draft where it waits. Refusals: submit's."""
    with acting(officer, via):
        draft = save_draft(
            officer, track=track, body=body, safeguards=safeguards or {}, attachments=attachments,
            unit=unit, relation=relation, via=via,
        )  # fmt: skip
        done = submit(officer, draft, via=via, now=now)
        return CaseRow.objects.get(pk=done.case_id) if isinstance(done, Entry) else done
