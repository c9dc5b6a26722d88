"""Four eyes, carried out: another officer approves exactly what will be sent, or sends it back with a reason.

The rules are `law.approvals`; here they meet the rows. The last approval needed sends the step on its way in the
same transaction, checked once more as of that moment.
"""

from __future__ import annotations

from django.utils import timezone

from comity.access import acting
from comity.actions.bundles import approve_bundle, reject_bundle
from comity.actions.drafting import locked, void_approvals
from comity.actions.sending import approved_by, dispatch, not_open, ready
from comity.core.text import Refusal, Text
from comity.law.approvals import check_approval
from comity.store.audit import record
from comity.store.drafts import AWAITING, EDITING, Approval, Bundle, Draft
from comity.store.logs import Entry
from comity.store.people import Officer


def approve(
    officer: Officer, draft: Draft | Bundle, digest: str, *, via: str = "web", now: bool = False
) -> Draft | Bundle | Entry:
    """Approve what was read, named by its digest. Returns the Entry once it is written, else the Draft or Bundle.

    Refusals: approval-by-token, approval-of-own-work, approval-of-another-digest, approval-twice, draft-closed;
    Incomplete where it may no longer be sent as it stands.
    """
    if isinstance(draft, Bundle):
        return approve_bundle(officer, draft, digest, via=via)
    at = timezone.now()
    with acting(officer, via):
        row = locked(officer, draft, "approve")
        if row.bundle_id is not None:
            raise Refusal(
                "draft-in-bundle",
                Text(
                    "It is one row of a file that is approved as a whole.",
                    "该草稿属于整批审批的文件中的一行。",
                ),
                mend=Text("Approve the whole file.", "请对整批文件作出批准。"),
            )
        if row.status != AWAITING:
            raise not_open(row)
        standing = row.approvals.filter(voided=None, digest=row.digest)
        check_approval(
            approver=officer.pk, writers=row.writers, digest=digest, present=row.digest,
            before=set(standing.values_list("officer_id", flat=True)), via=via,
        )  # fmt: skip
        seen = ready(row, at)
        if seen.digest != row.digest:
            raise AssertionError("an awaiting draft has the digest of its content")
        Approval.objects.create(draft=row, officer=officer, digest=digest, via=via, at=at)
        record(officer, "approve", row.case_name, via=via, at=at, draft=str(row.pk), digest=digest)
        given = approved_by(row)
        if len(given) < seen.step.approvals:
            return row
        return dispatch(officer, row, seen, given, at, via=via, now=now)


def reject(officer: Officer, draft: Draft | Bundle, reason: str, *, via: str = "web") -> Draft | Bundle:
    """Send it back to its author, with a reason. Refusals: reason-missing, draft-closed."""
    reason = reason.strip()
    if not reason:
        raise Refusal(
            "reason-missing",
            Text("Say why you send it back.", "请说明退回理由。"),
            "reason",
            Text("The author needs it to mend the draft.", "作者须据此修改草稿。"),
        )
    if isinstance(draft, Bundle):
        return reject_bundle(officer, draft, reason[:2000], via=via)
    with acting(officer, via):
        row = locked(officer, draft, "approve")
        if row.status != AWAITING or row.bundle_id is not None:
            raise not_open(row)
        void_approvals(officer, row, via)
        row.status, row.digest, row.reason, row.updated = EDITING, "", reason[:2000], timezone.now()
        row.save()
        record(officer, "reject", row.case_name, via=via, draft=str(row.pk))
    return row
