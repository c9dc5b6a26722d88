"""How a command ends: the exit codes, which never change their meaning, and which refusal ends in which.

0 ok · 1 failed · 2 wrong usage · 3 refused by policy · 4 the other authority's node did not answer · 5 integrity failure
"""

from __future__ import annotations

from comity.core.text import Refusal, Text

OK, FAILED, USAGE, REFUSED, UNREACHABLE, INTEGRITY = range(6)

MEANINGS: dict[int, Text] = {
    OK: Text("done", "完成"),
    FAILED: Text("failed", "失败"),
    USAGE: Text("wrong usage", "用法有误"),
    REFUSED: Text("refused by policy", "依规则不予办理"),
    UNREACHABLE: Text("the other authority’s node did not answer", "对方节点无应答"),
    INTEGRITY: Text("integrity failure", "完整性校验未通过"),
}

# Refusals of the law, of access and of the turn: nothing is broken, it may not be done as things stand.
_POLICY = frozenset(
    {
        "already-open",
        "approval-by-token",
        "approval-of-another-digest",
        "approval-of-own-work",
        "approval-twice",
        "attachment-missing",
        "attachment-unwanted",
        "case-ended",
        "draft-closed",
        "draft-in-bundle",
        "draft-leaving",
        "forwarding-refused",
        "last-holder",
        "not-approved",
        "not-assignable",
        "nothing-to-answer",
        "nothing-to-release",
        "on-hold",
        "out-of-turn",
        "relation-on-hold",
        "relation-read-only",
        "role-may-not",
        "sign-in-failed",
        "too-late-to-recall",
        "too-short-notice",
        "wrong-side",
    }
)
_UNREACHABLE = frozenset({"peer-unreachable", "peer-answered-wrong", "no-address"})
_INTEGRITY = frozenset(
    {
        "agreement-altered",
        "agreement-signature-differs",
        "batch-root-mismatch",
        "checkpoint-of-another-log",
        "fork",
        "keys-exposed",
        "log-altered",
        "sealed-unreadable",
        "signature-invalid",
        "signature-missing",
    }
)
_KINDS = (("safeguard-", REFUSED), ("approval-", REFUSED), ("peer-", UNREACHABLE), ("line-", UNREACHABLE))


def exit_code(refusal: Refusal) -> int:
    """The exit code a refusal ends a command with."""
    code = refusal.code
    if code in _INTEGRITY:
        return INTEGRITY
    if code in _UNREACHABLE:
        return UNREACHABLE
    if code in _POLICY:
        return REFUSED
    return next((outcome for start, outcome in _KINDS if code.startswith(start)), FAILED)
