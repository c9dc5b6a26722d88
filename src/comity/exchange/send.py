"""What is owed to the other authority, and the sealed batch that carries it.

What is owed is a query: the entries of our log beyond what the peer's last signed checkpoint says it holds. Nothing is
queued, so nothing can be lost from a queue. Border: reads the store, signs and seals; the line carries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from comity.core.entry import RECEIPT, Header
from comity.core.note import Checkpoint
from comity.core.tree import CompactRange
from comity.crypto import sign_checkpoint
from comity.exchange.desk import Desk, peer_keys
from comity.exchange.wire import MAX_ENTRIES, Batch, WireEntry, decode_batch, fitting, seal_batch
from comity.store import tiles
from comity.store.logs import Checkpoint as CheckpointRow
from comity.store.logs import Entry, Log, Relation, entry_key
from comity.store.relations import Bond, bond, logs


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A sealed batch: entries `first` to `size` (excluded) of a log. `more`: the log goes on beyond it."""

    sealed: bytes
    first: int
    size: int
    more: bool

    @property
    def count(self) -> int:
        return self.size - self.first


def outgoing(
    desk: Desk,
    relation: Relation,
    *,
    first: int | None = None,
    entries: bool = True,
    most: int = MAX_ENTRIES,
    resend: bool = True,
) -> Outgoing:
    """The next batch for the peer: from `first` on (default: from what it holds), at most `most` entries.

    `entries` False: heads only. While we are reading our own entries back, heads only, and unless `resend` is False a
    request to send us our own entries.
    """
    tied = bond(relation)
    both = logs(relation)
    ours, theirs = both[tied.me], both[tied.peer]
    start = ours.held if first is None else first
    if relation.read_only or start > ours.size:
        entries = False
    wired = fitting(_wired(ours, start, min(ours.size, start + most), desk.using)) if entries else ()
    size = start + len(wired) if wired else ours.size
    note = sign_checkpoint(_checkpoint(tied, ours, theirs, size, desk.clock()), desk.keys)
    batch = Batch(note, size - len(wired), wired, ours.size if relation.read_only and resend else None)
    sealed = seal_batch(batch, tied.me, tied.digest, peer_keys(tied))
    return Outgoing(sealed, batch.first, size, size < ours.size)


def returned(desk: Desk, relation: Relation, first: int) -> Outgoing | None:
    """The peer's own entries from `first` on, under its own checkpoint, sealed for it; None where we hold no more.

    It asked for them because it lost them. It need not believe us: the signatures are its own.
    """
    tied = bond(relation)
    theirs = logs(relation)[tied.peer]
    notes = CheckpointRow.objects.using(desk.using).filter(
        log=theirs, size__gt=first, size__lte=first + MAX_ENTRIES
    )
    for note in notes.order_by("-size"):
        wired = tuple(_wired(theirs, first, note.size, desk.using))
        if len(fitting(wired)) == len(wired):
            sealed = seal_batch(Batch(bytes(note.note), first, wired), tied.me, tied.digest, peer_keys(tied))
            return Outgoing(sealed, first, note.size, note.size < theirs.size)
    if theirs.ahead is None or first >= theirs.size:
        return None
    kept = decode_batch(bytes(theirs.ahead))
    wired = (*_wired(theirs, first, theirs.size, desk.using), *kept.entries[theirs.size - kept.first :])
    if len(fitting(wired)) < len(wired):
        return None
    sealed = seal_batch(Batch(kept.checkpoint_note, first, wired), tied.me, tied.digest, peer_keys(tied))
    return Outgoing(sealed, first, first + len(wired), False)


def owes(ours: Log) -> bool:
    """Whether something waits to be sent. A receipt handed over in an answer waits for nothing: the peer asks again."""
    return ours.substantial > ours.held or ours.size > max(ours.held, ours.offered)


def root_at(log: Log, size: int) -> bytes:
    """The root of the first `size` entries of a log."""
    whole = tiles.frontier(log)
    return whole.root() if whole.size == size else CompactRange.at(size, tiles.reader(log)).root()


def checkpoint_now(desk: Desk, relation: Relation) -> Checkpoint:
    """The checkpoint of our whole log as it stands, not signed yet."""
    tied, both = bond(relation), logs(relation)
    return _checkpoint(tied, both[tied.me], both[tied.peer], both[tied.me].size, desk.clock())


def _checkpoint(tied: Bond, ours: Log, theirs: Log, size: int, now: str) -> Checkpoint:
    return Checkpoint(
        tied.origin(tied.me), size, root_at(ours, size), theirs.size, root_at(theirs, theirs.size), now
    )


def _wired(log: Log, first: int, end: int, using: str) -> Iterator[WireEntry]:
    rows = (
        Entry.objects.using(using)
        .filter(pk__gte=entry_key(log.pk, first), pk__lt=entry_key(log.pk, end))
        .order_by("pk")
        .values_list("header", "salt", "body", "step")
    )
    for header, salt, body, step in rows.iterator(chunk_size=MAX_ENTRIES):
        if body is not None and salt is not None:
            yield WireEntry(bytes(header), bytes(salt), bytes(body))
        else:
            yield WireEntry(
                bytes(header), withheld=step != RECEIPT and Header.parse(bytes(header)).body is not None
            )
