"""Attachments on their way: sealed 1 MiB chunks, each proved against the root its entry names before it is kept.

A file is asked for and accepted only when an admitted entry of the peer names it. Chunks may come in any order, twice,
and in several attempts; which are here is one bit each, set after the chunk is on the disk. When the last one is here the
whole is hashed again, and only then does the file stand under its name (fsync, rename). Never more than one chunk in
memory. Border: files and their tables; the line carries.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import BinaryIO, Protocol

from django.db.models import QuerySet
from django.utils import timezone

from comity.core.text import Refusal, Text
from comity.core.tree import CompactRange, Get, inclusion_proof, leaf_hash, memory_tiles, verify_inclusion
from comity.exchange import reasons
from comity.exchange.desk import Desk, peer_keys
from comity.exchange.wire import open_chunk, open_held, seal_chunk, seal_held
from comity.store.database import disk_full, is_disk_full, writing
from comity.store.files import AWAITED, CHUNK, DONE, HELD, REFUSED, Attachment, AttachmentUse, Transfer, chunks
from comity.store.logs import INDEX_BITS, Relation
from comity.store.relations import bond, logs

ARRIVING = "arriving"


class Line(Protocol):
    """What sending files needs of a line."""

    def chunk(self, sealed: bytes) -> None: ...
    def held(self, relation: str, sha256: str) -> bytes: ...
    def want(self, sealed: bytes) -> bytes: ...


def place_of(files: Path, sha256: str) -> Path:
    """Where the bytes of a complete file lie."""
    return files / sha256[:2] / sha256


# --- sending ---------------------------------------------------------------------------------------------------------


def unconfirmed(desk: Desk, relation: Relation) -> list[AttachmentUse]:
    """Files our entries name that the peer has not confirmed to hold; each file once."""
    uses = AttachmentUse.objects.using(desk.using).filter(relation=relation, ours=True, sent=None, fault="")
    return list({use.attachment_id: use for use in uses.order_by("entry_id")}.values())


def owed(desk: Desk, relation: Relation) -> list[AttachmentUse]:
    """Of these, those whose entry the peer holds: it would refuse a file nobody has named."""
    ours = logs(relation)[relation.me]
    return [use for use in unconfirmed(desk, relation) if use.entry_id < (ours.pk << INDEX_BITS) | ours.held]


def send_owed(desk: Desk, relation: Relation, line: Line) -> int:
    """Send every chunk the peer does not hold of the files it is owed; returns how many chunks went.

    Refusals of the line. A file the peer refuses for good is marked so and not sent again.
    """
    went = 0
    for use in owed(desk, relation):
        source = place_of(desk.files, use.attachment_id)
        if not source.is_file():
            continue
        try:
            held, _ = _peer_list(desk, line.held(relation.name, use.attachment_id))
            missing = [index for index in range(chunks(use.size)) if index not in held]
            sealer = chunk_sealer(desk, relation, use)
            for index in missing:
                line.chunk(sealer(index))
                went += 1
            if missing:
                held, _ = _peer_list(desk, line.held(relation.name, use.attachment_id))
        except Refusal as refusal:
            if not refusal.code.startswith("attachment-"):
                raise
            _uses(desk, relation, use.attachment_id).update(fault=refusal.code[:60])
            continue
        if len(held) == chunks(use.size):
            _uses(desk, relation, use.attachment_id).update(sent=timezone.now())
    return went


def chunk_sealer(desk: Desk, relation: Relation, use: AttachmentUse) -> Callable[[int], bytes]:
    """A function that gives any chunk of one of our files, sealed with its proof.

    Refusal "attachment-damaged" where the file on the disk is not the one the entry names any more.
    """
    tied = bond(relation)
    source, count = place_of(desk.files, use.attachment_id), chunks(use.size)
    state = source.stat()
    held, root, get = _tree_of(source, state.st_size, state.st_mtime_ns)
    if (held, root) != (count, use.root):
        raise Refusal(
            "attachment-damaged",
            Text("A file kept here is not the one its entry names.", "本节点保存的文件与登记项所载不符。"),
            use.attachment_id,
            Text("Restore the file from its backup.", "请从备份恢复该文件。"),
        )

    def sealed(index: int) -> bytes:
        with source.open("rb") as file:
            file.seek(index * CHUNK)
            part = file.read(CHUNK)
        proof = inclusion_proof(index, count, get)
        return seal_chunk(proof, part, use.attachment_id, index, tied.me, tied.digest, peer_keys(tied))

    return sealed


@lru_cache(maxsize=8)
def _tree_of(source: Path, _size: int, _changed: int) -> tuple[int, str, Get]:
    """(chunks, root, tiles) of a file, read once as long as it does not change: 32 bytes a chunk."""
    leaves = []
    with source.open("rb") as file:
        while part := file.read(CHUNK):
            leaves.append(leaf_hash(part))
    return len(leaves), CompactRange().extend(leaves).root().hex(), memory_tiles(leaves)


def wanted(desk: Desk, sealed: bytes) -> bytes | None:
    """The peer may only call out and says which chunks it holds: the next one it lacks, sealed, or None."""
    envelope, held, _ = open_held(sealed, desk.keys, desk.peers())
    relation = desk.relation_of(envelope)
    use = _uses(desk, relation, envelope.attachment or "").first()
    if use is None or not place_of(desk.files, use.attachment_id).is_file():
        return None
    missing = next((index for index in range(chunks(use.size)) if index not in held), None)
    if missing is None:
        _uses(desk, relation, use.attachment_id).update(sent=timezone.now())
        return None
    return chunk_sealer(desk, relation, use)(missing)


def _uses(desk: Desk, relation: Relation, sha256: str) -> QuerySet[AttachmentUse]:
    return AttachmentUse.objects.using(desk.using).filter(relation=relation, ours=True, attachment_id=sha256)


def _peer_list(desk: Desk, sealed: bytes) -> tuple[frozenset[int], int]:
    _, held, count = open_held(sealed, desk.keys, desk.peers())
    return held, count


def take_list(desk: Desk, sealed: bytes) -> None:
    """A list of chunks the peer holds, come by pouch: a file it holds wholly is not sent again."""
    envelope, held, count = open_held(sealed, desk.keys, desk.peers())
    relation = desk.relation_of(envelope)
    for use in _uses(desk, relation, envelope.attachment or "").filter(sent=None):
        if len(held) == count == chunks(use.size):
            AttachmentUse.objects.using(desk.using).filter(pk=use.pk).update(sent=timezone.now())


# --- receiving -------------------------------------------------------------------------------------------------------


def fetch_awaited(desk: Desk, relation: Relation, line: Line) -> int:
    """Fetch what an authority that cannot call us has to send: chunk by chunk until nothing more is offered."""
    came = 0
    for transfer in Transfer.objects.using(desk.using).filter(relation=relation, state=AWAITED).order_by("pk"):
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
    for transfer in Transfer.objects.using(desk.using).filter(relation=relation, sha256=sha256).order_by("-pk"):
        count = transfer.chunks
        held = _held(transfer)
        if transfer.state != REFUSED:
            break
    else:
        use = AttachmentUse.objects.using(desk.using).filter(relation=relation, ours=False, attachment_id=sha256).first()
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
        return True
    try:
        _keep(desk, transfer, index, chunk)  # 5.
        with writing(desk.using):  # 6.
            row = Transfer.objects.using(desk.using).select_for_update().get(pk=transfer.pk)
            if row.state != AWAITED:
                return row.state == DONE
            row.have = _with(bytes(row.have), index, row.chunks)
            row.save(update_fields=["have", "changed"])
        return row.arrived == row.chunks and _complete(desk, row)  # 7.
    except OSError as fault:
        if is_disk_full(fault):
            raise disk_full() from fault
        raise


def _awaited(
    desk: Desk, relation: Relation, sha256: str, index: int, chunk: bytes, proof: tuple[bytes, ...]
) -> Transfer | None:
    """The transfer this chunk belongs to; None where the file is here already."""
    fault: Refusal | None = None
    for transfer in Transfer.objects.using(desk.using).filter(relation=relation, sha256=sha256):
        if transfer.state == DONE:
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
    named = AttachmentUse.objects.using(desk.using).filter(relation=relation, ours=False, attachment_id=sha256)
    if named.exists() and Attachment.objects.using(desk.using).filter(pk=sha256, state=HELD).exists():
        return None
    raise Refusal(
        "attachment-unnamed",
        Text("No entry this node has admitted names this file.", "本节点已接收的登记项均未载明该文件。"),
        sha256,
    )


def _part(desk: Desk, transfer: Transfer) -> Path:
    return desk.files / ARRIVING / f"{transfer.pk}-{transfer.sha256}"


def _keep(desk: Desk, transfer: Transfer, index: int, chunk: bytes) -> None:
    path = _part(desk, transfer)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        written = 0
        while written < len(chunk):
            written += os.pwrite(handle, chunk[written:], index * CHUNK + written)
        os.fsync(handle)
    finally:
        os.close(handle)


def _complete(desk: Desk, transfer: Transfer) -> bool:
    """Every chunk is here: hash the whole, then put it in its place. Refusal "attachment-hash"."""
    part, place = _part(desk, transfer), place_of(desk.files, transfer.sha256)
    if not part.exists():  # another worker has done it
        return place.exists()
    with part.open("rb") as file:
        right = part.stat().st_size == transfer.size and _digest(file) == transfer.sha256
    mine = Transfer.objects.using(desk.using).filter(pk=transfer.pk)
    if not right:
        mine.update(state=REFUSED, fault="attachment-hash", have=b"")
        part.unlink(missing_ok=True)
        raise _refused("attachment-hash", transfer.sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(part, place)
    _sync(place.parent)
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
    return frozenset(index for index in range(len(bits) * 8) if bits[index // 8] >> index % 8 & 1)


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
