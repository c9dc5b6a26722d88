"""A file an officer hands in, on its way to its place: attachments/<first two hex digits>/<sha256> under the node's home.

Read once, 1 MiB at a time, outside any transaction; a file of any size needs 1 MiB of memory. The file is on the disk,
under its name, before its row is written: a crash between the two leaves a file nobody names, never a name without
a file. Border: writes below the attachments directory only.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from comity.core.text import Refusal, Text
from comity.core.tree import CompactRange, leaf_hash
from comity.store.database import disk_full, is_disk_full
from comity.store.files import CHUNK, HELD, Attachment

LARGEST = 8 * 1024**3  # bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file read in and not yet in its place. `root` of the RFC 9162 tree over its chunks, in hex."""

    path: Path
    sha256: str
    size: int
    root: str


def directory() -> Path:
    return Path(settings.COMITY.attachments_dir)


def place_of(sha256: str) -> Path:
    """Where the bytes of an attachment lie. ValueError unless `sha256` is 64 lower-case hex digits."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("not a SHA-256 in hex")
    return directory() / sha256[:2] / sha256


@contextmanager
def read_in(file: BinaryIO) -> Iterator[Incoming]:
    """Copy a file to the node's disk and digest it. The copy is gone after the block unless `settle` placed it.

    Refusals: attachment-too-large, attachment-empty, disk-full.
    """
    home = directory()
    path: Path | None = None
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix="incoming-", dir=home)
        path = Path(name)
        with os.fdopen(handle, "wb") as out:
            incoming = _copied(file, out, path)
            out.flush()
            os.fsync(out.fileno())
        yield incoming
    except OSError as fault:
        if is_disk_full(fault):
            raise disk_full() from fault
        raise
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def _copied(file: BinaryIO, out: BinaryIO, path: Path) -> Incoming:
    digest, size, tree = hashlib.sha256(), 0, CompactRange()
    while chunk := _filled(file):
        size += len(chunk)
        if size > LARGEST:
            raise Refusal(
                "attachment-too-large",
                Text("The file is larger than 8 GiB.", "文件超过 8 GiB 的上限。"),
                mend=Text("Split it.", "请拆分后再添加。"),
            )
        digest.update(chunk)
        tree = tree.extend([leaf_hash(chunk)])
        out.write(chunk)
    if not size:
        raise Refusal("attachment-empty", Text("The file is empty.", "文件为空。"))
    return Incoming(path, digest.hexdigest(), size, tree.root().hex())


def _filled(file: BinaryIO) -> bytes:
    """The next chunk, whole unless the file ends: a stream may give less than it was asked for."""
    parts, left = [], CHUNK
    while left and (part := file.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def settle(incoming: Incoming) -> Attachment:
    """Put the file in its place and write its row. Inside a transaction; the same bytes again are the same attachment."""
    place = place_of(incoming.sha256)
    place.parent.mkdir(exist_ok=True, mode=0o700)
    os.replace(incoming.path, place)
    _sync(place.parent)
    row, new = Attachment.objects.select_for_update().get_or_create(
        pk=incoming.sha256, defaults={"size": incoming.size, "root": incoming.root, "state": HELD}
    )
    if not new and row.state != HELD:
        row.size, row.root, row.state = incoming.size, incoming.root, HELD
        row.save(update_fields=["size", "root", "state"])
    return row


def _sync(path: Path) -> None:
    """Make the new name durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
