"""What an evidence file proves: checkpoints, the entries of the case, their bodies, and what was acknowledged.

Pure: works on an opened file. Every check is made on the bytes in the file with the keys the agreement pins; nothing
the maker of the file says is taken for granted but which entries belong to the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from comity.core.entry import SALT_BYTES, Header, Line, body_digest, parse_body
from comity.core.note import Checkpoint, origin
from comity.core.strict_json import Json, strict_json
from comity.core.text import Refusal, Text
from comity.core.tree import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from comity.crypto import verify_checkpoint
from comity_verify import layout
from comity_verify import report as r
from comity_verify import words as w
from comity_verify.opening import LogListed, Opened

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Entry:
    index: int
    header: Header
    digest: str
    proved: bool


@dataclass(slots=True)
class _Log:
    """One log as far as the file shows it. `anchor`: its largest good checkpoint, None where there is none."""

    listed: LogListed
    reader: str
    points: list[tuple[str, Checkpoint]] = field(default_factory=list)
    anchor: Checkpoint | None = None
    entries: list[_Entry] = field(default_factory=list)

    @property
    def author(self) -> str:
        return self.listed.author


@dataclass(frozen=True, slots=True)
class _Claim:
    """Somebody's signed word that a log of `size` entries has this root. `own`: said by the log's author itself."""

    where: str
    size: int
    root: bytes
    own: bool


def prove(opened: Opened, report: r.Report) -> None:
    """Fill `report` with what was said and what was found.

    1. Every checkpoint is signed by its author; the largest of each log is the anchor.
    2. Every entry listed is there, belongs to the case, and lies at its place under the anchor.
    3. All that both sides ever signed about one log agrees with its anchor: no two histories.
    4. Every body is the one whose digest its header bears.
    5. For each entry, the first entry of the other side that had read it.
    """
    Prover(opened, report).run()


class Prover:
    """The checks, in order, over one opened file."""

    def __init__(self, opened: Opened, report: r.Report) -> None:
        self.opened, self.report = opened, report
        first, second = opened.manifest.logs
        self.logs = (_Log(first, second.author), _Log(second, first.author))

    def run(self) -> None:
        for log in self.logs:
            self._checkpoints(log)  # 1
        for log in self.logs:
            self._entries(log)  # 2
        rejected = {claim.where for log in self.logs for claim in self._histories(log)}  # 3
        for log, other in (self.logs, self.logs[::-1]):
            for entry in log.entries:
                if not entry.header.is_receipt:
                    self._statement(log, entry, self._acknowledged(entry, other, rejected))  # 4, 5
        self.report.statements.sort(key=lambda each: (each.time, each.author, each.index))
        if not self.report.statements:
            self._find(r.MISSING, "nothing-proved", w.NOTHING)

    # --- 1: checkpoints ---

    def _checkpoints(self, log: _Log) -> None:
        name = origin(self.opened.chain.head.name, log.author, log.reader)
        for path in log.listed.checkpoints:
            data = self._member(path)
            if data is None:
                continue
            refusal: Refusal | None = None
            for keys in self.opened.keys[log.author]:
                try:
                    log.points.append((path, verify_checkpoint(data, keys, name)))
                except Refusal as wrong:
                    refusal = refusal or wrong
                else:
                    refusal = None
                    break
            if refusal is not None:
                self._find(r.ALTERED, refusal.code, refusal.what, path)
        if log.points:
            log.anchor = max((point for _, point in log.points), key=lambda point: point.size)
            self.report.logs[log.author] = (log.anchor.size, log.anchor.root.hex())
        else:
            self._find(r.MISSING, "checkpoint-missing", w.NO_CHECKPOINT, f"logs/{log.author}")

    # --- 2: entries ---

    def _entries(self, log: _Log) -> None:
        line, ranks = Line(log.author), self.opened.chain.ranks
        receipts = set(log.listed.receipts)
        for index in sorted({*log.listed.entries, *receipts}):
            path = layout.entry(log.author, index)
            data = self._member(path)
            if data is None:
                continue
            try:
                header = Header.parse(data)
            except Refusal as refusal:
                self._find(r.ALTERED, refusal.code, refusal.what, path)
                continue
            if header.is_receipt != (index in receipts) or header.case not in (
                None,
                self.opened.manifest.case,
            ):
                self._find(r.ALTERED, "entry-of-another-case", w.OTHER_CASE, path)
                continue
            verdict = line.judge(header, ranks)
            if verdict.why is not None and not verdict.valid:
                self._find(r.NOTICE, verdict.code, w.NO_EFFECT.fill(why=verdict.why), path)
            line = line.after(header, verdict, ranks)
            log.entries.append(_Entry(index, header, leaf_hash(data).hex(), self._included(log, index, data)))

    def _included(self, log: _Log, index: int, data: bytes) -> bool:
        path = layout.proof(log.author, index)
        proof = self._proof(path, log)
        if proof is None or log.anchor is None:
            return False
        try:
            verify_inclusion(leaf_hash(data), index, log.anchor.size, proof, log.anchor.root)
        except Refusal as refusal:
            self._find(r.ALTERED, refusal.code, refusal.what, layout.entry(log.author, index))
            return False
        return True

    # --- 3: one history ---

    def _histories(self, log: _Log) -> Iterator[_Claim]:
        """The claims about this log that do not hold."""
        for (path, point), (other_path, other) in combinations(log.points, 2):
            if point.size == other.size and point.root != other.root:
                self._find(
                    r.ALTERED, "equivocation", w.EQUIVOCATION.fill(code=log.author), f"{path} / {other_path}"
                )
        for claim in self._claims(log):
            if not self._holds(claim, log):
                yield claim

    def _claims(self, log: _Log) -> Iterator[_Claim]:
        for path, point in log.points:
            yield _Claim(path, point.size, point.root, True)
        other = next(each for each in self.logs if each is not log)
        for path, point in other.points:
            yield _Claim(path, point.held_size, point.held_root, False)
        for entry in other.entries:
            if entry.header.root is not None:
                path = layout.entry(other.author, entry.index)
                yield _Claim(path, entry.header.seen, bytes.fromhex(entry.header.root), False)

    def _holds(self, claim: _Claim, log: _Log) -> bool:
        anchor = log.anchor
        if anchor is None:
            return False
        if claim.size > anchor.size:
            self._find(r.MISSING, "checkpoint-too-old", w.TOO_OLD.fill(code=log.author), claim.where)
            return False
        if claim.size == anchor.size:
            good = claim.root == anchor.root
        elif claim.size == 0:
            good = claim.root == EMPTY_ROOT
        else:
            proof = self._proof(layout.consistency(log.author, claim.size), log)
            if proof is None:
                return False
            try:
                verify_consistency(claim.size, anchor.size, proof, claim.root, anchor.root)
            except Refusal:
                good = False
            else:
                good = True
        if not good:
            code, what = w.INCONSISTENT if claim.own else w.OTHER_HISTORY
            self._find(r.ALTERED, code, what.fill(code=log.author, size=claim.size), claim.where)
        return good

    # --- 4, 5: what was said, and who had read it ---

    def _statement(self, log: _Log, entry: _Entry, seen_by: r.Acknowledged | None) -> None:
        header = entry.header
        state, said = self._body(log, entry)
        if seen_by is None:
            self._find(
                r.NOTICE,
                "unacknowledged",
                w.UNACKNOWLEDGED.fill(code=log.reader),
                layout.entry(log.author, entry.index),
            )
        self.report.statements.append(
            r.Statement(
                author=log.author,
                index=entry.index,
                time=header.time,
                step=header.step,
                seen=header.seen,
                officer=header.officer or "",
                approvals=header.approvals,
                digest=entry.digest,
                proved=entry.proved,
                body=state,
                said=said,
                attachments=tuple((item.sha256, item.size) for item in header.attachments),
                acknowledged=seen_by,
            )
        )

    def _body(self, log: _Log, entry: _Entry) -> tuple[str, Json]:
        path = layout.body(log.author, entry.index)
        if entry.header.body is None:
            return r.NONE, None
        if entry.index not in log.listed.bodies:
            self._find(r.NOTICE, "body-erased", w.ERASED, layout.entry(log.author, entry.index))
            return r.ERASED, None
        data = self._member(path)
        if data is None:
            return r.GONE, None
        salt, body = data[:SALT_BYTES], data[SALT_BYTES:]
        if len(salt) != SALT_BYTES or body_digest(salt, body) != entry.header.body:
            self._find(r.ALTERED, "body-altered", w.BODY_ALTERED, path)
            return r.CHANGED, None
        try:
            return r.SHOWN, parse_body(body)
        except Refusal as refusal:
            self._find(r.NOTICE, refusal.code, refusal.what, path)
            return r.SHOWN, None

    def _acknowledged(self, entry: _Entry, other: _Log, rejected: set[str]) -> r.Acknowledged | None:
        for reply in other.entries:
            if (
                reply.proved
                and reply.header.seen > entry.index
                and layout.entry(other.author, reply.index) not in rejected
            ):
                return r.Acknowledged(reply.index, reply.header.time, reply.header.is_receipt)
        return None

    # --- reading parts ---

    def _member(self, path: str) -> bytes | None:
        data = self.opened.members.get(path)
        if data is None and path not in self.opened.manifest.files:  # otherwise it was told already
            self._find(r.MISSING, "member-missing", w.MISSING, path)
        return data

    def _proof(self, path: str, log: _Log) -> list[bytes] | None:
        """The hashes of a proof that leads to the anchor; None (and a finding) where it is not one."""
        data = self._member(path)
        if data is None or log.anchor is None:
            return None
        try:
            value = strict_json(data, max_bytes=64 * 1024, max_depth=3)
        except Refusal:
            value = None
        if isinstance(value, dict) and set(value) == {"size", "hashes"} and value["size"] == log.anchor.size:
            hashes = value["hashes"]
            if isinstance(hashes, list) and all(
                isinstance(each, str) and _HASH.fullmatch(each) for each in hashes
            ):
                return [bytes.fromhex(str(each)) for each in hashes]
        self._find(r.ALTERED, "proof-malformed", w.PROOF_MALFORMED, path)
        return None

    def _find(self, kind: str, code: str, what: Text, where: str = "") -> None:
        self.report.findings.append(r.Finding(kind, code, what, where))
