"""Who is speaking: the manifest, the agreement and its keys, and whether the file is whole.

Pure: works on the members already read. The manifest is read first because it names the agreement; it is believed only
once its signature holds under keys the agreement pins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from comity.core.agreement import Agreement, Chain
from comity.core.entry import is_case_id
from comity.core.strict_json import Json, strict_json
from comity.core.text import Refusal, Text
from comity.crypto import PublicKeys, party_keys, verify_agreement, verify_statement
from comity_verify import layout
from comity_verify.archive import Archive, unreadable
from comity_verify.report import ALTERED, MISSING, NOTICE, Finding, PartySeen, Report

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_CODE = re.compile(r"[a-z][a-z0-9-]{0,15}")


@dataclass(frozen=True, slots=True)
class LogListed:
    """What the manifest says of one log; `checkpoints` are paths, the largest first, the others indices."""

    author: str
    checkpoints: tuple[str, ...]
    entries: tuple[int, ...]
    receipts: tuple[int, ...]
    bodies: frozenset[int]


@dataclass(frozen=True, slots=True)
class Manifest:
    case: str
    made: str
    by: str
    agreements: tuple[str, ...]
    logs: tuple[LogListed, LogListed]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose maker is known. `keys`: code -> its keys in each version of the agreement, newest first."""

    manifest: Manifest
    members: Mapping[str, bytes]
    chain: Chain
    keys: Mapping[str, tuple[PublicKeys, ...]]


def open_evidence(archive: Archive, report: Report, pinned: str | None) -> Opened | None:
    """Fill the head of the report. None where no agreement holds, so that nothing more can be checked.

    Refusal "evidence-unreadable" where there is no manifest to read.
    1. Every member is one the manifest lists, whole, with the digest it lists.
    2. The agreement and its amendments hang together, and both parties signed each with the keys in it.
    3. The agreement is the one pinned, where one is.
    4. The manifest is signed by one of the parties.
    """
    manifest = read_manifest(archive.members.get(layout.MANIFEST, b""))
    report.case, report.made, report.by = manifest.case, manifest.made, manifest.by
    _check_members(archive, manifest, report)  # 1
    chain = _check_agreements(archive.members, manifest, report)  # 2
    if chain is None:
        return None
    keys = {
        code: tuple(party_keys(version, code) for version in reversed(chain.agreements))
        for code in chain.head.codes
    }
    _show_parties(chain, keys, report)
    if pinned is not None and pinned not in chain:  # 3
        report.findings.append(Finding(ALTERED, "agreement-not-the-one", _NOT_THE_ONE, report.agreement))
    elif pinned is None:
        report.findings.append(Finding(NOTICE, "agreement-not-pinned", _NOT_PINNED))
    report.pinned = pinned is not None and pinned in chain
    if {log.author for log in manifest.logs} != set(chain.head.codes) or manifest.by not in keys:
        report.findings.append(Finding(ALTERED, "parties-differ", _PARTIES_DIFFER, layout.MANIFEST))
        return None
    _check_maker(archive.members, manifest, keys[manifest.by], report)  # 4
    return Opened(manifest, archive.members, chain, keys)


# --- the manifest ------------------------------------------------------------------------------------


def read_manifest(data: bytes) -> Manifest:
    """Refusal "evidence-unreadable", where = the manifest."""
    try:
        top = strict_json(data, max_bytes=layout.MAX_MEMBER, max_depth=4)
        fields = _exact(top, "format", "case", "made", "by", "agreements", "logs", "files")
        if fields["format"] != layout.FORMAT:
            raise unreadable(layout.MANIFEST)
        logs = fields["logs"]
        files = fields["files"]
        if not isinstance(logs, dict) or len(logs) != 2 or not isinstance(files, dict):
            raise unreadable(layout.MANIFEST)
        first, second = (_log(author, row) for author, row in logs.items())
        return Manifest(
            _text(fields["case"], is_case_id),
            _text(fields["made"], _MOMENT.fullmatch),
            _text(fields["by"], _CODE.fullmatch),
            tuple(_text(digest, _DIGEST.fullmatch) for digest in _list(fields["agreements"])),
            (first, second),
            {
                _text(path, layout.is_known): _text(digest, _DIGEST.fullmatch)
                for path, digest in files.items()
            },
        )
    except Refusal:
        raise unreadable(layout.MANIFEST) from None


def _log(author: str, row: Json) -> LogListed:
    fields = _exact(row, "checkpoints", "entries", "receipts", "bodies")
    paths = tuple(_text(path, layout.is_known) for path in _list(fields["checkpoints"]))
    if not paths or len(set(paths)) != len(paths):
        raise unreadable(layout.MANIFEST)
    entries, receipts, bodies = (_places(fields[name]) for name in ("entries", "receipts", "bodies"))
    if set(entries) & set(receipts):
        raise unreadable(layout.MANIFEST)
    return LogListed(_text(author, _CODE.fullmatch), paths, entries, receipts, frozenset(bodies))


def _exact(value: Json, *names: str) -> dict[str, Json]:
    if not isinstance(value, dict) or set(value) != set(names):
        raise unreadable(layout.MANIFEST)
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise unreadable(layout.MANIFEST)
    return value


def _text(value: Json, fits: object) -> str:
    if not isinstance(value, str) or not callable(fits) or not fits(value):
        raise unreadable(layout.MANIFEST)
    return value


def _places(value: Json) -> tuple[int, ...]:
    places = []
    for place in _list(value):
        if isinstance(place, bool) or not isinstance(place, int) or place < 0:
            raise unreadable(layout.MANIFEST)
        places.append(place)
    if places != sorted(set(places)):
        raise unreadable(layout.MANIFEST)
    return tuple(places)


# --- the checks --------------------------------------------------------------------------------------


def _check_members(archive: Archive, manifest: Manifest, report: Report) -> None:
    say = report.findings.append
    own = {layout.MANIFEST, layout.MANIFEST_NOTE}
    for path in archive.damaged:
        say(Finding(ALTERED, "member-damaged", _DAMAGED, path))
    for path, digest in manifest.files.items():
        if path in archive.members:
            if sha256(archive.members[path]).hexdigest() != digest:
                say(Finding(ALTERED, "member-altered", _ALTERED, path))
        elif path not in archive.damaged:
            say(Finding(MISSING, "member-missing", _MISSING, path))
    for path in archive.members.keys() - manifest.files.keys() - own:
        say(Finding(ALTERED, "member-added", _ADDED, path[:100]))


def _check_agreements(members: Mapping[str, bytes], manifest: Manifest, report: Report) -> Chain | None:
    versions = []
    for digest in manifest.agreements:
        path = layout.agreement(digest)
        try:
            data = members[path]
            version = Agreement.load(data)
            if version.digest != digest:
                raise Refusal("agreement-altered", _AGREEMENT_ALTERED)
            parties = [party_keys(version, code) for code in version.codes]
            signed = members[layout.agreement_signature(digest)]
            verify_agreement(version.name, version.version, data, signed, parties)
        except KeyError:
            report.findings.append(Finding(MISSING, "agreement-missing", _AGREEMENT_MISSING, path))
            return None
        except Refusal as refusal:
            report.findings.append(Finding(ALTERED, refusal.code, refusal.what, path))
            return None
        versions.append(version)
    try:
        return Chain(versions)
    except Refusal as refusal:
        report.findings.append(Finding(ALTERED, refusal.code, refusal.what, layout.MANIFEST))
        return None


def _show_parties(chain: Chain, keys: Mapping[str, tuple[PublicKeys, ...]], report: Report) -> None:
    report.agreement, report.agreement_title = chain.head.digest, chain.head.title
    report.parties = tuple(
        PartySeen(party.code, party.name, party.authority, keys[party.code][0].fingerprint)
        for party in chain.head.parties
    )
    for code, versions in keys.items():
        if len({version.fingerprint for version in versions}) > 1:
            report.findings.append(Finding(NOTICE, "keys-changed", _KEYS_CHANGED.fill(code=code)))


def _check_maker(
    members: Mapping[str, bytes], manifest: Manifest, keys: tuple[PublicKeys, ...], report: Report
) -> None:
    note = members.get(layout.MANIFEST_NOTE)
    if note is None:
        report.findings.append(Finding(MISSING, "manifest-unsigned", _UNSIGNED, layout.MANIFEST_NOTE))
        return
    digest = sha256(members[layout.MANIFEST]).hexdigest()
    if not any(_said(note, each) == layout.manifest_text(manifest.case, digest) for each in keys):
        report.findings.append(Finding(ALTERED, "manifest-altered", _MANIFEST_ALTERED, layout.MANIFEST))


def _said(note: bytes, keys: PublicKeys) -> str | None:
    try:
        return verify_statement(note, keys)
    except Refusal:
        return None


_DAMAGED = Text("This part of the zip is damaged.", "压缩文件的该部分已损坏。")
_ALTERED = Text("This part was altered after the file was made.", "该部分在文件生成后被改动。")
_MISSING = Text("This part is listed but not there.", "该部分列于清单但文件中没有。")
_ADDED = Text("This part is not listed; somebody added it.", "该部分未列于清单，系他人添加。")
_AGREEMENT_MISSING = Text("The agreement, or the signatures on it, are missing.", "缺少协议或协议上的签名。")
_AGREEMENT_ALTERED = Text("The agreement is not the one it is listed as.", "该协议与清单所列不符。")
_NOT_THE_ONE = Text(
    "The agreement in the file is not the one whose digest you gave.",
    "文件所载协议的摘要与您提供的摘要不符。",
)
_NOT_PINNED = Text(
    "The keys are those of the agreement in this file. Compare its digest, or the fingerprints, with another source.",
    "所用密钥取自本文件所载协议。请将协议摘要或密钥指纹与其他来源核对。",
)
_PARTIES_DIFFER = Text(
    "The logs or the maker of the file are not those of the parties to the agreement.",
    "日志或文件生成方与协议当事方不符。",
)
_KEYS_CHANGED = Text(
    "The keys of “{code}” differ between versions of the agreement; compare the fingerprints of each.",
    "“{code}”的密钥在协议各版本之间有变更；请逐一核对指纹。",
)
_UNSIGNED = Text("The maker’s signature over the list of parts is missing.", "缺少生成方对清单的签名。")
_MANIFEST_ALTERED = Text(
    "The list of parts, or the maker’s signature over it, was altered.", "清单或生成方对清单的签名被改动。"
)
