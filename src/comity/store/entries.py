"""The only writer of entries: headers, bodies, tree, acknowledgements and case rows of one relation, in one transaction.

`append` writes steps of our own. `writer` is the same for the exchange, which writes what arrived and the receipt that
covers it together. Order inside the transaction: 1. lock the relation; 2. judge each entry in its author's view;
3. insert entries; 4. tiles and frontier; 5. acknowledgements; 6. case rows; 7. attachments named; 8. search terms;
9. audit. **The commit is the point of no return**: a crash before it leaves nothing, a crash after it loses nothing.

Nothing here reads a clock: `now` is given. An entry of ours never bears a time before that of the entry it follows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from comity.core.entry import RECEIPT, SALT_BYTES, AttachmentItem, Header, Placed, body_digest, encode_body
from comity.core.strict_json import Json
from comity.core.text import Refusal, Text
from comity.core.tree import leaf_hash
from comity.core.verdict import Verdict
from comity.store import bell, folding, indexing, tiles
from comity.store.database import writing
from comity.store.hands import INSERT, Hand, Item
from comity.store.logs import Entry, Log, Relation, entry_key
from comity.store.relations import bond

_CLOSE = (
    "UPDATE store_log SET size = %s, frontier = %s, seen = %s, time = %s, rank = %s, substantial = %s, held = %s,"
    " offered = %s, spoke = %s, indexed = %s WHERE id = %s"
)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A step of our own, checked and approved, on its way into our log.

    case   the case's number; `track` is given exactly when the step opens it
    body   {field: clean value, "safeguards": …}, or None where the step has no form
    officer, approvals   pseudonyms; unit: key of the unit that will hold a case this opens
    """

    step: str
    case: str
    officer: str
    body: Mapping[str, Json] | None = None
    track: str | None = None
    attachments: tuple[AttachmentItem, ...] = ()
    approvals: tuple[str, ...] = ()
    unit: int | None = None


def append(relation: Relation, items: Sequence[NewEntry], *, now: str) -> list[Entry]:
    """Write steps of our own into our log, all or none; returns their entries, as stored.

    now  RFC 3339 UTC with milliseconds. Refusal: "relation-read-only"; the code of the verdict where a step is out of
    turn, by the wrong side, not approved … (`where` = "entry N", counted from 1); "disk-full".
    Call it inside the transaction of the audit rows that belong to it, or by itself.
    """
    using = relation._state.db or "default"
    with writer(relation, now) as hand:
        keys = hand.write(items)
    stored = Entry.objects.using(using).in_bulk(keys)
    return [stored[key] for key in keys]


def append_many(relation: Relation, items: Sequence[NewEntry], *, now: str) -> list[int]:
    """`append` without reading the entries back: returns their indexes in our log. For bulk opening and measuring."""
    with writer(relation, now) as hand:
        keys = hand.write(items)
    return [key & ((1 << 40) - 1) for key in keys]


@contextmanager
def writer(relation: Relation, now: str) -> Iterator[Writer]:
    """Lock both logs of a relation, and write what was added when the block ends without an error."""
    using = relation._state.db or "default"
    with writing(using):
        made = Writer(relation, now, using)
        yield made
        made._close()


class Writer:
    """Both logs of a relation, locked for the length of a transaction. Made by `writer`."""

    def __init__(self, relation: Relation, now: str, using: str) -> None:
        # 1. Lock. SQLite: BEGIN IMMEDIATE has done it already.
        self.relation = Relation.objects.using(using).select_for_update().get(pk=relation.pk)
        self.using, self.now = using, now
        self.bond = bond(self.relation)
        rows = Log.objects.using(using).filter(relation_id=relation.pk).order_by("pk")
        self.hands = {row.author: Hand.open(row) for row in rows}
        self.cases = folding.Cases(self.relation, self.bond, now, using)
        self._uses: list[tuple[str, int, str, AttachmentItem]] = []

    @property
    def ours(self) -> Hand:
        return self.hands[self.bond.me]

    @property
    def theirs(self) -> Hand:
        return self.hands[self.bond.peer]

    def write(self, items: Sequence[NewEntry]) -> list[int]:
        """Add steps of our own; returns the keys of their entries. Refusals as `append`."""
        if self.relation.read_only:
            raise _read_only()
        self.cases.load(item.case for item in items)
        keys = []
        for number, item in enumerate(items, 1):
            salt = os.urandom(SALT_BYTES) if item.body is not None else None
            body = encode_body(item.body) if item.body is not None else None
            header = Header(
                agreement=self.bond.digest,
                step=item.step,
                seen=self.theirs.size,
                time=max(self.now, self.ours.line.time),
                case=item.case,
                track=item.track,
                body=body_digest(salt, body) if salt is not None and body is not None else None,
                attachments=item.attachments,
                officer=item.officer,
                approvals=item.approvals,
            )
            if item.track is not None:
                self.cases.units[item.case] = item.unit
            verdict = self._put(self.ours, Item(header.encode(), header, salt, body))
            if not verdict.valid:
                raise Refusal(
                    verdict.code, verdict.why or Text(verdict.code, verdict.code), f"entry {number}"
                )
            keys.append(entry_key(self.ours.row.pk, self.ours.size - 1))
        return keys

    def take(self, author: str, items: Sequence[Item]) -> list[Verdict]:
        """Add entries as they stand in `author`'s log, already checked against its signed root; the verdict on each.

        The other side's; or our own, when it sends back what a restored backup had lost.
        """
        self.cases.load(item.header.case for item in items if item.header.case is not None)
        return [self._put(self.hands[author], item) for item in items]

    def receipt(self) -> Header:
        """Add our receipt for all of their log, as it stands with what was added before."""
        header = Header(
            agreement=self.bond.digest,
            step=RECEIPT,
            seen=self.theirs.size,
            time=max(self.now, self.ours.line.time),
            root=self.theirs.root().hex(),
        )
        self._put(self.ours, Item(header.encode(), header))
        return header

    def _put(self, hand: Hand, item: Item) -> Verdict:
        """2. Judge an entry, let it have its effect, and add it with its verdict."""
        author, ranks, header = hand.line.author, self.bond.terms.ranks, item.header
        line = hand.line
        verdict = line.judge(header, ranks)
        marked = False
        if verdict.valid:
            if header.seen > line.seen:
                self._acknowledge(author, line.seen, header.seen, header.time)
            if header.case is not None:
                verdict, marked = self.cases.take(Placed(author, hand.size, header), item)
        hand.line = line.after(header, verdict, ranks)
        index = hand.put(item, verdict, marked, self.now)
        if verdict.valid and header.case is not None:
            self._uses += [(author, index, header.case, file) for file in header.attachments]
        return verdict

    def _acknowledge(self, author: str, since: int, until: int, time: str) -> None:
        """`author` has now read the other log's entries `since` to `until`: their marks and clocks move."""
        other = self.hands[self.bond.other(author)]
        stored = _marked_cases(other, since, until, self.using) if since < other.start else []
        self.cases.acknowledge(other.line.author, [*stored, *other.marked_cases(since, until)], until, time)
        other.acknowledge(since, until, time)

    def _close(self) -> None:
        added = [hand for hand in self.hands.values() if hand.rows]
        with connections[self.using].cursor() as cursor:
            for hand in added:
                cursor.executemany(INSERT, hand.rows)  # 3.
                tiles.extend(hand.row, hand.start, hand.leaves, cursor)  # 4.
            for hand in self.hands.values():  # 5.
                for since, until, time in hand.acks:
                    _write_acks(hand, since, until, time, cursor)
            self.cases.save(cursor)  # 6.
            _index(added, cursor)  # 8.
            for hand in self.hands.values():
                if hand.rows or hand.moved:
                    _close_log(hand, cursor)
        folding.name_attachments(self.relation, self._uses, self.hands, self.using)  # 7.
        if added:
            transaction.on_commit(lambda: bell.ring(self.using), using=self.using)


def _index(added: list[Hand], cursor: Any) -> None:
    """8. A few entries are findable at once; many are left to `indexing.catch_up`."""
    for hand in added:
        if len(hand.rows) <= indexing.FEW and hand.row.indexed == hand.start:
            indexing.index(hand.words(), cursor)
            hand.row.indexed = hand.size


def _close_log(hand: Hand, cursor: Any) -> None:
    """The log's row, in one statement."""
    row, line, tree = hand.row, hand.line, hand.tree.extend(hand.leaves)
    cursor.execute(
        _CLOSE,
        (
            hand.size,
            tree.to_bytes(),
            line.seen,
            line.time,
            line.rank,
            hand.substantial,
            row.held,
            row.offered,
            row.spoke,
            row.indexed,
            row.pk,
        ),
    )


def _write_acks(hand: Hand, since: int, until: int, time: str, cursor: Any) -> None:
    cursor.execute(
        "UPDATE store_entry SET acked = %s WHERE id >= %s AND id < %s AND acked = ''",
        (time, entry_key(hand.row.pk, since), entry_key(hand.row.pk, until)),
    )


def _marked_cases(hand: Hand, since: int, until: int, using: str) -> list[str]:
    rows = Entry.objects.using(using).filter(
        pk__gte=entry_key(hand.row.pk, since), pk__lt=entry_key(hand.row.pk, until), marked=True
    )
    return [case for case in rows.order_by().values_list("case_id", flat=True) if case is not None]


def _read_only() -> Refusal:
    return Refusal(
        "relation-read-only",
        Text(
            "This node was restored from a backup and is reading its own entries back from the other authority.",
            "本节点由备份恢复，正在从对方取回本方此前的登记项。",
        ),
        "",
        Text("Try again when the link page shows the relation in order.", "待链路页面显示正常后再试。"),
    )


def prepare(raw: bytes, header: Header, salt: bytes | None, body: bytes | None) -> Item:
    """An entry as it arrived, with its leaf hash: the work that needs no lock."""
    return Item(raw, header, salt, body, leaf=leaf_hash(raw))


__all__ = ["Item", "NewEntry", "Writer", "append", "append_many", "prepare", "writer"]
