"""Batches, envelopes and chunks: one form each, limits by name, and no byte changed unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.core.text import Refusal
from comity.crypto import HYBRID, SecretKeys, generate, seal
from comity.crypto.seal import BATCH
from comity.exchange.wire import (
    CHUNK_SIZE,
    MAX_ENTRIES,
    MAX_SEALED,
    Batch,
    Envelope,
    WireEntry,
    decode_batch,
    decode_chunk,
    decode_held,
    encode_batch,
    encode_chunk,
    encode_held,
    fitting,
    open_batch,
    open_chunk,
    open_held,
    read_envelope,
    seal_batch,
    seal_chunk,
    seal_held,
)

KIB = 1024
AGREEMENT = "ab" * 32
ENVELOPE = Envelope("us", "cn", AGREEMENT, HYBRID)
PEERS = {"us": (AGREEMENT,)}

entries = st.builds(
    WireEntry,
    st.binary(min_size=1, max_size=300),
    st.none(),
    st.none(),
    st.booleans(),
) | st.builds(
    WireEntry,
    st.binary(min_size=1, max_size=300),
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=2000),
)
batches = st.builds(
    Batch,
    st.binary(max_size=500),
    st.integers(0, 2**52),
    st.lists(entries, max_size=8).map(tuple),
    st.none() | st.integers(0, 2**52),
)


@cache
def keys(code: str = "cn") -> SecretKeys:
    return generate(code)


def refused(code: str, call: Callable[..., object], *given_to: object, where: str | None = None) -> None:
    with pytest.raises(Refusal) as refusal:
        call(*given_to)
    assert refusal.value.code == code
    assert where is None or refusal.value.where == where


# --- batch -------------------------------------------------------------------------------------------


def test_the_real_bytes_of_a_small_batch() -> None:
    batch = Batch(
        b"note\n", 7, (WireEntry(b"h7"), WireEntry(b"h8", b"s" * 32, b"{}"), WireEntry(b"h9", withheld=True))
    )
    data = encode_batch(batch)
    written = (
        b"comity-batch/1\n"
        b"\0\0\0\5note\n"
        b"\0\0\0\0\0\0\0\7"
        b"\0\0\0\3"
        b"\0\0\0\2h7\0"
        b"\0\0\0\2h8\1" + b"s" * 32 + b"\0\0\0\2{}"
        b"\0\0\0\2h9\2"
        b"\xff\xff\xff\xff\xff\xff\xff\xff"
    )
    assert data == written + bytes(KIB - len(written))
    assert decode_batch(data) == batch


@settings(max_examples=150, deadline=None)
@given(batches)
def test_a_batch_is_read_back_as_it_was_written(batch: Batch) -> None:
    data = encode_batch(batch)
    assert decode_batch(data) == batch
    assert len(data) in (1 * KIB, 4 * KIB, 16 * KIB) or len(data) % (64 * KIB) == 0


@settings(max_examples=300, deadline=None)
@given(batches, st.data())
def test_a_changed_batch_is_refused_or_is_another_batch_in_its_one_form(
    batch: Batch, data: st.DataObject
) -> None:
    whole = bytearray(encode_batch(batch))
    place = data.draw(st.integers(0, min(len(whole) - 1, 400)) | st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    same_or_refused(bytes(whole))
    same_or_refused(bytes(whole[:place]))
    same_or_refused(bytes(whole) + bytes(64 * KIB))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_batch_or_a_refusal(data: bytes) -> None:
    same_or_refused(data)
    same_or_refused(b"comity-batch/1\n" + data)


def same_or_refused(data: bytes) -> None:
    try:
        batch = decode_batch(data)
    except Refusal:
        return
    assert encode_batch(batch) == data


def test_padding_that_is_not_zero_or_not_to_its_bucket_is_refused() -> None:
    data = encode_batch(Batch(b"n", 0))
    refused("batch-malformed", decode_batch, data[:-1] + b"\1", where="padding")
    refused("batch-malformed", decode_batch, data[:-1], where="padding")
    refused("batch-malformed", lambda: decode_batch(data + bytes(3 * KIB)))


def test_lengths_come_in_buckets() -> None:
    for body, bucket in (
        (0, KIB),
        (2000, 4 * KIB),
        (5000, 16 * KIB),
        (60_000, 64 * KIB),
        (70_000, 128 * KIB),
    ):
        assert len(encode_batch(Batch(b"n", 0, (WireEntry(b"h", b"s" * 32, b"b" * body),)))) == bucket


def test_each_limit_has_its_own_answer_on_both_sides() -> None:
    salt = b"s" * 32
    for code, batch in (
        ("too-many-entries", Batch(b"", 0, (WireEntry(b"h"),) * (MAX_ENTRIES + 1))),
        ("header-too-large", Batch(b"", 0, (WireEntry(b"h" * (16 * KIB + 1)),))),
        ("body-too-large", Batch(b"", 0, (WireEntry(b"h", salt, b"b" * (256 * KIB + 1)),))),
        ("batch-too-large", Batch(b"", 0, (WireEntry(b"h", salt, b"b" * 256 * KIB),) * 40)),
        ("batch-malformed", Batch(b"n" * (64 * KIB + 1), 0)),
        ("batch-malformed", Batch(b"", 0, (WireEntry(b""),))),
        ("batch-malformed", Batch(b"", 0, (WireEntry(b"h", salt),))),
        ("batch-malformed", Batch(b"", 0, (WireEntry(b"h", None, b"b"),))),
        ("batch-malformed", Batch(b"", 0, (WireEntry(b"h", salt[1:], b"b"),))),
        ("batch-malformed", Batch(b"", 0, (WireEntry(b"h", salt, b"b", True),))),
        ("batch-malformed", Batch(b"", 2**53 - 1, (WireEntry(b"h"),))),
        ("batch-malformed", Batch(b"", -1)),
        ("batch-malformed", Batch(b"", 0, (), 2**53)),
        ("batch-malformed", Batch(b"", 0, (), -1)),
    ):
        refused(code, encode_batch, batch)


def test_lies_about_lengths_and_counts_are_refused_without_being_believed() -> None:
    good = encode_batch(Batch(b"n", 3, (WireEntry(b"h", b"s" * 32, b"b"),), resend=0))
    at = len(b"comity-batch/1\n")
    count, header, flag, body = at + 13, at + 17, at + 22, at + 55
    for place, value, code, where in (
        (at, b"\xff\xff\xff\xff", "batch-malformed", "checkpoint"),
        (count, b"\xff\xff\xff\xff", "too-many-entries", ""),
        (count, b"\0\0\2\0", "batch-malformed", None),
        (header, b"\xff\xff\xff\xff", "header-too-large", "entry 3"),
        (header, b"\0\0\0\0", "batch-malformed", "entry 3"),
        (flag, b"\3", "batch-malformed", "entry 3"),
        (body, b"\xff\xff\xff\xff", "body-too-large", "entry 3"),
        (body, b"\0\1\0\0", "batch-malformed", "entry 3"),
        (at + 5, b"\xff" * 8, "batch-malformed", "first"),
    ):
        bad = good[:place] + value + good[place + len(value) :]
        refused(code, decode_batch, bad, where=where)
    refused("batch-too-large", lambda: decode_batch(bytes(MAX_SEALED)))


def test_as_many_entries_as_fit_are_taken_and_always_one() -> None:
    small, large = WireEntry(b"h"), WireEntry(b"h" * 16 * KIB, b"s" * 32, b"b" * 256 * KIB)
    assert len(fitting([small] * 600)) == MAX_ENTRIES
    assert fitting([]) == ()
    taken = fitting([large] * 600)
    assert 1 < len(taken) < 40
    assert decode_batch(encode_batch(Batch(b"n" * 64 * KIB, 0, taken))).entries == taken
    refused("batch-too-large", lambda: encode_batch(Batch(b"n" * 64 * KIB, 0, (*taken, large))))


# --- envelope ----------------------------------------------------------------------------------------


def test_the_real_bytes_of_an_envelope() -> None:
    line = ENVELOPE.encode()
    assert line == f'{{"v":1,"from":"us","to":"cn","agreement":"{AGREEMENT}","suite":"{HYBRID}"}}\n'.encode()
    assert Envelope.parse(line) == ENVELOPE
    chunk = replace(ENVELOPE, attachment="cd" * 32, index=8191)
    assert Envelope.parse(chunk.encode()) == chunk
    assert read_envelope(line + b"rest\n") == (ENVELOPE, line, b"rest\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":01'),
        (b'"v":1', b'"v": 1'),
        (b'"v":1', b'"v":1,"v":1'),
        (b'"from":"us"', b'"from":"US"'),
        (b'"from":"us"', b'"from":"u\\u0073"'),
        (b'"from":"us"', b'"from":""'),
        (b'"from":"us"', b'"from":"../us"'),
        (b'"from":"us","to":"cn"', b'"to":"cn","from":"us"'),
        (b"abab", b"ABAB"),
        (b"abab", b"ab"),
        (b'"}\n', b'"} \n'),
        (b'"}\n', b'"}'),
        (b'"}\n', b'"}\r\n'),
        (b'"}\n', b'","index":1}\n'),
        (b'"}\n', b'","attachment":"' + b"cd" * 32 + b'","index":8192}\n'),
        (b'"}\n', b'","attachment":"' + b"cd" * 32 + b'","index":-1}\n'),
        (b'"}\n', b'","note":1}\n'),
    ],
)
def test_there_is_no_second_way_to_write_an_envelope(old: bytes, new: bytes) -> None:
    line = ENVELOPE.encode().replace(old, new)
    assert line != ENVELOPE.encode()
    refused("envelope-malformed", read_envelope, line)


def test_other_versions_endless_lines_and_deep_json_are_refused() -> None:
    refused("envelope-version-unknown", lambda: Envelope.parse(ENVELOPE.encode().replace(b":1,", b":2,", 1)))
    for data in (b"", b"\n", b"[" * 100_000, b"{" * 900 + b"\n", b"\0" * 2000, b"\xff\n"):
        refused("envelope-malformed", read_envelope, data)
    refused("batch-too-large", lambda: read_envelope(bytes(MAX_SEALED + 1)))
    refused("envelope-malformed", lambda: replace(ENVELOPE, sender="U S").encode())
    refused("envelope-malformed", lambda: replace(ENVELOPE, index=3).encode())


# --- sealed ------------------------------------------------------------------------------------------

BATCHED = Batch(b"note\n", 7, (WireEntry(b"header", b"s" * 32, b"body"),), 4)


def test_a_sealed_batch_opens_for_its_addressee() -> None:
    sealed = seal_batch(BATCHED, "us", AGREEMENT, keys().public)
    assert open_batch(sealed, keys(), PEERS) == (ENVELOPE, BATCHED)


def test_who_for_whom_and_under_what_is_checked_before_it_is_opened() -> None:
    """Each ciphertext is rubbish, so opening it would say sealed-unreadable: the check came first."""
    for envelope, code in (
        (replace(ENVELOPE, to="fr"), "wrong-addressee"),
        (replace(ENVELOPE, sender="fr"), "unknown-sender"),
        (replace(ENVELOPE, sender="cn"), "unknown-sender"),
        (replace(ENVELOPE, agreement="00" * 32), "wrong-agreement"),
        (replace(ENVELOPE, suite="rot13"), "suite-unknown"),
        (ENVELOPE, "sealed-unreadable"),
    ):
        sealed = envelope.encode() + b"rubbish"
        refused(code, lambda sealed=sealed: open_batch(sealed, keys(), PEERS))


def test_forwarding_what_was_sealed_for_another_does_not_work() -> None:
    """Surreptitious forwarding: the addressee stands in the line, and the line is bound to the ciphertext."""
    sealed = seal_batch(BATCHED, "us", AGREEMENT, generate("fr").public)
    refused("wrong-addressee", lambda: open_batch(sealed, keys(), PEERS))
    rewritten = sealed.replace(b'"to":"fr"', b'"to":"cn"', 1)
    refused("sealed-unreadable", lambda: open_batch(rewritten, keys(), PEERS))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_byte_changed_or_cut_gives_a_refusal(data: st.DataObject) -> None:
    sealed = _sealed()
    place = data.draw(st.integers(0, 300) | st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[place] ^= data.draw(st.integers(1, 255))
    for bad in (bytes(changed), sealed[:place], sealed[place + 1 :], sealed + b"\0"):
        with pytest.raises(Refusal):
            open_batch(bad, keys(), PEERS)


@cache
def _sealed() -> bytes:
    return seal_batch(BATCHED, "us", AGREEMENT, keys().public)


def test_a_seal_around_rubbish_is_a_refusal_too() -> None:
    for inside in (b"", b"rubbish", bytes(KIB)):
        sealed = seal(BATCH, ENVELOPE.encode(), inside, keys().public)
        refused("batch-malformed", lambda sealed=sealed: open_batch(sealed, keys(), PEERS))


def test_a_chunk_is_not_a_batch_nor_a_list() -> None:
    digest = "cd" * 32
    chunk = seal_chunk((b"p" * 32,), b"bytes", digest, 5, "us", AGREEMENT, keys().public)
    held = seal_held([0, 9], 10, digest, "us", AGREEMENT, keys().public)
    assert open_chunk(chunk, keys(), PEERS)[1:] == ((b"p" * 32,), b"bytes")
    assert open_held(held, keys(), PEERS)[1:] == (frozenset({0, 9}), 10)
    refused("envelope-malformed", lambda: open_batch(chunk, keys(), PEERS))
    refused("envelope-malformed", lambda: open_held(chunk, keys(), PEERS))
    refused("envelope-malformed", lambda: open_chunk(held, keys(), PEERS))
    refused("envelope-malformed", lambda: open_chunk(_sealed(), keys(), PEERS))


# --- chunks ------------------------------------------------------------------------------------------


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=64), st.binary(min_size=1, max_size=500))
def test_a_chunk_is_read_back_as_it_was_written(proof: list[bytes], chunk: bytes) -> None:
    assert decode_chunk(encode_chunk(proof, chunk)) == (tuple(proof), chunk)


@given(st.sets(st.integers(0, 99)), st.integers(100, 200))
def test_a_list_of_held_chunks_is_read_back_as_it_was_written(held: set[int], count: int) -> None:
    assert decode_held(encode_held(held, count)) == (frozenset(held), count)


def test_malformed_chunks_are_refused() -> None:
    for data in (
        b"",
        b"\0\0\0",
        b"\0\0\0\0",
        b"\0\0\0\1" + b"p" * 32,
        b"\0\0\0\x41" + b"p" * 9999,
        b"\xff" * 50,
    ):
        refused("chunk-malformed", decode_chunk, data)
    refused("chunk-malformed", lambda: decode_chunk(bytes(4) + bytes(CHUNK_SIZE + 1)))
    refused("chunk-malformed", lambda: encode_chunk((), b""))
    refused("chunk-malformed", lambda: encode_chunk((b"p",), b"x"))
    good = encode_held([0], 3)
    for data in (b"", good[:-1], good + b"\0", good[:-1] + b"\x08", good.replace(b"/1", b"/2")):
        refused("chunk-malformed", decode_held, data)
    refused("chunk-malformed", lambda: encode_held([3], 3))
    refused(
        "chunk-malformed", lambda: decode_held(b"comity-held/1\n" + (8193).to_bytes(4, "big") + bytes(1025))
    )
