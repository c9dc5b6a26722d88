"""Bad input, by name: what a peer may send wrong, and the exact answer. Nothing is half-written, no node ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connections

from comity.core.note import Note
from comity.core.text import Refusal
from comity.crypto import generate, sign_checkpoint
from comity.exchange import forks, reasons
from comity.exchange.forks import Forked
from comity.store.cases import CaseRow
from comity.store.logs import Entry, Fork
from comity.store.relations import bond
from tests.exchange.forge import SALT, Forger, tree_of
from tests.exchange.pair import Side, settle


def standing(side: Side) -> tuple[object, ...]:
    """Everything an admitted batch could have changed."""
    using = side.using
    return (
        [(log.author, log.size, bytes(log.frontier), log.held) for log in (side.ours, side.theirs)],
        Entry.objects.using(using).count(),
        list(CaseRow.objects.using(using).order_by("pk").values_list("pk", "fold")),
        connections[using].in_atomic_block,
    )


def refuses(side: Side, sealed: bytes, code: str, status: int, where: str | None = None) -> Refusal:
    """The batch is refused with this code and status, and nothing is kept."""
    before = standing(side)
    with pytest.raises(Refusal) as caught:
        side.admit(sealed)
    assert caught.value.code == code
    assert reasons.status(caught.value) == status
    if where is not None:
        assert caught.value.where == where
    assert standing(side) == before
    return caught.value


@pytest.fixture
def case(sides: tuple[Side, Side]) -> str:
    """A case both sides know."""
    a, b = sides
    number = a.open()
    settle(a, b)
    return number


# -- the envelope ---------------------------------------------------------------------------------------------------


def test_another_addressee(sides: tuple[Side, Side]) -> None:
    a, b = sides
    sealed = a.batch().sealed
    other = sealed.replace(f'"to":"{b.code}"'.encode(), b'"to":"xx"', 1)
    refuses(b, other, "wrong-addressee", 403)


def test_another_agreement(sides: tuple[Side, Side]) -> None:
    a, b = sides
    refuses(b, Forger(a).seal(Forger(a).batch([]), agreement="0" * 64), "wrong-agreement", 403)


def test_an_unknown_sender(sides: tuple[Side, Side]) -> None:
    a, b = sides
    sealed = a.batch().sealed.replace(f'"from":"{a.code}"'.encode(), b'"from":"xx"', 1)
    refuses(b, sealed, "unknown-sender", 403)


def test_another_suite(sides: tuple[Side, Side]) -> None:
    a, b = sides
    sealed = a.batch().sealed.replace(b"+mldsa65", b"", 1)
    refuses(b, sealed, "suite-unknown", 403)


def test_a_flipped_byte_anywhere_does_not_open(sides: tuple[Side, Side]) -> None:
    a, b = sides
    sealed = bytearray(a.batch().sealed)
    sealed[-1] ^= 1
    refuses(b, bytes(sealed), "sealed-unreadable", 403)


def test_sealed_for_other_keys(sides: tuple[Side, Side]) -> None:
    a, b = sides
    refuses(b, Forger(a).seal(Forger(a).batch([]), to=generate(b.code)), "sealed-unreadable", 403)


@pytest.mark.parametrize("sealed", [b"", b"{}", b"\n", b"\xff" * 100, b"{" * 5000])
def test_no_envelope(sides: tuple[Side, Side], sealed: bytes) -> None:
    refuses(sides[1], sealed, "envelope-malformed", 400)


def test_too_large(sides: tuple[Side, Side]) -> None:
    refuses(sides[1], bytes(8 * 1024 * 1024 + 1), "batch-too-large", 413)


# -- the checkpoint -------------------------------------------------------------------------------------------------


def _note_without(note: bytes, line: int) -> bytes:
    parsed = Note.parse(note)
    return replace(parsed, signatures=tuple(s for n, s in enumerate(parsed.signatures) if n != line)).encode()


@pytest.mark.parametrize("line", [0, 1])
def test_a_signature_is_missing(sides: tuple[Side, Side], line: int) -> None:
    a, b = sides
    forger = Forger(a)
    note = _note_without(sign_checkpoint(forger.checkpoint([]), a.desk.keys), line)
    refuses(b, forger.sealed([], note=note), "signature-missing", 403)


def test_the_post_quantum_signature_is_replaced_by_a_second_classical_one(sides: tuple[Side, Side]) -> None:
    a, b = sides
    forger = Forger(a)
    parsed = Note.parse(sign_checkpoint(forger.checkpoint([]), a.desk.keys))
    doubled = replace(parsed, signatures=(parsed.signatures[0], parsed.signatures[0])).encode()
    refuses(b, forger.sealed([], note=doubled), "signature-missing", 403)


def test_signed_by_somebody_else(sides: tuple[Side, Side]) -> None:
    a, b = sides
    forger = Forger(a)
    note = sign_checkpoint(forger.checkpoint([]), generate(a.code))
    refuses(b, forger.sealed([], note=note), "signature-missing", 403)


def test_a_changed_checkpoint(sides: tuple[Side, Side]) -> None:
    a, b = sides
    forger = Forger(a)
    note = sign_checkpoint(forger.checkpoint([]), a.desk.keys).replace(b"2026-03-02", b"2026-03-01")
    refuses(b, forger.sealed([], note=note), "signature-invalid", 403)


def test_a_wrong_root(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    refuses(b, forger.sealed([forger.note(case)], root=b"r" * 32), "batch-root-mismatch", 400)


def test_a_checkpoint_of_another_size(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    refuses(b, forger.sealed([forger.note(case)], size=9), "checkpoint-size", 400)


def test_a_gap(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    a.write("note", case)
    a.write("note", case)
    refuses(b, a.batch(first=2).sealed, "gap", 409, "entry 1")
    assert a.call(b).new == 1


# -- forks ----------------------------------------------------------------------------------------------------------


def test_another_entry_at_a_place_already_filled(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    held = bytes(b.entries(a.code)[0].header)
    other = forger.opening("US-2026-0000-9999")
    tree = tree_of([other.header])
    sealed = forger.sealed([other], first=0, size=1, root=tree.root())
    before = Entry.objects.using(b.using).count()
    with pytest.raises(Forked) as caught:
        b.admit(sealed)
    assert caught.value.where == f"log of {a.code} / entry 0"
    assert reasons.status(caught.value) == 409
    assert Entry.objects.using(b.using).count() == before
    assert bytes(b.entries(a.code)[0].header) == held
    assert b.relation.hold == "fork"
    (kept,) = Fork.objects.using(b.using).all()
    assert kept.ours
    assert kept.theirs
    with pytest.raises(Refusal) as held_up:
        b.admit(a.batch().sealed)
    assert held_up.value.code == "relation-on-hold"


def test_two_roots_for_one_size_and_the_author_is_shown_the_proof(
    sides: tuple[Side, Side], case: str
) -> None:
    a, b = sides
    forger = Forger(a)
    with pytest.raises(Forked) as caught:
        b.admit(forger.sealed([], root=b"r" * 32))
    said = json.loads(json.dumps(caught.value.to_json()))
    assert said["code"] == "fork"
    assert forks.told(a.desk, a.relation, said["proof"])
    assert a.relation.hold == "fork"
    forks.release(a.relation)
    assert not a.relation.hold


def test_a_claim_of_a_fork_without_proof_is_ignored(sides: tuple[Side, Side], case: str) -> None:
    a, _ = sides
    for proof in (None, {}, {"ours": "", "theirs": "AAAA"}, {"ours": 1}, {"theirs": "A" * 100_000}):
        assert not forks.told(a.desk, a.relation, proof)
    assert not a.relation.hold


def test_a_false_word_about_what_it_holds(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    with pytest.raises(Forked):
        b.admit(Forger(a).sealed([], held_root=b"r" * 32))
    assert b.relation.hold == "fork"


# -- entries that may not stand in the log at all -------------------------------------------------------------------


HEADERS: dict[str, tuple[bytes, str]] = {
    "ten thousand brackets": (b'{"v":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "json-too-large"),
    "deep": (b'{"v":' + b"[" * 500 + b"]" * 500 + b"}", "json-too-deep"),
    "NaN": (b'{"v":NaN}', "json-number"),
    "infinity": (b'{"v":-Infinity}', "json-number"),
    "a float": (b'{"v":1.0}', "json-number"),
    "1e999": (b'{"v":1e999}', "json-number"),
    "duplicate keys": (b'{"v":1,"v":1}', "json-duplicate-key"),
    "a lone surrogate": (b'{"v":"\\ud800"}', "json-surrogate"),
    "five thousand digits": (b'{"v":' + b"9" * 5000 + b"}", "json-number"),
    "not UTF-8": (b'{"v":"\xff"}', "json-not-utf8"),
    "not an object": (b"[]", "header-malformed"),
    "an unknown member": (b'{"v":1,"extra":1}', "header-malformed"),
    "no JSON": (b"hello", "json-malformed"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_cannot_be_read(sides: tuple[Side, Side], name: str) -> None:
    a, b = sides
    header, code = HEADERS[name]
    if code == "json-too-large":
        # The batch itself refuses so long a header before any JSON is read.
        with pytest.raises(Refusal) as caught:
            Forger(a).sealed([Forger.entry(header)])
        assert caught.value.code == "header-too-large"
        return
    refuses(b, Forger(a).sealed([Forger.entry(header)]), code, 400)


def test_one_bad_entry_keeps_the_whole_batch_out(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    good = forger.note(case)
    refuses(b, forger.sealed([good, Forger.entry(b"{}"), good]), "header-malformed", 400)


def test_a_body_that_is_not_the_one_named(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    entry = replace(forger.note(case), body=b'{"text":"another"}')
    refuses(b, forger.sealed([entry]), "body-digest", 400, "entry 1")


def test_a_body_that_is_named_and_not_sent(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    entry = forger.entry(forger.note(case).header)
    refuses(b, forger.sealed([entry]), "body-not-sent", 400)


def test_seen_beyond_what_there_is(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    refuses(b, forger.sealed([forger.note(case, seen=99)]), "seen-beyond-log", 409, "entry 1")


# -- entries that stand in the log without effect -------------------------------------------------------------------


def kept_without_effect(b: Side, a: Side, sealed: bytes, code: str) -> None:
    """Admitted and receipted, with this verdict, and the case is as it was but for the count of invalid entries."""
    before = {row.pk: row.state for row in CaseRow.objects.using(b.using).all()}
    admitted = b.admit(sealed)
    assert admitted.receipted
    last = b.entries(a.code)[-1]
    assert last.verdict == code
    assert last.said.why is not None
    assert {row.pk: row.state for row in CaseRow.objects.using(b.using).all()} == before


def test_a_step_out_of_turn(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    header = forger.header("close_unverified", case)
    kept_without_effect(b, a, forger.sealed([forger.entry(header.encode())]), "out-of-turn")


def test_a_step_by_the_wrong_side(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    header = forger.header("verify", case)
    kept_without_effect(b, a, forger.sealed([forger.entry(header.encode())]), "wrong-side")


def test_seen_that_goes_back(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    a.write("note", case)
    settle(a, b)
    forger = Forger(a)
    assert a.ours.seen == 1
    kept_without_effect(b, a, forger.sealed([forger.note(case, seen=0)]), "seen-went-back")


def test_time_that_goes_back(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    kept_without_effect(
        b, a, forger.sealed([forger.note(case, time="2026-03-01T00:00:00.000Z")]), "time-went-back"
    )


def test_an_agreement_nobody_signed(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    forger = Forger(a)
    kept_without_effect(b, a, forger.sealed([forger.note(case, agreement="0" * 64)]), "agreement-unknown")


def test_a_case_opened_under_the_other_sides_number(sides: tuple[Side, Side]) -> None:
    a, b = sides
    forger = Forger(a)
    kept_without_effect(b, a, forger.sealed([forger.opening("CN-2026-0000-0001")]), "not-the-opener")


def test_our_own_step_out_of_turn_is_not_written(sides: tuple[Side, Side], case: str) -> None:
    a, _ = sides
    before = standing(a)
    with pytest.raises(Refusal) as caught:
        a.write("close_unverified", case)
    assert caught.value.code == "out-of-turn"
    assert caught.value.where == "entry 1"
    assert standing(a) == before


# -- bodies that do not follow their form: kept, marked, no bearing on the fold ---------------------------------------


BODIES: dict[str, tuple[bytes, str]] = {
    "ten thousand deep": (b'{"text":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "json-too-deep"),
    "NaN": (b'{"text":NaN}', "json-number"),
    "1e999": (b'{"text":1e999}', "json-number"),
    "duplicate keys": (b'{"text":"a","text":"b"}', "json-duplicate-key"),
    "a lone surrogate": (b'{"text":"\\udfff"}', "json-surrogate"),
    "a million items": (b'{"text":[' + b"1," * 120_000 + b"1]}", "not-text"),
    "a field nobody asked for": (b'{"text":"a","more":"b"}', "body-unasked"),
    "not an object": (b"[1]", "body-malformed"),
    "nothing": (b"", "json-malformed"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_does_not_follow_its_form(sides: tuple[Side, Side], case: str, name: str) -> None:
    a, b = sides
    body, code = BODIES[name]
    forger = Forger(a)
    assert b.admit(forger.sealed([forger.note(case, body)])).receipted
    last = b.entries(a.code)[-1]
    assert last.valid
    assert last.form == code or (code == "not-text" and last.form)
    assert bytes(last.body or b"") == body
    assert bytes(last.salt or b"") == SALT


# -- several at once --------------------------------------------------------------------------------------------------


def test_two_workers_receive_the_same_batch_at_once(sides: tuple[Side, Side], case: str) -> None:
    a, b = sides
    for _ in range(40):
        a.write("note", case)
    sealed = a.batch().sealed
    gate, outcomes = threading.Barrier(4), []

    def work() -> None:
        gate.wait()
        try:
            outcomes.append(b.admit(sealed).new)
        finally:
            connections[b.using].close()

    _run([work] * 4)
    assert sorted(outcomes) == [0, 0, 0, 40]
    assert [entry.step for entry in b.entries(b.code)] == ["receipt", "receipt"]
    a.admit(b.answer(sealed))
    settle(a, b)


@pytest.mark.sqlite_only
def test_a_full_disk(sides: tuple[Side, Side], case: str) -> None:
    """SQLite finds no room: 503, no receipt, nothing half-written; with room again the same batch is admitted."""
    a, b = sides
    a.write_many("note", case, 200)
    sealed = a.batch().sealed
    with connections[b.using].cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 2}")
    refuses(b, sealed, "disk-full", 503)
    with pytest.raises(Refusal, match="disk-full"):
        b.write_many("note", case, 200)
    assert standing(b)[1] == 2
    with connections[b.using].cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
    assert b.admit(sealed).receipted
    settle(a, b)


def _run(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def test_a_receipt_that_names_another_root_is_no_receipt(sides: tuple[Side, Side], case: str) -> None:
    """It is the peer's signed word that our log is another one: kept as proof, and the exchange on hold."""
    a, b = sides
    forger = Forger(a)
    receipt = forger.header("receipt", None, officer=None, root="0" * 64)
    with pytest.raises(Forked):
        b.admit(forger.sealed([forger.entry(receipt.encode())]))
    assert b.relation.hold == "fork"
    assert Fork.objects.using(b.using).get().author == bond(b.relation).me
