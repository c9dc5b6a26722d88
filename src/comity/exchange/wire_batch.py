"""What a batch looks like as bytes.

Pure: bytes in, bytes out; no store, no clock, no framework, no keys. It knows the shape of what travels and its
limits. What the headers inside mean, and whether a log may grow by them, is for `admit`; sealing is in `wire`.

Reading is strict: whatever is read would be written again as the same bytes. All integers are big-endian.
docs/spec-batch.md shows the real bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct

from comity.core.entry import MAX_BODY, MAX_HEADER, SALT_BYTES
from comity.core.note import MAX_NOTE_BYTES
from comity.core.text import Refusal, Text
from comity.core.tree import MAX_SIZE

MAGIC = b"comity-batch/1\n"
MAX_ENTRIES = 512
MAX_SEALED = 8 * 1024 * 1024

_KIB = 1024
_BUCKETS = (1 * _KIB, 4 * _KIB, 16 * _KIB, 64 * _KIB)
_MAX_PLAIN = MAX_SEALED - _BUCKETS[-1]  # leaves room for the header line, the encapsulated key and the tag
_NONE = 2**64 - 1
_NO_BODY, _BODY, _WITHHELD = 0, 1, 2
_U32, _U64, _START = Struct(">I"), Struct(">Q"), Struct(">QI")
_FIXED = len(MAGIC) + 4 + 8 + 4 + 8
_ENTRY_FIXED = 4 + 1


@dataclass(frozen=True, slots=True)
class WireEntry:
    """One entry as it travels. `salt` (32 bytes) and `body` go together.

    `withheld` says that the entry has a body whose digest stands in the header, but the author no longer sends it
    (it was erased). All three empty: the entry never had a body.
    """

    header: bytes
    salt: bytes | None = None
    body: bytes | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """A checkpoint, and the entries of the author's log from index `first` on.

    `resend`: "send me back my own entries from this index", None when nothing is asked for.
    """

    checkpoint_note: bytes
    first: int
    entries: tuple[WireEntry, ...] = ()
    resend: int | None = None


def encode_batch(batch: Batch) -> bytes:
    """The plaintext of a batch, padded to its bucket. Raises the Refusals `decode_batch` would raise."""
    if len(batch.checkpoint_note) > MAX_NOTE_BYTES:
        raise _malformed("checkpoint")
    if len(batch.entries) > MAX_ENTRIES:
        raise _too_many()
    resend = _NONE if batch.resend is None else batch.resend
    if not _is_place(batch.first) or batch.first + len(batch.entries) > MAX_SIZE:
        raise _malformed("first")
    if batch.resend is not None and not _is_place(resend):
        raise _malformed("resend")
    pack = _U32.pack
    parts = [MAGIC, pack(len(batch.checkpoint_note)), batch.checkpoint_note]
    parts.append(_START.pack(batch.first, len(batch.entries)))
    for place, entry in enumerate(batch.entries, batch.first):
        header, salt, body = entry.header, entry.salt, entry.body
        if not 0 < len(header) <= MAX_HEADER:
            raise _header_size(len(header), place)
        parts += (pack(len(header)), header)
        if body is None and salt is None:
            parts.append(b"\2" if entry.withheld else b"\0")
        elif body is None or salt is None or len(salt) != SALT_BYTES or entry.withheld:
            raise _malformed(f"entry {place}")
        elif len(body) > MAX_BODY:
            raise _body_too_large(place)
        else:
            parts += (b"\1", salt, pack(len(body)), body)
    parts.append(_U64.pack(resend))
    size = sum(map(len, parts))
    if size > _MAX_PLAIN:
        raise too_large()
    parts.append(bytes(_bucket(size) - size))
    return b"".join(parts)


def decode_batch(data: bytes) -> Batch:
    """Read the plaintext of a batch; where = the entry's index in the log.

    Refusal "batch-malformed", "batch-too-large", "too-many-entries", "header-too-large", "body-too-large".
    """
    if len(data) > _MAX_PLAIN:
        raise too_large()
    if not data.startswith(MAGIC):
        raise _malformed("magic")
    cursor = _Cursor(data, len(MAGIC), "checkpoint")
    note = cursor.take(cursor.u32())
    if len(note) > MAX_NOTE_BYTES:
        raise _malformed("checkpoint")
    cursor.what = "first"
    first, count = cursor.u64(), cursor.u32()
    if count > MAX_ENTRIES:
        raise _too_many()
    if first + count > MAX_SIZE:
        raise _malformed("first")
    entries = tuple(_entry(cursor, place) for place in range(first, first + count))
    cursor.what = "resend"
    resend = cursor.u64()
    if resend != _NONE and not _is_place(resend):
        raise _malformed("resend")
    if len(data) != _bucket(cursor.at) or data.count(0, cursor.at) != len(data) - cursor.at:
        raise _malformed("padding")
    return Batch(note, first, entries, None if resend == _NONE else resend)


def fitting(entries: Iterable[WireEntry]) -> tuple[WireEntry, ...]:
    """As many entries, from the first on, as one batch may carry: by number and by size. At least one always fits."""
    room = _MAX_PLAIN - _FIXED - MAX_NOTE_BYTES
    taken: list[WireEntry] = []
    for entry in entries:
        room -= _ENTRY_FIXED + len(entry.header)
        if entry.body is not None:
            room -= SALT_BYTES + 4 + len(entry.body)
        if room < 0 or len(taken) == MAX_ENTRIES:
            break
        taken.append(entry)
    return tuple(taken)


def _entry(cursor: _Cursor, place: int) -> WireEntry:
    cursor.what = f"entry {place}"
    size = cursor.u32()
    if not 0 < size <= MAX_HEADER:
        raise _header_size(size, place)
    header = cursor.take(size)
    flag = cursor.take(1)[0]
    if flag == _NO_BODY:
        return WireEntry(header)
    if flag == _WITHHELD:
        return WireEntry(header, withheld=True)
    if flag != _BODY:
        raise _malformed(cursor.what)
    salt = cursor.take(SALT_BYTES)
    size = cursor.u32()
    if size > MAX_BODY:
        raise _body_too_large(place)
    return WireEntry(header, salt, cursor.take(size))


class _Cursor:
    """Reads forward through bytes; running out is Refusal "batch-malformed" at `what`."""

    __slots__ = ("at", "data", "what")

    def __init__(self, data: bytes, at: int, what: str) -> None:
        self.data, self.at, self.what = data, at, what

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise _malformed(self.what)
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def u64(self) -> int:
        return int.from_bytes(self.take(8), "big")


def _is_place(value: int) -> bool:
    return 0 <= value <= MAX_SIZE


def _bucket(size: int) -> int:
    """The padded length: 1, 4, 16 or 64 KiB, then multiples of 64 KiB, so that lengths say little."""
    for bucket in _BUCKETS:
        if size <= bucket:
            return bucket
    return -(-size // _BUCKETS[-1]) * _BUCKETS[-1]


# --- refusals ----------------------------------------------------------------------------------------


def _malformed(where: str) -> Refusal:
    return Refusal("batch-malformed", _BATCH_MALFORMED, where)


def too_large() -> Refusal:
    """What travels is over `MAX_SEALED`."""
    return Refusal("batch-too-large", _TOO_LARGE.fill(limit=MAX_SEALED // _KIB**2))


def _too_many() -> Refusal:
    return Refusal("too-many-entries", _TOO_MANY.fill(limit=MAX_ENTRIES))


def _header_size(size: int, place: int) -> Refusal:
    if size == 0:
        return _malformed(f"entry {place}")
    return Refusal("header-too-large", _HEADER_TOO_LARGE.fill(limit=MAX_HEADER // _KIB), f"entry {place}")


def _body_too_large(place: int) -> Refusal:
    return Refusal("body-too-large", _BODY_TOO_LARGE.fill(limit=MAX_BODY // _KIB), f"entry {place}")


_BATCH_MALFORMED = Text("This is not a well-formed batch of entries.", "这不是格式正确的登记项批次。")
_TOO_LARGE = Text("The batch is larger than {limit} MiB.", "该批次超过{limit} MiB。")
_TOO_MANY = Text("The batch holds more than {limit} entries.", "该批次所含登记项超过{limit}项。")
_HEADER_TOO_LARGE = Text("The header is larger than {limit} KiB.", "登记项头部超过{limit} KiB。")
_BODY_TOO_LARGE = Text("The body is larger than {limit} KiB.", "正文超过{limit} KiB。")
