"""Are the logs kept here the ones that were signed? Every byte read again, from the first entry on.

For each log: the places follow each other; columns say what the header says; a body is the one its header names; the
leaf hashes give the tiles kept, and at every checkpoint kept the root its author signed, with both signatures. Nothing is
trusted but the keys pinned in the agreements. One pass, in order, a few hundred entries in memory.
Border: reads only.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connections

from comity.core.entry import Header
from comity.core.fold import Relation as Folded
from comity.core.note import Checkpoint as Signed
from comity.core.text import Refusal, Text
from comity.core.tree import TILE_WIDTH, CompactRange, Tiles, append, leaf_hash
from comity.crypto import verify_checkpoint
from comity.exchange.desk import pinned
from comity.store.cases import CaseRow
from comity.store.logs import Checkpoint, Log, Relation, entry_key
from comity.store.relations import Bond, bond, logs
from comity.store.rows import fold_text
from comity.store.tiles import frontier, reader

AT_ONCE = 4096
Progress = Callable[[str, int, int], None]
"""(author of the log, entries read, entries in all)"""

_READ = (
    'SELECT "index", header, salt, body, case_id, step, seen, time FROM store_entry'
    " WHERE id >= %s AND id < %s ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Verified:
    """One log. `fault` is the first thing found wrong, with its place; None when everything is right."""

    author: str
    size: int
    entries: int
    checkpoints: int
    root: str
    fault: Refusal | None = None

    def to_json(self) -> dict[str, object]:
        return {
            "author": self.author,
            "size": self.size,
            "entries": self.entries,
            "checkpoints": self.checkpoints,
            "root": self.root,
            "fault": self.fault.to_json() if self.fault else None,
        }


def verify(relation: Relation, progress: Progress = lambda author, done, size: None) -> list[Verified]:
    """Both logs of a relation. Never raises for what it finds; the first bad index stands in `fault.where`."""
    return [_Reading(relation, log, progress).all() for log in logs(relation).values()]


class _Reading:
    """One pass over one log."""

    def __init__(self, relation: Relation, log: Log, progress: Progress) -> None:
        self.tied, self.log, self.progress = bond(relation), log, progress
        self.using = relation._state.db or "default"
        self.tree, self.notes, self.read = CompactRange(), 0, 0
        self.tiles: Tiles = {}

    def all(self) -> Verified:
        fault: Refusal | None = None
        try:
            self._entries()
            self._end()
        except Refusal as found:
            fault = found
        return Verified(self.log.author, self.log.size, self.read, self.notes, self.tree.root().hex(), fault)

    def _entries(self) -> None:
        notes = self._notes()
        note = next(notes, None)
        pending: list[bytes] = []
        for start in range(0, self.log.size, AT_ONCE):
            for row in self._rows(start, min(self.log.size, start + AT_ONCE)):
                pending.append(self._leaf(*row))
                self.read += 1
                if (note is not None and self.read == note[0]) or len(pending) == AT_ONCE:
                    pending = self._add(pending)
                while note is not None and self.read == note[0]:
                    self._note(*note)
                    note = next(notes, None)
            self.progress(self.log.author, self.read, self.log.size)
        self._add(pending)
        if note is not None:
            raise _altered(self.log.author, f"size {note[0]}", _BEYOND)

    def _rows(self, start: int, end: int) -> Iterator[tuple[Any, ...]]:
        with connections[self.using].cursor() as cursor:
            cursor.execute(_READ, (entry_key(self.log.pk, start), entry_key(self.log.pk, end)))
            yield from cursor.fetchall()

    def _notes(self) -> Iterator[tuple[int, bytes]]:
        kept = Checkpoint.objects.using(self.using).filter(log=self.log).order_by("size")
        for size, note in kept.values_list("size", "note"):
            yield size, bytes(note)

    def _leaf(
        self,
        index: int,
        header: bytes,
        salt: bytes | None,
        body: bytes | None,
        case: str | None,
        step: str,
        seen: int,
        time: str,
    ) -> bytes:
        """The leaf hash of a row, whose columns must say what its header says."""
        raw = bytes(header)
        place = f"entry {self.read}"
        if index != self.read:
            raise _altered(self.log.author, place, _MISSING)
        try:
            said = json.loads(raw)
            columns = (said.get("case"), said["step"], said["seen"], said["time"])
        except (ValueError, KeyError, AttributeError):
            raise _altered(self.log.author, place, _UNREADABLE) from None
        if columns != (case, step, seen, time):
            raise _altered(self.log.author, place, _COLUMNS)
        if (
            body is not None
            and salt is not None
            and sha256(bytes(salt) + bytes(body)).hexdigest() != said.get("body")
        ):
            raise _altered(self.log.author, place, _BODY)
        return leaf_hash(raw)

    def _add(self, leaves: list[bytes]) -> list[bytes]:
        """Grow the tree by these leaves; returns an empty list to gather the next ones in. Full tiles are compared."""
        size = self.tree.size
        grown = append(size, leaves, lambda level, index: self.tiles.get((level, index), b""))
        self.tree = self.tree.extend(leaves)
        get = reader(self.log)
        for (level, index), data in grown.items():
            if len(data) == TILE_WIDTH * 32:
                self.tiles.pop((level, index), None)
                self._tile(level, index, data, get(level, index))
            else:
                self.tiles[level, index] = data
        return []

    def _tile(self, level: int, index: int, data: bytes, kept: bytes) -> None:
        if kept != data:
            differs = (
                next((n for n in range(0, len(data), 32) if kept[n : n + 32] != data[n : n + 32]), 0) // 32
            )
            first = (index * TILE_WIDTH + differs) * TILE_WIDTH**level
            raise _altered(self.log.author, f"entry {first}", _TILE)

    def _note(self, size: int, note: bytes) -> None:
        checkpoint = _signed(self.tied, self.log.author, note)
        if checkpoint.size != size or checkpoint.root != self.tree.root():
            raise _altered(self.log.author, f"size {size}", _ROOT)
        self.notes += 1

    def _end(self) -> None:
        """The incomplete tiles at the edge, and the frontier the next entry would be added to."""
        get = reader(self.log)
        for (level, index), data in self.tiles.items():
            self._tile(level, index, data, get(level, index)[: len(data)])
        if self.read != self.log.size:
            raise _altered(self.log.author, f"entry {self.read}", _MISSING)
        if frontier(self.log) != self.tree:
            raise _altered(self.log.author, f"size {self.log.size}", _FRONTIER)


def _signed(tied: Bond, author: str, note: bytes) -> Signed:
    """A kept checkpoint, good by the keys of any agreement of the chain."""
    fault: Refusal | None = None
    for agreement in reversed(tied.chain.agreements):
        try:
            return verify_checkpoint(note, pinned(agreement, author), tied.origin(author))
        except Refusal as refusal:
            fault = fault or refusal
    raise fault or AssertionError("a chain has an agreement")


def refold(relation: Relation) -> list[str]:
    """Fold both logs again from nothing; the numbers of cases whose row says something else (or is missing)."""
    using = relation._state.db or "default"
    tied = bond(relation)
    folded = Folded(tied.parties, tied.terms, tied.tracks)
    both = logs(relation)
    headers = {author: _headers(log, using) for author, log in both.items()}
    heads = {author: next(each, None) for author, each in headers.items()}
    while any(heads.values()):
        moved = False
        for author, other in ((tied.me, tied.peer), (tied.peer, tied.me)):
            header = heads[author]
            while header is not None and header.seen <= folded.lines[other].size:
                folded.take(author, header)
                header = heads[author] = next(headers[author], None)
                moved = True
        if not moved:
            break
    rows = dict(CaseRow.objects.using(using).filter(relation=relation).values_list("pk", "fold"))
    again = {number: fold_text(case) for number, case in folded.cases.items()}
    return sorted(number for number in {*rows, *again} if rows.get(number) != again.get(number))


def _headers(log: Log, using: str) -> Iterator[Header]:
    with connections[using].cursor() as cursor:
        for start in range(0, log.size, AT_ONCE):
            cursor.execute(
                "SELECT header FROM store_entry WHERE id >= %s AND id < %s ORDER BY id",
                (entry_key(log.pk, start), entry_key(log.pk, start + AT_ONCE)),
            )
            for (raw,) in cursor.fetchall():
                yield Header.parse(bytes(raw))


_MISSING = Text("An entry is missing, or stands at another place.", "登记项缺失或位置不符。")
_UNREADABLE = Text("The header cannot be read.", "头部无法读取。")
_COLUMNS = Text("The columns say something else than the header.", "数据列与头部内容不符。")
_BODY = Text("The body is not the one its header names.", "正文与其头部所载摘要不符。")
_TILE = Text("The hashes kept of the tree are not those of the entries.", "所存哈希与登记项不符。")
_ROOT = Text(
    "The entries do not lead to the root their author signed.", "登记项算得的根哈希与其作者所签署的不一致。"
)
_BEYOND = Text(
    "A signed checkpoint speaks of more entries than there are.", "已签署的检查点所述项数多于实有项数。"
)
_FRONTIER = Text("The frontier kept of the log is not that of its entries.", "所存日志前沿与登记项不符。")


def _altered(author: str, place: str, what: Text) -> Refusal:
    return Refusal(
        "log-altered",
        what,
        f"log of {author} / {place}",
        Text("Stop the node. Compare with the backup, and with the other side's copy of the log.",
             "请停止节点，并与备份及对方所存日志副本比对。"),
    )  # fmt: skip
