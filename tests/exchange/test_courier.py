"""The courier: sends when the bell rings, backs off, compares heads first, and tells of a fork it is shown."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connections

from comity.core.text import Refusal, Text
from comity.exchange import arriving, attachments, send
from comity.exchange import courier as courier_file
from comity.exchange.admit import admit, answer
from comity.exchange.courier import LONGEST_WAIT, Courier, Run, pause
from comity.exchange.lines.http import Answered
from comity.exchange.reasons import status
from comity.exchange.verify import refold
from tests.exchange.forge import Forger
from tests.exchange.pair import Side
from tests.nodes import until


@dataclass
class Wire:
    """POST /exchange in this process, with the refusals a real line would bring as JSON."""

    peer: Side
    down: bool = False
    calls: int = 0
    closed: bool = False
    sizes: list[int] = field(default_factory=list)

    def exchange(self, sealed: bytes) -> bytes:
        self.calls += 1
        if self.down:
            raise Refusal("peer-unreachable", Text("down", "断"))
        with self._there():
            try:
                admitted = admit(self.peer.desk, sealed)
                self.sizes.append(admitted.new)
                return answer(self.peer.desk, admitted)
            except Refusal as refusal:
                said = json.loads(json.dumps(refusal.to_json()))
                raise Answered(status(refusal), said, 0.0) from refusal

    def chunk(self, sealed: bytes) -> None:
        with self._there():
            arriving.take_chunk(self.peer.desk, sealed)

    def held(self, relation: str, sha256: str) -> bytes:
        with self._there():
            return arriving.list_of(self.peer.desk, self.peer.relation, sha256)

    def want(self, sealed: bytes) -> bytes:
        with self._there():
            return attachments.wanted(self.peer.desk, sealed) or b""

    @contextmanager
    def _there(self) -> Iterator[None]:
        """At the peer: its database connection is not left open in a courier's thread."""
        try:
            yield
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections[self.peer.using].close()

    def close(self) -> None:
        self.closed = True


def test_it_compares_heads_before_it_sends(sides: tuple[Side, Side]) -> None:
    a, b = sides
    a.open()
    wire = Wire(b)
    run = Run(a.desk, a.name, wire)
    assert run.sync() == 2
    assert wire.sizes == [0, 1]
    a.write("note", "US-2026-0000-0001")
    assert run.sync() == 1


@pytest.mark.parametrize("overlap", [False, True])
def test_a_long_queue_goes_in_batches(sides: tuple[Side, Side], overlap: bool) -> None:
    a, b = sides
    case = a.open()
    a.write_many("note", case, 1300)
    wire = Wire(b)
    run = Run(a.desk, a.name, wire, overlap=overlap)
    run.sync()
    assert wire.sizes[:4] == [0, 512, 512, 277]
    assert a.ours.held == a.ours.size
    run.sync()
    assert all(entry.acked for entry in a.entries(a.code))
    assert [entry.step for entry in b.entries(b.code)] == ["receipt"] * 3
    assert refold(a.relation) == refold(b.relation) == []


@pytest.mark.parametrize("fault", [1, 2, 3, 4])
def test_a_long_queue_that_breaks_off_goes_on_where_it_was(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    a, b = sides
    case = a.open()
    a.write_many("note", case, 2000)
    wire = Wire(b)
    usual = wire.exchange

    def exchange(sealed: bytes) -> bytes:
        answered = usual(sealed)
        if wire.calls == fault:
            raise Refusal("peer-unreachable", Text("the answer is lost", "答复丢失"))
        return answered

    monkeypatch.setattr(wire, "exchange", exchange)
    run = Run(a.desk, a.name, wire, overlap=True)
    with pytest.raises(Refusal, match="peer-unreachable"):
        run.sync()
    run.sync()
    run.sync()
    assert b.theirs.size == a.ours.size == a.ours.held == 2001
    assert all(entry.acked for entry in a.entries(a.code))
    assert refold(a.relation) == refold(b.relation) == []


def test_after_a_gap_it_begins_where_the_peer_says(sides: tuple[Side, Side]) -> None:
    a, b = sides
    case = a.open()
    a.write_many("note", case, 5)
    type(a.ours).objects.using(a.using).filter(pk=a.ours.pk).update(held=4)
    wire = Wire(b)
    run = Run(a.desk, a.name, wire, compared=True)
    with pytest.raises(Answered) as caught:
        run.sync()
    assert (caught.value.code, caught.value.status) == ("gap", 409)
    run.sync()
    assert b.theirs.size == 6


def test_a_fork_it_is_shown_puts_its_own_side_on_hold(sides: tuple[Side, Side]) -> None:
    a, b = sides
    a.open()
    wire = Wire(b)
    run = Run(a.desk, a.name, wire)
    run.sync()
    b_line = Wire(b)
    with pytest.raises(Answered, match="fork"):
        b_line.exchange(Forger(a).sealed([], root=b"r" * 32))
    assert b.relation.hold == "fork"
    with pytest.raises(Answered) as caught:
        run.call()
    assert caught.value.code == "relation-on-hold"


def test_two_nodes_with_couriers_of_their_own_come_to_rest(sides: tuple[Side, Side]) -> None:
    a, b = sides
    wires = {a.code: Wire(b), b.code: Wire(a)}
    couriers = [Courier(each.desk, {each.name: (wires[each.code], 600.0)}) for each in sides]
    for courier in couriers:
        courier.start()
    try:
        case = a.open()
        until(lambda: b.theirs.size == 1)
        b.write("verify", case)
        a.write("note", case)
        until(lambda: (a.ours.size, b.ours.size) == (b.theirs.size, a.theirs.size) and not send.owes(a.ours))
        until(lambda: all(entry.acked for entry in (*a.entries(a.code)[:1], *b.entries(b.code)[:1])))
        calls = [wire.calls for wire in wires.values()]
        threading.Event().wait(1.5)
        assert [wire.calls for wire in wires.values()] == calls, "the line does not fall silent"
    finally:
        for courier in couriers:
            courier.stop()
    assert all(wire.closed for wire in wires.values())


def test_it_tries_again_when_the_peer_is_back(sides: tuple[Side, Side]) -> None:
    a, b = sides
    wire = Wire(b, down=True)
    courier = Courier(a.desk, {a.name: (wire, 600.0)})
    courier.start()
    try:
        a.open()
        until(lambda: a.relation.trouble is not None)
        assert a.relation.trouble is not None
        assert a.relation.trouble["code"] == "peer-unreachable"
        wire.down = False
        until(lambda: b.theirs.size == 1)
        until(lambda: a.relation.trouble is None)
    finally:
        courier.stop()


def test_it_waits_for_an_agreement_that_is_added_while_it_runs(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = sides
    monkeypatch.setattr(courier_file, "UNREADY", 0.05)
    relations = type(a.relation).objects.using(a.using)
    relations.update(name="not-yet")
    courier = Courier(a.desk, {a.name: (Wire(b), 600.0)})
    courier.start()
    try:
        threading.Event().wait(0.3)
        relations.update(name=a.name)
        a.open()
        until(lambda: b.theirs.size == 1)
    finally:
        courier.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_followed_by_another(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = sides
    monkeypatch.setattr(courier_file, "LONGEST_WAIT", 0.2)
    wire = Wire(b)
    faults = iter([ZeroDivisionError()])
    usual = wire.exchange

    def exchange(sealed: bytes) -> bytes:
        for fault in faults:
            raise fault
        return usual(sealed)

    monkeypatch.setattr(wire, "exchange", exchange)
    courier = Courier(a.desk, {a.name: (wire, 600.0)})
    courier.start()
    try:
        a.open()
        until(lambda: b.theirs.size == 1)
    finally:
        courier.stop()


def test_waiting_grows_to_a_minute_with_jitter() -> None:
    assert [round(pause(n, 1.0), 1) for n in range(9)] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert all(pause(n, 0.0) == pause(n, 1.0) / 2 for n in range(20))
    assert pause(1000, 1.0) == LONGEST_WAIT
