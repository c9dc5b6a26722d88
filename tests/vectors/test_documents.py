"""The real bytes in docs/spec-log.md and docs/spec-batch.md are what the code writes."""

from __future__ import annotations

import base64
from pathlib import Path

from comity.core.entry import Header, body_digest
from comity.core.note import Checkpoint
from comity.core.tree import leaf_hash
from comity.crypto import HYBRID
from comity.crypto.hybrid import SEALED_OVERHEAD
from comity.exchange.wire import Batch, Envelope, WireEntry, encode_batch

DOCS = Path(__file__).parent.parent.parent / "docs"


def shown(name: str) -> list[str]:
    """The indented lines of a page."""
    text = (DOCS / name).read_text(encoding="utf-8")
    return [line[4:] for line in text.splitlines() if line.startswith("    ")]


def test_the_log_page_shows_real_bytes() -> None:
    lines = shown("spec-log.md")
    header, body, receipt, *checkpoint = lines
    read = Header.parse(header.encode())
    assert read.encode() == header.encode()
    assert read.body == body_digest(bytes(range(32)), body.encode())
    assert Header.parse(receipt.encode()).encode() == receipt.encode()
    leaf = leaf_hash(header.encode())
    assert Header.parse(receipt.encode()).root == leaf.hex()
    assert leaf.hex() in (DOCS / "spec-log.md").read_text(encoding="utf-8")
    text = "\n".join(checkpoint[:5]) + "\n"
    assert Checkpoint.parse(text).encode() == text
    assert checkpoint[2] == base64.b64encode(leaf).decode()


def test_the_batch_page_shows_real_bytes() -> None:
    line, *dump, padding = shown("spec-batch.md")
    assert Envelope("us", "cn", "ab" * 32, HYBRID).encode() == line.encode() + b"\n"
    entries = (WireEntry(b"h7"), WireEntry(b"h8", b"s" * 32, b"{}"), WireEntry(b"h9", withheld=True))
    data = b"".join(bytes.fromhex(row[6:53]) for row in dump)
    assert encode_batch(Batch(b"note\n", 7, entries)) == data.ljust(int(padding.split()[-1]), b"\0")
    assert SEALED_OVERHEAD == 1120 + 16
