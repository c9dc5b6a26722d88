"""Codes kept by others: states, nationalities, documents, currencies, units; and lists of one's own."""

from __future__ import annotations

import pytest
from babel import Locale
from babel.numbers import get_currency_precision

from comity.core.text import Refusal, Text
from comity.core.types import (
    Code,
    Codes,
    Count,
    Country,
    Group,
    IdentityDocument,
    Issuer,
    Many,
    Money,
    Nationality,
    Part,
    Phone,
    Quantity,
    ShortText,
    expired,
)
from comity.core.types.code_lists import ALPHA_2, CURRENCIES, MINOR_UNITS, countries, currencies
from tests.core.types.catalogue import FRUIT, PORT


def test_all_states_and_currencies_have_names_in_both_languages() -> None:
    assert len(ALPHA_2) == 249 == len(set(ALPHA_2.values()))
    for listed in (countries(), currencies()):
        for code, words in listed:
            assert words.en != code
            assert words.zh != code
            assert words.zh != words.en
    assert set(ALPHA_2.values()) <= set(Locale.parse("en").territories)


def test_minor_units_are_those_of_iso_4217() -> None:
    # CLDR says what is used in shops, ISO 4217 what is in the standard; only the three-decimal ones must agree.
    assert {code for code, digits in MINOR_UNITS.items() if digits == 3} <= set(CURRENCIES)
    assert get_currency_precision("KWD") == MINOR_UNITS["KWD"]
    assert get_currency_precision("JPY") == MINOR_UNITS["JPY"]


@pytest.mark.parametrize("code", ["XXA", "ZZZ", "CHINA", "United States", "86"])
def test_no_country(code: str) -> None:
    with pytest.raises(Refusal, match="unknown-country"):
        Country().clean(code)


def test_nationalities() -> None:
    assert Nationality().show("XXA", "zh") == "无国籍人（XXA）"
    assert Nationality().compare("XXX", "XXX").result == "unknown"
    assert Nationality().compare("XXA", "XXA").result == "same"
    assert Nationality().compare("XXB", "XXC").result == "close"
    assert Nationality().compare("GBR", "GBN").result == "close"
    assert Nationality().compare("FRA", "XXA").result == "different"
    assert Nationality().personal
    assert not Country().personal
    with pytest.raises(Refusal):
        Nationality().clean("UNO")
    assert Issuer().clean("uno") == "UNO"


PASSPORT = {"kind": "passport", "number": "E12345678", "issuer": "CHN", "expiry": "2025-01-01"}


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({}, "same"),
        ({"number": "e 1234-5678"}, "same"),
        ({"authority": "Consulate"}, "same"),
        ({"number": "E1234567B"}, "close"),
        ({"number": "E12345679"}, "close"),
        ({"expiry": "2026-01-01"}, "close"),
        ({"kind": "travel_document"}, "close"),
        ({"issuer": "UNO"}, "close"),
        ({"number": "G99999999"}, "different"),
        ({"number": "G99999999", "kind": "driving_licence"}, "unknown"),
    ],
)
def test_two_documents(change: dict[str, str], result: str) -> None:
    type_ = IdentityDocument()
    a, b = type_.clean(PASSPORT), type_.clean({**PASSPORT, **change})
    assert type_.compare(a, b).result == type_.compare(b, a).result == result


def test_an_expired_document_is_taken_and_said_to_be_expired() -> None:
    document = IdentityDocument().clean(PASSPORT)
    assert expired(document, "2026-03-04") is True
    assert expired(document, "2025-01-01") is False
    assert expired({"kind": "passport"}, "2025-01-01") is None
    assert "valid until 1 January 2025" in IdentityDocument().show(document, "en")
    assert "有效期至2025年1月1日" in IdentityDocument().show(document, "zh")
    with pytest.raises(Refusal) as refused:
        IdentityDocument().clean({**PASSPORT, "issued": "2025-01-02"})
    assert (refused.value.code, refused.value.where) == ("expiry-before-issue", "expiry")


@pytest.mark.parametrize(
    ("amount", "currency", "clean", "en", "zh"),
    [
        ("12500", "USD", "12500.00", "USD 12,500.00", "12,500.00 美元（USD）"),
        ("1,250.5", "CNY", "1250.50", "CNY 1,250.50", "1,250.50 人民币（CNY）"),
        ("007", "JPY", "7", "JPY 7", "7 日元（JPY）"),
        ("1.5000", "KWD", "1.500", "KWD 1.500", "1.500 科威特第纳尔（KWD）"),
    ],
)
def test_money(amount: str, currency: str, clean: str, en: str, zh: str) -> None:
    value = Money().clean({"amount": amount, "currency": currency})
    assert value == {"amount": clean, "currency": currency}
    assert (Money().show(value, "en"), Money().show(value, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("amount", "currency", "code", "where"),
    [
        ("1.001", "USD", "too-precise", "amount"),
        ("-1", "USD", "bad-amount", "amount"),
        (1.5, "USD", "bad-amount", "amount"),
        ("1e5", "USD", "bad-amount", "amount"),
        ("10,00", "USD", "bad-amount", "amount"),
        ("NaN", "USD", "bad-amount", "amount"),
        ("1" * 19, "USD", "bad-amount", "amount"),
        ("1", "XXX", "unknown-code", "currency"),
        ("1", "", "missing", "currency"),
    ],
)
def test_wrong_money(amount: object, currency: str, code: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        Money().clean({"amount": amount, "currency": currency})
    assert (refused.value.code, refused.value.where) == (code, where)


def test_two_amounts_of_money() -> None:
    def dollars(amount: str) -> dict[str, str]:
        return {"amount": amount, "currency": "USD"}

    assert Money().compare(dollars("100.00"), dollars("100.00")).result == "same"
    assert Money().compare(dollars("100.00"), dollars("99.50")).result == "close"
    assert Money().compare(dollars("100.00"), dollars("90.00")).result == "different"
    assert Money().compare(dollars("100.00"), {"amount": "100.00", "currency": "CNY"}).result == "unknown"


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        (("1.50", "kg"), ("1500", "g"), "same"),
        (("1", "[lb_av]"), ("0.45359237", "kg"), "same"),
        (("1", "kg"), ("1.005", "kg"), "close"),
        (("1", "kg"), ("2", "kg"), "different"),
        (("1", "kg"), ("1", "L"), "unknown"),
        (("20", "{tablet}"), ("20", "{box}"), "unknown"),
        (("999999999999999999", "GBy"), ("999999999999999998.999999999999", "GBy"), "close"),
    ],
)
def test_two_quantities(a: tuple[str, str], b: tuple[str, str], result: str) -> None:
    one, other = (Quantity().clean({"value": value, "unit": unit}) for value, unit in (a, b))
    assert Quantity().compare(one, other).result == Quantity().compare(other, one).result == result


def test_wrong_quantities() -> None:
    for raw, where in (({"value": "-1", "unit": "kg"}, "value"), ({"value": "1", "unit": "stone"}, "unit")):
        with pytest.raises(Refusal) as refused:
            Quantity().clean(raw)
        assert refused.value.where == where
    with pytest.raises(ValueError, match="no such units"):
        Quantity(("stone",))


def test_own_lists() -> None:
    assert Codes(FRUIT).clean(["PLUM", "pear", "apple"]) == ["apple", "pear", "PLUM"]
    assert Codes(FRUIT).compare(["apple"], ["apple", "PLUM"]).result == "close"
    assert Codes(FRUIT).compare(["apple"], ["PLUM"]).result == "different"
    assert Codes(FRUIT).show(["apple", "PLUM"], "zh") == "苹果、李子"
    assert Code(FRUIT).show("gone", "en") == "gone"
    with pytest.raises(Refusal, match="unknown-code"):
        Code(FRUIT).clean("fig")
    for wrong in ((), (FRUIT[0], FRUIT[0])):
        with pytest.raises(ValueError, match="at least one code"):
            Code(wrong)


def test_declarations_that_make_no_sense_are_refused_when_made() -> None:
    part = Part("a", Text("a", "甲"), ShortText())
    with pytest.raises(ValueError, match="each name once"):
        Group((part, part))
    with pytest.raises(ValueError, match="least <= most"):
        Many(ShortText(), most=0)
    with pytest.raises(ValueError, match="least <= most"):
        Count(5, 1)


def test_groups_and_lists_say_where() -> None:
    many = Many(PORT, most=2)
    for raw, code, where in (
        ([{"name": "A"}, {"country": "CHN"}], "missing", "1 / name"),
        ({"0": {"name": "A", "country": "Q"}}, "unknown-country", "0 / country"),
        ([{"name": "A"}] * 3, "too-many", ""),
        ("A", "not-a-list", ""),
    ):
        with pytest.raises(Refusal) as refused:
            many.clean(raw)
        assert (refused.value.code, refused.value.where) == (code, where)
    assert many.clean({"10": {"name": "B"}, "2": {"name": "A"}}) == [{"name": "A"}, {"name": "B"}]
    assert many.personal is False
    assert Many(Phone()).personal is True


def test_two_lists() -> None:
    many = Many(ShortText())
    assert many.compare(["a", "b"], ["b", "a"]).result == "same"
    assert many.compare(["a", "a"], ["a", "b"]).result == "close"
    assert many.compare(["a"], ["a", "b"]).result == "close"
    assert many.compare(["a"], ["b"]).result == "different"
    assert Many(Nationality()).compare(["XXX"], ["XXX"]).result == "unknown"


def test_two_groups() -> None:
    whole, part = {"name": "Ningbo", "country": "CHN"}, {"name": "Ningbo"}
    assert PORT.compare(whole, whole).result == "same"
    assert PORT.compare(whole, part).result == "close"
    assert PORT.compare(whole, {"name": "Oakland", "country": "USA"}).result == "different"
    assert PORT.compare(whole, {"country": "CHN", "name": "Oakland"}).result == "close"
    assert PORT.show(whole, "zh") == "港口：Ningbo；国家：中国（CHN）"
