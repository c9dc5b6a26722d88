"""What `admit` does with batches that are in order: effect once, receipts that end, crossing steps, a restored backup."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import connections

from comity.core.entry import RECEIPT
from comity.core.text import Refusal
from comity.exchange import send
from comity.exchange.admit import answer
from comity.store.audit import Audit
from comity.store.cases import CaseRow
from comity.store.logs import Checkpoint, Entry
from tests.exchange.pair import Side, settle


def folds(side: Side) -> dict[str, str]:
    return dict(CaseRow.objects.using(side.using).values_list("pk", "fold"))


def alike(a: Side, b: Side) -> None:
    """Both nodes hold the same two logs and fold the same cases from them."""
    for author in (a.code, b.code):
        assert [bytes(e.header) for e in a.entries(author)] == [bytes(e.header) for e in b.entries(author)]
        assert [e.verdict for e in a.entries(author)] == [e.verdict for e in b.entries(author)]
        assert [e.acked for e in a.entries(author)] == [e.acked for e in b.entries(author)]
    assert folds(a) == folds(b)


def test_a_step_is_carried_and_receipted(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    admitted = a.call(b)
    assert [entry.step for entry in b.entries(a.code)] == ["request"]
    assert [entry.step for entry in b.entries(b.code)] == [RECEIPT]
    assert admitted.new == 1
    assert a.entries(a.code)[0].acked
    rows = [CaseRow.objects.using(each.using).get(pk=case) for each in sides]
    assert [row.waiting for row in rows] == ["them", "us"]
    alike(a, b)


def test_the_line_falls_silent(sides: tuple[Side, Side]) -> None:
    a, b = sides
    a.open()
    settle(a, b)
    for side in sides:
        assert not send.owes(side.ours)
    for _ in range(3):
        settle(a, b)
    assert (a.ours.size, b.ours.size) == (1, 1)


def test_a_repeat_has_no_effect_and_the_same_receipt(sides: tuple[Side, Side]) -> None:
    a, b = sides
    a.open()
    sealed = a.batch().sealed
    first = b.admit(sealed)
    receipt = bytes(b.entries(b.code)[-1].header)
    before = folds(b), Audit.objects.using(b.using).count(), Entry.objects.using(b.using).count()
    b.clock.forward(hours=3)
    for _ in range(3):
        again = b.admit(sealed)
        assert again.new == 0
        assert not again.receipted
    assert (folds(b), Audit.objects.using(b.using).count(), Entry.objects.using(b.using).count()) == before
    assert a.admit(answer(b.desk, again)).new == 1
    assert bytes(a.entries(b.code)[-1].header) == receipt
    assert first.receipted


def test_a_lost_answer_is_asked_for_again(sides: tuple[Side, Side]) -> None:
    a, b = sides
    a.open()
    b.answer(a.batch().sealed)  # the answer is lost
    a.open()
    assert a.call(b).new == 2
    alike(a, b)


def test_batches_that_overlap_and_come_out_of_order(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    early = a.batch().sealed
    for _ in range(5):
        a.write("note", case)
    late = a.batch(first=3).sealed
    with pytest.raises(Refusal, match="gap"):
        b.admit(late)
    assert b.admit(early).new == 1
    assert b.admit(a.batch(first=0).sealed).new == 5
    assert b.admit(early).new == 0
    assert b.admit(late).new == 0
    settle(a, b)
    alike(a, b)


def test_more_than_one_batch_holds(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    for _ in range(9):
        a.write("note", case)
    for expected in ((0, 4), (4, 8), (8, 10)):
        out = a.batch(most=4)
        assert (out.first, out.size) == expected
        a.admit(b.answer(out.sealed))
    assert b.ours.size == 3
    alike(a, b)


def test_steps_that_cross_in_the_post(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    settle(a, b)
    a.write("withdraw", case, body={"reason": "x"})
    b.write("verify", case)
    settle(a, b)
    alike(a, b)
    row = CaseRow.objects.using(a.using).get(pk=case)
    assert row.state == "withdrawn"
    assert row.ended


def test_steps_of_many_cases_both_ways(sides: tuple[Side, Side]) -> None:
    a, b = sides
    cases = [a.open() for _ in range(5)]
    settle(a, b)
    for number, case in enumerate(cases):
        a.clock.forward(minutes=7)
        b.write("verify", case)
        if number % 2:
            a.write("hold", case)
        settle(a, b)
    alike(a, b)
    for case in cases:
        rows = [CaseRow.objects.using(side.using).get(pk=case) for side in sides]
        assert rows[0].due_us == rows[1].due_them
        assert rows[0].due_them == rows[1].due_us


def test_an_entry_acknowledges_like_a_receipt(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    b.admit(a.batch().sealed)
    a.call(b)
    b.write("verify", case)
    size = a.ours.size
    b.call(a)
    a.write("note", case)
    a.call(b)
    assert b.entries(b.code)[-2].acked or b.entries(b.code)[-1].acked
    assert a.ours.size == size + 2
    alike(a, b)


def test_checkpoints_are_kept_sparsely_but_never_too_far_apart(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    for _ in range(30):
        a.write("note", case)
        a.call(b)
    sizes = sorted(Checkpoint.objects.using(b.using).filter(log=b.theirs).values_list("size", flat=True))
    assert sizes[-1] == a.ours.size
    assert len(sizes) <= 3


@pytest.mark.sqlite_only
def test_a_node_restored_from_a_backup_reads_its_own_entries_back(
    sides: tuple[Side, Side], tmp_path: Path
) -> None:
    a, b = sides
    case = a.open()
    settle(a, b)
    connections[a.using].close()
    path = Path(connections.databases[a.using]["NAME"])
    shutil.copyfile(path, tmp_path / "backup")
    b.write("verify", case)
    settle(a, b)
    a.write("note", case)
    other = a.open()
    settle(a, b)
    b.write("issue_document", case)
    settle(a, b)
    lost = a.ours.size, b.ours.size
    connections[a.using].close()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "backup", path)
    assert a.ours.size < lost[0]
    # At start it compares heads before it sends.
    a.admit(b.answer(a.batch(entries=False).sealed))
    assert a.relation.read_only == "restored"
    with pytest.raises(Refusal, match="relation-read-only"):
        a.write("note", case)
    for _ in range(10):
        if not a.relation.read_only:
            break
        a.admit(b.answer(a.batch().sealed))
        a.admit(b.answer(a.batch(resend=False).sealed))
    assert not a.relation.read_only
    settle(a, b)
    assert (a.ours.size, b.ours.size) == lost
    alike(a, b)
    a.write("note", other)
    settle(a, b)
    alike(a, b)
