"""The shape of the answer: what was found, who said what, and whether it all holds. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.core.strict_json import Json
from comity.core.text import Text

ALTERED, MISSING, NOTICE = "altered", "missing", "notice"

SHOWN, NONE, ERASED, CHANGED, GONE = "shown", "none", "erased", "altered", "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell. `kind`: ALTERED and MISSING mean the file does not hold; NOTICE is for the reader to know."""

    kind: str
    code: str
    what: Text
    where: str = ""

    def to_json(self) -> dict[str, Json]:
        what: dict[str, Json] = {**self.what.to_json()}
        return {"kind": self.kind, "code": self.code, "what": what, "where": self.where}


@dataclass(frozen=True, slots=True)
class PartySeen:
    """A party as the agreement names it, and the fingerprint of the keys it pins."""

    code: str
    name: Text
    authority: Text
    fingerprint: str

    def to_json(self) -> dict[str, Json]:
        return {
            "code": self.code,
            "name": {**self.name.to_json()},
            "authority": {**self.authority.to_json()},
            "fingerprint": self.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The other side's first entry that says it had read this one. `root_shown`: it is a receipt and names the root."""

    index: int
    time: str
    root_shown: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """One entry of the case: who said what and when.

    proved  its header lies in the log its author signed, at this place
    body    SHOWN, NONE (it never had one), ERASED (or withheld), CHANGED or GONE
    """

    author: str
    index: int
    time: str
    step: str
    seen: int
    officer: str
    approvals: tuple[str, ...]
    digest: str
    proved: bool
    body: str
    said: Json = None
    attachments: tuple[tuple[str, int], ...] = ()
    acknowledged: Acknowledged | None = None

    def to_json(self) -> dict[str, Json]:
        seen_by = self.acknowledged
        return {
            "author": self.author,
            "index": self.index,
            "time": self.time,
            "step": self.step,
            "seen": self.seen,
            "officer": self.officer,
            "approvals": list[Json](self.approvals),
            "digest": self.digest,
            "proved": self.proved,
            "body": self.body,
            "said": self.said,
            "attachments": [{"sha256": digest, "size": size} for digest, size in self.attachments],
            "acknowledged": None
            if seen_by is None
            else {"index": seen_by.index, "time": seen_by.time, "root_shown": seen_by.root_shown},
        }


@dataclass(slots=True)
class Report:
    """Everything the verifier can tell. Filled from top to bottom as checks are made."""

    case: str = ""
    made: str = ""
    by: str = ""
    agreement: str = ""
    agreement_title: Text | None = None
    pinned: bool = False
    parties: tuple[PartySeen, ...] = ()
    logs: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Author -> (size, root in hex) of its largest checkpoint."""
    statements: list[Statement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """True when nothing was altered, nothing is missing, and there was something to check."""
        return bool(self.statements) and all(finding.kind == NOTICE for finding in self.findings)

    def to_json(self) -> dict[str, Json]:
        logs: dict[str, Json] = {
            author: {"size": size, "root": root} for author, (size, root) in self.logs.items()
        }
        return {
            "verified": self.verified,
            "case": self.case,
            "made": self.made,
            "by": self.by,
            "agreement": self.agreement,
            "agreement_pinned": self.pinned,
            "parties": [party.to_json() for party in self.parties],
            "logs": logs,
            "statements": [statement.to_json() for statement in self.statements],
            "findings": [finding.to_json() for finding in self.findings],
        }
