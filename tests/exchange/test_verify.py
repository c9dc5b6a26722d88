"""`log verify` finds any byte changed in a log, and names the first bad place; an evidence file of a case is accepted."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.db import connections

from comity.core.tree import CompactRange, leaf_hash
from comity.exchange.gather import export, gather
from comity.exchange.verify import refold, verify
from comity.store.cases import CaseRow
from comity.store.database import GUARDS, UNGUARDS
from comity.store.logs import Checkpoint, Entry, Log, Tile
from comity_verify.main import verify as verify_evidence
from tests.exchange.pair import Side, settle


@pytest.fixture
def told(sides: tuple[Side, Side]) -> str:
    """A case with some history and more than one tile of entries in the log."""
    a, b = sides
    case = a.open()
    settle(a, b)
    b.write("verify", case)
    settle(a, b)
    a.write_many("note", case, 300)
    settle(a, b)
    a.write("note", case)
    settle(a, b)
    return case


def faults(side: Side) -> dict[str, str]:
    """By author: where the first fault is; nothing for a log in order."""
    return {each.author: each.fault.where for each in verify(side.relation) if each.fault is not None}


def unguarded(side: Side, statement: str, *values: object) -> None:
    """What somebody with the database's own password could do."""
    connection = connections[side.using]
    with connection.cursor() as cursor:
        for each in UNGUARDS[connection.vendor]:
            cursor.execute(each)
        cursor.execute(statement, values)
        for each in GUARDS[connection.vendor]:
            cursor.execute(each)


def test_logs_in_order(sides: tuple[Side, Side], told: str) -> None:
    for side in sides:
        seen: list[tuple[str, int, int]] = []
        found = verify(side.relation, lambda *said, seen=seen: seen.append(said))
        assert [each.fault for each in found] == [None, None]
        assert {each.author: each.entries for each in found} == {
            side.code: side.ours.size,
            side.relation.peer: side.theirs.size,
        }
        assert seen[-1][1] == seen[-1][2]
        assert next(each for each in found if each.author != side.code).checkpoints > 0
        assert refold(side.relation) == []


TAMPERINGS: dict[str, tuple[Callable[[Side], None], str]] = {
    "a header": (
        lambda s: unguarded(
            s, "UPDATE store_entry SET header = %s WHERE id = %s",
            bytes(s.entries(s.code)[5].header).replace(b"officer01", b"officer02"), s.entries(s.code)[5].pk,
        ), "entry 5",
    ),
    "a step, header and column": (
        lambda s: unguarded(
            s, "UPDATE store_entry SET header = %s, seen = 0 WHERE id = %s",
            bytes(s.entries(s.code)[7].header).replace(b'"seen":2', b'"seen":0'), s.entries(s.code)[7].pk,
        ), "entry 7",
    ),
    "a column": (
        lambda s: unguarded(s, "UPDATE store_entry SET step = 'verify' WHERE id = %s", s.entries(s.code)[9].pk), "entry 9",
    ),
    "a body": (
        lambda s: unguarded(s, "UPDATE store_entry SET body = %s WHERE id = %s", b"{}", s.entries(s.code)[11].pk), "entry 11",
    ),
    "a missing row": (
        lambda s: unguarded(s, "DELETE FROM store_entry WHERE id = %s", s.entries(s.code)[13].pk), "entry 13",
    ),
    "the last row": (
        lambda s: unguarded(s, "DELETE FROM store_entry WHERE id = %s", s.entries(s.code)[-1].pk), "entry 302",
    ),
    "a tile": (
        lambda s: _write(Tile.objects.using(s.using).get(log=s.ours, level=0, index=0), "data", 40 * 32), "entry 40",
    ),
    "an inner tile": (
        lambda s: _write(Tile.objects.using(s.using).get(log=s.ours, level=1, index=0), "data", 0), "entry 0",
    ),
    "the frontier": (lambda s: _write(s.ours, "frontier", 9), "size 303"),
}  # fmt: skip


def _write(row: Tile | Log, name: str, at: int) -> None:
    data = bytearray(getattr(row, name))
    data[at] ^= 1
    setattr(row, name, bytes(data))
    row.save(update_fields=[name])


@pytest.mark.parametrize("what", TAMPERINGS)
def test_anything_changed_is_found(sides: tuple[Side, Side], told: str, what: str) -> None:
    a, _ = sides
    change, place = TAMPERINGS[what]
    change(a)
    assert faults(a) == {a.code: f"log of {a.code} / {place}"}


def test_a_rewritten_log_with_all_its_hashes_is_caught_by_the_signed_checkpoint(
    sides: tuple[Side, Side], told: str
) -> None:
    a, b = sides
    victim = b.entries(a.code)[0]
    header = bytes(victim.header).replace(b"officer01", b"officer02")
    unguarded(b, "UPDATE store_entry SET header = %s WHERE id = %s", header, victim.pk)
    log = b.theirs
    leaves = [leaf_hash(bytes(each.header)) for each in b.entries(a.code)]
    from comity.core.tree import append

    for (level, index), data in append(0, leaves, lambda level, index: b"").items():
        Tile.objects.using(b.using).filter(log=log, level=level, index=index).update(data=data)
    Log.objects.using(b.using).filter(pk=log.pk).update(frontier=CompactRange().extend(leaves).to_bytes())
    place = faults(b)[a.code]
    first = Checkpoint.objects.using(b.using).filter(log=log).order_by("size").first()
    assert first is not None
    assert place == f"log of {a.code} / size {first.size}"


def test_a_checkpoint_nobody_signed(sides: tuple[Side, Side], told: str) -> None:
    _, b = sides
    kept = Checkpoint.objects.using(b.using).filter(log=b.theirs).first()
    assert kept is not None
    kept.note = bytes(kept.note).replace(b"2026-03-02", b"2026-03-03")
    kept.save()
    (fault,) = [each.fault for each in verify(b.relation) if each.fault]
    assert fault.code == "signature-invalid"


def test_a_row_that_is_not_its_fold_is_found(sides: tuple[Side, Side], told: str) -> None:
    a, _ = sides
    row = CaseRow.objects.using(a.using).get(pk=told)
    CaseRow.objects.using(a.using).filter(pk=told).update(fold=row.fold.replace("verified", "requested"))
    assert refold(a.relation) == [told]


@pytest.mark.parametrize("who", [0, 1])
def test_evidence_of_a_case_is_complete_and_checks_offline(
    sides: tuple[Side, Side], told: str, who: int
) -> None:
    side = sides[who]
    other = side.relation.peer
    evidence = gather(side.desk, told)
    mine, theirs = evidence.logs
    assert (mine.author, theirs.author) == (side.code, other)
    of_case = Entry.objects.using(side.using).filter(case_id=told).count()
    receipts = sum(1 for log in evidence.logs for entry in log.entries if b'"step":"receipt"' in entry.header)
    assert sum(len(log.entries) for log in evidence.logs) == of_case + receipts
    assert receipts >= 3
    file = io.BytesIO()
    export(side.desk, told, file)
    report = verify_evidence(io.BytesIO(file.getvalue()))
    assert report.verified, report
