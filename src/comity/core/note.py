"""Signed notes and checkpoints as text: read strictly, written in one way only.

Pure. It parses and formats; whether a signature is true is for `comity.crypto.sign`.

The note is that of C2SP signed-note: a text ending in a newline, an empty line, then one line for each
signature: an em dash, the key name, the base64 of key id and signature. The checkpoint is that of C2SP
tlog-checkpoint (origin, size, root) with two extension lines of ours, both always there and in this order:

    held <size> <base64 root>     how much of the reader's own log the signer holds
    time <RFC 3339, UTC, ms>      when it was signed

Reading is strict: bytes that would not be written again exactly as they were read are refused.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from comity.core.text import Refusal, Text
from comity.core.tree import EMPTY_ROOT, HASH_SIZE, MAX_SIZE

MAX_NOTE_BYTES = 64 * 1024
MAX_SIGNATURES = 16
KEY_ID_SIZE = 4
ED25519_TYPE = b"\x01"  # C2SP signed-note, "Signature types"
ML_DSA_65_TYPE = b"\xffml-dsa-65"  # 0xff: a type C2SP has not assigned, followed by a longer identifier

_DASH = "\u2014 "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_KEY_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_ORIGIN = re.compile(r"comity/([a-z0-9][a-z0-9.-]{0,63})/([a-z][a-z0-9-]{0,15})>([a-z][a-z0-9-]{0,15})")


# --- notes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `key_id` is 4 bytes; `value` is the bare signature."""

    name: str
    key_id: bytes
    value: bytes

    def encode(self) -> str:
        return f"{_DASH}{self.name} {_to_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (with its final newline) and its signature lines, in order."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        return "".join((self.text, "\n", *(line.encode() for line in self.signatures))).encode()

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Read a signed note; raises Refusal "note-malformed" with the place."""
        if len(data) > MAX_NOTE_BYTES:
            raise _note_malformed("size")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _note_malformed(f"byte {error.start}") from None
        if found := _CONTROL.search(whole):
            raise _note_malformed(f"character {found.start()}")
        text, empty, lines = whole.rpartition("\n\n")
        if not empty or not text or not lines.endswith("\n"):
            raise _note_malformed("end")
        signed = lines[:-1].split("\n")
        if len(signed) > MAX_SIGNATURES:
            raise _note_malformed("signatures")
        return cls(text + "\n", tuple(_signature(line, number) for number, line in enumerate(signed, 1)))


def key_id(name: str, signature_type: bytes, public_key: bytes) -> bytes:
    """The first 4 bytes of SHA-256(name || newline || type || public key). C2SP signed-note, "Signatures"."""
    return sha256(name.encode() + b"\n" + signature_type + public_key).digest()[:KEY_ID_SIZE]


def _signature(line: str, number: int) -> Signature:
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not _KEY_NAME.fullmatch(parts[0]):
        raise _note_malformed(f"signature {number}")
    value = _from_base64(parts[1])
    if value is None or len(value) <= KEY_ID_SIZE:
        raise _note_malformed(f"signature {number}")
    return Signature(parts[0], value[:KEY_ID_SIZE], value[KEY_ID_SIZE:])


# --- checkpoints ----------------------------------------------------------------------------------


def origin(agreement_name: str, author: str, reader: str) -> str:
    """The name of one log: "comity/<agreement name>/<author>><reader>"."""
    name = f"comity/{agreement_name}/{author}>{reader}"
    if not _ORIGIN.fullmatch(name):
        raise _checkpoint_malformed("origin")
    return name


def read_origin(name: str) -> tuple[str, str, str]:
    """(agreement name, author code, reader code) of a log's name; raises Refusal "checkpoint-malformed"."""
    found = _ORIGIN.fullmatch(name)
    if not found:
        raise _checkpoint_malformed("origin")
    return found[1], found[2], found[3]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What an author says of its own log at one moment, and how much of the reader's log it holds.

    `size` and `held_size` count entries; roots are 32 bytes; `time` is RFC 3339 in UTC with milliseconds.
    """

    origin: str
    size: int
    root: bytes
    held_size: int
    held_root: bytes
    time: str

    def encode(self) -> str:
        """The text that is signed; raises Refusal "checkpoint-malformed" for what `parse` would refuse."""
        self._check()
        return (
            f"{self.origin}\n{self.size}\n{_to_base64(self.root)}\n"
            f"held {self.held_size} {_to_base64(self.held_root)}\ntime {self.time}\n"
        )

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a checkpoint; raises Refusal "checkpoint-malformed" with the line."""
        lines = text.split("\n")
        if len(lines) != 6 or lines[5]:
            raise _checkpoint_malformed("lines")
        held, stamp = lines[3].split(" "), lines[4].split(" ")
        if len(held) != 3 or held[0] != "held":
            raise _checkpoint_malformed("held")
        if len(stamp) != 2 or stamp[0] != "time":
            raise _checkpoint_malformed("time")
        checkpoint = cls(
            lines[0],
            _size(lines[1], "size"),
            _root(lines[2], "root"),
            _size(held[1], "held size"),
            _root(held[2], "held root"),
            stamp[1],
        )
        checkpoint._check()
        return checkpoint

    def _check(self) -> None:
        read_origin(self.origin)
        own, held = (self.size, self.root, "root"), (self.held_size, self.held_root, "held root")
        for size, root, place in (own, held):
            if not 0 <= size <= MAX_SIZE or len(root) != HASH_SIZE or (size == 0 and root != EMPTY_ROOT):
                raise _checkpoint_malformed(place)
        if not _is_moment(self.time):
            raise _checkpoint_malformed("time")


def _size(value: str, place: str) -> int:
    if not _SIZE.fullmatch(value):
        raise _checkpoint_malformed(place)
    return int(value)


def _root(value: str, place: str) -> bytes:
    root = _from_base64(value)
    if root is None or len(root) != HASH_SIZE:
        raise _checkpoint_malformed(place)
    return root


def _is_moment(value: str) -> bool:
    """RFC 3339 in UTC with exactly three digits of a second, and a day that exists."""
    if not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _from_base64(text: str) -> bytes | None:
    """RFC 4648 section 4, with padding and no spare bits; None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _to_base64(data) == text else None


def _note_malformed(place: str) -> Refusal:
    return Refusal("note-malformed", _NOTE_MALFORMED, place)


def _checkpoint_malformed(place: str) -> Refusal:
    return Refusal("checkpoint-malformed", _CHECKPOINT_MALFORMED, place)


_NOTE_MALFORMED = Text("This is not a well-formed signed note.", "这不是格式正确的签名文本。")
_CHECKPOINT_MALFORMED = Text(
    "This is not a well-formed checkpoint of a comity log.", "这不是格式正确的comity日志检查点。"
)
