"""Many drafts from one file, approved as one: the bundle's digest covers the digest of every draft, in order.

Border: making a bundle is `bulk`; here it is approved, sent back, or loses a row.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from comity.access import Hidden, acting, require
from comity.actions.attached import Files
from comity.actions.sending import new_entry
from comity.actions.weighing import weigh
from comity.core.deadline import stamp
from comity.core.text import Refusal, Text
from comity.law.approvals import bundle_digest, check_approval
from comity.law.problem import Incomplete, Problem
from comity.store.audit import record, record_many
from comity.store.drafts import (
    AWAITING,
    EDITING,
    SENT,
    WITHDRAWN,
    Approval,
    BulkRow,
    Bundle,
    Draft,
    bundles_in_sight,
)
from comity.store.entries import append_many
from comity.store.logs import entry_key
from comity.store.people import Assignment, Officer
from comity.store.relations import bond, logs

AT_ONCE = 256  # entries in one append


def locked_bundle(officer: Officer, bundle: Bundle, action: str) -> Bundle:
    """The bundle as it is now, locked, if the officer may do this with it."""
    row = (
        Bundle.objects.select_for_update(of=("self",))
        .filter(bundles_in_sight(officer), pk=bundle.pk)
        .select_related("relation", "author", "unit")
        .first()
    )
    if row is None:
        raise Hidden(action, None)
    require(officer, action)
    return row


def waiting_drafts(bundle: Bundle) -> list[Draft]:
    """The bundle's drafts that wait for its approval, in the order of the file."""
    found = (
        bundle.drafts.filter(status=AWAITING)
        .select_related("author", "relation", "unit")
        .order_by("place", "pk")
    )
    return list(found)


def digest_now(bundle: Bundle) -> str:
    return bundle_digest(draft.digest for draft in waiting_drafts(bundle))


def left_without(officer: Officer, bundle: Bundle, via: str) -> None:
    """A row has been withdrawn: the digest changes, and approvals lapse; an empty bundle is withdrawn."""
    if bundle.status != AWAITING:
        return
    gone = bundle.approvals.filter(voided=None).update(voided=timezone.now())
    if gone:
        record(officer, "void_approvals", None, via=via, bundle=str(bundle.pk), count=gone)
    bundle.digest, bundle.updated = digest_now(bundle), timezone.now()
    if not bundle.drafts.filter(status=AWAITING).exists():
        bundle.status = WITHDRAWN
    bundle.save()


def approve_bundle(officer: Officer, bundle: Bundle, digest: str, *, via: str) -> Bundle:
    """Approve every draft of the bundle at once; the last approval needed writes all their entries, or none.

    Refusals: as `approve`; Incomplete names the row that may no longer be sent.
    """
    at = timezone.now()
    with acting(officer, via):
        row = locked_bundle(officer, bundle, "approve_opening")
        if row.status != AWAITING:
            raise _not_open(row)
        drafts = waiting_drafts(row)
        standing = row.approvals.filter(voided=None, digest=row.digest)
        check_approval(
            approver=officer.pk, writers={row.author_id, *(w for d in drafts for w in d.writers)}, digest=digest,
            present=bundle_digest(d.digest for d in drafts), before=set(standing.values_list("officer_id", flat=True)),
            via=via,
        )  # fmt: skip
        Approval.objects.create(bundle=row, officer=officer, digest=digest, via=via, at=at)
        record(officer, "approve", None, via=via, at=at, bundle=str(row.pk), digest=digest, rows=len(drafts))
        given = tuple(standing.order_by("pk").values_list("officer__pseudonym", flat=True))
        if len(given) >= bond(row.relation).tracks[row.track].step(row.step).approvals:
            _send(officer, row, drafts, given, at, via)
    return row


def _send(
    officer: Officer, bundle: Bundle, drafts: list[Draft], approvals: tuple[str, ...], at: datetime, via: str
) -> None:
    entries, files = [], Files()
    for draft in drafts:
        draft.relation = bundle.relation
        seen = weigh(draft, at, lone=False, files=files)
        problems = list(seen.problems)
        if seen.digest != draft.digest:
            raise AssertionError("an awaiting draft has the digest of its content")
        if problems:
            raise Incomplete(
                Problem(p.code, f"row {draft.place} / {p.where}", p.what, p.mend, p.blocks) for p in problems
            )
        entries.append(new_entry(draft, seen, approvals))
    log = logs(bundle.relation)[bundle.relation.me]
    for start in range(0, len(drafts), AT_ONCE):
        part = drafts[start : start + AT_ONCE]
        places = append_many(bundle.relation, entries[start : start + AT_ONCE], now=stamp(at))
        for draft, place in zip(part, places, strict=True):
            draft.status, draft.updated, draft.case_id = SENT, at, draft.case_name
            draft.entry_id = entry_key(log.pk, place)
        Draft.objects.bulk_update(part, ["status", "updated", "case", "entry"], batch_size=200)
        Assignment.objects.bulk_create(
            [Assignment(case_id=d.case_name, officer_id=d.author_id, by=officer, at=at) for d in part],
            batch_size=200,
        )
        record_many(
            (
                (
                    officer,
                    "open_case",
                    d.case_name,
                    {"step": d.step, "digest": d.digest, "bundle": str(bundle.pk)},
                )
                for d in part
            ),
            via=via,
            at=at,
        )
    bundle.status, bundle.updated = SENT, at
    bundle.save(update_fields=["status", "updated"])


def reject_bundle(officer: Officer, bundle: Bundle, reason: str, *, via: str) -> Bundle:
    """Send the whole file back: its drafts are withdrawn, and its rows may be handed in again, corrected."""
    at = timezone.now()
    with acting(officer, via):
        row = locked_bundle(officer, bundle, "approve_opening")
        if row.status != AWAITING:
            raise _not_open(row)
        close_bundle(row, at)
        row.reason = reason
        row.save(update_fields=["reason"])
        record(officer, "reject", None, via=via, at=at, bundle=str(row.pk))
    return row


def withdraw_bundle(officer: Officer, bundle: Bundle, *, via: str = "web") -> Bundle:
    """The author's side takes the whole file back before it has left. Refusal: draft-closed."""
    at = timezone.now()
    with acting(officer, via):
        row = locked_bundle(officer, bundle, "open_many")
        if row.status not in (AWAITING, EDITING):
            raise _not_open(row)
        close_bundle(row, at)
        record(officer, "withdraw_draft", None, via=via, at=at, bundle=str(row.pk))
    return row


def close_bundle(bundle: Bundle, at: datetime) -> None:
    bundle.approvals.filter(voided=None).update(voided=at)
    BulkRow.objects.filter(draft__bundle=bundle).delete()
    bundle.drafts.filter(status__in=(AWAITING, EDITING)).update(status=WITHDRAWN, updated=at)
    bundle.status, bundle.updated = WITHDRAWN, at
    bundle.save(update_fields=["status", "updated"])


def _not_open(bundle: Bundle) -> Refusal:
    return Refusal(
        "draft-closed",
        Text("This file is not waiting for approval: {status}.", "该批文件并非待审批状态：{status}。").fill(
            status=bundle.status_title
        ),
    )
