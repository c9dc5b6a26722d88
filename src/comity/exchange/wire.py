"""Sealing what travels, and the checks made before anything is opened.

Composes the shapes of `wire_batch` and `wire_envelope` (re-exported here) with `crypto.seal`. Pure: keys are handed
in; no store, no clock, no framework. Who wrote a batch is said by the checkpoint inside, which `admit` verifies; a
seal only says who may read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from comity.core.text import Refusal, Text
from comity.crypto.seal import BATCH, CHUNK, HELD, open_sealed, seal
from comity.crypto.suite import PublicKeys, SecretKeys, suite_unknown
from comity.exchange.wire_batch import (
    MAX_ENTRIES,
    MAX_SEALED,
    Batch,
    WireEntry,
    decode_batch,
    encode_batch,
    fitting,
)
from comity.exchange.wire_envelope import (
    CHUNK_SIZE,
    MAX_ATTACHMENT,
    MAX_CHUNKS,
    Envelope,
    decode_chunk,
    decode_held,
    encode_chunk,
    encode_held,
    read_envelope,
)

__all__ = [
    "CHUNK_SIZE",
    "MAX_ATTACHMENT",
    "MAX_CHUNKS",
    "MAX_ENTRIES",
    "MAX_SEALED",
    "Batch",
    "Envelope",
    "WireEntry",
    "decode_batch",
    "decode_chunk",
    "decode_held",
    "encode_batch",
    "encode_chunk",
    "encode_held",
    "fitting",
    "open_batch",
    "open_chunk",
    "open_held",
    "read_envelope",
    "seal_batch",
    "seal_chunk",
    "seal_held",
]

Peers = Mapping[str, Collection[str]]
"""Party code of each authority one may hear from -> the digests of the agreements with it."""


def seal_batch(batch: Batch, sender: str, agreement: str, to: PublicKeys) -> bytes:
    """What travels: header line and ciphertext. `sender`: own party code; `agreement`: its digest."""
    envelope = Envelope(sender, to.code, agreement, to.suite)
    return seal(BATCH, envelope.encode(), encode_batch(batch), to)


def open_batch(sealed: bytes, keys: SecretKeys, peers: Peers) -> tuple[Envelope, Batch]:
    """Open a sealed batch. The checks, in order:

    1. Size and header line: Refusal "batch-too-large", "envelope-malformed", "envelope-version-unknown".
    2. It is for this node: "wrong-addressee".
    3. It is from an authority one has an agreement with: "unknown-sender".
    4. It is under an agreement with that authority: "wrong-agreement".
    5. It is in the suite of one's keys: "suite-unknown".
    6. It opens, bound to exactly this header line: "sealed-unreadable".
    7. What is inside is a batch: the Refusals of `decode_batch`.

    Nothing inside is trusted yet: its checkpoint must verify and its root must match.
    """
    envelope, plaintext = _open(BATCH, sealed, keys, peers)
    return envelope, decode_batch(plaintext)


def seal_chunk(
    proof: Sequence[bytes],
    chunk: bytes,
    attachment: str,
    index: int,
    sender: str,
    agreement: str,
    to: PublicKeys,
) -> bytes:
    """One chunk of the attachment with this sha256, sealed alone."""
    envelope = Envelope(sender, to.code, agreement, to.suite, attachment, index)
    return seal(CHUNK, envelope.encode(), encode_chunk(proof, chunk), to)


def open_chunk(sealed: bytes, keys: SecretKeys, peers: Peers) -> tuple[Envelope, tuple[bytes, ...], bytes]:
    """(envelope, inclusion proof, chunk). Checks as in `open_batch`; the proof is yet to be verified."""
    envelope, plaintext = _open(CHUNK, sealed, keys, peers)
    return envelope, *decode_chunk(plaintext)


def seal_held(
    held: Iterable[int], count: int, attachment: str, sender: str, agreement: str, to: PublicKeys
) -> bytes:
    """Which chunks of an attachment one holds, for the other side to send the rest."""
    envelope = Envelope(sender, to.code, agreement, to.suite, attachment)
    return seal(HELD, envelope.encode(), encode_held(held, count), to)


def open_held(sealed: bytes, keys: SecretKeys, peers: Peers) -> tuple[Envelope, frozenset[int], int]:
    """(envelope, the chunks held, of how many). Checks as in `open_batch`."""
    envelope, plaintext = _open(HELD, sealed, keys, peers)
    return envelope, *decode_held(plaintext)


def _open(kind: bytes, sealed: bytes, keys: SecretKeys, peers: Peers) -> tuple[Envelope, bytes]:
    envelope, line, ciphertext = read_envelope(sealed)  # 1
    if kind != _kind(envelope):
        raise Refusal("envelope-malformed", _OTHER_KIND)
    if envelope.to != keys.code:  # 2
        raise Refusal("wrong-addressee", _WRONG_ADDRESSEE.fill(to=envelope.to, me=keys.code))
    if envelope.sender not in peers:  # 3
        raise Refusal("unknown-sender", _UNKNOWN_SENDER.fill(sender=envelope.sender))
    if envelope.agreement not in peers[envelope.sender]:  # 4
        raise Refusal("wrong-agreement", _WRONG_AGREEMENT.fill(sender=envelope.sender), mend=_AGREEMENT_MEND)
    if envelope.suite != keys.suite:  # 5
        raise suite_unknown(envelope.suite)
    return envelope, open_sealed(kind, line, ciphertext, keys)  # 6


def _kind(envelope: Envelope) -> bytes:
    if envelope.attachment is None:
        return BATCH
    return HELD if envelope.index is None else CHUNK


_OTHER_KIND = Text("Something else than what belongs here was sent.", "所发送的内容类型不符。")
_WRONG_ADDRESSEE = Text(
    "This is addressed to “{to}”; this node is “{me}”.", "收件方为“{to}”；本节点为“{me}”。"
)
_UNKNOWN_SENDER = Text("This node has no agreement with “{sender}”.", "本节点与“{sender}”之间没有协议。")
_WRONG_AGREEMENT = Text(
    "This is under another agreement than those this node has with “{sender}”.",
    "所引协议并非本节点与“{sender}”之间的协议。",
)
_AGREEMENT_MEND = Text(
    "Compare the digests of the agreement on both sides; both must hold the same signed file.",
    "请核对双方所存协议的摘要；双方须持有同一份已签署的文件。",
)
