"""Signed notes and checkpoints are read strictly: one text, one way to write it."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.core.note import (
    ED25519_TYPE,
    MAX_NOTE_BYTES,
    Checkpoint,
    Note,
    Signature,
    key_id,
    origin,
    read_origin,
)
from comity.core.text import Refusal
from comity.core.tree import EMPTY_ROOT, leaf_hash

# The worked example of C2SP signed-note: its name and key id must read as printed there.
C2SP_NOTE = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
).encode()

ROOT = base64.b64encode(leaf_hash(b"a")).decode()
NONE = base64.b64encode(EMPTY_ROOT).decode()
TEXT = f"comity/cn-us-2017/cn>us\n12\n{ROOT}\nheld 0 {NONE}\ntime 2026-03-04T01:02:03.123Z\n"


def test_the_example_of_the_specification() -> None:
    note = Note.parse(C2SP_NOTE)
    assert note.text.endswith("ed è subito sera.\n")
    assert [line.name for line in note.signatures] == ["quasimodo.example/salvatore"]
    assert note.signatures[0].key_id.hex() == "367ba04b"
    assert len(note.signatures[0].value) == 64
    assert note.encode() == C2SP_NOTE


def test_the_key_id_is_bound_to_name_type_and_key() -> None:
    ids = {
        key_id(name, kind, key)
        for name in ("a", "b")
        for kind in (ED25519_TYPE, b"\xffml-dsa-65")
        for key in (b"\1" * 32, b"\2" * 32)
    }
    assert len(ids) == 8
    assert all(len(value) == 4 for value in ids)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "end"),
        (b"text\n", "end"),
        (b"text\n\n", "end"),
        ("\n\n— a AAAAAAA=\n".encode(), "end"),
        ("text\n\n— a AAAAAAA=".encode(), "end"),
        (b"text\n\n- a AAAAAAA=\n", "signature 1"),
        ("text\n\n— a AAAAAAA=\nmore\n".encode(), "signature 2"),
        ("text\n\n— a+b AAAAAAA=\n".encode(), "signature 1"),
        ("text\n\n— a\u00a0b AAAAAAA=\n".encode(), "signature 1"),
        ("text\n\n— a  AAAAAAA=\n".encode(), "signature 1"),
        ("text\n\n— a AAAAAAA= \n".encode(), "signature 1"),
        ("text\n\n— a AAAAAAA\n".encode(), "signature 1"),
        ("text\n\n— a AAAAAAB=\n".encode(), "signature 1"),
        ("text\n\n— a AAAA_AA=\n".encode(), "signature 1"),
        ("text\n\n— a AAAAAA==\n".encode(), "signature 1"),
        ("text\n\n— a \uff21AAAAAA=\n".encode(), "signature 1"),
        ("te\txt\n\n— a AAAAAAA=\n".encode(), "character 2"),
        ("text\r\n\n— a AAAAAAA=\n".encode(), "character 4"),
        (b"te\xffxt\n\n", "byte 2"),
        (b"a" * (MAX_NOTE_BYTES + 1), "size"),
        ("text\n\n" + "— a AAAAAAA=\n" * 17, "signatures"),
    ],
)
def test_a_malformed_note_is_refused_with_the_place(data: bytes | str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        Note.parse(data if isinstance(data, bytes) else data.encode())
    assert (refused.value.code, refused.value.where) == ("note-malformed", where)


def test_a_checkpoint_reads_and_writes_the_same_text() -> None:
    checkpoint = Checkpoint.parse(TEXT)
    assert checkpoint == Checkpoint(
        origin("cn-us-2017", "cn", "us"), 12, leaf_hash(b"a"), 0, EMPTY_ROOT, "2026-03-04T01:02:03.123Z"
    )
    assert checkpoint.encode() == TEXT
    assert read_origin(checkpoint.origin) == ("cn-us-2017", "cn", "us")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("\n12\n", "\n012\n", "size"),
        ("\n12\n", "\n+12\n", "size"),
        ("\n12\n", "\n\uff11\uff12\n", "size"),
        ("\n12\n", "\n99999999999999999\n", "size"),
        ("\n12\n", "\n9007199254740992\n", "root"),
        ("\n12\n", "\n0\n", "root"),
        (f"\n{ROOT}", f"\n{ROOT[:-1]}", "root"),
        (f"\n{ROOT}", "\nAAAA", "root"),
        ("held 0", "held 1 ", "held"),
        ("held 0", "held -1", "held size"),
        ("held 0", "hold 0", "held"),
        (f"0 {NONE}", f"0 {ROOT}", "held root"),
        (f"{NONE}\n", f"{NONE} \n", "held"),
        ("time ", "time  ", "time"),
        ("time ", "tine ", "time"),
        ("123Z", "123+00:00", "time"),
        ("123Z", "12Z", "time"),
        ("03-04T", "02-30T", "time"),
        ("T01:", "T25:", "time"),
        ("comity/", "amity/", "origin"),
        ("cn>us", "CN>us", "origin"),
        ("cn-us-2017", "../x", "origin"),
        ("123Z\n", "123Z\nmore\n", "lines"),
        ("123Z\n", "123Z", "lines"),
    ],
)
def test_a_malformed_checkpoint_is_refused_with_the_place(old: str, new: str, where: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(Refusal) as refused:
        Checkpoint.parse(text)
    assert (refused.value.code, refused.value.where) == ("checkpoint-malformed", where)


def test_what_could_not_be_read_is_never_written() -> None:
    with pytest.raises(Refusal, match="checkpoint-malformed"):
        replace(Checkpoint.parse(TEXT), size=0).encode()
    with pytest.raises(Refusal, match="checkpoint-malformed"):
        origin("a b", "cn", "us")


@given(st.data())
def test_any_changed_character_gives_a_refusal_or_another_canonical_text(data: st.DataObject) -> None:
    whole = Note(TEXT, (Signature("comity/x", b"abcd", b"s" * 64),)).encode()
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(1, 255))
    changed = whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :]
    try:
        note = Note.parse(changed)
        checkpoint = Checkpoint.parse(note.text)
    except Refusal:
        return
    assert note.encode() == changed
    assert checkpoint.encode() == note.text


@given(st.text(), st.binary(min_size=1, max_size=80))
def test_any_bytes_are_a_note_or_a_refusal(text: str, data: bytes) -> None:
    written = text.encode("utf-8", "surrogatepass")
    for each in (written, data, written + b"\n\n" + data):
        with suppress(Refusal):
            assert Note.parse(each).encode() == each
