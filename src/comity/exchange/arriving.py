"""Attachments of the peer on their way in: each chunk proved against the root its entry names before it is kept.

A file is asked for and accepted only when an admitted entry of the peer names it. Chunks may come in any order, twice,
and in several attempts; which are here is one bit each, set after the chunk is on the disk. When the last one is here the
whole is hashed again, and only then does the file stand under its name (fsync, rename). Never more than one chunk in
memory. Border: files and their tables; the line carries. What we send is `attachments`.
"""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.utils import timezone

from comity.core.text import Refusal, Text
from comity.core.tree import leaf_hash, verify_inclusion
from comity.exchange import reasons
from comity.exchange.attachments import Line, place_of
from comity.exchange.desk import Desk, peer_keys
from comity.exchange.wire import open_chunk, seal_held
from comity.store.database import disk_full, is_disk_full, writing
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
    chunks,
)
from comity.store.logs import Relation
from comity.store.relations import bond

ARRIVING = "arriving"
PATIENCE = timedelta(seconds=5)


def fetch_awaited(desk: Desk, relation: Relation, line: Line) -> int:
    """Fetch what an authority that cannot call us has to send: chunk by chunk until nothing more is offered.

    One that can call us sends by itself: a file of which something came a moment ago is left to it.
    """
    came = 0
    silent = timezone.now() - PATIENCE
    awaited = Transfer.objects.using(desk.using).filter(relation=relation, state=AWAITED, changed__lt=silent)
    for transfer in awaited.order_by("pk"):
        while True:
            sealed = line.want(list_of(desk, relation, transfer.sha256))
            if not sealed:
                break
            take_chunk(desk, sealed)
            came += 1
    return came


def list_of(desk: Desk, relation: Relation, sha256: str) -> bytes:
    """Which chunks of a file named by the peer are here, sealed for it. For a file nobody named: an empty list."""
    tied = bond(relation)
    held: frozenset[int] | range = frozenset()
    count = 0
    for transfer in (
        Transfer.objects.using(desk.using).filter(relation=relation, sha256=sha256).order_by("-pk")
    ):
        count = transfer.chunks
        held = _held(transfer)
        if transfer.state != REFUSED:
            break
    else:
        use = (
            AttachmentUse.objects.using(desk.using)
            .filter(relation=relation, ours=False, attachment_id=sha256)
            .first()
        )
        if use is not None and Attachment.objects.using(desk.using).filter(pk=sha256, state=HELD).exists():
            count = chunks(use.size)
            held = range(count)
    return seal_held(held, count, sha256, tied.me, tied.digest, peer_keys(tied))


def take_chunk(desk: Desk, sealed: bytes) -> bool:
    """Keep one chunk of a file an admitted entry names; True when the file is complete by it.

    1. open the seal and read it by its form; 2. an entry of this peer names the file, and it is still awaited;
    3. place and length are those of the file; 4. the chunk is in the tree whose root the entry names;
    5. write it to the disk and flush; 6. set its bit: the point of no return; 7. when all are here, hash the whole.
    Refusals: those of `open_chunk`, "relation-on-hold", "attachment-unnamed", "attachment-size",
    "inclusion-proof-wrong", "attachment-hash", "disk-full".
    """
    envelope, proof, chunk = open_chunk(sealed, desk.keys, desk.peers())  # 1.
    relation = desk.relation_of(envelope)
    if relation.hold:
        raise reasons.on_hold(relation)
    sha256, index = envelope.attachment or "", envelope.index or 0
    transfer = _awaited(desk, relation, sha256, index, chunk, proof)  # 2. to 4.
    if transfer is None:
        return False
    try:
        fresh = _keep(desk, transfer, index, chunk)  # 5.
        with writing(desk.using):  # 6.
            row = Transfer.objects.using(desk.using).select_for_update().get(pk=transfer.pk)
            if row.state != AWAITED:  # another worker was faster
                if fresh:
                    _part(desk, row).unlink(missing_ok=True)
                return row.state == DONE
            row.have = _with(bytes(row.have), index, row.chunks)
            row.state = CHECKING if row.arrived == row.chunks else AWAITED
            row.save(update_fields=["have", "state", "changed"])
        return row.state == CHECKING and _complete(desk, row)  # 7.
    except OSError as fault:
        if is_disk_full(fault):
            raise disk_full() from fault
        raise


def resume(desk: Desk) -> int:
    """After a start: files whose last chunk had come when the process ended. Returns how many are complete now."""
    done = 0
    for transfer in Transfer.objects.using(desk.using).filter(state=CHECKING):
        try:
            done += _complete(desk, transfer)
        except Refusal:
            continue  # it stands as refused, with the reason
    return done


def _awaited(
    desk: Desk, relation: Relation, sha256: str, index: int, chunk: bytes, proof: tuple[bytes, ...]
) -> Transfer | None:
    """The transfer this chunk belongs to; None where the file is here already."""
    fault: Refusal | None = None
    for transfer in Transfer.objects.using(desk.using).filter(relation=relation, sha256=sha256):
        if transfer.state in (DONE, CHECKING):
            return None
        if transfer.state == REFUSED:
            fault = fault or _refused(transfer.fault or "attachment-hash", sha256)
            continue
        expected = CHUNK if index < transfer.chunks - 1 else transfer.size - (transfer.chunks - 1) * CHUNK
        if index >= transfer.chunks or len(chunk) != expected:
            fault = _refused("attachment-size", sha256)
            continue
        try:
            verify_inclusion(leaf_hash(chunk), index, transfer.chunks, proof, bytes.fromhex(transfer.root))
        except Refusal as wrong:
            fault = wrong.within(f"attachment {sha256[:12]} / chunk {index}")
            continue
        return transfer
    if fault is not None:
        raise fault
    named = AttachmentUse.objects.using(desk.using).filter(
        relation=relation, ours=False, attachment_id=sha256
    )
    if named.exists() and Attachment.objects.using(desk.using).filter(pk=sha256, state=HELD).exists():
        return None
    raise Refusal(
        "attachment-unnamed",
        Text("No entry this node has admitted names this file.", "本节点已接收的登记项均未载明该文件。"),
        sha256,
    )


def _part(desk: Desk, transfer: Transfer) -> Path:
    return desk.files / ARRIVING / f"{transfer.pk}-{transfer.sha256}"


def _keep(desk: Desk, transfer: Transfer, index: int, chunk: bytes) -> bool:
    """Write a chunk to its place in the part file; True when this began the file.

    What is written has been proved, so two workers can only write the same bytes. A part file that is gone has been
    completed by another worker, and is begun again only by mistake, which the caller undoes.
    """
    path = _part(desk, transfer)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle, fresh = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        handle, fresh = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), False
    try:
        written = 0
        while written < len(chunk):
            written += os.pwrite(handle, chunk[written:], index * CHUNK + written)
        os.fsync(handle)
    finally:
        os.close(handle)
    return fresh


def _complete(desk: Desk, transfer: Transfer) -> bool:
    """Every chunk is here: hash the whole, then put it in its place. Refusal "attachment-hash"."""
    part, place = _part(desk, transfer), place_of(desk.files, transfer.sha256)
    mine = Transfer.objects.using(desk.using).filter(pk=transfer.pk)
    if part.exists():
        with part.open("rb") as file:
            right = part.stat().st_size == transfer.size and _digest(file) == transfer.sha256
        if not right:
            mine.update(state=REFUSED, fault="attachment-hash", have=b"")
            part.unlink(missing_ok=True)
            raise _refused("attachment-hash", transfer.sha256)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(part, place)
        _sync(place.parent)
    elif not place.exists():  # lost with the disk's last words: begin again
        mine.update(state=AWAITED, have=b"")
        return False
    with writing(desk.using):
        Attachment.objects.using(desk.using).update_or_create(
            pk=transfer.sha256, defaults={"size": transfer.size, "root": transfer.root, "state": HELD}
        )
        mine.update(state=DONE)
    return True


def _digest(file: BinaryIO) -> str:
    whole = hashlib.sha256()
    for part in iter(partial(file.read, CHUNK), b""):
        whole.update(part)
    return whole.hexdigest()


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _with(have: bytes, index: int, count: int) -> bytes:
    bits = bytearray(have.ljust(-(-count // 8), b"\0"))
    bits[index // 8] |= 1 << index % 8
    return bytes(bits)


def _held(transfer: Transfer) -> frozenset[int] | range:
    if transfer.state == DONE:
        return range(transfer.chunks)
    bits = bytes(transfer.have)
    held = frozenset(index for index in range(len(bits) * 8) if bits[index // 8] >> index % 8 & 1)
    # What is not checked yet is not held yet.
    return held - {transfer.chunks - 1} if transfer.state == CHECKING else held


_WORDS = {
    "attachment-hash": Text(
        "The file is not the one its entry names: its SHA-256 differs.", "该文件的 SHA-256 与登记项所载不符。"
    ),
    "attachment-size": Text(
        "The chunk is not of the length or at a place the file has.", "该分块的长度或位置与文件不符。"
    ),
    "attachment-too-large": Text("The file is larger than 8 GiB.", "文件超过 8 GiB 的上限。"),
    "attachment-empty": Text("The file is empty.", "文件为空。"),
}


def _refused(code: str, sha256: str) -> Refusal:
    return Refusal(
        code,
        _WORDS[code],
        sha256,
        Text("The author must name the file again in a new entry.", "作者须以新的登记项重新载明该文件。"),
    )
