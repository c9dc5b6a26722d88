"""Writes an evidence file: one case, with everything a court needs to check it offline with `comity-verify`.

Pure but for the open file it is handed: what goes in is given by the caller, and the proofs are worked out here. Where
each part lies is said once, in `comity_verify.layout`. It never writes what it would not itself find true: an entry
beyond the signed checkpoint is a Refusal, not a gap.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from comity.core.entry import Header
from comity.core.note import Checkpoint, Note
from comity.core.strict_json import Json, canonical_json
from comity.core.text import Refusal, Text
from comity.core.tree import Get, consistency_proof, inclusion_proof
from comity.crypto import SecretKeys, sign_statement
from comity_verify import layout

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day a zip can name: the same evidence gives the same file


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """One entry of the case, or a receipt of the other log. `salt` and `body` are None where there is none to show."""

    index: int
    header: bytes
    salt: bytes | None = None
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class EvidenceLog:
    """What one authority wrote.

    checkpoints  signed notes of this log, the largest first; every entry given must lie inside the first
    entries      the entries of the case in this log, and the receipts in it that cover the other log's entries
                 (for each of those the first receipt with `seen` beyond its index), in order of index
    get          the tiles of this log
    """

    author: str
    checkpoints: tuple[bytes, ...]
    entries: tuple[EvidenceEntry, ...]
    get: Get


@dataclass(frozen=True, slots=True)
class Evidence:
    """One case. `agreements`: (TOML bytes, signature note) of every version, first to last; `made`: RFC 3339, UTC."""

    case: str
    made: str
    agreements: tuple[tuple[bytes, bytes], ...]
    logs: tuple[EvidenceLog, EvidenceLog]


def write_evidence(file: BinaryIO, evidence: Evidence, keys: SecretKeys) -> None:
    """Write the zip to `file`, the manifest signed with `keys` (those of the authority that makes the file).

    Refusal "evidence-not-covered" where an entry, or what a receipt or checkpoint says it holds, is beyond the first
    checkpoint: sign a new checkpoint and try again.
    """
    members: dict[str, bytes] = {layout.README: _readme(evidence, keys.code)}
    digests = []
    for data, signature in evidence.agreements:
        digests.append(sha256(data).hexdigest())
        members[layout.agreement(digests[-1])] = data
        members[layout.agreement_signature(digests[-1])] = signature
    logs: dict[str, Json] = {}
    for log, other in (evidence.logs, evidence.logs[::-1]):
        logs[log.author] = _add_log(members, log, _claims(other))
    manifest: dict[str, Json] = {
        "format": layout.FORMAT,
        "case": evidence.case,
        "made": evidence.made,
        "by": keys.code,
        "agreements": list[Json](digests),
        "logs": logs,
        "files": {path: sha256(data).hexdigest() for path, data in members.items()},
    }
    listed = canonical_json(manifest)
    statement = layout.manifest_text(evidence.case, sha256(listed).hexdigest())
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted({**members, layout.MANIFEST: listed}.items(), key=_reading_order):
            archive.writestr(_info(path), data)
        archive.writestr(_info(layout.MANIFEST_NOTE), sign_statement(statement, keys))


def first_receipts(indices: Iterable[int], receipts: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Of `receipts`, (index, seen) in order of index, those that are the first to cover one of `indices`."""
    waiting, found = sorted(indices), []
    for index, seen in receipts:
        if not waiting:
            break
        if seen > waiting[0]:
            found.append(index)
            waiting = [each for each in waiting if each >= seen]
    return tuple(found)


def _add_log(members: dict[str, bytes], log: EvidenceLog, claimed: Sequence[tuple[str, int]]) -> Json:
    """Add the members of one log; returns what the manifest says of it."""
    points = [Checkpoint.parse(Note.parse(note).text) for note in log.checkpoints]
    size = points[0].size
    paths: list[str] = []
    for note, point in zip(log.checkpoints, points, strict=True):
        number = 1 + sum(other.size == point.size for other in points[: len(paths)])
        paths.append(layout.checkpoint(log.author, point.size, number))
        members[paths[-1]] = note
    for entry in log.entries:
        if entry.index >= size:
            raise _not_covered(f"{log.author} / entry {entry.index}", size)
        members[layout.entry(log.author, entry.index)] = entry.header
        if entry.body is not None and entry.salt is not None:
            members[layout.body(log.author, entry.index)] = entry.salt + entry.body
        path = inclusion_proof(entry.index, size, log.get)
        members[layout.proof(log.author, entry.index)] = _proof(size, path)
    for what, held in [*claimed, *((path, point.size) for path, point in zip(paths, points, strict=True))]:
        if held > size:
            raise _not_covered(what, size)
        if 0 < held < size:
            members[layout.consistency(log.author, held)] = _proof(
                size, consistency_proof(held, size, log.get)
            )
    receipts = [entry.index for entry in log.entries if Header.parse(entry.header).is_receipt]
    return {
        "checkpoints": list[Json](paths),
        "entries": [entry.index for entry in log.entries if entry.index not in receipts],
        "receipts": list[Json](receipts),
        "bodies": [entry.index for entry in log.entries if entry.body is not None],
    }


def _claims(other: EvidenceLog) -> list[tuple[str, int]]:
    """Every size of one log that the other side's receipts and checkpoints say they hold."""
    claims = []
    for entry in other.entries:
        header = Header.parse(entry.header)
        if header.is_receipt:
            claims.append((f"{other.author} / entry {entry.index}", header.seen))
    for note in other.checkpoints:
        point = Checkpoint.parse(Note.parse(note).text)
        claims.append((f"{other.author} / checkpoint {point.size}", point.held_size))
    return claims


def _proof(size: int, hashes: Sequence[bytes]) -> bytes:
    return json.dumps({"size": size, "hashes": [each.hex() for each in hashes]}, indent=1).encode() + b"\n"


def _reading_order(member: tuple[str, bytes]) -> tuple[bool, bool, str]:
    path = member[0]
    return path != layout.README, path != layout.MANIFEST, path


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _readme(evidence: Evidence, maker: str) -> bytes:
    newest = sha256(evidence.agreements[-1][0]).hexdigest()
    said = _README.fill(case=evidence.case, made=evidence.made, maker=maker, digest=newest)
    return f"{said.en}\n\n---\n\n{said.zh}\n".encode()


def _not_covered(where: str, size: int) -> Refusal:
    return Refusal("evidence-not-covered", _NOT_COVERED.fill(size=size), where, _NOT_COVERED_MEND)


_NOT_COVERED = Text(
    "This lies beyond the signed checkpoint of {size} entries, so nothing would prove it.",
    "该项超出已签名检查点所覆盖的{size}项，无从证明。",
)
_NOT_COVERED_MEND = Text(
    "Exchange with the other side once, or sign a new checkpoint; then make the evidence file again.",
    "请先与对方交换一次，或签署新的检查点，然后重新生成证据文件。",
)
_README = Text(
    """# Evidence: case {case}

Made {made} by the authority “{maker}”.

This file proves what two authorities wrote to each other in one case. Every entry stands in its author's log, which is
an append-only Merkle tree (RFC 9162); the author signed the root of that tree twice, with Ed25519 and ML-DSA-65; the
other side acknowledged it with signed receipts.

Check it, offline, with the program `comity-verify`:

    comity-verify FILE.zip --agreement-digest {digest}

The keys it trusts are those in the agreement inside this file. Take the digest of the agreement, or the fingerprints
of both parties' keys, from another source and compare.

What it can tell: who wrote what and when; what the other side acknowledged; whether anything listed is missing or was
altered. What it cannot tell: whether what was written is true, and whether the maker of the file listed every entry of
the case; for that, ask the other authority for its own evidence file. Personal data in it is to be handled as the case
file says.

Where everything lies: `manifest.json` lists every part with its SHA-256; `manifest.note` is the maker's signature over
it.""",
    """# 证据文件：案件 {case}

由主管机关“{maker}”于 {made} 生成。

本文件证明两个主管机关在同一案件中相互提交的内容。每一登记项均载于其作者的日志；日志为仅可追加的默克尔树（RFC 9162）；
作者以 Ed25519 和 ML-DSA-65 两种算法对树根签名；对方以经签名的回执予以确认。

请使用 `comity-verify` 程序离线核验：

    comity-verify FILE.zip --agreement-digest {digest}

该程序信任的密钥取自本文件所载协议。请从其他来源取得协议摘要或双方密钥指纹，并加以比对。

可以证明：何人于何时写了何内容；对方确认了哪些内容；所列内容有无缺失或改动。不能证明：所写内容是否真实，以及生成本文件的一方
是否列出了该案的全部登记项；如需查明后者，请要求对方主管机关提供其证据文件。文件所含个人数据应依卷宗规定处理。

各部分所在位置：`manifest.json` 列明每一部分及其 SHA-256；`manifest.note` 为生成方对该清单的签名。""",
)


__all__ = ["Evidence", "EvidenceEntry", "EvidenceLog", "first_receipts", "write_evidence"]
