"""Dates, times and durations as both languages write them, in the zones of both authorities."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from comity.core.text import Text
from comity.web import dates

NEW_YEAR = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)


def test_a_day_in_both_languages() -> None:
    assert dates.day(date(2026, 11, 22)) == Text("22 November 2026", "2026年11月22日")


def test_one_moment_is_two_days_at_two_capitals() -> None:
    first, second = (dates.in_zone(NEW_YEAR, zone) for zone in ("America/New_York", "Asia/Shanghai"))
    assert (first.day.en, first.time, first.zone) == (
        "21 November 2026",
        "22:05",
        Text("Eastern Time", "北美东部时间"),
    )
    assert (second.day.en, second.time, second.zone) == (
        "22 November 2026",
        "11:05",
        Text("China Time", "中国时间"),
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(30, "less than a minute"), (60, "1 minute"), (3599, "59 minutes"), (3600, "1 hour"), (172_799, "47 hours"),
     (172_800, "2 days"), (-864_000, "10 days")],
)  # fmt: skip
def test_a_duration_in_the_largest_unit_that_says_enough(seconds: int, said: str) -> None:
    assert dates.lasting(seconds).en == said


def test_days_left_are_days_of_the_calendar_not_of_24_hours() -> None:
    due = datetime(2026, 11, 25, 15, 59, tzinfo=UTC)  # the end of 25 November in Beijing
    assert dates.until(due, NEW_YEAR, "Asia/Shanghai") == Text("3 days", "3 日")
    assert dates.until(due, due - timedelta(hours=5), "Asia/Shanghai").en == "5 hours"
