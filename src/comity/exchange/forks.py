"""Two signed statements that cannot both be true: kept as proof, the relation put on hold, an officer told.

An author who signs two roots for one size of its log (or gives two entries for one place) has equivocated. Nothing is
decided here about who is at fault; both originals are kept so that anybody can see.
"""

from __future__ import annotations

import base64

from comity.core.deadline import moment
from comity.core.note import Checkpoint
from comity.core.text import Refusal, Text
from comity.crypto import verify_checkpoint
from comity.exchange.desk import Desk, pinned
from comity.exchange.wire import Batch
from comity.exchange.wire_batch import encode_batch
from comity.store.audit import Audit
from comity.store.database import writing
from comity.store.logs import Checkpoint as CheckpointRow
from comity.store.logs import Fork, Relation
from comity.store.relations import bond, logs

FORK = "fork"
MAX_PROOF = 64 * 1024  # of one note, in base64


class Contradiction(Exception):
    """Found inside a transaction, which it rolls back. `place`: the entry that differs, None when only roots do."""

    def __init__(self, author: str, size: int, place: int | None) -> None:
        super().__init__(author, size, place)
        self.author, self.size, self.place = author, size, place


class Forked(Refusal):
    """The refusal that carries the proof: `ours` and `theirs` are signed notes, `ours` b"" where we hold none."""

    def __init__(self, author: str, size: int, place: int | None, ours: bytes, theirs: bytes) -> None:
        super().__init__(
            "fork",
            Text(
                "Two signed statements about one log contradict each other; the exchange is on hold.",
                "关于同一日志的两份签署声明相互矛盾；交换已暂停。",
            ),
            f"log of {author} / " + (f"entry {place}" if place is not None else f"size {size}"),
            Text(
                "The duty officers of both sides must compare the two originals.",
                "须由双方值班官员比对两份原件。",
            ),
        )
        self.author, self.size, self.ours, self.theirs = author, size, ours, theirs

    def to_json(self) -> dict[str, object]:
        proof = {
            "author": self.author,
            "size": self.size,
            "ours": base64.b64encode(self.ours).decode(),
            "theirs": base64.b64encode(self.theirs).decode(),
        }
        return {**super().to_json(), "proof": proof}


def keep(desk: Desk, relation: Relation, found: Contradiction, batch: Batch) -> Forked:
    """Keep both originals and put the relation on hold, in a transaction of its own. Returns the refusal to raise."""
    log = logs(relation)[found.author]
    note = (
        CheckpointRow.objects.using(desk.using).filter(log=log, size__gte=found.size).order_by("size").first()
        or CheckpointRow.objects.using(desk.using).filter(log=log).order_by("-size").first()
    )
    ours = bytes(note.note) if note is not None else b""
    _write(desk, relation, found.author, found.size, ours, batch.checkpoint_note, encode_batch(batch))
    return Forked(found.author, found.size, found.place, ours, batch.checkpoint_note)


def told(desk: Desk, relation: Relation, proof: object) -> bool:
    """The peer says that *we* contradicted ourselves and shows two notes. True, and on hold, when they do prove it.

    Two checkpoints of our own log, both good by our own keys, prove it when they give one size two roots; or when ours
    at a greater size cannot be checked against our log any more. Anything else is ignored: it is only a claim.
    """
    tied = bond(relation)
    notes: list[tuple[bytes, Checkpoint]] = []
    for name in ("ours", "theirs"):
        data = _note(proof, name)
        try:
            notes.append(
                (data, verify_checkpoint(data, pinned(tied.agreement, tied.me), tied.origin(tied.me)))
            )
        except Refusal:
            continue
    if not notes:
        return False
    from comity.exchange.send import root_at

    log = logs(relation)[tied.me]
    for data, checkpoint in notes:
        if checkpoint.size <= log.size and root_at(log, checkpoint.size) != checkpoint.root:
            other = next((held for held, _ in notes if held is not data), b"")
            _write(desk, relation, tied.me, checkpoint.size, other, data, b"")
            return True
    return False


def release(relation: Relation) -> None:
    """Take the hold off, when both sides' officers have cleared it up. The originals stay."""
    using = relation._state.db or "default"
    with writing(using):
        Relation.objects.using(using).filter(pk=relation.pk).update(hold="")


def _note(proof: object, name: str) -> bytes:
    value = proof.get(name) if isinstance(proof, dict) else None
    if not isinstance(value, str) or len(value) > MAX_PROOF:
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return b""


def _write(
    desk: Desk, relation: Relation, author: str, size: int, ours: bytes, theirs: bytes, batch: bytes
) -> None:
    with writing(desk.using):
        Fork.objects.using(desk.using).create(
            relation=relation, author=author, size=size, ours=ours, theirs=theirs, batch=batch
        )
        Relation.objects.using(desk.using).filter(pk=relation.pk).update(hold=FORK)
        Audit.objects.using(desk.using).create(
            at=moment(desk.clock()),
            action="admit",
            detail={"relation": relation.name, "fork": author, "size": size},
        )
