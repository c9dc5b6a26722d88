"""The pouch: what two nodes would say over a line, in one file carried by hand.

    comity-pouch/1\\n   then records: kind (1 byte), length (4 bytes, big-endian), bytes   and at the end E and their count
    B a sealed batch    C a sealed chunk of an attachment    L a sealed list of the chunks held

Every record is sealed and signed exactly as on the line, so whoever finds the pouch learns nothing and can change
nothing; a pouch read twice, or out of order, does nothing new. Receipts come back with the pouch of the return trip.
Never more than one record in memory. Border: files and `admit`.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from comity.core.text import Refusal, Text
from comity.exchange import arriving, attachments, reasons, send
from comity.exchange.admit import admit
from comity.exchange.desk import Desk
from comity.exchange.wire import MAX_SEALED
from comity.store.database import disk_full, is_disk_full
from comity.store.files import AWAITED, DONE, Transfer, chunks
from comity.store.logs import Relation
from comity.store.relations import logs

MAGIC = b"comity-pouch/1\n"
BATCH, CHUNK, LIST, END = b"B", b"C", b"L", b"E"
_MOST = {BATCH: MAX_SEALED, CHUNK: 2 * 1024 * 1024, LIST: 64 * 1024, END: 4}
_LISTS = 500  # newest files whose lists go into one pouch
_PASSES = 1000


@dataclass(slots=True)
class Carried:
    """What a pouch held: batches, the entries in them that were new (or that were put in), chunks, lists."""

    batches: int = 0
    entries: int = 0
    chunks: int = 0
    lists: int = 0

    def to_json(self) -> dict[str, int]:
        return {"batches": self.batches, "entries": self.entries, "chunks": self.chunks, "lists": self.lists}


def write(desk: Desk, relation: Relation, path: Path) -> Carried:
    """Write all that is owed to the peer into `path`, whole or not at all. Refusals: "relation-on-hold", "disk-full"."""
    if relation.hold:
        raise reasons.on_hold(relation)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    carried = Carried()
    try:
        with fresh.open("xb") as file:
            file.write(MAGIC)
            count = 0
            for kind, record in _owed(desk, relation, carried):
                file.write(kind + len(record).to_bytes(4, "big") + record)
                count += 1
            file.write(END + (4).to_bytes(4, "big") + count.to_bytes(4, "big"))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as fault:
        if is_disk_full(fault):
            raise disk_full() from fault
        raise
    finally:
        fresh.unlink(missing_ok=True)
    return carried


def _owed(desk: Desk, relation: Relation, carried: Carried) -> Iterator[tuple[bytes, bytes]]:
    """Batches from what the peer holds to the end (one at least: it carries our heads), then chunks and lists."""
    first = relation.resend
    while first is not None:
        back = send.returned(desk, relation, first)
        if back is None:
            break
        carried.batches += 1
        yield BATCH, back.sealed
        first = back.size
    start = logs(relation)[relation.me].held
    while True:
        out = send.outgoing(desk, relation, first=start)
        carried.batches += 1
        carried.entries += out.count
        yield BATCH, out.sealed
        if not out.more or not out.count:
            break
        start = out.size
    for use in attachments.unconfirmed(desk, relation):
        if not attachments.place_of(desk.files, use.attachment_id).is_file():
            continue
        sealer = attachments.chunk_sealer(desk, relation, use)
        for index in range(chunks(use.size)):
            carried.chunks += 1
            yield CHUNK, sealer(index)
    known = Transfer.objects.using(desk.using).filter(relation=relation, state__in=(AWAITED, DONE))
    for transfer in known.order_by("-changed")[:_LISTS]:
        carried.lists += 1
        yield LIST, arriving.list_of(desk, relation, transfer.sha256)


def read(desk: Desk, path: Path) -> Carried:
    """Take in a pouch. Its form is checked to the end before anything is admitted; each record is then whole or not at all.

    Refusals: "pouch-malformed", "pouch-cut", and those of `admit` and `take_chunk` (`where` begins with the record). What
    was admitted before a refused record stays; reading the pouch again goes on from there.
    """
    with path.open("rb") as file:
        for _ in _records(file):
            pass
        carried = Carried()
        for number in range(_PASSES):
            new = _pass(desk, file, carried, first=number == 0)
            if not new or not Relation.objects.using(desk.using).exclude(read_only="").exists():
                break
    return carried


def _pass(desk: Desk, file: BinaryIO, carried: Carried, *, first: bool) -> int:
    """Take in every record once; returns how many entries were new. While our own entries are being read back some wait
    for others, so that such a pouch is gone through again until nothing moves."""
    new = 0
    for number, (kind, record) in enumerate(_records(file), 1):
        try:
            if kind == BATCH:
                came = admit(desk, record).new
                new += came
                carried.entries += came
                carried.batches += first
            elif kind == CHUNK and first:
                arriving.take_chunk(desk, record)
                carried.chunks += 1
            elif kind == LIST and first:
                attachments.take_list(desk, record)
                carried.lists += 1
        except Refusal as refusal:
            raise refusal.within(f"record {number}") from refusal
    return new


def _records(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    file.seek(0)
    if file.read(len(MAGIC)) != MAGIC:
        raise _malformed("record 0")
    count = 0
    while True:
        head = file.read(5)
        kind, size = head[:1], int.from_bytes(head[1:], "big")
        if len(head) < 5:
            raise _cut(count + 1)
        if kind not in _MOST or size > _MOST[kind]:
            raise _malformed(f"record {count + 1}")
        record = file.read(size)
        if len(record) < size:
            raise _cut(count + 1)
        if kind == END:
            if int.from_bytes(record, "big") != count or file.read(1):
                raise _malformed(f"record {count + 1}")
            return
        count += 1
        yield kind, record


def _malformed(where: str) -> Refusal:
    return Refusal(
        "pouch-malformed", Text("This is not a well-formed pouch.", "这不是格式正确的信袋文件。"), where
    )


def _cut(number: int) -> Refusal:
    return Refusal(
        "pouch-cut",
        Text("The pouch ends in the middle of a record.", "信袋文件不完整，于某一记录中途截断。"),
        f"record {number}",
        Text("Copy the file again.", "请重新复制该文件。"),
    )
