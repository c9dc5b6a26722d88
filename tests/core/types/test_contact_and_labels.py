"""Addresses, telephones, e-mail; handling and grading."""

from __future__ import annotations

import pytest

from comity.core.text import Refusal
from comity.core.types import (
    Address,
    AttachmentRef,
    Count,
    Email,
    FreeText,
    Grading,
    Handling,
    Phone,
    ShortText,
    YesNo,
)
from tests.core.types.catalogue import HANDLING


@pytest.mark.parametrize(
    "raw", ["13800138000", "+0123456789", "+1234567", "+1234567890123456", "0086138", "+86abc"]
)
def test_wrong_telephones(raw: str) -> None:
    with pytest.raises(Refusal, match="bad-phone"):
        Phone().clean(raw)


def test_telephones() -> None:
    assert Phone().clean("+44 (0)20 7946.0000") == "+442079460000"
    assert Phone().compare("+8613800138000", "+113800138000").result == "close"
    assert Phone().compare("+8613800138000", "+8613800138001").result == "different"


@pytest.mark.parametrize(
    "raw", ["a", "a@b", "@b.org", "a@@b.org", "a b@c.org", "a@b..org", ".a@b.org", "a@-b.org", "a@1.2", "a\u202e@b.org",
            "x" * 65 + "@b.org", "a@b_c.org", "a@" + "b." * 130 + "org"]
)  # fmt: skip
def test_wrong_email(raw: str) -> None:
    with pytest.raises(Refusal):
        Email().clean(raw)


def test_email() -> None:
    assert Email().clean("Li.Ming@Example.ORG") == "Li.Ming@example.org"
    assert Email().compare("li@example.org", "LI@example.org").result == "same"
    assert Email().compare("l.i+x@example.org", "li@example.org").result == "close"
    assert Email().compare("li@example.org", "li@example.com").result == "different"


BEIJING = {
    "country": "CHN",
    "region": "北京市",
    "city": "朝阳区",
    "street": "建国路1号",
    "postcode": "100022",
}


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({}, "same"),
        ({"street": "建国路１号。"}, "same"),
        ({"street": ""}, "close"),
        ({"street": "光华路2号"}, "close"),
        ({"street": "光华路2号", "postcode": "1"}, "close"),
        ({"street": "外滩1号", "city": "黄浦区", "region": "上海市", "postcode": "200002"}, "different"),
        ({"country": "USA"}, "different"),
        ({"region": "Beijing", "city": "Chaoyang", "street": "1 Jianguo Road"}, "unknown"),
    ],
)
def test_two_addresses(change: dict[str, str], result: str) -> None:
    a, b = Address().clean(BEIJING), Address().clean({**BEIJING, **change})
    assert Address().compare(a, b).result == Address().compare(b, a).result == result


def test_addresses_are_shown_in_the_order_of_the_language() -> None:
    assert Address().show(BEIJING, "zh") == "中国（CHN） 北京市 朝阳区 建国路1号（邮编 100022）"
    assert Address().show(BEIJING, "en") == "建国路1号, 朝阳区, 北京市, 100022, China (CHN)"
    with pytest.raises(Refusal, match="no-address"):
        Address().clean({"country": "CHN", "postcode": "100022"})


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"evidence": "yes"}, "handling-contradiction", "evidence"),
        ({"codes": ["H3"]}, "handling-restrictions", "restrictions"),
        ({"restrictions": "Ask"}, "handling-restrictions", "restrictions"),
        ({"until": None}, "missing", "until"),
        ({"tlp": "WHITE"}, "unknown-code", "tlp"),
    ],
)
def test_labels_that_contradict_themselves(change: dict[str, object], code: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        Handling().clean({**HANDLING, **change})
    assert (refused.value.code, refused.value.where) == (code, where)


@pytest.mark.parametrize(
    ("change", "result", "stricter"),
    [
        ({}, "same", True),
        ({"tlp": "RED"}, "close", True),
        ({"until": "2030-01-01"}, "close", True),
        ({"tlp": "GREEN"}, "close", False),
        ({"codes": ["H0", "H1", "H2"]}, "close", True),
        ({"tlp": "RED", "until": "2040-01-01"}, "different", False),
        ({"pap": ""}, "close", False),
    ],
)
def test_which_label_is_stricter(change: dict[str, object], result: str, stricter: bool) -> None:
    type_ = Handling()
    plain, other = type_.clean(HANDLING), type_.clean({**HANDLING, **change})
    assert type_.compare(plain, other).result == result
    assert type_.at_least_as_strict(other, plain) is stricter


def test_grading() -> None:
    assert Grading().clean("x4") == {"source": "X", "information": "4"}
    a1, a2, b2, x4 = (Grading().clean(each) for each in ("A1", "A2", "B2", "X4"))
    assert Grading().compare(a1, a1).result == "same"
    assert Grading().compare(a1, a2).result == "close"
    assert Grading().compare(a1, b2).result == "different"
    assert Grading().compare(b2, x4).result == "different"
    assert Grading().show(a1, "en").startswith("A1; A – ")
    for wrong in ("E1", "A5", "1A", "A"):
        with pytest.raises(Refusal):
            Grading().clean(wrong)


def test_plain_values() -> None:
    assert YesNo().show(False, "zh") == "否"
    assert YesNo().compare(False, False).result == "same"
    assert Count().show(12345, "en") == "12,345"
    assert Count().compare(0, 0).result == "same"
    assert AttachmentRef().compare("ab" * 32, "cd" * 32).result == "different"
    assert ShortText().compare("Li Ming", "LI-MING").result == "close"
    assert ShortText().compare("Li Ming", "Li Wei").result == "different"
    assert FreeText().compare("…", "!").result == "different"
    for wrong in (True, 1.0, "1.0", -1, 10**9 + 1, "9" * 30):
        with pytest.raises(Refusal):
            Count().clean(wrong)
