"""Every reason for which something that arrives is refused at the door, in both languages, and its HTTP status."""

from __future__ import annotations

from comity.core.text import Refusal, Text
from comity.store.logs import Relation

STATUS: dict[str, int] = {
    "wrong-addressee": 403,
    "unknown-sender": 403,
    "wrong-agreement": 403,
    "suite-unknown": 403,
    "sealed-unreadable": 403,
    "signature-missing": 403,
    "signature-invalid": 403,
    "checkpoint-of-another-log": 403,
    "attachment-unnamed": 403,
    "gap": 409,
    "fork": 409,
    "relation-on-hold": 409,
    "seen-beyond-log": 409,
    "case-name-taken": 409,
    "attachment-hash": 409,
    "attachment-size": 409,
    "batch-too-large": 413,
    "too-many-entries": 413,
    "header-too-large": 413,
    "body-too-large": 413,
    "json-too-large": 413,
    "attachment-too-large": 413,
    "disk-full": 503,
    "disk-fault": 503,
    "relation-read-only": 503,
    "busy": 503,
}
"""Status of a refusal by its code; 400 for all others."""

RETRY_AFTER = 30  # seconds, with 503


def status(refusal: Refusal) -> int:
    return STATUS.get(refusal.code, 400)


def gap(size: int) -> Refusal:
    return Refusal(
        "gap",
        Text(
            f"Entries are missing before these: this node holds {size}.",
            f"此前的登记项缺失：本节点现有 {size} 项。",
        ),
        f"entry {size}",
        Text("Compare heads and send again from there.", "请先比对日志首部，再由该处起重新发送。"),
    )


def root_mismatch(size: int) -> Refusal:
    return Refusal(
        "batch-root-mismatch",
        Text(
            "The entries do not lead to the root their author signed.",
            "这些登记项算得的根哈希与其作者所签署的不一致。",
        ),
        f"entry {size - 1}",
        Text("Nothing was taken in. Send the batch again.", "未接收任何内容。请重新发送该批次。"),
    )


def checkpoint_size(signed: int, carried: int) -> Refusal:
    return Refusal(
        "checkpoint-size",
        Text(
            f"The checkpoint speaks of {signed} entries, the batch ends at {carried}.",
            f"检查点所述为 {signed} 项，而该批次止于 {carried} 项。",
        ),
        "checkpoint",
    )


def body_digest(place: int) -> Refusal:
    return Refusal(
        "body-digest",
        Text("The body is not the one its header names.", "正文与其头部所载摘要不符。"),
        f"entry {place}",
    )


def body_missing(place: int) -> Refusal:
    return Refusal(
        "body-not-sent",
        Text("The header names a body, but none was sent and none is said to be erased.",
             "头部载有正文摘要，但既未附正文，也未声明已删除。"),
        f"entry {place}",
    )  # fmt: skip


def seen_beyond_log(place: int, seen: int, size: int) -> Refusal:
    return Refusal(
        "seen-beyond-log",
        Text(
            f"Its author claims to have read {seen} entries of this node; there are {size}.",
            f"其作者称已读本节点 {seen} 项，而实有 {size} 项。",
        ),
        f"entry {place}",
    )


def on_hold(relation: Relation) -> Refusal:
    return Refusal(
        "relation-on-hold",
        Text(
            "The exchange is on hold: this node holds two signed statements that cannot both be true.",
            "交换已暂停：本节点存有两份不可能同时属实的签署声明。",
        ),
        relation.name,
        Text("The duty officers of both sides must clear it up.", "须由双方值班官员共同查明。"),
    )


def read_only() -> Refusal:
    return Refusal(
        "relation-read-only",
        Text("This node is reading its own entries back.", "本节点正在取回本方此前的登记项。"),
        "",
        Text("Try again in a while.", "请稍后再试。"),
    )


def too_large(most: int) -> Refusal:
    return Refusal(
        "batch-too-large",
        Text(f"More than {most} bytes were sent.", f"所发送内容超过 {most} 字节。"),
    )
