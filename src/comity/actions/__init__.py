"""Every change an officer can make. Each is one transaction: check access, check law, check turn, write, leave an audit
row; each raises Refusal (what is wrong and how to mend it), Denied or Hidden (`comity.access`), and then changed nothing.

`via` says by which door the officer came: "web", "cli", "api" or "token". A token never approves.
"""

from comity.actions.approving import approve, reject
from comity.actions.bulk import BulkReport, BulkRow, RowReport, open_many
from comity.actions.cases import add_attachment, add_note, assign, move_to_unit, take_up, unassign
from comity.actions.drafting import check_draft, parse_safeguards, preview, save_draft, withdraw_draft
from comity.actions.sending import open_case, recall, send_due, submit, take_step
from comity.law.problem import Incomplete, Problem

__all__ = [
    "BulkReport", "BulkRow", "Incomplete", "Problem", "RowReport", "add_attachment", "add_note", "approve", "assign",
    "check_draft", "move_to_unit", "open_case", "open_many", "parse_safeguards", "preview", "recall", "reject",
    "save_draft", "send_due", "submit", "take_step", "take_up", "unassign", "withdraw_draft",
]  # fmt: skip
