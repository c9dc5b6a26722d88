"""`append`: all or none, places without gaps, times that never go back, and rows that are what the fold says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction

from comity.core.entry import Header, body_digest
from comity.core.text import Refusal
from comity.exchange.verify import refold, verify
from comity.store import bell, entries, indexing
from comity.store.cases import CaseRow
from comity.store.database import writing
from comity.store.entries import NewEntry, append, append_many
from comity.store.files import AttachmentUse, Transfer
from comity.store.logs import Entry, Log, Relation
from comity.store.people import Unit
from comity.store.search import SearchDoc
from tests.exchange.pair import CHIEF, NOTE, OFFICER, PAPER, Side, settle

OPENING = {"approvals": (CHIEF,), "attachments": (PAPER,), "track": "repatriation", "body": NOTE}


def opening(case: str, **more: object) -> NewEntry:
    return NewEntry("request", case, OFFICER, **{**OPENING, **more})  # type: ignore[arg-type]


def test_the_header_is_built_at_its_place(side: Side) -> None:
    case = side.open()
    entry = side.write("note", case, body={"text": "made up"})
    header = Header.parse(bytes(entry.header))
    assert (entry.index, header.case, header.step, header.seen) == (1, case, "note", 0)
    assert header.officer == OFFICER
    assert header.body == body_digest(bytes(entry.salt or b""), bytes(entry.body or b""))
    assert bytes(entry.body or b"") == b'{"text":"made up"}'
    assert side.ours.size == 2


def test_all_or_none(side: Side) -> None:
    case = side.case_number()
    with pytest.raises(Refusal) as caught:
        append(
            side.relation,
            [opening(case), NewEntry("verify", case, OFFICER, NOTE, approvals=(CHIEF,))],
            now=side.clock(),
        )
    assert (caught.value.code, caught.value.where) == ("wrong-side", "entry 2")
    assert side.ours.size == 0
    assert not Entry.objects.using(side.using).exists()
    assert not CaseRow.objects.using(side.using).exists()
    assert not SearchDoc.objects.using(side.using).exists()


def test_what_it_belongs_to_is_rolled_back_with_it(side: Side) -> None:
    class Stop(Exception):
        pass

    def begun() -> None:
        with writing(side.using):
            side.open()
            assert side.ours.size == 1
            raise Stop

    with pytest.raises(Stop):
        begun()
    assert side.ours.size == 0
    side.open()
    assert [found.fault for found in verify(side.relation)] == [None, None]


def test_the_bell_rings_after_the_commit_and_not_before(side: Side) -> None:
    heard = bell.count(side.using)
    with writing(side.using):
        side.open()
        assert bell.count(side.using) == heard
    assert bell.count(side.using) == heard + 1


def test_time_never_goes_back(side: Side) -> None:
    case = side.open()
    side.clock.forward(days=-2)
    entry = side.write("note", case)
    assert entry.time == side.entries(side.code)[0].time
    assert entry.received < entry.time


def test_a_case_number_of_another_authority(side: Side) -> None:
    with pytest.raises(Refusal, match="not-the-opener"):
        append(side.relation, [opening("CN-2026-0000-0001")], now=side.clock())


def test_a_case_number_of_another_relation(side: Side) -> None:
    case = side.open()
    other = Relation.objects.using(side.using).create(
        name="another", me=side.code, peer="xx", agreement=side.relation.agreement
    )
    CaseRow.objects.using(side.using).filter(pk=case).update(relation=other)
    with pytest.raises(Refusal, match="case-name-taken"):
        append(side.relation, [opening(case)], now=side.clock())


def test_the_row_of_a_case(side: Side) -> None:
    unit = Unit.objects.using(side.using).create(code="north", en="North", zh="北")
    case = side.open(unit=unit.pk)
    row = CaseRow.objects.using(side.using).get(pk=case)
    assert (row.state, row.waiting, row.held, row.ended) == ("requested", "them", False, False)
    assert row.unit_id == unit.pk
    assert row.requesting == side.code
    assert row.agreement == side.relation.agreement_id
    assert row.case.trace[0].step == "request"
    side.clock.forward(hours=1)
    side.write("hold", case)
    row.refresh_from_db()
    assert row.held
    assert row.updated - row.opened == timedelta(hours=1)
    side.write("withdraw", case)
    row.refresh_from_db()
    assert (row.ended, row.waiting) == (True, "")


def test_deadlines_stand_in_the_row_when_they_run(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    settle(a, b)
    b.write("verify", case)
    settle(a, b)
    ours, theirs = (CaseRow.objects.using(each.using).get(pk=case) for each in (b, a))
    assert ours.due_us is not None
    assert ours.due_us == theirs.due_them
    b.write("issue_document", case)
    ours.refresh_from_db()
    assert ours.due_us is None


def test_a_file_named_by_an_entry_is_written_down(sides: tuple[Side, Side]) -> None:
    a, b = sides
    a.open()
    settle(a, b)
    for each, ours in ((a, True), (b, False)):
        use = AttachmentUse.objects.using(each.using).get()
        assert (use.attachment_id, use.size, use.root, use.ours) == (
            PAPER.sha256,
            PAPER.size,
            PAPER.root,
            ours,
        )
    assert not Transfer.objects.using(a.using).exists()
    assert Transfer.objects.using(b.using).get().sha256 == PAPER.sha256


def test_many_at_once(side: Side) -> None:
    cases = [side.case_number() for _ in range(600)]
    places = append_many(side.relation, [opening(case) for case in cases], now=side.clock())
    assert places == list(range(600))
    assert CaseRow.objects.using(side.using).count() == 600
    assert refold(side.relation) == []
    assert [found.fault for found in verify(side.relation)] == [None, None]


def test_many_are_made_findable_later(side: Side) -> None:
    case = side.open(body={"text": "singular"})
    assert SearchDoc.objects.using(side.using).filter(terms__contains="singular").exists()
    append_many(
        side.relation,
        [NewEntry("note", case, OFFICER, {"text": f"word{n}"}) for n in range(250)],
        now=side.clock(),
    )
    assert side.ours.indexed == 1
    side.write("note", case, body={"text": "after"})
    assert side.ours.indexed == 1
    looked = [indexing.catch_up(side.using) for _ in range(4)]
    assert looked == [100, 100, 51, 0]
    assert side.ours.indexed == side.ours.size
    for word in ("word0", "word249", "after"):
        assert SearchDoc.objects.using(side.using).filter(terms__contains=word, case=case).exists()
    side.write("note", case, body={"text": "at once"})
    assert side.ours.indexed == side.ours.size


@pytest.mark.parametrize("place", ["_close_log", "_write_acks", "bell"])
def test_a_crash_anywhere_leaves_all_or_nothing(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    a, b = sides
    a.open()
    sealed = b.answer(a.batch().sealed)

    class Crash(Exception):
        pass

    def dies(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        if place == "bell":
            patch.setattr(bell, "ring", dies)
        else:
            patch.setattr(entries, place, dies)
        with pytest.raises(Crash):
            a.admit(sealed)
    after = place == "bell"
    assert a.theirs.size == int(after)
    assert bool(a.entries(a.code)[0].acked) == after
    a.admit(sealed)
    settle(a, b)
    assert refold(a.relation) == refold(b.relation) == []


def test_several_threads_write_one_log(side: Side) -> None:
    case = side.open()
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                side.write("note", case)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections[side.using].close()

    run([work] * 4)
    assert faults == []
    assert side.ours.size == 41
    assert [entry.index for entry in side.entries(side.code)] == list(range(41))
    assert [found.fault for found in verify(side.relation)] == [None, None]


def test_a_plain_transaction_and_a_writer_do_not_block_each_other_for_ever(side: Side) -> None:
    """A caller that began its transaction without `writing` holds the database; the other waits for its turn."""
    case = side.open()
    begun, faults = threading.Event(), []

    def first() -> None:
        try:
            with transaction.atomic(using=side.using):
                Log.objects.using(side.using).filter(pk=side.ours.pk).update(offered=1)
                begun.set()
                side.write("note", case)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections[side.using].close()

    def second() -> None:
        begun.wait(10)
        try:
            side.write("note", case)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections[side.using].close()

    run([first, second])
    assert faults == []
    assert side.ours.size == 3


def run(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
