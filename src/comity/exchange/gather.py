"""Everything a court needs about one case, gathered from the store for `evidence.write_evidence`.

Border: reads the store and signs one checkpoint of our own log as it stands now. Who may export is for the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from comity.core.entry import RECEIPT
from comity.core.text import Refusal, Text
from comity.crypto import sign_checkpoint
from comity.exchange.desk import Desk
from comity.exchange.evidence import Evidence, EvidenceEntry, EvidenceLog, first_receipts, write_evidence
from comity.exchange.send import checkpoint_now
from comity.store import tiles
from comity.store.cases import CaseRow
from comity.store.logs import AgreementRow, Checkpoint, Entry, Log, Relation
from comity.store.relations import bond, logs


def export(desk: Desk, case: str, file: BinaryIO) -> None:
    """Write the evidence file of a case. Refusal "unknown-case", "evidence-not-covered"."""
    write_evidence(file, gather(desk, case), desk.keys)


def gather(desk: Desk, case: str) -> Evidence:
    """The case's entries in both logs, the receipts that cover them, checkpoints, and every version of the agreement.

    Ours is signed afresh at its present size. The peer's are those it signed; an entry of the peer beyond its last
    checkpoint cannot be (a batch is admitted whole, with its checkpoint).
    """
    row = CaseRow.objects.using(desk.using).filter(pk=case).select_related("relation").first()
    if row is None:
        raise Refusal("unknown-case", Text("There is no such case here.", "本节点没有此案件。"), case[:40])
    relation = row.relation
    tied, both = bond(relation), logs(relation)
    ours, theirs = both[tied.me], both[tied.peer]
    own_note = sign_checkpoint(checkpoint_now(desk, relation), desk.keys)
    their_notes = Checkpoint.objects.using(desk.using).filter(log=theirs).order_by("-size")[:1]
    in_ours, in_theirs = _of_case(ours, case, desk.using), _of_case(theirs, case, desk.using)
    return Evidence(
        case,
        desk.clock(),
        tuple(_agreements(relation, desk.using)),
        (
            EvidenceLog(
                tied.me, (own_note,), _with_receipts(ours, in_ours, in_theirs, desk.using), tiles.reader(ours)
            ),
            EvidenceLog(
                tied.peer,
                tuple(bytes(each.note) for each in their_notes),
                _with_receipts(theirs, in_theirs, in_ours, desk.using),
                tiles.reader(theirs),
            ),
        ),
    )


def _agreements(relation: Relation, using: str) -> Iterator[tuple[bytes, bytes]]:
    for agreement in bond(relation).chain.agreements:
        row = AgreementRow.objects.using(using).get(pk=agreement.digest)
        yield bytes(row.bytes), bytes(row.signature)


def _of_case(log: Log, case: str, using: str) -> list[EvidenceEntry]:
    return [_entry(each) for each in Entry.objects.using(using).filter(log=log, case_id=case).order_by("pk")]


def _entry(row: Entry) -> EvidenceEntry:
    whole = row.body is not None and row.salt is not None
    return EvidenceEntry(
        row.index,
        bytes(row.header),
        bytes(row.salt or b"") if whole else None,
        bytes(row.body or b"") if whole else None,
    )


def _with_receipts(
    log: Log, entries: list[EvidenceEntry], others: list[EvidenceEntry], using: str
) -> tuple[EvidenceEntry, ...]:
    """The entries of the case in one log, and the first receipts in it that cover the case's entries in the other."""
    indices = [entry.index for entry in others]
    receipts: dict[int, Entry] = {}
    for index in indices:
        first = (
            Entry.objects.using(using)
            .filter(log=log, step=RECEIPT, verdict="", seen__gt=index)
            .order_by("pk")
            .first()
        )
        if first is not None:
            receipts[first.index] = first
    wanted = first_receipts(indices, sorted((index, row.seen) for index, row in receipts.items()))
    return tuple(
        sorted([*entries, *(_entry(receipts[index]) for index in wanted)], key=lambda entry: entry.index)
    )
