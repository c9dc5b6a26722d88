"""What a suite of algorithms must offer, and the table of suites by name.

A suite is named in the agreement; nothing is negotiated and there is no fallback. A national suite is a second
subclass of `Suite`, registered under its own name: no other file changes. This file knows no algorithm and imports
no library.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar

from comity.core.note import Signature
from comity.core.text import Refusal, Text


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """An authority's public keys under one suite. `parts`: name of each key as the agreement writes it -> raw bytes.

    Made only with parts that fit the suite: Refusal "suite-unknown" or "key-malformed" (where = the part).
    """

    code: str
    suite: str
    parts: Mapping[str, bytes] = field(hash=False)

    def __post_init__(self) -> None:
        offered = suite(self.suite)
        for name in sorted({*offered.public_sizes, *self.parts}):
            if len(self.parts.get(name, b"")) != offered.public_sizes.get(name):
                raise Refusal("key-malformed", _KEY_MALFORMED, name)
        offered.check_public(self.parts)

    @property
    def fingerprint(self) -> str:
        """Sixty digits in twelve groups, to be compared by voice. From SHA-256 over code, suite and every key."""
        whole = sha256(f"comity identity\n{self.code}\n{self.suite}\n".encode())
        for name in sorted(self.parts):
            whole.update(f"{name} {self.parts[name].hex()}\n".encode())
        digits = f"{int.from_bytes(whole.digest(), 'big') % 10**60:060}"
        return " ".join(digits[at : at + 5] for at in range(0, 60, 5))


@dataclass(frozen=True, slots=True)
class SecretKeys:
    """A node's own keys. `files`: file name -> PEM bytes, as kept on disk; `held`: what the suite made of them."""

    code: str
    suite: str
    public: PublicKeys
    files: Mapping[str, bytes] = field(repr=False, hash=False)
    held: object = field(repr=False, hash=False)


class Suite(ABC):
    """One named set of algorithms: two or more signatures that must all hold, and one way to seal."""

    name: ClassVar[str]
    public_sizes: ClassVar[Mapping[str, int]]
    """Name of each public key -> its length in bytes."""
    secret_files: ClassVar[Sequence[str]]
    """File names of the secret keys."""

    @abstractmethod
    def generate(self) -> dict[str, bytes]:
        """New secret keys: file name -> PEM bytes."""

    @abstractmethod
    def load(self, files: Mapping[str, bytes]) -> tuple[object, dict[str, bytes]]:
        """(what `sign` and `open` want, the public parts); Refusal "key-malformed" (where = the file)."""

    @abstractmethod
    def check_public(self, parts: Mapping[str, bytes]) -> None:
        """Refusal "key-malformed" for bytes of the right length that are no key."""

    @abstractmethod
    def key_ids(self, parts: Mapping[str, bytes], name: str) -> tuple[bytes, ...]:
        """The key ids of the signature lines `sign` writes under this key name, in order."""

    @abstractmethod
    def sign(self, held: object, name: str, text: bytes) -> tuple[Signature, ...]:
        """Every signature of this suite over `text`, in the order of `key_ids`."""

    @abstractmethod
    def verify(self, parts: Mapping[str, bytes], values: Sequence[bytes], text: bytes) -> bool:
        """True only if every value, in the order of `key_ids`, is a good signature over `text`."""

    @abstractmethod
    def seal(self, parts: Mapping[str, bytes], plaintext: bytes, info: bytes) -> bytes:
        """Encrypt for the holder of these public keys, bound to `info`."""

    @abstractmethod
    def open(self, held: object, sealed: bytes, info: bytes) -> bytes:
        """What `seal` sealed with the same `info`; Refusal "sealed-unreadable" for anything else."""


_SUITES: dict[str, Suite] = {}


def register(offered: Suite) -> Suite:
    """Add a suite under its own name. A name is never given twice: ValueError."""
    if offered.name in _SUITES:
        raise ValueError(f"a suite named {offered.name} is there already")
    _SUITES[offered.name] = offered
    return offered


def suite(name: str) -> Suite:
    """The suite of this name; Refusal "suite-unknown"."""
    if name not in _SUITES:
        raise suite_unknown(name)
    return _SUITES[name]


def suite_unknown(name: str) -> Refusal:
    return Refusal("suite-unknown", _SUITE_UNKNOWN.fill(name=name[:100]), mend=_SUITE_MEND)


_SUITE_UNKNOWN = Text(
    "This node does not offer the set of algorithms “{name}”.", "本节点不支持名为“{name}”的算法套件。"
)
_SUITE_MEND = Text(
    "Both sides use the suite their agreement names; none is negotiated.",
    "双方须使用协议所载的算法套件；系统不作协商。",
)
_KEY_MALFORMED = Text("This is not a key of the named suite.", "这不是所载算法套件的密钥。")
