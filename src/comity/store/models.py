"""Every table of a node, for Django to find. The tables themselves stand in the files named below."""

from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.drafts import Approval, BulkRow, Bundle, Draft, Note
from comity.store.files import Attachment, AttachmentUse, Transfer
from comity.store.logs import AgreementRow, Checkpoint, Entry, Fork, Log, Relation, Tile
from comity.store.people import Assignment, Officer, Token, Unit
from comity.store.search import SearchDoc

__all__ = [
    "AgreementRow", "Approval", "Assignment", "Attachment", "AttachmentUse", "Audit", "BulkRow", "Bundle", "CaseRow",
    "Checkpoint", "Draft", "Entry", "Fork", "Log", "Note", "Officer", "Relation", "SearchDoc", "Tile", "Token",
    "Transfer", "Unit",
]  # fmt: skip
