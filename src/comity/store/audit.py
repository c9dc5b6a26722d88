"""The node's own audit trail: who read or changed what, and who was refused. Append-only.

Written in the same transaction as what it describes, so that nothing happens unrecorded and nothing is recorded
that did not happen. Border: never leaves the node. `GUARDS` are triggers the migrations install: even a person
with the application's database account cannot change or delete a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.db import models, transaction
from django.utils import timezone

from comity.core.text import Text
from comity.store.people import Officer

VIAS = ("web", "api", "cli", "token", "node")

ACTIONS: dict[str, Text] = {
    "read_case": Text("Read a case", "查阅案件"),
    "read_draft": Text("Read a draft", "查阅草稿"),
    "read_list": Text("Read a list of cases", "查阅案件列表"),
    "read_attachment": Text("Read an attachment", "查阅附件"),
    "read_audit": Text("Read the audit trail", "查阅审计记录"),
    "search": Text("Searched", "检索"),
    "export": Text("Exported", "导出"),
    "denied": Text("Was refused", "被拒绝访问"),
    "save_draft": Text("Saved a draft", "保存草稿"),
    "withdraw_draft": Text("Withdrew a draft", "撤回草稿"),
    "submit": Text("Submitted for approval", "提交审批"),
    "approve": Text("Approved", "批准"),
    "reject": Text("Sent back", "退回"),
    "void_approvals": Text("Approvals lapsed after an edit", "内容修改后原批准失效"),
    "recall": Text("Recalled before it left", "发出前撤回"),
    "take_step": Text("Took a step", "办理步骤"),
    "open_case": Text("Opened a case", "立案"),
    "open_many": Text("Opened cases in bulk", "批量立案"),
    "assign": Text("Assigned a case", "指派案件"),
    "unassign": Text("Ended an assignment", "取消指派"),
    "move_to_unit": Text("Moved a case to another unit", "案件移交其他部门"),
    "add_attachment": Text("Added an attachment", "添加附件"),
    "add_note": Text("Added an internal note", "添加内部备注"),
    "admit": Text("Entries admitted from the other authority", "接收对方登记项"),
    "sign_in": Text("Signed in", "登录"),
    "sign_out": Text("Signed out", "退出登录"),
    "sign_in_failed": Text("Sign-in failed", "登录失败"),
    "make_officer": Text("Made an account", "创建账户"),
    "change_officer": Text("Changed an account", "变更账户"),
    "issue_token": Text("Issued a token", "签发令牌"),
    "revoke_token": Text("Revoked a token", "吊销令牌"),
    "release_link": Text("Took the hold off a line", "解除链路暂停"),
    "erase": Text("Erased under the retention plan", "按保存期限删除"),
}


class AuditIsAppendOnly(TypeError):
    """A row of the audit trail was to be changed or deleted: a fault in the program, never a user's doing."""


class AuditQuerySet(models.QuerySet["Audit"]):
    """Reads and inserts only."""

    def update(self, **_: Any) -> NoReturn:
        raise AuditIsAppendOnly("audit rows are never changed")

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly("audit rows are never deleted")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        raise AuditIsAppendOnly("audit rows are never changed")


class Audit(models.Model):
    """One thing that was done, read or refused at this node."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    officer = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=40, db_index=True)
    # A case identifier, not a key: rows about refused identifiers and erased cases must stand too.
    case_id = models.CharField(max_length=40, null=True, db_index=True)
    via = models.CharField(max_length=8, default="node")
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["-id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditIsAppendOnly("audit rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditIsAppendOnly("audit rows are never deleted")

    @property
    def title(self) -> Text:
        return ACTIONS.get(self.action) or Text(self.action, self.action)


def record(
    officer: Officer | None,
    action: str,
    case_id: str | None = None,
    *,
    via: str = "node",
    at: datetime | None = None,
    **detail: Any,
) -> Audit:
    """Write one row. Must be called inside the transaction of what it describes (RuntimeError otherwise).

    `detail` is JSON: identifiers, counts, digests. Never a person's data: the trail outlives the case.
    """
    (row,) = record_many([(officer, action, case_id, detail)], via=via, at=at)
    return row


def record_many(
    rows: Iterable[tuple[Officer | None, str, str | None, dict[str, Any]]],
    *,
    via: str = "node",
    at: datetime | None = None,
) -> list[Audit]:
    """Write many rows at once, under the rules of `record`. Rows are (officer, action, case id, detail)."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row is written in the transaction of what it describes")
    when = at or timezone.now()
    made = []
    for officer, action, case_id, detail in rows:
        if action not in ACTIONS:
            raise ValueError(f"unknown audit action {action!r}")
        made.append(Audit(at=when, officer=officer, action=action, case_id=case_id, via=via, detail=detail))
    return Audit.objects.bulk_create(made, batch_size=500)


def reading(officer: Officer, case: Any, *, via: str = "web") -> None:
    """Record that the officer reads this loaded case row; once per loaded row, however many of its parts are read."""
    if getattr(case, "_read_by", None) != officer.pk:
        record(officer, "read_case", case.pk, via=via)
        case._read_by = officer.pk


# Installed by the migrations, run as they stand: GUARDS[connection.vendor].
GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON store_audit"
        " BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON store_audit"
        " BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'audit rows are never changed or deleted'; END $$",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON store_audit"
        " FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    ),
}
UNGUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("DROP TRIGGER audit_append_only ON store_audit", "DROP FUNCTION audit_is_append_only()"),
}
