"""An entry: one step as it stands in a log, and what may follow what in one log.

Pure. The header's bytes are kept and hashed exactly as they were written; this file reads and writes them. A header is
the leaf of the log's tree. The body is hashed with a salt and kept apart, so it can be erased and the log still
verifies; nothing here, and nothing in the fold, ever needs a body.

`Line` holds the two rules of a single log: `seen` never goes back, and time never goes back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from comity.core.strict_json import Json, canonical_json, strict_json
from comity.core.text import Refusal, Text
from comity.core.verdict import VALID, Verdict, invalid

RECEIPT = "receipt"
MAX_HEADER = 16 * 1024
MAX_BODY = 256 * 1024
MAX_DEPTH = 32
MAX_ATTACHMENTS = 32
MAX_APPROVALS = 8
SALT_BYTES = 32

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
_CASE = re.compile(r"[A-Z]{2,8}-[0-9]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\Z")
_TIME = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z\Z"
)
_PSEUDONYM = re.compile(r"[a-z0-9]{8,40}\Z")
_MEMBERS = (
    "v",
    "agreement",
    "case",
    "track",
    "step",
    "seen",
    "time",
    "body",
    "attachments",
    "officer",
    "approvals",
    "root",
)


def case_author(case: str) -> str:
    """The party code a case id begins with, in lower case: "US-2026-7KQ2-MD4T" was opened by "us"."""
    return case.split("-", 1)[0].lower()


def is_case_id(text: str) -> bool:
    """AUTHOR-year-xxxx-xxxx in Crockford's base 32 (no I, L, O, U)."""
    return bool(_CASE.match(text))


def body_digest(salt: bytes, body: bytes) -> str:
    """SHA-256(salt ‖ body) in hex; the 32-byte salt keeps a guesser from testing bodies against the log."""
    return hashlib.sha256(salt + body).hexdigest()


def encode_body(body: Mapping[str, Json]) -> bytes:
    """A body as comity writes it: canonical JSON."""
    return canonical_json(dict(body))


def parse_body(data: bytes) -> dict[str, Json]:
    """Strictly parse a body; Refusal "body-malformed" when it is not an object, or strict_json's own codes."""
    value = strict_json(data, max_bytes=MAX_BODY, max_depth=MAX_DEPTH)
    if not isinstance(value, dict):
        raise Refusal("body-malformed", Text("The body is not an object.", "正文不是对象。"))
    return value


@dataclass(frozen=True, slots=True)
class AttachmentItem:
    """A file named by an entry. `sha256` of the whole, `size` in bytes, `root` of the tree over its 1 MiB chunks."""

    sha256: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Header:
    """The header of an entry. `case` and `officer` are None exactly in a receipt; `track` stands only where a case opens."""

    agreement: str
    step: str
    seen: int
    time: str
    case: str | None = None
    track: str | None = None
    body: str | None = None
    attachments: tuple[AttachmentItem, ...] = ()
    officer: str | None = None
    approvals: tuple[str, ...] = ()
    root: str | None = None
    v: int = 1

    @property
    def is_receipt(self) -> bool:
        return self.step == RECEIPT

    def encode(self) -> bytes:
        """The bytes of the header: compact JSON, members in one order, empty ones left out."""
        members: dict[str, Json] = {"v": self.v, "agreement": self.agreement}
        if self.case is not None:
            members["case"] = self.case
        if self.track is not None:
            members["track"] = self.track
        members |= {"step": self.step, "seen": self.seen, "time": self.time}
        if self.body is not None:
            members["body"] = self.body
        if self.attachments:
            members["attachments"] = [
                {"sha256": a.sha256, "size": a.size, "root": a.root} for a in self.attachments
            ]
        if self.officer is not None:
            members["officer"] = self.officer
        if self.approvals:
            members["approvals"] = list(self.approvals)
        if self.root is not None:
            members["root"] = self.root
        return json.dumps(members, separators=(",", ":")).encode()

    @classmethod
    def parse(cls, data: bytes) -> Header:
        """Read header bytes from anywhere; Refusal "header-malformed" (where = member) or strict_json's codes."""
        members = strict_json(data, max_bytes=MAX_HEADER, max_depth=4)
        if not isinstance(members, dict):
            raise _malformed("")
        for name in members:
            if name not in _MEMBERS:
                raise _malformed(name[:40])
        if members.get("v") != 1 or isinstance(members.get("v"), bool):
            raise _malformed("v")
        header = cls(
            agreement=_matching(members, "agreement", _DIGEST),
            step=_matching(members, "step", _NAME),
            seen=_count(members, "seen"),
            time=_matching(members, "time", _TIME),
            case=_matching(members, "case", _CASE) if "case" in members else None,
            track=_matching(members, "track", _NAME) if "track" in members else None,
            body=_matching(members, "body", _DIGEST) if "body" in members else None,
            attachments=_attachments(members.get("attachments", [])),
            officer=_matching(members, "officer", _PSEUDONYM) if "officer" in members else None,
            approvals=_approvals(members.get("approvals", [])),
            root=_matching(members, "root", _DIGEST) if "root" in members else None,
        )
        header._complete()
        return header

    def _complete(self) -> None:
        """A receipt has a root and nothing of a case; any other entry has a case, an officer and no root."""
        if self.is_receipt:
            if self.root is None or self.case or self.track or self.body or self.officer:
                raise _malformed("root")
            if self.attachments or self.approvals:
                raise _malformed("attachments")
        elif self.case is None or self.officer is None or self.root is not None:
            raise _malformed("case")


def _malformed(member: str) -> Refusal:
    return Refusal(
        "header-malformed",
        Text("The header of an entry is not as the specification says.", "登记项的头部不符合规范。"),
        member,
        Text("See docs/spec-log.md for every member of a header.", "头部各成员见 docs/spec-log.md。"),
    )


def _matching(members: Mapping[str, Json], name: str, pattern: re.Pattern[str]) -> str:
    value = members.get(name)
    if not isinstance(value, str) or not pattern.match(value):
        raise _malformed(name)
    return value


def _count(members: Mapping[str, Json], name: str) -> int:
    value = members.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _malformed(name)
    return value


def _attachments(value: Json) -> tuple[AttachmentItem, ...]:
    if not isinstance(value, list) or len(value) > MAX_ATTACHMENTS:
        raise _malformed("attachments")
    items = []
    for item in value:
        if not isinstance(item, dict) or set(item) != {"sha256", "size", "root"}:
            raise _malformed("attachments")
        items.append(
            AttachmentItem(
                _matching(item, "sha256", _DIGEST), _count(item, "size"), _matching(item, "root", _DIGEST)
            )
        )
    if len({item.sha256 for item in items}) != len(items):
        raise _malformed("attachments")
    return tuple(items)


def _approvals(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_APPROVALS:
        raise _malformed("approvals")
    names = tuple(item for item in value if isinstance(item, str) and _PSEUDONYM.match(item))
    if len(names) != len(value) or len(set(names)) != len(names):
        raise _malformed("approvals")
    return names


@dataclass(frozen=True, slots=True)
class Placed:
    """A header at its place: who wrote it (party code) and its position in that party's log, from 0."""

    author: str
    index: int
    header: Header


SEEN_WENT_BACK = Text(
    "It says its author had read {now} entries, though an earlier entry of the same log says {before}.",
    "该登记项称其作者已读 {now} 项，而同一日志中较早的登记项已称读到 {before} 项。",
)
TIME_WENT_BACK = Text(
    "It bears a time ({now}) before that of the entry it follows ({before}).",
    "其时间（{now}）早于其前一登记项的时间（{before}）。",
)
AGREEMENT_UNKNOWN = Text(
    "It names an agreement the two authorities have not signed, or one they have replaced.",
    "其所引协议未经双方签署，或已被取代。",
)


@dataclass(frozen=True, slots=True)
class Line:
    """Where one log stands: how many entries, how much of the other log its author had read, the last time it bears."""

    author: str
    size: int = 0
    seen: int = 0
    time: str = ""
    rank: int = 0

    def judge(self, header: Header, ranks: Mapping[str, int]) -> Verdict:
        """The rules of a single log. `ranks` gives the place of each agreement digest in the chain both sides signed."""
        if header.seen < self.seen:
            return invalid("seen-went-back", SEEN_WENT_BACK.fill(now=header.seen, before=self.seen))
        if header.time < self.time:
            return invalid("time-went-back", TIME_WENT_BACK.fill(now=header.time, before=self.time))
        if ranks.get(header.agreement, -1) < self.rank:
            return invalid("agreement-unknown", AGREEMENT_UNKNOWN)
        return VALID

    def after(self, header: Header, verdict: Verdict, ranks: Mapping[str, int]) -> Line:
        """The line once `header` stands in it. An entry that breaks the line's own rules moves nothing but the size."""
        if verdict.code in ("seen-went-back", "time-went-back", "agreement-unknown"):
            return replace(self, size=self.size + 1)
        return Line(self.author, self.size + 1, header.seen, header.time, ranks[header.agreement])
