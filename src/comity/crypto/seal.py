"""Sealing: what travels is one header line in clear and one ciphertext bound to it.

The header line names both parties, the agreement and the suite. It is part of HPKE's `info` (RFC 9180 section
5.1), with a word for what is sealed: change one byte of it, or pass a chunk for a batch, and it does not open. A
seal says who may read; who wrote is said by the signatures inside.
"""

from __future__ import annotations

from comity.crypto.suite import PublicKeys, SecretKeys, suite

BATCH = b"comity/1 batch\0"
CHUNK = b"comity/1 chunk\0"
HELD = b"comity/1 held\0"


def seal(kind: bytes, line: bytes, plaintext: bytes, to: PublicKeys) -> bytes:
    """`line` (with its newline) followed by the ciphertext only `to` can open. `kind`: BATCH, CHUNK or HELD."""
    return line + suite(to.suite).seal(to.parts, plaintext, kind + line)


def open_sealed(kind: bytes, line: bytes, ciphertext: bytes, keys: SecretKeys) -> bytes:
    """The plaintext sealed for `keys` under this kind and line; Refusal "sealed-unreadable" for anything else."""
    return suite(keys.suite).open(keys.held, ciphertext, kind + line)
