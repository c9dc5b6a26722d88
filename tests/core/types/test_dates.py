"""Days, instants, and birth dates that may be known in part."""

from __future__ import annotations

import pytest

from comity.core.text import Refusal
from comity.core.types import BirthDate, Date, Moment


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("1985", "1985"),
        ("1985-3", "1985-03"),
        ("1985.03.07", "1985-03-07"),
        ("１９８５年３月７日", "1985-03-07"),
        ("1985年", "1985"),
        ("19850307", "1985-03-07"),
        ("1985-00-00", "1985"),
        ("1984-02-29", "1984-02-29"),
        ({"year": "1985", "month": "", "day": ""}, "1985"),
        ({"year": 1985, "month": 3, "day": None}, "1985-03"),
    ],
)
def test_birth_dates(raw: object, clean: str) -> None:
    assert BirthDate().clean(raw) == clean


@pytest.mark.parametrize(
    ("raw", "code", "where"),
    [
        ("1985-02-30", "not-a-day", ""),
        ("1985-13", "not-a-day", ""),
        ("1985-00-07", "day-without-month", ""),
        ("07/03/1985", "bad-date", ""),
        ("850307", "bad-date", ""),
        ("1785", "year-out-of-range", ""),
        ("0000-01-01", "not-a-day", ""),
        ({"month": "3"}, "missing", "year"),
        ({"year": "1985", "day": "7"}, "day-without-month", ""),
        ({"year": 1985.0}, "bad-date", "year"),
        ({"year": True}, "bad-date", "year"),
        ({}, "missing", ""),
    ],
)
def test_wrong_birth_dates(raw: object, code: str, where: str) -> None:
    with pytest.raises(Refusal) as refused:
        BirthDate().clean(raw)
    assert (refused.value.code, refused.value.where) == (code, where)


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        ("1985-03-07", "1985-03-07", "same"),
        ("1985", "1985", "close"),
        ("1985-03", "1985-03-07", "close"),
        ("1985-03-07", "1985-07-03", "close"),
        ("1985-03-07", "1985-01-01", "close"),
        ("1985-03-07", "1986-03-07", "close"),
        ("1985-03-07", "1985-04-19", "different"),
        ("1985", "1986-03-07", "different"),
        ("1985-03", "1985-04", "different"),
    ],
)
def test_two_birth_dates(a: str, b: str, result: str) -> None:
    assert BirthDate().compare(a, b).result == BirthDate().compare(b, a).result == result


def test_a_date_must_be_whole() -> None:
    with pytest.raises(Refusal, match="incomplete-date"):
        Date().clean("2026-03")


def test_shown() -> None:
    assert BirthDate().show("1985-03-07", "en") == "7 March 1985"
    assert BirthDate().show("1985-03", "en") == "March 1985"
    assert BirthDate().show("1985-03-07", "zh") == "1985年3月7日"
    assert BirthDate().show("1985", "zh") == "1985年"
    assert Moment().show("2026-03-04T07:30:00Z", "en") == "4 March 2026, 07:30 UTC"
    assert Moment().show("2026-03-04T07:30:05.123Z", "zh") == "2026年3月4日 07:30:05.123（协调世界时）"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("2026-03-04 15:30 +08:00", "2026-03-04T07:30:00Z"),
        ("2026-03-04T07:30:05.1239Z", "2026-03-04T07:30:05.123Z"),
        ("2026-03-04t00:00:00-0500", "2026-03-04T05:00:00Z"),
        ("2026-01-01 00:00 +08:00", "2025-12-31T16:00:00Z"),
    ],
)
def test_moments(raw: str, clean: str) -> None:
    assert Moment().clean(raw) == clean


@pytest.mark.parametrize(
    "raw",
    ["2026-03-04T07:30:00", "2026-03-04", "2026-02-30T00:00:00Z", "2026-03-04T24:00:00Z", "2026-03-04T07:30:60Z",
     "2026-03-04T07:30:00+24:00", "2026-03-04T07:30:00+08:60", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59Z"],
)  # fmt: skip
def test_wrong_moments(raw: str) -> None:
    with pytest.raises(Refusal, match="bad-moment"):
        Moment().clean(raw)


def test_two_moments() -> None:
    assert Moment().compare("2026-03-04T07:30:00Z", "2026-03-04T07:30:00.000Z").result == "same"
    assert Moment().compare("2026-03-04T07:30:00Z", "2026-03-04T07:31:00Z").result == "close"
    assert Moment().compare("2026-03-04T07:30:00Z", "2026-03-05T07:30:00Z").result == "different"
