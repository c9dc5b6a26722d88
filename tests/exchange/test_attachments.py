"""Attachments: sealed chunks, resumed, and every lie about size, hash or place refused with its code."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connections

from comity.core.entry import AttachmentItem
from comity.core.text import Refusal
from comity.core.tree import CompactRange, leaf_hash
from comity.exchange import arriving, attachments, reasons
from comity.exchange.attachments import place_of
from comity.store.files import (
    AWAITED,
    CHECKING,
    CHUNK,
    DONE,
    HELD,
    REFUSED,
    Attachment,
    AttachmentUse,
    Transfer,
)
from tests.exchange.pair import Side, settle

DATA = os.urandom(CHUNK) + os.urandom(CHUNK) + b"the end"


def item_of(data: bytes) -> AttachmentItem:
    leaves = [leaf_hash(data[at : at + CHUNK]) for at in range(0, len(data), CHUNK)]
    return AttachmentItem(
        hashlib.sha256(data).hexdigest(), len(data), CompactRange().extend(leaves).root().hex()
    )


def put_file(side: Side, data: bytes, item: AttachmentItem | None = None) -> AttachmentItem:
    """A file of our own, in its place; `item`: what an entry will say of it."""
    item = item or item_of(data)
    place = place_of(side.desk.files, item.sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    Attachment.objects.using(side.using).create(sha256=item.sha256, size=item.size, root=item.root)
    return item


@dataclass
class Wire:
    """A line to `peer`, in this process; `before` may spoil a call."""

    peer: Side
    before: Callable[[str], None] = lambda what: None
    sent: list[str] = field(default_factory=list)

    def chunk(self, sealed: bytes) -> None:
        self.before("chunk")
        arriving.take_chunk(self.peer.desk, sealed)
        self.sent.append("chunk")

    def held(self, relation: str, sha256: str) -> bytes:
        self.before("held")
        return arriving.list_of(self.peer.desk, self.peer.relation, sha256)

    def want(self, sealed: bytes) -> bytes:
        self.before("want")
        return attachments.wanted(self.peer.desk, sealed) or b""


def named(a: Side, b: Side, item: AttachmentItem) -> None:
    a.open(attachments=(item,))
    settle(a, b)


def refused(b: Side, sealed: bytes, code: str, status: int) -> None:
    with pytest.raises(Refusal) as caught:
        arriving.take_chunk(b.desk, sealed)
    assert caught.value.code == code
    assert reasons.status(caught.value) == status


def whole(side: Side, item: AttachmentItem, data: bytes) -> bool:
    place = place_of(side.desk.files, item.sha256)
    return place.is_file() and place.read_bytes() == data


def test_a_file_is_pushed(sides: tuple[Side, Side]) -> None:
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, item)
    assert Transfer.objects.using(b.using).get().state == AWAITED
    assert attachments.send_owed(a.desk, a.relation, Wire(b)) == 3
    assert whole(b, item, DATA)
    assert Transfer.objects.using(b.using).get().state == DONE
    assert Attachment.objects.using(b.using).get(pk=item.sha256).state == HELD
    assert AttachmentUse.objects.using(a.using).get().sent is not None
    assert attachments.send_owed(a.desk, a.relation, Wire(b)) == 0
    assert list((b.desk.files / arriving.ARRIVING).iterdir()) == []


def test_a_file_is_pulled_by_a_node_that_may_only_call_out(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, item)
    assert arriving.fetch_awaited(b.desk, b.relation, Wire(a)) == 0  # the peer may be about to send it
    monkeypatch.setattr(arriving, "PATIENCE", timedelta(0))
    assert arriving.fetch_awaited(b.desk, b.relation, Wire(a)) == 3
    assert whole(b, item, DATA)
    assert arriving.fetch_awaited(b.desk, b.relation, Wire(a)) == 0


def test_it_goes_on_where_it_stopped(sides: tuple[Side, Side]) -> None:
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, item)
    calls = iter(["held", "chunk", "chunk"])

    def breaks(what: str) -> None:
        if next(calls, None) is None:
            raise Refusal("peer-unreachable", reasons.read_only().what)

    with pytest.raises(Refusal, match="peer-unreachable"):
        attachments.send_owed(a.desk, a.relation, Wire(b, breaks))
    assert Transfer.objects.using(b.using).get().arrived == 2
    assert attachments.send_owed(a.desk, a.relation, Wire(b)) == 1
    assert whole(b, item, DATA)


def test_chunks_in_any_order_and_twice(sides: tuple[Side, Side]) -> None:
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, item)
    sealer = attachments.chunk_sealer(a.desk, a.relation, AttachmentUse.objects.using(a.using).get())
    for index in (2, 0, 0, 2, 1, 1, 0):
        arriving.take_chunk(b.desk, sealer(index))
    assert whole(b, item, DATA)


def test_an_entry_comes_before_the_file(sides: tuple[Side, Side]) -> None:
    a, b = sides
    item = put_file(a, DATA)
    a.open(attachments=(item,))
    sealer = attachments.chunk_sealer(a.desk, a.relation, AttachmentUse.objects.using(a.using).get())
    refused(b, sealer(0), "attachment-unnamed", 403)
    assert not b.desk.files.exists()
    assert attachments.owed(a.desk, a.relation) == []


def test_a_file_named_by_an_entry_without_effect_is_not_accepted(sides: tuple[Side, Side]) -> None:
    from tests.exchange.forge import Forger

    a, b = sides
    item = put_file(a, DATA)
    forger = Forger(a)
    header = forger.header("verify", "US-2026-0000-0001", attachments=(item,))
    b.admit(forger.sealed([forger.entry(header.encode())]))
    assert b.entries(a.code)[-1].verdict
    assert not Transfer.objects.using(b.using).exists()


def test_a_lie_about_the_hash(sides: tuple[Side, Side]) -> None:
    a, b = sides
    true = item_of(DATA)
    lie = AttachmentItem("ee" * 32, true.size, true.root)
    put_file(a, DATA, lie)
    named(a, b, lie)
    assert attachments.send_owed(a.desk, a.relation, Wire(b)) == 2
    transfer = Transfer.objects.using(b.using).get()
    assert (transfer.state, transfer.fault) == (REFUSED, "attachment-hash")
    assert not place_of(b.desk.files, lie.sha256).exists()
    assert list((b.desk.files / arriving.ARRIVING).iterdir()) == []
    assert AttachmentUse.objects.using(a.using).get().fault == "attachment-hash"
    sealer = attachments.chunk_sealer(a.desk, a.relation, AttachmentUse.objects.using(a.using).get())
    refused(b, sealer(0), "attachment-hash", 409)


def test_a_lie_about_the_size(sides: tuple[Side, Side]) -> None:
    a, b = sides
    true = item_of(DATA)
    lie = AttachmentItem(true.sha256, true.size + 1, true.root)
    put_file(a, DATA, lie)
    named(a, b, lie)
    sealer = attachments.chunk_sealer(a.desk, a.relation, AttachmentUse.objects.using(a.using).get())
    arriving.take_chunk(b.desk, sealer(0))
    refused(b, sealer(2), "attachment-size", 409)
    assert Transfer.objects.using(b.using).get().arrived == 1


def test_more_chunks_than_the_file_has(sides: tuple[Side, Side]) -> None:
    a, b = sides
    short = item_of(DATA[:CHUNK])
    lie = AttachmentItem(item_of(DATA).sha256, CHUNK, item_of(DATA).root)
    put_file(a, DATA, item_of(DATA))
    named(a, b, lie)
    use = AttachmentUse.objects.using(a.using).get()
    use.size, use.root = len(DATA), item_of(DATA).root
    sealer = attachments.chunk_sealer(a.desk, a.relation, use)
    refused(b, sealer(1), "attachment-size", 409)
    assert short.size == lie.size


def test_a_chunk_that_is_not_in_the_tree(sides: tuple[Side, Side]) -> None:
    a, b = sides
    item = put_file(a, DATA)
    other = item_of(DATA[::-1])
    named(a, b, AttachmentItem(item.sha256, item.size, other.root))
    use = AttachmentUse.objects.using(a.using).get()
    use.root = item.root
    refused(b, attachments.chunk_sealer(a.desk, a.relation, use)(0), "inclusion-proof-wrong", 400)
    assert not (b.desk.files / arriving.ARRIVING).exists()


@pytest.mark.parametrize(("size", "code"), [(0, "attachment-empty"), (9 * 1024**3, "attachment-too-large")])
def test_a_size_no_file_may_have(sides: tuple[Side, Side], size: int, code: str) -> None:
    a, b = sides
    named(a, b, AttachmentItem("ab" * 32, size, "cd" * 32))
    transfer = Transfer.objects.using(b.using).get()
    assert (transfer.state, transfer.fault) == (REFUSED, code)


def test_one_file_under_two_descriptions(sides: tuple[Side, Side]) -> None:
    """A false description of a file does not keep the true one out."""
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, AttachmentItem(item.sha256, 5, "cd" * 32))
    named(a, b, item)
    assert attachments.send_owed(a.desk, a.relation, Wire(b)) == 3
    assert whole(b, item, DATA)


def test_our_own_damaged_file_is_not_sent(sides: tuple[Side, Side]) -> None:
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, item)
    place_of(a.desk.files, item.sha256).write_bytes(DATA[:-1] + b"X")
    assert attachments.send_owed(a.desk, a.relation, Wire(b)) == 0
    assert AttachmentUse.objects.using(a.using).get().fault == "attachment-damaged"


def test_a_full_disk(sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, item)
    sealer = attachments.chunk_sealer(a.desk, a.relation, AttachmentUse.objects.using(a.using).get())

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        refused(b, sealer(0), "disk-full", 503)
    assert Transfer.objects.using(b.using).get().arrived == 0
    arriving.take_chunk(b.desk, sealer(0))
    assert Transfer.objects.using(b.using).get().arrived == 1


def test_the_same_chunks_come_in_four_ways_at_once(sides: tuple[Side, Side]) -> None:
    a, b = sides
    data = os.urandom(CHUNK * 6 + 5)
    item = put_file(a, data)
    named(a, b, item)
    sealer = attachments.chunk_sealer(a.desk, a.relation, AttachmentUse.objects.using(a.using).get())
    sealed = [sealer(index) for index in range(7)]
    gate, faults = threading.Barrier(4), []

    def work(order: int) -> None:
        gate.wait()
        try:
            for index in range(7):
                arriving.take_chunk(b.desk, sealed[(index * (1, 3, 5, 6)[order]) % 7])
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections[b.using].close()

    threads = [threading.Thread(target=work, args=(order,)) for order in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    assert Transfer.objects.using(b.using).get().state == DONE
    assert whole(b, item, data)
    assert list((b.desk.files / arriving.ARRIVING).iterdir()) == []


@pytest.mark.parametrize("renamed", [False, True])
def test_a_crash_while_the_whole_is_checked(
    sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    a, b = sides
    item = put_file(a, DATA)
    named(a, b, item)

    class Crash(Exception):
        pass

    def dies(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(arriving, "_sync" if renamed else "_digest", dies)
        with pytest.raises(Crash):
            attachments.send_owed(a.desk, a.relation, Wire(b))
    assert Transfer.objects.using(b.using).get().state == CHECKING
    assert attachments.send_owed(a.desk, a.relation, Wire(b)) == 1
    assert AttachmentUse.objects.using(a.using).get().sent is None
    assert arriving.resume(b.desk) == 1
    assert whole(b, item, DATA)
    attachments.send_owed(a.desk, a.relation, Wire(b))
    assert AttachmentUse.objects.using(a.using).get().sent is not None
