"""Two authorities, one case among others, and the evidence file one of them makes of it.

Pure: no node and no database. `World` writes entries and receipts as nodes do; `tell` gives the usual story; `zipped`
and `unzipped` take an evidence file apart and put it together again, changed in one way.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256

from comity.agreements import text_of
from comity.core.agreement import Agreement, Keys, fill_keys
from comity.core.entry import AttachmentItem, Header, body_digest
from comity.core.note import Checkpoint, origin
from comity.core.tree import CompactRange, Get, leaf_hash, memory_tiles
from comity.crypto import SecretKeys, generate, sign_agreement, sign_checkpoint
from comity.exchange.evidence import Evidence, EvidenceEntry, EvidenceLog, first_receipts, write_evidence
from comity_verify.main import verify
from comity_verify.report import Report

CASE, OTHER = "US-2026-7KQ2-MD4T", "US-2026-0000-0000"
MADE = "2026-03-20T00:00:00Z"
SALT = b"s" * 32
BODIES = (
    {"name": {"native": "王小明"}, "sex": "m", "counts": [1, 2], "minor": False},
    {"note": "dead \u202e end"},
)


def keys(code: str, who: str = "") -> SecretKeys:
    """The keys of a party; with `who`, those of somebody who only says it is that party."""
    return _keys(code, who)


@cache
def _keys(code: str, who: str) -> SecretKeys:
    return generate(code)


@cache
def agreement() -> tuple[Agreement, bytes]:
    """The shipped agreement with real keys, and both parties' signatures."""
    cards = {code: Keys(**keys(code).public.parts) for code in ("cn", "us")}
    data = fill_keys(text_of("cn-us-2017"), cards)
    loaded = Agreement.load(data)
    signed = sign_agreement(loaded.name, loaded.version, data, keys("us"))
    return loaded, sign_agreement(loaded.name, loaded.version, data, keys("cn"), signed)


@dataclass
class Log:
    author: str
    reader: str
    leaves: list[bytes] = field(default_factory=list)
    entries: list[EvidenceEntry] = field(default_factory=list)
    receipts: list[tuple[int, int]] = field(default_factory=list)

    def root(self, size: int) -> bytes:
        return CompactRange().extend(leaf_hash(leaf) for leaf in self.leaves[:size]).root()

    def tiles(self) -> Get:
        return memory_tiles([leaf_hash(leaf) for leaf in self.leaves])


@dataclass
class World:
    """Two logs growing side by side; every entry is a minute after the one before."""

    logs: dict[str, Log] = field(default_factory=lambda: {"cn": Log("cn", "us"), "us": Log("us", "cn")})
    minutes: int = 0

    def write(self, author: str, step: str, case: str = CASE, *, body: object = None, erased: bool = False,
              attachments: tuple[AttachmentItem, ...] = ()) -> int:  # fmt: skip
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self._add(
            author,
            Header(
                agreement=agreement()[0].digest, step=step, seen=self._seen(author), time=self._time(), case=case,
                track="repatriation" if step == "request" else None,
                body=None if data is None else body_digest(SALT, data), attachments=attachments, officer="0ff1cer01",
            ),
            None if erased else data,
        )  # fmt: skip

    def receipt(self, author: str) -> int:
        log, other = self.logs[author], self.logs[self.logs[author].reader]
        seen = len(other.leaves)
        log.receipts.append((len(log.leaves), seen))
        header = Header(
            agreement=agreement()[0].digest,
            step="receipt",
            seen=seen,
            time=self._time(),
            root=other.root(seen).hex(),
        )
        return self._add(author, header, None)

    def checkpoint(self, author: str, size: int | None = None, held: int | None = None) -> Checkpoint:
        log, other = self.logs[author], self.logs[self.logs[author].reader]
        size = len(log.leaves) if size is None else size
        held = self._seen(author) if held is None else held
        name = origin("cn-us-2017", author, log.reader)
        return Checkpoint(name, size, log.root(size), held, other.root(held), self._time())

    def evidence(self) -> Evidence:
        """As a node makes it: the case's entries, the receipts that cover them, a checkpoint of each log."""
        loaded, signed = agreement()
        return Evidence(CASE, MADE, ((loaded.data, signed),), (self._log("cn"), self._log("us")))

    def _log(self, author: str) -> EvidenceLog:
        log, other = self.logs[author], self.logs[self.logs[author].reader]
        mine = [entry for entry in log.entries if Header.parse(entry.header).case == CASE]
        theirs = [entry.index for entry in other.entries if Header.parse(entry.header).case == CASE]
        covering = first_receipts(theirs, log.receipts)
        chosen = sorted([*mine, *(log.entries[index] for index in covering)], key=lambda entry: entry.index)
        note = sign_checkpoint(self.checkpoint(author), keys(author))
        return EvidenceLog(author, (note,), tuple(chosen), log.tiles())

    def _add(self, author: str, header: Header, data: bytes | None) -> int:
        log = self.logs[author]
        index = len(log.leaves)
        log.leaves.append(header.encode())
        log.entries.append(EvidenceEntry(index, header.encode(), None if data is None else SALT, data))
        return index

    def _seen(self, author: str) -> int:
        receipts = self.logs[author].receipts
        return receipts[-1][1] if receipts else 0

    def _time(self) -> str:
        self.minutes += 1
        return f"2026-03-04T{self.minutes // 60:02}:{self.minutes % 60:02}:00.000Z"


def tell() -> World:
    """Other cases first; then a request with a body and an attachment, a question, an erased answer, and one unread."""
    world = World()
    for _ in range(30):
        world.write("us", "request", OTHER)
    world.receipt("cn")
    world.write("us", "request", body=BODIES[0], attachments=(AttachmentItem("ab" * 32, 1234, "cd" * 32),))
    world.write("us", "note", OTHER)
    world.receipt("cn")
    world.write("cn", "question", body=BODIES[1])
    world.receipt("us")
    world.write("us", "answer", body={"answer": "yes"}, erased=True)
    world.receipt("cn")
    world.receipt("us")
    world.write("cn", "verify")
    return world


def made(evidence: Evidence, by: str = "us", who: str = "") -> bytes:
    file = io.BytesIO()
    write_evidence(file, evidence, keys(by, who))
    return file.getvalue()


@cache
def usual() -> bytes:
    """The usual story as an evidence file. Kept: the same bytes for every test."""
    return made(tell().evidence())


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def resigned(members: dict[str, bytes], by: str = "us", **manifest: object) -> bytes:
    """A file whose maker lies: changed parts, with a fresh list and a fresh signature over it."""
    from comity.crypto import sign_statement
    from comity_verify import layout

    parts = {name: data for name, data in members.items() if not name.startswith("manifest.")}
    listed = json.loads(members[layout.MANIFEST]) | manifest
    listed["files"] = {name: sha256(data).hexdigest() for name, data in parts.items()}
    data = json.dumps(listed).encode()
    text = layout.manifest_text(listed["case"], sha256(data).hexdigest())
    return zipped({layout.MANIFEST: data, layout.MANIFEST_NOTE: sign_statement(text, keys(by)), **parts})


def checked(data: bytes, digest: str | None = None) -> Report:
    return verify(io.BytesIO(data), digest)


def changed(change: Callable[[EvidenceLog], EvidenceLog], author: str) -> bytes:
    """An evidence file with one log of the usual story changed before it is written."""
    evidence = tell().evidence()
    logs = [change(log) if log.author == author else log for log in evidence.logs]
    return made(replace(evidence, logs=(logs[0], logs[1])))
