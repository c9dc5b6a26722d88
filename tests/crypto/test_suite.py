"""A suite is found by the name in the agreement; a second one can be added beside the first; none is negotiated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

import pytest

from comity.core.note import Checkpoint, Signature, key_id, origin
from comity.core.text import Refusal, Text
from comity.core.tree import EMPTY_ROOT
from comity.crypto import (
    HYBRID,
    SecretKeys,
    Suite,
    generate,
    register,
    sign_checkpoint,
    suite,
    verify_checkpoint,
)
from comity.crypto.suite import _SUITES
from comity.exchange.wire import Batch, open_batch, seal_batch


class Toy(Suite):
    """A stand-in for a national suite. It protects nothing: its public key is its secret key."""

    name = "toy"
    public_sizes = MappingProxyType({"all": 4})
    secret_files = ("toy.pem",)

    def generate(self) -> dict[str, bytes]:
        return {"toy.pem": b"1234"}

    def load(self, files: Mapping[str, bytes]) -> tuple[object, dict[str, bytes]]:
        return files["toy.pem"], {"all": files["toy.pem"]}

    def check_public(self, parts: Mapping[str, bytes]) -> None:
        assert len(parts) == 1

    def key_ids(self, parts: Mapping[str, bytes], name: str) -> tuple[bytes, ...]:
        return (key_id(name, b"\xfftoy", parts["all"]),)

    def sign(self, held: object, name: str, text: bytes) -> tuple[Signature, ...]:
        assert isinstance(held, bytes)
        return (Signature(name, self.key_ids({"all": held}, name)[0], sha256(held + text).digest()),)

    def verify(self, parts: Mapping[str, bytes], values: Sequence[bytes], text: bytes) -> bool:
        return list(values) == [sha256(parts["all"] + text).digest()]

    def seal(self, parts: Mapping[str, bytes], plaintext: bytes, info: bytes) -> bytes:
        return sha256(info).digest() + plaintext

    def open(self, held: object, sealed: bytes, info: bytes) -> bytes:
        if sealed[:32] != sha256(info).digest():
            raise Refusal("sealed-unreadable", Text("no", "否"))
        return sealed[32:]


def test_a_second_suite_needs_one_class_and_nothing_else(cn: SecretKeys) -> None:
    register(Toy())
    try:
        toy = generate("cn", "toy")
        log = origin("a", "cn", "us")
        checkpoint = Checkpoint(log, 0, EMPTY_ROOT, 0, EMPTY_ROOT, "2026-03-04T01:02:03.123Z")
        assert verify_checkpoint(sign_checkpoint(checkpoint, toy), toy.public, log) == checkpoint
        batch = Batch(b"note", 0)
        sealed = seal_batch(batch, "us", "0" * 64, toy.public)
        assert open_batch(sealed, toy, {"us": ["0" * 64]})[1] == batch
        # What was sealed in one suite is not tried in another.
        with pytest.raises(Refusal, match="suite-unknown"):
            open_batch(sealed, cn, {"us": ["0" * 64]})
        with pytest.raises(ValueError, match="there already"):
            register(Toy())
    finally:
        del _SUITES["toy"]


def test_an_unknown_suite_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="suite-unknown") as refused:
        suite("rot13")
    assert "rot13" in refused.value.what.zh
    assert suite(HYBRID).name == HYBRID
