"""Attachments of ours on their way to the peer: sealed 1 MiB chunks, each with its proof.

A file goes only when the peer holds the entry that names it; which chunks it has, it says itself (sealed), so that a
transfer goes on where it stopped. Never more than one chunk in memory. Border: files and their tables; the line carries.
What arrives is `arriving`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.db.models import QuerySet
from django.utils import timezone

from comity.core.text import Refusal, Text
from comity.core.tree import CompactRange, Get, inclusion_proof, leaf_hash, memory_tiles
from comity.exchange.desk import Desk, peer_keys
from comity.exchange.wire import open_held, seal_chunk
from comity.store.files import CHUNK, AttachmentUse, chunks
from comity.store.logs import INDEX_BITS, Relation
from comity.store.relations import bond, logs


class Line(Protocol):
    """What sending files needs of a line."""

    def chunk(self, sealed: bytes) -> None: ...
    def held(self, relation: str, sha256: str) -> bytes: ...
    def want(self, sealed: bytes) -> bytes: ...


def place_of(files: Path, sha256: str) -> Path:
    """Where the bytes of a complete file lie."""
    return files / sha256[:2] / sha256


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
