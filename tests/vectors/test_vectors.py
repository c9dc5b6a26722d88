"""One file, one verdict. Another implementation reads the same files and must reach the same verdicts."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from comity.core.note import Checkpoint, Note
from comity.core.text import Refusal
from comity.crypto import HYBRID, PublicKeys, SecretKeys, generate, suite, verify_checkpoint
from comity.exchange.wire import decode_batch, encode_batch, open_batch

HERE = Path(__file__).parent


def vectors(kind: str) -> list[Path]:
    return sorted((HERE / kind).glob("*.json"))


def verdict(call: Callable[[], object]) -> str:
    try:
        call()
    except Refusal as refusal:
        return refusal.code
    return "ok"


@pytest.mark.parametrize("path", vectors("checkpoint"), ids=lambda path: path.stem)
def test_checkpoint(path: Path) -> None:
    given = json.loads(path.read_text(encoding="utf-8"))
    parts = {name: base64.b64decode(given[name]) for name in ("ed25519", "mldsa65")}
    keys = PublicKeys("cn", HYBRID, {**parts, "box": generate("cn").public.parts["box"]})
    data = given["note"].encode()
    assert verdict(lambda: verify_checkpoint(data, keys, given["origin"])) == given["verdict"]
    if given["verdict"] == "ok":
        point = verify_checkpoint(data, keys, given["origin"])
        assert Checkpoint.parse(Note.parse(data).text) == point


@pytest.mark.parametrize("path", vectors("batch"), ids=lambda path: path.stem)
def test_batch(path: Path) -> None:
    given = json.loads(path.read_text(encoding="utf-8"))
    data = bytes.fromhex(given["hex"]).ljust(given["zero_padded_to"], b"\0")
    assert verdict(lambda: decode_batch(data)) == given["verdict"]
    if given["verdict"] == "ok":
        assert encode_batch(decode_batch(data)) == data


@pytest.mark.parametrize("path", vectors("envelope"), ids=lambda path: path.stem)
def test_envelope(path: Path) -> None:
    given = json.loads(path.read_text(encoding="utf-8"))
    kind = "PRIVATE " + "KEY"
    files = {
        name: f"-----BEGIN {kind}-----\n{pkcs8}\n-----END {kind}-----\n".encode()
        for name, pkcs8 in given["keys"].items()
    }
    held, public = suite(HYBRID).load(files)
    keys = SecretKeys(given["to"], HYBRID, PublicKeys(given["to"], HYBRID, public), files, held)
    peers = {given["from"]: [given["agreement"]]}
    assert verdict(lambda: open_batch(bytes.fromhex(given["hex"]), keys, peers)) == given["verdict"]


def test_there_are_vectors_of_every_kind() -> None:
    for kind in ("checkpoint", "batch", "envelope"):
        found = [json.loads(path.read_text(encoding="utf-8"))["verdict"] for path in vectors(kind)]
        assert len(found) >= 12
        assert "ok" in found
