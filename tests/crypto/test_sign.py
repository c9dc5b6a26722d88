"""A checkpoint counts only with every signature of the pinned keys; an agreement only with both parties'."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.note import Checkpoint, Note, Signature, key_id, origin
from comity.core.text import Refusal
from comity.core.tree import EMPTY_ROOT, leaf_hash
from comity.crypto import (
    SecretKeys,
    agreement_text,
    generate,
    sign_agreement,
    sign_checkpoint,
    signed_by,
    verify_agreement,
    verify_checkpoint,
)
from comity.crypto.hybrid import verify_ed25519

LOG = origin("cn-us-2017", "cn", "us")
CHECKPOINT = Checkpoint(LOG, 12, leaf_hash(b"a"), 0, EMPTY_ROOT, "2026-03-04T01:02:03.123Z")
AGREEMENT = b'name = "cn-us-2017"\n'


def refused(code: str, note: Note | bytes, keys: SecretKeys, log: str = LOG) -> None:
    data = note if isinstance(note, bytes) else note.encode()
    with pytest.raises(Refusal) as refusal:
        verify_checkpoint(data, keys.public, log)
    assert refusal.value.code == code


def test_a_checkpoint_signed_by_its_author_is_read_back(cn: SecretKeys) -> None:
    data = sign_checkpoint(CHECKPOINT, cn)
    assert verify_checkpoint(data, cn.public, LOG) == CHECKPOINT
    assert [len(line.value) for line in Note.parse(data).signatures] == [64, 3309]


def test_either_signature_alone_is_not_enough(cn: SecretKeys) -> None:
    note = Note.parse(sign_checkpoint(CHECKPOINT, cn))
    classical, quantum = note.signatures
    refused("signature-missing", replace(note, signatures=(classical,)), cn)
    refused("signature-missing", replace(note, signatures=(quantum,)), cn)
    refused("signature-missing", replace(note, signatures=(classical, classical)), cn)
    refused("signature-missing", replace(note, signatures=(quantum, quantum)), cn)


def test_a_line_too_many_or_out_of_order_is_refused(cn: SecretKeys, us: SecretKeys) -> None:
    note = Note.parse(sign_checkpoint(CHECKPOINT, cn))
    classical, quantum = note.signatures
    other = Note.parse(sign_checkpoint(CHECKPOINT, us)).signatures
    for lines in (
        (quantum, classical),
        (classical, quantum, classical),
        (classical, quantum, quantum),
        (classical, quantum, *other),
        (Signature("somebody", b"\1\2\3\4", b"x"), classical, quantum),
    ):
        refused("signature-invalid", replace(note, signatures=lines), cn)


def test_signatures_by_other_keys_do_not_count(cn: SecretKeys, us: SecretKeys) -> None:
    refused("signature-missing", sign_checkpoint(CHECKPOINT, us), cn)
    note = Note.parse(sign_checkpoint(CHECKPOINT, us))
    ids = [line.key_id for line in Note.parse(sign_checkpoint(CHECKPOINT, cn)).signatures]
    forged = tuple(replace(line, key_id=each) for line, each in zip(note.signatures, ids, strict=True))
    refused("signature-invalid", replace(note, signatures=forged), cn)


def test_one_good_signature_does_not_carry_a_bad_one(cn: SecretKeys) -> None:
    note = Note.parse(sign_checkpoint(CHECKPOINT, cn))
    for place in (0, 1):
        lines = list(note.signatures)
        value = lines[place].value
        for bad in (value[:-1] + bytes([value[-1] ^ 1]), value[:-1], value + b"\0", b"\0" * len(value)):
            lines[place] = replace(lines[place], value=bad)
            refused("signature-invalid", replace(note, signatures=tuple(lines)), cn)


def test_a_changed_text_is_refused_before_it_is_read(cn: SecretKeys) -> None:
    note = Note.parse(sign_checkpoint(CHECKPOINT, cn))
    refused("signature-invalid", replace(note, text=note.text.replace("\n12\n", "\n13\n")), cn)
    refused("signature-invalid", replace(note, text="rubbish\n"), cn)


def test_a_checkpoint_of_another_log_is_refused(cn: SecretKeys) -> None:
    back = origin("cn-us-2017", "us", "cn")
    refused("signature-missing", sign_checkpoint(CHECKPOINT, cn), cn, back)
    # Even signed under the right name: the text must speak of the same log.
    elsewhere = replace(CHECKPOINT, origin=back).encode()
    from comity.crypto import suite

    lines = suite(cn.suite).sign(cn.held, LOG, elsewhere.encode())
    refused("checkpoint-of-another-log", Note(elsewhere, lines), cn)


def test_the_post_quantum_signature_is_made_for_comity_alone(cn: SecretKeys) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    note = Note.parse(sign_checkpoint(CHECKPOINT, cn))
    key = load_pem_private_key(cn.files["mldsa65.pem"], None)
    without_context = key.sign(note.text.encode())  # type: ignore[union-attr,call-arg] # it is the ML-DSA key
    classical, quantum = note.signatures
    refused(
        "signature-invalid",
        replace(note, signatures=(classical, replace(quantum, value=without_context))),
        cn,
    )
    assert quantum.key_id == key_id(LOG, b"\xffml-dsa-65", cn.public.parts["mldsa65"])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_byte_of_a_signed_checkpoint_can_be_changed(data: st.DataObject) -> None:
    keys = _once()
    signed = _SIGNED[0]
    place = data.draw(st.integers(0, len(signed) - 1))
    changed = bytearray(signed)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refusal):
        verify_checkpoint(bytes(changed), keys.public, LOG)


_KEYS: list[SecretKeys] = []
_SIGNED: list[bytes] = []


def _once() -> SecretKeys:
    if not _KEYS:
        _KEYS.append(generate("cn"))
        _SIGNED.append(sign_checkpoint(CHECKPOINT, _KEYS[0]))
    return _KEYS[0]


# --- agreements --------------------------------------------------------------------------------------


def test_an_agreement_is_signed_by_one_side_and_then_by_the_other(cn: SecretKeys, us: SecretKeys) -> None:
    parties = [us.public, cn.public]
    first = sign_agreement("cn-us-2017", 1, AGREEMENT, us)
    assert signed_by(first, parties) == ("us",)
    with pytest.raises(Refusal, match="signature-missing"):
        verify_agreement("cn-us-2017", 1, AGREEMENT, first, parties)
    both = sign_agreement("cn-us-2017", 1, AGREEMENT, cn, first)
    verify_agreement("cn-us-2017", 1, AGREEMENT, both, parties)
    verify_agreement("cn-us-2017", 1, AGREEMENT, both, parties[::-1])
    assert [line.name for line in Note.parse(both).signatures] == ["comity/cn"] * 2 + ["comity/us"] * 2
    assert set(signed_by(both, parties)) == {"cn", "us"}
    again = sign_agreement("cn-us-2017", 1, AGREEMENT, us, both)
    verify_agreement("cn-us-2017", 1, AGREEMENT, again, parties)


def test_signatures_under_other_bytes_name_or_version_are_refused(cn: SecretKeys, us: SecretKeys) -> None:
    both = sign_agreement("cn-us-2017", 1, AGREEMENT, cn, sign_agreement("cn-us-2017", 1, AGREEMENT, us))
    for name, version, data in (
        ("cn-us-2017", 1, AGREEMENT + b"\n"),
        ("cn-us-2018", 1, AGREEMENT),
        ("cn-us-2017", 2, AGREEMENT),
    ):
        with pytest.raises(Refusal, match="agreement-signature-differs"):
            verify_agreement(name, version, data, both, [cn.public, us.public])
        with pytest.raises(Refusal, match="agreement-signature-differs"):
            sign_agreement(name, version, data, cn, both)


def test_a_stranger_cannot_sign_for_a_party(cn: SecretKeys, us: SecretKeys, stranger: SecretKeys) -> None:
    forged = sign_agreement("a", 1, AGREEMENT, cn, sign_agreement("a", 1, AGREEMENT, stranger))
    assert signed_by(forged, [cn.public, us.public]) == ("cn",)
    with pytest.raises(Refusal, match="signature-missing"):
        verify_agreement("a", 1, AGREEMENT, forged, [cn.public, us.public])
    assert agreement_text("a", 1, "00").startswith("comity agreement\n")


# --- known answers -----------------------------------------------------------------------------------


def test_ed25519_gives_the_verdicts_of_wycheproof(data: Path) -> None:
    groups = json.loads((data / "07-crypto-log/wycheproof/ed25519_test.json").read_text())["testGroups"]
    rows = [(group["publicKey"]["pk"], row) for group in groups for row in group["tests"]]
    assert len(rows) > 100
    for key, row in rows:
        good = verify_ed25519(*(bytes.fromhex(each) for each in (key, row["sig"], row["msg"])))
        assert good == (row["result"] == "valid"), row["comment"]
