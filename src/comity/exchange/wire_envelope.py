"""What an envelope and the chunks of an attachment look like as bytes.

Pure: bytes in, bytes out; no store, no clock, no framework, no keys. The envelope is the one line that travels in
clear; it is read by one expression, not by a JSON parser, so it has exactly one form.
docs/spec-batch.md shows the real bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.core.text import Refusal, Text
from comity.core.tree import HASH_SIZE
from comity.exchange.wire_batch import MAX_SEALED, too_large

HELD_MAGIC = b"comity-held/1\n"
MAX_LINE = 1024
CHUNK_SIZE = 1024 * 1024
MAX_ATTACHMENT = 8 * 1024**3
MAX_CHUNKS = MAX_ATTACHMENT // CHUNK_SIZE
MAX_PROOF = 64

_CODE = rb"[a-z][a-z0-9-]{0,15}"
_LINE = re.compile(
    rb'\{"v":(?P<v>[1-9][0-9]{0,2}),"from":"(?P<sender>' + _CODE + rb')","to":"(?P<to>' + _CODE + rb')",'
    rb'"agreement":"(?P<agreement>[0-9a-f]{64})","suite":"(?P<suite>[a-z0-9+.-]{1,100})"'
    rb'(?:,"attachment":"(?P<attachment>[0-9a-f]{64})"(?:,"index":(?P<index>0|[1-9][0-9]{0,5}))?)?\}\n'
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """The header line: who sends what kind of thing to whom, under which agreement and suite.

    `attachment` (sha256, hex) and `index` name one chunk; `attachment` alone, a list of chunks held; neither, a batch.
    """

    sender: str
    to: str
    agreement: str
    suite: str
    attachment: str | None = None
    index: int | None = None

    def encode(self) -> bytes:
        """The one way to write it, with its newline. Refusal "envelope-malformed" for what `parse` would refuse."""
        more = f',"attachment":"{self.attachment}"' if self.attachment is not None else ""
        more += f',"index":{self.index}' if self.index is not None else ""
        line = (
            f'{{"v":1,"from":"{self.sender}","to":"{self.to}","agreement":"{self.agreement}",'
            f'"suite":"{self.suite}"{more}}}\n'
        ).encode()
        if Envelope.parse(line) != self:
            raise _envelope_malformed()
        return line

    @classmethod
    def parse(cls, line: bytes) -> Envelope:
        """Read a header line with its newline. Refusal "envelope-malformed", "envelope-version-unknown"."""
        found = _LINE.fullmatch(line) if len(line) <= MAX_LINE else None
        if found is None:
            raise _envelope_malformed()
        if found["v"] != b"1":
            raise Refusal("envelope-version-unknown", _VERSION_UNKNOWN.fill(version=found["v"].decode()))
        index = None if found["index"] is None else int(found["index"])
        if index is not None and index >= MAX_CHUNKS:
            raise _envelope_malformed()
        attachment = None if found["attachment"] is None else found["attachment"].decode()
        sender, to, agreement, suite = (
            found[name].decode() for name in ("sender", "to", "agreement", "suite")
        )
        return cls(sender, to, agreement, suite, attachment, index)


def read_envelope(sealed: bytes) -> tuple[Envelope, bytes, bytes]:
    """(envelope, its exact line, the ciphertext). Refusal "batch-too-large", "envelope-malformed" …"""
    if len(sealed) > MAX_SEALED:
        raise too_large()
    end = sealed.find(b"\n", 0, MAX_LINE) + 1
    if not end:
        raise _envelope_malformed()
    line = sealed[:end]
    return Envelope.parse(line), line, sealed[end:]


# --- chunks of an attachment -------------------------------------------------------------------------


def encode_chunk(proof: Sequence[bytes], chunk: bytes) -> bytes:
    """The plaintext of one chunk: count of hashes, the inclusion proof, the chunk."""
    if not 0 < len(chunk) <= CHUNK_SIZE or len(proof) > MAX_PROOF or any(len(h) != HASH_SIZE for h in proof):
        raise _chunk_malformed()
    return b"".join((len(proof).to_bytes(4, "big"), *proof, chunk))


def decode_chunk(data: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """(inclusion proof, chunk); Refusal "chunk-malformed"."""
    count = int.from_bytes(data[:4], "big")
    start = 4 + HASH_SIZE * count
    if count > MAX_PROOF or not 0 < len(data) - start <= CHUNK_SIZE:
        raise _chunk_malformed()
    return tuple(data[at : at + HASH_SIZE] for at in range(4, start, HASH_SIZE)), data[start:]


def encode_held(held: Iterable[int], count: int) -> bytes:
    """The plaintext of "which chunks I hold" of `count`: one bit each, the first chunk in the lowest bit."""
    bits = bytearray(-(-count // 8))
    for index in held:
        if not 0 <= index < count:
            raise _chunk_malformed()
        bits[index // 8] |= 1 << index % 8
    return HELD_MAGIC + count.to_bytes(4, "big") + bytes(bits)


def decode_held(data: bytes) -> tuple[frozenset[int], int]:
    """(the chunks held, of how many); Refusal "chunk-malformed"."""
    start = len(HELD_MAGIC) + 4
    if len(data) < start or not data.startswith(HELD_MAGIC):
        raise _chunk_malformed()
    count = int.from_bytes(data[len(HELD_MAGIC) : start], "big")
    bits = data[start:]
    if count > MAX_CHUNKS or len(bits) != -(-count // 8):
        raise _chunk_malformed()
    held = frozenset(index for index in range(len(bits) * 8) if bits[index // 8] >> index % 8 & 1)
    if held and max(held) >= count:
        raise _chunk_malformed()
    return held, count


# --- refusals ----------------------------------------------------------------------------------------


def _envelope_malformed() -> Refusal:
    return Refusal("envelope-malformed", _ENVELOPE_MALFORMED)


def _chunk_malformed() -> Refusal:
    return Refusal("chunk-malformed", _CHUNK_MALFORMED)


_ENVELOPE_MALFORMED = Text(
    "The first line is not the header line of a sealed batch.", "首行不是密封批次的头部行。"
)
_VERSION_UNKNOWN = Text(
    "This is version {version} of the envelope; this node reads version 1.",
    "信封版本为{version}；本节点只能读取版本1。",
)
_CHUNK_MALFORMED = Text("This is not a well-formed chunk of an attachment.", "这不是格式正确的附件分块。")
