"""One log while it is being written to: where its line and tree stand, and the rows that wait to be inserted.

Border: in memory only; `entries.Writer` opens it from the log's row and writes it back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from comity.core.entry import Header, Line
from comity.core.tree import CompactRange, leaf_hash
from comity.core.verdict import Verdict
from comity.store.logs import Log, entry_key
from comity.store.tiles import frontier

COLUMNS = (
    "id", "log_id", '"index"', "case_id", "step", "seen", "time", "marked", "verdict", "why", "form", "acked", "received",
    "header", "salt", "body",
)  # fmt: skip
INSERT = f"INSERT INTO store_entry ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
_CASE, _MARKED, _VERDICT, _ACKED, _BODY = (
    COLUMNS.index(name) for name in ("case_id", "marked", "verdict", "acked", "body")
)


@dataclass(slots=True)
class Item:
    """An entry on its way into a log: header bytes exactly as written or received, and the body beside them.

    form  what is wrong with the body's form, "" for nothing; leaf: the hash of the header in the log's tree
    """

    raw: bytes
    header: Header
    salt: bytes | None = None
    body: bytes | None = None
    form: str = ""
    leaf: bytes = b""


@dataclass(slots=True)
class Hand:
    """`start` is the size when the transaction began; `line` follows every entry, `tree` is that of `start`.

    `moved`: columns of the row other than those that follow from entries were changed and must be written.
    """

    row: Log
    line: Line
    tree: CompactRange
    start: int
    rows: list[list[Any]] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    acks: list[tuple[int, int, str]] = field(
        default_factory=list
    )  # stored entries [from, to) are acknowledged at time
    substantial: int = 0
    moved: bool = False

    @classmethod
    def open(cls, row: Log) -> Hand:
        return cls(row, row.line, frontier(row), row.size, substantial=row.substantial)

    @property
    def size(self) -> int:
        return self.start + len(self.rows)

    def root(self) -> bytes:
        """The root of the log with everything added so far."""
        return self.tree.extend(self.leaves).root()

    def put(self, item: Item, verdict: Verdict, marked: bool, received: str) -> int:
        """Add an entry; returns its index."""
        index, header = self.size, item.header
        why = "" if verdict.why is None else json.dumps(verdict.why.to_json(), ensure_ascii=False)
        self.rows.append(
            [entry_key(self.row.pk, index), self.row.pk, index, header.case, header.step, header.seen, header.time,
             marked, verdict.code, why, item.form, "", received, item.raw, item.salt, item.body]
        )  # fmt: skip
        self.leaves.append(item.leaf or leaf_hash(item.raw))
        if not header.is_receipt:
            self.substantial = index + 1
        return index

    def acknowledge(self, since: int, until: int, time: str) -> None:
        """The other side had read entries `since` to `until` (excluded) at `time`."""
        for row in self.rows[max(0, since - self.start) : max(0, until - self.start)]:
            row[_ACKED] = time
        if since < self.start:
            self.acks.append((since, min(until, self.start), time))

    def words(self) -> list[tuple[str, bytes | None]]:
        """(case, body) of the valid entries added."""
        return [(row[_CASE], row[_BODY]) for row in self.rows if row[_CASE] is not None and not row[_VERDICT]]

    def marked_cases(self, since: int, until: int) -> list[str]:
        """Cases of the entries not stored yet, from `since` to `until`, of which the fold keeps a mark."""
        rows = self.rows[max(0, since - self.start) : max(0, until - self.start)]
        return [row[_CASE] for row in rows if row[_MARKED]]
