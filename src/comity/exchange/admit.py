"""What arrives: opened, checked, judged, written and receipted, or refused with nothing kept.

The steps, numbered again in the body:
  1. open: size, envelope, addressee, sender, agreement, suite, seal, form of the batch (`wire.open_batch`);
  2. the relation is not on hold;
  3. the checkpoint bears both signatures of the log's author, by the keys pinned in the agreement, and names the log;
  4. the batch ends where its checkpoint says;
  5. every header is read strictly, every body is what its header's digest says;
  then, in one transaction with both logs locked:
  6. no gap (unless we lost entries ourselves); what we hold already is the same, byte for byte and root for root: else
     it is a fork;
  7. our tree, with the new entries added, has the root the checkpoint says;
  8. nobody has read more than there is (`seen`); while our own entries are being read back, what runs ahead waits;
  9. each entry is judged in its author's view and written with its verdict, with its body, its case and its clock;
 10. what the peer says it holds of our log is the log we have: else we were restored from a backup, or it is a fork;
 11. the receipt, when there is anything but receipts, and the audit row.
The commit is the point of no return: after it the answer can be lost, and the repeat finds everything done.

A repeat has no effect: entries take effect by their position. Receipts call for no receipt; the next one covers them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from comity.core.deadline import moment
from comity.core.entry import Header, body_digest
from comity.core.note import Checkpoint, Note, read_origin
from comity.core.text import Refusal
from comity.crypto import verify_checkpoint
from comity.exchange import forks, reasons
from comity.exchange.desk import Desk, pinned
from comity.exchange.send import outgoing, returned, root_at
from comity.exchange.wire import MAX_ENTRIES, Batch, WireEntry, encode_batch, open_batch
from comity.store.audit import Audit
from comity.store.entries import Item, Writer, prepare, writer
from comity.store.hands import Hand
from comity.store.logs import Checkpoint as CheckpointRow
from comity.store.logs import Entry, Log, Relation, entry_key
from comity.store.relations import Bond, bond, logs

RESTORED = "restored"
_NOTICE = timedelta(seconds=10)  # how often a silent line is written down as heard


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a batch did. `new`: entries written; `told`: how much of our log the peer says it holds, None in a batch
    that brings our own entries back; `resend`: the peer asks for its own entries from there on."""

    relation: Relation
    new: int
    told: int | None
    resend: int | None
    receipted: bool


def admit(desk: Desk, sealed: bytes) -> Admitted:
    """Take in what the peer sent. Refusal: see `reasons.STATUS` for every code; nothing is kept then.

    `Forked` (a Refusal) when the peer contradicts itself: both originals are kept and the relation is on hold.
    """
    envelope, batch = open_batch(sealed, desk.keys, desk.peers())  # 1.
    relation = desk.relation_of(envelope)
    tied = bond(relation)
    if relation.hold:  # 2.
        raise reasons.on_hold(relation)
    author = _author(batch, tied)
    checkpoint = _signed(batch, tied, author)  # 3.
    if batch.first + len(batch.entries) != checkpoint.size:  # 4.
        raise reasons.checkpoint_size(checkpoint.size, batch.first + len(batch.entries))
    known = logs(relation)[author].size
    items = [
        _read(entry, place) for place, entry in enumerate(batch.entries, batch.first) if place >= known
    ]  # 5.
    try:
        with writer(relation, desk.clock()) as hand:
            return _write(hand, batch, checkpoint, author, items, known)
    except forks.Contradiction as found:
        raise forks.keep(desk, relation, found, batch) from found


def answer(desk: Desk, admitted: Admitted) -> bytes:
    """What goes back: what we owe, with the receipt; or the peer's own entries, where it asked for them."""
    if admitted.resend is not None:
        theirs = returned(desk, admitted.relation, admitted.resend)
        if theirs is not None:
            return theirs.sealed
    relation = Relation.objects.using(desk.using).get(pk=admitted.relation.pk)
    return outgoing(desk, relation, first=admitted.told).sealed


def _author(batch: Batch, tied: Bond) -> str:
    """Whose log the batch claims to carry: the sender's, or our own where it sends our entries back."""
    origin = Note.parse(batch.checkpoint_note).text.partition("\n")[0]
    name, author, reader = read_origin(origin)
    return tied.me if (name, author, reader) == (tied.name, tied.me, tied.peer) else tied.peer


def _signed(batch: Batch, tied: Bond, author: str) -> Checkpoint:
    """The checkpoint, once its signatures are good. Our own may be under the keys of any agreement of the chain."""
    origin = tied.origin(author)
    if author == tied.me:
        for agreement in tied.chain.agreements[:-1]:
            try:
                return verify_checkpoint(batch.checkpoint_note, pinned(agreement, author), origin)
            except Refusal:
                continue
    return verify_checkpoint(batch.checkpoint_note, pinned(tied.agreement, author), origin)


def _read(entry: WireEntry, place: int) -> Item:
    """One entry as it arrived. Its header must be well-formed; its body is kept as it is, but must be the one meant."""
    try:
        header = Header.parse(entry.header)
    except Refusal as refusal:
        raise refusal.within(f"entry {place}") from refusal
    if entry.body is not None and entry.salt is not None:
        if header.body is None or body_digest(entry.salt, entry.body) != header.body:
            raise reasons.body_digest(place)
    elif header.body is not None and not entry.withheld:
        raise reasons.body_missing(place)
    return prepare(entry.header, header, entry.salt, entry.body)


def _write(
    hand: Writer, batch: Batch, checkpoint: Checkpoint, author: str, items: list[Item], known: int
) -> Admitted:
    """Steps 6 to 11, with both logs locked."""
    tied = hand.bond
    log = hand.hands[author]
    lost = hand.relation.read_only or (author == tied.peer and checkpoint.held_size > hand.ours.start)
    if batch.entries and batch.first > log.start:  # 6.
        if not lost:
            raise reasons.gap(log.start)
        items = []  # we have lost entries of both logs: what comes is no more than the peer's word on what it holds
    _same(log, batch, checkpoint, author, hand.using)
    fresh = items[max(0, log.start - max(known, batch.first)) :]
    whole = True
    if fresh:
        if log.tree.extend(item.leaf for item in fresh).root() != checkpoint.root:  # 7.
            raise reasons.root_mismatch(checkpoint.size)
        other = hand.hands[tied.other(author)]
        readable = next(
            (n for n, item in enumerate(fresh) if item.header.seen > other.size), len(fresh)
        )  # 8.
        if readable < len(fresh) and not lost:
            raise reasons.seen_beyond_log(log.start + readable, fresh[readable].header.seen, other.size)
        whole = readable == len(fresh)
        fresh = fresh[:readable]
        _receipts(hand, author, fresh)
        hand.take(author, fresh)  # 9.
    if author == tied.peer:
        _hold(hand, checkpoint, batch.resend)  # 10.
    elif hand.relation.read_only and hand.ours.size >= hand.ours.row.held:
        _recovered(hand)
    receipted = _receipt(hand)  # 11.
    if fresh:
        if whole:
            _keep_note(log.row, checkpoint.size, batch.checkpoint_note, hand.using)
        if author == tied.peer and (log.row.ahead is not None or not whole):
            # The author may be restored too, before the rest has found its place here: keep it all.
            Log.objects.using(hand.using).filter(pk=log.row.pk).update(
                ahead=None if whole else encode_batch(batch)
            )
        detail = {"relation": tied.name, "log": author, "first": log.start, "count": len(fresh)}
        Audit.objects.using(hand.using).create(at=moment(hand.now), action="admit", detail=detail)
    _heard(hand, checkpoint, author, batch.resend)
    told = checkpoint.held_size if author == tied.peer else None
    return Admitted(hand.relation, len(fresh), told, batch.resend, receipted)


def _same(log: Hand, batch: Batch, checkpoint: Checkpoint, author: str, using: str) -> None:
    """6. What the batch repeats is what we hold, and so is the root it was signed with."""
    end = min(log.start, batch.first + len(batch.entries))
    if batch.first < end:
        stored = (
            Entry.objects.using(using)
            .filter(pk__gte=entry_key(log.row.pk, batch.first), pk__lt=entry_key(log.row.pk, end))
            .order_by("pk")
            .values_list("header", flat=True)
        )
        for place, (ours, theirs) in enumerate(zip(stored, batch.entries, strict=False), batch.first):
            if bytes(ours) != theirs.header:
                raise forks.Contradiction(author, checkpoint.size, place)
    if checkpoint.size <= log.start and root_at(log.row, checkpoint.size) != checkpoint.root:
        raise forks.Contradiction(author, checkpoint.size, None)


def _receipts(hand: Writer, author: str, fresh: list[Item]) -> None:
    """8. A receipt is the peer's signed word on our log: one that names another root is a contradiction, not a receipt."""
    ours = hand.ours
    for item in fresh:
        header = item.header
        theirs = author == hand.bond.peer and header.is_receipt and header.seen <= ours.start
        if theirs and root_at(ours.row, header.seen).hex() != header.root:
            raise forks.Contradiction(hand.bond.me, header.seen, None)


def _hold(hand: Writer, checkpoint: Checkpoint, resend: int | None) -> None:
    """10. The peer's word on how much of our log it holds. An older word than the last never lowers it, unless the peer
    says that it was restored."""
    ours = hand.ours
    if checkpoint.held_size <= ours.start:
        if root_at(ours.row, checkpoint.held_size) != checkpoint.held_root:
            raise forks.Contradiction(hand.bond.me, checkpoint.held_size, None)
    elif not hand.relation.read_only:
        hand.relation.read_only = RESTORED
        hand.relation.save(update_fields=["read_only"])
        Audit.objects.using(hand.using).create(
            at=moment(hand.now), action="admit",
            detail={"relation": hand.bond.name, "restored": True, "size": ours.start, "held": checkpoint.held_size},
        )  # fmt: skip
    newer = checkpoint.time > hand.theirs.row.spoke or resend is not None
    held = checkpoint.held_size if newer else max(ours.row.held, checkpoint.held_size)
    if held != ours.row.held:
        ours.row.held, ours.moved = held, True


def _recovered(hand: Writer) -> None:
    """Everything the peer held of our log is here again."""
    hand.relation.read_only = ""
    hand.relation.save(update_fields=["read_only"])


def _receipt(hand: Writer) -> bool:
    """11. A receipt is owed when their log holds more than receipts beyond what our log says we have read."""
    if hand.relation.read_only or hand.theirs.substantial <= hand.ours.line.seen:
        return False
    hand.receipt()
    return True


def _heard(hand: Writer, checkpoint: Checkpoint, author: str, resend: int | None) -> None:
    """Remember that the peer spoke, its clock, and that what we owe is now on its way to it."""
    if author != hand.bond.peer:
        return
    relation, now = hand.relation, moment(hand.now)
    offered = min(hand.ours.size, hand.ours.row.held + MAX_ENTRIES)
    busy = bool(hand.ours.rows or hand.theirs.rows) or hand.ours.moved or resend != relation.resend
    if not busy and relation.heard is not None and now - relation.heard < _NOTICE:
        return
    Relation.objects.using(hand.using).filter(pk=relation.pk).update(
        heard=now,
        compared=now,
        peer_skew_ms=_milliseconds(moment(checkpoint.time) - now),
        trouble=None,
        resend=resend,
    )
    if checkpoint.time > hand.theirs.row.spoke:
        hand.theirs.row.spoke, hand.theirs.moved = checkpoint.time, True
    if offered != hand.ours.row.offered:
        hand.ours.row.offered, hand.ours.moved = offered, True


def _milliseconds(difference: timedelta) -> int:
    return round(difference / timedelta(milliseconds=1))


def _keep_note(log: Log, size: int, note: bytes, using: str) -> None:
    """Keep the author's signed note. Of those between, one at least every MAX_ENTRIES entries stays."""
    kept = CheckpointRow.objects.using(using).filter(log=log)
    last = list(kept.order_by("-size").values_list("pk", "size")[:2])
    if len(last) == 2 and size - last[1][1] <= MAX_ENTRIES:
        kept.filter(pk=last[0][0]).delete()
    CheckpointRow.objects.using(using).create(log=log, size=size, note=note)


__all__ = ["Admitted", "admit", "answer"]
