"""A seal opens for its addressee, under its own header line, and for nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.bindings._rust import openssl as rust_openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from comity.core.text import Refusal
from comity.crypto import SecretKeys, open_sealed, seal
from comity.crypto.hybrid import SEALED_OVERHEAD
from comity.crypto.seal import BATCH, CHUNK, HELD

LINE = b'{"v":1}\n'


def unreadable(kind: bytes, line: bytes, ciphertext: bytes, keys: SecretKeys) -> None:
    with pytest.raises(Refusal) as refused:
        open_sealed(kind, line, ciphertext, keys)
    assert refused.value.code == "sealed-unreadable"


@pytest.mark.parametrize("size", [0, 1, 1024, 1_000_000])
def test_what_is_sealed_opens_for_its_addressee(us: SecretKeys, size: int) -> None:
    plaintext = b"x" * size
    sealed = seal(BATCH, LINE, plaintext, us.public)
    assert sealed.startswith(LINE)
    assert len(sealed) == len(LINE) + size + SEALED_OVERHEAD
    assert open_sealed(BATCH, LINE, sealed[len(LINE) :], us) == plaintext
    assert seal(BATCH, LINE, plaintext, us.public) != sealed


def test_it_opens_for_nobody_else_nor_under_another_line_or_kind(
    cn: SecretKeys, us: SecretKeys, stranger: SecretKeys
) -> None:
    ciphertext = seal(BATCH, LINE, b"words", us.public)[len(LINE) :]
    unreadable(BATCH, LINE, ciphertext, cn)
    unreadable(BATCH, LINE, ciphertext, stranger)
    unreadable(CHUNK, LINE, ciphertext, us)
    unreadable(HELD, LINE, ciphertext, us)
    unreadable(BATCH, b'{"v":2}\n', ciphertext, us)


def test_any_change_or_cut_is_unreadable(us: SecretKeys) -> None:
    ciphertext = seal(BATCH, LINE, b"words", us.public)[len(LINE) :]
    for place in range(0, len(ciphertext), 7):
        changed = bytearray(ciphertext)
        changed[place] ^= 1
        unreadable(BATCH, LINE, bytes(changed), us)
    for cut in (b"", ciphertext[:1], ciphertext[:1119], ciphertext[:-1], ciphertext + b"\0"):
        unreadable(BATCH, LINE, cut, us)


def test_the_librarys_hpke_is_that_of_rfc_9180(data: Path) -> None:
    """comity's own KEM (ML-KEM-768 with X25519) is newer than RFC 9180; the key schedule and AEADs are the same."""
    decrypt = getattr(rust_openssl.hpke, "_decrypt_with_aad", None)
    if decrypt is None:
        pytest.skip(
            "the RFC's vectors need associated data, which this release of cryptography does not take"
        )
    aeads = {1: hpke.AEAD.AES_128_GCM, 2: hpke.AEAD.AES_256_GCM, 3: hpke.AEAD.CHACHA20_POLY1305}
    rows = json.loads((data / "07-crypto-log/rfc9180_hpke.json").read_text())
    base = [
        row
        for row in rows
        if (row["mode"], row["kem_id"], row["kdf_id"]) == (0, 0x20, 1) and row["aead_id"] in aeads
    ]
    assert len(base) == 3
    for row in base:
        first = row["encryptions"][0]
        of = {name: bytes.fromhex(given[name]) for given, names in ((row, ("skRm", "pkRm", "enc", "info")),
              (first, ("aad", "ct", "pt"))) for name in names}  # fmt: skip
        suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, aeads[row["aead_id"]])
        key = X25519PrivateKey.from_private_bytes(of["skRm"])
        assert key.public_key().public_bytes_raw() == of["pkRm"]
        assert decrypt(suite, of["enc"] + of["ct"], key, of["info"], of["aad"]) == of["pt"]
