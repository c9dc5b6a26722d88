"""Headers and bodies from anywhere: what is read comes back as it was, what is hostile is named, nothing else is raised."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comity.core.entry import AttachmentItem, Header, body_digest, is_case_id, parse_body
from comity.core.strict_json import canonical_json, strict_json
from comity.core.text import Refusal

RIGHT = Header(
    agreement="a" * 64,
    step="request",
    seen=3,
    time="2026-03-04T05:06:07.008Z",
    case="US-2026-7KQ2-MD4T",
    track="repatriation",
    body="b" * 64,
    attachments=(AttachmentItem("c" * 64, 5, "d" * 64),),
    officer="0123456789abcdef",
    approvals=("fedcba9876543210",),
)
RECEIPT = Header(agreement="a" * 64, step="receipt", seen=9, time="2026-03-04T05:06:07.008Z", root="e" * 64)


@pytest.mark.parametrize("header", [RIGHT, RECEIPT], ids=["step", "receipt"])
def test_a_header_comes_back_as_it_was(header: Header) -> None:
    assert Header.parse(header.encode()) == header


def test_the_bytes_of_a_header_are_fixed() -> None:
    """These bytes are in logs that courts read: a change here is a new version of the format."""
    assert RECEIPT.encode() == (
        b'{"v":1,"agreement":"' + b"a" * 64 + b'","step":"receipt","seen":9,"time":"2026-03-04T05:06:07.008Z","root":"'
        + b"e" * 64 + b'"}'
    )  # fmt: skip


WRONG = {
    "version two": {"v": 2},
    "version true": {"v": True},
    "unknown member": {"extra": 1},
    "seen below zero": {"seen": -1},
    "seen as text": {"seen": "3"},
    "no agreement": {"agreement": None},
    "agreement in capitals": {"agreement": "A" * 64},
    "case with O and I": {"case": "US-2026-OOII-MD4T"},
    "time without milliseconds": {"time": "2026-03-04T05:06:07Z"},
    "time with an offset": {"time": "2026-03-04T05:06:07.008+08:00"},
    "month thirteen": {"time": "2026-13-04T05:06:07.008Z"},
    "officer by name": {"officer": "Alice Smith"},
    "approval twice": {"approvals": ["fedcba9876543210", "fedcba9876543210"]},
    "attachment twice": {"attachments": [{"sha256": "c" * 64, "size": 5, "root": "d" * 64}] * 2},
    "attachment with a name": {
        "attachments": [{"sha256": "c" * 64, "size": 5, "root": "d" * 64, "name": "x"}]
    },
    "step with a newline": {"step": "request\n"},
    "a root outside a receipt": {"root": "e" * 64},
    "no case": {"case": ...},
    "no officer": {"officer": ...},
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_header_that_is_not_as_specified_is_refused(fault: str) -> None:
    members = json.loads(RIGHT.encode()) | WRONG[fault]
    members = {name: value for name, value in members.items() if value is not ...}
    with pytest.raises(Refusal) as caught:
        Header.parse(json.dumps(members).encode())
    assert caught.value.code == "header-malformed"
    assert caught.value.mend is not None


def test_a_receipt_holds_nothing_of_a_case() -> None:
    for extra in (
        {"case": "US-2026-7KQ2-MD4T"},
        {"officer": "0123456789abcdef"},
        {"body": "b" * 64},
        {"root": ...},
    ):
        members = {k: v for k, v in (json.loads(RECEIPT.encode()) | extra).items() if v is not ...}
        with pytest.raises(Refusal, match="header-malformed"):
            Header.parse(json.dumps(members).encode())


HOSTILE = {
    "duplicate keys": (b'{"a":1,"a":2}', "json-duplicate-key"),
    "nested duplicate keys": (b'[{"x":{"a":1,"a":1}}]', "json-duplicate-key"),
    "NaN": (b'{"a":NaN}', "json-number"),
    "Infinity": (b'{"a":-Infinity}', "json-number"),
    "a float": (b'{"a":1.5}', "json-number"),
    "an overflowing float": (b'{"a":1e999}', "json-number"),
    "5,000 digits": (b'{"a":' + b"9" * 5000 + b"}", "json-number"),
    "beyond 2^53": (b"[9007199254740993]", "json-number"),
    "a lone surrogate": (rb'{"a":"\ud800"}', "json-surrogate"),
    "a lone surrogate as a key": (rb'{"\udfff":1}', "json-surrogate"),
    "10,000 deep": (b"[" * 10_000 + b"]" * 10_000, "json-too-deep"),
    "10,000 deep, never closed": (b'{"a":' * 10_000, "json-too-deep"),
    "not UTF-8": (b'{"a":"\xff"}', "json-not-utf8"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "json-malformed"),
    "two values": (b"{}{}", "json-malformed"),
    "nothing": (b"", "json-malformed"),
    "too large": (b'"' + b"x" * 70_000 + b'"', "json-too-large"),
}


@pytest.mark.parametrize("fault", HOSTILE)
def test_hostile_json_is_named(fault: str) -> None:
    data, code = HOSTILE[fault]
    with pytest.raises(Refusal) as caught:
        strict_json(data, max_bytes=65_536)
    assert caught.value.code == code


def test_brackets_inside_text_are_no_depth() -> None:
    assert strict_json(b'{"a":"' + b"[" * 500 + b'"}', max_bytes=1000) == {"a": "[" * 500}


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert strict_json(rb'{"a":"\ud842\udfb7"}', max_bytes=100) == {"a": "𠮷"}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_comity_writes_it_reads_back(value: object) -> None:
    assert strict_json(canonical_json(value), max_bytes=10**6) == value  # type: ignore[arg-type]


@given(st.binary(max_size=200))
@example(b'{"v":1}')
def test_any_bytes_give_a_header_or_a_refusal(data: bytes) -> None:
    for read in (Header.parse, parse_body):
        with contextlib.suppress(Refusal):
            read(data)


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_salt_and_body_do_not_run_together_unnoticed(body: bytes, other: bytes) -> None:
    assert (body_digest(b"\0" * 32, body) == body_digest(b"\0" * 32, other)) == (body == other)


@pytest.mark.parametrize(("text", "right"), [("US-2026-7KQ2-MD4T", True), ("us-2026-7KQ2-MD4T", False),
                                             ("US-2026-7KQ2-MD4T\n", False), ("US-2026-7KQ2", False)])  # fmt: skip
def test_case_ids(text: str, right: bool) -> None:
    assert is_case_id(text) is right
