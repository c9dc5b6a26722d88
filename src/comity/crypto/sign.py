"""Checkpoints and agreements: signed, and checked against pinned keys.

A checkpoint bears exactly the lines of its author's suite, an agreement those of both parties, in one order. A line
that is missing, doubled, out of order or by anybody else is refused, so a stored note holds no byte that is not
vouched for. (C2SP signed-note tells verifiers to ignore unknown lines; between two pinned parties there is nobody
to add one.)
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from comity.core.agreement import agreement_text
from comity.core.note import Checkpoint, Note
from comity.core.text import Refusal, Text
from comity.crypto.suite import PublicKeys, SecretKeys, suite


def sign_checkpoint(checkpoint: Checkpoint, keys: SecretKeys) -> bytes:
    """The signed note of a checkpoint. The key name of every line is the log's origin (C2SP tlog-checkpoint)."""
    text = checkpoint.encode()
    lines = suite(keys.suite).sign(keys.held, checkpoint.origin, text.encode())
    return Note(text, lines).encode()


def verify_checkpoint(data: bytes, keys: PublicKeys, origin: str) -> Checkpoint:
    """Read a checkpoint that `keys` must have signed for the log `origin`.

    1. It is a well-formed note: Refusal "note-malformed".
    2. Its lines are exactly those of the pinned keys: Refusal "signature-missing", "signature-invalid".
    3. Every signature is good: Refusal "signature-invalid".
    4. Only then is its text read: Refusal "checkpoint-malformed".
    5. It speaks of this log: Refusal "checkpoint-of-another-log".
    """
    note = Note.parse(data)  # 1
    _verify(note, [(origin, keys)])  # 2, 3
    checkpoint = Checkpoint.parse(note.text)  # 4
    if checkpoint.origin != origin:  # 5
        raise Refusal("checkpoint-of-another-log", _OTHER_LOG.fill(expected=origin))
    return checkpoint


def sign_agreement(
    name: str, version: int, data: bytes, keys: SecretKeys, signed: bytes | None = None
) -> bytes:
    """Add one party's lines to the signature note of an agreement whose TOML bytes are `data`.

    `signed` is the note the other party has already signed, if any. Signing again replaces one's own lines. Refusal
    "agreement-signature-differs" where `signed` is for other bytes.
    """
    text = agreement_text(name, version, sha256(data).hexdigest())
    signer = key_name(keys.code)
    others = []
    if signed is not None:
        note = Note.parse(signed)
        if note.text != text:
            raise Refusal("agreement-signature-differs", _AGREEMENT_DIFFERS, mend=_AGREEMENT_MEND)
        others = [line for line in note.signatures if line.name != signer]
    own = suite(keys.suite).sign(keys.held, signer, text.encode())
    lines = sorted([*others, *own], key=lambda line: line.name)  # stable: each party's lines keep their order
    return Note(text, tuple(lines)).encode()


def verify_agreement(
    name: str, version: int, data: bytes, signed: bytes, parties: Sequence[PublicKeys]
) -> None:
    """Check that every one of `parties` has signed the agreement whose TOML bytes are `data`.

    Refusal "note-malformed", "agreement-signature-differs", "signature-missing", "signature-invalid".
    """
    note = Note.parse(signed)
    if note.text != agreement_text(name, version, sha256(data).hexdigest()):
        raise Refusal("agreement-signature-differs", _AGREEMENT_DIFFERS, mend=_AGREEMENT_MEND)
    _verify(note, [(key_name(party.code), party) for party in sorted(parties, key=lambda each: each.code)])


def signed_by(signed: bytes, parties: Sequence[PublicKeys]) -> tuple[str, ...]:
    """The codes of the parties whose lines in a note are all there and all good: to show who has yet to sign."""
    note = Note.parse(signed)
    good = []
    for party in parties:
        lines = tuple(line for line in note.signatures if line.name == key_name(party.code))
        try:
            _verify(Note(note.text, lines), [(key_name(party.code), party)])
        except Refusal:
            continue
        good.append(party.code)
    return tuple(good)


def sign_statement(text: str, keys: SecretKeys) -> bytes:
    """A signed note by one party. `text` ends in a newline, and its first line says what kind of statement it is."""
    return Note(text, suite(keys.suite).sign(keys.held, key_name(keys.code), text.encode())).encode()


def verify_statement(data: bytes, keys: PublicKeys) -> str:
    """The text of a note signed by exactly this party.

    Refusal "note-malformed", "signature-missing", "signature-invalid".
    """
    note = Note.parse(data)
    _verify(note, [(key_name(keys.code), keys)])
    return note.text


def key_name(code: str) -> str:
    """The key name under which a party signs an agreement or a statement."""
    return f"comity/{code}"


def _verify(note: Note, signers: Sequence[tuple[str, PublicKeys]]) -> None:
    """Check the lines of a note against what the pinned keys must have written.

    1. Work out every line's key name and key id from the pinned keys.
    2. One that is not there: "signature-missing".
    3. Any other line, a doubled line, another order: "signature-invalid".
    4. Every signature must be good: "signature-invalid" (where = key name).
    """
    # 1
    expected = [
        (name, each) for name, keys in signers for each in suite(keys.suite).key_ids(keys.parts, name)
    ]
    present = [(line.name, line.key_id) for line in note.signatures]
    for number, line in enumerate(expected, 1):  # 2
        if line not in present:
            raise Refusal("signature-missing", _MISSING, f"{line[0]} / {number}", _MISSING_MEND)
    if present != expected:  # 3
        raise Refusal("signature-invalid", _UNEXPECTED, mend=_MISSING_MEND)
    text = note.text.encode()
    for name, keys in signers:  # 4
        values = [line.value for line in note.signatures if line.name == name]
        if not suite(keys.suite).verify(keys.parts, values, text):
            raise Refusal("signature-invalid", _INVALID, name, _MISSING_MEND)


_MISSING = Text(
    "A signature that must be there is missing.",
    "缺少必需的签名。",
)
_UNEXPECTED = Text(
    "There is a signature here that is not one of those required, or they are not in their order.",
    "此处有不属于所要求的签名，或签名次序不符。",
)
_INVALID = Text(
    "The signature is not good for these keys and this text.", "就所载密钥和文本而言，该签名无效。"
)
_MISSING_MEND = Text(
    "Nothing was taken in. Ask the other authority which keys it signs with, and compare them with the agreement.",
    "未接收任何内容。请向对方主管机关核实其签名密钥，并与协议所载密钥比对。",
)
_OTHER_LOG = Text("The checkpoint speaks of another log than {expected}.", "该检查点所述并非日志{expected}。")
_AGREEMENT_DIFFERS = Text(
    "These signatures are for another text than this agreement.", "这些签名所针对的并非本协议文本。"
)
_AGREEMENT_MEND = Text(
    "Both sides must sign the same file, byte for byte; compare its digest.",
    "双方须签署逐字节相同的文件；请核对其摘要。",
)
