"""The suite comity ships: a classical and a post-quantum algorithm side by side, both always required.

    sign   Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204, context string "comity")
    seal   HPKE (RFC 9180) base mode: ML-KEM-768 with X25519, HKDF-SHA256, AES-256-GCM

The only file in comity that imports `cryptography`. Parsed public keys are kept: the same few are used all day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from comity.core.note import ED25519_TYPE, ML_DSA_65_TYPE, Signature, key_id
from comity.core.text import Refusal, Text
from comity.crypto.suite import Suite, register

CONTEXT = b"comity"
ML_KEM_768_SIZE = 1184
X25519_SIZE = 32
SEALED_OVERHEAD = 1136
"""Bytes by which a sealed text is longer: 1120 of encapsulated key, 16 of authentication tag."""

_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class _Held:
    ed25519: Ed25519PrivateKey = field(repr=False)
    mldsa65: MLDSA65PrivateKey = field(repr=False)
    box: hpke.MLKEM768X25519PrivateKey = field(repr=False)
    public: Mapping[str, bytes]


class _Hybrid(Suite):
    name = "hpke-mlkem768x25519-sha256-aes256gcm+ed25519+mldsa65"
    public_sizes = MappingProxyType({"ed25519": 32, "mldsa65": 1952, "box": ML_KEM_768_SIZE + X25519_SIZE})
    secret_files = ("ed25519.pem", "mldsa65.pem", "mlkem768.pem", "x25519.pem")

    def generate(self) -> dict[str, bytes]:
        keys = (
            Ed25519PrivateKey.generate(),
            MLDSA65PrivateKey.generate(),
            MLKEM768PrivateKey.generate(),
            X25519PrivateKey.generate(),
        )
        pem = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for key in keys]
        return dict(zip(self.secret_files, pem, strict=True))

    def load(self, files: Mapping[str, bytes]) -> tuple[object, dict[str, bytes]]:
        ed25519, mldsa65, mlkem768, x25519 = (_read_pem(files, name) for name in self.secret_files)
        if not isinstance(ed25519, Ed25519PrivateKey):
            raise _not_a_key("ed25519.pem")
        if not isinstance(mldsa65, MLDSA65PrivateKey):
            raise _not_a_key("mldsa65.pem")
        if not isinstance(mlkem768, MLKEM768PrivateKey):
            raise _not_a_key("mlkem768.pem")
        if not isinstance(x25519, X25519PrivateKey):
            raise _not_a_key("x25519.pem")
        public = {
            "ed25519": ed25519.public_key().public_bytes_raw(),
            "mldsa65": mldsa65.public_key().public_bytes_raw(),
            "box": mlkem768.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw(),
        }
        return _Held(ed25519, mldsa65, hpke.MLKEM768X25519PrivateKey(mlkem768, x25519), public), public

    def check_public(self, parts: Mapping[str, bytes]) -> None:
        for part, parse in (("ed25519", _ed25519), ("mldsa65", _mldsa65), ("box", _box)):
            try:
                parse(parts[part])
            except (ValueError, UnsupportedAlgorithm):
                raise _not_a_key(part) from None

    def key_ids(self, parts: Mapping[str, bytes], name: str) -> tuple[bytes, ...]:
        return (
            key_id(name, ED25519_TYPE, parts["ed25519"]),
            key_id(name, ML_DSA_65_TYPE, parts["mldsa65"]),
        )

    def sign(self, held: object, name: str, text: bytes) -> tuple[Signature, ...]:
        keys = _own(held)
        ids = self.key_ids(keys.public, name)
        values = keys.ed25519.sign(text), keys.mldsa65.sign(text, CONTEXT)
        return tuple(Signature(name, each, value) for each, value in zip(ids, values, strict=True))

    def verify(self, parts: Mapping[str, bytes], values: Sequence[bytes], text: bytes) -> bool:
        return (
            len(values) == 2
            and verify_ed25519(parts["ed25519"], values[0], text)
            and verify_mldsa65(parts["mldsa65"], values[1], text)
        )

    def seal(self, parts: Mapping[str, bytes], plaintext: bytes, info: bytes) -> bytes:
        return _HPKE.encrypt(plaintext, _box(parts["box"]), info)

    def open(self, held: object, sealed: bytes, info: bytes) -> bytes:
        try:
            return _HPKE.decrypt(sealed, _own(held).box, info)
        except (InvalidTag, ValueError):
            raise Refusal("sealed-unreadable", _UNREADABLE, mend=_UNREADABLE_MEND) from None


def _own(held: object) -> _Held:
    if not isinstance(held, _Held):
        raise TypeError("these are keys of another suite")
    return held


def verify_ed25519(public: bytes, signature: bytes, text: bytes) -> bool:
    """RFC 8032 section 5.1.7. False for any signature or key that is not good, whatever its length."""
    try:
        _ed25519(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_mldsa65(public: bytes, signature: bytes, text: bytes) -> bool:
    """FIPS 204 algorithm 3, with comity's context string. False for anything that is not good."""
    try:
        _mldsa65(public).verify(signature, text, CONTEXT)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read_pem(files: Mapping[str, bytes], name: str) -> object:
    try:
        return load_pem_private_key(files.get(name, b""), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _not_a_key(name) from None


def _not_a_key(where: str) -> Refusal:
    return Refusal("key-malformed", _NOT_A_KEY, where)


@lru_cache(maxsize=256)
def _ed25519(data: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(data)


@lru_cache(maxsize=256)
def _mldsa65(data: bytes) -> MLDSA65PublicKey:
    return MLDSA65PublicKey.from_public_bytes(data)


@lru_cache(maxsize=256)
def _box(data: bytes) -> hpke.MLKEM768X25519PublicKey:
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(data[:ML_KEM_768_SIZE]),
        X25519PublicKey.from_public_bytes(data[ML_KEM_768_SIZE:]),
    )


_NOT_A_KEY = Text("This is not a key of the kind it should be.", "该密钥的类型或格式不正确。")
_UNREADABLE = Text(
    "This cannot be opened: it was sealed for other keys, or changed on the way.",
    "无法解封：所用密钥不符，或内容在途中被改动。",
)
_UNREADABLE_MEND = Text(
    "Compare the fingerprints of the keys in the agreement with those of this node, then send again.",
    "请核对协议所载密钥与本节点密钥的指纹是否一致，然后重新发送。",
)

HYBRID = register(_Hybrid()).name
"""The name of this suite, as an agreement writes it."""
