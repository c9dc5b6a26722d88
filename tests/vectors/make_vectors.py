"""Writes the vectors beside it anew: `PYTHONPATH=src python tests/vectors/make_vectors.py`.

One file, one verdict: each file holds all that is needed to reach its verdict in any language, and fails in one way only.
Signatures and seals are made with fresh keys and fresh chance, so every run writes other bytes with the same verdicts.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from comity.core.note import Checkpoint, Note, origin
from comity.core.tree import leaf_hash
from comity.crypto import HYBRID, SecretKeys, generate, seal, sign_checkpoint
from comity.crypto.seal import BATCH
from comity.exchange.wire import Batch, Envelope, WireEntry, encode_batch

HERE = Path(__file__).parent
LOG = origin("cn-us-2017", "cn", "us")
POINT = Checkpoint(LOG, 12, leaf_hash(b"a"), 3, leaf_hash(b"b"), "2026-03-04T01:02:03.123Z")
BATCHED = Batch(
    b"note\n", 7, (WireEntry(b"h7"), WireEntry(b"h8", b"s" * 32, b"{}"), WireEntry(b"h9", withheld=True))
)
AGREEMENT = "ab" * 32

Vector = tuple[str, str, dict[str, object]]


def checkpoints(cn: SecretKeys, us: SecretKeys) -> Iterator[Vector]:
    note = Note.parse(sign_checkpoint(POINT, cn))
    classical, quantum = note.signatures
    other = Note.parse(sign_checkpoint(POINT, us)).signatures
    flipped = replace(quantum, value=quantum.value[:-1] + bytes([quantum.value[-1] ^ 1]))
    stale = replace(classical, value=classical.value[:-1] + bytes([classical.value[-1] ^ 1]))
    text = note.encode()
    for name, verdict, data in (
        ("good", "ok", text),
        ("ml-dsa-stripped", "signature-missing", replace(note, signatures=(classical,)).encode()),
        ("ed25519-stripped", "signature-missing", replace(note, signatures=(quantum,)).encode()),
        ("ed25519-doubled", "signature-missing", replace(note, signatures=(classical, classical)).encode()),
        ("by-another-key", "signature-missing", replace(note, signatures=other).encode()),
        (
            "another-line-added",
            "signature-invalid",
            replace(note, signatures=(*note.signatures, other[0])).encode(),
        ),
        ("out-of-order", "signature-invalid", replace(note, signatures=(quantum, classical)).encode()),
        ("ml-dsa-flipped", "signature-invalid", replace(note, signatures=(classical, flipped)).encode()),
        ("ed25519-flipped", "signature-invalid", replace(note, signatures=(stale, quantum)).encode()),
        ("size-changed", "signature-invalid", text.replace(b"\n12\n", b"\n13\n")),
        ("no-last-newline", "note-malformed", text[:-1]),
        ("carriage-returns", "note-malformed", text.replace(b"\n", b"\r\n")),
    ):
        keys = {part: base64.b64encode(cn.public.parts[part]).decode() for part in ("ed25519", "mldsa65")}
        yield name, verdict, {"origin": LOG, **keys, "note": data.decode()}


def batches() -> Iterator[Vector]:
    good = encode_batch(BATCHED).rstrip(b"\0")
    at = len(b"comity-batch/1\n")
    for name, verdict, data, padded in (
        ("good", "ok", good, 1024),
        ("heads-only", "ok", encode_batch(Batch(b"note\n", 7)).rstrip(b"\0"), 1024),
        ("not-padded", "batch-malformed", good, len(good)),
        ("padded-to-another-bucket", "batch-malformed", good, 4096),
        ("padding-not-zero", "batch-malformed", good + b"\1", 1024),
        ("another-magic", "batch-malformed", good.replace(b"/1", b"/2", 1), 1024),
        ("flag-unknown", "batch-malformed", good.replace(b"h7\0", b"h7\3", 1), 1024),
        ("header-empty", "batch-malformed", good.replace(b"\0\0\0\2h7", b"\0\0\0\0", 1), 1024),
        ("header-length-lies", "header-too-large", good.replace(b"\0\0\0\2h7", b"\xff\0\0\2h7", 1), 1024),
        ("body-length-lies", "body-too-large", good.replace(b"\0\0\0\2{}", b"\xff\0\0\2{}", 1), 1024),
        ("count-513", "too-many-entries", good[: at + 17] + b"\0\0\2\1" + good[at + 21 :], 1024),
        ("cut-short", "batch-malformed", good[:60], 60),
    ):
        yield name, verdict, {"hex": data.hex(), "zero_padded_to": padded}


def envelopes(cn: SecretKeys, us: SecretKeys) -> Iterator[Vector]:
    envelope = Envelope("us", "cn", AGREEMENT, HYBRID)
    inside = encode_batch(BATCHED)
    line = envelope.encode()
    sealed = seal(BATCH, line, inside, cn.public)
    for name, verdict, data in (
        ("good", "ok", sealed),
        (
            "for-another",
            "wrong-addressee",
            seal(BATCH, replace(envelope, to="us").encode(), inside, us.public),
        ),
        ("forwarded", "sealed-unreadable", seal(BATCH, line, inside, us.public)),
        ("sender-unknown", "unknown-sender", sealed.replace(b'"us"', b'"fr"', 1)),
        ("another-agreement", "wrong-agreement", sealed.replace(b"abab", b"cdcd", 1)),
        ("another-suite", "suite-unknown", sealed.replace(b"mldsa65", b"mldsa44", 1)),
        ("another-version", "envelope-version-unknown", sealed.replace(b'"v":1', b'"v":2', 1)),
        ("space-in-line", "envelope-malformed", sealed.replace(b'"v":1', b'"v": 1', 1)),
        ("key-twice", "envelope-malformed", sealed.replace(b'"v":1', b'"v":1,"v":1', 1)),
        ("tag-flipped", "sealed-unreadable", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        ("cut-short", "sealed-unreadable", sealed[:-1]),
        ("rubbish-inside", "batch-malformed", seal(BATCH, line, b"rubbish", cn.public)),
    ):
        files = {
            file: "".join(pem.decode().split("\n")[1:-2]) for file, pem in cn.files.items()
        }  # PKCS #8 in base64
        yield (
            name,
            verdict,
            {"to": "cn", "from": "us", "agreement": AGREEMENT, "keys": files, "hex": data.hex()},
        )


def write(kind: str, vectors: Iterator[Vector]) -> None:
    directory = HERE / kind
    directory.mkdir(exist_ok=True)
    for name, verdict, given in vectors:
        text = json.dumps({"verdict": verdict, **given}, indent=1, ensure_ascii=False)
        (directory / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    cn, us = generate("cn"), generate("us")
    write("checkpoint", checkpoints(cn, us))
    write("batch", batches())
    write("envelope", envelopes(cn, us))
