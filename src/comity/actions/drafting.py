"""Drafts: what an officer has typed, complete or not, and what still keeps it from leaving the node.

Border: nothing here writes an entry. A draft belongs to a case, or to a case that does not exist yet and whose
number is reserved. Every edit makes the approvals given before it void.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from comity.access import Denied, Hidden, acting, require, sees, visible
from comity.actions.opening import new_case_names, relation_for
from comity.actions.weighing import Preview, weigh
from comity.core.entry import MAX_ATTACHMENTS
from comity.core.text import Refusal, Text
from comity.core.track import Step
from comity.core.types import is_blank
from comity.law.form import SAFEGUARDS
from comity.law.problem import Problem
from comity.store.audit import Audit, record
from comity.store.cases import CaseRow
from comity.store.drafts import (
    AWAITING,
    EDITING,
    OPEN_STATUSES,
    WITHDRAWN,
    BulkRow,
    Bundle,
    Draft,
    drafts_in_sight,
)
from comity.store.files import AttachmentUse
from comity.store.logs import Relation
from comity.store.people import Officer, Unit
from comity.store.relations import bond


def save_draft(
    officer: Officer,
    *,
    draft: Draft | None = None,
    case: CaseRow | None = None,
    track: str | None = None,
    step: str | None = None,
    body: Mapping[str, object] | None = None,
    safeguards: Mapping[str, Mapping[str, str]] | None = None,
    attachments: Iterable[str] | None = None,
    relation: Relation | str | None = None,
    unit: Unit | None = None,
    via: str = "web",
) -> Draft:
    """Keep what was typed. It may be incomplete and wrong: `check_draft` says what is missing.

    A new draft needs `case` and `step`, or `track` for a new case. With `draft` given, what is not None
    replaces what it held (the whole `body`, not single fields); an edit makes its approvals void.
    Refusals: unknown-track, unknown-step, which-relation, draft-closed, draft-leaving, draft-in-bundle.
    """
    at = timezone.now()
    with acting(officer, via):
        if draft is None:
            draft = _begin(officer, case, track, step, relation, unit, at)
        else:
            draft = locked(officer, draft, "save_draft")
            _editable(draft)
            if officer.pk != draft.author_id and officer.pk not in draft.editors:
                draft.editors = [*draft.editors, officer.pk]
        if body is not None:
            draft.body = {str(name): as_json(value) for name, value in body.items() if not is_blank(value)}
        if safeguards is not None:
            draft.safeguards = answered(draft.safeguards, safeguards, officer.pseudonym)
        if attachments is not None:
            named = list(dict.fromkeys(str(each).lower() for each in attachments))[: MAX_ATTACHMENTS * 2]
            for digest in named:
                if digest not in draft.attachments and not attachment_in_sight(officer, digest):
                    raise unknown_attachment(digest)
            draft.attachments = named
        if draft.status == AWAITING:
            void_approvals(officer, draft, via)
        draft.status, draft.digest, draft.updated = EDITING, "", at
        draft.save()
        record(officer, "save_draft", draft.case_name, via=via, at=at, draft=str(draft.pk), step=draft.step)
    return draft


def _begin(
    officer: Officer,
    case: CaseRow | None,
    track: str | None,
    step: str | None,
    relation: Relation | str | None,
    unit: Unit | None,
    at: datetime,
) -> Draft:
    if case is not None:
        require(officer, "save_draft", case)
        declared = case.case.track
        if step is None or declared.find_step(step) is None or declared.step(step).opens:
            raise Refusal(
                "unknown-step", Text("The track has no such step.", "该合作事项没有此步骤。"), str(step)[:40]
            )
        return Draft(
            relation=case.relation, case=case, case_name=case.pk, track=declared.name, step=step,
            author=officer, unit=case.unit, created=at,
        )  # fmt: skip
    require(officer, "open_case")
    if unit is not None and unit.pk != officer.unit_id:
        raise Denied("open_case", None)
    row = relation_for(track, relation)
    declared = bond(row).tracks[str(track)]
    if step is not None and step != declared.opening.name:
        raise Refusal(
            "unknown-step",
            Text("A new case begins with “{step}”.", "新案件须以“{step}”开始。").fill(
                step=declared.opening.title
            ),
            step[:40],
        )
    return Draft(
        relation=row, case_name=new_case_names(row.me, at)[0], track=declared.name, step=declared.opening.name,
        author=officer, unit=unit or officer.unit, created=at,
    )  # fmt: skip


def as_json(value: object) -> Any:
    """What a form or a program handed in, as JSON; a float is kept as its text and refused when the body is cleaned."""
    if isinstance(value, Mapping):
        return {str(name): as_json(item) for name, item in value.items() if not is_blank(item)}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def answered(
    before: Mapping[str, Any], now: Mapping[str, Mapping[str, str]], pseudonym: str
) -> dict[str, Any]:
    """Answers with the pseudonym of whoever gave each: an answer that stays the same stays its officer's."""
    kept: dict[str, Any] = {}
    for name, given in now.items():
        answer = str(given.get("answer") or "").strip()
        reason = str(given.get("reason") or "").strip()
        if not answer and not reason:
            continue
        old = before.get(name) or {}
        same = old.get("answer") == answer and old.get("reason", "") == reason
        kept[str(name)[:40]] = {
            "answer": answer[:40], "reason": reason, "officer": old["officer"] if same else pseudonym,
        }  # fmt: skip
    return kept


def parse_safeguards(step: Step, flat: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """Answers from flat inputs: "safeguards.NAME" (code) and "safeguards.NAME.reason"."""
    found: dict[str, dict[str, str]] = {}
    for name in step.safeguards:
        answer = str(flat.get(f"{SAFEGUARDS}.{name}") or "").strip()
        reason = str(flat.get(f"{SAFEGUARDS}.{name}.reason") or "").strip()
        if answer or reason:
            found[name] = {"answer": answer, "reason": reason}
    return found


def locked(officer: Officer, draft: Draft, action: str) -> Draft:
    """The draft as it is now, locked to the end of the transaction, if the officer may do this with it."""
    row = (
        Draft.objects.select_for_update(of=("self",))
        .filter(drafts_in_sight(officer), pk=draft.pk)
        .select_related("case", "relation", "author", "unit", "bundle")
        .first()
    )
    if row is None:
        raise Hidden(action, None)
    if row.case is not None:
        require(officer, action, row.case)
    else:
        require(officer, "approve_opening" if action == "approve" else "open_case")
    return row


def _editable(draft: Draft) -> None:
    if draft.status not in OPEN_STATUSES:
        raise Refusal(
            "draft-closed",
            Text("This draft is closed: {status}.", "该草稿已关闭：{status}。").fill(
                status=draft.status_title
            ),
            mend=Text("Begin a new one.", "请新建草稿。"),
        )
    if draft.status not in (EDITING, AWAITING):
        raise Refusal(
            "draft-leaving",
            Text("It is about to leave.", "该内容即将发出。"),
            mend=Text("Recall it first.", "请先撤回。"),
        )
    if draft.bundle_id is not None:
        raise Refusal(
            "draft-in-bundle",
            Text(
                "It is one row of a file that is approved as a whole.", "该草稿属于整批审批的文件中的一行。"
            ),
            mend=Text("Withdraw the row, and hand it in corrected.", "请撤回该行，更正后重新提交。"),
        )


def unknown_attachment(digest: str) -> Refusal:
    return Refusal(
        "attachment-unknown",
        Text("There is no such file here.", "本节点没有该文件。"),
        f"attachments.{digest[:12]}",
        Text("Add the file first.", "请先添加文件。"),
    )


def attachment_in_sight(officer: Officer, sha256: str) -> bool:
    """Whether the officer may read a file: it is in a case he sees, he put it here, or it is in a draft he sees.

    A digest alone opens nothing: whoever may not read a file cannot attach it either.
    """
    if AttachmentUse.objects.filter(attachment_id=sha256, case_id__in=visible(officer).values("pk")).exists():
        return True
    if Audit.objects.filter(officer=officer, action="add_attachment", detail__sha256=sha256).exists():
        return True
    drafts = Draft.objects.filter(drafts_in_sight(officer), status__in=OPEN_STATUSES)
    return any(sha256 in held for held in drafts.values_list("attachments", flat=True))


def void_approvals(officer: Officer, draft: Draft, via: str) -> None:
    """Approvals of what stood there before say nothing about what stands there now."""
    gone = draft.approvals.filter(voided=None).update(voided=timezone.now())
    if gone:
        record(officer, "void_approvals", draft.case_name, via=via, draft=str(draft.pk), count=gone)


def withdraw_draft(officer: Officer, draft: Draft, *, via: str = "web") -> Draft:
    """Close a draft that has not left. Refusal: draft-closed."""
    from comity.actions.bundles import left_without

    with acting(officer, via):
        if draft.bundle_id is not None:
            Bundle.objects.select_for_update().get(
                pk=draft.bundle_id
            )  # the bundle before its drafts, as in approving
        row = locked(officer, draft, "save_draft")
        if row.status not in OPEN_STATUSES:
            _editable(row)
        void_approvals(officer, row, via)
        row.status, row.updated, row.leaves_at = WITHDRAWN, timezone.now(), None
        row.save(update_fields=["status", "updated", "leaves_at"])
        BulkRow.objects.filter(draft=row).delete()
        if row.bundle_id is not None:
            left_without(officer, Bundle.objects.get(pk=row.bundle_id), via)
        record(officer, "withdraw_draft", row.case_name, via=via, draft=str(row.pk))
    return row


def preview(officer: Officer, draft: Draft, *, at: datetime | None = None) -> Preview:
    """What the other side will see. The officer must be able to see the draft (Hidden otherwise)."""
    if not Draft.objects.filter(drafts_in_sight(officer), pk=draft.pk).exists():
        raise Hidden("read_draft", None)
    return weigh(draft, at or timezone.now())


def check_draft(officer: Officer, draft: Draft, *, at: datetime | None = None) -> list[Problem]:
    """Everything that keeps the draft from leaving, in the order of the form; [] when it may go."""
    return list(preview(officer, draft, at=at).problems)


def may_edit(officer: Officer, draft: Draft) -> bool:
    """Whether the draft can be changed by this officer as it stands: for buttons."""
    return (
        draft.status in (EDITING, AWAITING)
        and draft.bundle_id is None
        and (draft.case is None or sees(officer, draft.case))
    )


__all__ = [
    "Preview", "answered", "as_json", "attachment_in_sight", "check_draft", "locked", "may_edit", "new_case_names",
    "parse_safeguards", "preview", "relation_for", "save_draft", "unknown_attachment", "void_approvals", "weigh",
    "withdraw_draft",
]  # fmt: skip
